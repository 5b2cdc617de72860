import json

from odoo import Command
from odoo.tests import HttpCase

from ..models.arrival_shop import KEPT
from .common_delivery import DeliveryFactories
from .common_flow import FlowFactories


class AvailabilityPages(DeliveryFactories, FlowFactories, HttpCase):
    """The shop of the hero's company; the lamp comes from Rhein alone, who has three."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_hero()
        cls.make_policy("buy")
        cls.env["delivery.carrier"].search([]).is_published = False
        cls.carrier = cls.make_carrier(dropship_flat=4.9)
        cls.website = cls.env["website"].get_current_website()
        cls.website.company_id = cls.company
        cls.website.user_id.sudo().write({"company_ids": [Command.link(cls.company.id)], "company_id": cls.company.id})
        cls.user = cls.make_login("portal", login="shopper", password="shopper-secret", email="s@example.com")
        cls.partner = cls.user.partner_id
        address = {"street": "Weg 1", "city": "Berlin", "zip": "10115", "phone": "+49 30 1"}
        cls.partner.write({**address, "country_id": cls.country("DE").id})
        (cls.lamp | cls.stand | cls.cable).product_tmpl_id.write({"is_published": True, "sale_ok": True})
        cls.source = cls.offers["Rhein", cls.lamp]
        (cls.lamp.dropship_offer_ids - cls.source).active = False
        cls.source.stock = 3
        cls.env["dropship.sales.channel"].search([("website_id", "=", cls.website.id)]).website_id = False
        cls.channel.website_id = cls.website
        cls.follow()
        KEPT.clear()

    @classmethod
    def follow(cls):
        cls.env["dropship.supply"]._follow()
        cls.env.invalidate_all()

    def call(self, url, **params):
        answer = self.url_open(
            url, json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
        )  # fmt: skip
        return answer.json().get("result")

    def fill_cart(self, *lines):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "company_id": self.company.id,
                "website_id": self.website.id,
                "order_line": [
                    Command.create({"product_id": product.id, "product_uom_qty": qty}) for product, qty in lines
                ],
            }
        )
        self.env.flush_all()
        self.authenticate("shopper", "shopper-secret")
        return order

    def page(self, product=None):
        return self.url_open((product or self.lamp).product_tmpl_id.website_url).text

    def assertNoSecrets(self, text):
        """Nothing of who sells, what it costs, or how much of it there is when there is plenty."""
        for name in self.suppliers:
            self.assertNotIn(name, text)
        for secret in ("SKU-", "15.9", "stock_promised", "dropship.offer"):
            self.assertNotIn(secret, text)
