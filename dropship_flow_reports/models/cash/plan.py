from odoo import api, fields, models

EVERY = [("once", "Once"), ("day", "Every Day"), ("week", "Every Week"), ("month", "Every Month"),
         ("quarter", "Every Quarter"), ("year", "Every Year")]  # fmt: skip


class DropshipCashPlan(models.Model):
    """Money somebody knows of and no document shows: wages, rent, a loan."""

    _name = "dropship.cash.plan"
    _description = "Planned Money"
    _order = "date, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [("cost", "Wages and Other Costs"), ("ads", "Advertising"), ("other", "Other")],
        string="Money For", required=True, default="cost",
    )  # fmt: skip
    amount = fields.Monetary(required=True, help="What comes; less than nothing goes.")
    currency_id = fields.Many2one("res.currency", required=True, default=lambda self: self.env.company.currency_id)
    every = fields.Selection(EVERY, string="How Often", required=True, default="month")
    date = fields.Date(string="First On", required=True, default=fields.Date.context_today)
    end = fields.Date(string="Last On", help="Empty: for good.")
    partner_id = fields.Many2one("res.partner", check_company=True)

    _some = models.Constraint("CHECK (amount <> 0)", "Enter an amount.")
    _days = models.Constraint('CHECK ("end" IS NULL OR "end" >= date)', "The first day is after the last.")


class DropshipCashScenario(models.Model):
    """What if: changes under which the forecast is reckoned as well, beside the one as it is."""

    _name = "dropship.cash.scenario"
    _description = "Cash Scenario"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    sales = fields.Float(string="Sales (%)", help="More, or with a minus less, is sold from tomorrow on.")
    growth = fields.Float(string="Growth per Week (%)", help="Each week sells so much more than the one before.")
    returns = fields.Float(string="Refunds (%)", help="Of 4 % refunds, 50 more are 6 %.")
    ads = fields.Float(string="Advertising (%)")
    costs = fields.Float(
        string="Costs (%)", help="Purchases from now on, prepaid balances, recurring costs and advertising are dearer."
    )
    prepaid = fields.Boolean(
        string="Suppliers Ask for Prepayment", help="What is not billed yet and all that is bought is paid at once."
    )
    supplier_days = fields.Integer(string="Suppliers Paid Later (days)", help="With a minus: earlier.")
    payout_days = fields.Integer(string="Payouts Come Later (days)", help="With a minus: earlier.")
    changed_text = fields.Char(string="Changes", compute="_compute_changed_text")

    _figures = models.Constraint(
        "CHECK (LEAST(sales, growth, returns, ads, costs) >= -100 AND GREATEST(sales, growth, returns, ads, costs)"
        " <= 1000 AND ABS(supplier_days) <= 400 AND ABS(payout_days) <= 400)",
        "Percents are between -100 and 1000, days between -400 and 400.",
    )

    @api.depends("sales", "growth", "returns", "ads", "costs", "prepaid", "supplier_days", "payout_days")
    @api.depends_context("lang")
    def _compute_changed_text(self):
        for scenario in self:
            scenario.changed_text = self._said(scenario._values())

    def _values(self):
        """What changes, as the forecast takes it: {field: value}, without what stays."""
        self.ensure_one()
        return {name: self[name] for name in self._figures_of() if self[name]}

    @api.model
    def _figures_of(self):
        return ("sales", "growth", "returns", "ads", "costs", "prepaid", "supplier_days", "payout_days")

    @api.model
    def _said(self, values):
        """The changes in words; empty: none."""
        labels = self.fields_get(list(values), ["string"])
        said = []
        for name in self._figures_of():
            if values.get(name):
                value = values[name]
                said.append(labels[name]["string"] if value is True else f"{labels[name]['string']}: {value:+g}")
        return ", ".join(said)
