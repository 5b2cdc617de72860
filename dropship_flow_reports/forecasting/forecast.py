"""The forecast: everything is checked, filed, and added up week by week."""

from .book import Book
from .checks import problem, refusals
from .days import day_in, weeks
from .expected import file_cohort, file_sales, file_wallet
from .facts import Cohort, Item, Recurring, Sales, Scenario, Tax, Wallet
from .known import file_item, file_recurring, file_tax
from .money import Rates
from .pace import Pace
from .results import ZERO, Forecast, Opening

# What a record brings is of this kind, where it does not say it itself.
FILED_AS = {Tax: "tax", Wallet: "wallet", Cohort: "expected_refund", Sales: "new_sales"}


def forecast(plan, scenario=None):
    """
    :param Plan plan: a record that is wrong is left out and named, the others count
    :param Scenario scenario: None: as it is
    :return: Forecast

    >>> from datetime import date, datetime
    >>> from decimal import Decimal as D
    >>> from .facts import Account, Plan
    >>> from .days import Terms
    >>> order = Item("SO/7", "payout", D("119.00"), date(2026, 3, 2), Terms(days=14), held=D("11.90"), release=30)
    >>> bill = Item("BILL/3", "supplier", D("-60.00"), date(2026, 2, 1), Terms(days=30), currency="USD")
    >>> plan = Plan(datetime(2026, 3, 4, 9), "Europe/Berlin", "EUR", rates={"USD": D("0.9")},
    ...             accounts=(Account("Bank", D("20.00")),), items=(order, bill))
    >>> cash = forecast(plan)
    >>> [(week.number, week.figures[0].kind, str(week.closing)) for week in cash.weeks if week.figures]
    [(1, 'supplier', '-34.00'), (3, 'payout', '73.10'), (7, 'reserve', '85.00')]
    >>> str(cash.lowest.balance), str(cash.lowest.day), cash.lowest.week
    ('-34.00', '2026-03-04', 1)
    >>> str(forecast(plan, Scenario(supplier_days=14)).lowest.balance)
    '20.00'
    """
    scenario = scenario or Scenario()
    refused = refusals(plan, scenario)
    if refused:
        return Forecast(refused=tuple(refused))
    return _Reckoning(plan, scenario).result()


class _Reckoning:
    def __init__(self, plan, scenario):
        self.plan, self.scenario = plan, scenario
        spans = weeks(day_in(plan.now, plan.zone))
        self.book = Book(spans)
        self.pace = Pace(spans, plan.season, scenario)
        self.rates = Rates(plan.currency, plan.step, plan.rates)

    def result(self):
        plan, book, rates, scenario = self.plan, self.book, self.rates, self.scenario
        accounts = tuple(
            Opening(one.key, one.currency or plan.currency, one.balance, rates.worth(one.balance, one.currency))
            for one in self._sound(plan.accounts, "account")
        )
        for item in self._sound(plan.items):
            file_item(book, item, rates, scenario)
        for cost in self._sound(plan.recurring):
            file_recurring(book, cost, rates, scenario)
        for tax in self._sound(plan.taxes):
            file_tax(book, tax, rates, plan)
        for wallet in self._sound(plan.wallets):
            file_wallet(book, wallet, rates, self.pace, scenario)
        for cohort in self._sound(plan.cohorts):
            file_cohort(book, cohort, rates, scenario)
        for sales in self._sound(plan.sales):
            file_sales(book, sales, rates, self.pace, plan, scenario)
        opening = sum((one.worth for one in accounts), ZERO)
        return Forecast((), opening, accounts, book.weeks(opening), book.lowest(opening), book.left_out())

    def _sound(self, records, kind=""):
        """The records that can be reckoned with; the others are left out."""
        seen = set()
        for record in records:
            filed_as = kind or FILED_AS.get(type(record)) or record.kind
            reason = problem(record) or self._not_counted(record)
            same = (filed_as, record.key, record.currency if kind else "")
            if reason is None and same in seen:
                reason = "twice", {}
            if reason:
                code, figures = reason
                self.book.leave(filed_as, record.key, code, **figures)
                continue
            seen.add(same)
            yield record

    def _not_counted(self, record):
        if record.currency not in self.rates:
            return "no_rate", {"currency": record.currency}
        if isinstance(record, Item | Recurring | Tax) and not record.amount:
            return "zero", {"field": "amount"}
        return None
