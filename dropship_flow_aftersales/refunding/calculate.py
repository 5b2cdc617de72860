"""The refund of an order: shown before it is done, and done, by the same reckoning."""

from decimal import Decimal
from fractions import Fraction

from .asks import Refused, freight_rows, return_freight_row, rows_of
from .book import Book
from .checks import check
from .facts import Result, Row
from .lost import lost, still_enjoyed
from .parts import NOTHING, ZERO
from .shared import refundable, rounded
from .ways import ways

ONE = Decimal(1)  # points are whole


def refund(order, wish):
    """
    :param Order order: with the rows of earlier refunds
    :param Wish wish: all of it is given, or nothing
    :return: Result

    >>> from decimal import Decimal as D
    >>> from .facts import Ask, Line, Order, Payment, Wish
    >>> from .parts import Parts
    >>> lamps = Line("lamps", qty=D(3), parts=Parts(D("84.03"), (("19 %", D("15.97")),)), delivered=D(3))
    >>> order = Order((lamps,), (Payment("card", D("100.00")),))
    >>> first = refund(order, Wish((Ask("return", "lamps", D(1)),)))
    >>> first.credit, first.money
    (Parts(net=Decimal('28.01'), taxes=(('19 %', Decimal('5.32')),)), Decimal('33.33'))
    >>> refund(after(order, first), Wish((Ask("return", "lamps", D(3)),))).refused
    (('more_than_delivered', {'line': 'lamps', 'asked': Decimal('3'), 'left': Decimal('2')}),)
    """
    refused = check(order, wish)
    if refused:
        return Result(tuple(refused))
    try:
        return _Reckoning(order, wish).result()
    except Refused as error:
        return Result((error.reason,))


def after(order, result):
    """The order once the refund is done.

    :raise ValueError: it was refused
    """
    if result.refused:
        raise ValueError("A refused refund changes nothing")
    backs = {back.payment: back for back in result.backs}
    points = dict(result.points_back)
    return order._replace(
        payments=tuple(_given(payment, backs.get(payment.key)) for payment in order.payments),
        lines=tuple(line._replace(points_back=line.points_back + points.get(line.key, ZERO)) for line in order.lines),
        past=order.past + result.rows,
        paid_out=order.paid_out + result.person,
        earned_back=order.earned_back + result.points_taken,
    )


def _given(payment, back):
    if back is None:
        return payment
    own = payment.own and payment.own._replace(refunded=payment.own.refunded + back.own)
    return payment._replace(refunded=payment.refunded + back.amount, own=own)


class _Reckoning:
    def __init__(self, order, wish):
        self.order, self.wish = order, wish
        self.book = Book(order)
        self.before = self.book.settled_share()
        self.rows, self.warnings, self.credit = [], [], NOTHING

    def result(self):
        # What was paid too much is what it was before anything came back.
        for ask in sorted(self.wish.asks, key=lambda ask: ask.kind != "paid_twice"):
            self._add(rows_of(self.book, ask, self.wish.ours))
        if self.wish.freight != "no":
            self._add(freight_rows(self.book, self.wish, self.before))
        if any(row.done for row in self.rows):
            self._take_back()
        reimbursed = self._return_freight()
        money = self._money()
        backs, person = ways(self.order, money, self.wish.stored)
        if person:
            self.warnings.append(("by_person", {"amount": person}))
        taken = self._points_taken()
        return Result(
            rows=tuple(self.rows),
            credit=self.credit,
            money=money,
            backs=tuple(backs),
            person=person,
            reimbursed=reimbursed,
            points_taken=taken,
            points_back=tuple(self._points_back()),
            warnings=tuple(self.warnings),
        )

    def _add(self, rows):
        for row in rows:
            self.rows.append(row)
            self.book.add(row)
            self.credit += row.parts

    @property
    def _deductible(self):
        """What something can be taken off: money that was paid by mistake is the customer's."""
        return max(self.credit.total - self.book.extra, ZERO)

    def _take_back(self):
        """Promotions that are lost; those that are lost less than before give back first."""
        found = [(promotion, lost(self.book, promotion)) for promotion in self.order.promotions]
        changes = [(one.parts - self.book.taken.get(promotion.key, NOTHING), promotion) for promotion, one in found]
        for change, promotion in sorted(changes, key=lambda pair: pair[0].total):
            now = change
            if change.total > self._deductible:
                now = change.cut(self._deductible, self.order.step)
                self._warn("taken_later", promotion=promotion.key, amount=change.total - now.total)
            if now != NOTHING:
                self._add([Row(promotion.key, "promotion", parts=NOTHING - now)])
                code = "promotion_lost" if now.total > ZERO else "promotion_restored"
                self._warn(code, promotion=promotion.key, amount=abs(now.total))
        for promotion, one in found:
            if one.short and promotion.rule == "let_go":
                self._warn("promotion_let_go", promotion=promotion.key)
            for key, qty in one.gifts:
                self._warn("gift_expected", promotion=promotion.key, line=key, qty=qty)

    def _return_freight(self):
        """Take the way back off where we laid it out for the customer.

        :return: what the customer laid out for us, without what an insurance paid him
        """
        wish = self.wish
        if wish.return_payer == wish.return_advanced or not wish.return_freight:
            return ZERO
        if wish.return_payer == "customer":
            row = return_freight_row(wish, self._deductible)
            if row.parts != NOTHING:
                self._add([row])
            if -row.parts.total < wish.return_freight:
                self._warn("freight_not_covered", amount=wish.return_freight + row.parts.total)
            return ZERO
        if wish.insured:
            self._warn("insured", amount=min(wish.insured, wish.return_freight))
        return max(wish.return_freight - wish.insured, ZERO)

    def _money(self):
        """What of the credit goes back: never more than was paid above what is still owed."""
        credit, book = self.credit.total, self.book
        money = refundable(credit, book.paid, book.returned, max(book.owed, ZERO))
        charged_back = sum((payment.charged_back for payment in self.order.payments), ZERO)
        if charged_back and credit and not money:
            raise Refused("charged_back", amount=charged_back)
        if charged_back:
            self._warn("charged_back", amount=charged_back)
        if money < credit:
            self._warn("still_owed", credit=credit, money=money)
        return money

    def _points_taken(self):
        """Points the order brought go with its goods."""
        gone = Fraction(self.order.earned) * self.book.settled_share()
        taken = max(rounded(gone, ONE) - self.order.earned_back, ZERO)
        if self.order.points is not None and taken > self.order.points:
            self._warn("points_spent", points=taken, left=self.order.points)
        return taken

    def _points_back(self):
        """Points paid for a promotion come back as far as it gives nothing any more."""
        taken = {}
        for promotion in self.order.promotions:
            parts = self.book.taken.get(promotion.key, NOTHING)
            for key in promotion.lines:
                taken[key] = parts.total
        for line in self.order.lines:
            given = -line.parts.total
            if line.kind == "promotion" and line.points and given > ZERO:
                enjoyed = still_enjoyed(self.book, line.key).total - taken.get(line.key, ZERO)
                points = line.points - rounded(line.points * max(enjoyed, ZERO) / given, ONE) - line.points_back
                if points > ZERO:
                    yield line.key, points

    def _warn(self, code, **figures):
        self.warnings.append((code, figures))
