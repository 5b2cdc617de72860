from odoo import fields, models


class DropshipSupplier(models.Model):
    _inherit = "dropship.supplier"

    connection_id = fields.Many2one(
        "dropship.connection",
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
        check_company=True,
        help="Orders go there by themselves. Empty: a person passes them on.",
    )


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    dropship_exchange_ids = fields.One2many(
        "dropship.exchange",
        "purchase_id",
        string="Messages of the Supplier",
        groups="dropship_flow.group_dropship_user",
    )
    dropship_exchange_count = fields.Integer(
        compute="_compute_dropship_exchange_count", groups="dropship_flow.group_dropship_user"
    )

    def _compute_dropship_exchange_count(self):
        groups = self.env["dropship.exchange"]._read_group(
            [("purchase_id", "in", self.ids)], ["purchase_id"], ["__count"]
        )
        counts = {purchase.id: count for purchase, count in groups}
        for order in self:
            order.dropship_exchange_count = counts.get(order.id, 0)

    def _dropship_hand_over(self):
        """Override: a supplier with a connection hears of the order from us."""
        result = super()._dropship_hand_over()
        for order in self:
            # A test order shows the way; no real supplier must hear of it.
            if order.dropship_warehouse_id.supplier_id.connection_id and not order.dropship_is_test:
                self.env["dropship.exchange"]._enqueue(order, "order")
        return result

    def button_cancel(self):
        """Override: what was not sent stays here; what may have been sent is asked back."""
        messages = (
            self.env["dropship.exchange"]
            .sudo()
            .search([("purchase_id", "in", self.ids), ("direction", "=", "out"), ("kind", "=", "order")])
        )
        result = super().button_cancel()
        messages.filtered(lambda message: message.state in ("ready", "parked", "rejected"))._set_state("cancelled")
        if not self.env.context.get("dropship_supplier_said_no"):
            for message in messages.filtered(lambda message: message.state in ("sending", "unknown", "sent")):
                message._enqueue(message.purchase_id, "cancel")
        return result

    def action_dropship_messages(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "dropship.exchange",
            "name": self.env._("Messages"),
            "view_mode": "list,form",
            "domain": [("purchase_id", "=", self.id)],
        }
