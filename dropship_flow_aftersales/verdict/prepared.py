"""Rows made ready once, to find the first that fits without trying them one after the other.

Every row is a bit. For each group of conditions and each value there is the set of rows it fits as one whole number;
a few of them joined leave the rows that fit, the lowest bit is the first.
"""

from collections import Counter, defaultdict

from .refunds import REFUND_BASES
from .rows import DELIVERED, OUTBOUND, PAYERS, PLACES, UNDELIVERED, VERDICTS, excluded_by
from .windows import BASES

GROUPS = ("categories", "tags", "kinds", "reasons", "liable", "countries", "channels")
LONGEST = 100 * 366


def values_of(line):
    """What a line has of each of `GROUPS`, in their order."""
    order, reason = line.order, line.reason
    return (
        line.categories, line.tags, line.kinds, reason.codes, (reason.liable,), (order.country,), (order.channel,),
    )  # fmt: skip


def misfit(row, line, history):
    """The first condition of a row that does not fit; empty: all do.

    :return: one of `GROUPS`, price, past
    """
    for group, values in zip(GROUPS, values_of(line), strict=True):
        wanted = getattr(row, group)
        if wanted and wanted.isdisjoint(values):
            return group
    if not price_fits(row, line.price):
        return "price"
    return "past" if row.past and not row.past.fits(history) else ""


def price_fits(row, price):
    return (row.price_from is None or price >= row.price_from) and (row.price_below is None or price < row.price_below)


class Rules:
    """Policy and law, prepared.

    >>> from .facts import Line, Order
    >>> from .rows import Row
    >>> rules = Rules([Row("all", 20), Row("lamps", 10, categories=frozenset({"lamp"}))])
    >>> line = Line(1, Order(None), 5, 1)
    >>> rules.pick(line, rules.fitting(None)).key
    'all'
    >>> rules.pick(line._replace(categories=frozenset({"home", "lamp"})), rules.fitting(None)).key
    'lamps'
    """

    def __init__(self, rows=(), floors=()):
        """
        :param rows: [Row]; equal sequences keep their order
        :param floors: [Floor]
        :raises ValueError: a row says something that does not exist
        """
        self.rows = tuple(sorted(rows, key=lambda row: row.sequence))
        self.floors = tuple(floors)
        for rows, check in ((self.rows, _check_row), (self.floors, _check_floor)):
            keys = Counter(row.key for row in rows)
            if len(keys) < len(rows):
                raise ValueError(f"{keys.most_common(1)[0][0]!r} is there twice")
            for row in rows:
                check(row)
        self._groups = [self._bits(group) for group in GROUPS]
        self._outcomes = {row.key: {outcome.kind: outcome for outcome in row.outcomes} for row in self.rows}
        self._at = {}

    def _bits(self, group):
        """(rows without a condition on the group, {value: rows with and without one it fits})"""
        free, by_value = 0, defaultdict(int)
        for number, row in enumerate(self.rows):
            values = getattr(row, group)
            if not values:
                free |= 1 << number
            for value in values:
                by_value[value] |= 1 << number
        return free, {value: bits | free for value, bits in by_value.items()}

    def fitting(self, history):
        """The rows whose condition on the customer's history fits."""
        return sum(1 << number for number, row in enumerate(self.rows) if not row.past or row.past.fits(history))

    def pick(self, line, fitting):
        """The first row that fits, or None.

        :param int fitting: from `fitting` of the customer
        """
        left = fitting
        for (free, by_value), values in zip(self._groups, values_of(line), strict=True):
            bits = free
            for value in values if by_value else ():
                bits |= by_value.get(value, 0)
            left &= bits
        while left:
            lowest = left & -left
            row = self.rows[lowest.bit_length() - 1]
            if price_fits(row, line.price):
                return row
            left ^= lowest
        return None

    def outcomes(self, row):
        """{kind: Outcome} of a row; nothing of no row."""
        return self._outcomes[row.key] if row else {}

    def floors_at(self, order, day, consumer):
        """The law an order of this day is under: [Floor]."""
        key = (order.country, order.channel, day, consumer)
        found = self._at.get(key)
        if found is None:
            found = [floor for floor in self.floors if _holds_at(floor, *key)]
            if len(self._at) > 1000:  # the days of many years; what is kept stays small
                self._at.clear()
            self._at[key] = found
        return found


def holds_for(floor, line):
    """(whether a line may be under a floor, the kind of goods that excludes it after all)"""
    if floor.reasons and floor.reasons.isdisjoint(line.reason.codes):
        return False, ""
    if floor.liable and line.reason.liable not in floor.liable:
        return False, ""
    return True, excluded_by(floor.excluded, line.kinds)


def _holds_at(floor, country, channel, day, consumer):
    return (
        (consumer or floor.businesses)
        and (not floor.countries or country in floor.countries)
        and (not floor.channels or channel in floor.channels)
        and (floor.valid_from is None or day >= floor.valid_from)
        and (floor.valid_to is None or day <= floor.valid_to)
    )


def _check(value, allowed, what):
    if value not in allowed:
        raise ValueError(f"{what} says {value!r}; there is only {', '.join(filter(None, allowed))}")


def _check_window(window, what):
    if window is None:
        return
    _check(window.base, BASES, what)
    if window.days < 0 or window.months < 0 or window.days + 31 * window.months > LONGEST:
        raise ValueError(f"{what} has a window of {window.days} days and {window.months} months")


def _check_row(row):
    seen = set()
    for outcome in row.outcomes:
        what = f"row {row.key!r}, outcome {outcome.kind!r}"
        _check(outcome.kind, DELIVERED + UNDELIVERED, what)
        _check(outcome.verdict, VERDICTS, what)
        _check(outcome.payer, PAYERS, what)
        _check(outcome.to, PLACES, what)
        _check(outcome.else_to, [place for place in PLACES if place != "supplier"], what)
        _check(outcome.bound, ("", "look", "refuse"), what)
        _check(outcome.outbound, OUTBOUND, what)
        _check_window(outcome.window, what)
        if outcome.refund:
            _check(outcome.refund.base, REFUND_BASES, what)
        if not all(0 <= percent <= 100 for percent in (outcome.fee, outcome.percent)) or outcome.bonus < 0:
            raise ValueError(f"{what} has a percentage that cannot be")
        if outcome.kind in seen:
            raise ValueError(f"{what} is there twice")
        seen.add(outcome.kind)


def _check_floor(floor):
    what = f"floor {floor.key!r}"
    for kind in floor.grants:
        _check(kind, DELIVERED + UNDELIVERED, what)
    _check(floor.verdict, VERDICTS[:-1], what)
    _check(floor.payer, ("", "us", "told"), what)
    _check(floor.outbound, OUTBOUND, what)
    _check_window(floor.window, what)
    if floor.refund:
        _check(floor.refund.base, REFUND_BASES, what)
