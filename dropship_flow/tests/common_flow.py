"""The hero world of the flow tests: Anna in Berlin, three products, four suppliers, exactly the demo's figures."""

from odoo import Command
from odoo.tests import TransactionCase

from .common_supply import SupplyFactories


class FlowFactories(SupplyFactories):
    """Factories for sales on top of the supply part's; `make_hero` builds the demo's first basket."""

    @classmethod
    def euro_company(cls, name="Lumen & Leaf", country="DE"):
        """A company in euro with a warehouse and a chart-free 19 % tax; the environment switches to it.

        It has no logo: Odoo's would be drawn anew in six sizes for each company.
        """
        eur = cls.currency("EUR")
        company = cls.env["res.company"].create(
            {"name": name, "logo": False, "currency_id": eur.id, "country_id": cls.country(country).id}
        )
        company.account_fiscal_country_id = cls.country(country)
        cls.env.user.company_ids |= company
        cls.env = cls.env(context=dict(cls.env.context, allowed_company_ids=company.ids))
        cls.env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1) or cls.env[
            "stock.warehouse"
        ].create({"name": name, "code": "LL", "company_id": company.id})
        group = cls.env["account.tax.group"].create(
            {"name": "VAT", "company_id": company.id, "country_id": cls.country(country).id}
        )
        cls.tax = cls.env["account.tax"].create(
            {
                "name": "19 %",
                "amount": 19.0,
                "price_include_override": "tax_included",
                "company_id": company.id,
                "country_id": cls.country(country).id,
                "tax_group_id": group.id,
            }
        )
        return company

    @classmethod
    def make_policy(cls, automation="buy", **vals):
        """The first policy of the current company."""
        values = {"name": "Test", "sequence": 1, "company_id": cls.env.company.id, "automation": automation,
                  "send_delay": 0}  # fmt: skip
        return cls.env["dropship.routing.policy"].create({**values, **vals})

    @classmethod
    def make_hero(cls):
        """Company, customer, products, suppliers, rates, duty and channel of the demo's first basket."""
        cls.company = cls.euro_company()
        cls.anna = cls.make_partner("Anna Weber", "DE", is_company=False, city="Berlin", zip="10115")
        taxes = [Command.set(cls.tax.ids)]
        make = cls.make_product
        cls.lamp = make("Lamp", list_price=34.9, weight=0.8, hs_code="940521", taxes_id=taxes)
        cls.stand = make("Stand", list_price=9.9, weight=0.4, hs_code="392690", taxes_id=taxes)
        cls.cable = make("Cable", list_price=7.9, weight=0.1, hs_code="854442", taxes_id=taxes)
        prices = {
            "Dawn": ("CN", 6.2, (8, 11, 14), {cls.lamp: 9.2}),
            "Yiwu": ("CN", 6.8, (8, 11, 14), {cls.lamp: 10.6, cls.stand: 2.1, cls.cable: 1.4}),
            "Ningbo": ("CN", 5.9, (8, 11, 14), {cls.stand: 1.8, cls.cable: 1.1}),
            "Rhein": ("DE", 3.9, (2, 2, 3), {cls.lamp: 15.9, cls.stand: 3.9, cls.cable: 2.6}),
        }
        cls.suppliers, cls.warehouses, cls.offers = {}, {}, {}
        for name, (country, freight, days, offers) in prices.items():
            supplier = cls.make_supplier(name, country)
            warehouse = cls.make_warehouse(supplier, country)
            cls.make_rate(warehouse, freight, countries="DE", days=days)
            for product, price in offers.items():
                cls.offers[name, product] = cls.make_offer(warehouse, product, price)
            cls.suppliers[name], cls.warehouses[name] = supplier, warehouse
        cls.duty = cls.make_duty(amount=3.0, ship_to="DE", max_value=150.0)
        cls.make_tax_rule("CN", "DE", "ioss")
        cls.channel = cls.env["dropship.sales.channel"].create(
            {"name": "Shop", "company_id": cls.company.id, "payment_percent": 1.4, "payment_fixed": 0.3}
        )

    @classmethod
    def make_tax_rule(cls, source, target, position, **vals):
        """A tax position for goods from one country to another; '' means any."""
        values = {
            "ship_from_ids": [Command.set(cls.country(source).ids)] if source else False,
            "ship_to_ids": [Command.set(cls.country(target).ids)] if target else False,
            "position": position,
            "company_id": cls.env.company.id,
        }
        return cls.env["dropship.tax.rule"].create({**values, **vals})

    @classmethod
    def make_sale(cls, *lines, partner=None, confirm=False, **vals):
        """A quotation of Anna (or `partner`) over (product, quantity) pairs or single products.

        A third element of a pair is the unit price.
        """
        commands = []
        for line in lines:
            product, qty, *price = line if isinstance(line, tuple) else (line, 1.0)
            values = {"product_id": product.id, "product_uom_qty": qty}
            if price:
                values["price_unit"] = price[0]
            commands.append(Command.create(values))
        order = cls.env["sale.order"].create(
            {"partner_id": (partner or cls.anna).id, "order_line": commands, "company_id": cls.env.company.id, **vals}
        )
        if confirm:
            order.action_confirm()
        return order

    @classmethod
    def hero(cls, confirm=False, **vals):
        """The hero basket: lamp, stand and cable for Anna."""
        return cls.make_sale(cls.lamp, cls.stand, cls.cable, confirm=confirm, **vals)

    def bought(self, order):
        """{supplier name: [(product name, quantity, price)]} of the order's living purchases."""
        purchases = order.dropship_purchase_ids.filtered(lambda purchase: purchase.state != "cancel")
        return {
            purchase.partner_id.name: [
                (line.product_id.name, line.product_qty, line.price_unit)
                for line in purchase.order_line
                if line.product_qty
            ]
            for purchase in purchases
        }


class FlowCase(FlowFactories, TransactionCase):
    def run_cron(self, name):
        """Run a scheduled action of the addon as the scheduler does."""
        with self.enter_registry_test_mode():
            self.env.ref(f"dropship_flow.{name}").method_direct_trigger()
        self.env.invalidate_all()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.make_hero()
        cls.policy = cls.make_policy("buy")
