from dataclasses import replace

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from .sale_order import READERS


class SaleOrder(models.Model):
    """Goods sent once more at our cost (补发): an order of its own at price zero, so that its cost stays visible."""

    _inherit = "sale.order"

    dropship_replaces_id = fields.Many2one(
        "dropship.shipment",
        string="Replaces Parcel",
        copy=False,
        readonly=True,
        ondelete="restrict",
        groups=READERS,
        index="btree_not_null",
    )
    dropship_replacement_of_id = fields.Many2one(
        related="dropship_replaces_id.order_id", string="Replacement For", groups=READERS
    )

    _dropship_replaces_once = models.UniqueIndex(
        "(dropship_replaces_id) WHERE dropship_replaces_id IS NOT NULL AND state != 'cancel'",
        "This parcel is being replaced already.",
    )


class DropshipShipment(models.Model):
    _inherit = "dropship.shipment"

    replacement_ids = fields.One2many("sale.order", "dropship_replaces_id", string="Replacements", groups=READERS)

    def action_resend(self):
        """Send the contents once more, at once and free of charge."""
        self.env["sale.order"].check_access("create")
        orders = self.env["sale.order"]
        for shipment in self:
            orders |= shipment._resend()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "view_mode": "form" if len(orders) == 1 else "list,form",
            "res_id": orders.id if len(orders) == 1 else False,
            "domain": [("id", "in", orders.ids)],
            "name": self.env._("Replacements"),
        }

    def _resend(self):
        """Make, confirm and buy the replacement, once per parcel: asked again, the same order is given.

        :return: the order
        :raise UserError: when the parcel is where it belongs, or never left (then it is bought again, not replaced)
        """
        self.ensure_one()
        self._take_rows()
        known = self.replacement_ids.filtered(lambda order: order.state != "cancel")
        if known:
            return known[:1]
        if self.status == "delivered" and not self._open_parcel_exceptions(("parcel_unlikely", "customer_reports")):
            raise UserError(self.env._("%s was delivered. Open a case of the customer instead.", self.number))
        if self.state == "reverted":
            raise UserError(self.env._("%s never left: its goods are bought again in the order itself.", self.number))
        units = self._units_by_sale_line()
        if not units:
            raise UserError(self.env._("Nobody knows what is in %s: enter its contents first.", self.number))
        order_sudo = self.order_id.sudo()  # who may solve exceptions may promise a replacement
        values = order_sudo.copy_data({"order_line": []})[0]
        values |= {
            "origin": self.env._("Replacement for %s", order_sudo.name),
            "client_order_ref": order_sudo.client_order_ref,
            "dropship_replaces_id": self.id,
            "partner_shipping_id": self.partner_id.id or order_sudo.partner_shipping_id.id,
            "website_id": order_sudo.website_id.id,
            "order_line": [
                Command.create(
                    {
                        "product_id": line.product_id.id,
                        "product_uom_qty": quantity,
                        "product_uom_id": line.product_uom_id.id,
                        "price_unit": 0.0,
                        "name": line.name,
                        "tax_ids": [Command.set(line.tax_ids.ids)],
                    }
                )
                for line, quantity in units.items()
            ],
        }
        values.pop("commitment_date", None)
        with self._first_come():
            order = self.env["sale.order"].sudo().create(values)
        order.order_line.price_unit = 0.0
        order.action_confirm()
        self.order_id._dropship_note(
            self.env._("%(number)s is sent again: %(order)s.", number=self.number, order=order.name)
        )
        self.order_id._dropship_tell("replaced", shipments=self)
        return order.with_env(self.env)

    def _units_by_sale_line(self):
        """{sale line: quantity in its unit} of what is in the box; of a kit as many as its parts make."""
        self.ensure_one()
        result = {}
        lines = self.sudo().line_ids.filtered(lambda line: line.sale_line_id)
        for sale_line, same in lines.grouped("sale_line_id").items():
            if set(same.product_id) == {sale_line.product_id}:
                units = sum(same.mapped("qty"))
                quantity = sale_line.product_id.uom_id._compute_quantity(units, sale_line.product_uom_id, round=False)
            else:  # components of a kit
                share = 1.0
                for product, parts in same.grouped("product_id").items():
                    moves = sale_line.move_ids.filtered(
                        lambda move, product=product: move.product_id == product and move.state == "done"
                    )
                    sent = sum(moves.mapped("product_qty"))
                    share = min(share, sum(parts.mapped("qty")) / sent if sent else 1.0)
                quantity = sale_line.product_uom_id.round(sale_line.qty_delivered * share, rounding_method="UP")
            if quantity > 0:
                result[sale_line] = quantity
        return result


class DropshipRouter(models.AbstractModel):
    _inherit = "dropship.router"

    @api.model
    def _approval_question(self, outcome):
        """Override: a replacement earns nothing; that it goes out was decided by a person."""
        if outcome.order.dropship_replaces_id:
            return None
        return super()._approval_question(outcome)

    @api.model
    def _engine_policy(self, order, policy, channel):
        """Override: no floor below which a replacement may not go."""
        found = super()._engine_policy(order, policy, channel)
        if order.dropship_replaces_id:
            return replace(found, margin_floor=None, margin_floor_percent=None)
        return found

    @api.model
    def _refused_offers(self, order):
        """Override: who sent a false parcel is not asked for its replacement."""
        found = super()._refused_offers(order)
        shipment = order.sudo().dropship_replaces_id
        if shipment and shipment._open_parcel_exceptions(("parcel_unlikely", "parcel_first_scan")):
            found |= set(shipment.line_ids.purchase_line_id.dropship_allocation_ids.offer_id.ids)
        return found
