import doctest
import importlib
import pkgutil

from odoo import Command
from odoo.addons.dropship_flow import address
from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, TransactionCase, new_test_user, tagged

from .common_flow import FlowCase
from .common_portal import PortalWorld

PASTED = "张三，13812345678，浙江省杭州市西湖区文三路 123 号 2 单元 501 室"


@tagged("post_install", "-at_install", "standard")
class TestAddressDoctest(BaseCase):
    """The examples in the address package hold inside Odoo too."""

    def test_examples(self):
        tried = 0
        for info in pkgutil.iter_modules(address.__path__):
            with self.subTest(module=info.name):
                result = doctest.testmod(importlib.import_module(f"{address.__name__}.{info.name}"))
                tried += result.attempted
                self.assertFalse(result.failed)
        self.assertGreater(tried, 20)


@tagged("post_install", "-at_install", "standard")
class TestAddressParse(FlowCase):
    """The desk pastes what a customer wrote; contacts carry keys to be found by."""

    def login(self, role):
        user = new_test_user(
            self.env,
            f"paste-{role}",
            groups=role,
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        return self.env(user=user)

    def paste(self, text, **vals):
        values = {"partner_id": self.anna.id, "text": text, **vals}
        return self.env["dropship.address.paste"].create(values)

    # --- reading ---

    def test_parts_of_a_chinese_address_find_their_records(self):
        vals, found = self.env["res.partner"]._dropship_read_address(PASTED)
        self.assertEqual(vals["state_id"], self.env.ref("base.state_cn_ZJ").id)
        self.assertEqual(vals["country_id"], self.env.ref("base.cn").id)
        self.assertEqual((vals["city"], vals["dropship_district"]), ("杭州市", "西湖区"))
        self.assertEqual(found.confidence, 1.0)

    def test_states_of_other_countries(self):
        vals, _found = self.env["res.partner"]._dropship_read_address(
            "Jane Doe\n350 Fifth Ave\nNew York, NY 10118\nUSA"
        )
        self.assertEqual(vals["state_id"], self.env.ref("base.state_us_27").id)

    def test_every_country_of_the_database_is_read_and_judged(self):
        for country in self.env["res.country"].search([]):
            with self.subTest(country.code):
                vals, _found = self.env["res.partner"]._dropship_read_address(
                    f"Anna Weber\nHigh Road 5\nSomewhere\n{country.name}"
                )
                if country.code == "XI":  # a country for taxes only
                    self.assertEqual(vals["country_id"], self.env.ref("base.uk").id)
                elif vals["country_id"] != country.id:  # a few names hold a comma or are a town's, too
                    self.assertIn(country.name.split(",")[0].split(" ")[0], " ".join(map(str, vals.values())))
                self.anna.country_id = country
                self.assertIsInstance(self.anna._dropship_address_problems(), list)

    # --- the box ---

    def test_paste_fills_the_preview_and_the_contact(self):
        wizard = self.paste(PASTED)
        self.assertEqual((wizard.name, wizard.city, wizard.problems), ("张三", "杭州市", False))
        wizard.action_apply()
        self.assertEqual(self.anna.street, "文三路 123 号 2 单元 501 室")
        self.assertEqual(self.anna.dropship_district, "西湖区")
        self.assertFalse(self.anna.zip, "the zip code of the old place must not stay")
        self.assertEqual(self.anna.dropship_phone_key, "8613812345678")

    def test_paste_on_an_order_makes_a_delivery_address(self):
        order = self.hero()
        action = order.action_dropship_paste()
        wizard = self.env["dropship.address.paste"].browse(action["res_id"])
        wizard.text = "Max Muster\nAm Markt 5\n80331 München\nDeutschland"
        wizard.action_create()
        self.assertEqual(order.partner_shipping_id.parent_id, self.anna)
        self.assertEqual(order.partner_shipping_id.type, "delivery")
        self.assertEqual((order.partner_shipping_id.zip, self.anna.zip), ("80331", "10115"))

    def test_corrections_of_the_preview_are_kept(self):
        wizard = self.paste(PASTED)
        wizard.street = "文三路 124 号"
        wizard.action_apply()
        self.assertEqual(self.anna.street, "文三路 124 号")

    def test_doubts_are_said(self):
        wizard = self.paste("Anna\nHauptstr. 5\n1011 Berlin\nDeutschland\n+49 30 901820\n+49 171 1234567")
        self.assertIn("zip", wizard.problems)
        self.assertIn("1234567", wizard.unknown)
        self.assertIn("1234567", wizard.street2)

    def test_bad_texts_are_refused_and_write_nothing(self):
        before = self.anna.read(["street", "city", "phone"])
        with self.assertRaises(UserError):
            self.paste("x" * 2001).street  # noqa: B018
        for text in ("", "🙂🎉", "   "):
            wizard = self.paste(text)
            if not wizard.street:
                with self.subTest(text), self.assertRaises(UserError):
                    wizard.action_apply()
        self.assertEqual(self.anna.read(["street", "city", "phone"]), before)

    def test_who_may_paste(self):
        env = self.login("dropship_flow.group_dropship_user,base.group_partner_manager")
        self.anna.with_env(env).action_dropship_paste()
        with self.assertRaises(AccessError):
            self.anna.with_env(self.login("base.group_user")).action_dropship_paste()

    # --- keys ---

    def test_keys_follow_every_spelling(self):
        one = self.make_partner("One", "DE", street="Hauptstraße 5", zip="10115", city="Berlin", phone="030 901820")
        two = self.make_partner("Two", "DE", street="HAUPTSTR. 5", zip="10115", city="Bln", phone="+49 30 901820")
        self.assertTrue(one.dropship_address_key)
        self.assertEqual(one.dropship_address_key, two.dropship_address_key)
        self.assertEqual(one.dropship_phone_key, two.dropship_phone_key)
        two.street = "Hauptstr. 6"
        self.assertNotEqual(one.dropship_address_key, two.dropship_address_key)
        two.write({"street": "🙂", "phone": "no phone"})
        self.assertFalse(two.dropship_address_key)
        self.assertFalse(two.dropship_phone_key)

    def test_keys_of_many_contacts_need_no_query_each(self):
        partners = self.env["res.partner"].create(
            [
                {"name": f"P{number}", "street": f"Weg {number}", "country_id": self.anna.country_id.id}
                for number in range(50)
            ]
        )
        self.env.flush_all()
        partners.invalidate_recordset()
        partners.mapped("country_id.code")
        with self.assertQueryCount(5):
            partners.modified(["street", "phone"])
            partners.mapped("dropship_address_key")
            self.env.flush_all()

    def test_the_district_stands_on_the_label(self):
        partner = self.make_partner("Li", "CN", street="文三路1号", city="杭州市", dropship_district="西湖区")
        self.assertIn("杭州市西湖区", partner.contact_address)
        child = self.env["res.partner"].create({"name": "Wang", "parent_id": partner.id, "type": "contact"})
        self.assertEqual(child.dropship_district, "西湖区")


@tagged("post_install", "-at_install", "standard")
class TestAddressOfPortal(PortalWorld, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_portal_world()

    def test_a_portal_reader_sees_whole_addresses_but_no_keys(self):
        self.anna.dropship_district = "Mitte"
        env = self.as_user(self.customer_user)
        anna = env["res.partner"].browse(self.anna.id)
        self.assertIn("Mitte", anna.contact_address)
        for name in ("dropship_phone_key", "dropship_address_key", "dropship_district"):
            with self.subTest(name), self.assertRaises(AccessError):
                anna.read([name])
