"""The web shop of the hero's company, and somebody from Berlin who buys there."""

from odoo import Command
from odoo.tests import HttpCase

from .common_delivery import DeliveryFactories
from .common_flow import FlowFactories


class ShopPages(DeliveryFactories, FlowFactories, HttpCase):
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

    def fill_cart(self, *lines):
        """The customer's cart over (product, quantity) pairs or single products; he is logged in.

        The shop finds the last cart of who logs in.
        """
        lines = [line if isinstance(line, tuple) else (line, 1) for line in lines]
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
