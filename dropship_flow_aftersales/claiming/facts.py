"""What happened, what the terms of a party say of it, and the claims that come of both."""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from .shared import ENDLESS, Clock, Deadline, Window

ZERO, CENT, WHOLE = Decimal(0), Decimal("0.01"), Decimal(100)
NOTHING = frozenset()
# Who can be asked for money; what the others caused is our own loss.
CLAIMABLE = ("supplier", "carrier", "customs", "customer")
PARTIES = (*CLAIMABLE, "listing", "us")
# What terms may pay besides the goods.
EXTRAS = ("replacement", "freight_out", "freight_back", "duties", "labour")
MONEY = ("cost", "refunded", *EXTRAS, "saved")
BASES = ("ordered", "shipped", "delivered", "noticed")


class Line(NamedTuple):
    """The pieces of a line something happened to; amounts are for all of them together.

    :param cost: what the supplier gets for them; nothing when he never bills them
    :param refunded: given back to the customer
    :param replacement: what others cost that were sent instead, with their freight
    :param saved: what the goods are still worth to us, and what somebody else paid already
    :param bool kept: the customer has them and paid for them: they were not bought and sent in vain
    :param frozenset kinds: custom, perishable, fragile …
    :param weight: kg; None: unknown
    """

    key: object
    qty: Decimal = Decimal(1)
    cost: Decimal = ZERO
    refunded: Decimal = ZERO
    replacement: Decimal = ZERO
    freight_out: Decimal = ZERO
    freight_back: Decimal = ZERO
    duties: Decimal = ZERO
    labour: Decimal = ZERO
    saved: Decimal = ZERO
    kept: bool = False
    kinds: frozenset = NOTHING
    weight: Decimal | None = None

    @property
    def loss(self):
        """What was spent in vain or what it took to put it right, whichever is more, and the trouble with it.

        >>> D = Decimal
        >>> Line("lamp", cost=D(60), freight_out=D(5), refunded=D(100), labour=D(2)).loss
        Decimal('102')
        >>> Line("lamp", cost=D(60), freight_out=D(5), refunded=D(8), kept=True).loss  # a scratch, 8 back
        Decimal('8')
        >>> Line("lamp", cost=D(60), freight_out=D(5), saved=D(60)).loss  # refused at the door, good as new
        Decimal('5')
        """
        vain = ZERO if self.kept else self.cost + self.freight_out + self.duties
        return max(max(vain, self.refunded + self.replacement) + self.freight_back + self.labour - self.saved, ZERO)


class Loss(NamedTuple):
    """
    :param str kind: damaged, missing, wrong_item, defective, never_shipped, late_upload, no_movement, lost,
        refused_at_door, leaflet, fake_shipping …; terms name the same
    :param tuple liable: (party, percent); what is left of 100 is ours
    :param frozenset evidence: there is
    :param int parcels: it is about
    :param datetime noticed: by us, naive UTC as the others; None: it did not happen, or nobody knows when
    """

    kind: str
    lines: tuple
    liable: tuple
    currency: str = "EUR"
    step: Decimal = CENT
    evidence: frozenset = NOTHING
    parcels: int = 1
    ordered: datetime | None = None
    shipped: datetime | None = None
    delivered: datetime | None = None
    noticed: datetime | None = None


class Penalty(NamedTuple):
    """For an offence, whatever it cost us and whoever is liable besides: fixed + percent of the goods' cost, in bounds.

    >>> five = Penalty(percent=Decimal(5), low=Decimal(2), high=Decimal(30))
    >>> five.of(Decimal(20)), five.of(Decimal(100)), five.of(Decimal(9000))
    (Decimal('2'), Decimal('5'), Decimal('30'))
    """

    fixed: Decimal = ZERO
    percent: Decimal = ZERO
    low: Decimal | None = None
    high: Decimal | None = None

    def of(self, cost):
        amount = self.fixed + self.percent * cost / WHOLE
        amount = amount if self.low is None else max(amount, self.low)
        return amount if self.high is None else min(amount, self.high)


class Rule(NamedTuple):
    """What terms pay for some kinds of loss; the first rule that fits counts.

    :param frozenset kinds: of loss; empty: any
    :param str pays: percent of what: cost, refunded, nothing
    :param frozenset covers: paid in full besides, of EXTRAS
    :param Penalty penalty: on top; None: there is none
    :param frozenset evidence: asked for besides that of the terms
    :param Window window: None: that of the terms
    """

    key: object
    kinds: frozenset = NOTHING
    pays: str = "cost"
    percent: Decimal = WHOLE
    covers: frozenset = NOTHING
    penalty: Penalty | None = None
    evidence: frozenset = NOTHING
    window: Window | None = None


class Terms(NamedTuple):
    """Of a supplier or carrier. Amounts are in the claim's currency, None where there is no limit.

    :param Window window: to claim; base ordered, shipped, delivered, noticed; None: without end
    :param frozenset excluded: kinds of goods or of loss; "fragile+damaged": both
    :param per_parcel: most that damages come to, as `per_kg`; penalties are not bound by them
    :param per_claim: most of all together, as `per_month`
    :param Window answer: how long he may take; None: for ever
    :param str silence: after that: accepted, refused; empty: it stays open
    :param Window objection: how long we may object to an answer; None: never
    :param bool netted: taken off his statement by us; otherwise he sends a credit note or money
    :param str zone: his; days end at midnight there
    :param frozenset holidays: dates nobody works there, and Saturdays and Sundays that are `worked`
    """

    rules: tuple
    currency: str = "EUR"
    window: Window | None = None
    evidence: frozenset = NOTHING
    excluded: frozenset = NOTHING
    per_parcel: Decimal | None = None
    per_kg: Decimal | None = None
    per_claim: Decimal | None = None
    per_month: Decimal | None = None
    answer: Window | None = None
    silence: str = ""
    objection: Window | None = None
    netted: bool = True
    zone: str = "UTC"
    holidays: frozenset = NOTHING
    worked: frozenset = NOTHING

    def clock(self, now):
        """
        :raise pytz.UnknownTimeZoneError: no such zone
        """
        return Clock(now, self.zone, self.holidays, self.worked)


class ClaimLine(NamedTuple):
    key: object
    qty: Decimal
    amount: Decimal


class Claim(NamedTuple):
    """
    :param share: percent the party is liable for
    :param amount: of lines and penalty together; nothing when it is refused
    :param rule: key of the rule all lines go by
    :param Deadline deadline: to hand it in
    :param tuple missing: evidence that has to be there before
    :param tuple refused: (code, {figure: value}): why nothing can be claimed
    :param tuple notes: the same: why it is less
    """

    party: str
    share: Decimal
    amount: Decimal = ZERO
    lines: tuple = ()
    penalty: Decimal = ZERO
    rule: object = None
    deadline: Deadline = ENDLESS
    missing: tuple = ()
    refused: tuple = ()
    notes: tuple = ()
    currency: str = "EUR"
    step: Decimal = CENT


class Raised(NamedTuple):
    """
    :param tuple refused: (code, {figure: value}): with one of them nothing else is said
    :param loss: of all lines
    :param tuple claims: one for each party that can be asked, refused ones as well
    :param own: what nobody is asked for
    """

    refused: tuple = ()
    loss: Decimal = ZERO
    claims: tuple = ()
    own: Decimal = ZERO
