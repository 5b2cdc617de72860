import json
import logging
import time
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import HttpCase, tagged

from ..models.arrival_shop import KEPT
from .common_flow import FlowFactories
from .test_arrival import ArrivalCase

_logger = logging.getLogger(__name__)


@tagged("post_install", "-at_install", "standard")
class TestArrivalShop(ArrivalCase):
    """What the shop promises before anything is bought."""

    def setUp(self):
        super().setUp()
        KEPT.clear()
        self.env["website"].get_current_website().company_id = self.company
        self.place = {"country_id": self.country("DE").id, "state_id": False, "zip": "10115"}

    def test_the_day_of_the_source_the_router_would_take(self):
        promise = self.lamp._dropship_promise_public(self.place)
        self.assertTrue(promise["deliverable"])
        self.assertTrue(promise["p50"] <= promise["p80"] <= promise["p95"])
        self.assertEqual((promise["place"], promise["certainty"]), ("10115", 80))
        order = self.make_sale(self.lamp)
        plan = self.env["dropship.router"]._simulate(order)[order].plan
        self.assertAlmostEqual((promise["p80"] - fields.Date.today()).days, plan.days_p80, delta=1.01)

    def test_an_address_may_be_given_instead(self):
        self.assertEqual(
            self.lamp._dropship_promise_public(self.anna)["p80"], self.lamp._dropship_promise_public(self.place)["p80"]
        )

    def test_it_never_names_who_sells(self):
        told = json.dumps(self.lamp._dropship_promise_public(self.place), default=str)
        for supplier in self.suppliers.values():
            self.assertNotIn(supplier.name, told)

    def test_what_cannot_be_delivered_is_said(self):
        promise = self.lamp._dropship_promise_public({"country_id": self.country("US").id, "zip": "90210"})
        self.assertEqual(promise, {"deliverable": False, "place": "90210"})

    def test_nothing_is_said_of_what_nobody_sells(self):
        self.assertIsNone(self.make_product("Unknown")._dropship_promise_public(self.place))
        self.assertIsNone(self.lamp._dropship_promise_public({}))

    def test_asked_again_it_costs_nothing(self):
        self.lamp._dropship_promise_public(self.place)
        with self.assertQueryCount(2):
            self.lamp._dropship_promise_public(self.place)

    def test_the_countdown_ends_with_the_cut_off(self):
        now = fields.Datetime.now()
        promise = self.lamp._dropship_promise_public(self.place)
        self.assertGreater(promise["order_until"], now)
        self.assertAlmostEqual(promise["seconds"], (promise["order_until"] - now).total_seconds(), delta=5)
        self.assertTrue(promise["until_text"])

    def test_after_the_cut_off_another_day_counts(self):
        for warehouse in self.warehouses.values():
            warehouse.write({"tz": "UTC", "cut_off": 12.0})
        day = fields.Datetime.now().replace(hour=11, minute=59, second=0, microsecond=0)
        found = []
        for now in (day, day + timedelta(minutes=2)):
            KEPT.clear()
            with patch("odoo.fields.Datetime.now", lambda now=now: now):
                found.append(self.lamp._dropship_promise_public(self.place))
        self.assertEqual(found[1]["p80"] - found[0]["p80"], timedelta(days=1))

    def test_the_cart_says_when_everything_is_there(self):
        order = self.make_sale(self.lamp, self.stand)
        promise = order._dropship_cart_promise()
        self.assertTrue(promise["text"])
        self.assertTrue(promise["p50"] <= promise["p80"] <= promise["p95"])
        with self.assertQueryCount(12):
            order._dropship_cart_promise()

    def test_mail_and_document_say_it(self):
        order = self.make_sale(self.lamp)
        order.action_confirm()
        sentence = order._dropship_promise_sentence()
        self.assertTrue(sentence)
        html = self.env["ir.actions.report"]._render_qweb_html("sale.action_report_saleorder", order.ids)[0].decode()
        self.assertIn(sentence, html)
        message = order.message_post(body="Thank you")
        context = order._notify_by_email_prepare_rendering_context(message)
        self.assertIn(sentence, context["subtitles"])


@tagged("post_install", "-at_install", "standard")
class TestArrivalPages(FlowFactories, HttpCase):
    """The visitor chooses his place and sees the day, without a login."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_hero()
        cls.make_policy("buy")
        cls.website = cls.env["website"].search([], limit=1)
        cls.website.company_id = cls.company
        cls.website.user_id.write({"company_ids": [(4, cls.company.id)], "company_id": cls.company.id})
        cls.lamp.product_tmpl_id.write({"website_published": True, "is_published": True, "sale_ok": True})
        KEPT.clear()

    def call(self, url, **params):
        answer = self.url_open(
            url, json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
        )  # fmt: skip
        return answer.json().get("result")

    def test_a_visitor_chooses_his_place(self):
        places = self.call("/shop/promise/places")
        self.assertGreater(len(places["countries"]), 100)
        germany = self.country("DE")
        self.assertEqual(self.call("/shop/promise/place", country_id=germany.id, zip="10115"), {"saved": True})
        self.assertEqual(self.call("/shop/promise/places")["place"]["zip"], "10115")
        found = self.call("/shop/promise", product_id=self.lamp.id)
        self.assertTrue(found["deliverable"])
        self.assertIn("10115", found["html"])
        self.assertNotIn("Rhein", found["html"])
        page = self.url_open(self.lamp.product_tmpl_id.website_url).text
        self.assertIn("o_dropship_promise", page)
        self.assertIn("10115", page)

    def test_nonsense_is_refused(self):
        self.assertIn("error", self.call("/shop/promise/place", country_id="x"))
        germany = self.country("DE").id
        self.assertIn("error", self.call("/shop/promise/place", country_id=germany, zip="<script>"))
        self.assertIn("error", self.call("/shop/promise/place", country_id=germany, zip="1" * 500))
        for product_id in (0, -1, "x", None, [1], 10**12, True):
            self.assertEqual(self.call("/shop/promise", product_id=product_id), {})
        self.lamp.product_tmpl_id.is_published = False
        self.assertEqual(self.call("/shop/promise", product_id=self.lamp.id), {})

    def test_the_page_is_not_slower(self):
        url = self.lamp.product_tmpl_id.website_url
        view = self.env.ref("dropship_flow.product_promise")

        def median():
            self.url_open(url)
            times = []
            for _round in range(9):
                start = time.perf_counter()
                self.assertEqual(self.url_open(url).status_code, 200)
                times.append(time.perf_counter() - start)
            return sorted(times)[4] * 1000

        self.call("/shop/promise", product_id=self.lamp.id)
        with_it = median()
        view.active = False
        without = median()
        _logger.info("Product page: %.1f ms with the promised day, %.1f ms without", with_it, without)
        # Other work on the machine makes single figures doubtful; 30 ms are the aim on a quiet one.
        self.assertLess(with_it, 2 * without + 30)
