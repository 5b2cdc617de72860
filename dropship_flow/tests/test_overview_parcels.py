from datetime import timedelta

from odoo import Command, fields
from odoo.tests import new_test_user, tagged

from .common_shipment import ShipmentCase

SALES = "dropship_flow.group_dropship_user,sales_team.group_sale_salesman_all_leads"


class OldOrders(ShipmentCase):
    """Orders of last week: what a carrier said since cannot be older than they are."""

    def buy(self, *lines, **options):
        purchase = super().buy(*lines, **options)
        purchase.dropship_allocation_ids.submitted_at = fields.Datetime.now() - timedelta(days=7)
        return purchase

    def desk(self):
        return new_test_user(
            self.env, f"desk-{self.company.id}", groups=SALES, company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )  # fmt: skip



@tagged("post_install", "-at_install", "standard")
class TestOverviewParcels(OldOrders):
    """What is wrong with parcels, in the order of their way."""

    def cards(self, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        env = self.env(user=user or self.desk(), context={"allowed_company_ids": self.company.ids})
        return {card.key: card for card in env["dropship.overview"].browse(self.company.id).card_ids}

    def parcel(self, number, *scans):
        purchase = self.buy(self.lamp, accept=True)
        box = self.told(purchase, number, carrier="DHL")
        for code, hours in scans:
            self.scan(box, code, hours)
        return box

    def test_each_card_opens_its_parcels(self):
        silent = self.parcel("SILENT01")
        silent.clock_due = "2020-01-01"
        lost = self.parcel("LOST0001", ("picked_up", 60), ("lost", 2))
        back = self.parcel("BACK0001", ("picked_up", 60), ("returning", 2))
        box = self.parcel("TWICE001", ("picked_up", 60))
        self.env["dropship.exception"]._raise_parcel(box, "parcel_speaks_twice", [])
        moving = self.parcel("MOVES001", ("picked_up", 3))
        self.env.flush_all()
        self.run_cron("cron_parcel_clocks")
        cards = self.cards()
        wanted = {"parcels_no_scan": silent, "parcels_lost": lost, "parcels_back": back, "parcels_problem": box}
        for key, parcel in wanted.items():
            with self.subTest(key):
                action = cards[key].action_open()
                found = cards[key].env[action["res_model"]].search(action["domain"])
                self.assertEqual((found.shipment_id.ids, cards[key].count), (parcel.ids, 1))
        self.assertEqual(cards["exceptions"].count, 0, "parcels have cards of their own")
        self.assertEqual(cards["parcels_open"].count, 4)
        action = cards["parcels_open"].action_open()
        found = cards["parcels_open"].env["dropship.shipment"].search(action["domain"])
        self.assertEqual(set(found.ids), set((silent | back | box | moving).ids))
        self.assertEqual(cards["parcels_late"].count, 1)

    def test_who_reads_no_orders_sees_parcels(self):
        self.parcel("MOVES002", ("picked_up", 3))
        cards = self.cards(self.login("user"))
        self.assertEqual((cards["parcels_open"].count, cards["parcels_late"].count), (1, 0))
        self.assertNotIn("late", cards)

    def test_every_kind_of_parcel_exception_is_on_one_card(self):
        overview = self.env["dropship.overview"]
        kinds = overview._parcel_kinds()
        counted = []
        for card in overview._parcel_problem_cards(kinds):
            condition = [part for part in card["domain"].iter_conditions() if part.field_expr == "kind"]
            counted += condition[0].value
        self.assertEqual(sorted(counted), sorted(kinds))


@tagged("post_install", "-at_install", "standard")
class TestOnTheWay(OldOrders):
    """The order's sentence follows its parcels; its numbers find it."""

    def test_the_sentence_says_where_it_was_seen(self):
        purchase = self.buy(self.lamp, accept=True)
        order = purchase.dropship_sale_id
        box = self.told(purchase, "JJD0001", carrier="DHL")
        self.assertIn("With DHL under JJD0001, not scanned yet; expected by ", order.dropship_waiting)
        self.scan(box, "picked_up", 50, place="Duisburg")
        self.scan(box, "in_transit", 24, place="Leipzig")
        self.env.invalidate_all()
        self.assertIn("On the way with DHL – last seen Leipzig, yesterday; expected by ", order.dropship_waiting)
        self.scan(box, "out_for_delivery", 0)
        self.env.invalidate_all()
        self.assertEqual(order.dropship_waiting, "Out for delivery with DHL – last seen Leipzig, today.")

    def test_problems_are_said_in_words(self):
        purchase = self.buy(self.lamp, accept=True)
        order = purchase.dropship_sale_id
        box = self.told(purchase, "JJD0002", carrier="DHL")
        for hours, code, detail, words in (
            (40, "customs", "", "JJD0002 is in customs since "),
            (30, "attempt_failed", "absent", "JJD0002 could not be delivered, "),
            (20, "available_for_pickup", "", "JJD0002 waits for the customer to collect it since "),
            (10, "exception", "damaged", "JJD0002 has a problem since "),
            (5, "returning", "", "JJD0002 is coming back since "),
            (1, "lost", "", "The carrier declared JJD0002 lost."),
        ):
            self.scan(box, code, hours, detail=detail)
            self.env.invalidate_all()
            with self.subTest(code):
                self.assertIn(words, order.sudo()._dropship_shipped_text(order.dropship_allocation_ids))

    def test_of_several_boxes_the_worst_is_named(self):
        purchase = self.buy(self.lamp, self.stand, accept=True)
        order = purchase.dropship_sale_id
        lamp, stand = purchase.order_line
        there = self.told(purchase, "JJD0003", (lamp, 1), carrier="DHL")
        going = self.told(purchase, "JJD0004", (stand, 1), carrier="DHL")
        self.scan(there, "delivered", 3)
        self.scan(going, "customs", 3)
        self.env.invalidate_all()
        self.assertRegex(order.dropship_waiting, r"1 of 2 parcels are there\. JJD0004 is in customs since ")

    def test_a_list_of_orders_asks_for_places_once(self):
        orders = self.env["sale.order"]
        for number in range(6):
            purchase = self.buy(self.lamp, accept=True)
            box = self.told(purchase, f"LIST000{number}", carrier="DHL")
            self.scan(box, "in_transit", 5, place="Leipzig")
            orders |= purchase.dropship_sale_id
        self.env.flush_all()
        used = []
        for count in (3, 3, 6):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            orders[:count].mapped("dropship_waiting")
            used.append(self.env.cr.sql_log_count - before)
        self.assertEqual(used[1], used[2])

    def test_a_number_finds_the_order(self):
        self.suppliers["Rhein"].ship_trust = "scan"
        purchase = self.buy(self.lamp, accept=True)
        box = self.told(purchase, "ANNOUNCED77", carrier="DHL")
        self.assertEqual(box.state, "announced")
        orders = self.env["sale.order"].with_user(self.desk())
        for text in ("announced77", "NOUNCED77"):
            found = orders.search([("dropship_search", "ilike", text)])
            self.assertEqual(found.ids, purchase.dropship_sale_id.ids)
