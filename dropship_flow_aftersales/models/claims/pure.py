"""Terms and claims of `claiming` as JSON and back: what was agreed when a claim was handed in stays with it."""

from datetime import date, datetime
from decimal import Decimal

from ...claiming import Claim, ClaimLine, Deadline, Penalty, Rule, Terms, Window

NESTED = {"penalty": Penalty, "window": Window, "answer": Window, "objection": Window, "deadline": Deadline}


def to_json(value):
    """
    :param value: of `claiming`, or a plain value
    :return: named tuples as {field: value}, sets sorted, numbers and days as exact text
    """
    if hasattr(value, "_asdict"):
        return {name: to_json(one) for name, one in value._asdict().items()}
    if isinstance(value, frozenset):
        return sorted(to_json(one) for one in value)
    if isinstance(value, (tuple, list)):
        return [to_json(one) for one in value]
    if isinstance(value, (Decimal, date, datetime)):
        return str(value)
    return value


def terms_of(data):
    """Terms as they were stored."""
    rules = tuple(_make(Rule, rule) for rule in data["rules"])
    return _make(Terms, {**data, "rules": ()})._replace(rules=rules)


def claim_of(data):
    """A claim as it was stored. Notes keep their figures as text."""
    lines = tuple(ClaimLine(row["key"], Decimal(row["qty"]), Decimal(row["amount"])) for row in data["lines"])
    return _make(Claim, {**data, "lines": ()})._replace(lines=lines)


NUMBERS = {"percent", "fixed", "low", "high", "per_parcel", "per_kg", "per_claim", "per_month", "share", "amount",
           "step"}  # fmt: skip
SETS = {"kinds", "covers", "evidence", "excluded", "holidays", "worked"}
DAYS = {"holidays", "worked"}


def _make(kind, data):
    return kind(**{name: _value(kind, name, value) for name, value in data.items() if name in kind._fields})


def _value(kind, name, value):
    if value is None:
        return None
    if name in NESTED and isinstance(value, dict):
        return _make(NESTED[name], value)
    if name in NUMBERS or name == "penalty":
        return Decimal(value)
    if name in SETS:
        return frozenset(date.fromisoformat(one) if name in DAYS else one for one in value)
    if name in ("since", "day"):
        return date.fromisoformat(value)
    if name == "until":
        return datetime.fromisoformat(value)
    if name in ("missing", "refused", "notes", "rules", "lines"):
        return tuple(tuple(one) if isinstance(one, list) else one for one in value)
    return value
