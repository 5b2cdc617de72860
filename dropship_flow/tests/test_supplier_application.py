import re
from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .common_flow import FlowCase, FlowFactories

FORM = {
    "name": "Shenzhen <script>alert(1)</script> Bright Co.", "contact_name": "Li <b>Lei</b>", "phone": "+86 755 1234",
    "street": "Road 1", "city": "Shenzhen", "goods": "Lamps\nand shades", "channel_type": "factory",
    "wh_name": "Bao'an", "wh_city": "Shenzhen", "tz": "Asia/Shanghai", "cut_off": "16:30", "handling_days": "1",
    "rate_price_0": "6,20", "rate_days_0": "8", "rate_late_0": "14", "closed_name_0": "春节",
    "closed_from_0": "2030-02-01", "closed_to_0": "2030-02-15", "return_street": "Back lane 2",
    "return_city": "Shenzhen",
    "bank_account": "DE89 3704 0044 0532 0130 00", "bank_holder": "Bright Co.", "bank_name": "Commerzbank",
    "order_way": "link", "payment_terms": "30 days",
}  # fmt: skip
ACCOUNT = "DE89370400440532013000"
PDF = b"%PDF-1.7\n1 0 obj\n"


class ApplicationWorld(FlowFactories):
    @classmethod
    def make_world(cls):
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        if not hasattr(cls, "company"):
            cls.make_hero()
        cls.china, cls.germany = cls.country("CN"), cls.country("DE")
        cls.form = {**FORM, "country_id": str(cls.china.id), "wh_country_id": str(cls.china.id),
                    "rate_country_0": str(cls.germany.id), "currency_id": str(cls.currency("EUR").id)}  # fmt: skip
        cls.manager, cls.buyer = cls.make_login("manager"), cls.make_login("buyer")
        cls.applications = cls.env["dropship.supplier.application"]
        cls.application, cls.url = cls.applications._start(
            cls.company, "li@bright.example", lang="en_US", reviewer=cls.buyer
        )
        cls.base = "/supplier-join/" + cls.url.rpartition("/")[2]

    def as_user(self, user, record=None):
        return (record or self.application).with_user(user).with_context(allowed_company_ids=user.company_ids.ids)

    def hand_in(self, application=None, **data):
        application = application or self.application
        return application._save({**self.form, "verb": "submit", **data}, (), str(application.revision))


@tagged("post_install", "-at_install", "standard")
class TestApplicationReview(ApplicationWorld, FlowCase):
    """What a supplier writes counts when a person says so, and not before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_world()

    def test_nothing_counts_before_it_is_accepted(self):
        partners = self.env["res.partner"].search_count([])
        suppliers = self.env["dropship.supplier"].search_count([])
        self.assertEqual(self.hand_in(), ("submitted", []))
        self.assertEqual(self.env["res.partner"].search_count([]), partners)
        self.assertEqual(self.env["dropship.supplier"].search_count([]), suppliers)
        self.assertEqual(self.application.activity_ids.user_id, self.buyer)
        self.assertTrue(self.env["mail.mail"].search([("email_to", "=", "li@bright.example")]))

    def test_accepting_makes_all_of_it_at_once(self):
        self.hand_in()
        self.as_user(self.manager).action_accept()
        supplier = self.application.supplier_id
        self.assertEqual((supplier.state, supplier.channel_type, supplier.order_way), ("prospect", "factory", "link"))
        self.assertEqual((supplier.company_id, supplier.currency_id.name), (self.company, "EUR"))
        partner = supplier.partner_id
        self.assertEqual((partner.city, partner.country_id, partner.is_company), ("Shenzhen", self.china, True))
        self.assertEqual(partner.email, "li@bright.example")
        house = supplier.warehouse_ids
        self.assertEqual((house.name, house.cut_off, house.tz), ("Bao'an", 16.5, "Asia/Shanghai"))
        self.assertEqual(house.return_partner_id.street, "Back lane 2")
        rate = supplier.rate_ids
        self.assertEqual((rate.first_price, rate.days_p50, rate.days_p80, rate.days_p95), (6.2, 8.0, 11.0, 14.0))
        self.assertEqual((rate.country_ids, rate.warehouse_id), (self.germany, house))
        self.assertEqual(supplier.closure_ids.name, "春节")
        bank = partner.bank_ids
        self.assertEqual((bank.sanitized_acc_number, bank.allow_out_payment), (ACCOUNT, False))
        self.assertFalse(self.application.sudo().bank_sealed)
        self.assertFalse(self.application.activity_ids)
        again = self.env["dropship.supplier"].search_count([])
        self.as_user(self.manager).action_accept()
        self.assertEqual(self.env["dropship.supplier"].search_count([]), again)

    def test_the_account_is_sealed_and_only_who_decides_sees_it(self):
        self.hand_in()
        self.env.flush_all()
        self.env.cr.execute("SELECT * FROM dropship_supplier_application WHERE id = %s", [self.application.id])
        self.assertNotIn("37040044", str(self.env.cr.fetchall()))
        self.assertEqual(self.application.bank_masked, "•••• 3000")
        self.assertEqual(self.as_user(self.manager).bank_account, ACCOUNT)
        with self.assertRaises(AccessError):
            self.as_user(self.buyer).read(["bank_account"])
        messages = self.application.message_ids | self.application.supplier_id.message_ids
        self.assertNotIn("37040044", str(messages.mapped("body")))

    def test_who_may_do_what(self):
        self.hand_in()
        for user in (self.make_login("user"), self.make_login("employee")):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.as_user(user).action_accept()
        with self.assertRaises(UserError):
            self.as_user(self.buyer).action_accept()
        with self.assertRaises(UserError):
            self.as_user(self.buyer).action_ask_again()
        self.application.answer = "Where is your licence?"
        self.as_user(self.buyer).action_ask_again()
        self.assertEqual(self.application.state, "asked")
        self.assertFalse(self.applications._by_token(self.base.rpartition("/")[2]))
        other = self.euro_company("Elsewhere GmbH")
        with self.assertRaises(AccessError):
            self.as_user(self.make_login("manager", other)).action_refuse()
        with self.assertRaises(UserError):
            self.as_user(self.manager).write({"state": "accepted"})

    def test_a_known_supplier_changes_his_profile_after_review(self):
        dawn = self.suppliers["Dawn"]
        dawn.partner_id.email = "dawn@factory.example"
        dawn.partner_id.bank_ids = [Command.create({"acc_number": "OLD-12345", "allow_out_payment": True})]
        self.as_user(self.buyer, dawn).action_invite_update()
        update = self.applications.search([("supplier_id", "=", dawn.id)])
        self.assertEqual((update.name, update.street), ("Dawn", dawn.partner_id.street))
        self.assertFalse(update._differences())
        self.assertEqual(update.rate_ids.mapped("first_price"), [6.2])
        self.hand_in(update, name="Dawn", rate_price_0="7.1", street="Harbour 9")
        changes = {label: (before, after) for label, before, after in update._differences()}
        self.assertEqual(changes["Street"][1], "Harbour 9")
        self.assertTrue(any("7.1" in after for _before, after in changes.values()))
        self.assertTrue(self.as_user(self.manager, update).bank_is_new)
        self.assertNotEqual(dawn.partner_id.street, "Harbour 9")
        self.as_user(self.manager, update).action_accept()
        self.assertEqual(dawn.partner_id.street, "Harbour 9")
        self.assertEqual(dawn.rate_ids.first_price, 7.1)
        trusted = {bank.sanitized_acc_number: bank.allow_out_payment for bank in dawn.partner_id.bank_ids}
        self.assertEqual(trusted, {"OLD12345": True, ACCOUNT: False})
        self.assertEqual(dawn.state, "approved")
        self.assertEqual(len(dawn.warehouse_ids), 1)

    def test_the_difference_never_becomes_markup(self):
        self.hand_in()
        shown = self.application.difference
        self.assertNotIn("<script>", shown)
        self.assertIn("&lt;script&gt;", shown)
        self.as_user(self.manager).action_accept()
        self.assertNotIn("<b>", str(self.application.supplier_id.note))

    def test_an_existing_contact_is_completed(self):
        known = self.make_partner("Bright", "CN", phone="1")
        self.hand_in()
        self.application.partner_id = known
        self.as_user(self.manager).action_accept()
        self.assertEqual(self.application.supplier_id.partner_id, known)
        self.assertEqual(known.phone, "+86 755 1234")

    def test_refused_is_told_and_final(self):
        self.application.answer = "Come back next year."
        self.hand_in()
        self.as_user(self.buyer).action_refuse()
        mails = self.env["mail.mail"].search([("email_to", "=", "li@bright.example")])
        self.assertIn("Come back next year.", "".join(mails.mapped("body_html")))
        self.assertEqual(self.hand_in()[0], "already")

    def test_a_card_of_the_overview(self):
        self.hand_in()
        cards = {card["key"] for card in self.env["dropship.overview"].with_user(self.buyer)._my_cards()}
        self.assertLessEqual({"applications", "agreements_end", "unmapped"}, cards)
        desk = {card["key"] for card in self.env["dropship.overview"].with_user(self.make_login("user"))._my_cards()}
        self.assertFalse({"applications", "agreements_end", "unmapped"} & desk)


@tagged("post_install", "-at_install", "standard")
class TestApplicationPages(ApplicationWorld, HttpCase):
    """The pages, as a supplier and as somebody who is none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_world()
        cls.env.flush_all()

    def opened(self, path="", status=200):
        response = self.url_open(f"{self.base}{path}", allow_redirects=False)
        self.assertEqual(response.status_code, status)
        return response.text

    def send(self, path="/save", data=None, page=None, base=None, files=None, **more):
        page = page if page is not None else self.opened()
        found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
        hidden = {name: value for name, value in found if name in ("csrf_token", "stamp")}
        response = self.url_open(
            f"{base or self.base}{path}", data={**hidden, **(data or {}), **more}, files=files, allow_redirects=False
        )
        self.env.invalidate_all()
        return response

    def test_he_can_write_until_it_is_handed_in(self):
        """Every field takes what he types and both buttons are there; afterwards neither."""
        page = self.opened()
        self.assertNotIn("disabled", page[page.index("join_form") : page.index("</form>")])
        self.assertIn('value="save"', page)
        self.assertIn('value="submit"', page)
        self.assertIn('name="documents"', page)
        self.hand_in()
        page = self.opened()
        self.assertNotIn('value="submit"', page)
        self.assertIn("disabled", page[page.index("join_form") : page.index("</form>")])

    def test_he_keeps_it_goes_on_and_hands_it_in(self):
        response = self.send(data=self.form, verb="save", name="Half")
        self.assertEqual(response.status_code, 303)
        self.assertEqual((self.application.state, self.application.name), ("started", "Half"))
        page = self.opened()
        self.assertIn('value="Half"', page)
        self.assertIn("•••• 3000", page)
        self.assertNotIn("37040044", page)
        response = self.send(data={**self.form, "bank_account": ""}, page=page, verb="submit")
        self.assertIn("said=submitted", response.headers["Location"])
        self.assertEqual(self.application.state, "submitted")
        page = self.opened()
        self.assertIn('data-state="submitted"', page)
        self.assertNotIn("<script>alert", page)
        self.assertNotIn('value="submit"', page)

    def test_sent_twice_it_is_there_once(self):
        page = self.opened()
        self.send(data=self.form, page=page, verb="submit")
        response = self.send(data=self.form, page=page, verb="submit")
        self.assertIn("said=already", response.headers["Location"])
        self.assertEqual(len(self.application.activity_ids), 1)

    def test_of_two_windows_the_one_behind_writes_nothing(self):
        page = self.opened()
        self.send(data=self.form, page=page, verb="save", city="First")
        response = self.send(data=self.form, page=page, verb="save", city="Second")
        self.assertEqual(response.status_code, 409)
        self.assertIn("join_changed", response.text)
        self.assertIn('value="Second"', response.text)
        self.assertEqual(self.application.city, "First")

    def test_what_is_wrong_is_said_beside_the_field_and_the_rest_kept(self):
        bad = {**self.form, "cut_off": "late", "bank_account": "DE00 1234 5678 9012 3456 78", "phone": ""}
        response = self.send(data=bad, verb="submit")
        self.assertEqual(response.status_code, 422)
        self.assertIn("17:30", response.text)
        self.assertIn("does not add up", response.text)
        self.assertEqual((self.application.state, self.application.city), ("started", "Shenzhen"))
        self.assertFalse(self.application.sudo().bank_sealed)
        self.assertNotIn("1234 5678", response.text)

    def test_documents_are_what_is_in_them(self):
        evil = [("documents", ("licence.pdf", b"<html><script>alert(1)</script>", "application/pdf"))]
        response = self.send(data=self.form, verb="save", files=evil)
        self.assertEqual(response.status_code, 422)
        self.assertFalse(self.application.document_ids)
        good = [("documents", ('a"><b>.exe', PDF, "text/html"))]
        self.send(data=self.form, verb="save", files=good)
        document = self.application.document_ids
        self.assertEqual((document.mimetype, document.res_id), ("application/pdf", self.application.id))
        self.assertFalse(document.public)
        self.assertTrue(document.name.endswith(".pdf") and "<" not in document.name)
        self.assertNotIn(self.url_open(f"/web/content/{document.id}").status_code, (200,))
        self.send(f"/remove/{document.id}")
        self.assertFalse(self.application.document_ids)

    def test_a_link_opens_its_own_application_only(self):
        other, url = self.applications._start(self.company, "wang@rival.example")
        other.write({"name": "Rival Secret Ltd"})
        foreign = self.env["ir.attachment"].create({"name": "x.pdf", "raw": PDF, "res_model": other._name,
                                                    "res_id": other.id})  # fmt: skip
        other.document_ids = foreign
        self.env.flush_all()
        self.assertNotIn("Rival Secret", self.opened())
        self.send(f"/remove/{foreign.id}")
        self.assertTrue(foreign.exists())
        self.send(data=self.form, verb="submit")
        self.assertEqual(other.state, "started")
        self.assertNotEqual(url.rpartition("/")[2], self.base.rpartition("/")[2])

    def test_forged_expired_and_revoked_links_open_nothing(self):
        token = self.base.rpartition("/")[2]
        for wrong in ("0" * 52, token[:-1] + ("0" if token[-1] != "0" else "1"), "x", token.upper(), "%27 OR 1=1"):
            response = self.url_open(f"/supplier-join/{wrong}", allow_redirects=False)
            self.assertIn(response.status_code, (404, 303), wrong)
            self.assertNotIn("join_form", response.text)
        self.assertEqual(self.url_open(self.base).headers["Referrer-Policy"], "no-referrer")
        application = self.application.sudo()
        expires = application.expires
        application.expires = expires + timedelta(days=300)
        self.env.flush_all()
        self.opened(status=404)
        application.expires = fields.Datetime.now() - timedelta(minutes=1)
        self.env.flush_all()
        self.opened(status=404)
        application.expires = expires
        self.as_user(self.buyer).action_revoke()
        self.env.flush_all()
        self.opened(status=404)

    def test_the_open_door_is_shut_unless_settings_open_it(self):
        self.assertEqual(self.url_open("/supplier-join").status_code, 404)
        company = self.env["website"].get_current_website().company_id
        company.dropship_join_open = True
        self.env.flush_all()
        page = self.url_open("/supplier-join").text
        answers = set()
        mails = ["new@maker.example", "li@bright.example", "new@maker.example"]
        for email in mails:
            response = self.send(page=page, path="", base="/supplier-join", email=email)
            answers.add((response.status_code, response.headers.get("Location", "").rpartition("/")[2]))
        self.assertEqual(answers, {(303, "supplier-join?said=sent")})
        found = self.applications.search([("company_id", "=", company.id), ("email", "=", "new@maker.example")])
        self.assertEqual((len(found), found.origin), (1, "open"))
        sent = self.env["mail.mail"].search([("email_to", "=", "new@maker.example")])
        self.assertEqual(len(sent), 2)
        self.assertFalse(found.message_ids.filtered(lambda message: "/supplier-join/" in (message.body or "")))

    def test_machines_and_impatient_people_get_no_mail(self):
        company = self.env["website"].get_current_website().company_id
        company.dropship_join_open = True
        self.env.flush_all()
        page = self.url_open("/supplier-join").text
        response = self.send(page=page, path="", base="/supplier-join", email="bot@x.example", homepage="http://x")
        self.assertEqual(response.status_code, 303)
        self.assertFalse(self.applications.search([("email", "=", "bot@x.example")]))
        for _time in range(5):
            self.send(page=page, path="", base="/supplier-join", email="often@x.example")
        self.assertEqual(self.env["mail.mail"].search_count([("email_to", "=", "often@x.example")]), 3)
        response = self.send(page=page, path="", base="/supplier-join", email="a@b.example\nBcc: c@d.example")
        self.assertEqual(response.status_code, 422)
