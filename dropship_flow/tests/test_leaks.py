from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from .common_portal import PortalWorld

PORTAL_ROLES = ("base.group_portal", "base.group_public")


@tagged("post_install", "-at_install", "standard")
class TestLeaks(PortalWorld, TransactionCase):
    """By RPC: what customer and vendor get from each other when they ask for everything they may."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_portal_world()

    # --- everything at once ---

    def test_the_customer_reads_everything_he_may_and_learns_no_vendor(self):
        swept = self.sweep(self.customer_user, self.of_vendors)
        self.assertLessEqual({"sale.order", "sale.order.line", "product.product", "mail.message"}, swept)

    def test_the_vendor_reads_everything_he_may_and_learns_no_sale(self):
        swept = self.sweep(self.vendor_user, self.of_sale)
        self.assertLessEqual({"purchase.order", "purchase.order.line", "product.product"}, swept)

    def test_the_public_learns_neither(self):
        public = self.env.ref("base.public_user")
        self.assertIn("product.template", self.sweep(public, self.of_vendors + self.of_sale))

    def test_names_do_not_change_with_the_context(self):
        """Core's names of products and contacts tell more when the reader's context asks."""
        types = ("many2one", "many2many", "one2many")
        rows = self.env["product.supplierinfo"].search([("product_id", "in", (self.lamp | self.stand).ids)])
        self.assertTrue(rows)
        for row in rows:
            self.sweep(self.customer_user, self.of_vendors, types, seller_id=row.id)
        asked = {"show_email": True, "show_vat": True, "show_address": True}
        self.sweep(self.customer_user, self.of_vendors, types, partner_id=self.vendor.id, **asked)
        self.sweep(self.vendor_user, self.of_sale, types, **asked)
        self.sweep(self.vendor_user, self.of_sale, types, formatted_display_name=True, **asked)

    def test_a_vendor_still_reads_products_in_his_words(self):
        env = self.as_user(self.vendor_user, partner_id=self.vendor.id)
        lines = env["purchase.order.line"].search([("product_id", "=", self.lamp.id)])
        self.assertIn("SKUSECRET-Rhein", lines.read(["product_id"])[0]["product_id"][1])
        other = self.as_user(self.other_vendor_user, partner_id=self.vendor.id)
        self.assertEqual(other["product.product"].browse(self.lamp.id).display_name, "Lamp")

    # --- the transfer, and ways around it ---

    def test_the_dropship_transfer_is_read_by_neither(self):
        for user in (self.customer_user, self.vendor_user):
            env = self.as_user(user)
            with self.subTest(user.login):
                self.assertFalse(env["stock.picking"].search([]))
                self.assertFalse(env["stock.picking"].search_count([]))
                with self.assertRaises(AccessError):
                    env["stock.picking"].browse(self.picking.id).read(["origin"])
        order = self.as_user(self.customer_user)["sale.order"].browse(self.order.id)
        self.assertEqual(order.web_read({"picking_ids": {"fields": {"partner_id": {}}}})[0]["picking_ids"], [])

    def test_a_returned_dropship_is_hidden_too(self):
        receipts = self.env["stock.picking.type"].search(
            [("code", "=", "incoming"), ("company_id", "=", self.company.id)], limit=1
        )
        back = self.picking.copy(
            {"picking_type_id": receipts.id, "return_id": self.picking.id, "sale_id": self.order.id, "move_ids": []}
        )
        self.assertEqual(back.partner_id, self.vendor)
        self.assertFalse(self.as_user(self.customer_user)["stock.picking"].search([]))

    def test_an_own_delivery_is_still_read_by_its_customer(self):
        types = self.env["stock.picking.type"].search(
            [("code", "=", "outgoing"), ("company_id", "=", self.company.id)], limit=1
        )
        own = self.env["stock.picking"].create({"picking_type_id": types.id, "partner_id": self.anna.id})
        self.assertEqual(self.as_user(self.customer_user)["stock.picking"].search([]).ids, own.ids)

    def test_moves_references_and_vendor_lists_are_closed(self):
        models = ("stock.move", "stock.move.line", "stock.reference", "product.supplierinfo")
        for user in (self.customer_user, self.vendor_user):
            for name in models:
                with self.subTest(user.login, model=name), self.assertRaises(AccessError):
                    self.as_user(user)[name].search_read([], ["display_name"])
                with self.subTest(user.login, names=name), self.assertRaises(AccessError):
                    self.as_user(user)[name].name_search("a")

    def test_papers_kept_on_a_document_are_not_read_by_its_partner(self):
        for document, user in ((self.order, self.customer_user), (self.purchase, self.vendor_user)):
            paper = self.env["ir.attachment"].create(
                {"name": "contract.pdf", "raw": b"secret", "res_model": document._name, "res_id": document.id}
            )
            env = self.as_user(user)
            with self.assertRaises(AccessError):
                env["ir.attachment"].search([("res_model", "=", document._name)])
            with self.assertRaises(AccessError):
                env["ir.attachment"].browse(paper.id).read(["raw"])

    # --- questions instead of answers ---

    def test_a_search_tells_the_customer_nothing(self):
        self.deaf(
            self.customer_user,
            [
                ("sale.order", "order_line.purchase_line_ids.partner_id.name", "Vendorsecret"),
                ("sale.order", "picking_ids.partner_id.name", "Vendorsecret"),
                ("sale.order", "picking_ids.origin", "POSECRET"),
                ("sale.order", "stock_reference_ids.purchase_ids.name", "POSECRET"),
                ("sale.order", "dropship_purchase_ids.partner_id", "Vendorsecret"),
                ("sale.order", "dropship_allocation_ids.supplier_id.name", "Vendorsecret"),
                ("sale.order.line", "move_ids.purchase_line_id.order_id.name", "POSECRET"),
                ("sale.order.line", "product_id.dropship_offer_ids.name", "OFFERSECRET"),
                ("product.product", "product_tmpl_id.seller_ids.product_code", "SKUSECRET"),
                ("product.template", "seller_ids.partner_id.name", "Vendorsecret"),
                ("product.template", "variant_seller_ids.product_name", "OFFERSECRET"),
            ],
        )

    def test_a_search_tells_the_vendor_nothing(self):
        self.deaf(
            self.vendor_user,
            [
                ("purchase.order", "reference_ids.name", "SALESECRET"),
                ("purchase.order", "dest_address_id", "annasecret"),
                ("purchase.order", "dest_address_id.email", "annasecret"),
                ("purchase.order", "dest_address_id.vat", "DE811907980"),
                ("purchase.order", "picking_ids.sale_id.name", "SALESECRET"),
                ("purchase.order", "dropship_sale_id.name", "SALESECRET"),
                ("purchase.order", "order_line.sale_order_id.name", "SALESECRET"),
                ("purchase.order.line", "sale_line_id", "SALESECRET"),
                ("purchase.order.line", "sale_line_id.order_id.client_order_ref", "CLIENTREF"),
                ("purchase.order.line", "dropship_allocation_ids.order_id.name", "SALESECRET"),
                ("purchase.order.line", "move_ids.sale_line_id.name", "Lamp"),
            ],
        )

    def deaf(self, user, questions):
        """Whether the searches that would find something as ourselves find nothing, or are refused."""
        for model, path, word in questions:
            domain = [(path, "ilike", word)]
            with self.subTest(user.login, path=path):
                self.assertTrue(self.env[model].search(domain), "as ourselves")
                try:
                    found = self.as_user(user)[model].search(domain)
                except AccessError:
                    continue
                self.assertFalse(found)

    def test_groups_and_orders_are_refused(self):
        vendor = self.as_user(self.vendor_user)
        for field in ("sale_line_id", "sale_order_id"):
            with self.subTest(field), self.assertRaises(AccessError):
                vendor["purchase.order.line"].formatted_read_group([], [field], ["__count"])
            with self.subTest(field, order=True), self.assertRaises(AccessError):
                vendor["purchase.order.line"].search([], order=field)
        with self.assertRaises(AccessError):
            vendor["purchase.order"].search([], order="dropship_sale_id")
        customer = self.as_user(self.customer_user)
        for aggregate in ("margin:sum", "margin_percent:avg"):
            with self.subTest(aggregate), self.assertRaises(AccessError):
                customer["sale.order"].formatted_read_group([], [], [aggregate])
        with self.assertRaises(AccessError):
            vendor["purchase.order"].search([]).web_read({"dest_address_id": {"fields": {"email": {}}}})

    def test_export_is_refused(self):
        for user, model in ((self.customer_user, "sale.order"), (self.vendor_user, "purchase.order")):
            records = self.as_user(user)[model].search([])
            self.assertTrue(records)
            with self.assertRaisesRegex(UserError, "rights to export"):
                records.export_data(["name"])

    # --- vendors ---

    def test_a_vendor_reads_his_own_purchases_only_and_once_they_are_sent(self):
        other = self.as_user(self.other_vendor_user)
        self.assertFalse(other["purchase.order"].search([]) or other["purchase.order.line"].search([]))
        own = self.as_user(self.vendor_user)
        self.assertEqual(own["purchase.order"].search([]).ids, self.purchase.ids)
        self.assertFalse(self.purchase.origin)
        for state in ("draft", "to approve"):
            self.purchase.state = state
            with self.subTest(state):
                self.assertFalse(own["purchase.order"].search([]) or own["purchase.order.line"].search([]))

    def test_a_vendor_reads_core_requests_as_before(self):
        plain = self.env["purchase.order"].create({"partner_id": self.vendor.id})
        self.assertIn(plain.id, self.as_user(self.vendor_user)["purchase.order"].search([]).ids)

    # --- fields and verbs of ours ---

    def test_no_field_of_ours_is_open_to_the_portal(self):
        """Every field we add to a model that portal or public users read says who reads it."""
        readers = [self.customer_user, self.env.ref("base.public_user")]
        seen = 0
        for name, model in self.env.registry.items():
            if model._abstract or "dropship_flow" not in {
                module for f in model._fields.values() for module in f._modules
            }:
                continue
            for user in readers:
                if not self.env[name].with_user(user).has_access("read"):
                    continue
                open_fields = self.as_user(user)[name].fields_get()
                ours = {
                    field.name
                    for field in model._fields.values()
                    if field._modules
                    and field._modules[0] == "dropship_flow"
                    and not getattr(field, "automatic", False)
                }
                seen += len(ours)
                self.assertFalse(ours & open_fields.keys(), name)
                for field in ours:
                    with self.subTest(user.login, model=name, grouped=field), self.assertRaises(UserError):
                        self.as_user(user)[name].formatted_read_group([], [field], ["__count"])
        self.assertGreater(seen, 40)

    def test_costs_are_not_fields_of_the_customer(self):
        env = self.as_user(self.customer_user)
        for name in ("margin", "margin_percent", "purchase_price"):
            for model in ("sale.order", "sale.order.line"):
                self.assertNotIn(name, env[model].fields_get())
        self.assertNotIn("standard_price", env["product.product"].fields_get())

    def test_no_verb_of_ours_answers_the_portal(self):
        """Public methods can be called by anybody with a login: ours do nothing and tell nothing."""
        records = self.order | self.order.browse(), self.order.order_line, self.purchase, self.lamp
        before = (self.order.state, self.purchase.state, self.order.dropship_allocation_ids.mapped("state"))
        called = 0
        for user in (self.customer_user, self.vendor_user):
            for record in records:
                for verb in [name for name in dir(type(record)) if name.startswith("action_dropship_")]:
                    called += 1
                    with self.subTest(user.login, model=record._name, verb=verb), self.env.cr.savepoint():
                        try:
                            answer = getattr(self.as_user(user)[record._name].browse(record.ids[:1]), verb)()
                        except AccessError:
                            continue
                        self.assertSilent(answer, self.of_vendors + self.of_sale)
                        self.assertNotIn(answer.get("res_id") if isinstance(answer, dict) else 0, self.purchase.ids)
        self.assertGreater(called, 12)
        after = (self.order.state, self.purchase.state, self.order.dropship_allocation_ids.mapped("state"))
        self.assertEqual(before, after)

    def test_the_cost_entries_of_an_invoice_are_hidden(self):
        self.env["account.chart.template"].try_loading("generic_coa", self.company, install_demo=False)
        self.order.order_line.qty_delivered = 1
        invoice = self.order._create_invoices()
        invoice.action_post()
        account = invoice.invoice_line_ids.account_id[:1]
        self.env["account.move.line"].with_context(check_move_validity=False).create(
            [
                {
                    "move_id": invoice.id,
                    "account_id": account.id,
                    "display_type": "cogs",
                    "name": "cost",
                    "balance": amount,
                }
                for amount in (15.9, -15.9)
            ]
        )
        lines = self.as_user(self.customer_user)["account.move.line"].search([("move_id", "=", invoice.id)])
        self.assertTrue(lines)
        self.assertNotIn("cogs", lines.mapped("display_type"))
        self.sweep(self.customer_user, self.of_vendors)
