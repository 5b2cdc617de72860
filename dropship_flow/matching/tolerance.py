"""How large a difference may be without anybody looking at it: the first row that fits."""

from decimal import Decimal
from typing import NamedTuple

ZERO = Decimal(0)


class Tolerance(NamedTuple):
    """So much may a bill be dearer. Empty parts match anything; a limit of None is not checked.

    :param absolute: in the currency of the purchase
    :param relative: percent of what was expected
    """

    supplier: object = None
    company: object = None
    kind: str = ""
    absolute: Decimal | None = None
    relative: Decimal | None = None


NOTHING = Tolerance()


def pick(rows, supplier, company, kind):
    """The first row that fits; without one nothing is tolerated.

    >>> rows = [Tolerance(supplier=7, absolute=Decimal(1)), Tolerance(kind="freight", relative=Decimal(5))]
    >>> pick(rows, 7, 1, "goods").absolute, pick(rows, 8, 1, "freight").relative, pick(rows, 8, 1, "goods") is NOTHING
    (Decimal('1'), Decimal('5'), True)
    """
    for row in rows:
        fits = row.supplier in (None, supplier) and row.company in (None, company) and row.kind in ("", kind)
        if fits:
            return row
    return NOTHING


def within(tolerance, difference, expected):
    """Whether the difference need not be looked at. Where both limits are given, both hold.

    What is cheaper than agreed is always within.

    >>> both = Tolerance(absolute=Decimal(2), relative=Decimal(5))
    >>> within(both, Decimal("1.90"), Decimal(100)), within(both, Decimal("1.90"), Decimal(20))
    (True, False)
    >>> within(NOTHING, Decimal("0.01"), Decimal(100)), within(NOTHING, Decimal(-3), Decimal(100))
    (False, True)
    """
    if difference <= ZERO:
        return True
    if tolerance.absolute is None and tolerance.relative is None:
        return False
    if tolerance.absolute is not None and difference > tolerance.absolute:
        return False
    return tolerance.relative is None or difference <= abs(expected) * tolerance.relative / Decimal(100)
