"""What is known of a case. Moments are naive UTC, money and quantities `Decimal`, keys what the caller likes."""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

ZERO = Decimal(0)
ACCEPTANCES = ("asked", "negotiating", "accepted", "refused", "cancelled")
RECEPTIONS = ("none", "awaited", "on_the_way", "partly", "received", "inspected", "not_coming")
UNDECIDED = ("asked", "negotiating")
AFTER = ("", "sent", "received", "inspected")
SILENCES = ("accept", "refuse", "person")
AS_SENT = "as_sent"  # the condition of what the supplier did not look at in time

PARTY = {"customer": "customer", "guest": "customer", "agent": "us", "system": "us", "supplier": "supplier"}
BUYER = ("customer", "guest")
SHOP = ("agent", "system")
# Whose event counts. A guest is a customer: what a guest must prove first is asked at the door.
TALK = {
    "offer": (*BUYER, *SHOP), "take": (*BUYER, "agent"), "decline": (*BUYER, "agent"),
    "accept": SHOP, "refuse": SHOP, "cancel": (*BUYER, "agent"), "withdraw": (*BUYER, "agent"),
    "approve": ("supplier", "system"), "disapprove": ("supplier", "system"), "redirect": ("agent",),
    "resolve": SHOP, "close": SHOP, "score": BUYER,
}  # fmt: skip
GOODS = {
    "send": (*BUYER, *SHOP), "move": SHOP, "arrive": SHOP, "lose": SHOP, "receive": ("supplier", "agent"),
    "inspect": ("supplier", "agent"), "deem": SHOP, "not_coming": (*BUYER, *SHOP),
}  # fmt: skip
MAY = {**TALK, **GOODS}


class Offer(NamedTuple):
    """What the customer is to get.

    :param str kind: return, keep, exchange, credit, repair, replacement …
    :param tuple lines: ((line, quantity), …)
    :param Decimal amount: money, in the currency of the case; None: as calculated
    :param str to: where the goods go: supplier, us; empty: they stay
    :param str after: what comes before it is carried out, one of AFTER; empty: nothing
    :param tuple conditions: (code, {parameter: value}) to be shown, not judged here
    :param datetime until: the first moment that is too late for an answer; None: without end
    :param str silence: what no answer means, one of SILENCES
    """

    kind: str
    lines: tuple
    amount: Decimal | None = None
    to: str = ""
    after: str = ""
    conditions: tuple = ()
    until: datetime | None = None
    silence: str = "person"


class Event(NamedTuple):
    """Something that happened.

    :param key: tells it from every other; of one sort, ascending as recorded: decides between equal moments
    :param datetime at: of words: when they were recorded here; of goods and parcels: when it happened there
    :param str code: one of MAY
    :param str by: one of PARTY
    :param Offer offer: of offer, accept, withdraw
    :param about: key of the event with the offer that take, decline, resolve are about
    :param str parcel: of goods; empty: no parcel is known, all of these are one
    :param tuple lines: of send, receive ((line, quantity), …), of inspect ((line, condition, quantity), …); each says
        how many of the line are in this parcel in all, the newest is right
    :param datetime until: of close: until when a bad score opens the case again
    :param score: of score: the score; of close: the best that is still bad
    """

    key: object
    at: datetime
    code: str
    by: str
    offer: Offer | None = None
    about: object = None
    parcel: str = ""
    lines: tuple = ()
    until: datetime | None = None
    score: object = None


class Request(NamedTuple):
    """How a case begins.

    :param tuple lines: ((line, quantity asked), …)
    :param bool approval: nothing is sent to the supplier before he agrees
    """

    opened: datetime
    lines: tuple
    approval: bool = False


class Flag(NamedTuple):
    """Something worth knowing: a code, since when, {parameter: value}."""

    code: str
    at: datetime
    figures: dict


class Open(NamedTuple):
    """The offer that can be accepted now."""

    key: object
    at: datetime
    by: str
    offer: Offer

    @property
    def answers(self):
        """The party that is to answer."""
        return "customer" if PARTY[self.by] == "us" else "us"


class Bound(NamedTuple):
    """What the customer has a right to.

    :param key: of the event that brought it
    :param str how: taken, silence, granted (as asked for), law
    :param datetime resolved: when it was carried out
    """

    key: object
    how: str
    at: datetime
    offer: Offer
    resolved: datetime | None = None


class Parcel(NamedTuple):
    """One box on its way back.

    :param datetime opened: when its goods were last counted · inspected: when all that came in it was
    :param bool known: somebody has said what is in it
    :param bool alone: nobody but the carrier has said anything about it
    """

    key: str
    sent: datetime | None
    arrived: datetime | None
    lost: datetime | None
    opened: datetime | None
    inspected: datetime | None
    deemed: datetime | None
    known: bool
    alone: bool = False

    @property
    def riddle(self):
        """It arrived and nobody has said what is in it."""
        return bool(self.arrived) and not self.known

    @property
    def on_the_way(self):
        return bool(self.sent) and not (self.there or self.lost)

    @property
    def there(self):
        """Since when it is there; None: it is not."""
        return min(filter(None, (self.arrived, self.opened, self.deemed)), default=None)


class LineState(NamedTuple):
    """Quantities of a line.

    :param accepted: something is accepted for so many · back: so many of them are to come back
    :param received: came, by count or, of parcels nobody opened, by the carrier's word · lost: on the way back
    :param tuple inspected: ((condition, quantity), …) by condition
    """

    key: object
    asked: Decimal
    accepted: Decimal = ZERO
    back: Decimal = ZERO
    sent: Decimal = ZERO
    received: Decimal = ZERO
    lost: Decimal = ZERO
    inspected: tuple = ()

    @property
    def checked(self):
        return sum((quantity for _condition, quantity in self.inspected), ZERO)

    @property
    def missing(self):
        """What is to come back and has neither come nor been lost."""
        return max(self.back - self.received - self.lost, ZERO)


class Case(NamedTuple):
    """A case as its events have made it.

    :param str acceptance: one of ACCEPTANCES; once opened again, that of the new round
    :param str reception: one of RECEPTIONS
    :param str approval: the supplier's, where it is needed: waiting, given, refused
    :param str to: where goods go: supplier, us; empty: nowhere
    :param datetime since: since when the shop is to decide, where nobody else is to answer
    :param tuple bound: `Bound`, all the customer has a right to, carried out or not
    :param tuple strangers: ((what, quantity), …) found in parcels and not of this case
    :param datetime person: since when a person must look; None: nobody must
    :param tuple ignored: ((key, reason), …) of events that change nothing
    :param datetime ahead: when the next event of the future will count
    :param datetime touched: the last event that counts
    """

    acceptance: str
    reception: str
    lines: tuple
    offer: Open | None
    bound: tuple
    approval: str
    approved: datetime | None
    to: str
    parcels: tuple
    strangers: tuple
    not_coming: datetime | None
    since: datetime
    closed: datetime | None
    reopened: datetime | None
    score: object
    flags: tuple
    person: datetime | None
    ignored: tuple
    touched: datetime
    ahead: datetime | None

    def line(self, key):
        return next(line for line in self.lines if line.key == key)

    @property
    def missing(self):
        """Goods are to come and have not."""
        return any(line.missing for line in self.lines)

    @property
    def underway(self):
        return any(parcel.on_the_way for parcel in self.parcels)

    @property
    def to_send(self):
        """The customer is to send something, and may."""
        quiet = not (self.not_coming or self.underway or any(parcel.riddle for parcel in self.parcels))
        return quiet and self.missing and self.approval in ("", "given")

    @property
    def unresolved(self):
        """What the customer has a right to and did not get yet."""
        return tuple(bound for bound in self.bound if not bound.resolved)
