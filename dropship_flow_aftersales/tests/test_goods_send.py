from datetime import timedelta

from odoo import fields
from odoo.addons.dropship_flow.tests.common_tracking import TrackingFactories
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_goods import GoodsCase


@tagged("post_install", "-at_install", "standard")
class TestGoodsSend(GoodsCase):
    """The customer learns where to send it, enters the number once, and whoever waits for it hears of it."""

    def setUp(self):
        super().setUp()
        self.order = self.delivered((self.lamp, 3))

    def waiting_for_approval(self):
        case = self.open_case((self.order.order_line, 1, "dislike"))
        case.needs_approval = True
        return self.agree(case)

    # -- where to --------------------------------------------------------------------------------------------------

    def test_the_address_of_a_supplier_never_names_him(self):
        warehouse = self.warehouses["Rhein"]
        warehouse.return_partner_id = self.env["res.partner"].create(
            {
                "name": "Rhein Returns",
                "parent_id": self.rhein.partner_id.id,
                "type": "other",
                "street": "Am Kai 4",
                "street2": "c/o Rhein",
                "zip": "50667",
                "city": "Köln",
                "country_id": self.country("DE").id,
                "phone": "+49 221 1",
            }
        )
        case = self.agreed(self.order)
        lines = case._return_address()
        self.assertEqual(lines, [case.name, "Am Kai 4", "50667 Köln", "Germany", "+49 221 1"])

    def test_without_a_return_address_it_is_the_warehouse(self):
        self.warehouses["Rhein"].write({"street": "Am Kai 5", "zip": "50667", "city": "Köln"})
        case = self.agreed(self.order)
        self.assertEqual(case._return_address()[:3], [case.name, "Am Kai 5", "50667 Köln"])

    def test_nothing_is_shown_before_the_supplier_agreed(self):
        case = self.waiting_for_approval()
        self.assertEqual((case.approval, case._return_address()), ("waiting", []))
        self.assertIn("do not send anything yet", case._return_instructions()[0])
        with self.assertRaises(UserError):
            self.sent(case)
        self.assertFalse(case.parcel_ids)
        case._record("approve", "supplier")
        self.assertTrue(case._return_address())
        self.assertTrue(self.sent(case))

    def test_a_refusing_supplier_shows_nothing_until_it_goes_to_us(self):
        case = self.waiting_for_approval()
        case._record("disapprove", "supplier")
        self.assertEqual(case._return_address(), [])
        case._record("redirect", "agent")
        self.assertEqual(case._return_address()[:2], [self.company.name, case.name])

    def test_what_need_not_come_back_has_no_address(self):
        case = self.open_case((self.order.order_line, 1, "damaged"))
        offer = self.offer(case, "nothing", conditions=(("goods", {"place": "donate"}),))
        case._record("accept", "agent", offer=offer)
        self.assertEqual(case._return_address(), [])
        self.assertIn("need not send anything back", case._return_instructions()[0])

    # -- the number ------------------------------------------------------------------------------------------------

    def test_the_number_says_who_carries_it(self):
        parcel = self.agreed(self.order)._send_back(" rb123456785de ")
        self.assertEqual((parcel.number, parcel.state, parcel.place), ("RB123456785DE", "on_the_way", "supplier"))
        self.assertTrue(parcel.carrier_code)
        self.assertEqual(parcel.key, f"{parcel.return_id.name}-1")

    def test_the_same_number_twice_is_one_parcel(self):
        case = self.agreed(self.order, 2)
        first = case._send_back("BACK00001", lines={case.line_ids: 1})
        self.assertEqual(case._send_back("back 00001"), first)
        self.assertEqual(self.history(case), ["accept", "send"])

    def test_numbers_that_are_none(self):
        case = self.agreed(self.order)
        for number in ("", "hello", "12", "1.23E+14", "#####", "1Z999AA10123456785"):
            with self.subTest(number), self.assertRaises(UserError):
                case._send_back(number)
        self.assertFalse(case.parcel_ids)
        self.assertTrue(case._send_back("1Z999AA10123456785", by="agent"), "he has the receipt before him")

    def test_the_number_of_another_parcel(self):
        one = self.agreed(self.order)
        number = self.sent(one).number
        other = self.agreed(self.order)
        with self.assertRaisesRegex(UserError, "another return"):
            other._send_back(number)
        with self.assertRaisesRegex(UserError, "a parcel we sent"):
            other._send_back(self.order.dropship_shipment_ids.number, by="agent")

    def test_not_more_than_is_to_come_back(self):
        case = self.agreed(self.order, 2)
        for qty in (3, -1, float("nan")):
            with self.subTest(qty), self.assertRaisesRegex(UserError, "At most 2"):
                case._send_back("BACK00001", lines={case.line_ids: qty})
        self.sent(case)
        with self.assertRaisesRegex(UserError, "Nothing of"):
            case._send_back("BACK00009")

    def test_two_suppliers_get_two_parcels(self):
        order = self.make_sale(self.lamp, self.stand)
        for line, name in zip(order.order_line, ("Rhein", "Yiwu"), strict=True):
            self.suppliers[name].answer_mode = "manual"
            self.env["dropship.line.choice"]._choose(line, self.suppliers[name], "pin", "test")
        order.action_confirm()
        for purchase in order.dropship_purchase_ids:
            purchase._dropship_accept()
            purchase._dropship_take_parcels([{"number": f"OUT{purchase.id:08d}", "carrier": "DHL"}])
        case = self.agree(self.open_case(*((line, 1, "dislike") for line in order.order_line)))
        first, second = self.sent(case), self.sent(case)
        self.assertEqual((first | second).supplier_id, self.rhein | self.suppliers["Yiwu"])
        self.assertEqual((len(first.line_ids), len(second.line_ids)), (1, 1))

    def test_a_label_made_before_is_used(self):
        case = self.agreed(self.order)
        parcel = case._make_parcel(list(case.line_ids))
        with self.assertRaisesRegex(UserError, "PDF or a picture"):
            parcel._set_label("label.pdf", b"<script>alert(1)</script>")
        parcel._set_label("Rhein GmbH.pdf", b"%PDF-1.4 label")
        name, mimetype, content = parcel._label_file()
        self.assertEqual((mimetype, content), ("application/pdf", b"%PDF-1.4 label"))
        self.assertNotIn("Rhein", name)
        self.assertEqual(self.sent(case), parcel)


@tagged("post_install", "-at_install", "standard")
class TestGoodsNews(TrackingFactories, GoodsCase):
    """A tracking service speaks of a parcel on its way back: its case hears it, once."""

    def setUp(self):
        super().setUp()
        self.service = self.make_service()
        self.order = self.delivered((self.lamp, 2))
        self.case = self.agreed(self.order, 2)
        self.env.cr.execute(
            "UPDATE dropship_return SET opened_at = opened_at - interval '9 days' WHERE id = %s", [self.case.id]
        )
        self.env.cr.execute(
            "UPDATE dropship_return_event SET at = at - interval '9 days' WHERE return_id = %s", [self.case.id]
        )
        self.env.invalidate_all()

    def push(self, number, *events):
        body = self.make_push(number, *events, carrier="")
        founds = self.service._service().read(body, {}, {})
        return self.env["dropship.shipment"]._take_found(self.service, founds)[1]

    def test_scans_reach_the_case_once(self):
        parcel = self.sent(self.case)
        events = (("picked_up", 30), ("in_transit", 20), ("delivered", 5))
        self.assertEqual(self.push(parcel.number, *events), [])
        self.push(parcel.number, *events)
        self.assertEqual(self.history(self.case)[1:], ["send", "move", "arrive"])
        self.assertEqual((parcel.state, self.case.reception), ("arrived", "received"))
        self.assertEqual(self.order.order_line.qty_delivered, 2.0, "the carrier's word moves no goods")
        self.assertTrue(parcel.arrived_at < fields.Datetime.now() - timedelta(hours=4))

    def test_news_before_the_number_is_kept(self):
        self.assertEqual(len(self.push("BACK77777", ("picked_up", 30), ("delivered", 5))), 1)
        parcel = self.case._send_back("BACK77777")
        self.assertEqual(parcel.state, "arrived")
        self.assertFalse(self.env["dropship.orphan"].search([("number", "=", "BACK77777")]))

    def test_a_lost_parcel(self):
        parcel = self.sent(self.case)
        self.push(parcel.number, ("picked_up", 100), ("lost", 2))
        self.assertEqual((parcel.state, self.case.line_ids.qty_lost), ("lost", 2.0))

    def test_news_of_the_one_who_had_the_number_before(self):
        parcel = self.sent(self.case)
        self.push(parcel.number, ("delivered", 24 * 40))
        self.assertEqual(parcel.state, "on_the_way")

    def test_a_parcel_not_accepted_is_told(self):
        parcel = self.sent(self.case)
        self.push(parcel.number, ("picked_up", 50), ("returning", 2))
        self.push(parcel.number, ("delivered", 1))
        self.assertEqual((parcel.state, parcel.turned), ("on_the_way", True), "delivered to who sent it")
        self.assertIn("goes back to the customer", self.case.message_ids[0].body)

    def test_numbers_of_nobody_wait(self):
        self.assertEqual([why for _found, why in self.push("BACK99999", ("picked_up", 3))], ["unknown"])

    def test_another_company_does_not_hear_it(self):
        parcel = self.sent(self.case)
        self.service.company_id = self.env["res.company"].create({"name": "Other", "logo": False})
        self.assertEqual(len(self.push(parcel.number, ("delivered", 1))), 1)
        self.assertEqual(parcel.state, "on_the_way")
