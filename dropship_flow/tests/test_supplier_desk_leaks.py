from odoo.tests import HttpCase, tagged

from .common_supplier_desk import DeskWorld


@tagged("post_install", "-at_install", "standard")
class TestSupplierDeskLeaks(DeskWorld, HttpCase):
    """Every page of the desk, for the supplier himself, for another one, for the customer and for nobody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_desk_world()

    def paths(self):
        """Every route of the desk with every number that might open something."""
        yield from ("", "?tab=ship", "?q=a", "/numbers", "/sheet", "/upload", "/closed", "/score", "/share")
        for purchase in self.waiting | self.purchase:
            yield from (f"/order/{purchase.id}", f"/order/{purchase.id}/slip")
        yield from ("/order/0", "/order/999999999")

    def login(self, user):
        self.authenticate(user.login if user else None, user.login if user else None)

    def test_no_word_of_the_sale_on_any_page(self):
        # What the customer pays must not be there in any form: prices of the hero basket are 34.90, 9.90 and 7.90.
        words = (*self.of_sale, "34.9", "9.90", "7.90", "52.70", "argin")
        self.login(self.vendor_user)
        for base in (self.base, "/my/dropship"):
            for path in self.paths():
                response = self.url_open(base + path)
                self.assertIn(response.status_code, (200, 404), base + path)
                self.assertSilent(response.text, words, base + path)
                self.assertSilent(str(response.headers), words, base + path)

    def test_with_a_login(self):
        self.login(self.vendor_user)
        home = self.url_open("/my/home").text
        self.assertIn("/my/dropship", home)
        text = self.opened("", base="/my/dropship")
        self.assertIn(self.waiting.name, text)
        text = self.opened(f"/order/{self.waiting.id}", base="/my/dropship")
        response = self.send(f"/order/{self.waiting.id}/answer", text, "/my/dropship", verb="accept")
        self.assertEqual((response.status_code, self.waiting.state), (303, "purchase"))

    def test_another_supplier_sees_nothing(self):
        dawn = self.suppliers["Dawn"]
        _link, url = self.env["dropship.supplier.link"]._make(dawn, self.company)
        self.env.flush_all()
        self.login(self.other_vendor_user)
        words = ("Anna", "POSECRET", "SKUSECRET-Rhein", "Vendorsecret Rhein", "10115")
        for base in ("/supplier/" + url.rpartition("/")[2], "/my/dropship"):
            for path in self.paths():
                response = self.url_open(base + path)
                self.assertIn(response.status_code, (200, 404), base + path)
                self.assertSilent(response.text, words, base + path)
                if path.startswith("/order"):
                    self.assertEqual(response.status_code, 404, path)
            page = self.opened("", base=base)
            numbers = self.opened("/numbers", base=base)
            for target, data in (
                (f"/order/{self.waiting.id}/answer", {"verb": "accept"}),
                (f"/order/{self.waiting.id}/change/1", {"answer": "yes"}),
            ):
                data["stamp"] = self.waiting._dropship_desk_stamp()
                response = self.send(target, numbers or page, base, **data)
                self.assertEqual(response.status_code, 404)
            pasted = f"{self.waiting.name} SF1234567890"
            data = {"step": "apply", f"stamp_{self.waiting.id}": self.waiting._dropship_desk_stamp()}
            self.assertSilent(self.send("/numbers", numbers, base, text=pasted, **data).text, ("Anna",), "pasted")
        self.assertEqual(self.waiting.state, "sent")
        self.assertFalse(self.answers())

    def test_customer_and_stranger(self):
        for user in (self.customer_user, None):
            self.login(user)
            for path in self.paths():
                response = self.url_open(f"/my/dropship{path}", allow_redirects=False)
                self.assertIn(response.status_code, (303, 404), path)

    def test_a_link_of_another_company_opens_its_own_orders_only(self):
        self.rhein.company_id = False
        other = self.env["res.company"].create({"name": "Other GmbH"})
        _link, url = self.env["dropship.supplier.link"]._make(self.rhein, other)
        self.env.flush_all()
        base = "/supplier/" + url.rpartition("/")[2]
        self.assertNotIn("POSECRET", self.opened("", base=base))
        self.opened(f"/order/{self.waiting.id}", 404, base)

    def test_a_draft_cancelled_before_it_was_sent_is_never_seen(self):
        self.policy = self.env["dropship.routing.policy"].search([("company_id", "=", self.company.id)], limit=1)
        self.policy.automation = "draft"
        draft = self.hero(confirm=True).dropship_purchase_ids
        self.assertEqual(draft.state, "draft")
        self.env.flush_all()
        self.opened(f"/order/{draft.id}", 404)
        draft._dropship_cancel_quietly()
        self.env.flush_all()
        self.opened(f"/order/{draft.id}", 404)
        self.assertNotIn(draft.name, self.opened("?tab=cancelled"))

    def test_the_list_costs_the_same_for_many(self):
        orders = [self.hero(confirm=True).dropship_purchase_ids for _number in range(30)]
        purchases = self.env["purchase.order"].browse([order.id for order in orders])
        self.assertEqual(set(purchases.mapped("state")), {"sent"})
        self.env.flush_all()
        counted = []
        for part in (purchases[:6], purchases):
            self.env.invalidate_all()
            part = part.with_env(self.env(user=self.env.ref("base.user_root")))
            start = self.env.cr.sql_log_count
            part._dropship_desk_rows()
            counted.append(self.env.cr.sql_log_count - start)
        self.assertEqual(counted[0], counted[1], "queries do not grow with the rows")
