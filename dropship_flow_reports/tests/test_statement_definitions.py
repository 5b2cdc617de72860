from odoo.addons.dropship_flow_reports.models.statement.statement import STEPS
from odoo.tests import TransactionCase, tagged

FIGURES = {"net_revenue", "contribution_1", "contribution_2", "contribution_3", "contribution_4", "net_profit",
           "orders", "units", "ad_spend", "roas", "cac", "margin"}  # fmt: skip


@tagged("post_install", "-at_install", "standard")
class TestDefinitions(TransactionCase):
    def codes(self, section):
        rows = self.env["dropship.profit.definition"].search([("section", "=", section)])
        return set(rows.mapped("code"))

    def test_every_figure_is_explained(self):
        self.assertLessEqual(FIGURES | {"drift"}, self.codes("result"))
        self.assertLessEqual(set(STEPS.values()), self.codes("result"))
        self.assertEqual(self.codes("stage"), set(dict(self.env["dropship.profit.line"]._fields["stage"].selection)))
        self.assertLessEqual({"cash_in", "cash_out", "forecast"}, self.codes("cash"))
        self.assertIn("tax_base", self.codes("tax"))

    def test_every_line_of_the_statement_is_explained_under_its_name(self):
        kinds = self.env["dropship.profit.kind"].search([])
        told = self.env["dropship.profit.definition"].search([("section", "=", "kind")])
        self.assertEqual({row.code: row.name for row in told}, {kind.code: kind.name for kind in kinds})

    def test_nobody_rewrites_them(self):
        rows = self.env["ir.model.access"].search([("model_id.model", "=", "dropship.profit.definition")])
        self.assertTrue(rows)
        self.assertFalse(rows.filtered(lambda row: row.perm_write or row.perm_create or row.perm_unlink))

    def test_settings_are_of_the_company(self):
        company = self.env["res.company"].create({"name": "Toggled"})
        self.assertEqual(
            (company.dropship_profit_refund_day, company.dropship_profit_with_tax,
             company.dropship_profit_returned_cost), ("refund", False, True),
        )  # fmt: skip
        settings = self.env["res.config.settings"].with_company(company).create({})
        settings.write(
            {"dropship_profit_refund_day": "order", "dropship_profit_with_tax": True,
             "dropship_profit_returned_cost": False}
        )  # fmt: skip
        settings.execute()
        self.assertEqual(
            (company.dropship_profit_refund_day, company.dropship_profit_with_tax,
             company.dropship_profit_returned_cost), ("order", True, False),
        )  # fmt: skip
