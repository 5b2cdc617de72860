from lxml import etree
from odoo import Command
from odoo.addons.dropship_flow.tests.common_supply import UNINVITED
from odoo.tests import new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from .common_statement import StatementCase

ACCOUNTANTS = {
    "billing": "account.group_account_invoice",
    "auditor": "account.group_account_readonly",
    "chief": "account.group_account_manager",
}
READER = {"reader": "dropship_flow_reports.group_reports_reader"}


@tagged("post_install", "-at_install", "standard")
class TestPureAccountants(StatementCase):
    """They have no right of dropshipping; the screens of profit stand under Invoicing ▸ Reporting."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            name: new_test_user(
                cls.env, f"pure-{name}", groups=f"base.group_user,{group}", context=UNINVITED,
                company_id=cls.company.id, company_ids=[Command.set(cls.company.ids)],
            )
            for name, group in (ACCOUNTANTS | READER).items()
        }  # fmt: skip

    def as_user(self, name):
        self.env.invalidate_all()
        return self.env(user=self.users[name], context={"allowed_company_ids": self.company.ids, "lang": "en_US"})

    def menus(self, env):
        """{action: name} of what he sees under Reporting."""
        parent = env.ref("dropship_flow_reports.menu_accounting_profit").sudo()
        seen = env["ir.ui.menu"].sudo(False)._visible_menu_ids()
        return {menu.action: menu.name for menu in parent.child_id if menu.id in seen and parent.id in seen}

    def test_every_menu_opens_with_its_records(self):
        order, purchase = self.sold()
        self.invoice(order)
        self.bill(purchase)
        self.typed(self.accounts["Sales"], 7.0)
        self.collect()
        for name in ACCOUNTANTS:
            env = self.as_user(name)
            actions = self.menus(env)
            self.assertGreaterEqual(len(actions), 6, name)
            for action in actions:
                with self.subTest(name, action=action.name):
                    self.open(env, action.sudo())

    def open(self, env, action):
        """As the web client does: the views, then the records with every field of them."""
        if action._name == "ir.actions.client":
            dashboard = env["spreadsheet.dashboard"].browse(action.params["dashboard_id"])
            self.assertTrue(dashboard.read(["name"])[0]["name"])
            return
        model = env[action.res_model]
        views = model.get_views(action.views)["views"]
        records = model.search(safe_eval(action.domain or "[]"))
        for kind, view in views.items():
            if kind in ("list", "form", "kanban") and records:
                self.shown(records[:3], view["arch"])
        if "pivot" in views:
            groups = {"kind_group"} & set(model._fields)
            self.assertTrue(model._read_group([], groups, ["__count"]))

    def shown(self, records, arch):
        names = {node.get("name") for node in etree.fromstring(arch).iter("field")} & set(records._fields)
        spec = {
            name: {"fields": {"display_name": {}}} if records._fields[name].type in ("many2one", "many2many") else {}
            for name in names
        }
        self.assertEqual(len(records.web_read(spec)), len(records))

    def test_the_statement_and_its_links(self):
        order, purchase = self.sold()
        invoice = self.invoice(order)
        self.collect()
        for name in ACCOUNTANTS:
            env = self.as_user(name)
            html = order.with_env(env).dropship_profit_statement
            with self.subTest(name):
                self.assertIn("Net Profit", html)
                self.assertIn(f"/odoo/account.move/{invoice.id}", html)
                self.assertIn(purchase.name, html, "named, also where it may not be opened")
                readable = bool(purchase.with_env(env)._filtered_access("read"))
                self.assertEqual(f"/odoo/purchase.order/{purchase.id}" in html, readable)
                self.assertTrue(order.with_env(env)._dropship_profit_file()[1])
                order.with_env(env).action_dropship_profit_collect()

    def test_he_reconciles(self):
        order, _purchase = self.sold()
        self.invoice(order)
        self.typed(self.accounts["Sales"], 7.0)
        for name in ACCOUNTANTS | READER:
            env = self.as_user(name)
            wizard = env["dropship.profit.reconcile"].create({})
            wizard.action_reconcile()
            with self.subTest(name):
                self.assertEqual((wizard.unexplained, wizard.unattributed), (0.0, 7.0))
                self.assertTrue(wizard._file()[1])
                for line in wizard.line_ids:
                    for column in ("attributed", "unattributed", "ledger", "unexplained"):
                        action = line.action_open_cell(column)
                        env[action["res_model"]].search(action["domain"]).mapped("display_name")
                self.shown(wizard, wizard.get_view(view_type="form")["arch"])
