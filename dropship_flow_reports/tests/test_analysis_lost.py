from odoo import Command
from odoo.tests import tagged

from ..models.analysis.reasons import sentence
from .common_analysis import AnalysisCase


@tagged("post_install", "-at_install", "standard")
class TestAnalysisLost(AnalysisCase):
    """What an order was expected to bring, what it brought, and why it lost money.

    The shop pays 1.4 % and 0.30 for being paid: 1.97 of the 119.00 of a chair.
    """

    def lost(self):
        return self.env["dropship.profit.order"].search([("company_id", "=", self.company.id), ("profit", "<", 0)])

    def plain(self, text):
        """Without the marks that keep a minus beside its figure."""
        return text.replace("\ufeff", "").replace("\xa0", " ")

    # --- from estimate to actual ---

    def test_what_was_expected_stays_when_all_is_billed(self):
        order, purchase = self.sold(2)
        self.collect()
        self.assertEqual(self.drift(order)["goods"], (-80.0, 0.0, -80.0, 0.0))
        self.bill(purchase, qty=2, price=45.0)
        self.invoice(order)
        self.collect()
        said = self.drift(order)
        self.assertEqual(said["sales"], (200.0, 200.0, 0.0, 0.0))
        self.assertEqual(said["goods"], (-80.0, -90.0, 0.0, -10.0))
        self.assertEqual(said["supplier_freight"], (-3.9, 0.0, -3.9, 0.0))
        self.assertEqual(self.row(order).drift, -10.0)

    def test_the_price_of_the_purchase_changes_later(self):
        order, purchase = self.sold()
        self.collect()
        purchase.order_line.price_unit = 47.0
        self.collect()
        self.assertEqual(self.drift(order)["goods"], (-40.0, 0.0, -47.0, -7.0))

    def test_a_line_more_is_expected_too(self):
        order, _purchase = self.sold()
        self.collect()
        order.write({"order_line": [Command.create({"product_id": self.chair.id, "product_uom_qty": 1.0})]})
        self.collect()
        rows = self.env["dropship.profit.drift"].search([("order_id", "=", order.id), ("kind_id.code", "=", "sales")])
        self.assertEqual(rows.mapped("expected"), [100.0, 100.0])
        self.assertEqual(rows.mapped("drift"), [0.0, 0.0])

    def test_collecting_again_changes_nothing(self):
        order, purchase = self.sold()
        self.bill(purchase, price=50.0)
        self.collect()
        before = self.drift(order)
        order.note = "touched"
        self.collect()
        self.env["dropship.profit.generation"]._rebuild(self.company)
        self.env.invalidate_all()
        self.assertEqual(self.drift(order), before)

    # --- why ---

    def test_a_good_order_is_not_among_them(self):
        order, purchase = self.sold()
        self.invoice(order)
        self.bill(purchase)
        self.collect()
        self.assertEqual((self.row(order).profit, self.row(order).reason), (54.13, False))
        self.assertFalse(self.row(order).why)
        self.assertFalse(self.lost())

    def test_goods_that_became_dearer(self):
        order, purchase = self.sold()
        self.invoice(order)
        self.collect()
        self.bill(purchase, price=130.0)
        self.collect()
        row = self.lost()
        self.assertEqual((row.order_id, row.reason, row.kind_id.code), (order, "goods", "goods"))
        self.assertEqual(row.profit, -35.87)
        self.assertEqual(self.plain(row.why), "Supplier's Goods cost 130.00 € instead of 40.00 €.")

    def test_money_given_back(self):
        order, purchase = self.sold()
        self.bill(purchase)
        self.credit(self.invoice(order))
        self.collect()
        row = self.lost()
        self.assertEqual((row.reason, self.plain(row.why)), ("refund", "Given back: 100.00 € (Refunds)."))

    def test_sold_below_cost(self):
        order = self.make_sale((self.chair, 1, 35.7))
        order.order_line.tax_ids = self.vat_out
        self.env["dropship.line.choice"]._choose(order.order_line, self.rhein, "pin", "test")
        order.action_confirm()
        self.collect()
        row = self.row(order)
        self.assertEqual((row.reason, row.kind_id.id), ("start", False))
        self.assertIn("-14.70 €", self.plain(row.why))

    def test_freight_nobody_expected(self):
        order, purchase = self.sold()
        self.invoice(order)
        self.collect()
        bill = self.bill(purchase, post=False)
        charge = self.env["account.move.line"]._dropship_charge_product("freight")
        line = {
            "product_id": charge.id, "price_unit": 90.0, "dropship_charge": "freight",
            "dropship_purchase_id": purchase.id, "account_id": self.accounts["Cost of goods"].id,
            "tax_ids": [Command.clear()],
        }  # fmt: skip
        bill.invoice_line_ids = [Command.create(line)]
        bill.action_post()
        self.collect()
        row = self.lost()
        self.assertEqual((row.order_id, row.reason), (order, "freight"))
        self.assertEqual(self.plain(row.why), "Supplier's Freight cost 90.00 € instead of 3.90 €.")

    def test_a_discount_on_the_invoice(self):
        order, _purchase = self.sold()
        self.collect()
        invoice = order._create_invoices(final=True)
        invoice.invoice_line_ids.discount = 70.0
        invoice.action_post()
        self.collect()
        row = self.lost()
        self.assertEqual((row.reason, self.plain(row.why)), ("discount", "Not expected: Discounts of 70.00 €."))

    def test_the_cause_goes_when_the_loss_goes(self):
        order, purchase = self.sold()
        self.invoice(order)
        self.collect()
        bill = self.bill(purchase, price=130.0)
        self.collect()
        self.assertEqual(self.row(order).reason, "goods")
        self.credit(bill)
        self.collect()
        self.assertEqual((self.row(order).reason, self.row(order).kind_id.id), (False, False))

    def test_from_the_list_to_order_statement_and_drift(self):
        order, purchase = self.sold()
        self.bill(purchase, price=200.0)
        self.collect()
        row = self.lost()
        self.assertEqual(row.action_open_order()["res_id"], order.id)
        self.assertEqual(row.action_statement()["domain"], [("order_id", "=", order.id)])
        found = self.env["dropship.profit.drift"].search(row.action_drift()["domain"])
        self.assertEqual(found.order_id, order)
        self.assertEqual(found[:1].action_open_order()["res_id"], order.id)

    def test_the_cause_is_said_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        env = self.env(context={**self.env.context, "lang": "zh_CN"})
        money = dict.fromkeys(("came", "expected", "planned", "more"), "1.00")
        for reason, was_expected in (
            ("start", True), ("sales", True), ("refund", False), ("goods", True), ("other", False), ("other", True)
        ):  # fmt: skip
            with self.subTest(reason=reason, was_expected=was_expected):
                self.assertNotRegex(sentence(env, reason, "", was_expected, money), "[A-Za-z]")
