"""What is known of an order, what a rule asks for, and what came out."""

from dataclasses import dataclass, field
from typing import NamedTuple


class Payment(NamedTuple):
    """One attempt to pay. Amounts in the currency of the order."""

    state: str  # draft, pending, authorized, done, cancel, error
    amount: float
    method: str = ""  # "cash_on_delivery", "wire_transfer" or the code of the method


class Copy(NamedTuple):
    """An earlier order over exactly the same goods."""

    id: int
    name: str
    hours: float
    same_phone: bool
    same_address: bool


class Block(NamedTuple):
    """An entry of the blocklist that fits the order."""

    id: int
    kind: str  # phone, address, email, region
    action: str  # refuse, prepay, hold
    reason: str = ""


class Signal(NamedTuple):
    """A named sign of risk and the points it is worth. Amounts in the currency of the order's company."""

    id: int
    code: str
    points: int
    amount: float = 0.0
    count: int = 0
    hours: float = 0.0


@dataclass(slots=True)
class OrderFacts:
    """One order. `value` is in the company's currency, `total` and payments in the order's."""

    origin: str = "staff"  # "web": nobody of the staff looked at it before
    channel: int | None = None
    tags: frozenset = frozenset()
    country: int | None = None
    state: int | None = None
    zip: str = ""
    value: float = 0.0
    total: float = 0.0
    currency: str = ""
    step: float = 0.01  # smallest amount of the order's currency
    address: dict = field(default_factory=dict)
    address_problems: tuple = ()  # codes of what keeps a parcel from arriving
    address_key: str = ""
    phone: str = ""
    phone_key: str = ""
    email: str = ""
    billing_country: int | None = None
    trust: str = "normal"
    credit: bool = False  # payment terms that let the customer pay later
    lines: int = 0
    payments: list = field(default_factory=list)
    copies: list = field(default_factory=list)
    blocks: list = field(default_factory=list)
    earlier: int = 0  # confirmed orders of this customer before
    recent: list = field(default_factory=list)  # hours since each of them
    texts: list = field(default_factory=list)
    message: tuple | None = None  # (mark, text) of the last message nobody answered
    flag: str | None = None  # what the staff wrote when it flagged the order

    def amount_in(self, *states):
        """Sum of the payments in these states."""
        return sum(payment.amount for payment in self.payments if payment.state in states)

    @property
    def cash_on_delivery(self):
        """Whether the customer chose to pay the carrier."""
        return any(
            payment.method == "cash_on_delivery" and payment.state not in ("cancel", "error")
            for payment in self.payments
        )


@dataclass(slots=True, frozen=True)
class Rule:
    """A row of the hold rules; an empty condition matches anything. Amounts in the company's currency."""

    kind: str
    id: int = 0
    verdict: str = "hold"  # hold, warn, pass
    company: int | None = None
    origin: str = "any"  # any, web, staff
    channels: frozenset = frozenset()
    countries: frozenset = frozenset()
    states: frozenset = frozenset()
    zips: tuple = ()
    tags: frozenset = frozenset()
    min_value: float = 0.0
    max_value: float = 0.0
    amount: float = 0.0
    hours: float = 24.0
    count: int = 0
    words: tuple = ()
    percent: float = 100.0
    accept_authorised: bool = True
    accept_cash_on_delivery: bool = True
    accept_trusted: bool = True
    accept_credit: bool = True
    without_attempt: bool = False
    need_phone: bool = False
    same_phone: bool = True
    same_address: bool = True
    signals: tuple = ()

    def matches(self, order):
        """Whether the rule is about this order at all.

        >>> Rule("value", origin="web").matches(OrderFacts(origin="staff"))
        False
        >>> Rule("value", zips=("101", "20")).matches(OrderFacts(zip="101 15"))
        True
        """
        return (
            self.origin in ("any", order.origin)
            and (not self.channels or order.channel in self.channels)
            and (not self.countries or order.country in self.countries)
            and (not self.states or order.state in self.states)
            and (not self.zips or order.zip.replace(" ", "").upper().startswith(self.zips))
            and (not self.tags or not self.tags.isdisjoint(order.tags))
            and order.value >= self.min_value
            and (not self.max_value or order.value <= self.max_value)
        )


@dataclass(slots=True)
class Verdict:
    """Why an order waits, and the facts a release of it is good for.

    `marks` name the facts (another message, another address is another fact); `measure` is how bad it is, where that
    can be counted: a release covers what is not worse.
    """

    kind: str
    reasons: list
    marks: tuple = ()
    measure: float = 0.0
    verdict: str = "hold"
    strict: bool = False  # only a buyer may let it go
