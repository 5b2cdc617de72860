from odoo import Command
from odoo.tests import tagged

from .common_goods import GoodsCase


@tagged("post_install", "-at_install", "standard")
class TestGoodsKits(GoodsCase):
    """A kit is sold in one piece and comes back in its parts."""

    def test_one_of_two_kits_comes_back(self):
        chair, cushion = (self.make_chair("real_time", "fifo") for _part in range(2))
        kit = self.make_product("Set", list_price=238.0, categ_id=chair.categ_id.id)
        parts = [
            Command.create({"product_id": part.id, "product_qty": qty}) for part, qty in ((chair, 1), (cushion, 2))
        ]
        self.env["mrp.bom"].create(
            {"product_tmpl_id": kit.product_tmpl_id.id, "type": "phantom", "product_qty": 1.0, "bom_line_ids": parts}
        )
        purchase = self.buy((kit, 2), accept=True)
        self.dispatch(purchase)
        order = purchase.dropship_sale_id
        self.assertEqual(order.order_line.qty_delivered, 2.0)
        parcel = self.sent(self.agreed(order))
        self.count(parcel, 1, by="supplier")
        received = {line.product_id: line.qty_received for line in purchase.order_line}
        self.assertEqual(received, {chair: 1.0, cushion: 2.0})
        self.assertEqual(order.order_line.qty_delivered, 1.0)
        mine = self.sent(self.agreed(order, to="us"))
        self.look(mine, ("as_new", 1))
        self.assertEqual((self.lies(chair, self.shelf), self.lies(cushion, self.shelf)), (1.0, 2.0))
        self.assertEqual(order.order_line.qty_delivered, 0.0)
