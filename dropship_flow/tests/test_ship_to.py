from odoo.tests import tagged

from ..address import ship_to
from .common_flow import FlowCase


@tagged("post_install", "-at_install", "standard")
class TestShipTo(FlowCase):
    """The address is frozen with the plan; what the supplier sees is what he was sent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna.write({"street": "Hauptstr. 5", "phone": "+49 30 901820"})

    def drafted(self):
        self.policy.automation = "draft"
        return self.hero(confirm=True)

    def test_frozen_when_planned(self):
        rows = self.drafted().dropship_allocation_ids
        self.assertEqual(set(rows.mapped("state")), {"planned"})
        for row in rows:
            self.assertEqual(row.ship_to["street"], "Hauptstr. 5")
            self.assertEqual(row.ship_to_hash, ship_to.fingerprint(row.ship_to))
        self.assertNotIn("email", rows[0].ship_to)
        self.assertIn("10115 Berlin", rows[0].ship_to_text)

    def test_planned_rows_follow_a_corrected_contact_and_another_address(self):
        order = self.drafted()
        rows = order.dropship_allocation_ids
        before = rows[0].ship_to_hash
        self.anna.street = "Hauptstr. 6"
        self.assertEqual({row.ship_to["street"] for row in rows}, {"Hauptstr. 6"})
        self.assertNotEqual(rows[0].ship_to_hash, before)
        other = self.make_partner("Ben Kurz", "DE", city="Hamburg", street="Elbe 1", zip="20095")
        order.partner_shipping_id = other
        self.assertEqual({row.ship_to["name"] for row in rows}, {"Ben Kurz"})
        self.assertEqual(order.dropship_purchase_ids.dest_address_id, other)
        self.assertFalse(order.dropship_change_ids)

    def test_waiting_for_approval_follows_too(self):
        order = self.drafted()
        order.dropship_purchase_ids.write({"state": "to approve"})
        other = self.make_partner("Ben Kurz", "DE", city="Hamburg", street="Elbe 1", zip="20095")
        order.partner_shipping_id = other
        self.assertEqual(order.dropship_purchase_ids.dest_address_id, other)

    def test_what_is_sent_stays_when_the_contact_is_edited(self):
        order = self.hero(confirm=True)
        purchase = order.dropship_purchase_ids[:1]
        self.anna.street = "Hauptstr. 6"
        self.assertIn("Hauptstr. 5", purchase.dropship_ship_to_text)
        for report in ("purchase.report_purchasequotation", "purchase.report_purchaseorder"):
            html = self.env["ir.actions.report"]._render_qweb_html(report, purchase.ids)[0].decode()
            self.assertIn("Hauptstr. 5", html)
            self.assertNotIn("Hauptstr. 6", html)

    def test_the_slip_says_what_the_purchase_says(self):
        order = self.hero(confirm=True)
        purchases = order.dropship_purchase_ids
        purchases._dropship_accept()
        self.anna.street = "Hauptstr. 6"
        picking = purchases.picking_ids[:1]
        html = self.env["ir.actions.report"]._render_qweb_html("stock.report_deliveryslip", picking.ids)[0].decode()
        self.assertIn("Hauptstr. 5", html)
        self.assertNotIn("Hauptstr. 6", html)

    def test_a_spelling_is_no_change(self):
        order = self.hero(confirm=True)
        self.anna.street = "HAUPTSTR. 5"
        self.assertFalse(order.dropship_change_ids)

    def test_an_emoji_and_a_long_line_travel(self):
        self.anna.write({"name": "Anna 🙂", "street": "Weg " + "x" * 1990})
        row = self.drafted().dropship_allocation_ids[:1]
        self.assertEqual(row.ship_to["name"], "Anna 🙂")
        self.assertEqual(len(row.ship_to["street"]), 1994)

    def test_quotations_and_core_orders_are_left_alone(self):
        quotation = self.hero()
        self.anna.street = "Hauptstr. 6"
        quotation.partner_shipping_id = self.make_partner("Ben", "DE")
        self.assertFalse(quotation.dropship_allocation_ids)
        self.assertFalse(quotation._dropship_may_change_address())
