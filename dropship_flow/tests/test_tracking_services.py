import base64
import hashlib
import hmac
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import ModuleType
from urllib.parse import urlencode

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import file_open

from ..models.tracking_service import SERVICES
from ..trackers.wire import account
from .common_flow import FlowCase, FlowFactories

KEYS = {"17track": "key-of-17", "kuaidi100": "key-of-100", "aftership": "key-of-after"}


@contextmanager
def service(*replies):
    """A service that gives these answers, one after the other: (address, what it was asked)."""
    asked, left = [], list(replies)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked.append((self.path, dict(self.headers), body))
            status, answer = left.pop(0)
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST

        def log_message(self, *args):
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


class ServiceFactories(FlowFactories):
    @classmethod
    def make_connection(cls, kind, **vals):
        values = {"name": f"Account {kind}", "kind": kind, "secret": KEYS[kind], "company_id": cls.env.company.id}
        if kind == "kuaidi100":
            values["service_customer"] = "CUSTOMER1"
        if kind == "aftership":
            values["push_secret"] = "hook"
        return cls.env["dropship.connection"].create({**values, **vals})


@tagged("post_install", "-at_install", "standard")
class TestTrackingServices(FlowCase, ServiceFactories):
    """An administrator connects a service with a key; nobody else sees or changes what makes it ours."""

    def test_every_service_has_what_the_relay_needs(self):
        kinds = self.env["dropship.connection"]._tracking_kinds()
        self.assertEqual(set(kinds), set(SERVICES))
        self.assertLessEqual(set(KEYS), set(kinds))
        listed = dict(self.env["dropship.connection"]._fields["kind"]._description_selection(self.env))
        for kind, module in SERVICES.items():
            self.assertIsInstance(module, ModuleType)
            self.assertEqual((module.KIND, listed[kind]), (kind, kinds[kind]))
            self.assertGreater(module.BATCH, 0)
            self.assertGreaterEqual(module.PAUSE, 0)
            self.assertTrue(callable(module.verify) and callable(module.read))
            self.assertEqual(module.LIVES, hasattr(module, "register"))

    def test_an_account_knows_its_address_and_rate(self):
        for kind in KEYS:
            connection = self.make_connection(kind)
            self.assertTrue(connection.is_tracking and connection.push_address)
            self.assertEqual((connection.endpoint, connection.rate), (SERVICES[kind].ENDPOINT, SERVICES[kind].RATE))
        other = self.make_connection("aftership", endpoint="https://api.aftership.com/tracking/2025-07", rate=2)
        self.assertEqual((other.endpoint, other.rate), ("https://api.aftership.com/tracking/2025-07", 2))
        with self.assertRaises(ValidationError):
            self.make_connection("17track", endpoint="ftp://17track")

    def test_the_form(self):
        with Form(
            self.env["dropship.connection"].with_context(default_service_kind="17track"),
            "dropship_flow.view_tracking_service_form",
        ) as form:
            self.assertEqual((form.name, form.endpoint), ("17TRACK", SERVICES["17track"].ENDPOINT))
            form.service_kind = "kuaidi100"
            self.assertEqual((form.name, form.rate), ("Kuaidi100 (快递100)", SERVICES["kuaidi100"].RATE))
            form.secret, form.service_customer = "k", "c"
        connection = form.record
        self.assertEqual((connection.kind, connection.endpoint), ("kuaidi100", SERVICES["kuaidi100"].ENDPOINT))
        self.assertTrue(connection.push_secret)

    def test_what_a_module_is_told(self):
        self.assertEqual(self.make_connection("17track")._service_secret(), "key-of-17")
        self.assertEqual(self.make_connection("aftership")._service_secret(), "key-of-after")
        connection = self.make_connection("kuaidi100")
        told = account(connection._service_secret())
        self.assertEqual((told.key, told.customer), ("key-of-100", "CUSTOMER1"))
        self.assertEqual((told.salt, told.push), (connection.push_secret, connection.push_address))
        self.assertGreater(len(told.salt), 20)

    def test_only_an_administrator_connects_one(self):
        manager = self.make_login("manager")
        connections = self.env["dropship.connection"].with_user(manager)
        for kind in KEYS:
            for vals in ({"kind": kind}, {"service_kind": kind}):
                with self.assertRaises(AccessError):
                    connections.create({"name": "Mine", **vals})
            connection = self.make_connection(kind).with_user(manager)
            for vals in ({"secret": "x"}, {"push_secret": "x"}, {"endpoint": "https://evil.example"}):
                with self.assertRaises(AccessError):
                    connection.write(vals)
            connection.write({"carrier_codes": "dhl", "rate": 1})
        webhook = connections.create({"name": "Forwarder", "kind": "webhook"})
        with self.assertRaises(AccessError):
            webhook.write({"kind": "17track"})
        for role in ("user", "buyer"):
            connections = self.env["dropship.connection"].with_user(self.make_login(role))
            with self.assertRaises(AccessError):
                connections.create({"name": "Mine", "kind": "17track"})

    def test_nobody_else_reads_a_secret(self):
        names = ("secret", "service_customer", "push_secret", "push_secret_old", "push_token", "push_address")
        connection = self.make_connection("kuaidi100")
        for login in ("user", "buyer", "manager"):
            own = connection.with_user(self.make_login(login))
            self.assertTrue(own.name and own.secret_set)
            self.assertFalse({*names} & set(own.fields_get()))
            for name in names:
                with self.assertRaises(AccessError):
                    own.read([name])
        tracked = connection.message_ids.tracking_value_ids
        self.assertFalse(tracked.filtered(lambda value: "key-of" in (value.new_value_char or "")))

    def test_two_companies(self):
        connection = self.make_connection("17track")
        company = self.make_company()
        connections = self.env["dropship.connection"].with_context(allowed_company_ids=company.ids)
        other = connections.with_user(self.make_login("manager", company))
        self.assertFalse(other.search([("id", "=", connection.id)]))

    def test_a_replaced_secret_stays_good_for_a_while(self):
        connection = self.make_connection("17track")
        self.assertEqual(connection._push_secrets(), ("key-of-17",))
        connection.secret = "new-key"
        self.assertEqual(connection._push_secrets(), ("new-key", "key-of-17"))
        connection.secret = "newest-key"
        self.assertEqual(connection._push_secrets(), ("newest-key", "new-key"))
        connection = self.make_connection("kuaidi100")
        salt = connection.push_secret
        connection.secret = "new-key"  # the salt has nothing to do with it
        self.assertEqual(connection._push_secrets(), (salt,))
        connection.push_secret = "pepper"
        self.assertEqual(connection._push_secrets(), ("pepper", salt))

    def test_a_copy_of_the_database_is_nobody(self):
        accounts = [self.make_connection(kind) for kind in KEYS]
        accounts[0].secret = "changed"
        self.env.flush_all()
        with file_open("dropship_flow/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        for connection in accounts:
            values = [connection[name] for name in ("secret", "service_customer", "push_secret", "push_secret_old")]
            self.assertFalse(any(values) or connection.push_token or connection.push_token_hash or connection.active)
            self.assertEqual(connection.endpoint, "https://neutralized.invalid")
            self.assertFalse(connection._push_secrets())

    # --- Test It ---

    def test_it_works(self):
        answer = {"code": 0, "data": {"quota_total": 100, "quota_remain": 73}}
        with service((200, answer)) as (url, asked):
            connection = self.make_connection("17track", endpoint=url, private_allowed=True)
            action = connection.action_test_service()
        self.assertEqual(action["params"]["type"], "success")
        self.assertIn("73", action["params"]["message"])
        self.assertEqual((connection.service_left, connection.health), (73, "good"))
        self.assertTrue(connection.service_tested_at)
        self.assertEqual(asked[0][0], "/getquota")

    def test_it_says_why_not(self):
        echo = {"code": -18010002, "data": {"errors": [{"code": -18010002, "message": "token key-of-17 unknown"}]}}
        with service((401, echo)) as (url, _asked):
            connection = self.make_connection("17track", endpoint=url, private_allowed=True)
            action = connection.action_test_service()
        self.assertEqual(action["params"]["type"], "danger")
        self.assertIn("Check key and address", action["params"]["message"])
        self.assertNotIn("key-of-17", action["params"]["message"] + (connection.last_error or ""))
        self.assertEqual(connection.health, "shaky")
        with service((503, {})) as (url, _asked):
            connection = self.make_connection("aftership", endpoint=url, private_allowed=True)
            self.assertIn("may be right all the same", connection.action_test_service()["params"]["message"])
        with service((200, {"result": False, "returnCode": "500", "message": "no"})) as (url, asked):
            connection = self.make_connection("kuaidi100", endpoint=url, private_allowed=True)
            self.assertEqual(connection.action_test_service()["params"]["type"], "success")
            self.assertNotIn(b"key-of-100", asked[0][2])  # it signs, and never travels

    def test_testing_needs_a_manager_and_a_service(self):
        connection = self.make_connection("17track")
        for login in ("user", "buyer"):
            with self.assertRaises(AccessError):
                connection.with_user(self.make_login(login)).action_test_service()
        webhook = self.env["dropship.connection"].create({"name": "Forwarder", "kind": "webhook"})
        with self.assertRaises(UserError):
            webhook.action_test_service()

    def test_no_error_repeats_a_secret(self):
        connection = self.make_connection("kuaidi100")
        client, _headers = connection._client()
        self.assertLessEqual(
            {"key-of-100", "CUSTOMER1", connection.push_secret, connection.push_token}, set(client.secrets)
        )


@tagged("post_install", "-at_install", "standard")
class TestTrackingServicesPush(HttpCase, ServiceFactories):
    """Each service pushes in its own way to the address of its account, and hears what it wants to hear."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company

    def push(self, connection, body, headers):
        path = connection.push_address.removeprefix(connection.get_base_url())
        return self.url_open(path, data=body, headers=headers)

    def kept(self, connection):
        self.env.invalidate_all()
        return self.env["dropship.inbox"].search([("connection_id", "=", connection.id)])

    def test_17track(self):
        connection = self.make_connection("17track")
        body = json.dumps({"event": "TRACKING_UPDATED", "data": {"number": "LP1", "carrier": 190271}}).encode()
        sign = hashlib.sha256(body + b"/key-of-17").hexdigest()
        self.assertEqual(self.push(connection, body, {"sign": sign[::-1]}).status_code, 401)
        self.assertFalse(self.kept(connection))
        self.assertEqual(self.push(connection, body, {"sign": sign}).status_code, 200)
        self.assertEqual(self.push(connection, body, {"sign": sign}).status_code, 200)
        self.assertEqual(len(self.kept(connection)), 1)

    def test_aftership(self):
        connection = self.make_connection("aftership")
        body = json.dumps({"event": "tracking_update", "msg": {"tracking_number": "A1", "slug": "dhl"}}).encode()
        sign = base64.b64encode(hmac.new(b"hook", body, hashlib.sha256).digest()).decode()
        headers = {"Content-Type": "application/json"}
        self.assertEqual(self.push(connection, body, headers).status_code, 401)
        self.assertEqual(self.push(connection, body, {**headers, "aftership-hmac-sha256": sign}).status_code, 200)
        self.assertEqual(len(self.kept(connection)), 1)

    def test_kuaidi100(self):
        connection = self.make_connection("kuaidi100")
        param = json.dumps({"status": "polling", "lastResult": {"nu": "YT1", "com": "yuantong", "data": []}})
        sign = hashlib.md5(f"{param}{connection.push_secret}".encode()).hexdigest().upper()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = self.push(connection, urlencode({"param": param, "sign": sign}), headers)
        self.assertEqual(answer.status_code, 200)
        self.assertEqual((answer.json()["result"], answer.json()["returnCode"]), (True, "200"))
        kept = self.kept(connection)
        read = SERVICES["kuaidi100"].read(kept.body.encode(), kept.headers, kept._form())
        self.assertEqual((read[0].number, read[0].carrier), ("YT1", "yto"))
        forged = self.push(connection, urlencode({"param": param, "sign": sign[:-1]}), headers)
        self.assertEqual(forged.status_code, 401)
