import itertools
import random
from decimal import Decimal

from odoo import Command
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, mute_logger
from psycopg2.errors import CheckViolation

from ..fapiao import price as rule
from .common_fapiao import FapiaoFactories


class China(FapiaoFactories, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.make_china()


@tagged("post_install", "-at_install", "standard")
class TestFapiaoPrice(China):
    """含税, 不含税 and 税点: one price for router, landed cost, purchase and shop."""

    def quoted(self, price=100.0, **vals):
        self.offer.write({"price": price, **vals})

    def price(self, company=None):
        """What the vendor list says for the company: the router, core and the shop read it."""
        company = company or self.company
        tiers = self.offer._tiers_for(company, self.env["dropship.landed"]._facts(company).now.date())
        return float(tiers[self.offer.id][0][1])

    def landed(self, offer=None):
        offer = offer or self.offer
        place = {"country_id": self.country("CN").id, "state_id": False, "zip": "310012"}
        return self.env["dropship.landed"]._of_offers(offer.ids, place, self.company)[offer.id]

    def purchase(self):
        order = self.make_sale(self.lamp, partner=self.li, confirm=True)
        return order.dropship_purchase_ids.order_line

    def test_python_and_sql_say_the_same(self):
        """Every combination with random figures."""
        dice = random.Random(7)
        cases = []
        for included, need, issues in itertools.product((True, False), ("", *rule.NEEDS), ("", *rule.ISSUES)):
            for tax, point in itertools.product((0.0, dice.uniform(1, 20)), (0.0, dice.uniform(1, 20))):
                cases.append((included, tax, need, issues, point, 13.0))
        query = (
            "SELECT steps.times, steps.divide FROM (SELECT %s::bool AS price_tax_included, %s::float8 AS tax_percent,"
            " NULL::varchar AS fapiao_issues, 0::float8 AS fapiao_point) offer CROSS JOIN (SELECT %s::varchar AS need,"
            " %s::varchar AS issues, %s::float8 AS point, %s::float8 AS rate) buyer CROSS JOIN LATERAL (%s) steps"
        )
        for case in cases:
            included, tax, need, issues, point, rate = case
            rows = self.env.execute_query(
                SQL(query, included, tax, need or None, issues or None, point, rate, SQL(rule.STEPS_SQL))
            )
            with self.subTest(case):
                self.assertEqual(tuple(round(float(figure), 9) for figure in rows[0]),
                                 tuple(round(figure, 9) for figure in rule.steps(*case)))  # fmt: skip
        self.assertGreater(len(cases), 100)

    def test_a_company_that_says_nothing_pays_as_before(self):
        self.terms(fapiao_issues="special", fapiao_point=8)
        self.quoted(113.0, price_tax_included=True, tax_percent=13)
        self.assertEqual(self.price(), 100.0)
        self.quoted(100.0, price_tax_included=False)
        self.assertEqual(self.price(), 100.0)

    def test_what_is_quoted_is_what_it_costs_without_an_invoice(self):
        self.company.dropship_fapiao_need = "never"
        self.terms(fapiao_issues="special", fapiao_point=8)
        self.quoted(113.0, price_tax_included=True, tax_percent=13)
        self.assertEqual(self.price(), 113.0)
        self.quoted(100.0, price_tax_included=False)
        self.assertEqual(self.price(), 100.0)

    def test_an_invoice_for_the_cost_adds_the_surcharge(self):
        self.company.dropship_fapiao_need = "cost"
        self.terms(fapiao_issues="ordinary", fapiao_point=6)
        self.quoted(100.0, tax_percent=0)
        self.assertEqual(self.price(), 106.0)
        self.quoted(113.0, price_tax_included=True, tax_percent=13)
        self.assertEqual(self.price(), 113.0, "no VAT comes back")
        self.terms(fapiao_issues="none", fapiao_point=6)
        self.quoted(100.0, price_tax_included=False)
        self.assertEqual(self.price(), 100.0, "he issues none")

    def test_vat_that_comes_back_is_no_cost(self):
        self.company.dropship_fapiao_need = "deductible"
        self.terms(fapiao_issues="special", fapiao_point=13, fapiao_rate=13)
        self.quoted(100.0, tax_percent=0)
        self.assertEqual(self.price(), 100.0, "113 paid, 13 come back")
        self.quoted(113.0, price_tax_included=True, tax_percent=13)
        self.assertEqual(self.price(), 100.0)
        self.terms(fapiao_issues="ordinary", fapiao_point=6)
        self.assertEqual(self.price(), 113.0, "an ordinary fapiao deducts nothing")

    def test_an_offer_of_its_own(self):
        self.company.dropship_fapiao_need = "cost"
        self.terms(fapiao_issues="none")
        self.quoted(100.0, fapiao_issues="ordinary", fapiao_point=3)
        self.assertEqual(self.price(), 103.0)
        self.offer.fapiao_issues = False
        self.assertEqual(self.price(), 100.0)

    def test_prices_follow_terms_and_settings_at_once(self):
        self.terms(fapiao_issues="ordinary", fapiao_point=6)
        self.quoted(100.0)
        self.assertEqual(self.price(), 100.0)
        self.company.dropship_fapiao_need = "cost"
        self.assertEqual(self.price(), 106.0)
        self.supplier.term_ids.fapiao_point = 7
        self.assertEqual(self.price(), 107.0)
        self.supplier.term_ids.unlink()
        self.assertEqual(self.price(), 100.0)

    def test_tiers_follow(self):
        self.company.dropship_fapiao_need = "cost"
        self.terms(fapiao_issues="ordinary", fapiao_point=10)
        self.offer.write({"price": 100.0, "tier_ids": [Command.create({"min_qty": 10, "price": 90.0})]})
        rows = self.offer.supplierinfo_ids.sorted("min_qty")
        self.assertEqual([(row.min_qty, row.price) for row in rows], [(0, 110.0), (10, 99.0)])

    def test_landed_cost_purchase_and_router_agree(self):
        for need, issues, point, included, price, tax, expected, taxed in (
            ("cost", "ordinary", 6, False, 100.0, 0, 106.0, 0.0),
            ("never", "none", 0, True, 113.0, 13, 113.0, 0.0),
            ("deductible", "special", 8, False, 100.0, 0, 95.58, 13.0),
            ("deductible", "special", 0, True, 113.0, 13, 100.0, 13.0),
        ):
            with self.subTest(need=need, issues=issues, included=included):
                self.company.dropship_fapiao_need = need
                self.terms(fapiao_issues=issues, fapiao_point=point)
                self.quoted(price, price_tax_included=included, tax_percent=tax)
                self.purchase_tax()
                self.assertEqual(self.landed().goods, Decimal(str(expected)))
                line = self.purchase()
                self.assertAlmostEqual(line.price_unit, expected, 2)
                self.assertEqual(sum(line.tax_ids.mapped("amount")), taxed)
                allocation = line.order_id.dropship_allocation_ids
                self.assertAlmostEqual(allocation.goods, expected, 2)

    def purchase_tax(self):
        """The product is bought with 9 % by default: the offer's own VAT goes before that."""
        if not hasattr(self, "taxes"):
            on_top = {"price_include_override": "tax_excluded"}
            self.taxes = self.make_vat(9.0, "purchase", **on_top) | self.make_vat(13.0, "purchase", **on_top)
            self.lamp.supplier_taxes_id = self.taxes[0]

    def test_an_offer_nobody_linked_yet_costs_the_same(self):
        self.company.dropship_fapiao_need = "cost"
        self.terms(fapiao_issues="ordinary", fapiao_point=6)
        loose = self.make_offer(self.warehouse, self.env["product.product"], 100.0, sku="LOOSE", weight=0.5)
        loose.currency_id = self.cny
        self.assertEqual(self.landed(loose).goods, Decimal("106.00"))
        self.assertEqual(loose._net_price(self.company), 106.0)

    def test_a_shared_supplier_costs_each_company_its_own_price(self):
        self.supplier.company_id = False
        self.offer.invalidate_recordset()
        self.assertFalse(self.offer.company_id)
        self.quoted(100.0)
        self.assertFalse(self.offer.supplierinfo_ids.company_id, "one line for all while nobody says anything")
        self.terms(fapiao_issues="ordinary", fapiao_point=6)
        self.company.dropship_fapiao_need = "cost"
        other = self.env["res.company"].create({"name": "Berlin", "currency_id": self.cny.id})
        self.assertEqual((self.price(), self.price(other)), (106.0, 100.0))
        self.company.dropship_fapiao_need = False
        self.assertFalse(self.offer.supplierinfo_ids.company_id)
        self.assertEqual(len(self.offer.supplierinfo_ids), 1)

    def test_impossible_figures_are_refused(self):
        with self.assertRaises(CheckViolation), self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
            self.terms(fapiao_point=-1)
            self.env.flush_all()
