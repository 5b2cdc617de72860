from lxml import html
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common_flow import FlowCase


@tagged("post_install", "-at_install", "standard")
class TestPackingSlip(FlowCase):
    def buy(self, supplier="Rhein", **vals):
        order = self.make_sale((self.lamp, 2), **vals)
        self.env["dropship.line.choice"]._choose(order.order_line, self.suppliers[supplier], "pin", "test")
        order.action_confirm()
        return order.dropship_purchase_ids

    def text(self, purchase):
        content, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "dropship_flow.report_packing_slip", purchase.ids
        )
        return " ".join(html.fromstring(content).find("body").text_content().split())

    def test_it_names_the_sender_and_the_recipient_and_nobody_else(self):
        self.channel.write(
            {"sender_name": "Leaf Shop", "sender_phone": "+49 30 55", "sender_address": "Postfach 1\nBerlin"}
        )
        purchase = self.buy()
        text = self.text(purchase)
        for wanted in ("Leaf Shop", "+49 30 55", "Postfach 1", "Anna Weber", "10115", "Lamp", "2 Units"):
            self.assertIn(wanted, text)
        order = purchase.dropship_sale_id
        for secret in ("Rhein", "15.9", "31.8", "34.9", "69.8", order.name, "Duisburg", "€", "EUR"):
            self.assertNotIn(secret, text)

    def test_gift_note_and_personalisation_are_on_it(self):
        purchase = self.buy(dropship_gift_note="Happy birthday!\n生日快乐")
        purchase.order_line.dropship_personalisation = "Name: 王小明"
        text = self.text(purchase)
        self.assertIn("生日快乐", text)
        self.assertIn("王小明", text)

    def test_it_speaks_the_customers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.anna.lang = "zh_CN"
        self.lamp.with_context(lang="zh_CN").name = "台灯"
        self.assertIn("台灯", self.text(self.buy()))

    def test_each_transfer_is_a_slip_of_its_own(self):
        purchase = self.buy()
        picking = purchase.picking_ids
        picking.move_ids.quantity = 1
        picking.move_ids.picked = True
        picking.with_context(cancel_backorder=False, skip_sms=True)._action_done()
        pages = purchase._dropship_slip_pages()
        self.assertEqual(
            [(page["part"], page["of"], page["lines"][0]["qty"]) for page in pages], [(1, 2, "1"), (2, 2, "1")]
        )

    def test_declared_values_are_on_a_page_of_their_own_across_a_border(self):
        self.assertNotIn("Proforma", self.text(self.buy()))
        text = self.text(self.buy("Dawn"))
        slip, proforma = text.split("Proforma Invoice for Customs")
        self.assertIn("940521", proforma)
        self.assertIn("58.6", proforma)  # what Anna pays for two, without tax
        self.assertNotIn("9.2", proforma.replace("29.33", ""))
        self.assertNotIn("58.6", slip)

    def test_several_purchases_are_printed_at_once(self):
        text = self.text(self.buy() | self.buy())
        self.assertEqual(text.count("Packing Slip"), 2)

    def test_an_offence_is_recorded_once_per_kind(self):
        purchase = self.buy()
        user = self.make_login("user")
        offences = self.env["dropship.offence"].with_user(user)
        offence = offences.create({"purchase_id": purchase.id, "kind": "leaflet", "note": "Anna sent a photo"})
        self.assertEqual(offence.sudo().supplier_id, self.suppliers["Rhein"])
        self.assertIn("leaflet", purchase.message_ids[:1].body)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.env["dropship.offence"].create({"purchase_id": purchase.id, "kind": "leaflet"})
        with self.assertRaises(AccessError):
            self.env["dropship.offence"].with_user(self.make_login("employee")).create(
                {"purchase_id": purchase.id, "kind": "prices"}
            )
