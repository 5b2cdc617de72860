"""Numbers of the database as exact ones."""

from decimal import Decimal

ZERO = Decimal(0)


def decimal(value, places=10):
    """A float of the database as the decimal a person typed.

    >>> decimal(0.1 + 0.2), decimal(None)
    (Decimal('0.3'), Decimal('0'))
    """
    return Decimal(str(round(value, places))) if value else ZERO


def trimmed(value):
    """The same of quantities and prices that were added up and converted: what floats add beyond six places is noise.

    >>> trimmed(1 / 3)
    Decimal('0.333333')
    """
    return decimal(value, 6)
