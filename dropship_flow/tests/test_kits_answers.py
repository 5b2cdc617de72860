from odoo import Command
from odoo.tests import tagged

from .test_acknowledgement import AnswerCase


@tagged("post_install", "-at_install", "standard")
class TestKitsAnswers(AnswerCase):
    """The parts of a kit are answered one by one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.left = cls.make_product("Left Part", list_price=30.0, weight=0.3, taxes_id=False)
        cls.right = cls.make_product("Right Part", list_price=10.0, weight=0.2, taxes_id=False)
        cls.kit = cls.make_product("Kit", list_price=60.0, taxes_id=False)
        parts = [
            Command.create({"product_id": part.id, "product_qty": quantity})
            for part, quantity in ((cls.left, 1), (cls.right, 2))
        ]
        cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": cls.kit.product_tmpl_id.id,
                "type": "phantom",
                "product_qty": 1.0,
                "bom_line_ids": parts,
            }
        )
        for part in (cls.left, cls.right):
            cls.make_offer(cls.warehouses["Rhein"], part, 3.0)
            cls.make_offer(cls.warehouses["Dawn"], part, 9.0)

    def test_a_part_is_missing(self):
        order, purchase = self.buy((self.kit, 3.0))
        said = {"line": self.key(purchase, self.right), "accepted": 4, "rejected": 2}
        self.answer(purchase, "accepted", said)
        rows = order.dropship_allocation_ids
        right = rows.filtered(lambda row: row.product_id == self.right)
        self.assertEqual(sum(row._covered() for row in right), 6.0)
        self.assertEqual(len(set(right.mapped("component"))), 1)
        self.assertEqual(sum(row._covered() for row in rows.filtered(lambda row: row.product_id == self.left)), 3.0)
        self.assertEqual(purchase.state, "purchase")
        self.assertEqual(self.bought(order)["Dawn"], [("Right Part", 2.0, 9.0)])
