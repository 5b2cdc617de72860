from odoo.exceptions import AccessError
from odoo.tests import tagged

from . import records_refund
from .common_refund import RefundCase

AGENT = "dropship_flow_aftersales.group_aftersales_agent"


@tagged("post_install", "-at_install", "standard")
class TestRefundAccess(RefundCase):
    """Readers read, agents press, nobody writes; companies are apart."""

    def as_role(self, role):
        user = self.login(role)
        self.env.invalidate_all()
        return self.env(user=user)

    def test_who_reads_and_nobody_writes(self):
        order = self.sold((self.lamp, 2, 50))
        refund = self.refund(order, ("return", order.order_line, 1))
        agent = self.login("user")
        agent.group_ids |= self.env.ref(AGENT)
        for role in ("user", "buyer", "manager"):
            seen = refund.with_env(self.as_role(role))
            self.assertEqual(seen.read(["credit", "warning_text"])[0]["credit"], 50.0)
            self.assertTrue(seen.line_ids.read(["total"]))
            for verb in ("write", "create", "unlink"):
                self.assertFalse(seen.has_access(verb), (role, verb))
                self.assertFalse(seen.line_ids.has_access(verb), (role, verb))
        for role in ("portal", "employee"):
            with self.assertRaises(AccessError):
                refund.with_env(self.as_role(role)).read(["credit"])

    def test_companies_are_apart(self):
        order = self.sold((self.lamp, 1, 50), paid=False, invoiced=False)
        refund = records_refund.make(self, order, self.rhein)
        stranger = self.make_login("user", company=self.make_company("Other GmbH"))
        self.env.invalidate_all()
        for model in (refund, refund.line_ids):
            found = model.with_user(stranger).with_context(allowed_company_ids=stranger.company_ids.ids)
            self.assertFalse(found.search([("id", "in", model.ids)]))

    def test_the_order_shows_its_refunds_to_those_who_may(self):
        order = self.sold((self.lamp, 1, 50))
        self.refund(order, ("return", order.order_line, 1))
        fields = order.with_env(self.as_role("portal")).fields_get()
        for name in ("dropship_refund_book_ids", "dropship_refund_count"):
            self.assertNotIn(name, fields)

    def test_an_agent_cannot_go_round_the_wizard(self):
        order = self.sold((self.lamp, 1, 50))
        agent = self.login("user")
        agent.group_ids |= self.env.ref(AGENT)
        with self.assertRaises(AccessError):
            self.env["dropship.refund"].with_user(agent).create({"order_id": order.id, "name": "x", "key": "x"})
        wizard = self.env["dropship.refund.wizard"].with_user(agent).create({"order_id": order.id})
        with self.assertRaises(AccessError):
            wizard.with_user(self.login("portal")).action_refund()
