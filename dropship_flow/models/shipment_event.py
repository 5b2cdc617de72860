from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..trackers.said import MAX_EVENTS, short
from ..tracking.fold import Event, fold
from ..tracking.keys import event_key
from ..tracking.status import STATUSES
from .lease_mixin import failpoint
from .shipment import DETAIL_WORDS, STATUS_WORDS


class Change(NamedTuple):
    """What a fold changed: the state before and after, and the states reached for the first time, with their time.

    `reached` is a tuple of (code, datetime); `new` and `old` may be equal when only flags or the last scan changed.
    """

    old: str
    new: str
    reached: tuple
    flags: frozenset
    detail_changed: bool = False


class DropshipTrackingEvent(models.Model):
    """One thing a carrier said about a parcel. Appended, never changed; the parcel's state is made of all of them."""

    _name = "dropship.tracking.event"
    _description = "Tracking Event"
    _order = "occurred_at desc, id desc"
    _rec_name = "text"

    shipment_id = fields.Many2one("dropship.shipment", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="shipment_id.company_id", store=True, index=True)
    connection_id = fields.Many2one(
        "dropship.connection", string="Service", ondelete="set null", help="Empty: a person or the supplier said so."
    )
    source = fields.Char(help="The kind of service, also when its account is gone.")
    occurred_at = fields.Datetime(required=True, string="When")
    raw_time = fields.Char(help="The time as it was told.")
    zone_assumed = fields.Boolean(help="The service gave no time zone.")
    received_at = fields.Datetime(required=True)
    code = fields.Char(required=True, index=True, help="One of our states; what a service says otherwise is kept too.")
    detail = fields.Selection(DETAIL_WORDS)
    raw_status = fields.Char()
    raw_detail = fields.Char()
    text = fields.Char(help="In the carrier's words; may name the sender: never shown to customers as it is.")
    place = fields.Char()
    event_key = fields.Char(required=True)
    status_word = fields.Char(compute="_compute_status_word")

    _once = models.UniqueIndex("(shipment_id, event_key)", "This event is known.")

    @api.depends("code")
    @api.depends_context("lang")
    def _compute_status_word(self):
        words = dict(self.env["dropship.shipment"]._fields["status"]._description_selection(self.env))
        for event in self:
            event.status_word = words.get(event.code, event.code)

    def write(self, vals):
        """Override: what was said stays as it was said."""
        if vals:
            raise UserError(self.env._("What a carrier said cannot be changed. Add an event that says what is right."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.context.get("dropship_purge"):
            raise UserError(self.env._("Events stay until the time to keep them is over."))


class DropshipShipment(models.Model):
    _inherit = "dropship.shipment"

    def _add_events(self, said, connection=None, source=""):
        """Append what a service said about this parcel, and make its state anew. Known events change nothing.

        :param said: iterable of `trackers.said.Said`
        :return int: how many events were new
        """
        self.ensure_one()
        return self._add_all({self: said}, connection, source)

    @api.model
    def _add_all(self, said_by_shipment, connection=None, source=""):
        """Append events of many parcels: one insert, one fold.

        The row of every parcel is taken and written first, so that of two workers with events of one parcel the second
        is turned away (a serialization error: its transaction is made again) and never folds half of the events.

        :param dict said_by_shipment: {shipment: iterable of Said}
        :return int: how many events were new
        """
        shipments = self.browse(sorted(shipment.id for shipment in said_by_shipment))
        shipments._take_rows()
        now = fields.Datetime.now()
        connection_id = connection.id if connection else None
        source = source or (connection.kind if connection else "person")
        rows = []
        for shipment in shipments:
            for event in list(said_by_shipment[shipment])[:MAX_EVENTS]:
                key = event_key(event.at, event.raw_status or event.code, event.raw_detail, event.place)
                rows.append(
                    SQL(
                        "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                        shipment.id, shipment.company_id.id, connection_id, source, event.at,
                        short(event.raw_time, 64), not event.sure, now, short(event.code, 64),
                        event.detail or None, short(event.raw_status, 64), short(event.raw_detail, 64),
                        short(event.text), short(event.place, 200), key, self.env.uid, self.env.uid, now, now,
                    )
                )  # fmt: skip
        added = 0
        if rows:
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO dropship_tracking_event
                           (shipment_id, company_id, connection_id, source, occurred_at, raw_time, zone_assumed,
                            received_at, code, detail, raw_status, raw_detail, text, place, event_key,
                            create_uid, write_uid, create_date, write_date)
                    VALUES %s
                    ON CONFLICT (shipment_id, event_key) DO NOTHING
                    """,
                    SQL(", ").join(rows),
                )
            )
            added = self.env.cr.rowcount
            self.env["dropship.tracking.event"].invalidate_model()
            shipments.invalidate_recordset(["event_ids"])
        if added:
            shipments._fold()
        return added

    def _take_rows(self):
        """Lock and write the rows, in order of their ids: whoever looks at an older picture of them is turned away."""
        if not self:
            return
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                """UPDATE dropship_shipment SET folded_at = clock_timestamp() AT TIME ZONE 'utc'
                    WHERE id IN (SELECT id FROM dropship_shipment WHERE id IN %s ORDER BY id FOR NO KEY UPDATE)""",
                tuple(self.ids),
            ),
            log_exceptions=False,
        )
        self.invalidate_recordset(["folded_at"])

    def _fold(self, now=None):
        """Make the state of the parcels from their events. The rows must be taken.

        :param datetime now: UTC; for tests and simulations
        """
        failpoint("before_fold")
        now = now or fields.Datetime.now()
        events = {shipment.id: [] for shipment in self}
        if not events:
            return
        self.env.cr.execute(
            SQL(
                "SELECT shipment_id, occurred_at, code, event_key, detail FROM dropship_tracking_event "
                "WHERE shipment_id IN %s",
                tuple(events),
            )
        )
        for shipment_id, at, code, key, detail in self.env.cr.fetchall():
            events[shipment_id].append(Event(at, code, key, detail or ""))
        changes = {}
        for shipment in self:
            parcel = fold(events[shipment.id], now, shipment.announced_at)
            vals, change = shipment._fold_vals(parcel)
            if vals:
                shipment.sudo().write(vals)  # the state follows from the events, whoever brought them
            if change:
                changes[shipment] = change
        if changes:
            self._after_fold(changes)

    def _fold_vals(self, parcel):
        """({field: value} that differ, Change or None)"""
        self.ensure_one()
        scans = [at for code, at in parcel.first.items() if STATUSES[code].physical]
        reached = {code: fields.Datetime.to_string(at) for code, at in sorted(parcel.first.items())}
        vals = {
            "status": parcel.code,
            "detail": parcel.detail or False,
            "status_at": parcel.at or False,
            "status_flags": sorted(parcel.flags) or False,
            "reached": reached or False,
            "first_scan_at": min(scans, default=False),
            "moved_at": parcel.moved_at or False,
            "delivered_at": parcel.code == "delivered" and parcel.at,
            "wakes_at": parcel.waits_until or False,
        }
        vals = {name: value for name, value in vals.items() if (self[name] or False) != value}
        if not vals.keys() & {"status", "detail", "status_flags", "reached", "moved_at"}:
            return vals, None
        known, old_flags = self.reached or {}, frozenset(self.status_flags or ())
        new = sorted(((code, at) for code, at in parcel.first.items() if code not in known), key=lambda one: one[1])
        change = Change(self.status, parcel.code, tuple(new), parcel.flags - old_flags, "detail" in vals)
        return vals, change

    @api.model
    def _cron_wake(self, limit=500):
        """Parcels with events that were dated ahead: their time has come."""
        due = self.search([("wakes_at", "<=", fields.Datetime.now())], limit=limit, order="wakes_at, id")
        due._take_rows()
        due._fold()


assert set(dict(STATUS_WORDS)) == set(STATUSES)
