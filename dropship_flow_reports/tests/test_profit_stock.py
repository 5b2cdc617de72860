"""Goods of our own shelf, goods valued with every document."""

from odoo import Command
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
        self.assertEqual(
            (cost.order_line_id, cost.supplier_id, cost.stage),
            (order.order_line, self.env["dropship.supplier"], "final"),
        )
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
