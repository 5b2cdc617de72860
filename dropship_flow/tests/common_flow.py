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
        cls.tax = cls.make_vat(19.0, name="19 %", price_include_override="tax_included")
        return company

    # --- books ---

    @classmethod
    def make_account(cls, name, code, kind, company=None, **vals):
        """An account of a company, by default the current one; `kind` as in `account_type`."""
        company = company or cls.env.company
        values = {"name": name, "code": code, "account_type": kind, "company_ids": [Command.set(company.ids)]}
        accounts = cls.env["account.account"].with_company(company)
        return accounts.create({**values, **vals}).with_env(cls.env)

    @classmethod
    def make_journal(cls, name, code, kind, account=None, company=None, **vals):
        """A journal of a company, by default the current one; `account`: where it books by default."""
        values = {"name": name, "code": code, "type": kind, "company_id": (company or cls.env.company).id}
        if account:
            values["default_account_id"] = account.id
        return cls.env["account.journal"].create({**values, **vals})

    @classmethod
    def make_vat(cls, percent, use="sale", account=None, **vals):
        """A tax of the current company in its own country; `account`: where the tax is booked."""
        company = cls.env.company
        whose = {"company_id": company.id, "country_id": company.account_fiscal_country_id.id}
        groups = cls.env["account.tax.group"]
        group = groups.search([(name, "=", value) for name, value in whose.items()], limit=1)
        values = {
            "name": f"{percent:g} % {use}",
            "amount": percent,
            "type_tax_use": use,
            "tax_group_id": (group or groups.create({"name": "VAT", **whose})).id,
            **whose,
        }
        if account:
            values["repartition_line_ids"] = [
                Command.create({"document_type": kind, "repartition_type": part, "account_id": booked})
                for kind in ("invoice", "refund")
                for part, booked in (("base", False), ("tax", account.id))
            ]
        return cls.env["account.tax"].create({**values, **vals})

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
