"""Words of goods that come back, as selection lists people read; quantities as exact text."""

from decimal import Decimal

PLACES = [("supplier", "To the Supplier"), ("us", "To Us")]
PARCEL_STATES = [
    ("expected", "To Come"),
    ("on_the_way", "On Its Way Back"),
    ("arrived", "Arrived"),
    ("counted", "Counted"),
    ("inspected", "Inspected"),
    ("deemed", "Taken as Sent"),
    ("lost", "Lost on the Way"),
]
CONDITIONS = [
    ("as_new", "As New"),
    ("opened", "Opened Pack"),
    ("used", "Used"),
    ("damaged", "Damaged"),
    ("missing_parts", "Parts Missing"),
    ("wrong_item", "Wrong Item"),
    ("not_ours", "Not Ours"),
]
CONDITION_CODES = frozenset(code for code, _word in CONDITIONS)
# Something else came instead of what was sold: the sold piece did not come back.
ELSE = frozenset({"wrong_item", "not_ours"})
# Where a piece lies once somebody looked at it; all others wait for a decision.
TO_SHELF = frozenset({"as_new"})
TO_DAMAGED = frozenset({"damaged", "missing_parts"})
PAYERS = [("customer", "Customer"), ("us", "Us"), ("supplier", "Supplier"), ("carrier", "Carrier"),
          ("insurer", "Insurer")]  # fmt: skip


def plain(number):
    """A quantity as text without needless digits.

    >>> plain(2.0), plain(Decimal("10.50"))
    ('2', '10.5')
    """
    return f"{Decimal(str(number)).normalize():f}"
