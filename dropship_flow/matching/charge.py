"""Freight, fees and other charges of one purchase."""

from decimal import Decimal
from typing import NamedTuple

from .tolerance import NOTHING, within
from .verdict import ZERO, Verdict


class Charge(NamedTuple):
    """What a supplier charges besides goods, in the purchase's currency without taxes.

    :param str kind: freight, fee, other (of which nothing was agreed)
    :param expected: by his terms, for what really left
    :param planned: what was expected when it was bought
    :param billed: on bills that are not cancelled, credit notes taken off
    :param lines: how many lines of bills
    :param complete: everything ordered has left, or will not
    :param goods_billed: what left is billed
    """

    kind: str
    expected: Decimal = ZERO
    planned: Decimal = ZERO
    billed: Decimal = ZERO
    lines: int = 0
    complete: bool = True
    goods_billed: bool = False
    step: Decimal = Decimal("0.01")


def judge_charge(facts, tolerance=NOTHING):
    """Compare.

    >>> D = Decimal
    >>> freight = Charge("freight", D("3.90"), D("3.90"), D("3.90"), lines=1)
    >>> judge_charge(freight).state
    'ok'
    >>> dearer = judge_charge(freight._replace(billed=D("5.90")))
    >>> dearer.state, dearer.difference, dearer.reasons[0][0]
    ('differs', Decimal('2.00'), 'match_freight')
    >>> judge_charge(freight._replace(expected=D(0), complete=False)).state  # the goods have not left yet
    'waiting'
    >>> judge_charge(freight._replace(billed=D(0), lines=0, goods_billed=True)).state  # the supplier forgot it
    'tolerated'
    >>> judge_charge(Charge("other", billed=D(4), lines=1)).reasons[0][0]
    'match_extra'
    """
    if not facts.lines:
        return _nothing_billed(facts)
    difference = facts.billed - facts.expected
    if not difference:
        return Verdict("ok", facts.expected, difference)
    if abs(difference) <= facts.step * facts.lines:
        return Verdict("tolerated", facts.expected, difference, (("match_rounding", {"amount": difference}),))
    figures = {"billed": facts.billed, "expected": facts.expected, "amount": difference}
    if not facts.complete and facts.kind != "other" and within(tolerance, facts.billed - facts.planned, facts.planned):
        return Verdict("waiting", facts.expected, difference, (("match_charge_early", figures),))
    code = {"freight": "match_freight", "fee": "match_fee"}.get(facts.kind, "match_extra")
    state = "tolerated" if within(tolerance, difference, facts.expected) else "differs"
    return Verdict(state, facts.expected, difference, ((code, figures),))


def _nothing_billed(facts):
    if facts.expected <= ZERO:
        return Verdict("open", facts.expected, ZERO)
    reason = (("match_charge_unbilled", {"expected": facts.expected}),)
    if facts.goods_billed:
        return Verdict("tolerated", facts.expected, -facts.expected, reason)
    return Verdict("waiting", facts.expected, ZERO, reason)
