"""Where money is filed: week by week and kind by kind, and what falls outside."""

from bisect import bisect_right
from collections import defaultdict

from .facts import KINDS
from .results import ZERO, Figure, Left, Low, Piece, Week


class Book:
    """Amounts are in the company's currency, rounded already; here they are only added.

    >>> from datetime import date
    >>> from decimal import Decimal
    >>> from .days import weeks
    >>> book = Book(weeks(date(2026, 3, 4)))
    >>> book.add("supplier", "BILL/1", date(2026, 2, 1), Decimal(-70))
    >>> book.add("customer", "SO/1", date(2026, 3, 9), Decimal(100))
    >>> first, second, *_rest = book.weeks(Decimal(50))
    >>> first.closing, first.figures[0].pieces, second.closing
    (Decimal('-20'), (Piece(key='BILL/1', amount=Decimal('-70'), overdue=True),), Decimal('80'))
    >>> book.lowest(Decimal(50))
    Low(balance=Decimal('-20'), day=datetime.date(2026, 3, 4), week=1)
    """

    def __init__(self, weeks):
        self.spans = weeks
        self.firsts = [first for first, _last in weeks]
        self.today, self.last = weeks[0][0], weeks[-1][1]
        self.filed = defaultdict(lambda: defaultdict(lambda: ZERO))  # {(week, kind): {(key, comes, overdue): amount}}
        self.daily = defaultdict(lambda: ZERO)
        self.late = {}  # {(kind, key): (amount, first day)}
        self.left = []

    def add(self, kind, key, day, amount):
        """File an amount; what was due before today is due today."""
        if not amount:
            return
        if day > self.last:
            before, first = self.late.get((kind, key), (ZERO, day))
            self.late[kind, key] = before + amount, min(first, day)
            return
        overdue, day = day < self.today, max(day, self.today)
        week = bisect_right(self.firsts, day) - 1
        self.filed[week, kind][key, amount > 0, overdue] += amount
        self.daily[day] += amount

    def leave(self, kind, key, code, /, **figures):
        self.left.append(Left(kind, key, code, figures))

    def weeks(self, opening):
        result = []
        for number, (first, last) in enumerate(self.spans):
            figures = tuple(self._figure(number, kind) for kind in KINDS if (number, kind) in self.filed)
            closing = opening + sum((one.inflow - one.outflow for one in figures), ZERO)
            result.append(Week(number + 1, first, last, opening, figures, closing))
            opening = closing
        return tuple(result)

    def _figure(self, number, kind):
        filed = self.filed[number, kind]
        pieces = tuple(Piece(key, amount, overdue) for (key, _comes, overdue), amount in filed.items())
        inflow = sum((piece.amount for piece in pieces if piece.amount > 0), ZERO)
        outflow = sum((-piece.amount for piece in pieces if piece.amount < 0), ZERO)
        return Figure(kind, inflow, outflow, pieces)

    def lowest(self, opening):
        balance, low = opening, Low(opening, self.today, 1)
        for day in sorted(self.daily):
            balance += self.daily[day]
            if balance < low.balance:
                low = Low(balance, day, bisect_right(self.firsts, day))
        return low

    def left_out(self):
        """What was left out, and what comes after the last week."""
        late = [Left(kind, key, "after_horizon", {"amount": amount, "day": day})
                for (kind, key), (amount, day) in self.late.items()]  # fmt: skip
        return (*self.left, *late)
