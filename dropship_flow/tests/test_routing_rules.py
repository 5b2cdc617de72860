from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common_flow import FlowCase


@tagged("post_install", "-at_install", "standard")
class TestRoutingRules(FlowCase):
    """What may stand in the way of buying, and whether the words say so."""

    def assertHeld(self, order, kind, words=""):
        holds = order.dropship_open_hold_ids
        self.assertEqual(holds.mapped("kind"), [kind])
        self.assertIn(words, holds.reason)
        self.assertEqual(order.dropship_stage, "held")
        self.assertFalse(self.bought(order))
        self.assertEqual(order.state, "sale")

    def _why(self, order, supplier):
        outcome = self.env["dropship.router"]._simulate(order)[order]
        offers = self.suppliers[supplier].offer_ids.ids
        return {
            reason.code
            for candidate in outcome.solution.candidates
            if candidate.offer in offers
            for reason in candidate.reasons
        }

    def test_new_shops_are_asked_first(self):
        self.policy.active = False
        order = self.hero(confirm=True)
        self.assertHeld(order, "approval", "asks before buying")
        self.assertEqual(order.dropship_open_hold_ids.landed, 26.3)
        order.action_dropship_release()
        self.assertEqual(set(self.bought(order)), {"Rhein"})
        self.assertFalse(order.activity_ids)

    def test_release_is_good_for_the_cost_that_was_seen(self):
        self.policy.automation = "ask"
        self.suppliers["Rhein"].answer_mode = "manual"
        order = self.hero(confirm=True)
        order.action_dropship_release()
        order.dropship_purchase_ids._dropship_refuse("no")
        self.assertHeld(order, "approval")
        self.assertEqual(order.dropship_open_hold_ids.landed, 29.9)

    def test_the_desk_cannot_approve_costs(self):
        self.policy.automation = "ask"
        order = self.hero(confirm=True)
        desk = self.make_login("user")
        with self.assertRaisesRegex(UserError, "Buyer"):
            order.dropship_open_hold_ids.with_user(desk).action_release()

    def test_limits_of_autonomy(self):
        self.policy.auto_limit = 20.0
        self.assertHeld(self.hero(confirm=True), "approval", "26.30")
        self.policy.write({"auto_limit": 0.0, "auto_margin_percent": 60.0})
        self.assertHeld(self.hero(confirm=True), "approval", "60")

    def test_margin_floor(self):
        self.policy.write({"use_margin_floor": True, "margin_floor": 20.0})
        order = self.hero(confirm=True)
        self.assertHeld(order, "guard", "16.95")
        order.action_dropship_release()
        self.assertEqual(set(self.bought(order)), {"Rhein"})

    def test_maximum_buying_price(self):
        self.lamp.product_tmpl_id.with_company(self.company).dropship_max_buy_price = 5.0
        self.assertHeld(self.hero(confirm=True), "guard")

    def test_promise_prefers_who_keeps_it(self):
        self.duty.active = False
        self.assertEqual(set(self.bought(self.hero(confirm=True))), {"Yiwu"})
        self.policy.promise_days = 5
        self.assertEqual(set(self.bought(self.hero(confirm=True))), {"Rhein"})

    def test_nobody_can_deliver(self):
        chair = self.make_product("Chair", taxes_id=[Command.set(self.tax.ids)])
        self.make_offer(self.warehouses["Rhein"], chair, 20.0, stock=0.0)
        order = self.make_sale(self.lamp, chair, confirm=True)
        self.assertHeld(order, "no_source", "Chair")
        self.assertIn("Only 0 in stock", order.dropship_open_hold_ids.reason)
        self.assertEqual(len(order.activity_ids), 1)
        self.run_cron("cron_retry_holds")
        self.assertHeld(order, "no_source")
        self.env.cr.execute("UPDATE dropship_hold SET last_try = last_try - interval '1 hour'")
        self.env["dropship.hold"].invalidate_model()
        chair_offer = self.env["dropship.offer"].search([("product_id", "=", chair.id)])
        chair_offer.stock = 5
        self.env.flush_all()
        self.run_cron("cron_retry_holds")
        self.assertEqual(set(self.bought(order)), {"Rhein"})
        self.assertFalse(order.activity_ids)

    def test_rest_may_be_bought(self):
        self.policy.on_missing = "buy_rest"
        self.duty.amount = 6.0
        chair = self.make_product("Chair", taxes_id=[Command.set(self.tax.ids)])
        self.make_offer(self.warehouses["Rhein"], chair, 20.0, stock=0.0)
        order = self.make_sale(self.lamp, chair, confirm=True)
        self.assertEqual(order.dropship_open_hold_ids.kind, "no_source")
        self.assertEqual([line[0] for line in self.bought(order)["Rhein"]], ["Lamp"])

    def test_product_without_any_offer_stays_with_core(self):
        chair = self.make_product("Chair", taxes_id=[Command.set(self.tax.ids)])
        vendor = self.make_partner("Plain Vendor")
        self.env["product.supplierinfo"].create(
            {"partner_id": vendor.id, "product_tmpl_id": chair.product_tmpl_id.id, "price": 11.0}
        )
        order = self.make_sale(chair, confirm=True)
        purchase = order.order_line.purchase_line_ids.order_id
        self.assertEqual((purchase.partner_id, purchase.state), (vendor, "draft"))
        self.assertFalse(order.dropship_stage)
        self.assertFalse(order.dropship_allocation_ids)

    def test_dropshipped_product_nobody_sells(self):
        chair = self.make_product("Chair", taxes_id=[Command.set(self.tax.ids)])
        order = self.make_sale(self.lamp, chair, confirm=True)
        self.assertEqual(order.dropship_open_hold_ids.kind, "no_source")
        self.assertIn("Chair is to be dropshipped", order.dropship_waiting)
        self.assertTrue(self.bought(order), "the lamp is not held up")
        self.make_offer(self.warehouses["Rhein"], chair, 20.0)
        order.action_dropship_release()
        self.assertFalse(order.dropship_open_hold_ids)
        self.assertIn(("Chair", 1.0, 20.0), self.bought(order)["Rhein"])

    def test_dropshipped_product_gets_a_plain_vendor(self):
        chair = self.make_product("Chair", taxes_id=[Command.set(self.tax.ids)])
        order = self.make_sale(chair, confirm=True)
        self.assertHeld(order, "no_source", "Chair")
        vendor = self.make_partner("Plain Vendor")
        chair.seller_ids = [Command.create({"partner_id": vendor.id, "price": 11.0})]
        self.env.cr.execute("UPDATE dropship_hold SET last_try = last_try - interval '7 hours'")
        self.env["dropship.hold"].invalidate_model()
        self.run_cron("cron_retry_holds")
        self.assertEqual(order.order_line.purchase_line_ids.order_id.partner_id, vendor)
        self.assertFalse(order.dropship_open_hold_ids)

    def test_nothing_left_to_buy_ends_the_hold(self):
        self.policy.automation = "ask"
        order = self.make_sale(self.lamp, confirm=True)
        self.assertHeld(order, "approval")
        order.order_line.product_uom_qty = 0
        self.assertFalse(order.dropship_open_hold_ids)
        self.assertFalse(order.dropship_stage)

    def test_reasons_of_a_supplier(self):
        order, rhein = self.hero(), self.suppliers["Rhein"]
        cases = [
            ({"state": "paused"}, "supplier_state"),
            ({"state": "approved", "max_age_hours": 1}, "stale"),
            ({"max_age_hours": 0, "blocked_country_ids": [Command.set(self.country("DE").ids)]}, "blocked_country"),
        ]
        for vals, code in cases:
            with self.subTest(code):
                if code == "stale":
                    rhein.offer_ids.as_of = fields.Datetime.now() - timedelta(hours=5)
                rhein.write(vals)
                self.assertIn(code, self._why(order, "Rhein"))
        rhein.blocked_country_ids = False
        rhein._block("Broken lamps")
        self.assertIn("blocked_supplier", self._why(order, "Rhein"))

    def test_trial_quota(self):
        rhein = self.suppliers["Rhein"]
        rhein.state = "paused"
        rhein.write({"state": "trial", "trial_limit": 1})
        if not rhein.trial_start:
            rhein.trial_start = fields.Date.today()
        self.assertEqual(set(self.bought(self.hero(confirm=True))), {"Rhein"})
        self.assertEqual(set(self.bought(self.hero(confirm=True))), {"Yiwu"})

    def test_unknown_weight_is_a_reason(self):
        self.lamp.weight = 0.0
        order = self.hero(confirm=True)
        self.assertHeld(order, "no_source", "weight")

    def test_unknown_currency_is_a_reason(self):
        rhein = self.suppliers["Rhein"]
        chf = self.currency("CHF")
        chf.rate_ids.unlink()
        rhein.offer_ids.currency_id = chf
        self.env["res.currency.rate"].search([("currency_id", "=", self.company.currency_id.id)]).unlink()
        self.assertIn("no_rate_currency", self._why(self.hero(), "Rhein"))

    def test_dangerous_goods(self):
        self.lamp.product_tmpl_id.dropship_hazard = "battery"
        self.assertHeld(self.hero(confirm=True), "no_source", "dangerous goods")
        service = self.make_service("Dangerous goods", hazard=True)
        rates = self.env["dropship.shipping.rate"].search([("warehouse_id", "=", self.warehouses["Yiwu"].id)])
        rates.service_id = service
        self.assertEqual(set(self.bought(self.hero(confirm=True))), {"Yiwu"})

    def test_destination_without_country(self):
        self.anna.country_id = False
        order = self.hero(confirm=True)
        self.assertHeld(order, "no_source", "country")

    def test_tax_position_missing(self):
        self.env["dropship.tax.rule"].search([]).active = False
        self.duty.active = False
        order = self.hero(confirm=True)
        self.assertHeld(order, "tax", "China")
        self.make_tax_rule("CN", "DE", "import")
        order.action_dropship_release()
        self.assertEqual(set(order.order_line.mapped("dropship_tax_position")), {"import"})

    def test_tax_position_changes_taxes_not_the_total(self):
        self.duty.active = False
        ioss_tax = self.tax.copy({"name": "19 % IOSS"})
        fiscal = self.env["account.fiscal.position"].create({"name": "IOSS", "company_id": self.company.id})
        ioss_tax.write(
            {"fiscal_position_ids": [Command.set(fiscal.ids)], "original_tax_ids": [Command.set(self.tax.ids)]}
        )
        self.env["dropship.tax.rule"].search([("company_id", "=", self.company.id)]).fiscal_position_id = fiscal
        order = self.hero(confirm=True)
        self.assertEqual(order.order_line.tax_ids, ioss_tax)
        self.assertEqual(order.amount_total, 52.7)
        self.assertEqual(set(order.order_line.mapped("dropship_ship_from_id.code")), {"CN"})

    def test_tax_position_that_changes_the_total_waits(self):
        self.duty.active = False
        dear = self.tax.copy({"name": "20 % on top", "amount": 20.0, "price_include_override": "tax_excluded"})
        fiscal = self.env["account.fiscal.position"].create({"name": "OSS", "company_id": self.company.id})
        dear.write({"fiscal_position_ids": [Command.set(fiscal.ids)], "original_tax_ids": [Command.set(self.tax.ids)]})
        self.env["dropship.tax.rule"].search([("company_id", "=", self.company.id)]).fiscal_position_id = fiscal
        self.assertHeld(self.hero(confirm=True), "tax", "OSS")

    def test_pin_and_exclude(self):
        order = self.hero()
        line = order.order_line[0]
        choose = self.env["dropship.line.source"].create
        self.assertEqual(
            choose({"line_id": line.id}).possible_supplier_ids,
            self.suppliers["Dawn"] | self.suppliers["Yiwu"] | self.suppliers["Rhein"],
        )
        choose(
            {"line_id": line.id, "kind": "exclude", "supplier_id": self.suppliers["Rhein"].id, "reason": "slow"}
        ).action_apply()
        self.assertEqual(set(self._plan(order)), {"Dawn", "Rhein"})
        choose(
            {"line_id": line.id, "kind": "pin", "supplier_id": self.suppliers["Dawn"].id, "reason": "cheap"}
        ).action_apply()
        self.assertIn("Dawn", self._plan(order))
        self.assertIn("cheap", order.message_ids[0].body)
        choose({"line_id": line.id, "kind": "clear"}).action_apply()
        self.assertEqual(set(self._plan(order)), {"Rhein"})
        with self.assertRaises(UserError):
            choose(
                {"line_id": line.id, "kind": "pin", "supplier_id": self.suppliers["Dawn"].id, "reason": " "}
            ).action_apply()

    def _plan(self, order):
        plan = self.env["dropship.router"]._simulate(order)[order].plan
        return [
            self.env["dropship.supplier.warehouse"].browse(parcel.source).supplier_id.name for parcel in plan.parcels
        ]

    def test_pinned_supplier_that_cannot(self):
        order = self.hero()
        self.env["dropship.line.choice"]._choose(order.order_line[0], self.suppliers["Rhein"], "pin", "German")
        self.suppliers["Rhein"].state = "paused"
        order.action_confirm()
        self.assertHeld(order, "no_source", "Lamp")

    def test_contradictory_policy(self):
        with self.assertRaises(ValidationError):
            self.policy.write({"single_shipment": "required", "split_lines": True})
        self.policy.write({"single_shipment": "required"})
        order = self.hero()
        self.env["dropship.line.choice"]._choose(order.order_line[0], self.suppliers["Dawn"], "pin", "cheap")
        order.action_confirm()
        self.assertTrue(order.dropship_open_hold_ids)
        self.assertFalse(self.bought(order))

    def test_batch_depletes_the_shelf(self):
        self.suppliers["Yiwu"].state = "paused"
        self.duty.amount = 6.0
        self.offers["Rhein", self.lamp].stock = 2
        orders = self.env["sale.order"].union(*(self.make_sale(self.lamp) for _index in range(3)))
        orders.action_confirm()
        sources = [next(iter(self.bought(order))) for order in orders]
        self.assertEqual(sorted(sources), ["Dawn", "Rhein", "Rhein"])

    def test_promised_stock_counts_until_the_next_feed(self):
        self.duty.amount = 6.0
        offer = self.offers["Rhein", self.lamp]
        yesterday = fields.Datetime.now() - timedelta(days=1)
        offer.write({"stock": 1, "as_of": yesterday})
        self.make_sale(self.lamp, confirm=True)
        self.assertEqual(set(self.bought(self.make_sale(self.lamp, confirm=True))), {"Dawn"})
        offer.write({"stock": 1, "as_of": fields.Datetime.now() + timedelta(minutes=1)})
        self.assertEqual(set(self.bought(self.make_sale(self.lamp, confirm=True))), {"Rhein"})

    def test_units_of_measure(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self.make_sale()
        order.order_line = [
            Command.create({"product_id": self.lamp.id, "product_uom_qty": 2, "product_uom_id": dozen.id})
        ]
        order.action_confirm()
        line = order.dropship_purchase_ids.order_line
        self.assertEqual((line.product_qty, line.product_uom_id), (24.0, self.lamp.uom_id))

    def test_foreign_currency_is_bought_in_its_own(self):
        usd = self.currency("USD", 1.2)
        for product in (self.lamp, self.stand, self.cable):
            offer = self.offers["Rhein", product]
            offer.write({"currency_id": usd.id, "price": offer.price * 1.2})
        order = self.hero(confirm=True)
        purchase = order.dropship_purchase_ids
        self.assertEqual((purchase.currency_id, round(purchase.amount_untaxed, 2)), (usd, 26.88))
        self.assertAlmostEqual(order.dropship_decision_id.landed, 26.3)
        self.assertAlmostEqual(purchase.dropship_freight, 4.68)
        self.assertAlmostEqual(order.order_line[0].purchase_price, 15.9)

    def test_packs(self):
        self.offers["Rhein", self.lamp].pack = 6
        order = self.make_sale((self.lamp, 4), confirm=True)
        self.assertNotIn("Rhein", self.bought(order))
        self.policy.allow_overbuy = True
        self.suppliers["Dawn"].state = "paused"
        self.suppliers["Yiwu"].state = "paused"
        order = self.make_sale((self.lamp, 4), confirm=True)
        self.assertEqual(self.bought(order)["Rhein"], [("Lamp", 6.0, 15.9)])
        picking = order.dropship_purchase_ids.picking_ids
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual(order.order_line.qty_delivered, 4.0, "the customer pays what he ordered")

    def test_split_lines(self):
        self.policy.split_lines = True
        self.suppliers["Rhein"].state = "paused"
        for name in ("Dawn", "Yiwu"):
            self.offers[name, self.lamp].stock = 2
        order = self.make_sale((self.lamp, 3), confirm=True)
        bought = self.bought(order)
        self.assertEqual(sum(rows[0][1] for rows in bought.values()), 3.0)
        self.assertEqual(len(bought), 2)

    def test_own_stock_competes(self):
        box = self.make_product("Gift box", is_storable=True, standard_price=1.0, taxes_id=[Command.set(self.tax.ids)])
        self.make_offer(self.warehouses["Rhein"], box, 3.0)
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1)
        self.env["stock.quant"]._update_available_quantity(box, warehouse.lot_stock_id, 1)
        self.policy.write({"own_stock": True, "own_warehouse_ids": [Command.set(warehouse.ids)]})
        order = self.make_sale(box, confirm=True)
        self.assertFalse(order.dropship_purchase_ids)
        self.assertEqual(order.dropship_allocation_ids.stock_warehouse_id, warehouse)
        picking = order.picking_ids
        self.assertEqual(picking.picking_type_id.code, "outgoing")
        self.assertEqual(set(self.bought(self.make_sale(box, confirm=True))), {"Rhein"}, "the shelf is empty now")
        picking.move_ids.write({"quantity": 1, "picked": True})
        picking.button_validate()
        self.assertEqual(order.dropship_allocation_ids.state, "shipped")

    def test_gifts_and_services_ride_along(self):
        self.policy.write({"use_margin_floor": True, "margin_floor": 5.0})
        service = self.env["product.product"].create({"name": "Wrapping", "type": "service", "list_price": 2.0})
        order = self.make_sale(self.lamp, (self.cable, 1, 0.0), service, confirm=True)
        self.assertEqual([row[0] for row in self.bought(order)["Rhein"]], ["Lamp", "Cable"])

    def test_first_matching_policy(self):
        vip = self.env["res.partner.category"].create({"name": "VIP"})
        fast = self.make_policy("draft", name="VIP", sequence=0, partner_tag_ids=[Command.set(vip.ids)])
        order = self.hero()
        router = self.env["dropship.router"]
        self.assertEqual(router._simulate(order)[order].policy, self.policy)
        self.anna.category_id = vip
        self.assertEqual(router._simulate(order)[order].policy, fast)
        fast.country_ids = self.country("FR")
        self.assertEqual(router._simulate(order)[order].policy, self.policy)
        before = fast.version
        fast.max_value = 10
        self.assertEqual(fast.version, before + 1)
        fast.write({"country_ids": False})
        self.assertEqual(router._simulate(order)[order].policy, self.policy, "the order is worth more than 10")

    def test_simulating_saves_nothing(self):
        order = self.hero()
        models = ("dropship.routing.decision", "dropship.allocation", "dropship.hold", "purchase.order")
        before = [self.env[name].search_count([]) for name in models]
        self.env["dropship.router"]._simulate(order)
        self.assertEqual([self.env[name].search_count([]) for name in models], before)
