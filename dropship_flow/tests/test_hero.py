from odoo.tests import tagged

from .common_flow import FlowCase


@tagged("post_install", "-at_install", "standard")
class TestHero(FlowCase):
    """The demo's figures, to the cent."""

    def _plan(self, order, **options):
        outcome = self.env["dropship.router"]._simulate(order, **options)[order]
        return outcome, outcome.plan

    def _only(self, order, choices):
        """The plan when each product is pinned to a supplier."""
        for line in order.order_line:
            supplier = self.suppliers[choices[line.product_id]]
            self.env["dropship.line.choice"]._choose(line, supplier, "pin", "what if")
        return self._plan(order)[1]

    def assertPlan(self, plan, landed, profit):
        self.assertEqual((f"{plan.landed:.2f}", f"{plan.profit:.2f}"), (landed, profit))

    def test_basket_figures(self):
        order = self.hero()
        self.assertEqual((order.amount_total, order.amount_untaxed), (52.7, 44.29))
        outcome, plan = self._plan(order)
        self.assertEqual(f"{plan.payment_fee:.2f}", "1.04")
        self.assertPlan(plan, "26.30", "16.95")
        self.assertEqual({parcel.source for parcel in plan.parcels}, {self.warehouses["Rhein"].id})
        self.assertLess(plan.days_p95, outcome.solution.alternative.days_p50)
        self.assertTrue(outcome.solution.proven)

    def test_without_duty_yiwu_wins(self):
        order = self.hero()
        plan = self._plan(order, ignore_duty=True)[1]
        self.assertPlan(plan, "20.90", "22.35")
        self.assertEqual({parcel.source for parcel in plan.parcels}, {self.warehouses["Yiwu"].id})

    def test_plain_odoo_by_list_order(self):
        plan = self._only(self.hero(), {self.lamp: "Dawn", self.stand: "Yiwu", self.cable: "Ningbo"})
        self.assertPlan(plan, "40.30", "2.95")

    def test_cheapest_line_by_line(self):
        plan = self._only(self.hero(), {self.lamp: "Dawn", self.stand: "Ningbo", self.cable: "Ningbo"})
        self.assertPlan(plan, "33.20", "10.05")

    def test_all_yiwu(self):
        plan = self._only(self.hero(), dict.fromkeys((self.lamp, self.stand, self.cable), "Yiwu"))
        self.assertPlan(plan, "29.90", "13.35")

    def test_confirming_buys_it(self):
        order = self.hero(confirm=True)
        self.assertEqual(self.bought(order), {"Rhein": [("Lamp", 1.0, 15.9), ("Stand", 1.0, 3.9), ("Cable", 1.0, 2.6)]})
        purchase = order.dropship_purchase_ids
        self.assertEqual(purchase.state, "purchase")
        self.assertEqual(purchase.dest_address_id, self.anna)
        self.assertEqual((purchase.dropship_freight, purchase.dropship_landed), (3.9, 26.3))
        self.assertEqual(order.dropship_stage, "to_ship")
        self.assertEqual(order.dropship_decision_id.profit, 16.95)
        self.assertEqual(set(order.order_line.mapped("dropship_tax_position")), {"domestic"})
        self.assertEqual(order.order_line.mapped("purchase_price"), [15.9, 3.9, 2.6])
        picking = purchase.picking_ids
        for move in picking.move_ids:
            move.picked = True
        picking.button_validate()
        self.assertEqual(set(order.dropship_allocation_ids.mapped("state")), {"shipped"})
        self.assertEqual(order.dropship_stage, "on_the_way")
        self.assertEqual(order.order_line.mapped("qty_delivered"), [1.0, 1.0, 1.0])
        self.assertEqual(order.order_line.mapped("purchase_price"), [15.9, 3.9, 2.6])
