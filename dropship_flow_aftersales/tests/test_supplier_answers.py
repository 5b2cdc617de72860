from odoo.exceptions import UserError
from odoo.tests import tagged

from ..connectors.replies import claimed, returned
from .common_supplier import SupplierCase


@tagged("post_install", "-at_install", "standard")
class TestSupplierAnswers(SupplierCase):
    """A supplier is asked, told, answers, counts – whatever the way his words come in."""

    def test_a_supplier_is_asked_once_something_is_agreed(self):
        self.connect()
        order = self.delivered((self.lamp, 3))
        case = self.open_case((order.order_line[:1], 2, "damaged"))
        case.needs_approval = True
        self.assertFalse(case.side_ids)
        case._record("accept", "agent", offer=self.offer(case, "nothing", to="supplier", after="received"))
        self.assertRecordValues(case.side_ids, [{"supplier_id": self.rhein.id, "state": "asked", "revision": 1}])
        (message,) = self.told(case)
        self.assertEqual((message.kind, message.state), ("return", "ready"))
        (line,) = message.content["lines"]
        self.assertEqual((line["qty"], line["order"]), (2.0, order.dropship_purchase_ids.name))
        case._wake()
        self.assertEqual(len(self.told(case)), 1, "nothing is said twice")

    def test_without_approval_it_is_only_announced(self):
        self.connect()
        case = self.agreed(approval=False)
        self.assertEqual((case.side_ids.state, case.approval), ("told", False))
        self.assertFalse(self.told(case).content["approval"])

    def test_he_agrees_and_says_where_to(self):
        self.connect()
        case = self.agreed()
        self.assertEqual(case.approval, "waiting")
        address = {"name": "Returns Yard", "street": "Yard 4", "city": "Yiwu"}
        message = self.says(case, "approved", address=address, id="V-7", label="https://rhein.example/l.pdf")
        self.assertEqual((message.state, message.kind), ("processed", "answer"))
        self.assertEqual(case.approval, "given")
        self.assertRecordValues(
            case.side_ids, [{"state": "approved", "remote_ref": "V-7", "label": "https://rhein.example/l.pdf"}]
        )
        self.assertEqual(case._supplier_address()[self.rhein]["city"], "Yiwu")
        self.says(case, "approved", "m-2", address=address)
        self.assertEqual(self.history(case).count("approve"), 1)

    def test_he_refuses_with_a_reason(self):
        self.connect()
        case = self.agreed()
        self.says(case, "refused", reason="It was used")
        self.assertEqual(
            (case.approval, case.side_ids.state, case.side_ids.reason), ("refused", "refused", "It was used")
        )
        self.says(case, "approved", "m-2")
        self.assertEqual((case.approval, case.side_ids.state), ("given", "approved"))

    def test_the_number_of_the_parcel_reaches_him_at_once(self):
        self.connect()
        case = self.agreed(approval=False)
        key = self.sent(case)
        (message,) = self.told(case, "return_parcel")
        self.assertEqual(message.content["number"], "SF1234567890123")
        case._record("move", "system", parcel=key)
        self.assertEqual(len(self.told(case, "return_parcel")), 1)

    def test_he_counts_and_inspects(self):
        self.connect()
        case = self.agreed(approval=False)
        self.sent(case)
        sku = self.told(case, "return").content["lines"][0]["sku"]
        self.says(case, "counted", lines=[{"sku": sku, "qty": 1}])
        self.assertEqual((case.line_ids.qty_received, case.side_ids.state), (1.0, "counted"))
        self.says(case, "inspected", "m-2", lines=[{"sku": sku, "qty": 1, "condition": "damaged"}])
        self.assertEqual(float(case.line_ids.conditions["damaged"]), 1.0)

    def test_what_does_not_come_any_more_is_called_off(self):
        self.connect()
        case = self.agreed()
        case._record("redirect", "agent")
        self.assertEqual(case.side_ids.state, "off")
        self.assertEqual(self.told(case).mapped("kind"), ["return", "return_cancel"])
        message = self.says(case, "approved")
        self.assertEqual(message.state, "parked")
        self.assertIn("called off", message.error)

    def test_a_supplier_nobody_reaches_is_told_by_a_person(self):
        self.rhein.connection_id = False
        case = self.agreed()
        self.assertFalse(self.told(case))
        self.assertIn(self.rhein.name, case.activity_ids.summary)

    # --- what does not fit is refused in words, and kept ---

    def test_the_case_of_another_is_none_of_his(self):
        self.connect()
        case = self.agreed()
        message = self.says(case, "approved", supplier=self.suppliers["Dawn"])
        self.assertEqual((message.state, case.approval), ("parked", "waiting"))
        self.assertIn(case.name, message.error)
        message = self.hears("return", {"ref": "RMA/1999/1", "answer": "approved"}, "m-3")
        self.assertIn("RMA/1999/1", message.error)

    def test_more_than_asked_or_something_else_is_refused(self):
        self.connect()
        case = self.agreed(approval=False)
        self.sent(case)
        message = self.says(case, "counted", lines=[{"line": str(case.line_ids.id), "qty": 5}])
        self.assertIn("only 2", message.error)
        message = self.says(case, "counted", "m-2", lines=[{"sku": "NOBODYS", "qty": 1}])
        self.assertIn("NOBODYS", message.error)
        message = self.says(case, "counted", "m-3", parcel="XX1", lines=[{"line": str(case.line_ids.id), "qty": 1}])
        self.assertIn("SF1234567890123", message.error)
        self.assertEqual((case.line_ids.qty_received, case.side_ids.state), (0.0, "told"))

    def test_a_refused_answer_is_replayed_once_what_stood_in_its_way_is_gone(self):
        self.connect()
        case = self.agreed()
        message = self.says(case, "counted", lines=[{"line": str(case.line_ids.id), "qty": 2}])
        self.assertEqual(message.state, "parked")
        self.says(case, "approved", "m-2")
        self.sent(case)
        message.action_retry()
        message._act_now()
        self.assertEqual((message.state, case.line_ids.qty_received), ("processed", 2.0))

    def test_an_answer_after_we_closed_for_him_is_too_late(self):
        self.connect()
        case = self.agreed(approval=False)
        key = self.sent(case)
        case._record("arrive", "system", parcel=key)
        self.pass_hours(case, 24 * 30)
        self.assertIn("deem", self.history(case))
        message = self.says(case, "counted", lines=[{"line": str(case.line_ids.id), "qty": 1}])
        self.assertEqual((message.state, case.line_ids.qty_received), ("parked", 2.0))

    def test_an_older_answer_changes_nothing(self):
        self.connect()
        case = self.agreed()
        self.says(case, "approved", "m-2", serial=5)
        self.says(case, "refused", "m-1", serial=4, reason="No")
        self.assertEqual((case.approval, case.side_ids.state), ("given", "approved"))

    def test_the_address_stays_once_the_goods_travel(self):
        self.connect()
        case = self.agreed()
        self.says(case, "approved", address={"city": "Yiwu"})
        self.sent(case)
        message = self.says(case, "approved", "m-2", address={"city": "Ningbo"})
        self.assertIn("on their way", message.error)
        self.assertEqual(case._supplier_address()[self.rhein]["city"], "Yiwu")

    def test_what_he_reads_has_no_word_of_the_customer_or_the_sale(self):
        self.connect()
        order = self.delivered((self.lamp, 3, 87654.32))
        case = self.agreed((order.order_line[:1], 2, "damaged", {"note": "Call Anna at canary-anna@example.com"}))
        told = str(self.told(case).content)
        for word in ("canary-anna", "Anna", "87654", order.name):
            self.assertNotIn(word, told)

    def test_unreadable_answers_are_refused_in_words(self):
        for read, raw in (
            (returned, {"ref": "R", "answer": "perhaps"}),
            (returned, {"answer": "approved"}),
            (returned, {"ref": "R", "answer": "counted", "lines": [{"sku": "A", "qty": "two"}]}),
            (returned, {"ref": "R", "answer": "inspected", "lines": [{"sku": "A", "qty": 1, "condition": "so-so"}]}),
            (returned, {"ref": "R", "answer": "approved", "label": "javascript:alert(1)"}),
            (claimed, {"ref": "C", "answer": "accepted", "amount": "NaN"}),
            (claimed, {"ref": "C", "answer": "partly", "amount": -1}),
        ):
            with self.subTest(raw), self.assertRaises(ValueError):
                read(raw)
        with self.assertRaises(UserError):
            self.env["dropship.return.side"].new({"ref": "R"})._line_of({"line": "", "sku": "A"})
