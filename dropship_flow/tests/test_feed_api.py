import hashlib
from unittest.mock import patch

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..api.supplier_openapi import BASE
from .common_feeds import CSV, FeedWorld

NDJSON = "".join(f'{{"sku": "N-{number}", "price": "{number}.50", "stock": {number}}}\n' for number in range(1, 40))


@tagged("post_install", "-at_install", "standard")
class TestFeedApi(FeedWorld, HttpCase):
    """A supplier's program sends its whole list: kept and queued at once, read afterwards."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_feed_world()
        cls.feed.api_name = "stock"
        cls.key, cls.secret = cls.env["dropship.supplier.key"]._make(cls.supplier, cls.company)

    def send(self, path="/feeds/stock", body=CSV, kind="text/csv", key=None, **headers):
        told = {"Authorization": f"Bearer {key or self.secret}", "Content-Type": kind, **headers}
        self.env.flush_all()
        content = body.encode() if isinstance(body, str) else body
        response = self.url_open(BASE + path, data=content, headers=told)
        self.env.invalidate_all()
        return response.status_code, response.json()

    def ask(self, run, name="stock", key=None):
        headers = {"Authorization": f"Bearer {key or self.secret}"}
        response = self.url_open(f"{BASE}/feeds/{name}/runs/{run}", headers=headers)
        return response.status_code, response.json()

    def codes(self, answer):
        return [error["code"] for error in answer["errors"]]

    def test_a_list_is_kept_queued_and_told_about(self):
        digest = hashlib.sha256(CSV.encode()).hexdigest()
        status, answer = self.send(**{"Content-SHA256": digest})
        self.assertEqual((status, answer["state"], answer["checksum"]), (202, "new", digest))
        run = self.env["dropship.feed.run"].browse(answer["run"])
        self.assertEqual((run.feed_id, run.origin), (self.feed, "api"))
        self.assertFalse(self.taken(), "reading comes after the answer")
        run._process()
        status, answer = self.ask(run.id)
        self.assertEqual((status, answer["state"], answer["in"], answer["applied"]), (200, "done", 3, 3))
        status, again = self.send()
        self.assertEqual((status, again["state"]), (202, "same"))

    def test_ndjson_and_the_only_feed(self):
        self.feed.column_ids.filtered(lambda column: column.source == "name").unlink()
        self.feed.header_signature = False
        status, answer = self.send("/feeds?name=list.ndjson", NDJSON, "application/x-ndjson")
        self.assertEqual(status, 202)
        self.env["dropship.feed.run"].browse(answer["run"])._process()
        self.assertEqual(self.taken()["N-7"], (7.5, 7.0))

    def test_rows_that_were_not_taken_are_told_and_doubts_are_ours(self):
        self.drop(self.feed)
        bad = CSV.replace("9.90", "99.00").replace("14.50", "cheap") + "".join(
            f"B-{number},Good {number},3.{number},5\n" for number in range(10, 50)
        )
        _status, answer = self.send(body=bad)
        run = self.env["dropship.feed.run"].browse(answer["run"])
        run._process()
        if run.state == "review":
            run.with_user(self.make_login("manager")).action_force()
        _status, told = self.ask(run.id)
        self.assertEqual([row["sku"] for row in told["rejects"]], ["A-2"])
        self.assertTrue(told["rejects"][0]["reason"])
        self.assertEqual((told["rejected"], told["quarantined"]), (1, 1))
        self.assertNotIn("9.9", str(told["rejects"]))

    def test_what_is_refused_is_not_kept(self):
        for options, status, code in (
            ({"body": "\n"}, 422, "feed_empty"),
            ({"body": "<!DOCTYPE html><html>"}, 422, "feed_page"),
            ({"kind": "application/x-www-form-urlencoded"}, 422, "feed_type"),
            ({"kind": "image/png"}, 422, "feed_type"),
            ({"Content-SHA256": "0" * 64}, 422, "feed_sum"),
            ({"path": "/feeds/other"}, 404, "no_feed"),
            ({"path": "/feeds/stock?sequence=x"}, 422, "feed_number"),
            ({"path": "/feeds/stock?as_of=yesterday"}, 422, "moment"),
            ({"path": "/feeds/stock?as_of=2999-01-01T00:00:00Z"}, 422, "in_future"),
            ({"key": "dsk_wrong"}, 401, "key_unknown"),
        ):
            with self.subTest(code=code, options=str(options)[:60]):
                found, answer = self.send(**options)
                self.assertEqual((found, self.codes(answer)), (status, [code]))
                self.assertTrue(answer["errors"][0]["message"])
        self.feed.max_mb = 1
        found, answer = self.send(body=CSV + "x" * 1_100_000)
        self.assertEqual((found, self.codes(answer)), (413, ["feed_big"]))
        self.assertFalse(self.feed.run_ids)

    def test_what_cannot_be_read_is_told_as_json(self):
        """Whatever a program sends first to a feed nobody mapped, it gets an answer it can read."""
        self.make_feed(name="Raw", columns=(), confirmed=False, api_name="raw")
        bodies = (
            '{"items": [{"sku": "A"', "[1, 2, 3]", '{"a": ' * 3000, "{", '{"sku": "\\ud800"}', b"\xff\xfe\x00{", "null",
        )  # fmt: skip
        for number, body in enumerate(bodies):
            with self.subTest(body=str(body)[:20]):
                self.env["dropship.feed"].search([("api_name", "=", "raw")]).write({"draft": False})
                status, answer = self.send(f"/feeds/raw?name=try{number}.json", body, "application/json")
                self.assertIn(status, (202, 422), answer)
        self.assertEqual(self.ask(2**40)[0], 404)

    def test_a_fault_of_ours_is_told_as_json(self):
        with patch.object(type(self.feed), "_receive", side_effect=ValueError("x")), mute_logger(
            "odoo.addons.dropship_flow.models.feed_api"
        ):
            status, answer = self.send()
        self.assertEqual((status, self.codes(answer)), (500, ["failed_here"]))

    def test_a_time_with_a_zone_in_the_address(self):
        """A + that nobody escaped arrives as a space."""
        for written in ("2026-03-01T10:00:00+02:00", "2026-03-01T10:00+0200", "2026-03-01T10:00:00%2B02:00"):
            with self.subTest(written=written):
                body = CSV + f"X,{len(written)},1.00,{written[-3:]}"
                _status, answer = self.send(f"/feeds/stock?as_of={written}", body)
                run = self.env["dropship.feed.run"].browse(answer["run"])
                self.assertEqual(str(run.as_of), "2026-03-01 08:00:00")
        self.assertEqual(self.send("/feeds/stock?as_of=2026-03-01 10:00")[0], 202)

    def test_a_key_opens_its_own_suppliers_feeds_only(self):
        _key, other = self.env["dropship.supplier.key"]._make(self.suppliers["Dawn"], self.company)
        self.assertEqual(self.codes(self.send(key=other)[1]), ["no_feed"])
        run = self.drop(self.feed)
        self.assertEqual(self.ask(run.id, key=other)[0], 404)
        without = self.env["dropship.supplier.key"]._make(self.supplier, self.company, scope_stock=False)[1]
        self.assertEqual(self.send(key=without)[0], 403)
        self.supplier.write({"blocked": True, "block_reason": "Bad"})
        self.assertEqual(self.send()[0], 403)

    def test_a_feed_of_another_company_is_not_found(self):
        self.feed.api_name = False
        self.assertEqual(self.codes(self.send()[1]), ["no_feed"])

    def test_two_feeds_need_a_name_and_a_first_file_waits_for_a_person(self):
        second = self.make_feed(name="Second", columns=(), confirmed=False, api_name="prices")
        self.assertEqual(self.codes(self.send("/feeds")[1]), ["which_feed"])
        status, answer = self.send("/feeds/PRICES")
        self.assertEqual((status, answer["state"]), (202, "to_map"))
        self.assertEqual(second.draft_name, "feed.csv")
        self.assertFalse(second.run_ids)
        self.assertTrue(second.column_ids)
        self.assertEqual(self.send("/feeds/prices")[1]["state"], "to_map", "guessed is not confirmed")
        second.action_confirm_columns()
        self.assertEqual(self.send("/feeds/prices")[1]["state"], "new")

    def test_an_older_list_changes_nothing(self):
        self.drop(self.feed)
        status, answer = self.send("/feeds/stock?as_of=2020-01-01T00:00:00Z", CSV.replace("9.90", "9.80"))
        self.assertEqual((status, answer["state"]), (202, "refused"))
        self.assertEqual(self.taken()["A-1"], (9.9, 10.0))
