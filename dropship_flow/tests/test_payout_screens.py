import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common_payout import PayoutCase


@tagged("post_install", "-at_install", "standard")
class TestPayoutScreens(PayoutCase):
    def upload(self, content, user=None, **vals):
        return self.env(user=user or self.bookkeeper)["dropship.payout.upload"].create(
            {"channel_id": self.market.id, "content": base64.b64encode(content), "name": "payout.csv",
             "company_id": self.company.id, **vals}
        )  # fmt: skip

    def test_look_before_enter(self):
        self.sold("A-1")
        wizard = self.upload(self.payout_file(("A-1", "sale", "100"), ("A-1", "commission", "-5")))
        wizard.action_look()
        self.assertEqual(wizard.layout_id, self.layout)
        self.assertEqual(wizard.line_ids.mapped(lambda line: (line.what, line.amount))[:2],
                         [("Sale", 100.0), ("Fee: Commission", -5.0)])  # fmt: skip
        self.assertFalse(self.env["dropship.payout"].search([("terms_id", "=", self.terms.id)]))
        action = wizard.action_enter()
        payout = self.env["dropship.payout"].browse(action["res_id"])
        self.assertEqual((payout.state, payout.transferred), ("matched", 95.0))
        self.assertIn("Commission", payout.summary)
        self.assertEqual(self.upload(self.payout_file(("A-1", "sale", "100"), ("A-1", "commission", "-5")))
                         .action_enter()["params"]["type"], "warning")  # fmt: skip

    def test_a_file_that_is_none_says_so_before_it_is_kept(self):
        wizard = self.upload(b"a,b,c\n1,2,3\n", layout_id=self.layout.id)
        wizard.action_look()
        self.assertIn("Amount", wizard.problem)
        self.market.platform = "ebay"
        forms = self.env["dropship.order.layout"].search([("direction", "=", "payout"), ("platform", "=", "ebay")])
        forms.active = False
        with self.assertRaisesRegex(UserError, "No form"):
            self.upload(b"a,b,c\n1,2,3\n").action_look()

    def test_the_payout_of_a_payment_provider(self):
        """Who collects for the shop is chosen by its terms; the order is found by the provider's number."""
        provider = self.env["payment.provider"].create({"name": "Payer", "company_id": self.company.id})
        terms = self.env["dropship.payout.terms"].create({"provider_id": provider.id, "company_id": self.company.id})
        method = self.env["payment.method"].search([], limit=1)
        order = self.make_sale((self.lamp, 1, 100.0), confirm=True)
        self.env["payment.transaction"].create(
            {"provider_id": provider.id, "payment_method_id": method.id, "amount": 100.0, "reference": "TX-1",
             "currency_id": self.company.currency_id.id, "partner_id": order.partner_id.id,
             "provider_reference": "pi_77", "sale_order_ids": [(6, 0, order.ids)], "state": "done"}
        )  # fmt: skip
        row = {"Kind": "sale", "Amount": "100", "Transaction": "pi_77"}
        content = self.payout_file(row, {**row, "Kind": "payment fee", "Amount": "-1.4"})
        wizard = self.upload(content, channel_id=False, terms_id=terms.id)
        payout = self.env["dropship.payout"].browse(wizard.action_enter()["res_id"])
        self.assertEqual((payout.state, payout.line_ids.order_id), ("matched", order))
        payout.action_post()
        self.assertEqual(self.env["dropship.payment.fee"].search([("order_id", "=", order.id)]).amount, 1.4)
        self.assertEqual(self.invoice(order).payment_state, "paid")

    def test_only_accountants(self):
        self.sold("A-1")
        payout = self.enter(("A-1", "sale", "100"))
        groups = "dropship_flow.group_dropship_user,sales_team.group_sale_salesman"
        here = {"company_id": self.company.id, "company_ids": [(6, 0, self.company.ids)]}
        desk = new_test_user(self.env, "desk-p", groups=groups, **here)
        self.assertTrue(payout.with_user(desk).has_access("read"))
        with self.assertRaises(AccessError):
            payout.with_user(desk).action_post()
        with self.assertRaises(AccessError):
            self.upload(self.payout_file(("A-1", "sale", "1")), user=desk).action_enter()
        with self.assertRaises(AccessError):
            payout.with_user(self.bookkeeper).write({"row_total": 5.0})
        employee = new_test_user(self.env, "emp-p", groups="base.group_user")
        with self.assertRaises(AccessError):
            payout.with_user(employee).read(["name"])

    def test_cards_of_the_accountant(self):
        self.enter(("A-9", "sale", "100"))
        cards = {card["key"]: card for card in self.env(user=self.bookkeeper)["dropship.overview"]._my_cards()}
        count = self.env(user=self.bookkeeper)["dropship.payout.line"].search_count(cards["payout_rows"]["domain"])
        self.assertEqual(count, 1)
        self.assertIn("payouts_post", cards)
        self.assertIn("payouts_overdue", cards)


@tagged("post_install", "-at_install", "standard")
class TestPayoutExpected(PayoutCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.terms.write({"expects": True, "delay_from": "order", "delay_days": 7, "reserve_percent": 10.0})

    def test_expected_received_and_why_not(self):
        order = self.sold("A-1", date_order=self.ago(10))
        order.date_order = self.ago(10)
        order._dropship_payout_refresh()
        amount, currency, day = order._dropship_payout_expected()[order]
        self.assertEqual((amount, currency, day), (85.0, order.currency_id, order.dropship_payout_due))
        self.assertEqual((order.dropship_payout_state, order.dropship_payout_late), ("expected", 3))
        overdue = self.env["sale.order"].search(self.env["dropship.overview"]._payout_overdue())
        self.assertIn(order, overdue)
        payout = self.enter(("A-1", "sale", "100"), ("A-1", "commission", "-7"), ("A-1", "reserve", "-10"))
        self.assertFalse(order._dropship_payout_received())
        payout.action_post()
        self.assertEqual(order.dropship_payout_state, "differs")
        self.assertEqual(order._dropship_payout_received()[order][0], 83.0)
        self.assertEqual((order.dropship_payout_expected, order.dropship_payout_received), (0.0, 83.0))
        self.assertIn("2.00", order.dropship_payout_text)

    def test_as_agreed(self):
        order = self.sold("A-1")
        self.enter(("A-1", "sale", "100"), ("A-1", "commission", "-5"), ("A-1", "reserve", "-10")).action_post()
        self.assertEqual((order.dropship_payout_state, order.dropship_payout_text), ("received", False))
        self.assertEqual(order.dropship_payout_amount, order.dropship_payout_got)

    def test_days_count_from_the_delivery(self):
        self.terms.delay_from = "delivery"
        order = self.sold("A-1")
        self.assertEqual((order.dropship_payout_state, order.dropship_payout_due), ("expected", False))
        order.dropship_delivered_at = self.ago(1)
        self.assertTrue(order.dropship_payout_due)
        order.with_context(disable_cancel_warning=True)._action_cancel()
        self.assertEqual(order.dropship_payout_state, "none")

    def test_terms_that_change(self):
        order = self.sold("A-1")
        before = order.dropship_payout_due
        self.terms.delay_days = 9
        self.assertEqual((order.dropship_payout_due - before).days, 2)
        self.terms.expects = False
        self.assertEqual((order.dropship_payout_state, order._dropship_payout_expected()), ("none", {}))
