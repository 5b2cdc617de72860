"""What a supplier sees of his bills, and what he may bill."""


from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date, format_datetime

from ..bill_files import template
from .bill_text import supplier_reason

MAX_ROWS = 5_000


class DropshipBillUpload(models.Model):
    _inherit = "dropship.bill.upload"

    def _desk_rows(self):
        """What the list shows of each bill: never anything of a sale."""
        rows = []
        for upload in self:
            rows.append(
                {
                    "id": upload.id,
                    "number": upload.number or upload.name,
                    "kind": upload.kind,
                    "state": upload._desk_state(),
                    "date": format_date(self.env, upload.date) if upload.date else "",
                    "received": format_datetime(self.env, upload.create_date, dt_format="short"),
                    "total": upload.currency_id.format(upload.total) if upload.currency_id and upload.total else "",
                    "orders": upload.purchase_ids.mapped("name")[:3],
                    "more": max(len(upload.purchase_ids) - 3, 0),
                    "why": upload._desk_reasons()[:2],
                    **upload._desk_payment(),
                }
            )
        return rows

    def _desk_state(self):
        """held, checking, payable, paid or rejected: what the supplier needs to know."""
        if self.state == "rejected":
            return "rejected"
        if self.state in ("held", "received", "read"):
            return "held"
        move = self.move_id
        if not move or move.state != "posted":
            return "checking"
        return "paid" if move.payment_state in ("paid", "reversed") else "payable"

    def _desk_reasons(self):
        """Why, in his words; lines without one are in order."""
        found = [supplier_reason(self.env, code, params) for code, params in self.reasons or []]
        return list(dict.fromkeys(found))

    def _desk_payment(self):
        """When it is payable and what was paid: {due, paid: [(day, amount)], open}."""
        move = self.move_id
        if not move or move.state != "posted":
            return {"due": "", "paid": [], "open": ""}
        on = move.dropship_payable_on
        paid = []
        for part in move._get_all_reconciled_invoice_partials():
            counter = part["aml"]
            if not part.get("is_exchange"):
                paid.append((format_date(self.env, counter.date), move.currency_id.format(abs(part["amount"]))))
        due = on or move.invoice_date_due
        return {
            "due": format_date(self.env, due) if due and move.payment_state not in ("paid", "reversed") else "",
            "paid": paid,
            "open": ""
            if move.currency_id.is_zero(move.amount_residual)
            else move.currency_id.format(move.amount_residual),
        }

    def _desk_facts(self):
        """All the page of one bill shows."""
        self.ensure_one()
        money = self.currency_id.format if self.currency_id else (lambda amount: f"{amount:.2f}")
        return {
            **self._desk_rows()[0],
            "name": self.name,
            "why": self._desk_reasons(),
            "rejected": self.reject_reason or "",
            "net": money(self.net) if self.net else "",
            "tax": money(self.tax) if self.tax else "",
            "typed": self.typed or {},
            "can_correct": self.state in ("held", "differs"),
            "stamp": self._desk_stamp(),
            "lines": [self._desk_line(line, money) for line in self.line_ids[:500]],
            "hidden": max(len(self.line_ids) - 500, 0),
        }

    def _desk_line(self, line, money):
        kinds = dict(line._charges())
        return {
            "id": line.id,
            "charge": kinds.get(line.charge, ""),
            "sku": line.sku or "",
            "name": line.name or "",
            "order": line.purchase_id.name or line.ref or "",
            "qty": f"{line.quantity:g}" if line.quantity else "",
            "price": money(line.price) if line.price else "",
            "amount": money(line.amount),
            "state": line.state,
            "why": [supplier_reason(self.env, code, params) for code, params in line.reasons or []],
            "comment": line.comment or "",
            "comment_on": format_datetime(self.env, line.comment_on, dt_format="short") if line.comment_on else "",
            "answer": line.answer or "",
        }

    def _desk_stamp(self):
        """What the page showed, in short."""
        return f"{self.turn}-{self.state}"

    # ------------------------------------------------------------------
    # What may be billed
    # ------------------------------------------------------------------

    @api.model
    def _desk_template(self, supplier, company, lang):
        """(file name, content) of a sheet with what left and is not billed yet."""
        uploads_sudo = self.sudo().new({"supplier_id": supplier.id, "company_id": company.id})
        rows, currency = uploads_sudo._open_rows()
        content = template.write(rows, currency, lang or "en_US")
        return self.env._("bill.xlsx"), content

    def _open_rows(self):
        """(rows of the template, the currency they are in): the currency most of them have."""
        domain = Domain("order_id", "any", self._purchase_domain() & Domain("dropship_is_test", "=", False))
        domain &= Domain("qty_received", ">", 0) & Domain("display_type", "=", False)
        lines = self.env["purchase.order.line"].search(domain, order="order_id, id", limit=4 * MAX_ROWS)
        billed = self._billed(lines)
        open_lines = lines.filtered(lambda line: line.qty_received - billed[line.id] > 1e-6)[:MAX_ROWS]
        by_currency = open_lines.grouped("currency_id")
        if not by_currency:
            return [], self.supplier_id.currency_id.name
        currency, open_lines = max(by_currency.items(), key=lambda pair: len(pair[1]))
        self.currency_id = currency
        bought = {row.key: row for row in self._bought(open_lines.order_id)}
        rows, due = [], self._expected(open_lines.order_id)
        for order, own in open_lines.grouped("order_id").items():
            for line in own:
                row, offer = bought[str(line.id)], line.dropship_allocation_ids.offer_id[:1]
                left = row.shipped - row.billed
                rows.append(
                    {
                        "key": f"{order.name}:{line.id}",
                        "ref": order.name,
                        "sku": row.sku,
                        "name": offer.name or line.product_id.display_name,
                        "qty": left,
                        "price": row.price,
                        "amount": currency.round(float(left * row.price)),
                    }
                )
            for kind in ("freight", "fee"):
                amount = currency.round(due[order, kind])
                if amount:
                    rows.append({"charge": kind, "ref": order.name, "amount": amount})
        return rows, currency.name


class DropshipSupplier(models.Model):
    _inherit = "dropship.supplier"

    def _desk_bills(self, companies):
        """The bills these suppliers handed in for these companies."""
        domain = [("supplier_id", "in", self.ids), ("company_id", "in", companies.ids)]
        return self.env["dropship.bill.upload"].sudo().search(domain)  # his page is his right to see his own
