"""How a call of the order API is taken: checked, done at most once, answered, and kept when it was refused."""

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.http import request
from odoo.tools import format_datetime

from ..api.rules import fingerprint, status_of
from ..api.validate import BadBody, Problem, check, strict_json
from .api_request import as_text
from .api_texts import problem_dict

MAX_BYTES = 5_000_000
ERRORS_SHOWN = 200


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model
    def api_create_orders(self, **body):
        """Enter orders of a channel; see docs/api.md. Each is accepted or refused on its own."""
        return self.env["dropship.api"]._serve("api_create_orders", body)

    @api.model
    @api.readonly
    def api_read_orders(self, **body):
        """Read orders page by page; see docs/api.md."""
        return self.env["dropship.api"]._serve_reading(body)

    @api.model
    def api_hold_orders(self, **body):
        """Hold orders by hand; see docs/api.md."""
        return self.env["dropship.api"]._serve("api_hold_orders", body)

    @api.model
    def api_release_orders(self, **body):
        """Release held orders; see docs/api.md."""
        return self.env["dropship.api"]._serve("api_release_orders", body)

    @api.model
    def api_cancel_orders(self, **body):
        """Cancel orders; see docs/api.md."""
        return self.env["dropship.api"]._serve("api_cancel_orders", body)


class DropshipApi(models.AbstractModel):
    """Nothing here ever waits: a lock that is taken gives 409 at once, so a burst of repeated calls costs one
    connection for a moment each."""

    _name = "dropship.api"
    _description = "Order API"

    @api.model
    def _clean(self):
        """The caller with nothing of the context he sent but companies, language and time zone."""
        context = self.env.context
        kept = {name: context[name] for name in ("allowed_company_ids", "tz") if context.get(name)}
        kept["lang"] = context.get("lang") or self.env.user.lang or "en_US"
        return self.with_env(self.env(context=kept))

    @api.model
    def _serve(self, method, body):
        """Take a call that changes something.

        :return: over `/json/2` a response with its status, else a dictionary with `http_status`
        """
        self = self._clean()
        self._check_caller(method)
        if refusal := self._refuse_raw(method):
            return refusal
        key, problems = self._key_of(body)
        problems = problems or self._problems(method, body)
        body = {name: value for name, value in body.items() if name != "idempotency_key"}
        body_hash = fingerprint(method, body)
        row_sudo = self.env["dropship.api.request"].sudo()  # nobody writes these rows but this machine
        if any(problem.path == "idempotency_key" for problem in problems):
            key = None
        if key:
            if not self._try_locks([f"key {self.env.company.id} {self.env.uid} {key}"]):
                return self._refuse(409, [Problem("", "busy", {})])
            if old := row_sudo._find(key):
                return self._repeat(old, body_hash)
            row_sudo = row_sudo._begin(method, key, body_hash)
            if not row_sudo:
                return self._refuse(409, [Problem("", "busy", {})])
        if problems:
            return self._refuse_kept(row_sudo, method, body_hash, as_text(body), problems)
        results = self._run(method, body)
        if results is None:
            row_sudo.unlink()
            return self._refuse(409, [Problem("", "busy", {})])
        return self._finish(row_sudo, method, body_hash, body, results)

    @api.model
    def _serve_reading(self, body):
        self = self._clean()
        self._check_caller("api_read_orders")
        problems = self._raw_problems()[1] or self._problems("api_read_orders", body)
        if problems:
            return self._refuse(422, problems)
        page, problem = self._read_orders(body)
        return self._refuse(422, [problem]) if problem else self._reply(200, page)

    # ------------------------------------------------------------------
    # Who calls, and with what
    # ------------------------------------------------------------------

    @api.model
    def _check_caller(self, method):
        if not self.env.user.has_group("dropship_flow.group_dropship_user"):
            raise AccessError(self.env._("The order API needs the right Dropshipping / User."))
        operation = {"api_read_orders": "read", "api_create_orders": "create"}.get(method, "write")
        self.env["sale.order"].check_access(operation)

    @api.model
    def _over_http(self):
        """The request, when the call came by `/json/2`."""
        dispatcher = getattr(request, "dispatcher", None) if request else None
        return request if getattr(dispatcher, "routing_type", "") == "json2" else None

    @api.model
    def _raw_problems(self):
        """(the body as it came, what is wrong with it before anybody reads a field)."""
        call = self._over_http()
        if not call:
            return "", []
        raw = call.httprequest.get_data(as_text=True)
        if len(raw) > MAX_BYTES:
            return "", [Problem("", "too_large", {"limit": MAX_BYTES})]
        try:
            body = strict_json(raw or "{}")
        except BadBody as error:
            return raw, [error.problem]
        except (ValueError, RecursionError) as error:
            return raw, [Problem("", "no_json", {"text": str(error)[:200]})]
        return raw, [] if isinstance(body, dict) else [Problem("", "type", {"wanted": "object"})]

    @api.model
    def _refuse_raw(self, method):
        raw, problems = self._raw_problems()
        if not problems:
            return None
        if not raw:
            return self._refuse(413, problems)
        raw = raw.replace("\x00", "\\u0000")
        rows_sudo = self.env["dropship.api.request"].sudo()
        return self._refuse_kept(rows_sudo, method, fingerprint(method, raw), raw, problems)

    @api.model
    def _key_of(self, body):
        """(the idempotency key of the call or None, what is wrong with it)."""
        call = self._over_http()
        header = call.httprequest.headers.get("Idempotency-Key") if call else None
        told = body.get("idempotency_key")
        if header is None or told == header:
            return (told if isinstance(told, str) else None), []
        if told is not None:
            return None, [Problem("idempotency_key", "key_differs", {})]
        body["idempotency_key"] = header
        return header, []

    @api.model
    def _problems(self, method, body):
        """What is wrong with a body by the schema alone."""
        if not isinstance(body, dict):
            return [Problem("", "type", {"wanted": "object"})]
        return check(method, body)

    @api.model
    def _try_locks(self, names):
        """Take locks until the end of the transaction; False when somebody else has one of them.

        A killed process leaves none behind, and nobody is ever waited for.
        """
        self.env.cr.execute(
            "SELECT bool_and(pg_try_advisory_xact_lock(hashtextextended('dropship.api ' || name, 0)))"
            "  FROM unnest(%s::text[]) AS name",
            [sorted(set(names))],
        )
        return self.env.cr.fetchone()[0] is not False

    # ------------------------------------------------------------------
    # Working and answering
    # ------------------------------------------------------------------

    @api.model
    def _run(self, method, body):
        """Do it.

        :return: one result per order, or None when one of them is being worked on by somebody else
        """
        if method == "api_create_orders":
            return self._create_orders(body["orders"])
        return self._change_orders(method, body)

    @api.model
    def _repeat(self, row_sudo, body_hash):
        """The stored answer of a key, or the refusal of a key that was used for something else."""
        if row_sudo.body_hash != body_hash:
            date = format_datetime(self.env, row_sudo.create_date)
            return self._refuse(422, [Problem("idempotency_key", "key_reused", {"date": date})])
        return self._reply(row_sudo.status, row_sudo.response)

    @api.model
    def _finish(self, row_sudo, method, body_hash, body, results):
        refused = [number for number, result in enumerate(results) if result["status"] == "refused"]
        answer, status = self._answer(results), status_of(results)
        vals = {"state": "done", "status": status, "response": answer}
        if refused:
            vals |= {
                "state": "partly" if len(refused) < len(results) else "rejected",
                "body": as_text(self._left(method, body, refused)),
                "indexes": refused,
                "errors": self._errors_text(results),
            }
        if row_sudo:
            row_sudo.write(vals)
        elif refused:
            row_sudo._keep(method, body_hash, **vals)
        return self._reply(status, answer)

    @api.model
    def _items(self, method):
        """The name of the list in a body of this method; every item has a result of its own. Others may override."""
        return "orders"

    @api.model
    def _left(self, method, body, refused):
        """The body of what was refused: the items at these places."""
        name = self._items(method)
        return {**body, name: [body[name][number] for number in refused]}

    @api.model
    def _refuse_kept(self, row_sudo, method, body_hash, text, problems):
        answer = {"errors": [problem_dict(self.env, problem) for problem in problems]}
        vals = {"state": "rejected", "status": 422, "response": answer, "body": text}
        vals["errors"] = self._sentences(problems)
        if row_sudo:
            row_sudo.write(vals)
        else:
            row_sudo._keep(method, body_hash, **vals)
        return self._reply(422, answer)

    @api.model
    def _refuse(self, status, problems):
        return self._reply(status, {"errors": [problem_dict(self.env, problem) for problem in problems]})

    @api.model
    def _reply(self, status, body):
        call = self._over_http()
        if call:
            headers = {"Retry-After": "2"} if status == 409 else None
            return call.make_json_response(body, headers=headers, status=status)
        return {"http_status": status, **body}

    @api.model
    def _answer(self, results):
        refused = sum(result["status"] == "refused" for result in results)
        return {"results": results, "done": len(results) - refused, "refused": refused}

    @api.model
    def _result(self, index, number, status, problems=(), order=None):
        """What became of one order, as the answer carries it."""
        result = {
            "index": index,
            "number": number,
            "status": status,
            "errors": [problem_dict(self.env, problem) for problem in problems],
        }
        if order:
            result |= {
                "order": order.name,
                "stage": order.dropship_stage or "",
                "waiting": order.dropship_waiting or "",
                "total": order.amount_total,
            }
        return result

    @api.model
    def _sentences(self, problems):
        return self._lines([problem_dict(self.env, problem) for problem in problems])

    @api.model
    def _errors_text(self, results):
        return self._lines([error for result in results for error in result["errors"]])

    @api.model
    def _lines(self, errors):
        return "\n".join(f"{error['path']}: {error['message']}".lstrip(": ") for error in errors[:ERRORS_SHOWN])
