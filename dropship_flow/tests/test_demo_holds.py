from odoo.tests import TransactionCase, tagged

from .test_demo import DemoMixin


@tagged("post_install", "-at_install", "standard")
class TestDemoHolds(DemoMixin, TransactionCase):
    def test_a_morning_at_the_desk(self):
        """Every sort of stop the demo tells about, and the order that went on."""
        kinds = {
            "order_twice_first": [],
            "order_twice_second": ["duplicate"],
            "order_no_street": ["address"],
            "order_high_value": ["value"],
            "order_blocked": ["blocked"],
            "order_transfer": ["unpaid"],
        }
        orders = {name: self.record(name) for name in kinds}
        self.assertEqual({name: order.dropship_open_hold_ids.mapped("kind") for name, order in orders.items()}, kinds)
        self.assertEqual(orders["order_twice_first"].dropship_stage, "to_ship")
        self.assertFalse(self.env["purchase.order"].search([("dropship_sale_id", "in", [
            order.id for name, order in orders.items() if kinds[name]
        ])]))  # fmt: skip
        wizard = orders["order_twice_second"].dropship_open_hold_ids.action_compare()
        self.assertEqual(
            self.env["dropship.hold.duplicate"].browse(wizard["res_id"]).other_id, orders["order_twice_first"]
        )
