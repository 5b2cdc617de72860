from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_remedies import RemedyCase


@tagged("post_install", "-at_install", "standard")
class TestRemedyAccess(RemedyCase):
    """Agents agree and it is carried out, without rights on orders, repairs and cards; others see nothing."""

    def setUp(self):
        super().setUp()
        order = self.delivered((self.lamp, 2))
        self.case = self.open_case((order.order_line[:1], 1, "damaged"))

    def user(self, group):
        return self.env["res.users"].create(
            {
                "name": group,
                "login": f"remedy-{group}",
                "company_ids": self.company.ids,
                "company_id": self.company.id,
                "group_ids": [(6, 0, self.env.ref(group).ids)],
            }
        )

    def test_an_agent_sees_what_is_possible_and_retries(self):
        agent = self.user("dropship_flow_aftersales.group_aftersales_agent")
        case = self.case.with_user(agent)
        self.assertTrue(case._possible_remedies()["replacement"][0])
        for offer in self.offers.values():
            offer.active = False
        resolution = self.agreed_blindly()
        self.assertEqual(resolution.state, "person")
        for offer in self.offers.values():
            offer.active = True
        resolution.with_user(agent).action_retry()
        self.assertEqual(resolution.state, "done", resolution.error)
        self.assertEqual((case.remedy_order_count, case.repair_count), (1, 0))
        form = self.env["dropship.resolution"].with_user(agent).get_view(view_type="form")["arch"]
        self.assertNotIn("sale_order_ids", form)
        seen = resolution.with_user(agent).web_read({"kind": {}, "card_id": {"fields": {"display_name": {}}}})
        self.assertEqual(seen[0]["kind"], "replacement")

    def agreed_blindly(self):
        self.case._record("accept", "system", offer=self.offer(self.case, "replacement"))
        return self.case.resolution_ids

    def test_what_cannot_be_done_is_given_up_by_an_agent(self):
        for offer in self.offers.values():
            offer.active = False
        resolution = self.agreed_blindly()
        agent = self.user("dropship_flow_aftersales.group_aftersales_agent")
        resolution.with_user(agent).action_cancel_agreement()
        self.assertEqual(resolution.state, "cancelled")

    def test_readers_carry_nothing_out(self):
        reader = self.user("dropship_flow.group_dropship_user")
        resolution = self.agreed_blindly()
        for action in ("action_retry", "action_cancel_agreement"):
            with self.assertRaises(AccessError):
                getattr(resolution.with_user(reader), action)()

    def test_a_customer_reads_nothing_of_it_on_his_order(self):
        order = self.agreed_blindly().sale_order_ids
        portal = self.user("base.group_portal")
        with self.assertRaises(AccessError):
            order.with_user(portal).read(["dropship_resolution_id"])
        with self.assertRaises(AccessError):
            order.order_line.with_user(portal).read(["dropship_case_line_id"])
