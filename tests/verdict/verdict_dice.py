"""Random policies, laws and requests."""

from datetime import date, datetime, timedelta
from decimal import Decimal as D

from verdict import Floor, History, Line, Order, Outcome, Past, Reason, RefundTerm, Request, Row, Terms, Window
from verdict_oracle import NAMES, OUTBOUND

KINDS = ("return", "exchange", "repair", "keep", "credit", "replacement", "spare_part", "refund_only", "nothing")
ZONES = ("Europe/Berlin", "Asia/Shanghai", "America/New_York", "Pacific/Auckland")
START = datetime(2026, 3, 1)


def some(rng, *values, most=2):
    return frozenset(rng.sample(values, rng.randint(0, min(most, len(values)))))


def random_window(rng):
    if rng.random() < 0.15:
        return None
    base = rng.choice(("ordered", "shipped", "delivered", "signed", "last_parcel"))
    return Window(base, rng.randint(0, 40), rng.choice((0, 0, 1)), rng.random() < 0.3)


def random_term(rng):
    return rng.choice((None, RefundTerm(rng.randint(1, 20), rng.choice(("notice", "sent", "received")))))


def random_outcome(rng, kind):
    return Outcome(
        kind, rng.choice(NAMES), random_window(rng), D(rng.choice((0, 5, 15))), rng.random() < 0.3,
        rng.choice(("customer", "us", "supplier", "carrier", "liable")),
        rng.choice(("supplier", "us", "keep", "destroy")), rng.choice(("us", "keep")),
        rng.choice(("", "", "look", "refuse")), some(rng, "photo", "video"), rng.choice((None, D(40), D(200))),
        D(30), D(5), rng.choice(OUTBOUND), random_term(rng),
    )  # fmt: skip


def random_row(rng, key):
    kinds = rng.sample((*KINDS, "cancel", "intercept"), rng.randint(0, 5))
    past = Past(returns_from=rng.choice((None, 3)), blocked=rng.choice((None, True))) if rng.random() < 0.2 else None
    return Row(
        key, rng.randint(1, 9), some(rng, "a", "b", "c"), some(rng, "t", "u"), some(rng, "custom", "opened", most=1),
        some(rng, "dislike", "broken", most=1), some(rng, "supplier", most=1), some(rng, "DE", "CN"),
        some(rng, 1, 2, most=1), rng.choice((None, None, D(20))), rng.choice((None, None, D(60))), past,
        tuple(random_outcome(rng, kind) for kind in kinds),
    )  # fmt: skip


def random_floor(rng, key):
    return Floor(
        key, tuple(rng.sample((*KINDS[:6], "cancel", "intercept"), rng.randint(1, 4))), some(rng, "DE", "CN"),
        some(rng, 1, 2, most=1), rng.choice((None, date(2026, 2, 20))), rng.choice((None, date(2026, 3, 10))),
        some(rng, "dislike", "broken", most=1), some(rng, "supplier", most=1), some(rng, "custom", "hygiene+opened"),
        rng.random() < 0.5, random_window(rng), rng.choice(NAMES[:2]), rng.choice((None, D(0), D(10))),
        rng.choice(("", "us", "told")), rng.random() < 0.5, rng.choice(OUTBOUND), random_term(rng),
        rng.choice((0, 12)),
    )  # fmt: skip


def random_line(rng, key):
    def moment(sure=0.8):
        return START + timedelta(minutes=rng.randint(-20 * 1440, 20 * 1440)) if rng.random() < sure else None

    order = Order(moment(1), rng.choice(("DE", "CN", "US", "")), rng.choice((1, 2, None)), moment(0.6),
                  rng.choice((True, False, moment(1))), rng.random() < 0.5)  # fmt: skip
    reason = Reason(some(rng, "dislike", "broken"), rng.choice(("customer", "supplier", "listing")),
                    some(rng, "photo", most=1), rng.random() < 0.2)  # fmt: skip
    terms = Terms(rng.choice((None, some(rng, "broken"))), random_window(rng), D(rng.choice((0, 8))),
                  some(rng, "custom"), rng.choice(ZONES))  # fmt: skip
    return Line(
        key, order, D(rng.randint(5, 90)), D(rng.randint(0, 4)), D(rng.randint(0, 3)), D(rng.randint(0, 1)),
        D(rng.randint(0, 1)), D(rng.randint(0, 1)), D(rng.randint(0, 1)), some(rng, "a", "b", "c"), some(rng, "t", "u"),
        some(rng, "custom", "hygiene", "opened"), moment(), moment(), moment(0.5), reason, some(rng, "photo", "video"),
        rng.choice((None, terms, terms)), rng.choice(("", "", "return", "keep")),
    )  # fmt: skip


def random_request(rng):
    lines = tuple(random_line(rng, rng.randint(1, 3)) for _number in range(rng.randint(1, 3)))
    holidays = frozenset(date(2026, 3, day) for day in rng.sample(range(1, 32), 4))
    worked = frozenset({date(2026, 3, 7), date(2026, 3, 15)})
    now = START + timedelta(minutes=rng.randint(0, 45 * 1440))
    history = History(returns=rng.randint(0, 5), blocked=rng.random() < 0.3)
    return Request(lines, now, rng.choice(ZONES), rng.random() < 0.7, history, holidays, worked)
