from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ..tracking.status import STATUSES

# Worst first: of several boxes the sentence names the one somebody has to care for.
WORST = (
    "lost", "returned", "returning", "exception", "attempt_failed", "available_for_pickup", "customs", "pending",
    "expired", "info_received", "picked_up", "in_transit", "out_for_delivery",
)  # fmt: skip
# An order with an open case may still have a parcel on its way.
UNDERWAY = ("on_the_way", "after_sales")
# What somebody says who has it in his hands; where a label was made says nothing.
SEEN = tuple(code for code, status in STATUSES.items() if status.physical)


class SaleOrder(models.Model):
    """What orders that left wait for: where their parcels are, and when they arrive."""

    _inherit = "sale.order"

    def _dropship_read_ahead(self):
        """Override: the parcels of a whole list, and where each was seen last."""
        result = super()._dropship_read_ahead()
        self.filtered(lambda order: order.dropship_stage in UNDERWAY).dropship_shipment_ids.mapped("last_place")
        return result

    def _dropship_shipped_text(self, rows):
        """Override: in the words of the parcels, where there are some."""
        boxes = self.dropship_shipment_ids.filtered(lambda box: box.state == "dispatched" and box.current)
        waiting = boxes.filtered(lambda box: box.status != "delivered")
        if self.dropship_stage not in UNDERWAY or not waiting:
            return super()._dropship_shipped_text(rows)
        first = min(waiting, key=lambda box: (WORST.index(box.status) if box.status in WORST else len(WORST), box.id))
        text = first._waiting_text(self._dropship_expected(rows))
        if len(boxes) > 1:
            return self.env._(
                "%(there)s of %(all)s parcels are there. %(next)s",
                there=len(boxes) - len(waiting), all=len(boxes), next=text,
            )  # fmt: skip
        return text


class DropshipShipment(models.Model):
    _inherit = "dropship.shipment"

    last_place = fields.Char(compute="_compute_last_place", help="Where it was seen last.")

    def _waiting_text(self, promised=""):
        """One sentence about a parcel that is not there: where it is, when it comes, or what is wrong.

        :param str promised: the day the goods were expected, where nothing better is known
        """
        self.ensure_one()
        said = self._problem_text()
        if said:
            return said
        carrier = self.carrier_title or self.env._("an unknown carrier")
        if not self.moved_at:
            return self.env._(
                "With %(carrier)s under %(number)s, not scanned yet; expected by %(date)s.",
                carrier=carrier, number=self.number, date=self._waiting_day(promised),
            )  # fmt: skip
        seen = self._seen_text()
        if self.status == "out_for_delivery":
            return self.env._("Out for delivery with %(carrier)s – last seen %(seen)s.", carrier=carrier, seen=seen)
        return self.env._(
            "On the way with %(carrier)s – last seen %(seen)s; expected by %(date)s.",
            carrier=carrier, seen=seen, date=self._waiting_day(promised),
        )  # fmt: skip

    def _waiting_day(self, promised):
        return format_date(self.env, self.expected_p80) if self.expected_p80 else promised or "?"

    def _problem_text(self):
        """What is wrong with the parcel, in words; '' when it is simply on its way."""
        self.ensure_one()
        number = self.number
        since = self._day_text(self.status_at) if self.status_at else ""
        details = dict(self._fields["detail"]._description_selection(self.env))
        why = details.get(self.detail) or "–"
        if self.status == "lost":
            return self.env._("The carrier declared %s lost.", number)
        if self.status in ("returning", "returned"):
            if self.status == "returned":
                return self.env._("%(number)s is back at the sender (%(why)s).", number=number, why=why)
            return self.env._("%(number)s is coming back since %(since)s (%(why)s).",
                              number=number, since=since, why=why)  # fmt: skip
        if self.status == "exception":
            return self.env._("%(number)s has a problem since %(since)s (%(why)s).",
                              number=number, since=since, why=why)  # fmt: skip
        if self.status == "attempt_failed":
            return self.env._("%(number)s could not be delivered, %(since)s (%(why)s).",
                              number=number, since=since, why=why)  # fmt: skip
        if self.status == "available_for_pickup":
            return self.env._("%(number)s waits for the customer to collect it since %(since)s, %(place)s.",
                              number=number, since=since, place=self.last_place or "–")  # fmt: skip
        if self.status == "customs":
            return self.env._("%(number)s is in customs since %(since)s.", number=number, since=since)
        return ""

    def _seen_text(self):
        """Where and when the parcel itself was seen last: "Leipzig, yesterday"."""
        return ", ".join(filter(None, [self.last_place, self._day_text(self.moved_at)]))

    @api.depends("event_ids")
    def _compute_last_place(self):
        found = {}
        if ids := [box_id for box_id in self.ids if box_id]:
            self.env["dropship.tracking.event"].flush_model(["shipment_id", "occurred_at", "place"])
            found = dict(
                self.env.execute_query(
                    SQL(
                        "SELECT DISTINCT ON (shipment_id) shipment_id, place FROM dropship_tracking_event"
                        " WHERE shipment_id IN %s AND place != '' AND occurred_at <= %s AND code IN %s"
                        " ORDER BY shipment_id, occurred_at DESC, id DESC",
                        tuple(ids),
                        fields.Datetime.now(),
                        SEEN,
                    )
                )
            )
        for box in self:
            box.last_place = found.get(box.id, False)

    def _day_text(self, moment):
        """A moment as people say it: today, yesterday, or the day."""
        day = fields.Datetime.context_timestamp(self, moment).date()
        today = fields.Date.context_today(self)
        if day == today:
            return self.env._("today")
        if day == today - timedelta(days=1):
            return self.env._("yesterday")
        return format_date(self.env, day)
