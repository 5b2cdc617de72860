from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..connectors.replies import READERS
from ..models.goods.words import CONDITIONS


class DropshipSupplierWord(models.TransientModel):
    """An agent types what a supplier said about a return or a claim, by phone or in a chat."""

    _name = "dropship.supplier.word"
    _description = "Enter What the Supplier Said"

    side_id = fields.Many2one("dropship.return.side", readonly=True, ondelete="cascade")
    claim_id = fields.Many2one("dropship.claim", readonly=True, ondelete="cascade")
    supplier_id = fields.Many2one("dropship.supplier", readonly=True)
    currency_id = fields.Many2one(related="claim_id.currency_id")
    return_answer = fields.Selection(
        [
            ("approved", "It may come back"),
            ("refused", "It may not come back"),
            ("counted", "So many came"),
            ("inspected", "So many came, in this condition"),
        ],
        string="What He Says",
    )
    claim_answer = fields.Selection(
        [("accepted", "He accepts all of it"), ("partly", "He grants a part"), ("refused", "He refuses")],
        string="His Answer",
    )
    remote_ref = fields.Char(string="His Number")
    reason = fields.Char(string="Why")
    note = fields.Char(string="In His Words")
    amount = fields.Monetary(string="Granted")
    parcel = fields.Char(string="Parcel Opened")
    to_name = fields.Char(string="Recipient")
    to_street = fields.Char(string="Street")
    to_zip = fields.Char(string="Postcode")
    to_city = fields.Char(string="City")
    to_country = fields.Char(string="Country Code", size=2)
    to_phone = fields.Char(string="Phone")
    line_ids = fields.One2many("dropship.supplier.word.line", "wizard_id", string="Goods")

    @api.model
    def _open(self, side=None, claim=None):
        """The form for a return or a claim.

        :raise AccessError: for whoever does not work on cases
        """
        if not self.env.user.has_group("dropship_flow_aftersales.group_aftersales_agent"):
            raise AccessError(self.env._("Only a service agent enters what a supplier said."))
        goods = (side.content or {}).get("lines", []) if side else []
        wizard = self.create(
            {
                "side_id": side.id if side else False,
                "claim_id": claim.id if claim else False,
                "supplier_id": (side or claim).supplier_id.id,
                "line_ids": [
                    Command.create({"key": line["line"], "sku": line["sku"], "asked": line["qty"], "qty": line["qty"]})
                    for line in goods
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What the Supplier Said"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_enter(self):
        """Hand it in; it is treated as if the supplier's own system had said it."""
        self.ensure_one()
        record = self.side_id or self.claim_id
        record.check_access("read")
        about = "return" if self.side_id else "claim"
        try:
            reply = READERS[about](self._raw_return() if self.side_id else self._raw_claim())
        except ValueError as error:
            raise UserError(self.env._("This cannot be taken: %s", error)) from error
        messages_sudo = self.env["dropship.exchange"].sudo()  # whoever works on cases writes down what suppliers say
        message = messages_sudo._put_in(
            reply, f"word {self.id}", self.env["purchase.order"], record.supplier_id, record.company_id
        )
        if message:
            message._process()
        return {"type": "ir.actions.act_window_close"}

    def _raw_return(self):
        address = {
            name: self[f"to_{name}"] for name in ("name", "street", "zip", "city", "country", "phone")
            if self[f"to_{name}"]
        }  # fmt: skip
        goods = self.return_answer in ("counted", "inspected")
        lines = [
            {"line": line.key, "sku": line.sku, "qty": line.qty, "condition": line.condition}
            for line in self.line_ids
            if line.qty or self.return_answer == "counted"
        ]
        return {
            "ref": self.side_id.ref,
            "answer": self.return_answer,
            "remote_ref": self.remote_ref,
            "reason": self.reason,
            "note": self.note,
            "address": address,
            "parcel": self.parcel,
            "lines": lines if goods else [],
        }

    def _raw_claim(self):
        partly = self.claim_answer == "partly"
        return {
            "ref": self.claim_id._supplier_ref(),
            "answer": self.claim_answer,
            "remote_ref": self.remote_ref,
            "reason": self.reason or self.note,
            "amount": f"{self.amount:.{self.currency_id.decimal_places}f}" if partly else None,
        }


class DropshipSupplierWordLine(models.TransientModel):
    _name = "dropship.supplier.word.line"
    _description = "Goods a Supplier Spoke About"

    wizard_id = fields.Many2one("dropship.supplier.word", required=True, ondelete="cascade")
    key = fields.Char(readonly=True)
    sku = fields.Char(string="SKU", readonly=True)
    asked = fields.Float(string="To Come Back", digits="Product Unit", readonly=True)
    qty = fields.Float(string="Came", digits="Product Unit")
    condition = fields.Selection(CONDITIONS)


class DropshipReturnSide(models.Model):
    _inherit = "dropship.return.side"

    def action_supplier_word(self):
        """Enter what he said by phone or in a chat."""
        self.ensure_one()
        return self.env["dropship.supplier.word"]._open(side=self)

    def action_messages(self):
        """All that was said between us about this return."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "dropship.exchange",
            "name": self.env._("Messages"),
            "view_mode": "list,form",
            "domain": [("side_id", "=", self.id)],
        }


class DropshipClaim(models.Model):
    _inherit = "dropship.claim"

    def action_supplier_word(self):
        """Enter what he said by phone or in a chat."""
        self.ensure_one()
        return self.env["dropship.supplier.word"]._open(claim=self)
