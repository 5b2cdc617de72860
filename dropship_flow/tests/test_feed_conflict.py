from odoo.tests import tagged

from .common_feed import FeedCase

GTIN = "4006381333931"
OTHER = "4006381333948"


@tagged("post_install", "-at_install", "standard")
class TestFeedConflict(FeedCase):
    """What nobody should take silently waits for a person: the old price counts, the old goods stay."""

    def setUp(self):
        super().setUp()
        self.known = self.rows(60)
        self.known["A-1"][3] = GTIN
        self.known["A-2"][0] = "Desk lamp white"
        self.receive(self.known)

    def changed(self, sku, **cells):
        rows = {code: list(row) for code, row in self.known.items()}
        for name, value in cells.items():
            rows[sku][("name", "price", "stock", "barcode").index(name)] = value
        return rows

    def assertWaits(self, run, sku, kind, code, **offer):
        self.assertEqual((run.state, run.rows_quarantined), ("done", 1), run.guards)
        self.assertBalanced(run)
        row = run.reject_ids
        self.assertEqual((row.sku, row.kind, self.codes(row.reasons)), (sku, kind, [code]))
        self.assertNotIn("…", row.reason)
        self.assertEqual(row.offer_id, self.offer(sku))
        for name, value in offer.items():
            self.assertEqual(self.offer(sku)[name], value)
        return row

    # --- prices ---

    def test_a_price_ten_times_as_high_waits_and_the_stock_is_taken(self):
        run = self.receive(self.changed("A-3", price=103.0, stock=2))
        self.assertWaits(run, "A-3", "quarantine", "price_factor", price=10.3, stock=2.0, quarantined=True)
        self.assertEqual(self.offer("A-3").held_price, 103.0)

    def test_prices_that_jump_wait(self):
        for price, code in ((13.5, "price_up"), (5.1, "price_down"), (0, "price_zero"), (0.103, "price_factor")):
            with self.subTest(price=price):
                run = self.receive(self.changed("A-3", price=price))
                if run.reject_ids.kind == "reject":  # the reader itself does not take a price of 0
                    self.assertEqual(self.offer("A-3").price, 10.3)
                    continue
                self.assertWaits(run, "A-3", "quarantine", code, price=10.3)

    def test_a_price_within_bounds_is_taken(self):
        run = self.receive(self.changed("A-3", price=12.5))
        self.assertEqual((run.state, run.rows_applied, self.offer("A-3").price), ("done", 1, 12.5))

    def test_another_currency_waits(self):
        self.currency("USD", 1.1)
        self.feed.column_ids.create({"feed_id": self.feed.id, "source": "cur", "target": "currency"})
        rows = {code: [*cells, "USD" if code == "A-3" else ""] for code, cells in self.known.items()}
        run = self.receive(self.csv(rows, "code,title,cost,qty,ean,cur"))
        self.assertWaits(run, "A-3", "quarantine", "other_currency", price=10.3)
        self.assertEqual(self.offer("A-3").currency_id, self.supplier.currency_id)

    def test_the_new_price_is_accepted(self):
        run = self.receive(self.changed("A-3", price=103.0, stock=2))
        taken = run.reject_ids.with_user(self.make_login("buyer")).action_replay()
        self.assertEqual((taken.state, taken.rows_applied), ("done", 1))
        self.assertBalanced(taken)
        self.assertEqual(run.reject_ids.state, "replayed")
        self.assertRecordValues(self.offer("A-3"), [{"price": 103.0, "stock": 2.0, "quarantined": False}])
        again = self.receive(self.changed("A-3", price=103.0, stock=1))
        self.assertEqual((again.rows_quarantined, self.offer("A-3").stock), (0, 1.0))

    def test_the_old_price_is_kept_and_not_asked_again(self):
        run = self.receive(self.changed("A-3", price=103.0))
        run.reject_ids.action_dismiss()
        self.assertFalse(self.offer("A-3").quarantined)
        again = self.receive(self.changed("A-3", price=103.0, stock=1))
        self.assertEqual((again.reject_ids.state, again.rows_quarantined), ("dismissed", 1))
        self.assertRecordValues(self.offer("A-3"), [{"price": 10.3, "stock": 1.0, "quarantined": False}])
        other = self.receive(self.changed("A-3", price=104.0, stock=1))
        self.assertEqual(other.reject_ids.state, "open", "another price is another question")

    def test_a_newer_file_decides_what_was_open(self):
        run = self.receive(self.changed("A-3", price=103.0))
        self.receive(self.changed("A-3", price=10.4))
        self.assertEqual(run.reject_ids.state, "superseded")
        self.assertRecordValues(self.offer("A-3"), [{"price": 10.4, "quarantined": False, "held_price": 0.0}])

    def test_many_are_decided_at_once(self):
        rows = self.changed("A-3", price=103.0)
        rows["A-4"][1] = 104.0
        run = self.receive(rows)
        self.assertEqual(run.rows_quarantined, 2)
        run.action_accept_all()
        self.assertEqual((self.offer("A-3").price, self.offer("A-4").price), (103.0, 104.0))

    # --- prices in doubt and buying ---

    def test_a_doubtful_price_above_the_sale_price_is_not_bought_unseen(self):
        offer = self.offer("A-3")
        self.make_rate(self.supplier, 3.9, countries="DE", days=(1, 2, 3))
        lamp = self.make_product("Doubtful Lamp", list_price=30.0, weight=0.4)
        offer.product_id = lamp
        self.env.flush_all()
        self.receive(self.changed("A-3", price=103.0))
        self.make_policy("buy")
        order = self.make_sale(lamp, partner=self.make_partner("Customer", "DE"))
        order.action_confirm()
        self.assertFalse(order.dropship_purchase_ids)
        reasons = str(order.dropship_hold_ids.mapped("reasons"))
        self.assertIn("price_in_doubt", reasons)

    # --- codes and names ---

    def test_a_code_that_means_other_goods_waits(self):
        run = self.receive(self.changed("A-2", name="Garden hose 20 m", stock=1))
        row = self.assertWaits(run, "A-2", "conflict", "sku_reused", name="Desk lamp white", stock=7.0)
        self.assertTrue(self.offer("A-2").unconfirmed)
        row.action_replay()
        self.assertRecordValues(
            self.offer("A-2"), [{"name": "Garden hose 20 m", "stock": 1.0, "unconfirmed": False}]
        )

    def test_a_name_said_in_other_words_is_taken(self):
        run = self.receive(self.changed("A-2", name="LAMP for the desk (white)"))
        self.assertEqual((run.rows_applied, run.rows_quarantined), (1, 0))

    def test_another_gtin_waits(self):
        run = self.receive(self.changed("A-1", barcode=OTHER))
        self.assertWaits(run, "A-1", "conflict", "gtin_changed", barcode="0" + GTIN)

    def test_a_gtin_on_two_codes_waits(self):
        rows = self.changed("A-4", barcode=OTHER)
        rows["A-5"][3] = OTHER
        run = self.receive(rows)
        self.assertEqual(set(run.reject_ids.mapped("sku")), {"A-4", "A-5"})
        self.assertEqual(self.codes(run.reject_ids[0].reasons), ["gtin_twice"])
        self.assertFalse(self.offer("A-4").barcode)

    def test_a_new_offer_is_linked_by_gtin_then_by_code(self):
        by_gtin = self.make_product("By GTIN", barcode=OTHER)
        by_code = self.make_product("By code", default_code="N-2")
        rows = {
            **self.known,
            "N-1": ["New one", 5, 5, OTHER],
            "N-2": ["New two", 6, 6, ""],
            "N-3": ["New three", 7, 7, ""],
        }
        run = self.receive(rows)
        self.assertEqual(run.rows_new, 3)
        self.assertEqual(self.offer("N-1").product_id, by_gtin)
        self.assertEqual(self.offer("N-2").product_id, by_code)
        self.assertEqual(self.offer("N-2").product_tmpl_id, by_code.product_tmpl_id)
        self.assertFalse(self.offer("N-3").product_id)
        self.assertEqual(self.offer("N-1").supplierinfo_ids.price, 5.0)

    def test_a_gtin_that_is_another_product_waits(self):
        self.offer("A-4").product_id = self.make_product("Linked")
        self.make_product("Owner of the GTIN", barcode=OTHER)
        self.env.flush_all()
        run = self.receive(self.changed("A-4", barcode=OTHER))
        self.assertWaits(run, "A-4", "conflict", "gtin_other_product", barcode=False)

    def test_products_of_other_companies_are_not_linked(self):
        other = self.make_company("Elsewhere")
        self.make_product("Theirs", barcode=OTHER, company_id=other.id)
        self.receive({**self.known, "N-1": ["New one", 5, 5, OTHER]})
        self.assertFalse(self.offer("N-1").product_id)

    # --- rows corrected by a person ---

    def test_a_corrected_row_is_read_again_and_taken(self):
        rows = [*self.known.items(), ("A-61", ["Broken", "ab c", 4, ""])]
        run = self.receive(rows)
        row = run.reject_ids
        row.cells = {**row.cells, "cost": "still not"}
        self.assertFalse(row.action_replay())
        self.assertEqual((row.state, self.codes(row.reasons)), ("open", ["not_a_number"]))
        row.cells = {**row.cells, "cost": "7.50"}
        taken = row.action_replay()
        self.assertEqual((row.state, taken.rows_applied, taken.rows_in), ("replayed", 1, 1))
        self.assertEqual((self.offer("A-61").price, self.offer("A-61").stock), (7.5, 4.0))
        self.assertEqual((self.feed.last_rows, self.feed.as_of), (61, run.as_of), "the file itself was not replaced")

    def test_a_corrected_row_of_a_file_without_headings(self):
        columns = {"#1": "sku", "#2": "name", "#3": "price", "#4": "stock"}
        feed = self.make_feed(name="No headings", columns=columns, bad_percent=50.0)
        run = self.receive(b"H-1,Bowl,4.50,3\nH-2,Cup,5.50,6\nH-3,Jug,cheap,1\n", feed=feed)
        self.assertEqual(run.state, "done", run.problem)
        row = run.reject_ids
        row.cells = {**row.cells, "#3": "7.50"}
        self.assertEqual((row.action_replay().rows_applied, row.state), (1, "replayed"))
        self.assertEqual(self.offer("H-3").price, 7.5)

    def test_rows_of_a_replaced_file_are_not_taken(self):
        from odoo.exceptions import UserError  # noqa: PLC0415

        run = self.receive([*self.known.items(), ("A-61", ["Broken", "ab c", 4, ""])])
        row = run.reject_ids
        row.state = "dismissed"
        self.receive(self.changed("A-3", stock=1))
        row.cells = {**row.cells, "cost": "7.50"}
        with self.assertRaises(UserError):
            row.action_replay()
