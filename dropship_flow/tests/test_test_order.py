from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common_first_hour import FirstHourCase

TABLES = (
    "sale.order", "sale.order.line", "purchase.order", "purchase.order.line", "stock.picking", "stock.move",
    "stock.move.line", "stock.reference", "dropship.allocation", "dropship.hold", "dropship.exception",
    "dropship.routing.decision", "dropship.line.choice", "mail.activity", "res.partner", "account.move",
)  # fmt: skip


@tagged("post_install", "-at_install", "standard")
class TestTestOrder(FirstHourCase):
    """A real order that nobody outside hears of, no report counts, and one button removes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supplier = cls.sell()
        cls.supplier.partner_id.email = "supplier@example.com"

    def counts(self):
        self.env.flush_all()
        found = {name: self.env[name].with_context(active_test=False).search_count([]) for name in TABLES}
        self.env.cr.execute("SELECT COALESCE(SUM(quantity), 0), COUNT(*) FROM stock_quant")
        return {**found, "quants": self.env.cr.fetchone()}

    def test_the_preview_says_it_in_one_sentence(self):
        wizard = self.wizard("test_order")
        self.assertTrue(wizard.possible)
        self.assertRegex(wizard.preview, r"^义乌, .*16\.00.*, arrives \w+.*, margin .*\d")

    def test_what_cannot_be_bought_says_why(self):
        wizard = self.wizard("test_order")
        wizard.country_id = self.country("FR")
        self.assertFalse(wizard.possible)
        self.assertTrue(wizard.waits)
        with self.assertRaises(UserError):
            wizard.action_buy()
        wizard.product_id = self.make_product("Not offered")
        self.assertIn("Nobody offers", wizard.preview)

    def test_it_buys_itself_in_spite_of_a_policy_that_asks(self):
        order = self.buy_test()
        self.assertEqual((order.state, order.dropship_is_test), ("sale", True))
        purchase = order.dropship_purchase_ids
        self.assertEqual((purchase.state, purchase.dropship_is_test), ("sent", True))
        self.assertFalse(order.dropship_open_hold_ids)

    def test_no_supplier_is_told(self):
        purchase = self.buy_test().dropship_purchase_ids
        purchase.message_subscribe(self.supplier.partner_id.ids)
        before = self.env["mail.mail"].search([], order="id desc", limit=1).id or 0
        purchase.message_post(body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment")
        template = self.env.ref("purchase.email_template_edi_purchase")
        template.send_mail(purchase.id)
        purchase._send_reminder_mail()
        mails = self.env["mail.mail"].search([("id", ">", before)])
        for mail in mails:
            self.assertNotIn("supplier@example.com", f"{mail.email_to} {mail.recipient_ids.mapped('email')}")
        told = purchase.message_ids.notification_ids.res_partner_id
        self.assertNotIn(self.supplier.partner_id, told)

    def test_no_report_counts_it(self):
        order = self.buy_test()
        self.env.flush_all()
        self.assertFalse(self.env["sale.report"].search([("order_reference", "=", f"sale.order,{order.id}")]))
        purchases = order.dropship_purchase_ids
        self.assertFalse(self.env["purchase.report"].search([("order_id", "in", purchases.ids)]))

    def test_removed_it_leaves_nothing(self):
        before = self.counts()
        for shipped in (False, True):
            order = self.buy_test()
            if shipped:
                order.dropship_purchase_ids._dropship_answer("ship", "SF1234567890")
                self.assertEqual(order.dropship_purchase_ids.picking_ids.state, "done")
            order.action_dropship_remove()
            self.assertFalse(order.exists())
            with self.subTest(shipped=shipped):
                self.assertEqual(self.counts(), before)
        self.assertEqual((self.state("test_order"), self.state("phone")), ("done", "done"))

    def test_storable_goods_are_taken_back(self):
        product = self.wizard("test_order").product_id
        product.is_storable = True
        before = self.counts()
        order = self.buy_test()
        order.dropship_purchase_ids._dropship_answer("ship", "SF1234567890")
        order.action_dropship_remove()
        self.assertEqual(self.counts(), before)

    def test_a_draft_invoice_goes_and_a_posted_one_stays(self):
        self.env["account.chart.template"].try_loading("generic_coa", self.company, install_demo=False)
        self.company.write({"country_id": self.china.id, "account_fiscal_country_id": self.china.id})
        order = self.buy_test()
        order.order_line.qty_delivered = 1
        invoice = order._create_invoices()
        invoice.action_post()
        with self.assertRaisesRegex(UserError, invoice.name):
            order.action_dropship_remove()
        self.assertTrue(order.exists())
        invoice.button_draft()
        order.action_dropship_remove()
        self.assertFalse(order.exists() | self.env["sale.order"])
        self.assertFalse(invoice.exists())

    def test_a_real_order_is_never_removed(self):
        order = self.buy_test()
        real = order.copy()
        self.assertFalse(real.dropship_is_test)
        real.action_confirm()
        with self.assertRaises(UserError):
            real.action_dropship_remove()
        with self.assertRaises(UserError):
            real.dropship_is_test = True
        with self.assertRaises(UserError):
            order.dropship_is_test = False

    def test_who_may_remove(self):
        order = self.buy_test()
        with self.assertRaises(UserError):
            order.with_user(self.make_login("user")).action_dropship_remove()

    def test_the_code_leads_to_the_suppliers_page(self):
        order = self.buy_test()
        wizard = self.wizard("phone")
        self.assertEqual(wizard.purchase_id, order.dropship_purchase_ids)
        self.assertTrue(wizard.url and wizard.code)
        self.assertIn(order.dropship_purchase_ids.access_token, wizard.url)


@tagged("post_install", "-at_install", "standard")
class TestSupplierPage(FirstHourCase, HttpCase):
    """The page behind the code: looks change nothing, answers need the link and the form."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supplier = cls.sell()
        cls.order = cls.buy_test()
        cls.purchase = cls.order.dropship_purchase_ids
        cls.token = cls.purchase._portal_ensure_token()
        cls.page = f"/my/purchase/{cls.purchase.id}"

    def csrf(self):
        text = self.url_open(f"{self.page}?access_token={self.token}").text
        return text.split('name="csrf_token" value="')[1].split('"')[0]

    def answer(self, token=None, csrf=None, **data):
        data = {"access_token": self.token if token is None else token, **data}
        data["csrf_token"] = self.csrf() if csrf is None else csrf
        response = self.url_open(f"{self.page}/answer", data=data)
        self.env.invalidate_all()
        return response

    def test_looking_changes_nothing(self):
        for _visit in range(3):
            self.assertEqual(self.url_open(f"{self.page}?access_token={self.token}").status_code, 200)
        with mute_logger("odoo.http"):
            response = self.url_open(f"{self.page}/answer?verb=accept&access_token={self.token}")
            self.assertEqual(response.status_code, 405)
        self.env.invalidate_all()
        self.assertEqual(self.purchase.state, "sent")

    def test_accept_then_ship(self):
        self.answer(verb="accept")
        self.assertEqual(self.purchase.state, "purchase")
        self.answer(verb="accept")
        text = self.answer(verb="ship", numbers=" sf 1234567890 \nYT0001112223").text
        self.assertIn("this order is shipped", text)
        self.assertEqual(self.purchase.picking_ids.carrier_tracking_ref, "SF1234567890,YT0001112223")
        self.assertEqual(self.purchase.picking_ids.state, "done")
        self.assertEqual(self.order.order_line.qty_delivered, 1)

    def test_shipped_at_once_accepts_too(self):
        self.answer(verb="ship", numbers="SF1234567890")
        self.assertEqual((self.purchase.state, self.purchase.picking_ids.state), ("purchase", "done"))

    def test_wrong_numbers_are_refused_and_kept_in_the_form(self):
        for numbers in ("", "soon", "<script>1", "x" * 3000, "12"):
            response = self.answer(verb="ship", numbers=numbers)
            with self.subTest(numbers[:10]):
                self.assertEqual(response.status_code, 422)
                self.assertNotIn("<script>1", response.text)
                self.assertEqual(self.purchase.state, "sent")

    @mute_logger("odoo.http")
    def test_without_the_link_nothing_happens(self):
        for token in ("", "wrong", self.order._portal_ensure_token()):
            self.answer(token=token, csrf=self.csrf(), verb="accept")
            self.assertEqual(self.purchase.state, "sent")
        self.assertEqual(self.answer(csrf="wrong", verb="accept").status_code, 400)
        self.assertEqual(self.purchase.state, "sent")

    def test_other_fields_are_not_read(self):
        self.answer(verb="accept", price_unit="0", state="cancel", partner_id="1")
        self.assertEqual(self.purchase.state, "purchase")
        self.assertEqual(self.purchase.order_line.price_unit, 12.5)
        self.answer(verb="button_cancel")
        self.assertEqual(self.purchase.state, "purchase")

    def test_a_cancelled_order_says_do_not_ship(self):
        csrf = self.csrf()
        self.purchase._dropship_cancel_quietly()
        response = self.answer(csrf=csrf, verb="ship", numbers="SF1234567890")
        self.assertEqual(response.status_code, 422)
        self.assertIn("Please do not ship", response.text)

    def test_the_page_shows_the_sender_and_no_sale(self):
        self.company.write({"dropship_sender_name": "Lumen & Leaf", "dropship_sender_phone": "+86 400"})
        text = self.url_open(f"{self.page}?access_token={self.token}").text
        self.assertIn("Lumen &amp; Leaf", text)
        self.assertIn("Sender on the label", text)
        self.assertNotIn(self.order.name, text)
        self.assertNotIn(self.order.partner_id.email or "@nobody", text)
