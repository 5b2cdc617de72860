from odoo import Command

from .common_flow import FlowCase


class PricingCase(FlowCase):
    """The hero's shop with a pricelist and Berlin as the place prices are made for; no rule yet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pricelist = cls.env["product.pricelist"].create({"name": "Shop", "company_id": cls.company.id})
        cls.channel.write(
            {
                "pricelist_id": cls.pricelist.id,
                "destination_ids": [Command.create({"country_id": cls.country("DE").id, "zip": "10115"})],
                "payment_percent": 0.0,
                "payment_fixed": 0.0,
            }
        )

    @classmethod
    def make_rule(cls, **vals):
        """Landed cost plus half, whatever changes: nothing is asked."""
        values = {
            "name": "Rule", "company_id": cls.company.id, "percent": 50.0, "daily_limit": 0.0, "least_percent": 0.0,
        }  # fmt: skip
        return cls.env["dropship.pricing.rule"].create({**values, **cls._ids(vals)})

    def follow(self):
        """What the scheduled action does with everything that moved."""
        while self.env["dropship.supply"]._follow():
            pass
        self.env.invalidate_all()

    def item(self, product, channel=None):
        pricelist = (channel or self.channel).pricelist_id
        return pricelist.item_ids.filtered(lambda item: item.product_id == product)

    def price(self, product, channel=None):
        return round((channel or self.channel).pricelist_id._get_product_price(product, 1.0), 2)

    def changes(self, product, state=None):
        domain = [("product_id", "=", product.id)] + ([("state", "=", state)] if state else [])
        return self.env["dropship.price.change"].search(domain)
