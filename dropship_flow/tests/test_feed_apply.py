import json

from odoo.tests import tagged
from odoo.tools import SQL

from .common_feed import FeedCase


@tagged("post_install", "-at_install", "standard")
class TestFeedApply(FeedCase):
    """What a file says stands on the offers, and only that; vendor prices and whoever follows supply know of it."""

    def test_only_what_the_file_speaks_of_is_touched(self):
        rows = self.rows(30)
        self.receive(rows)
        offer = self.offer("A-3")
        ours = {"moq": 4, "lead_days": 2.5, "weight": 0.7, "brand": "Ours", "backorder": True, "sequence": 3}
        offer.write({**ours, "as_of": self.clock})
        self.env.flush_all()
        rows["A-3"][2] = 1
        run = self.receive(rows)
        self.assertEqual(run.state, "done")
        self.assertRecordValues(
            offer,
            [{"stock": 1.0, "moq": 4.0, "lead_days": 2.5, "weight": 0.7, "brand": "Ours", "backorder": True,
              "sequence": 3}],
        )  # fmt: skip

    def test_an_archived_offer_stays_archived(self):
        rows = self.rows(30)
        self.receive(rows)
        offer = self.offer("A-3")
        offer.active = False
        rows["A-3"][2] = 1
        run = self.receive(rows)
        self.assertEqual((run.rows_applied, offer.active, offer.stock), (1, False, 1.0))
        self.assertEqual(run.rows_new, 0)

    def test_every_fact_a_file_can_say(self):
        columns = {
            "id": "sku", "name": "name", "brand": "brand", "cat": "category", "grp": "group_code",
            "colour": "attributes:colour", "text": "description", "img": "image_urls", "cost": "price",
            "msrp": "retail_price", "map": "map_price", "qty": "stock", "next": "next_arrival", "eol": "discontinued",
            "lead": "lead_days", "moq": "moq", "pack": "pack", "contains": "factor", "kg": "weight", "hs": "hs_code",
            "made": "origin", "from": "date_from", "to": "date_to",
        }  # fmt: skip
        feed = self.make_feed(columns=columns, name="All facts")
        item = {
            "id": "F-1", "name": "Tab\tand \\ slash", "brand": "Acme", "cat": "Home > Light", "grp": "G1",
            "colour": "red", "text": "Two\nlines", "img": "https://example.com/a.jpg", "cost": "9.90", "msrp": "19.90",
            "map": "15", "qty": "7", "next": "2026-03-01", "eol": "yes", "lead": "3", "moq": "2", "pack": "6",
            "contains": "12", "kg": "0.4", "hs": "940521", "made": "CN", "from": "2026-01-01", "to": "2026-12-31",
        }  # fmt: skip
        run = self.receive(json.dumps([item]).encode(), feed, name="all.json")
        self.assertEqual((run.state, run.rows_applied), ("done", 1), (run.problem, run.reject_ids.mapped("reasons")))
        offer = self.offer("F-1")
        self.assertEqual((offer.brand, offer.category, offer.group_code), ("Acme", "Home > Light", "G1"))
        self.assertEqual((offer.price, offer.retail_price, offer.map_price), (9.9, 19.9, 15.0))
        self.assertEqual((offer.moq, offer.pack, offer.factor, offer.lead_days, offer.weight), (2, 6, 12, 3, 0.4))
        self.assertEqual((offer.attributes, offer.discontinued), ({"colour": "red"}, True))
        self.assertEqual((offer.origin_id.code, offer.hs_code), ("CN", "940521"))
        self.assertEqual((str(offer.date_from), str(offer.date_to)), ("2026-01-01", "2026-12-31"))
        self.assertEqual(str(offer.next_arrival), "2026-03-01")
        self.assertIn("\\", offer.name)

    def test_prices_from_a_quantity_on(self):
        columns = {"code": "sku", "title": "name", "p1": "price", "p10": "price:10", "p50": "price:50"}
        feed = self.make_feed(columns=columns, name="Tiers")
        head = "code,title,p1,p10,p50"
        rows = {f"T-{number}": [f"Thing {number}", 20 + number, 18 + number, 15 + number] for number in range(30)}
        run = self.receive(self.csv(rows, head), feed)
        self.assertEqual(run.state, "done", run.guards)
        offer = self.offer("T-3")
        self.assertEqual([(tier.min_qty, tier.price) for tier in offer.tier_ids], [(10, 21), (50, 18)])
        self.assertEqual(offer.tier_ids.company_id, self.warehouse.company_id)
        kept = offer.tier_ids[0]
        numbers = self.numbers_used()
        rows["T-3"] = ["Thing 3", 23, 20.5, ""]
        self.receive(self.csv(rows, head), feed)
        self.env.invalidate_all()
        self.assertEqual([(tier.min_qty, tier.price) for tier in offer.tier_ids], [(10, 20.5)])
        self.assertEqual((offer.tier_ids, self.numbers_used()), (kept, numbers), "the row is the same, no number used")
        rows["T-4"][2:] = [10, 9]
        run = self.receive(self.csv(rows, head), feed)
        self.assertEqual(self.codes(run.reject_ids.reasons), ["tier_jump"])
        self.assertEqual(self.offer("T-4").tier_ids.mapped("price"), [22, 19])

    def test_warehouses_of_one_file(self):
        far = self.make_warehouse(self.supplier, "CN", code="CN1")
        self.warehouse.code = "DE1"
        columns = {"code": "sku", "title": "name", "cost": "price", "de": "stock:DE1", "cn": "stock:CN1"}
        feed = self.make_feed(columns=columns, name="Two places")
        rows = {f"W-{number}": [f"Thing {number}", 20 + number, number, 100 + number] for number in range(30)}
        run = self.receive(self.csv(rows, "code,title,cost,de,cn"), feed)
        self.assertEqual((run.state, run.rows_in, run.rows_new), ("done", 60, 60), (run.guards, run.problem))
        self.assertBalanced(run)
        self.assertEqual((self.offer("W-3").stock, self.offer("W-3", far).stock), (3.0, 103.0))

    def test_missing_goods_are_sold_out_the_second_time_and_come_back(self):
        rows = self.rows(60)
        self.receive(rows)
        gone = rows.pop("A-9")
        offer = self.offer("A-9")
        run = self.receive(rows)
        self.assertEqual((run.rows_missing, offer.missing_runs, offer.stock), (1, 1, 14.0))
        rows["A-1"][2] += 1
        run = self.receive(rows)
        self.assertEqual((run.rows_missing, run.rows_zeroed, offer.missing_runs, offer.stock), (1, 1, 2, 0.0))
        numbers, table = self.numbers_used(), self.table()
        rows["A-1"][2] += 1
        self.receive(rows)
        self.assertEqual(offer.missing_runs, 2)
        self.assertEqual(self.numbers_used(), numbers)
        self.assertEqual(len(self.table()), len(table), "nothing is deleted")
        rows["A-9"] = gone
        run = self.receive(rows)
        self.assertEqual((run.rows_restored, offer.missing_runs, offer.stock, offer.stock_mode), (1, 0, 14.0, "limited"))

    def test_the_same_file_again_is_the_second_time(self):
        rows = self.rows(60)
        self.receive(rows)
        rows.pop("A-9")
        content = self.csv(rows)
        self.receive(content)
        self.assertEqual(self.offer("A-9").stock, 14.0)
        self.assertEqual(self.receive(content).state, "same")
        self.assertEqual((self.offer("A-9").stock, self.offer("A-9").missing_runs), (0.0, 2))

    def test_a_list_of_prices_empties_no_stock(self):
        feed = self.make_feed(columns={"code": "sku", "title": "name", "cost": "price"}, name="Prices")
        rows = {code: cells[:2] for code, cells in self.rows(60).items()}
        self.receive(self.csv(rows, "code,title,cost"), feed)
        offer = self.offer("A-9")
        offer.stock = 33
        self.env.flush_all()
        rows.pop("A-9")
        for price in (12, 13):
            rows["A-1"][1] = price
            self.receive(self.csv(rows, "code,title,cost"), feed)
        self.assertEqual((offer.missing_runs, offer.stock), (2, 33.0))

    def test_vendor_prices_and_supply_follow(self):
        lamp = self.make_product("Fed lamp", default_code="A-3")
        other = self.make_product("Fed stand", default_code="A-4")
        rows = self.rows(30)
        self.receive(rows)
        offer = self.offer("A-3")
        self.assertEqual((offer.product_id, offer.supplierinfo_ids.price), (lamp, 10.3))
        self.assertEqual(lamp.seller_ids.filtered("dropship_offer_id").price, 10.3)
        self.env["dropship.supply.change"].search([]).unlink()
        line = offer.supplierinfo_ids
        rows["A-3"][1] = 10.9
        rows["A-4"][2] = 77
        numbers = self.numbers_used()
        self.receive(rows)
        self.assertEqual((offer.supplierinfo_ids, line.price), (line, 10.9))
        self.assertEqual(self.numbers_used(), numbers)
        self.assertEqual(self.env["dropship.supply.change"].search([]).product_id, lamp | other)

    def test_figures_told_later_by_other_ways_are_not_overwritten(self):
        rows = self.rows(30)
        self.receive(rows)
        offer = self.offer("A-3")
        later = self.clock.replace(hour=23)
        offer.write({"stock": 1.0, "as_of": later})
        self.env.flush_all()
        rows["A-3"][2] = 50
        run = self.receive(rows)
        self.assertLess(run.as_of, later)
        self.assertEqual((run.rows_applied, run.rows_unchanged, offer.stock), (0, 30, 1.0))
        self.receive(self.csv(rows) + b"\n", as_of=later.replace(minute=30))
        self.assertEqual(offer.stock, 50.0)

    def test_what_was_promised_counts_from_the_last_confirmation(self):
        rows = self.rows(30)
        self.receive(rows)
        offer = self.offer("A-3")
        query = SQL("SELECT %s FROM dropship_offer offer WHERE id = %s", offer._as_of_sql("offer"), offer.id)
        rows["A-4"][2] = 1
        self.receive(rows)
        self.env.flush_all()
        self.assertEqual(self.env.execute_query(query)[0][0], self.clock)
        self.assertLess(offer.as_of, self.clock)

    def test_two_companies(self):
        other = self.make_company("Elsewhere", currency_id=self.env.company.currency_id.id)
        supplier = self.make_supplier("Theirs", "DE", company_id=other.id)
        warehouse = self.make_warehouse(supplier, "DE")
        feed = self.make_feed(warehouse, name="Their list")
        run = self.receive(self.rows(30), feed)
        self.receive(self.rows(30))
        self.assertEqual((run.company_id, self.offer("A-1", warehouse).company_id), (other, other))
        self.assertEqual(self.offer("A-1").company_id, self.supplier.company_id)
        buyer = self.make_login("buyer")
        self.assertNotIn(run, self.env["dropship.feed.run"].with_user(buyer).search([]))

    def test_a_shared_supplier_belongs_to_nobody(self):
        supplier = self.make_supplier("Shared", "DE", company_id=False)
        warehouse = self.make_warehouse(supplier, "DE")
        self.make_product("Own", default_code="A-2", company_id=self.env.company.id)
        common = self.make_product("Common", default_code="A-3", company_id=False)
        run = self.receive(self.rows(30), self.make_feed(warehouse, name="Shared list"))
        self.assertEqual(run.state, "done")
        offer = self.offer("A-1", warehouse)
        self.assertFalse(offer.company_id or run.company_id or self.offer("A-2", warehouse).product_id)
        self.assertEqual(self.offer("A-3", warehouse).product_id, common)

    def test_an_odd_text_arrives_as_it_was(self):
        names = {
            "O-1": "C:\\temp\\new", "O-2": "Tab\there", "O-3": "\\N", "O-4": "灯 💡 «ok»", "O-5": "a\\.", "O-6": "=1+1",
        }  # fmt: skip
        items = [{"code": code, "title": name, "cost": 5 + n, "qty": n} for n, (code, name) in enumerate(names.items())]
        run = self.receive(json.dumps(items).encode(), name="odd.json")
        self.assertEqual((run.state, run.rows_in), ("done", 6))
        for code in ("O-1", "O-3", "O-4", "O-5"):
            with self.subTest(code=code):
                self.assertEqual(self.offer(code).name, names[code])
