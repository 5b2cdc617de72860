from datetime import timedelta
from html import unescape

from odoo import fields
from odoo.tests import tagged

from .common_statement import StatementCase


@tagged("post_install", "-at_install", "standard")
class TestReconcileScreen(StatementCase):
    def wizard(self, **vals):
        wizard = self.env["dropship.profit.reconcile"].create({"company_id": self.company.id, **vals})
        wizard.action_reconcile()
        return wizard

    def line(self, wizard, name):
        return wizard.line_ids.filtered(lambda line: line.account_id == self.accounts[name])

    def found(self, action):
        return self.env[action["res_model"]].search(action["domain"])

    def month(self):
        """Something on every side: an order, an entry by hand, overhead, an account out of scope."""
        order, purchase = self.sold()
        invoice, bill = self.invoice(order), self.bill(purchase)
        by_hand = self.typed(self.accounts["Sales"], 7.0)
        self.rent = self.make_account("Rent", "630000", "expense")
        self.gift = self.make_account("Gifts", "640000", "income_other")
        self.typed(self.rent, -9.0)
        self.typed(self.gift, 5.0)
        self.collect()
        self.env["dropship.profit.account"].search([("account_id", "=", self.gift.id)]).scope = "out"
        return order, invoice, bill, by_hand

    def test_all_sides_make_the_general_ledger(self):
        self.month()
        wizard = self.wizard()
        self.assertEqual(
            (wizard.attributed, wizard.unattributed, wizard.overhead, wizard.out_of_scope, wizard.ledger),
            (60.0, 7.0, -9.0, 5.0, 63.0),
        )
        self.assertEqual((wizard.unexplained, wizard.twice, wizard.done), (0.0, 0, True))
        for line in wizard.line_ids:
            sides = line.attributed + line.unattributed + line.overhead + line.out_of_scope
            self.assertAlmostEqual(sides + line.unexplained, line.ledger)
        self.assertIn(self.company.currency_id.format(63.0), wizard.summary)

    def test_each_cell_opens_what_is_behind_it(self):
        _order, invoice, _bill, by_hand = self.month()
        wizard = self.wizard()
        sales = self.line(wizard, "Sales")
        self.assertEqual(self.found(sales.action_open_cell("attributed")).mapped("document"), [invoice.name])
        self.assertEqual(self.found(sales.action_open_cell("unattributed")).mapped("document"), [by_hand.name])
        items = self.found(sales.action_open_cell("ledger"))
        self.assertEqual(items.move_id, invoice | by_hand)
        for line in wizard.line_ids:
            for column in ("attributed", "unattributed", "overhead", "out_of_scope"):
                amount = sum(self.found(line.action_open_cell(column)).mapped("amount"))
                self.assertAlmostEqual(amount, line[column])
            self.assertAlmostEqual(-sum(self.found(line.action_open_cell("ledger")).mapped("balance")), line.ledger)
        for column in ("attributed", "unattributed", "overhead", "out_of_scope"):
            action = getattr(wizard, f"action_open_{column}")()
            self.assertAlmostEqual(sum(self.found(action).mapped("amount")), wizard[column])
        self.assertAlmostEqual(-sum(self.found(wizard.action_open_ledger()).mapped("balance")), wizard.ledger)

    def test_what_is_unexplained_is_pointed_at(self):
        self.month()
        wizard = self.wizard()
        late = self.typed(self.accounts["Sales"], 3.0)
        row = self.reconciled(self.accounts["Sales"])
        self.assertEqual(row["unexplained"], 3.0)
        items = self.found(self.line(wizard, "Sales").action_open_cell("unexplained"))
        self.assertEqual(items.move_id, late)

    def test_what_was_typed_in_by_hand_is_named(self):
        *_rest, by_hand = self.month()
        wizard = self.wizard()
        self.assertEqual(wizard.by_hand_ids.mapped("document"), [by_hand.name])
        self.assertEqual(wizard.by_hand_ids.mapped("amount"), [7.0])
        self.assertIn(self.company.currency_id.format(7.0), wizard.by_hand_text)
        self.assertEqual(self.found(wizard.action_open_by_hand()), wizard.by_hand_ids)
        quiet = self.wizard(month=fields.Date.today() - timedelta(days=400))
        self.assertFalse(quiet.by_hand_ids)
        self.assertIn("No journal item", quiet.by_hand_text)

    def test_on_two_sides(self):
        self.month()
        wizard = self.wizard()
        self.assertFalse(self.found(wizard.action_open_twice()))

    def test_the_months_beside(self):
        self.month()
        wizard = self.wizard()
        this = fields.Date.today().replace(day=1)
        wizard.action_previous()
        self.assertEqual(wizard.month, (this - timedelta(days=1)).replace(day=1))
        self.assertEqual(wizard.ledger, 0.0)
        wizard.action_next()
        self.assertEqual((wizard.month, wizard.ledger), (this, 63.0))
        wizard.month = this - timedelta(days=1)
        self.assertFalse(wizard.done, "what is shown is of another month")

    def test_an_account_gets_another_place(self):
        self.month()
        wizard = self.wizard()
        line = wizard.line_ids.filtered(lambda line: line.account_id == self.rent)
        self.assertEqual((line.scope, wizard.changed), ("overhead", False))
        action = line.action_map()
        wizard.done_at -= timedelta(seconds=5)
        self.env[action["res_model"]].browse(action["res_id"]).scope = "out"
        self.env.flush_all()
        wizard.invalidate_recordset(["changed"])
        self.assertTrue(wizard.changed)
        wizard.action_reconcile()
        self.assertEqual((wizard.overhead, wizard.out_of_scope, wizard.unexplained), (0.0, -4.0, 0.0))
        self.assertIn(self.rent, self.found(wizard.action_accounts()).account_id)

    def test_as_a_workbook_and_on_paper(self):
        *_rest, by_hand = self.month()
        wizard = self.wizard()
        name, content = wizard._file()
        self.assertTrue(name.endswith(".xlsx"))
        rows = self.cells(content)
        total = next(row for row in rows if row[0] == "Sum")
        self.assertEqual(total[2:8], (60, 7, -9, 5, 63, 0))
        self.assertTrue(any(row[0] and by_hand.name in str(row[0]) for row in rows))
        self.assertNotIn("f", self.cell_types(content))
        report = "dropship_flow_reports.report_profit_reconcile"
        html = unescape(self.env["ir.actions.report"]._render_qweb_html(report, wizard.ids)[0].decode())
        for words in (wizard.title, by_hand.name, "General Ledger", "No journal item counts on two sides."):
            self.assertIn(words, html)
        self.assertEqual(wizard.action_print()["report_name"], report)
