"""What is wrong with what came in: each problem is a code with its figures."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytz

from . import facts
from .days import STEPS, Terms
from .shared import number_problem
from .taxes import TaxRule

DAYS, HUNDRED = 3650, Decimal(100)
SIGNED = {facts.Account: "balance", facts.Item: "amount", facts.Recurring: "amount", facts.Tax: "amount",
          facts.Wallet: "balance"}  # fmt: skip
PLAIN = ("held", "weekly", "top_up", "level", "revenue", "refunded")
PERCENT = ("fee", "reserve", "purchases", "tax")
CHANGES = ("sales", "growth", "returns", "costs")


def problem(record):
    """Why a record cannot be reckoned with: (code, figures), the first that is found; None: it can."""
    return next((found for found in _problems(record) if found), None)


def _problems(record):
    if type(record) in SIGNED:
        field = SIGNED[type(record)]
        yield number_problem(getattr(record, field), field, signed=True)
    for field in PLAIN:
        yield number_problem(getattr(record, field, Decimal(0)), field)
    if not isinstance(record, facts.Tax):
        for field in PERCENT:
            yield percent(getattr(record, field, Decimal(0)), field)
    for field in ("day", "start"):
        if hasattr(record, field):
            yield _day(getattr(record, field), field)
    if getattr(record, "end", None) is not None:
        yield _day(record.end, "end")
    yield from _lengths(record)
    yield _own(record)


def _lengths(record):
    """Numbers of days and weeks."""
    for field in ("release", "delay", "delivery", "weeks"):
        value = getattr(record, field, None)
        if value is not None:
            yield _count(value, field, 1 if field == "weeks" else 0)
    terms = getattr(record, "terms", Terms())
    if not isinstance(terms, Terms):
        yield "not_days", {"field": "terms", "value": str(terms)[:40]}
    else:
        for field in terms._fields:
            yield _count(getattr(terms, field), field, -DAYS)


def _own(record):
    """What only this kind of record can have wrong."""
    if isinstance(record, facts.Item):
        if record.kind not in facts.ITEM_KINDS:
            return "unknown_kind", {"kind": str(record.kind)[:40]}
        if record.held > max(record.amount, 0):
            return "more_than_amount", {"field": "held", "amount": record.amount, "value": record.held}
    if isinstance(record, facts.Recurring):
        for field, known in (("kind", facts.RECURRING_KINDS), ("every", STEPS)):
            if getattr(record, field) not in known:
                return "unknown_choice", {"field": field, "value": str(getattr(record, field))[:40]}
        for day, rest in record.rests.items():
            if not isinstance(rest, Decimal | Fraction | int) or not 0 <= rest <= 1:
                return "out_of_bounds", {"field": "rests", "day": day, "value": str(rest)[:40]}
    if isinstance(record, facts.Wallet) and not record.top_up:
        return "zero", {"field": "top_up"}
    if isinstance(record, facts.Cohort) and record.refunded >= record.revenue:
        return "nothing_left", {"revenue": record.revenue, "refunded": record.refunded}
    if isinstance(record, facts.Cohort | facts.Sales):
        found = [percent(one, "returns") for one in record.returns]
        if any(found):
            return next(filter(None, found))
        if sum(record.returns) > HUNDRED:
            return "over_100", {"field": "returns", "value": sum(record.returns)}
    if isinstance(record, facts.Sales):
        found = [_day(day, "history") or number_problem(one, "history") for day, one in record.history.items()]
        if any(found):
            return next(filter(None, found))
    wants_rule = isinstance(record, facts.Tax) or (isinstance(record, facts.Sales) and record.tax)
    if wants_rule and not (isinstance(record.rule, TaxRule) and _sound(record.rule)):
        return "no_rule", {}
    return None


def _sound(rule):
    if rule.workday not in (-1, 0, 1) or not all(1 <= month <= 12 and day >= 1 for month, day in rule.other):
        return False
    if rule.rest < 0 or not 1 <= rule.start <= 12:
        return False
    return rule.months in (1, 2, 3, 4, 6, 12) and rule.day >= 1 and rule.after >= 0


def refusals(plan, scenario):
    """
    :return: list of (code, {figure: value}); empty: it can be reckoned
    """
    found = [number_problem(getattr(scenario, field), field, signed=True) for field in CHANGES]
    for field in CHANGES:
        value = getattr(scenario, field)
        if not any(found) and not -HUNDRED <= value <= HUNDRED * 10:
            found.append(("out_of_bounds", {"field": field, "value": value}))
    found += [_count(getattr(scenario, field), field, -DAYS) for field in ("supplier_days", "payout_days")]
    if not isinstance(plan.now, datetime) or plan.now.tzinfo:
        found.append(("not_naive_utc", {"field": "now"}))
    if plan.zone not in pytz.all_timezones_set:
        found.append(("unknown_zone", {"zone": str(plan.zone)[:40]}))
    if not plan.currency or number_problem(plan.step, "step") or not plan.step:
        found.append(("no_currency", {"currency": plan.currency, "step": str(plan.step)}))
    if plan.season and (len(plan.season) != 12 or any(number_problem(one, "season") or not one for one in plan.season)):
        found.append(("bad_season", {"season": [str(one) for one in plan.season]}))
    return [one for one in found if one]


def percent(value, field):
    wrong = number_problem(value, field)
    if not wrong and value > HUNDRED:
        return "over_100", {"field": field, "value": value}
    return wrong


def _day(value, field):
    if value is None:
        return "no_day", {"field": field}
    if not isinstance(value, date) or isinstance(value, datetime) or not 1970 <= value.year <= 2200:
        return "not_a_day", {"field": field, "value": str(value)[:40]}
    return None


def _count(value, field, least):
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= DAYS:
        return "not_days", {"field": field, "value": str(value)[:40]}
    return None
