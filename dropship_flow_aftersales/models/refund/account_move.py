from odoo import api, fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    dropship_refund_id = fields.Many2one(
        "dropship.refund", string="Refund", readonly=True, copy=False, ondelete="restrict", index="btree_not_null",
        groups="account.group_account_readonly,account.group_account_invoice,dropship_flow.group_dropship_user",
    )  # fmt: skip

    @api.depends("dropship_refund_id", "reversed_entry_id")
    def _compute_invoice_currency_rate(self):  # pylint: disable=missing-return
        """Override: what a refund takes back counts as it was sold; what the rate did since then is a gain or loss."""
        super()._compute_invoice_currency_rate()
        for move in self.filtered("dropship_refund_id"):
            invoice = move.reversed_entry_id
            if invoice.invoice_currency_rate and invoice.currency_id == move.currency_id:
                move.invoice_currency_rate = invoice.invoice_currency_rate

    def _post(self, soft=True):
        """Override: a credit note that is posted is set against what is owed and what went back already."""
        posted = super()._post(soft)
        posted.sudo().dropship_refund_id._reconcile()
        return posted

    def _invoice_paid_hook(self):
        """Override: what the accountant paid on the credit note is paid back."""
        result = super()._invoice_paid_hook()
        notes_sudo = self.sudo().filtered(lambda move: move.dropship_refund_id and move.move_type == "out_refund")
        rows_sudo = notes_sudo.dropship_refund_id.money_ids
        rows_sudo.filtered(lambda row: row.state == "person" and not row.reimburses)._set_state("done")
        return result


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    dropship_refund_line_id = fields.Many2one(
        "dropship.refund.line", readonly=True, copy=False, ondelete="restrict", index="btree_not_null",
        groups="account.group_account_readonly,account.group_account_invoice,dropship_flow.group_dropship_user",
    )  # fmt: skip
    dropship_price_only = fields.Boolean(
        readonly=True, copy=False, help="It makes goods cheaper; their quantity stays invoiced."
    )
