"""What a supplier is owed, by nothing but documents and what was set off against what.

A document is a bill (we owe more), a credit note or a payment (we owe less), in one currency, dated. It is *inside*
when it belongs on the supplier's statement: bills and credit notes about dropshipped goods, and payments. A setting-off
(match) takes from two documents at once, each in its own currency, and counts from the later one's day on.

The balance of a day is computed twice, in two unlike ways: by movements (documents inside, corrected where something
inside was set off against something that is not), and by what is open of each document inside. Both must be equal.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal(0)
PLACES = {"EUR": 2, "USD": 2, "CNY": 2, "JPY": 0}


def rounded(amount, currency):
    """
    >>> rounded(Decimal("1.005"), "EUR"), rounded(Decimal("1.5"), "JPY")
    (Decimal('1.01'), Decimal('2'))
    """
    return amount.quantize(Decimal(1).scaleb(-PLACES[currency]), ROUND_HALF_UP)


@dataclass(frozen=True)
class Row:
    """A line of a bill. `tax` in percent, on top of the price or inside it."""

    quantity: Decimal
    price: Decimal
    tax: Decimal = ZERO
    inside: bool = False

    def exact(self):
        """(without tax, tax), not rounded."""
        amount = self.quantity * self.price
        if self.inside:
            tax = amount * self.tax / (100 + self.tax)
            return amount - tax, tax
        return amount, amount * self.tax / 100

    def net(self, currency):
        """Without tax.

        >>> Row(Decimal(1), Decimal("113"), Decimal(13), True).net("EUR")
        Decimal('100.00')
        """
        return rounded(self.exact()[0], currency)


def total(rows, currency):
    """With tax, of a document: rounded at the end, not row by row. Taxes on top are rounded for themselves.

    >>> total([Row(Decimal(3), Decimal("9.99"), Decimal(19))], "EUR")
    Decimal('35.66')
    >>> total([Row(Decimal(3), Decimal("9.99"), Decimal(13), True)], "EUR")
    Decimal('29.97')
    >>> total([Row(Decimal("0.2"), Decimal(25277), Decimal(19))], "JPY")
    Decimal('6016')
    >>> total([Row(Decimal("1.5"), Decimal("23.63")), Row(Decimal("1.5"), Decimal("17.41"))], "CNY")
    Decimal('61.56')
    """
    net, tax = (sum(amounts, ZERO) for amounts in zip(*(row.exact() for row in rows), strict=True))
    if any(row.inside for row in rows):
        return rounded(net + tax, currency)
    return rounded(net, currency) + rounded(tax, currency)


@dataclass
class Document:
    key: object
    kind: str  # bill, credit, payment
    currency: str
    amount: Decimal
    day: date
    inside: bool = True

    @property
    def sign(self):
        return 1 if self.kind == "bill" else -1


@dataclass(frozen=True)
class Match:
    """Less is open of both: of `debit` (credit note, payment) and of `credit` (bill)."""

    debit: object
    credit: object
    debit_amount: Decimal
    credit_amount: Decimal


@dataclass
class Account:
    """All documents of one supplier.

    >>> from datetime import date
    >>> account = Account()
    >>> account.add(Document("B1", "bill", "EUR", Decimal(100), date(2026, 1, 5)))
    >>> account.add(Document("RENT", "bill", "EUR", Decimal(30), date(2026, 1, 6), inside=False))
    >>> account.add(Document("P1", "payment", "EUR", Decimal(80), date(2026, 2, 1)))
    >>> account.match("P1", "B1", Decimal(60)), account.match("P1", "RENT", Decimal(30))
    (Decimal('60'), Decimal('20'))
    >>> account.balance("EUR", date(2026, 1, 31)), account.balance("EUR", date(2026, 2, 28))
    (Decimal('100'), Decimal('40'))
    >>> account.residual("EUR", date(2026, 2, 28)), account.apart("EUR", date(2026, 2, 28))
    (Decimal('40'), Decimal('10'))
    """

    documents: dict = field(default_factory=dict)
    matches: list = field(default_factory=list)

    def add(self, document):
        self.documents[document.key] = document

    def remove(self, key):
        """A document that is not booked any more, and what was set off against it."""
        self.release(key)
        del self.documents[key]

    def release(self, key):
        """Nothing is set off against the document any more."""
        self.matches = [match for match in self.matches if key not in (match.debit, match.credit)]

    def open(self, key, day=date.max):
        """What is open of a document at the end of a day, without a sign."""
        document = self.documents[key]
        taken = sum(
            (match.debit_amount if match.debit == key else match.credit_amount)
            for match in self.matches
            if key in (match.debit, match.credit) and self._day(match) <= day
        )
        return document.amount - taken

    def match(self, debit, credit, most=None):
        """Set off two documents of one currency, as far as both are open; at most `most`. Returns the amount."""
        amount = min(self.open(debit), self.open(credit), *([most] if most is not None else []))
        if amount > 0:
            self.matches.append(Match(debit, credit, amount, amount))
        return max(amount, ZERO)

    def match_across(self, debit, credit, left=ZERO):
        """A payment in another currency settles the rest of a bill, but for what `left` says."""
        self.matches.append(Match(debit, credit, self.open(debit), self.open(credit) - left))

    def leave(self, debit, credit, left):
        """What was set off across currencies left a little of the bill open."""
        self.matches = [match for match in self.matches if (match.debit, match.credit) != (debit, credit)]
        self.match_across(debit, credit, left)

    def _day(self, match):
        return max(self.documents[match.debit].day, self.documents[match.credit].day)

    def _belongs(self, key, currency):
        document = self.documents[key]
        return document.inside and document.currency == currency

    def _inside(self, currency, day):
        return [
            document
            for document in self.documents.values()
            if self._belongs(document.key, currency) and document.day <= day
        ]

    def balance(self, currency, day):
        """What we owe at the end of a day, by movements."""
        total = sum((document.sign * document.amount for document in self._inside(currency, day)), ZERO)
        for match in self.matches:
            if self._day(match) > day:
                continue
            debit, credit = self._belongs(match.debit, currency), self._belongs(match.credit, currency)
            if debit and not credit:  # this much of it went elsewhere
                total += match.debit_amount
            elif credit and not debit:  # this much was settled from elsewhere
                total -= match.credit_amount
        return total

    def residual(self, currency, day):
        """What we owe at the end of a day, by what is open of each document."""
        return sum((document.sign * self.open(document.key, day) for document in self._inside(currency, day)), ZERO)

    def moved(self, kind, currency, start, end):
        """The sum of the documents inside of one kind that are dated from `start` to `end`."""
        return sum(
            (
                document.amount
                for document in self._inside(currency, end)
                if document.kind == kind and document.day >= start
            ),
            ZERO,
        )

    def apart(self, currency, day):
        """What is open at the end of a day of documents that are listed apart."""
        return sum(
            (
                document.sign * self.open(document.key, day)
                for document in self.documents.values()
                if not document.inside and document.currency == currency and document.day <= day
            ),
            ZERO,
        )
