"""Every model of this addon × every role. Each part says in `records_*.py` how a record of its models is made."""

import importlib
import pkgutil
from collections import defaultdict
from functools import reduce
from pathlib import Path

from odoo import Command
from odoo.addons.dropship_flow.tests.common_flow import FlowFactories
from odoo.addons.dropship_flow.tests.common_supply import UNINVITED
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged

ADDON = "dropship_flow_reports"
ROLES = {
    "reader": f"{ADDON}.group_reports_reader",
    "manager": "dropship_flow.group_dropship_manager,sales_team.group_sale_manager",
    "accountant": "account.group_account_invoice",
    "user": "dropship_flow.group_dropship_user,sales_team.group_sale_salesman_all_leads",
    "buyer": "dropship_flow.group_dropship_buyer",
    "salesman": "sales_team.group_sale_salesman",
    "employee": "base.group_user",
    "portal": "base.group_portal",
}
INSIDE = ("reader", "manager", "accountant")
# The ledger itself: nobody writes it.
LEDGER = ("entry", "estimate", "generation", "watermark", "line")
PARTS = [
    importlib.import_module(f"{__package__}.{module.name}")
    for module in pkgutil.iter_modules([str(Path(__file__).parent)])
    if module.name.startswith("records_")
]
# Records of no company of their own, and whose company counts for them: {model: path}.
OF_NO_COMPANY = reduce(lambda known, part: known | getattr(part, "OF_NO_COMPANY", {}), PARTS, {})
# Models everyone may read whatever his company: {model}.
FOR_ALL = reduce(lambda known, part: known | set(getattr(part, "FOR_ALL", ())), PARTS, set())


@tagged("post_install", "-at_install", "standard")
class TestAccess(FlowFactories, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_hero()
        cls.make_policy("ask")
        cls.order = cls.make_flow(cls.lamp, cls.suppliers["Dawn"])
        cls.ours = cls.company
        cls.other = cls.euro_company("Other GmbH")
        cls.make_policy("ask")
        supplier = cls.make_supplier("Theirs")
        warehouse = cls.make_warehouse(supplier)
        cls.make_offer(warehouse, cls.lamp, 12)
        cls.make_rate(warehouse, service_id=cls.make_service(supplier_id=supplier))
        cls.make_tax_rule("", "", "domestic")
        cls.their_order = cls.make_flow(cls.lamp, supplier)
        cls.env.flush_all()

    @classmethod
    def make_flow(cls, product, supplier):
        """A confirmed order that was bought, and a record of every model about it."""
        order = cls.make_sale((product, 5))
        cls.env["dropship.line.choice"]._choose(order.order_line, supplier, "pin", "test")
        order.action_confirm()
        order.action_dropship_release()
        for part in PARTS:
            part.make(cls, order, supplier)
        return order

    def as_role(self, role, company=None):
        company = company or self.ours
        login = f"{role}-{company.id}"
        user = self.env["res.users"].search([("login", "=", login)]) or new_test_user(
            self.env, login, groups=ROLES[role], context=UNINVITED, name=login, email=f"{login}@example.com",
            company_id=company.id, company_ids=[Command.set(company.ids)],
        )  # fmt: skip
        self.env.invalidate_all()
        return self.env(user=user, context={"allowed_company_ids": company.ids})

    def models(self):
        """Every model this addon defines, that has records."""
        for name, model in sorted(self.env.registry.items()):
            if model._original_module == ADDON and not model._abstract:
                yield self.env[name]

    def test_every_model_says_who_may_use_it(self):
        names = []
        for model in self.models():
            names.append(model._name)
            rows = self.env["ir.model.access"].search([("model_id.model", "=", model._name)])
            with self.subTest(model._name):
                self.assertTrue(rows.filtered("perm_read"), "nobody reads it")
                self.assertTrue(all(row.group_id for row in rows), "open to the world")
        self.assertIn("dropship.profit.entry", names)

    def test_every_model_keeps_companies_or_people_apart(self):
        rules = defaultdict(str)
        for rule in self.env["ir.rule"].search([("perm_read", "=", True), ("groups", "=", False)]):
            rules[rule.model_id.model] += rule.domain_force or ""
        for model in self.models():
            if model._name not in FOR_ALL:
                with self.subTest(model._name):
                    self.assertIn("create_uid" if model._transient else "company_ids", rules[model._name])

    def test_no_record_of_another_company_is_found(self):
        """Each persistent model has a record of the other company here, and nobody of ours finds one."""
        for role in INSIDE:
            env = self.as_role(role)
            for model in self.models():
                if model._transient or model._name in FOR_ALL:
                    continue
                field = OF_NO_COMPANY.get(model._name, "company_id")
                theirs = model.sudo().search([(field, "=", self.other.id)])
                with self.subTest(role, model=model._name):
                    self.assertTrue(theirs, "the test needs a record of the other company")
                    if env[model._name].has_access("read"):
                        self.assertFalse(env[model._name].search([]) & theirs.with_env(env))
                    for record in theirs.with_env(env):
                        self.assertFalse(record.has_access("read"))

    def test_who_reads_the_profit(self):
        for role in ROLES:
            env = self.as_role(role)
            for name in LEDGER:
                model = env[f"dropship.profit.{name}"]
                with self.subTest(role, model=name):
                    self.assertEqual(model.has_access("read"), role in INSIDE)
                    self.assertFalse(any(model.has_access(way) for way in ("write", "create", "unlink")))

    def test_who_collects_and_reconciles(self):
        for role in INSIDE:
            env = self.as_role(role)
            wizard = env["dropship.profit.reconcile"].create({})
            wizard.action_reconcile()
            self.assertEqual(wizard.unexplained, 0.0)
            self.assertTrue(wizard.line_ids.action_open()["domain"])
        for role in ("user", "buyer", "employee", "portal"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.as_role(role)["dropship.profit.reconcile"].create({})

    def test_nobody_collects_for_another_company(self):
        env = self.as_role("manager")
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            env["dropship.profit.reconcile"].create({"company_id": self.other.id}).action_collect()

    def test_an_order_opens_with_and_without_the_right(self):
        for role in ("manager", "user"):
            order = self.order.with_env(self.as_role(role))
            self.assertEqual("dropship_profit" in order.fields_get(), role == "manager")
        order = self.order.with_env(self.as_role("manager"))
        self.assertTrue(order._dropship_profit_statement())
        self.assertEqual(order.action_dropship_profit()["res_model"], "dropship.profit.line")
        with self.assertRaises(AccessError):
            self.order.with_env(self.as_role("user"))._dropship_profit_statement()
