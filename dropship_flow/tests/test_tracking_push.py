import json
import time
from urllib.parse import urlsplit

from odoo.tests import HttpCase, tagged

from ..models import push_store
from .common_flow import FlowFactories
from .common_tracking import SECRET, TrackingFactories


@tagged("post_install", "-at_install", "standard")
class TestTrackingPush(TrackingFactories, FlowFactories, HttpCase):
    """The door for pushes: known address, right signature, readable, not too many – then kept, once, and answered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.make_hero()
        cls.service = cls.make_service()
        cls.address = urlsplit(cls.service.push_address).path
        cls.body = cls.make_push("DE1", ("in_transit", 3))

    def setUp(self):
        super().setUp()
        push_store._buckets.clear()
        push_store._woken.clear()
        push_store._untold.clear()

    def push(self, body=None, headers=None, address=None, **kwargs):
        body = self.body if body is None else body
        headers = self.sign(body) if headers is None else headers
        return self.url_open(address or self.address, data=body, headers=headers, **kwargs)

    def kept(self):
        return self.env["dropship.inbox"].search_count([("connection_id", "=", self.service.id)])

    def test_a_push_is_kept_once_and_answered(self):
        triggers = self.env["ir.cron.trigger"]
        cron = self.env.ref("dropship_flow.cron_inbox")
        before = triggers.search_count([("cron_id", "=", cron.id)])
        for _again in range(3):
            answer = self.push()
            self.assertEqual((answer.status_code, answer.json()), (200, {"ok": True}))
        self.assertEqual(self.kept(), 1)
        self.assertEqual(triggers.search_count([("cron_id", "=", cron.id)]), before + 1)
        self.assertNotIn("session_id", answer.headers.get("Set-Cookie", ""))
        row = self.env["dropship.inbox"].search([("connection_id", "=", self.service.id)])
        self.assertEqual(row.body.encode(), self.body)
        self.assertEqual(row.company_id, self.company)
        self.assertNotIn("cookie", row.headers)

    def test_an_address_nobody_has(self):
        self.assertEqual(self.push(address="/dropship/track/push/unknown").status_code, 404)
        self.service.active = False
        self.assertEqual(self.push().status_code, 404)
        supplier = self.env["dropship.connection"].create({"name": "No", "endpoint": "https://a.example"})
        self.assertFalse(supplier.push_token)

    def test_without_a_secret_nothing_is_accepted_and_health_says_so(self):
        self.service.push_secret = False
        for _again in range(2):
            self.assertEqual(self.push().status_code, 503)
        self.assertEqual(self.kept(), 0)
        rows = list(self.env["dropship.health.check"]._connection_rows(self.company))
        row = next(row for row in rows if row["id"] == self.service.id)
        self.assertEqual(row["state"], "bad")
        self.assertIn("2 pushes were refused", row["text"])
        self.service.push_secret = SECRET
        self.assertEqual(self.push().status_code, 200)
        self.assertFalse(self.service.push_unsigned)

    def test_what_is_not_genuine_leaves_a_number_only(self):
        other = self.make_service(name="Other", push_secret="another one")
        good = self.sign(self.body)
        forged = [
            {},
            {**good, "X-Dropship-Signature": good["X-Dropship-Signature"][:-1]},
            {**good, "X-Dropship-Signature": "t=1,v1=" + "é".encode().decode("latin-1")},
            self.sign(self.body, other.push_secret),
            self.sign(json.dumps(json.loads(self.body), indent=2).encode()),
            self.sign(self.body, at=time.time() - 600),
            self.sign(self.body, at=time.time() + 120),
        ]
        for headers in forged:
            headers.setdefault("Content-Type", "application/json")
            answer = self.push(headers=headers)
            self.assertEqual(answer.status_code, 401, headers)
            self.assertNotIn(SECRET, answer.text)
        self.assertEqual((self.kept(), self.service.push_forged), (0, len(forged)))

    def test_both_secrets_while_they_are_changed(self):
        self.service.write({"push_secret": "new", "push_secret_old": SECRET})
        self.assertEqual(self.push().status_code, 200)
        self.assertEqual(self.push(headers=self.sign(self.body, "new")).status_code, 200)
        self.service.push_secret_old = False
        self.assertEqual(self.push().status_code, 401)

    def test_a_caught_push_sent_again_much_later(self):
        self.assertEqual(self.push().status_code, 200)
        self.assertEqual(self.push(headers=self.sign(self.body, at=time.time() - 600)).status_code, 401)
        self.assertEqual(self.kept(), 1)

    def test_what_is_no_message(self):
        deep = b"[" * 10_000 + b"]" * 10_000
        for body in (b"{", b"\xff\xfe\x00", deep, b'{"number": NaN}'):
            self.assertEqual(self.push(body).status_code, 400, body[:20])
        self.assertEqual(self.kept(), 0)

    def test_a_body_that_is_too_large(self):
        answer = self.push(b'{"number": "' + b"x" * 10_000_000 + b'"}')
        self.assertEqual(answer.status_code, 413)
        self.assertEqual(self.kept(), 0)

    def test_a_flood_fills_one_bucket_not_the_other(self):
        other = self.make_service(name="Other")
        push_store._buckets[self.env.cr.dbname, self.service.id] = [0.0, time.monotonic() + 60]
        answer = self.push()
        self.assertEqual((answer.status_code, answer.headers["Retry-After"]), (429, "1"))
        self.assertEqual(self.push(address=urlsplit(other.push_address).path).status_code, 200)

    def test_a_form_instead_of_json(self):
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        self.assertEqual(self.push(b"param=%7B%7D&sign=abc", headers=headers).status_code, 401)
        inbox = self.env["dropship.inbox"]
        inbox._store(self.service, b"", {}, {"param": '{"a": "中文"}', "sign": ""})
        row = inbox.search([("connection_id", "=", self.service.id)])
        self.assertEqual(row._form(), {"param": '{"a": "中文"}', "sign": ""})
