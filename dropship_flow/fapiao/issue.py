"""What stands on which invoice: netting, splitting by rate and amount, and the way back (红字).

Amounts are without tax; one rounding, at the line, to the cent. What is split adds up to what it was.
"""

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal(0)
# The tax bureau takes so many lines on one invoice.
MAX_LINES = 2000


def cents(amount):
    return amount.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Row:
    """A line of an invoice.

    :param key: what tells the goods apart, the same on an invoice and on its credit note
    :param quantity: may be 0 for what is not counted
    :param amount: without tax; negative for a credit
    :param tax: of the amount
    :param rate: percent
    """

    key: object
    quantity: Decimal
    amount: Decimal
    tax: Decimal
    rate: Decimal

    @property
    def total(self):
        return self.amount + self.tax

    def negated(self):
        """The same with the other sign: a credit as what comes back."""
        return replace(self, quantity=-self.quantity, amount=-self.amount, tax=-self.tax)

    def part(self, amount):
        """The part of the row that has this amount, its tax and quantity in proportion."""
        if amount == self.amount or not self.amount:
            return self
        share = amount / self.amount
        return replace(self, amount=amount, tax=cents(self.tax * share), quantity=round(self.quantity * share, 6))

    def rest(self, part):
        """What is left of the row after a part of it."""
        return replace(
            self,
            amount=self.amount - part.amount,
            tax=self.tax - part.tax,
            quantity=self.quantity - part.quantity,
        )


def net(rows):
    """Rows with what was credited taken out: first from the same goods, then from the others of the same rate.

    >>> D = Decimal
    >>> sold, back = Row("lamp", D(2), D(200), D(26), D(13)), Row("lamp", D(-1), D(-100), D(-13), D(13))
    >>> [(row.quantity, row.amount, row.tax) for row in net([sold, back])]
    [(Decimal('1'), Decimal('100'), Decimal('13'))]
    >>> less = Row("discount", D(0), D(-20), D("-2.6"), D(13))
    >>> [(row.key, row.amount) for row in net([sold, Row("cup", D(1), D(50), D("6.5"), D(13)), less])]
    [('lamp', Decimal('184.00')), ('cup', Decimal('46.00'))]
    >>> net([sold, Row("lamp", D(-2), D(-200), D(-26), D(13))])
    []
    """
    merged = {}
    for row in rows:
        known = merged.get((row.key, row.rate))
        merged[row.key, row.rate] = row if known is None else _sum(known, row)
    left = []
    for rate in dict.fromkeys(row.rate for row in merged.values()):
        left += _spread_less([row for row in merged.values() if row.rate == rate])
    order = {key: place for place, key in enumerate(merged)}
    return sorted((row for row in left if row.amount or row.tax), key=lambda row: order[row.key, row.rate])


def _sum(one, two):
    return replace(one, quantity=one.quantity + two.quantity, amount=one.amount + two.amount, tax=one.tax + two.tax)


def _spread_less(rows):
    """Rows of one rate, what is below zero taken from the others in proportion; the last takes the cents."""
    above = [row for row in rows if row.amount > 0]
    below = [row for row in rows if row.amount <= 0]
    less, less_tax = sum((row.amount for row in below), ZERO), sum((row.tax for row in below), ZERO)
    whole = sum((row.amount for row in above), ZERO)
    if not below or not above:
        return rows
    found, taken, taken_tax = [], ZERO, ZERO
    for place, row in enumerate(above):
        last = place == len(above) - 1
        amount = less - taken if last else cents(less * row.amount / whole)
        tax = less_tax - taken_tax if last else cents(less_tax * row.amount / whole)
        taken, taken_tax = taken + amount, taken_tax + tax
        found.append(replace(row, amount=row.amount + amount, tax=row.tax + tax))
    return found


def documents(rows, limit=None, by_rate=False):
    """Which rows go on which invoice.

    :param limit: the most an invoice may have without tax; None: as much as there is
    :param bool by_rate: one invoice for each tax rate
    :return: [[Row]]

    >>> D = Decimal
    >>> rows = [Row("a", D(3), D(300), D(39), D(13)), Row("b", D(1), D(50), D("3"), D(6))]
    >>> [[(row.key, str(row.amount), str(row.quantity)) for row in sheet] for sheet in documents(rows, D(200))]
    [[('a', '200', '2.000000')], [('a', '100', '1.000000'), ('b', '50', '1')]]
    >>> len(documents(rows, by_rate=True)), len(documents(rows))
    (2, 1)
    >>> sheets = documents([Row("a", D(7), D("1000.01"), D("130.00"), D(13))], D(300))
    >>> sum(row.amount for sheet in sheets for row in sheet), sum(row.tax for sheet in sheets for row in sheet)
    (Decimal('1000.01'), Decimal('130.00'))
    """
    groups = [rows]
    if by_rate:
        groups = [[row for row in rows if row.rate == rate] for rate in dict.fromkeys(row.rate for row in rows)]
    return [sheet for group in groups for sheet in _cut(group, limit)]


def _cut(rows, limit):
    sheets, sheet, room = [], [], limit
    for row in rows:
        while row.amount or row.tax:
            if len(sheet) >= MAX_LINES or (limit and room <= 0):
                sheets.append(sheet)
                sheet, room = [], limit
            part = row if not limit or row.amount <= room else row.part(room)
            sheet.append(part)
            room = room - part.amount if limit else None
            row = row.rest(part)
    return sheets + [sheet] if sheet else sheets


def rate_of(row):
    return row.rate


def goods_of(row):
    return row.key, row.rate


def sums(rows, by=rate_of):
    """What there is of each rate, or of what else `by` tells.

    >>> D = Decimal
    >>> sums([Row("a", D(1), D(20), D("2.6"), D(13)), Row("b", D(1), D(5), D("0.65"), D(13))])
    {Decimal('13'): Decimal('25')}
    """
    found = {}
    for row in rows:
        found[by(row)] = found.get(by(row), ZERO) + row.amount
    return found


def across(rows):
    """Rows of which no rate is below zero: a discount without tax is taken from the others with theirs, in proportion.

    >>> D = Decimal
    >>> less = Row("discount", D(0), D(-13), D(0), D(0))
    >>> [(row.key, row.amount, row.tax) for row in across([Row("lamp", D(1), D(100), D(13), D(13)), less])]
    [('lamp', Decimal('88.50'), Decimal('11.50'))]
    """
    whole = sums(rows)
    above, below = ([row for row in rows if whole[row.rate] * sign > 0] for sign in (1, -1))
    total, off = sum((row.total for row in above), ZERO), sum((row.total for row in below), ZERO)
    if not below or total + off <= 0:
        return above
    share = (total + off) / total
    found = [replace(row, amount=cents(row.amount * share), tax=cents(row.tax * share)) for row in above]
    cent = total + off - sum(row.total for row in found)
    return [*found[:-1], replace(found[-1], amount=found[-1].amount + cent)]


def less(rows, taken):
    """Rows without what was taken off them; where nothing is left of a rate, no cent of its tax is either.

    >>> D = Decimal
    >>> less([Row("a", D(3), D(10), D("1.30"), D(13))], [Row("a", D(3), D(10), D("1.29"), D(13))])
    []
    """
    left = net([*rows, *(row.negated() for row in taken)])
    whole = sums(left)
    return [row for row in left if whole[row.rate]]


def balance(sold, told, dropped=()):
    """What is to issue and what is to take back of one invoice. Never both of one rate.

    :param sold: what was sold less what was credited
    :param told: what was issued, what was taken back of it already below zero
    :param dropped: what is not to issue: it makes the first less, not the second more
    :return: ([Row] to issue, [Row] to take back), both above zero

    >>> D = Decimal
    >>> def row(amount):
    ...     return Row("a", D(0), D(amount), D(0), D(13))
    >>> [[str(row.amount) for row in rows] for rows in balance([row(300)], [row(150)])]
    [['150'], []]
    >>> [[str(row.amount) for row in rows] for rows in balance([row(100)], [row(150), row(-20)])]
    [[], ['30']]
    >>> balance([row(300)], [row(150)], [row(200)])
    ([], [])
    """
    rows = [*sold, *(row.negated() for row in told)]
    whole = sums(rows)
    ahead = [row for row in rows if whole[row.rate] > 0]
    behind = [row.negated() for row in rows if whole[row.rate] < 0]
    issued = less(ahead, [row for row in dropped if whole.get(row.rate, ZERO) > 0])
    whole = sums(issued)
    return [row for row in issued if whole[row.rate] > 0], net(behind)


def share(rows, origins, open_amounts):
    """Which of several invoices a credit takes back: those with the same goods before those of the same rate, of
    them what the bureau does not know before what it knows, and of these in their order.

    :param rows: what is credited, amounts above zero
    :param origins: {key of an invoice: [Row] that are left of it}
    :param open_amounts: {key of an invoice: {(key of a row, rate): amount the bureau does not know}}
    :return: as of `back`

    >>> D = Decimal
    >>> lamp, cup = (Row(goods, D(1), D(100), D(13), D(13)) for goods in ("lamp", "cup"))
    >>> found, over = share([cup, cup, cup], {1: [lamp], 2: [cup]}, {})
    >>> {key: [row.amount for row in part] for key, part in found.items()}, [row.amount for row in over]
    ({2: [Decimal('100')], 1: [Decimal('100')]}, [Decimal('100')])
    >>> list(share([cup], {1: [cup], 2: [cup]}, {2: {("cup", D(13)): D(100)}})[0])
    [2]
    """
    left = {key: sums(part, goods_of) for key, part in origins.items()}
    room = {
        key: {goods: min(amount, open_amounts.get(key, {}).get(goods, ZERO)) for goods, amount in kinds.items()}
        for key, kinds in left.items()
    }
    found, over = back(rows, room, goods_of)
    for by in (goods_of, rate_of):
        taken = {key: [row.negated() for row in found.get(key, ())] for key in origins}
        parts, over = back(over, {key: sums([*part, *taken[key]], by) for key, part in origins.items()}, by)
        for key, part in parts.items():
            found.setdefault(key, []).extend(part)
    return found, over


def back(rows, origins, by=rate_of):
    """From which issued invoices a credit comes back.

    :param rows: what is credited, amounts above zero
    :param origins: {key of an issued invoice: {rate: amount that can still come back}}, in the order they are used
    :param by: what of a row tells its room, if not the rate
    :return: ({key: [Row]}, [Row]): by invoice, and what none of them has room for

    >>> D = Decimal
    >>> found, over = back([Row("a", D(3), D(300), D(39), D(13))], {1: {D(13): D(200)}, 2: {D(13): D(50)}})
    >>> {key: [(row.amount, row.tax) for row in part] for key, part in found.items()}, [row.amount for row in over]
    ({1: [(Decimal('200'), Decimal('26.00'))], 2: [(Decimal('50'), Decimal('6.50'))]}, [Decimal('50')])
    """
    room = {key: dict(rates) for key, rates in origins.items()}
    found, over = {}, []
    for row in rows:
        for key, rates in room.items():
            part = row.part(min(row.amount, rates.get(by(row), ZERO)))
            if part.amount <= 0:
                continue
            found.setdefault(key, []).append(part)
            rates[by(row)] -= part.amount
            row = row.rest(part)
            if not row.amount:
                break
        if row.amount:
            over.append(row)
    return found, over
