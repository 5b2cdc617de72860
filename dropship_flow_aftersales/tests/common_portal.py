"""Delivered goods of a customer with an account, and the pages on which he asks for something."""

import io
import re

from lxml import html
from odoo.addons.dropship_flow.tests.common_track import TrackWorld
from odoo.tests import HttpCase
from PIL import Image

from .common_case import CaseFactories


def picture(name="JPEG", size=(60, 40), **more):
    """A small photo."""
    data = io.BytesIO()
    Image.new("RGB", size, "red").save(data, name, **more)
    return data.getvalue()


class ReturnPages(CaseFactories, TrackWorld, HttpCase):
    """`self.order` was delivered to Anna: two lamps or so; `self.ask()` walks through all pages."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_track_world()
        cls.make_reasons()
        cls.website.company_id = cls.company
        (cls.box,) = cls.ship()
        cls.say(cls.box, "picked_up", "delivered", hours=5)
        cls.line = cls.order.order_line.filtered(lambda line: line.product_id == cls.lamp)
        cls.env.flush_all()

    def track(self, order=None):
        return f"/track/{(order or self.order)._dropship_track_token()}"

    def login_customer(self):
        self.authenticate(self.customer_user.login, self.customer_user.login)

    def logout_all(self):
        self.authenticate(None, None)

    # --- forms ---

    def hidden(self, text, action=""):
        """Fields of the form of a page: what a browser would send of it untouched."""
        forms = (
            html.fromstring(text).xpath(f"//form[contains(@action, '{action}')]")
            if action
            else html.fromstring(text).xpath("//main//form")
        )
        self.assertTrue(forms, f"no form {action} in {text[:2000]}")
        sent = {}
        for field in forms[0].xpath(".//input | .//select | .//textarea"):
            kind = field.get("type")
            if kind in ("file", "submit") or (kind in ("checkbox", "radio") and field.get("checked") is None):
                continue
            if field.get("name"):
                sent[field.get("name")] = field.value if field.tag != "textarea" else field.text or ""
        return {name: value for name, value in sent.items() if value is not None}

    def send(self, response, action, data=None, files=None, **kwargs):
        """Send a form of a page that was answered; the answer, which tells no secret."""
        sent = {**self.hidden(response.text, action), **(data or {})}
        form = html.fromstring(response.text).xpath(f"//form[contains(@action, '{action}')]")[0]
        answer = self.url_open(form.get("action"), data=sent, files=files, **kwargs)
        self.assertSilent(answer.text, self.of_vendors, form.get("action"))
        self.env.invalidate_all()
        return answer

    def open(self, url, status=200):
        response = self.url_open(url)
        self.assertEqual(response.status_code, status, url)
        self.assertSilent(response.text, self.of_vendors, url)
        self.assertSilent(str(response.headers), self.of_vendors, url)
        return response

    def errors(self, response):
        found = html.fromstring(response.text).xpath("//*[@id='dropship_errors']")
        return found[0].text_content().strip() if found else ""

    def words(self, response):
        return " ".join(html.fromstring(response.text).xpath("//main")[0].text_content().split())

    # --- walking ---

    def choose(self, start, line=None, qty=1, **more):
        """The first page: choose pieces of a line. The page it leads to."""
        line = line or self.line
        page = self.open(start)
        others = {name: None for name in self.hidden(page.text, "return") if name.startswith("pick_")}
        return self.send(
            page, "/return", {**others, f"pick_{line.id}": "1", f"qty_{line.id}": str(qty), "go": "next", **more}
        )

    def ask(self, start, line=None, qty=1, reason="damaged", note="", photos=(), twice=False):
        """All pages, to the page of the case."""
        line = line or self.line
        page = self.choose(start, line, qty)
        self.assertIn("/why", page.url, self.errors(page))
        page = self.send(page, "/why", {f"reason_{line.id}": str(self.reasons[reason].id), f"note_{line.id}": note})
        self.assertIn("/get", page.url, self.errors(page))
        page = self.send(page, "/get", {"wanted": ""})
        self.assertIn("/photos", page.url, self.errors(page))
        files = [("photos", (name, data, "application/octet-stream")) for name, data in photos]
        page = self.send(page, "/photos", {"go": "next"}, files=files or None)
        self.assertIn("/send", page.url, self.errors(page))
        if twice:
            self.send(page, "/send")
        return self.send(page, "/send")

    def cases(self):
        return self.env["dropship.return"].search([("partner_id", "=", self.anna.id)], order="id")

    def mails(self, case=None, words=""):
        """Mails to the customer, queued or sent."""
        found = self.env["mail.mail"].sudo().search([("model", "=", "dropship.return")], order="id")
        found = found.filtered(lambda mail: not case or mail.res_id == case.id)
        return found.filtered(lambda mail: words in (mail.subject or ""))

    def case_token(self, case):
        return f"/return/{case.sudo().token}"

    def said_of(self, response):
        return re.findall(r'data-said="(\w+)"', response.text)
