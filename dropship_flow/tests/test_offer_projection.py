import random
from datetime import timedelta
from decimal import Decimal

from odoo import Command, fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import float_compare

from .common_supply import SupplyCase


@tagged("post_install", "-at_install", "standard")
class TestOfferProjection(SupplyCase):
    def lines(self, offer):
        return [(line.min_qty, line.price) for line in offer.supplierinfo_ids.sorted("min_qty")]

    def tiers(self, offer, day=None, company=None):
        found = offer._tiers_for(company or self.env.company, day or fields.Date.today())
        return [(float(quantity), float(price)) for quantity, price, _currency in found.get(offer.id, [])]

    def test_an_offer_stands_on_the_vendor_list(self):
        offer = self.make_offer(self.warehouse, self.lamp, 9.2, sku="DL-1", name="Lamp white", lead_days=1.5)
        self.assertRecordValues(
            offer.supplierinfo_ids,
            [
                {
                    "partner_id": self.supplier.partner_id.id,
                    "product_id": self.lamp.id,
                    "product_tmpl_id": self.lamp.product_tmpl_id.id,
                    "product_uom_id": self.lamp.uom_id.id,
                    "company_id": self.env.company.id,
                    "currency_id": self.supplier.currency_id.id,
                    "product_code": "DL-1",
                    "product_name": "Lamp white",
                    "delay": 2,
                    "min_qty": 0,
                    "price": 9.2,
                }
            ],
        )
        self.assertEqual(self.lamp.seller_ids, offer.supplierinfo_ids)

    def test_every_tier_is_a_line_in_units_of_the_product(self):
        offer = self.make_offer(self.warehouse, self.lamp, 24, tiers=[(10, 21), (50, 18)], factor=12)
        self.assertEqual(self.lines(offer), [(0, 2), (120, 1.75), (600, 1.5)])
        self.assertEqual(self.tiers(offer), [(0, 2), (120, 1.75), (600, 1.5)])

    def test_tax_is_taken_out(self):
        offer = self.make_offer(self.warehouse, self.lamp, 11.9, price_tax_included=True, tax_percent=19)
        self.assertEqual(self.lines(offer), [(0, 10)])
        offer.price_tax_included = False
        self.assertEqual(self.lines(offer), [(0, 11.9)])

    def test_changes_follow_and_unchanged_lines_are_left_alone(self):
        offer = self.make_offer(self.warehouse, self.lamp, 10, tiers=[(5, 9)])
        base, tier = offer.supplierinfo_ids.sorted("min_qty")
        offer.tier_ids.price = 8
        self.assertEqual(self.lines(offer), [(0, 10), (5, 8)])
        self.assertEqual(offer.supplierinfo_ids, base | tier)
        offer.tier_ids.min_qty = 6
        self.assertEqual(self.lines(offer), [(0, 10), (6, 8)])
        offer.tier_ids.unlink()
        self.assertEqual(offer.supplierinfo_ids, base)

    def test_what_cannot_be_bought_has_no_line(self):
        offer = self.make_offer(self.warehouse, self.lamp, 10)
        for field, gone, back in (
            ("active", False, True),
            ("product_id", False, self.lamp.id),
            ("price", 0, 10),
        ):
            with self.subTest(field):
                offer[field] = gone
                self.assertFalse(self.lines(offer))
                self.assertFalse(self.tiers(offer))
                offer[field] = back
                self.assertEqual(self.lines(offer), [(0, 10)])

    def test_lines_follow_the_life_of_supplier_and_warehouse(self):
        offer = self.make_offer(self.warehouse, self.lamp, 10)
        self.supplier.action_pause()
        self.assertFalse(self.lines(offer))
        self.supplier.action_resume()
        self.assertTrue(self.lines(offer))
        self.supplier._block("Fake parcels")
        self.assertFalse(self.lines(offer))
        self.supplier.action_unblock()
        self.warehouse.active = False
        self.assertFalse(self.lines(offer))
        self.warehouse.active = True
        self.assertTrue(self.lines(offer))
        offer.unlink()
        self.assertFalse(self.lamp.seller_ids)

    def test_an_offer_without_price_is_kept_but_has_no_tiers(self):
        offer = self.make_offer(self.warehouse, self.lamp, 0)
        self.assertFalse(offer.has_price)
        self.assertFalse(self.tiers(offer))
        self.assertIn(offer, self.env["dropship.offer"].search([("has_price", "=", False)]))
        self.assertNotIn(offer, self.env["dropship.offer"].search([("has_price", "=", True)]))

    def test_the_vendor_list_cannot_contradict_the_offer(self):
        line = self.make_offer(self.warehouse, self.lamp, 10).supplierinfo_ids
        with self.assertRaisesRegex(UserError, "comes from its offer"):
            line.price = 1
        with self.assertRaisesRegex(UserError, "comes from its offer"):
            line.unlink()
        line.sequence = 3
        self.assertEqual(line.dropship_offer_id.sequence, 3, "The order of vendors is free")

    def test_the_unit_of_the_product_may_change(self):
        offer = self.make_offer(self.warehouse, self.lamp, 10)
        self.lamp.uom_id = self.env.ref("uom.product_uom_dozen")
        self.assertEqual(offer.supplierinfo_ids.product_uom_id, self.env.ref("uom.product_uom_dozen"))

    def test_an_agreement_wins_within_its_validity_even_when_dearer(self):
        today = fields.Date.today()
        offer = self.make_offer(self.warehouse, self.lamp, 10, tiers=[(50, 8)])
        self.make_agreement(
            self.supplier, self.lamp, 11, min_qty=20, date_start=today, date_end=today + timedelta(days=5)
        )
        self.assertEqual(self.tiers(offer), [(0, 10), (20, 11)])
        self.assertEqual(self.tiers(offer, today + timedelta(days=6)), [(0, 10), (50, 8)])
        seller = self.lamp._select_seller(partner_id=self.supplier.partner_id, quantity=60)
        self.assertEqual(seller.price, 11)
        self.assertEqual(self.lamp._select_seller(partner_id=self.supplier.partner_id, quantity=19).price, 10)

    def test_an_agreement_in_dozens_and_with_discount_counts_per_unit(self):
        offer = self.make_offer(self.warehouse, self.lamp, 10)
        dozen = self.env.ref("uom.product_uom_dozen")
        self.make_agreement(self.supplier, self.lamp, 96, min_qty=2, product_uom_id=dozen, discount=25)
        self.assertEqual(self.tiers(offer), [(0, 10), (24, 6)])

    def test_an_agreement_of_another_company_or_for_nothing_does_not_count(self):
        self.supplier.company_id = False
        offer = self.make_offer(self.warehouse, self.lamp, 10)
        self.make_agreement(self.supplier, self.lamp, 0)
        self.make_agreement(self.supplier, self.lamp, 7, company_id=self.make_company())
        self.assertEqual(self.tiers(offer), [(0, 10)])
        self.assertEqual(self.lamp._select_seller(partner_id=self.supplier.partner_id, quantity=1).price, 10)

    def test_nothing_is_bought_from_an_archived_contact(self):
        offer = self.make_offer(self.warehouse, self.lamp, 10)
        self.supplier.partner_id.active = False
        self.assertFalse(self.tiers(offer))
        self.assertFalse(self.lamp._select_seller(quantity=1))

    def test_another_company_pays_nothing_from_offers_that_are_not_its_own(self):
        offer = self.make_offer(self.warehouse, self.lamp, 10)
        self.assertFalse(self.tiers(offer, company=self.make_company()))

    def test_an_offer_without_price_lives_by_its_agreement(self):
        offer = self.make_offer(self.warehouse, self.lamp, 0)
        self.make_agreement(self.supplier, self.lamp, 7)
        self.assertEqual(self.tiers(offer), [(0, 7)])

    def test_buying_dear_once_is_no_agreement(self):
        offer = self.make_offer(self.warehouse, self.lamp, 10)
        offer.active = False
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.supplier.partner_id.id,
                "order_line": [Command.create({"product_id": self.lamp.id, "product_qty": 1, "price_unit": 99})],
            }
        )
        order.button_confirm()
        self.assertFalse(self.lamp.seller_ids)
        offer.active = True
        self.assertEqual(self.tiers(offer), [(0, 10)])

    def test_tiers_and_core_give_the_same_price(self):
        """Over tiers, currencies, factors and agreements the router pays what core would, for every quantity."""
        rng = random.Random(19)
        today = fields.Date.today()
        usd, cny = self.currency("USD", 1.1), self.currency("CNY", 7.8)
        currencies = [self.env.company.currency_id, usd, cny]
        suppliers = [self.make_supplier(f"S{index}", currency_id=rng.choice(currencies)) for index in range(6)]
        offers = self.env["dropship.offer"]
        for supplier in suppliers:
            for country in rng.sample(["DE", "PL", "CN"], rng.randint(1, 2)):
                offers |= self._random_offer(rng, self.make_warehouse(supplier, country))
            for _count in range(rng.randint(0, 3)):
                start = today + timedelta(days=rng.randint(-3, 3))
                self.make_agreement(
                    supplier,
                    self.lamp,
                    rng.randint(1, 2000) / 100,
                    min_qty=rng.choice([0, 5, 12, 40]),
                    discount=rng.choice([0, 0, 12.5]),
                    currency_id=rng.choice(currencies),
                    date_start=start,
                    date_end=start + timedelta(days=3),
                    product_id=rng.choice([self.lamp.id, False]),
                )
        for day in (today, today + timedelta(days=2)):
            tiers = offers._tiers_for(self.env.company, day)
            for supplier in suppliers:
                for quantity in (1, 4, 5, 12, 39.5, 40, 100, 1000):
                    with self.subTest(supplier=supplier.name, quantity=quantity, day=day):
                        self._assert_same_price(supplier, offers, tiers, quantity, day)

    def _random_offer(self, rng, warehouse):
        quantities = rng.sample([2, 3, 10, 25, 80], rng.randint(0, 3))
        return self.make_offer(
            warehouse,
            self.lamp,
            rng.choice([0, rng.randint(1, 2000) / 100]),
            tiers=[(quantity, rng.randint(1, 2000) / 100) for quantity in quantities],
            factor=rng.choice([1, 1, 12, 0.5]),
            price_tax_included=rng.random() < 0.3,
            tax_percent=19,
        )

    def _assert_same_price(self, supplier, offers, tiers, quantity, day):
        prices = []
        for offer in offers.filtered(lambda offer: offer.supplier_id == supplier):
            reached = [tier for tier in tiers.get(offer.id, []) if tier[0] <= Decimal(str(quantity))]
            prices += [(float(price), currency) for _quantity, price, currency in reached[-1:]]
        seller = self.lamp._select_seller(
            partner_id=supplier.partner_id, quantity=quantity, date=day, uom_id=self.lamp.uom_id
        )
        if not prices:
            self.assertFalse(seller)
            return
        company = self.env.company
        amounts = [
            self.env["res.currency"].browse(currency)._convert(price, company.currency_id, company, day, round=False)
            for price, currency in prices
        ]
        core = seller.currency_id._convert(seller.price_discounted, company.currency_id, company, day, round=False)
        self.assertFalse(float_compare(min(amounts), core, precision_digits=6), (amounts, core))

    def test_many_offers_take_a_constant_number_of_queries(self):
        products = [self.make_product(f"P{index}") for index in range(30)]
        offers = self.env["dropship.offer"]
        for product in products:
            offers |= self.make_offer(self.warehouse, product, 10, tiers=[(5, 9)])
        self.env.flush_all()
        with self.assertQueryCount(2):  # the vendor prices, and who has to look at the products again
            offers._project()
        with self.assertQueryCount(1):
            offers._tiers_for(self.env.company, fields.Date.today())


@tagged("post_install", "-at_install", "standard")
class TestOffer(SupplyCase):
    def test_a_code_is_offered_once_per_warehouse(self):
        self.make_offer(self.warehouse, sku="A")
        self.make_offer(self.make_warehouse(self.supplier, "PL"), sku="A")
        with self.refused():
            self.make_offer(self.warehouse, sku="A")

    def test_figures_outside_their_range_are_refused(self):
        offer = self.make_offer(self.warehouse, self.lamp)
        for values in (
            {"price": -1},
            {"stock": -1},
            {"factor": 0},
            {"moq": -1},
            {"pack": -1},
            {"lead_days": -1},
            {"tax_percent": 100},
            {"tier_ids": [Command.create({"min_qty": 0, "price": 1})]},
            {"tier_ids": [Command.create({"min_qty": 5, "price": -1})]},
            {"date_from": "2030-01-02", "date_to": "2030-01-01"},
        ):
            with self.subTest(values), self.refused():
                offer.write(values)
                offer.flush_recordset()
            offer.invalidate_recordset(flush=False)

    def test_an_inactive_currency_is_refused(self):
        unused = self.env["res.currency"].with_context(active_test=False).search([("active", "=", False)], limit=1)
        with self.assertRaisesRegex(ValidationError, "Activate it"):
            self.make_offer(self.warehouse, self.lamp, currency_id=unused)

    def test_importing_an_unknown_currency_says_so_and_imports_nothing(self):
        values = {"module": "__export__", "name": "here", "model": self.warehouse._name, "res_id": self.warehouse.id}
        self.env["ir.model.data"].create(values)
        known = self.env.company.currency_id.name
        rows = [["__export__.here", "A", "1.0", known], ["__export__.here", "B", "1.0", "Doubloon"]]
        result = self.env["dropship.offer"].load(["warehouse_id/id", "sku", "price", "currency_id"], rows)
        self.assertFalse(result["ids"])
        self.assertIn("Doubloon", result["messages"][0]["message"])
        self.assertFalse(self.env["dropship.offer"].search([("warehouse_id", "=", self.warehouse.id)]))

    def test_deleting_a_supplier_takes_its_offers_and_prices_along(self):
        self.make_offer(self.warehouse, self.lamp, 10)
        self.supplier.unlink()
        self.lamp.invalidate_recordset()
        self.assertFalse(self.lamp.seller_ids)
        self.assertFalse(self.lamp.is_dropship_product)

    def test_services_cannot_be_offered(self):
        with self.assertRaisesRegex(ValidationError, "Only goods can be dropshipped"):
            self.make_offer(self.warehouse, self.make_product("Help", type="service", route_ids=False))

    def test_new_figures_are_as_of_now_and_old_ones_are_found(self):
        self.supplier.max_age_hours = 24
        offer = self.make_offer(self.warehouse, self.lamp, as_of="2020-01-01 00:00:00")
        fresh = self.make_offer(self.warehouse, sku="FRESH")
        self.assertTrue(offer.stale)
        self.assertEqual(self.env["dropship.offer"].search([("stale", "=", True)]), offer)
        self.assertIn(fresh, self.env["dropship.offer"].search([("stale", "=", False)]))
        offer.stock = 3
        self.assertFalse(offer.stale)
        offer.write({"stock": 4, "as_of": "2020-01-01 00:00:00"})
        self.assertTrue(offer.stale)

    def test_a_product_knows_its_offers(self):
        cable = self.make_product("Cable")
        offer = self.make_offer(self.warehouse, self.lamp)
        self.assertTrue(self.lamp.is_dropship_product)
        self.assertFalse(cable.is_dropship_product)
        self.assertEqual((self.lamp.dropship_offer_count, self.lamp.product_tmpl_id.dropship_offer_count), (1, 1))
        dropshipped = self.env["product.product"].search([("is_dropship_product", "=", True)])
        self.assertIn(self.lamp, dropshipped)
        self.assertNotIn(cable, dropshipped)
        self.assertIn(cable, self.env["product.product"].search([("is_dropship_product", "=", False)]))
        offer.active = False
        self.assertFalse(self.lamp.is_dropship_product)
        self.assertEqual(self.lamp.action_dropship_offers()["domain"], [("product_id", "in", self.lamp.ids)])

    def test_a_product_is_ours_only_in_companies_that_may_buy_it(self):
        self.make_offer(self.warehouse, self.lamp)
        self.assertFalse(self.lamp.with_company(self.make_company()).is_dropship_product)
        self.supplier.company_id = False
        self.assertTrue(self.lamp.with_company(self.make_company("Third")).is_dropship_product)
