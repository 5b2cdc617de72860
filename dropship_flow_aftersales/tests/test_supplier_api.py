import json
from pathlib import Path

from odoo.addons.dropship_flow.api.supplier_openapi import BASE
from odoo.tests import HttpCase, tagged

from .common_supplier import SupplierCase


@tagged("post_install", "-at_install", "standard")
class TestSupplierReturnsApi(SupplierCase, HttpCase):
    """A supplier's program reads its returns and claims and answers them, with the key it has for orders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        keys = cls.env["dropship.supplier.key"]
        cls.key, cls.secret = keys._make(cls.rhein, cls.company)
        _key, cls.other_secret = keys._make(cls.suppliers["Dawn"], cls.company)

    def setUp(self):
        super().setUp()
        self.connect()
        self.sold = self.delivered((self.lamp, 3, 87654.32))
        self.case = self.agreed((self.sold.order_line[:1], 2, "damaged", {"note": "canary-anna@example.com"}))
        self.claimed = self.claim(40.0, order=self.sold)

    def call(self, path, body=None, secret=None, idempotency="k-1"):
        told = {"Content-Type": "application/json", "Authorization": f"Bearer {secret or self.secret}"}
        data = None
        if body is not None:
            told["Idempotency-Key"] = idempotency
            data = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.env.flush_all()
        response = self.url_open(BASE + path, data=data, headers=told)
        self.env.invalidate_all()
        return response.status_code, response.json()

    def test_he_reads_what_waits_and_nothing_of_the_sale(self):
        status, page = self.call("/returns?state=asked")
        self.assertEqual((status, [row["ref"] for row in page["returns"]]), (200, [self.case.name]))
        status, claims = self.call("/claims?state=to_answer")
        self.assertEqual([row["amount"] for row in claims["claims"]], ["40.00"])
        words = json.dumps(page) + json.dumps(claims)
        for secret in ("canary-anna", "Anna", "87654", self.sold.name, "Dawn"):
            self.assertNotIn(secret, words)
        self.assertEqual(self.call(f"/returns/{self.case.name}")[1]["ref"], self.case.name)
        self.assertEqual(self.call(f"/claims/{self.claimed._supplier_ref()}")[1]["state"], "to_answer")

    def test_he_answers_and_the_same_key_does_it_once(self):
        path = f"/returns/{self.case.name}/answer"
        body = {"answer": "approved", "address": {"street": "Yard 4", "city": "Yiwu"}, "id": "V-1"}
        for _time in range(2):
            status, view = self.call(path, body)
            self.assertEqual((status, view["state"], view["id"]), (200, "approved", "V-1"))
        self.assertEqual(self.history(self.case).count("approve"), 1)
        self.sent(self.case)
        lines = [{"line": str(self.case.line_ids.id), "qty": 2, "condition": "used"}]
        status, view = self.call(path, {"answer": "inspected", "lines": lines}, idempotency="k-2")
        self.assertEqual((status, view["lines"][0]["came"]), (200, 2.0), view)
        status, view = self.call(
            f"/claims/{self.claimed._supplier_ref()}/answer",
            {"answer": "partly", "amount": "12.50", "currency": "EUR"},
            idempotency="k-3",
        )
        self.assertEqual((status, view["state"], view["granted"]), (200, "partly", "12.50"))

    def test_what_is_wrong_is_refused_in_words(self):
        returns, claims = f"/returns/{self.case.name}/answer", f"/claims/{self.claimed._supplier_ref()}/answer"
        for number, (path, body, status, word) in enumerate(
            (
                (returns, {"answer": "perhaps"}, 422, "answer"),
                (returns, {"answer": "refused"}, 422, "why"),
                (returns, {"answer": "counted", "lines": [{"sku": "NO", "qty": 1}]}, 422, "Approve"),
                (returns, {"answer": "approved", "price": 1}, 422, "price"),
                (returns, "no json", 422, ""),
                (claims, {"answer": "accepted", "amount": "50"}, 422, "40.00"),
                (claims, {"answer": "accepted", "currency": "USD"}, 422, "USD"),
                ("/returns/RMA/1999/1/answer", {"answer": "approved"}, 404, "RMA/1999/1"),
            )
        ):
            got, answer = self.call(path, body, idempotency=f"w-{number}")
            self.assertEqual(got, status, answer)
            self.assertIn(word, json.dumps(answer))
        self.assertEqual((self.case.approval, self.claimed.state), ("waiting", "filed"))

    def test_the_examples_of_the_manual_run(self):
        manual = (Path(__file__).parents[2] / "docs" / "supplier_api.md").read_text(encoding="utf-8")
        blocks = [part.partition("```")[0] for part in manual.split("```sh\n")[1:]]
        (block,) = (block for block in blocks if "$API/returns" in block)
        names = {"RMA/2026/00012": self.case.name, "CLM-7": self.claimed._supplier_ref()}
        calls = block.split("curl ")[1:]
        self.assertEqual(len(calls), 3)
        for number, example in enumerate(calls):
            path = example.partition('"$API')[2].partition('"')[0]
            for told, mine in names.items():
                path = path.replace(told, mine)
            status, answer = self.call(
                path, example.partition("-d '")[2].rpartition("'")[0] or None, idempotency=f"manual-{number}"
            )
            self.assertEqual(status, 200, answer)

    def test_another_supplier_finds_nothing(self):
        self.assertEqual(self.call("/returns", secret=self.other_secret)[1], {"returns": []})
        for path in (f"/returns/{self.case.name}", f"/claims/{self.claimed._supplier_ref()}"):
            self.assertEqual(self.call(path, secret=self.other_secret)[0], 404)
            answer = {"answer": "received"}
            status, _answer = self.call(f"{path}/answer", answer, secret=self.other_secret, idempotency=path)
            self.assertEqual(status, 404)

    def test_a_key_without_the_right_is_refused(self):
        self.key.scope_returns = False
        self.assertEqual(self.call("/returns")[0], 403)

    def test_the_description_holds_every_call(self):
        document = self.url_open("/dropship/supplier/returns/openapi.json").json()
        for path in ("/returns", "/returns/{ref}/answer", "/claims", "/claims/{ref}/answer", "/orders"):
            self.assertIn(BASE + path, document["paths"])
        named = {part.partition('"')[0] for part in json.dumps(document).split("#/components/schemas/")[1:]}
        self.assertFalse(named - set(document["components"]["schemas"]))
