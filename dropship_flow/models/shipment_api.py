"""Parcels in the order API: the same words as on every screen."""

from odoo import api, models

from .api_read import as_text


class DropshipApi(models.AbstractModel):
    _inherit = "dropship.api"

    @api.model
    def _order_as_read(self, order):
        """Override: parcels are told from their boxes; transfers without one as before."""
        view = super()._order_as_read(order)
        order_sudo = order.sudo()  # parcels by number and state only; the caller may read the order
        boxes = order_sudo._dropship_boxes().sorted("id")
        told = {box.number for box in boxes}
        others = [parcel for parcel in view["parcels"] if not told & set(parcel["tracking"].split(","))]
        view["parcels"] = [box._as_read() for box in boxes] + [
            {**parcel, "number": parcel["tracking"], "status": "", "status_word": "", "left": "", "delivered": ""}
            for parcel in others
        ]
        return view


class DropshipShipment(models.Model):
    _inherit = "dropship.shipment"

    def _as_read(self):
        """The parcel for programs. `tracking` is the older name of `number`."""
        self.ensure_one()
        words = dict(self._fields["status"]._description_selection(self.env))
        return {
            "number": self.number,
            "tracking": self.number,
            "carrier": self.carrier_title or "",
            "carrier_code": self.carrier_code or "",
            "state": self.state,
            "status": self.status,
            "status_word": words.get(self.status, self.status),
            "left": as_text(self.dispatched_at) if self.dispatched_at else "",
            "delivered": as_text(self.delivered_at) if self.delivered_at else "",
        }


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _dropship_boxes(self):
        """The parcels that carry goods of these orders, those that proved false left aside."""
        boxes = self.order_line.dropship_shipment_line_ids.shipment_id | self.dropship_shipment_ids
        return boxes.filtered(lambda box: box.state != "reverted")
