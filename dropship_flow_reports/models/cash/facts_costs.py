"""Money for what recurs: costs, advertising, tax."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from odoo import api, models
from odoo.tools.date_utils import end_of

from ...allocating import owed
from ...forecasting import RULES, Recurring, Tax, TaxRule, due_dates, rests_of
from ...forecasting.days import recurring_days
from .facts import ZERO, decimal

# Days of advertising the pace is taken from.
AD_DAYS = 28
# A day's part of it keeps more places than money has: it is rounded when it becomes the company's.
FINE = Decimal("0.000001")
# A return that nobody said was paid for so long is forgotten, not owed.
OVERDUE_DAYS = 365
EVERY = {"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year"}
# Where days are counted from without a first one: a Monday, the first of a month and of a year.
ALWAYS = date(2018, 1, 1)


class DropshipCashFacts(models.AbstractModel):
    _inherit = "dropship.cash.facts"

    @api.model
    def _add_costs(self, facts):
        for cost in self._recurring_costs(facts.company, facts.last):
            code, rests = facts.code(cost["currency_id"]), cost["rests"]
            record = Recurring(("cost", cost["id"]), decimal(cost["amount"]), cost["every"], cost["start"], cost["end"],
                               "recurring", code, rests)  # fmt: skip
            reasons = [("cash_recurring", {"day": str(cost["start"])})]
            for day, rest in rests.items():
                if 0 < rest < 1 and facts.today <= day <= facts.last:
                    amount = facts.shown(-record.amount * rest.numerator / rest.denominator, cost["currency_id"])
                    reasons.append(("cash_rest", {"day": str(day), "amount": amount}))
            facts.add(facts.recurring, "recurring", record, ("dropship.cost.rule", cost["id"], cost["name"]), reasons)

    @api.model
    def _recurring_costs(self, company, last):
        """Rules of costs that come by the calendar; others follow the sales.

        :param date last: of the forecast
        :return: [{id, name, amount (less than nothing), every (day, week, month, year), start, end, currency_id,
            rests}]; rests: {day: the part of the amount that bills do not have yet}
        """
        rules_sudo = self._cost_rules(company, [*EVERY, "fixed"])
        billed = self._billed(rules_sudo)
        currencies = self.env["res.currency"]._dropship_currencies(company) if billed else None
        return [
            {
                "id": rule.id,
                "name": rule.name,
                "amount": -rule.amount,
                "every": EVERY.get(rule.kind, "year"),
                "start": rule.first or ALWAYS,
                "end": (rule.first if rule.kind == "fixed" else rule.last) or None,
                "currency_id": rule.currency_id.id or company.currency_id.id,
                "rests": self._rests(rule, billed[rule.id], last, currencies) if rule.id in billed else {},
            }
            for rule in rules_sudo
        ]

    @api.model
    def _cost_rules(self, company, kinds):
        """Rules of these kinds that cost something; with all rights, for whoever may see the forecast."""
        domain = [("company_id", "=", company.id), ("active", "=", True), ("kind", "in", kinds), ("amount", ">", 0)]
        return self.env["dropship.cost.rule"].sudo().search(domain)

    @api.model
    def _billed(self, rules):
        """{rule id: {first day of a month: (what bills have of it, whether they are all there)}}; what is open of them
        counts as bills.
        """
        found = defaultdict(dict)
        bills_sudo = self.env["dropship.cost.bill"].sudo()
        for rule, month, amount, complete in bills_sudo._read_group(
            [("rule_id", "in", rules.ids)], ["rule_id", "month:month"], ["amount:sum", "complete:bool_or"]
        ):
            found[rule.id][month] = -decimal(amount), complete
        return found

    @api.model
    def _rests(self, rule, billed, last, currencies):
        """{day: the part of a rule's amount that bills do not have yet}; of other days nothing is billed.

        Whatever day it is due on, the amount is for a calendar month, of yearly costs for twelve of them, of what comes
        once for its days: bills of these months are bills of the amount.

        :param dict billed: see `_billed`
        """
        every, start, rests = EVERY.get(rule.kind, "year"), rule.first or ALWAYS, {}
        if rule.kind in ("daily", "weekly", "monthly"):
            spans = [(month, month) for month in sorted(billed)]
        elif rule.kind == "fixed":
            spans = [(start.replace(day=1), rule.last.replace(day=1))]
        else:
            days = recurring_days(every, start, min(billed) - relativedelta(years=1), min(rule.last or last, last))
            spans = [(day.replace(day=1), day.replace(day=1) + relativedelta(months=11)) for day in days]
        for first, final in spans:
            bills = [known for month, known in billed.items() if first <= month <= final]
            if not bills:
                continue
            # due in the first month: later days of the same cost are of the next span
            days = recurring_days(every, start, first, min(end_of(first, "month"), rule.last or date.max))
            dues, _problems = owed(rule._plain(), first, end_of(final, "month"), currencies)
            amount = sum((due.amount for due in dues), ZERO)
            booked = sum((one for one, _complete in bills), ZERO)
            rests |= rests_of(days, amount, booked, any(complete for _one, complete in bills))
        return rests

    @api.model
    def _add_ads(self, facts):
        """Advertising goes on as in the last four weeks, from tomorrow on."""
        factor = 1 + decimal(facts.wish.get("ads") or 0) / 100
        for number, record in enumerate(facts.recurring):
            if record.kind == "ads":
                facts.recurring[number] = record._replace(amount=record.amount * factor)
        fees = self._cost_rules(facts.company, ["percent_ads"])  # an agency's part, a platform's
        for currency_id, amount in self._ad_spend(facts.company, facts.ago(AD_DAYS), facts.ago(1)).items():
            spent = decimal(amount)
            figures = {"days": AD_DAYS, "amount": facts.shown(spent, currency_id)}
            record = Recurring(("ads", currency_id), (-spent / AD_DAYS * factor).quantize(FINE), "day",
                               facts.today + timedelta(days=1), None, "ads", facts.code(currency_id))  # fmt: skip
            if not record.amount:
                continue
            facts.add(facts.recurring, "ads", record, reasons=[("cash_ads", figures)])
            for rule in fees:
                fee = record._replace(
                    key=("ad_fee", rule.id, currency_id), end=rule.last or None,
                    amount=(record.amount * decimal(rule.amount) / 100).quantize(FINE),
                    start=max(record.start, rule.first or record.start),
                )  # fmt: skip
                facts.add(facts.recurring, "ads", fee, ("dropship.cost.rule", rule.id, rule.name),
                          [("cash_ad_fee", {**figures, "percent": f"{rule.amount:g}"})])  # fmt: skip

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
