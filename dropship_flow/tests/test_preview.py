from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_flow import FlowCase


@tagged("post_install", "-at_install", "standard")
class TestPreview(FlowCase):
    """What the desk sees before confirming is what confirming does."""

    def _open(self, order):
        action = order.with_user(self.desk).action_dropship_preview()
        return self.env[action["res_model"]].with_user(self.desk).browse(action["res_id"])

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk = cls.make_login("user")
        cls.desk.group_ids |= cls.env.ref("sales_team.group_sale_salesman_all_leads")

    def test_plan_and_reasons(self):
        preview = self._open(self.hero())
        self.assertEqual((preview.landed, preview.profit, preview.payment_fee), (26.3, 16.95, 1.04))
        self.assertEqual(set(preview.line_ids.mapped("source")), {"Rhein"})
        self.assertEqual(sum(preview.line_ids.mapped("landed")), 26.3)
        self.assertIn("Dawn, Rhein", preview.alternative)
        self.assertIn("2.50", preview.alternative)
        results = {(row.source, row.product_id.name): row for row in preview.candidate_ids}
        self.assertEqual(results["Rhein", "Lamp"].result, "chosen")
        self.assertEqual(results["Dawn", "Lamp"].result, "dearer")
        self.assertGreater(results["Dawn", "Lamp"].extra, 0)
        self.assertFalse(preview.waits)

    def test_one_click_without_duty(self):
        preview = self._open(self.hero())
        preview.action_toggle_duty()
        self.assertEqual((preview.landed, preview.profit), (20.9, 22.35))
        preview.action_toggle_duty()
        self.assertEqual(preview.landed, 26.3)

    def test_pin_from_a_candidate(self):
        preview = self._open(self.hero())
        row = preview.candidate_ids.filtered(lambda row: row.source == "Yiwu" and row.product_id == self.lamp)
        action = row.action_pin()
        wizard = self.env[action["res_model"]].with_user(self.desk).with_context(**action["context"])
        wizard.create({"reason": "sample was better"}).action_apply()
        self.assertEqual((preview.landed, set(preview.line_ids.mapped("source"))), (29.9, {"Yiwu"}))

    def test_confirm_from_the_preview(self):
        order = self.hero()
        self._open(order).action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertEqual(set(self.bought(order)), {"Rhein"})
        action = order.dropship_decision_id.with_user(self.desk).action_open_trace()
        past = self.env[action["res_model"]].with_user(self.desk).browse(action["res_id"])
        self.assertEqual((past.landed, len(past.line_ids)), (26.3, 3))
        self.assertEqual(
            past.candidate_ids.filtered(lambda row: row.result == "chosen").mapped("source"), ["Rhein"] * 3
        )

    def test_would_wait(self):
        self.policy.automation = "ask"
        self.assertIn("asks before buying", self._open(self.hero()).waits)

    def test_nothing_to_preview(self):
        chair = self.make_product("Chair")
        order = self.make_sale(chair)
        self.assertFalse(order.dropship_can_preview)
        with self.assertRaisesRegex(UserError, "Add offers"):
            order.action_dropship_preview()

    def test_compare_sources(self):
        compare = (
            self.env["dropship.source.compare"]
            .with_user(self.desk)
            .create({"product_id": self.lamp.id, "country_id": self.country("DE").id, "zip": "10115"})
        )
        compare.action_compare()
        rows = [(row.source, row.landed, row.result) for row in compare.line_ids]
        self.assertEqual(rows, [("Dawn", 18.4, "chosen"), ("Rhein", 19.8, "dearer"), ("Yiwu", 20.4, "dearer")])
        self.suppliers["Dawn"].state = "paused"
        compare.action_compare()
        self.assertEqual(compare.line_ids[-1].result, "out")
        self.assertIn("Paused", compare.line_ids[-1].why)
        self.assertEqual(compare.line_ids[0].source, "Rhein")
