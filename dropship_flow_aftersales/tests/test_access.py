"""Every model of this addon × every role. Each part says in `records_*.py` how a record of its models is made."""

from collections import defaultdict

from lxml import etree
from odoo.addons.dropship_flow.tests.common_access import AccessWorld, parts_beside, told_by
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

ADDON = "dropship_flow_aftersales"
DROPSHIP = "dropship_flow.group_dropship_"
SERVICE = f"{ADDON}.group_aftersales_"
ROLES = {
    "user": f"{DROPSHIP}user,sales_team.group_sale_salesman_all_leads",
    "agent": f"{SERVICE}agent,sales_team.group_sale_salesman_all_leads",
    "service manager": f"{SERVICE}manager,sales_team.group_sale_salesman_all_leads",
    "buyer": f"{DROPSHIP}buyer",
    "manager": f"{DROPSHIP}manager,sales_team.group_sale_manager",
    "salesman": "sales_team.group_sale_salesman",
    "employee": "base.group_user",
    "accountant": "account.group_account_invoice",
    "purchaser": "purchase.group_purchase_user",
    "portal": "base.group_portal",
}
INSIDE = ("user", "agent", "service manager", "buyer", "manager")
# Cases, what happened in them and what came of them: agents change them by buttons, reasons are the managers'.
CASES = (
    "dropship.return",
    "dropship.return.line",
    "dropship.return.event",
    "dropship.return.reason",
    "dropship.resolution",
)
WRITTEN_BY_AGENTS = {"dropship.return", "dropship.return.line", "dropship.resolution"}
PARTS = parts_beside(__package__, __file__)
# Records of no company of their own, and whose company counts for them: {model: path}.
OF_NO_COMPANY = told_by(PARTS, "OF_NO_COMPANY", {})
# Models everyone may read whatever his company, e.g. what the law says: {model}.
FOR_ALL = told_by(PARTS, "FOR_ALL", set())


@tagged("post_install", "-at_install", "standard")
class TestAccess(AccessWorld, TransactionCase):
    addon = ADDON
    roles = ROLES
    parts = PARTS
    pieces = 50  # enough for the cases of all parts

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_access_world()

    # --- contracts over every model ---

    def test_every_model_says_who_may_use_it(self):
        inside = self.env["res.groups"].union(
            *(self.env.ref(f"{DROPSHIP}{name}") for name in ("user", "buyer", "manager")),
            *(self.env.ref(f"{SERVICE}{name}") for name in ("agent", "manager")),
        )
        accounts = self.env.ref("account.group_account_invoice") | self.env.ref("account.group_account_readonly")
        names = []
        for model in self.models():
            names.append(model._name)
            rows = self.env["ir.model.access"].search([("model_id.model", "=", model._name)])
            with self.subTest(model._name):
                known = inside | accounts
                self.assertTrue(any(row.perm_read and row.group_id in known for row in rows), "nobody reads it")
                self.assertTrue(all(row.group_id for row in rows), "open to the world")
                self.assertLessEqual(rows.group_id, known, "somebody from outside uses it")
        self.assertLessEqual(set(CASES), set(names))

    def test_every_model_with_a_company_keeps_companies_apart(self):
        rules = defaultdict(str)
        for rule in self.env["ir.rule"].search([("perm_read", "=", True), ("groups", "=", False)]):
            rules[rule.model_id.model] += rule.domain_force or ""
        for model in self.models(transient=False):
            if model._name in FOR_ALL:
                continue
            with self.subTest(model._name):
                self.assertTrue("company_id" in model._fields or model._name in OF_NO_COMPANY, "whose is it?")
                self.assertIn("company_ids", rules[model._name])

    def test_every_screen_of_a_moment_belongs_to_one_person(self):
        for model in self.models(transient=True):
            rules = self.env["ir.rule"].search([("model_id.model", "=", model._name), ("groups", "=", False)])
            with self.subTest(model._name):
                self.assertIn("create_uid", "".join(rules.mapped("domain_force")))

    def test_no_record_of_another_company_is_found(self):
        """Each persistent model has a record of the other company here, and nobody of ours finds one."""
        for role in INSIDE:
            env = self.as_role(role)
            for model in self.models(transient=False):
                if model._name in FOR_ALL:
                    continue
                field = OF_NO_COMPANY.get(model._name, "company_id")
                theirs = model.sudo().with_context(active_test=False).search([(field, "=", self.other.id)])
                with self.subTest(role, model=model._name):
                    self.assertTrue(theirs, "the test needs a record of the other company: see records_*.py")
                    if env[model._name].has_access("read"):
                        self.assertFalse(env[model._name].with_context(active_test=False).search([]) & theirs)
                    for record in theirs.with_env(env):
                        self.assertFalse(record.has_access("read"))

    def test_nobody_outside_reads_anything(self):
        for role in ("salesman", "employee", "purchaser", "portal"):
            env = self.as_role(role)
            with self.subTest(role):
                self.assertFalse([model._name for model in self.models() if env[model._name].has_access("read")])
        public = self.env["dropship.return"].with_user(self.env.ref("base.public_user"))
        self.assertFalse([model._name for model in self.models() if public.env[model._name].has_access("read")])

    def test_nobody_deletes_a_case(self):
        for role in ROLES:
            env = self.as_role(role)
            for name in set(CASES) - {"dropship.return.reason"}:
                with self.subTest(role, model=name):
                    self.assertFalse(env[name].has_access("create") or env[name].has_access("unlink"))

    def test_cases_by_role(self):
        desk = {"read": set(CASES), "write": set(), "create": set(), "unlink": set()}
        reasons = {"dropship.return.reason"}
        expected = {
            **dict.fromkeys(("user", "buyer", "manager"), desk),
            "agent": {**desk, "write": WRITTEN_BY_AGENTS},
            "service manager": {**desk, "write": WRITTEN_BY_AGENTS | reasons, "create": reasons, "unlink": reasons},
            "accountant": {**desk, "read": set()},
        }
        for role, rights in expected.items():
            env = self.as_role(role)
            with self.subTest(role):
                found = {operation: {name for name in CASES if env[name].has_access(operation)} for operation in rights}
                self.assertEqual(found, rights)

    # --- buttons ---

    def test_only_agents_press_buttons_and_only_in_their_company(self):
        ours = self.order.sudo().dropship_return_line_ids.return_id[:1]
        theirs = self.their_order.sudo().dropship_return_line_ids.return_id[:1]
        tries = [(role, ours) for role in ("user", "buyer", "employee", "portal")] + [("agent", theirs)]
        for role, case in tries:
            case = case.with_env(self.as_role(role))
            for verb in ("offer", "accept", "refuse", "take", "decline", "cancel", "close", "redirect", "not_coming"):
                with self.subTest(role, verb=verb), self.assertRaises(AccessError), self.env.cr.savepoint():
                    getattr(case, f"action_{verb}")()

    # --- our fields on screens of others ---

    def test_documents_open_for_those_who_do_not_dropship(self):
        """Our fields on core's screens never lock out who could open them before."""
        purchase = self.order.dropship_purchase_ids
        for role, records in (
            ("accountant", (self.order, purchase)),
            ("salesman", (self.order, self.lamp, self.order.partner_id)),
            ("purchaser", (purchase, self.lamp)),
            ("employee", (self.lamp, self.order.partner_id)),
            ("user", (self.order, self.lamp, self.order.partner_id)),
            ("agent", (self.order, self.order.partner_id, self.suppliers["Dawn"])),
            ("buyer", (purchase, self.lamp, self.suppliers["Dawn"])),
        ):
            env = self.as_role(role)
            self.order.user_id = env.user if role == "salesman" else False
            for record in records:
                with self.subTest(role, model=record._name):
                    self.open_form(record.with_env(env))
                    ours = {name for name, field in record._fields.items() if field._modules[:1] == (ADDON,)}
                    readable = list(ours & record.with_env(env).fields_get().keys())
                    if readable:
                        self.assertTrue(record.with_env(env).read(readable))

    def open_form(self, record):
        """What the web client asks when somebody opens a record."""
        view = record.get_views([(False, "form")])["views"]["form"]
        self.assertTrue(record.web_read(self.specification(record, etree.fromstring(view["arch"]))))

    def specification(self, model, form):
        """Our fields of a form, with the columns of embedded lists."""
        result = {"display_name": {}}
        for node in form.xpath(".//field[@name][not(ancestor::field)]"):
            field = model._fields[node.get("name")]
            if field._modules[:1] != (ADDON,):
                continue
            result[field.name] = {}
            if field.relational:
                columns = {"display_name", *(column.get("name") for column in node.xpath("./list/field"))}
                result[field.name]["fields"] = {column: {} for column in columns}
        return result
