"""The goods of one purchase line."""

from decimal import Decimal
from typing import NamedTuple

from .tolerance import NOTHING, within
from .verdict import ZERO, Verdict, money


class Goods(NamedTuple):
    """What is known of a line. Quantities in its unit, money in its purchase's currency without taxes.

    :param agreed: price of one unit
    :param billed: quantity on bills that are not cancelled, credit notes taken off; drafts count
    :param invoiced: the same without credit notes
    :param amount: what these bills ask, at the exchange rate of each bill
    :param at_order: the same at the rate of the order; None: billed in the currency of the purchase
    :param lines: how many lines of bills that are: each may be rounded once
    :param bills: how many bills, credit notes apart
    :param closed: nothing more of it will leave
    :param step: rounding of the currency
    :param unit: smallest quantity that counts
    """

    ordered: Decimal
    shipped: Decimal
    agreed: Decimal
    billed: Decimal = ZERO
    invoiced: Decimal = ZERO
    amount: Decimal = ZERO
    at_order: Decimal | None = None
    lines: int = 0
    bills: int = 0
    closed: bool = False
    step: Decimal = Decimal("0.01")
    unit: Decimal = Decimal("0.01")


def judge_goods(facts, tolerance=NOTHING):
    """Compare.

    >>> D = Decimal
    >>> fine = Goods(D(2), D(2), D("7.10"), D(2), D(2), D("14.20"), lines=1, bills=1)
    >>> judge_goods(fine)
    Verdict(state='ok', expected=Decimal('14.20'), difference=Decimal('0.00'), reasons=())
    >>> dearer = judge_goods(fine._replace(amount=D("15.00")))
    >>> dearer.state, dearer.difference, dearer.reasons[0][0]
    ('differs', Decimal('0.80'), 'match_price')
    >>> early = judge_goods(fine._replace(shipped=D(0)))
    >>> early.state, early.difference, [code for code, _figures in early.reasons]
    ('waiting', Decimal('14.20'), ['match_early'])
    >>> twice = judge_goods(fine._replace(billed=D(4), invoiced=D(4), amount=D("28.40"), bills=2, lines=2))
    >>> twice.state, twice.difference, twice.reasons[0][0]
    ('differs', Decimal('14.20'), 'match_twice')
    >>> judge_goods(Goods(D(2), D(2), D("7.10"))).reasons
    (('match_unbilled', {'qty': Decimal('2')}),)
    """
    expected = money(facts.agreed * facts.shipped, facts.step)
    if not facts.lines:
        if facts.shipped < facts.unit:
            return Verdict("open", expected, ZERO)
        return Verdict("waiting", expected, ZERO, (("match_unbilled", {"qty": facts.shipped}),))
    priced, reasons, differs = _price(facts, tolerance)
    extra, more, too_many, fatal = _quantity(facts)
    reasons += more
    difference = priced + extra
    # A few pieces too many are within a tolerance by amount; what was never ordered, or billed twice, is not.
    if too_many and (fatal or not within(tolerance, difference, expected)):
        differs = True
    unbilled = facts.shipped - facts.invoiced
    if unbilled >= facts.unit:
        reasons += (("match_unbilled", {"qty": unbilled}),)
    return Verdict(_state(differs, reasons, difference), expected, difference, reasons)


def _state(differs, reasons, difference):
    if differs:
        return "differs"
    if any(code in ("match_early", "match_unbilled") for code, _figures in reasons):
        return "waiting"
    return "tolerated" if difference or reasons else "ok"


def _price(facts, tolerance):
    """(difference, reasons, whether it differs) of the price of what was billed."""
    agreed = money(facts.agreed * facts.billed, facts.step)
    difference = facts.amount - agreed
    if not difference:
        return difference, (), False
    slack = facts.step * facts.lines
    if abs(difference) <= slack:
        return difference, (("match_rounding", {"amount": difference}),), False
    if facts.at_order is not None and abs(facts.at_order - agreed) <= slack:
        return difference, (("match_currency", {"amount": difference}),), False
    unit = facts.amount / facts.billed if facts.billed else facts.amount
    reason = ("match_price", {"billed": unit, "agreed": facts.agreed, "amount": difference})
    return difference, (reason,), not within(tolerance, difference, agreed)


def _quantity(facts):
    """(difference, reasons, whether it is too much, whether no tolerance helps) of the quantity."""
    extra = facts.billed - facts.shipped
    if extra < facts.unit:
        return ZERO, (), False, False
    amount = money(facts.agreed * extra, facts.step)
    figures = {"billed": facts.billed, "shipped": facts.shipped, "qty": extra, "amount": amount}
    ordered = max(facts.ordered, facts.shipped)
    if not ordered:
        return amount, (("match_not_ordered", figures),), True, True
    beyond = facts.billed - ordered >= facts.unit
    if beyond and facts.bills > 1:
        return amount, (("match_twice", figures),), True, True
    if beyond or facts.closed:
        return amount, (("match_quantity", figures),), True, False
    return amount, (("match_early", figures),), False, False
