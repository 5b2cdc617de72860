import base64
import io
import re

from odoo.addons.dropship_flow.tests.common_supplier_desk import DeskWorld
from odoo.tests import HttpCase, tagged
from PIL import Image

from .common_supplier import SupplierCase


def picture():
    """A photo with the place where it was taken."""
    image, stream = Image.new("RGB", (40, 30), "red"), io.BytesIO()
    exif = image.getexif()
    exif[0x010F] = "CAMERACANARY"
    image.save(stream, "JPEG", exif=exif)
    return stream.getvalue()


class ReturnPages(DeskWorld, SupplierCase, HttpCase):
    """Rhein's page with a return of two lamps and a claim."""

    @classmethod
    def make_hero(cls):  # pylint: disable=missing-return
        """Override: once, whoever asks."""
        if not hasattr(cls, "lamp"):
            super().make_hero()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_desk_world()
        cls.rhein.partner_id.email = "orders@rhein.example"

    def setUp(self):
        super().setUp()
        self.connect()
        self.sold = self.delivered((self.lamp, 3))
        self.photo = self.env["ir.attachment"].create(
            {"name": "annasecret.jpg", "raw": picture(), "mimetype": "image/jpeg"}
        )
        line = (self.sold.order_line[:1], 2, "damaged", {"photos": self.photo, "note": "annasecret words"})
        self.case = self.agreed(line)
        self.side = self.case.side_ids
        self.claimed = self.claim(40.0, order=self.sold)
        self.env.flush_all()

    def answer(self, page, verb, record=None, base=None, **data):
        path = f"/claims/{self.claimed.id}" if record else f"/returns/{self.side.id}"
        return self.send(f"{path}/answer", page, base, verb=verb, **data)


@tagged("post_install", "-at_install", "standard")
class TestSupplierPages(ReturnPages):
    def test_the_counters_stand_on_top(self):
        page = self.opened("")
        self.assertIn("Returns to approve", page)
        self.assertIn("/returns?tab=approve", page)
        page = self.opened("/returns?tab=approve")
        self.assertIn(self.case.name, page)
        self.assertIn(self.claimed._supplier_ref(), self.opened("/returns?tab=claims"))

    def test_approve_with_another_address_and_a_label(self):
        page = self.opened(f"/returns/{self.side.id}")
        self.assertIn("It may come back", page)
        response = self.url_open(
            f"{self.base}/returns/{self.side.id}/answer",
            data={**self.hidden(page), "verb": "approve", "to_street": "Yard 4", "to_city": "Yiwu", "note": "By rail"},
            files={"label": ("../label.pdf", b"%PDF-1.4 label", "application/pdf")},
            allow_redirects=False,
        )
        self.env.invalidate_all()
        self.assertEqual(response.status_code, 303, response.text)
        self.assertEqual((self.case.approval, self.side.note), ("given", "By rail"))
        self.assertEqual(self.side.address["city"], "Yiwu")
        self.assertEqual((self.side.label_id.raw, self.side.label_id.mimetype), (b"%PDF-1.4 label", "application/pdf"))
        self.assertNotIn("..", self.side.label_id.name)
        again = self.answer(page, "approve")
        self.assertEqual(again.status_code, 409, "the page showed what is no longer so")

    def test_the_same_click_twice_is_one_answer(self):
        page = self.opened(f"/returns/{self.side.id}")
        data = {"reason": "It was used"}
        first, second = self.answer(page, "refuse", **data), self.answer(page, "refuse", **data)
        self.assertEqual((first.status_code, second.status_code), (303, 303))
        self.assertIn("said=known", second.headers["Location"])
        self.assertEqual((self.case.approval, self.history(self.case).count("disapprove")), ("refused", 1))

    def test_refusing_needs_a_reason(self):
        page = self.opened(f"/returns/{self.side.id}")
        response = self.answer(page, "refuse")
        self.assertEqual(response.status_code, 422)
        self.assertIn("Say why", response.text)
        self.assertEqual(self.case.approval, "waiting")

    def test_count_in_two_conditions_with_a_photo(self):
        self.says(self.case, "approved")
        self.sent(self.case)
        self.env.flush_all()
        page = self.opened(f"/returns/{self.side.id}")
        self.assertIn("SF1234567890123", page)
        key = self.case.line_ids.id
        data = {
            f"came_{key}": "2",
            f"condition_{key}": "as_new",
            f"other_{key}": "1",
            f"other_condition_{key}": "damaged",
        }
        response = self.url_open(
            f"{self.base}/returns/{self.side.id}/answer",
            data={**self.hidden(page), "verb": "count", **data},
            files=[("photos", ("a.jpg", picture(), "image/jpeg"))],
            allow_redirects=False,
        )
        self.env.invalidate_all()
        self.assertEqual(response.status_code, 303, response.text)
        self.assertEqual(self.case.reception, "inspected")
        conditions = {name: float(qty) for name, qty in self.case.line_ids.conditions.items()}
        self.assertEqual(conditions, {"as_new": 1.0, "damaged": 1.0})
        self.assertEqual(len(self.side.photo_ids), 1)

    def test_what_is_typed_wrong_is_said(self):
        self.says(self.case, "approved")
        self.sent(self.case)
        self.env.flush_all()
        page = self.opened(f"/returns/{self.side.id}")
        key = self.case.line_ids.id
        for data, words in (
            ({}, "enter how many"),
            ({f"came_{key}": "two"}, "is no number"),
            ({f"came_{key}": "1"}, "condition"),
            ({f"came_{key}": "1", f"other_{key}": "2"}, "another condition"),
            ({f"came_{key}": "9", f"condition_{key}": "as_new"}, "only 2"),
        ):
            response = self.answer(page, "count", **data)
            self.assertEqual(response.status_code, 422, data)
            self.assertIn(words, response.text)
        self.assertEqual(self.case.line_ids.qty_received, 0.0)

    def test_a_program_is_no_photo(self):
        page = self.opened(f"/returns/{self.side.id}")
        response = self.url_open(
            f"{self.base}/returns/{self.side.id}/answer",
            data={**self.hidden(page), "verb": "approve"},
            files={"label": ("label.pdf", b"<html><script>alert(1)</script>", "application/pdf")},
            allow_redirects=False,
        )
        self.assertEqual(response.status_code, 422)
        self.assertIn("Only these files", response.text)
        self.env.invalidate_all()
        self.assertEqual(self.case.approval, "waiting")

    def test_a_claim_is_granted_in_part_objected_and_accepted(self):
        page = self.opened(f"/claims/{self.claimed.id}")
        self.assertIn("40.00", page)
        self.assertEqual(self.answer(page, "part", self.claimed, amount="400").status_code, 422)
        self.assertEqual(self.answer(page, "part", self.claimed, amount="12,50").status_code, 303)
        self.assertRecordValues(self.claimed, [{"supplier_answer": "partly", "amount_granted": 12.5}])
        self.object_to(self.claimed, "The photo shows the box")
        self.env.flush_all()
        page = self.opened(f"/claims/{self.claimed.id}")
        self.assertIn("The photo shows the box", page)
        self.assertEqual(self.answer(page, "accept", self.claimed).status_code, 303)
        self.assertRecordValues(self.claimed, [{"supplier_answer": "accepted", "amount_granted": 40.0}])
        self.assertNotIn("Accept all", self.opened(f"/claims/{self.claimed.id}"))

    def test_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        for path in ("/returns", f"/returns/{self.side.id}", f"/claims/{self.claimed.id}"):
            self.opened(f"{path}?speak=zh_CN")

    def test_the_mail_leads_there_without_a_login(self):
        message = self.told(self.case)
        self.env["dropship.connector"]._prepare(message)
        mail = self.env["mail.mail"].search([("email_to", "ilike", "orders@rhein.example")], order="id desc", limit=1)
        path = re.search(r'href="[^"]*(/supplier/[^"]*)"', mail.body_html)[1]
        self.env.flush_all()
        self.assertIn(self.case.name, self.url_open(path).text)
        self.assertNotIn("annasecret", mail.body_html)


@tagged("post_install", "-at_install", "standard")
class TestSupplierPagesLeaks(ReturnPages):
    """Every page, for the supplier himself, for another one, for the customer and for nobody."""

    def paths(self):
        yield from ("/returns", "/returns?tab=confirm", "/returns?tab=claims", "/returns?tab=done")
        yield from (f"/returns/{self.side.id}", f"/claims/{self.claimed.id}", "/returns/999999", "/claims/999999")

    def login(self, user):
        self.authenticate(user.login if user else None, user.login if user else None)

    def test_no_word_of_the_sale_or_the_customer(self):
        words = (*self.of_sale, "annasecret", "34.9", "argin", self.sold.name, "Vendorsecret Dawn", "canary")
        self.login(self.vendor_user)
        for base in (self.base, "/my/dropship"):
            for path in self.paths():
                response = self.url_open(base + path)
                self.assertIn(response.status_code, (200, 404), base + path)
                self.assertSilent(response.text, words, base + path)

    def test_another_supplier_sees_and_does_nothing(self):
        dawn = self.suppliers["Dawn"]
        _link, url = self.env["dropship.supplier.link"]._make(dawn, self.company)
        self.env.flush_all()
        self.login(self.other_vendor_user)
        for base in ("/supplier/" + url.rpartition("/")[2], "/my/dropship"):
            page = self.opened("/returns", base=base)
            self.assertSilent(page, (self.case.name, "CLM-"), base)
            for path in (f"/returns/{self.side.id}", f"/claims/{self.claimed.id}"):
                self.assertEqual(self.url_open(base + path).status_code, 404)
                data = {"verb": "approve", "stamp": self.side._desk_stamp()}
                data["csrf_token"] = self.hidden(self.opened("/closed", base=base)).get("csrf_token", "")
                response = self.url_open(f"{base}{path}/answer", data=data, allow_redirects=False)
                self.assertEqual(response.status_code, 404, path)
        self.env.invalidate_all()
        self.assertEqual((self.case.approval, self.claimed.state), ("waiting", "filed"))

    def test_customer_stranger_and_a_link_to_one_order(self):
        for user in (self.customer_user, None):
            self.login(user)
            for path in self.paths():
                response = self.url_open(f"/my/dropship{path}", allow_redirects=False)
                self.assertIn(response.status_code, (303, 404), path)
        _link, url = self.env["dropship.supplier.link"]._make(self.rhein, self.company, purchase=self.waiting)
        self.env.flush_all()
        for path in self.paths():
            self.opened(path.partition("?")[0], 404, "/supplier/" + url.rpartition("/")[2])

    def test_a_photo_opens_by_its_own_address_only(self):
        path = self.side._photo_path(self.photo)
        response = self.url_open(path)
        self.assertEqual((response.status_code, response.headers["Content-Type"]), (200, "image/jpeg"))
        self.assertNotIn(b"CAMERACANARY", response.content)
        self.assertNotIn("annasecret", str(response.headers))
        self.assertEqual(self.url_open(path[:-1] + ("0" if path[-1] != "0" else "1")).status_code, 404)
        other = self.env["ir.attachment"].create({"name": "x.jpg", "raw": base64.b64decode("AAAA")})
        self.env.flush_all()
        self.assertEqual(self.url_open(self.side._photo_path(other)).status_code, 404)

    def test_looking_changes_nothing(self):
        before = (self.side.state, self.side.turn, self.claimed.state)
        for path in (f"/returns/{self.side.id}/answer", f"/claims/{self.claimed.id}/answer"):
            self.assertEqual(self.url_open(self.base + path).status_code, 405)
        self.env.invalidate_all()
        self.assertEqual((self.side.state, self.side.turn, self.claimed.state), before)
