from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..trackers.said import Found, Said
from .common_flow import FlowCase


class ParcelCase(FlowCase):
    """An order with a parcel on its way from China."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for supplier in cls.suppliers.values():
            supplier.answer_mode = "manual"
        cls.now = fields.Datetime.now()

    def parcel(self, number="LP00123456", supplier="Dawn", qty=1):
        order = self.make_sale((self.lamp, qty))
        if supplier:
            self.env["dropship.line.choice"]._choose(order.order_line, self.suppliers[supplier], "pin", "test")
        order.action_confirm()
        order.dropship_allocation_ids.submitted_at = self.now - timedelta(days=15)
        order.dropship_purchase_ids._dropship_take_parcels([{"number": number, "carrier": "Cainiao"}])
        return order.dropship_shipment_ids

    def said(self, code, hours, **more):
        return Said(self.now - timedelta(hours=hours), code, **more)

    def clocks(self):
        """One round of the clocks, inside this test's transaction."""
        self.patch(type(self.env["dropship.shipment"]), "_commit_clock", lambda _shipments: None)
        self.env["dropship.shipment"]._cron_clocks()

    def exceptions(self, shipment, state="open"):
        found = self.env["dropship.exception"].search([("shipment_id", "=", shipment.id), ("state", "=", state)])
        return found.sorted("id")

    def over(self, shipment):
        shipment.clock_due = self.now - timedelta(minutes=1)
        self.clocks()


@tagged("post_install", "-at_install", "standard")
class TestParcelClocks(ParcelCase):
    """Each state has its clock; when it is over somebody has to look, once."""

    def test_the_clock_follows_the_parcel(self):
        shipment = self.parcel()
        self.assertEqual(shipment.clock, "first_scan")
        self.assertTrue(shipment.clock_due)
        shipment._add_events([self.said("picked_up", 30)])
        self.assertEqual(shipment.clock, "movement")
        self.assertEqual(shipment.clock_due, self.now - timedelta(hours=30) + timedelta(hours=240))
        shipment._add_events([self.said("customs", 20)])
        self.assertEqual(shipment.clock, "customs")
        shipment._add_events([self.said("delivered", 1)])
        self.assertFalse(shipment.clock or shipment.clock_due)

    def test_a_label_without_a_parcel(self):
        shipment = self.parcel()
        self.over(shipment)
        exception = self.exceptions(shipment)
        self.assertEqual(exception.kind, "parcel_first_scan")
        self.assertIn("action_false_dispatch", exception.verbs)
        self.assertIn("the supplier", exception.description)
        self.clocks()
        self.assertEqual(self.exceptions(shipment), exception)
        facts = self.env["dropship.supplier.fact"].search([("purchase_id", "=", shipment.purchase_ids.id)])
        self.assertIn("no_tracking", facts.mapped("kind"))
        shipment._add_events([self.said("picked_up", 1)])
        self.assertEqual(exception.state, "solved")

    def test_standing_still_and_going_on(self):
        shipment = self.parcel()
        shipment._add_events([self.said("in_transit", 300)])
        self.clocks()
        exception = self.exceptions(shipment)
        self.assertEqual(exception.kind, "parcel_movement")
        shipment._add_events([self.said("in_transit", 2, place="Leipzig")])
        self.assertEqual(exception.state, "solved")
        self.assertGreater(shipment.clock_due, self.now)

    def test_first_rule_that_fits(self):
        rules = self.env["dropship.parcel.sla"]
        china = self.env.ref("base.cn")
        rules.create({"sequence": 1, "clock": "movement", "hours": 10, "from_country_ids": china.ids, "way": "home"})
        wanted = rules.create({"sequence": 2, "clock": "movement", "hours": 20, "carrier_code": "cainiao"})
        rules.create({"sequence": 3, "clock": "movement", "hours": 30})
        shipment = self.parcel()
        shipment._add_events([self.said("in_transit", 5)])
        self.assertEqual(shipment.clock_rule_id, wanted)
        self.assertEqual(shipment.clock_due, self.now - timedelta(hours=5) + timedelta(hours=20))

    def test_another_company_s_rule_does_not_count(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.env["dropship.parcel.sla"].create({"sequence": 1, "clock": "movement", "hours": 1, "company_id": other.id})
        shipment = self.parcel()
        shipment._add_events([self.said("in_transit", 5)])
        self.assertGreater(shipment.clock_due, self.now)

    def test_the_platform_counts_from_the_order(self):
        shipment = self.parcel()
        shipment.order_id.dropship_channel_id = self.channel
        self.channel.first_scan_hours = 2
        shipment._set_clocks()
        self.assertEqual(shipment.clock_due, shipment.order_id.date_order + timedelta(hours=2))

    def test_played_orders_call_nobody(self):
        shipment = self.parcel()
        shipment.order_id.dropship_is_simulated = True
        self.over(shipment)
        self.assertFalse(self.exceptions(shipment))


@tagged("post_install", "-at_install", "standard")
class TestParcelEvents(ParcelCase):
    """Refused, lost, impossible: shown at once, with the verbs that solve it."""

    def test_refused_comes_back_and_is_confirmed_with_a_photo(self):
        shipment = self.parcel()
        shipment._add_events([self.said("in_transit", 50), self.said("returning", 10, detail="refused")])
        self.assertEqual(self.exceptions(shipment).kind, "parcel_refused")
        back = shipment.back_ids
        self.assertEqual((back.reason, back.place, back.state), ("refused", "supplier", "expected"))
        self.assertAlmostEqual(back.freight_out, sum(shipment.purchase_ids.dropship_allocation_ids.mapped("freight")))
        with self.assertRaises(UserError):
            back.action_arrived()
        back.condition = "good"
        back.photo_ids = self.env["ir.attachment"].create({"name": "photo.jpg", "raw": b"x"})
        back.action_arrived()
        self.assertEqual(back.state, "arrived")
        self.assertFalse(self.exceptions(shipment))

    def test_nobody_confirms(self):
        shipment = self.parcel()
        shipment._add_events([self.said("returning", 10, detail="unclaimed")])
        shipment.back_ids.confirm_by = fields.Date.subtract(fields.Date.today(), days=1)
        self.env["dropship.parcel.back"]._cron_missing()
        self.assertEqual(shipment.back_ids.state, "missing")
        self.assertIn("parcel_back_missing", self.exceptions(shipment).mapped("kind"))

    def test_delivered_after_all(self):
        shipment = self.parcel()
        shipment._add_events([self.said("returning", 30)])
        shipment._add_events([self.said("delivered", 2)])
        self.assertEqual(shipment.back_ids.state, "cancelled")

    def test_lost_is_sent_again_once_and_claimed(self):
        shipment = self.parcel(qty=2)
        shipment._add_events([self.said("in_transit", 50), self.said("lost", 5)])
        exception = self.exceptions(shipment)
        self.assertEqual(exception.kind, "parcel_lost")
        exception.action_resend_parcel()
        order = shipment.replacement_ids
        self.assertEqual(len(order), 1)
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.order_line.mapped(lambda line: (line.product_id, line.product_uom_qty)),
                         [(self.lamp, 2.0)])  # fmt: skip
        self.assertEqual(order.amount_total, 0.0)
        self.assertTrue(order.dropship_purchase_ids, "it is bought by itself")
        shipment.action_resend()
        self.assertEqual(shipment.replacement_ids, order)
        self.assertEqual(exception.state, "solved")
        shipment.action_claim_loss()
        shipment.action_claim_loss()
        claim = shipment.claim_ids
        self.assertEqual((len(claim), claim.party, claim.kind), (1, "carrier", "loss"))
        self.assertAlmostEqual(claim.amount, 18.4)
        self.env["res.lang"]._activate_lang("zh_CN")
        self.assertEqual(claim.name, f"{shipment.number} · CLM-{claim.id}")
        self.assertEqual(claim.with_context(lang="en_US").display_name, f"{shipment.number}: Parcel lost")
        self.assertEqual(claim.with_context(lang="zh_CN").display_name, f"{shipment.number}: 包裹丢失")
        claim.action_file()
        claim.action_accept()
        self.assertEqual(claim.amount_granted, claim.amount)
        claim.action_paid()
        with self.assertRaises(UserError):
            claim.action_refuse()

    def test_what_never_left_is_bought_elsewhere(self):
        shipment = self.parcel(supplier=None)
        self.over(shipment)
        self.exceptions(shipment).action_false_dispatch()
        self.assertEqual(shipment.state, "reverted")
        order = shipment.order_id
        rows = order.dropship_allocation_ids
        self.assertEqual(rows.filtered(lambda row: row.supplier_id.name == "Dawn").release_reason, "false")
        living = rows.filtered(lambda row: row.state != "released")
        self.assertNotIn("Dawn", living.supplier_id.mapped("name"))
        self.assertEqual(sum(living.mapped("qty")), 1.0)
        self.assertFalse(self.exceptions(shipment))
        self.assertFalse(shipment.clock)
        shipment.action_false_dispatch()
        self.assertEqual(order.dropship_allocation_ids, rows)

    def test_somebody_else_s_parcel(self):
        shipment = self.parcel()
        shipment._add_events([self.said("picked_up", 24 * 20), self.said("in_transit", 24 * 18)])
        exception = self.exceptions(shipment).filtered(lambda one: one.kind == "parcel_unlikely")
        self.assertIn("before the supplier was asked", exception.description)
        other = self.parcel("LP00999999")
        other._add_events([self.said("in_transit", 1)])
        self.assertFalse(self.exceptions(other))
        other._take_facts(Found(other.number, destination="us"))
        self.assertIn("US", self.exceptions(other).description)

    def test_delivered_is_not_replaced(self):
        shipment = self.parcel()
        shipment._add_events([self.said("delivered", 1)])
        with self.assertRaises(UserError):
            shipment.action_resend()

    def test_chase_sleeps_until_there_can_be_an_answer(self):
        shipment = self.parcel()
        shipment._add_events([self.said("in_transit", 300)])
        self.clocks()
        exception = self.exceptions(shipment)
        action = exception.action_chase()
        act = self.env["dropship.parcel.act"].browse(action["res_id"])
        self.assertIn("LP00123456", act.text)
        act.action_apply()
        self.assertTrue(exception.is_snoozed)
        self.assertEqual(shipment.chased, 1)
        message = shipment.purchase_ids.message_ids[0]
        self.assertIn("LP00123456", message.body)
        self.assertNotIn(self.anna.name, message.body)

    def test_stop_and_bring_back(self):
        shipment = self.parcel()
        shipment._add_events([self.said("in_transit", 10)])
        act = self.env["dropship.parcel.act"].browse(shipment.action_intercept()["res_id"])
        act.action_apply()
        exception = self.exceptions(shipment)
        self.assertEqual(exception.kind, "parcel_stop")
        exception.action_stopped()
        self.assertEqual(shipment.intercept, "stopped")
        self.assertEqual(shipment.back_ids.reason, "intercepted")
        self.assertEqual(exception.state, "solved")

    def test_take_it_elsewhere(self):
        shipment = self.parcel()
        act = self.env["dropship.parcel.act"].browse(shipment.action_intercept()["res_id"])
        act.what = "redirect"
        with self.assertRaises(UserError):
            act.action_apply()
        act.address_id = self.make_partner("Neighbour", "DE", city="Potsdam", zip="14467")
        self.assertIn("Potsdam", act.text)
        act.action_apply()
        self.exceptions(shipment).action_stopped()
        self.assertEqual(shipment.partner_id.name, "Neighbour")

    def test_only_the_desk_acts(self):
        shipment = self.parcel()
        groups = "sales_team.group_sale_salesman"
        user = new_test_user(
            self.env, "seller", groups=groups, company_id=self.company.id, company_ids=self.company.ids
        )
        salesman = shipment.with_user(user)
        for verb in ("action_false_dispatch", "action_claim_loss"):
            with self.assertRaises(AccessError):
                getattr(salesman, verb)()
