from decimal import Decimal

from lxml import etree
from odoo.tests import tagged

from ..hooks import uninstall_hook
from .common_board import BoardCase

OURS = "dropship_flow_aftersales"


@tagged("post_install", "-at_install", "standard")
class TestBoardWhole(BoardCase):
    """The case with all its parts on one screen: goods, suppliers, claims, refunds; menus and settings."""

    def returned(self, to="supplier"):
        """A case whose piece goes back."""
        case = self.open_case((self.line, 1, "damaged"), by="customer", user_id=self.agent.id)
        case._record("accept", "agent", offer=self.offer(case, "return", to=to, after="inspected"))
        return case

    # --- goods and suppliers ---

    def test_a_number_and_a_count_are_entered_on_the_case(self):
        case = self.as_agent(self.returned(to="us"))
        self.assertIn(" send ", case.verbs)
        form = self.form(case.action_send())
        form.number = "BACK4711"
        form.action_apply()
        self.assertEqual((case.parcel_back_count, case.parcel_ids.number), (1, "BACK4711"))
        case.sudo()._record("arrive", "agent", parcel=case.parcel_ids.key)
        self.assertEqual((case.board_column, case.first_verb), ("inspect", "inspect"))
        self.form(case.action_inspect()).action_apply()
        self.assertEqual(case.parcel_ids.state, "inspected")
        self.assertEqual(case.resolution_ids.state, "done")
        self.assertIn(case.refund_ids.display_name, case.resolution_ids.documents)
        self.assertEqual(self.env["dropship.refund"].search(case.action_refunds()["domain"]), case.refund_ids)

    def test_what_comes_unannounced_is_counted_without_a_parcel(self):
        case = self.as_agent(self.returned(to="us"))
        self.form(case.action_inspect()).action_apply()
        self.assertEqual(case.parcel_ids.state, "inspected")
        self.assertEqual(case.action_inspect()["res_model"], "dropship.return.parcel", "all was looked at")

    def test_the_supplier_s_word_is_entered_on_the_case(self):
        case = self.as_agent(self.returned())
        self.assertEqual(case.side_ids.supplier_id, self.rhein)
        self.assertIn(" supplier_word ", case.verbs)
        action = case.action_supplier_word()
        self.assertEqual(self.form(action).side_id, case.side_ids)
        nobody = self.as_agent(self.case("dislike"))
        self.assertNotIn(" supplier_word ", nobody.verbs)

    def test_the_screen_of_a_case_reads_in_one_go(self):
        case = self.as_agent(self.returned())
        form = etree.fromstring(case.get_views([(False, "form")])["views"]["form"]["arch"])
        names = {node.get("name") for node in form.iter("field")}
        for name in ("claim_ids", "claim_loss", "claim_granted", "claim_waiting", "claim_own",
                     "claim_text", "side_ids", "parcel_ids", "parcel_back_count", "refund_ids", "resolution_ids",
                     "statement"):  # fmt: skip
            self.assertIn(name, names)
        direct = {node.get("name") for node in form.xpath(".//field[not(ancestor::field)]")}
        self.assertTrue(case.read(sorted(direct)))
        buttons = {node.get("name") for node in form.iter("button")}
        self.assertLessEqual({"action_send", "action_inspect", "action_supplier_word", "action_refund"}, buttons)
        self.assertNotIn("action_raise_claims", buttons, "claims are the buyers'")

    def test_the_loss_stands_on_the_case(self):
        terms = {"party": "supplier", "supplier_id": self.rhein.id, "company_id": self.company.id}
        rule = {"kind_ids": [(6, 0, self.env["dropship.claim.kind"].search([]).ids)]}
        terms |= {"currency_id": self.company.currency_id.id, "rule_ids": [(0, 0, rule)]}
        self.env["dropship.claim.terms"].create(terms)
        case = self.case()
        case._record("accept", "agent", offer=self.offer(case, "keep", amount=Decimal(5)))
        self.assertTrue(case.case_claim_ids)
        self.assertLessEqual(case.case_claim_ids, case.claim_ids)
        self.assertGreater(case.claim_loss, 0)

    # --- menus and settings ---

    def test_one_menu_has_it_all(self):
        menus = self.env["ir.ui.menu"]
        top = self.env.ref(f"{OURS}.menu_aftersales")
        names = top.child_id.sorted("sequence").mapped("name")
        self.assertEqual(names[:5], ["Cases", "Coming Back", "Claims", "Refunds", "Suppliers' Answers"])
        self.assertEqual(names[-1], "Analysis")
        self.assertEqual(
            menus.search_count([("name", "ilike", "After-sales"), ("parent_id", "=", top.parent_id.id)]), 1
        )
        for menu in top.child_id | self.env.ref(f"{OURS}.menu_aftersales_configuration").child_id:
            self.assertTrue(menu.action, menu.name)

    def test_a_service_manager_configures_without_buying(self):
        manager = self.make_person("Maja", "manager")
        visible = self.env["ir.ui.menu"].with_user(manager)._visible_menu_ids()
        self.assertIn(self.env.ref(f"{OURS}.menu_aftersales_policy").id, visible)
        self.assertIn(self.env.ref("dropship_flow.menu_configuration").id, visible)
        agent = self.env["ir.ui.menu"].with_user(self.agent)._visible_menu_ids()
        self.assertNotIn(self.env.ref("dropship_flow.menu_configuration").id, agent)

    def test_every_setting_of_every_part_is_in_one_block(self):
        self.env.user.group_ids |= self.env.ref("stock.group_stock_multi_warehouses")
        arch = self.env["res.config.settings"].get_views([(False, "form")])["views"]["form"]["arch"]
        block = etree.fromstring(arch).xpath("//block[@name='dropship_aftersales']")[0]
        shown = {node.get("name") for node in block.iter("field")}
        ours = {
            name
            for name, field in self.env["res.config.settings"]._fields.items()
            if field._modules[:1] == (OURS,) and not name.startswith("group_")
        }
        self.assertEqual(ours - shown, set())

    def test_without_the_addon_claims_follow_parcels_again(self):
        uninstall_hook(self.env)
        self.assertEqual(
            self.env.ref("dropship_flow.menu_claims").parent_id, self.env.ref("dropship_flow.menu_parcels")
        )
        self.assertEqual(self.env.ref("dropship_flow.action_dropship_claim").view_mode, "list,form")

    def test_money_of_an_offer_is_shown_before_it_is_made(self):
        case = self.case()
        offer = case._draft_offer("return")
        self.assertEqual(case._quote(offer)["money"], Decimal(str(round(self.line.price_reduce_taxinc, 2))))
