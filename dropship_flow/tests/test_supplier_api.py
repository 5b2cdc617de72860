import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..api.supplier_openapi import text
from .common_supplier_api import SupplierApiCase


@tagged("post_install", "-at_install", "standard")
class TestSupplierApi(SupplierApiCase):
    """A supplier's program calls us: plain HTTP with a key made on the supplier."""

    # --- reading ---

    def test_orders_to_answer_and_nothing_more_than_shipping_needs(self):
        status, page, headers = self.call("/orders")
        self.assertEqual((status, [order["ref"] for order in page["orders"]]), (200, [self.purchase.name]))
        (order,) = page["orders"]
        self.assertEqual((order["state"], order["currency"], len(order["lines"])), ("to_answer", "EUR", 3))
        words = json.dumps(page)
        for word in ("Anna Weber", "10115", "15.9"):
            self.assertIn(word, words)
        for secret in ("anna-canary", self.order.name, "34.9", "52.7", "Dawn", "Yiwu"):
            self.assertNotIn(secret, words)
        self.assertNotIn("Set-Cookie", headers)
        self.assertEqual(headers["Cache-Control"], "no-store")

    def test_page_by_page_by_state_and_since(self):
        refs = [self.purchase.name]
        for _ in range(3):
            refs += self.hero(confirm=True).dropship_purchase_ids.mapped("name")
        found, cursor, rounds = [], "", 0
        while rounds < 9:
            rounds += 1
            _status, page, _headers = self.call(f"/orders?limit=3{cursor}")
            found += [order["ref"] for order in page["orders"]]
            if "cursor" not in page:
                break
            cursor = f"&cursor={page['cursor']}"
        self.assertEqual((found, rounds), (refs, 2))
        for question, number in (("state=to_answer", 4), ("state=to_ship", 0), ("state=shipped", 0)):
            self.assertEqual(len(self.call(f"/orders?{question}")[1]["orders"]), number, question)
        later = (fields.Datetime.now() + timedelta(hours=1)).isoformat()
        self.assertFalse(self.call(f"/orders?since={later}Z")[1]["orders"])
        self.assertEqual(len(self.call("/orders?since=2026-01-01T00:00:00%2B08:00")[1]["orders"]), 4)

    def test_questions_that_are_wrong(self):
        for question, expected in (
            ("limit=0", ("limit", "limit")),
            ("limit=101", ("limit", "limit")),
            ("limit=x", ("limit", "limit")),
            ("state=lost", ("state", "word")),
            ("since=yesterday", ("since", "moment")),
            ("cursor=zz", ("cursor", "cursor")),
            ("cursor=-5", ("cursor", "cursor")),
            ("company=2", ("company", "unknown")),
        ):
            with self.subTest(question):
                status, answer, _headers = self.call(f"/orders?{question}")
                self.assertEqual((status, self.codes(answer)), (422, [expected]))
                self.assertTrue(answer["errors"][0]["message"])

    def test_one_order_and_whether_it_changed(self):
        status, order, headers = self.call(self.path())
        self.assertEqual((status, headers["ETag"]), (200, f'"{order["revision"]}"'))
        self.assertEqual(self.call(self.path(), **{"If-None-Match": headers["ETag"]})[0], 304)
        self.call(self.path("/acknowledge"), {"status": "accepted"})
        self.assertEqual(self.call(self.path(), **{"If-None-Match": headers["ETag"]})[0], 200)

    # --- who calls ---

    def test_without_a_good_key(self):
        for key, code in ((False, "key_unknown"), ("dsk_wrong", "key_unknown"), ("ключ", "key_unknown")):
            key = key.encode().decode("latin-1") if key else key
            status, answer, headers = self.call("/orders", key=key)
            self.assertEqual((status, self.codes(answer)), (401, [("", code)]), key)
            self.assertEqual(headers["WWW-Authenticate"], "Bearer")
        self.key.sudo().expires_on = fields.Date.today() - timedelta(days=1)
        self.assertEqual(self.codes(self.call("/orders")[1]), [("", "key_expired")])
        self.key.action_revoke()
        status, answer, _headers = self.call(self.path("/acknowledge"), {"status": "accepted"})
        self.assertEqual((status, self.codes(answer)), (401, [("", "key_revoked")]))
        self.assertEqual(self.purchase.state, "sent")
        self.assertFalse(self.env["dropship.api.request"].search_count([]), "nothing is stored for strangers")

    def test_a_key_is_good_for_what_is_ticked(self):
        calls = {
            "scope_orders": ("/orders", None),
            "scope_ship": (self.path("/shipments"), {"parcels": [{"number": "SF12345"}]}),
            "scope_stock": ("/stock", {"rows": [{"sku": "A", "stock": 1}]}),
            "scope_invoice": ("/invoices", {}),
        }
        for scope, (path, body) in calls.items():
            self.key[scope] = False
            with self.subTest(scope):
                self.assertEqual(self.call(path, body)[0], 403)
            self.key[scope] = True
        self.rhein.write({"blocked": True, "block_reason": "x"})
        self.assertEqual(self.call("/orders")[0], 403)

    def test_another_suppliers_or_companys_orders_do_not_exist(self):
        _key, yiwu = self.env["dropship.supplier.key"]._make(self.suppliers["Yiwu"], self.company)
        other = self.make_company("Other GmbH")
        shared = self.suppliers["Rhein"]
        shared.sudo().company_id = False
        _key, elsewhere = self.env["dropship.supplier.key"]._make(shared, other)
        for secret in (yiwu, elsewhere):
            self.assertEqual(self.call("/orders", key=secret)[1]["orders"], [])
            self.assertEqual(self.call(self.path(), key=secret)[0], 404)
            bodies = {"/acknowledge": {"status": "accepted"}, "/shipments": {"parcels": [{"number": "SF1234"}]}}
            for verb, body in bodies.items():
                status, answer, _headers = self.call(self.path(verb), body, key=secret, idempotency=f"x{verb}")
                self.assertEqual((status, self.codes(answer)), (404, [("ref", "no_such_order")]))
        self.assertEqual(self.purchase.state, "sent")

    def test_too_many_calls(self):
        self.key.rate = 2
        statuses = [self.call("/orders") for _ in range(3)]
        self.assertEqual([status for status, _answer, _headers in statuses], [200, 200, 429])
        self.assertEqual(statuses[2][2]["Retry-After"], "30")
        self.assertTrue(self.key.last_used)

    # --- answering ---

    def test_accepting_twice_is_accepting_once(self):
        first = self.call(self.path("/acknowledge"), {"status": "accepted", "id": "R-77"})
        again = self.call(self.path("/acknowledge"), {"status": "accepted", "id": "R-77"})
        other_key = self.call(self.path("/acknowledge"), {"status": "accepted", "id": "R-77"}, idempotency="k-2")
        self.assertEqual((first[0], first[1]["state"], first[1]["id"]), (200, "to_ship", "R-77"))
        self.assertEqual(again[:2], first[:2])
        self.assertEqual(other_key[1]["revision"], first[1]["revision"])
        self.assertEqual((self.purchase.state, self.purchase.partner_ref), ("purchase", "R-77"))
        self.assertEqual(len(self.purchase.dropship_exchange_ids), 1)

    def test_the_same_key_for_something_else(self):
        self.call(self.path("/acknowledge"), {"status": "accepted"})
        status, answer, _headers = self.call(self.path("/acknowledge"), {"status": "rejected"})
        self.assertEqual((status, self.codes(answer)), (409, [("idempotency_key", "key_reused")]))
        self.assertEqual(self.purchase.state, "purchase")

    def test_keys_of_two_suppliers_never_meet(self):
        _key, yiwu = self.env["dropship.supplier.key"]._make(self.suppliers["Yiwu"], self.company)
        self.assertEqual(self.call("/stock", {"rows": [{"sku": "A", "stock": 1}]}, key=yiwu)[0], 422)
        self.assertEqual(self.call(self.path("/acknowledge"), {"status": "accepted"})[0], 200)

    def test_a_call_needs_a_key_of_its_own(self):
        for told in ("", "with blank", "x" * 129):
            status, answer, _headers = self.call(self.path("/acknowledge"), {"status": "accepted"}, idempotency=told)
            self.assertEqual((status, answer["errors"][0]["path"]), (422, "idempotency_key"), told)
        self.assertEqual(self.purchase.state, "sent")

    def test_what_is_worked_on_elsewhere_gives_409_at_once(self):
        import odoo.sql_db  # noqa: PLC0415 - a connection of its own, past the cursor the tests share

        name = f"dropship.api key {self.company.id} 1 supplier key {self.key.id}: k-1"
        with odoo.sql_db.db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
            status, answer, headers = self.call(self.path("/acknowledge"), {"status": "accepted"})
            self.assertEqual((status, self.codes(answer)), (409, [("", "busy")]))
            self.assertEqual(headers["Retry-After"], "2")
        self.assertEqual(self.call(self.path("/acknowledge"), {"status": "accepted"})[0], 200)

    def test_a_refusal_is_bought_elsewhere(self):
        body = {"status": "rejected", "reason_code": "out_of_stock", "reason": "sold out"}
        status, answer, _headers = self.call(self.path("/acknowledge"), body)
        self.assertEqual((status, answer["state"], answer["ship_to"]), (200, "cancelled", {}))
        self.assertNotIn("Rhein", self.bought(self.order))
        self.assertEqual(self.call("/orders?state=cancelled")[1]["orders"][0]["ref"], self.purchase.name)

    def test_an_answer_to_what_changed_meanwhile(self):
        etag = self.call(self.path())[2]["ETag"]
        self.call(self.path("/acknowledge"), {"status": "accepted"})
        late = {"status": "rejected", "reason_code": "out_of_stock"}
        status, answer, _headers = self.call(self.path("/acknowledge"), late, idempotency="k-2", **{"If-Match": etag})
        self.assertEqual((status, self.codes(answer)), (412, [("ref", "changed_meanwhile")]))
        self.assertEqual(self.purchase.state, "purchase")

    def test_what_never_was_sent_is_not_told(self):
        self.policy.automation = "draft"
        drafts = self.hero(confirm=True).dropship_purchase_ids
        self.assertEqual(drafts.mapped("state"), ["draft"])
        self.assertEqual(self.call(f"/orders/{drafts.name}")[0], 404)
        drafts.button_cancel()
        self.assertEqual(self.call(f"/orders/{drafts.name}")[0], 404)

    def test_shipping(self):
        body = {"parcels": [{"number": "sf 1234 5678", "carrier": "SF Express"}]}
        status, answer, _headers = self.call(self.path("/shipments"), body)
        self.assertEqual((status, answer["state"]), (200, "shipped"), answer)
        self.assertEqual([parcel["number"] for parcel in answer["parcels"]], ["SF12345678"])
        picking = self.purchase.picking_ids
        self.assertEqual((picking.state, picking.carrier_tracking_ref), ("done", "SF12345678"))
        again = self.call(self.path("/shipments"), body, idempotency="k-2")
        self.assertEqual((again[0], again[1]["revision"]), (200, answer["revision"]))

    def test_a_number_that_is_none_changes_nothing(self):
        status, answer, _headers = self.call(self.path("/shipments"), {"parcels": [{"number": "hello"}]})
        self.assertEqual((status, self.codes(answer)), (422, [("", "refused")]))
        self.assertEqual(self.purchase.state, "sent", "accepted by shipping, or not at all")
        self.assertFalse(self.purchase.dropship_exchange_ids)

    # --- bodies and the rest ---

    def test_bodies_that_are_wrong(self):
        for body, expected in (
            ("{", ("", "no_json")),
            ("[]", ("", "type")),
            ("[" * 50_000, ("", "no_json")),
            ('{"status": "accepted", "status": "rejected"}', ("status", "duplicate")),
            ('{"status": "changed", "lines": [{"price": NaN}]}', ("NaN", "nan")),
            ('{"status": "accepted", "reason": "a\\u0000"}', ("reason", "text")),
            ('{"status": "accepted", "ref": "P-other"}', ("ref", "other_ref")),
            ('{"status": "changed", "lines": [{"accepted": 1}]}', ("", "refused")),
        ):
            with self.subTest(body[:50]):
                status, answer, _headers = self.call(self.path("/acknowledge"), body, idempotency=f"b-{hash(body)}")
                self.assertEqual((status, self.codes(answer)[:1]), (422, [expected]))
        self.assertEqual(self.purchase.state, "sent")

    def test_a_body_that_is_too_large(self):
        body = json.dumps({"status": "accepted", "reason": "x" * 5_000_001})
        status, answer, _headers = self.call(self.path("/acknowledge"), body)
        self.assertEqual((status, self.codes(answer)), (413, [("", "too_large")]))

    @mute_logger("odoo.addons.dropship_flow.models.supplier_api")
    def test_an_error_of_ours_is_said_as_one(self):
        self.patch(type(self.env["purchase.order"]), "_dropship_take_answer", lambda *_args: 1 / 0)
        status, answer, _headers = self.call(self.path("/acknowledge"), {"status": "accepted"})
        self.assertEqual((status, self.codes(answer)), (500, [("", "failed_here")]))
        self.assertFalse(self.purchase.dropship_exchange_ids)

    def test_sentences_in_the_suppliers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.rhein.partner_id.lang = "zh_CN"
        status, answer, _headers = self.call("/orders/P-none")
        self.assertEqual(status, 404)
        self.assertTrue(answer["errors"][0]["message"])

    def test_a_refused_call_is_not_repeated_by_us(self):
        self.call(self.path("/acknowledge"), {"status": "maybe"})
        row = self.env["dropship.api.request"].search([])
        self.assertEqual((row.state, row.body), ("rejected", False))
        with self.assertRaises(UserError):
            row.with_user(self.make_login("manager")).action_repeat()

    def test_the_description_is_served_to_anybody(self):
        response = self.url_open("/dropship/supplier/openapi.json")
        self.assertEqual((response.status_code, response.text), (200, text()))

    def test_the_examples_of_the_manual_run(self):
        """Every call shown in docs/supplier_api.md is accepted as it stands there, in the order it is shown."""
        from pathlib import Path  # noqa: PLC0415

        manual = (Path(__file__).parents[2] / "docs" / "supplier_api.md").read_text(encoding="utf-8")
        examples = [part.partition("```")[0] for part in manual.split("```sh\n")[1:] if "$API" in part]
        self.assertGreaterEqual(len(examples), 6)
        lamp = self.offers["Rhein", self.lamp]
        for number, example in enumerate(examples):
            if "$API/feeds" in example:
                continue  # whole files: test_feed_api
            if "$API/returns" in example:
                continue  # after-sales has them
            path = example.partition('"$API')[2].partition('"')[0].replace("P00012", self.purchase.name)
            body = example.partition("-d '")[2].rpartition("'")[0] or None
            if body:
                body = body.replace("P00012", self.purchase.name).replace("LAMP-EU", lamp.sku)
            with self.subTest(path):
                status, answer, _headers = self.call(path, body, idempotency=f"manual-{number}")
                self.assertEqual(status, 200, answer)
        self.assertEqual(self.purchase.picking_ids.state, "done")

    # --- keys ---

    def test_a_manager_makes_a_key_that_is_shown_once(self):
        manager, buyer = self.make_login("manager"), self.make_login("buyer")
        vals = {"supplier_id": self.rhein.id, "company_id": self.company.id}
        make = self.env["dropship.supplier.key.make"].with_user(manager).create(vals)
        text = make.action_make()["context"]["default_key"]
        self.assertTrue(text.startswith("dsk_"))
        self.env.flush_all()
        self.env.cr.execute("SELECT * FROM dropship_supplier_key WHERE supplier_id = %s", [self.rhein.id])
        self.assertNotIn(text[8:], str(self.env.cr.fetchall()))
        key = self.env["dropship.supplier.key"].search([("supplier_id", "=", self.rhein.id)], limit=1)
        self.assertNotIn("key_hash", key.with_user(manager).fields_get())
        self.assertEqual(self.call("/orders", key=text)[0], 200)
        with self.assertRaises(AccessError):
            self.env["dropship.supplier.key.make"].with_user(buyer).create(vals)
        with self.assertRaises(AccessError):
            key.with_user(buyer).action_revoke()
        with self.assertRaises(AccessError):
            key.with_user(manager).supplier_id = self.suppliers["Yiwu"]
        with self.assertRaises(AccessError):
            self.env["dropship.supplier.key"].with_user(manager).create({**vals, "name": "x", "key_hash": "x"})
        key.with_user(manager).action_revoke()
        self.assertEqual(self.call("/orders", key=text)[0], 401)

    def test_a_key_is_of_one_company(self):
        other = self.make_company("Other GmbH")
        with self.assertRaises(UserError):
            self.env["dropship.supplier.key"]._make(self.rhein, other)
        manager = self.make_login("manager")
        make = self.env["dropship.supplier.key.make"].with_user(manager)
        with self.assertRaises(AccessError):
            make.create({"supplier_id": self.rhein.id, "company_id": other.id}).action_make()
