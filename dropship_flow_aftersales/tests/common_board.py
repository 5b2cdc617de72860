"""Agents, and cases on their board."""

from odoo import Command
from odoo.addons.dropship_flow.tests.common_supply import UNINVITED
from odoo.tests import new_test_user

from .common_refund import RefundCase

GROUPS = {
    "agent": "dropship_flow_aftersales.group_aftersales_agent",
    "manager": "dropship_flow_aftersales.group_aftersales_manager",
    "desk": "dropship_flow.group_dropship_user",
    "owner": "dropship_flow.group_dropship_manager",
}


class BoardCase(RefundCase):
    """`self.agent` works in the company of the tests; `self.case()` is a new case about one of three lamps, paid."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent = cls.make_person("Nora", "agent")

    @classmethod
    def make_person(cls, name, role):
        return new_test_user(
            cls.env,
            f"case-{name.lower()}",
            groups=f"{GROUPS[role]},sales_team.group_sale_salesman_all_leads",
            context=UNINVITED,
            name=name,
            email=f"{name.lower()}@example.com",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def setUp(self):
        super().setUp()
        self.order = self.sold((self.lamp, 3))
        self.line = self.order.order_line[:1]

    def case(self, reason="damaged", qty=1, wanted="nothing", **more):
        """A case a person must look at, given to Nora."""
        more.setdefault("user_id", self.agent.id)
        case = self.open_case((self.line, qty, reason, {"wanted": wanted}), by="customer", **more)
        self.assertEqual(case.acceptance, "asked", "the policy of the tests leaves it to a person")
        return case

    def as_agent(self, record, user=None):
        return record.with_env(self.env(user=user or self.agent, context={"allowed_company_ids": self.company.ids}))

    def form(self, action):
        """The wizard an action opens."""
        return self.as_agent(self.env[action["res_model"]].browse(action["res_id"]))
