from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_feed import FeedCase


@tagged("post_install", "-at_install", "standard")
class TestFeedGuard(FeedCase):
    """A broken file stops before anything is written; a manager may apply it all the same, and it says who did."""

    def setUp(self):
        super().setUp()
        self.known = self.rows(100)
        self.first = self.receive(self.known)
        self.before = self.table()

    def assertStopped(self, rows, *codes):
        run = self.receive(rows)
        self.assertEqual(run.state, "review", (run.state, run.problem))
        for code in codes:
            self.assertIn(code, self.codes(run.guards))
        self.assertEqual(self.table(), self.before, "nothing is written")
        self.assertEqual(len(self.feed.activity_ids), 1, "one alert")
        self.assertNotIn("…", run.guard_text)
        return run

    def changed(self, **changes):
        """The known rows with cells changed: price or stock as a function of the row's number."""
        rows = {code: list(cells) for code, cells in self.known.items()}
        for number, cells in enumerate(rows.values(), 1):
            cells[1] = changes.get("price", lambda _number, old: old)(number, cells[1])
            cells[2] = changes.get("stock", lambda _number, old: old)(number, cells[2])
        return rows

    def test_half_a_file(self):
        run = self.assertStopped(self.rows(50), "rows_few", "missing")
        self.assertIn("50 rows, the last one had 100", run.guard_text)

    def test_a_file_cut_off_at_sixty_percent(self):
        content = self.csv(self.known)
        run = self.receive(content[: len(content) * 6 // 10])
        self.assertIn(run.state, ("review", "refused"))
        self.assertEqual(self.table(), self.before)

    def test_twice_as_many_rows(self):
        self.assertStopped(self.rows(200), "rows_many")

    def test_goods_sold_out_at_once(self):
        self.assertStopped(self.changed(stock=lambda number, old: 0 if number <= 60 else old), "zeroed")

    def test_a_few_sold_out_goods_are_normal(self):
        run = self.receive(self.changed(stock=lambda number, old: 0 if number <= 20 else old))
        self.assertEqual((run.state, run.rows_zeroed), ("done", 20))

    def test_a_tenth_missing(self):
        rows = dict(list(self.known.items())[:89])
        self.assertStopped(rows, "missing")

    def test_every_third_price_moved(self):
        self.assertStopped(self.changed(price=lambda number, old: old + 1 if number <= 31 else old), "costs_moved")

    def test_all_stocks_the_same(self):
        self.assertStopped(self.changed(stock=lambda _number, _old: 999), "stocks_equal")

    def test_all_prices_the_same(self):
        self.assertStopped(self.changed(price=lambda _number, _old: 12), "prices_equal")

    def test_stocks_that_were_always_the_same_are_normal(self):
        feed = self.make_feed(name="Always 10", guard_equal=False, warehouse=self.make_warehouse(self.supplier, "DE"))
        rows = {f"T-{number}": [f"Thing {number}", 5 + number, 10, ""] for number in range(30)}
        self.assertEqual(self.receive(rows, feed).state, "done")
        feed.guard_equal = True
        rows["T-3"][1] = 8.5
        self.assertEqual(self.receive(rows, feed).state, "done")

    def test_the_list_of_another_supplier(self):
        rows = {f"Z-{number}": [f"Else {number}", 5 + number, number, ""] for number in range(100)}
        self.assertStopped(rows, "other_supplier", "missing")

    def test_every_stop_is_in_plain_words(self):
        rows = {f"Z-{number}": [f"Else {number}", 5, 999, ""] for number in range(300)}
        run = self.assertStopped(rows, "other_supplier", "rows_many", "stocks_equal", "prices_equal")
        self.assertIn("All 300 stocks are 999.", run.guard_text)

    def test_a_manager_may_force_and_is_named(self):
        run = self.assertStopped(self.rows(50), "rows_few")
        buyer, manager = self.make_login("buyer"), self.make_login("manager")
        with self.assertRaises(UserError):
            run.with_user(buyer).action_apply()
        with self.assertRaises(AccessError):
            run.with_user(buyer).action_force()
        run.with_user(manager).action_force()
        self.assertEqual((run.state, run.forced_by_id), ("done", manager))
        self.assertBalanced(run)
        self.assertIn(manager.name, " ".join(run.message_ids.mapped("body")))
        self.assertFalse(self.feed.activity_ids)
        self.assertEqual(self.offer("A-80").missing_runs, 1)
        self.assertEqual(self.offer("A-80").stock, 85.0, "missing once is not sold out")

    def test_a_newer_file_replaces_one_that_waits(self):
        run = self.assertStopped(self.rows(50), "rows_few")
        good = self.receive(self.known | {"A-1": ["Article number 1", 10.2, 6, ""]})
        self.assertEqual((good.state, run.state), ("done", "cancel"))
        self.assertFalse(self.feed.activity_ids)
        with self.assertRaises(UserError):
            run._start_applying()

    def test_a_newer_file_that_waits_replaces_older_ones_that_wait(self):
        """The buyer decides about one list, the last; the others say what came instead."""
        first = self.assertStopped(self.rows(50), "rows_few")
        second = self.assertStopped(self.rows(40), "rows_few")
        self.assertEqual((first.state, second.state), ("cancel", "review"))
        self.assertIn(second.display_name, first.message_ids[0].body)
        self.assertIn("came later", first.message_ids[0].body)
        self.feed.confirm_first = True
        third = self.receive(self.known | {"A-1": ["Article number 1", 10.2, 6, ""]})
        self.assertEqual((second.state, third.state), ("cancel", "compared"))
        self.assertFalse(self.feed.activity_ids, "nobody is asked about a list that was replaced")
        same = self.receive(self.known)
        self.assertEqual((third.state, same.state), ("cancel", "same"))

    def test_a_list_of_changes_replaces_no_full_one(self):
        first = self.assertStopped(self.rows(50), "rows_few")
        self.feed.confirm_first = True
        change = self.receive({"A-1": ["Article number 1", 10.2, 6, ""]}, full=False, sequence=1)
        self.assertEqual((first.state, change.state), ("review", "compared"))

    def test_the_buyer_is_asked_in_his_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        buyer = self.make_login("buyer")
        buyer.lang = "zh_CN"
        self.feed.user_id = buyer
        run = self.receive(self.rows(50))
        activity = self.feed.activity_ids
        self.assertEqual(activity.user_id, buyer)
        self.assertEqual(
            activity.summary, run.with_context(lang="zh_CN").env._("%(file)s is not applied", file="list.csv")
        )
        self.assertNotIn("is not applied", activity.summary)

    def test_totals_and_notes_are_no_bad_rows(self):
        self.feed.bad_percent = 1.0
        rows = [*self.known.items(), ("Total", ["", "", 999, ""]), ("Prices hold until the end of the month", [])]
        run = self.receive(rows)
        self.assertEqual((run.state, run.rows_in, run.rows_rejected), ("done", 102, 2))
        self.assertBalanced(run)
        self.feed.bad_percent = 50.0
        notes = self.receive([("Total", ["", "", 999, ""]), ("Prices hold until the end of the month", [])])
        self.assertEqual((notes.state, self.codes(notes.problem)), ("refused", ["no_rows"]))

    def test_what_was_staged_is_applied_whatever_becomes_of_the_columns(self):
        """The price column is taken away while the list waits: it was read with prices."""
        self.feed.confirm_first = True
        run = self.receive(self.known | {"A-1": ["Article number 1", 10.2, 6, ""]})
        self.feed.column_ids.filtered(lambda column: column.target == "price").unlink()
        run.action_apply()
        self.assertEqual(run.state, "done")
        self.assertEqual(self.offer("A-1").price, 10.2)

    def test_a_file_confirmed_too_late_is_refused(self):
        self.feed.confirm_first = True
        run = self.receive(self.rows(100, stock=6.0))
        self.assertEqual(run.state, "compared")
        self.feed.as_of = self.clock + timedelta(hours=2)
        with self.assertRaises(UserError):
            run.action_apply()

    def test_a_dropped_file_leaves_everything(self):
        run = self.assertStopped(self.rows(50), "rows_few")
        run.with_user(self.make_login("buyer")).action_drop()
        self.assertEqual((run.state, self.table()), ("cancel", self.before))
        self.assertFalse(self.feed.activity_ids)

    # --- how old figures are ---

    def test_a_file_confirms_what_it_does_not_change(self):
        offer = self.offer("A-9")
        self.supplier.max_age_hours = 24
        self.feed.as_of = fields.Datetime.now() - timedelta(hours=1)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(offer.told_at, self.feed.as_of)
        self.assertFalse(offer.stale)
        self.assertNotIn(offer, offer.search([("stale", "=", True), ("feed_id", "=", self.feed.id)]))
        offer.missing_runs = 1
        self.env.invalidate_all()
        self.assertTrue(offer.stale)
        self.assertIn(offer, offer.search([("stale", "=", True), ("feed_id", "=", self.feed.id)]))
        self.env.cr.execute(self.env["dropship.offer"]._as_of_sql("row").code.replace("GREATEST", "SELECT GREATEST")
                            + ' FROM dropship_offer "row" WHERE id = %s', [offer.id])  # fmt: skip
        self.assertEqual(self.env.cr.fetchone()[0], offer.as_of)

    def test_a_feed_that_stays_away_makes_its_offers_stale(self):
        self.feed.expect_hours = 2
        offer = self.offer("A-9")
        domain = [("stale", "=", True), ("id", "=", offer.id)]
        for age, stale in ((5, False), (7, True)):
            self.feed.as_of = fields.Datetime.now() - timedelta(hours=age)
            self.env.flush_all()
            self.env.invalidate_all()
            self.assertEqual((offer.stale, bool(offer.search(domain))), (stale, stale))
        offer.write({"stock": 3})
        self.assertFalse(offer.stale, "a person told a newer figure")
        self.assertFalse(offer.search(domain))
