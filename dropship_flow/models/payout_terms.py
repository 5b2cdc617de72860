"""How a channel or a payment provider pays out: when, what it keeps back, and on which accounts it is booked."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .payout_layout import FEE_WORDS

# Accounts that are made where nobody chose one: {field: (type of account, first code, can be reconciled)}.
MADE = {
    "transfer_account_id": ("asset_current", "125000", True),
    "clearing_account_id": ("asset_current", "125000", True),
    "reserve_account_id": ("asset_current", "125000", True),
    "suspense_account_id": ("asset_current", "125000", True),
    "tax_account_id": ("asset_current", "125000", True),
    "adjustment_account_id": ("expense", "620000", False),
    "fee_account_id": ("expense", "620000", False),
}


class DropshipPayoutTerms(models.Model):
    """Terms of one channel or provider with one company. Empty accounts are made from the chart when first needed."""

    _name = "dropship.payout.terms"
    _description = "Payout Terms"
    _order = "channel_id, provider_id, id"
    _check_company_auto = True

    channel_id = fields.Many2one("dropship.sales.channel", ondelete="cascade", index=True)
    provider_id = fields.Many2one(
        "payment.provider", string="Payment Provider", ondelete="cascade", index="btree_not_null"
    )
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    active = fields.Boolean(default=True)
    layout_id = fields.Many2one(
        "dropship.order.layout", string="Form of Payout Files", domain="[('direction', '=', 'payout')]",
        help="Empty: recognised by its headings.",
    )  # fmt: skip

    # When
    expects = fields.Boolean(
        string="Watch for Payouts", help="Every order gets a day until which its money is expected."
    )
    delay_from = fields.Selection(
        [("order", "The Order"), ("dispatch", "Leaving the Supplier"), ("delivery", "Delivery")],
        string="Days Count From", default="delivery", required=True,
    )  # fmt: skip
    delay_days = fields.Integer(string="Paid Out After (days)", default=14)
    reserve_percent = fields.Float(string="Kept Back (%)", digits=(16, 4), help="Paid out later, as a reserve.")
    rate_tolerance = fields.Float(
        string="Exchange Tolerance (%)", default=3.0, digits=(16, 4),
        help="An order in another currency counts as paid in full when what arrived is no further away at our rate; "
        "the rest is an exchange difference.",
    )  # fmt: skip

    # Where
    journal_id = fields.Many2one("account.journal", domain="[('type', '=', 'general')]", check_company=True)
    transfer_account_id = fields.Many2one(
        "account.account", string="Transferred to the Bank", check_company=True,
        help="Matched with the bank statement.",
    )  # fmt: skip
    clearing_account_id = fields.Many2one(
        "account.account", string="Money in the Account There", check_company=True,
        help="What a statement of an account shows and was not transferred.",
    )  # fmt: skip
    reserve_account_id = fields.Many2one("account.account", string="Reserve", check_company=True)
    tax_account_id = fields.Many2one("account.account", string="Tax Withheld", check_company=True)
    adjustment_account_id = fields.Many2one("account.account", string="Adjustments", check_company=True)
    suspense_account_id = fields.Many2one("account.account", string="Rows Without Order", check_company=True)
    fee_account_id = fields.Many2one("account.account", string="Fees", check_company=True)
    fee_account_ids = fields.One2many(
        "dropship.payout.fee.account", "terms_id", string="Fees on Other Accounts", copy=True
    )

    _one_side = models.Constraint(
        "CHECK ((channel_id IS NULL) <> (provider_id IS NULL))", "Choose a channel or a payment provider, one of them."
    )
    _once = models.UniqueIndex(
        "(COALESCE(channel_id, 0), COALESCE(provider_id, 0), company_id)", "There are payout terms for this already."
    )
    _figures = models.Constraint(
        "CHECK (delay_days >= 0 AND delay_days <= 400 AND reserve_percent >= 0 AND reserve_percent <= 100"
        " AND rate_tolerance >= 0 AND rate_tolerance <= 20)",
        "Days are between 0 and 400, what is kept back between 0 and 100 %, the exchange tolerance up to 20 %.",
    )

    @api.depends("channel_id.name", "provider_id.name")
    def _compute_display_name(self):
        for terms in self.sudo():  # an accountant need not read providers
            terms.display_name = terms.channel_id.name or terms.provider_id.name or self.env._("Payout Terms")

    @api.constrains("channel_id", "provider_id", "company_id")
    def _check_company_of_source(self):
        for terms in self.sudo():
            owner = (terms.channel_id or terms.provider_id).company_id
            if owner and owner != terms.company_id:
                raise ValidationError(
                    self.env._("%(source)s belongs to %(company)s.", source=terms.display_name, company=owner.name)
                )

    def write(self, vals):
        """Override: days of open orders follow."""
        result = super().write(vals)
        if {"expects", "delay_from", "delay_days", "active"} & vals.keys():
            self.sudo()._refresh_orders()
        return result

    def _refresh_orders(self):
        """The orders that wait for their money get their day again."""
        for terms in self:
            open_orders = [("company_id", "=", terms.company_id.id), ("state", "=", "sale"),
                           ("dropship_payout_state", "in", ("none", "expected"))]  # fmt: skip
            if terms.channel_id:
                open_orders.append(("dropship_channel_id", "in", (False, terms.channel_id.id)))
            since = fields.Datetime.subtract(fields.Datetime.now(), days=120)
            orders = self.env["sale.order"].search([*open_orders, ("date_order", ">=", since)])
            orders._dropship_payout_refresh()

    @api.model
    def _terms_of(self, channel, provider, company):
        """The terms of a channel or provider; plain ones are made where there are none."""
        side = ("channel_id", "=", channel.id) if channel else ("provider_id", "=", provider.id)
        known = self.sudo().with_context(active_test=False).search([side, ("company_id", "=", company.id)])
        if known:
            return known
        with self.env["dropship.payout"]._first_come():
            made = self.sudo().create({side[0]: side[2], "company_id": company.id})
            made.flush_recordset()
        return made

    # ------------------------------------------------------------------
    # Accounts
    # ------------------------------------------------------------------

    def _ready(self):
        """Journal and accounts, made from the chart where nobody chose one; the company's others are taken first."""
        self.ensure_one()
        terms = self.sudo().with_company(self.company_id)  # who books a payout need not set up accounts
        if not terms.journal_id:
            terms.journal_id = self.env["account.journal"].sudo().create(
                {
                    "name": self.env._("Payouts %s", terms.display_name)[:60],
                    "code": f"PO{terms.id}"[:5],
                    "type": "general",
                    "company_id": terms.company_id.id,
                }
            )
        for name in MADE:
            if not terms[name]:
                terms[name] = terms._account_for(name)
        return terms

    def _account_for(self, name):
        if name == "transfer_account_id" and self.company_id.transfer_account_id:
            return self.company_id.transfer_account_id
        others = self.with_context(active_test=False).search(
            [("company_id", "=", self.company_id.id), (name, "!=", False)], limit=1
        )
        if others:
            return others[name]
        kind, code, reconcile = MADE[name]
        accounts = self.env["account.account"].with_company(self.company_id)
        like = accounts.search(
            [*accounts._check_company_domain(self.company_id), ("account_type", "=", kind)], order="code desc", limit=1
        )
        return accounts.create(
            {
                "name": self._account_names()[name],
                "code": accounts._search_new_account_code(like.code or code),
                "account_type": kind,
                "reconcile": reconcile,
                "company_ids": [(6, 0, self.company_id.ids)],
            }
        )

    def _account_names(self):
        return {
            "transfer_account_id": self.env._("Payouts on the Way to the Bank"),
            "clearing_account_id": self.env._("Money in Marketplace Accounts"),
            "reserve_account_id": self.env._("Reserves Held by Marketplaces"),
            "suspense_account_id": self.env._("Payout Rows Without Order"),
            "tax_account_id": self.env._("Tax Withheld by Marketplaces"),
            "adjustment_account_id": self.env._("Adjustments of Marketplaces"),
            "fee_account_id": self.env._("Marketplace and Payment Fees"),
        }

    def _fee_account(self, kind):
        self.ensure_one()
        return self.fee_account_ids.filtered(lambda row: row.kind == kind).account_id[:1] or self.fee_account_id


class DropshipPayoutFeeAccount(models.Model):
    _name = "dropship.payout.fee.account"
    _description = "Account of a Kind of Fee"
    _order = "kind, id"
    _check_company_auto = True

    terms_id = fields.Many2one("dropship.payout.terms", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="terms_id.company_id", store=True, index=True)
    kind = fields.Selection(FEE_WORDS, required=True)
    account_id = fields.Many2one("account.account", string="Ledger Account", required=True, check_company=True)

    _once = models.Constraint("UNIQUE (terms_id, kind)", "This kind of fee has an account already.")


class DropshipSalesChannel(models.Model):
    _inherit = "dropship.sales.channel"

    payout_terms_ids = fields.One2many("dropship.payout.terms", "channel_id", string="Payouts", copy=False)

    def _layout(self, direction):
        """Override: payouts have their form in the terms."""
        if direction != "payout" or not self:
            return super()._layout(direction)
        company = self.company_id or self.env.company
        own = self.sudo().payout_terms_ids.filtered(lambda terms: terms.company_id == company).layout_id[:1]
        return own or self.env["dropship.order.layout"].search(
            [("direction", "=", "payout"), ("platform", "=", self.platform),
             ("company_id", "in", [False, company.id])],
            order="company_id, sequence, id", limit=1,
        )  # fmt: skip
