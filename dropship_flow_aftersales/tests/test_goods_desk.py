import base64
import re

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_goods import GoodsCase

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install", "standard")
class TestGoodsDesk(GoodsCase):
    """An agent's buttons, and what everybody else may not."""

    def setUp(self):
        super().setUp()
        self.order = self.delivered((self.lamp, 3))
        self.agent = self.login("user")
        self.agent.group_ids |= self.env.ref("dropship_flow_aftersales.group_aftersales_agent")
        self.reader = self.login("buyer")

    def as_agent(self, record):
        return record.with_user(self.agent)

    def open_form(self, action):
        return self.env[action["res_model"]].with_user(self.agent).browse(action["res_id"])

    def test_the_agent_enters_label_and_number(self):
        case = self.as_agent(self.agreed(self.order, 2))
        send = self.open_form(case.action_send_back())
        self.assertEqual(send.row_ids.qty, 2.0)
        send.write({"label": base64.b64encode(PNG), "label_name": "label.png", "freight": 4.9, "payer": "us"})
        send.action_apply()
        parcel = case.parcel_ids
        self.assertEqual((parcel.state, parcel.freight, parcel.payer), ("expected", 4.9, "us"))
        send = self.open_form(case.action_send_back())
        send.write({"number": "BACK12345", "freight": 4.9, "payer": "us"})
        send.action_apply()
        self.assertEqual((parcel.number, parcel.state), ("BACK12345", "on_the_way"))
        with self.assertRaisesRegex(UserError, "Enter the tracking number"):
            self.env["dropship.return.send"].with_user(self.agent).create({"return_id": case.id}).action_apply()

    def test_the_agent_counts_and_looks_in_one_form(self):
        case = self.agreed(self.order, 3, to="us")
        parcel = self.as_agent(self.sent(case))
        count = self.open_form(parcel.action_count())
        self.assertEqual(count.row_ids.qty, 3.0)
        photo = self.env["ir.attachment"].with_user(self.agent).create({"name": "scratch.png", "raw": PNG})
        row = count.row_ids
        row.write({"qty": 2.0, "condition": "as_new"})
        count.write(
            {
                "row_ids": [
                    Command.create({"line_id": row.line_id.id, "qty": 1.0, "condition": "damaged", "note": "scratch"})
                ],
                "photo_ids": [Command.set(photo.ids)],
                "note": "One has a scratch",
            }
        )
        count.action_apply()
        self.assertEqual(parcel.state, "inspected")
        self.assertEqual(parcel.line_ids.conditions, {"as_new": "2", "damaged": "1"})
        self.assertEqual((parcel.note, parcel.photo_ids), ("scratch", photo))
        self.assertEqual(self.books(self.order)[0], 0.0)

    def test_counting_only_and_other_goods(self):
        case = self.agreed(self.order, 3, to="us")
        parcel = self.as_agent(self.sent(case))
        count = self.open_form(parcel.action_count())
        count.write({"only_count": True, "other": "a blue hat", "other_qty": 2})
        count.row_ids.qty = 2.0
        count.action_apply()
        self.assertEqual((parcel.state, parcel.strange_text), ("counted", "2 × a blue hat"))
        self.assertEqual(parcel.line_ids.qty_received, 2.0)
        self.assertIn("short", [flag[0] for flag in case.flags])

    def test_all_as_sent(self):
        parcel = self.as_agent(self.sent(self.agreed(self.order, 2)))
        parcel.action_as_sent()
        self.assertEqual(self.books(self.order)[:2], (1.0, 1.0))

    def test_found_by_either_number(self):
        case = self.agreed(self.order)
        parcel = self.sent(case)
        parcels = self.env["dropship.return.parcel"].with_user(self.agent)
        for text in (parcel.number[4:], case.name, parcel.key):
            self.assertIn(parcel.id, [found for found, _name in parcels.name_search(text)])

    def test_readers_change_nothing(self):
        parcel = self.sent(self.agreed(self.order)).with_user(self.reader)
        for verb in ("action_as_sent", "action_count", "action_arrived", "action_lost", "action_to_us", "action_scrap"):
            with self.subTest(verb), self.assertRaises(AccessError):
                getattr(parcel, verb)()
        with self.assertRaises(AccessError):
            parcel.return_id.action_send_back()

    def test_counts_that_are_none(self):
        case = self.agreed(self.order, 2)
        parcel = self.sent(case)
        other = self.sent(self.agreed(self.order, 1))
        line = case.line_ids
        bad = (
            (parcel, {}, "how many"),
            (parcel, {line: -1}, "not a number"),
            (parcel, {line: float("nan")}, "not a number"),
            (parcel, {line: 1e9}, "not a number"),
            (parcel, {line: "many"}, "not a number"),
            (parcel, {" ": 1}, "what else"),
            (parcel, {other.return_id.line_ids: 1}, "is not one of"),
            (other, {line: 1}, "not a parcel of"),
        )
        for box, counts, words in bad:
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                case._receive(box, counts, "supplier")
        rows = [{"line": line, "condition": "as_new", "qty": 1}] * 2
        with self.assertRaisesRegex(UserError, "named twice"):
            case._inspect(parcel, rows, "supplier")
        with self.assertRaisesRegex(UserError, "which condition"):
            case._inspect(parcel, [{"line": line, "condition": "eaten", "qty": 1}], "supplier")
        self.assertEqual(self.books(self.order)[0], 3.0)

    def test_a_supplier_counts_only_what_goes_to_him(self):
        case = self.agreed(self.order, to="us")
        parcel = self.sent(case)
        with self.assertRaisesRegex(UserError, "does not go to you"):
            case._receive(parcel, {case.line_ids: 1}, "supplier")

    def test_the_slip_has_our_number_and_no_supplier(self):
        self.warehouses["Rhein"].write({"street": "Am Kai 5", "zip": "50667", "city": "Köln"})
        case = self.agreed(self.order, 2)
        (page,) = case._slip_pages()
        self.assertEqual((page["number"], page["sender"]), (case.name, "Anna Weber"))
        self.assertEqual(page["lines"], [{"name": "Lamp", "qty": 2.0, "unit": "Units"}])
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "dropship_flow_aftersales.report_return_slip", case.ids
        )
        text = re.sub(r"<img[^>]*>", "IMG", html.decode())
        self.assertIn(case.name, text)
        self.assertIn("Am Kai 5", text)
        self.assertIn("IMG", text)
        self.assertNotIn("Rhein", text)

    def test_screens_open(self):
        parcel = self.sent(self.agreed(self.order))
        Form(parcel)
        insurance = Form(self.env["dropship.freight.insurance"].with_user(self.agent))
        insurance.name, insurance.order_id, insurance.premium = "YFX-9", self.order, 0.8
        row = insurance.save()
        payout = Form(self.env["dropship.freight.payout"].with_context(**row.action_pay_out()["context"]))
        payout.amount = 9.0
        payout.save().action_apply()
        self.assertEqual(row.return_id._insured_freight(), 9)
        action = parcel.return_id.action_open_parcels_back()
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), parcel)
