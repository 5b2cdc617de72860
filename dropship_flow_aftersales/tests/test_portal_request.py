from urllib.parse import urlsplit

from odoo.addons.dropship_flow.models.track_lookup import LIMITS
from odoo.tests import tagged

from .common_portal import ReturnPages, picture


@tagged("post_install", "-at_install", "standard")
class TestPortalRequest(ReturnPages):
    """A customer asks for something, with an account or by the link of his order, and no program runs on the page."""

    # --- the way through ---

    def test_with_an_account_from_the_article_to_the_case(self):
        self.login_customer()
        page = self.ask("/my/returns/new", note="The glass is broken", photos=[("lamp.jpg", picture())])
        case = self.cases()
        self.assertEqual(len(case), 1)
        self.assertIn(f"/my/returns/{case.id}", page.url)
        self.assertIn("We are looking at it", page.text)
        self.assertRecordValues(case, [{"origin": "portal", "stage": "asked", "kind": "damaged"}])
        self.assertEqual((case.line_ids.order_line_id, case.line_ids.qty), (self.line, 1))
        self.assertEqual(case.line_ids.note, "The glass is broken")
        self.assertEqual(case.line_ids.photo_ids.mapped("mimetype"), ["image/jpeg"])
        self.assertEqual(case.line_ids.photo_ids.res_model, "dropship.return")
        self.assertEqual(len(self.mails(case)), 1)

    def test_as_a_guest_under_the_link_of_the_order(self):
        page = self.ask(f"{self.track()}/return")
        case = self.cases()
        self.assertIn(self.case_token(case), page.url)
        self.assertEqual(case.origin, "guest")
        self.assertIn("We are looking at it", page.text)

    def test_the_parcel_it_is_about_is_chosen_already(self):
        page = self.open(f"{self.track()}/return?parcel={self.box.id}")
        sent = self.hidden(page.text, "/return")
        self.assertEqual({name for name in sent if name.startswith("pick_")},
                         {f"pick_{line.id}" for line in self.order.order_line})  # fmt: skip

    def test_the_tracking_page_leads_to_it(self):
        page = self.open(self.track())
        self.assertIn(f"{self.track()}/return", page.text)

    def test_the_same_form_sent_twice_is_one_case(self):
        self.ask(f"{self.track()}/return", twice=True)
        self.assertEqual(len(self.cases()), 1)

    def test_going_back_leads_to_the_case(self):
        page = self.choose(f"{self.track()}/return")
        why = page.url
        page = self.send(page, "/why", {f"reason_{self.line.id}": str(self.reasons["damaged"].id)})
        page = self.send(page, "/get", {"wanted": ""})
        page = self.send(page, "/photos", {"go": "next"})
        self.send(page, "/send")
        again = self.open(why)
        self.assertIn(self.case_token(self.cases()), again.url)

    # --- how many ---

    def test_what_is_in_a_case_cannot_be_asked_for_again(self):
        self.ask(f"{self.track()}/return")
        page = self.open(f"{self.track()}/return")
        left = self.line.product_uom_qty - 1
        self.assertIn("in a request already", page.text)
        if not left:
            self.assertNotIn(f'name="qty_{self.line.id}"', page.text)
        page = self.choose(f"{self.track()}/return", qty=left + 1)
        self.assertIn("more than the", self.errors(page))
        self.assertEqual(len(self.cases()), 1)

    def test_more_than_was_delivered_is_refused_and_kept_as_typed(self):
        order = self.make_sale((self.lamp, 3), confirm=True)
        self.env.flush_all()
        page = self.choose(f"{self.track(order)}/return", order.order_line, qty=77)
        self.assertIn("77 is more than", self.errors(page))
        self.assertIn('value="77"', page.text)
        for typed in ("-1", "0", "abc", "1e9", "nan"):
            page = self.choose(f"{self.track()}/return", qty=typed)
            self.assertTrue(self.errors(page), typed)
        self.assertFalse(self.cases())

    def test_nothing_chosen(self):
        page = self.open(f"{self.track()}/return")
        sent = {name: None for name in self.hidden(page.text, "/return") if name.startswith("pick_")}
        page = self.send(page, "/return", {**sent, "go": "next"})
        self.assertIn("Choose what it is about", self.errors(page))

    def test_of_what_has_not_left_only_what_fits_is_offered(self):
        self.make_reason_not_shipped()
        order = self.hero(confirm=True, name="WAITING-1")
        self.env.flush_all()
        line = order.order_line.filtered(lambda line: line.product_id == self.lamp)
        page = self.choose(f"{self.track(order)}/return", line)
        self.assertIn("not sent yet", page.text)
        self.assertIn("Not sent in time", page.text)
        self.assertNotIn(">Damaged<", page.text)
        # A form that was changed says something else than the parcels do.
        page = self.send(page, "/why", {f"reason_{line.id}": str(self.reasons["damaged"].id)})
        self.assertIn("choose what happened", self.errors(page))

    def make_reason_not_shipped(self):
        self.reasons["not_shipped"] = self.env["dropship.return.reason"].create(
            {"name": "Not sent in time", "code": "t_not_shipped", "kind": "not_shipped", "liable": "us", "absent": True}
        )

    def test_errors_keep_what_was_typed(self):
        page = self.choose(f"{self.track()}/return")
        page = self.send(page, "/why", {f"reason_{self.line.id}": "", f"note_{self.line.id}": "The <b>glass</b>"})
        self.assertIn("choose what happened", self.errors(page))
        self.assertIn("The &lt;b&gt;glass&lt;/b&gt;", page.text)

    def drafts(self):
        return self.env["dropship.return.draft"].search([("partner_id", "=", self.anna.id)])

    # --- photos ---

    def test_a_script_as_photo_is_refused(self):
        page = self.choose(f"{self.track()}/return")
        page = self.send(page, "/why", {f"reason_{self.line.id}": str(self.reasons["damaged"].id)})
        page = self.send(page, "/get", {"wanted": ""})
        bad = {
            "photo.jpg": b"<script>alert(1)</script>",
            "photo.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            "photo.png": b"\x89PNG\r\n\x1a\n" + b"<?php evil" * 20,
            "huge.jpg": picture() + bytes(9 * 1024 * 1024),
        }
        for name, data in bad.items():
            with self.subTest(name):
                answer = self.send(page, "/photos", {"go": "next"}, files={"photos": (name, data, "image/jpeg")})
                self.assertIn("no photo or video", self.errors(answer))
                self.assertNotIn("<script>alert(1)", answer.text)
        self.assertFalse(self.drafts().photo_ids)

    def test_where_a_photo_was_taken_is_forgotten(self):
        exif = b"Exif\x00\x00MM\x00*\x00\x00\x00\x08GPSSECRET"
        page = self.ask(f"{self.track()}/return", photos=[("lamp.jpg", picture(exif=exif))])
        photo = self.cases().line_ids.photo_ids
        self.assertNotIn(b"GPSSECRET", photo.raw)
        shown = self.url_open(f"{self.case_token(self.cases())}/photo/{photo.id}")
        self.assertEqual((shown.status_code, shown.headers["Content-Type"]), (200, "image/jpeg"))
        self.assertEqual(shown.headers["X-Content-Type-Options"], "nosniff")
        self.assertIn(f"/photo/{photo.id}", page.text)

    def test_a_photo_that_is_needed_is_asked_for(self):
        self.reasons["damaged"].photo = True
        page = self.choose(f"{self.track()}/return")
        page = self.send(page, "/why", {f"reason_{self.line.id}": str(self.reasons["damaged"].id)})
        page = self.send(page, "/get", {"wanted": ""})
        self.assertIn("dropship_needs", page.text)
        page = self.send(page, "/photos", {"go": "next", "note": "No camera"})
        self.assertIn("We need a photo", self.errors(page))
        self.assertIn("No camera", page.text)
        page = self.send(page, "/photos", {"go": "without"})
        self.assertIn("/send", page.url)

    def test_too_many_photos(self):
        page = self.choose(f"{self.track()}/return")
        page = self.send(page, "/why", {f"reason_{self.line.id}": str(self.reasons["damaged"].id)})
        page = self.send(page, "/get", {"wanted": ""})
        files = [("photos", (f"{n}.jpg", picture(), "image/jpeg")) for n in range(11)]
        page = self.send(page, "/photos", {"go": "next"}, files=files)
        self.assertIn("at most 10 photos", self.errors(page))

    # --- who may ---

    def test_another_customers_order(self):
        stranger = self.make_partner("Stranger", "DE", is_company=False)
        other = self.hero(confirm=True, name="OTHER-1")
        other.partner_id = stranger
        self.env.flush_all()
        line = other.order_line[:1]
        for start, login in ((f"{self.track()}/return", False), ("/my/returns/new", True)):
            self.login_customer() if login else self.logout_all()
            page = self.open(start)
            self.assertNotIn("OTHER-1", page.text)
            extra = {f"shown_{line.id}": "1", f"pick_{line.id}": "1", f"qty_{line.id}": "1", "go": "next"}
            page = self.send(page, "/return", extra)
            self.assertIn("Only confirmed orders", self.errors(page))
        self.open(f"/my/returns/new?order={other.id}")
        self.assertNotIn("OTHER-1", self.open(f"/my/returns/new?order={other.id}").text)
        self.assertFalse(self.env["dropship.return"].search([("line_ids.order_id", "=", other.id)]))

    def test_a_form_of_somebody_else(self):
        self.login_customer()
        page = self.choose("/my/returns/new")
        why = page.url
        stranger = self.make_portal_user("portal-stranger", self.make_partner("Stranger", "DE", is_company=False))
        for user in (None, stranger):
            self.authenticate(user and user.login, user and user.login)
            self.open(why, status=404)

    def test_a_guest_adds_another_order_only_by_both_of_its_facts(self):
        other = self.hero(confirm=True, name="SECOND-1")
        self.env.flush_all()
        start = f"{self.track()}/return"
        page = self.open(start)
        self.assertNotIn("SECOND-1", page.text)
        page = self.send(page, "/return", {"go": "add", "reference": "SECOND-1", "contact": "wrong@example.com"})
        self.assertIn('data-problem="unknown"', page.text)
        page = self.send(page, "/items", {"go": "add", "reference": "SECOND-1", "contact": self.anna.email})
        self.assertIn("/items", page.url)
        self.assertEqual(page.text.count("SECOND-1"), 1)
        # One of somebody else cannot be joined, even by who knows both.
        stranger = self.make_partner("Stranger", "DE", is_company=False, email="stranger@example.com")
        other.copy({"name": "THIRD-1", "partner_id": stranger.id}).action_confirm()
        self.env.flush_all()
        page = self.send(page, "/items", {"go": "add", "reference": "THIRD-1", "contact": "stranger@example.com"})
        self.assertIn('data-problem="other"', page.text)

    def test_too_many_tries_for_another_order(self):
        page = self.open(f"{self.track()}/return")
        for _try in range(LIMITS["order"][0] + 1):
            page = self.send(page, "/return" if "/items" not in page.url else "/items",
                             {"go": "add", "reference": "NOSUCH-1", "contact": "a@example.com"})  # fmt: skip
        self.assertIn('data-problem="often"', page.text)

    def test_forged_forms_get_our_own_page(self):
        for text in ("0" * 52, "%00", "x", "a/b/c", "%3Cscript%3E", "none"):
            for step in ("items", "why", "send"):
                page = self.open(f"/return/new/{text}/{step}", status=404)
                self.assertIn("dropship_return_gone", page.text, text)
        page = self.open(f"{self.track()}/return")
        answer = self.send(page, "/return", {"form": "short", "go": "next"})
        self.assertEqual(answer.status_code, 404)

    def test_a_post_without_its_csrf_token_is_refused(self):
        self.assertEqual(self.url_open(f"{self.track()}/return", data={"go": "next"}).status_code, 400)

    def test_looking_opens_nothing(self):
        self.login_customer()
        self.open("/my/returns/new")
        self.open(f"{self.track()}/return?parcel={self.box.id}&problem=damaged")
        self.assertFalse(self.drafts())

    def test_my_own_orders_are_searched(self):
        self.login_customer()
        page = self.open("/my/returns/new?words=nosuchthing")
        self.assertIn("Nothing found", page.text)
        page = self.open("/my/returns/new?words=lamp")
        self.assertIn(self.order.name, page.text)

    def test_drafts_are_forgotten(self):
        self.choose(f"{self.track()}/return")
        draft = self.drafts()
        self.assertEqual(len(draft), 1)
        self.env.cr.execute("UPDATE dropship_return_draft SET write_date = write_date - interval '9 days'")
        draft.invalidate_recordset()
        draft._gc_drafts()
        self.assertFalse(draft.exists())

    def test_a_label_does_not_say_who_made_it(self):
        """A supplier's file name may tell who he is."""
        case = self.open_case((self.line, 1, "dislike"))
        case._record("accept", "agent", offer=self.offer(case, "nothing", to="supplier", after="inspected"))
        parcel = case._add_label("Rhein GmbH.pdf", b"%PDF-1.4 label")
        self.env.flush_all()
        answer = self.url_open(urlsplit(case._page_url("/label")).path)
        self.assertEqual((answer.status_code, answer.content), (200, b"%PDF-1.4 label"))
        self.assertIn(parcel.key.replace("/", "-"), answer.headers["Content-Disposition"])
        self.assertNotIn("Rhein", answer.headers["Content-Disposition"])
