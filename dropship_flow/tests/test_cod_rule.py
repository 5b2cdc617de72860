from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_holds import HoldCase


@tagged("post_install", "-at_install", "standard")
class TestCodRule(HoldCase):
    """Where paying at the door is offered."""

    def setUp(self):
        super().setUp()
        self.carrier = self.env["delivery.carrier"].create(
            {
                "name": "Parcel", "product_id": self.env["product.product"].create({"name": "D", "type": "service"}).id,
                "allow_cash_on_delivery": True, "company_id": self.company.id,
            }
        )  # fmt: skip
        self.cod.write({"state": "test", "is_published": True})

    def rule_of(self, **vals):
        return self.env["dropship.cod.rule"].create({"name": "Rule", "company_id": self.company.id, **vals})

    def offered(self, order):
        order.carrier_id = self.carrier
        providers = self.env["payment.provider"]._get_compatible_providers(
            self.company.id, order.partner_id.id, order.amount_total, currency_id=order.currency_id.id,
            sale_order_id=order.id,
        )  # fmt: skip
        return self.cod in providers

    def test_without_a_rule_the_delivery_method_decides(self):
        order = self.make_sale(self.lamp)
        self.assertTrue(self.offered(order))
        self.carrier.allow_cash_on_delivery = False
        self.assertFalse(self.offered(order))

    def test_off_per_region_tag_amount_and_customer(self):
        order = self.make_sale(self.lamp)
        tag = self.env["product.tag"].create({"name": "Fragile"})
        customers = self.env["res.partner.category"].create({"name": "Refused before"})
        cases = (
            ({"allowed": False, "country_ids": [(6, 0, self.country("DE").ids)]}, False),
            ({"allowed": False, "country_ids": [(6, 0, self.country("FR").ids)]}, True),
            ({"allowed": False, "zip_from": "10", "zip_to": "12"}, False),
            ({"allowed": False, "zip_from": "20", "zip_to": "29"}, True),
            ({"allowed": False, "tag_ids": [(6, 0, tag.ids)]}, True),
            ({"allowed": True, "most": 30.0}, False),
            ({"allowed": True, "most": 40.0}, True),
            ({"allowed": False, "customer_tag_ids": [(6, 0, customers.ids)]}, True),
        )
        for vals, wanted in cases:
            with self.subTest(vals):
                rule = self.rule_of(**vals)
                self.assertEqual(self.offered(order), wanted)
                rule.unlink()
        self.lamp.additional_product_tag_ids = tag
        self.anna.category_id = customers
        for vals in (cases[4][0], cases[7][0]):
            rule = self.rule_of(**vals)
            self.assertFalse(self.offered(order))
            rule.unlink()

    def test_the_first_row_that_fits_counts(self):
        order = self.make_sale(self.lamp)
        self.rule_of(sequence=2, allowed=False)
        self.assertFalse(self.offered(order))
        self.rule_of(sequence=1, country_ids=[(6, 0, self.country("DE").ids)])
        self.assertTrue(self.offered(order))

    def test_a_request_by_hand_does_not_get_round_it(self):
        order = self.make_sale(self.lamp)
        self.rule_of(allowed=False)
        with self.assertRaises(UserError):
            self.pay(order, "pending", provider=self.cod)

    def test_who_has_to_prepay_is_never_offered_it(self):
        order = self.make_sale(self.lamp)
        self.env["dropship.blocklist"].create(
            {"kind": "email", "value": self.anna.email, "action": "prepay", "reason": "x",
             "company_id": self.company.id}
        )  # fmt: skip
        self.assertFalse(self.offered(order))

    def test_chosen_in_the_shop_it_goes_out_unpaid_and_is_collected(self):
        order = self.web_sale(self.lamp, confirm=False)
        self.pay(order, "pending", provider=self.cod)
        order.action_confirm()
        self.assertTrue(order.dropship_collect)
        self.assertFalse(self.held(order))
        self.assertEqual(order.dropship_collection_ids.mapped("amount"), [order.amount_total])
        self.assertEqual(order.dropship_payment_state, "on_delivery")
