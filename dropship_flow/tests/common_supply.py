"""Factories of the supply part, for every test of the suite.

`SupplyFactories` is a mixin for any Odoo test class (`class TestX(SupplyFactories, TransactionCase)`); every factory is
a classmethod that gives a valid, buyable record with as few words as possible; keyword arguments override its values.

    supplier = self.make_supplier("Rheinlager")              # approved, has an address, currency of the company
    warehouse = self.make_warehouse(supplier, country="DE")
    lamp = self.make_product("Lamp", weight=0.4)
    self.make_offer(warehouse, lamp, 15.90, tiers=[(10, 14.5)], stock=40)
    self.make_rate(supplier, 3.90, countries="DE", days=(1, 2, 3))
"""

from contextlib import contextmanager

from odoo import Command, fields
from odoo.tests import TransactionCase, new_test_user
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

GROUPS = {
    "user": "dropship_flow.group_dropship_user",
    "buyer": "dropship_flow.group_dropship_buyer",
    "manager": "dropship_flow.group_dropship_manager",
    "portal": "base.group_portal",
    "employee": "base.group_user",
}
# A new user is not invited by mail: nobody reads it, and it takes longer than all else about him.
UNINVITED = {"no_reset_password": True}


class SupplyFactories:
    @classmethod
    def country(cls, code):
        """A country by its ISO code."""
        return cls.env["res.country"].search([("code", "=", code)])

    @classmethod
    def state(cls, country, code):
        """A state by its code, e.g. `state("CN", "新")`."""
        return cls.env["res.country.state"].search([("country_id.code", "=", country), ("code", "=", code)])

    @classmethod
    def currency(cls, name, rate=None):
        """An active currency; `rate` is how much of it one unit of the company's currency buys today."""
        currency = cls.env["res.currency"].with_context(active_test=False).search([("name", "=", name)])
        currency.active = True
        if rate:
            today = fields.Date.today()
            currency.rate_ids.filtered(lambda line: line.name == today and line.company_id == cls.env.company).unlink()
            cls.env["res.currency.rate"].create({"currency_id": currency.id, "name": today, "rate": rate})
        return currency

    @classmethod
    def make_login(cls, role, company=None, **vals):
        """A user of a role: user, buyer, manager, portal or employee (internal without dropshipping)."""
        company = company or cls.env.company
        login = vals.pop("login", f"dropship-{role}-{company.id}")
        return new_test_user(
            cls.env,
            login,
            groups=GROUPS[role],
            context=UNINVITED,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
            **vals,
        )

    @classmethod
    def make_company(cls, name="Other Company", **vals):
        return cls.env["res.company"].create({"name": name, "logo": False, **vals})

    @classmethod
    def make_partner(cls, name, country="DE", **vals):
        """A contact with a full address."""
        values = {"street": "Lagerstraße 1", "city": "Duisburg", "zip": "47119", "country_id": cls.country(country).id}
        return cls.env["res.partner"].create({"name": name, "is_company": True, **values, **vals})

    @classmethod
    def make_supplier(cls, name="Supplier", country="DE", **vals):
        """An approved supplier of the current company. `company_id=False` shares it, `currency_id` takes a record."""
        partner = vals.pop("partner_id", None) or cls.make_partner(name, country)
        values = {
            "partner_id": partner.id,
            "company_id": cls.env.company.id,
            "state": "approved",
            "answer_mode": "auto",
            "currency_id": cls.env.company.currency_id.id,
        }
        return cls.env["dropship.supplier"].create({**values, **cls._ids(vals)})

    @classmethod
    def make_warehouse(cls, supplier, country="DE", **vals):
        """A warehouse that ships every day, the day the order comes in."""
        values = {"supplier_id": supplier.id, "name": f"Warehouse {country}", "country_id": cls.country(country).id}
        return cls.env["dropship.supplier.warehouse"].create({**values, **cls._ids(vals)})

    @classmethod
    def make_product(cls, name="Lamp", **vals):
        """Goods with a weight that are bought and dropshipped."""
        values = {"name": name, "type": "consu", "is_storable": False, "weight": 0.4, "list_price": 34.9}
        route = cls.env.ref("stock_dropshipping.route_drop_shipping", raise_if_not_found=False)
        if route:
            values["route_ids"] = [Command.set(route.ids)]
        return cls.env["product.product"].create({**values, **cls._ids(vals)})

    @classmethod
    def make_offer(cls, warehouse, product=None, price=10.0, tiers=(), **vals):
        """An offer with 100 units in stock. `tiers` are (from quantity, price); without `product` it is not linked."""
        values = {
            "warehouse_id": warehouse.id,
            "product_id": product.id if product else False,
            "sku": vals.pop("sku", None) or f"SKU-{product.id if product else 'NEW'}",
            "price": price,
            "stock": 100.0,
            "tier_ids": [Command.create({"min_qty": quantity, "price": amount}) for quantity, amount in tiers],
        }
        return cls.env["dropship.offer"].create({**values, **cls._ids(vals)})

    @classmethod
    def make_service(cls, name="Standard", **vals):
        return cls.env["dropship.shipping.service"].create({"name": name, **cls._ids(vals)})

    @classmethod
    def make_rate(cls, source, price=5.0, countries="", states=(), days=(1, 2, 3), **vals):
        """A rate of a supplier or of one of its warehouses, one price for any weight.

        :param source: a supplier (all its warehouses) or a warehouse
        :param str countries: ISO codes separated by spaces; empty: anywhere
        """
        name = "warehouse_id" if source._name == "dropship.supplier.warehouse" else "supplier_id"
        values = {
            name: source.id,
            "first_price": price,
            "country_ids": [Command.set([cls.country(code).id for code in countries.split()])],
            "state_ids": [Command.set([state.id for state in states])],
            **dict(zip(("days_p50", "days_p80", "days_p95"), days, strict=True)),
        }
        return cls.env["dropship.shipping.rate"].create({**values, **cls._ids(vals)})

    @classmethod
    def make_duty(cls, name="Duty", amount=3.0, kind="heading", ship_to="", **vals):
        """A duty of every company, in the currency of the current one. `ship_to`: ISO codes; empty: anywhere."""
        values = {
            "name": name,
            "amount": amount,
            "kind": kind,
            "currency_id": cls.env.company.currency_id.id,
            "ship_to_ids": [Command.set([cls.country(code).id for code in ship_to.split()])],
        }
        return cls.env["dropship.duty.rule"].create({**values, **cls._ids(vals)})

    @classmethod
    def make_agreement(cls, supplier, product, price, min_qty=0.0, **vals):
        """An agreed price: a line of the vendor list without an offer."""
        values = {
            "partner_id": supplier.partner_id.id,
            "product_tmpl_id": product.product_tmpl_id.id,
            "product_id": product.id,
            "price": price,
            "min_qty": min_qty,
            "currency_id": supplier.currency_id.id,
        }
        return cls.env["product.supplierinfo"].create({**values, **cls._ids(vals)})

    @contextmanager
    def refused(self):
        """The database refuses what is done inside; nothing of it stays."""
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            yield

    @staticmethod
    def _ids(vals):
        """Single records may be given in place of their ids."""
        return {name: value.id if hasattr(value, "_name") else value for name, value in vals.items()}


class SupplyCase(SupplyFactories, TransactionCase):
    """One supplier with one warehouse and one product; tests add what their story needs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supplier = cls.make_supplier("Rheinlager")
        cls.warehouse = cls.make_warehouse(cls.supplier)
        cls.lamp = cls.make_product("Lamp")
