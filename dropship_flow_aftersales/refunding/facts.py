"""What is known of an order, and what is asked. Money in the order's currency, quantities in the line's unit."""

from decimal import Decimal
from typing import NamedTuple

from .parts import NOTHING, ZERO, Parts

CENT = Decimal("0.01")


class Line(NamedTuple):
    """A line as it was invoiced, discounts in it and rounded as the document was.

    :param str kind: goods, gift, delivery, promotion (its parts are negative), rounding (of the document)
    :param tuple given_for: keys of the lines a promotion lowers; empty: all goods
    :param Parts charge: what a gift costs whoever keeps it without a right to, or a delivery that was free
    :param points: loyalty points that were paid for a promotion
    :param points_back: what of them is back on the customer's card
    """

    key: object
    kind: str = "goods"
    qty: Decimal = Decimal(1)
    parts: Parts = NOTHING
    delivered: Decimal = ZERO
    given_for: tuple = ()
    charge: Parts = NOTHING
    points: Decimal = ZERO
    points_back: Decimal = ZERO


class Promotion(NamedTuple):
    """What was given because the goods came to a sum.

    :param threshold: goods that have to stay, in the figure the order's prices are meant in, before promotions
    :param tuple lines: keys of its lines: promotions, gifts, deliveries that were free
    :param str rule: when too little stays: let_go; take_back (discounts and freight are taken off the refund, a gift is
        expected back); charge (as take_back, and a gift that stays is taken off the refund)
    :param tuple on: keys of the goods that count; empty: all
    """

    key: object
    threshold: Decimal
    lines: tuple
    rule: str = "take_back"
    on: tuple = ()


class Own(NamedTuple):
    """A payment in the currency it was made in, when that is not the order's."""

    currency: str
    amount: Decimal
    refunded: Decimal = ZERO
    step: Decimal = CENT


class Payment(NamedTuple):
    """Money that came, valued in the order's currency on the day it came.

    :param currency: what amount is in; empty: the order's
    :param Own own: the same in the payment's currency
    :param refundable: the service can give it back; cash and transfers cannot
    :param whole: the service gives back all of it or nothing
    :param refunded: given back already, or under way
    :param charged_back: taken back by the customer's bank
    :param stored: gift card, store credit
    """

    key: object
    amount: Decimal
    currency: str = ""
    own: Own | None = None
    refundable: bool = True
    whole: bool = False
    refunded: Decimal = ZERO
    charged_back: Decimal = ZERO
    stored: bool = False

    @property
    def paid(self):
        return self.amount - self.charged_back

    @property
    def free(self):
        return self.paid - self.refunded

    @property
    def usable(self):
        touched = self.free != self.amount
        return self.refundable and self.free > ZERO and not (self.whole and touched)


class Row(NamedTuple):
    """What one refund did to one line: it comes out of a calculation, is kept, and goes into the next.

    :param line: key of a line; of a promotion for what is taken back of it; None: of the whole order
    :param str kind: of the ask; freight, promotion, return_freight
    :param Parts parts: credited; less than nothing where the refund takes something off
    :param Parts fee: kept of the goods' value for restocking; it is no part of `parts`
    :param done: the quantity is settled for good; otherwise the customer has it and paid less for it
    :param ours: our fault, so no promotion is lost by it
    """

    line: object
    kind: str
    qty: Decimal = ZERO
    parts: Parts = NOTHING
    fee: Parts = NOTHING
    done: bool = False
    ours: bool = False


class Order(NamedTuple):
    """
    :param step: smallest amount of the currency
    :param included: prices are meant with taxes
    :param cash: nothing is paid yet because the carrier collects it
    :param past: rows of earlier refunds, as they came
    :param paid_out: given back otherwise than through a payment
    :param earned: loyalty points the order brought
    :param earned_back: what of them was taken off again
    :param points: what is on the customer's card; None: nobody asked
    """

    lines: tuple
    payments: tuple = ()
    promotions: tuple = ()
    currency: str = "EUR"
    step: Decimal = CENT
    included: bool = True
    cash: bool = False
    past: tuple = ()
    paid_out: Decimal = ZERO
    earned: Decimal = ZERO
    earned_back: Decimal = ZERO
    points: Decimal | None = None


class Ask(NamedTuple):
    """
    :param str kind: return, refused_parcel, not_shipped, short, cancelled_by_us, refund_only (by quantity or amount);
        keep (percent or amount), price_difference (price or amount), goodwill (amount); freight_only, paid_twice
        (amount, or all there is)
    :param line: None: the whole order (goodwill, freight_only, paid_twice)
    :param qty: None for keep, price difference and amounts: all that is not settled
    :param amount: taxes included
    :param price: what a unit costs now, in the figure the order's prices are meant in
    :param percent: of the value that comes back for keeping the goods
    :param fee: percent of the value that is kept for restocking
    :param given: of pieces that come back or never came: so much was agreed on, taxes included, and what they are worth
        above it is kept; None: as `fee` says
    """

    kind: str
    line: object = None
    qty: Decimal | None = None
    amount: Decimal | None = None
    price: Decimal | None = None
    percent: Decimal | None = None
    fee: Decimal = ZERO
    given: Decimal | None = None


class Wish(NamedTuple):
    """
    :param str freight: of what the customer paid for delivery: no, part (as much as goods are settled), yes
    :param freight_most: of it, over all refunds: the dearest standard delivery; None: no bound
    :param return_freight: what the way back cost
    :param str return_payer: who bears it: us, customer
    :param return_advanced: who laid it out: us (a label), customer
    :param insured: what an insurance (运费险) paid the customer for the way back
    :param ours: our fault: promotions are not lost
    :param str stored: gift cards and store credit are given back first or last
    """

    asks: tuple
    currency: str = ""
    freight: str = "no"
    freight_most: Decimal | None = None
    return_freight: Decimal = ZERO
    return_payer: str = "us"
    return_advanced: str = "us"
    insured: Decimal = ZERO
    ours: bool = False
    stored: str = "last"


class Back(NamedTuple):
    """:param own: the amount in the payment's own currency; None: it is the order's"""

    payment: object
    amount: Decimal
    own: Decimal | None = None


class Result(NamedTuple):
    """
    :param tuple refused: (code, {figure: value}); with one of them nothing else is said
    :param rows: what is credited
    :param credit: their sum: the credit note
    :param money: what the customer gets of it; the rest lowers what he owes
    :param backs: through which payments
    :param person: what no payment can give back
    :param reimbursed: return freight the customer laid out for us; no part of the refund
    :param points_taken: earned points that go
    :param points_back: (promotion line, points) that come back to the card
    :param warnings: (code, {figure: value})
    """

    refused: tuple = ()
    rows: tuple = ()
    credit: Parts = NOTHING
    money: Decimal = ZERO
    backs: tuple = ()
    person: Decimal = ZERO
    reimbursed: Decimal = ZERO
    points_taken: Decimal = ZERO
    points_back: tuple = ()
    warnings: tuple = ()
