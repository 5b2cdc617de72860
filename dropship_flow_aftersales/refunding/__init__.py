"""How much goes back, of what, and by which way: an order as invoiced + what is asked → a refund, or why not.

Plain values in, plain values out: no Odoo, no database, no clock. Money and quantities are `Decimal`. A refund is rows,
one for each line it touches; they are kept and come back as `Order.past`. The last refund of a line takes what the
roundings of the others left, so all of them together are what was invoiced, each tax by itself. Nobody passes this
bound: a line never gives more than was paid for it, an order never more than was paid above what is still owed.
"""

from .calculate import after, refund
from .facts import Ask, Back, Line, Order, Own, Payment, Promotion, Result, Row, Wish
from .parts import Parts

__all__ = [
    "Ask", "Back", "Line", "Order", "Own", "Parts", "Payment", "Promotion", "Result", "Row", "Wish", "after", "refund",
]  # fmt: skip
