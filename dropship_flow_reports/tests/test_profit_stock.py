"""Goods of our own shelf, goods valued with every document, kits."""

from odoo import Command, fields
from odoo.tests import tagged

from .common_profit import ProfitCase


@tagged("post_install", "-at_install", "standard")
class TestProfitStock(ProfitCase):
    def on_the_shelf(self, product, qty, cost):
        """Goods that came into our own stock at a cost."""
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1)
        product.standard_price = cost
        self.env["stock.quant"]._update_available_quantity(product, warehouse.lot_stock_id, qty)

    def sold_from_shelf(self, product, qty=1.0):
        order = self.make_sale((product, qty), confirm=True)
        picking = order.picking_ids
        picking.move_ids.quantity = qty
        picking.move_ids.picked = True
        picking._action_done()
        return order

    def test_our_own_goods_cost_what_they_are_worth(self):
        chair = self.make_product(
            "Stool", list_price=59.5, is_storable=True, categ_id=self.make_category("real_time", "average").id,
            taxes_id=[Command.set(self.vat_out.ids)], route_ids=[],
        )  # fmt: skip
        self.on_the_shelf(chair, 5, 12.0)
        order = self.sold_from_shelf(chair, 2)
        invoice = self.invoice(order)
        self.collect()
        self.assertEqual(self.profit(order), {"sales": 100.0, "own_stock": -24.0})
        cost = self.entries(("order_id", "=", order.id), ("kind_id.code", "=", "own_stock"))
        self.assertEqual((cost.order_line_id, cost.supplier_id, cost.stage), (order.order_line, cost.supplier_id, "final"))
        self.credit(invoice)
        self.collect()
        self.assertEqual(self.profit(order)["refund"], -100.0)
        self.assertTies()

    def test_dropshipped_goods_however_they_are_valued(self):
        for valuation in ("periodic", "real_time"):
            for method in ("standard", "average", "fifo"):
                with self.subTest(valuation=valuation, method=method):
                    chair = self.make_chair(valuation, method, True)
                    purchase = self.sell(chair)
                    order = purchase.dropship_sale_id
                    self.dispatch(purchase)
                    self.invoice(order)
                    self.bill(purchase, price=41.0)
                    self.collect()
                    self.assertEqual(self.profit(order), {"sales": 100.0, "goods": -41.0})
        self.assertTies()

    def test_what_comes_back_into_our_stock_is_worth_something(self):
        chair = self.make_chair("real_time", "fifo", True)
        purchase = self.sell(chair)
        order = purchase.dropship_sale_id
        self.dispatch(purchase)
        invoice = self.invoice(order)
        self.bill(purchase)
        self.send_back(purchase, to="us")
        self.credit(invoice)
        self.collect()
        self.assertEqual(self.profit(order), {"sales": 100.0, "refund": -100.0, "goods": -40.0, "own_stock": 40.0})
        self.assertTies()

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
        self.assertTies(fields.Date.today())
