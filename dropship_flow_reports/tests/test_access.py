"""Every model of this addon × every role. Each part says in `records_*.py` how a record of its models is made."""

from collections import defaultdict

from odoo.addons.dropship_flow.tests.common_access import AccessWorld, parts_beside, told_by
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

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
PARTS = parts_beside(__package__, __file__)
# Records of no company of their own, and whose company counts for them: {model: path}.
OF_NO_COMPANY = told_by(PARTS, "OF_NO_COMPANY", {})
# Models everyone may read whatever his company: {model}.
FOR_ALL = told_by(PARTS, "FOR_ALL", set())


@tagged("post_install", "-at_install", "standard")
class TestAccess(AccessWorld, TransactionCase):
    addon = ADDON
    roles = ROLES
    parts = PARTS
    pieces = 5

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_access_world()

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
