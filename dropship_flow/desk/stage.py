"""One word for where an order stands."""

from dataclasses import dataclass

STAGE_CODES = ("unpaid", "held", "at_supplier", "to_ship", "on_the_way", "delivered", "after_sales", "closed")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the word is made of."""

    state: str  # of the sale: draft, sent, sale, cancel
    holds: frozenset = frozenset()  # kinds of the open holds
    rows: frozenset = frozenset()  # states of the allocations; a row that shipped a part and was released: shipped
    payment_pending: bool = False  # the customer chose how to pay; the money is not here yet
    delivered: bool = False  # everything that shipped reached the customer
    after_sales: bool = False  # a case about the order is open
    invoiced: bool = False


def stage_of(facts):
    """The stage; None for orders the suite has nothing to do with.

    The earliest part decides: an order with one parcel on the way and one still to be accepted is at the supplier.

    >>> stage_of(Facts("sale", rows=frozenset({"shipped", "submitted"})))
    'at_supplier'
    >>> stage_of(Facts("sale", holds=frozenset({"unpaid", "value"})))
    'unpaid'
    >>> stage_of(Facts("sale", rows=frozenset({"shipped", "released"}), delivered=True, invoiced=True))
    'closed'
    >>> stage_of(Facts("draft")), stage_of(Facts("sale"))
    (None, None)
    """
    if facts.state == "cancel":
        return "closed" if facts.rows else None
    if facts.holds:
        return "unpaid" if "unpaid" in facts.holds else "held"
    if facts.state != "sale":
        return "unpaid" if facts.payment_pending else None
    if facts.rows & {"planned", "submitted"}:
        return "at_supplier"
    if "accepted" in facts.rows:
        return "to_ship"
    if "shipped" in facts.rows:
        return _shipped(facts)
    return "closed" if facts.rows else None  # all was given back and nothing is wanted any more


def _shipped(facts):
    if facts.after_sales:
        return "after_sales"
    if not facts.delivered:
        return "on_the_way"
    return "closed" if facts.invoiced else "delivered"
