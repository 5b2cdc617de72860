from datetime import datetime, time, timedelta

import pytz
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class DropshipOverview(models.Model):
    """Today's line: orders in → bought → accepted → shipped → delivered, and how many no person touched."""

    _inherit = "dropship.overview"

    today_in = fields.Integer(string="Orders In", compute="_compute_today")
    today_bought = fields.Integer(string="Bought", compute="_compute_today")
    today_accepted = fields.Integer(string="Accepted", compute="_compute_today")
    today_shipped = fields.Integer(string="Shipped", compute="_compute_today")
    today_delivered = fields.Integer(string="Delivered", compute="_compute_today")
    today_touched = fields.Integer(string="Touched by a Person", compute="_compute_today")
    touchless = fields.Char(compute="_compute_today", help="Share of the orders bought today that no person touched.")

    @api.model
    def _days(self, first, last):
        """The moments, in UTC, at which the reader's days begin, counted from today."""
        zone = pytz.timezone(self.env.context.get("tz") or self.env.user.tz or "UTC")
        today = fields.Date.context_today(self)
        moments = (
            zone.localize(datetime.combine(today + timedelta(days=day), time.min)).astimezone(pytz.utc)
            for day in (first, last)
        )
        return tuple(moment.replace(tzinfo=None) for moment in moments)

    @api.model
    def _today_domains(self):
        """{step: domain of the orders that took it today}."""
        start, _now = self._days(0, 0)
        rows = "dropship_allocation_ids"
        bought = Domain(rows, "any", Domain("create_date", ">=", start))
        by_hand = Domain("by_hand", "=", True) | Domain("release_reason", "=", "refused")
        return {
            "in": Domain("dropship_stage", "!=", False) & Domain("date_order", ">=", start),
            "bought": bought,
            "accepted": Domain(rows, "any", Domain("accepted_at", ">=", start)),
            "shipped": Domain(rows, "any", Domain("shipped_at", ">=", start)),
            "delivered": Domain("dropship_delivered_at", ">=", start),
            "touched": bought & (
                Domain("dropship_hold_ids", "any", Domain("state", "=", "released"))
                | Domain("order_line", "any", Domain("dropship_choice_ids", "!=", False))
                | Domain(rows, "any", by_hand)
            ),
        }  # fmt: skip

    @api.depends_context("uid", "allowed_company_ids", "lang", "tz")
    def _compute_today(self):
        orders = self.env["sale.order"]
        counts = {step: orders.search_count(domain) for step, domain in self._today_domains().items()}
        for overview in self:
            for step, count in counts.items():
                overview[f"today_{step}"] = count
            overview.touchless = self._touchless(counts["bought"], counts["touched"])

    def _touchless(self, bought, touched):
        if not bought:
            return self.env._("nothing bought yet")
        return self.env._("%s %% touchless", f"{100 * (bought - touched) / bought:.0f}")

    def action_today(self):
        """Open the orders behind a figure of today's line; which one is in the context of the button."""
        domains = self._today_domains()
        step = self.env.context.get("dropship_step")
        if step not in domains:
            raise UserError(self.env._("Click a figure of today's line to see its orders."))
        title = self._fields[f"today_{step}"]._description_string(self.env)
        return self._window(title, "sale.order", domains[step], "dropship_flow.action_order_desk")
