from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import CheckViolation

from .common_flow import FlowCase


class AvailabilityCase(FlowCase):
    """Lamp and its sources: Dawn, Yiwu and Rhein have 100 each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hour_ago = fields.Datetime.now() - timedelta(hours=1)
        for offer in cls.offers.values():
            offer.as_of = cls.hour_ago

    def close(self, supplier, first, last, **vals):
        values = {"name": "Holiday", "date_from": self.today(first), "date_to": self.today(last)}
        return self.env["dropship.supplier.closure"].create({**values, "supplier_id": supplier.id, **vals})

    def tell(self, *products):
        """What customers are told after supply moved; every product of the hero world when none is named."""
        self.env["dropship.supply.change"].flush_model()
        self.env["dropship.supply"]._follow()
        self.env.invalidate_all()
        return self.stock_of(*products)

    def stock_of(self, product=None, company=None):
        product = product or self.lamp
        return self.env["dropship.availability"]._of(product, company or self.company).get(product.id)

    def only(self, name="Rhein", product=None):
        """Leave one source of a product."""
        product = product or self.lamp
        offer = self.offers[name, product]
        (product.dropship_offer_ids - offer).active = False
        return offer

    def rows(self, products):
        rows = self.env["dropship.availability"].search([("product_id", "in", products.ids)], order="product_id, id")
        names = ("product_id", "company_id", "quantity", "unlimited", "state", "ship_days", "ready_on", "closed_until")
        return [tuple(row[name] for name in names) for row in rows]

    def today(self, days=0):
        return fields.Date.add(fields.Date.today(), days=days)


@tagged("post_install", "-at_install", "standard")
class TestAvailability(AvailabilityCase):
    # --- the sum ---

    def test_all_sources_together(self):
        stock = self.tell()
        self.assertEqual((stock.state, stock.quantity), ("in_stock", 300))
        self.assertEqual((stock.unlimited, stock.orderable), (False, True))

    def test_nothing_is_said_of_what_nobody_offers(self):
        self.tell()
        self.assertIsNone(self.stock_of(self.make_product("Own")))

    def test_promised_since_the_figure_was_given(self):
        offer = self.only()
        self.make_sale((self.lamp, 4), confirm=True)
        self.assertEqual(self.tell().quantity, 96)
        offer.write({"stock": 96, "as_of": fields.Datetime.now() + timedelta(seconds=5)})
        self.assertEqual(self.tell().quantity, 96)

    def test_given_back_when_the_order_is_cancelled(self):
        self.only()
        self.policy.automation = "draft"
        order = self.make_sale((self.lamp, 4), confirm=True)
        self.assertEqual(self.tell().quantity, 96)
        order._action_cancel()
        self.assertEqual(self.tell().quantity, 100)

    def test_units_and_packs(self):
        offer = self.only()
        offer.write({"stock": 10, "factor": 12})
        self.assertEqual(self.tell().quantity, 120)
        offer.write({"pack": 4})  # boxes of twelve, four at a time
        self.assertEqual(self.tell().quantity, 96)
        offer.write({"moq": 9})
        self.assertEqual(self.tell().state, "none")
        offer.write({"moq": 8, "stock": 8.5})
        self.assertEqual(self.tell().quantity, 96)

    def test_part_of_a_pack_is_promised_to_nobody(self):
        offer = self.only()
        offer.write({"stock": 30, "pack": 12})
        self.assertEqual(self.tell().quantity, 24)

    # --- safety stock ---

    def test_safety_stock_of_company_supplier_and_channel(self):
        offer = self.only()
        self.company.write({"dropship_buffer_units": 5, "dropship_buffer_percent": 2.5})
        self.assertEqual(self.tell().quantity, 95)
        self.company.dropship_buffer_percent = 12.1
        self.assertEqual(self.tell().quantity, 87, "Rounded against the promise")
        offer.supplier_id.write({"buffer_own": True, "buffer_units": 1, "buffer_percent": 0})
        self.assertEqual(self.tell().quantity, 99)
        self.channel.write({"buffer_units": 10, "buffer_percent": 5})
        kept = self.env["dropship.availability"]._of(self.lamp, self.company, self.channel)[self.lamp.id]
        self.assertEqual(kept.quantity, 89)
        self.channel.buffer_units = 200
        kept = self.env["dropship.availability"]._of(self.lamp, self.company, self.channel)[self.lamp.id]
        self.assertEqual((kept.quantity, kept.state, kept.orderable), (0, "none", False))

    def test_safety_stock_counts_per_source(self):
        self.company.dropship_buffer_units = 60
        for name in ("Dawn", "Yiwu"):
            self.offers[name, self.lamp].stock = 50
        self.assertEqual(self.tell().quantity, 40)

    # --- words ---

    def test_few(self):
        offer = self.only()
        offer.stock = 5
        self.assertEqual(self.tell().state, "few")
        self.company.dropship_few = 4
        self.assertEqual(self.tell().state, "in_stock")
        self.company.dropship_few = 0
        offer.stock = 1
        self.assertEqual(self.tell().state, "in_stock")

    def test_few_counts_what_comes_later_too(self):
        offer = self.only()
        offer.stock = 2
        self.offers["Dawn", self.lamp].write({"active": True, "lead_days": 9})
        stock = self.tell()
        self.assertEqual((stock.state, stock.quantity), ("in_stock", 102))

    def test_unlimited(self):
        self.only().stock_mode = "unlimited"
        stock = self.tell()
        self.assertEqual((stock.state, stock.unlimited, stock.orderable), ("in_stock", True, True))

    def test_lead_time(self):
        offer = self.only()
        offer.lead_days = 4.5
        self.warehouses["Rhein"].handling_days = 1
        stock = self.tell()
        self.assertEqual((stock.state, stock.ship_days, stock.quantity), ("later", 6, 100))
        self.company.dropship_soon_days = 6
        self.assertEqual(self.tell().state, "in_stock")

    def test_backorder(self):
        offer = self.only()
        offer.write({"stock": 0, "backorder": True, "backorder_days": 8})
        stock = self.tell()
        self.assertEqual((stock.state, stock.ship_days, stock.orderable), ("later", 8, True))
        offer.discontinued = True
        self.assertEqual(self.tell().state, "none")

    def test_next_arrival(self):
        offer = self.only()
        offer.write({"stock": 0, "next_arrival": self.today(12)})
        stock = self.tell()
        self.assertEqual((stock.state, stock.ready_on, stock.orderable), ("later", self.today(12), False))
        offer.write({"backorder": True})
        stock = self.tell()
        self.assertEqual((stock.state, stock.ship_days, stock.orderable), ("later", 12, True))
        later = fields.Datetime.now() + timedelta(days=3)
        with patch("odoo.fields.Date.today", lambda: later.date()):
            self.assertEqual(self.stock_of().ship_days, 9, "The days grow fewer by themselves")

    def test_nothing(self):
        self.only().stock = 0
        stock = self.tell()
        self.assertEqual((stock.state, stock.orderable), ("none", False))

    # --- who counts ---

    def test_suppliers_that_may_not_be_bought_from(self):
        offer = self.only()
        blocked = {"blocked": True, "block_reason": "fraud"}
        for values, back in ((blocked, {"blocked": False}), ({"active": False}, {"active": True})):
            with self.subTest(values):
                offer.supplier_id.write(values)
                self.assertEqual(self.tell().state, "none")
                offer.supplier_id.write(back)
                self.assertEqual(self.tell().state, "in_stock")
        offer.supplier_id._set_state("paused")
        self.assertEqual(self.tell().state, "none")

    def test_product_never_dropshipped(self):
        self.lamp.product_tmpl_id.dropship_blocked = True
        self.assertEqual(self.tell().state, "none")

    def test_tag_the_supplier_does_not_supply(self):
        tag = self.env["product.tag"].create({"name": "Glass"})
        offer = self.only()
        self.lamp.product_tmpl_id.product_tag_ids = tag
        offer.supplier_id.blocked_product_tag_ids = tag
        self.assertEqual(self.tell().state, "none")

    def test_without_price_or_warehouse_address(self):
        offer = self.only()
        offer.price = 0
        self.assertEqual(self.tell().state, "none")
        offer.price = 5
        self.warehouses["Rhein"].country_id = False
        self.assertEqual(self.tell().state, "none")

    def test_the_price_begins_on_a_day(self):
        offer = self.only()
        offer.date_from = self.today(3)
        self.assertEqual(self.tell().state, "none")
        row = self.env["dropship.availability"].search([("product_id", "=", self.lamp.id)])
        self.assertEqual(row.turn_at.date(), self.today(3))

    def test_an_agreed_price_is_a_price(self):
        offer = self.only()
        offer.price = 0
        self.env["product.supplierinfo"].create(
            {"partner_id": offer.supplier_id.partner_id.id, "product_tmpl_id": self.lamp.product_tmpl_id.id, "price": 3}
        )
        offer._project()
        self.assertEqual(self.tell().state, "in_stock")

    def test_unlinked_offer(self):
        offer = self.only()
        offer.product_id = False
        self.tell()
        self.assertEqual(self.stock_of().state, "none", "Archived offers remain: it is ours, and sold out")
        self.lamp.with_context(active_test=False).dropship_offer_ids.unlink()
        self.assertIsNone(self.tell())

    # --- time ---

    def test_old_figures_do_not_count(self):
        offer = self.only()
        offer.supplier_id.max_age_hours = 24
        self.assertEqual(self.tell().state, "in_stock")
        later = fields.Datetime.now() + timedelta(hours=25)
        with patch("odoo.fields.Datetime.now", lambda: later):
            self.env["dropship.availability"]._cron_time()
            self.assertEqual(self.tell().state, "none")
            offer.write({"stock": 7, "as_of": later})
            self.assertEqual(self.tell().quantity, 7)

    def test_a_feed_that_stays_away(self):
        """Its figures count for three times the hours it is expected in, whatever the supplier's limit."""
        offer = self.only()
        feed = self.env["dropship.feed"].create({"name": "List", "warehouse_id": offer.warehouse_id.id})
        offer.write({"feed_id": feed.id, "as_of": fields.Datetime.now() - timedelta(hours=5)})
        self.assertEqual(self.tell().state, "in_stock")
        feed.expect_hours = 1
        self.assertEqual(self.tell().state, "none")
        self.assertTrue(offer.stale)
        landed = self.env["dropship.landed"]._of_offers(
            offer.ids, {"country_id": self.country("DE").id}, self.company
        )[offer.id]
        self.assertIn(("stale", {"hours": 5, "limit": 3}), [tuple(reason) for reason in landed.reasons])
        feed.active = False
        self.assertEqual(self.tell().state, "in_stock", "nobody waits for it any more")

    def test_one_change_is_told_once(self):
        offer, waiting = self.only(), self.env["dropship.supply.change"]
        self.tell()
        offer.write({"price": 9.5, "stock": 40, "next_arrival": self.today(9)})
        self.assertEqual(len(waiting.search([("product_id", "=", self.lamp.id)])), 1)

    def test_an_order_on_its_way_moves_nothing(self):
        self.make_sale(self.lamp, confirm=True)
        allocation = self.env["dropship.allocation"].search([("product_id", "=", self.lamp.id)], limit=1)
        self.assertEqual(allocation.state, "accepted")
        self.tell()
        waiting = self.env["dropship.supply.change"]
        allocation.write({"state": "shipped"})
        self.assertFalse(waiting.search([("product_id", "=", self.lamp.id)]))
        allocation.buy_qty += 1
        self.assertTrue(waiting.search([("product_id", "=", self.lamp.id)]))

    def test_the_night_goes_on_where_it_stopped(self):
        """Two products a batch and no time after the first: the next run looks at the rest, then it is done."""
        rows = self.env["dropship.availability"]
        looked, told = [], []

        def commit(_cron, processed=0, *, remaining=None, **_more):
            told.append((processed, remaining))
            return 0.0

        renew = type(rows)._renew

        def seen(model, products):
            looked.extend(products.ids)
            return renew(model, products)

        with patch("odoo.addons.base.models.ir_cron.IrCron._commit_progress", commit), \
                patch.object(type(rows), "_renew", seen), \
                patch("odoo.addons.dropship_flow.models.availability.PRODUCTS_AT_ONCE", 50):  # fmt: skip
            every = rows._count_products()
            while not told or told[-1][1]:
                rows._cron()
                self.assertLess(len(told), every + 2)
        self.assertEqual(len(looked), len(set(looked)), "none twice")
        self.assertEqual(len(looked), every)
        self.assertEqual(sum(processed for processed, _left in told), every)
        key = "dropship_flow.walk.availability"
        self.assertFalse(self.env["ir.config_parameter"].sudo().get_param(key))

    def test_a_feed_that_comes_again(self):
        offer = self.only()
        offer.supplier_id.max_age_hours = 24
        feed = self.env["dropship.feed"].create({"name": "List", "warehouse_id": offer.warehouse_id.id})
        offer.feed_id = feed
        feed.as_of = fields.Datetime.now()
        self.tell()
        feed.as_of = fields.Datetime.now() - timedelta(hours=30)
        self.env["dropship.supply.change"].search([]).unlink()
        feed.as_of = fields.Datetime.now()
        self.assertIn(self.lamp, self.env["dropship.supply.change"].search([]).product_id)

    def test_closed_for_a_holiday(self):
        offer = self.only()
        closure = self.close(offer.supplier_id, -1, 6)
        stock = self.tell()
        self.assertEqual((stock.state, stock.closed_until, stock.orderable), ("closed", self.today(6), True))
        self.assertEqual(stock.ship_days, 7)
        closure.unlink()
        self.assertEqual(self.tell().state, "in_stock")

    def test_a_closure_that_begins_before_it_is_ready(self):
        offer = self.only()
        offer.lead_days = 5
        self.close(offer.supplier_id, 4, 20)
        self.assertEqual(self.tell().closed_until, self.today(20))

    def test_a_closure_to_come_is_noticed_by_itself(self):
        offer = self.only()
        self.close(offer.supplier_id, 4, 20)
        self.assertEqual(self.tell().state, "in_stock")
        self.env["dropship.supply.change"].search([]).unlink()
        later = fields.Datetime.now() + timedelta(days=5)
        with patch("odoo.fields.Datetime.now", lambda: later):
            self.env["dropship.availability"]._cron_time()
            self.assertEqual(self.tell().state, "closed")

    def test_another_source_is_open(self):
        self.close(self.suppliers["Rhein"], -1, 9)
        stock = self.tell()
        self.assertEqual((stock.state, stock.quantity), ("in_stock", 300))

    def test_who_takes_no_orders_meanwhile(self):
        offer = self.only()
        self.close(offer.supplier_id, -1, 9, announced=True, orders_meanwhile=False)
        stock = self.tell()
        self.assertEqual((stock.state, stock.closed_until, stock.orderable), ("closed", self.today(9), False))

    # --- companies, own stock ---

    def test_two_companies_and_a_shared_supplier(self):
        other = self.make_company("Other House")
        mine, shared = self.suppliers["Dawn"], self.suppliers["Rhein"]
        self.assertEqual(mine.company_id, self.company)
        shared.company_id = False
        self.tell()
        self.assertEqual(self.stock_of().quantity, 300)
        self.assertEqual(self.stock_of(company=other).quantity, 100)
        other.dropship_buffer_units = 90
        self.tell()
        self.assertEqual((self.stock_of().quantity, self.stock_of(company=other).quantity), (300, 10))

    def test_a_product_of_one_company(self):
        other = self.make_company("Other House")
        self.suppliers["Rhein"].company_id = False
        self.lamp.product_tmpl_id.company_id = self.company
        self.tell()
        self.assertIsNone(self.stock_of(company=other))

    def test_own_stock_beside_the_suppliers(self):
        self.only()
        self.lamp.is_storable = True
        self.tell()
        place = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1).lot_stock_id
        self.env["stock.quant"]._update_available_quantity(self.lamp, place, 7)
        self.assertEqual(self.tell().quantity, 107)

    # --- writing ---

    def test_only_rows_that_change_are_written(self):
        self.tell()
        availability = self.env["dropship.availability"]
        self.assertFalse(availability._renew(self.lamp | self.stand))
        self.offers["Rhein", self.lamp].stock = 99
        self.assertEqual(availability._renew(self.lamp | self.stand), {self.lamp.id})

    def test_rebuilding_everything_finds_the_same(self):
        products = self.lamp | self.stand | self.cable
        self.make_sale((self.lamp, 3), (self.stand, 2), confirm=True)
        self.offers["Dawn", self.lamp].write({"stock": 0, "next_arrival": self.today(5)})
        self.suppliers["Yiwu"].write({"blocked": True, "block_reason": "fraud"})
        self.company.dropship_buffer_percent = 7
        self.close(self.suppliers["Rhein"], -1, 9)
        self.tell()
        followed = self.rows(products)
        self.assertEqual(len({row[0] for row in followed}), 3)
        self.env["dropship.availability"].search([("product_id", "in", products.ids)]).unlink()
        self.run_cron("cron_availability")
        self.assertEqual(self.rows(products), followed)

    def test_a_move_while_somebody_looks_is_not_lost(self):
        self.tell()
        self.offers["Rhein", self.lamp].stock = 1
        self.offers["Rhein", self.lamp].stock = 2
        rows = self.env["dropship.supply.change"].search([("product_id", "=", self.lamp.id)])
        self.assertGreaterEqual(len(rows), 2, "Every move leaves a row of its own")
        self.assertEqual(self.tell().quantity, 202)

    def test_one_query_for_many(self):
        self.tell()
        products = self.lamp | self.stand | self.cable
        with self.assertQueryCount(1):
            self.env["dropship.availability"]._of(products, self.company)

    # --- the desk ---

    def test_the_buyer_sees_the_parts(self):
        offer = self.only()
        self.company.dropship_buffer_units = 5
        self.make_sale((self.lamp, 4), confirm=True)
        self.assertEqual((offer.stock_promised, offer.stock_buffer, offer.stock_left), (4, 5, 91))
        self.assertFalse(offer.stock_note)
        offer.supplier_id.write({"blocked": True, "block_reason": "fraud"})
        offer.invalidate_recordset()
        self.assertEqual((offer.stock_left, offer.stock_note), (0, "The supplier is blocked."))

    def test_the_order_desk_sees_what_can_be_promised(self):
        self.only().stock = 3
        self.tell()
        line = self.make_sale((self.lamp, 4)).order_line
        self.assertEqual((line.dropship_promisable, line.dropship_too_much), ("3", True))
        self.assertEqual(self.lamp.dropship_stock_text, "Only 3 left")
        with self.assertRaises(AccessError):
            self.env["dropship.availability"].with_user(self.make_login("user")).create({"product_id": self.lamp.id})

    def test_a_listing_says_which_source_closes_soon(self):
        listing = self.env["dropship.listing"].create(
            {"product_tmpl_id": self.lamp.product_tmpl_id.id, "channel_id": self.channel.id}
        )
        self.assertFalse(listing.closing_text)
        self.close(self.suppliers["Dawn"], 9, 20)
        self.close(self.suppliers["Ningbo"], 9, 20)
        listing.invalidate_recordset()
        self.assertIn("Dawn", listing.closing_text)
        self.assertNotIn("Ningbo", listing.closing_text, "He does not sell it")
        self.tell()
        self.assertEqual(listing.stock_text, "In stock")

    def test_buffers_cannot_be_nonsense(self):
        for record, values in (
            (self.company, {"dropship_buffer_percent": 101}),
            (self.suppliers["Rhein"], {"buffer_units": -1}),
            (self.channel, {"buffer_percent": 120}),
        ):
            refused = self.assertRaises(CheckViolation)
            with self.subTest(record._name), mute_logger("odoo.sql_db"), refused, self.env.cr.savepoint():
                record.write(values)
                record.flush_recordset()

    def test_the_router_agrees(self):
        """What is not promised is not bought, what is promised is."""
        self.only().write({"stock": 3, "as_of": self.hour_ago})
        self.assertEqual(self.tell().quantity, 3)
        order = self.make_sale((self.lamp, 3), confirm=True)
        self.assertTrue(order.dropship_purchase_ids)
        self.assertEqual(self.tell().state, "none")
        order = self.make_sale((self.lamp, 1), confirm=True)
        self.assertFalse(order.dropship_purchase_ids)
