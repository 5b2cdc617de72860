"""What a supplier's program tells beyond orders: stock and prices, invoices."""

import base64
import binascii
import hashlib
from datetime import datetime, timezone

from odoo import api, fields, models
from odoo.tools import float_compare

from ..api.validate import Problem
from .api_texts import problem_dict

# How a file of a type begins. A document that is something else is not kept under a false name.
BEGINNINGS = {
    "application/pdf": (b"%PDF-",),
    "application/xml": (b"<", b"\xef\xbb\xbf<"),
    "text/xml": (b"<", b"\xef\xbb\xbf<"),
    "image/png": (b"\x89PNG",),
    "image/jpeg": (b"\xff\xd8\xff",),
}


class DropshipExchange(models.Model):
    _inherit = "dropship.exchange"

    @api.model
    def _exchange_kinds(self):
        return [*super()._exchange_kinds(), ("invoice", self.env._("Invoice"))]


class DropshipSupplierApi(models.AbstractModel):
    _inherit = "dropship.supplier.api"

    @api.model
    def _supplier_stock(self, body):
        """Each row is taken or refused on its own."""
        key, now = self._key, fields.Datetime.now()
        as_of = now
        if body.get("as_of"):
            as_of = datetime.fromisoformat(body["as_of"])
            as_of = as_of.astimezone(timezone.utc).replace(tzinfo=None) if as_of.tzinfo else as_of
            as_of = as_of.replace(microsecond=0)
        names = ("sku", "warehouse", "stock", "price", "currency")
        rows = [{**{name: row.get(name) for name in names}, "as_of": as_of} for row in body["rows"]]
        outcomes = self.env["dropship.offer"]._take_figures(key.supplier_id, key.company_id, rows)
        results = [
            {
                "index": index,
                "sku": row["sku"],
                "status": status,
                "errors": [
                    problem_dict(self.env, problem._replace(path=f"rows[{index}].{problem.path}"))
                    for problem in problems
                ],
            }
            for index, (row, (status, problems)) in enumerate(zip(rows, outcomes, strict=True))
        ]
        refused = sum(result["status"] == "refused" for result in results)
        status = 422 if refused == len(results) else 200
        return [
            {"http_status": status, "results": results, "done": len(results) - refused, "refused": refused}
        ]

    @api.model
    def _supplier_invoice(self, body):
        """Keep an invoice and match it with the orders. It posts nothing; a number is taken once."""
        key = self._key
        problems, orders, document = self._invoice_problems(body)
        if problems:
            return self._refused(422, *problems)
        parts = f"invoice {key.company_id.id} {key.supplier_id.id} {''.join(body['number'].split()).upper()}"
        number_key = hashlib.sha256(parts.encode()).hexdigest()
        messages = self.env["dropship.exchange"]
        if known := messages.search([("key", "=", number_key)], limit=1):
            date = fields.Date.to_string(known.create_date)
            return self._refused(409, Problem("number", "invoice_known", {"name": body["number"], "date": date}))
        message = messages.create(
            {
                "direction": "in",
                "kind": "invoice",
                "state": "processed",
                "key": number_key,
                "purchase_id": orders.id if len(orders) == 1 else False,
                "supplier_id": key.supplier_id.id,
                "company_id": key.company_id.id,
                "payload": {name: value for name, value in body.items() if name != "document"},
                "remote_ref": body["number"],
            }
        )
        upload = self.env["dropship.bill.upload"]._receive_message(
            key.supplier_id, key.company_id, body, document, key.display_name
        )
        self._tell_of_invoice(message, orders, body, document, upload)
        facts = upload._desk_facts()
        reasons = [*facts["why"], *(why for line in facts["lines"] for why in line["why"])]
        state = "held" if facts["state"] == "held" else "checking"
        return [{"number": body["number"], "orders": orders.mapped("name"), "state": state, "reasons": reasons}]

    @api.model
    def _invoice_problems(self, body):
        """(what is wrong, the orders, the document's bytes or None)."""
        refs = list(dict.fromkeys(line["ref"] for line in body["lines"]))
        found = {ref: self._order_of(ref) for ref in refs}
        problems = [
            Problem(f"lines[{index}].ref", "no_such_order", {"name": line["ref"]})
            for index, line in enumerate(body["lines"])
            if not found[line["ref"]]
        ]
        parts = body.get("net", 0.0) + body.get("tax", 0.0)
        if {"net", "tax"} <= set(body) and float_compare(parts, body["total"], precision_digits=2):
            problems.append(Problem("total", "sum", {}))
        document = None
        if "document" in body:
            try:
                document = base64.b64decode(body["document"]["content"], validate=True)
            except (ValueError, binascii.Error):
                document = b""
            if not document.startswith(BEGINNINGS[body["document"]["type"]]):
                problems.append(Problem("document", "no_document", {}))
        return problems, self.env["purchase.order"].union(*found.values()), document

    @api.model
    def _tell_of_invoice(self, message, orders, body, document, upload):
        """The document with the message, a note on every order, one thing to do for the buyer unless it fits."""
        attachments = self.env["ir.attachment"]
        if document:
            attachments = attachments.create(
                {
                    "name": body["document"]["name"],
                    "raw": document,
                    "mimetype": body["document"]["type"],
                    "res_model": message._name,
                    "res_id": message.id,
                }
            )
        text = self.env._(
            "%(supplier)s sent invoice %(number)s of %(date)s over %(total)s %(currency)s. Nothing is booked yet.",
            supplier=message.supplier_id.name,
            number=body["number"],
            date=body["date"],
            total=body["total"],
            currency=body["currency"],
        )
        for order in orders:
            copies = attachments and attachments.copy({"res_model": order._name, "res_id": order.id})
            order.message_post(body=text, attachment_ids=copies.ids)
        if upload.state == "entered":
            return
        buyer = message.supplier_id.user_id
        orders[:1].activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Check invoice %s", body["number"]),
            note=text,
            user_id=(buyer or orders[:1].user_id or self.env.user).id,
        )
