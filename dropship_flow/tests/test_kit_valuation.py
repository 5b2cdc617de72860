from odoo import Command
from odoo.tests import tagged

from .common_books import BooksCase


@tagged("post_install", "-at_install", "standard")
class TestKitValuation(BooksCase):
    """A kit is sold in one piece and billed in parts: the parts are cost, the kit takes nothing from stock."""

    def make_set(self, valuation, storable):
        """A chair at 40.00 and two cushions at 40.00 each, sold as a set for 238.00."""
        chair, cushion = (self.make_chair(valuation, "standard", storable) for _part in range(2))
        kit = self.make_product(
            "Set",
            list_price=238.0,
            categ_id=chair.categ_id.id,
            taxes_id=[Command.set(self.vat_out.ids)],
        )
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "product_qty": 1.0,
                "bom_line_ids": [
                    Command.create({"product_id": chair.id, "product_qty": 1}),
                    Command.create({"product_id": cushion.id, "product_qty": 2}),
                ],
            }
        )
        return kit

    def test_a_kit_in_parts(self):
        for valuation in ("periodic", "real_time"):
            for storable in (True, False):
                with self.subTest(valuation=valuation, storable=storable):
                    since = self.balances()
                    purchase = self.sell(self.make_set(valuation, storable))
                    self.dispatch(purchase)
                    bill = self.bill(purchase, post=False)
                    for line in bill.invoice_line_ids:
                        line.quantity = line.purchase_line_id.product_qty
                    bill.action_post()
                    self.assertBooked(
                        bill,
                        """
                        Input tax     |  22.80 |
                        Suppliers     |        | 142.80
                        Cost of goods | 120.00 |
                        """,
                    )
                    self.assertBooked(
                        self.invoice(purchase.dropship_sale_id),
                        """
                        Customers     | 238.00 |
                        Output tax    |        |  38.00
                        Sales         |        | 200.00
                        """,
                    )
                    self.assertBalances(
                        since,
                        """
                        Customers     |  238.00
                        Input tax     |   22.80
                        Suppliers     | -142.80
                        Output tax    |  -38.00
                        Sales         | -200.00
                        Cost of goods |  120.00
                        """,
                    )
                    line = purchase.dropship_sale_id.order_line
                    self.assertEqual((line.purchase_price, line.margin), (120.0, 80.0))

    def test_parts_billed_before_they_left_wait(self):
        purchase = self.sell(self.make_set("real_time", storable=True))
        bill = self.bill(purchase, post=False)
        self.assertEqual(len(bill._dropship_valuation_blockers()), 2)
        self.dispatch(purchase)
        self.assertFalse(bill._dropship_valuation_blockers())
