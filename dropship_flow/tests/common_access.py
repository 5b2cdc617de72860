"""Every model of an addon × every role: the same world for each addon of the suite."""

import importlib
import pkgutil
from functools import reduce
from pathlib import Path

from odoo import Command
from odoo.tests import new_test_user

from .common_flow import FlowFactories
from .common_supply import UNINVITED


def parts_beside(package, file):
    """The modules records_*.py beside a test file: each says how a record of each of its part's models is made."""
    folder = str(Path(file).parent)
    names = [module.name for module in pkgutil.iter_modules([folder]) if module.name.startswith("records_")]
    return [importlib.import_module(f"{package}.{name}") for name in names]


def told_by(parts, name, start):
    """What all parts say under a name, added to `start`."""
    return reduce(lambda known, part: known | type(start)(getattr(part, name, ())), parts, start)


class AccessWorld(FlowFactories):
    """Mixin for test classes: a record of every model in two companies (`ours`, `other`), and each role."""

    addon = ""
    roles = {}  # {role: groups}
    parts = ()
    pieces = 1  # sold by each order

    @classmethod
    def make_access_world(cls):
        cls.make_hero()
        cls.policy = cls.make_policy("ask")
        cls.order = cls.make_flow(cls.lamp, cls.suppliers["Dawn"])
        cls.ours = cls.company
        cls.other = cls.euro_company("Other GmbH")
        cls.make_policy("ask")
        supplier = cls.make_supplier("Theirs")
        warehouse = cls.make_warehouse(supplier)
        cls.make_supply(supplier, warehouse)
        cls.make_tax_rule("", "", "domestic")
        cls.their_order = cls.make_flow(cls.lamp, supplier)
        cls.env.flush_all()

    @classmethod
    def make_supply(cls, supplier, warehouse):
        """What the other company can buy."""
        cls.make_offer(warehouse, cls.lamp, 12)
        cls.make_rate(warehouse, service_id=cls.make_service(supplier_id=supplier))

    @classmethod
    def make_flow(cls, product, supplier):
        """A confirmed order that was bought, and a record of every model about it."""
        order = cls.make_sale((product, cls.pieces))
        cls.env["dropship.line.choice"]._choose(order.order_line, supplier, "pin", "test")
        order.action_confirm()
        order.action_dropship_release()
        cls.make_records(order, supplier)
        return order

    @classmethod
    def make_records(cls, order, supplier):
        for part in cls.parts:
            part.make(cls, order, supplier)

    def as_role(self, role, company=None):
        company = company or self.ours
        login = f"{role}-{company.id}"
        user = self.env["res.users"].search([("login", "=", login)]) or new_test_user(
            self.env,
            login,
            groups=self.roles[role],
            context=UNINVITED,
            name=login,
            email=f"{login.replace(' ', '-')}@example.com",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        self.env.invalidate_all()
        return self.env(user=user, context={"allowed_company_ids": company.ids})

    def models(self, transient=None):
        """Every model this addon defines, that keeps records."""
        for name, model in sorted(self.env.registry.items()):
            if model._original_module != self.addon or model._abstract:
                continue
            if transient is None or model._transient == transient:
                yield self.env[name]
