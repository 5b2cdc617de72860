import base64
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common_supplier_api import SupplierApiCase

PDF = base64.b64encode(b"%PDF-1.7 invoice").decode()


@tagged("post_install", "-at_install", "standard")
class TestSupplierApiFacts(SupplierApiCase):
    """What a supplier's program tells beyond orders: stock, prices, invoices."""

    # --- stock ---

    def stock(self, *rows, idempotency="s-1", **more):
        return self.call("/stock", {"rows": list(rows), **more}, idempotency=idempotency)

    def test_stock_row_by_row(self):
        lamp, stand = self.offers["Rhein", self.lamp], self.offers["Rhein", self.stand]
        before = self.offers["Yiwu", self.lamp].stock
        status, answer, _headers = self.stock(
            {"sku": lamp.sku, "stock": 7, "price": 15.5, "currency": "EUR"},
            {"sku": stand.sku, "stock": stand.stock},
            {"sku": "nothing", "stock": 1},
            {"sku": lamp.sku, "stock": 8},
            {"sku": stand.sku, "price": 3, "currency": "USD"},
            {"sku": lamp.sku, "warehouse": "MOON", "stock": 8},
        )
        self.assertEqual(status, 200, answer)
        self.assertEqual(
            [(row["status"], [error["code"] for error in row["errors"]]) for row in answer["results"]],
            [
                ("updated", []), ("unchanged", []), ("refused", ["no_offer"]), ("refused", ["twice"]),
                ("refused", ["other_currency"]), ("refused", ["no_offer"]),
            ],
        )  # fmt: skip
        self.assertEqual(answer["results"][2]["errors"][0]["path"], "rows[2].sku")
        self.assertEqual((lamp.stock, lamp.price), (7, 15.5))
        self.assertAlmostEqual(lamp.as_of, fields.Datetime.now(), delta=timedelta(minutes=5))
        self.assertEqual(lamp.supplierinfo_ids.mapped("price"), [15.5], "core's vendor price follows")
        self.assertEqual(self.offers["Yiwu", self.lamp].stock, before)

    def test_old_and_future_figures(self):
        lamp = self.offers["Rhein", self.lamp]
        lamp.as_of = "2026-05-01 10:00:00"
        old = self.stock({"sku": lamp.sku, "stock": 1}, as_of="2026-05-01T11:00:00+08:00")
        self.assertEqual(old[1]["results"][0]["status"], "older")
        future = self.stock({"sku": lamp.sku, "stock": 1}, as_of="2099-01-01T00:00:00Z", idempotency="s-2")
        self.assertEqual((future[0], future[1]["results"][0]["errors"][0]["code"]), (422, "in_future"))
        new = self.stock({"sku": lamp.sku, "stock": 1}, as_of="2026-05-01T10:00:01.5Z", idempotency="s-3")
        self.assertEqual((new[0], lamp.stock), (200, 1))
        self.assertEqual(lamp.as_of, fields.Datetime.to_datetime("2026-05-01 10:00:01"))

    def test_one_statement_for_many_rows(self):
        warehouse = self.warehouses["Rhein"]
        offers = self.env["dropship.offer"].create(
            [{"warehouse_id": warehouse.id, "sku": f"BULK-{number}", "price": 1} for number in range(300)]
        )
        self.env.flush_all()
        rows = [
            {"sku": f"BULK-{number}", "stock": number, "price": 2.0, "as_of": fields.Datetime.now()}
            for number in range(300)
        ]
        take = self.env["dropship.offer"]._take_figures
        with self.assertQueryCount(25):
            results = take(self.rhein, self.company, rows)
        self.assertEqual({status for status, _problems in results}, {"updated"})
        self.assertEqual((offers[299].stock, offers[299].price), (299, 2.0))

    def test_a_price_by_quantity_is_not_overwritten(self):
        offer = self.make_offer(self.warehouses["Rhein"], self.lamp, 12, tiers=[(5, 9)], sku="TIER")
        status, answer, _headers = self.stock({"sku": "TIER", "price": 11})
        self.assertEqual((status, answer["results"][0]["errors"][0]["code"]), (422, "has_tiers"))
        self.assertEqual(self.stock({"sku": "TIER", "stock": 4}, idempotency="s-2")[0], 200)
        self.assertEqual((offer.stock, offer.price), (4, 12))

    # --- invoices ---

    def invoice(self, idempotency="i-1", **changes):
        body = {
            "number": "RE-2026/1", "date": "2026-05-04", "currency": "EUR", "net": 22.4, "tax": 4.26, "total": 26.66,
            "lines": [{"ref": self.purchase.name, "amount": 22.4}],
            "document": {"name": "RE-1.pdf", "type": "application/pdf", "content": PDF},
        }  # fmt: skip
        return self.call("/invoices", {**body, **changes}, idempotency=idempotency)

    def test_an_invoice_is_kept_and_books_nothing(self):
        bills = self.env["account.move"].search_count([])
        status, answer, _headers = self.invoice()
        self.assertEqual((status, answer["number"], answer["orders"]), (200, "RE-2026/1", [self.purchase.name]))
        self.assertEqual((answer["state"], len(answer["reasons"])), ("held", 1), "nothing left yet")
        upload = self.env["dropship.bill.upload"].search([("supplier_id", "=", self.rhein.id)])
        self.assertEqual((upload.source, upload.number, upload.state), ("api", "RE-2026/1", "held"))
        message = self.purchase.dropship_exchange_ids
        self.assertEqual((message.kind, message.state, message.direction), ("invoice", "processed", "in"))
        self.assertNotIn("document", message.payload)
        document = self.env["ir.attachment"].search([("res_model", "=", message._name), ("res_id", "in", message.ids)])
        self.assertEqual((document.name, document.raw[:5]), ("RE-1.pdf", b"%PDF-"))
        self.assertIn("RE-2026/1", self.purchase.message_ids[0].body)
        self.assertIn("RE-2026/1", self.purchase.activity_ids.summary)
        self.assertEqual(self.env["account.move"].search_count([]), bills)
        status, answer, _headers = self.invoice("i-2", number="re-2026/1 ")
        self.assertEqual(status, 422, "a number has no blanks around it")
        status, answer, _headers = self.invoice("i-3", number="re-2026/1")
        self.assertEqual((status, self.codes(answer)), (409, [("number", "invoice_known")]))

    def test_invoices_that_are_wrong(self):
        pdf = {"name": "x", "type": "application/pdf"}
        cases = (
            ({"total": 27}, ("total", "sum")),
            ({"lines": [{"ref": "P-none"}]}, ("lines[0].ref", "no_such_order")),
            ({"document": {**pdf, "content": "aGVsbG8="}}, ("document", "no_document")),
            ({"document": {"name": "x", "type": "image/png", "content": "%%%%"}}, ("document", "no_document")),
            ({"document": {"name": "x", "type": "text/html", "content": "PGI+"}}, ("document.type", "enum")),
            ({"currency": "euro"}, ("currency", "maxLength")),
        )
        for number, (changes, expected) in enumerate(cases):
            with self.subTest(expected):
                status, answer, _headers = self.invoice(f"w-{number}", **changes)
                self.assertEqual((status, self.codes(answer)), (422, [expected]))
        self.assertFalse(self.purchase.dropship_exchange_ids)
