"""Cases over the order API: a shop's own system opens them for its customers, reads them and answers offers."""

from functools import partial

from odoo import api, fields, models
from odoo.addons.dropship_flow.api.schema import MAX_LINES, MAX_ORDERS, MAX_READ, TEXT_LIMIT, many, obj, text
from odoo.addons.dropship_flow.api.validate import MAX_PROBLEMS, Problem, validate
from odoo.exceptions import AccessError, UserError

from .board.verbs import AGENT
from .case.words import OUTCOMES

ANSWERS = {"accept": "take", "decline": "decline", "cancel": "cancel"}
KEY = text("Repeats with the same key do nothing twice.", 128, low=1)
CASE_LINE = obj(
    "Pieces of one product of the order. Exactly one of `sku` and `barcode`.",
    ["quantity", "reason"],
    sku=text("Internal reference of the product.", 64, low=1),
    barcode=text("Barcode of the product.", 64, low=1),
    quantity={"type": "number", "exclusiveMinimum": 0, "maximum": 1_000_000, "description": "As on the order."},
    reason=text("Code of a return reason.", 64, low=1),
    note=text("The customer's words.", TEXT_LIMIT),
)
NEW_CASE = obj(
    "What a customer asks about one order.",
    ["number", "lines"],
    number=text("The order: its number here, or with `channel` the channel's.", 128, low=1),
    channel=text("Code of the sales channel.", 64, low=1),
    reference=text("The request's own number at the caller: the same one twice is one case.", 128, low=1),
    lines=many(CASE_LINE, MAX_LINES, "What it is about."),
    wanted={"type": "string", "enum": [code for code, _word in OUTCOMES], "description": "What he would like."},
    note=text("The customer's words.", TEXT_LIMIT),
)
ANSWER = obj(
    "The customer's answer to the open offer of a case.",
    ["number", "answer"],
    number=text("Number of the case.", 64, low=1),
    answer={"type": "string", "enum": list(ANSWERS), "description": "`cancel` calls the whole request off."},
    note=text("The customer's words.", TEXT_LIMIT),
)
CASE_REQUESTS = {
    "api_open_cases": obj("", ["orders"], orders=many(NEW_CASE, MAX_ORDERS, "Requests."), idempotency_key=KEY),
    "api_answer_cases": obj("", ["orders"], orders=many(ANSWER, MAX_ORDERS, "Answers."), idempotency_key=KEY),
    "api_read_cases": obj(
        "",
        ["numbers"],
        numbers=many(text("Number of a case, or of an order here.", 128, low=1), MAX_READ, "Which."),
    ),
}
DONE = {"api_open_cases": "opened", "api_answer_cases": "answered"}


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    @api.model
    def api_open_cases(self, **body):
        """Open cases for customers; see docs/api.md. Each is accepted or refused on its own."""
        return self.env["dropship.api"]._serve("api_open_cases", body)

    @api.model
    def api_answer_cases(self, **body):
        """Answer open offers as the customer; see docs/api.md."""
        return self.env["dropship.api"]._serve("api_answer_cases", body)

    @api.model
    def api_read_cases(self, **body):
        """Read cases; see docs/api.md."""
        return self.env["dropship.api"]._serve_cases(body)

    def _api_case(self):
        """The case as a caller reads it: what its customer may know, with plain figures."""
        self.ensure_one()
        offer = self.offer_id
        waits = offer and offer.by not in ("customer", "guest")
        return {
            "case": self.name,
            "orders": self.sudo().order_ids.mapped("name"),
            "state": self.state,
            "stage": self.stage,
            "acceptance": self.acceptance,
            "reception": self.reception,
            "waits_for": self.due_by or "",
            "offers": [
                {
                    "kind": card["kind"],
                    "title": card["title"],
                    "verdict": card["verdict"],
                    "amount": float(card["amount"] or 0),
                    "why": card["why"],
                }
                for card in self._offers_for_customer()
            ],
            "offer": self._api_offer(offer) if waits else None,
            "currency": self.currency_id.name,
            "page": self._page_url(),
            "closed_at": fields.Datetime.to_string(self.closed_at) if self.closed_at else "",
        }

    def _api_offer(self, event):
        offer = event._offer_of(event.offer)
        quote = self._quote(offer)
        return {
            "kind": offer.kind,
            "amount": float(offer.amount if offer.amount is not None else quote["money"] + quote["by_person"]),
            "until": fields.Datetime.to_string(offer.until) if offer.until else "",
            "words": event.text or "",
        }


class DropshipApi(models.AbstractModel):
    _inherit = "dropship.api"

    @api.model
    def _problems(self, method, body):
        """Override: cases have a schema of their own."""
        if method not in CASE_REQUESTS:
            return super()._problems(method, body)
        return validate(body, CASE_REQUESTS[method])[:MAX_PROBLEMS]

    @api.model
    def _check_caller(self, method):
        """Override: cases are the service agents'."""
        if method not in CASE_REQUESTS:
            return super()._check_caller(method)
        if not self.env.user.has_group(AGENT):
            raise AccessError(self.env._("This needs the right Dropship After-sales / Service Agent."))
        return None

    @api.model
    def _run(self, method, body):
        """Override: each request and each answer on its own.

        :return: as of the order API; None when somebody works on one of the orders
        """
        if method not in CASE_REQUESTS:
            return super()._run(method, body)
        if method == "api_open_cases":
            orders = self._find_orders(body["orders"])
            if not self._lock_orders(self.env["sale.order"].union(*orders)):
                return None
            work = [partial(self._open_case, row, order) for row, order in zip(body["orders"], orders, strict=True)]
        else:
            work = [partial(self._answer_case, row) for row in body["orders"]]
        results = []
        for index, (row, step) in enumerate(zip(body["orders"], work, strict=True)):
            made = []
            problem = self._one(partial(step, f"orders[{index}]", made), f"orders[{index}]")
            status = "refused" if problem else DONE[method]
            result = self._result(index, row["number"], status, [problem] if problem else [])
            results.append(result | (made[0]._api_case() if made and not problem else {}))
        return results

    @api.model
    def _serve_cases(self, body):
        self = self._clean()
        self._check_caller("api_read_cases")
        problems = self._raw_problems()[1] or self._problems("api_read_cases", body)
        if problems:
            return self._refuse(422, problems)
        names = body["numbers"]
        domain = ["|", ("name", "in", names), ("line_ids.order_id.name", "in", names)]
        cases = self.env["dropship.return"].search([("company_id", "in", self.env.companies.ids), *domain], limit=500)
        return self._reply(200, {"cases": [case._api_case() for case in cases.sorted("id")]})

    # ------------------------------------------------------------------
    # One request, one answer
    # ------------------------------------------------------------------

    @api.model
    def _open_case(self, row, order, path, made):
        """:return: the problem; `made` gets the case"""
        if not order:
            return Problem(f"{path}.number", "no_order", {"name": row["number"]})
        lines = []
        for place, told in enumerate(row["lines"]):
            line, problem = self._case_line(told, order, f"{path}.lines[{place}]")
            if problem:
                return problem
            lines.append({**line, "wanted": row.get("wanted", "")})
        order_sudo = order.sudo()  # cases are written by the machine; the caller may open them
        key = f"api {self.env.uid} {row['reference']}" if "reference" in row else None
        lines = [{**line, "order_line": line["order_line"].sudo()} for line in lines]
        cases_sudo = self.env["dropship.return"].sudo()
        case = cases_sudo._open(order_sudo, lines, "customer", origin="api", note=row.get("note"), key=key)
        made.append(case.with_env(self.env))
        return None

    @api.model
    def _case_line(self, told, order, path):
        """(the line as `_open` reads it, or what is wrong with it)."""
        if ("sku" in told) == ("barcode" in told):
            return None, Problem(path, "sku_or_barcode", {})
        name, field = (told["sku"], "default_code") if "sku" in told else (told["barcode"], "barcode")
        line = order.order_line.filtered(lambda row: not row.display_type and row.product_id[field] == name)[:1]
        if not line:
            return None, Problem(path, "product", {"name": name})
        domain = [("code", "=", told["reason"]), ("child_ids", "=", False)]
        reason = self.env["dropship.return.reason"].search(
            [*domain, ("company_id", "in", [False, order.company_id.id])], limit=1
        )
        if not reason:
            return None, Problem(
                f"{path}.reason", "refused", {"text": self.env._('There is no reason "%s".', told["reason"])}
            )
        return {"order_line": line, "qty": told["quantity"], "reason": reason, "note": told.get("note")}, None

    @api.model
    def _answer_case(self, row, path, made):
        case = self.env["dropship.return"].search(
            [("name", "=", row["number"]), ("company_id", "in", self.env.companies.ids)], limit=1
        )
        if not case:
            text_ = self.env._('There is no case "%s".', row["number"])
            return Problem(f"{path}.number", "refused", {"text": text_})
        case_sudo = case.sudo()  # what happens in a case is written by the machine
        code = ANSWERS[row["answer"]]
        about = {"about": case_sudo.offer_id} if code != "cancel" else {}
        if code != "cancel" and not case_sudo.offer_id:
            raise UserError(self.env._("There is no such offer."))
        case_sudo._record(code, "customer", text=row.get("note", ""), **about)
        made.append(case)
        return None
