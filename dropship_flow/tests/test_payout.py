from odoo.tests import tagged

from .common_payout import PayoutCase


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
        note = self.env["dropship.payment.fee"]._note
        note(order, "payment", 1.4, self.company.currency_id, "tx", "transaction-9-payment")
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
        ads = self.make_account("Advertising", "630000", "expense")
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
