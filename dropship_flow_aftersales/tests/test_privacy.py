import base64
from datetime import timedelta

from odoo import fields
from odoo.addons.dropship_flow.tests.common_portal import PortalWorld
from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from .common_case import CaseFactories

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
WORDS = "Anna's aunt has seen it"


class CaseWorld(CaseFactories, PortalWorld, HttpCase):
    """The order of the portal world, delivered, with a case whose goods go back to the vendor."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_portal_world()
        cls.make_reasons()
        if cls.purchase.state != "purchase":
            cls.purchase.button_confirm()
        for row in cls.purchase.dropship_allocation_ids.filtered(lambda row: row.state == "submitted"):
            row._set_state("accepted")
        cls.purchase._dropship_take_parcels([{"number": "00340000000000004711", "carrier": "DHL"}])
        cls.line = cls.purchase.dropship_allocation_ids.line_id[:1]
        cls.case = cls.open_case(cls, (cls.line, 1, "damaged", {"note": WORDS}), by="customer", note=WORDS)
        cls.photo = cls.env["ir.attachment"].create(
            {"name": "p.png", "raw": PNG, "res_model": "dropship.return", "res_id": cls.case.id}
        )
        cls.case.line_ids.photo_ids = cls.photo
        cls.case._record("accept", "agent", offer=cls.offer(cls, cls.case, to="supplier", after="received"))
        cls.env.flush_all()


@tagged("post_install", "-at_install", "standard")
class TestCasePrivacy(CaseWorld):
    """What is left of a customer in a case: that it was, what was agreed, and nothing he said."""

    def end(self, days=2000):
        """The case is closed, since so many days."""
        self.case.resolution_ids.filtered(lambda one: one.state == "planned")._set_state("done")
        when = fields.Datetime.now() - timedelta(days=days)
        self.case.write({"state": "closed", "closed_at": when})
        self.case.case_claim_ids.write({"state": "cancelled"})
        self.env.flush_all()

    def purge(self):
        kept = self.env["dropship.retention"]
        self.assertIn("case", dict(kept._kept()))
        before = fields.Datetime.now() - timedelta(days=kept._days_of("case", self.company))
        kept._purge_case(self.company, before, 100)
        self.env.flush_all()
        self.env.invalidate_all()

    def words(self):
        """All that is stored about the case, as text."""
        case = self.case
        records = (case, case.line_ids, case.event_ids, case.message_ids, case.side_ids, case.side_ids.exchange_ids)
        return repr([
            [value for name, value in row.items() if name not in ("partner_id", "author_id")]
            for group in records
            for row in group.read([name for name, field in group._fields.items() if field.store and field.type in
                                   ("char", "text", "html", "json")])
        ])  # fmt: skip

    def test_words_and_photos_go_after_their_time(self):
        self.case.message_post(body=f"<p>{WORDS}</p>", author_id=self.case.partner_id.id, message_type="comment")
        self.case._record("cancel", "customer", text=WORDS) if "cancel" in self.case._verbs("customer") else None
        self.assertIn("aunt", self.words())
        self.end(days=100)
        self.purge()
        self.assertTrue(self.photo.exists(), "its time is not over")
        self.end()
        self.purge()
        self.assertFalse(self.photo.exists())
        self.assertNotIn("aunt", self.words())
        self.assertTrue(self.case.forgotten_at)
        self.assertTrue(self.case.event_ids, "what happened stays")
        self.assertEqual(self.case.line_ids.qty, 1)
        again = self.case.forgotten_at
        self.purge()
        self.assertEqual(self.case.forgotten_at, again)

    def test_a_claim_that_is_not_settled_keeps_its_photos(self):
        self.end()
        claim = self.env["dropship.claim"].create(
            {"party": "supplier", "kind": "damage", "order_id": self.order.id, "return_id": self.case.id,
             "supplier_id": self.purchase.dropship_warehouse_id.supplier_id.id, "amount": 5,
             "company_id": self.company.id, "currency_id": self.company.currency_id.id}
        )  # fmt: skip
        self.purge()
        self.assertTrue(self.photo.exists())
        claim.sudo().write({"state": "cancelled"})
        self.purge()
        self.assertFalse(self.photo.exists())

    def test_events_are_changed_by_nobody_else(self):
        event = self.case.event_ids[:1]
        with self.assertRaises(UserError):
            event.write({"text": "x"})
        with self.assertRaises(UserError):
            event.with_context(dropship_forget=True).write({"code": "refuse"})

    def test_a_customer_who_asks_is_forgotten_in_cases(self):
        wizard = self.env["dropship.customer.erase"].create({"partner_id": self.order.partner_id.id})
        self.assertIn(self.case.name, wizard.case_text)
        with self.assertRaisesRegex(UserError, "not settled"):
            wizard.action_erase()
        self.end(days=1)
        self.purchase.dropship_allocation_ids.filtered(
            lambda row: row.state in ("planned", "submitted", "accepted")
        ).with_context(active_test=False).state = "released"
        self.env.invalidate_all()
        statement = self.env["dropship.return.withdrawal"].create(
            {"name": "Anna Weber", "reference": "SO1", "email": "annasecret@example.com", "order_id": self.order.id,
             "company_id": self.company.id, "state": "done", "text": WORDS}
        )  # fmt: skip
        self.env["dropship.customer.erase"].create({"partner_id": self.order.partner_id.id}).action_erase()
        self.assertFalse(self.photo.exists())
        self.assertNotIn("aunt", self.words())
        self.assertEqual((statement.name, statement.text), ("A. W.", False))
        self.assertNotIn("annasecret", statement.email)


@tagged("post_install", "-at_install", "standard")
class TestCaseLeaks(CaseWorld):
    """Neither side of a case learns of the other what it must not."""

    def vendor_says(self):
        """Words of the vendor, wherever he has some."""
        side = self.case.side_ids
        self.assertTrue(side, "the vendor knows of the case")
        side.write(
            {
                "note": "Vendorsecret Rhein is content", "reason": "POSECRET", "remote_ref": "SKUSECRET-1",
                "address": {"name": "Vendorsecret Rhein", "street": "Vendorgasse 7", "phone": "7770001"},
            }
        )  # fmt: skip
        parcel = self.case._send_back("BACK0815", None, by="customer")
        parcel = self.case.parcel_ids if parcel is None or parcel._name != "dropship.return.parcel" else parcel
        parcel.write({"last_news": "Handed to Vendorsecret Rhein", "note": "Vendorsecret looked"})
        self.case.message_post(body="Vendorsecret Rhein was asked", subtype_xmlid="mail.mt_note")

    def test_the_customer_reads_all_he_may_and_learns_no_vendor(self):
        self.vendor_says()
        self.sweep(self.customer_user, self.of_vendors)
        self.sweep(self.env.ref("base.public_user"), self.of_vendors + self.of_sale)

    def test_the_vendor_s_login_learns_no_sale(self):
        self.vendor_says()
        self.sweep(self.vendor_user, self.of_sale)

    def test_pages_mails_and_timeline(self):
        self.vendor_says()
        page, slip = self.case._page("customer"), self.case._slip_pages()
        # Where it goes is told, once the vendor agreed: his street and phone, and nothing else of him.
        named = [word for word in self.of_vendors if word not in ("Vendorgasse", "7770001")]
        self.assertSilent(page, named, "page")
        self.assertSilent(slip, named, "slip")
        page["send"] = None
        self.assertSilent(page, self.of_vendors, "page without the address")
        mails = self.env["mail.mail"].search([("model", "=", "dropship.return"), ("res_id", "=", self.case.id)])
        for mail in mails:
            self.assertSilent(mail.body_html + (mail.subject or ""), self.of_vendors, "mail")

    def test_what_the_vendor_is_told(self):
        self.vendor_says()
        side = self.case.side_ids
        told = [side.content, *(message.content for message in side.exchange_ids), *side.exchange_ids.mapped("payload")]
        self.assertTrue(any(told))
        self.assertSilent(told, (*self.of_sale, "34.9"), "told")
