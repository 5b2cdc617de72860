"""One invoice of several orders, one bill of several purchases, down payments, currencies, payments that differ."""

from datetime import timedelta

from odoo import Command, fields
from odoo.addons.dropship_flow.tests.common_cod import PayCase
from odoo.tests import tagged

from .common_profit import ProfitCase


@tagged("post_install", "-at_install", "standard")
class TestProfitDocuments(PayCase, ProfitCase):
    def shipped(self, qty=1.0):
        """(order, purchase) of chairs that left."""
        purchase = self.sell(self.chair, qty)
        self.dispatch(purchase)
        return purchase.dropship_sale_id, purchase

    def line(self, name, amount, account="Sales", **vals):
        account = self.accounts[account]
        return Command.create(
            {"name": name, "quantity": 1, "price_unit": amount, "account_id": account.id,
             "tax_ids": [Command.clear()], **vals}
        )  # fmt: skip

    def paid(self, move, amount=None, date=None, currency=None, **vals):
        """A payment of an invoice or bill by core's own dialog."""
        values = {"payment_date": date or fields.Date.today(), **vals}
        if currency:
            values["currency_id"] = currency.id
        if amount is not None:
            values["amount"] = amount
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=move.ids)
            .create(values)
        )
        return wizard._create_payments()

    def bill_in(self, purchase, currency, **vals):
        """A bill in another currency than the purchase's, which somebody has looked at."""
        bill = self.bill(purchase, currency=currency, **vals)
        bill._dropship_release("They bill in dollars.")
        return bill

    def dollars(self, **rates):
        """{day: how many dollars a euro is}"""
        usd = self.currency("USD")
        for day, rate in rates.items():
            self.env["res.currency.rate"].create(
                {"currency_id": usd.id, "company_id": self.company.id, "name": day.strip("d").replace("_", "-"),
                 "rate": rate}
            )  # fmt: skip
        return usd

    # --- several orders on one document ---

    def test_an_invoice_of_several_orders(self):
        first, _bought = self.shipped(1)
        second, _bought = self.shipped(3)
        invoice = (first | second)._create_invoices(final=True)
        self.assertEqual(len(invoice), 1)
        invoice.write({"invoice_line_ids": [self.line("Gift wrapping", 10.0)]})
        invoice.action_post()
        self.collect()
        self.assertEqual(self.profit(first), {"sales": 102.5})
        self.assertEqual(self.profit(second), {"sales": 307.5})
        self.credit(invoice)
        self.collect()
        self.assertEqual(self.profit(first), {"sales": 102.5, "refund": -102.5})
        self.assertTies()

    def test_a_bill_of_several_purchases(self):
        first, bought = self.shipped(1)
        second, other = self.shipped(3)
        bill = self.bill(bought, post=False)
        line = other.order_line
        bill.write(
            {"invoice_line_ids": [
                self.line("Chairs", 40.0, "Cost of goods", product_id=line.product_id.id, purchase_line_id=line.id,
                          quantity=3),
                self.line("Pallet", 8.0, "Cost of goods"),
                self.line("Bonus", -4.0, "Cost of goods"),
                self.line("Their seminar", 50.0, "Stock variation"),
            ]}
        )  # fmt: skip
        bill.action_post()
        self.collect()
        self.assertEqual(self.profit(first), {"goods": -40.0, "supplier_fee": -2.0, "supplier_credit": 1.0})
        self.assertEqual(self.profit(second), {"goods": -120.0, "supplier_fee": -6.0, "supplier_credit": 3.0})
        self.assertEqual(self.reconciled(self.accounts["Stock variation"])["overhead"], -50.0)
        self.assertTies()

    def test_a_charge_without_a_purchase(self):
        product = self.env["account.move.line"]._dropship_charge_product("service")
        bill = self.env["account.move"].create(
            {"move_type": "in_invoice", "partner_id": self.rhein.partner_id.id, "ref": "S-1",
             "invoice_date": fields.Date.today(), "invoice_line_ids": [
                 self.line("Membership", 30.0, "Cost of goods", product_id=product.id, dropship_charge="service")]}
        )  # fmt: skip
        bill.action_post()
        self.collect()
        entry = self.entries(("res_id", "=", bill.id))
        self.assertEqual((entry.kind_id.code, entry.amount, entry.side), ("supplier_fee", -30.0, "unattributed"))
        self.assertEqual(entry.supplier_id, self.rhein)
        self.assertTies()

    # --- down payments ---

    def test_a_down_payment_counts_once(self):
        purchase = self.sell(self.chair)
        order = purchase.dropship_sale_id
        down = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "percentage", "amount": 30.0})
        )
        down.create_invoices()
        order.invoice_ids.action_post()
        self.collect()
        booked = self.profit(order)["sales"]
        self.assertEqual(booked, 30.0)
        rows = self.env["dropship.profit.estimate"].search(
            [("order_id", "=", order.id), ("kind_id.code", "=", "sales")]
        )
        self.assertEqual(sorted(rows.mapped("amount")), [-30.0, 100.0], "together with what is booked the price, once")
        self.dispatch(purchase)
        self.invoice(order)
        self.collect()
        self.assertEqual(self.profit(order), {"sales": 100.0})
        self.assertNotIn(("sales", "committed"), self.expected(order))
        self.assertTies()

    # --- currencies ---

    def test_a_bill_paid_at_another_rate(self):
        usd = self.dollars(d2020_01_01=1.25)
        order, purchase = self.shipped()
        bill = self.bill_in(purchase, usd, price=50.0, date=fields.Date.today() - timedelta(days=3))
        self.dollars(**{f"d{fields.Date.today():%Y_%m_%d}": 1.0})
        self.paid(bill, amount=bill.amount_total / 2)
        self.collect()
        self.assertEqual(self.profit(order), {"goods": -40.0, "fx": -5.95})
        self.paid(bill)
        self.collect()
        self.assertEqual(self.profit(order), {"goods": -40.0, "fx": -11.9})
        fx = self.entries(("kind_id.code", "=", "fx"))
        self.assertEqual((fx.supplier_id, set(fx.mapped("source"))), (self.rhein, {"exchange"}))
        self.assertTies()

    def test_an_invoice_of_two_orders_paid_at_another_rate(self):
        usd = self.dollars(d2020_01_01=1.0)
        first, _bought = self.shipped(1)
        second, _bought = self.shipped(3)
        invoice = (first | second)._create_invoices(final=True)
        invoice.write({"currency_id": usd.id, "invoice_date": fields.Date.today() - timedelta(days=2)})
        invoice.action_post()
        self.dollars(**{f"d{fields.Date.today():%Y_%m_%d}": 0.8})
        self.paid(invoice)
        self.collect()
        gain = self.reconciled(self.accounts["Rate gain"])
        self.assertEqual((gain["attributed"], gain["unattributed"]), (gain["ledger"], 0.0))
        self.assertAlmostEqual(self.profit(second)["fx"], 3 * self.profit(first)["fx"], 1)
        self.assertTies()

    def test_a_rate_entry_follows_its_order(self):
        usd = self.dollars(d2020_01_01=1.25)
        order, purchase = self.shipped()
        bill = self.bill_in(purchase, usd, price=50.0, date=fields.Date.today() - timedelta(days=3))
        self.dollars(**{f"d{fields.Date.today():%Y_%m_%d}": 1.0})
        self.paid(bill)
        self.collect()
        order.dropship_channel_id = self.second_channel
        self.collect()
        now = {}
        for entry in self.entries(("order_id", "=", order.id)):
            key = entry.kind_id.code, entry.channel_id
            now[key] = round(now.get(key, 0.0) + entry.amount, 2)
        self.assertEqual(now["fx", self.second_channel], -11.9)
        self.assertFalse({key for key, amount in now.items() if amount and key[1] != self.second_channel})
        self.env["account.partial.reconcile"].search([("exchange_move_id", "!=", False)]).unlink()
        self.env.flush_all()
        self.collect()
        self.assertNotIn("fx", self.profit(order), "what is taken apart again has no difference")
        self.assertTies()

    def test_a_currency_without_a_rate(self):
        """Core counts it one to one: the ledger says what the books say, and the estimate as well."""
        usd = self.currency("USD")
        self.assertFalse(usd.rate_ids.filtered(lambda rate: rate.company_id == self.company))
        usd.rate_ids.unlink()
        order, purchase = self.shipped()
        self.bill(purchase, price=45.0, currency=usd)
        self.collect()
        self.assertEqual(self.profit(order), {"goods": -45.0})
        self.assertTies()

    # --- what payments leave open ---

    def test_a_customer_pays_less_and_it_is_let_go(self):
        order, _purchase = self.shipped()
        invoice = self.invoice(order)
        self.paid(invoice, amount=117.0, payment_difference_handling="reconcile",
                  writeoff_account_id=self.accounts["Sales"].id)  # fmt: skip
        self.collect()
        self.assertEqual(self.profit(order), {"sales": 100.0, "discount": -2.0})
        self.assertTies()

    def test_a_supplier_is_paid_less(self):
        order, purchase = self.shipped()
        bill = self.bill(purchase)
        self.paid(bill, amount=46.6, payment_difference_handling="reconcile",
                  writeoff_account_id=self.accounts["Cost of goods"].id)  # fmt: skip
        self.collect()
        self.assertEqual(self.profit(order), {"goods": -40.0, "supplier_credit": 1.0})
        self.assertTies()

    def test_a_payment_reconciled_later_belongs_to_its_order_from_then_on(self):
        order, _purchase = self.shipped()
        invoice = self.invoice(order)
        entry = self.env["account.move"].create(
            {"move_type": "entry", "journal_id": self.company.account_stock_journal_id.id, "line_ids": [
                Command.create({"account_id": self.accounts["Customers"].id, "balance": -119.0,
                                "partner_id": self.anna.id}),
                Command.create({"account_id": self.accounts["Bank"].id, "balance": 114.0}),
                Command.create({"account_id": self.accounts["Cost of goods"].id, "balance": 5.0}),
            ]}
        )  # fmt: skip
        entry.action_post()
        self.collect()
        self.assertEqual(self.profit(order), {"sales": 100.0})
        owed = (invoice | entry).line_ids.filtered(lambda item: item.account_id == self.accounts["Customers"])
        owed.reconcile()
        self.collect()
        self.assertEqual(self.profit(order), {"sales": 100.0, "discount": -5.0})
        owed.remove_move_reconcile()
        self.collect()
        self.assertEqual(self.profit(order), {"sales": 100.0}, "and only as long as it is")
        self.assertTies()

    # --- after the close ---

    def test_a_bill_reversed_after_the_close(self):
        order, purchase = self.shipped()
        closed = fields.Date.today().replace(day=1) - timedelta(days=1)
        bill = self.bill(purchase, date=closed)
        self.collect()
        self.company.fiscalyear_lock_date = closed
        before = self.entries(("date", "<=", closed))
        note = self.credit(bill, date=fields.Date.today())
        self.collect()
        self.assertEqual(self.entries(("date", "<=", closed)), before)
        self.assertEqual(self.entries(("res_id", "=", note.id)).date, fields.Date.today())
        self.assertEqual(self.profit(order), {})
        self.assertTies(closed, fields.Date.today())

    def test_a_hand_in_the_accounts_is_named(self):
        bill = self.env["account.move"].create(
            {"move_type": "in_invoice", "partner_id": self.anna.id, "ref": "X", "invoice_date": fields.Date.today(),
             "invoice_line_ids": [self.line("Window", 12.0, "Cost of goods")]}
        )  # fmt: skip
        bill.action_post()
        self.collect()
        entry = self.entries(("side", "=", "unattributed"))
        self.assertEqual((entry.document, entry.amount, entry.source), (bill.name, -12.0, "books"))
        self.assertTies()
