"""How a call of a supplier's program is taken: the key first, then the body, done at most once.

The keys of repeated calls and the stored answers are those of the order API (`api_call.py`, `api_request.py`).
"""

import logging

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.http import request
from psycopg2 import OperationalError

from ..api.supplier_schema import REQUESTS
from ..api.validate import MAX_PROBLEMS, BadBody, Problem, is_text, strict_json, validate
from .api_call import MAX_BYTES
from .api_texts import SENTENCES, problem_dict
from .supplier_api_texts import SUPPLIER_SENTENCES

_logger = logging.getLogger(__name__)

SENTENCES.update(SUPPLIER_SENTENCES)
SCOPE_OF = {
    "supplier_orders": "orders",
    "supplier_order": "orders",
    "supplier_acknowledge": "orders",
    "supplier_ship": "ship",
    "supplier_stock": "stock",
    "supplier_invoice": "invoice",
}
# Calls that only read; they need no key of their own.
READING = {"supplier_orders", "supplier_order"}


class DropshipSupplierApi(models.AbstractModel):
    _name = "dropship.supplier.api"
    _inherit = ["dropship.api"]
    _description = "API for Suppliers"

    @api.model
    def _enter(self, method, ref=None, args=None):
        """Take one call of a supplier's program, as the system's own user; nothing is stored before the key is good.

        :param str method: a key of SCOPE_OF
        :param str ref: the order in the address of the call
        :param dict args: the question of a GET
        :return: a response
        """
        key_sudo, refusal = self._check_key(SCOPE_OF[method])
        if refusal:
            return refusal
        self = self._for_key(key_sudo)
        try:
            with self.env.cr.savepoint():
                if method in READING:
                    return self._read(method, ref, args or {})
                if request.httprequest.content_length and request.httprequest.content_length > MAX_BYTES:
                    return self._refuse(413, [Problem("", "too_large", {"limit": MAX_BYTES})])
                return self._serve(method, self._body(ref))
        except (OperationalError, ConcurrencyError):  # Odoo repeats the whole call
            raise
        except UserError as error:
            return self._refuse(422, [Problem("", "refused", {"text": str(error)})])
        except Exception:
            _logger.exception("A call of a supplier failed: %s", method)
            return self._refuse(500, [Problem("", "failed_here", {})])

    # ------------------------------------------------------------------
    # Who calls
    # ------------------------------------------------------------------

    @api.model
    def _check_key(self, scope):
        """(the key, None), or (None, the refusal)."""
        word, _blank, text = request.httprequest.headers.get("Authorization", "").partition(" ")
        key_sudo = self.env["dropship.supplier.key"]
        key_sudo = key_sudo._find_by_text(text.strip()) if word.lower() == "bearer" else key_sudo.browse()
        if not key_sudo or key_sudo.state != "active":
            code = {"expired": "key_expired", "revoked": "key_revoked"}.get(key_sudo.state, "key_unknown")
            return None, self._refuse(401, [Problem("", code, {})])
        supplier = key_sudo.supplier_id
        if supplier.blocked or not supplier.active or supplier.state == "ended" or not key_sudo[f"scope_{scope}"]:
            return None, self._refuse(403, [Problem("", "key_scope", {"name": scope})])
        if wait := key_sudo._use():
            refusal = self._refuse(429, [Problem("", "too_many", {"seconds": wait})])
            refusal.headers["Retry-After"] = str(wait)
            return None, refusal
        return key_sudo, None

    @api.model
    def _for_key(self, key_sudo):
        """This model as the key sees the world: its company, its supplier's language."""
        lang = key_sudo.supplier_id.partner_id.lang or "en_US"
        context = {"allowed_company_ids": key_sudo.company_id.ids, "lang": lang, "dropship_supplier_key": key_sudo.id}
        return self.with_env(self.env(context=context))

    @property
    def _key(self):
        return self.env["dropship.supplier.key"].browse(self.env.context["dropship_supplier_key"])

    @api.model
    def _clean(self):
        """Override: the context is our own already."""
        return self

    @api.model
    def _check_caller(self, method):
        """Override: the key was checked before."""

    @api.model
    def _over_http(self):
        """Override: always."""
        return request

    # ------------------------------------------------------------------
    # With what
    # ------------------------------------------------------------------

    @api.model
    def _body(self, ref):
        """The body with the order it is about; what is no object is refused later, by `_raw_problems`."""
        try:
            body = strict_json(request.httprequest.get_data(as_text=True) or "{}")
        except (BadBody, ValueError, RecursionError):
            return {}
        if not isinstance(body, dict):
            return {}
        if ref is not None:
            body.setdefault("ref", ref)
        return body | ({"ref_of_path": ref} if ref is not None else {})

    @api.model
    def _problems(self, method, body):
        told = {name: value for name, value in body.items() if name != "ref_of_path"}
        problems = validate(told, REQUESTS[method])[:MAX_PROBLEMS]
        if not problems and "ref_of_path" in body and body["ref"] != body["ref_of_path"]:
            problems = [Problem("ref", "other_ref", {"name": body["ref_of_path"]})]
        return problems

    @api.model
    def _key_of(self, body):
        """Override: a header is needed; keys of different suppliers never meet."""
        told = request.httprequest.headers.get("Idempotency-Key", "")
        if not told:
            return None, [Problem("idempotency_key", "required", {"name": "Idempotency-Key"})]
        if len(told) > 128:
            return None, [Problem("idempotency_key", "maxLength", {"limit": 128, "have": len(told)})]
        if not is_text(told) or not told.isascii() or not told.isprintable() or " " in told:
            return None, [Problem("idempotency_key", "pattern", {})]
        return f"supplier key {self._key.id}: {told}", []

    @api.model
    def _refuse_kept(self, row_sudo, method, body_hash, text, problems):
        """Override: the answer is kept under its key, the body is not."""
        answer = {"errors": [problem_dict(self.env, problem) for problem in problems]}
        if row_sudo:
            errors = self._lines(answer["errors"])
            row_sudo.write({"state": "rejected", "status": 422, "response": answer, "errors": errors})
        return self._reply(422, answer)

    @api.model
    def _repeat(self, row_sudo, body_hash):
        """Override: a key that was used for something else is a conflict."""
        if row_sudo.body_hash != body_hash:
            date = fields.Datetime.to_string(row_sudo.create_date)
            return self._refuse(409, [Problem("idempotency_key", "key_reused", {"date": f"{date} UTC"})])
        return self._reply(row_sudo.status, row_sudo.response)

    # ------------------------------------------------------------------
    # Working and answering
    # ------------------------------------------------------------------

    @api.model
    def _run(self, method, body):
        """Override: one result, {"http_status", …}; None when the order is being worked on."""
        try:
            with self.env.cr.savepoint():
                return getattr(self, f"_{method}")({name: body[name] for name in body if name != "ref_of_path"})
        except UserError as error:
            return self._refused(422, Problem("", "refused", {"text": str(error)}))

    @api.model
    def _refused(self, status, *problems):
        return [{"http_status": status, "errors": [problem_dict(self.env, problem) for problem in problems]}]

    @api.model
    def _finish(self, row_sudo, method, body_hash, body, results):
        (result,) = results
        status = result.pop("http_status", 200)
        vals = {"state": "done" if status < 400 else "rejected", "status": status, "response": result}
        row_sudo.write(vals | {"errors": self._lines(result.get("errors", []))})
        return self._reply(status, result)

    @api.model
    def _reply(self, status, body):
        headers = {"Cache-Control": "no-store"}
        if status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        if status == 409:
            headers["Retry-After"] = "2"
        if body.get("revision"):
            headers["ETag"] = f'"{body["revision"]}"'
        return request.make_json_response(body, headers=headers, status=status)


class DropshipApiRequest(models.Model):
    _inherit = "dropship.api.request"

    def action_repeat(self):
        """Override: what a supplier's program sent is his to correct."""
        if self.filtered(lambda row: row.method in SCOPE_OF):
            raise UserError(self.env._("A supplier's call is corrected and repeated by the supplier."))
        return super().action_repeat()
