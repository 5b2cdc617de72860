from odoo import Command, fields
from odoo.tests import new_test_user, tagged

from .common_bill_upload import BillFactories
from .common_flow import FlowCase

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@tagged("post_install", "-at_install", "standard")
class TestBillUploadOffice(BillFactories, FlowCase):
    """What the office lets pass on bills handed in, and what it does about objections. By our orders it is 31.30."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.open_purchase_books()
        cls.rhein = cls.suppliers["Rhein"]
        cls.purchase = cls.hero(confirm=True).dropship_purchase_ids
        cls.purchase.order_line.tax_ids = cls.input_tax
        cls.ship_all(cls.purchase)

    def total(self, amount):
        """State and codes of a bill that says a total only. What waits is rejected, so that it may come again."""
        upload = self.hand_in(PDF, name="r.pdf", number="P-1", date=str(fields.Date.today()), total=f"{amount:.2f}",
                              orders=self.purchase.name)  # fmt: skip
        found = upload.state, self.codes(upload)
        if upload.move_id:
            self.assertEqual(upload.move_id.amount_total, 31.3)
            self.assertIn(f"{amount:.2f}", " ".join(upload.move_id.message_ids.mapped("body")))
        else:
            upload._reject("Again")
        return found

    def tolerate(self, **vals):
        self.env["dropship.match.tolerance"].search([]).unlink()
        return self.env["dropship.match.tolerance"].create(vals)

    def assert_border(self, inside, outside):
        """One total is entered by itself, another waits for a person."""
        waits = ("differs", ["handed_total"])
        self.assertEqual(self.total(outside), waits)
        self.assertEqual(self.total(inside), ("entered", []))

    # --- tolerances ---

    def test_a_total_up_to_an_amount(self):
        self.tolerate(absolute=0.5)
        self.assert_border(31.8, 31.81)

    def test_a_total_up_to_a_percentage(self):
        self.tolerate(use_absolute=False, use_relative=True, relative=1.0)
        self.assert_border(31.61, 31.62)

    def test_where_both_limits_are_given_both_hold(self):
        self.tolerate(absolute=0.5, use_relative=True, relative=1.0)
        self.assert_border(31.61, 31.62)

    def test_the_tolerance_of_a_supplier(self):
        self.tolerate(supplier_id=self.rhein.id, company_id=self.company.id, absolute=0.2)
        self.assert_border(31.5, 31.51)

    def test_the_tolerance_of_the_company(self):
        self.env["dropship.match.tolerance"].search([]).unlink()
        self.company.dropship_match_absolute = 0.2
        self.assert_border(31.5, 31.51)

    def test_tolerances_of_others_and_of_parts_say_nothing(self):
        waits = ("differs", ["handed_total"])
        self.company.write({"dropship_match_absolute": 0.0, "dropship_match_percent": 0.0})
        self.tolerate(supplier_id=self.suppliers["Dawn"].id, absolute=5.0)
        self.assertEqual(self.total(31.5), waits)
        self.tolerate(company_id=self.make_company("Other").id, absolute=5.0)
        self.assertEqual(self.total(31.5), waits)
        self.tolerate(kind="freight", absolute=5.0)
        self.assertEqual(self.total(31.5), waits)

    def test_less_than_our_total_is_looked_at(self):
        """A draft of ours would be paid with more than he asks."""
        self.tolerate(absolute=5.0)
        self.assertEqual(self.total(31.0), ("differs", ["handed_total"]))

    # --- objections ---

    def objected(self):
        """A bill that waits, with objections to two of its lines and something else to do about it."""
        sku = self.offers["Rhein", self.lamp].sku
        upload = self.hand_in(self.ubl(self.purchase, rows=self.rows_of(self.purchase, **{sku: (1, 16.5)})))
        first, second = upload.line_ids[:2]
        first._say("Agreed by phone")
        second._say("Agreed by mail")
        todo = self.env.ref("mail.mail_activity_data_todo")
        upload.activity_schedule("mail.mail_activity_data_todo", summary="Ask the customs agent", user_id=self.env.uid)
        by_hand = self.env["mail.activity"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id(upload._name),
                "res_id": upload.id,
                "activity_type_id": todo.id,
                "summary": "Call the bank",
                "user_id": self.env.uid,
            }
        )
        return upload, by_hand

    def answer(self, line, user):
        self.env["dropship.bill.say"].with_user(user).create(
            {"upload_id": line.upload_id.id, "line_id": line.id, "what": "answer", "text": "You are right"}
        ).action_apply()

    def test_an_answer_ends_what_is_to_do_about_the_objection(self):
        upload, by_hand = self.objected()
        objection = upload.activity_search(["dropship_flow.activity_bill_objection"])
        self.assertEqual(len(objection), 1)
        self.assertIn("phone", objection.note)
        self.assertIn("mail", objection.note)
        buyer = new_test_user(self.env, "bills-buyer", groups="dropship_flow.group_dropship_buyer",
                              company_id=self.company.id, company_ids=[Command.set(self.company.ids)])  # fmt: skip
        first, second = upload.line_ids.filtered("comment")
        self.answer(first, buyer)
        self.assertIn(objection, upload.activity_ids, "the other line still waits for its answer")
        self.answer(second, buyer)
        self.assertEqual(set(upload.activity_ids.mapped("summary")), {"Ask the customs agent", "Call the bank"})
        self.assertTrue(by_hand.exists())
