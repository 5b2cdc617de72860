from odoo import Command
from odoo.tests import tagged

from .common_profit import ProfitCase


@tagged("post_install", "-at_install", "standard")
class TestKitProfit(ProfitCase):
    def test_a_kit_is_sold_in_one_piece_and_billed_in_parts(self):
        chair, cushion = (self.make_chair("real_time", "standard", True) for _part in range(2))
        kit = self.make_product("Set", list_price=238.0, categ_id=chair.categ_id.id,
                                taxes_id=[Command.set(self.vat_out.ids)])  # fmt: skip
        self.env["mrp.bom"].create(
            {"product_tmpl_id": kit.product_tmpl_id.id, "type": "phantom", "product_qty": 1.0, "bom_line_ids": [
                Command.create({"product_id": chair.id, "product_qty": 1}),
                Command.create({"product_id": cushion.id, "product_qty": 2})]}
        )  # fmt: skip
        purchase = self.sell(kit)
        order = purchase.dropship_sale_id
        self.collect()
        self.assertEqual(self.expected(order)["sales", "committed"], 200.0)
        goods = self.env["dropship.profit.estimate"].search(
            [("order_id", "=", order.id), ("kind_id.code", "=", "goods")]
        )
        self.assertEqual(sum(goods.mapped("amount")), -120.0)
        self.dispatch(purchase)
        bill = self.bill(purchase, post=False)
        for line in bill.invoice_line_ids:
            line.quantity = line.purchase_line_id.product_qty
        bill.action_post()
        self.invoice(order)
        self.collect()
        self.assertEqual(self.profit(order), {"sales": 200.0, "goods": -120.0})
        facts = self.entries(("order_id", "=", order.id))
        self.assertEqual(facts.order_line_id, order.order_line, "all on the line of the kit")
        self.assertEqual(facts.product_id, kit)
        self.assertTies()
