from odoo import api, fields, models

from ..healing import answer_by
from ..healing.clock import ALL_DAY


class DropshipSupplierClosure(models.Model):
    _inherit = "dropship.supplier.closure"

    orders_meanwhile = fields.Boolean(
        string="Takes Orders Meanwhile",
        help="Orders are answered although nothing leaves. Otherwise no answer is expected before it is over, and if "
        "the supplier announced it himself, nothing is bought from him meanwhile.",
    )


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def _dropship_opening(self, day):
        """When somebody is there on `day`, in local hours: ((from, to), …)."""
        self.ensure_one()
        if not self._dropship_works_on(day):
            return ()
        week = str(self.env["resource.calendar.attendance"].get_week_type(day))
        found = self.attendance_ids.filtered(
            lambda row: (
                row.dayofweek == str(day.weekday())
                and row.day_period != "lunch"
                and not row.display_type
                and (not self.two_weeks_calendar or row.week_type == week)
            )
        )
        hours = tuple((row.hour_from, row.hour_to) for row in found if row.hour_to > row.hour_from)
        return hours or ALL_DAY


class DropshipSupplierWarehouse(models.Model):
    _inherit = "dropship.supplier.warehouse"

    def _answer_by(self, now, hours):
        """When the answer to an order sent `now` is due: a working day of the warehouse for each 24 hours.

        :param datetime now: naive UTC, as the result
        """
        self.ensure_one()
        calendar = self.resource_calendar_id
        closures = self.env["dropship.supplier.closure"].search(
            [
                ("supplier_id", "=", self.supplier_id.id),
                ("warehouse_id", "in", (False, self.id)),
                ("date_to", ">=", fields.Date.subtract(now.date(), days=1)),
                ("orders_meanwhile", "=", False),
            ]
        )
        return answer_by(
            now,
            hours,
            self.tz,
            calendar._dropship_opening if calendar else None,
            self.cut_off,
            tuple((closure.date_from, closure.date_to) for closure in closures),
        ).replace(microsecond=0)


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    @api.depends("state", "dropship_warehouse_id")
    def _compute_dropship_answer_by(self):
        """Override: the clock goes by the supplier's working days, and stands while he said he is closed."""
        fresh = self.sudo().filtered(
            lambda order: order.state == "sent" and order.dropship_warehouse_id and not order.dropship_answer_by
        )
        result = super()._compute_dropship_answer_by()
        for order in fresh:
            order.dropship_answer_by = order._dropship_answer_due()
        return result

    def _dropship_answer_due(self):
        """When an answer to the purchase is due if the clock starts now."""
        self.ensure_one()
        return self.dropship_warehouse_id._answer_by(fields.Datetime.now(), self._answer_hours())


class DropshipException(models.Model):
    _inherit = "dropship.exception"

    def action_ask_again(self):
        """Override: the new clock goes by the supplier's working days too."""
        silent = self.filtered(lambda exception: exception.kind == "silent" and exception.state == "open")
        result = super().action_ask_again()
        for purchase in silent.sudo().purchase_id.filtered(lambda order: order.state == "sent"):
            purchase.dropship_answer_by = purchase._dropship_answer_due()
        return result
