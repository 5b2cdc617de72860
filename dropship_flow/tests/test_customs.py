from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_flow import FlowCase


@tagged("post_install", "-at_install", "standard")
class TestCustoms(FlowCase):
    """The lamp of Dawn crosses a border, that of Rhein does not."""

    def buy(self, supplier="Dawn", products=None):
        order = self.make_sale(*(products or [self.lamp]))
        for line in order.order_line:
            self.env["dropship.line.choice"]._choose(line, self.suppliers[supplier], "pin", "test")
        order.action_confirm()
        return order.dropship_purchase_ids

    def test_within_one_area_nothing_is_asked(self):
        self.lamp.hs_code = False
        purchase = self.buy("Rhein")
        self.assertEqual(purchase.state, "purchase")
        self.assertIsNone(purchase._dropship_customs())

    def test_the_union_is_one_area(self):
        self.warehouses["Rhein"].country_id = self.country("FR")
        self.make_tax_rule("FR", "DE", "oss")
        self.lamp.hs_code = False
        self.assertEqual(self.buy("Rhein").state, "purchase")

    def test_what_crosses_the_border_says_what_it_is(self):
        self.lamp.write({"dropship_customs_name": "LED desk lamp", "dropship_customs_name_zh": "LED台灯"})
        self.company.dropship_ioss = "IM2760000001"
        purchase = self.buy()
        self.lamp.dropship_hazard = "magnet"
        found = purchase._dropship_customs()
        [line] = found["lines"]
        self.assertEqual(
            (line["hs_code"], line["name_en"], line["name_zh"], line["origin"], line["qty"], line["magnet"]),
            ("940521", "LED desk lamp", "LED台灯", "CN", 1.0, True),
        )
        self.assertEqual((found["ioss"], found["currency"], found["incoterm"]), ("IM2760000001", "EUR", "DAP"))
        # What Anna pays without tax: 34.90 with 19 %.
        self.assertAlmostEqual(line["value"], 34.9 / 1.19, places=2)

    def test_the_declared_value_can_be_what_we_pay(self):
        self.company.dropship_customs_value = "purchase"
        self.assertEqual(self.buy()._dropship_customs()["total"], 9.2)

    def test_a_purchase_waits_for_its_hs_code_and_goes_on(self):
        self.lamp.hs_code = False
        purchase = self.buy()
        self.assertEqual(purchase.state, "draft")
        hold = purchase.dropship_sale_id.dropship_open_hold_ids
        self.assertEqual((hold.kind, hold.purchase_id), ("customs", purchase))
        self.assertIn("HS code", hold.reason)
        self.assertIn(self.lamp.name, hold.reason)
        action = hold.action_complete_papers()
        self.assertEqual(self.env["product.template"].search(action["domain"]), self.lamp.product_tmpl_id)
        with self.assertRaisesRegex(UserError, "HS code"):
            purchase.write({"state": "sent"})
        self.lamp.hs_code = "9405.21"
        self.run_cron("cron_submit")
        self.assertEqual((purchase.state, hold.state), ("purchase", "solved"))

    def test_only_what_misses_something_is_named(self):
        self.stand.hs_code = "12"
        purchase = self.buy("Yiwu", [self.lamp, self.stand])
        reason = purchase.dropship_sale_id.dropship_open_hold_ids.reason
        self.assertIn(self.stand.name, reason)
        self.assertNotIn(self.lamp.name, reason)

    def test_everything_is_asked_for_when_the_company_says_so(self):
        self.company.dropship_customs_check = "full"
        purchase = self.buy()
        reason = purchase.dropship_sale_id.dropship_open_hold_ids.reason
        self.assertIn("customs name in Chinese", reason)
        self.assertIn("IOSS", reason)
        self.lamp.dropship_customs_name_zh = "台灯"
        self.run_cron("cron_submit")
        self.assertEqual(purchase.state, "draft")
        self.channel.ioss = "IM1"
        self.run_cron("cron_submit")
        self.assertEqual(purchase.state, "purchase")
        self.assertEqual(purchase._dropship_customs()["ioss"], "IM1")

    def test_nothing_is_asked_when_the_company_says_so(self):
        self.company.dropship_customs_check = "off"
        self.lamp.hs_code = False
        self.assertEqual(self.buy().state, "purchase")

    def test_a_buyer_lets_it_go_and_the_same_lack_does_not_stop_it_again(self):
        self.lamp.hs_code = False
        purchase = self.buy()
        hold = purchase.dropship_sale_id.dropship_open_hold_ids
        hold.with_user(self.make_login("buyer")).action_release()
        self.assertEqual((purchase.state, hold.state), ("purchase", "released"))

    def test_a_cancelled_purchase_waits_for_nothing(self):
        self.lamp.hs_code = False
        purchase = self.buy()
        hold = purchase.dropship_sale_id.dropship_open_hold_ids
        purchase.button_cancel()
        self.assertEqual(hold.state, "solved")

    def test_the_payload_has_the_customs_part_only_across_a_border(self):
        connector = self.env["dropship.connector"]
        self.assertNotIn("customs", connector._order_payload(self.buy("Rhein")))
        payload = connector._order_payload(self.buy("Dawn"))
        self.assertEqual(payload["customs"]["lines"][0]["hs_code"], "940521")
        self.assertEqual(payload["customs"]["lines"][0]["line"], payload["lines"][0]["line"])

    def test_the_hero_still_goes_without_hands(self):
        order = self.hero(confirm=True)
        self.assertFalse(order.dropship_open_hold_ids)
        self.assertTrue(all(purchase.state == "purchase" for purchase in order.dropship_purchase_ids))
