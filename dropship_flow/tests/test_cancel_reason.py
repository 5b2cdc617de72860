from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common_flow import FlowCase


@tagged("post_install", "-at_install", "standard")
class TestCancelReason(FlowCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.automation = "draft"
        cls.reason = cls.env.ref("dropship_flow.cancel_reason_stock")
        cls.anna.email = "anna@example.com"

    def desk(self, *groups):
        desk = self.make_login("user")
        for group in ("sales_team.group_sale_salesman_all_leads", *groups):
            desk.group_ids |= self.env.ref(group)
        return desk

    def mails(self, order):
        return order.message_ids.filtered(lambda message: message.message_type == "comment")

    def test_a_reason_ends_the_order_and_its_drafts(self):
        order = self.hero(confirm=True)
        order.with_user(self.desk())._dropship_cancel(self.reason, "phoned at nine")
        self.assertEqual((order.state, order.dropship_cancel_reason_id), ("cancel", self.reason))
        self.assertEqual(order.dropship_purchase_ids.mapped("state"), ["cancel"])
        self.assertIn("phoned at nine", "".join(order.message_ids.mapped("body")))
        self.assertFalse(self.mails(order), "the customer was not to be told")

    def test_the_customer_is_told_in_his_language_and_no_supplier(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.reason.with_context(lang="fr_FR").customer_text = "Désolés : plus disponible."
        self.anna.lang = "fr_FR"
        order = self.hero(confirm=True)
        order._dropship_cancel(self.reason, "internal words", tell=True)
        message = self.mails(order)
        self.assertIn("plus disponible", message.body)
        self.assertEqual(message.partner_ids, self.anna)
        for secret in ("internal words", "Rhein", order.dropship_purchase_ids.name):
            self.assertNotIn(secret, f"{message.subject}{message.body}")

    def test_what_a_supplier_has_becomes_a_question_to_him(self):
        self.policy.automation = "buy"
        order = self.hero(confirm=True)
        order._dropship_cancel(self.reason)
        self.assertEqual(order.state, "cancel")
        self.assertEqual(set(order.dropship_exception_ids.mapped("kind")), {"cancel_asked"})

    def test_shipped_goods_cannot_be_cancelled(self):
        self.policy.automation = "buy"
        order = self.hero(confirm=True)
        picking = order.dropship_purchase_ids.picking_ids
        picking.move_ids.picked = True
        picking.button_validate()
        with self.assertRaisesRegex(UserError, "return"), self.env.cr.savepoint():
            order._dropship_cancel(self.reason)
        self.assertEqual(order.state, "sale")

    def test_locked_orders_need_a_manager(self):
        order = self.hero(confirm=True)
        order.action_lock()
        with self.assertRaisesRegex(UserError, "locked"), self.env.cr.savepoint():
            order.with_user(self.desk())._dropship_cancel(self.reason)
        self.assertEqual(order.state, "sale")
        manager = self.make_login("manager")
        manager.group_ids |= self.env.ref("sales_team.group_sale_salesman_all_leads")
        order.with_user(manager)._dropship_cancel(self.reason)
        self.assertTrue(order.state == "cancel" and order.locked)

    def test_cancelled_twice_the_first_reason_stays(self):
        order = self.hero(confirm=True)
        order._dropship_cancel(self.reason)
        order._dropship_cancel(self.env.ref("dropship_flow.cancel_reason_other"))
        self.assertEqual(order.dropship_cancel_reason_id, self.reason)

    def test_no_reason_no_rights_or_a_reason_of_others(self):
        order = self.hero(confirm=True)
        nothing = self.env["dropship.cancel.reason"]
        with self.assertRaisesRegex(UserError, "Choose the reason"), self.env.cr.savepoint():
            order._dropship_cancel(nothing)
        theirs = nothing.create({"name": "Theirs", "code": "theirs", "company_id": self.make_company().id})
        with self.assertRaisesRegex(UserError, "another company"), self.env.cr.savepoint():
            order._dropship_cancel(theirs)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            order.with_user(self.make_login("employee"))._dropship_cancel(self.reason)
        self.assertEqual(order.state, "sale")

    def test_codes_are_unique_in_a_company(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.reason.create([{"name": "Again", "code": "again"}, {"name": "Again", "code": "again"}])
        self.reason.create({"name": "Ours", "code": "stock", "company_id": self.company.id})

    def test_only_managers_keep_the_list(self):
        for role in ("user", "buyer"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.reason.with_user(self.make_login(role)).name = "Other words"
        self.reason.with_user(self.make_login("manager")).name = "Other words"

    def test_portal_customers_read_neither_reason_nor_group(self):
        order = self.hero(confirm=True)
        order._dropship_cancel(self.reason)
        portal = self.make_login("portal")
        order.message_subscribe(portal.partner_id.ids)
        for name in ("dropship_cancel_reason_id", "dropship_policy_id", "dropship_group_id", "dropship_together_ids"):
            with self.subTest(name), self.assertRaises(AccessError):
                order.with_user(portal).read([name])
