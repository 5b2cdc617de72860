"""What payment providers of the own shop paid out: from their file to the last cent in the books."""

from odoo import Command
from odoo.tests import tagged

from .common_payout import PayoutCase

STRIPE = (
    "automatic_payout_id", "automatic_payout_effective_at", "balance_transaction_id", "created", "reporting_category",
    "gross", "fee", "net", "currency", "payment_intent_id", "source_id", "payment_metadata[order_id]",
)  # fmt: skip
PAYPAL = (
    "Date", "Time", "TimeZone", "Name", "Type", "Status", "Currency", "Gross", "Fee", "Net", "Transaction ID",
    "Reference Txn ID", "Invoice Number", "Custom Number", "Balance", "Balance Impact",
)  # fmt: skip


class ProviderCase(PayoutCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.outstanding = cls.make_account("Online payments", "111000", "asset_current", reconcile=True)
        bank = cls.env["account.journal"].create(
            {"name": "Bank", "code": "BNK", "type": "bank", "company_id": cls.company.id,
             "default_account_id": cls.make_account("Bank", "112000", "asset_cash").id}
        )  # fmt: skip
        cls.provider = cls.env["payment.provider"].create({"name": "Payer", "company_id": cls.company.id})
        lines = bank.inbound_payment_method_line_ids[:1] | bank.outbound_payment_method_line_ids[:1]
        lines.payment_account_id = cls.outstanding
        lines[:1].payment_provider_id = cls.provider
        cls.method = cls.env["payment.method"].search([], limit=1)
        cls.website = cls.env["website"].create({"name": "Own shop", "company_id": cls.company.id})
        cls.terms = cls.env["dropship.payout.terms"].create(
            {"provider_id": cls.provider.id, "company_id": cls.company.id}
        )

    def form(self, name):
        self.layout = self.env.ref(f"dropship_flow.order_layout_{name}_payout")

    def bought(self, price, number):
        """A website order paid online and invoiced: core has booked and reconciled the payment."""
        self.lamp.invoice_policy = "order"
        order = self.make_sale((self.lamp, 1, price), website_id=self.website.id)
        paid = self.env["payment.transaction"].create(
            {"provider_id": self.provider.id, "payment_method_id": self.method.id, "amount": price,
             "reference": f"{order.name}-{number}", "currency_id": self.company.currency_id.id,
             "partner_id": order.partner_id.id, "provider_reference": number, "state": "done",
             "operation": "online_direct", "sale_order_ids": [Command.set(order.ids)]}
        )  # fmt: skip
        paid._post_process()
        self.assertEqual((order.state, paid.payment_id.amount), ("sale", price))
        self.assertEqual(self.invoice(order).payment_state, "paid")
        return order

    def give_back(self, order, amount, number):
        """A refund through the provider, with its credit note."""
        paid = order.transaction_ids
        back = paid._create_child_transaction(amount, is_refund=True)
        back.write({"state": "done", "provider_reference": number})
        back._post_process()
        credit = order.invoice_ids._reverse_moves([{"invoice_date": "2026-05-02"}])
        credit.invoice_line_ids.price_unit = amount
        credit.action_post()
        (credit.line_ids | back.payment_id.move_id.line_ids).filtered(
            lambda line: line.account_id == self.owed and not line.reconciled
        ).reconcile()
        return back.payment_id

    def balance(self, account):
        lines = self.env["account.move.line"].search([("account_id", "=", account.id), ("parent_state", "=", "posted")])
        return round(sum(lines.mapped("balance")), 2)

    def open_money(self):
        """What of the online payments no payout has brought yet."""
        lines = self.env["account.move.line"].search(
            [("account_id", "=", self.outstanding.id), ("parent_state", "=", "posted")]
        )
        return round(sum(lines.mapped("amount_residual")), 2), len(lines.filtered(lambda line: not line.reconciled))

    def told_fees(self):
        facts = self.env["dropship.payment.fee"].search([("company_id", "=", self.company.id)])
        return sorted(facts.mapped(lambda fact: (fact.order_id.id or 0, fact.kind, fact.amount_company)))


@tagged("post_install", "-at_install", "standard")
class TestStripe(ProviderCase):
    def setUp(self):
        super().setUp()
        self.form("stripe")

    def file(self, payout, *rows):
        """Rows are (category, gross, fee, payment, source); numbers of entries follow from their place."""
        told = [
            dict(zip(STRIPE, (payout, "2026-05-04 00:00:00", f"txn_{payout}_{place}", "2026-05-01 08:00:00", category,
                              gross, fee, f"{float(gross) - float(fee):.2f}", "eur", payment, source, ""), strict=True))
            for place, (category, gross, fee, payment, source) in enumerate(rows, 1)
        ]  # fmt: skip
        return self.table_file(STRIPE, *told)

    def test_sale_refund_chargeback_and_reserve(self):
        first, second = self.bought(100.0, "pi_1"), self.bought(50.0, "pi_2")
        self.give_back(first, 30.0, "re_1")
        self.assertEqual(self.open_money(), (120.0, 3))
        content = self.file(
            "po_1",
            ("charge", "100.00", "1.70", "pi_1", "ch_1"), ("charge", "50.00", "1.00", "pi_2", "ch_2"),
            ("refund", "-30.00", "0.00", "pi_1", "re_1"), ("dispute", "-50.00", "15.00", "pi_2", "du_1"),
            ("risk_reserved_funds", "-10.00", "0.00", "", ""), ("payout", "-42.30", "0.00", "", "po_1"),
        )  # fmt: skip
        payout = self.enter(content)
        self.assertEqual((payout.state, payout.transferred, payout.open_count), ("matched", 42.3, 0))
        self.assertEqual(
            payout.line_ids.filtered("order_id").mapped(lambda line: (line.kind, line.amount, line.order_id)),
            [("sale", 100.0, first), ("fee", -1.7, first), ("sale", 50.0, second), ("fee", -1.0, second),
             ("refund", -30.0, first), ("chargeback", -50.0, second), ("fee", -15.0, second)],
        )  # fmt: skip
        payout.action_post()
        self.assertEqual(
            self.booked(payout),
            {"Online payments": -120.0, "owed": 50.0, "fee": 17.7, "reserve": 10.0, "bank": 42.3},
        )
        self.assertEqual(self.open_money(), (0.0, 0), "every online payment and refund has arrived")
        self.assertEqual((first | second).invoice_ids.mapped("payment_state"), ["paid"] * 3)
        self.assertEqual(self.balance(self.owed), 50.0, "only what was called back is owed again")
        self.assertEqual(self.balance(self.company.transfer_account_id), 42.3)
        self.assertEqual(
            self.told_fees(),
            sorted([(first.id, "payment", 1.7), (second.id, "payment", 1.0), (second.id, "payment", 15.0)]),
        )
        # The same file, and the same payout in another file.
        self.assertEqual((self.enter(content), bool(self.new)), (payout, False))
        self.assertEqual((self.enter(content + b"\n", name="again.csv"), bool(self.new)), (payout, False))
        payout.action_post()
        self.assertEqual((len(payout.sudo().move_ids), self.balance(self.company.transfer_account_id)), (1, 42.3))
        # The reserve comes back, and the dispute is won.
        later = self.enter(
            self.file("po_2", ("risk_reserved_funds", "10.00", "0.00", "", ""),
                      ("dispute_reversal", "50.00", "-15.00", "pi_2", "du_1"), ("payout", "-75.00", "0.00", "", ""))
        )  # fmt: skip
        self.assertEqual((later.state, later.transferred), ("matched", 75.0))
        later.action_post()
        self.assertEqual(self.booked(later), {"owed": -50.0, "fee": -15.0, "reserve": -10.0, "bank": 75.0})
        self.assertEqual(self.balance(self.terms.reserve_account_id), 0.0)
        self.assertEqual((self.balance(self.owed), self.balance(self.company.transfer_account_id)), (0.0, 117.3))

    def test_two_refunds_of_an_order_in_one_payout(self):
        order = self.bought(100.0, "pi_1")
        self.give_back(order, 30.0, "re_1")
        self.give_back(order, 20.0, "re_2")
        self.enter(
            self.file("po_1", ("charge", "100.00", "1.70", "pi_1", "ch_1"), ("refund", "-30.00", "0.00", "pi_1", ""),
                      ("refund", "-20.00", "0.00", "pi_1", ""), ("payout", "-48.30", "0.00", "", ""))
        ).action_post()  # fmt: skip
        self.assertEqual((self.open_money(), self.balance(self.owed)), ((0.0, 0), 0.0))

    def test_an_order_chosen_by_hand_has_the_fee_of_the_row_too(self):
        order = self.bought(100.0, "pi_1")
        rows = ("charge", "100.00", "1.70", "pi_9", ""), ("payout", "-98.30", "0", "", "")
        payout = self.enter(self.file("po_1", *rows))
        line = payout.line_ids.filtered(lambda line: line.kind == "sale")
        self.assertEqual((line.state, payout.open_count), ("unknown", 1))
        line.sudo()._decide(order, False, False)
        self.assertEqual(payout.line_ids.filtered("order_id").mapped("kind"), ["sale", "fee"])
        payout.action_post()
        self.assertEqual((self.told_fees(), self.open_money()), ([(order.id, "payment", 1.7)], (0.0, 0)))


@tagged("post_install", "-at_install", "standard")
class TestPayPal(ProviderCase):
    def setUp(self):
        super().setUp()
        self.form("paypal")

    def file(self, *rows):
        """Rows are (day of May, type, gross, fee, balance, entry, of which entry); in euro."""
        told = [
            {"Date": f"05/{day:02}/2026", "Time": "10:00:00", "TimeZone": "PDT", "Type": said, "Status": "Completed",
             "Currency": "EUR", "Gross": gross, "Fee": fee, "Net": f"{float(gross) + float(fee):.2f}",
             "Transaction ID": entry, "Reference Txn ID": other, "Balance": balance,
             "Balance Impact": "Debit" if float(gross) < 0 else "Credit"}
            for day, said, gross, fee, balance, entry, other in rows
        ]  # fmt: skip
        return self.table_file(PAYPAL, *told)

    def test_a_statement_of_the_account_there(self):
        first, second = self.bought(100.0, "PP1"), self.bought(50.0, "PP2")
        self.give_back(first, 30.0, "PP3")
        rows = (
            (1, "Express Checkout Payment", "100.00", "-3.80", "96.20", "PP1", ""),
            (2, "Express Checkout Payment", "50.00", "-2.10", "144.10", "PP2", ""),
            (3, "Payment Refund", "-30.00", "0.90", "115.00", "PP3", "PP1"),
            (4, "Payment Reversal", "-50.00", "0.00", "65.00", "PP4", "PP2"),
            (4, "Chargeback Fee", "-16.00", "0.00", "49.00", "PP5", "PP2"),
            (5, "Reserve Hold", "-9.00", "0.00", "40.00", "PP6", ""),
            (6, "General Withdrawal", "-25.00", "0.00", "15.00", "PP7", ""),
        )
        payout = self.enter(self.file(*rows))
        self.assertEqual((payout.state, payout.transferred, payout.open_count), ("matched", 25.0, 0))
        payout.action_post()
        self.assertEqual(
            self.booked(payout),
            {"Online payments": -120.0, "owed": 50.0, "fee": 21.0, "reserve": 9.0, "bank": 25.0, "clearing": 15.0},
        )
        self.assertEqual((self.open_money(), self.balance(self.owed)), ((0.0, 0), 50.0))
        self.assertEqual(
            self.told_fees(),
            sorted([(first.id, "payment", 3.8), (first.id, "payment", -0.9), (second.id, "payment", 2.1),
                    (second.id, "chargeback", 16.0)]),
        )  # fmt: skip
        # The next statement begins with days of this one: each entry counts once.
        later = self.enter(self.file(*rows[5:], (8, "Reserve Release", "9.00", "0.00", "24.00", "PP8", "")))
        self.assertEqual(later.line_ids.mapped("state"), ["known", "known", "general"])
        later.action_post()
        self.assertEqual(self.booked(later), {"reserve": -9.0, "clearing": 9.0})
        self.assertEqual(self.balance(self.terms.clearing_account_id), 24.0, "as the account there says")

    def test_a_refund_before_the_credit_note(self):
        """Told by the provider only: the customer has it on account until the credit note comes."""
        order = self.bought(100.0, "PP1")
        payout = self.enter(
            self.file((1, "Express Checkout Payment", "100.00", "-3.80", "96.20", "PP1", ""),
                      (2, "Payment Refund", "-30.00", "0.00", "66.20", "PP2", "PP1"))
        )  # fmt: skip
        self.assertEqual(payout.line_ids.order_id, order)
        payout.action_post()
        self.assertEqual((self.open_money(), self.balance(self.owed)), ((0.0, 0), 30.0))
        credit = order.invoice_ids._reverse_moves([{"invoice_date": "2026-05-05"}])
        credit.invoice_line_ids.price_unit = 30.0
        credit.action_post()
        self.assertEqual((credit.amount_residual, self.balance(self.owed)), (0.0, 0.0))
