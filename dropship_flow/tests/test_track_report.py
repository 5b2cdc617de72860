import base64
import io

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from PIL import Image

from .common_track import TrackWorld


@tagged("post_install", "-at_install", "standard")
class TestTrackReport(TrackWorld, HttpCase):
    """"Something is wrong", another address, and finding the page again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_track_world()
        (cls.box,) = cls.ship()
        cls.url = f"/track/{cls.order._dropship_track_token()}"

    def photo(self, size=(40, 40)):
        buffer = io.BytesIO()
        Image.new("RGB", size, "red").save(buffer, "JPEG")
        return buffer.getvalue()

    def report(self, problem, text="", photos=()):
        files = [("photos", (name, data)) for name, data in photos] or None
        return self.said(self.post(self.url, "/report", {"problem": problem, "text": text}, files))

    def reports(self):
        return self.env["dropship.exception"].search(
            [("kind", "=", "customer_reports"), ("order_id", "=", self.order.id), ("state", "=", "open")]
        )

    # --- something is wrong ---

    def test_damaged_with_a_photo(self):
        self.say(self.box, "picked_up", "delivered")
        self.assertEqual(self.report("damaged", "Broken glass <script>alert(1)</script>", [("a.jpg", self.photo())]),
                         "reported")  # fmt: skip
        exception = self.reports()
        self.assertEqual(exception.shipment_id, self.box)
        self.assertIn("Broken glass", exception.description)
        self.assertIn("SF1234567890", exception.description)
        self.assertTrue(exception.deadline)
        self.assertIn("action_write_customer", exception.verbs)
        (photo,) = self.env["ir.attachment"].search(
            [("res_model", "=", "dropship.exception"), ("res_id", "=", exception.id)]
        )
        self.assertTrue(base64.b64decode(photo.datas).startswith(b"\xff\xd8"))
        self.assertTrue(self.box._receipt_blockers())
        action = exception.action_write_customer()
        self.assertEqual(action["context"]["default_partner_ids"], self.anna.ids)

    def test_twice_and_more(self):
        self.say(self.box, "picked_up", "delivered")
        self.assertEqual(self.report("missing", "the cable"), "reported")
        self.assertEqual(self.report("missing", "the  cable"), "already")
        self.assertEqual(self.report("wrong", "a blue lamp"), "reported")
        self.assertEqual(len(self.reports().reasons), 2)

    def test_bad_input(self):
        for problem, text, photos, said in (
            ("nonsense", "x", (), "choose"),
            ("", "x", (), "choose"),
            ("other", "", (), "empty"),
            ("damaged", "x" * 1_000_000, (), "long"),
            ("damaged", "", [("a.jpg", b"<html><script>alert(1)</script>")], "photo"),
        ):
            with self.subTest(problem=problem, said=said):
                self.assertEqual(self.report(problem, text, photos), said)
        self.assertFalse(self.reports())

    def test_photos_that_are_none(self):
        order = self.order.sudo()
        for photos in (
            [("a.jpg", b"")],
            [("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")],
            [("a.jpg", b"\xff\xd8\xff\xe0 not really")],
            [("a.jpg", self.photo())] * 6,
            [("a.jpg", self.photo() + b"0" * (9 * 1024 * 1024))],
        ):
            self.assertEqual(order._dropship_report("damaged", "", self.box.id, photos), "photo")
        self.assertFalse(self.reports())

    def test_a_parcel_of_somebody_else(self):
        other = self.make_sale(self.lamp, confirm=True)
        (box,) = self.ship(other, ("OTHER123456",))
        for parcel in (str(box.id), "9" * 30, "-1", "x", "٣"):
            page = self.post(self.url, "/report", {"problem": "other", "text": "x", "parcel": parcel})
            self.assertEqual(self.said(page), "nothing", parcel)
        self.assertFalse(box.exception_ids)

    def test_too_often(self):
        said = [self.report("other", f"Number {number}") for number in range(8)]
        self.assertEqual(said[:6], ["reported"] * 6)
        self.assertEqual(set(said[6:]), {"often"})

    def test_nothing_left_yet(self):
        order = self.make_sale(self.lamp, confirm=True)
        url = f"/track/{order._dropship_track_token()}"
        page = self.post(url, "/report", {"problem": "other", "text": "Please ring twice"})
        self.assertEqual(self.said(page), "reported")
        exception = self.env["dropship.exception"].search(
            [("order_id", "=", order.id), ("kind", "=", "customer_reports")]
        )
        self.assertIn("ring twice", exception.description)
        self.assertFalse(exception.shipment_id)

    def test_what_the_desk_may_do(self):
        self.assertEqual(self.report("other", "Where is it?"), "reported")
        exception = self.reports()
        buyer = new_test_user(self.env, "track-buyer", "dropship_flow.group_dropship_buyer",
                              company_id=self.company.id, company_ids=[(6, 0, self.company.ids)])  # fmt: skip
        salesman = new_test_user(self.env, "track-sales", "sales_team.group_sale_salesman",
                                 company_id=self.company.id, company_ids=[(6, 0, self.company.ids)])  # fmt: skip
        with self.assertRaises(AccessError):
            exception.with_user(salesman).action_done()
        exception.with_user(buyer).action_done()
        self.assertEqual(exception.state, "solved")

    # --- another address ---

    def test_another_address_before_it_leaves(self):
        for supplier in self.suppliers.values():
            supplier.answer_mode = "manual"
        order = self.make_sale(self.lamp, confirm=True)
        url = f"/track/{order._dropship_track_token()}"
        self.anna.write({"street": "Hauptstr. 1", "phone": "+49 30 5550001"})
        self.env.flush_all()
        form = self.open_page(f"{url}/address")
        self.assertNotIn("5550001", form)
        data = {"name": "Anna Weber", "street": "Nebenstr. 2", "city": "Berlin", "zip": "10117", "phone": ""}
        fields_ = {**self.form(f"{url}/address", "/address"), **data}
        page = self.url_open(f"{url}/address", data={**fields_, "street": ""}).text
        self.assertIn('role="alert"', page)
        page = self.url_open(f"{url}/address", data=fields_).text
        self.assertIn(self.said(page), ("address_now", "address_ask"))
        order.invalidate_recordset()
        self.assertEqual(order.partner_shipping_id.street, "Nebenstr. 2")
        self.assertEqual(order.partner_shipping_id.phone, "+49 30 5550001")

    def test_another_address_after_it_left(self):
        self.assertIn("too late", self.open_page(f"{self.url}/address"))
        self.say(self.box, "in_transit")
        page = self.open_page(self.url)
        self.assertNotIn("Deliver to another address", page)
        self.assertIn("It should go to another address", page)
        self.assertEqual(self.report("redirect", ""), "empty")
        self.assertEqual(self.report("redirect", "Nebenstr. 2, 10117 Berlin"), "reported")
        self.assertIn("Nebenstr. 2", self.reports().description)

    # --- finding it again ---

    def find(self, reference, contact, status=200):
        response = self.url_open("/track", data={"reference": reference, "contact": contact})
        self.assertEqual(response.status_code, status)
        self.assertSilent(response.text, self.of_vendors)
        return response

    def test_found_by_number_and_mail_or_phone(self):
        for reference, contact in (
            (self.order.name, "ANNAsecret@example.com "),
            (f" #{self.order.name.lower()} ", "+49 (0)30 5550001"),
            ("CLIENTREF-1", "030 5550001"),
            ("clientref-1", "annasecret@example.com"),
        ):
            with self.subTest(reference=reference, contact=contact):
                response = self.find(reference, contact)
                self.assertTrue(response.url.endswith(self.url), response.url)
                self.assertIn("SF1234567890", response.text)

    def test_a_wrong_pair_says_one_sentence(self):
        name = self.order.name
        pages = [
            self.find(reference, contact)
            for reference, contact in (
                (name, "other@example.com"), (name, "030 1234567"), ("S99999", "annasecret@example.com"), (name, ""),
                ("", "annasecret@example.com"), (name, "%"), ("%", "annasecret@example.com"),
                ("SALE_ECRET-1", "annasecret@example.com"),
            )
        ]  # fmt: skip
        said = {self.page_text(page.text, "dropship_problem") for page in pages}
        self.assertEqual(len(said), 1)
        self.assertIn("We find no order", said.pop())

    def test_nonsense_is_no_error(self):
        bad = (("x" * 5000, "y" * 5000), ("a\x00b", "c@d\x00e"), ("<script>alert(1)</script>", "@"))
        for reference, contact in bad:
            page = self.find(reference, contact).text
            self.assertNotIn("<script>alert", page)

    def test_who_guesses_has_to_wait(self):
        for number in range(8):
            self.find(self.order.name, f"guess{number}@example.com")
        page = self.find(self.order.name, "annasecret@example.com", status=429)
        self.assertIn("many tries", page.text)
        # An order that does not exist answers in the same way.
        for number in range(8):
            self.find("S99999", f"guess{number}@example.com")
        self.find("S99999", "annasecret@example.com", status=429)
        for number in range(10):
            response = self.url_open("/track", data={"reference": f"S{number}", "contact": "a@example.com"})
        self.assertEqual(response.status_code, 429)

    def test_quotations_and_other_companies_are_not_found(self):
        quotation = self.hero(name="QUOTE-1")
        self.assertIn("We find no order", self.find("QUOTE-1", "annasecret@example.com").text)
        self.website.company_id = self.env["res.company"].create({"name": "Other"})
        self.env.flush_all()
        self.assertIn("We find no order", self.find(self.order.name, "annasecret@example.com").text)
        self.assertFalse(quotation.dropship_shipment_ids)

    def test_the_page_and_the_block_post_to_the_same_place(self):
        self.assertIn('action="/track"', self.open_page("/track"))
        block = self.env["ir.qweb"]._render("dropship_flow.s_dropship_track", {})
        self.assertIn('action="/track"', block)
        self.assertNotIn("csrf", block)
        arch = self.env.ref("website.snippets")._get_combined_arch()
        self.assertTrue(arch.xpath("//t[@t-snippet='dropship_flow.s_dropship_track']"))
        self.assertTrue(arch.xpath("//t[@t-snippet='dropship_flow.s_dropship_promise']"))
