from datetime import datetime, time, timedelta

from odoo import fields
from odoo.tests import tagged

from .common_listing import ListingCase


@tagged("post_install", "-at_install", "standard")
class TestListingTraffic(ListingCase):
    """Visits, carts and orders of a listing stay when core has forgotten its visitors."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "Europe/Berlin"
        cls.listing = cls.list_it(cls.lamp)
        cls.other = cls.list_it(cls.lamp, cls.market)
        cls.today = fields.Date.today()
        cls.traffic = cls.env["dropship.listing.traffic"]

    def visit(self, days_ago, visitor=None, hour=12, product=None):
        moment = datetime.combine(self.today - timedelta(days=days_ago), time(hour))
        visitor = visitor or self.env["website.visitor"].create(
            {"access_token": f"{self.env['website.visitor'].search_count([]):032x}", "website_id": self.website.id}
        )
        self.env["website.track"].create(
            {"visitor_id": visitor.id, "product_id": (product or self.lamp).id, "visit_datetime": moment}
        )
        return visitor

    def order(self, days_ago, qty=1, **vals):
        order = self.make_sale((self.lamp, qty), **vals)
        order.with_context(tracking_disable=True).action_confirm()
        order.date_order = datetime.combine(self.today - timedelta(days=days_ago), time(12))
        return order

    def row(self, days_ago, listing=None):
        return (listing or self.listing).traffic_ids.filtered(
            lambda row: row.day == self.today - timedelta(days=days_ago)
        )

    def count(self):
        self.traffic._count(self.today - timedelta(days=30), self.today + timedelta(days=1))
        self.env.invalidate_all()

    def test_a_day_is_kept(self):
        visitor = self.visit(2)
        self.visit(2, visitor, hour=15)
        self.visit(2)
        self.visit(3)
        self.order(2, 3, website_id=self.website.id)
        self.count()
        row = self.row(2)
        self.assertEqual((row.visits, row.visitors, row.orders, row.quantity), (3, 2, 1, 3.0))
        self.assertAlmostEqual(row.revenue, 3 * 34.9 / 1.19, 1)
        self.assertEqual(self.row(3).visits, 1)
        self.assertEqual(self.row(0).carts, 1, "put into the cart today")
        self.assertEqual((self.listing.visits_30, self.listing.orders_30), (4, 1))
        self.assertAlmostEqual(self.listing.conversion_30, 100 / 3, 1)

    def test_counting_again_changes_nothing_and_forgotten_visitors_stay_counted(self):
        visitor = self.visit(4)
        self.count()
        rows = self.traffic.search_count([("listing_id", "=", self.listing.id)])
        self.count()
        self.assertEqual(self.traffic.search_count([("listing_id", "=", self.listing.id)]), rows)
        visitor.unlink()
        self.count()
        self.assertEqual(self.row(4).visits, 1)

    def test_orders_of_a_channel_without_a_website(self):
        self.order(1, dropship_channel_id=self.market.id, client_order_ref="P-1")
        self.count()
        self.assertEqual(self.row(1, self.other).orders, 1)
        self.assertFalse(self.row(1, self.listing).orders, "each channel its own")

    def test_cancelled_orders_do_not_count(self):
        order = self.order(1, website_id=self.website.id)
        order._action_cancel()
        self.count()
        self.assertFalse(self.row(1).orders)

    def test_a_day_is_the_companys_own(self):
        self.company.partner_id.tz = "Asia/Shanghai"
        self.visit(5, hour=20)
        self.count()
        self.assertEqual(self.row(4).visits, 1, "20:00 UTC is the next day in Shanghai")

    def test_the_first_night_takes_all_core_still_knows(self):
        self.traffic.search([]).unlink()
        self.visit(50)
        self.run_cron("cron_listing_traffic")
        self.assertEqual(self.row(50).visits, 1)

    def test_other_companies_do_not_read_it(self):
        self.visit(1)
        self.count()
        stranger = self.make_login("manager", self.make_company())
        theirs = self.traffic.with_user(stranger).with_context(allowed_company_ids=stranger.company_ids.ids)
        self.assertFalse(theirs.search([("listing_id", "=", self.listing.id)]))
        desk = self.make_login("user")
        self.assertTrue(self.traffic.with_user(desk).search([("listing_id", "=", self.listing.id)]))
