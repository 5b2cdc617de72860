from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import ConcurrencyError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_case import CaseCase
from .common_claims import ClaimFactories


@tagged("post_install", "-at_install", "standard")
class TestClaimsOfParcels(ClaimFactories, CaseCase):
    """Lost, damaged and invented parcels, and what breaks an agreement, claim by themselves."""

    def on_the_way(self, qty=2, number="00340999", scanned=True):
        purchase = self.buy((self.lamp, qty), accept=True)
        purchase._dropship_take_parcels([{"number": number, "carrier": "DHL"}])
        box = self.box(number)
        if scanned:
            self.scan(box, "picked_up", hours=50)
        return box

    def penalties(self, *kinds, **vals):
        rule = {"pays": "nothing", "penalty_percent": 10, "penalty_low": 2, **vals}
        return self.make_terms((kinds, rule))

    def test_a_lost_parcel_is_claimed_from_the_carrier_at_once(self):
        box = self.on_the_way()
        self.scan(box, "lost", hours=1)
        claim = box.claim_ids
        self.assertEqual((claim.party, claim.kind, claim.state, claim.amount), ("carrier", "loss", "draft", 31.8))
        self.assertEqual((claim.line_ids.qty, claim.line_ids.product_id), (2, self.lamp))
        self.assertEqual(claim.deadline, box._claim_until(), "where terms say nothing, as carriers do")
        self.scan(box, "lost", hours=0.5)
        box.action_claim_loss()
        self.assertEqual(len(box.claim_ids), 1)

    def test_what_was_found_again_is_not_claimed(self):
        box = self.on_the_way()
        self.scan(box, "lost", hours=10)
        claim = box.claim_ids
        self.scan(box, "delivered", hours=1)
        self.assertEqual(claim.state, "cancelled")
        other = self.on_the_way(number="00340888")
        self.scan(other, "lost", hours=10)
        other.claim_ids.action_file()
        self.scan(other, "delivered", hours=1)
        self.assertEqual(other.claim_ids.state, "filed")
        self.assertIn("delivered after all", other.claim_ids.activity_ids.summary)

    def test_two_workers_raise_one_claim(self):
        self.penalties("late_upload")
        purchase = self.buy((self.lamp, 1), accept=True)
        self.assertTrue(purchase._raise_offence("late_upload"))
        self.assertEqual(len(purchase._raise_offence("late_upload")), 1)
        claims = type(self.env["dropship.claim"])
        unseen = patch.object(claims, "_known", lambda claim, *_args: claim.browse())
        with unseen, mute_logger("odoo.sql_db"), self.assertRaises(ConcurrencyError), self.cr.savepoint():
            purchase._raise_offence("late_upload")
        self.assertEqual(self.env["dropship.claim"].search_count([("purchase_id", "=", purchase.id)]), 1)

    def test_a_carrier_pays_no_more_than_his_limit(self):
        self.make_terms((("loss",), {}), party="carrier", carrier_code="dhl", per_parcel=25, window_base="shipped",
                        window_days=10)  # fmt: skip
        box = self.on_the_way()
        self.scan(box, "lost", hours=1)
        claim = box.claim_ids
        self.assertEqual(claim.amount, 25)
        self.assertIn("25.00 at most", claim.notes_text.replace("€", "").replace("\xa0", " ").replace("  ", " "))
        self.assertEqual(claim.deadline, self.day_there(box.dispatched_at) + timedelta(days=10))

    def test_what_the_carrier_broke(self):
        box = self.on_the_way()
        self.scan(box, "exception", hours=1, detail="damaged")
        self.assertEqual((box.claim_ids.kind, box.claim_ids.party), ("damage", "carrier"))

    def test_nobody_pays_where_there_are_no_terms(self):
        self.env["dropship.claim.terms"].search([("party", "=", "carrier")]).active = False
        box = self.on_the_way()
        self.scan(box, "lost", hours=1)
        self.assertFalse(box.claim_ids)

    def test_the_customer_s_case_about_a_lost_parcel_claims_it_once(self):
        box = self.on_the_way()
        self.scan(box, "lost", hours=1)
        claim = box.claim_ids
        case = self.open_case((box.order_id.order_line, 2, "lost"))
        case._record("accept", "agent", offer=self.offer(case, "nothing"))
        self.assertEqual(case.case_claim_ids, claim)
        self.assertEqual(self.env["dropship.claim"].search_count([("order_id", "=", box.order_id.id)]), 1)

    def test_a_parcel_that_never_left_costs_a_penalty(self):
        self.penalties("false")
        box = self.on_the_way(scanned=False)
        purchase = box.purchase_ids
        box.action_false_dispatch()
        claim = self.env["dropship.claim"].search([("purchase_id", "=", purchase.id)])
        self.assertEqual((claim.kind, claim.party, claim.amount, claim.penalty), ("false", "supplier", 3.18, 3.18))
        box.action_false_dispatch()
        self.assertEqual(self.env["dropship.claim"].search_count([("purchase_id", "=", purchase.id)]), 1)

    def test_offences_cost_only_where_the_terms_name_them(self):
        purchase = self.buy((self.lamp, 1), accept=True)
        offence = self.env["dropship.offence"].create({"purchase_id": purchase.id, "kind": "leaflet"})
        self.assertFalse(offence.claim_id)
        self.penalties("leaflet", penalty_percent=0, penalty_low=0, penalty_fixed=20)
        purchase = self.buy((self.lamp, 1), accept=True)
        offence = self.env["dropship.offence"].create({"purchase_id": purchase.id, "kind": "leaflet"})
        self.assertEqual((offence.penalty, offence.claim_id.kind, offence.claim_id.state), (20, "leaflet", "draft"))

    def test_who_ships_late_pays(self):
        self.penalties("late_upload")
        purchase = self.buy((self.lamp, 1), accept=True)
        purchase.dropship_allocation_ids.ship_by = fields.Datetime.now() - timedelta(hours=2)
        self.run_cron("cron_watch")
        claim = self.env["dropship.claim"].search([("purchase_id", "=", purchase.id)])
        self.assertEqual((claim.kind, claim.amount), ("late_upload", 2))

    def test_who_accepts_and_then_refuses_pays(self):
        self.penalties("never_shipped")
        purchase = self.buy((self.lamp, 1), accept=True)
        purchase._dropship_refuse("out of stock")
        claim = self.env["dropship.claim"].search([("purchase_id", "=", purchase.id)])
        self.assertEqual((claim.kind, claim.amount), ("never_shipped", 2))

    def test_who_lets_parcels_stand_pays(self):
        self.penalties("no_movement")
        box = self.on_the_way()
        self.assertEqual(box.clock, "movement")
        box.sudo()._clock_ran_out()
        claim = self.env["dropship.claim"].search([("purchase_id", "in", box.purchase_ids.ids)])
        self.assertEqual((claim.kind, claim.amount), ("no_movement", 3.18))

    def test_a_month_has_a_limit(self):
        terms = self.penalties("leaflet", penalty_percent=0, penalty_low=0, penalty_fixed=20)
        terms.per_month = 30
        amounts = []
        for _number in range(3):
            purchase = self.buy((self.lamp, 1), accept=True)
            offence = self.env["dropship.offence"].create({"purchase_id": purchase.id, "kind": "leaflet"})
            amounts.append(offence.penalty)
            if offence.claim_id.amount:
                offence.claim_id.action_file()
        self.assertEqual(amounts, [20, 10, 0])

    def test_most_particular_terms_count(self):
        general = self.env.ref("dropship_flow_aftersales.claim_terms_supplier")
        find = self.env["dropship.claim.terms"]._find
        self.assertEqual(find("supplier", self.company, self.rhein), general)
        mine = self.make_terms(supplier_id=False)
        self.assertEqual(find("supplier", self.company, self.rhein), mine)
        rhein = self.make_terms()
        self.assertEqual(find("supplier", self.company, self.rhein), rhein)
        self.assertEqual(find("supplier", self.company, self.suppliers["Dawn"]), mine)

    def test_the_overview_counts_what_is_due(self):
        box = self.on_the_way()
        self.scan(box, "lost", hours=1)
        box.claim_ids.deadline = self.today() + timedelta(days=2)
        buyer = self.login("buyer")
        cards = {card["key"]: card for card in self.env["dropship.overview"].with_user(buyer)._cards()}
        due = self.env["dropship.claim"].with_user(buyer).search(cards["claims_due"]["domain"])
        self.assertIn(box.claim_ids, due)
        self.assertIn("31.80", self.env["dropship.overview"]._hint_claims([("id", "=", box.claim_ids.id)]))

    def test_tags_of_products_are_excluded(self):
        self.lamp.product_tag_ids = [Command.create({"name": "Fragile"})]
        self.make_terms((("loss", "damage"), {}), party="carrier", carrier_code="dhl", excluded="fragile+damage")
        box = self.on_the_way()
        self.scan(box, "exception", hours=2, detail="damaged")
        self.assertIn("exclude", box.claim_ids.notes_text)
        self.scan(box, "lost", hours=1)
        self.assertEqual(box.claim_ids.filtered(lambda claim: claim.kind == "loss").amount, 31.8)
