"""What is known of money to come, gathered from the documents for the forecast's engine."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytz
from odoo import api, fields, models
from odoo.addons.dropship_flow.models.exact import decimal as of_float
from odoo.tools import SQL

from ...forecasting import Account, Item, Plan, Recurring, weeks

ZERO = Decimal(0)
# An order nobody invoiced for so long brings no money any more.
STALE_DAYS = 180


def decimal(value):
    """An amount as the engine wants it, from a float of a record or a number of the database."""
    return value if isinstance(value, Decimal) else of_float(value)


class Facts:
    """What one company knows on one day.

    :ivar dict told: {(kind, key): {res_model, res_id, document, partner_id, reasons}} of what was added
    :ivar list left: [(kind, key, code, figures)] of what is not counted, and why
    :ivar dict held: {day: amount} of money that payment providers hold until then
    """

    def __init__(self, company, now, wish):
        self.company, self.env, self.now, self.wish = company, company.env, now, wish
        self.zone = company.partner_id.tz or "UTC"
        self.today = pytz.utc.localize(now).astimezone(pytz.timezone(self.zone)).date()
        self.last = weeks(self.today)[-1][1]
        self.home = company.currency_id
        self.worths = self.env["res.currency"]._dropship_worths(company, self.today)
        self.currencies = {one.id: one for one in self.env["res.currency"].with_context(active_test=False).search([])}
        self.told, self.left, self.held = {}, [], {}
        self.accounts, self.items, self.recurring, self.taxes = [], [], [], []
        self.wallets, self.cohorts, self.sales = [], [], []

    def add(self, where, kind, record, document=None, reasons=(), partner=None):
        """Add a record of the engine, with the document it stands for and why it is expected, as [code, figures]."""
        where.append(record)
        self.tell(kind, record.key, document, reasons, partner)

    def tell(self, kind, key, document=None, reasons=(), partner=None):
        model, res_id, name = document or (None, None, None)
        self.told[kind, key] = {
            "res_model": model, "res_id": res_id, "document": name, "partner_id": partner or False,
            "reasons": [list(one) for one in reasons],
        }  # fmt: skip

    def item(self, kind, key, amount, day, document=None, reasons=(), partner=None, currency=None, **vals):
        """Add money expected once.

        :param amount: a number; what is nothing is left away
        :param currency: its id; None: the company's
        """
        amount = decimal(amount)
        if amount:
            record = Item(key, kind, amount, day, currency=self.code(currency), **vals)
            self.add(self.items, kind, record, document, reasons, partner)

    def told_of(self, kind, key):
        """What is known of a piece of the engine's; a reserve, fee or tax of a record may have no word of its own."""
        nothing = {"res_model": None, "res_id": None, "document": None, "partner_id": False, "reasons": []}
        return self.told.get((kind, key)) or nothing

    def leave(self, kind, key, code, figures, document=None, partner=None):
        self.left.append((kind, key, code, figures))
        self.tell(kind, key, document, [], partner)

    def code(self, currency_id):
        """The engine's name of a currency: nothing for the company's own."""
        return "" if not currency_id or currency_id == self.home.id else self.currencies[currency_id].name

    def shown(self, amount, currency_id=None):
        return self.currencies[currency_id or self.home.id].format(float(amount))

    def worth(self, amount, currency_id):
        """An amount in the company's currency, not rounded; None where the currency has no rate."""
        rate = self.worths.get(currency_id or self.home.id)
        return None if rate is None else Fraction(decimal(amount)) * Fraction(rate)

    def day_of(self, moment):
        """The company's day of a moment."""
        return pytz.utc.localize(moment).astimezone(pytz.timezone(self.zone)).date()

    def ago(self, days):
        return self.today - timedelta(days=days)

    def split(self, term, day, amount):
        """[(date, part)] of an amount by payment terms; together the amount.

        :param term: account.payment.term, may be empty
        """
        lines = term.line_ids
        if not lines:
            return [(day, amount)]
        parts, left = [], amount
        for line in lines[:-1]:
            share = amount * decimal(line.value_amount) / 100 if line.value == "percent" else decimal(line.value_amount)
            share = round(min(share, left) if amount > 0 else max(share, left), 2)
            parts.append((line._get_due_date(day), share))
            left -= share
        return [*parts, (lines[-1]._get_due_date(day), left)]

    def plan(self):
        """Everything as the engine wants it."""
        rates = {self.currencies[key].name: rate for key, rate in self.worths.items() if key in self.currencies}
        return Plan(
            self.now, self.zone, self.home.name, decimal(self.home.rounding), rates, tuple(self.accounts),
            tuple(self.items), tuple(self.recurring), tuple(self.taxes), tuple(self.wallets), tuple(self.cohorts),
            tuple(self.sales), season=self.env["dropship.cash.facts"]._season(self),
        )  # fmt: skip


class Pool:
    """What partners have in advance, taken off what they get next.

    :param dict there: {(partner, currency): amount}
    """

    def __init__(self, there):
        self.there = {key: amount for key, amount in there.items() if amount > 0}

    def take(self, key, amount):
        """How much of an amount is paid in advance; it is gone then."""
        taken = min(self.there.get(key, ZERO), amount)
        if taken > 0:
            self.there[key] -= taken
        return max(taken, ZERO)


class DropshipCashFacts(models.AbstractModel):
    """Gathers what the forecast is made of. Each source `x` of `_sources()` has a method `_add_x(facts)`; other addons
    add sources by extending both.
    """

    _name = "dropship.cash.facts"
    _description = "Facts of the Cash Forecast"

    @api.model
    def _today_of(self, company):
        return Facts(company, fields.Datetime.now(), {}).today

    @api.model
    def _sources(self):
        """Codes of the sources, in the order they are asked."""
        return ["money", "payouts", "reserves", "collected", "customers", "suppliers", "purchases", "wallets",
                "refunds", "expected_refunds", "planned", "costs", "ads", "tax", "sales"]  # fmt: skip

    @api.model
    def _gather(self, company, wish=None, now=None):
        """What is known of a company's money to come.

        :param dict wish: of the scenario, what the engine does not do itself: {ads: percent, prepaid: bool}
        :return: Facts
        """
        self = self.sudo().with_company(company).with_context(allowed_company_ids=company.ids, active_test=False)
        self.env.flush_all()
        facts = Facts(company.with_env(self.env), now or fields.Datetime.now(), wish or {})
        for source in self._sources():
            getattr(self, f"_add_{source}")(facts)
        return facts

    @api.model
    def _rows(self, query, facts, **values):
        """Rows of a statement, as dictionaries."""
        self.env.cr.execute(SQL(query, company=facts.company.id, today=facts.today, zone=facts.zone, **values))
        return self.env.cr.dictfetchall()

    @api.model
    def _season(self, facts):
        """Twelve figures of the year, see the engine; empty: none. Here: none; a shop with years of sales may say."""
        return ()

    # --- money that is there ---

    @api.model
    def _add_money(self, facts):
        """Accounts that hold money, as booked, and what is posted on them for days to come."""
        rows = self._rows(
            """
            SELECT line.account_id, SUM(line.balance) FILTER (WHERE line.date <= %(today)s) AS balance
              FROM account_move_line line
             WHERE line.company_id = %(company)s AND line.parent_state = 'posted' AND line.account_id IN (%(money)s)
             GROUP BY line.account_id ORDER BY line.account_id
            """,
            facts, money=SQL(self.env["dropship.cash.account"]._money_accounts()),
        )  # fmt: skip
        for row in rows:
            if row["balance"]:
                facts.accounts.append(Account(("account.account", row["account_id"]), decimal(row["balance"])))
        later = self._rows(
            """
            SELECT line.move_id, MIN(move.name) AS name, line.date, SUM(line.balance) AS amount,
                   MIN(line.partner_id) AS partner
              FROM account_move_line line JOIN account_move move ON move.id = line.move_id
             WHERE line.company_id = %(company)s AND line.parent_state = 'posted' AND line.date > %(today)s
               AND line.account_id IN (%(money)s)
             GROUP BY line.move_id, line.date HAVING SUM(line.balance) <> 0
            """,
            facts, money=SQL(self.env["dropship.cash.account"]._money_accounts()),
        )  # fmt: skip
        for row in later:
            document = ("account.move", row["move_id"], row["name"])
            facts.item("other", ("move", row["move_id"]), row["amount"], row["date"], document, [("cash_posted", {})],
                       row["partner"])  # fmt: skip

    # --- what people say ---

    @api.model
    def _add_planned(self, facts):
        """Money somebody entered."""
        mine = [("company_id", "=", facts.company.id), ("active", "=", True)]
        for plan in self.env["dropship.cash.plan"].search(mine):
            document = (plan._name, plan.id, plan.name)
            if plan.every == "once":
                if plan.date >= facts.today:
                    facts.item("other", ("plan", plan.id), plan.amount, plan.date, document,
                               [("cash_planned", {})], plan.partner_id.id, plan.currency_id.id)  # fmt: skip
            elif plan.amount:
                kind = "ads" if plan.kind == "ads" else "recurring"
                record = Recurring(("plan", plan.id), decimal(plan.amount), plan.every, plan.date, plan.end or None,
                                   kind, facts.code(plan.currency_id.id))  # fmt: skip
                facts.add(facts.recurring, kind, record, document,
                          [("cash_recurring", {"day": str(plan.date)})], plan.partner_id.id)  # fmt: skip
