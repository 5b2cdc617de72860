from markupsafe import escape
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, HttpCase, tagged

from .common_flow import FlowCase
from .common_portal import PortalWorld

SCRIPT = "<script>alert('x')</script> & 灯 💡"


@tagged("post_install", "-at_install", "standard")
class TestMessages(FlowCase):
    def texts(self, **more):
        return {
            "dropship_buyer_message": "Please hurry",
            "dropship_gift_note": "Happy birthday",
            "dropship_carrier_wish": "Neighbour",
            "dropship_memo": "MEMO of the house",
            **more,
        }

    def bought_order(self, **vals):
        """A confirmed order of a personalised lamp, its purchase with the supplier."""
        self.env["dropship.supplier"].union(*self.suppliers.values()).answer_mode = "manual"
        order = self.make_sale(self.lamp, **self.texts(**vals))
        order.order_line.dropship_personalisation = "Anna"
        order.action_confirm()
        return order, order.dropship_purchase_ids

    def questions(self, order):
        return order.dropship_exception_ids.filtered(lambda row: row.kind == "message_changed" and row.state == "open")

    def test_texts_travel_to_the_purchase_and_the_memo_does_not(self):
        order, purchase = self.bought_order()
        self.assertEqual(
            (purchase.dropship_gift_note, purchase.dropship_carrier_wish), ("Happy birthday", "Neighbour")
        )
        self.assertEqual(purchase.order_line.dropship_personalisation, "Anna")
        self.assertFalse(purchase.dropship_buyer_message, "read by the desk first")
        self.assertFalse(purchase.dropship_texts_changed)
        for name, field in purchase._fields.items():
            if field.type in ("text", "char", "html"):
                self.assertNotIn("MEMO of the house", str(purchase[name] or ""), name)
        self.assertFalse(self.questions(order))

    def test_the_message_goes_when_the_desk_passes_it_on(self):
        order = self.make_sale(self.lamp, **self.texts())
        order.with_user(self.desk()).action_dropship_message_share()
        self.assertTrue(order.dropship_message_read)
        order.action_confirm()
        self.assertEqual(order.dropship_purchase_ids.dropship_buyer_message, "Please hurry")

    def test_a_policy_may_pass_messages_on_unread(self):
        self.policy.pass_unread_message = True
        order, purchase = self.bought_order()
        self.assertEqual(purchase.dropship_buyer_message, "Please hurry")
        order.with_user(self.desk()).action_dropship_message_read()
        self.assertFalse(self.questions(order), "reading changes nothing for the supplier")

    def desk(self):
        user = self.make_login("user", login="texts-desk")
        user.group_ids |= self.env.ref("sales_team.group_sale_salesman_all_leads")
        return user

    def test_draft_purchases_follow_the_sale(self):
        self.policy.automation = "draft"
        order, purchase = self.bought_order()
        order.dropship_gift_note = "Merry Christmas"
        order.order_line.dropship_personalisation = "Berta"
        self.assertEqual(purchase.state, "draft")
        self.assertEqual(purchase.dropship_gift_note, "Merry Christmas")
        self.assertEqual(purchase.order_line.dropship_personalisation, "Berta")
        self.assertFalse(self.questions(order))

    def test_texts_changed_after_sending_are_a_question(self):
        order, purchase = self.bought_order()
        self.assertEqual(purchase.state, "sent")
        order.with_user(self.desk()).order_line.dropship_personalisation = "Berta"
        self.assertEqual(purchase.order_line.dropship_personalisation, "Anna")
        self.assertTrue(purchase.dropship_texts_changed)
        question = self.questions(order)
        self.assertEqual(len(question), 1)
        self.assertIn(purchase.name, question.description)
        order.dropship_gift_note = "Merry Christmas"
        self.assertEqual(self.questions(order), question, "one question for all changes")
        buyer = self.make_login("buyer")
        purchase.with_user(buyer).action_dropship_take_texts()
        self.assertEqual(purchase.order_line.dropship_personalisation, "Berta")
        self.assertEqual(purchase.dropship_gift_note, "Merry Christmas")
        self.assertEqual((question.state, purchase.dropship_texts_changed), ("solved", False))

    def test_a_question_about_texts_answered_in_the_list(self):
        order, purchase = self.bought_order()
        order.dropship_gift_note = "New"
        self.questions(order).with_user(self.make_login("buyer")).action_supplier_agreed()
        self.assertEqual((purchase.dropship_gift_note, purchase.state), ("New", "sent"))
        order.dropship_gift_note = "Newer"
        question = self.questions(order)
        question.action_too_late()
        self.assertEqual((purchase.dropship_gift_note, question.state), ("New", "solved"))

    def test_taking_a_change_back_settles_the_question(self):
        order, _purchase = self.bought_order()
        order.dropship_carrier_wish = "Garage"
        self.assertTrue(self.questions(order))
        order.dropship_carrier_wish = "Neighbour"
        self.assertFalse(self.questions(order))

    def test_what_left_already_asks_nobody(self):
        order, purchase = self.bought_order()
        purchase._dropship_accept()
        order.dropship_allocation_ids.state = "shipped"
        order.dropship_gift_note = "Too late"
        self.assertFalse(self.questions(order))

    def test_long_texts_are_refused(self):
        order = self.make_sale(self.lamp)
        order.dropship_gift_note = "x" * 2000
        for record, name in (
            (order, "dropship_buyer_message"),
            (order, "dropship_memo"),
            (order.order_line, "dropship_personalisation"),
        ):
            with self.subTest(name), self.assertRaisesRegex(ValidationError, "2001"), self.env.cr.savepoint():
                record[name] = "x" * 2001

    def test_unread_messages_are_found_and_marked(self):
        order, silent = self.make_sale(self.lamp, dropship_buyer_message="Hello"), self.make_sale(self.lamp)
        orders, search = order | silent, self.env["sale.order"].search
        self.assertEqual(search([("dropship_message_unread", "=", True), ("id", "in", orders.ids)]), order)
        self.assertEqual(search([("dropship_message_unread", "=", False), ("id", "in", orders.ids)]), silent)
        orders.with_user(self.desk()).action_dropship_message_read()
        self.assertEqual((order.dropship_message_read, silent.dropship_message_read), (True, False))
        self.assertFalse(search([("dropship_message_unread", "=", True), ("id", "in", orders.ids)]))
        order.dropship_buyer_message = "One more thing"
        self.assertTrue(order.dropship_message_unread)
        order.write({"dropship_buyer_message": "One more thing"})
        with self.assertRaises(UserError):
            order.with_user(self.make_login("employee")).action_dropship_message_read()

    def test_staff_writes_in_the_order_form(self):
        with Form(self.make_sale(self.lamp).with_user(self.desk())) as form:
            form.dropship_buyer_message, form.dropship_memo, form.dropship_flag = "Hi", "Careful", "yellow"
        self.assertEqual(form.record.dropship_flag, "yellow")

    def test_a_copy_begins_without_texts(self):
        order = self.make_sale(self.lamp, **self.texts())
        copy = order.copy()
        self.assertFalse(copy.dropship_buyer_message or copy.dropship_memo or copy.dropship_gift_note)


@tagged("post_install", "-at_install", "standard")
class TestMessagePages(PortalWorld, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_portal_world()
        texts = ("dropship_gift_note", "dropship_carrier_wish", "dropship_buyer_message", "dropship_memo")
        cls.suppliers["Rhein"].answer_mode = "manual"
        cls.written = cls.hero(**{name: f"{SCRIPT} {name}" for name in texts})
        cls.written.order_line[0].dropship_personalisation = f"{SCRIPT} personalisation"
        cls.written.dropship_message_shared = True
        cls.written.action_confirm()
        cls.sent = cls.written.dropship_purchase_ids
        cls.env.flush_all()

    def assertEscaped(self, text, *names):
        self.assertNotIn("<script>alert('x')", text)
        for name in names:
            self.assertIn(str(escape(f"{SCRIPT} {name}")), text)
        self.assertNotIn("dropship_memo", text)

    def test_the_customer_reads_his_own_words(self):
        self.authenticate("portal-customer", "portal-customer")
        for query in ("", "?report_type=html"):
            text = self.url_open(f"/my/orders/{self.written.id}{query}").text
            self.assertNotIn("<script>alert('x')", text)
        text = self.url_open(f"/my/orders/{self.written.id}").text
        self.assertEscaped(
            text, "dropship_gift_note", "dropship_carrier_wish", "dropship_buyer_message", "personalisation"
        )

    def test_the_supplier_reads_what_he_needs(self):
        self.authenticate("portal-vendor", "portal-vendor")
        names = ("dropship_gift_note", "dropship_carrier_wish", "dropship_buyer_message", "personalisation")
        self.assertEscaped(self.url_open(f"/my/purchase/{self.sent.id}").text, *names)

    def test_the_papers_of_a_purchase(self):
        names = ("dropship_gift_note", "dropship_carrier_wish", "personalisation")
        for report in ("purchase.report_purchasequotation", "purchase.report_purchaseorder"):
            html = self.env["ir.actions.report"]._render_qweb_html(report, self.sent.ids)[0].decode()
            with self.subTest(report):
                self.assertEscaped(html, *names)

    def test_the_supplier_does_not_read_a_message_that_was_not_passed_on(self):
        self.written.dropship_message_shared = False
        self.sent.action_dropship_take_texts()
        self.env.flush_all()
        self.authenticate("portal-vendor", "portal-vendor")
        self.assertNotIn("dropship_buyer_message", self.url_open(f"/my/purchase/{self.sent.id}").text)

    def test_no_field_is_read_from_outside(self):
        for user in (self.customer_user, self.vendor_user):
            env = self.as_user(user)
            for model in ("sale.order", "purchase.order", "sale.order.line", "purchase.order.line"):
                names = env[model].fields_get(attributes=["type"])
                ours = [name for name in names if env[model]._fields[name]._modules[:1] == ("dropship_flow",)]
                self.assertFalse(ours, (user.login, model))

    # --- the cart ---

    def call_cart(self, **params):
        return self.url_open("/shop/order_texts", json={"params": params}).json()["result"]

    def cart(self):
        """The visitor's cart with a personalised lamp."""
        self.lamp.product_tmpl_id.dropship_personalise = True
        website = self.env["website"].search([], limit=1)
        cart = self.make_sale(self.lamp, website_id=website.id, company_id=website.company_id.id)
        self.patch(self.registry["website"], "_get_and_cache_current_cart", lambda _self: cart.sudo())
        self.env.flush_all()
        return cart

    def test_without_a_cart_nothing_is_kept(self):
        self.authenticate(None, None)
        self.assertIn("error", self.call_cart(texts={"gift_note": "Hi"}))

    def test_the_customer_writes_on_his_own_cart_only(self):
        self.company.partner_id.country_id = self.company.country_id
        self.lamp.taxes_id = False
        self.env["website"].search([], limit=1).company_id = self.company
        cart = self.cart()
        line = cart.order_line
        foreign = self.written.order_line[1]
        self.authenticate("portal-customer", "portal-customer")
        result = self.call_cart(
            texts={"gift_note": f" {SCRIPT} ", "buyer_message": "a\x00b", "memo": "mine", "carrier_wish": 5},
            lines={str(line.id): "Anna", str(foreign.id): "stolen", "x": []},
        )
        self.assertEqual(result, {"saved": True})
        self.env.invalidate_all()
        self.assertEqual((cart.dropship_gift_note, cart.dropship_buyer_message), (SCRIPT, "ab"))
        self.assertEqual((line.dropship_personalisation, foreign.dropship_personalisation), ("Anna", False))
        self.assertFalse(cart.dropship_memo)
        answer = self.call_cart(texts={"gift_note": "x" * 2001})
        self.assertIn("2000", answer["error"])
        self.env.invalidate_all()
        self.assertEqual(cart.dropship_gift_note, SCRIPT)
        for odd in (None, 5, [], "x"):
            self.assertEqual(self.call_cart(texts=odd, lines=odd), {"saved": True})
