"""The shop's policy and the law, as rows of data."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from .facts import NOTHING, ZERO
from .refunds import RefundTerm
from .windows import Window

# From mild to strict.
VERDICTS = ("accept", "look", "refuse")
# For what the customer has, and for what has not arrived.
DELIVERED = ("return", "exchange", "repair", "keep", "credit", "replacement", "spare_part", "refund_only", "nothing")
UNDELIVERED = ("cancel", "intercept")
# Without the goods there are none of these; with the others of STAY nothing is ever sent back.
NEED_GOODS = frozenset({"return", "exchange", "repair"})
STAY = frozenset({"keep", "spare_part", "refund_only", "nothing", *UNDELIVERED})
PLACES = ("supplier", "us", "keep", "destroy", "donate")
PAYERS = ("customer", "us", "supplier", "carrier", "liable")
# What of the freight to the customer is given back.
OUTBOUND = ("none", "standard", "all")


class Outcome(NamedTuple):
    """What a policy says about one kind of outcome.

    :param str verdict: accept (by itself), look (a person looks), refuse
    :param window: None: without end
    :param fee: percent of the price kept for restocking
    :param bool supplier_fee: the supplier's fee is passed on where it is higher
    :param str payer: of the freight back: customer, us, supplier, carrier, liable (whoever the reason names)
    :param str to: where the goods go: supplier, us, keep, destroy, donate
    :param str else_to: where they go when the supplier does not take them
    :param str bound: look or refuse when the supplier does not take them; empty: his terms do not bind the customer
    :param frozenset evidence: needed besides what the reason needs
    :param maximum: up to so much is accepted by itself, all lines of a request under the row together
    :param percent: of the price given back on `keep`
    :param bonus: percent on top of a `credit`
    :param str outbound: freight to the customer that is given back: none, standard, all
    :param refund: when the money is back; None: nothing is promised
    """

    kind: str
    verdict: str = "accept"
    window: Window | None = None
    fee: Decimal = ZERO
    supplier_fee: bool = False
    payer: str = "customer"
    to: str = "supplier"
    else_to: str = "us"
    bound: str = ""
    evidence: frozenset = NOTHING
    maximum: Decimal | None = None
    percent: Decimal = ZERO
    bonus: Decimal = ZERO
    outbound: str = "none"
    refund: RefundTerm | None = None


# What has not arrived costs the shop least when it never arrives; a row may say something else.
UNLESS_SAID = {"cancel": Outcome("cancel", outbound="all"), "intercept": Outcome("intercept")}


class Past(NamedTuple):
    """A condition on the customer's history: all that is given has to hold."""

    orders_below: int | None = None
    returns_from: int | None = None
    free_refunds_from: int | None = None
    rate_from: Decimal | None = None
    blocked: bool | None = None

    def fits(self, history):
        """
        >>> from .facts import History
        >>> often = Past(returns_from=5, rate_from=Decimal(40))
        >>> often.fits(History(20, 8, rate=Decimal(40))), often.fits(History(50, 8, rate=Decimal(16)))
        (True, False)
        """
        return (
            (self.orders_below is None or history.orders < self.orders_below)
            and (self.returns_from is None or history.returns >= self.returns_from)
            and (self.free_refunds_from is None or history.free_refunds >= self.free_refunds_from)
            and (self.rate_from is None or history.rate >= self.rate_from)
            and (self.blocked is None or history.blocked == self.blocked)
        )


class Row(NamedTuple):
    """A row of the policy; the first that fits counts. Of each group any value fits; an empty group fits everything.

    :param price_from: of one piece, included
    :param price_below: of one piece, not included
    :param past: None: any customer
    :param tuple outcomes: `Outcome`, one of a kind, in the order they are offered
    """

    key: object
    sequence: int = 10
    categories: frozenset = NOTHING
    tags: frozenset = NOTHING
    kinds: frozenset = NOTHING
    reasons: frozenset = NOTHING
    liable: frozenset = NOTHING
    countries: frozenset = NOTHING
    channels: frozenset = NOTHING
    price_from: Decimal | None = None
    price_below: Decimal | None = None
    past: Past | None = None
    outcomes: tuple = ()


class Floor(NamedTuple):
    """What the law gives, whatever the policy says. Empty groups fit everything.

    :param date valid_from: of the day of the order, included, as `valid_to`
    :param tuple grants: kinds of outcome the customer may have
    :param window: None: without end
    :param str verdict: the strictest a policy may be: accept, or look where a person may look first
    :param frozenset excluded: kinds of goods it does not hold for; "hygiene+opened": both
    :param bool businesses: holds for them too
    :param fee: highest percent that may be kept; None: says nothing
    :param str payer: of the freight back: us; told (the customer, if that was said before); empty: says nothing
    :param bool evidence: the customer may be asked for some
    :param str outbound: freight to the customer that has to be given back
    :param int untold_months: by which the window is longer for one who was not told of it
    """

    key: object
    grants: tuple
    countries: frozenset = NOTHING
    channels: frozenset = NOTHING
    valid_from: date | None = None
    valid_to: date | None = None
    reasons: frozenset = NOTHING
    liable: frozenset = NOTHING
    excluded: frozenset = NOTHING
    businesses: bool = False
    window: Window | None = None
    verdict: str = "accept"
    fee: Decimal | None = None
    payer: str = ""
    evidence: bool = True
    outbound: str = "none"
    refund: RefundTerm | None = None
    untold_months: int = 0


def strictest(verdicts):
    """
    >>> strictest(["accept", "refuse", "look"]), strictest([])
    ('refuse', 'accept')
    """
    return max(verdicts, key=VERDICTS.index, default="accept")


def excluded_by(groups, kinds):
    """The first group of kinds that is all there; empty: none.

    >>> excluded_by({"custom", "hygiene+opened"}, {"hygiene"})
    ''
    >>> excluded_by({"custom", "hygiene+opened"}, {"hygiene", "opened"})
    'hygiene+opened'
    """
    if not groups or not kinds:
        return ""
    return next((group for group in sorted(groups) if kinds.issuperset(group.split("+"))), "")
