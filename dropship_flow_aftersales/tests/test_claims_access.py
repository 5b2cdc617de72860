from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from .records_claims import make
from .test_claims_case import ClaimCase

MODELS = ("terms", "rule", "share", "line", "event", "credit")


@tagged("post_install", "-at_install", "standard")
class TestClaimAccess(ClaimCase):
    """Who reads claims, who follows them, and whose they are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sold = cls.make_sale(cls.lamp, confirm=True)
        make(cls, cls.sold, cls.suppliers["Dawn"])

    def person(self, *groups, company=None):
        company = company or self.company
        return new_test_user(
            self.env,
            f"claims-{'-'.join(group.split('.')[1] for group in groups)}-{company.id}",
            groups=",".join(("base.group_user", *groups)),
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    def records(self, name):
        return self.env[f"dropship.claim.{name}"].search([("company_id", "=", self.company.id)])

    def test_readers_read_and_change_nothing(self):
        reader = self.person("dropship_flow.group_dropship_user")
        for name in MODELS:
            record = self.records(name)[:1].with_user(reader)
            self.assertTrue(record.read(), name)
            for operation in ("write", "create", "unlink"):
                with self.assertRaises(AccessError, msg=name):
                    record.check_access(operation)

    def test_claims_of_another_company_are_not_seen(self):
        other = self.make_company("Elsewhere")
        stranger = self.person("dropship_flow.group_dropship_buyer", company=other)
        for name in MODELS:
            theirs = self.env[f"dropship.claim.{name}"].with_user(stranger)
            found = theirs.with_context(allowed_company_ids=other.ids).search([])
            self.assertFalse(found & self.records(name), name)

    def test_buyers_agree_on_terms_and_outsiders_see_nothing(self):
        buyer = self.person("dropship_flow.group_dropship_buyer")
        terms = self.records("terms")[:1].with_user(buyer)
        terms.rule_ids[:1].percent = 80
        for user in (self.person(), self.login("portal")):
            for name in ("terms", "line", "credit"):
                with self.assertRaises(AccessError):
                    self.records(name)[:1].with_user(user).read(["id"])

    def test_an_accountant_matches_credit_notes_and_no_more(self):
        accountant = self.person("account.group_account_invoice")
        claim = self.damaged("8.00").case_claim_ids
        claim.action_file()
        claim._hear("accepted")
        note = self.credit(8, "2030-01-10", charge="claim").with_user(accountant)
        action = note.action_dropship_for_claim()
        form = Form(self.env["dropship.claim.match"].with_user(accountant).with_context(**action["context"]))
        self.assertEqual(form.claim_id, claim)
        form.save().action_apply()
        self.assertEqual(claim.state, "paid")
        with self.assertRaises(AccessError):
            claim.with_user(accountant).action_give_up()

    def test_the_form_opens_for_everybody_who_reads_it(self):
        claim = self.damaged("8.00").case_claim_ids
        for group in ("user", "buyer"):
            user = self.person(f"dropship_flow.group_dropship_{group}")
            form = Form(claim.with_user(user))
            form.note = "Seen"
            form.has_messages = True
            form.save()
            self.assertIn("messages", claim.evidence_given)

    def test_states_and_answers_are_entered_by_buttons_only(self):
        buyer = self.person("dropship_flow.group_dropship_buyer")
        claim = self.damaged("8.00").case_claim_ids.with_user(buyer)
        claim.action_file()
        for vals in ({"state": "accepted"}, {"credit_move_id": 1}, {"terms_used": {}}):
            with self.assertRaises(AccessError):
                claim.write(vals)
        with self.assertRaises(AccessError):
            claim.create({"party": "supplier", "amount": 5, "amount_granted": 5})

    def test_every_screen_opens_for_its_reader(self):
        buyer = self.person("dropship_flow.group_dropship_buyer")
        action = self.env.ref("dropship_flow.action_dropship_claim")
        claims = self.env["dropship.claim"].with_user(buyer)
        modes = [(False, mode) for mode in action.view_mode.split(",")]
        self.assertEqual(
            set(claims.get_views([*modes, (False, "search")])["views"]), {"list", "kanban", "form", "search"}
        )
        menu = self.env.ref("dropship_flow.menu_claims")
        self.assertEqual(menu.parent_id, self.env.ref("dropship_flow_aftersales.menu_aftersales"))
        terms = Form(self.env["dropship.claim.terms"].with_user(buyer))
        terms.supplier_id = self.suppliers["Yiwu"]
        with terms.rule_ids.new() as rule:
            rule.kind_ids.add(self.kinds("leaflet"))
            rule.penalty_fixed = 20
        self.assertTrue(terms.save()._names("leaflet"))
