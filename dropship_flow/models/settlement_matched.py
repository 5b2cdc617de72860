"""What reconciliation means for statements and claims, and what a payment of a statement tells the bank."""

from odoo import api, fields, models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    dropship_settlement_id = fields.Many2one(
        "dropship.settlement",
        string="Supplier's Statement",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        groups="base.group_user",
    )

    @api.model
    def _dropship_list_columns(self):
        """[(heading, field)] of a payment list for the bank."""
        return [
            (self.env._("Recipient"), "recipient"),
            (self.env._("Bank account"), "account"),
            (self.env._("BIC / SWIFT"), "bic"),
            (self.env._("Bank"), "bank"),
            (self.env._("Amount"), "value"),
            (self.env._("Currency"), "currency"),
            (self.env._("Reference"), "reference"),
            (self.env._("Date"), "day"),
        ]

    def _dropship_list_rows(self):
        """One row per payment."""
        return [
            {
                "recipient": payment.partner_bank_id.acc_holder_name or payment.partner_id.name,
                "account": payment.partner_bank_id.acc_number or "",
                "bic": payment.partner_bank_id.bank_bic or "",
                "bank": payment.partner_bank_id.bank_name or "",
                "value": f"{payment.amount:.{payment.currency_id.decimal_places}f}",
                "currency": payment.currency_id.name,
                "reference": payment.memo or payment.name,
                "day": fields.Date.to_string(payment.date),
            }
            for payment in self
        ]


class AccountMove(models.Model):
    _inherit = "account.move"

    def _dropship_settled(self):
        """Something was matched or taken apart: statements become paid or open, claims are paid with their credit."""
        if not self:
            return
        lines_sudo = self.env["dropship.settlement.line"].sudo()  # whoever matches need not see statements
        lines = lines_sudo.search([("move_id", "in", self.ids), ("verdict", "=", "approved")])
        lines.settlement_id._check_paid()
        credits_sudo = self.sudo().filtered(
            lambda move: move.move_type == "in_refund" and move.dropship_settlement_id and not move.amount_residual
        )
        if credits_sudo:
            claims = self.env["dropship.claim"].sudo().search(
                [("credit_move_id", "in", credits_sudo.ids), ("state", "=", "accepted")]
            )  # fmt: skip
            claims._set_state("paid")


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _reconcile_post_hook(self, data):
        result = super()._reconcile_post_hook(data)
        self.move_id.filtered(lambda move: move.move_type in ("in_invoice", "in_refund"))._dropship_settled()
        return result


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    def unlink(self):
        bills = (self.debit_move_id | self.credit_move_id).move_id.filtered(
            lambda move: move.move_type in ("in_invoice", "in_refund")
        )
        result = super().unlink()
        bills.exists()._dropship_settled()
        return result
