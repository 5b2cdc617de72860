"""Parcels to play with: a supplier who is believed, or whose parcels have to be scanned first."""

from datetime import timedelta

from odoo import fields

from ..trackers.said import Said
from .common_flow import FlowCase


class ShipmentCase(FlowCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for supplier in cls.suppliers.values():
            supplier.answer_mode = "manual"
        cls.rhein = cls.suppliers["Rhein"]

    def buy(self, *lines, partner=None, accept=False):
        """The purchase at Rhein of a new sale."""
        order = self.make_sale(*lines, partner=partner)
        for line in order.order_line:
            self.env["dropship.line.choice"]._choose(line, self.rhein, "pin", "test")
        order.action_confirm()
        self.assertEqual(len(order.dropship_purchase_ids), 1)
        if accept:
            order.dropship_purchase_ids._dropship_accept()
        return order.dropship_purchase_ids

    def told(self, purchase, number, *goods, carrier=""):
        """The supplier's notice. goods: (purchase line, quantity)."""
        lines = [{"line": str(line.id), "sku": "", "qty": qty} for line, qty in goods]
        purchase._dropship_take_parcels([{"number": number, "carrier": carrier, "lines": lines}])
        return self.box(number)

    def box(self, number):
        return self.env["dropship.shipment"].search([("number", "=", number), ("current", "=", True)])

    def said(self, code, hours=0.0, **more):
        return Said(fields.Datetime.now() - timedelta(hours=hours), code, **more)

    def scan(self, box, code="picked_up", hours=0.0, source="service", **more):
        return box._add_events([self.said(code, hours, **more)], source=source)

    def login(self, role):
        """The same person of a role again."""
        name = f"dropship-{role}-{self.env.company.id}"
        return self.env["res.users"].search([("login", "=", name)]) or self.make_login(role)

    def parcels_wrong(self, box):
        """The kinds of open exceptions about a parcel."""
        return (
            self.env["dropship.exception"].search([("shipment_id", "=", box.id), ("state", "=", "open")]).mapped("kind")
        )

    def counts(self, purchase):
        """What stock and both orders say: what must be as before after a false notice."""
        self.env.flush_all()
        self.env.invalidate_all()
        rows = purchase.dropship_allocation_ids.filtered(lambda row: row.state != "released")
        return {
            "received": purchase.order_line.mapped("qty_received"),
            "delivered": purchase.dropship_sale_id.order_line.mapped("qty_delivered"),
            "to_invoice": purchase.dropship_sale_id.order_line.mapped("qty_to_invoice"),
            "to_bill": purchase.order_line.mapped("qty_to_invoice"),
            "rows": sorted((row.product_id.name, row.qty, row.buy_qty, row.qty_shipped, row.state) for row in rows),
            "open": [line._dropship_open_units() for line in purchase.order_line],
            "stage": purchase.dropship_sale_id.dropship_stage,
        }
