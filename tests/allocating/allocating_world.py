"""A small shop to bring costs to: two channels, two countries, March 2026."""

from datetime import date
from decimal import Decimal as D

from allocating import Currencies, Line, Order, Parcel, Rule, allocate, totals

CENT = D("0.01")
MONEY = Currencies(
    "EUR",
    {"EUR": CENT, "USD": CENT, "JPY": D(1), "KRW": D(1)},
    {"USD": {date(2026, 1, 1): D("0.90"), date(2026, 3, 20): D("0.95")}, "JPY": {date(2025, 1, 1): D("0.0061")}},
)
FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)


def day(text):
    """A day of 2026 as month-day, or a whole date."""
    return date.fromisoformat(text if len(text) > 5 else f"2026-{text}")


def line(key, revenue="0", units=1, cost="0", category=None, supplier=None, product=None):
    groups = frozenset({category} if category else ())
    return Line(key, product, groups, supplier, D(revenue), D(cost), D(units))


def rule(kind, amount, currency="", first=None, last=None, by="days", key="cost", **scope):
    first, last = (day(text) if text else None for text in (first, last))
    return Rule(key, kind, D(amount), currency, first, last, by, **{name: frozenset(scope[name]) for name in scope})


LAMP = line(11, "60.00", 1, "24.00", "lamp", "yiwu", "lamp")
MUG = line(12, "30.00", 3, "9.00", "mug", "ningbo", "mug")
GIFT = line(21, "0.00", 1, "2.00", "mug", "ningbo", "mug")
RUG = line(31, "90.00", 1, "50.00", "rug", "yiwu", "rug")
ORDERS = (
    Order(1, day("03-02"), "shop", "DE", (LAMP, MUG), (Parcel(1, day("03-04"), (11,)), Parcel(2, day("03-05"), (12,)))),
    Order(2, day("03-09"), "shop", "FR", (GIFT,), (Parcel(3, day("03-10")),)),
    Order(3, day("03-31"), "amazon", "DE", (RUG,), (Parcel(4, day("04-02")),)),
)


def shares(*rules, orders=ORDERS, first=FIRST, last=LAST):
    result = allocate(rules, orders, first, last, MONEY)
    assert not result.problems
    return result.shares


def by(found, *fields):
    """{value, or values, of the fields: amount as text}"""
    return {key if len(fields) > 1 else key[0]: str(amount) for key, amount in totals(found, *fields).items()}
