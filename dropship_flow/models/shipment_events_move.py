"""What was said of a number goes where the number goes; it is never changed, only kept with the right parcel."""

from odoo import api, fields, models
from odoo.tools import SQL

from ..trackers.said import Said

# What people say is about the parcel in their hands, not about a number.
OF_PEOPLE = ("person", "supplier")


class DropshipShipment(models.Model):
    _inherit = "dropship.shipment"

    def _say(self, code, text="", detail=""):
        """A person of ours says what became of the parcel."""
        self.ensure_one()
        return self._add_events(
            [Said(fields.Datetime.now(), code, detail, raw_status=code, text=text)], source="person"
        )

    def _leave_events(self):
        """Take away what carriers said under the number as it is now; it waits for the parcel it is about."""
        self.ensure_one()
        if not self.event_ids.filtered(lambda event: event.source not in OF_PEOPLE):
            return
        stray = self._strays()[:1] or self.create(
            {
                "number": self.number,
                "carrier_code": self.carrier_code,
                "carrier_name": self.carrier_name,
                "company_id": self.company_id.id,
                "announced_at": self.announced_at,
                "state": "reverted",
                "current": False,
                "is_stray": True,
            }
        )
        self._give_events(stray)

    def _strays(self):
        """What was said of this number while it was another parcel's by mistake."""
        self.ensure_one()
        domain = [("company_id", "=", self.company_id.id), ("number", "=", self.number), ("is_stray", "=", True)]
        return (self.search(domain) - self).filtered(
            lambda stray: not self.carrier_code or stray.carrier_code in (False, self.carrier_code)
        )

    def _adopt_events(self):
        """Take what was said of this number before it was this parcel's."""
        for shipment in self.filtered("current"):
            for stray in shipment._strays().filtered("event_ids"):
                stray._give_events(shipment)

    def _give_events(self, target):
        self.ensure_one()
        (self | target)._take_rows()
        self.env["dropship.tracking.event"].flush_model()
        known = SQL(
            "SELECT 1 FROM dropship_tracking_event known"
            " WHERE known.shipment_id = %s AND known.event_key = event.event_key",
            target.id,
        )
        self.env.cr.execute(
            SQL(
                "UPDATE dropship_tracking_event event SET shipment_id = %s, company_id = %s"
                " WHERE shipment_id = %s AND COALESCE(source, '') NOT IN %s AND NOT EXISTS (%s)",
                target.id, target.company_id.id, self.id, OF_PEOPLE, known,
            )
        )  # fmt: skip
        self.env.cr.execute(  # what the other one has too
            SQL(
                "DELETE FROM dropship_tracking_event WHERE shipment_id = %s AND COALESCE(source, '') NOT IN %s",
                self.id,
                OF_PEOPLE,
            )
        )
        self._events_moved(self | target)

    def _exchange_events(self, other):
        """Two parcels exchange what was said of them; what was said of both stays with both."""
        self.ensure_one()
        self.env["dropship.tracking.event"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE dropship_tracking_event event
                   SET shipment_id = CASE WHEN shipment_id = %(mine)s THEN %(theirs)s ELSE %(mine)s END
                 WHERE shipment_id IN (%(mine)s, %(theirs)s) AND COALESCE(source, '') NOT IN %(people)s
                   AND event_key NOT IN (
                        SELECT event_key FROM dropship_tracking_event
                         WHERE shipment_id IN (%(mine)s, %(theirs)s) GROUP BY event_key HAVING COUNT(*) > 1)
                """,
                mine=self.id,
                theirs=other.id,
                people=OF_PEOPLE,
            )
        )
        self._events_moved(self | other)

    @api.model
    def _events_moved(self, shipments):
        self.env["dropship.tracking.event"].invalidate_model()
        shipments.invalidate_recordset(["event_ids"])
        shipments._fold()
