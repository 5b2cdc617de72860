"""What the customer pays for shipping: every kind of charge, one charge for all parcels, the paid service kept."""

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common_delivery import DeliveryFactories
from .common_flow import FlowCase


@tagged("post_install", "-at_install", "standard")
class TestDeliveryCharge(DeliveryFactories, FlowCase):
    def test_flat_and_free(self):
        order = self.hero()
        self.assertEqual(self.charge(self.make_carrier(dropship_flat=4.9), order), 4.9)
        self.assertEqual(self.charge(self.make_carrier("Free", "free"), order), 0.0)

    def test_free_above_counts_tax_as_the_shop_shows_it(self):
        """The hero basket is 52.70 with tax and 44.29 without."""
        order = self.hero()
        carrier = self.make_carrier(dropship_flat=4.9)
        carrier.dropship_threshold_ids = self.free_above(52.7)
        self.assertEqual(self.charge(carrier, order), 0.0)
        carrier.dropship_free_basis = "excluded"
        self.assertEqual(self.charge(carrier, order), 4.9)
        carrier.dropship_threshold_ids.amount = 44.29
        self.assertEqual(self.charge(carrier, order), 0.0)
        carrier.dropship_threshold_ids.amount = 44.30
        self.assertEqual(self.charge(carrier, order), 4.9)

    def test_the_delivery_itself_does_not_make_it_free(self):
        order = self.make_sale((self.stand, 1, 45.0))
        carrier = self.make_carrier(dropship_flat=9.0)
        carrier.dropship_threshold_ids = self.free_above(50.0)
        order.set_delivery_line(carrier, self.charge(carrier, order))
        self.assertEqual(order.amount_total, 54.0)
        self.assertEqual(self.charge(carrier, order), 9.0)

    def test_first_weight_and_steps(self):
        """Lamp, stand and cable weigh 1.3 kg."""
        steps = {"first_weight": 1, "first_price": 6, "step_weight": 0.5, "step_price": 2}
        carrier = self.make_carrier(charge="zone")
        carrier.dropship_zone_ids = [
            self.zone(countries="AT", first_price=99),
            self.zone(countries="DE", zip_from="10", zip_to="14", **steps),
            self.zone(first_price=20),
        ]
        self.assertEqual(self.charge(carrier, self.hero()), 8.0)
        self.assertEqual(self.charge(carrier, self.make_sale(self.lamp)), 6.0)
        self.assertEqual(self.charge(carrier, self.make_sale((self.lamp, 3))), 12.0)
        self.anna.zip = "80331"
        self.assertEqual(self.charge(carrier, self.make_sale(self.lamp)), 20.0)

    def test_not_delivered_and_remote(self):
        far, near = self.state("CN", "新"), self.state("CN", "浙")
        carrier = self.make_carrier(charge="zone")
        carrier.dropship_zone_ids = [
            self.zone("refuse", "CN", self.state("CN", "港")),
            self.zone("surcharge", "CN", far, name="Remote area", first_price=15),
            self.zone(countries="CN", first_weight=2, first_price=8, step_weight=1, step_price=3),
        ]
        self.anna.write({"country_id": self.country("CN").id, "state_id": far.id, "city": "Ürümqi"})
        order = self.hero()
        self.assertEqual(self.charge(carrier, order), 23.0)
        order.set_delivery_line(carrier, 23.0)
        self.assertIn("Remote area", order.order_line.filtered("is_delivery").name)
        self.anna.state_id = near
        self.assertEqual(self.charge(carrier, self.hero()), 8.0)
        island, france = self.state("CN", "港"), self.country("FR")
        for place in ({"state_id": island.id}, {"state_id": False, "country_id": france.id}):
            self.anna.write(place)
            order = self.hero()
            self.assertIn("does not deliver", self.charge(carrier, order))
            self.assertFalse(carrier._is_available_for_order(order))

    def test_free_shipping_leaves_the_surcharge(self):
        carrier = self.make_carrier(dropship_flat=4.9)
        carrier.dropship_threshold_ids = self.free_above(10.0)
        carrier.dropship_zone_ids = [self.zone("surcharge", "DE", first_price=6.5)]
        self.assertFalse(carrier.dropship_zone_ids.free_allowed)
        self.assertEqual(self.charge(carrier, self.hero()), 6.5)
        carrier.dropship_zone_ids.free_allowed = True
        self.assertEqual(self.charge(carrier, self.hero()), 0.0)

    def test_freight_of_the_plan_and_margin(self):
        """All comes from Duisburg for 3.90; a fifth and one euro on top, rounded up to ten cents."""
        carrier = self.make_carrier(
            charge="plan", dropship_margin_percent=20, dropship_margin_fixed=1.0, dropship_round_to=0.1
        )
        self.assertEqual(self.charge(carrier, self.hero()), 5.7)

    def test_one_charge_however_many_parcels(self):
        order = self.hero()
        for line, name in zip(order.order_line, ("Dawn", "Yiwu", "Ningbo"), strict=True):
            self.env["dropship.line.choice"]._choose(line, self.suppliers[name], "pin", "three parcels")
        carrier = self.make_carrier(charge="plan")
        self.assertEqual(self.charge(carrier, order), 18.9)
        order.set_delivery_line(carrier, 18.9)
        order.action_confirm()
        self.assertEqual(len(order.dropship_purchase_ids), 3)
        self.assertEqual(order.order_line.filtered("is_delivery").mapped("price_unit"), [18.9])

    def test_freight_is_net_and_the_price_includes_tax(self):
        carrier = self.make_carrier(charge="plan", taxes=self.tax)
        order = self.hero()
        price = self.charge(carrier, order)
        self.assertEqual(price, 4.64)
        order.set_delivery_line(carrier, price)
        self.assertEqual(order.order_line.filtered("is_delivery").price_subtotal, 3.9)

    def test_without_a_plan(self):
        self.offers["Rhein", self.lamp].stock = 0
        for name in ("Dawn", "Yiwu"):
            self.offers[name, self.lamp].stock = 0
        carrier = self.make_carrier(charge="plan", dropship_fallback=9.9)
        self.assertEqual(self.charge(carrier, self.make_sale(self.lamp)), 9.9)
        carrier.dropship_fallback = 0
        order = self.make_sale(self.lamp)
        self.assertIn("not known", self.charge(carrier, order))
        self.assertFalse(carrier._is_available_for_order(order))

    def test_customer_of_another_currency(self):
        dollar = self.currency("USD", rate=1.1)
        pricelist = self.env["product.pricelist"].create({"name": "USD", "currency_id": dollar.id})
        order = self.hero(pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, dollar)
        carrier = self.make_carrier(dropship_flat=10.0)
        self.assertEqual(self.charge(carrier, order), 11.0)
        carrier.dropship_threshold_ids = self.free_above(1000.0)
        self.assertEqual(self.charge(carrier, order), 11.0)
        carrier.dropship_threshold_ids = [Command.create({"currency_id": dollar.id, "amount": 5.0})]
        self.assertEqual(self.charge(carrier, order), 0.0)
        plan = self.make_carrier(charge="plan")
        self.assertEqual(self.charge(plan, order), 4.29)

    def test_unknown_exchange_rate_is_not_one_to_one(self):
        franc = self.currency("CHF")
        franc.rate_ids.unlink()
        self.env.company.currency_id.rate_ids.unlink()
        pricelist = self.env["product.pricelist"].create({"name": "CHF", "currency_id": franc.id})
        order = self.hero(pricelist_id=pricelist.id)
        self.assertIn("currency", self.charge(self.make_carrier(dropship_flat=10.0), order))

    def test_weight_entered_by_hand_and_other_units(self):
        carrier = self.make_carrier(charge="zone")
        carrier.dropship_zone_ids = [self.zone(first_weight=1, first_price=6, step_weight=1, step_price=2)]
        order = self.make_sale(self.lamp)
        order.shipping_weight = 3.0
        self.assertEqual(self.charge(carrier, order), 10.0)
        self.env["ir.config_parameter"].set_param("product.weight_in_lbs", "1")
        order = self.make_sale((self.lamp, 3))  # 2.4 lb are 1.09 kg
        self.assertEqual(self.charge(carrier, order), 8.0)

    # --- the paid service limits routing ---

    def express(self, **vals):
        fast, slow = self.make_service("Fast"), self.make_service("Slow")
        rates = self.env["dropship.shipping.rate"]
        rates.search([("warehouse_id", "=", self.warehouses["Rhein"].id)]).service_id = slow
        rates.search([("warehouse_id", "=", self.warehouses["Yiwu"].id)]).service_id = fast
        return self.make_carrier("Express", dropship_flat=12.0, dropship_service_ids=[Command.set(fast.ids)], **vals)

    def test_who_paid_express_gets_express(self):
        order = self.hero(carrier_id=self.express().id, confirm=True)
        self.assertEqual(list(self.bought(order)), ["Yiwu"])
        plain = self.hero(confirm=True)
        self.assertEqual(list(self.bought(plain)), ["Rhein"])

    def test_several_services_give_one_method(self):
        carrier = self.express()
        carrier.dropship_service_ids |= self.env["dropship.shipping.service"].search([("name", "=", "Slow")], limit=1)
        order = self.hero(carrier_id=carrier.id, confirm=True)
        self.assertEqual(list(self.bought(order)), ["Rhein"])

    def test_no_express_source_left(self):
        carrier = self.express()
        order = self.hero(carrier_id=carrier.id)
        self.assertTrue(carrier._is_available_for_order(order))
        self.suppliers["Yiwu"].state = "paused"
        order.action_confirm()
        hold = order.dropship_open_hold_ids
        self.assertEqual(hold.kind, "no_source")
        self.assertIn("Express", hold.reason)
        self.assertFalse(order.dropship_purchase_ids)

    def test_express_is_not_offered_where_nobody_has_it(self):
        carrier = self.express()
        self.suppliers["Yiwu"].state = "paused"
        order = self.hero()
        self.assertFalse(carrier._is_available_for_order(order))
        self.assertIn("Express", self.charge(carrier, order))
        self.assertNotIn("Yiwu", self.charge(carrier, order))

    # --- who may say what customers pay ---

    def test_bad_rows_are_refused(self):
        carrier, far = self.make_carrier(charge="zone"), self.state("CN", "新")
        bad = (
            {"zip_from": "20", "zip_to": "10"},
            {"country_ids": [Command.set(self.country("DE").ids)], "state_ids": [Command.set(far.ids)]},
        )
        for vals in bad:
            with self.subTest(vals=vals), self.assertRaises(ValidationError):
                self.env["dropship.delivery.zone"].create({"carrier_id": carrier.id, **vals})
        for vals in ({"first_price": -1}, {"step_price": 2, "step_weight": 0}):
            with self.subTest(vals=vals), self.refused():
                self.env["dropship.delivery.zone"].create({"carrier_id": carrier.id, **vals})
        with self.refused():
            carrier.dropship_flat = -1
            self.env.flush_all()

    def test_roles(self):
        carrier = self.make_carrier(charge="zone")
        row = self.env["dropship.delivery.zone"].create({"carrier_id": carrier.id, "first_price": 5})
        desk = row.with_user(self.make_login("user"))
        self.assertEqual(desk.first_price, 5)
        with self.assertRaises(AccessError):
            desk.first_price = 1
        row.with_user(self.make_login("manager")).first_price = 4
        with self.assertRaises(AccessError):
            row.with_user(self.make_login("employee")).read(["first_price"])

    def test_form(self):
        with Form(self.env["delivery.carrier"]) as form:
            form.name = "Standard"
            form.delivery_type = "dropship"
            form.dropship_charge = "zone"
            form.product_id = self.make_carrier().product_id
            with form.dropship_zone_ids.new() as row:
                row.kind = "refuse"
        carrier = form.save()
        self.assertFalse(carrier.free_over)
        self.assertEqual(carrier.dropship_currency_id, self.env.company.currency_id)
        self.assertEqual(carrier.copy().dropship_zone_ids.kind, "refuse")

    # --- check charges ---

    def test_check_charges_marks_losses(self):
        self.make_rate(self.warehouses["Rhein"], 14.0, countries="AT")
        service = self.make_service("Rhein only")
        self.env["dropship.shipping.rate"].search(
            [("warehouse_id", "=", self.warehouses["Rhein"].id)]
        ).service_id = service
        carrier = self.make_carrier(charge="zone", dropship_service_ids=[Command.set(service.ids)])
        carrier.dropship_zone_ids = [
            self.zone("refuse", "FR"),
            self.zone(countries="AT", first_price=9),
            self.zone(countries="DE", first_price=5),
            self.zone(countries="PL", first_price=5),
        ]
        check = self.env["dropship.charge.check"].browse(carrier.action_dropship_check_charges()["res_id"])
        results = {line.country_id.code: (line.result, line.charge, line.freight) for line in check.line_ids}
        self.assertEqual(
            results,
            {
                "FR": ("refused", 0.0, 0.0),
                "AT": ("loss", 9.0, 14.0),
                "DE": ("fine", 5.0, 3.9),
                "PL": ("no_rate", 5.0, 0.0),
            },
        )
        self.assertEqual(check.losses, 1)

    def test_check_charges_wants_a_weight(self):
        check = self.env["dropship.charge.check"].create({"carrier_id": self.make_carrier().id, "weight": 0})
        with self.assertRaises(UserError):
            check.action_check()
        check.weight = 1
        with self.assertRaises(UserError):
            check.action_check()

    def test_check_charges_by_role(self):
        carrier = self.make_carrier(dropship_flat=5)
        self.assertTrue(carrier.with_user(self.make_login("buyer")).action_dropship_check_charges())
        with self.assertRaises(AccessError):
            carrier.with_user(self.make_login("user")).action_dropship_check_charges()
