import logging
from datetime import timedelta

import pytz
from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from psycopg2 import OperationalError

from ..arrival import still_to_go
from ..tracking.status import STATUSES
from .arrival_reader import Reader

_logger = logging.getLogger(__name__)

EXPECTED = ("expected_p50", "expected_p80", "expected_p95")
KEPT = [("open", "Not there yet"), ("kept", "Kept"), ("late", "Broken")]


def arrival_day(moment, zone):
    """The day a moment (naive UTC) falls on in a zone; midnight still belongs to the day that ends."""
    local = pytz.utc.localize(moment - timedelta(seconds=1)).astimezone(pytz.timezone(zone or "UTC"))
    return local.date()


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _dropship_zone(self):
        """The time zone goods are awaited in: the address's country before the reader's own setting."""
        code = self.country_id.code or ""
        zones = pytz.country_timezones.get(code, [])
        if self.tz and (not zones or self.tz in zones):
            return self.tz
        return zones[0] if zones else self.env.company.partner_id.tz or "UTC"


class DropshipShipment(models.Model):
    """When the parcel arrives, given where it is; and whether the day that was promised is kept."""

    _inherit = "dropship.shipment"

    expected_p50 = fields.Date(string="Expected (1 of 2)", readonly=True, copy=False)
    expected_p80 = fields.Date(
        string="Expected", readonly=True, copy=False, index="btree_not_null", help="4 of 5 such parcels arrive by then."
    )
    expected_p95 = fields.Date(string="Expected (19 of 20)", readonly=True, copy=False)
    promised_until = fields.Date(
        string="First Promised", readonly=True, copy=False, help="The day the customer was told when he ordered."
    )
    promise_kept = fields.Selection(KEPT, string="Promise", readonly=True, copy=False, index="btree_not_null")
    kept_share = fields.Float(
        string="Promises Kept (%)", readonly=True, copy=False, aggregator="avg", digits=(16, 1),
        help="100 or 0 for one parcel; the share in a group of them.",
    )  # fmt: skip
    to_country_id = fields.Many2one(related="partner_id.country_id", string="To Country", store=True)
    to_state_id = fields.Many2one(related="partner_id.state_id", string="To Province", store=True)

    def _after_fold(self, changes):
        result = super()._after_fold(changes)
        self.browse([shipment.id for shipment in changes])._expect()
        return result

    def _after_dispatch(self):
        result = super()._after_dispatch()
        for shipment in self.filtered(lambda shipment: not shipment.promised_until):
            order_sudo = shipment.order_id.sudo()
            shipment.promised_until = order_sudo.dropship_first_date or order_sudo.dropship_told_date
        self._expect()
        return result

    def _after_revert(self):
        result = super()._after_revert()
        self._expect()
        return result

    def _expect(self, now=None, reader=None):
        """Reckon the expected days of these parcels anew; only what differs is written."""
        now = now or fields.Datetime.now()
        for company, parcels in self.sudo().grouped("company_id").items():
            places = parcels.warehouse_id
            known = reader or Reader(self.env, company, places, now)
            for parcel in parcels:
                vals = dict(zip(EXPECTED, parcel._expected(known, now) or (False,) * 3, strict=True))
                vals |= parcel._promise_vals(now)
                vals = {name: value for name, value in vals.items() if parcel[name] != value}
                if vals:
                    parcel.with_context(tracking_disable=True).write(vals)

    def _expected(self, reader, now):
        """(P50, P80, P95) as days of the receiver, None when nobody can say."""
        self.ensure_one()
        zone = self.partner_id._dropship_zone()
        if self.status == "delivered" and self.delivered_at:
            return (arrival_day(self.delivered_at + timedelta(seconds=1), zone),) * 3
        if self.state == "reverted" or not self.partner_id.country_id or not self.warehouse_id:
            return None
        if self.status == "available_for_pickup" and self.status_at:  # it is there, the rest is the customer's
            return (arrival_day(self.status_at + timedelta(seconds=1), zone),) * 3
        left = self.first_scan_at or self.dispatched_at or self.announced_at
        days = still_to_go(
            self.status,
            self._transit(reader),
            _days(now, left),
            _days(now, self.status_at or left),
        )
        return days and tuple(arrival_day(now + timedelta(days=value, seconds=1), zone) for value in days)

    def _transit(self, reader):
        """How long the way of this parcel takes, as far as we know."""
        self.ensure_one()
        rate = self.line_ids.purchase_line_id.dropship_allocation_ids.rate_id[:1]
        partner = self.partner_id
        chain = reader.chain(
            self.warehouse_id.id, partner.country_id.id, partner.state_id.id, partner.zip, rate.service_id.id or None
        )
        if not rate:
            rate = self._usual_rate()
        return reader.transit(chain, (rate.days_p50, rate.days_p80, rate.days_p95))[0]

    def _usual_rate(self):
        """The freight row for a parcel nobody decided about: the first one to its destination."""
        partner = self.partner_id
        place = {"country": partner.country_id, "state": partner.state_id, "zip": partner.zip, "city": partner.city}
        found = self.env["dropship.shipping.rate"].sudo()._match(self.warehouse_id, place, fields.Date.today())
        return found.get(self.warehouse_id.id, self.env["dropship.shipping.rate"])[:1]

    def _promise_vals(self, now):
        """Whether the first promised day was kept; a parcel that is not there on the day after is late already."""
        self.ensure_one()
        if not self.promised_until or self.state == "reverted":
            return {"promise_kept": False, "kept_share": 0.0}
        zone = self.partner_id._dropship_zone()
        over = STATUSES[self.status].final and self.status not in ("delivered", "expired")
        if self.delivered_at:
            late = arrival_day(self.delivered_at + timedelta(seconds=1), zone) > self.promised_until
        elif over or arrival_day(now + timedelta(seconds=1), zone) > self.promised_until:
            late = True
        else:
            return {"promise_kept": "open", "kept_share": 0.0}
        return {"promise_kept": "late" if late else "kept", "kept_share": 0.0 if late else 100.0}

    @api.model
    def _cron_expect(self, limit=2000):
        """Several times a day: parcels that wait, for time passes for them too; then who has to hear of it."""
        now = fields.Datetime.now()
        waiting = self.search(
            [("current", "=", True), ("is_final", "=", False), ("state", "in", ("announced", "dispatched"))],
            order="id",
        )
        for start in range(0, len(waiting), limit):
            part = waiting[start : start + limit]
            try:
                with self.env.cr.savepoint():
                    part._expect(now)
            except (OperationalError, ConcurrencyError):
                self.env.cr.rollback()  # an event came in meanwhile; the next round looks again
            self.env["ir.cron"]._commit_progress(len(part))
            part.invalidate_recordset()
        self.env["sale.order"]._cron_promise_alarm()


def _days(now, before):
    return max((now - before).total_seconds() / 86400, 0.0) if before else 0.0
