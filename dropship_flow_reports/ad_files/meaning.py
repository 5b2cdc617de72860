"""What the texts of a row mean."""

import re
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from .shared import ValueProblem, currency_of, is_rounded, parse_moment, parse_money

DOTTED = re.compile(r"\d{1,2}\.\s?\d{1,2}\.\s?\d{4}")
FORMULA = ("=", "@", "+", "\t")


class Meaning(NamedTuple):
    """
    :param str currency: as the row says it; empty: nothing
    :param list problems: [(code, {figure: value})]
    """

    day: date | None
    amount: Decimal | None
    currency: str
    problems: list


def understand(told, mark=".", order=""):
    """
    :param Told told: texts of a row
    :param str mark: the sign before fractions
    :param str order: of a day written in figures: ymd, dmy, mdy; empty: where it is clear

    >>> from .reading import Told
    >>> understand(Told(2, "2026-03-02", "spring", "google", "EUR", "12.50"))
    Meaning(day=datetime.date(2026, 3, 2), amount=Decimal('12.50'), currency='EUR', problems=[])
    >>> [code for code, _figures in understand(Told(2, "03/04/2026", "=cmd()", "", "", "=1+1")).problems]
    ['formula', 'day_doubtful', 'formula']
    >>> understand(Told(2, "3.4.2026", "spring", amount="$5"), order="dmy")[:3]
    (datetime.date(2026, 4, 3), Decimal('5'), 'USD')
    """
    problems = []
    for field, harm in told.doubts.items():
        problems.append((harm, {"value": getattr(told, field)[:40]}))
    for text in (told.campaign, told.source):
        if text.startswith(FORMULA):
            problems.append(("formula", {"value": text[:40]}))
    if not told.campaign:
        problems.append(("campaign_missing", {}))
    day = _day(told.day, order, problems)
    amount, currency = _amount(told.amount, mark, problems)
    return Meaning(day, amount, currency_of(told.currency) or currency or "", problems)


def _day(text, order, problems):
    if not order and DOTTED.match(text):
        order = "dmy"  # nobody puts dots between month and day in another order
    try:
        moment = parse_moment(text, order or None)
    except ValueProblem as error:
        code = "day_doubtful" if error.code == "date_doubtful" else "not_a_day"
        problems.append((code, {"value": text[:40]}))
        return None
    if not moment:
        problems.append(("not_a_day", {"value": text[:40]}))
        return None
    return date.fromisoformat(moment[:10])


def _amount(text, mark, problems):
    if text.lstrip().startswith(("=", "@")):
        problems.append(("formula", {"value": text[:40]}))
        return None, ""
    if is_rounded(text):
        problems.append(("rounded", {"value": text[:40]}))
        return None, ""
    try:
        amount, currency = parse_money(text, mark)
    except ValueProblem:
        amount, currency = None, ""
    if amount is None:
        problems.append(("not_a_number", {"value": text[:40]}))
    return amount, currency or ""
