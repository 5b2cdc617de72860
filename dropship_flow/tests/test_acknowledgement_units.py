from odoo import Command
from odoo.tests import tagged

from .test_acknowledgement import AnswerCase


@tagged("post_install", "-at_install", "standard")
class TestAcknowledgementUnits(AnswerCase):
    """Answers count in the supplier's units and speak his currency; ours follow."""

    def test_a_sku_that_holds_a_dozen(self):
        dozen = self.make_product("Bulb", list_price=9.0, weight=0.1, taxes_id=False)
        self.make_offer(self.warehouses["Rhein"], dozen, 24.0, factor=12.0, sku="BULB-12")
        order, purchase = self.buy((dozen, 36.0))
        payload = self.env["dropship.connector"]._line_payload(purchase.order_line)
        self.assertEqual((payload["qty"], payload["price"]), (3.0, 24.0))
        self.answer(purchase, "changed", {"sku": "BULB-12", "accepted": 2, "rejected": 1, "price": 25.2})
        kept = order.dropship_allocation_ids.filtered(lambda row: row.state == "accepted")
        self.assertEqual(kept.buy_qty, 24.0)
        self.assertAlmostEqual(kept.purchase_price, 2.1, 6)
        self.assertAlmostEqual(purchase.amount_untaxed, 50.4, 2)
        self.assertAlmostEqual(order.dropship_drift, 2.4, 2)

    def test_the_surplus_of_a_pack_goes_first(self):
        self.policy.allow_overbuy = True
        pack = self.make_product("Clip", list_price=9.0, weight=0.1, taxes_id=False)
        self.make_offer(self.warehouses["Rhein"], pack, 2.0, pack=6.0)
        order, purchase = self.buy((pack, 4.0))
        self.assertEqual(purchase.order_line.product_qty, 6.0)
        self.answer(purchase, "changed", {"line": self.key(purchase, pack), "accepted": 5, "rejected": 1})
        rows = order.dropship_allocation_ids
        self.assertEqual(
            sorted((row.state, row.qty, row.buy_qty) for row in rows), [("accepted", 4.0, 5.0), ("released", 0.0, 1.0)]
        )
        self.assertFalse(order.dropship_open_hold_ids)
        self.check_whole(order)

    def test_two_lines_of_one_product(self):
        order = self.make_sale((self.lamp, 2.0), (self.lamp, 3.0), confirm=True)
        purchase = order.dropship_purchase_ids
        self.assertEqual(len(purchase.order_line), 2)
        sku = self.offers["Rhein", self.lamp].sku
        self.answer(purchase, "changed", {"sku": sku, "accepted": 4, "rejected": 1})
        self.assertEqual(sorted(purchase.order_line.mapped("product_qty")), [2.0, 2.0])
        self.check_whole(order)

    def test_a_price_in_the_currency_of_the_purchase(self):
        usd = self.currency("USD", rate=2.0)
        self.offers["Rhein", self.lamp].write({"currency_id": usd.id, "price": 20.0})
        order, purchase = self.buy((self.lamp, 3.0))
        self.assertEqual(purchase.currency_id, usd)
        goods = order.dropship_allocation_ids.goods
        self.answer(purchase, "accepted", {"line": self.key(purchase, self.lamp), "price": 21.0}, currency="usd")
        row = order.dropship_allocation_ids
        self.assertEqual(row.purchase_price, 21.0)
        self.assertAlmostEqual(row.goods, round(goods * 21 / 20, 2), 2)
        self.assertAlmostEqual(order.dropship_drift, row.goods - goods, 2)

    def test_a_line_ordered_in_another_unit(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self.make_sale((self.lamp, 1.0))
        order.order_line.product_uom_id = dozen
        order.order_line.price_unit = 400.0
        order.action_confirm()
        purchase = order.dropship_purchase_ids
        self.answer(purchase, "changed", {"line": self.key(purchase, self.lamp), "accepted": 7, "rejected": 5})
        kept = order.dropship_allocation_ids.filtered(lambda row: row.state == "accepted")
        self.assertEqual(kept.qty, 7.0)
        self.assertEqual(sum(row._covered() for row in order.dropship_allocation_ids), 12.0)

    def test_prices_that_include_tax(self):
        included = self.tax.copy({"name": "19 % incl.", "type_tax_use": "purchase"})
        _order, purchase = self.buy((self.lamp, 2.0))
        purchase.order_line.tax_ids = [Command.set(included.ids)]
        self.answer(purchase, "accepted", {"line": self.key(purchase, self.lamp), "price": 16.2})
        self.assertAlmostEqual(purchase.order_line.price_subtotal, 32.4, 2)

    def test_own_stock_is_left_alone(self):
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1)
        self.stand.write({"is_storable": True, "standard_price": 1.0})
        self.env["stock.quant"]._update_available_quantity(self.stand, warehouse.lot_stock_id, 5.0)
        self.policy.write({"own_stock": True, "own_warehouse_ids": warehouse.ids})
        order, purchase = self.buy(self.lamp, self.stand)
        own = order.dropship_allocation_ids.filtered("stock_warehouse_id")
        self.assertEqual(own.product_id, self.stand)
        self.answer(purchase, "rejected")
        self.assertEqual((own.state, own.ack_state), ("accepted", False))
        self.check_whole(order)

    def test_an_answer_stays_in_its_company(self):
        _order, purchase = self.buy(self.lamp)
        other = self.env["res.company"].create({"name": "Other"})
        connection = self.connection.copy({"name": "Other", "company_id": other.id})
        message = self.env["dropship.exchange"]._receive(connection, {"ref": purchase.name, "status": "rejected"})
        message._process()
        self.assertEqual((message.state, purchase.state), ("parked", "sent"))
