import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..bill_files import paper


class DropshipBillHandIn(models.TransientModel):
    """A bill that came on paper, by mail or from a portal: handed in by us."""

    _name = "dropship.bill.hand.in"
    _description = "Upload a Bill"

    supplier_id = fields.Many2one("dropship.supplier", required=True, check_company=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    content = fields.Binary(string="File", required=True, help="PDF, UBL (XML), XLSX or CSV, 10 MB.")
    name = fields.Char(string="File Name")
    kind = fields.Selection([("invoice", "Bill"), ("credit", "Credit note")])
    number = fields.Char()
    date = fields.Date()
    due = fields.Date()
    currency_id = fields.Many2one("res.currency")
    total = fields.Float(help="What is to be paid, with tax.")
    purchase_ids = fields.Many2many(
        "purchase.order", "dropship_bill_hand_in_purchase_rel", string="Purchases",
        domain="[('dropship_warehouse_id.supplier_id', '=', supplier_id), ('state', 'in', ('sent', 'purchase'))]",
    )  # fmt: skip

    def action_apply(self):
        self.ensure_one()
        uploads = self.env["dropship.bill.upload"]
        uploads._check_may()
        self.supplier_id.check_access("read")
        if self.company_id not in self.env.companies:
            raise UserError(self.env._("Choose a company you work for."))
        typed = {
            "kind": self.kind or "",
            "number": self.number or "",
            "date": self.date and self.date.isoformat(),
            "due": self.due and self.due.isoformat(),
            "currency": self.currency_id.name,
            "total": f"{self.total:.6f}".rstrip("0").rstrip(".") if self.total else "",
            "orders": ", ".join(self.purchase_ids.mapped("name")),
        }
        content = base64.b64decode(self.with_context(bin_size=False).content or b"")
        upload, _new = uploads._receive(self.supplier_id, self.company_id, self.name, content, paper.typed(typed))
        return {
            "type": "ir.actions.act_window",
            "res_model": upload._name,
            "res_id": upload.id,
            "view_mode": "form",
        }


class DropshipBillFix(models.TransientModel):
    """Which line of a purchase a line of a bill means, or what it charges for."""

    _name = "dropship.bill.fix"
    _description = "Say What a Line Is About"

    line_id = fields.Many2one("dropship.bill.upload.line", required=True, ondelete="cascade")
    upload_id = fields.Many2one(related="line_id.upload_id")
    supplier_id = fields.Many2one(related="upload_id.supplier_id")
    company_id = fields.Many2one(related="upload_id.company_id")
    sku = fields.Char(related="line_id.sku")
    description = fields.Char(related="line_id.name")
    quantity = fields.Float(related="line_id.quantity")
    purchase_line_id = fields.Many2one(
        "purchase.order.line", string="Line of a Purchase",
        domain="[('order_id.dropship_warehouse_id.supplier_id', '=', supplier_id), ('company_id', '=', company_id), "
        "('order_id.state', 'in', ('sent', 'purchase')), ('display_type', '=', False)]",
    )  # fmt: skip

    def action_apply(self):
        self.ensure_one()
        upload = self.line_id.upload_id
        upload._check_may()
        if not self.purchase_line_id:
            raise UserError(self.env._("Say which line of a purchase is meant."))
        self.purchase_line_id.check_access("read")
        line_sudo, upload_sudo = self.line_id.sudo(), upload.sudo()
        allowed = upload_sudo._purchase_domain()
        if not self.purchase_line_id.order_id.filtered_domain(allowed):
            raise UserError(self.env._("This purchase is of another supplier or another company."))
        if upload_sudo.state not in ("held", "differs", "matched"):
            raise UserError(self.env._("The bill is entered: correct it there."))
        line_sudo.write({"purchase_line_id": self.purchase_line_id.id, "fixed": True})
        return upload.action_read_again()


class DropshipBillSay(models.TransientModel):
    """A word to the supplier: why his bill is rejected, or the answer to what he says."""

    _name = "dropship.bill.say"
    _description = "Tell the Supplier"

    upload_id = fields.Many2one("dropship.bill.upload", required=True, ondelete="cascade")
    line_id = fields.Many2one("dropship.bill.upload.line", ondelete="cascade")
    what = fields.Selection([("reject", "Reject"), ("answer", "Answer")], required=True)
    comment = fields.Text(related="line_id.comment")
    text = fields.Text(required=True)

    @api.model
    def _ask(self, upload, what, line=None):
        titles = {"reject": self.env._("Reject the Bill"), "answer": self.env._("Answer the Supplier")}
        return {
            "type": "ir.actions.act_window",
            "name": titles[what],
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_upload_id": upload.ensure_one().id,
                "default_what": what,
                "default_line_id": line.id if line else False,
            },
        }

    def action_apply(self):
        self.ensure_one()
        self.upload_id._check_may(deciding=self.what == "reject")
        if self.what == "reject":
            self.upload_id.sudo()._reject(self.text.strip()[:2000])
        else:
            self.line_id.sudo()._answer(self.text.strip()[:2000])
        return True
