"""What is known of a request. Moments are naive UTC, quantities and money `Decimal`, ids what the caller likes.

Groups are what the caller makes of trees: `categories` and `reasons` name the thing itself and all above it.
"""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from .windows import Window

ZERO = Decimal(0)
NOTHING = frozenset()


class Order(NamedTuple):
    """The order a line belongs to; its lines share it.

    :param country: whose law holds and from where goods would come back
    :param datetime last_parcel: when the last parcel of the order was delivered; None: one is still missing
    :param informed: whether the customer was told of the right to withdraw; False: never; a moment: only then
    :param bool freight_told: that the customer pays the way back was said before the order
    """

    ordered: datetime
    country: str = ""
    channel: object = None
    last_parcel: datetime | None = None
    informed: bool | datetime = True
    freight_told: bool = True


class Reason(NamedTuple):
    """Why.

    :param frozenset codes: the reason and all above it
    :param str liable: customer, supplier, carrier, listing, us
    :param frozenset evidence: needed whatever the policy says
    :param bool absent: the goods are not there: nothing can be sent back, and what has not arrived counts first
    """

    codes: frozenset = NOTHING
    liable: str = "customer"
    evidence: frozenset = NOTHING
    absent: bool = False


class Terms(NamedTuple):
    """What the supplier of a line takes back.

    :param frozenset reasons: only for these reasons; None: for any, empty: for none
    :param window: how long, in the days of his `zone`; None: without end
    :param fee: percent he keeps
    :param frozenset excluded: kinds of goods he does not take; "hygiene+opened": both
    """

    reasons: frozenset | None = None
    window: Window | None = None
    fee: Decimal = ZERO
    excluded: frozenset = NOTHING
    zone: str = "UTC"


class Line(NamedTuple):
    """Some pieces of one sold line.

    :param key: the sold line; when it comes twice in a request, both share what may come back
    :param price: paid for one, in the currency of the policies
    :param asked: how many the request is about
    :param returned: came back or was refunded already
    :param open: in other cases
    :param waiting: not shipped yet and not cancelled
    :param underway: shipped and not delivered
    :param frozenset kinds: custom, perishable, opened, hygiene, digital …
    :param datetime delivered: the last piece of this line; None: one is still missing
    :param datetime signed: by the customer; where nobody signs, `delivered` counts
    :param frozenset evidence: given by the customer
    :param str wanted: the outcome the customer asks for; empty: any
    """

    key: object
    order: Order
    price: Decimal
    asked: Decimal
    delivered_qty: Decimal = ZERO
    returned: Decimal = ZERO
    open: Decimal = ZERO
    waiting: Decimal = ZERO
    underway: Decimal = ZERO
    categories: frozenset = NOTHING
    tags: frozenset = NOTHING
    kinds: frozenset = NOTHING
    shipped: datetime | None = None
    delivered: datetime | None = None
    signed: datetime | None = None
    reason: Reason = Reason()
    evidence: frozenset = NOTHING
    terms: Terms | None = None
    wanted: str = ""

    def moment(self, base):
        """When a window of this base begins; None: not yet."""
        if base in ("ordered", "last_parcel"):
            return getattr(self.order, base)
        if base == "signed":
            return self.signed or self.delivered
        return getattr(self, base)


class History(NamedTuple):
    """The customer so far.

    :param int free_refunds: refunds without a return
    :param rate: percent of what was delivered that came back
    """

    orders: int = 0
    returns: int = 0
    free_refunds: int = 0
    rate: Decimal = ZERO
    blocked: bool = False


class Request(NamedTuple):
    """What a customer asks for, at `now`.

    :param str zone: the customer's; days end at midnight there
    :param bool consumer: False: a business
    :param frozenset holidays: dates nobody works in the customer's country
    :param frozenset worked: Saturdays and Sundays that are worked there
    """

    lines: tuple
    now: datetime
    zone: str = "UTC"
    consumer: bool = True
    history: History = History()
    holidays: frozenset = NOTHING
    worked: frozenset = NOTHING
