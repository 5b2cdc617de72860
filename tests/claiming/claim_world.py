"""Short words for losses and claims in tests: a lamp bought for 60, sent for 5, sold for 100."""

from datetime import datetime, timedelta
from decimal import Decimal as D

from claiming import Claim, Line, Loss, Penalty, Rule, Terms, Window, claims

MONDAY = datetime(2026, 3, 2, 9)
BY_SUPPLIER, BY_CARRIER = (("supplier", D(100)),), (("carrier", D(100)),)


def at(day, hour=9, minute=0):
    """So many days after Monday, the second of March 2026."""
    return datetime(2026, 3, 2, hour, minute) + timedelta(days=day)


def line(key="lamp", **more):
    """Figures as text."""
    figures = {"cost": "60", "freight_out": "5", **more}
    return Line(key, **{name: D(value) if isinstance(value, str) else value for name, value in figures.items()})


def loss(kind="damaged", *lines, liable=BY_SUPPLIER, **more):
    moments = {"ordered": at(-20), "shipped": at(-10), "delivered": at(-2), "noticed": at(-1)}
    return Loss(kind, lines or (line(refunded="100"),), liable, **{**moments, **more})


def raised(one, terms, party="supplier", now=MONDAY, used="0"):
    found = claims(one, {party: terms}, now, {party: D(used)})
    assert not found.refused, found.refused
    return found


def claimed(one, terms, **more):
    """The only claim."""
    (found,) = raised(one, terms, **more).claims
    return found


def full(**more):
    """Terms that pay what the goods cost."""
    return Terms((Rule("cost"),), **more)


def codes(reasons):
    return [code for code, _figures in reasons]


def hundred(**more):
    """A claim of 100.00."""
    return Claim("supplier", D(100), D("100.00"), **more)


# What a supplier signs: named offences with what each costs him.
OFFENCES = Terms(
    (
        Rule("never", frozenset({"never_shipped", "fake_shipping"}),
             penalty=Penalty(percent=D(20), low=D(10), high=D(50))),
        Rule("late", frozenset({"late_upload", "no_movement"}), "nothing", penalty=Penalty(percent=D(5), low=D(2))),
        Rule("leaflet", frozenset({"leaflet"}), "nothing", penalty=Penalty(fixed=D(25))),
        Rule("wrong", frozenset({"wrong_item"}), covers=frozenset({"freight_back", "replacement", "labour"})),
        Rule("short", frozenset({"missing"}), evidence=frozenset({"weight"}), window=Window("delivered", 7)),
        Rule("rest", percent=D(50), evidence=frozenset({"photo", "label"})),
    ),
    window=Window("delivered", 30), excluded=frozenset({"perishable", "fragile+damaged"}), zone="Asia/Shanghai",
)  # fmt: skip
