import base64
from io import BytesIO

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from openpyxl import load_workbook

from .common_order_file import AMAZON, OrderFileWorld
from .common_shipment import ShipmentCase

# Somebody else at another door: the same order twice would be held as one too many.
OTHER = {
    **AMAZON, "order-id": "303-2", "recipient-name": "Jonas Keller", "ship-address-1": "Ulmenweg 8",
    "ship-city": "Hamburg", "ship-postal-code": "20095", "ship-phone-number": "+49 40 123456",
}  # fmt: skip


@tagged("post_install", "-at_install", "standard")
class TestShipFile(OrderFileWorld, ShipmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_order_file_world()

    def shipped(self, channel, *rows, number="SF1234567890123", carrier="SF Express"):
        """An order file of the rows, entered, bought and left under a number."""
        file = self.upload(channel, *rows, name=f"{number}.csv")
        file.action_import()
        order = file.row_ids.order_id.with_env(self.env)
        self.assertEqual(len(order), 1, file.row_ids.mapped("reasons"))
        purchase = order.dropship_purchase_ids
        purchase._dropship_accept()
        goods = [(line, line.product_qty) for line in purchase.order_line]
        box = ShipmentCase.told(self, purchase, number, *goods, carrier=carrier)
        if box.state != "dispatched":
            self.scan(box)
        self.assertEqual(box.state, "dispatched")
        return box, order

    def text_of(self, file, encoding="utf-8"):
        return base64.b64decode(file.with_context(bin_size=False).content).decode(encoding)

    def test_amazon_is_told_by_line(self):
        box, order = self.shipped(self.amazon, {**AMAZON, "quantity-to-ship": "2", "item-price": "69.80"})
        channel = self.amazon.with_user(self.caller)
        self.assertEqual(channel.unreported_count, 1)
        file = self.env["dropship.ship.file"].browse(channel.action_ship_file()["res_id"])
        head, row = self.text_of(file).splitlines()
        self.assertEqual(head.split("\t")[:3], ["order-id", "order-item-id", "quantity"])
        cells = row.split("\t")
        self.assertEqual(cells[:3], [AMAZON["order-id"], AMAZON["order-item-id"], "2"])
        self.assertEqual(cells[4:7], ["SF Express", "SF Express", box.number])
        self.assertEqual((file.parcel_count, file.line_ids.order_id), (1, order))
        self.assertTrue(box.reported_at)
        with self.assertRaises(UserError):
            channel.action_ship_file()
        self.assertEqual(self.text_of(file).splitlines(), [head, row])
        self.assertIn(str(file.id), file.action_download()["url"])

    def test_nothing_of_the_supplier_goes_out(self):
        self.shipped(self.amazon, AMAZON)
        file = self.env["dropship.ship.file"].browse(self.amazon.action_ship_file()["res_id"])
        text = self.text_of(file)
        for secret in ("Dawn", "Rhein", "Yiwu", "9.2", "15.9"):
            self.assertNotIn(secret, text)

    def test_chinese_words_in_a_workbook(self):
        self.amazon.out_layout_id = self.env.ref("dropship_flow.order_layout_pdd_out")
        box, order = self.shipped(self.amazon, AMAZON)
        file = self.env["dropship.ship.file"].browse(self.amazon.action_ship_file()["res_id"])
        sheet = load_workbook(BytesIO(base64.b64decode(file.with_context(bin_size=False).content))).active
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        self.assertEqual(rows, [["订单号", "快递公司", "快递单号"], [order.client_order_ref, "顺丰快递", box.number]])

    def test_another_number_is_a_correction_where_taken(self):
        box, _order = self.shipped(self.amazon, AMAZON)
        self.amazon.action_ship_file()
        box.sudo().write({"number": "SF9999999999999"})
        self.assertFalse(box.reported_at)
        file = self.env["dropship.ship.file"].browse(self.amazon.action_ship_file()["res_id"])
        self.assertTrue(file.line_ids.correction)
        self.assertIn("SF9999999999999", self.text_of(file))
        box.sudo().write({"number": "SF1234567890123"})
        self.amazon.action_ship_file()
        self.assertEqual(len(self.env["dropship.ship.file.line"].search([("shipment_id", "=", box.id)])), 3)
        self.amazon._layout("out").corrections = False
        box.sudo().write({"number": "SF8888888888888"})
        self.assertTrue(box.reported_at, "the platform takes no other number by file")
        with self.assertRaises(UserError):
            self.amazon.action_ship_file()

    def test_a_pack_is_told_in_the_channels_pieces(self):
        self.env["dropship.channel.sku"].create(
            {"channel_id": self.amazon.id, "code": "LAMP-2", "product_id": self.lamp.id, "quantity": 2}
        )
        self.shipped(self.amazon, {**AMAZON, "sku": "LAMP-2", "quantity-to-ship": "1", "item-price": "69.80"})
        file = self.env["dropship.ship.file"].browse(self.amazon.action_ship_file()["res_id"])
        self.assertEqual(self.text_of(file).splitlines()[1].split("\t")[2], "1")

    def test_words_of_the_platform(self):
        self.env["dropship.carrier.word"].create(
            {"platform": "amazon", "carrier_code": "sf", "word": "SFC", "company_id": self.company.id}
        )
        self.shipped(self.amazon, AMAZON)
        first = self.env["dropship.ship.file"].browse(self.amazon.action_ship_file()["res_id"])
        self.assertEqual(self.text_of(first).splitlines()[1].split("\t")[4], "SFC")
        self.shipped(self.amazon, OTHER, number="BOTE1234567", carrier="Radbote")
        second = self.env["dropship.ship.file"].browse(self.amazon.action_ship_file()["res_id"])
        self.assertEqual(self.text_of(second).splitlines()[1].split("\t")[4:6], ["Other", "Radbote"])

    def test_chosen_parcels_only(self):
        one, _order = self.shipped(self.amazon, AMAZON)
        two, _order = self.shipped(self.amazon, OTHER, number="SF2222222222222")
        file = self.env["dropship.ship.file"].browse(two.with_user(self.caller).action_ship_file()["res_id"])
        self.assertEqual(file.line_ids.shipment_id, two)
        self.assertFalse(one.reported_at)

    def test_where_orders_stand(self):
        box, order = self.shipped(self.amazon, AMAZON)
        rows = self.amazon.with_user(self.caller)._status_rows()
        self.assertEqual(rows[1][:3], [AMAZON["order-id"], order.name, "On the Way"])
        self.assertIn(box.number, rows[1][4])
        action = self.amazon.with_user(self.caller).action_status_file()
        self.assertIn("orders.xlsx", action["url"])
        order._action_cancel()
        self.assertEqual(self.amazon._status_rows()[1][2], "Cancelled")

    def test_who_may(self):
        self.shipped(self.amazon, AMAZON)
        with self.assertRaises(AccessError):
            self.amazon.with_user(self.make_login("employee")).action_ship_file()
        file = self.env["dropship.ship.file"].browse(self.amazon.with_user(self.caller).action_ship_file()["res_id"])
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self.make_login("manager", login="stranger", company=other)
        with self.assertRaises(AccessError):
            file.with_user(stranger).with_context(allowed_company_ids=other.ids).read(["name"])
        with self.assertRaises(AccessError):
            file.with_user(self.caller).write({"name": "x"})
