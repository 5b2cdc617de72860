"""Sold, shipped and delivered goods, and cases about them."""

from datetime import timedelta
from decimal import Decimal

from odoo import fields
from odoo.addons.dropship_flow.tests.common_shipment import ShipmentCase

from ..casework import Offer


class CaseFactories:
    """Mixin for test classes on `FlowFactories`: reasons, cases, offers, and time that passes."""

    @classmethod
    def make_reasons(cls):
        """damaged (supplier), dislike (customer), lost (carrier, absent), listing (our description)."""
        cls.reasons = {}
        for code, kind, liable, absent in (
            ("t_damaged", "damaged", "supplier", False),
            ("t_dislike", "return", "customer", False),
            ("t_lost", "not_received", "carrier", True),
            ("t_listing", "wrong_item", "listing", False),
        ):
            cls.reasons[code[2:]] = cls.env["dropship.return.reason"].create(
                {"name": code[2:].title(), "code": code, "kind": kind, "liable": liable, "absent": absent}
            )

    def open_case(self, *lines, by="agent", **more):
        """lines: (sale.order.line, quantity, reason's name[, more of the line])."""
        rows = [
            {"order_line": line, "qty": qty, "reason": self.reasons[reason], **(rest[0] if rest else {})}
            for line, qty, reason, *rest in lines
        ]
        orders = self.env["sale.order"].union(*(row["order_line"].order_id for row in rows))
        return self.env["dropship.return"]._open(orders, rows, by, **more)

    def offer(self, case, kind="return", qty=None, **more):
        """An offer about all lines of a case."""
        lines = tuple((line.id, Decimal(str(qty or line.qty))) for line in case.line_ids)
        return Offer(kind, lines, **more)

    def pass_hours(self, case, hours):
        """Let time pass for a case, as if everything in it had been earlier."""
        self.env.flush_all()
        back = timedelta(hours=hours)
        self.env.cr.execute("UPDATE dropship_return SET opened_at = opened_at - %s WHERE id = %s", [back, case.id])
        self.env.cr.execute(
            "UPDATE dropship_return_event SET at = at - %s, until = until - %s WHERE return_id = %s",
            [back, back, case.id],
        )
        self.env.cr.execute(
            """UPDATE dropship_return_event SET offer = jsonb_set(offer, '{until}', to_jsonb(to_char(
                   (offer->>'until')::timestamp - %s, 'YYYY-MM-DD HH24:MI:SS')))
               WHERE return_id = %s AND offer->>'until' IS NOT NULL""",
            [back, case.id],
        )
        self.env.invalidate_all()
        case._wake()


class CaseCase(CaseFactories, ShipmentCase):
    """`self.delivered((product, qty), …)` sells, ships and delivers; `self.open_case` asks for some of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_reasons()

    def delivered(self, *lines, days=1, partner=None):
        """The sale order of goods that arrived so many days ago.

        lines: as of `make_sale`
        """
        purchase = self.buy(*lines, partner=partner, accept=True)
        number = f"00340{purchase.id:015d}"
        purchase._dropship_take_parcels([{"number": number, "carrier": "DHL"}])
        box = self.box(number)
        self.scan(box, "picked_up", hours=24 * days + 24)
        self.scan(box, "delivered", hours=24 * days)
        order = purchase.dropship_allocation_ids.order_id
        order.invalidate_recordset()
        return order

    def history(self, case):
        """The codes of what happened."""
        return [event.code for event in case.event_ids.sorted("id")]

    def now(self):
        return fields.Datetime.now()
