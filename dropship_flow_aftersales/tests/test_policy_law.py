from datetime import timedelta

from odoo.tests import tagged

from .common_policy import PolicyCase


@tagged("post_install", "-at_install", "standard")
class TestPolicyLaw(PolicyCase):
    """The seeded law, by the country of a customer; the policy refuses everything here."""

    def setUp(self):
        super().setUp()
        everything = ("return", "exchange", "repair", "keep", "replacement", "refund_only")
        self.row(*[{"kind": kind, "verdict": "refuse", "percent": 1, "to": "us"} for kind in everything])

    def lawful(self, code, reason, days, **more):
        """{outcome: verdict} of a lamp that came so many days ago."""
        self.anna.country_id = self.env.ref("base.de")  # where suppliers send to
        order = self.long_ago(days, (self.lamp, 1))
        order.partner_shipping_id.country_id = self.env.ref(f"base.{code}")
        kinds = self.kinds(self.preview((order.order_line[:1], 1, reason, more)))
        return {kind: verdict for kind, verdict in kinds.items() if verdict != "refuse"}

    def make_kind(self, code):
        self.lamp.product_tmpl_id.dropship_goods_kind_ids = self.env.ref(f"dropship_flow_aftersales.goods_kind_{code}")

    def test_the_right_to_withdraw(self):
        for country, inside, outside in (("de", 9, 18), ("no", 9, 18), ("uk", 9, 18), ("cn", 3, 12)):
            with self.subTest(country=country):
                self.assertEqual(self.lawful(country, "changed_mind", inside), {"return": "accept"})
                self.assertEqual(self.lawful(country, "changed_mind", outside), {})
        for country in ("ch", "us"):
            with self.subTest(country=country):
                self.assertEqual(self.lawful(country, "changed_mind", 1), {})

    def test_kinds_that_are_excluded(self):
        for kind, sealed, opened in (
            ("custom", {}, {}),
            ("perishable", {}, {}),
            ("hygiene", {"return": "accept"}, {}),
            ("media", {"return": "accept"}, {}),
        ):
            with self.subTest(kind=kind):
                self.make_kind(kind)
                self.assertEqual(self.lawful("de", "changed_mind", 2), sealed)
                self.assertEqual(self.lawful("de", "changed_mind", 2, opened=True), opened)
        self.make_kind("unsuitable")
        self.assertEqual(self.lawful("cn", "changed_mind", 2), {})
        self.assertEqual(self.lawful("de", "changed_mind", 2), {"return": "accept"})

    def test_what_is_not_as_sold(self):
        both = {"repair": "look", "replacement": "look", "return": "look", "keep": "look"}
        self.assertEqual(self.lawful("de", "defective", 300), both)
        self.assertEqual(self.lawful("de", "defective", 800), {})
        self.assertEqual(self.lawful("es", "defective", 800), both)
        self.assertEqual(self.lawful("uk", "defective", 800), both)
        self.assertEqual(self.lawful("ch", "defective", 300), {"return": "look", "keep": "look", "replacement": "look"})
        self.assertEqual(self.lawful("cn", "defective", 300), {"repair": "look"})
        self.assertEqual(self.lawful("cn", "defective", 12), {"exchange": "look", "repair": "look"})
        self.assertEqual(self.lawful("us", "defective", 1), {})

    def test_businesses_have_no_right_to_withdraw(self):
        self.anna.is_company = True
        self.assertEqual(self.lawful("de", "changed_mind", 1), {})

    def test_what_a_withdrawal_costs_and_when_the_money_is_back(self):
        order = self.delivered((self.lamp, 1), days=2)
        result = self.preview((order.order_line[:1], 1, "changed_mind"))
        offer = next(offer for offer in result.lines[0].offers if offer.kind == "return")
        self.assertEqual((offer.fee, offer.outbound, offer.payer), (0, "standard", "customer"))
        self.assertEqual([(term.days, term.base) for term in offer.refund], [(14, "sent")])
        last = self.now().date() - timedelta(days=2) + timedelta(days=14)
        self.assertLessEqual(abs((offer.deadline.day - last).days), 3)  # a weekend, and the day in Berlin

    def test_an_american_order_that_was_not_shipped(self):
        purchase = self.buy((self.cable, 1), accept=True)
        line = purchase.dropship_allocation_ids.order_id.order_line[:1]
        self.row({"kind": "cancel", "verdict": "refuse"}, sequence=0)
        line.order_id.partner_shipping_id.country_id = self.env.ref("base.us")
        self.assertEqual(self.kinds(self.preview((line, 1, "not_shipped"))), {"cancel": "accept"})

    def test_every_row_says_where_it_is_written(self):
        laws = self.env["dropship.return.law"].search([])
        self.assertGreaterEqual(len(laws), 14)
        for law in laws:
            with self.subTest(law=law.name):
                self.assertTrue(law.article and law.source.startswith("http"))
        union = self.env.ref("dropship_flow_aftersales.law_eu_withdrawal").country_ids
        self.assertEqual(len(union), 30)
        self.assertLessEqual(self.env.ref("base.europe").country_ids, union)
