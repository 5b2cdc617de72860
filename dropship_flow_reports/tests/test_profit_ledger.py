from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import RaiseException

from .common_profit import ProfitCase


@tagged("post_install", "-at_install", "standard")
class TestProfitLedger(ProfitCase):
    def sold(self, qty=1.0, **vals):
        """A chair sold, shipped and billed."""
        purchase = self.sell(self.chair, qty)
        order = purchase.dropship_allocation_ids.order_id
        order.write(vals)
        self.dispatch(purchase)
        return order, purchase

    # --- what documents say ---

    def test_an_order_invoiced_and_billed(self):
        order, purchase = self.sold()
        self.bill(purchase)
        self.invoice(order)
        self.assertTrue(self.collect())
        self.assertEqual(self.profit(order), {"sales": 100.0, "goods": -40.0})
        self.assertEqual(self.profit(order, "tax"), {"sales": 19.0})
        entries = self.entries(("order_id", "=", order.id))
        self.assertEqual(entries.supplier_id, self.rhein, "sales as well as costs count for who delivered")
        self.assertEqual(set(entries.mapped("stage")), {"billed"})
        self.assertTies()

    def test_collecting_twice_posts_nothing(self):
        order, purchase = self.sold()
        self.bill(purchase)
        self.invoice(order)
        self.collect()
        self.assertEqual(self.collect(), 0)
        order.write({"note": "touched"})
        self.assertEqual(self.collect(), 0)

    def test_a_discount_is_shown_and_the_item_stays_whole(self):
        order, _purchase = self.sold()
        order.order_line.discount = 12.5
        invoice = self.invoice(order)
        self.collect()
        self.assertEqual(self.profit(order), {"sales": 100.0, "discount": -12.5})
        item = invoice.invoice_line_ids
        self.assertEqual(sum(self.entries(("line_ref", "=", item.id)).mapped("amount")), -item.balance)

    def test_money_back(self):
        order, _purchase = self.sold()
        self.credit(self.invoice(order))
        self.collect()
        self.assertEqual(self.profit(order), {"sales": 100.0, "refund": -100.0})
        self.assertEqual(self.profit(order, "tax"), {"sales": 19.0, "refund": -19.0})

    def test_a_bill_taken_back(self):
        order, purchase = self.sold()
        bill = self.bill(purchase)
        self.collect()
        self.assertEqual(self.profit(order), {"goods": -40.0})
        self.credit(bill)
        self.collect()
        self.assertEqual(self.profit(order), {})
        self.assertEqual(len(self.entries(("order_id", "=", order.id))), 2)
        self.assertTies()

    def test_a_bill_reset_to_draft_and_corrected(self):
        order, purchase = self.sold()
        bill = self.bill(purchase)
        self.collect()
        bill.button_draft()
        self.collect()
        self.assertEqual(self.profit(order), {})
        bill.invoice_line_ids.price_unit = 41.0
        bill.action_post()
        self.collect()
        self.assertEqual(self.profit(order), {"goods": -41.0})
        self.assertTies()

    def test_a_deleted_bill_leaves_its_trace(self):
        order, purchase = self.sold()
        bill = self.bill(purchase)
        self.collect()
        bill.button_draft()
        bill.name = False
        bill.unlink()
        self.env.flush_all()
        self.collect()
        entries = self.entries(("order_id", "=", order.id))
        self.assertEqual(sorted(entries.mapped("amount")), [-40.0, 40.0])
        self.assertFalse(entries.move_line_id)
        self.assertTies()

    def test_freight_is_divided_to_the_cent(self):
        purchase = self.buy((self.chair, 1), (self.lamp, 1), (self.stand, 1), accept=True)
        order = purchase.dropship_allocation_ids.order_id
        self.dispatch(purchase)
        bill = self.bill(purchase, post=False)
        product = self.env["account.move.line"]._dropship_charge_product("freight")
        bill.write(
            {
                "invoice_line_ids": [
                    Command.create(
                        {"product_id": product.id, "quantity": 1, "price_unit": 10.0, "dropship_charge": "freight",
                         "dropship_purchase_id": purchase.id, "account_id": self.accounts["Cost of goods"].id,
                         "tax_ids": [Command.clear()]}
                    )
                ]
            }
        )  # fmt: skip
        bill.action_post()
        self.collect()
        freight = self.entries(("order_id", "=", order.id), ("kind_id.code", "=", "supplier_freight"))
        self.assertEqual(len(freight.order_line_id), 3)
        self.assertEqual(round(sum(freight.mapped("amount")), 2), -10.0)
        self.assertTies()

    def test_a_bill_in_another_currency(self):
        usd = self.currency("USD")
        self.env["res.currency.rate"].create(
            {"currency_id": usd.id, "company_id": self.company.id, "name": "2020-01-01", "rate": 1.25}
        )
        order, purchase = self.sold()
        self.bill(purchase, price=45.0, currency=usd)
        self.collect()
        entry = self.entries(("order_id", "=", order.id))
        self.assertEqual((entry.amount, entry.original_amount), (-36.0, -45.0))
        self.assertEqual(entry.original_currency_id, usd)
        self.assertAlmostEqual(entry.rate, 0.8)

    # --- periods ---

    def test_what_changes_after_the_close_goes_into_the_open_period(self):
        order, purchase = self.sold()
        closed = fields.Date.today().replace(day=1) - timedelta(days=1)
        first_open = closed + timedelta(days=1)
        self.bill(purchase, date=closed)
        self.collect()
        before = self.entries(("date", "<=", closed))
        self.company.fiscalyear_lock_date = closed
        order.dropship_channel_id = self.second_channel
        self.collect()
        self.assertEqual(self.entries(("date", "<=", closed)), before, "the closed month is as it was reported")
        moved = self.entries(("book_date", "=", closed)) - before
        self.assertEqual(sorted(moved.mapped("amount")), [-40.0, 40.0])
        self.assertEqual(set(moved.mapped("date")), {first_open})
        self.assertEqual(moved.filtered(lambda entry: entry.amount < 0).channel_id, self.second_channel)
        self.assertTies(closed, first_open)

    def test_a_late_bill_counts_in_the_open_period(self):
        order, purchase = self.sold()
        closed = fields.Date.today().replace(day=1) - timedelta(days=1)
        self.company.fiscalyear_lock_date = closed
        bill = self.bill(purchase, date=closed)
        self.collect()
        self.assertGreater(bill.date, closed)
        self.assertEqual(self.entries(("order_id", "=", order.id)).date, bill.date)
        self.assertTies(closed, bill.date)

    # --- the books ---

    def test_what_is_posted_by_hand_is_named(self):
        move = self.typed(self.accounts["Sales"], 7.0)
        self.collect()
        row = self.reconciled(self.accounts["Sales"])
        self.assertEqual((row["attributed"], row["unattributed"], row["ledger"]), (0.0, 7.0, 7.0))
        entry = self.entries(("side", "=", "unattributed"))
        self.assertEqual((entry.document, entry.res_id, entry.source), (move.name, move.id, "books"))
        self.assertTies()

    def test_accounts_out_of_scope_and_overhead(self):
        order, purchase = self.sold()
        self.bill(purchase)
        rent = self.make_account("Rent", "630000", "expense")
        self.typed(rent, -9.0)
        self.collect()
        self.assertEqual(self.reconciled(rent)["overhead"], -9.0)
        goods = self.env["dropship.profit.account"].search(
            [("account_id", "=", self.accounts["Cost of goods"].id), ("company_id", "=", self.company.id)]
        )
        self.assertEqual((goods.scope, goods.kind_id.code), ("order", "goods"))
        goods.scope = "out"
        self.collect()
        self.assertEqual(self.profit(order), {})
        self.assertEqual(self.reconciled(self.accounts["Cost of goods"])["out_of_scope"], -40.0)
        self.assertTies()

    def test_an_account_may_say_what_everything_on_it_is(self):
        order, purchase = self.sold()
        self.bill(purchase)
        self.collect()
        row = self.env["dropship.profit.account"].search([("account_id", "=", self.accounts["Cost of goods"].id)])
        row.write({"kind_id": self.env.ref("dropship_flow_reports.profit_kind_duty").id, "always": True})
        self.collect()
        self.assertEqual(self.profit(order), {"duty": -40.0})

    def test_before_anything_is_collected_all_is_unexplained(self):
        order, _purchase = self.sold()
        self.invoice(order)
        self.assertEqual(self.reconciled(self.accounts["Sales"])["unexplained"], 100.0)

    def test_companies_are_apart(self):
        order, _purchase = self.sold()
        self.invoice(order)
        ours = self.company
        self.addCleanup(setattr, type(self), "env", type(self).env)
        other = self.euro_company("Other GmbH")
        self.collect(ours)
        self.assertEqual(self.collect(other), 0)
        self.assertTrue(self.entries(company=ours))
        self.assertFalse(self.entries(company=other))

    # --- editions ---

    def test_entries_are_only_added(self):
        order, _purchase = self.sold()
        self.invoice(order)
        self.collect()
        entry = self.entries()[:1]
        for query in (
            "UPDATE dropship_profit_entry SET amount = 0 WHERE id = %s",
            "DELETE FROM dropship_profit_entry WHERE id = %s",
            "UPDATE dropship_profit_entry SET move_line_id = NULL, amount = 0 WHERE id = %s",
        ):
            with self.assertRaises(RaiseException), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self.env.cr.execute(query, [entry.id])

    def test_a_rebuild_says_the_same_and_switches(self):
        order, purchase = self.sold()
        self.bill(purchase)
        self.invoice(order)
        self.collect()
        order.dropship_channel_id = self.second_channel
        self.collect()
        before, old = self.profit(order), self.env["dropship.profit.generation"]._live(self.company)
        new = self.env["dropship.profit.generation"]._rebuild(self.company)
        self.env.invalidate_all()
        self.assertEqual((old.state, new.state, new.number), ("old", "live", old.number + 1))
        self.assertEqual(self.profit(order), before)
        self.assertEqual(self.collect(), 0)
        self.env["dropship.profit.generation"]._rebuild(self.company)
        self.env["dropship.profit.generation"]._rebuild(self.company)
        self.assertFalse(old.exists(), "only the last replaced edition is kept")

    def test_kinds_stay(self):
        with self.assertRaises(UserError):
            self.env.ref("dropship_flow_reports.profit_kind_sales").unlink()

    # --- before documents ---

    def test_estimates_become_facts(self):
        purchase = self.sell(self.chair)
        order = purchase.dropship_allocation_ids.order_id
        self.collect()
        said = self.expected(order)
        self.assertEqual(said["sales", "committed"], 100.0)
        self.assertEqual(said["goods", "committed"], -40.0)
        self.assertEqual(said["supplier_freight", "committed"], -3.9)
        whole = sum(said.values())
        self.assertAlmostEqual(sum(row["amount"] for row in order._dropship_profit_statement()), whole)
        self.dispatch(purchase)
        self.invoice(order)
        self.bill(purchase)
        self.collect()
        self.assertEqual(set(self.expected(order)), set(said) - {("sales", "committed"), ("goods", "committed")})
        statement = order._dropship_profit_statement()
        self.assertAlmostEqual(sum(row["amount"] for row in statement), whole)
        self.assertEqual([row["kind"] for row in statement[:2]], ["sales", "goods"])
        self.assertTrue(all(row["document"] and row["res_id"] for row in statement))
        self.assertAlmostEqual(order.dropship_profit, whole)

    def test_a_planned_purchase_is_an_estimate(self):
        purchase = self.buy((self.chair, 2))
        order = purchase.dropship_allocation_ids.order_id
        self.collect()
        self.assertEqual(self.expected(order)["goods", "estimated"], -80.0)
        purchase._dropship_accept()
        self.collect()
        self.assertNotIn(("goods", "estimated"), self.expected(order))
        self.assertEqual(self.expected(order)["goods", "committed"], -80.0)
