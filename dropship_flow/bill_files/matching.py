"""Which line of a bill is which line of an order, and what speaks against it. Numbers in, codes out."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from .model import CREDIT, number_key

ZERO = Decimal(0)
TINY = Decimal("0.000001")
# Against these nobody pays: they wait for something or somebody. All others are differences a person may accept.
HOLDING = frozenset(
    {"order_unknown", "order_foreign", "order_needed", "line_unknown", "line_several", "not_shipped", "twice",
     "credit_more", "no_quantity"}
)  # fmt: skip


@dataclass
class Bought:
    """A line of an order, quantities and price per unit of the supplier's SKU.

    :param refs: all numbers the order goes by; :param billed: on other bills, less what was credited
    """

    key: str
    refs: tuple
    sku: str
    ordered: Decimal
    shipped: Decimal
    billed: Decimal
    price: Decimal
    order: object = None  # anything that can be hashed


@dataclass
class Found:
    """What became of a line: the order's line, or None, and reasons as (code, figures)."""

    bought: Bought | None = None
    reasons: list = field(default_factory=list)
    order: object = None

    @property
    def holds(self):
        return any(code in HOLDING for code, _params in self.reasons)


def refs_of(text):
    """All numbers of orders somebody wrote into one field.

    >>> refs_of("P00012, P00013；P00014"), refs_of("PO 12/3")
    (['P00012', 'P00013', 'P00014'], ['PO 12/3'])
    """
    parts = re.split(r"[,;，；、\n\t|]+", text or "")
    return list(dict.fromkeys(" ".join(part.split())[:64] for part in parts if part.strip()))


def sku_key(sku):
    """One SKU for what people write with other capitals or spaces. Marks count: A-1 is not A1."""
    return re.sub(r"\s+", "", sku or "").casefold()


class Matcher:
    """
    :param bought: all Bought that may be meant: of the orders the bill names
    :param foreign: keys of numbers that are orders, but not this supplier's and company's
    """

    def __init__(self, bought, foreign=(), kind=""):
        self.by_key = {row.key: row for row in bought}
        self.by_ref = defaultdict(list)
        for row in bought:
            for ref in dict.fromkeys(map(number_key, row.refs)):
                self.by_ref[ref].append(row)
        self.foreign, self.kind = set(foreign), kind
        self.used = defaultdict(lambda: ZERO)

    def find(self, line, header_refs=(), fixed=None):
        """What a line is about.

        :param fixed: key of the order's line a person said
        """
        key = fixed or line.key.rpartition(":")[2].strip()
        if key in self.by_key:
            row = self.by_key[key]
            if fixed or not line.ref or number_key(line.ref) in map(number_key, row.refs):
                return Found(row, order=row.order)
        refs = [line.ref] if line.ref else list(header_refs)
        rows = [row for ref in refs for row in self.by_ref.get(number_key(ref), ())]
        rows = list({row.key: row for row in rows}.values())
        if not rows:
            return Found(reasons=[self._no_order(refs)])
        order = rows[0].order if len({row.order for row in rows}) == 1 else None
        if line.charge:
            return Found(order=order)
        return self._among(line, rows, order)

    def _no_order(self, refs):
        if not refs:
            return ("order_needed", {})
        ref = refs[0]
        code = "order_foreign" if number_key(ref) in self.foreign else "order_unknown"
        return (code, {"ref": ref})

    def _among(self, line, rows, order):
        wanted = sku_key(line.sku)
        same = [row for row in rows if sku_key(row.sku) == wanted] if wanted else rows
        if not same:
            return Found(reasons=[("line_unknown", {"sku": line.sku or line.name})], order=order)
        if len(same) > 1:
            # Of several alike the one that is still open; then the one with this price.
            still = [row for row in same if self._left(row) > 0] or same
            alike = [row for row in still if line.price is not None and abs(row.price - line.price) < Decimal("0.005")]
            same = alike or still
            if len({sku_key(row.sku) for row in same}) > 1:
                return Found(reasons=[("line_several", {"sku": line.sku or line.name})], order=order)
        return Found(same[0], order=same[0].order)

    def _left(self, row):
        return row.ordered - row.billed - self.used[row.key]

    def judge(self, line, found, allowed):
        """Add what speaks against the line; call it in the order of the bill.

        :param Decimal allowed: by how much the amount may differ
        """
        row = found.bought
        if line.qty is None:
            found.reasons.append(("no_quantity", {"sku": line.sku or line.name}))
            return
        before = row.billed + self.used[row.key]
        self.used[row.key] += -line.qty if self.kind == CREDIT else line.qty
        if self.kind == CREDIT:
            if line.qty > before + TINY:
                found.reasons.append(("credit_more", _figures(row, line, before=before)))
        elif before >= row.ordered - TINY and before > 0:
            found.reasons.append(("twice", _figures(row, line, before=before)))
        elif before + line.qty > row.ordered + TINY:
            found.reasons.append(("too_many", _figures(row, line, ordered=row.ordered)))
        elif before + line.qty > row.shipped + TINY:
            found.reasons.append(("not_shipped", _figures(row, line, shipped=row.shipped)))
        if self.kind != CREDIT and line.price is not None and not line.included:
            amount = line.amount if line.amount is not None else line.price * line.qty
            if abs(amount - row.price * line.qty) > allowed:
                prices = {"told": priced(line.price), "agreed": priced(row.price)}
                found.reasons.append(("price", _figures(row, line) | prices))


def _figures(row, line, **more):
    told = {"sku": row.sku or line.sku, "qty": plain(line.qty)}
    return told | {name: plain(value) for name, value in more.items()}


def plain(number):
    """A number as a person writes it, four digits at most.

    >>> plain(Decimal("12.500000")), plain(Decimal("3")), plain(Decimal("0.333333"))
    ('12.5', '3', '0.3333')
    """
    text = f"{number.quantize(Decimal('0.0001'), ROUND_HALF_UP):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def priced(number):
    """A price: at least two digits behind the point.

    >>> priced(Decimal("16.4")), priced(Decimal("0.125")), priced(Decimal("3"))
    ('16.40', '0.125', '3.00')
    """
    whole, _point, part = plain(number).partition(".")
    return f"{whole}.{part.ljust(2, '0')}"


def share(amount, weights, digits=2):
    """An amount divided in proportion; what is left of rounding goes to the largest. The parts make the whole.

    >>> share(Decimal("10.00"), [Decimal(1), Decimal(1), Decimal(1)])
    [Decimal('3.34'), Decimal('3.33'), Decimal('3.33')]
    >>> share(Decimal("5.00"), [ZERO, ZERO])
    [Decimal('5.00'), Decimal('0.00')]
    """
    step = Decimal(1).scaleb(-digits)
    total = sum(weights)
    if not total:
        weights, total = [Decimal(1), *[ZERO] * (len(weights) - 1)], Decimal(1)
    parts = [(amount * weight / total).quantize(step, ROUND_HALF_UP) for weight in weights]
    largest = max(range(len(weights)), key=lambda index: weights[index])
    parts[largest] += amount - sum(parts)
    return parts
