from odoo import api, fields, models
from odoo.exceptions import UserError


class DropshipWalletTopUp(models.TransientModel):
    """Pay a supplier in advance and top up his balance with it; or say which payment topped it up."""

    _name = "dropship.wallet.top.up"
    _description = "Pay a Top-Up"

    wallet_id = fields.Many2one("dropship.wallet", string="Prepaid Balance", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="wallet_id.company_id")
    currency_id = fields.Many2one(related="wallet_id.currency_id")
    partner_id = fields.Many2one(related="wallet_id.supplier_id.partner_id.commercial_partner_id")
    recorded_id = fields.Many2one(
        "dropship.wallet.move",
        string="Recorded Top-up",
        domain="[('wallet_id', '=', wallet_id), ('kind', '=', 'top_up'), ('payment_id', '=', False)]",
        ondelete="cascade",
        help="Is in the balance already and is booked now. Empty: the balance grows by what is paid.",
    )
    way = fields.Selection(
        [("new", "Make a payment"), ("known", "It is paid already")], string="Payment Is", default="new", required=True
    )
    payment_id = fields.Many2one(
        "account.payment",
        domain="[('payment_type', '=', 'outbound'), ('partner_type', '=', 'supplier'), "
        "('partner_id', 'child_of', partner_id), ('company_id', '=', company_id), ('currency_id', '=', currency_id), "
        "('state', 'in', ('in_process', 'paid')), ('dropship_wallet_move_ids', '=', False)]",
        help="To this supplier, in this currency, not matched with bills.",
    )
    amount = fields.Monetary(compute="_compute_amount", store=True, readonly=False, precompute=True)
    journal_id = fields.Many2one(
        "account.journal",
        string="Bank",
        domain="[('type', 'in', ('bank', 'cash', 'credit')), ('company_id', '=', company_id)]",
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    date = fields.Date(string="Pay On", required=True, default=fields.Date.context_today)
    memo = fields.Char(
        string="Reference", compute="_compute_memo", store=True, readonly=False, precompute=True,
        help="What the supplier reads on his account.",
    )  # fmt: skip

    @api.depends("recorded_id", "payment_id", "way")
    def _compute_amount(self):
        for wizard in self:
            paid = wizard.payment_id.amount if wizard.way == "known" else 0.0
            wizard.amount = paid or wizard.recorded_id.amount or wizard.amount

    @api.depends("wallet_id")
    def _compute_journal_id(self):
        for wizard in self:
            wizard.journal_id = self.env["account.journal"]._dropship_first_bank(wizard.wallet_id.company_id)

    @api.depends("recorded_id")
    def _compute_memo(self):
        for wizard in self:
            wizard.memo = wizard.recorded_id.note or wizard.memo

    def action_apply(self):
        """Make or take the payment, and let it be a top-up. A second click finds it done."""
        self.ensure_one()
        wallet, key = self.wallet_id, f"{self.id} top-up paid"
        wallet._check_books()
        wallet.sudo()._lock()
        if self.env["dropship.wallet.move"].sudo().search_count([("key", "=", key)], limit=1):
            return True
        if self.recorded_id and not self.recorded_id._not_booked():
            raise UserError(self.env._("This top-up is booked already."))
        if self.way == "known":
            if not self.payment_id:
                raise UserError(self.env._("Choose the payment."))
            payment = self.payment_id
            payment.check_access("read")
        else:
            if not self.journal_id:
                raise UserError(self.env._("Choose the bank it is paid from."))
            amount = self.recorded_id.amount or self.amount
            payment = wallet._pay_top_up(self.journal_id, self.date, amount, self.memo)
        wallet._book_top_up(payment, self.recorded_id, key)
        return True
