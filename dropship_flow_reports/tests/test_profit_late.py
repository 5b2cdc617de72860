from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common_profit import ProfitCase


@tagged("post_install", "-at_install", "standard")
class TestProfitLate(ProfitCase):
    """What comes after a month was reported: a closed month stays as it was, the difference shows in the open one.

    Of a month nobody closed, what comes late is told where it belongs: its own day.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()
        cls.closed = cls.today.replace(day=1) - timedelta(days=1)

    def sold_last_month(self, close=True):
        """An order invoiced at 100.00 and billed at 40.00 last month, collected; then the month is closed."""
        purchase = self.sell(self.chair)
        order = purchase.dropship_allocation_ids.order_id
        self.dispatch(purchase)
        invoice = order.with_context(default_invoice_date=self.closed)._create_invoices(final=True)
        invoice.action_post()
        bill = self.bill(purchase, date=self.closed, post=False)
        bill.date = self.closed
        bill.action_post()
        self.collect()
        self.said = self.month(self.closed)
        self.assertEqual(self.said["profit"], 60.0)
        if close:
            self.company.fiscalyear_lock_date = self.closed
        return order, invoice, bill

    def month(self, day):
        """What a month says: its entries, and its profit."""
        first = day.replace(day=1)
        entries = self.entries(("date", ">=", first), ("date", "<", first + timedelta(days=32)))
        entries = entries.filtered(lambda entry: entry.date.month == day.month)
        return {"ids": sorted(entries.ids), "profit": round(sum(entries.mapped("amount")), 2)}

    def assertClosed(self):
        """The month that was reported is as it was, entry by entry; both months tie to the books."""
        self.assertEqual(self.month(self.closed), self.said)
        self.assertTies(self.closed, self.today)

    def test_a_cost_that_comes_next_month(self):
        purchase = self.sell(self.chair)
        order = purchase.dropship_allocation_ids.order_id
        self.dispatch(purchase)
        order.with_context(default_invoice_date=self.closed)._create_invoices(final=True).action_post()
        self.collect()
        self.assertEqual(self.month(self.closed)["profit"], 100.0)
        self.bill(purchase, date=self.today)
        self.collect()
        self.assertEqual(self.month(self.closed)["profit"], 100.0, "nobody closed it, but the bill is of this month")
        self.assertEqual(self.month(self.today)["profit"], -40.0)
        self.assertEqual(self.profit(order), {"sales": 100.0, "goods": -40.0})

    def test_a_bill_reversed_after_the_close(self):
        order, _invoice, bill = self.sold_last_month()
        self.credit(bill)
        self.collect()
        self.assertClosed()
        self.assertEqual(self.month(self.today)["profit"], 40.0, "the difference shows where it was booked")
        self.assertEqual(self.profit(order), {"sales": 100.0})

    def test_an_order_cancelled_after_the_close(self):
        order, invoice, bill = self.sold_last_month()
        self.credit(invoice)
        self.credit(bill)
        order._action_cancel()
        self.collect()
        self.assertClosed()
        self.assertEqual(self.month(self.today)["profit"], -60.0)
        self.assertEqual(self.profit(order), {"sales": 100.0, "refund": -100.0})
        self.assertEqual(self.expected(order), {}, "nothing is to come of it")

    def test_an_order_wanted_again(self):
        purchase = self.sell(self.chair)
        order = purchase.dropship_allocation_ids.order_id
        self.collect()
        self.assertEqual(self.expected(order)["sales", "committed"], 100.0)
        order._action_cancel()
        self.collect()
        self.assertEqual(self.expected(order), {})
        self.company.fiscalyear_lock_date = self.closed
        order.action_draft()
        for line in order.order_line:
            self.env["dropship.line.choice"]._choose(line, self.rhein, "pin", "test")
        order.action_confirm()
        self.collect()
        self.assertEqual(self.expected(order)["sales", "committed"], 100.0)
        again = order.dropship_purchase_ids.filtered(lambda bought: bought.state != "cancel")
        again._dropship_accept()
        self.dispatch(again)
        self.invoice(order)
        self.bill(again)
        self.collect()
        self.assertEqual(self.profit(order), {"sales": 100.0, "goods": -40.0})
        self.assertTies(self.closed, self.today)

    def test_a_closed_month_opened_and_written_anew(self):
        """A correction stands in the open month until the ledger is written anew: then it is on its own day."""
        order, _invoice, _bill = self.sold_last_month()
        goods = self.env["dropship.profit.account"].search(
            [("account_id", "=", self.accounts["Cost of goods"].id), ("company_id", "=", self.company.id)]
        )
        goods.write({"kind_id": self.env.ref("dropship_flow_reports.profit_kind_duty").id, "always": True})
        self.collect()
        self.assertClosed()
        self.assertEqual(self.profit(order), {"sales": 100.0, "duty": -40.0})
        self.assertEqual(self.month(self.today)["profit"], 0.0, "one kind less, another more")
        self.assertEqual(len(self.month(self.today)["ids"]), 2)
        self.company.fiscalyear_lock_date = False
        self.assertEqual(self.collect(), 0, "opening a month changes nothing by itself")
        self.env["dropship.profit.generation"]._rebuild(self.company)
        self.env.invalidate_all()
        self.assertEqual(self.month(self.today)["ids"], [])
        self.assertEqual(self.profit(order), {"sales": 100.0, "duty": -40.0})
        self.assertTies(self.closed, self.today)
