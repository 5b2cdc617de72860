import base64
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common_listing import ListingCase


@tagged("post_install", "-at_install", "standard")
class TestListingDocuments(ListingCase):
    """Papers: without them goods stay at home there, and are sold everywhere else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()
        for name in ("Dawn", "Yiwu", "Rhein"):
            cls.make_rate(cls.warehouses[name], 9, countries="FR", days=(4, 5, 6))
        cls.paul = cls.make_partner("Paul", "FR", is_company=False, city="Lyon", zip="69001")
        cls.listing = cls.list_it(cls.lamp)

    def rule(self, kind="ce", countries="FR", **vals):
        places = [(6, 0, [self.country(code).id for code in countries.split()])]
        return self.env["dropship.document.rule"].create(
            {"kind": kind, "company_id": self.company.id, "country_ids": places, **vals}
        )

    def paper(self, kind="ce", **vals):
        values = {"name": "Paper", "kind": kind, "company_id": self.company.id, "product_tmpl_id": self.lamp_page.id}
        return self.env["dropship.product.document"].create({**values, **vals})

    def undeliverable(self, partner):
        order = self.make_sale(self.lamp, partner=partner)
        return order._dropship_undeliverable_lines(fresh=True).product_id

    def test_only_the_destination_is_on_hold(self):
        self.rule()
        self.follow()
        self.assertEqual((self.listing.state, self.lamp_page.is_published), ("published", True))
        self.assertIn("France", self.listing.notice_text)
        self.assertIn("CE declaration", self.listing.notice_text)
        self.assertEqual(self.undeliverable(self.paul), self.lamp)
        self.assertFalse(self.undeliverable(self.anna))
        order = self.make_sale(self.lamp, partner=self.paul)
        problem, lines = order._dropship_delivery_problem()
        self.assertIn("cannot be delivered", problem)
        self.assertEqual(lines, order.order_line)
        self.paper()
        self.follow()
        self.assertFalse(self.listing.notice_text)
        self.assertFalse(self.undeliverable(self.paul))

    def test_the_router_buys_from_who_has_the_paper(self):
        self.rule(countries="DE")
        rhein = self.suppliers["Dawn"]
        self.paper(supplier_id=rhein.id)
        order = self.make_sale(self.lamp, confirm=True)
        self.assertEqual(list(self.bought(order)), ["Dawn"], "dearer than others, but with papers")
        self.assertFalse(self.listing.notices)

    def test_a_paper_ends_and_goods_stay_at_home(self):
        self.rule()
        paper = self.paper(valid_until=self.today)
        self.follow()
        self.assertFalse(self.listing.notice_text)
        paper.write({"valid_from": "2020-01-01", "valid_until": self.today - timedelta(days=1)})
        self.follow()
        self.assertIn("France", self.listing.notice_text)
        self.assertEqual(self.undeliverable(self.paul), self.lamp)

    def test_a_paper_of_one_country_counts_there(self):
        self.rule(countries="FR DE")
        self.paper(country_ids=[(6, 0, self.country("DE").ids)])
        self.follow()
        self.assertIn("France", self.listing.notice_text)
        self.assertNotIn("Germany", self.listing.notice_text)

    def test_a_marketplace_without_the_paper_shows_nothing(self):
        self.rule("ccc", countries="CN")
        market = self.list_it(self.lamp, self.market)
        self.assertEqual(self.codes(market), ["document_missing"])
        self.assertEqual(self.listing.state, "published")
        self.paper("ccc")
        self.follow()
        self.assertEqual(market.state, "published")

    def test_rules_of_brands_categories_and_groups(self):
        self.rule("authorisation", brand="Lumen", countries="FR")
        self.follow()
        self.assertFalse(self.listing.notices)
        self.lamp_page.dropship_brand = "LUMEN"
        self.listing._follow_facts()
        self.assertIn("授权书", self.listing.notice_text)
        self.paper("authorisation", product_tmpl_id=False, brand="lumen")
        self.follow()
        self.assertFalse(self.listing.notices)
        parent = self.env["product.category"].create({"name": "Light"})
        child = self.env["product.category"].create({"name": "Lamps", "parent_id": parent.id})
        self.lamp_page.categ_id = child
        rule = self.rule("safety", countries="DE", categ_ids=[(6, 0, child.parent_id.ids)])
        rule.write({"country_ids": False, "country_group_ids": [(6, 0, self.env.ref("base.europe").ids)]})
        self.listing._follow_facts()
        self.assertIn("Safety", self.listing.notice_text)

    def test_a_rule_of_another_company_is_none_of_ours(self):
        other = self.make_company()
        self.rule(company_id=other.id)
        self.follow()
        self.assertFalse(self.listing.notices)
        self.rule(company_id=False)
        self.paper(company_id=other.id, product_tmpl_id=False, brand="x")
        self.follow()
        self.assertTrue(self.listing.notices)

    def test_somebody_is_reminded_once_before_the_end(self):
        paper = self.paper("authorisation", valid_until=self.today + timedelta(days=20))
        self.assertEqual(paper.validity, "ending")
        self.assertIn(paper, paper.search([("validity", "=", "ending")]))
        paper._cron_remind()
        paper._cron_remind()
        self.assertEqual(len(paper.activity_ids), 1)
        self.assertIn("Lamp", paper.activity_ids.summary)
        paper.valid_until = self.today + timedelta(days=25)
        paper._cron_remind()
        self.assertEqual(len(paper.activity_ids), 2, "another end, another reminder")
        self.assertEqual(self.paper(valid_until=self.today + timedelta(days=200)).validity, "valid")
        self.assertEqual(self.paper(valid_from=self.today + timedelta(days=3)).validity, "future")

    def test_bad_papers_are_refused(self):
        with self.assertRaises(ValidationError):
            self.env["dropship.document.rule"].create({"kind": "ce"})
        with self.refused():
            self.paper(product_tmpl_id=False)
        with self.refused():
            self.paper(valid_from=self.today, valid_until=self.today - timedelta(days=2))
        with self.assertRaises(UserError):
            self.paper(file=base64.b64encode(b"<html>login</html>"), file_name="ce.pdf")

    def test_the_file_is_kept_and_given_back(self):
        pdf = base64.b64encode(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF")
        paper = self.paper(file=pdf, file_name="ce.pdf")
        self.env.invalidate_all()
        self.assertEqual(paper.file, pdf)
        self.assertEqual(paper.attachment_id.res_id, paper.id)
        buyer = paper.with_user(self.make_login("buyer"))
        buyer.note = "seen"
        for role in ("employee", "portal"):
            with self.subTest(role), self.assertRaises(AccessError):
                paper.with_user(self.make_login(role)).read(["file"])
        with self.assertRaises(AccessError):
            self.rule().with_user(buyer.env.user).write({"kind": "ccc"})
