"""What the customer reads about his parcels. Nothing here knows who sends them or where they come from."""

from babel.dates import format_skeleton
from odoo import api, fields, models
from odoo.tools.misc import babel_locale_parse

from .reason_text import _lt

# The same events in the words of who waits for the parcel.
STATUS_TEXTS = {
    "pending": _lt("Waiting for the carrier"),
    "expired": _lt("On the way"),
    "info_received": _lt("Packed, the carrier was told"),
    "picked_up": _lt("Handed to the carrier"),
    "in_transit": _lt("On the way"),
    "customs": _lt("In customs"),
    "out_for_delivery": _lt("Out for delivery"),
    "available_for_pickup": _lt("Ready for pickup"),
    "attempt_failed": _lt("Could not be delivered"),
    "exception": _lt("Delayed"),
    "returning": _lt("On its way back"),
    "returned": _lt("Came back to the sender"),
    "delivered": _lt("Delivered"),
    "lost": _lt("Lost"),
    "cancelled": _lt("Not sent in this parcel"),
}
NEXT_TEXTS = {
    "pending": _lt("As soon as the carrier scans it, you see it here."),
    "info_received": _lt("As soon as the carrier scans it, you see it here."),
    "expired": _lt("We ask the carrier where it is."),
    "picked_up": _lt("It travels to the depot near you, then to your door."),
    "in_transit": _lt("It travels to the depot near you, then to your door."),
    "customs": _lt("Customs checks it. You need to do nothing unless they write to you."),
    "out_for_delivery": _lt("The driver has it. Somebody should be there to take it."),
    "available_for_pickup": _lt("Pick it up soon, before it is sent back, and bring an identity card."),
    "attempt_failed": _lt("The carrier tries again or leaves it at a pickup place; look for a card in your mailbox."),
    "exception": _lt("We found out about it and take care of it. You need to do nothing now."),
    "returning": _lt("We take care of it and write to you how you get your goods or your money."),
    "returned": _lt("We take care of it and write to you how you get your goods or your money."),
    "lost": _lt("We take care of it and write to you how you get your goods or your money."),
    "cancelled": _lt("The goods come in another parcel."),
}
DETAIL_TEXTS = {
    "signed": _lt("Signed for"),
    "proxy": _lt("Taken by somebody else for you"),
    "neighbour": _lt("Left with a neighbour"),
    "locker": _lt("In a parcel locker or shop"),
}
HEADLINES = {
    "cancelled": _lt("Your order was cancelled"),
    "received": _lt("Received – enjoy it!"),
    "delivered": _lt("Delivered"),
    "preparing": _lt("We are preparing your order"),
    "pickup": _lt("Ready for pickup"),
    "out_for_delivery": _lt("Out for delivery"),
    "attempt_failed": _lt("The carrier could not deliver"),
    "trouble": _lt("Delayed – we take care of it"),
    "back": _lt("A parcel is on its way back – we take care of it"),
    "customs": _lt("In customs"),
    "moving": _lt("On the way"),
    "packed": _lt("Packed – waiting for the carrier"),
}
HEADLINES_WITH_DAY = {
    "out_for_delivery": _lt("Out for delivery – expected %(day)s"),
    "delivered": _lt("Delivered – %(day)s"),
    "customs": _lt("In customs – expected %(day)s"),
    "moving": _lt("On the way – expected %(day)s"),
    "packed": _lt("Packed – expected %(day)s"),
    "attempt_failed": _lt("The carrier could not deliver – next expected %(day)s"),
}
ICONS = {
    "cancelled": "fa-times-circle text-muted",
    "received": "fa-check-circle text-success",
    "delivered": "fa-check-circle text-success",
    "preparing": "fa-cube text-primary",
    "pickup": "fa-map-marker text-primary",
    "out_for_delivery": "fa-truck text-primary",
    "attempt_failed": "fa-exclamation-circle text-warning",
    "trouble": "fa-exclamation-circle text-warning",
    "back": "fa-exclamation-circle text-warning",
    "customs": "fa-truck text-primary",
    "moving": "fa-truck text-primary",
    "packed": "fa-cube text-primary",
}


class DropshipShipment(models.Model):
    _inherit = "dropship.shipment"

    @api.model
    def _track_day(self, day, today):
        """A day as people say it, in the language of the environment."""
        ahead = (day - today).days
        if ahead == 0:
            return self.env._("today")
        if ahead == 1:
            return self.env._("tomorrow")
        skeleton = "MMMEd" if abs(ahead) < 180 else "yMMMd"
        return format_skeleton(skeleton, day, locale=babel_locale_parse(self.env.lang or "en_US"))

    def _track_moment(self, moment):
        """Day and hour of a UTC moment, in the zone and language of the environment."""
        local = fields.Datetime.context_timestamp(self, moment)
        locale = babel_locale_parse(self.env.lang or "en_US")
        return f"{format_skeleton('MMMd', local, locale=locale)} {format_skeleton('Hm', local, locale=locale)}"

    def _track_event_text(self, event):
        """What the customer reads of an event; never the carrier's own words as they are."""
        return self._customer_text(event)

    def _track_status_text(self):
        self.ensure_one()
        if self.status == "delivered" and self.detail in DETAIL_TEXTS:
            return f"{self.env._(STATUS_TEXTS['delivered'])} · {self.env._(DETAIL_TEXTS[self.detail])}"
        return self.env._(STATUS_TEXTS[self.status])

    def _track_next_text(self):
        self.ensure_one()
        text = NEXT_TEXTS.get(self.status)
        return self.env._(text) if text else ""
