from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..healing import parse_times, send_at


class DropshipRoutingPolicy(models.Model):
    _inherit = "dropship.routing.policy"

    send_delay = fields.Integer(default=30)


class DropshipSupplier(models.Model):
    _inherit = "dropship.supplier"

    send_times = fields.Char(
        string="Orders Are Sent At",
        tracking=True,
        help="Times of the day in the zone of his warehouse, e.g. 10:00, 15:00. Empty: at once.",
    )

    @api.constrains("send_times")
    def _check_send_times(self):
        for supplier in self:
            try:
                parse_times(supplier.send_times)
            except ValueError as error:
                raise ValidationError(
                    self.env._('"%s" are no times of the day. Write them like 10:00, 15:00.', str(error)[:60])
                ) from None


class PurchaseOrder(models.Model):
    """When a purchase leaves the house: thinking time, cut-off, the supplier's own hours."""

    _inherit = "purchase.order"

    def _dropship_send_after(self):
        """Until when the purchase waits; False: it goes at once."""
        self.ensure_one()
        policy = self.dropship_allocation_ids.decision_id.policy_id[:1]
        place, now = self.dropship_warehouse_id, fields.Datetime.now()
        times = parse_times(place.supplier_id.send_times)
        # Where a person approves each order he had his second thoughts.
        delay = policy.send_delay if policy.automation == "buy" else 0
        if not delay and not times:
            return False
        calendar = place.resource_calendar_id
        works = not calendar or calendar._dropship_works_on(now.date())
        moment = send_at(now, delay, place.tz or "UTC", place.cut_off if works else 0.0, times)
        return moment if moment > now else False


class SaleOrder(models.Model):
    _inherit = "sale.order"

    dropship_can_hurry = fields.Boolean(compute="_compute_dropship_can_hurry", groups="base.group_user")

    @api.depends("dropship_allocation_ids.state")
    def _compute_dropship_can_hurry(self):
        for order in self:
            order.dropship_can_hurry = bool(order._dropship_waiting_purchases())

    def _dropship_waiting_purchases(self):
        """Purchases that will go out by themselves at their time."""
        planned = self.sudo().dropship_allocation_ids.filtered(lambda row: row.state == "planned")
        return planned.purchase_id.filtered(lambda order: order.state == "draft" and order.dropship_send_at)

    def action_dropship_send_now(self):
        """Send what waits for its time now: no more second thoughts."""
        self.check_access("write")
        waiting_sudo = self._dropship_waiting_purchases()
        if not waiting_sudo:
            raise UserError(self.env._("Nothing of this order waits to be sent."))
        waiting_sudo._dropship_reroute_lost().with_context(dropship_by_hand=True)._dropship_submit()
        return True
