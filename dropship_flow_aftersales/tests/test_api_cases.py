from odoo.addons.dropship_flow.tests.common_portal import PortalWorld
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_board import GROUPS, BoardCase


@tagged("post_install", "-at_install", "standard")
class TestApiCases(BoardCase):
    """A shop's own system opens cases, reads them and answers offers."""

    def setUp(self):
        super().setUp()
        self.lamp.default_code = "LAMP"
        self.cases = self.as_agent(self.env["dropship.return"])

    def told(self, **more):
        line = {"sku": "LAMP", "quantity": 1, "reason": "t_damaged", "note": "A crack"}
        return {"number": self.order.name, "lines": [line], "wanted": "nothing", **more}

    def ask(self, *orders, **more):
        self.env.flush_all()
        return self.cases.api_open_cases(orders=list(orders), **more)

    def test_a_case_is_opened_read_and_answered(self):
        answer = self.ask(self.told(note="Please help"))
        (result,) = answer["results"]
        self.assertEqual((answer["http_status"], result["status"]), (200, "opened"), result)
        case = self.env["dropship.return"].search([("name", "=", result["case"])])
        self.assertEqual((case.origin, case.note, case.line_ids.note), ("api", "Please help", "A crack"))
        case._record("offer", "agent", text="Here", offer=self.offer(case, "nothing"))
        (read,) = self.cases.api_read_cases(numbers=[self.order.name])["cases"]
        self.assertEqual((read["case"], read["offer"]["kind"], read["offer"]["words"]), (case.name, "nothing", "Here"))
        self.assertIn("/return/", read["page"])
        (done,) = self.cases.api_answer_cases(orders=[{"number": case.name, "answer": "accept"}])["results"]
        self.assertEqual((done["status"], done["acceptance"]), ("answered", "accepted"))
        (again,) = self.cases.api_answer_cases(orders=[{"number": case.name, "answer": "accept"}])["results"]
        self.assertEqual(again["status"], "refused")

    def test_the_same_request_twice_is_one_case(self):
        first = self.ask(self.told(reference="R-1"))["results"][0]["case"]
        self.assertEqual(self.ask(self.told(reference="R-1"))["results"][0]["case"], first)
        once = self.ask(self.told(), idempotency_key="k1")
        self.assertEqual(self.ask(self.told(), idempotency_key="k1")["results"], once["results"])
        self.assertEqual(len(self.order.dropship_return_line_ids.return_id), 2)

    def test_what_is_wrong_is_said_and_the_others_are_opened(self):
        wrong = [
            self.told(number="NONE"),
            self.told(lines=[{"sku": "NONE", "quantity": 1, "reason": "t_damaged"}]),
            self.told(lines=[{"sku": "LAMP", "quantity": 1, "reason": "none"}]),
            self.told(lines=[{"sku": "LAMP", "barcode": "1", "quantity": 1, "reason": "t_damaged"}]),
            self.told(lines=[{"sku": "LAMP", "quantity": 99, "reason": "t_damaged"}]),
            self.told(),
        ]
        answer = self.ask(*wrong)
        self.assertEqual([row["status"] for row in answer["results"]], ["refused"] * 5 + ["opened"])
        self.assertTrue(all(row["errors"][0]["message"] for row in answer["results"][:5]))
        self.assertEqual(self.ask({"number": "X"})["http_status"], 422)
        (nobody,) = self.cases.api_answer_cases(orders=[{"number": "RMA/0", "answer": "accept"}])["results"]
        self.assertEqual(nobody["status"], "refused")

    def test_only_service_agents_call(self):
        desk = self.make_person("Dora", "desk")
        self.assertNotIn(GROUPS["agent"], desk.group_ids.mapped("name"))
        for method in ("api_open_cases", "api_answer_cases", "api_read_cases"):
            with self.assertRaises(AccessError):
                getattr(self.as_agent(self.env["dropship.return"], desk), method)(orders=[])

    def test_nothing_of_suppliers_is_told(self):
        self.ask(self.told())
        text = repr(self.cases.api_read_cases(numbers=[self.order.name]))
        for word in (*PortalWorld.of_vendors, "Rhein", *self.order.dropship_purchase_ids.mapped("name")):
            self.assertNotIn(word, text)
