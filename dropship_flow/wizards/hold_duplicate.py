from odoo import api, fields, models
from odoo.exceptions import UserError


class DropshipHoldDuplicate(models.TransientModel):
    """An order beside the one it seems to repeat: keep both, cancel one, or ship them together."""

    _name = "dropship.hold.duplicate"
    _description = "Two Orders Side by Side"

    hold_id = fields.Many2one("dropship.hold", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="hold_id.company_id")
    candidate_ids = fields.Many2many("sale.order", compute="_compute_candidate_ids")
    order_id = fields.Many2one(related="hold_id.order_id", string="This Order")
    other_id = fields.Many2one(
        "sale.order", string="Earlier Order", required=True, domain="[('id', 'in', candidate_ids)]"
    )
    date = fields.Datetime(related="order_id.date_order", string="Ordered On")
    other_date = fields.Datetime(related="other_id.date_order", string="Ordered Before")
    partner_id = fields.Many2one(related="order_id.partner_id", string="Customer")
    other_partner_id = fields.Many2one(related="other_id.partner_id", string="Customer Before")
    phone = fields.Char(related="order_id.partner_shipping_id.phone")
    other_phone = fields.Char(related="other_id.partner_shipping_id.phone", string="Phone Before")
    address = fields.Char(related="order_id.partner_shipping_id.contact_address_inline", string="Address")
    other_address = fields.Char(related="other_id.partner_shipping_id.contact_address_inline", string="Address Before")
    goods = fields.Text("Articles", compute="_compute_goods")
    other_goods = fields.Text(compute="_compute_goods", string="Goods Before")
    currency_id = fields.Many2one(related="order_id.currency_id")
    other_currency_id = fields.Many2one(related="other_id.currency_id", string="Currency Before")
    amount = fields.Monetary(related="order_id.amount_total", string="Total")
    other_amount = fields.Monetary(
        related="other_id.amount_total", string="Total Before", currency_field="other_currency_id"
    )
    stage = fields.Selection(related="order_id.dropship_stage", string="Stage")
    other_stage = fields.Selection(related="other_id.dropship_stage", string="Stage Before")

    @api.depends("hold_id")
    def _compute_candidate_ids(self):
        for wizard in self:
            wizard.candidate_ids = self._candidates(wizard.hold_id)

    @api.model
    def _candidates(self, hold):
        """The earlier orders the hold names, newest first."""
        ids = [params.get("order_id") for _code, params in hold.reasons or []]
        return self.env["sale.order"].browse([order_id for order_id in ids if order_id]).exists()

    @api.depends("order_id", "other_id")
    def _compute_goods(self):
        def text(order):
            lines = order.order_line.filtered(lambda line: not line.display_type)
            return "\n".join(f"{line.product_uom_qty:g} × {line.product_id.display_name}" for line in lines)

        for wizard in self:
            wizard.goods = text(wizard.order_id)
            wizard.other_goods = text(wizard.other_id)

    @api.model
    def _open_hold(self, hold):
        others = self._candidates(hold)
        if hold.kind != "duplicate" or not others:
            raise UserError(self.env._("There is no other order to look at. Release the hold, or cancel the order."))
        wizard = self.create({"hold_id": hold.id, "other_id": others[:1].id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ordered twice?"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def _release(self):
        """Somebody else may have decided already: then nothing is left to do."""
        if self.hold_id.state == "open":
            self.hold_id.action_release()

    def action_keep_both(self):
        self.ensure_one()
        self._release()
        return True

    def action_cancel_this(self):
        self.ensure_one()
        self._cancel(self.order_id, self.other_id)
        return True

    def action_cancel_other(self):
        """The earlier order goes; this one has no copy any more and is bought."""
        self.ensure_one()
        self._cancel(self.other_id, self.order_id)
        self.order_id._dropship_check_again()
        return True

    def action_ship_together(self):
        """Both are wanted, in one parcel where that is possible."""
        self.ensure_one()
        orders = self.order_id | self.other_id
        orders.check_access("write")
        if hasattr(orders, "_dropship_ship_together"):
            orders._dropship_ship_together()
        self._release()
        return True

    def _cancel(self, order, kept):
        order.check_access("write")
        if order.state == "cancel":
            return
        order._dropship_note(self.env._("Cancelled as a copy of %s.", kept.name))
        if hasattr(order, "_dropship_cancel"):
            reasons = self.env["dropship.cancel.reason"].search([("code", "=", "duplicate")], limit=1)
            if reasons:
                order._dropship_cancel(reasons)
                return
        order._action_cancel()
