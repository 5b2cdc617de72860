import re

from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .common_settlement import SettlementFactories
from .common_supplier_desk import DeskWorld


@tagged("post_install", "-at_install", "standard")
class TestDeskStatements(DeskWorld, SettlementFactories, HttpCase):
    """A supplier reads his statement by link or login: agrees, objects, takes the papers; never another's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_desk_world()
        cls.open_books(cls.rhein)
        goods = cls.bill(100, "2026-01-05", ref="R-1")
        cls.bill(80, "2026-01-20", ref="R-2")
        cls.pay_supplier(60, "2026-01-28", goods)
        cls.month = cls.statement("2026-01-31")
        cls.month.action_send()
        cls.env.flush_all()
        cls.path = f"/statements/{cls.month.id}"

    def line(self, reference):
        self.env.invalidate_all()
        return self.month.line_ids.filtered(lambda line: line.reference == reference)

    def test_he_finds_it_with_its_sums(self):
        self.assertIn("/statements", self.opened(""))
        listed = self.opened("/statements")
        self.assertIn(self.month.name, listed)
        page = self.opened(self.path)
        for text in ("Opening balance", "180.00", "60.00", "120.00", "R-1", "R-2"):
            self.assertIn(text, page)
        self.assertNotIn("SALESECRET", page)
        self.assertNotIn("CLIENTREF", page)

    def test_a_draft_is_ours(self):
        draft = self.statement("2026-02-28") if self.month.action_approve() else None
        self.assertEqual(draft.state, "draft")
        self.env.flush_all()
        self.opened(f"/statements/{draft.id}", status=404)
        self.assertNotIn(draft.name, self.opened("/statements"))

    def test_he_agrees_once(self):
        page = self.opened(self.path)
        self.assertEqual(self.send(f"{self.path}/agree", page).status_code, 303)
        self.assertEqual(self.month.state, "agreed")
        self.assertTrue(self.month.agreed_by)
        again = self.send(f"{self.path}/agree", page)  # a double click
        self.assertEqual((again.status_code, self.month.state), (200, "agreed"))

    def test_he_agrees_only_with_what_he_saw(self):
        page = self.opened(self.path)
        self.bill(5, "2026-01-30", ref="R-3")
        self.month.action_refresh()
        self.env.flush_all()
        late = self.send(f"{self.path}/agree", page)
        self.assertEqual((late.status_code, self.month.state), (409, "sent"))
        self.assertIn("R-3", late.text)

    def test_he_objects_to_a_line_and_reads_the_answer(self):
        page = self.opened(self.path)
        place = f"{self.path}/object/{self.line('R-2').id}"
        self.assertEqual(self.send(place, page, text="").status_code, 422)
        self.assertEqual(self.send(place, page, text="It was 85").status_code, 303)
        self.send(place, page, text="It was 85")
        objection = self.month.objection_ids
        self.assertEqual((objection.text, objection.state, self.month.state), ("It was 85", "open", "objected"))
        page = self.opened(self.path)
        self.assertIn("It was 85", page)
        self.assertNotIn("I agree", page, "first his objection is answered")
        objection.answer = "The price list says 80"
        objection.action_refuse()
        self.env.flush_all()
        self.assertIn("The price list says 80", self.opened(self.path))

    def test_a_line_of_another_statement(self):
        other = self.make_supplier("Other")
        other.partner_id.property_account_payable_id = self.accounts["payable"]
        self.bill(7, "2026-01-05", ref="FOREIGN-7", partner_id=other.partner_id)
        foreign = self.statement("2026-01-31", supplier_id=other)
        foreign.action_send()
        self.env.flush_all()
        page = self.opened(self.path)
        answer = self.send(f"{self.path}/object/{foreign.line_ids[:1].id}", page, text="x")
        self.assertEqual(answer.status_code, 409)
        self.assertFalse(foreign.objection_ids)
        for tail in ("", "/pdf", "/xls"):
            self.opened(f"/statements/{foreign.id}{tail}", status=404)
        self.assertNotIn("FOREIGN-7", page)

    def test_a_link_to_one_order_reaches_no_statement(self):
        _link, url = self.env["dropship.supplier.link"]._make(self.rhein, self.company, purchase=self.waiting)
        self.env.flush_all()
        base = "/supplier/" + url.rpartition("/")[2]
        for path in ("/statements", self.path, f"{self.path}/xls"):
            self.opened(path, status=404, base=base)

    def test_the_papers(self):
        answer = self.url_open(f"{self.base}{self.path}/xls")
        self.assertEqual(answer.content[:2], b"PK")
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
        self.assertIn("no-store", answer.headers["Cache-Control"])
        self.assertEqual(self.url_open(f"{self.base}{self.path}/pdf").status_code, 200)
        self.opened(f"{self.path}/doc", status=404)

    def test_looking_changes_nothing(self):
        before = (self.month.state, self.month.turn, len(self.month.message_ids))
        for path in ("/statements", self.path):
            self.opened(path)
        self.env.invalidate_all()
        self.assertEqual((self.month.state, self.month.turn, len(self.month.message_ids)), before)
        self.assertIn(self.url_open(f"{self.base}{self.path}/agree").status_code, (404, 405))

    def test_the_login_sees_the_same(self):
        new_test_user(self.env, "rhein-login", groups="base.group_portal").partner_id.parent_id = self.rhein.partner_id
        self.env.flush_all()
        self.authenticate("rhein-login", "rhein-login")
        page = self.url_open(f"/my/dropship{self.path}").text
        self.assertIn("R-2", page)

    def test_our_own_people_take_the_workbook_by_their_rights(self):
        path = f"/dropship/statement/{self.month.id}.xlsx"
        groups = {"accountant": "account.group_account_invoice,dropship_flow.group_dropship_user",
                  "employee": "base.group_user"}  # fmt: skip
        for login, names in groups.items():
            new_test_user(
                self.env, f"st-{login}", groups=names, company_id=self.company.id,
                company_ids=[Command.set(self.company.ids)],
            )  # fmt: skip
        self.env.flush_all()
        self.authenticate("st-accountant", "st-accountant")
        self.assertEqual(self.url_open(path).content[:2], b"PK")
        self.authenticate("st-employee", "st-employee")
        self.assertEqual(self.url_open(path).status_code, 404)
        self.authenticate(None, None)
        self.assertTrue(re.search("login", self.url_open(path).url))
