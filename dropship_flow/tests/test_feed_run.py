from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from ..models import feed_stage
from ..models.feed_reasons import WORDS
from .common_feed import FeedCase


@tagged("post_install", "-at_install", "standard")
class TestFeedRun(FeedCase):
    """A file from received to done: each row is somewhere, the same file is nothing new, an older one is refused."""

    def test_a_first_file_becomes_offers(self):
        run = self.receive(self.rows(30))
        self.assertEqual((run.state, run.rows_in, run.rows_applied, run.rows_new), ("done", 30, 30, 30))
        self.assertBalanced(run)
        offer = self.offer("A-7")
        self.assertRecordValues(
            offer,
            [
                {
                    "name": "Article number 7", "price": 10.7, "stock": 12.0, "stock_mode": "limited",
                    "currency_id": self.supplier.currency_id.id, "supplier_id": self.supplier.id,
                    "company_id": self.supplier.company_id.id, "as_of": self.clock, "feed_id": self.feed.id,
                    "factor": 1.0, "active": True, "product_id": False, "missing_runs": 0,
                }
            ],
        )  # fmt: skip
        self.assertTrue(offer.has_price)
        self.assertEqual((self.feed.as_of, self.feed.generation), (self.clock, 1))
        self.assertFalse(run._has_table("stage") or run._has_table("diff"), "nothing is left behind")

    def test_only_what_changed_is_written(self):
        rows = self.rows(30)
        self.receive(rows)
        before = {offer.sku: offer.write_date for offer in self.feed_offers()}
        self.env.cr.execute("UPDATE dropship_offer SET write_uid = NULL WHERE feed_id = %s", [self.feed.id])
        rows["A-3"][1] += 0.5
        rows["A-4"][2] += 2
        numbers = self.numbers_used()
        run = self.receive(rows)
        self.assertEqual((run.rows_applied, run.rows_changed, run.rows_unchanged), (2, 2, 28))
        self.assertBalanced(run)
        self.env.cr.execute(
            "SELECT sku FROM dropship_offer WHERE feed_id = %s AND write_uid IS NOT NULL ORDER BY sku", [self.feed.id]
        )
        self.assertEqual([row[0] for row in self.env.cr.fetchall()], ["A-3", "A-4"])
        self.assertEqual(self.numbers_used(), numbers, "no number is used up")
        self.assertEqual(len(before), 30)

    def feed_offers(self):
        return self.env["dropship.offer"].search([("feed_id", "=", self.feed.id)])

    def test_the_same_file_is_nothing_new(self):
        content = self.csv(self.rows(25))
        self.receive(content)
        table, numbers = self.table(), self.numbers_used()
        self.env.cr.execute("SELECT max(xmin::text::bigint) FROM dropship_offer WHERE feed_id = %s", [self.feed.id])
        written = self.env.cr.fetchone()
        run = self.receive(content)
        self.assertEqual((run.state, run.rows_in), ("same", 0))
        self.assertEqual((self.table(), self.numbers_used()), (table, numbers))
        self.env.cr.execute("SELECT max(xmin::text::bigint) FROM dropship_offer WHERE feed_id = %s", [self.feed.id])
        self.assertEqual(self.env.cr.fetchone(), written)
        self.assertEqual(self.feed.as_of, self.clock, "it is true as of now")

    def test_the_same_file_is_read_again_when_somebody_changed_an_offer(self):
        content = self.csv(self.rows(25))
        self.receive(content)
        self.offer("A-5").write({"stock": 1.0, "as_of": self.clock + timedelta(minutes=5)})
        run = self.receive(content)
        self.assertEqual((run.state, run.rows_applied), ("done", 1))
        self.assertEqual(self.offer("A-5").stock, 10.0)

    def test_the_same_file_with_other_columns_is_read_again(self):
        content = self.csv(self.rows(25))
        self.receive(content)
        self.feed.column_ids.filtered(lambda column: column.target == "name").target = "brand"
        run = self.receive(content)
        self.assertEqual((run.state, run.rows_applied), ("done", 25))
        self.assertEqual(self.offer("A-5").brand, "Article number 5")

    def test_a_file_that_waits_is_not_queued_twice(self):
        content = self.csv(self.rows(25))
        first = self.feed._receive("a.csv", content, as_of=self.clock)
        self.assertEqual(self.feed._receive("a.csv", content, as_of=self.clock), first)

    def test_an_older_file_is_refused_with_words(self):
        self.receive(self.rows(25))
        run = self.receive(self.rows(25, price=11.0), as_of=self.clock - timedelta(hours=2))
        self.assertEqual((run.state, self.codes(run.problem)), ("refused", ["older"]))
        self.assertIn("newer file", run.problem_text)
        self.assertEqual(self.offer("A-1").price, 10.1)
        self.assertTrue(run.content, "nothing is lost")

    def test_an_older_file_that_waited_is_refused_when_its_turn_comes(self):
        old = self.feed._receive("old.csv", self.csv(self.rows(25)), as_of=self.clock - timedelta(hours=5))
        self.receive(self.rows(25, price=11.0))
        self.assertEqual(old.state, "cancel", "the newer one replaced it")

    def test_rows_that_cannot_be_read_are_kept_with_their_reason(self):
        rows = [*self.rows(40).items(), ("A-41", ["No price", "abc", 4, ""])]
        run = self.receive(rows)
        self.assertEqual((run.state, run.rows_in, run.rows_rejected, run.rows_applied), ("done", 41, 1, 40))
        self.assertBalanced(run)
        reject = run.reject_ids
        self.assertEqual((reject.sku, reject.line, reject.kind), ("A-41", 42, "reject"))
        self.assertIn("abc", reject.reason)
        self.assertEqual(reject.cells["cost"], "abc")

    def test_more_than_the_list_holds_is_a_file(self):
        self.patch(feed_stage, "LISTED", 3)
        bad = [(f"B-{number}", ["Bad", "abc", 4, ""]) for number in range(5)]
        run = self.receive([*self.rows(200).items(), *bad])
        self.assertEqual((run.state, run.rows_rejected, len(run.reject_ids)), ("done", 5, 3))
        text = run.with_context(bin_size=False).reject_file
        self.assertTrue(text)
        self.assertBalanced(run)

    def test_a_file_with_too_many_bad_rows_is_refused_whole(self):
        bad = [(f"B-{number}", ["Bad", "abc", 4, ""]) for number in range(5)]
        run = self.receive([*self.rows(20).items(), *bad])
        self.assertEqual((run.state, self.codes(run.problem)), ("refused", ["too_many_bad"]))
        self.assertFalse(self.feed_offers())
        self.assertTrue(self.feed.activity_ids)

    def test_files_that_are_none_change_nothing(self):
        self.receive(self.rows(25))
        table = self.table()
        for content in (b"", b"<!DOCTYPE html><html><body>Login</body></html>", b"code,title,cost,qty,ean\n"):
            with self.subTest(content=content[:20]):
                run = self.receive(content)
                self.assertEqual(run.state, "refused", run.problem)
                self.assertTrue(run.problem_text)
                self.assertEqual(self.table(), table)
        self.assertEqual(len(self.feed.activity_ids), 1, "one alert, not one each")

    def test_copies_of_a_code_are_all_set_aside(self):
        rows = [*self.rows(60).items(), ("A-5", ["Article number 5", 10.5, 99, ""])]
        run = self.receive(rows)
        self.assertEqual((run.rows_rejected, run.rows_applied), (2, 59))
        self.assertBalanced(run)
        self.assertFalse(self.offer("A-5"))
        self.assertEqual(set(run.reject_ids.mapped("sku")), {"A-5"})
        self.assertIn("6, 62", run.reject_ids[0].reason)

    def test_a_code_set_aside_is_not_missing(self):
        rows = self.rows(60)
        self.receive(rows)
        twice = [*rows.items(), ("A-5", ["Article number 5", 10.5, 99, ""])]
        for _time in range(2):
            run = self.receive(twice)
            self.assertEqual((run.state, run.rows_missing), ("done", 0))
            twice.append(("A-61", ["Article number 61", 12, 3, ""]))
        offer = self.offer("A-5")
        self.assertEqual((offer.stock, offer.missing_runs, offer.unconfirmed), (10.0, 0, True))

    def test_impossible_values_are_set_aside(self):
        self.feed.column_ids.create({"feed_id": self.feed.id, "source": "wh", "target": "warehouse"})
        header = "code,title,cost,qty,ean,wh"
        rows = [(code, [*cells, ""]) for code, cells in self.rows(40).items()]
        run = self.receive(self.csv([*rows, ("W-1", ["Somewhere", 5, 4, "", "MOON"])], header))
        self.assertEqual((run.state, run.rows_rejected), ("done", 1))
        self.assertEqual(self.codes(run.reject_ids.reasons), ["warehouse_unknown"])
        self.assertBalanced(run)

    def test_rows_must_add_up(self):
        run = self.receive(self.rows(25))
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            run.rows_applied = 3
            run.flush_recordset()

    def test_one_file_of_a_supplier_at_a_time(self):
        other = self.make_feed(name="Stock list")
        first = self.feed._receive("a.csv", self.csv(self.rows(25)), as_of=self.clock)
        second = other._receive("b.csv", self.csv(self.rows(25)), as_of=self.clock)
        first._begin()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            second._begin()

    def test_files_of_changes_come_in_their_order(self):
        feed = self.make_feed(kind="delta", name="Changes")
        self.assertEqual(self.receive(self.rows(25), feed, sequence=7).state, "done")
        run = self.receive({"A-2": ["Article number 2", 10.2, 1, ""]}, feed, sequence=9)
        self.assertEqual((run.state, self.codes(run.problem)), ("new", ["sequence_gap"]))
        self.assertIn("file 8", run.problem_text)
        self.assertEqual(self.offer("A-2").stock, 7.0)
        between = self.receive({"A-3": ["Article number 3", 10.3, 1, ""]}, feed, sequence=8, as_of=self.clock)
        self.assertEqual((between.state, between.rows_missing), ("done", 0))
        run._process()
        self.assertEqual((run.state, self.offer("A-2").stock, feed.last_sequence), ("done", 1.0, 9))
        again = self.receive({"A-2": ["Article number 2", 10.2, 3, ""]}, feed, sequence=9)
        self.assertEqual(self.codes(again.problem), ["sequence_old"])

    def test_a_full_file_closes_a_gap(self):
        feed = self.make_feed(kind="delta", name="Changes")
        self.receive(self.rows(25), feed, sequence=1)
        waiting = self.receive({"A-2": ["Article number 2", 10.2, 1, ""]}, feed, sequence=5)
        full = self.receive(self.rows(25, stock=50.0), feed, sequence=6, full=True)
        self.assertEqual((full.state, feed.last_sequence), ("done", 6))
        waiting._process()
        self.assertEqual(waiting.state, "refused")

    def test_the_scheduler_takes_what_waits(self):
        run = self.feed._receive("a.csv", self.csv(self.rows(25)), as_of=self.clock)
        self.env["dropship.feed.run"]._cron_work()
        self.assertEqual(run.state, "done")

    def test_what_was_read_is_shown_before_it_is_applied(self):
        self.receive(self.rows(30))
        self.feed.confirm_first = True
        rows = self.rows(30)
        rows["A-3"][1] = 11.0
        rows["A-31"] = ["Article number 31", 5, 5, ""]
        del rows["A-30"]
        run = self.receive(rows)
        self.assertEqual(run.state, "compared")
        shown = {row["sku"]: row for row in run._preview(10)}
        self.assertEqual(set(shown), {"A-3", "A-31", "A-30"})
        self.assertEqual((shown["A-3"]["old"], shown["A-3"]["new"]), ({"price": 10.3}, {"price": 11}))
        self.assertEqual((shown["A-31"]["kind"], shown["A-30"]["kind"]), ("new", "missing"))
        self.assertEqual([row["sku"] for row in run._preview(10, "missing")], ["A-30"])
        run.with_user(self.make_login("buyer")).action_apply()
        self.assertEqual((run.state, self.offer("A-3").price), ("done", 11.0))

    def test_dropped_files_change_nothing(self):
        self.feed.confirm_first = True
        run = self.receive(self.rows(30))
        run.action_drop()
        self.assertEqual(run.state, "cancel")
        self.assertFalse(self.feed_offers() or run._has_table("stage"))

    def test_the_desk_reads_and_changes_nothing(self):
        self.feed.confirm_first = True
        run = self.receive(self.rows(30))
        desk = run.with_user(self.make_login("user"))
        self.assertEqual(len(desk._preview(5)), 5)
        for verb in ("action_apply", "action_force", "action_drop"):
            with self.assertRaises(AccessError):
                getattr(desk, verb)()
        self.assertEqual(run.state, "compared")

    def test_files_are_forgotten_after_their_time_but_known_again(self):
        content = self.csv(self.rows(25))
        run = self.receive(content)
        self.env.cr.execute("UPDATE dropship_feed_run SET create_date = now() - interval '40 days'")
        run.invalidate_recordset()
        retention = self.env["dropship.retention"]
        company = self.supplier.company_id
        self.assertEqual(retention._days_of("feed_file", company), 30)
        before = fields.Datetime.now() - timedelta(days=30)
        self.assertGreaterEqual(retention._purge_feed_file(company, before, 1000), 1)
        self.assertFalse(run.content)
        self.assertEqual(self.receive(content).state, "same")

    def test_left_overs_of_dead_workers_are_dropped(self):
        run = self.receive(self.rows(25))
        self.env.cr.execute(f"CREATE UNLOGGED TABLE dropship_feed_stage_{run.id} (n int)")
        self.env["dropship.feed.run"]._drop_left_overs()
        self.assertFalse(run._has_table("stage"))

    def test_a_large_file_comes_as_a_path(self):
        import tempfile  # noqa: PLC0415

        with tempfile.NamedTemporaryFile(suffix=".csv") as file:
            file.write(self.csv(self.rows(25)))
            file.flush()
            run = self.feed._receive("large.csv", file.name, as_of=self.clock)
        run._process()
        self.assertEqual((run.state, run.rows_applied), ("done", 25))

    def test_every_reason_has_words(self):
        for code in WORDS:
            self.assertTrue(self.env["dropship.feed.run"]._reasons([[code, {}]])[0])
