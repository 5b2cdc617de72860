from odoo import api, fields, models

SCOPES = [("order", "Orders"), ("overhead", "Overhead"), ("out", "Out of Scope")]
PROFIT_TYPES = (
    "income",
    "income_other",
    "expense",
    "expense_other",
    "expense_depreciation",
    "expense_direct_cost",
)
# What an account is for before somebody says so: {type: (scope, code of the kind)}.
BY_TYPE = {
    "income": ("order", "sales"),
    "income_other": ("order", "other_income"),
    "expense_direct_cost": ("order", "goods"),
    "expense": ("overhead", "overhead"),
    "expense_other": ("overhead", "overhead"),
    "expense_depreciation": ("overhead", "overhead"),
}
# Accounts the company books orders on: {field of the company: code of the kind}.
BY_COMPANY = {
    "income_account_id": "sales",
    "expense_account_id": "goods",
    "income_currency_exchange_account_id": "fx",
    "expense_currency_exchange_account_id": "fx",
}


class DropshipProfitAccount(models.Model):
    """What is booked on an income or expense account where no document of an order says it. One row each."""

    _name = "dropship.profit.account"
    _description = "Account in the Profit Ledger"
    _order = "company_id, account_id"
    _rec_name = "account_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    account_id = fields.Many2one(
        "account.account", string="Ledger Account", required=True, readonly=True, index=True, ondelete="cascade"
    )
    account_type = fields.Selection(related="account_id.account_type")
    scope = fields.Selection(
        SCOPES,
        string="Belongs To",
        required=True,
        default="order",
        help="Orders: what has no order is shown and looked for. Overhead: what has no order is a cost of all. "
        "Out of scope: nothing of it counts as profit of orders, even where a document names one.",
    )
    kind_id = fields.Many2one("dropship.profit.kind", required=True, ondelete="restrict")
    always = fields.Boolean(
        string="Always This Kind", help="Whatever the document says, e.g. an account on which only duty is booked."
    )

    _once = models.UniqueIndex("(company_id, account_id)", "This account is in the list.")
    _changed = models.Index("(company_id, write_date)")

    @api.model
    def _complete(self, company):
        """Add accounts that are not in the list, as their type says."""
        known = self.sudo().search([("company_id", "=", company.id)]).account_id
        accounts_sudo = self.env["account.account"].sudo().with_company(company)
        missing = accounts_sudo.search(
            [("company_ids", "in", company.ids), ("account_type", "in", PROFIT_TYPES), ("id", "not in", known.ids)]
        )
        if not missing:
            return self
        kinds = self.env["dropship.profit.kind"]._by_code()
        special = {company.sudo()[name].id: code for name, code in BY_COMPANY.items()}
        rows = []
        for account in missing:
            scope, code = BY_TYPE[account.account_type]
            if account.id in special:
                scope, code = "order", special[account.id]
            rows.append(
                {"company_id": company.id, "account_id": account.id, "scope": scope, "kind_id": kinds[code]}
            )  # fmt: skip
        return self.sudo().create(rows)
