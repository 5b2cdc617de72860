"""What each ask comes to: rows of a refund, or why it is refused."""

from fractions import Fraction

from .facts import Row
from .kinds import OURS, PLACES, TOO_MANY
from .parts import NOTHING, ZERO, Parts
from .shared import rounded, share_money


class Refused(Exception):
    """It cannot be given: (code, {figure: value})."""

    def __init__(self, code, **figures):
        super().__init__(code)
        self.reason = (code, figures)


def rows_of(book, ask, ours):
    """
    :param bool ours: our fault, whatever the kind
    :return: list of Row
    :raise Refused:
    """
    if ask.kind in PLACES and ask.qty is not None:
        return [_settled(book.pools[ask.line], ask, ours or ask.kind in OURS)]
    if ask.kind == "freight_only":
        return _freight_only(book, ask)
    if ask.kind == "paid_twice":
        return [_paid_twice(book, ask)]
    if ask.line is None:
        return _goodwill(book, ask)
    return [_staying(book.pools[ask.line], ask)]


def _settled(pool, ask, ours):
    """Units that come back, or never came."""
    if ask.qty > pool.room(ask.kind):
        code = TOO_MANY.get(PLACES[ask.kind], "more_than_invoiced")
        raise Refused(code, line=ask.line, asked=ask.qty, left=pool.room(ask.kind))
    value = pool.settling(ask.qty)
    whole = pool.cut(value)
    if ask.given is not None:
        parts = whole.cut(min(ask.given, whole.total), pool.step)
    else:
        parts = pool.cut(value - rounded(value * ask.fee / 100, pool.step))
    return Row(ask.line, ask.kind, ask.qty, parts, whole - parts, done=True, ours=ours)


def _staying(pool, ask):
    """Goods the customer keeps for less."""
    if ask.amount is not None:
        left = pool.remaining.total
        if ask.amount > left:
            raise Refused("more_than_paid", line=ask.line, asked=ask.amount, left=left)
        return Row(ask.line, ask.kind, ask.qty or pool.left, pool.remaining.cut(ask.amount, pool.step))
    qty = pool.left if ask.qty is None else ask.qty
    if qty > pool.left or not qty:
        raise Refused("more_than_invoiced", line=ask.line, asked=qty, left=pool.left)
    if ask.kind == "keep":
        amount = rounded(pool.value_of(qty) * ask.percent / 100, pool.step)
    else:
        amount = pool.paid_for(qty) - rounded(ask.price * qty, pool.step)
        if amount <= ZERO:
            raise Refused("not_cheaper", line=ask.line, price=ask.price, paid=pool.paid_for(qty), qty=qty)
    return Row(ask.line, ask.kind, qty, pool.cut(min(amount, pool.remaining_basis)))


def _goodwill(book, ask):
    """It lowers the price of all goods; only what is more than they cost, that of the delivery."""
    goods, deliveries = book.of_kind("goods"), book.of_kind("delivery")
    left = {pool.line.key: pool.remaining for pool in goods + deliveries}
    if ask.amount > sum(parts.total for parts in left.values()):
        raise Refused("more_than_paid", line=None, asked=ask.amount, left=sum(parts.total for parts in left.values()))
    rows, amount = [], ask.amount
    for pools in (goods, deliveries):
        weights = [left[pool.line.key].total for pool in pools]
        now = min(amount, sum(weights, ZERO))
        for pool, share in zip(pools, share_money(now, weights, book.order.step), strict=True):
            if share:
                parts = pool.remaining.cut(share, pool.step)
                rows.append(Row(pool.line.key, "goodwill", pool.left, parts))
        amount -= now
    return rows


def _freight_only(book, ask):
    deliveries = book.of_kind("delivery")
    left = sum((pool.remaining.total for pool in deliveries), ZERO)
    amount = left if ask.amount is None else ask.amount
    if amount > left or not left:
        raise Refused("more_than_paid", line=None, asked=amount, left=left)
    return delivery_rows(deliveries, [pool.remaining.total for pool in deliveries], amount)


def delivery_rows(deliveries, amounts, most):
    """Rows for what comes back of each delivery, taxes included, until there is no more."""
    rows = []
    for pool, amount in zip(deliveries, amounts, strict=True):
        now = min(amount, most)
        if now > ZERO:
            rows.append(Row(pool.line.key, "freight", parts=pool.remaining.cut(now, pool.step)))
            most -= now
    return rows


def freight_rows(book, wish, before):
    """What comes back of the delivery with the goods.

    :param Fraction before: how much of the goods was settled before this refund
    """
    deliveries = book.of_kind("delivery")
    most = sum((pool.remaining.total for pool in deliveries), ZERO)
    if wish.freight_most is not None:
        most = min(most, max(wish.freight_most - book.freight, ZERO))
    amounts = [pool.remaining.total for pool in deliveries]
    if wish.freight == "part":
        amounts = [min(_portion(pool, before, book.settled_share()), pool.remaining.total) for pool in deliveries]
    return delivery_rows(deliveries, amounts, most)


def _portion(pool, before, after):
    """Portions of all refunds together are the delivery, once all goods are settled."""
    price = Fraction(pool.worth.total)
    return rounded(price * after, pool.step) - rounded(price * before, pool.step)


def _paid_twice(book, ask):
    amount = book.too_much if ask.amount is None else ask.amount
    if amount > book.too_much or not amount:
        raise Refused("more_than_paid", line=None, asked=amount, left=book.too_much)
    return Row(None, "paid_twice", parts=Parts(amount))


def return_freight_row(wish, most):
    """The way back, when we laid it out and the customer bears it."""
    amount = min(wish.return_freight, most)
    return Row(None, "return_freight", parts=NOTHING - Parts(amount))
