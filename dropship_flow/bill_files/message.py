"""A bill as the API takes it: a JSON object that was checked against its schema."""

from datetime import date

from .model import CHARGES, CREDIT, INVOICE, Bill, Line, decimals
from .words import charge_of


def read(body):
    """
    >>> bill = read({"number": "R1", "date": "2026-05-04", "currency": "EUR", "total": 11.9,
    ...              "lines": [{"ref": "P1", "sku": "A", "qty": 2, "price": 5}]})
    >>> bill.number, bill.gross, bill.lines[0].qty, bill.lines[0].ref
    ('R1', Decimal('11.9'), Decimal('2'), 'P1')
    """
    bill = Bill(
        kind=CREDIT if body.get("kind") == "credit" else INVOICE,
        number=body.get("number", ""),
        date=date.fromisoformat(body["date"]) if body.get("date") else None,
        due=date.fromisoformat(body["due"]) if body.get("due") else None,
        currency=(body.get("currency") or "").upper(),
        net=decimals(body.get("net")),
        tax=decimals(body.get("tax")),
        gross=decimals(body.get("total")),
    )
    for index, row in enumerate(body.get("lines") or (), 1):
        line = Line(
            str(index),
            **{name: str(row.get(name) or "") for name in ("ref", "sku", "name")},
            key=str(row.get("line") or ""),
            **{name: decimals(row.get(name)) for name in ("qty", "price", "amount")},
        )
        if not line.sku and not line.key and line.qty is None and line.amount is not None:
            line.charge = charge_of(line.name, only=True)
        bill.lines.append(line)
    for row in body.get("charges") or ():
        kind = row["kind"] if row["kind"] in CHARGES else "other"
        bill.lines.append(
            Line("", ref=row.get("ref") or "", name=row.get("name") or "", charge=kind, amount=decimals(row["amount"]))
        )
    return bill
