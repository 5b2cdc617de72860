"""An order on its way from an estimate to what will not change any more."""

from datetime import timedelta

from odoo import fields
from odoo.addons.dropship_flow.tests.common_cod import PayCase
from odoo.tests import tagged

from .common_profit import ProfitCase


@tagged("post_install", "-at_install", "standard")
class TestProfitStage(PayCase, ProfitCase):
    def stands(self, order):
        self.collect()
        row = self.env["dropship.profit.stage"].search([("order_id", "=", order.id)])
        self.assertEqual(order.dropship_profit_stage, row.stage)
        return row.stage, row.waits

    def paid(self, move):
        self.env["account.payment.register"].with_context(active_model="account.move", active_ids=move.ids).create(
            {"payment_date": fields.Date.today()}
        )._create_payments()

    def test_from_the_plan_to_the_end(self):
        purchase = self.buy((self.chair, 1))
        order = purchase.dropship_sale_id
        self.assertEqual(self.stands(order), ("estimated", "invoice bill window"))
        purchase._dropship_accept()
        self.assertEqual(self.stands(order), ("committed", "invoice bill window"))
        self.dispatch(purchase)
        invoice = self.invoice(order)
        self.assertEqual(self.stands(order), ("committed", "bill payment window"))
        bill = self.bill(purchase)
        self.assertEqual(self.stands(order), ("billed", "payment window"))
        self.paid(invoice)
        self.paid(bill)
        self.assertEqual(self.stands(order), ("billed", "window"))
        order.dropship_return_until = fields.Date.today()
        self.assertEqual(self.stands(order), ("billed", "window"))
        self.assertEqual(self.expected(order)["supplier_freight", "committed"], -3.9)
        row = self.env["dropship.profit.stage"].search([("order_id", "=", order.id)])
        self.assertEqual(row.look_on, fields.Date.today() + timedelta(days=1))
        self.assertEqual(row.waits_text, "it can still be returned")
        self.tomorrow()
        self.assertEqual(self.stands(order), ("final", ""))
        self.assertEqual(self.expected(order), {}, "nobody waits for a freight that was never billed")
        self.assertEqual({line["stage"] for line in order._dropship_profit_statement()}, {"final"})
        lines = self.env["dropship.profit.line"].search([("order_id", "=", order.id)])
        self.assertEqual(set(lines.mapped("stage")), {"final"})
        since = row.final_on
        order.write({"note": "touched"})
        self.assertEqual(self.stands(order), ("final", ""))
        self.assertEqual(row.final_on, since)
        self.credit(bill)
        self.assertEqual(self.stands(order), ("billed", "payment"), "their money has still to come back")
        self.assertTies()

    def test_what_nobody_ships_can_be_returned_from_the_day_of_the_order(self):
        self.company.partner_id.tz = "Asia/Shanghai"
        order = self.make_sale(self.env["product.product"].create({"name": "Advice", "type": "service"}))
        order.action_confirm()
        order.date_order = "2026-03-01 20:00:00"  # the second of March there
        self.company.dropship_return_days = (fields.Date.today() - fields.Date.to_date("2026-03-02")).days + 3
        self.collect()
        row = self.env["dropship.profit.stage"].search([("order_id", "=", order.id)])
        self.assertEqual(row.look_on, fields.Date.today() + timedelta(days=4), "the day after the last")

    def test_entries_per_order(self):
        orders = self.env["sale.order"]
        for _number in range(3):
            purchase = self.sell(self.chair)
            self.dispatch(purchase)
            self.invoice(purchase.dropship_sale_id)
            orders |= purchase.dropship_sale_id
        self.bill(purchase)
        self.collect()
        average = self.env["dropship.profit.stage"]._entries_per_order(self.company)
        self.assertAlmostEqual(average, 4 / 3)

    def tomorrow(self):
        """As if it were the day after."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE sale_order SET dropship_return_until = dropship_return_until - 1"
                            " WHERE company_id = %s", [self.company.id])  # fmt: skip
        self.env.cr.execute("UPDATE dropship_profit_stage SET look_on = look_on - 1")
        self.env.invalidate_all()
