"""Orders that stand for others: what is sent again or repaired for an order is that order's profit, not one of its own.

The line keeps the order that was sent; the order of a fact is the one that was sold.
"""

from odoo import api, models
from odoo.tools import SQL

CLAIMS_TO_ROOTS = """
    WITH RECURSIVE up AS (
        SELECT DISTINCT order_id AS start_id, order_id AS id FROM profit_claim WHERE order_id IS NOT NULL
         UNION
        SELECT up.start_id, %(parent)s
          FROM up
          JOIN sale_order sale ON sale.id = up.id
     LEFT JOIN dropship_shipment box ON box.id = sale.dropship_replaces_id
         WHERE %(parent)s IS NOT NULL
    )
    UPDATE profit_claim claim SET order_id = up.id
      FROM up
      JOIN sale_order sale ON sale.id = up.id
 LEFT JOIN dropship_shipment box ON box.id = sale.dropship_replaces_id
     WHERE up.start_id = claim.order_id AND up.id <> up.start_id AND %(parent)s IS NULL
"""
# Whole families of the orders: (id, root_id), the root itself among them.
FAMILIES = """
    WITH RECURSIVE up AS (
        SELECT id FROM (%(orders)s) changed (id)
         UNION
        SELECT %(parent)s
          FROM up
          JOIN sale_order sale ON sale.id = up.id
     LEFT JOIN dropship_shipment box ON box.id = sale.dropship_replaces_id
         WHERE %(parent)s IS NOT NULL
    ), down AS (
        SELECT up.id, up.id AS root_id
          FROM up
          JOIN sale_order sale ON sale.id = up.id
     LEFT JOIN dropship_shipment box ON box.id = sale.dropship_replaces_id
         WHERE %(parent)s IS NULL
         UNION
        SELECT child.id, down.root_id FROM down CROSS JOIN LATERAL (%(children)s) child
    )
    SELECT id, MIN(root_id) AS root_id FROM down GROUP BY id
"""
SENT_AGAIN = """
    SELECT sale.id FROM dropship_shipment box JOIN sale_order sale ON sale.dropship_replaces_id = box.id
     WHERE box.order_id = down.id AND sale.id <> down.id
"""


class DropshipProfitSource(models.AbstractModel):
    _inherit = "dropship.profit.source"

    @api.model
    def _claims_to_roots(self):
        """SQL: what is claimed for an order that stands for another is claimed for that."""
        return SQL(CLAIMS_TO_ROOTS, parent=self._parent_order())

    @api.model
    def _families(self, orders):
        """SQL of (id, root_id) for all orders of the families of these.

        :param SQL orders: ids
        """
        return SQL(FAMILIES, orders=orders, parent=self._parent_order(), children=self._children_orders())

    @api.model
    def _parent_order(self):
        """SQL expression: which order `sale` stands for, whose parcel it replaces being `box`."""
        lost = SQL("NULLIF(box.order_id, sale.id)")
        if "dropship_instead_of_id" in self.env["sale.order"]._fields:
            return SQL("COALESCE(NULLIF(sale.dropship_instead_of_id, sale.id), %s)", lost)
        return lost

    @api.model
    def _children_orders(self):
        """SQL of the ids of orders that stand for the order `down.id`."""
        if "dropship_instead_of_id" in self.env["sale.order"]._fields:
            return SQL(
                "%s UNION SELECT sale.id FROM sale_order sale WHERE sale.dropship_instead_of_id = down.id"
                " AND sale.id <> down.id", SQL(SENT_AGAIN)
            )  # fmt: skip
        return SQL(SENT_AGAIN)
