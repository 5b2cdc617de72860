from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .common_policy import PolicyCase


@tagged("post_install", "-at_install", "standard")
class TestPolicySimulate(PolicyCase):
    """The rules are tried out by the code that applies them, and nothing is written."""

    def wizard(self, user=None, **values):
        wizards = self.env["dropship.return.simulate"]
        return (wizards.with_user(user) if user else wizards).create({"company_id": self.env.company.id, **values})

    def test_one_line_says_what_its_customer_would_get(self):
        line = self.delivered((self.lamp, 2)).order_line[:1]
        wizard = self.wizard(
            order_id=line.order_id.id, order_line_id=line.id, reason_id=self.reason("changed_mind").id, qty=1
        )
        wizard.action_simulate()
        self.assertEqual(wizard.verdict, "accept")
        said = {row.kind: (row.verdict, row.qty) for row in wizard.result_ids}
        self.assertEqual(said["return"], ("accept", 1))
        self.assertEqual(said, {kind: (verdict, 1) for kind, verdict in self.kinds(
            self.preview((line, 1, "changed_mind"))).items()})  # fmt: skip
        self.assertIn('"Everything else" is the first row that fits.', wizard.steps)
        self.assertIn('"About the price" does not fit: another reason.', wizard.steps)
        wizard.action_simulate()
        self.assertEqual(len(wizard.result_ids), len(said))
        self.assertFalse(self.env["dropship.return"].search([("order_ids", "in", line.order_id.ids)]))

    def test_a_line_and_a_reason_are_needed(self):
        with self.assertRaisesRegex(UserError, "Choose an order line"):
            self.wizard().action_simulate()

    def test_past_cases_under_the_rules_of_today(self):
        line = self.delivered((self.lamp, 3), days=20).order_line[:1]
        case = self.ask((line, 1, "changed_mind", {"wanted": "return"}))
        other = self.ask((line, 1, "too_late", {"wanted": "exchange"}))
        wizard = self.wizard(mode="cases", days=30)
        wizard.action_simulate()
        self.assertEqual(wizard.summary, "0 of 2 cases would be decided otherwise.")
        self.row({"kind": "return", "verdict": "look"}, reason_ids=self.reason("changed_mind").ids)
        wizard.action_simulate()
        self.assertEqual(wizard.result_ids.return_id, case)
        self.assertEqual((wizard.result_ids.before, wizard.result_ids.verdict), ("accept", "look"))
        self.assertEqual((case.verdict, other.verdict), ("accept", "accept"))

    def test_an_agent_tries_and_a_reader_does_not(self):
        company = {"company_id": self.env.company.id, "company_ids": self.env.company.ids}
        agent = new_test_user(self.env, "tries", "dropship_flow_aftersales.group_aftersales_agent", **company)
        reader = new_test_user(self.env, "reads", "dropship_flow.group_dropship_user", **company)
        line = self.delivered((self.lamp, 1)).order_line[:1]
        wizard = self.wizard(agent, order_line_id=line.id, reason_id=self.reason("changed_mind").id)
        wizard.action_simulate()
        self.assertTrue(wizard.result_ids)
        with self.assertRaises(AccessError):
            self.wizard(reader)
        with self.assertRaises(AccessError):
            self.env["dropship.return.policy"].with_user(agent).create({"name": "Mine"})

    def test_rows_are_made_on_the_screen(self):
        with Form(self.env["dropship.return.policy"]) as form:
            form.name = "Lamps"
            form.reason_ids.add(self.reason("damaged"))
            with form.outcome_ids.new() as outcome:
                outcome.kind = "keep"
                outcome.percent = 20
        self.assertEqual(form.record.outcome_ids.kind, "keep")
        with Form(self.lamp.product_tmpl_id) as form:
            form.dropship_goods_kind_ids.add(self.env.ref("dropship_flow_aftersales.goods_kind_custom"))
        self.assertEqual(self.lamp.dropship_goods_kind_ids.code, "custom")
