"""Promotions an order has no right to any more, because too little of it stays."""

from fractions import Fraction
from typing import NamedTuple

from .parts import NOTHING


class Lost(NamedTuple):
    """
    :param Parts parts: what is to be taken back of the promotion in all, earlier refunds included
    :param tuple gifts: (line key, quantity) of gifts that are expected back
    :param bool short: too little stays, whatever the rule does about it
    """

    parts: object
    gifts: tuple = ()
    short: bool = False


def lost(book, promotion):
    """What is lost now. It is a target: it grows when goods go back, and shrinks again when the rest follows.

    Nothing is taken back of discounts and freight when nothing stays: the contract is undone, and nobody pays for the
    delivery of nothing. A gift is different: it is still there.
    """
    if _counts(book, promotion) >= promotion.threshold:
        return Lost(NOTHING)
    if promotion.rule == "let_go":
        return Lost(NOTHING, short=True)
    stays = any(pool.left for pool in book.of_kind("goods"))
    parts, gifts = NOTHING, ()
    for key in promotion.lines:
        line = book.lines[key]
        if line.kind == "gift":
            left = book.pools[key].left
            if left and promotion.rule == "charge":
                parts += line.charge.times(book.pools[key].share(left), book.order.step)
            elif left:
                gifts += ((key, left),)
        elif stays:
            parts += line.charge if line.kind == "delivery" else still_enjoyed(book, key)
    return Lost(parts, gifts, short=True)


def _counts(book, promotion):
    """What the customer keeps, or would have kept but for our fault, at what the goods cost before promotions."""
    kept = Fraction(0)
    for pool in book.of_kind("goods"):
        if not promotion.on or pool.line.key in promotion.on:
            price = Fraction(pool.line.parts.basis(book.order.included))
            kept += price * pool.share(pool.left + pool.spared)
    return kept


def still_enjoyed(book, key):
    """What a promotion line still gives for what stays; deliveries stay until everything is settled.

    :return: Parts, more than nothing
    """
    parts = NOTHING
    for target, share in book.shares.get(key, {}).items():
        pool = book.pools[target]
        stays = pool.share(pool.left) if pool.line.kind == "goods" else Fraction(1)
        parts += (-share).times(stays, book.order.step)
    return parts
