import logging
from datetime import datetime, time, timedelta

from babel.dates import format_skeleton
from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools.misc import babel_locale_parse
from psycopg2 import OperationalError

from .arrival_reader import Reader
from .arrival_shipment import arrival_day
from .reason_text import FLOW_REASONS, _lt

_logger = logging.getLogger(__name__)

FLOW_REASONS.update(
    {
        "promise_late": _lt(
            "It is expected by %(expected)s, %(days)s days after the promised %(promised)s: look where it hangs, and "
            "tell the customer before he asks."
        ),
    }
)
LEVEL_NAMES = ("p50", "p80", "p95")


def day_text(env, day, lang=None):
    """A day as people say it: "Thu, Dec 4", "12月4日周四"."""
    locale = babel_locale_parse(lang or env.context.get("lang") or env.user.lang or "en_US")
    return format_skeleton("MMMEd", datetime.combine(day, time()), locale=locale)


class ResCompany(models.Model):
    _inherit = "res.company"

    dropship_promise_shift = fields.Integer(
        string="Tell from a Delay of (days)", default=1, groups="base.group_user",
        help="Smaller delays of the expected day are nobody's business.",
    )  # fmt: skip
    dropship_promise_tell = fields.Boolean(
        string="Tell Customers of Delays", default=True, groups="base.group_user",
        help="Once for each new day, as soon as four of five such parcels would be late.",
    )  # fmt: skip

    _dropship_promise_shift_range = models.Constraint(
        "CHECK (dropship_promise_shift BETWEEN 1 AND 60)", "The delay from which customers are told is 1 to 60 days."
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dropship_promise_shift = fields.Integer(related="company_id.dropship_promise_shift", readonly=False)
    dropship_promise_tell = fields.Boolean(related="company_id.dropship_promise_tell", readonly=False)


class DropshipException(models.Model):
    _inherit = "dropship.exception"

    @api.model
    def _exception_kinds(self):
        return [*super()._exception_kinds(), ("promise_late", self.env._("Later than promised"))]


class SaleOrder(models.Model):
    """The day the whole order arrives, from its parcels and from what has not left yet."""

    _inherit = "sale.order"

    dropship_first_date = fields.Date(
        string="First Promised", copy=False, readonly=True, groups="base.group_user",
        help="What the customer counted on before he was told a later day.",
    )  # fmt: skip

    dropship_expected_text = fields.Char(
        string="Expected Now", compute="_compute_dropship_expected_text", groups="base.group_user",
        help="When its parcels arrive, as things stand: 4 of 5 such orders are there by then.",
    )  # fmt: skip

    @api.depends("dropship_shipment_ids.expected_p80", "dropship_allocation_ids.state")
    def _compute_dropship_expected_text(self):
        for order in self:
            promise = order._dropship_promise() if order.state == "sale" and isinstance(order.id, int) else {}
            order.dropship_expected_text = day_text(self.env, promise["p80"]) if promise else False

    def _dropship_promise(self, now=None):
        """When what we buy of an order arrives.

        :return: {} when nothing of it is bought or a day cannot be said of any part; else p50, p80, p95 (dates of the
            customer), `text` (P80 as people say it, in his language), `certainty` (80), `parts` and `lines`:
            {sale line id: {p50, p80, p95, text}}, the slowest part of each. A part is a dict with `shipment_id` (False:
            it has not left), `line_ids`, `status`, p50, p80, p95 (None: nobody can say), `text`
        """
        self.ensure_one()
        order_sudo = self.sudo()  # the day is the same for everybody; nothing of it names a source
        now = now or fields.Datetime.now()
        lang = order_sudo.partner_id.lang or self.env.lang
        parts = [*order_sudo._promise_parcels(now), *order_sudo._promise_waiting(now)]
        for part in parts:
            part["text"] = day_text(self.env, part["p80"], lang) if part["p80"] else ""
        known = [part for part in parts if part["p80"]]
        if not known:
            return {}
        lines = {}
        for part in known:
            for line_id in part["line_ids"]:
                lines[line_id] = _slowest([lines[line_id], part]) if line_id in lines else _slowest([part])
        for days in (*lines.values(), whole := _slowest(known)):
            days["text"] = day_text(self.env, days["p80"], lang)
        return {**whole, "certainty": 80, "parts": parts, "lines": lines, "complete": len(known) == len(parts)}

    def _promise_parcels(self, now):
        boxes = self.env["dropship.shipment"].search(
            [("line_ids.sale_line_id.order_id", "=", self.id), ("current", "=", True), ("state", "!=", "reverted")]
        )
        reader = Reader(self.env, self.company_id, boxes.warehouse_id, now)
        for box in boxes:
            # A day that is read is as of now; what is kept with the parcel is as of the last event or hour.
            days = box._expected(reader, now) or (None, None, None)
            yield {
                "shipment_id": box.id,
                "line_ids": box.line_ids.sale_line_id.filtered(lambda line: line.order_id == self).ids,
                "status": box.status,
                **dict(zip(LEVEL_NAMES, days, strict=True)),
            }

    def _promise_waiting(self, now, reader=None):
        """What has not left yet, one part for each purchase."""
        rows = self.dropship_allocation_ids.filtered(
            lambda row: row.state in ("planned", "submitted", "accepted") and row.warehouse_id
        )
        if not rows:
            return
        reader = reader or Reader(self.env, self.company_id, rows.warehouse_id, now)
        for _purchase, own in rows.grouped(lambda row: (row.purchase_id, row.warehouse_id)).items():
            days = own[0]._promise_days(reader, now)
            yield {
                "shipment_id": False,
                "line_ids": own.line_id.ids,
                "status": "to_ship",
                **dict(zip(LEVEL_NAMES, days, strict=True)),
            }

    # --- the alarm ---

    @api.model
    def _cron_promise_alarm(self, limit=1000):
        """Orders whose expected day is after the told one: by their parcels, and by what should have left."""
        now = fields.Datetime.now()
        late = self.env["dropship.shipment"].search(
            [
                ("current", "=", True),
                ("is_final", "=", False),
                ("expected_p80", "!=", False),
                ("order_id.dropship_told_date", "<", fields.Date.add(now.date(), years=1)),
            ]
        )
        late = late.filtered(lambda box: box.expected_p80 > box.order_id.sudo().dropship_told_date)
        waiting = self.env["dropship.allocation"].search(
            [
                ("state", "in", ("submitted", "accepted")),
                ("warehouse_id", "!=", False),
                ("order_id.dropship_told_date", "<=", fields.Date.add(now.date(), days=30)),
            ]
        )
        orders = late.line_ids.sale_line_id.order_id | late.order_id | waiting.order_id
        told = self.env["dropship.exception"].sudo().search([("kind", "=", "promise_late"), ("state", "=", "open")])
        for order in (orders | told.order_id).sorted("id")[:limit]:
            try:
                with self.env.cr.savepoint():
                    order._promise_alarm(now)
            except (OperationalError, ConcurrencyError):
                self.env.cr.rollback()  # the next round looks again
            self.env["ir.cron"]._commit_progress(1)

    def _promise_alarm(self, now=None):
        """Where P80 passes what the customer counts on: open an exception, and tell him, once for each new day.

        :return: the orders whose customers were told
        """
        told = self.browse()
        for order in self.sudo():
            promised = order.dropship_told_date
            if not promised or order.dropship_is_test or order.state == "cancel":
                continue
            promise = order._dropship_promise(now)
            open_parts = [part for part in promise.get("parts", ()) if part["p80"] and part["status"] != "delivered"]
            worst = max(open_parts, key=lambda part: part["p80"], default=None)
            shift = max(order.company_id.dropship_promise_shift, 1)
            if not worst or (worst["p80"] - promised).days < shift:
                order._promise_solved(promised, worst)
                continue
            if not order._promise_news(worst):
                continue
            order._promise_exception(worst, promised)
            if order.company_id.dropship_promise_tell and not order.dropship_is_simulated:
                order.dropship_first_date = order.dropship_first_date or promised
                order.dropship_told_date = worst["p80"]
                order._promise_tell(worst)
                told |= order
        return told

    def _promise_news(self, part):
        """Whether this day was not reported yet: who closed the exception about it is not asked again."""
        known = self.env["dropship.exception"].search([("order_id", "=", self.id), ("kind", "=", "promise_late")])
        days = [params.get("expected", "") for one in known for _code, params in one.reasons or ()]
        return fields.Date.to_string(part["p80"]) > max(days, default="")

    def _promise_tell(self, part):
        self.ensure_one()
        shipment = self.env["dropship.shipment"].browse(part["shipment_id"] or ())
        self._dropship_tell("late", shipments=shipment, date=part["p80"])

    def _promise_exception(self, part, promised):
        """One exception for the slowest part; its severity grows with the days."""
        self.ensure_one()
        exceptions = self.env["dropship.exception"]
        first = self.dropship_first_date or promised
        days = (part["p80"] - first).days
        reasons = [
            [
                "promise_late",
                {
                    "expected": fields.Date.to_string(part["p80"]),
                    "promised": fields.Date.to_string(first),
                    "days": days,
                },
            ]
        ]
        if part["shipment_id"]:
            shipment = self.env["dropship.shipment"].browse(part["shipment_id"])
            exception = exceptions._raise_parcel(shipment, "promise_late", reasons)
        else:
            row = self.dropship_allocation_ids.filtered(
                lambda row: row.line_id.id in part["line_ids"] and row.state in ("planned", "submitted", "accepted")
            )[:1]
            exception = exceptions._raise(row, "promise_late", reasons)
        severity = "3" if days >= 7 else "2" if days >= 3 else "1"
        if exception.severity < severity:
            exception.severity = severity
        return exception

    def _promise_solved(self, promised, worst):
        """Nothing of the order is later than the customer counts on, or all of it is there."""
        done = not worst or (self.dropship_first_date and worst["p80"] <= self.dropship_first_date)
        if done or not self.company_id.dropship_promise_tell:
            late = self.env["dropship.exception"].search(
                [("order_id", "=", self.id), ("kind", "=", "promise_late"), ("state", "=", "open")]
            )
            if late:
                late._set_state("solved", solution=self.env._("It arrived, or arrives in time after all"))

    def _dropship_promise_changed(self, rows):
        """Override: keep what was promised first."""
        for order in self.sudo().filtered(lambda order: order.dropship_told_date and not order.dropship_first_date):
            order.dropship_first_date = order.dropship_told_date
        return super()._dropship_promise_changed(rows)

    def _notify_by_email_prepare_rendering_context(self, message, msg_vals=False, **options):
        """Override: mails about a confirmed order say when it arrives."""
        context = super()._notify_by_email_prepare_rendering_context(message, msg_vals, **options)
        if self.state == "sale" and "subtitles" in context:
            sentence = self._dropship_promise_sentence()
            if sentence:
                context["subtitles"] = [*context["subtitles"], sentence]
        return context

    def _dropship_promise_sentence(self):
        """When the order arrives, as the customer reads it; empty when there is nothing to say."""
        self.ensure_one()
        promise = self._dropship_promise() if self.state == "sale" else {}
        waiting = any(part["status"] != "delivered" for part in promise.get("parts", ()))
        env = self.with_context(lang=self.partner_id.lang or self.env.lang).env
        return env._("Arrives by %s", promise["text"]) if waiting else ""


class DropshipAllocation(models.Model):
    _inherit = "dropship.allocation"

    def _goes_as_planned(self, reader, now):
        """Whether nothing is known that moves the day it was planned for."""
        self.ensure_one()
        today, planned = now.date(), self.promised_date
        if not planned or planned < today or self.ships_on:
            return False
        if self.state == "accepted" and self.ship_by and self.ship_by < now:
            return False
        closed = reader.calendars[self.warehouse_id.id].closed
        return not any(first <= planned and today <= last for first, last in closed)

    def _promise_days(self, reader, now):
        """(P50, P80, P95) of goods that have not left, as days of the customer.

        What was planned holds until something happens that says otherwise: the supplier named a day, is closed, or
        should have shipped by now. That the figures learned are others today is no news for who ordered yesterday.
        """
        self.ensure_one()
        if self._goes_as_planned(reader, now):
            early, late = self.days_p80 - self.days_p50, self.days_p95 - self.days_p80
            return (
                max(self.promised_date - timedelta(days=round(early)), now.date()),
                self.promised_date,
                self.promised_date + timedelta(days=round(late)),
            )
        partner = self.order_id.partner_shipping_id
        rate = self.rate_id
        chain = reader.chain(
            self.warehouse_id.id, partner.country_id.id, partner.state_id.id, partner.zip, rate.service_id.id or None
        )
        table = (rate.days_p50, rate.days_p80, rate.days_p95)
        if not rate:  # decided before freight rows were kept
            handling = self.warehouse_id.handling_days or 0.0
            table = tuple(max(days - handling, 0.0) for days in (self.days_p50, self.days_p80, self.days_p95))
        transit, _count = reader.transit(chain, table)
        sent = self.submitted_at or self.accepted_at if self.state != "planned" else None
        leaving = reader.leaving(self.warehouse_id.id, sent if sent and sent <= now else None)
        if self.ships_on:  # the supplier named a day: that day, or as soon as possible after it
            calendar = reader.calendars[self.warehouse_id.id]
            named = calendar.utc(datetime.combine(self.ships_on, time()) + timedelta(hours=calendar.last_hour))
            leaving = leaving.map(lambda _days: max((named - now).total_seconds() / 86400, 0.0))
        zone = partner._dropship_zone()
        whole = leaving.plus(transit).quantiles()
        return tuple(arrival_day(now + timedelta(days=days, seconds=1 if not days else 0), zone) for days in whole)


def _slowest(parts):
    """P50, P80, P95 of several parts together: each the latest."""
    return {name: max(part[name] for part in parts) for name in LEVEL_NAMES}
