from urllib.parse import quote

from odoo.tests import HttpCase, tagged

from .common_no_source import NoSourceFactories


@tagged("post_install", "-at_install", "standard")
class TestNoSourcePages(NoSourceFactories, HttpCase):
    """The customer's page over plain HTTP: forged links, looking without acting, answering once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_no_source()
        cls.order, cls.question = cls.asked()
        cls.url = f"/shop/question/{cls.question.token}"

    def form(self, choice, url=None):
        """The fields of the page that confirms a choice."""
        from lxml import html  # noqa: PLC0415

        page = self.url_open(f"{url or self.url}?choice={choice}")
        self.assertEqual(page.status_code, 200)
        (form,) = html.fromstring(page.text).xpath("//form[contains(@action, '/shop/question/')]")
        return {field.name: field.value for field in form.xpath(".//input") if field.name} | {
            field.name: field.value for field in form.xpath(".//input[@type='radio'][@checked]")
        }

    def state(self):
        self.question.invalidate_recordset()
        return self.question.state, self.question.answer

    def test_forged_links_get_our_own_page(self):
        token = self.question.token
        forged = [
            "",
            "0" * 52,
            token[:-1],
            token + "0",
            token[:12] + "0" * 40,
            token.upper(),
            "%00",
            token + "%00",
            "%2F%00",
            "a/b/c",
            "%F0%9F%8E%81",
            "%FF%FE",
            quote("' OR 1=1 --"),
            quote("1; DROP TABLE dropship_customer_question"),
            "%2E%2E%2F%2E%2E%2Fweb%2Flogin",
            quote("<script>alert(1)</script>"),
            "x" * 2000,
            "{{7*7}}",
        ]
        for text in forged:
            with self.subTest(text):
                page = self.url_open(f"/shop/question/{text}")
                self.assertEqual(page.status_code, 404)
                self.assertIn("dropship_question_gone", page.text)
                self.assertNotIn("<script>alert", page.text)
                self.assertNotIn(self.order.name, page.text)
                answer = self.url_open(f"/shop/question/{text}", data={"choice": "cancel"}, allow_redirects=False)
                self.assertIn(answer.status_code, (400, 404))
        self.assertEqual(self.state(), ("open", False))

    def test_looking_never_acts(self):
        for query in ("", "?choice=cancel", "?choice=refund&confirm=1", "?choice=nonsense", "?said=done"):
            page = self.url_open(self.url + query)
            self.assertEqual(page.status_code, 200)
            self.assertIn("Lamp", page.text)
            self.assertEqual(page.headers["Cache-Control"], "no-store")
            self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(self.state(), ("open", False))

    def test_the_page_tells_amounts_and_dates_and_no_secret(self):
        text = self.url_open(self.url).text
        for words in ("34.90", "52.70", "3–5 days", "Night light", "Please answer until"):
            self.assertIn(words, text)
        for page in (text, self.url_open(f"{self.url}?choice=substitute").text):
            body = page[page.index("dropship_question") :].split("<footer")[0]
            for name in (*self.suppliers, "supplier", "Supplier", "purchase", "landed"):
                self.assertNotIn(name, body)

    def test_a_post_without_its_csrf_token_is_refused(self):
        form = self.form("cancel")
        form.pop("csrf_token")
        page = self.url_open(self.url, data=form)
        self.assertEqual(page.status_code, 400)
        self.assertEqual(self.state(), ("open", False))

    def test_an_answer_without_what_was_seen_does_nothing(self):
        form = self.form("cancel")
        form["stamp"] = ""
        page = self.url_open(self.url, data=form)
        self.assertIn("Something changed", page.text)
        self.assertEqual(self.state(), ("open", False))

    def test_refund_and_a_second_click(self):
        form = self.form("refund")
        page = self.url_open(self.url, data=form)
        self.assertIn("Thank you", page.text)
        self.assertIn("34.90", page.text)
        self.assertEqual(self.state(), ("answered", "refund"))
        again = self.url_open(self.url, data=form)
        self.assertIn("answered already", again.text)
        self.order.invalidate_recordset()
        self.assertEqual(self.order.amount_total, 17.8)
        self.assertEqual(len(self.question.refund_ids), 1)
        self.assertNotIn("<form action=\"/shop/question", self.url_open(f"{self.url}?choice=cancel").text)

    def test_the_second_browser_sees_what_the_first_chose(self):
        first, second = self.form("wait"), self.form("cancel")
        self.url_open(self.url, data=first)
        page = self.url_open(self.url, data=second)
        self.assertIn("answered already", page.text)
        self.assertIn("We wait until", page.text)
        self.assertEqual(self.state(), ("answered", "wait"))

    def test_a_substitute_is_picked(self):
        form = self.form("substitute")
        self.assertEqual(form[f"pick_{self.question.line_ids.id}"], str(self.night_light.id))
        page = self.url_open(self.url, data=form)
        self.assertIn("Night light", page.text)
        self.assertEqual(self.state(), ("answered", "substitute"))

    def test_nonsense_in_the_form(self):
        form = self.form("substitute")
        key = f"pick_{self.question.line_ids.id}"
        for value in ("0", "-1", "9" * 30, "٣", "x", str(self.stand.id), "1\x00"):
            with self.subTest(value):
                page = self.url_open(self.url, data={**form, key: value, "pick_x": "1", "pick_": "1"})
                self.assertEqual(page.status_code, 200)
                self.env.invalidate_all()
                if self.state() != ("open", False):  # no pick at all takes the first offer
                    self.assertEqual(self.state(), ("answered", "substitute"))
                    break

    def test_the_token_of_another_order_opens_that_order_only(self):
        other_order, other = self.asked(self.lamp, self.cable)
        page = self.url_open(f"/shop/question/{other.token}").text
        self.assertIn(other_order.name, page)
        self.assertNotIn(self.order.name, page)
        form = self.form("cancel", url=f"/shop/question/{other.token}")
        self.assertIn("Something changed", self.url_open(self.url, data=form).text)
        self.assertEqual(self.state(), ("open", False))

    def test_time_ran_out(self):
        form = self.form("cancel")
        self.question.deadline = "2020-01-01"
        self.assertIn("time to answer is over", self.url_open(self.url).text)
        self.url_open(self.url, data=form)
        self.assertEqual(self.state(), ("open", False))

    def test_good_news(self):
        self.restock()
        page = self.url_open(self.url, data=self.form("cancel"))
        self.assertIn("Good news", page.text)
        self.assertEqual(self.question.ending, "sourced")
        self.order.invalidate_recordset()
        self.assertEqual(self.order.state, "sale")

    def test_the_link_in_another_language(self):
        lang = self.env["res.lang"]._activate_lang("zh_CN")
        website = self.env["website"].search([], limit=1)
        website.language_ids |= lang
        self.order.website_id = website
        self.anna.lang = "zh_CN"
        self.assertIn("/zh_CN/shop/question/", self.question.link)
        page = self.url_open(f"/zh_CN{self.url}")
        self.assertEqual(page.status_code, 200)
        self.assertIn('lang="zh-CN"', page.text)
        for text in ("%00", "%0A", "x%0Ay"):
            with self.subTest(text):
                self.assertEqual(self.url_open(f"/zh_CN/shop/question/{text}").status_code, 404)
