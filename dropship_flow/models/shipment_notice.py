from odoo import fields, models

from ..sheets import carriers
from ..tracking import numbers
from .sale_order import READERS


class StockPicking(models.Model):
    _inherit = "stock.picking"

    dropship_shipment_line_ids = fields.One2many(
        "dropship.shipment.line", compute="_compute_dropship_shipment_line_ids", groups=READERS
    )

    def _compute_dropship_shipment_line_ids(self):
        for picking in self:
            picking.dropship_shipment_line_ids = picking.move_ids.dropship_shipment_line_ids

    def _dropship_pack(self, parcel, part=False, shipment=None):
        """What left with these transfers is in this box.

        :param dict parcel: {"number", "carrier"}
        :param bool part: the goods are counted in another box already
        :param shipment: the box, where it is known already
        :return: the parcel, dispatched
        """
        shipment = shipment or self._dropship_box(parcel["number"], parcel.get("carrier"))
        known = shipment.line_ids.move_id
        planned = shipment.line_ids.filtered(lambda line: not line.move_id)
        planned.filtered(lambda line: line.purchase_line_id in self.move_ids.purchase_line_id).unlink()
        lines = []
        for move in self.move_ids.filtered(lambda move: move.state == "done" and move not in known):
            unit = move.product_id.uom_id
            lines.append(
                {
                    "shipment_id": shipment.id,
                    "purchase_line_id": move.purchase_line_id.id,
                    "sale_line_id": move.sale_line_id.id,
                    "move_id": move.id,
                    "product_id": move.product_id.id,
                    "qty": move.product_uom._compute_quantity(move.quantity, unit, round=False),
                    "is_part": part,
                }
            )
        self.env["dropship.shipment.line"].create(lines)
        shipment._check_number()
        left_at = self.env.context.get("dropship_left_at") or fields.Datetime.now()
        if shipment._set_state("dispatched", dispatched_at=left_at):
            shipment._after_dispatch()
        return shipment

    def _dropship_box(self, number, carrier=""):
        """The parcel in use under a number for the receiver of these transfers; a new one where there is none."""
        shipments = self.env["dropship.shipment"]
        picking, code = self[:1], carriers.code_of(carrier or "")
        domain = [("company_id", "=", picking.company_id.id), ("number", "=", number), ("current", "=", True)]
        found = shipments.search(domain).filtered(
            lambda shipment: not code or not shipment.carrier_code or shipment.carrier_code == code
        )[:1]
        if found and not found.purchase_ids & self.purchase_id and found._is_history():
            found.current = False  # the carrier gave the number away again
            found.flush_recordset(["current"])
            found = shipments
        if found:
            if carrier and not found.carrier_name:
                found.write({"carrier_name": carrier, "carrier_code": code or found.carrier_code})
            return found
        if not carrier:
            code = numbers.sure(number, picking.partner_id.country_id.code or "")
        with shipments._first_come():
            shipment = shipments.create(
                {
                    "number": number,
                    "carrier_name": carrier or False,
                    "carrier_code": code or False,
                    "company_id": picking.company_id.id,
                    "warehouse_id": picking.purchase_id.dropship_warehouse_id[:1].id,
                    "partner_id": (picking.purchase_id.dest_address_id or picking.partner_id)[:1].id,
                    "order_id": picking.sale_id[:1].id,
                }
            )
        shipment._adopt_events()
        return shipment


class StockMove(models.Model):
    _inherit = "stock.move"

    dropship_shipment_line_ids = fields.One2many("dropship.shipment.line", "move_id", groups=READERS)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _dropship_is_delivered(self):
        """Override: where parcels are followed, the order is there when every box of what left is."""
        result = super()._dropship_is_delivered()
        for order in self - result:
            order_sudo = order.sudo()  # the stage is the same for everybody
            left = order_sudo.dropship_allocation_ids.filtered(lambda row: row.state == "shipped")
            moves = self.env["stock.move"].union(*(row._moves() for row in left))
            moves = moves.filtered(lambda move: move.state == "done")
            boxes = moves.dropship_shipment_line_ids.shipment_id.filtered(lambda box: box.state == "dispatched")
            covered = boxes.line_ids.move_id
            if moves and moves <= covered and set(boxes.mapped("status")) == {"delivered"}:
                result |= order
        return result

    def _dropship_stage_depends(self):
        """Override: a delivery moves the stage."""
        return [*super()._dropship_stage_depends(), "dropship_shipment_ids.status", "dropship_shipment_ids.state"]
