import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged

from .common_payout import PayoutFactories


class PayoutCase(PayoutFactories, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.make_hero()
        cls.make_policy("buy")
        cls.make_payout_world()


@tagged("post_install", "-at_install", "standard")
class TestPayoutPost(PayoutCase):
    """What a marketplace paid, in the books."""

    def test_sales_fees_and_reserve_of_one_payout(self):
        """Invoices are paid, fees are costs, the reserve is owed to us, the rest goes to the bank."""
        first, second = self.sold("A-1"), self.sold("A-2", 50.0)
        payout = self.enter(
            ("A-1", "sale", "100"), ("A-1", "commission", "-8"), ("A-2", "sale", "50"), ("A-2", "payment fee", "-1.5"),
            ("", "reserve", "-10"), ("", "subscription", "-5"), Transferred="125.5",
        )  # fmt: skip
        self.assertEqual((payout.state, payout.reasons), ("matched", False))
        payout.action_post()
        self.assertEqual(payout.state, "posted")
        self.assertEqual(self.booked(payout), {"owed": -150.0, "fee": 14.5, "reserve": 10.0, "bank": 125.5})
        self.assertEqual((first | second).invoice_ids.mapped("payment_state"), ["paid", "paid"])
        self.assertEqual(len(payout.sudo().move_ids), 1)
        again = self.enter(("", "reserve", "10"), Payout="P-2")
        again.action_post()
        held = self.terms.reserve_account_id
        lines = self.env["account.move.line"].search([("account_id", "=", held.id)])
        self.assertEqual(sum(lines.mapped("balance")), 0.0)

    def test_fees_are_facts_of_their_orders(self):
        order = self.sold("A-1")
        payout = self.enter(("A-1", "sale", "100"), ("A-1", "commission", "-8"), ("A-1", "payment fee", "-1.5"),
                            ("", "subscription", "-5"))  # fmt: skip
        self.env["dropship.payment.fee"]._note(order, "payment", 1.4, self.company.currency_id, "tx", "transaction-9-payment")
        payout.action_post()
        facts = self.env["dropship.payment.fee"].search([("company_id", "=", self.company.id)])
        self.assertEqual(
            sorted(facts.mapped(lambda fact: (fact.order_id.id or 0, fact.kind, fact.amount, fact.amount_company))),
            [(0, "subscription", 5.0, 5.0), (order.id, "commission", 8.0, 8.0), (order.id, "payment", 1.5, 1.5)],
        )
        payout.action_reverse()
        self.assertFalse(facts.exists())
        payout.action_post()
        self.assertEqual(self.env["dropship.payment.fee"].search_count([("order_id", "=", order.id)]), 2)

    def test_a_transaction_tells_its_fee_once(self):
        order = self.sold("A-1")
        note = self.env["dropship.payment.fee"]._note
        fact = note(order, "payment", 1.4, self.company.currency_id, "tx", "transaction-1-payment")
        self.assertEqual(note(order, "payment", 9.9, self.company.currency_id, "tx", "transaction-1-payment"), fact)
        self.assertEqual((fact.amount, fact.amount_company), (1.4, 1.4))

    def test_posting_twice_is_posting_once(self):
        self.sold("A-1")
        payout = self.enter(("A-1", "sale", "100"))
        payout.action_post()
        payout.action_post()
        self.assertEqual(len(payout.sudo().move_ids), 1)

    def test_paid_before_it_is_invoiced(self):
        """Money on account until the invoice comes: then it is paid at once."""
        order = self.sold("A-1", invoice=False)
        self.enter(("A-1", "sale", "100")).action_post()
        self.assertEqual(self.invoice(order).payment_state, "paid")

    def test_paid_in_parts(self):
        order = self.sold("A-1")
        self.enter(("A-1", "sale", "60")).action_post()
        self.assertEqual((order.invoice_ids.payment_state, order.invoice_ids.amount_residual), ("partial", 40.0))
        self.enter(("A-1", "sale", "40"), Payout="P-2").action_post()
        self.assertEqual(order.invoice_ids.payment_state, "paid")

    def test_refund_waits_for_its_credit_note(self):
        order = self.sold("A-1")
        invoice = order.invoice_ids
        self.enter(("A-1", "sale", "100"), ("A-1", "refund", "-30")).action_post()
        self.assertEqual(invoice.payment_state, "paid")
        credit = invoice._reverse_moves([{"invoice_date": "2026-05-05"}])
        credit.invoice_line_ids.price_unit = 30.0
        credit.action_post()
        self.assertEqual((credit.amount_residual, invoice.payment_state), (0.0, "paid"))

    def test_sold_and_refunded_without_an_invoice(self):
        """What comes to nothing is closed with itself."""
        self.sold("A-1", invoice=False)
        payout = self.enter(("A-1", "sale", "100"), ("A-1", "refund", "-100"))
        payout.action_post()
        rows = payout.sudo().move_ids.line_ids.filtered("dropship_payout_order_id")
        self.assertEqual(rows.mapped("reconciled"), [True, True])

    def test_chargeback_after_refund(self):
        """More went back than was paid: it is booked as it happened and said."""
        order = self.sold("A-1")
        payout = self.enter(("A-1", "sale", "100"), ("A-1", "refund", "-100"), ("A-1", "chargeback", "-100"),
                            ("A-1", "chargeback fee", "-15"))  # fmt: skip
        called = payout.line_ids.filtered(lambda line: line.kind == "chargeback")
        self.assertEqual(self.codes(called), ["payout_back_twice"])
        self.assertIn(order.name, called.reason_text)
        self.assertEqual((payout.state, payout.transferred), ("matched", -115.0))
        payout.action_post()
        self.assertEqual(self.booked(payout), {"owed": 100.0, "fee": 15.0, "bank": -115.0})
        won = self.enter(("A-1", "chargeback", "100"), Payout="P-2")
        self.assertEqual(won.line_ids.kind, "chargeback_won")
        won.action_post()
        rows = (payout | won).sudo().move_ids.line_ids.filtered("dropship_payout_order_id")
        self.assertEqual(sum(rows.mapped("balance")), 0.0)

    def test_tax_a_marketplace_pays_itself(self):
        """Collected and withheld again: nothing the customer owes, nothing left."""
        position = self.env["account.fiscal.position"].create({"name": "Market", "company_id": self.company.id})
        self.market.write({"tax_treatment": "marketplace", "fiscal_position_id": position.id})
        order = self.sold("A-1")
        payout = self.enter(("A-1", "sale", "100"), ("A-1", "tax", "19"), ("A-1", "tax withheld", "-19"))
        payout.action_post()
        self.assertEqual(self.booked(payout), {"owed": -100.0, "bank": 100.0})
        self.assertEqual(order.invoice_ids.payment_state, "paid")

    def test_a_statement_of_an_account_keeps_what_was_not_withdrawn(self):
        self.layout.payout_account = True
        self.sold("A-1")
        payout = self.enter(("A-1", "sale", "100"), ("", "transfer", "-70"))
        self.assertEqual((payout.state, payout.transferred), ("matched", 70.0))
        payout.action_post()
        self.assertEqual(self.booked(payout), {"owed": -100.0, "bank": 70.0, "clearing": 30.0})

    def test_reverse_and_post_again(self):
        order = self.sold("A-1")
        payout = self.enter(("A-1", "sale", "100"))
        payout.action_post()
        payout.action_reverse()
        self.assertEqual((payout.state, order.invoice_ids.payment_state), ("matched", "not_paid"))
        self.assertEqual(order.dropship_payout_state, "none")
        payout.action_post()
        self.assertEqual(order.invoice_ids.payment_state, "paid")
        self.assertEqual(self.booked(payout)["bank"], 100.0)

    def test_each_kind_of_fee_has_its_account(self):
        ads = self.account("Advertising", "630000", "expense")
        self.terms._ready()
        self.terms.fee_account_ids = [(0, 0, {"kind": "advertising", "account_id": ads.id})]
        payout = self.enter(("", "advertising", "-7"), ("", "subscription", "-3"))
        payout.action_post()
        self.assertEqual(self.booked(payout), {"Advertising": 7.0, "fee": 3.0, "bank": -10.0})


@tagged("post_install", "-at_install", "standard")
class TestPayoutCurrency(PayoutCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.usd = cls.currency("USD")
        cls.env["res.currency.rate"].create(
            {"currency_id": cls.usd.id, "company_id": cls.company.id, "name": "2026-01-01", "rate": 1.25}
        )

    def test_a_payout_in_another_currency(self):
        """An order in euro, paid in dollars at the channel's own rate: paid in full, the rest is named."""
        order = self.sold("A-1")
        payout = self.enter(("A-1", "sale", "124"), ("A-1", "commission", "-12.5"), Currency="USD", Transferred="111.5")
        payout.action_post()
        self.assertEqual(order.invoice_ids.payment_state, "paid")
        booked = self.booked(payout)
        self.assertEqual((booked["owed"], booked["fee"], booked["bank"]), (-100.0, 10.0, 89.2))
        self.assertEqual(booked["Exchange loss"], 0.8)
        self.assertEqual(self.codes(payout.line_ids[0]), ["payout_rate"])
        fee = self.env["dropship.payment.fee"].search([("order_id", "=", order.id)])
        self.assertEqual((fee.amount, fee.currency_id, fee.amount_company), (12.5, self.usd, 10.0))

    def test_far_from_our_rate_is_a_part(self):
        order = self.sold("A-1")
        self.enter(("A-1", "sale", "100"), Currency="USD").action_post()
        self.assertEqual((order.invoice_ids.payment_state, order.invoice_ids.amount_residual), ("partial", 20.0))

    def test_an_order_in_another_currency_than_the_payout(self):
        """An order in dollars, paid in euro: core books the exchange difference of the invoice."""
        pricelist = self.env["product.pricelist"].create({"name": "USD", "currency_id": self.usd.id})
        order = self.sold("A-1", 125.0, pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, self.usd)
        payout = self.enter(("A-1", "sale", "99"))
        payout.action_post()
        self.assertEqual(order.invoice_ids.payment_state, "paid")
        self.assertEqual(self.booked(payout), {"owed": -99.0, "bank": 99.0})

    def test_a_currency_nobody_uses(self):
        payout = self.enter(("A-1", "sale", "1"), Currency="XXX")
        self.assertEqual(payout.state, "refused")
        self.assertIn("XXX", payout.reason_text)


@tagged("post_install", "-at_install", "standard")
class TestPayoutBadInput(PayoutCase):
    def test_the_same_file_twice(self):
        self.sold("A-1")
        first = self.enter(("A-1", "sale", "100"))
        self.assertEqual(self.new, first)
        self.assertEqual(self.enter(("A-1", "sale", "100")), first)
        self.assertFalse(self.new)

    def test_the_same_payout_in_another_file(self):
        first = self.enter(("A-1", "sale", "100"))
        again = self.enter(("A-1", "sale", "100"), ("A-2", "sale", "1"))
        self.assertEqual((again, bool(self.new), len(first.line_ids)), (first, False, 1))

    def test_the_same_entries_in_another_statement(self):
        """Statements of overlapping days: an entry counts once."""
        self.layout.payout_account = True
        row = {"Order": "A-1", "Kind": "sale", "Amount": "100", "Entry": "E-1"}
        self.sold("A-1")
        self.enter(row, Payout="May 1-3").action_post()
        later = self.enter(row, {**row, "Entry": "E-2", "Kind": "refund", "Amount": "-20"}, Payout="May 3-5")
        self.assertEqual(later.line_ids.mapped("state"), ["known", "matched"])
        later.action_post()
        self.assertEqual(self.booked(later), {"owed": 20.0, "clearing": -20.0})

    def test_a_total_that_does_not_add_up_is_held(self):
        self.sold("A-1")
        payout = self.enter(("A-1", "sale", "100"), Transferred="99")
        self.assertEqual((payout.state, payout.difference, self.codes(payout)), ("differs", 1.0, ["payout_total"]))
        for verb in (payout.action_post, payout.action_post_apart):
            with self.assertRaisesRegex(UserError, "add up"):
                verb()
        self.assertFalse(payout.sudo().move_ids)
        wizard = self.env(user=self.bookkeeper)["dropship.payout.told"].create({"payout_id": payout.id, "amount": 99.0})
        with self.assertRaises(UserError):
            wizard.action_apply()
        wizard.why = "Bank of the marketplace kept 1.00"
        wizard.action_apply()
        self.assertEqual(payout.state, "matched")
        payout.action_post()
        self.assertEqual(self.booked(payout), {"owed": -100.0, "adjustment": 1.0, "bank": 99.0})

    def test_what_the_bank_shows_is_entered_with_the_file(self):
        payout = self.enter(("", "subscription", "-5"), told=-4.0)
        self.assertEqual((payout.state, self.codes(payout)), ("differs", ["payout_total"]))

    def test_unknown_orders_wait_and_are_found_when_the_order_comes(self):
        self.sold("A-1")
        payout = self.enter(("A-1", "sale", "100"), ("A-2", "sale", "50"))
        self.assertEqual((payout.state, payout.open_count, self.codes(payout)), ("differs", 1, ["payout_untold", "payout_rows_open"]))
        with self.assertRaises(UserError):
            payout.action_post()
        self.sold("A-2", 50.0)
        self.assertEqual((payout.state, payout.open_count), ("matched", 0))

    def test_unknown_orders_are_posted_apart_and_booked_over(self):
        payout = self.enter(("A-2", "sale", "50"), ("A-2", "commission", "-5"), Transferred="45")
        payout.action_post_apart()
        self.assertEqual(self.booked(payout), {"suspense": -50.0, "fee": 5.0, "bank": 45.0})
        order = self.sold("A-2", 50.0)
        self.assertEqual((payout.open_count, payout.late_count), (0, 1))
        payout.action_book_late()
        self.assertEqual(order.invoice_ids.payment_state, "paid")
        self.assertEqual(self.booked(payout), {"suspense": 0.0, "owed": -50.0, "fee": 5.0, "bank": 45.0})
        suspense = payout.sudo().move_ids.line_ids.filtered(lambda line: line.dropship_payout_bucket == "apart")
        self.assertEqual(suspense.mapped("reconciled"), [True, True])
        self.assertEqual(self.env["dropship.payment.fee"].search([("order_id", "=", order.id)]).amount, 5.0)
        payout.action_reverse()
        self.assertEqual(order.invoice_ids.payment_state, "not_paid")
        payout.action_post()
        self.assertEqual(order.invoice_ids.payment_state, "paid")

    def test_an_order_chosen_by_hand(self):
        order = self.sold("A-1")
        payout = self.enter(("X-9", "sale", "100"), ("X-9", "commission", "-5"))
        line = payout.line_ids.filtered(lambda line: line.kind == "sale")
        wizard = self.decide(line, order_id=order.id)
        wizard.action_apply()
        self.assertEqual((payout.state, payout.line_ids.order_id), ("matched", order))

    def decide(self, lines, **vals):
        action = lines.with_user(self.bookkeeper).action_decide()
        wizard = self.env(user=self.bookkeeper)["dropship.payout.decide"].browse(action["res_id"])
        wizard.write(vals)
        return wizard

    def test_words_nobody_knows_are_learnt(self):
        payout = self.enter(("", "Gift [wrap] levy", "-2"))
        self.assertEqual((payout.state, self.codes(payout.line_ids)), ("differs", ["payout_kind_unknown"]))
        with self.assertRaises(UserError):
            payout.line_ids.action_accept()
        self.decide(payout.line_ids, kind="fee", fee_kind="other").action_apply()
        self.assertEqual((payout.state, payout.line_ids.kind), ("matched", "fee"))
        other = self.enter(("", "Gift [wrap] levy", "-3"), Payout="P-2")
        self.assertEqual((other.state, other.line_ids.kind), ("matched", "fee"))

    def test_a_broken_cell_is_kept(self):
        payout = self.enter(("A-1", "commission", "ten"), ("", "subscription", "-5"))
        self.assertEqual((payout.state, payout.open_count), ("differs", 1))
        self.assertIn("ten", payout.line_ids.filtered("problems").reason_text)

    def test_a_file_that_is_none_is_kept_and_read_again(self):
        payout = self.enter(b"Who,What,Sum\nA-1,sale,100\nA-2,sale,5\n")
        self.assertEqual(payout.state, "refused")
        self.assertIn("Amount", payout.reason_text)
        for heading, field in (("Who", "number"), ("What", "kind"), ("Sum", "amount")):
            self.layout.column_ids = [(0, 0, {"heading": heading, "field": field, "sequence": 99})]
        action = payout.action_read_again()
        again = self.env["dropship.payout"].browse(action["res_id"])
        self.assertEqual((len(again.line_ids), again.state), (2, "differs"))

    def test_throw_away_and_enter_the_corrected_file(self):
        payout = self.enter(("A-1", "sale", "100"), Transferred="99")
        payout.action_drop()
        self.assertFalse(payout.exists())
        payout = self.enter(("", "subscription", "-5"))
        payout.action_post()
        with self.assertRaises(UserError):
            payout.action_drop()

    def test_other_companies_orders_are_not_found(self):
        order = self.sold("A-1", invoice=False)
        other = self.env["dropship.sales.channel"].create({"name": "Second", "kind": "file", "company_id": self.company.id})
        order.dropship_channel_id = other
        payout = self.enter(("A-1", "sale", "100"))
        self.assertEqual(payout.line_ids.state, "unknown")


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
        self.env["dropship.order.layout"].search([("direction", "=", "payout"), ("platform", "=", "ebay")]).active = False
        with self.assertRaisesRegex(UserError, "No form"):
            self.upload(b"a,b,c\n1,2,3\n").action_look()

    def test_only_accountants(self):
        self.sold("A-1")
        payout = self.enter(("A-1", "sale", "100"))
        desk = new_test_user(self.env, "desk-p", groups="dropship_flow.group_dropship_user,sales_team.group_sale_salesman",
                             company_id=self.company.id, company_ids=[(6, 0, self.company.ids)])  # fmt: skip
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
