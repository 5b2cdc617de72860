from collections import defaultdict

from lxml import etree
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from .common_access import AccessWorld, parts_beside, told_by

DROPSHIP = "dropship_flow.group_dropship_"
ROLES = {
    "user": f"{DROPSHIP}user,sales_team.group_sale_salesman_all_leads",
    "buyer": f"{DROPSHIP}buyer",
    "manager": f"{DROPSHIP}manager,sales_team.group_sale_manager",
    "salesman": "sales_team.group_sale_salesman",
    "employee": "base.group_user",
    "accountant": "account.group_account_invoice",
    "purchaser": "purchase.group_purchase_user",
    "portal": "base.group_portal",
    "public": "base.group_public",
}
# What people do with the records of the order flow is done by buttons; the records themselves only managers change.
FLOW = (
    "dropship.sales.channel",
    "dropship.routing.policy",
    "dropship.routing.criterion",
    "dropship.tax.rule",
    "dropship.routing.decision",
    "dropship.allocation",
    "dropship.line.choice",
    "dropship.hold",
    "dropship.exception",
)
SETTINGS = set(FLOW[:4])
SEEN_BY_SALESMEN = {FLOW[0], *FLOW[4:]}
PARTS = parts_beside(__package__, __file__)
# Records of no company of their own, and whose company counts for them.
OF_NO_COMPANY = told_by(PARTS, "OF_NO_COMPANY", {"dropship.routing.criterion": "policy_id.company_id"})


@tagged("post_install", "-at_install", "standard")
class TestAccess(AccessWorld, TransactionCase):
    addon = "dropship_flow"
    roles = ROLES
    parts = PARTS

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_access_world()

    @classmethod
    def make_supply(cls, supplier, warehouse):
        """A record of every model of the supply part that has a company."""
        env = cls.env
        cls.make_offer(warehouse, cls.lamp, 12, tiers=[(5, 9)])
        cls.make_rate(warehouse, service_id=cls.make_service(supplier_id=supplier))
        cls.make_duty(company_id=supplier.company_id)
        env["dropship.supplier.term"].create({"supplier_id": supplier.id, "company_id": supplier.company_id.id})
        env["dropship.supplier.negotiation"].create({"supplier_id": supplier.id, "summary": "Asked"})
        env["dropship.supplier.closure"].create(
            {"name": "春节", "warehouse_id": warehouse.id, "date_from": "2030-01-01", "date_to": "2030-01-02"}
        )
        env["dropship.sales.channel"].create({"name": "Theirs", "company_id": supplier.company_id.id})

    @classmethod
    def make_records(cls, order, supplier):
        """Held, released and bought, with a choice and an exception: every record of the flow."""
        allocation = order.dropship_allocation_ids
        cls.env["dropship.exception"]._raise(
            allocation, "cancel_asked", [["cancel_asked", {"supplier": "", "purchase": ""}]]
        )
        cls.env["dropship.hold"]._raise(order, "no_source", [])
        return super().make_records(order, supplier)

    # --- contracts over every model ---

    def test_every_model_says_who_may_use_it(self):
        inside = self.env.ref(f"{DROPSHIP}user") | self.env.ref(f"{DROPSHIP}buyer") | self.env.ref(f"{DROPSHIP}manager")
        salesman = self.env.ref("sales_team.group_sale_salesman")
        accounts = self.env.ref("account.group_account_invoice") | self.env.ref("account.group_account_readonly")
        names = []
        for model in self.models():
            names.append(model._name)
            rows = self.env["ir.model.access"].search([("model_id.model", "=", model._name)])
            with self.subTest(model._name):
                self.assertTrue(
                    rows & rows.filtered(lambda row: row.perm_read and row.group_id in inside), "nobody reads it"
                )
                self.assertLessEqual(rows.group_id, inside | salesman | accounts)
                self.assertTrue(all(row.group_id for row in rows), "open to the world")
                written = rows.filtered(lambda row: row.group_id == salesman and (row.perm_write or row.perm_create))
                self.assertFalse(written)
        self.assertLessEqual(set(FLOW), set(names))
        self.assertGreater(len(names), 25)

    def test_every_model_with_a_company_keeps_companies_apart(self):
        rules = defaultdict(str)
        for rule in self.env["ir.rule"].search([("perm_read", "=", True), ("groups", "=", False)]):
            rules[rule.model_id.model] += rule.domain_force or ""
        for model in self.models():
            if model._transient:
                continue
            with self.subTest(model._name):
                self.assertTrue("company_id" in model._fields or model._name in OF_NO_COMPANY, "whose is it?")
                self.assertIn("company_ids", rules[model._name])

    def test_every_screen_of_a_moment_belongs_to_one_person(self):
        for model in self.models():
            if model._transient:
                rules = self.env["ir.rule"].search([("model_id.model", "=", model._name), ("groups", "=", False)])
                with self.subTest(model._name):
                    self.assertIn("create_uid", "".join(rules.mapped("domain_force")))

    def test_no_record_of_another_company_is_found(self):
        """Each persistent model has a record of the other company here, and nobody of ours finds one."""
        for role in ("user", "buyer", "manager"):
            env = self.as_role(role)
            for model in self.models():
                if model._transient:
                    continue
                field = OF_NO_COMPANY.get(model._name, "company_id")
                theirs = model.sudo().search([(field, "=", self.other.id)])
                with self.subTest(role, model=model._name):
                    if model._name != "dropship.routing.criterion":
                        self.assertTrue(theirs, "the test needs a record of the other company")
                    if env[model._name].has_access("read"):
                        self.assertFalse(env[model._name].search([]) & theirs.with_env(env))
                    for record in theirs.with_env(env):
                        self.assertFalse(record.has_access("read"))

    def test_shared_records_are_seen_by_every_company(self):
        shared = (
            self.env["dropship.supplier"]
            .sudo()
            .create({"partner_id": self.make_partner("Shared").id, "company_id": False, "state": "approved"})
        )
        for company in (self.ours, self.other):
            self.assertTrue(shared.with_env(self.as_role("user", company)).has_access("read"))

    # --- each role ---

    def allowed(self, role):
        env = self.as_role(role)
        return {
            operation: {name for name in FLOW if env[name].has_access(operation)}
            for operation in ("read", "write", "create", "unlink")
        }

    def test_flow_records_by_role(self):
        nothing = {"read": set(), "write": set(), "create": set(), "unlink": set()}
        desk = {**nothing, "read": set(FLOW)}
        answers = {**desk, "write": {"dropship.exception"}}
        manages = {
            "read": set(FLOW),
            "write": SETTINGS | {"dropship.exception"},
            "create": SETTINGS,
            "unlink": SETTINGS,
        }
        expected = {
            "user": desk,
            "buyer": answers,
            "manager": manages,
            "salesman": {**nothing, "read": SEEN_BY_SALESMEN},
            **dict.fromkeys(("employee", "accountant", "purchaser", "portal", "public"), nothing),
        }
        for role, rights in expected.items():
            with self.subTest(role):
                if role == "public":
                    public = self.env["dropship.hold"].with_user(self.env.ref("base.public_user"))
                    self.assertFalse(any(public.env[name].has_access("read") for name in FLOW))
                else:
                    self.assertEqual(self.allowed(role), rights)

    def test_costs_of_decisions_stay_with_those_who_may_read_them(self):
        for role in ("employee", "accountant", "purchaser", "portal"):
            env = self.as_role(role)
            with self.subTest(role), self.assertRaises(AccessError):
                env["dropship.routing.decision"].search_read([], ["profit"])
        with self.assertRaises(AccessError):
            self.order.dropship_decision_id.with_env(self.as_role("manager")).read(["trace"])

    def test_documents_open_for_those_who_do_not_dropship(self):
        """Our fields on core's screens never lock out who could open them before."""
        purchase = self.order.dropship_purchase_ids
        for role, records in (
            ("accountant", (self.order, purchase)),
            ("salesman", (self.order, self.lamp, self.lamp.product_tmpl_id)),
            ("purchaser", (purchase, self.lamp)),
            ("employee", (self.lamp, self.lamp.product_tmpl_id)),
            ("user", (self.order, self.lamp)),
            ("buyer", (purchase, self.lamp)),
        ):
            env = self.as_role(role)
            self.order.user_id = env.user if role == "salesman" else False
            for record in records:
                with self.subTest(role, model=record._name):
                    self.open_form(record.with_env(env))
                    ours = {name for name, field in record._fields.items() if field._modules[:1] == ("dropship_flow",)}
                    self.assertTrue(record.with_env(env).read(list(ours & record.with_env(env).fields_get().keys())))
        self.assertGreater(self.opened, 25)

    opened = 0

    def open_form(self, record):
        """What the web client asks when somebody opens a record."""
        view = record.get_views([(False, "form")])["views"]["form"]
        specification = self.specification(record, etree.fromstring(view["arch"]))
        self.opened += len(specification)
        self.assertTrue(record.web_read(specification))

    def specification(self, model, form):
        """Our fields of a form, with the columns of embedded lists."""
        result = {}
        for node in form.xpath(".//field[@name][not(ancestor::field)]"):
            name = node.get("name")
            field = model._fields[name]
            if field._modules[:1] != ("dropship_flow",):
                continue
            result[name] = {}
            if field.relational:
                columns = {"display_name", *(column.get("name") for column in node.xpath("./list/field"))}
                result[name]["fields"] = {column: {} for column in columns}
        return result

    # --- buttons across companies and roles ---

    def test_previews_need_the_right_to_read_the_order(self):
        for role, order in (("manager", self.their_order), ("salesman", self.order), ("user", self.their_order)):
            with self.subTest(role), self.assertRaises(AccessError), self.env.cr.savepoint():
                env = self.as_role(role)
                preview = env["dropship.route.preview"].create({"order_id": order.id})
                preview.action_refresh()

    def test_what_one_person_looks_at_is_not_anothers(self):
        """Previews and comparisons hold costs and suppliers of the company of who opened them."""
        mine = self.as_role("manager")
        order = self.order.with_env(mine)
        preview = mine["dropship.route.preview"].browse(order.action_dropship_preview()["res_id"])
        compare = mine["dropship.source.compare"].create({"product_id": self.lamp.id})
        compare.action_compare()
        records = [preview, preview.line_ids, preview.candidate_ids, compare, compare.line_ids]
        for role, company in (("manager", self.other), ("user", self.ours)):
            for record in records:
                with self.subTest(role, model=record._name):
                    self.assertTrue(record)
                    self.assertFalse(record.with_env(self.as_role(role, company)).has_access("read"))

    def test_comparisons_stay_in_the_companies_of_the_user(self):
        env = self.as_role("manager")
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            compare = env["dropship.source.compare"].create({"product_id": self.lamp.id, "company_id": self.other.id})
            compare.action_compare()

    def test_nobody_releases_or_answers_for_another_company(self):
        env = self.as_role("manager")
        order = self.their_order.with_env(env)
        holds = self.their_order.dropship_hold_ids.with_env(env)
        purchase = self.their_order.dropship_purchase_ids.with_env(env)
        exception = self.their_order.dropship_exception_ids.with_env(env)
        for verb in (
            order.action_dropship_preview,
            order.action_dropship_release,
            holds.action_release,
            purchase.action_dropship_send,
            purchase.action_dropship_accept,
            exception.action_supplier_agreed,
            exception.action_too_late,
            env["dropship.purchase.refuse"].create({"purchase_id": purchase.id}).action_refuse,
            env["dropship.line.source"].create({"line_id": order.sudo().order_line.id, "kind": "clear"}).action_apply,
        ):
            with self.subTest(verb.__name__), self.assertRaises(AccessError), self.env.cr.savepoint():
                verb()
        self.assertEqual(
            self.their_order.dropship_hold_ids.filtered(lambda hold: hold.state == "open").mapped("kind"), ["no_source"]
        )

    def test_who_may_release_what(self):
        hold = self.env["dropship.hold"]._raise(self.order, "guard", [])
        for role in ("employee", "accountant", "user", "salesman"):
            with self.subTest(role), self.assertRaises(UserError), self.env.cr.savepoint():
                hold.with_env(self.as_role(role)).action_release()
        self.assertEqual(hold.state, "open")
