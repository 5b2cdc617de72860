from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_pricing import PricingCase


@tagged("post_install", "-at_install", "standard")
class TestPriceChange(PricingCase):
    """Costs move; prices follow, are asked about, are refused, are frozen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls.make_rule(daily_limit=20.0, least_percent=1.0)
        while cls.env["dropship.supply"]._follow():
            pass
        cls.first = cls.pricelist.item_ids.filtered(lambda item: item.product_id == cls.lamp).fixed_price

    def cost(self, price, *names):
        for name in names or ("Dawn", "Yiwu", "Rhein"):
            self.offers[name, self.lamp].price = price
        self.follow()

    def test_a_cost_that_moves_a_little_moves_the_price(self):
        self.cost(9.9, "Dawn")
        self.assertEqual(self.price(self.lamp), round(19.1 * 1.5 * 1.19 + 0.0049, 2))
        change = self.changes(self.lamp)[0]
        self.assertEqual((change.state, change.old_price), ("applied", round(self.first, 2)))
        self.assertEqual(change.reasons[0], ["cost_moved", {"old": "18.40", "new": "19.10"}])
        self.assertIn("18.40", change.reason)

    def test_nothing_moved_nothing_written(self):
        count = len(self.changes(self.lamp))
        self.env["dropship.supply"]._moved(self.lamp.ids)
        self.env.cr.execute("SELECT xmin FROM product_pricelist_item WHERE id = %s", self.item(self.lamp).ids)
        before = self.env.cr.fetchone()
        self.follow()
        self.env.cr.execute("SELECT xmin FROM product_pricelist_item WHERE id = %s", self.item(self.lamp).ids)
        self.assertEqual(self.env.cr.fetchone(), before)
        self.assertEqual(len(self.changes(self.lamp)), count)

    def test_a_change_not_worth_it(self):
        self.cost(9.25, "Dawn")
        self.assertEqual(self.item(self.lamp).fixed_price, self.first)

    def test_ten_times_the_cost_waits(self):
        self.cost(92.0)
        self.assertEqual(self.item(self.lamp).fixed_price, self.first)
        waiting = self.changes(self.lamp, "waiting")
        self.assertEqual(len(waiting), 1)
        self.assertEqual(waiting.reasons[-1][0], "change_limit")
        self.cost(90.0)
        self.assertEqual(self.changes(self.lamp, "waiting"), waiting, "renewed, not doubled")
        self.assertAlmostEqual(waiting.new_cost, 93.9)
        self.cost(9.2, "Dawn")
        self.assertEqual(waiting.state, "dropped", "the slip of the supplier is gone")

    def test_small_steps_add_up_within_a_day(self):
        for price in (11.0, 12.9, 14.0):
            self.cost(price, "Dawn", "Yiwu")
        self.assertLessEqual(self.item(self.lamp).fixed_price, self.first * 1.2)
        self.cost(30.0)
        self.assertTrue(self.changes(self.lamp, "waiting"))

    def test_accept_in_bulk(self):
        self.cost(92.0)
        buyer = self.make_login("buyer")
        waiting = self.changes(self.lamp, "waiting").with_user(buyer)
        waiting.action_accept()
        self.assertEqual(waiting.state, "applied")
        self.assertEqual(waiting.decided_by_id, buyer)
        self.assertEqual(self.price(self.lamp), waiting.new_price)
        self.cost(94.0)
        self.assertGreater(self.price(self.lamp), waiting.new_price, "a day begins anew with what a person agreed to")
        with self.assertRaises(UserError):
            waiting.action_accept()

    def test_refused_is_not_asked_again_until_it_changes(self):
        self.cost(92.0)
        self.changes(self.lamp, "waiting").with_user(self.make_login("buyer")).action_refuse()
        self.env["dropship.supply"]._moved(self.lamp.ids)
        self.follow()
        self.assertFalse(self.changes(self.lamp, "waiting"))
        self.assertEqual(self.item(self.lamp).fixed_price, self.first)
        self.cost(80.0)
        self.assertTrue(self.changes(self.lamp, "waiting"))

    def test_only_buyers_decide(self):
        self.cost(92.0)
        waiting = self.changes(self.lamp, "waiting")
        with self.assertRaises(AccessError):
            waiting.with_user(self.make_login("user")).action_accept()
        with self.assertRaises(AccessError):
            waiting.with_user(self.make_login("portal")).read(["new_cost"])

    def test_a_frozen_price_stays(self):
        pin = self.env["dropship.price.pin"].create(
            {"product_id": self.lamp.id, "channel_id": self.channel.id, "until": fields.Date.today()}
        )
        self.cost(9.9, "Dawn")
        self.assertEqual(self.item(self.lamp).fixed_price, self.first)
        pin.until = fields.Date.today() - timedelta(days=1)
        self.env["dropship.supply"]._moved(self.lamp.ids)
        self.follow()
        self.assertGreater(self.item(self.lamp).fixed_price, self.first)

    def test_freeze_from_the_list(self):
        self.cost(92.0)
        waiting = self.changes(self.lamp, "waiting")
        waiting.with_user(self.make_login("buyer")).action_freeze()
        self.assertEqual(waiting.state, "refused")
        pin = self.env["dropship.price.pin"].search([("product_id", "=", self.lamp.id)])
        self.assertEqual(pin.channel_id, self.channel)

    def test_ask_before_the_first_price(self):
        self.rule.ask_first = True
        book = self.make_product("Book", taxes_id=False)
        self.make_offer(self.warehouses["Rhein"], book, 6.1)
        self.follow()
        self.assertFalse(self.item(book))
        self.changes(book, "waiting").action_accept()
        self.assertEqual(self.price(book), 15.0)

    def test_the_overview_counts_what_waits(self):
        self.cost(92.0)
        cards = {card["key"]: card for card in self.env["dropship.overview"]._cards()}
        found = self.env["dropship.price.change"].search(cards["price_changes"]["domain"])
        self.assertIn(self.changes(self.lamp, "waiting"), found)

    def test_history_is_kept_for_a_time(self):
        self.cost(9.9, "Dawn")
        self.cost(92.0)
        self.env.cr.execute("UPDATE dropship_price_change SET create_date = create_date - interval '3 years'")
        self.env.invalidate_all()
        retention = self.env["dropship.retention"]
        retention._purge_price_change(self.company, fields.Datetime.now() - timedelta(days=730), 1000)
        self.assertEqual(set(self.changes(self.lamp).mapped("state")), {"waiting"})

    def test_the_night_looks_at_everything(self):
        rate = self.env["dropship.shipping.rate"].search([("warehouse_id", "=", self.warehouses["Dawn"].id)])
        rate.first_price = 7.0
        self.env["dropship.supply"]._cron_prices()
        self.follow()
        self.assertEqual(self.price(self.lamp), round(19.2 * 1.5 * 1.19 + 0.0049, 2))
