from odoo.addons.dropship_flow.tests.common_supply import UNINVITED
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..wizards.simulate_returns import mood
from .common_supplier import SupplierCase

AGENT = "dropship_flow_aftersales.group_aftersales_agent"


@tagged("post_install", "-at_install", "standard")
class TestSupplierPeople(SupplierCase):
    """An agent writes down what a supplier said on the phone; an invented day says it for him."""

    def person(self, groups):
        login = f"person-{groups.rpartition('.')[2]}"
        company = {"company_id": self.company.id, "company_ids": [(6, 0, self.company.ids)]}
        return new_test_user(self.env, login, groups=groups, context=UNINVITED, **company)

    def word(self, record, user=None, **vals):
        user = user or self.person(AGENT)
        action = record.with_user(user).action_supplier_word()
        wizard = self.env["dropship.supplier.word"].with_user(user).browse(action["res_id"])
        wizard.write(vals)
        return wizard

    def test_an_agent_enters_that_it_may_come_back(self):
        self.rhein.connection_id = False
        case = self.agreed()
        self.word(case.side_ids, return_answer="approved", to_street="Yard 4", to_city="Yiwu").action_enter()
        self.assertEqual(case.approval, "given")
        self.assertEqual(case._supplier_address()[self.rhein]["city"], "Yiwu")
        self.assertEqual(case.event_ids.sorted("id")[-1:].by, "supplier")

    def test_an_agent_enters_what_came(self):
        self.rhein.connection_id = False
        case = self.agreed(approval=False)
        self.sent(case)
        wizard = self.word(case.side_ids, return_answer="inspected")
        self.assertEqual(wizard.line_ids.asked, 2.0)
        wizard.line_ids.write({"qty": 5, "condition": "used"})
        with self.assertRaisesRegex(UserError, "only 2"):
            wizard.action_enter()
        wizard.line_ids.qty = 2
        wizard.action_enter()
        self.assertEqual((case.reception, case.side_ids.state), ("inspected", "counted"))

    def test_an_agent_enters_the_answer_to_a_claim(self):
        claim = self.claim(40.0)
        agent = self.person(AGENT)
        wizard = self.word(claim, agent, claim_answer="partly", amount=50)
        with self.assertRaisesRegex(UserError, "40.00"):
            wizard.action_enter()
        wizard.amount = 12.5
        wizard.action_enter()
        self.assertRecordValues(claim, [{"supplier_answer": "partly", "amount_granted": 12.5}])
        wizard = self.word(self.claim(10.0), agent, claim_answer="refused", note=False)
        with self.assertRaisesRegex(UserError, "say why"):
            wizard.action_enter()

    def test_nobody_else_speaks_for_a_supplier(self):
        case = self.agreed()
        with self.assertRaises(AccessError):
            self.word(case.side_ids, self.person("dropship_flow.group_dropship_user"))
        with self.assertRaises(AccessError):
            case.side_ids.with_user(self.person(AGENT)).state = "approved"

    def test_an_invented_day_moves_returns_and_claims_by_a_step(self):
        self.connect()
        case, claim = self.agreed(), self.claim(40.0)
        days = self.env["dropship.simulate.day"]
        refs = (case.name, claim._supplier_ref())
        seed = next(number for number in range(500) if {mood(number, ref) for ref in refs} == {"honest"})
        seen = []
        for _day in range(4):
            wizard = days.create({"seed": seed, "company_ids": [(6, 0, self.company.ids)]})
            wizard._move_returns()
            wizard._move_claims()
            seen.append((case.approval, case.reception))
        self.assertEqual(
            seen, [("given", "awaited"), ("given", "on_the_way"), ("given", "received"), ("given", "inspected")]
        )
        self.assertEqual((claim.supplier_answer, case.line_ids.qty_received), ("accepted", 2.0))

    def test_an_order_somebody_asks_something_for_is_not_taken_away(self):
        order = self.delivered((self.lamp, 3))
        day = self.env["dropship.simulate.day"].create({"company_ids": [(6, 0, self.company.ids)]})
        other = self.make_sale((self.lamp, 1))
        self.assertFalse(day._is_real_by_now(other))
        self.open_case((order.order_line[:1], 2, "damaged"))
        self.assertTrue(day._is_real_by_now(order))
