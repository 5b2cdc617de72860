"""The words the verdict is spoken in. Quantities of `Line` and `Said` are in units of the supplier's SKU."""

from decimal import Decimal
from typing import NamedTuple

ZERO = Decimal(0)


class Line(NamedTuple):
    """A line of the purchase as the supplier has it."""

    key: str
    sku: str
    ordered: Decimal  # as sent
    open: Decimal  # of it still ordered: refused and withdrawn parts left out
    shipped: Decimal = ZERO


class Said(NamedTuple):
    """What he says of the open quantity of one line; the four quantities add up to it."""

    accepted: Decimal
    backordered: Decimal = ZERO
    rejected: Decimal = ZERO
    substituted: Decimal = ZERO
    price: Decimal | None = None
    date: str | None = None
    reason_code: str = ""
    reason: str = ""
    substitute: str = ""


class Problem(NamedTuple):
    """Why an answer cannot be taken: a code and the figures of its sentence."""

    code: str
    params: dict


class Row(NamedTuple):
    """A sourcing row of a line, in reference units of the product."""

    key: object
    need: Decimal  # what the customer waits for
    buy: Decimal  # what is bought: more when only whole packs are sold
    status: str = "waiting"
    shipped: Decimal = ZERO


class Piece(NamedTuple):
    """So much of a row gets that answer."""

    status: str  # accepted, backordered, asked, rejected
    need: Decimal
    buy: Decimal
