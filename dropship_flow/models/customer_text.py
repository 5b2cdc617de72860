"""What a customer may read of what carriers say: our words, public places, and texts without the sender."""

from odoo import api, models
from odoo.fields import Domain

from ..tracking.masking import HOLE, mask, pattern_of, public_place
from .reason_text import _lt

# The events of a parcel as the customer reads them; where nothing stands, the state's own word says enough.
CUSTOMER_STATUS = {
    "pending": _lt("No news from the carrier yet"),
    "expired": _lt("No news from the carrier for a while"),
    "info_received": _lt("The carrier was told about your parcel"),
    "picked_up": _lt("The carrier has your parcel"),
    "in_transit": _lt("On its way"),
    "customs": _lt("In customs"),
    "out_for_delivery": _lt("Out for delivery"),
    "available_for_pickup": _lt("Waiting for you to pick it up"),
    "attempt_failed": _lt("The carrier tried to deliver it"),
    "exception": _lt("There is a problem with the delivery"),
    "returning": _lt("On its way back"),
    "delivered": _lt("Delivered"),
    "returned": _lt("It came back"),
    "lost": _lt("Lost on the way"),
    "cancelled": _lt("This number is not used any more"),
}
# Where the sender is, and nobody else.
AT_THE_SENDER = ("pending", "info_received", "picked_up", "cancelled", "returned")


class DropshipShipment(models.Model):
    _inherit = "dropship.shipment"

    # ------------------------------------------------------------------
    # What may not be read
    # ------------------------------------------------------------------

    def _secret_words(self):
        """Everything that tells who sent these parcels: every supplier of the companies by name; of the parcels' own
        suppliers also people, streets, phones, addresses and the numbers of our purchases.

        :return: set of texts
        """
        self_sudo = self.sudo()  # the reader is the customer's page; suppliers are not his to read
        suppliers_sudo = self_sudo.env["dropship.supplier"].with_context(active_test=False)
        known = suppliers_sudo.search_fetch(
            Domain("company_id", "in", [False, *self_sudo.company_id.ids]), ["name", "partner_id"]
        )
        partners = known.partner_id | known.partner_id.commercial_partner_id
        words = {*known.mapped("name"), *partners.mapped("name"), *partners.mapped("commercial_company_name")}
        words |= {*self_sudo.env["dropship.supplier.warehouse"].sudo().with_context(active_test=False).search_fetch(
            Domain("supplier_id", "in", known.ids), ["name"]
        ).mapped("name")}  # fmt: skip
        return {word for word in words | self_sudo._own_secrets() if word}

    def _own_secrets(self):
        """What only these parcels can give away."""
        own = self.supplier_id | self.purchase_ids.dropship_warehouse_id.supplier_id
        people = own.partner_id | self.purchase_ids.partner_id
        people |= people.commercial_partner_id | people.child_ids | own.warehouse_ids.return_partner_id
        words = set()
        for name in ("name", "email", "phone", "street", "street2", "vat", "ref", "website"):
            words.update(people.mapped(name))
        for name in ("name", "code", "street", "street2"):
            words.update(own.warehouse_ids.mapped(name))
        return words | {*self.purchase_ids.mapped("name"), *self.purchase_ids.mapped("partner_ref")}

    def _secret_cities(self):
        """Cities of the warehouses these parcels come from; not the city they go to."""
        shipments_sudo = self.sudo()  # as above
        warehouses = shipments_sudo.warehouse_id | shipments_sudo.purchase_ids.dropship_warehouse_id
        return {*filter(None, warehouses.mapped("city"))} - {*shipments_sudo.partner_id.mapped("city")}

    # ------------------------------------------------------------------
    # What may be read
    # ------------------------------------------------------------------

    def _customer_text(self, event):
        """One line about an event, in the language of the environment: our word for it, and where, by city and country.

        :param event: dropship.tracking.event of this parcel
        """
        self.ensure_one()
        word = self.env._(CUSTOMER_STATUS.get(event.code, CUSTOMER_STATUS["in_transit"]))
        place = self._customer_place(event)
        return self.env._("%(what)s – %(where)s", what=word, where=place) if place else word

    def _customer_place(self, event):
        """Where an event happened, as far as the customer may know: a place to pick the parcel up in full, the sender's
        town not at all, else city and country; '' where nothing is left."""
        self.ensure_one()
        if event.code in AT_THE_SENDER or not event.place:
            return ""
        if event.code == "available_for_pickup":
            place = mask(event.place, self._secret_words(), addresses=False)
            return "" if HOLE in place else place
        return public_place(event.place, pattern_of(self._secret_words() | self._secret_cities()))

    def _customer_raw(self, event):
        """The carrier's own words without the sender, for who opens the details; '' where only holes are left."""
        self.ensure_one()
        text = mask(event.text, pattern_of(self._secret_words() | self._secret_cities()))
        return text if any(letter.isalnum() for letter in text) else ""

    @api.model
    def _customer_status_word(self, code):
        return self.env._(CUSTOMER_STATUS.get(code, CUSTOMER_STATUS["in_transit"]))
