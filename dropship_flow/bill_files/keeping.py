"""A bill as plain data, to be kept beside its file, and back again."""

from dataclasses import asdict, fields
from datetime import date
from decimal import Decimal

from .model import Bill, Line, Problem


def as_json(bill):
    """Decimals and dates as text; `from_json` makes the same bill of it.

    >>> bill = Bill(number="R1", date=date(2026, 5, 4), net=Decimal("1.50"), lines=[Line("1", qty=Decimal(2))])
    >>> bill.wrong("no_total")
    >>> from_json(as_json(bill)) == bill
    True
    """
    told = {name: _text(value) for name, value in asdict(bill).items() if name not in ("lines", "problems")}
    told["lines"] = [{name: _text(value) for name, value in asdict(line).items()} for line in bill.lines]
    told["problems"] = [list(problem) for problem in bill.problems]
    return told


def _text(value):
    return str(value) if isinstance(value, (Decimal, date)) else value


def from_json(told):
    bill = Bill(**_made(Bill, {name: value for name, value in told.items() if name not in ("lines", "problems")}))
    bill.lines = [Line(**_made(Line, row)) for row in told["lines"]]
    bill.problems = [Problem(*problem) for problem in told["problems"]]
    return bill


def _made(kind, values):
    types = {field.name: str(field.type) for field in fields(kind)}
    return {name: _value(types[name], value) for name, value in values.items() if name in types}


def _value(kind, value):
    if value is None or not isinstance(value, str):
        return value
    if "Decimal" in kind:
        return Decimal(value)
    return date.fromisoformat(value) if "date" in kind else value
