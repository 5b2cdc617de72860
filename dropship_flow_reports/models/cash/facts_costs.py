"""Money for what recurs: costs, advertising, tax."""

from datetime import date, timedelta
from decimal import Decimal

from odoo import api, models
from odoo.tools.date_utils import end_of

from ...forecasting import RULES, Recurring, Tax, TaxRule, due_dates
from ...forecasting.days import recurring_days
from .facts import ZERO, decimal

# Days of advertising the pace is taken from.
AD_DAYS = 28
# A return that nobody said was paid for so long is forgotten, not owed.
OVERDUE_DAYS = 365
EVERY = {"weekly": "week", "monthly": "month", "yearly": "year"}
# Where days are counted from without a first one: a Monday, the first of a month and of a year.
ALWAYS = date(2018, 1, 1)


class DropshipCashFacts(models.AbstractModel):
    _inherit = "dropship.cash.facts"

    @api.model
    def _add_costs(self, facts):
        for cost in self._recurring_costs(facts.company):
            record = Recurring(
                ("cost", cost["id"]), decimal(cost["amount"]), cost["every"], cost["start"], cost.get("end") or None,
                "recurring", facts.code(cost.get("currency_id")),
            )  # fmt: skip
            facts.add(facts.recurring, "recurring", record, ("dropship.cost.rule", cost["id"], cost["name"]),
                      [("cash_recurring", {"day": str(cost["start"])})])  # fmt: skip

    @api.model
    def _recurring_costs(self, company):
        """Rules of costs that come by the calendar; others follow the sales.

        :return: [{id, name, amount (less than nothing), every (week, month, year), start, end, currency_id}]
        """
        domain = [
            ("company_id", "=", company.id), ("active", "=", True), ("kind", "in", [*EVERY, "fixed"]),
            ("amount", ">", 0),
        ]  # fmt: skip
        rules_sudo = self.env["dropship.cost.rule"].sudo().search(domain)  # whoever may see the forecast
        billed = self._billed_until(rules_sudo)
        return [
            {
                "id": rule.id,
                "name": rule.name,
                "amount": -rule.amount,
                "every": EVERY.get(rule.kind, "year"),
                "start": self._recurring_start(rule, billed.get(rule.id)),
                "end": (rule.first if rule.kind == "fixed" else rule.last) or None,
                "currency_id": rule.currency_id.id or company.currency_id.id,
            }
            for rule in rules_sudo
        ]

    @api.model
    def _recurring_start(self, rule, billed):
        """A day from which the rule's days are counted: the first one after what bills are there for.

        :param billed: the last day bills are there for; None: no bill is
        """
        start, every = rule.first or ALWAYS, EVERY.get(rule.kind, "year")
        if not billed or billed < start:
            return start
        after = billed + timedelta(days=1)
        return next(recurring_days(every, start, after, after + timedelta(days=366)))

    @api.model
    def _billed_until(self, rules):
        """{rule id: the last day of the last month whose bills are all there}; what is open of them counts as bills."""
        months_sudo = self.env["dropship.cost.month"].sudo()
        domain = [("rule_id", "in", rules.ids), ("booked", "!=", 0), "|", ("missing", "=", 0), ("complete", "=", True)]
        groups = months_sudo._read_group(domain, ["rule_id"], ["month:max"])
        return {rule.id: end_of(month, "month") for rule, month in groups}

    @api.model
    def _add_ads(self, facts):
        """Advertising goes on as in the last four weeks, from tomorrow on."""
        factor = 1 + decimal(facts.wish.get("ads") or 0) / 100
        for number, record in enumerate(facts.recurring):
            if record.kind == "ads":
                facts.recurring[number] = record._replace(amount=record.amount * factor)
        for currency_id, amount in self._ad_spend(facts.company, facts.ago(AD_DAYS), facts.ago(1)).items():
            spent = decimal(amount)
            figures = {"days": AD_DAYS, "amount": facts.shown(spent, currency_id)}
            # A day's part keeps more places than money has: it is rounded when it becomes the company's.
            record = Recurring(("ads", currency_id), (-spent / AD_DAYS * factor).quantize(Decimal("0.000001")), "day",
                               facts.today + timedelta(days=1), None, "ads", facts.code(currency_id))  # fmt: skip
            if record.amount:
                facts.add(facts.recurring, "ads", record, reasons=[("cash_ads", figures)])

    @api.model
    def _ad_spend(self, company, first, last):
        """{currency id: what was spent on advertising, more than nothing} from one day to another."""
        domain = [("company_id", "=", company.id), ("date", ">=", first), ("date", "<=", last)]
        groups = self.env["dropship.ad.spend"]._read_group(domain, ["currency_id"], ["amount:sum"])
        return {currency.id: abs(amount) for currency, amount in groups if amount}

    # --- tax ---

    @api.model
    def _add_tax(self, facts):
        """Tax that becomes due: as the calendar of the company has it, else by the rule it chose and its books."""
        upcoming = self._tax_due(facts.company, facts.ago(OVERDUE_DAYS), facts.last)
        if upcoming is not None:
            for number, due in enumerate(upcoming):
                day = max(due["date"], facts.today)  # what nobody paid in time is expected now
                rule = TaxRule(f"due_{number}", 1, day.day, after=0, workday=0)
                record = Tax(("due", number, str(due["date"])), -decimal(due["amount"]), day, rule)
                if record.amount:
                    facts.add(facts.taxes, "tax", record, (None, None, due["name"]),
                              [("cash_tax_due", {"name": due["name"]})])  # fmt: skip
            for returned, amount in sorted(self.env["dropship.tax.due"]._uncovered(facts.company).items()):
                facts.leave("tax", ("uncovered", returned), "cash_tax_uncovered",
                            {"returned": returned, "amount": facts.shown(amount)})  # fmt: skip
            return
        rule = RULES.get(facts.company.dropship_cash_tax_rule or "")
        if not rule:
            facts.leave("tax", ("tax", 0), "cash_no_tax_rule", {})
            return
        for due in due_dates([rule], facts.today, facts.last):
            if due.first > facts.today:
                break
            figures = {"first": str(due.first), "last": str(due.last), "due": str(due.day)}
            amount = self._tax_of(facts, due)
            if amount:
                record = Tax(("period", str(due.first)), -amount, due.first, rule)
                facts.add(facts.taxes, "tax", record, reasons=[("cash_tax", figures)])

    @api.model
    def _tax_due(self, company, first, last):
        """[{date, name, amount: to be paid}]; None: the company keeps no calendar of tax."""
        known = self.env["dropship.tax.due"]._upcoming(company, first, last)
        return [one for one in known if one["state"] != "paid"] if known else None

    @api.model
    def _tax_rule(self, company):
        """By which days tax of sales to come is paid: the company's ordinary return at home, else the rule it chose."""
        returns_sudo = self.env["dropship.tax.due.rule"].sudo()
        domain = [("company_id", "=", company.id), ("followed", "=", True), ("returned", "=", "vat")]
        home = [False, company.account_fiscal_country_id.id]
        followed = returns_sudo.search([*domain, ("country_id", "in", home)], limit=1)
        return followed._engine_rule() if followed else RULES.get(company.dropship_cash_tax_rule or "")

    @api.model
    def _tax_of(self, facts, due):
        """What the books have of a period, less what was paid since it ended; more than nothing is to be paid."""
        [row] = self._rows(
            """
            SELECT -COALESCE(SUM(balance), 0) AS amount FROM account_move_line
             WHERE company_id = %(company)s AND parent_state = 'posted' AND tax_line_id IS NOT NULL
               AND date BETWEEN %(first)s AND %(last)s
            """,
            facts, first=due.first, last=due.last,
        )  # fmt: skip
        paid = ZERO
        if due.last < facts.today:
            lines = self.env["dropship.cash.line"]._by_kind(
                facts.company, due.last + timedelta(days=1), facts.today
            )  # fmt: skip
            paid = -decimal(lines.get("tax", 0.0))
        amount = decimal(row["amount"])
        return max(amount - max(paid, ZERO), ZERO) if amount > 0 else amount
