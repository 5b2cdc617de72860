"""The demo world as a visitor finds it: the figures it promises, logins, shop in both languages."""

from odoo import Command
from odoo.modules import get_manifest
from odoo.tests import HttpCase, TransactionCase, tagged
from odoo.tools.convert import convert_file

LOGINS = ("owner", "desk", "buyer", "agent", "accountant", "supplier", "customer")
HERO = ("lamp", "stand", "cable")


class DemoMixin:
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        assert cls.env.ref("dropship_flow.order_hero", raise_if_not_found=False), (
            "This database has no demo world. Install dropship_flow with demo data (tools/newdb NAME demo) and look "
            "for 'demo data failed to install' in its log."
        )

    def record(self, name):
        return self.env.ref(f"dropship_flow.{name}")


@tagged("post_install", "-at_install", "standard")
class TestDemo(DemoMixin, TransactionCase):
    def order(self, *lines, customer="anna", hangzhou=False):
        vals = {
            "partner_id": self.record(f"customer_{customer}").id,
            "order_line": [
                Command.create({"product_id": self.record(f"product_{name}").id, "product_uom_qty": qty})
                for name, qty in lines
            ],
        }
        if hangzhou:
            company = self.record("company_hangzhou")
            team = self.record("team_douyin")
            return (
                self.env["sale.order"]
                .with_company(company)
                .create({**vals, "company_id": company.id, "team_id": team.id})
            )
        return self.env["sale.order"].create({**vals, "website_id": self.env.ref("website.default_website").id})

    def pin(self, order, *suppliers):
        for line, name in zip(order.order_line, suppliers, strict=True):
            self.env["dropship.line.choice"]._choose(line, self.record(f"supplier_{name}"), "pin", "what if")

    def simulate(self, order, **options):
        return self.env["dropship.router"]._simulate(order, **options)[order]

    def assertPlan(self, order, landed, profit, *warehouses, **options):
        outcome = self.simulate(order, **options)
        plan = outcome.plan
        self.assertEqual((f"{plan.landed:.2f}", f"{plan.profit:.2f}"), (landed, profit))
        self.assertEqual({parcel.source for parcel in plan.parcels}, {self.record(name).id for name in warehouses})
        self.assertTrue(outcome.solution.proven)
        self.assertFalse(outcome.holds)

    def assertCost(self, order, goods, freight, landed, warehouse):
        (parcel,) = self.simulate(order).plan.parcels
        self.assertEqual(parcel.source, self.record(warehouse).id)
        self.assertEqual([f"{parcel.goods:.2f}", f"{parcel.freight:.2f}"], [goods, freight])
        self.assertEqual(f"{parcel.landed:.2f}", landed)

    def test_hero_basket(self):
        order = self.record("order_hero")
        self.assertEqual(order.state, "sent")
        self.assertEqual((order.amount_total, order.amount_untaxed, order.currency_id.name), (52.7, 44.29, "EUR"))
        self.assertEqual(f"{self.simulate(order).plan.payment_fee:.2f}", "1.04")
        self.assertPlan(order, "26.30", "16.95", "supply_dui")
        self.assertPlan(order, "20.90", "22.35", "supply_yiw", ignore_duty=True)

    def test_hero_alternatives(self):
        choices = {
            ("dawn", "yiwu", "ningbo"): ("40.30", "2.95", "supply_szx", "supply_yiw", "supply_ngb"),
            ("dawn", "ningbo", "ningbo"): ("33.20", "10.05", "supply_szx", "supply_ngb"),
            ("yiwu", "yiwu", "yiwu"): ("29.90", "13.35", "supply_yiw"),
        }
        for suppliers, expected in choices.items():
            with self.subTest(suppliers=suppliers):
                order = self.order(*((name, 1) for name in HERO))
                self.pin(order, *suppliers)
                self.assertPlan(order, *expected)

    def test_hero_bought_in_two_days(self):
        order = self.order(*((name, 1) for name in HERO))
        order.action_confirm()
        purchase = order.dropship_purchase_ids
        self.assertEqual(purchase.partner_id, self.record("partner_rhein"))
        self.assertEqual((purchase.state, purchase.dropship_landed), ("purchase", 26.3))
        self.assertEqual(order.dropship_decision_id.profit, 16.95)
        arrival = order.dropship_allocation_ids.mapped("promised_date")
        self.assertEqual({(date - order.date_order.date()).days for date in arrival}, {2})

    def test_second_basket(self):
        near = self.order(("thermos", 2), customer="lina", hangzhou=True)
        self.assertEqual((near.currency_id.name, near.amount_total), ("CNY", 178.0))
        self.assertCost(near, "48.00", "4.20", "52.20", "supply_yiw")
        self.pin(near, "ningbo")
        self.assertCost(near, "54.00", "4.00", "58.00", "supply_ngb")
        far = self.order(("thermos", 2), customer="aili", hangzhou=True)
        self.assertCost(far, "54.00", "20.00", "74.00", "supply_ngb")
        self.pin(far, "yiwu")
        self.assertCost(far, "48.00", "33.00", "81.00", "supply_yiw")

    def test_free_freight_of_yiwu(self):
        near = self.order(("thermos", 5), customer="lina", hangzhou=True)
        self.assertCost(near, "120.00", "0.00", "120.00", "supply_yiw")
        far = self.order(("thermos", 5), customer="aili", hangzhou=True)
        self.pin(far, "yiwu")
        self.assertGreater(self.simulate(far).plan.parcels[0].freight, 33)

    def test_orders_in_every_state(self):
        stages = {
            "order_hero": False,
            "order_bought": "to_ship",
            "order_approval": "held",
            "order_no_source": "held",
            "order_refused": "to_ship",
            "order_silent": "at_supplier",
            "order_shipped": "on_the_way",
            "order_austria": "to_ship",
            "order_gift": "to_ship",
            "order_cancelled": False,
            "order_thermos_hangzhou": "to_ship",
            "order_thermos_urumqi": "to_ship",
        }
        self.assertEqual({name: self.record(name).dropship_stage for name in stages}, stages)
        kinds = {name: self.record(name).dropship_open_hold_ids.mapped("kind") for name in stages}
        self.assertEqual({name: kind for name, kind in kinds.items() if kind}, {
            "order_approval": ["approval"], "order_no_source": ["no_source"],
        })  # fmt: skip
        self.assertEqual(self.record("order_cancelled").state, "cancel")
        self.assertEqual(self.record("order_thermos_hangzhou").dropship_purchase_ids.dropship_landed, 52.2)
        self.assertEqual(self.record("order_thermos_urumqi").dropship_purchase_ids.dropship_landed, 74.0)

    def test_refused_once(self):
        order = self.record("order_refused")
        refused = order.dropship_purchase_ids.filtered(lambda purchase: purchase.state == "cancel")
        self.assertEqual(refused.partner_id, self.record("partner_ningbo"))
        others = (order.dropship_purchase_ids - refused).partner_id
        self.assertTrue(others)
        self.assertNotIn(refused.partner_id, others)
        self.assertEqual(max(order.dropship_allocation_ids.mapped("attempt")), 2)

    def test_own_stock_is_kept(self):
        box = self.record("product_gift_box")
        self.assertEqual(box.with_company(self.env.ref("base.main_company")).qty_available, 120)
        (picking,) = self.record("order_gift").picking_ids.filtered(lambda pick: pick.picking_type_code == "outgoing")
        self.assertEqual(picking.product_id, box)

    def test_battery_goes_only_where_allowed(self):
        order = self.order(("power_bank", 1))
        plan = self.simulate(order).plan
        self.assertNotIn(self.record("supply_can").id, {parcel.source for parcel in plan.parcels})
        self.assertEqual(self.record("product_power_bank").dropship_hazard, "battery")

    def test_products(self):
        templates = self.env["product.template"].search([("default_code", "=like", "LL-%")])
        templates |= self.record("template_tshirt")
        self.assertEqual(len(templates), 24)
        hidden = templates.filtered(lambda template: not template.is_published)
        self.assertEqual(hidden, self.record("product_fairy_lights").product_tmpl_id)
        self.assertFalse(hidden.product_variant_id.dropship_offer_ids)
        for template in templates:
            with self.subTest(product=template.name):
                self.assertTrue(template.image_128)
                self.assertTrue(template.public_categ_ids)
                chinese = template.with_context(lang="zh_CN")
                for name in ("name", "description_sale", "description_ecommerce"):
                    self.assertTrue(chinese[name])
                    self.assertNotEqual(chinese[name], template[name])
        self.assertEqual(len(self.record("template_tshirt").product_variant_ids), 4)
        self.assertEqual(self.record("product_tshirt_m").default_code, "LL-TSHIRT-M")

    def test_loading_again_changes_nothing(self):
        before = self.figures()
        for name in get_manifest("dropship_flow")["demo"]:
            convert_file(self.env, "dropship_flow", name, {}, "update", noupdate=True)
        self.assertEqual(self.figures(), before)

    def figures(self):
        models = ("sale.order", "purchase.order", "product.product", "dropship.offer", "stock.quant", "res.users")
        counts = {model: self.env[model].with_context(active_test=False).search_count([]) for model in models}
        return counts, self.record("product_gift_box").qty_available, self.record("product_lamp").write_date

    def test_invoice(self):
        order = self.record("order_shipped")
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertEqual((invoice.state, invoice.amount_total), ("posted", 25.8))
        self.assertEqual(invoice.invoice_line_ids.tax_ids, self.record("tax_sale_de"))


@tagged("post_install", "-at_install", "standard")
class TestDemoWeb(DemoMixin, HttpCase):
    def test_every_role_can_log_in(self):
        for login in LOGINS:
            with self.subTest(login=login):
                user = self.record(f"user_{login}")
                secret = {"type": "password", "login": login, "password": login}
                user.with_user(user)._check_credentials(secret, {"interactive": True})
                self.authenticate(login, login)
                self.assertEqual(self.session.uid, user.id)
                page = self.url_open("/my" if user.share else "/odoo")
                self.assertEqual(page.status_code, 200)
                self.assertNotIn("/web/login", page.url)
                if not user.share:
                    self.assertEqual(len(user.company_ids), 2)

    def test_shop_in_both_languages(self):
        for prefix, name, category in (("", "Leaf desk lamp", "Kitchen"), ("/zh_CN", "叶影台灯", "厨房与餐桌")):
            page = self.url_open(f"{prefix}/shop")
            self.assertEqual(page.status_code, 200)
            for text in (name, category, "34.90"):
                self.assertIn(text, page.text)

    def test_product_page(self):
        url = self.record("product_lamp").website_url
        page = self.url_open(url)
        self.assertIn("Swivelling LED desk lamp", page.text)
        self.assertIn("可旋转 LED 台灯", self.url_open(f"/zh_CN{url}").text)
