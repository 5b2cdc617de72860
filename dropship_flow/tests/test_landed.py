from datetime import timedelta
from decimal import Decimal

from odoo import Command, fields
from odoo.tests import TransactionCase, tagged

from ..routing.cost import Infeasible, price
from ..routing.eligibility import eligibility
from .common_flow import FlowCase, FlowFactories


class Agreement:
    """The same question put to the router's engine, one line at a time."""

    def compare(self, company, products, country, zip_code=""):
        partner = self.env["res.partner"].create(
            {"name": "Somebody", "country_id": country.id, "zip": zip_code, "city": "Somewhere", "street": "Street 1"}
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "company_id": company.id,
                "pricelist_id": False,
                "order_line": [Command.create({"product_id": product.id}) for product in products],
            }
        )
        router = self.env["dropship.router"].sudo().with_context(lang=None).with_company(company)
        demands, _surpluses = router._demands(order.order_line._dropship_ours(), everything=True)
        demands = [demand for demand in demands.get(order, []) if not demand.core]
        channels = router.env["dropship.sales.channel"]._channel_of(order)
        policy = router.env["dropship.routing.policy"]._policy_for(order, channels)[order]
        facts = router._read_facts(company, {order: demands})
        revenue = {demand.product.id: demand.revenue for demand in demands}
        place = {"country_id": country.id, "state_id": False, "zip": zip_code}
        ids = [offer.id for demand in demands for offer in facts.offers[demand.product.id]]
        landed = self.env["dropship.landed"]._of_offers(ids, place, company, revenue=revenue)
        best = self.env["dropship.landed"]._best(list(revenue), place, company, revenue=revenue)
        compared = 0
        for demand in demands:
            problem = router._problem(order, [demand], facts, policy, channels[order])
            found = eligibility(problem)
            line = problem.lines[0]
            costs = []
            for offer in problem.offers:
                mine = landed[offer.key]
                self.assertEqual(
                    bool(found[line.key, offer.key]), bool(mine.reasons), (found[line.key, offer.key], mine)
                )
                try:
                    plan = price(problem, {line.key: offer.key})
                except Infeasible:
                    continue
                parcel = plan.parcels[0]
                if parcel.pieces[0].buy_qty == 1:
                    self.assertEqual(
                        (parcel.goods, parcel.freight, parcel.fees, parcel.duty, plan.landed),
                        (mine.goods, mine.freight, mine.fees, mine.duty, mine.landed),
                        (offer, mine),
                    )
                    compared += 1
                if not found[line.key, offer.key]:
                    costs.append(plan.landed)
            if costs:
                self.assertEqual(best[demand.product.id].landed, min(costs))
                self.assertTrue(best[demand.product.id].eligible)
        return compared


@tagged("post_install", "-at_install", "standard")
class TestLandedDemo(Agreement, FlowFactories, TransactionCase):
    def test_agrees_with_the_router_for_every_product_there_is(self):
        """Whatever the database sells, to three places."""
        offers = self.env["dropship.offer"].search([("product_id.sale_ok", "=", True)])
        for company in offers.company_id:
            products = offers.filtered(lambda offer, company=company: offer.company_id == company).product_id[:150]
            self.env = self.env(context=dict(self.env.context, allowed_company_ids=company.ids, tracking_disable=True))
            for code in ("DE", "CN", "US"):
                compared = self.compare(company, products.with_env(self.env), self.country(code), "10115")
                if code == "DE" and company == self.env.ref("base.main_company") and len(products) > 20:
                    self.assertGreater(compared, 20)


@tagged("post_install", "-at_install", "standard")
class TestLanded(Agreement, FlowCase):
    def place(self, code="DE", zip_code="10115"):
        return {"country_id": self.country(code).id, "state_id": False, "zip": zip_code}

    def best(self, product, code="DE", **kwargs):
        return self.env["dropship.landed"]._best(product.ids, self.place(code), self.company, **kwargs).get(product.id)

    def cost(self, offer, code="DE", **kwargs):
        return self.env["dropship.landed"]._of_offers(offer.ids, self.place(code), self.company, **kwargs)[offer.id]

    def test_what_currencies_are_worth_is_read_at_once(self):
        """One without any exchange rate is unknown, not 1:1; ten more cost no further query."""
        self.company.currency_id.rate_ids.unlink()
        yuan, dollar = self.currency("CNY", rate=8.0), self.currency("USD", rate=1.25)
        unknown = self.env["res.currency"].create({"name": "XQQ", "symbol": "q"})
        read = self.env["res.currency"]._dropship_worths
        worths = read(self.company, fields.Date.today())
        self.assertEqual((worths[yuan.id], worths[dollar.id]), (Decimal("0.125"), Decimal("0.8")))
        self.assertEqual(worths[self.company.currency_id.id], 1)
        self.assertNotIn(unknown.id, worths)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        read(self.company, fields.Date.today())
        few = self.env.cr.sql_log_count - before
        self.env["res.currency"].create([{"name": f"XQ{letter}", "symbol": letter} for letter in "ABCDEFGHIJ"])
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        read(self.company, fields.Date.today())
        self.assertLessEqual(self.env.cr.sql_log_count - before, few)

    def test_the_lamp_at_annas_door(self):
        """Rhein: 15.90 + 3.90. Dawn: 9.20 + 6.20 + 3.00 duty – cheaper."""
        self.assertEqual(self.cost(self.offers["Rhein", self.lamp]).landed, Decimal("19.80"))
        dawn = self.cost(self.offers["Dawn", self.lamp])
        self.assertEqual(
            (dawn.goods, dawn.freight, dawn.fees, dawn.duty), tuple(map(Decimal, ("9.20", "6.20", "0", "3.00")))
        )
        self.assertEqual(self.best(self.lamp).offer_id, self.offers["Dawn", self.lamp].id)
        self.assertEqual(self.best(self.lamp).transit_days, 11.0)

    def test_agrees_with_the_router_whatever_the_terms(self):
        """Weights, steps, volume, parcel limits, fees, free freight, trials, tags, hazard, minimums and packs."""
        battery = self.make_product("Power bank", weight=0.3, dropship_hazard="battery", taxes_id=False)
        heavy = self.make_product("Anvil", weight=45.0, taxes_id=False, list_price=200.0)
        bulky = self.make_product("Pillow", weight=0.3, volume=0.012, taxes_id=False)
        unknown = self.make_product("Riddle", weight=0.0, taxes_id=False)
        tag = self.env["product.tag"].create({"name": "Knives"})
        tag.dropship_restricted_country_ids = self.country("AT")
        knife = self.make_product("Knife", product_tag_ids=[Command.set(tag.ids)], taxes_id=False)
        supplier = self.make_supplier("Terms", "CN")
        supplier.term_ids = [
            Command.create(
                {
                    "order_minimum": 20.0, "below_minimum": "fee", "small_order_fee": 1.5, "fee_per_order": 0.4,
                    "fee_per_line": 0.1, "free_freight_above": 60.0, "currency_id": self.currency("EUR").id,
                }
            )
        ]  # fmt: skip
        warehouse = self.make_warehouse(supplier, "CN")
        self.make_rate(
            warehouse, 3.0, first_weight=0.5, step_weight=0.5, step_price=1.2, surcharge=0.7, max_weight=30.0,
            volumetric_divisor=5000.0,
        )  # fmt: skip
        safe = self.make_service("Hazard line", hazard=True)
        self.make_rate(warehouse, 9.0, service_id=safe)
        self.make_duty("VAT", amount=7.5, kind="percent", ship_to="DE AT", basis="revenue")
        self.make_duty("Clearing", amount=2.0, kind="parcel", ship_to="DE", min_value=100.0)
        everything = battery + heavy + bulky + unknown + knife + self.lamp
        for index, product in enumerate(everything):
            self.make_offer(warehouse, product, 10.0 + 20 * index, tiers=[(5, 8.0)])
        packs = self.make_product("Boxed", taxes_id=False)
        self.make_offer(warehouse, packs, 30.0, factor=12.0)
        minimum = self.make_product("Bulk", taxes_id=False)
        self.make_offer(warehouse, minimum, 3.0, moq=5.0)
        gone = self.make_product("Gone", taxes_id=False)
        self.make_offer(warehouse, gone, 3.0, stock=0.0)
        free = self.make_product("No price", taxes_id=False)
        self.make_offer(warehouse, free, 0.0)
        refusing = self.make_supplier("Refusing", "DE")
        refusing.term_ids = [Command.create({"order_minimum": 500.0, "below_minimum": "refuse"})]
        place = self.make_warehouse(refusing, "DE")
        self.make_rate(place, 1.0)
        self.make_offer(place, self.stand, 1.0)
        trial = self.make_supplier("Trial", "DE", state="trial", trial_limit=0)
        self.make_rate(self.make_warehouse(trial, "DE"), 1.0)
        self.make_offer(trial.warehouse_ids, self.cable, 0.5)
        everything += packs + minimum + gone + free + self.stand + self.cable
        for code in ("DE", "AT", "US"):
            self.assertGreater(self.compare(self.company, everything, self.country(code)), 4)
        self.policy.allow_overbuy = True
        self.compare(self.company, everything, self.country("DE"))

    def test_a_supplier_that_is_not_in_use_has_figures_and_reasons(self):
        self.suppliers["Dawn"].state = "paused"
        found = self.cost(self.offers["Dawn", self.lamp])
        self.assertEqual(found.landed, Decimal("18.40"))
        self.assertEqual([reason[0] for reason in found.reasons], ["supplier_state"])
        self.assertEqual(self.best(self.lamp).offer_id, self.offers["Rhein", self.lamp].id)

    def test_an_offer_nobody_linked_yet(self):
        """Its own weight, its own price with the tax taken out, one piece of a box of ten."""
        warehouse = self.make_warehouse(self.make_supplier("New", "CN"), "CN")
        self.make_rate(warehouse, 2.0, first_weight=0.1, step_weight=0.1, step_price=1.0)
        offer = self.make_offer(
            warehouse, None, 113.0, factor=10.0, weight=4.0, price_tax_included=True, tax_percent=13.0,
            retail_price=300.0,
        )  # fmt: skip
        found = self.cost(offer, qty=10.0)
        self.assertIsNone(found.product_id)
        self.assertEqual(found.goods, Decimal(10))
        self.assertEqual(found.freight, (2 + 39) / Decimal(10))
        self.assertFalse(found.reasons)
        self.assertEqual([reason[0] for reason in self.cost(offer).reasons], ["pack"])

    def test_an_agreement_wins_while_it_is_valid(self):
        self.make_agreement(self.suppliers["Rhein"], self.lamp, 5.0)
        self.assertEqual(self.best(self.lamp).landed, Decimal("8.90"))
        self.env["product.supplierinfo"].search([("price", "=", 5.0), ("product_id", "=", self.lamp.id)]).write(
            {"date_end": fields.Date.today() - timedelta(days=1)}
        )
        self.assertEqual(self.best(self.lamp).offer_id, self.offers["Dawn", self.lamp].id)

    def test_a_dear_agreement_wins_too(self):
        """What was agreed is what is paid, as the purchase will do."""
        self.make_agreement(self.suppliers["Rhein"], self.lamp, 50.0)
        self.assertEqual(self.cost(self.offers["Rhein", self.lamp]).goods, Decimal(50))

    def test_foreign_money_and_unknown_money(self):
        yuan = self.currency("CNY", rate=8.0)
        warehouse = self.make_warehouse(self.make_supplier("Yuan", "DE", currency_id=yuan), "DE")
        self.make_rate(warehouse, 8.0, currency_id=yuan)
        offer = self.make_offer(warehouse, self.lamp, 40.0, currency_id=yuan)
        self.assertEqual((self.cost(offer).goods, self.cost(offer).freight), (Decimal(5), Decimal(1)))
        strange = self.currency("XAF")
        strange.rate_ids.unlink()
        self.company.currency_id.rate_ids.unlink()
        offer.currency_id = strange
        self.assertIn("no_rate_currency", [reason[0] for reason in self.cost(offer).reasons])
        self.assertIsNone(self.cost(offer).landed)

    def test_what_is_promised_is_not_there(self):
        for offer in (self.offers["Dawn", self.lamp], self.offers["Yiwu", self.lamp], self.offers["Rhein", self.lamp]):
            offer.write({"stock": 1.0, "as_of": fields.Datetime.now() - timedelta(hours=1)})
        order = self.make_sale(self.lamp, confirm=True)
        used = order.dropship_allocation_ids.offer_id
        self.assertEqual([reason[0] for reason in self.cost(used).reasons], ["no_stock"])
        self.assertTrue(self.cost(used).usable)
        self.assertNotEqual(self.best(self.lamp).offer_id, used.id)

    def test_products_without_offers_and_other_companies(self):
        lonely = self.make_product("Lonely")
        self.assertIsNone(self.best(lonely))
        self.assertEqual(self.env["dropship.landed"]._best([], self.place(), self.company), {})
        other = self.make_company("Elsewhere")
        self.assertEqual(self.env["dropship.landed"]._best(self.lamp.ids, self.place(), other), {})

    def test_nowhere(self):
        found = self.env["dropship.landed"]._best(self.lamp.ids, {}, self.company)[self.lamp.id]
        self.assertFalse(found.usable)
        self.assertIn("no_address", [reason[0] for reason in found.reasons])
