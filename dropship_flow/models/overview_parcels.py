from odoo import api, models
from odoo.fields import Domain

# Kinds of exceptions about parcels, by the card they are counted on; those of no card are problems on the way.
NO_SCAN = ("parcel_first_scan", "parcel_unlikely", "parcel_voided", "parcel_old_number")
STANDING = ("parcel_movement",)
CUSTOMS = ("parcel_customs",)
PICKUP = ("parcel_pickup",)
BACK = ("parcel_refused", "parcel_back", "parcel_returning", "parcel_back_missing")
LOST = ("parcel_lost",)


class DropshipOverview(models.Model):
    """Parcels, in the order of their way: each card opens where its buttons are."""

    _inherit = "dropship.overview"

    @api.model
    def _cards(self):
        """Override: what is wrong with parcels, which of them are late, and whom nobody told by himself."""
        cards = super()._cards()
        parcel_kinds = self._parcel_kinds()
        for card in cards:
            if card["key"] == "exceptions":  # parcels have cards of their own
                card["domain"] &= Domain("kind", "not in", parcel_kinds)
        return [*cards, *self._parcel_problem_cards(parcel_kinds), *self._parcel_cards()]

    @api.model
    def _parcel_kinds(self):
        kinds = [kind for kind, _title in self.env["dropship.exception"]._exception_kinds()]
        return [kind for kind in kinds if kind.startswith("parcel_")]

    @api.model
    def _parcel_problem_cards(self, parcel_kinds):
        titles = {
            "parcels_no_scan": (self.env._("Parcels never scanned"), NO_SCAN),
            "parcels_still": (self.env._("Parcels standing still"), STANDING),
            "parcels_customs": (self.env._("Parcels held in customs"), CUSTOMS),
            "parcels_problem": (self.env._("Problems on the way"), ()),
            "parcels_pickup": (self.env._("Pickups running out"), PICKUP),
            "parcels_back": (self.env._("Refused or coming back"), BACK),
            "parcels_lost": (self.env._("Lost parcels"), LOST),
        }
        named = {kind for _title, kinds in titles.values() for kind in kinds}
        rest = [kind for kind in parcel_kinds if kind not in named]
        return [
            {"key": key, "title": title, "model": "dropship.exception", "sequence": 62 + place, "needs": True,
             "action": "dropship_flow.action_dropship_exception", "roles": ("desk",),
             "domain": Domain("state", "=", "open") & Domain("kind", "in", list(kinds) or rest),
             "hint": "_hint_parcel_kinds"}
            for place, (key, (title, kinds)) in enumerate(titles.items())
        ]  # fmt: skip

    @api.model
    def _parcel_cards(self):
        parcels = {"model": "dropship.shipment", "action": "dropship_flow.action_dropship_shipment"}
        going = (
            Domain("current", "=", True)
            & Domain("is_stray", "=", False)
            & Domain("is_final", "=", False)
        )
        if self.env["sale.order"].has_access("read"):  # parcels may be read by who reads no orders
            going &= Domain("order_id.dropship_is_test", "!=", True)
        return [
            {**parcels, "key": "parcels_open", "title": self.env._("Parcels on their way"), "sequence": 142,
             "domain": going, "roles": ("desk", "agent"), "hint": "_hint_parcels"},
            {**parcels, "key": "parcels_late", "title": self.env._("Late parcels"), "sequence": 144,
             "domain": going & Domain("is_late", "=", True), "roles": ("desk", "agent", "owner")},
            {"key": "to_tell", "title": self.env._("To tell by chat"), "model": "dropship.notification",
             "action": "dropship_flow.action_dropship_notification_chat", "sequence": 84, "needs": True,
             "domain": Domain("state", "=", "listed"), "roles": ("desk", "agent")},
        ]  # fmt: skip

    def _hint_parcel_kinds(self, domain):
        """What is wrong, where a card counts several things."""
        found = self.env["dropship.exception"]._read_group(domain, ["kind"], ["__count"])
        if len(found) < 2:
            return ""
        kinds = dict(self.env["dropship.exception"]._exception_kinds())
        ranked = sorted(found, key=lambda row: (-row[1], row[0]))
        return " · ".join(f"{count} {kinds.get(kind, kind)}" for kind, count in ranked[:4])

    def _hint_parcels(self, domain):
        """Where they are, most first."""
        words = dict(self.env["dropship.shipment"]._fields["status"]._description_selection(self.env))
        found = self.env["dropship.shipment"]._read_group(domain, ["status"], ["__count"])
        ranked = sorted(found, key=lambda row: (-row[1], row[0]))
        return " · ".join(f"{count} {words.get(status, status)}" for status, count in ranked[:4])
