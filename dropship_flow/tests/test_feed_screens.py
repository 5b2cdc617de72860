import base64

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..feeds.canon import FIELDS
from ..feeds.transforms import TRANSFORMS
from ..models.feed_plan_text import STEPS, TARGETS
from .common_feeds import CSV, FeedWorld
from .common_flow import FlowCase

CHINESE = """货号,品名,出厂价,库存
K-1,台灯,12.50,100
K-2,手机支架,3.20,60
K-3,数据线,2.80,有货
K-4,马克杯,便宜,40
"""
MANY = "sku,name,price,stock\n" + "".join(f"M-{n},Good {n},{n}.50,{n}\n" for n in range(1, 61))


@tagged("post_install", "-at_install", "standard")
class TestFeedScreens(FeedWorld, FlowCase):
    """The buyer drops a file, sees how it is read and what it changes, and decides about what is doubtful."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supplier, cls.warehouse = cls.suppliers["Yiwu"], cls.warehouses["Yiwu"]
        cls.buyer = cls.make_login("buyer")
        cls.manager = cls.make_login("manager")
        cls.desk = cls.make_login("user")

    def test_a_dropped_file_becomes_a_feed_with_its_columns_guessed(self):
        drop = Form(self.env["dropship.feed.drop"].with_user(self.buyer))
        drop.supplier_id = self.supplier
        drop.file = base64.b64encode(CHINESE.encode("gb18030"))
        drop = drop.save()
        drop.file_name = "报价.csv"
        action = drop.action_look()
        feed = self.env["dropship.feed"].browse(action["res_id"]).with_user(self.buyer)
        self.assertEqual(feed.warehouse_id, self.warehouse)
        columns = {column.source: column.target for column in feed.column_ids}
        self.assertEqual(columns, {"货号": "sku", "品名": "name", "出厂价": "price", "库存": "stock"})
        self.assertIn("K-1", feed.column_ids[0].sample)
        self.assertEqual(feed.sample_ids.mapped("sku"), ["K-1", "K-2", "K-3"])
        self.assertEqual(feed.bad_sample_ids.line, 5)
        self.assertIn("便宜", feed.bad_sample_ids.reason)
        self.assertFalse(feed.confirmed_at)
        self.assertFalse(self.taken(feed), "nothing changes by looking")

    def test_a_column_is_corrected_and_the_file_taken(self):
        feed = self.make_feed(columns=(), confirmed=False)
        feed.write({"draft": base64.b64encode(CHINESE.encode("gb18030")), "draft_name": "报价.csv", "bad_percent": 50})
        feed.action_look()
        price = feed.column_ids.filtered(lambda column: column.target == "price")
        price.step_ids = [(0, 0, {"function": "multiply", "argument": "2"})]
        self.assertIn("Times 2", price.steps)
        feed.action_look()
        self.assertEqual(feed.sample_ids.filtered(lambda row: row.sku == "K-1").price, 25.0)
        run = self.env["dropship.feed.run"].browse(feed.action_take()["res_id"])
        self.assertTrue(feed.confirmed_at and feed.header_signature)
        self.assertFalse(feed.draft)
        run._process()
        self.assertEqual(self.taken(feed)["K-2"], (6.4, 60.0))
        self.assertEqual((run.rows_in, run.rows_rejected), (4, 1))

    def test_a_changed_heading_is_seen_before_anything_is_read(self):
        feed = self.make_feed()
        self.drop(feed)
        run = feed._receive("list.csv", CSV.replace("price", "cost").encode())
        run._process()
        self.assertEqual(run.state, "refused")
        self.assertTrue(run.problem_text)
        self.assertEqual(self.taken(feed)["A-1"], (9.9, 10.0))

    def test_columns_that_say_too_little(self):
        feed = self.make_feed(columns=("name", "price"), confirmed=False)
        with self.assertRaisesRegex(UserError, "Supplier's code"):
            feed.action_confirm_columns()
        feed.column_ids = [(0, 0, {"source": "sku", "target": "sku"}), (0, 0, {"source": "p2", "target": "price"})]
        with self.assertRaisesRegex(UserError, "Price"):
            feed.action_confirm_columns()
        feed.column_ids.filtered(lambda column: column.source == "p2").param = "10"
        feed.action_confirm_columns()
        with self.assertRaises(ValidationError):
            feed.column_ids[0].step_ids = [(0, 0, {"function": "multiply", "argument": "much"})]
        with self.assertRaises(ValidationError):
            feed.encoding = "klingon"
        with self.assertRaises(UserError):
            feed.action_look()

    def test_the_plan_is_made_of_records(self):
        feed = self.make_feed(delimiter=";", decimal_mark=",", date_order="dmy", tax_percent=25.0)
        feed.column_ids[0].step_ids = [(0, 0, {"function": "prefix_cut", "argument": "Y-"})]
        plan = feed._plan()
        self.assertEqual((plan.delimiter, plan.decimal_mark, plan.date_order), (";", ",", "dmy"))
        self.assertEqual(plan.columns[0].transforms, (("prefix_cut", "Y-"),))
        price = next(column for column in plan.columns if column.target == "price")
        self.assertEqual(price.transforms, (("divide", "1.25"),))
        self.assertEqual(plan.currency, feed.currency_id.name)
        self.assertEqual((set(TARGETS), set(STEPS)), (set(FIELDS), set(TRANSFORMS)))

    def test_tax_in_the_prices_is_taken_out(self):
        feed = self.make_feed(tax_percent=25.0)
        self.drop(feed, CSV.replace("9.90", "12.50"))
        self.assertEqual(self.taken(feed)["A-1"][0], 10.0)

    def test_the_difference_is_seen_before_it_is_applied(self):
        feed = self.make_feed(confirm_first=True)
        run = self.drop(feed, MANY)
        self.assertEqual(run.state, "compared")
        run.with_user(self.buyer).action_apply()
        self.assertEqual(len(self.taken(feed)), 60)
        lines = MANY.splitlines()
        lines[1] = "M-1,Good 1,1.60,9"
        lines[2] = "M-2,Good 2,2.50,0"
        lines[3] = "M-3,Good 3,35.00,3"
        lines[4:6] = ["M-99,Fresh,7.00,7"]
        run = self.drop(feed, "\n".join(lines))
        self.assertEqual(run.state, "compared")
        changes = {change.sku: change for change in run.change_ids}
        one = changes["M-1"]
        self.assertEqual((one.kind, one.old_price, one.new_price, one.old_stock, one.new_stock),
                         ("changed", 1.5, 1.6, 1.0, 9.0))  # fmt: skip
        self.assertEqual(round(one.percent, 1), 6.7)
        self.assertTrue(changes["M-2"].sells_out)
        self.assertEqual((changes["M-3"].kind, changes["M-99"].kind), ("quarantine", "new"))
        self.assertIn("35", changes["M-3"].reason)
        self.assertEqual({changes["M-4"].kind, changes["M-5"].kind}, {"missing"})
        self.assertEqual(self.taken(feed)["M-1"], (1.5, 1.0), "nothing is written yet")
        run.with_user(self.buyer).action_apply()
        self.assertEqual(self.taken(feed)["M-1"], (1.6, 9.0))

    def test_every_figure_of_the_funnel_opens_exactly_its_rows(self):
        feed = self.make_feed()
        self.drop(feed, MANY)
        lines = MANY.splitlines()
        lines[1] = "M-1,Good 1,1.60,9"
        lines[3] = "M-3,Good 3,35.00,3"
        lines[4] = "M-4,Good 4,cheap,4"
        lines[5:7] = ["M-99,Fresh,7.00,7"]
        run = self.drop(feed, "\n".join(lines))
        self.assertEqual(run.state, "done")
        for figure, button in (
            ("rows_changed", "action_open_changed"),
            ("rows_new", "action_open_new"),
            ("rows_missing", "action_open_missing"),
            ("rows_quarantined", "action_open_quarantined"),
            ("rows_rejected", "action_open_rejected"),
            ("rows_unchanged", "action_open_unchanged"),
        ):
            with self.subTest(figure):
                action = getattr(run.with_user(self.buyer), button)()
                found = self.env[action["res_model"]].with_user(self.buyer).search_count(action["domain"])
                self.assertEqual(found, run[figure])
                self.assertTrue(found)
        self.assertEqual(run.balance, "59 = 2 applied + 55 unchanged + 1 rejected + 1 quarantined")

    def test_a_row_is_corrected_and_taken(self):
        feed = self.make_feed(bad_percent=50)
        run = self.drop(feed, CSV.replace("14.50", "cheap"))
        row = run.reject_ids.with_user(self.buyer)
        self.assertEqual((row.sku, row.line), ("A-2", 3))
        self.assertIn("cheap", row.text)
        row.text = row.text.replace("cheap", "14.90")
        row.action_replay()
        self.assertEqual(row.state, "replayed")
        self.assertEqual(self.taken(feed)["A-2"], (14.9, 4.0))
        with self.assertRaises(UserError):
            row.text = "price: 1"

    def test_a_doubtful_price_is_accepted_or_the_old_one_kept(self):
        feed = self.make_feed()
        self.drop(feed)
        run = self.drop(feed, CSV.replace("9.90", "99.00").replace("14.50", "145.00"))
        if run.state == "review":
            run.with_user(self.manager).action_force()
        rows = {row.sku: row.with_user(self.buyer) for row in run.reject_ids}
        self.assertEqual(self.taken(feed)["A-1"][0], 9.9)
        self.assertIn("price: 99".casefold(), rows["A-1"].text.casefold())
        rows["A-1"].action_replay()
        rows["A-2"].action_dismiss()
        self.assertEqual((self.taken(feed)["A-1"][0], self.taken(feed)["A-2"][0]), (99.0, 14.5))
        self.assertEqual((rows["A-1"].state, rows["A-2"].state), ("replayed", "dismissed"))
        rows["A-2"].action_keep_open()
        self.assertEqual(rows["A-2"].state, "open")
        self.assertEqual(rows["A-2"].action_open_offer()["res_model"], "dropship.offer")

    def test_rows_leave_as_a_file_no_spreadsheet_takes_for_a_formula(self):
        feed = self.make_feed(bad_percent=90)
        run = self.drop(feed, CSV.replace("Wall clock,14.50", "=HYPERLINK(1),cheap"))
        text = base64.b64decode(run.rejects_file).decode("utf-8-sig")
        self.assertIn("'=HYPERLINK", text)
        self.assertIn("A-2", text)
        self.assertIn(str(run.reject_ids.id), run.reject_ids.action_download()["url"])

    def test_a_guard_stops_and_a_manager_decides(self):
        feed = self.make_feed()
        self.drop(feed, MANY)
        run = self.drop(feed, "\n".join(MANY.splitlines()[:20]))
        self.assertEqual(run.state, "review")
        self.assertIn("rows", run.guard_text)
        self.assertEqual(len(self.taken(feed)), 60)
        with self.assertRaises(AccessError):
            run.with_user(self.buyer).action_force()
        self.assertEqual(self.supplier.feed_state, "look")
        run.with_user(self.buyer).action_drop()
        self.assertEqual(run.state, "cancel")
        self.assertEqual(self.supplier.feed_state, "good")

    def test_a_refused_file_is_looked_at_again(self):
        feed = self.make_feed()
        run = feed._receive("list.csv", CSV.replace("price", "cost").encode())
        run._process()
        self.assertEqual(run.state, "refused")
        feed.column_ids.filtered(lambda column: column.target == "price").source = "cost"
        run.with_user(self.buyer).action_look()
        self.assertEqual(feed.sample_ids[0].price, 9.9)

    def test_the_overview_and_the_health_page_count_what_needs_a_person(self):
        feed = self.make_feed(bad_percent=50)
        self.drop(feed, CSV.replace("14.50", "cheap"))
        self.drop(self.make_feed(name="Other", confirm_first=True), MANY)
        cards = {card["key"]: card for card in self.env["dropship.overview"].with_user(self.buyer)._my_cards()}
        for key, least in (("feeds_rows", 1), ("feeds_guard", 1), ("feeds_still", 0), ("feeds_columns", 0)):
            found = self.env[cards[key]["model"]].with_user(self.buyer).search_count(cards[key]["domain"])
            self.assertGreaterEqual(found, least, key)
        for key in ("feeds_rows", "feeds_guard"):
            hint = getattr(self.env["dropship.overview"].with_user(self.buyer), cards[key]["hint"])
            self.assertTrue(hint(cards[key]["domain"]))
        desk = {card["key"] for card in self.env["dropship.overview"].with_user(self.desk)._my_cards()}
        self.assertFalse(desk & {"feeds_rows", "feeds_guard", "feeds_still"})
        check = self.env["dropship.health.check"]
        self.assertFalse({51, 52} & {row["id"] for row in check._queue_rows(self.company)}, "green says nothing")
        feed._receive("list.csv", MANY.encode())
        feed.write({"address": "https://feeds.supplier.example/a.csv", "failures": 3})
        rows = {row["id"]: row for row in check._queue_rows(self.company)}
        self.assertEqual((rows[51]["count"], rows[52]["count"], rows[52]["state"]), (1, 1, "warn"))

    def test_who_may_do_what(self):
        feed = self.make_feed()
        run = self.drop(feed, CSV)
        for user in (self.desk, self.buyer, self.manager):
            self.assertEqual(feed.with_user(user).run_count, 1)
            self.assertTrue(run.with_user(user).change_ids.mapped("sku"))
        for act in (
            lambda: feed.with_user(self.desk).action_confirm_columns(),
            lambda: feed.with_user(self.desk).write({"name": "x"}),
            lambda: self.env["dropship.feed.drop"].with_user(self.desk).create({}),
            lambda: run.change_ids.with_user(self.manager).write({"new_price": 1.0}),
        ):
            with self.assertRaises(AccessError):
                act()
        for role in ("portal", "employee"):
            stranger = self.make_login(role)
            for model in ("dropship.feed", "dropship.feed.run", "dropship.feed.change", "dropship.feed.sample"):
                with self.assertRaises(AccessError):
                    self.env[model].with_user(stranger).search_count([])

    def test_another_company_sees_nothing_of_it(self):
        feed = self.make_feed(bad_percent=50)
        run = self.drop(feed, CSV.replace("14.50", "cheap"))
        other = self.make_company()
        buyer = self.make_login("buyer", company=other)
        for records in (feed, run, run.reject_ids, feed.column_ids, run.change_ids):
            self.assertTrue(records)
            theirs = records.with_user(buyer).with_context(allowed_company_ids=other.ids)
            self.assertFalse(theirs.search([("id", "in", records.ids)]))
            with self.assertRaises(AccessError):
                theirs.check_access("read")
