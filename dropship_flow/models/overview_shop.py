from odoo import api, models
from odoo.fields import Domain


class DropshipOverview(models.Model):
    """The shop's listings: what is off its channel and why, papers that end, pictures that did not come."""

    _inherit = "dropship.overview"

    @api.model
    def _cards(self):
        return [*super()._cards(), *self._listing_cards()]

    @api.model
    def _listing_cards(self):
        return [
            {"key": "listings_held", "title": self.env._("Listings on hold"), "model": "dropship.listing",
             "action": "dropship_flow.action_dropship_listing", "sequence": 50, "needs": True,
             "domain": Domain("state", "=", "hold"), "roles": ("owner", "buyer"), "hint": "_hint_listings"},
            {"key": "listings_decide", "title": self.env._("Offers to list: to decide"),
             "model": "dropship.list.offers.line", "action": "dropship_flow.action_dropship_list_offers_line",
             "sequence": 51, "needs": True,
             "domain": Domain("plan_id.state", "=", "draft") & Domain("decision", "=", False), "roles": ("buyer",)},
            {"key": "documents_ending", "title": self.env._("Documents that end"), "model": "dropship.product.document",
             "action": "dropship_flow.action_dropship_product_document", "sequence": 52, "needs": True,
             "domain": Domain("validity", "in", ["ending", "expired"]), "roles": ("owner", "buyer")},
            {"key": "pictures_failed", "title": self.env._("Pictures not taken"), "model": "dropship.listing.image",
             "action": "dropship_flow.action_dropship_listing_image", "sequence": 53, "needs": True,
             "domain": Domain("state", "=", "parked"), "roles": ("buyer",)},
        ]  # fmt: skip

    def _hint_listings(self, domain):
        """Why, most first."""
        found = self.env["dropship.listing"]._read_group(domain, ["hold_kind"], ["__count"])
        kinds = dict(self.env["dropship.listing"]._fields["hold_kind"]._description_selection(self.env))
        ranked = sorted(found, key=lambda row: (-row[1], row[0] or ""))
        return " · ".join(f"{count} {kinds.get(kind, kind)}" for kind, count in ranked[:4])
