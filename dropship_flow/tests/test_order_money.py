from odoo.tests import tagged

from .common_cod import CodCase, PayCase


@tagged("post_install", "-at_install", "standard")
class TestOrderMoney(PayCase, CodCase):
    """What of an order's money is where, by every way customers pay."""

    def setUp(self):
        super().setUp()
        self.captures_later("partial")

    def money(self, order):
        """(invoiced, paid, authorised, refunded, open)"""
        order.invalidate_recordset()
        return tuple(
            round(order[f"dropship_money_{name}"], 2)
            for name in ("invoiced", "paid", "authorised", "refunded", "open")
        )

    def test_open_authorised_captured_refunded(self):
        order = self.buy((self.lamp, 2, 50.0)).dropship_sale_id
        self.assertEqual((order.dropship_payment_state, self.money(order)), ("open", (0, 0, 0, 0, 100.0)))
        payment = self.pay(order, state="authorized")
        self.assertEqual((order.dropship_payment_state, self.money(order)), ("authorised", (0, 0, 100.0, 0, 100.0)))
        payment.state = "done"
        self.assertEqual((order.dropship_payment_state, self.money(order)), ("paid", (0, 100.0, 0, 0, 0)))
        payment._create_child_transaction(30.0, is_refund=True).state = "done"
        self.assertEqual(self.money(order), (0, 100.0, 0, 30.0, 30.0))
        self.assertEqual(order.dropship_payment_state, "partly_refunded")
        payment._create_child_transaction(70.0, is_refund=True).state = "done"
        self.assertEqual(order.dropship_payment_state, "refunded")

    def test_a_part_captured_and_a_part_released(self):
        order = self.buy((self.lamp, 2, 50.0)).dropship_sale_id
        payment = self.pay(order, state="authorized")
        payment._create_child_transaction(60.0).state = "done"
        self.assertEqual((order.dropship_payment_state, self.money(order)), ("part", (0, 60.0, 40.0, 0, 40.0)))
        payment._create_child_transaction(40.0).state = "cancel"
        self.assertEqual(self.money(order), (0, 60.0, 0, 0, 40.0))

    def test_paid_by_transfer_on_the_invoice_and_credited(self):
        order = self.buy((self.lamp, 2, 50.0)).dropship_sale_id
        self.told(order.dropship_purchase_ids, "AA1111111")
        self.invoice()
        invoice = order.invoice_ids
        self.assertEqual(self.money(order), (100.0, 0, 0, 0, 100.0))
        self.register(invoice, 60.0)
        self.assertEqual((order.dropship_payment_state, self.money(order)), ("part", (100.0, 60.0, 0, 0, 40.0)))
        self.register(invoice, 40.0)
        self.assertEqual((order.dropship_payment_state, self.money(order)), ("paid", (100.0, 100.0, 0, 0, 0)))
        note = invoice._reverse_moves([{}])
        note.invoice_line_ids.filtered("product_id").quantity = 1
        note.action_post()
        self.assertEqual(self.money(order), (50.0, 100.0, 0, 0, -50.0), "50 are owed to the customer")
        self.register(note, 50.0)
        self.assertEqual(self.money(order), (50.0, 100.0, 0, 50.0, 0))
        self.assertEqual(order.dropship_payment_state, "partly_refunded")

    def register(self, move, amount):
        """Money moved by the bank, as an accountant books it."""
        account = {"force_payment_move": True, "dropship_liquidity_id": self.cash.id}
        payment = self.env["account.payment"].with_context(**account).create(
            {
                "payment_type": "inbound" if move.move_type == "out_invoice" else "outbound",
                "partner_type": "customer", "partner_id": self.anna.id, "amount": amount, "journal_id": self.journal.id,
                "currency_id": move.currency_id.id,
            }
        )  # fmt: skip
        payment.action_post()
        lines = (payment.move_id | move).line_ids.filtered(lambda line: line.account_id == self.owed)
        lines.filtered(lambda line: not line.reconciled).reconcile()

    def test_an_invoice_settled_by_a_credit_note_was_not_paid(self):
        order = self.buy((self.lamp, 2, 50.0)).dropship_sale_id
        self.told(order.dropship_purchase_ids, "AA1111111")
        self.invoice()
        note = order.invoice_ids._reverse_moves([{}])
        note.action_post()
        order.invoice_ids[-1:]._dropship_settle(note.line_ids)
        (order.invoice_ids - note)._dropship_settle(note.line_ids)
        self.assertEqual(self.money(order), (0, 0, 0, 0, 0))
        self.assertFalse(order.dropship_payment_state)

    def test_one_payment_of_two_orders_counts_for_each_with_its_part(self):
        first = self.buy((self.lamp, 1, 30.0)).dropship_sale_id
        second = self.buy((self.lamp, 1, 70.0)).dropship_sale_id
        self.pay(first | second, amount=100.0)
        self.assertEqual((self.money(first)[1], self.money(second)[1]), (30.0, 70.0))

    def test_told_by_the_channel_less_its_fees(self):
        order = self.buy((self.lamp, 1, 100.0)).dropship_sale_id
        order.dropship_channel_id = self.channel
        order.write({"dropship_paid_state": "paid", "dropship_paid_amount": 100.0})
        self.assertEqual(order.dropship_payment_state, "paid")
        # 1.4 % and 0.30: what the channel's three plain figures say.
        self.assertEqual((order.dropship_payout_expected, order.dropship_payment_fees), (98.3, 1.7))
        order.dropship_told_fee = 5.0
        order.invalidate_recordset()
        self.assertEqual((order.dropship_payout_expected, order.dropship_payment_fees), (95.0, 5.0))

    def test_another_currency_than_the_company(self):
        usd = self.currency("USD")
        self.env["res.currency.rate"].create(
            {"currency_id": usd.id, "name": "2020-01-02", "rate": 1.25, "company_id": self.company.id}
        )
        pricelist = self.env["product.pricelist"].create({"name": "US", "currency_id": usd.id})
        order = self.make_sale((self.lamp, 1, 50.0), pricelist_id=pricelist.id)
        self.env["dropship.line.choice"]._choose(order.order_line, self.rhein, "pin", "test")
        order.action_confirm()
        self.told(order.dropship_purchase_ids, "AA1111111")
        self.invoice()
        self.pay(order, amount=40.0)
        self.assertEqual(self.money(order), (50.0, 40.0, 0, 0, 10.0))

    def test_who_reads_what(self):
        order = self.buy((self.lamp, 1, 50.0)).dropship_sale_id
        desk = self.login("user")
        desk.group_ids |= self.env.ref("sales_team.group_sale_salesman_all_leads")
        self.assertEqual(order.with_user(desk).read(["dropship_money_open"])[0]["dropship_money_open"], 50.0)
        portal = self.login("portal")
        self.assertFalse({name for name in order.with_user(portal).fields_get() if name.startswith(
            ("dropship_money", "dropship_payout", "dropship_payment", "dropship_collection"))})  # fmt: skip
        self.assertEqual(order._dropship_payment_word(), "To be paid")

    def test_lists_read_each_kind_of_document_once(self):
        """As many queries for twelve orders as for two."""
        orders = self.env["sale.order"]
        for number in range(12):
            order = self.buy((self.lamp, 1, 10.0 + number)).dropship_sale_id
            self.pay(order)
            orders |= order
        counts = []
        for some in (orders[:2], orders):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.mapped("dropship_payout_expected")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 3)
