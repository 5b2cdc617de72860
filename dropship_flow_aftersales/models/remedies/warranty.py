"""How long we, and how long the supplier, answer for what was delivered."""

from dateutil.relativedelta import relativedelta
from odoo import models


class DropshipReturnLine(models.Model):
    _inherit = "dropship.return.line"

    def _delivered_at(self):
        """When its first pieces arrived; None: nobody knows."""
        self.ensure_one()
        rows = self.env["dropship.shipment.line"].sudo().search([("sale_line_id", "=", self.order_line_id.id)])
        boxes = rows.shipment_id.filtered(lambda box: box.state != "reverted")
        moments = [box.delivered_at for box in boxes if box.delivered_at]
        if not moments:
            moves = self.order_line_id.sudo().move_ids.filtered(
                lambda move: move.state == "done" and move.location_dest_id.usage == "customer"
            )
            moments = moves.mapped("date")
        return min(moments, default=None)

    def _warranty_until(self):
        """The end of the customer's warranty; None: there is none. Runs as the system."""
        self.ensure_one()
        months = self.product_id.product_tmpl_id._dropship_warranty_of(self.company_id)
        since = self._delivered_at() or self.order_id.date_order
        return since + relativedelta(months=months) if months else None

    def _supplier_warranty_until(self):
        """The end of the supplier's warranty to us; None: there is none. Runs as the system."""
        self.ensure_one()
        term = self.supplier_id._terms_for(self.company_id) if self.supplier_id else None
        months = term.warranty_months if term else 0
        since = self._delivered_at() or self.order_id.date_order
        return since + relativedelta(months=months) if months else None

    def _under_warranty(self):
        """Whether a repair is free for the customer: by warranty, or because the goods were never right."""
        until = self._warranty_until()
        return bool(until) and self.return_id.opened_at <= until

    def _under_supplier_warranty(self):
        until = self._supplier_warranty_until()
        return bool(until) and self.return_id.opened_at <= until

    def _repair_payer(self, conditions):
        """Who pays the ways of a repair: customer, us, supplier.

        Condition read: ("payer", {"payer"}).
        """
        self.ensure_one()
        agreed = dict(conditions).get("payer") or {}
        if agreed.get("payer") in ("customer", "us", "supplier"):
            return agreed["payer"]
        if not self._under_warranty():
            return "customer"
        return "supplier" if self._under_supplier_warranty() else "us"
