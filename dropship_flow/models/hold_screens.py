from odoo import api, fields, models

from .sale_order import READERS


class SaleOrder(models.Model):
    _inherit = "sale.order"

    dropship_hold_count = fields.Integer(compute="_compute_dropship_hold_count", groups=READERS)
    dropship_gated = fields.Boolean(
        compute="_compute_dropship_gated",
        groups="base.group_user",
        help="A person has to look at the order before it is routed.",
    )

    @api.depends("dropship_hold_ids")
    def _compute_dropship_hold_count(self):
        counts = dict(
            self.env["dropship.hold"]._read_group([("order_id", "in", self.ids)], ["order_id"], ["__count"])
        )
        for order in self:
            order.dropship_hold_count = counts.get(order._origin, 0)

    @api.depends("dropship_hold_ids.state")
    def _compute_dropship_gated(self):
        for order in self:
            # Who may read the order may know that it waits; why it does is in the holds.
            order.dropship_gated = any(hold._is_gate() for hold in order.sudo().dropship_hold_ids)

    def action_dropship_holds(self):
        """The holds of the order, the closed ones too."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("dropship_flow.action_dropship_hold")
        return {**action, "domain": [("order_id", "=", self.id)], "context": {}}

    def action_dropship_block(self):
        self.ensure_one()
        self.check_access("read")
        return self.env["dropship.customer.block"]._open_for(
            self.partner_id, self.partner_shipping_id, self.company_id
        )


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_dropship_block(self):
        self.ensure_one()
        self.check_access("read")
        return self.env["dropship.customer.block"]._open_for(self, self, self.company_id or self.env.company)
