from odoo import api, fields, models

from ..healing import FAILED, worse
from .reason_text import _lt

# Why it takes longer, as the customer may read it: nothing about who we buy from.
CUSTOMER_REASONS = {
    "short": _lt("Part of it was out of stock where we had set it aside, so it comes from another warehouse."),
    "refused": _lt("It was out of stock where we had set it aside, so it comes from another warehouse."),
    "date": _lt("It leaves the warehouse later than planned."),
    "": _lt("It could not leave the warehouse we had planned, so it comes from another one."),
}


class SaleOrder(models.Model):
    """The customer hears of a change only when the day he counts on moves back."""

    _inherit = "sale.order"

    dropship_told_date = fields.Date(
        string="Promised to the Customer",
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="The day the customer counts on: as first planned, or as he was told since.",
    )

    def _dropship_promise_changed(self, rows):
        """Tell the customers whose promised day moves back, once per order and new day.

        :param rows: the allocations that ended or got another date; their reason is what the customer is told
        :return: the orders whose customers were told
        """
        told = self.browse()
        for order in self.sudo():
            now = order._dropship_planned_date()
            date = worse(order.dropship_told_date, now)
            if not date:
                continue
            order.dropship_told_date = date
            order._dropship_tell_new_date(date, rows.filtered(lambda row, order=order: row.order_id == order))
            told |= order
        return told

    def _dropship_planned_date(self):
        """When the slowest part that is bought is expected; None when nothing is."""
        self.ensure_one()
        dates = [row.promised_date for row in self.dropship_allocation_ids if row.state != "released"]
        return max(filter(None, dates), default=None)

    def _dropship_tell_new_date(self, date, rows):
        """The rules say who hears of a new day, and how; the reason is in the customer's words."""
        self.ensure_one()
        code = next((row.release_reason for row in rows.sorted("id", reverse=True) if row.release_reason), "date")
        words = self.with_context(lang=self.partner_id.lang or self.env.lang).env
        reason = words._(CUSTOMER_REASONS.get(code, CUSTOMER_REASONS[""]))
        self._dropship_tell("late", date=date, reason=reason)


class DropshipRouter(models.AbstractModel):
    _inherit = "dropship.router"

    @api.model
    def _apply(self, outcomes):
        """Override: what is bought first is what the customer counts on; what comes later instead he has to hear."""
        result = super()._apply(outcomes)
        for outcome in outcomes:
            order = outcome.order
            if outcome.holds:
                continue
            failed = order.dropship_allocation_ids.filtered(lambda row: row.release_reason in FAILED)
            if failed and order.dropship_told_date:
                order._dropship_promise_changed(failed)
            else:  # the first plan, or the customer ordered something else
                planned = order._dropship_planned_date()
                if planned and planned != order.dropship_told_date:
                    order.dropship_told_date = planned
        return result
