"""An order under way: its vendor's name is a word that only leaks, its parcels have carriers' words that name him."""

from datetime import timedelta

from lxml import html
from odoo import fields

from ..trackers.said import Said
from .common_portal import PortalWorld


class TrackWorld(PortalWorld):
    """Mixin for test classes: `make_track_world`, then `self.ship()` and `self.say()`."""

    @classmethod
    def make_track_world(cls):
        cls.make_portal_world()
        cls.website = cls.env["website"].search([], limit=1)
        cls.website.company_id = cls.company
        cls.hold_no_duplicates()

    @classmethod
    def hold_no_duplicates(cls):
        cls.env["dropship.hold.rule"].search([("kind", "=", "duplicate")]).active = False

    @classmethod
    def ship(cls, order=None, numbers=("SF1234567890",), purchases=None):
        """Every purchase of the order leaves, each in one parcel."""
        purchases = purchases or (order or cls.order).dropship_purchase_ids
        for number, purchase in zip(numbers, purchases, strict=False):
            purchase._dropship_take_parcels([{"number": number, "carrier": "DHL"}])
        return cls.env["dropship.shipment"].search([("number", "in", list(numbers))], order="id")

    @classmethod
    def say(cls, shipment, *codes, hours=1, **more):
        """Events of the parcel, two hours apart; the last so many hours ago."""
        now = fields.Datetime.now().replace(microsecond=0)
        said = [
            Said(
                now - timedelta(hours=hours + 2 * (len(codes) - place)),
                code,
                raw_status=code,
                text="Vendorsecret Rhein gave it to us",
                place="Vendorgasse",
                **more,
            )
            for place, code in enumerate(codes, 1)
        ]
        shipment._add_events(said)
        cls.env.flush_all()
        return shipment

    def later(self, days, records=None):
        """Let so many days pass for what was said of these parcels."""
        cr = self.env.cr
        self.env.flush_all()
        for shipment in records or self.order.dropship_shipment_ids:
            cr.execute(
                """UPDATE dropship_shipment SET delivered_at = delivered_at - %(days)s * interval '1 day',
                          moved_at = moved_at - %(days)s * interval '1 day',
                          receipt_at = receipt_at - %(days)s * interval '1 day' WHERE id = %(id)s""",
                {"days": days, "id": shipment.id},
            )
        self.env.invalidate_all()

    # --- pages ---

    def open_page(self, url, status=200, words=None, **kwargs):
        """The text of a page that answers and tells no secret."""
        response = self.url_open(url, **kwargs)
        self.assertEqual(response.status_code, status, url)
        self.assertSilent(response.text, self.of_vendors if words is None else words, url)
        self.assertSilent(str(response.headers), self.of_vendors if words is None else words, url)
        return response.text

    def form(self, url, action):
        """The hidden fields of a form of a page."""
        (form,) = html.fromstring(self.open_page(url)).xpath(f"//form[contains(@action, '{action}')]")[:1]
        return {field.name: field.value for field in form.xpath(".//input[@type='hidden']")}

    def post(self, url, action, data=None, files=None):
        """Send a form of a page; the page it leads to."""
        fields_ = {**self.form(url, f"{action}"), **(data or {})}
        response = self.url_open(f"{url}{action}", data=fields_, files=files)
        self.assertSilent(response.text, self.of_vendors, url)
        self.env.invalidate_all()
        return response.text

    def said(self, text):
        return html.fromstring(text).xpath("string(//*[@id='dropship_said']/@data-said)")

    def headline(self, text):
        return html.fromstring(text).xpath("string(//*[@id='dropship_headline'])").strip()

    def page_text(self, text, of="dropship_track"):
        found = html.fromstring(text).xpath(f"//*[@id='{of}']")
        return " ".join(found[0].text_content().split()) if found else ""
