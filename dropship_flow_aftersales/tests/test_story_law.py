from odoo.tests import tagged

from .common_portal import ReturnPages
from .common_story import StoryCase


@tagged("post_install", "-at_install", "standard")
class TestStoryLaw(StoryCase):
    """What the shop would not give, the law gives."""

    def setUp(self):
        super().setUp()
        # The shop's own policy: nothing comes back, whatever the reason.
        self.row({"kind": "nothing"}, name="Final sale")

    def test_refused_by_the_policy_given_by_the_law(self):
        """Within 14 days Anna in Berlin gives back what the shop calls a final sale, without any deduction."""
        order = self.sold((self.lamp, 1, 34.9))
        case = self.ask((order.order_line, 1, "changed_mind", {"wanted": "return"}))
        self.assertEqual(case.acceptance, "accepted")
        (bound,) = case._fold().bound
        self.assertEqual(bound.offer.kind, "return")
        self.assertNotIn("fee", dict(bound.offer.conditions))
        self.assertFalse(case.refund_ids, "the money may wait until the goods are here")
        case._say_sent("customer", self.number())
        self.look(case.parcel_ids, ("as_new", 1))
        self.assertDone(case, "return")
        self.assertPaidBack(order, 34.9)

    def test_after_the_time_of_the_law_the_policy_counts(self):
        order = self.long_ago(40, (self.lamp, 1, 34.9))
        self.pay(order)
        case = self.ask((order.order_line, 1, "changed_mind", {"wanted": "return"}))
        self.assertEqual((case.acceptance, case.stage), ("refused", "refused"))
        self.assertTrue(case._page("customer")["refusal"])
        self.assertFalse(case.resolution_ids)
        self.assertPaidBack(order)

    def test_outside_the_union_the_policy_counts(self):
        order = self.sold((self.lamp, 1, 34.9))
        order.partner_shipping_id.country_id = self.env.ref("base.jp")
        case = self.ask((order.order_line, 1, "changed_mind", {"wanted": "return"}))
        self.assertEqual(case.acceptance, "refused")

    def test_custom_made_goods_are_excluded_by_the_law_itself(self):
        self.lamp.product_tmpl_id.dropship_goods_kind_ids = self.env.ref("dropship_flow_aftersales.goods_kind_custom")
        order = self.sold((self.lamp, 1, 34.9))
        case = self.ask((order.order_line, 1, "changed_mind", {"wanted": "return"}))
        self.assertEqual(case.acceptance, "refused")


@tagged("post_install", "-at_install", "standard")
class TestStoryWithdrawal(ReturnPages):
    """Withdrawing without login, to the money in the account."""

    def test_withdrawn_by_a_guest_and_paid_back_once_it_was_sent(self):
        self.anna.write({"is_company": False, "vat": False})
        self.env["dropship.return.policy"].create(
            {"name": "Final sale", "sequence": 1, "company_id": self.company.id,
             "outcome_ids": [(0, 0, {"kind": "nothing"})]}
        )  # fmt: skip
        self.env.flush_all()
        page = self.open("/withdraw")
        typed = {"name": "Anna Weber", "reference": self.order.name, "email": self.anna.email}
        page = self.send(page, "/withdraw", typed)
        self.send(page, "/withdraw/confirm")
        case = self.cases()
        self.assertEqual((case.acceptance, case.withdrawal), ("accepted", True))
        self.assertEqual({bound.how for bound in case._fold().bound}, {"law"})
        # Nobody can refuse, lower or close it, whoever tries.
        self.assertFalse({"refuse", "cancel"} & {*case._verbs("agent"), *case._verbs("guest"), *case._verbs("system")})
        # The guest's page says where to; the proof that it is sent is enough for the money.
        page = self.open(self.case_token(case))
        self.assertIn(case.name, page.text)
        self.assertFalse(case.resolution_ids)
        case._say_sent("guest", "BACKLAW10001")
        self.assertEqual(case.resolution_ids.kind, "return")
        self.assertIn(case.resolution_ids.state, ("done", "person"))
