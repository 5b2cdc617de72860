from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common_flow import FlowCase


@tagged("post_install", "-at_install", "standard")
class TestShipTogether(FlowCase):
    """Two orders of one customer to one door, bought as one basket, kept as two purchases."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.automation = "draft"

    def two(self, **vals):
        """Anna's lamp, and her stand an hour later: confirmed, drafts only."""
        return self.make_sale(self.lamp, confirm=True, **vals), self.make_sale(self.stand, confirm=True)

    def living(self, orders):
        return orders.dropship_purchase_ids.filtered(lambda purchase: purchase.state != "cancel")

    def open_rows(self, orders):
        return orders.dropship_allocation_ids.filtered(lambda row: row.state != "released")

    def test_one_freight_for_both(self):
        lamp, stand = self.two()
        self.assertEqual(sum(self.open_rows(lamp | stand).mapped("freight")), 6.2 + 3.9)
        group = (lamp | stand)._dropship_ship_together()
        rows = self.open_rows(lamp | stand)
        self.assertEqual(rows.supplier_id, self.suppliers["Rhein"])
        self.assertAlmostEqual(sum(rows.mapped("freight")), 3.9)
        self.assertEqual(lamp.order_line.dropship_allocation_ids.filtered(lambda row: row in rows).freight, 3.13)
        self.assertAlmostEqual(sum(rows.mapped("landed")), 15.9 + 3.9 + 3.9)
        self.assertAlmostEqual(lamp.dropship_decision_id.landed + stand.dropship_decision_id.landed, 23.7)
        purchases = self.living(lamp | stand)
        self.assertEqual(len(purchases), 2)
        self.assertEqual(group.purchase_ids, purchases)
        self.assertEqual(purchases.mapped("dropship_group_id"), group)

    def test_the_joint_basket_chooses_other_suppliers_than_each_alone(self):
        """A parcel from China pays duty once for both, so that what is dear alone is cheap together."""
        self.duty.amount = 1.0
        orders = self.make_sale(self.stand, confirm=True) | self.make_sale(self.lamp, self.cable, confirm=True)
        before = sum(self.open_rows(orders).mapped("landed"))
        orders._dropship_ship_together()
        self.assertLess(sum(self.open_rows(orders).mapped("landed")), before - 3)
        self.assertEqual(len(self.open_rows(orders).warehouse_id), 1)

    def test_profit_and_fees_add_up(self):
        lamp, stand = self.two()
        revenue = lamp.amount_untaxed + stand.amount_untaxed
        (lamp | stand)._dropship_ship_together()
        decisions = lamp.dropship_decision_id | stand.dropship_decision_id
        self.assertAlmostEqual(sum(decisions.mapped("revenue")), revenue)
        for decision in decisions:
            self.assertAlmostEqual(decision.profit, decision.revenue - decision.payment_fee - decision.landed)

    def test_the_supplier_is_told_the_other_number_and_nothing_else(self):
        lamp, stand = self.two()
        group = (lamp | stand)._dropship_ship_together()
        mine, other = self.living(lamp), self.living(stand)
        self.assertEqual(mine.dropship_together, f"{other.name} ({group.name})")
        report = "purchase.report_purchase_quotation"
        html = self.env["ir.actions.report"]._render_qweb_html(report, mine.ids)[0].decode()
        self.assertIn(other.name, html)
        for secret in (lamp.name, stand.name):
            self.assertNotIn(secret, html)
        # Another supplier's purchase of the group is none of his business.
        self.env["dropship.line.choice"]._choose(stand.order_line, self.suppliers["Ningbo"], "pin", "test")
        (lamp | stand)._dropship_route_again()
        self.assertEqual(self.living(stand).partner_id.name, "Ningbo")
        self.assertFalse(self.living(lamp).dropship_together)

    def test_a_third_order_joins(self):
        lamp, stand = self.two()
        group = (lamp | stand)._dropship_ship_together()
        cable = self.make_sale(self.cable, confirm=True)
        self.assertEqual((cable | stand)._dropship_ship_together(), group)
        self.assertEqual(group.order_ids, lamp | stand | cable)
        self.assertAlmostEqual(sum(self.open_rows(lamp | stand | cable).mapped("freight")), 3.9)

    def test_taken_out_both_are_bought_alone(self):
        lamp, stand = self.two()
        group = (lamp | stand)._dropship_ship_together()
        stand.action_dropship_leave_group()
        self.assertFalse(group.exists())
        self.assertFalse((lamp | stand).dropship_group_id)
        self.assertEqual(self.open_rows(lamp | stand).mapped("freight"), [6.2, 3.9])
        self.assertEqual(len(self.living(lamp | stand)), 2)

    def test_the_group_goes_on_when_one_is_cancelled(self):
        lamp, stand = self.two()
        cable = self.make_sale(self.cable, confirm=True)
        group = (lamp | stand | cable)._dropship_ship_together()
        lamp._action_cancel()
        self.assertEqual(group.order_ids, stand | cable)
        self.assertFalse(self.open_rows(lamp))
        self.assertAlmostEqual(sum(self.open_rows(stand | cable).mapped("freight")), 3.9)
        stand._action_cancel()
        self.assertFalse(group.exists())
        self.assertEqual(self.open_rows(cable).mapped("freight"), [3.9])

    def test_what_is_sent_takes_over_the_share_of_who_leaves(self):
        lamp, stand = self.two()
        (lamp | stand)._dropship_ship_together()
        self.suppliers["Rhein"].answer_mode = "manual" if "manual" in self.modes() else self.modes()[0]
        self.living(stand)._dropship_submit()
        lamp._action_cancel()
        row = self.open_rows(stand)
        self.assertAlmostEqual(row.freight, 3.9)
        self.assertAlmostEqual(row.landed, row.goods + 3.9)

    def modes(self):
        return [mode for mode in dict(self.suppliers["Rhein"]._fields["answer_mode"].selection) if mode != "auto"]

    def test_one_waits_all_wait(self):
        self.policy.write({"automation": "buy", "auto_limit": 10.0})
        lamp, stand = self.make_sale(self.lamp), self.make_sale(self.stand)
        (lamp | stand).action_confirm()
        self.assertEqual((lamp.dropship_stage, stand.dropship_stage), ("held", "to_ship"))
        stand = self.make_sale((self.stand, 1.0))
        self.policy.automation = "ask"
        stand.action_confirm()
        self.policy.automation = "buy"
        (lamp | stand)._dropship_ship_together()
        self.assertEqual((lamp.dropship_stage, stand.dropship_stage), ("held", "held"))
        self.assertIn(lamp.name, stand.dropship_waiting)
        lamp.action_dropship_release()
        self.assertEqual((lamp.dropship_stage, stand.dropship_stage), ("to_ship", "to_ship"))
        self.assertFalse((lamp | stand).dropship_open_hold_ids)
        self.assertAlmostEqual(sum(self.open_rows(lamp | stand).mapped("freight")), 3.9)

    def test_another_hold_of_one_keeps_both(self):
        lamp, stand = self.two()
        self.env["dropship.hold"]._raise(stand, "together", [["together_wait", {"hours": 1}]])
        lamp.dropship_group_id = stand.dropship_group_id = self.env["dropship.ship.group"].create(
            {"company_id": self.company.id}
        )
        (lamp | stand)._dropship_route_again()
        self.assertFalse(self.open_rows(lamp | stand))
        self.assertIn(stand.name, lamp.dropship_waiting)
        stand.dropship_open_hold_ids._close("released")
        stand.order_line._dropship_source()
        self.assertEqual(len(self.living(lamp | stand)), 2)

    def test_what_cannot_travel_together(self):
        lamp, stand = self.two()
        other_door = self.make_partner("Anna Weber", "DE", is_company=False, street="Ring 9", zip="10115")
        stranger = self.make_partner("Bert", "DE", is_company=False, city="Berlin", zip="10115")
        sent = self.make_sale(self.cable, confirm=True)
        self.living(sent)._dropship_submit()
        eur = self.make_sale(self.cable)
        cases = {
            "at least two": lamp,
            "not yet": lamp | eur,
            "knows of": lamp | sent,
            "another customer or address": lamp | self.make_sale(self.cable, partner=stranger, confirm=True),
        }
        stand.partner_shipping_id = other_door
        for words, orders in (*cases.items(), ("another customer or address", lamp | stand)):
            with self.subTest(words), self.assertRaisesRegex(UserError, words), self.env.cr.savepoint():
                orders._dropship_ship_together()
        self.assertFalse(lamp.dropship_group_id)

    def test_the_same_person_under_two_contacts(self):
        """A guest who orders twice has two contacts: phone and address tell that it is she."""
        self.anna.phone = "030 901820"
        guest = self.make_partner(
            "A. Weber", "DE", is_company=False, street="LAGERSTR. 1", city="berlin", zip="10115", phone="+49 30 901820"
        )
        orders = self.make_sale(self.lamp, confirm=True) | self.make_sale(self.stand, partner=guest, confirm=True)
        self.assertTrue(orders._dropship_ship_together())

    def test_sent_orders_stay_in_their_group(self):
        lamp, stand = self.two()
        (lamp | stand)._dropship_ship_together()
        self.living(lamp)._dropship_submit()
        with self.assertRaisesRegex(UserError, "told already"):
            lamp.action_dropship_leave_group()

    # --- suggestions ---

    def test_a_second_order_within_the_window_is_suggested(self):
        self.company.dropship_together_hours = 4
        lamp, stand = self.two(date_order=fields.Datetime.now() - timedelta(hours=1))
        self.assertFalse(self.suggestions(lamp))
        self.assertEqual(stand.dropship_together_ids, lamp)
        self.assertIn(lamp.name, self.suggestions(stand).note)
        stand.action_dropship_join()
        self.assertEqual(lamp.dropship_group_id.order_ids, lamp | stand)
        self.assertFalse(stand.dropship_together_ids)
        self.assertFalse(self.suggestions(stand))

    def suggestions(self, order):
        kind = self.env.ref("dropship_flow.activity_together")
        return order.activity_ids.filtered(lambda activity: activity.activity_type_id == kind)

    def test_no_suggestion_when_off_or_too_late_or_sent(self):
        lamp, stand = self.two()
        self.assertFalse(stand.dropship_together_ids)
        self.company.dropship_together_hours = 4
        self.assertTrue(stand._dropship_find_together())
        lamp.date_order -= timedelta(hours=9)
        self.assertFalse(stand._dropship_find_together())
        lamp.date_order += timedelta(hours=9)
        self.living(lamp)._dropship_submit()
        self.assertFalse(stand._dropship_find_together())

    def test_waiting_for_more_when_the_shop_says_so(self):
        self.company.write({"dropship_together_hours": 2, "dropship_together_wait": True})
        self.policy.automation = "buy"
        lamp, stand = self.two()
        self.assertEqual((lamp | stand).dropship_open_hold_ids.mapped("kind"), ["together"] * 2)
        self.assertFalse(self.open_rows(lamp | stand))
        self.run_cron("cron_together")
        self.assertFalse(self.open_rows(lamp | stand))
        for hold in (lamp | stand).dropship_open_hold_ids:
            self.env.cr.execute(
                "UPDATE dropship_hold SET create_date = create_date - interval '3 hours' WHERE id = %s", [hold.id]
            )
        self.env.invalidate_all()
        self.run_cron("cron_together")
        self.assertFalse((lamp | stand).dropship_open_hold_ids)
        self.assertEqual(lamp.dropship_group_id.order_ids, lamp | stand)
        self.assertAlmostEqual(sum(self.open_rows(lamp | stand).mapped("freight")), 3.9)

    def test_released_by_a_person_it_does_not_wait_again(self):
        self.company.write({"dropship_together_hours": 2, "dropship_together_wait": True})
        lamp = self.make_sale(self.lamp, confirm=True)
        lamp.action_dropship_release()
        self.assertEqual(len(self.living(lamp)), 1)

    # --- rights ---

    def test_who_may(self):
        lamp, stand = self.two()
        desk = self.make_login("user")
        desk.group_ids |= self.env.ref("sales_team.group_sale_salesman_all_leads")
        employee = self.make_login("employee")
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            (lamp | stand).with_user(employee).action_dropship_ship_together()
        (lamp | stand).with_user(desk).action_dropship_ship_together()
        self.assertTrue(lamp.dropship_group_id)
        group = lamp.dropship_group_id.with_user(desk)
        self.assertEqual(set(group.read(["name", "order_ids"])[0]["order_ids"]), {stand.id, lamp.id})

    def test_orders_of_two_companies_never_share(self):
        lamp, _stand = self.two()
        other = self.make_company(currency_id=self.company.currency_id.id)
        theirs = self.env["sale.order"].create({"partner_id": self.anna.id, "company_id": other.id})
        with self.assertRaisesRegex(UserError, "one company"):
            (lamp | theirs)._dropship_ship_together()

    def test_nothing_left_of_one(self):
        """A group in which one order has nothing left to buy is routed without it."""
        lamp, stand = self.two()
        (lamp | stand)._dropship_ship_together()
        stand.order_line.product_uom_qty = 0
        lamp.order_line.write({"product_uom_qty": 2})
        lamp.order_line._dropship_source()
        self.assertEqual(sum(self.open_rows(lamp).mapped("qty")), 2)

    def test_settings_refuse_nonsense(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.company.dropship_together_hours = -1
            self.company.flush_recordset()

    def test_two_currencies_do_not_mix(self):
        lamp, stand = self.two()
        usd = self.currency("USD", rate=1.1)
        pricelist = self.env["product.pricelist"].create({"name": "USD", "currency_id": usd.id})
        dollar = self.make_sale(self.stand, confirm=True, pricelist_id=pricelist.id)
        with self.assertRaisesRegex(UserError, "one currency"):
            (lamp | dollar)._dropship_ship_together()
        self.assertFalse(stand.dropship_group_id)
