"""A shop's return policy, and requests to play with."""

from datetime import timedelta
from decimal import Decimal

from odoo import Command

from .common_case import CaseCase


class PolicyCase(CaseCase):
    """Sold and delivered goods under the seeded law and policy; `self.row` adds a row before the others."""

    def long_ago(self, days, *lines):
        """As `delivered`, so long ago that no tracking service would still tell."""
        order = self.delivered(*lines)
        came = self.now() - timedelta(days=days)
        order.write({"date_order": came - timedelta(days=4)})
        order.dropship_shipment_ids.write({"delivered_at": came, "dispatched_at": came - timedelta(days=2)})
        return order

    def reason(self, code):
        """A seeded reason."""
        return self.env.ref(f"dropship_flow_aftersales.reason_{code}")

    def row(self, *outcomes, **conditions):
        """A row that comes first. outcomes: values of an outcome, a plain kind stands for what has no end."""
        rows = [{"kind": outcome} if isinstance(outcome, str) else outcome for outcome in outcomes]
        values = {
            "name": "Test",
            "sequence": 1,
            "company_id": self.env.company.id,
            "outcome_ids": [Command.create(row) for row in rows],
        }
        return self.env["dropship.return.policy"].create({**values, **conditions})

    def terms(self, supplier=None, **values):
        supplier = supplier or self.rhein
        return self.env["dropship.return.terms"].create(
            {"supplier_id": supplier.id, "company_id": self.env.company.id, **values}
        )

    def ask(self, *lines, by="customer", **more):
        """A request over (sale line, quantity, code of a seeded reason[, more of the line])."""
        rows = self.rows(*lines)
        orders = self.env["sale.order"].union(*(row["order_line"].order_id for row in rows))
        return self.env["dropship.return"]._open(orders, rows, by, origin="portal", **more)

    def rows(self, *lines):
        return [
            {"order_line": line, "qty": qty, "reason": self.reason(code), **(rest[0] if rest else {})}
            for line, qty, code, *rest in lines
        ]

    def preview(self, *lines):
        rows = self.rows(*lines)
        orders = self.env["sale.order"].union(*(row["order_line"].order_id for row in rows))
        return self.env["dropship.return"]._preview(orders, rows)

    def pieces(self, result, line=0):
        """(back, cancel, intercept, excess) of a line, as plain numbers."""
        return tuple(float(number) for number in result.lines[line].pieces)

    def kinds(self, result, line=0):
        """{outcome: verdict} of a line."""
        return {offer.kind: offer.verdict for offer in result.lines[line].offers}

    def cards(self, case):
        return {card["kind"]: card for card in case._offers_for_customer()}

    def codes(self, reasons):
        return [code for code, _figures in reasons]

    def dec(self, number):
        return Decimal(str(number))
