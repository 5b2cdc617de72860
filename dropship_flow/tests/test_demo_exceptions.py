from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged

from .test_demo import DemoMixin

KINDS = {
    "order_price_raised": "price_raised",
    "order_mismatch": "ack_mismatch",
    "order_nobody_else": "silent",
    "order_late": "late_ship",
}


@tagged("post_install", "-at_install", "standard")
class TestDemoExceptions(DemoMixin, TransactionCase):
    """A day on which a few things go off the road, as a visitor finds it."""

    def card(self, login, key):
        self.env.flush_all()
        self.env.invalidate_all()  # the next request, of somebody else
        env = self.env(user=self.record(f"user_{login}"), context={"allowed_company_ids": self.env.company.ids})
        (card,) = env["dropship.overview"].browse(self.env.company.id).card_ids.filtered(lambda row: row.key == key)
        return card

    def test_the_board_shows_four_kinds_with_owner_clock_and_verbs(self):
        for name, kind in KINDS.items():
            with self.subTest(name):
                exception = self.record(name).dropship_exception_ids
                self.assertEqual((exception.kind, exception.state), (kind, "open"))
                self.assertTrue(exception.user_id and exception.deadline and exception.amount)
                self.assertIn(f" {exception.first_verb} ", exception.verbs)

    def test_dawn_waits_for_its_money_and_everybody_is_told_as_much_as_he_may_know(self):
        order = self.record("order_to_pay")
        purchase = order.dropship_purchase_ids
        self.assertEqual((purchase.dropship_pay_state, purchase.dropship_pay_total), ("to_pay", 35.4))
        self.assertIn(purchase.name, order.dropship_waiting)
        accountant, desk = self.card("accountant", "to_pay"), self.card("desk", "to_pay_suppliers")
        for card, model in ((accountant, "purchase.order"), (desk, "dropship.supplier")):
            action = card.action_open()
            self.assertEqual((action["res_model"], card.count), (model, 1))
            self.assertIn("35.40", card.hint.replace(",", "."))
        purchase.with_user(self.record("user_accountant")).action_dropship_mark_paid()
        self.assertEqual(purchase.dropship_pay_state, "paid")
        self.assertEqual(self.card("desk", "to_pay_suppliers").count, 0)

    def test_ningbo_takes_its_orders_from_the_deposit(self):
        wallet = self.record("wallet_ningbo")
        purchase = self.record("order_price_raised").dropship_purchase_ids
        self.assertEqual((wallet.balance, wallet.is_low), (290.3, True))
        self.assertEqual((purchase.dropship_pay_state, purchase.dropship_pay_total), ("paid", 14.7))
        self.assertEqual(self.card("buyer", "wallet_low").count, 1)

    def test_the_desk_reads_a_message_and_lets_it_be_read_again(self):
        purchase = self.record("order_mismatch").dropship_purchase_ids
        message = purchase.dropship_exchange_ids.with_user(self.record("user_desk"))
        self.assertIn(purchase.name, message.display_name)
        self.assertEqual(message.state, "parked")
        with self.assertRaises(UserError, msg="it is not waiting to be sent"):
            message.action_park()
        message.action_retry()
        self.assertEqual(message.state, "received")
        for verb in ("action_drop", "action_it_arrived"):
            with self.assertRaises(AccessError):
                getattr(message, verb)()
        employee = new_test_user(self.env, "clerk-elsewhere", groups="base.group_user")
        with self.assertRaises(AccessError):
            message.with_user(employee).action_retry()
