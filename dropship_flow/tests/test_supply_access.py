from lxml import etree
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .common_supply import SupplyCase

ACTIONS = ("supplier", "warehouse", "offer", "shipping_rate", "shipping_service", "duty_rule")
MODELS = (
    "dropship.supplier",
    "dropship.supplier.term",
    "dropship.supplier.negotiation",
    "dropship.supplier.warehouse",
    "dropship.supplier.closure",
    "dropship.offer",
    "dropship.offer.tier",
    "dropship.shipping.service",
    "dropship.shipping.rate",
    "dropship.duty.rule",
)


@tagged("post_install", "-at_install", "standard")
class TestSupplyAccess(SupplyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.records = cls.make_world(cls.supplier, cls.warehouse, cls.env.company)

    @classmethod
    def make_world(cls, supplier, warehouse, company):
        """One record of every model, all of one supplier."""
        offer = cls.make_offer(warehouse, cls.lamp, tiers=[(5, 9)])
        service = cls.make_service(supplier_id=supplier)
        env = cls.env
        return [
            supplier,
            env["dropship.supplier.term"].create({"supplier_id": supplier.id}),
            env["dropship.supplier.negotiation"].create({"supplier_id": supplier.id, "summary": "Asked"}),
            warehouse,
            env["dropship.supplier.closure"].create(
                {"name": "春节", "warehouse_id": warehouse.id, "date_from": "2030-01-01", "date_to": "2030-01-02"}
            ),
            offer,
            offer.tier_ids,
            service,
            cls.make_rate(warehouse, service_id=service),
            cls.make_duty(company_id=company),
        ]

    def allowed(self, role, company=None):
        user = self.make_login(role, company)
        return {
            operation: {record._name for record in self.records if record.with_user(user).has_access(operation)}
            for operation in ("read", "write", "unlink")
        }

    def test_the_order_desk_reads_and_changes_nothing(self):
        self.assertEqual(self.allowed("user"), {"read": set(MODELS), "write": set(), "unlink": set()})

    def test_a_buyer_writes_but_does_not_delete_suppliers_warehouses_and_offers(self):
        kept = {"dropship.supplier", "dropship.supplier.warehouse", "dropship.offer"}
        self.assertEqual(
            self.allowed("buyer"), {"read": set(MODELS), "write": set(MODELS), "unlink": set(MODELS) - kept}
        )

    def test_a_manager_does_all(self):
        self.assertEqual(self.allowed("manager"), {"read": set(MODELS), "write": set(MODELS), "unlink": set(MODELS)})

    def test_portal_and_other_employees_see_nothing(self):
        nothing = {"read": set(), "write": set(), "unlink": set()}
        self.assertEqual(self.allowed("portal"), nothing)
        self.assertEqual(self.allowed("employee"), nothing)

    def test_another_company_sees_nothing_of_ours(self):
        other = self.make_company()
        self.assertEqual(self.allowed("manager", other), {"read": set(), "write": set(), "unlink": set()})
        manager = self.make_login("manager", other, login="other-manager")
        for record in self.records:
            with self.subTest(record._name):
                self.assertFalse(self.env[record._name].with_user(manager).search([("id", "in", record.ids)]))

    def test_a_shared_supplier_is_seen_by_every_company(self):
        self.supplier.company_id = False
        self.records[-1].company_id = False
        self.assertEqual(self.allowed("user", self.make_company())["read"], set(MODELS))

    def test_every_screen_opens_for_every_role(self):
        for role in ("user", "buyer", "manager"):
            user = self.make_login(role)
            for name in ACTIONS:
                with self.subTest(role=role, action=name):
                    self.open_screen(self.env.ref(f"dropship_flow.action_dropship_{name}"), user)

    def open_screen(self, action, user):
        """What the web client asks when somebody opens a menu: the views, then the records with their fields."""
        model = self.env[action.res_model].with_user(user)
        views = model.get_views([(False, mode) for mode in (*action.view_mode.split(","), "search")])
        for mode in set(action.view_mode.split(",")) - {"activity"}:
            arch = etree.fromstring(views["views"][mode]["arch"])
            names = {node.get("name") for node in arch.xpath("//field[not(ancestor::field)]")}
            found = model.web_search_read([], {name: {} for name in names})
            self.assertTrue(found["records"], mode)
        for node in etree.fromstring(views["views"]["search"]["arch"]).xpath("//filter[@domain]"):
            model.search_count(safe_eval(node.get("domain"), {"uid": user.id}))

    def test_the_order_desk_cannot_read_preferences(self):
        user = self.make_login("user")
        with self.assertRaises(AccessError):
            self.supplier.with_user(user).read(["preference"])
        self.assertNotIn("preference", self.env["dropship.supplier"].with_user(user).fields_get())

    def test_buttons_refuse_the_order_desk(self):
        supplier = self.supplier.with_user(self.make_login("user"))
        for action in ("action_pause", "action_end", "action_unblock"):
            with self.subTest(action), self.assertRaises(AccessError):
                getattr(supplier, action)()
        with self.assertRaises(AccessError):
            self.env["dropship.supplier.block"].with_user(supplier.env.user).create({"reason": "No"})

    def test_customers_do_not_learn_what_is_dropshipped(self):
        portal = self.make_login("portal")
        fields_of_product = self.env["product.product"].with_user(portal).fields_get()
        for name in (
            "is_dropship_product", "dropship_offer_ids", "dropship_offer_count", "dropship_blocked",
            "dropship_hazard", "dropship_max_buy_price",
        ):  # fmt: skip
            self.assertNotIn(name, fields_of_product)
        self.assertNotIn("dropship_restricted_country_ids", self.env["product.tag"].with_user(portal).fields_get())

    def test_a_seller_without_dropshipping_rights_can_use_a_dropshipped_product(self):
        employee = self.make_login("employee")
        lamp = self.lamp.with_user(employee)
        self.assertTrue(lamp.is_dropship_product)
        self.assertIn(lamp, lamp.search([("is_dropship_product", "=", True)]))

    def test_a_buyer_links_prices_without_rights_on_vendor_lists(self):
        buyer = self.make_login("buyer")
        offer = (
            self.env["dropship.offer"]
            .with_user(buyer)
            .create({"warehouse_id": self.warehouse.id, "sku": "NEW", "product_id": self.lamp.id, "price": 3})
        )
        self.assertEqual(offer.sudo().supplierinfo_ids.price, 3)

    def test_companies_do_not_mix(self):
        other = self.make_company()
        theirs = self.make_product("Theirs", company_id=other.id, route_ids=False)
        with self.assertRaisesRegex(UserError, "company"):
            self.make_offer(self.warehouse, theirs)
        partner = self.make_partner("Theirs", company_id=other.id)
        with self.assertRaisesRegex(UserError, "company"):
            self.make_supplier(partner_id=partner)

    def test_every_company_keeps_its_own_maximum_price(self):
        other = self.make_company()
        self.lamp.dropship_max_buy_price = 12
        self.assertEqual(self.lamp.dropship_max_buy_price, 12)
        self.assertEqual(self.lamp.with_company(other).dropship_max_buy_price, 0)
