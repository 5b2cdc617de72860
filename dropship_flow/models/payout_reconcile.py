"""Entries of payouts in core's accounting, reconciled with invoices whenever there are some."""

from odoo import api, fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    dropship_payout_id = fields.Many2one(
        "dropship.payout", string="Payout", readonly=True, copy=False, index="btree_not_null", ondelete="restrict",
        groups="base.group_user",
    )  # fmt: skip
    dropship_payout_key = fields.Char(readonly=True, copy=False, groups="base.group_user")

    _dropship_payout_once = models.UniqueIndex(
        "(dropship_payout_key) WHERE dropship_payout_key IS NOT NULL", "This payout is posted already."
    )

    def _post(self, soft=True):
        """Override: what was paid on account for an order pays its invoice."""
        posted = super()._post(soft)
        invoices_sudo = posted.sudo().filtered(lambda move: move.move_type in ("out_invoice", "out_refund"))
        orders = invoices_sudo.invoice_line_ids.sale_line_ids.order_id
        if orders:
            orders._dropship_reconcile_payouts()
        return posted


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    dropship_payout_order_id = fields.Many2one(
        "sale.order", string="Order Paid Out", readonly=True, copy=False, index="btree_not_null", ondelete="restrict",
        groups="base.group_user",
    )  # fmt: skip
    dropship_payout_bucket = fields.Char(readonly=True, copy=False, groups="base.group_user")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _dropship_reconcile_payouts(self):
        """Reconcile what payouts paid for these orders with their invoices and credit notes, as far as it goes.

        What was paid goes to invoices, what went back to credit notes; what is left of an order that comes to nothing
        is reconciled with itself.
        """
        open_rows = self.env["account.move.line"].sudo().search(
            [("dropship_payout_order_id", "in", self.ids), ("parent_state", "=", "posted"),
             ("reconciled", "=", False), ("account_type", "=", "asset_receivable")]
        )  # fmt: skip
        if not open_rows:
            return
        by_order = open_rows.grouped("dropship_payout_order_id")
        invoices = self.env["dropship.payout.booking"].sudo()._open_invoices([order.id for order in by_order])
        plan = []
        for order, rows in by_order.items():
            terms = invoices.get(order.id, rows.browse())
            for account, mine in rows.grouped("account_id").items():
                theirs = terms.filtered(lambda line, account=account: line.account_id == account)
                for paid in (mine.filtered(lambda row: row.balance < 0), mine.filtered(lambda row: row.balance > 0)):
                    other = theirs.filtered(lambda line, paid=paid: line.balance * paid[:1].balance < 0)
                    if paid and other:
                        plan.append(paid | other)
        if plan:
            open_rows._reconcile_plan(plan)
        self._dropship_reconcile_rest(by_order)

    @api.model
    def _dropship_reconcile_rest(self, by_order):
        """Paid and paid back without any invoice: the two lines of an order are each other's."""
        plan = []
        for rows in by_order.values():
            for mine in rows.grouped("account_id").values():
                left = mine.filtered(lambda row: not row.reconciled)
                both = len({row.balance > 0 for row in left}) == 2
                if both and left.company_currency_id.is_zero(sum(left.mapped("amount_residual"))):
                    plan.append(left)
        if plan:
            self.env["account.move.line"].sudo()._reconcile_plan(plan)
