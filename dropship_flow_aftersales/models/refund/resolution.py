"""What was agreed about money is carried out."""

from odoo import Command, fields, models
from odoo.exceptions import UserError


class DropshipResolution(models.Model):
    _inherit = "dropship.resolution"

    refund_ids = fields.One2many("dropship.refund", "resolution_id", string="Refunds", readonly=True)

    def _do_return(self):
        """Money back for what came back."""
        return self._do_refund()

    def _do_keep(self):
        """Part of the money back; the goods stay."""
        return self._do_refund()

    def _do_refund_only(self):
        """Money back, nothing to send."""
        return self._do_refund()

    def _do_cancel(self):
        """The purchase is stopped first; only then money goes back."""
        waits = False
        for line, qty in self._line_quantities().items():
            waits |= bool(line.order_line_id.sudo()._dropship_stop_units(qty, self))
        return "waits" if waits else self._call_off()

    def _call_off(self):
        """Money back for what was paid; what was not is taken off the order, and reserved money is set free."""
        qtys = {line.order_line_id.sudo(): qty for line, qty in self._line_quantities().items()}
        orders = self.env["sale.order"].union(*(line.order_id for line in qtys))
        unpaid = orders.filtered(lambda order: not order._dropship_was_paid())
        for order_sudo in unpaid.sudo():  # the agreement is the right to do it
            mine = {line: qty for line, qty in qtys.items() if line.order_id == order_sudo}
            order_sudo._dropship_call_off(mine, self)
        return self._do_refund(but=unpaid) if orders - unpaid else None

    def _do_intercept(self):
        """The parcel is stopped first; only then money goes back."""
        waits = False
        if self._offer().after not in ("received", "inspected"):  # else somebody has seen them by now
            for line, qty in self._line_quantities().items():
                waits |= line._stop_parcels(qty, self)
        return "waits" if waits else self._do_refund()

    def _do_refund(self, but=()):
        """Make the refunds of what was agreed.

        :param but: orders of which nothing was paid
        """
        self.ensure_one()
        offer = self._offer()
        wishes = self.return_id._wishes(offer, came=offer.after in ("received", "inspected"))
        if not wishes:
            raise UserError(self.env._("Nothing came back yet that could be refunded."))
        for order, wish in wishes.items():
            if order in but:
                continue
            self.env["dropship.refund"]._make(
                order,
                wish,
                resolution=self,
                key=f"resolution {self.id} order {order.id}",
                user_id=self.event_id.user_id.id,
            )
        return None


class DropshipReturnLine(models.Model):
    _inherit = "dropship.return.line"

    def _stop_parcels(self, qty, resolution):
        """See that the parcels with these goods do not arrive.

        :return: whether somebody has still to answer
        :raise UserError: it is too late
        """
        self.ensure_one()
        line = self.order_line_id.sudo()
        boxes = self.env["dropship.shipment.line"].sudo().search(
            [("sale_line_id", "=", line.id), ("shipment_id.state", "!=", "reverted")]
        ).shipment_id  # fmt: skip
        if not boxes:
            return bool(line._dropship_stop_units(qty, resolution))
        # That it turned round is one scan, which may be followed by a delivery: that it is back, or a person's word.
        back = boxes.filtered(lambda box: box.intercept == "stopped" or box.status == "returned")
        if back == boxes:
            return False
        late = (boxes - back).filtered(lambda box: box.intercept == "too_late" or box.is_final)
        if late:
            raise UserError(
                self.env._(
                    "Too late: %s could not be stopped. The customer can refuse it or send it back.",
                    ", ".join(late.mapped("number")),
                )
            )
        asked = (boxes - back).filtered(lambda box: not box.intercept and box.status != "returning")
        if asked:
            act = self.env["dropship.parcel.act"].sudo().create(
                {"verb": "intercept", "shipment_ids": [Command.set(asked.ids)]}
            )  # fmt: skip
            act._write_to_suppliers()
            act._stop_asked()
        return True
