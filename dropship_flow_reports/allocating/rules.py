"""Rules of what something costs, as rows of data."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from .bearers import BY
from .money import HUNDRED
from .shared import number_problem

ANY = frozenset()
CYCLES = ("daily", "weekly", "monthly", "yearly")
PERIODIC = ("fixed", *CYCLES)
# Kind → what each of bears it.
EACH = {
    "per_order": "orders", "per_parcel": "parcels", "per_unit": "units",
    "percent_revenue": "revenue", "percent_cost": "cost",
}  # fmt: skip
OF_ADS = "percent_ads"
PERCENT = ("percent_revenue", "percent_cost", OF_ADS)
SCOPES = ("channels", "countries", "categories", "suppliers")


class Rule(NamedTuple):
    """What something costs. Of each group any value fits; an empty group fits everything.

    :param str kind: fixed (once, for its days), daily, weekly, monthly, yearly (from Monday, the first, 1 January);
        per_order, per_parcel, per_unit, percent_revenue, percent_cost; percent_ads, which goes where advertising does
    :param amount: in its currency; percent
    :param str currency: nothing means the company's; of percents there is none
    :param date first: included, as `last`; None: without an end on this side, which `fixed` cannot be
    :param str by: of fixed and recurring costs: days (each has its part and keeps it); or what a calendar month owes is
        brought to the month's sales by revenue, orders, parcels, units
    """

    key: object
    kind: str
    amount: Decimal
    currency: str = ""
    first: date | None = None
    last: date | None = None
    by: str = "days"
    channels: frozenset = ANY
    countries: frozenset = ANY
    categories: frozenset = ANY
    suppliers: frozenset = ANY

    def valid(self, day):
        return (self.first is None or day >= self.first) and (self.last is None or day <= self.last)

    def fits(self, order, line):
        """Whether a line of an order is in its scope.

        >>> from .facts import Line, Order
        >>> rule = Rule("lamps", "per_unit", Decimal(1), categories=frozenset({"lamp"}), countries=frozenset({"DE"}))
        >>> line = Line(1, categories=frozenset({"home", "lamp"}))
        >>> [rule.fits(Order(1, None, country=country), line) for country in ("DE", "FR")]
        [True, False]
        """
        return (
            (not self.channels or order.channel in self.channels)
            and (not self.countries or order.country in self.countries)
            and (not self.suppliers or line.supplier in self.suppliers)
            and (not self.categories or not self.categories.isdisjoint(line.categories))
        )


def check(rule, currencies):
    """Why a rule cannot be reckoned with.

    :return: [(code, {figure: value})]; rates are not looked at

    >>> from .currencies import Currencies
    >>> euro = Currencies("EUR", {"EUR": Decimal("0.01")})
    >>> [code for code, _figures in check(Rule(1, "fixed", Decimal("-5.005"), first=date(2026, 3, 2)), euro)]
    ['negative', 'last_missing']
    >>> check(Rule(1, "monthly", Decimal("5.00"), by="moon"), euro)
    [('unknown_choice', {'field': 'by', 'value': 'moon'})]
    """
    if rule.kind not in PERIODIC and rule.kind not in EACH and rule.kind != OF_ADS:
        return [("unknown_kind", {"kind": str(rule.kind)[:40]})]
    return [*_amount(rule, currencies), *_days(rule), *_by(rule), *_scope(rule)]


def _amount(rule, currencies):
    problem = number_problem(rule.amount, "amount")
    if problem:
        yield problem
    elif rule.kind in PERCENT and rule.amount > HUNDRED:
        yield "over_100", {"field": "amount", "value": rule.amount}
    currency = rule.currency or currencies.company
    if rule.kind in PERCENT:
        if rule.currency:
            yield "figure_unused", {"field": "currency", "kind": rule.kind}
    elif currency not in currencies.steps:
        yield "unknown_currency", {"currency": str(currency)[:40]}
    elif rule.kind in PERIODIC and not problem and rule.amount % currencies.steps[currency]:
        yield "not_whole", {"amount": rule.amount, "step": currencies.steps[currency]}


def _days(rule):
    for field in ("first", "last"):
        if rule.kind == "fixed" and getattr(rule, field) is None:
            yield f"{field}_missing", {"kind": rule.kind}
    if rule.first and rule.last and rule.last < rule.first:
        yield "last_before_first", {"first": rule.first, "last": rule.last}


def _by(rule):
    if rule.by != "days" and rule.kind not in PERIODIC:
        yield "figure_unused", {"field": "by", "kind": rule.kind}
    elif rule.by not in BY:
        yield "unknown_choice", {"field": "by", "value": str(rule.by)[:40]}


def _scope(rule):
    """Advertising knows campaigns, no products."""
    for field in SCOPES:
        if rule.kind == OF_ADS and getattr(rule, field):
            yield "figure_unused", {"field": field, "kind": rule.kind}
