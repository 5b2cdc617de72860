from datetime import timedelta
from urllib.parse import quote

from odoo.tests import HttpCase, tagged

from ..tracking import link
from .common_track import TrackWorld


@tagged("post_install", "-at_install", "standard")
class TestTrackPage(TrackWorld, HttpCase):
    """The customer's page without login: who gets in, what it says, and what it never says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_track_world()
        for supplier in cls.suppliers.values():
            supplier.answer_mode = "manual"

    def url(self, order=None):
        return f"/track/{(order or self.order)._dropship_track_token()}"

    # --- who gets in ---

    def test_forged_links_get_our_own_page(self):
        token = self.order._dropship_track_token()
        other = self.hero()
        forged = [
            token[:-1], token + "a", token.upper(), "%00", token + "%00", "%2F%00", "a/b/c", "%F0%9F%8E%81", "%FF%FE",
            quote("' OR 1=1 --"), "%2E%2E%2F%2E%2E%2Fweb%2Flogin", quote("<script>alert(1)</script>"), "x" * 2000,
            "{{7*7}}", "0" * 52, other._dropship_track_token().partition("-")[0] + token[token.index("-"):],
            link.make("another secret", self.order.id, 0),
        ]  # fmt: skip
        for text in forged:
            with self.subTest(text):
                page = self.open_page(f"/track/{text}", status=404)
                self.assertIn("dropship_track_gone", page)
                self.assertNotIn("<script>alert", page)
                self.assertNotIn(self.order.name, page)
                for action in ("received", "rate", "report", "address"):
                    answer = self.url_open(f"/track/{text}/{action}", data={"stars": "1"}, allow_redirects=False)
                    self.assertIn(answer.status_code, (400, 404))

    def test_a_link_opens_its_own_order_only(self):
        other = self.hero(confirm=True, name="OTHER-1")
        page = self.open_page(self.url(other))
        self.assertIn("OTHER-1", page)
        self.assertNotIn(self.order.name, page)

    def test_a_link_that_was_taken_back(self):
        before = self.url()
        self.order.action_dropship_track_revoke()
        self.env.flush_all()
        self.open_page(before, status=404)
        self.assertIn(self.order.name, self.open_page(self.url()))

    def test_looking_changes_nothing(self):
        self.ship()
        self.say(self.order.dropship_shipment_ids[:1], "picked_up", "delivered")
        before = self.picture()
        for query in ("", "?said=received", "?said=<script>", "?report=damaged", "?stars=5&comment=x&problem=damaged"):
            page = self.url_open(self.url() + query)
            self.assertEqual(page.status_code, 200)
            self.assertNotIn("<script>\"", page.text)
            self.assertEqual(page.headers["Cache-Control"], "no-store")
            self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")
        for action in ("received", "rate", "report"):
            self.assertIn(self.url_open(f"{self.url()}/{action}").status_code, (404, 405))
        self.assertEqual(self.picture(), before)

    def picture(self):
        self.env.invalidate_all()
        boxes = self.order.dropship_shipment_ids
        return (
            self.order.write_date, self.order.dropship_stage, len(self.order.message_ids), self.order.access_token,
            [(box.write_date, box.received_at, box.status) for box in boxes],
            self.env["rating.rating"].search_count([]), self.env["dropship.exception"].search_count([]),
        )  # fmt: skip

    def test_a_post_without_its_csrf_token_is_refused(self):
        self.ship()
        for action in ("received", "rate", "report", "address"):
            self.assertEqual(self.url_open(f"{self.url()}/{action}", data={"stars": "1"}).status_code, 400)

    # --- what it says ---

    def test_from_the_order_to_the_door(self):
        page = self.open_page(self.url())
        self.assertEqual(self.headline(page), "We are preparing your order")
        for name in ("Lamp", "Stand", "Cable", "Not sent yet", "Expected until"):
            self.assertIn(name, page)
        (box,) = self.ship()
        page = self.open_page(self.url())
        self.assertIn("Packed", self.headline(page))
        self.assertNotIn("Not sent yet", page)
        self.assertIn("SF1234567890", page)
        self.assertIn("tracking-id=SF1234567890", page)
        self.say(box, "picked_up", "in_transit", hours=30)
        page = self.open_page(self.url())
        self.assertIn("On the way – expected", self.headline(page))
        self.assertIn("8 of 10 parcels on this way arrive by", page)
        self.say(box, "out_for_delivery", hours=0)
        page = self.open_page(self.url())
        self.assertEqual(self.headline(page), "Out for delivery – expected today")
        self.assertNotIn("8 of 10", page)
        self.say(box, "delivered", hours=-0.1, detail="neighbour")
        page = self.open_page(self.url())
        self.assertIn("Delivered – ", self.headline(page))
        self.assertIn("Left with a neighbour", page)
        self.assertIn("I have it", page)

    def test_pickup_and_trouble(self):
        (box,) = self.ship()
        self.say(box, "picked_up", "available_for_pickup")
        page = self.open_page(self.url())
        self.assertEqual(self.headline(page), "Ready for pickup")
        self.assertIn("Waits since", page)
        box.pickup_until = box.announced_at.date() + timedelta(days=9)  # as the desk heard from the pickup place
        self.assertIn("Waits until", self.open_page(self.url()))
        self.say(box, "returning", hours=0.5)
        self.assertIn("on its way back", self.headline(self.open_page(self.url())))

    def test_the_carriers_page_may_be_hidden(self):
        self.ship()
        self.company.dropship_carrier_links = False
        self.env.flush_all()
        page = self.open_page(self.url())
        self.assertIn("SF1234567890", page)
        self.assertNotIn("tracking-id", page)

    def test_a_split_order(self):
        """Two suppliers: one has sent his part, the other has not."""
        self.offers["Rhein", self.lamp].active = False
        self.offers["Yiwu", self.lamp].active = False
        for name in ("Dawn", "Yiwu", "Ningbo"):
            self.offers.get((name, self.stand), self.env["dropship.offer"]).active = False
        order = self.make_sale(self.lamp, (self.stand, 2), confirm=True)
        self.assertEqual(len(order.dropship_purchase_ids), 2)
        (box,) = self.ship(order, numbers=("SPLIT1234567",))
        self.say(box, "picked_up", "delivered", hours=5)
        page = self.open_page(self.url(order))
        self.assertEqual(self.headline(page), "We are preparing your order")
        self.assertIn("Not sent yet", page)
        self.assertIn("This follows in another parcel", page)
        second = self.ship(order, ("SPLIT7654321",), order.dropship_purchase_ids - box.purchase_ids)
        self.say(second, "in_transit", hours=3)
        page = self.open_page(self.url(order))
        self.assertIn("1 of 2 parcels delivered", self.page_text(page))
        self.assertIn("On the way", self.headline(page))

    def test_goods_of_another_order_in_the_same_box(self):
        (box,) = self.ship()
        other = self.make_sale((self.lamp, 7), confirm=True)
        line = other.order_line
        self.env["dropship.shipment.line"].create(
            {"shipment_id": box.id, "sale_line_id": line.id, "product_id": self.lamp.id, "qty": 7}
        )
        self.env.flush_all()
        self.assertNotIn("7 ×", self.page_text(self.open_page(self.url())))
        page = self.page_text(self.open_page(self.url(other)))
        self.assertIn("SF1234567890", page)
        self.assertIn("7 ×", page)
        self.assertNotIn("Stand", page)

    def test_a_part_of_a_kit_says_of_which(self):
        (box,) = self.ship()
        bulb = self.make_product("Bulb", list_price=3.0)
        line = self.order.order_line.filtered(lambda line: line.product_id == self.lamp)
        self.env["dropship.shipment.line"].create(
            {"shipment_id": box.id, "sale_line_id": line.id, "product_id": bulb.id, "qty": 2, "is_part": True}
        )
        self.env.flush_all()
        page = self.page_text(self.open_page(self.url()))
        self.assertIn("Part of Lamp", page)
        self.assertIn("complete with the last one", page)

    def test_cancelled_unconfirmed_and_reverted(self):
        order = self.hero()
        self.assertIn("not confirmed yet", self.open_page(self.url(order)))
        order.action_confirm()
        order._action_cancel()
        self.env.flush_all()
        page = self.open_page(self.url(order))
        self.assertEqual(self.headline(page), "Your order was cancelled")
        self.assertNotIn("Not sent yet", page)
        (box,) = self.ship()
        box._set_state("reverted")
        self.env.flush_all()
        self.assertNotIn("SF1234567890", self.open_page(self.url()))

    def test_events_of_an_earlier_use_of_the_number_are_not_shown(self):
        (box,) = self.ship()
        self.say(box, "delivered", hours=24 * 90)
        self.say(box, "in_transit", hours=2)
        self.say(box, "delivered", hours=-24 * 30)
        self.assertEqual(len(box._track_events()), 1)

    def test_the_readers_language_and_clock(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.website.language_ids |= self.env.ref("base.lang_zh_CN")
        self.anna.lang = "zh_CN"
        self.env.flush_all()
        self.assertIn("/zh_CN/track/", self.order._dropship_track_url())
        (box,) = self.ship()
        self.say(box, "in_transit")
        self.assertIn("Europe/Berlin", self.open_page(self.url()))
        self.assertEqual(self.order._dropship_track_zone(), "Europe/Berlin")

    def test_the_shop_he_bought_at(self):
        second = self.env["website"].create({"name": "Second Shop", "company_id": self.company.id})
        self.order.website_id = second
        self.env.flush_all()
        self.assertIn("Second Shop", self.open_page(self.url()))

    # --- my orders ---

    def test_my_orders(self):
        (box,) = self.ship()
        self.say(box, "in_transit")
        stranger = self.make_portal_user("portal-stranger", self.make_partner("Stranger", "DE", is_company=False))
        self.authenticate(self.customer_user.login, self.customer_user.login)
        before = self.order.access_token
        self.assertIn("Expected until", self.open_page("/my/orders"))
        page = self.open_page(f"/my/orders/{self.order.id}")
        self.assertIn("SF1234567890", page)
        self.assertIn(self.url(), page)
        self.env.invalidate_all()
        self.assertEqual(self.order.access_token, before)
        self.authenticate(stranger.login, stranger.login)
        self.assertNotIn("Expected until", self.open_page("/my/orders"))
        self.assertNotIn("SF1234567890", self.open_page(f"/my/orders/{self.order.id}"))
