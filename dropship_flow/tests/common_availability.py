import json

from ..models.arrival_shop import KEPT
from .common_shop_pages import ShopPages


class AvailabilityPages(ShopPages):
    """The shop of the hero's company; the lamp comes from Rhein alone, who has three."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
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

    def page(self, product=None):
        return self.url_open((product or self.lamp).product_tmpl_id.website_url).text

    def assertNoSecrets(self, text):
        """Nothing of who sells, what it costs, or how much of it there is when there is plenty."""
        for name in self.suppliers:
            self.assertNotIn(name, text)
        for secret in ("SKU-", "15.9", "stock_promised", "dropship.offer"):
            self.assertNotIn(secret, text)
