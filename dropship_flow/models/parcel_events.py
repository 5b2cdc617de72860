"""What the events themselves say is wrong: refused, coming back, lost, impossible."""

from odoo import api, models

from ..tracking.status import STATUSES
from ..watching.clocks import liable
from ..watching.plausible import Facts, doubts
from .reason_text import FLOW_DAYS, FLOW_FIELDS, FLOW_REASONS, _lt

FLOW_REASONS.update(
    {
        "parcel_refused": _lt("The receiver refused %(number)s: decide where it goes, and speak with the customer."),
        "parcel_back": _lt("%(number)s comes back (%(detail)s): see that it arrives, and speak with the customer."),
        "parcel_lost": _lt(
            "The carrier declared %(number)s lost or destroyed: send it again, and claim the loss before %(deadline)s."
        ),
        "parcel_voided": _lt("The label of %(number)s was voided, and the supplier said it left: ask him."),
        "parcel_unlikely": _lt("%(number)s cannot be the customer's parcel:"),
        "scan_early": _lt("It was scanned on %(scan)s, before the supplier was asked to ship on %(ordered)s."),
        "elsewhere": _lt("It went to %(seen)s, the customer lives in %(wanted)s."),
        "too_fast": _lt("It took %(hours)s hours from the first scan to the delivery."),
        "weight": _lt("It weighs %(weight)s kg, the goods should weigh %(expected)s kg."),
        "parcel_speaks_twice": _lt("%(number)s was scanned after its delivery: ask the carrier where it is."),
        "parcel_old_number": _lt("Events of %(number)s are older than the parcel: the number may be somebody else's."),
    }
)
FLOW_FIELDS["parcel_back"] = {"detail": ("dropship.shipment", "detail")}
FLOW_DAYS.update({"parcel_lost": ("deadline",), "scan_early": ("scan", "ordered")})
# {state reached: kind of exception}
KIND_OF = {"returning": "parcel_back", "lost": "parcel_lost", "cancelled": "parcel_voided"}
KIND_OF_FLAG = {"post_delivery_scan": "parcel_speaks_twice", "old_events": "parcel_old_number"}


class DropshipShipment(models.Model):
    _inherit = "dropship.shipment"

    def _take_facts(self, found):
        """Override: what a service knows beyond the events may speak against the parcel."""
        before = (self.told_country, self.told_weight)
        result = super()._take_facts(found)
        if self.first_scan_at and (self.told_country, self.told_weight) != before:
            self._suspect()
        return result

    def _after_fold(self, changes):
        """Override: what needs a person is shown at once; parcels that cannot be are suspected."""
        result = super()._after_fold(changes)
        for shipment, change in changes.items():
            if shipment.order_id._dropship_is_played():
                continue
            shipment._raise_by_state(change)
            for flag in sorted(change.flags & KIND_OF_FLAG.keys()):
                kind = KIND_OF_FLAG[flag]
                self.env["dropship.exception"]._raise_parcel(shipment, kind, [[kind, {"number": shipment.number}]])
            if change.reached and shipment.first_scan_at:
                shipment._suspect()
        return result

    def _raise_by_state(self, change):
        self.ensure_one()
        if change.new == change.old and not change.detail_changed:
            return
        refused = self.detail == "refused" and self.status in ("exception", "attempt_failed", "returning")
        kind = "parcel_refused" if refused else KIND_OF.get(self.status)
        if not kind:
            return
        params = {"number": self.number, "detail": self.detail or ""}
        if kind == "parcel_lost":
            params["deadline"] = str(self._claim_until())
        reasons = [[kind, params]]
        if party := liable(self.status, self.detail or ""):
            reasons.append(["parcel_liable", {"party": party}])
        self.env["dropship.exception"]._raise_parcel(self, kind, reasons)

    def _suspect(self):
        """Open the suspicion of a false parcel, or close it when later events took it away."""
        self.ensure_one()
        found = doubts(self._plausible_facts())
        if found:
            reasons = [["parcel_unlikely", {"number": self.number}], *[[code, params] for code, params in found]]
            self.env["dropship.exception"]._raise_parcel(self, "parcel_unlikely", reasons)
        else:
            self._open_parcel_exceptions(("parcel_unlikely",))._set_state(
                "solved", solution=self.env._("Nothing speaks against it any more")
            )

    def _plausible_facts(self):
        """What `watching.plausible` judges by. Where the carrier says it went is known to services that tell it."""
        self.ensure_one()
        rows = self.line_ids.purchase_line_id.dropship_allocation_ids
        asked = [row.submitted_at for row in rows if row.submitted_at]
        events = self.event_ids.filtered(lambda event: event.code in self.reached)
        receiver = self.partner_id
        return Facts(
            ordered_at=min(asked, default=None),
            scans=tuple((event.occurred_at, event.code) for event in events if event._is_scan()),
            from_country=self.warehouse_id.country_id.code or "",
            to_country=receiver.country_id.code or "",
            to_zip=receiver.zip or "",
            seen_country=(self.told_country or "").upper()[:2],
            weight=self.told_weight or 0.0,
            expected_weight=sum(line.product_id.weight * line.qty for line in self.line_ids if not line.is_part),
        )


class DropshipTrackingEvent(models.Model):
    _inherit = "dropship.tracking.event"

    def _is_scan(self):
        """Whether somebody had the parcel in his hands."""
        self.ensure_one()
        return self.code in STATUSES and STATUSES[self.code].physical


class DropshipException(models.Model):
    _inherit = "dropship.exception"

    @api.model
    def _exception_kinds(self):
        """Override: what parcels themselves say."""
        return [
            *super()._exception_kinds(),
            ("parcel_refused", self.env._("Refused by the receiver")),
            ("parcel_back", self.env._("Coming back")),
            ("parcel_lost", self.env._("Lost")),
            ("parcel_voided", self.env._("Label voided")),
            ("parcel_unlikely", self.env._("Suspected false shipping")),
            ("parcel_speaks_twice", self.env._("Scanned after delivery")),
            ("parcel_old_number", self.env._("Number with an older history")),
        ]
