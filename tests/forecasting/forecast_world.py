"""A shop in Berlin on Wednesday, 4 March 2026, and short words for what is told of its cash."""

from datetime import date, datetime
from decimal import Decimal as D

from forecasting import Account, Plan, Scenario, forecast

NOW = datetime(2026, 3, 4, 9)
BANK = Account("Bank", D("1000.00"))
SHOP = Plan(NOW, "Europe/Berlin", "EUR", rates={"USD": D("0.9"), "CNY": D("0.127")}, accounts=(BANK,))


def day(text):
    """`day("03-09")` is in 2026."""
    return date.fromisoformat(text if len(text) > 5 else f"2026-{text}")


def cash(scenario=None, plan=SHOP, **records):
    """`cash(items=(…))`; a scenario as {field: text or days}."""
    changes = {name: D(value) if isinstance(value, str) else value for name, value in (scenario or {}).items()}
    result = forecast(plan._replace(**records), Scenario(**changes))
    assert not result.refused, result.refused
    check(result)
    return result


def check(result):
    """Pieces come to figures, figures to weeks, weeks follow each other."""
    balance = result.opening
    assert balance == sum(one.worth for one in result.accounts)
    for number, week in enumerate(result.weeks, 1):
        assert (week.number, week.opening) == (number, balance)
        for figure in week.figures:
            amounts = [piece.amount for piece in figure.pieces]
            assert sum(one for one in amounts if one > 0) == figure.inflow
            assert -sum(one for one in amounts if one < 0) == figure.outflow
            assert amounts
        balance += week.inflow - week.outflow
        assert week.closing == balance
        assert week.last.weekday() == 6
    assert len(result.weeks) == 13
    low = result.lowest
    assert low.balance <= min(week.closing for week in result.weeks)
    assert result.weeks[low.week - 1].first <= low.day <= result.weeks[low.week - 1].last


def told(result):
    """["3 payout 107.10", …]: week, kind, what it comes to."""
    return [
        f"{week.number} {figure.kind} {figure.inflow - figure.outflow}"
        for week in result.weeks
        for figure in week.figures
    ]


def left(result):
    return [(one.kind, one.key, one.code) for one in result.left_out]


def total(result, *kinds):
    """What the weeks and what comes after them have of some kinds."""
    figures = [figure for week in result.weeks for figure in week.figures if figure.kind in kinds]
    inside = sum((one.inflow - one.outflow for one in figures), D(0))
    late = [one for one in result.left_out if one.code == "after_horizon" and one.kind in kinds]
    return inside + sum((one.figures["amount"] for one in late), D(0))
