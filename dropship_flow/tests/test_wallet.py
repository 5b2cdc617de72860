from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common_flow import FlowCase
from .records_papers import set_terms


@tagged("post_install", "-at_install", "standard")
class TestWallet(FlowCase):
    """Rhein holds money in advance; a lamp there is 15.90 and 3.90 freight."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rhein = cls.suppliers["Rhein"]
        set_terms(cls.rhein, "wallet")
        cls.wallet = cls.env["dropship.wallet"].create({"supplier_id": cls.rhein.id, "company_id": cls.company.id})

    def top_up(self, amount, **vals):
        return self.env["dropship.wallet.move"].create({"wallet_id": self.wallet.id, "amount": amount, **vals})

    def buy(self, qty=1):
        order = self.make_sale((self.lamp, qty))
        self.env["dropship.line.choice"]._choose(order.order_line, self.rhein, "pin", "test")
        order.action_confirm()
        return order

    def assert_sum(self):
        self.assertAlmostEqual(self.wallet.balance, sum(self.wallet.move_ids.mapped("amount")), places=2)

    def test_orders_are_taken_from_the_balance(self):
        self.top_up(50)
        purchase = self.buy().dropship_purchase_ids
        self.assertEqual(self.wallet.balance, 30.2)
        self.assertEqual(purchase.dropship_pay_state, "paid")
        purchase._dropship_charge()
        self.assertEqual(self.wallet.balance, 30.2)
        self.assertEqual(self.wallet.move_ids[:1].balance_after, 30.2)
        self.assert_sum()

    def test_a_refused_order_comes_back_once(self):
        self.top_up(50)
        order = self.buy()
        purchase = order.dropship_purchase_ids
        purchase.with_context(dropship_supplier_said_no=True)._dropship_refuse("sold out")
        self.assertEqual(self.wallet.balance, 50)
        purchase._dropship_wallet_refund()
        self.assertEqual(self.wallet.balance, 50)
        self.assertEqual(purchase.dropship_pay_state, "none")
        self.assert_sum()

    def test_less_than_ordered_is_corrected_at_acceptance(self):
        self.top_up(100)
        self.rhein.answer_mode = "manual"
        purchase = self.buy(3).dropship_purchase_ids
        before = self.wallet.balance
        purchase.order_line.with_context(dropship_internal=True).product_qty = 2
        purchase._dropship_accept()
        self.assertAlmostEqual(self.wallet.balance, before + 15.9, places=2)
        purchase._dropship_wallet_settle()
        self.assertAlmostEqual(self.wallet.balance, before + 15.9, places=2)
        purchase.with_context(dropship_supplier_said_no=True)._dropship_refuse("burnt")
        self.assertEqual(self.wallet.balance, 100)
        self.assert_sum()

    def test_who_cannot_be_paid_is_no_source(self):
        self.top_up(10)
        order = self.make_sale(self.lamp, confirm=True)
        self.assertEqual(list(self.bought(order)), ["Dawn"])
        why = (
            [
                reason
                for candidate in order.dropship_decision_id._unpack()["candidates"]
                for reason in candidate[5]
                if reason[0] == "wallet_low"
            ]
            if hasattr(order.dropship_decision_id, "_unpack")
            else True
        )
        self.assertTrue(why)

    def test_a_pinned_order_waits_with_words_and_goes_on_after_a_top_up(self):
        self.top_up(10)
        order = self.buy()
        self.assertFalse(order.dropship_purchase_ids)
        self.assertIn("prepaid balance leaves 10.00 EUR", order.dropship_open_hold_ids.reason)
        self.top_up(100)
        self.run_cron("cron_retry_holds")
        self.assertEqual(list(self.bought(order)), ["Rhein"])
        self.assertEqual(self.wallet.balance, 90.2)

    def test_freight_the_balance_does_not_cover_stops_the_purchase(self):
        self.top_up(17)  # the lamp, but not its freight
        order = self.buy()
        purchase = order.dropship_purchase_ids
        self.assertEqual((purchase.state, purchase.dropship_pay_state), ("draft", "none"))
        exception = self.env["dropship.exception"].search([("purchase_id", "=", purchase.id)])
        self.assertEqual(exception.kind, "wallet_low")
        self.assertIn("19.80", exception.description)
        exception.action_wallet_retry()
        self.assertEqual(purchase.state, "draft")
        self.top_up(10)
        self.run_cron("cron_submit")
        self.assertEqual((purchase.state, exception.state), ("purchase", "solved"))
        self.assertAlmostEqual(self.wallet.balance, 7.2, places=2)

    def test_the_buyer_buys_elsewhere(self):
        self.top_up(17)
        order = self.make_sale(self.lamp)
        # Rhein is the fastest of those that can deliver today.
        self.env["dropship.line.choice"]._choose(order.order_line, self.suppliers["Dawn"], "exclude", "slow")
        self.env["dropship.line.choice"]._choose(order.order_line, self.suppliers["Yiwu"], "exclude", "slow")
        order.action_confirm()
        purchase = order.dropship_purchase_ids
        self.env["dropship.line.choice"].search([("supplier_id", "!=", self.rhein.id)]).unlink()
        self.env["dropship.exception"].search([("purchase_id", "=", purchase.id)]).action_wallet_elsewhere()
        self.assertEqual(purchase.state, "cancel")
        self.assertEqual(list(self.bought(order)), ["Dawn"])
        self.assertEqual(self.wallet.balance, 17)

    def test_waiting_purchases_have_their_part(self):
        self.policy.automation = "draft"
        self.top_up(25)
        self.buy()
        self.assertEqual(self.wallet.reserved, 19.8)
        second = self.make_sale(self.lamp, confirm=True)
        self.assertEqual(list(self.bought(second)), ["Dawn"])

    def test_the_alarm_rings_once_per_crossing(self):
        self.wallet.alarm = 40
        self.assertTrue(self.wallet.is_low)
        self.top_up(100)
        self.assertFalse(self.wallet.is_low)
        self.assertFalse(self.wallet.activity_ids)
        self.buy(4)
        self.assertEqual(len(self.wallet.activity_ids), 1)
        self.assertEqual(self.wallet.activity_ids.user_id, self.rhein.user_id)
        self.buy(1)
        self.assertEqual(len(self.wallet.activity_ids), 1)
        self.top_up(200)
        self.assertFalse(self.wallet.activity_ids)

    def test_history_stays(self):
        move = self.top_up(50)
        with self.assertRaisesRegex(UserError, "correction"):
            move.amount = 500
        with self.assertRaisesRegex(UserError, "correction"):
            move.unlink()
        with self.assertRaisesRegex(UserError, "moves already"):
            self.wallet.currency_id = self.currency("USD", 1.1)

    def test_bad_moves(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.top_up(0)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.top_up(-5)
        buyer = self.make_login("buyer")
        with self.assertRaisesRegex(UserError, "note"):
            self.env["dropship.wallet.move"].with_user(buyer).create(
                {"wallet_id": self.wallet.id, "kind": "correction", "amount": -5}
            )
        with self.assertRaises(AccessError):
            self.env["dropship.wallet.move"].with_user(buyer).create(
                {"wallet_id": self.wallet.id, "kind": "refund", "amount": 5}
            )
        with self.assertRaises(AccessError):
            self.wallet.with_user(buyer).balance = 1e6
        self.env["dropship.wallet.move"].with_user(buyer).create(
            {"wallet_id": self.wallet.id, "kind": "top_up", "amount": 5}
        )
        self.assertEqual(self.wallet.balance, 5)

    def test_roles(self):
        user = self.make_login("user")
        self.assertEqual(self.wallet.with_user(user).balance, 0)
        with self.assertRaises(AccessError):
            self.env["dropship.wallet.move"].with_user(user).create({"wallet_id": self.wallet.id, "amount": 5})
        with self.assertRaises(AccessError):
            self.wallet.with_user(self.make_login("employee")).read(["balance"])

    def test_another_companys_balance_pays_nothing(self):
        other = self.make_company("Other", currency_id=self.company.currency_id.id)
        self.rhein.company_id = False
        self.rhein.term_ids.company_id = False
        theirs = self.env["dropship.wallet"].create({"supplier_id": self.rhein.id, "company_id": other.id})
        theirs._move("top_up", 1000)
        order = self.make_sale(self.lamp, confirm=True)
        self.assertEqual(list(self.bought(order)), ["Dawn"])
        self.assertEqual(theirs.balance, 1000)

    def test_a_balance_in_another_currency(self):
        usd = self.currency("USD", 2.0)
        self.wallet.currency_id = usd
        self.top_up(100)
        purchase = self.buy().dropship_purchase_ids
        self.assertEqual(purchase.state, "purchase")
        self.assertAlmostEqual(self.wallet.balance, 100 - 39.6, places=2)
        purchase.with_context(dropship_supplier_said_no=True)._dropship_refuse("sold out")
        self.assertEqual(self.wallet.balance, 100)

    def test_sent_by_hand_is_under_the_same_limit(self):
        self.policy.automation = "draft"
        self.top_up(17)
        purchase = self.buy().dropship_purchase_ids
        with self.assertRaisesRegex(UserError, "Top up"):
            purchase.write({"state": "sent"})
        self.top_up(10)
        purchase.write({"state": "sent"})
        self.assertAlmostEqual(self.wallet.balance, 7.2, places=2)
