from odoo import Command

from .common_flow import FlowCase


class ListingCase(FlowCase):
    """The hero world with a web shop, a marketplace channel without a website, and listings."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.website = cls.env["website"].create({"name": "Shop of the test", "company_id": cls.company.id})
        cls.shop = cls.channel
        cls.shop.write(
            {
                "website_id": cls.website.id,
                "destination_ids": [
                    Command.create({"country_id": cls.country("DE").id, "zip": "10115"}),
                    Command.create({"country_id": cls.country("FR").id}),
                ],
            }
        )
        cls.market = cls.env["dropship.sales.channel"].create(
            {
                "name": "抖店",
                "company_id": cls.company.id,
                "destination_ids": [Command.create({"country_id": cls.country("CN").id})],
            }
        )
        cls.listings = cls.env["dropship.listing"]
        cls.lamp_page = cls.lamp.product_tmpl_id

    @classmethod
    def list_it(cls, product, channel=None, **vals):
        return cls.env["dropship.listing"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "channel_id": (channel or cls.shop).id,
                "wanted": "published",
                **vals,
            }
        )

    @classmethod
    def codes(cls, listing):
        return [code for code, _figures in listing.reasons or []]

    @classmethod
    def follow(cls):
        """What the cron does with supply that moved."""
        while cls.env["dropship.supply"]._follow():
            pass
        cls.env.invalidate_all()

    @classmethod
    def lamps(cls):
        """All offers of the lamp."""
        return cls.env["dropship.offer"].search([("product_id", "=", cls.lamp.id)])

    @classmethod
    def feed_offer(cls, sku, **vals):
        """An offer as a feed brings it: not linked, with facts about the goods."""
        values = {"name": f"Goods {sku}", "weight": 0.5, "group_code": False, **vals}
        return cls.make_offer(values.pop("warehouse", cls.warehouses["Rhein"]), None, values.pop("price", 8.0),
                              sku=sku, **values)  # fmt: skip
