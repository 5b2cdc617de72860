import json
from datetime import datetime, timedelta

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..api.openapi import text
from .common_api import ApiWorld

URL = "/json/2/sale.order/"


@tagged("post_install", "-at_install", "standard")
class TestApiHttp(ApiWorld, HttpCase):
    """The order API as other systems meet it: plain HTTP with a key."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_hero()
        cls.make_policy("buy")
        cls.make_api_world()
        cls.key = cls.key_of(cls.caller)

    @classmethod
    def key_of(cls, user):
        keys = cls.env(user=user)["res.users.apikeys"]
        return keys._generate(None, "API", datetime.now() + timedelta(days=1))

    def call(self, method, body, key=None, idempotency=None):
        """(status, answer) of a call; `body` is sent as it is when it is a text."""
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if key is not False:
            headers["Authorization"] = f"bearer {key or self.key}"
        if idempotency is not None:
            headers["Idempotency-Key"] = idempotency
        data = body if isinstance(body, str) else json.dumps(body)
        self.env.flush_all()
        response = self.url_open(URL + method, data=data.encode(), headers=headers)
        self.env.invalidate_all()
        return response.status_code, response.json()

    def post(self, *orders, **more):
        return self.call("api_create_orders", {"orders": list(orders)}, **more)

    def errors(self, answer):
        return [(error["path"], error["code"]) for error in answer["errors"]]

    def test_an_order_over_http(self):
        status, answer = self.post(self.told(customer={"name": "李明 💡", "phone": "139 0000 0000"}))
        self.assertEqual((status, answer["done"]), (200, 1), answer)
        self.assertEqual(self.order_of(answer["results"][0]).partner_id.name, "李明 💡")
        status, page = self.call("api_read_orders", {"numbers": [{"channel": "shop", "number": "A-1"}]})
        self.assertEqual((status, page["orders"][0]["number"]), (200, "A-1"))

    @mute_logger("odoo.http")
    def test_without_a_key_or_right(self):
        self.assertEqual(self.post(self.told(), key=False)[0], 401)
        self.assertEqual(self.post(self.told(), key="wrong")[0], 401)
        employee = self.make_login("employee", login="employee-api")
        self.assertEqual(self.post(self.told(), key=self.key_of(employee))[0], 403)
        self.assertEqual(self.call("api_no_such_method", {})[0], 404)
        self.assertEqual(self.call("_dropship_hold_by_hand", {"text": "x"})[0], 403)
        self.assertFalse(self.env["sale.order"].search_count([("client_order_ref", "=", "A-1")]))

    def test_the_key_in_the_header(self):
        first = self.post(self.told(), idempotency="k-1")
        self.assertEqual(self.post(self.told(), idempotency="k-1"), first)
        status, answer = self.post(self.told("A-2"), idempotency="k-1")
        self.assertEqual((status, self.errors(answer)), (422, [("idempotency_key", "key_reused")]))
        body = {"orders": [self.told()], "idempotency_key": "other"}
        status, answer = self.call("api_create_orders", body, idempotency="k-1")
        self.assertEqual((status, self.errors(answer)), (422, [("idempotency_key", "key_differs")]))
        status, answer = self.post(self.told("A-3"), idempotency="with blank")
        self.assertEqual((status, self.errors(answer)), (422, [("idempotency_key", "pattern")]))
        self.assertEqual(self.env["sale.order"].search_count([("dropship_channel_id", "=", self.channel.id)]), 1)

    def test_what_is_worked_on_elsewhere_gives_409_at_once(self):
        """Somebody else's transaction holds the lock of the key, then of the order."""
        names = (
            f"dropship.api key {self.company.id} {self.caller.id} k-1",
            f"dropship.api order {self.channel.id} A-1",
        )
        for name in names:
            with self.subTest(name), self.other_connection() as cr:
                cr.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
                status, answer = self.post(self.told(), idempotency="k-1")
                self.assertEqual((status, self.errors(answer)), (409, [("", "busy")]))
        self.assertEqual(self.post(self.told(), idempotency="k-1")[0], 200)

    def other_connection(self):
        import odoo.sql_db  # noqa: PLC0415 - a connection of its own, past the cursor the tests share

        return odoo.sql_db.db_connect(self.env.cr.dbname).cursor()

    def test_bodies_that_are_wrong(self):
        order = json.dumps(self.told())
        long = json.dumps({"orders": [self.told(messages={"buyer": "x" * 2001})]})
        cases = [
            ("{", 400, None),
            ("[]", 422, ("", "type")),
            ("5", 422, ("", "type")),
            ("{}", 422, ("orders", "required")),
            ('{"orders": []}', 422, ("orders", "minItems")),
            ('{"orders": [' + order + '], "orders": []}', 422, ("orders", "duplicate")),
            ('{"orders": [' + order.replace("34.9", "NaN", 1) + "]}", 422, ("NaN", "nan")),
            ('{"orders": [' + order.replace("34.9", "1e999", 1) + "]}", 422, ("1e999", "nan")),
            ('{"orders": [' + order.replace("34.9", "9" * 300, 1) + "]}", 422, ("orders[0].lines[0].price", "maximum")),
            ('{"orders": [' + order.replace("34.9", '"34,90"', 1) + "]}", 422, ("orders[0].lines[0].price", "type")),
            ('{"orders": [' + order.replace('"sku"', '"skuu"') + "]}", 422, ("orders[0].lines[0].skuu", "unknown")),
            ('{"orders": [' + order.replace("A-1", "a\\u0000") + "]}", 422, ("orders[0].number", "text")),
            ('{"orders": [' + order.replace("A-1", "\\ud83d") + "]}", 422, ("orders[0].number", "text")),
            (long, 422, ("orders[0].messages.buyer", "maxLength")),
            (json.dumps({"orders": [self.told()], "dry_run": True}), 422, ("dry_run", "unknown")),
        ]
        for body, wanted, problem in cases:
            with self.subTest(body[:60]), mute_logger("odoo.http"):
                status, answer = self.call("api_create_orders", body)
                self.assertEqual(status, wanted, answer)
                if problem:
                    self.assertEqual(self.errors(answer)[0], problem)
                    self.assertTrue(answer["errors"][0]["message"])
        self.assertFalse(self.env["sale.order"].search_count([("dropship_channel_id", "=", self.channel.id)]))
        kept = self.env["dropship.api.request"].search([])
        self.assertEqual(len(kept), len(cases) - 1, "all but what is no JSON wait to be corrected")
        self.assertEqual(set(kept.mapped("state")), {"rejected"})

    def test_long_lines_and_emoji_are_kept(self):
        line = {"sku": "LAMP", "quantity": 1, "name": "💡" * 2000, "personalisation": "灯" * 2000}
        status, answer = self.post(self.told(lines=[line]))
        self.assertEqual(status, 200, answer)
        self.assertEqual(self.order_of(answer["results"][0]).order_line.name, "💡" * 2000)

    def test_hold_release_cancel_over_http(self):
        self.post(self.told(confirm=False))
        orders = [{"channel": "shop", "number": "A-1"}]
        for method, more, status in (
            ("api_hold_orders", {"reason": "Customer calls"}, "held"),
            ("api_release_orders", {}, "released"),
            ("api_cancel_orders", {"reason": "Customer's wish"}, "cancelled"),
        ):
            code, answer = self.call(method, {"orders": orders, **more})
            self.assertEqual((code, answer["results"][0]["status"]), (200, status), answer)

    def test_the_description_is_served_to_anybody(self):
        response = self.url_open("/dropship/openapi.json")
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.text, text())
        self.assertEqual(response.json()["openapi"], "3.1.0")

    def test_the_examples_of_the_manual_run(self):
        """Every body shown in docs/api.md is accepted as it stands there, in the order it is shown."""
        from pathlib import Path  # noqa: PLC0415

        manual = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
        examples = [part for part in manual.split("```sh\n")[1:] if "/json/2/sale.order/" in part]
        self.assertGreaterEqual(len(examples), 5)
        for example in examples:
            command = example.partition("```")[0]
            method = command.partition("/sale.order/")[2].split()[0].strip("\"'")
            body = command.partition("-d '")[2].rpartition("'")[0]
            with self.subTest(method):
                status, answer = self.call(method, body)
                self.assertEqual(status, 200, answer)
