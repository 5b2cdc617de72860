"""What a person types beside a file: all there is of a PDF, and what is missing in others."""

from datetime import date
from decimal import Decimal

try:
    from ..feeds.errors import ValueProblem
    from ..feeds.values import parse_number
    from ..supplier_desk.values import plain
except ImportError:  # the package by itself, without the addon around it
    from feeds.errors import ValueProblem
    from feeds.values import parse_number
    from supplier_desk.values import plain

from .matching import refs_of
from .model import CREDIT, INVOICE

NAMES = ("kind", "number", "date", "due", "currency", "total", "orders")


def typed(data):
    """A form's fields as they are kept: short texts, only those that say something.

    >>> typed({"number": " R 1 ", "total": "", "orders": "P1, P2", "csrf_token": "x"})
    {'number': 'R 1', 'orders': 'P1, P2'}
    """
    sizes = {"orders": 2_000, "number": 64}
    kept = {}
    for name in NAMES:
        text = data.get(name) or ""
        text = "\n".join(plain(part, 500) for part in str(text)[:4_000].splitlines())[: sizes.get(name, 40)].strip()
        if text:
            kept[name] = text
    return kept


def add(bill, form):
    """Take from the form what the file does not say; a person who corrects means it, so what he says counts more."""
    if form.get("kind") in (INVOICE, CREDIT):
        bill.kind = form["kind"]
    bill.number = form.get("number") or bill.number
    bill.currency = (form.get("currency") or bill.currency).upper()
    for name in ("date", "due"):
        if form.get(name):
            setattr(bill, name, _day(bill, form[name]))
    if form.get("total"):
        bill.gross = _amount(bill, form["total"])
    if form.get("orders"):
        bill.refs = refs_of(form["orders"])
    if form.get("number"):
        bill.problems = [problem for problem in bill.problems if problem.code != "several_numbers"]
    return bill


def _day(bill, text):
    try:
        return date.fromisoformat(text)
    except ValueError:
        bill.wrong("date_wrong", text=text[:40])
        return None


def _amount(bill, text):
    mark = "," if "," in text[-3:] else "."
    try:
        return Decimal(parse_number(text, mark))
    except ValueProblem:
        bill.wrong("not_a_number", text=text[:40])
        return None
