from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .test_order_stage import StageCase


@tagged("post_install", "-at_install", "standard")
class TestOrderSearch(StageCase):
    """One box finds an order by whatever somebody has in front of him."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna.write({"email": "Anna.Weber@Post.example", "phone": "+49 (0)30 / 1234-567"})
        cls.zhang = cls.make_partner("张伟明", "DE", is_company=False, phone="１３８ ００１３ ８０００")
        cls.order = cls.hero(confirm=True, client_order_ref="AMZ-100%_42")
        cls.chinese = cls.make_sale(cls.lamp, confirm=True, partner_shipping_id=cls.zhang.id)
        purchase = cls.order.dropship_purchase_ids
        purchase.partner_ref = "1688-998877"
        purchase.picking_ids.carrier_tracking_ref = "RR 123456789 CN"
        cls.env.flush_all()
        cls.desk = cls.login("user")

    @classmethod
    def login(cls, role):
        groups = {
            "user": "dropship_flow.group_dropship_user,sales_team.group_sale_salesman_all_leads",
            "employee": "base.group_user",
            "portal": "base.group_portal",
            "sales": "sales_team.group_sale_salesman_all_leads",
            "accountant": "account.group_account_invoice",
        }
        return new_test_user(
            cls.env, f"search-{role}-{cls.env.company.id}", groups=groups[role],
            company_id=cls.company.id, company_ids=[Command.set(cls.company.ids)],
        )  # fmt: skip

    def find(self, text, user=None):
        user = user or self.desk
        orders = self.env["sale.order"].with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
        return orders.search([("dropship_search", "ilike", text)]).with_env(self.env)

    def test_every_key_finds_it(self):
        purchase = self.order.dropship_purchase_ids
        for text in (
            self.order.name, self.order.name.lower(), self.order.name[-2:], "amz-100%_42", "RR 123456789 CN",
            "123456789", purchase.name, "1688-998877", "998877", "anna.weber@post", "anna.weber@post.example",
            "An", "we", "weber anna", "  Anna   Weber ",
        ):  # fmt: skip
            with self.subTest(text):
                self.assertIn(self.order, self.find(text))

    def test_a_phone_in_any_writing(self):
        for text in ("+49 30 1234567", "0049301234567", "030 1234567", "(030) 123-45-67", "1234567", "4567"):
            with self.subTest(text):
                self.assertIn(self.order, self.find(text))
        for text in ("13800138000", "+86 138 0013 8000", "8000"):
            with self.subTest(text):
                self.assertEqual(self.find(text), self.chinese)

    def test_names_in_chinese_whole_and_in_part(self):
        for text in ("张伟明", "伟明", "张", "明"):
            with self.subTest(text):
                self.assertEqual(self.find(text), self.chinese, "the name it ships to")
        self.anna.name = "Änne Özgül"
        for text in ("Änne", "ÄNNE", "änne özgül", "öz", "Ä"):
            with self.subTest(text):
                self.assertIn(self.order, self.find(text))
        self.assertFalse(self.find("明伟"), "the characters, but not in this order")

    def test_signs_of_like_stand_for_themselves(self):
        self.assertEqual(self.find("100%_42"), self.order)
        for text in ("%", "_", "%%%", "a%r", "\\"):
            with self.subTest(text):
                self.assertNotIn(self.chinese, self.find(text))

    def test_what_finds_nothing(self):
        for text in ("   ", "x" * 2000, "😀", "' OR 1=1 --", "\x00", "()", "+", "nobody at all"):
            with self.subTest(text[:9]):
                self.assertFalse(self.find(text))

    def test_it_combines_with_other_filters(self):
        domain = [("dropship_search", "ilike", "weber"), ("dropship_stage", "=", "held")]
        self.assertFalse(self.env["sale.order"].search(domain))
        domain[1] = ("dropship_stage", "=", "to_ship")
        self.assertIn(self.order, self.env["sale.order"].search(domain))
        self.assertNotIn(self.order, self.env["sale.order"].search([("dropship_search", "not ilike", "weber")]))

    def test_nobody_outside_may_ask(self):
        portal = self.login("portal")
        self.order.message_subscribe(portal.partner_id.ids)
        for text in (self.order.name, self.order.dropship_purchase_ids.name, "1688-998877"):
            with self.subTest(text):
                try:
                    self.assertFalse(self.find(text, portal))
                except AccessError:
                    continue
        with_rights = self.env["sale.order"].with_user(portal).sudo()
        self.assertFalse(with_rights.search([("dropship_search", "ilike", self.order.name)]))

    def test_each_role_finds_what_it_may_read(self):
        purchase = self.order.dropship_purchase_ids.name
        self.assertIn(self.order, self.find(purchase, self.login("sales")))
        accountant = self.login("accountant")
        self.assertIn(self.order, self.find(self.order.name, accountant))
        self.assertFalse(self.find("1688-998877", accountant), "no facts of purchases")
        with self.assertRaises(AccessError):
            self.find(self.order.name, self.login("employee"))

    def test_another_company_sees_nothing(self):
        other = self.env["res.company"].create({"name": "Other GmbH"})
        stranger = new_test_user(
            self.env, "stranger", groups="dropship_flow.group_dropship_user,sales_team.group_sale_manager",
            company_id=other.id, company_ids=[Command.set(other.ids)],
        )  # fmt: skip
        for text in (self.order.name, "1688-998877", "weber", "1234567"):
            self.assertFalse(self.find(text, stranger))

    def test_more_hits_than_fit_are_combined_in_the_database(self):
        self.patch(type(self.env["sale.order"]), "_dropship_search_most", 1)
        self.make_sale(self.lamp, partner=self.anna)
        self.assertGreater(len(self.find("weber")), 1)
        self.assertIn(self.order, self.find("weber"))
        self.assertFalse(self.env["sale.order"].search([("dropship_search", "ilike", "weber"), ("id", "=", 0)]))
