from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..models import bulk_line
from .common_flow import FlowCase


@tagged("post_install", "-at_install", "standard")
class TestBulk(FlowCase):
    """The desk selects orders and does one thing with all of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.automation = "ask"
        cls.anna.email = "anna@example.com"
        cls.desk = cls.make_login("user")
        cls.buyer = cls.make_login("buyer")
        for login in (cls.desk, cls.buyer):
            login.group_ids |= cls.env.ref("sales_team.group_sale_salesman_all_leads")

    @classmethod
    def held(cls, count):
        """Confirmed orders over a lamp that wait for an approval."""
        orders = cls.env["sale.order"].union(*(cls.make_sale(cls.lamp) for _number in range(count)))
        orders.action_confirm()
        return orders

    def wizard(self, orders, verb, user=None, **vals):
        orders = orders.with_user(user or self.buyer).with_context(allowed_company_ids=self.company.ids)
        action = orders.with_context(dropship_verb=verb).action_dropship_bulk()
        wizard = orders.env["dropship.bulk"].browse(action["res_id"])
        wizard.write(vals)
        return wizard

    def job(self):
        return self.env["dropship.bulk.job"].search([], limit=1)

    def open_rows(self, orders):
        return orders.dropship_allocation_ids.filtered(lambda row: row.state != "released")

    # --- release ---

    def test_a_few_are_released_at_once(self):
        orders = self.held(3)
        answer = self.wizard(orders, "release").action_apply()
        self.assertEqual(answer["tag"], "display_notification")
        self.assertEqual(orders.mapped("dropship_stage"), ["to_ship"] * 3)
        job = self.job()
        self.assertEqual((job.state, job.done_count, job.progress, job.user_id), ("done", 3, 100.0, self.buyer))

    def test_many_are_a_job(self):
        orders = self.held(25)
        action = self.wizard(orders, "release").action_apply()
        job = self.job()
        self.assertEqual((action["res_id"], job.state, job.left_count), (job.id, "waiting", 25))
        cron = self.env.ref("dropship_flow.cron_bulk")
        self.assertTrue(self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]))
        self.run_cron("cron_bulk")
        self.assertEqual((job.state, job.done_count, job.failed_count, job.left_count), ("done", 25, 0, 0))
        self.assertEqual(orders.mapped("dropship_stage"), ["to_ship"] * 25)
        self.assertEqual(orders.dropship_hold_ids.closed_by_id, self.buyer, "released by who asked for it")

    def test_only_the_chosen_holds(self):
        orders = self.held(2)
        self.env["dropship.hold"]._raise(orders[0], "together", [["together_wait", {"hours": 1}]])
        chosen = orders.dropship_open_hold_ids.filtered(lambda hold: hold.kind == "approval")
        action = chosen.with_user(self.buyer).with_context(dropship_verb="release").action_dropship_bulk()
        self.env["dropship.bulk"].with_user(self.buyer).browse(action["res_id"]).action_apply()
        self.assertEqual(orders.dropship_open_hold_ids.mapped("kind"), ["together"])
        self.assertEqual(orders[1].dropship_stage, "to_ship")

    def test_the_button_of_the_list_makes_a_job_of_many(self):
        few, many = self.held(2), self.held(21)
        few.dropship_open_hold_ids.with_user(self.buyer).action_release_selected()
        self.assertEqual(few.mapped("dropship_stage"), ["to_ship"] * 2)
        action = many.dropship_open_hold_ids.with_user(self.buyer).action_release_selected()
        self.assertEqual(self.env["dropship.bulk.job"].browse(action["res_id"]).left_count, 21)
        self.assertEqual(many.mapped("dropship_stage"), ["held"] * 21)

    def test_two_desks_release_the_same(self):
        orders = self.held(2)
        first, second = self.wizard(orders, "release"), self.wizard(orders, "release")
        able = second.able_ids
        self.assertEqual(able, orders)
        first.action_apply()
        jobs = self.env["dropship.bulk.job"].with_user(self.buyer)._start(second, able)
        self.assertEqual((jobs.done_count, jobs.failed_count), (2, 0))
        self.assertEqual(len(self.open_rows(orders)), 2)

    def test_the_desk_may_not_approve_costs_by_the_hundred_either(self):
        orders = self.held(2)
        self.wizard(orders, "release", self.desk).action_apply()
        job = self.job()
        self.assertEqual((job.done_count, job.failed_count), (0, 2))
        self.assertIn("Dropshipping / Buyer", job.problem_ids[0].message)
        self.assertFalse(self.open_rows(orders))

    # --- what goes wrong with one ---

    def test_one_bad_order_does_not_stop_the_others(self):
        orders = self.held(30)
        self.wizard(orders, "release").action_apply()
        poison = orders[7].id
        real = type(self.env["dropship.hold"]).action_release

        def action_release(holds):
            if poison in holds.order_id.ids:
                raise ValueError("boom")
            return real(holds)

        with (
            patch.object(type(self.env["dropship.hold"]), "action_release", action_release),
            mute_logger("odoo.addons.dropship_flow.models.bulk_line"),
        ):
            job = self.job()
            for _round in range(5):  # a round has seconds only; on a busy machine it takes several
                if job.state != "done":
                    self.run_cron("cron_bulk")
        self.assertEqual((job.state, job.done_count, job.failed_count), ("done", 29, 1))
        self.assertEqual(job.problem_ids.order_id.id, poison)
        self.assertIn("boom", job.problem_ids.message)
        job.with_user(self.buyer).action_retry()
        self.assertEqual((job.state, job.left_count), ("waiting", 1))
        self.run_cron("cron_bulk")
        self.assertEqual((job.state, job.done_count), ("done", 30))

    def test_what_killed_the_worker_is_tried_alone_and_then_put_aside(self):
        orders = self.held(22)
        self.wizard(orders, "release").action_apply()
        lines = self.job().line_ids
        lines[:3].attempts = 1
        lines[0].attempts = bulk_line.ATTEMPTS
        sizes = []
        real = type(lines)._run_claimed

        def run_claimed(claimed):
            sizes.append(len(claimed))
            return real(claimed)

        with patch.object(type(lines), "_run_claimed", run_claimed):
            self.run_cron("cron_bulk")
        self.assertEqual(sizes, [19, 1, 1, 1])
        self.assertEqual((self.job().done_count, self.job().failed_count), (21, 1))
        self.assertIn("put aside", lines[0].message)

    def test_an_order_cancelled_meanwhile_says_so(self):
        orders = self.held(21)
        self.wizard(orders, "route").action_apply()
        orders[0]._action_cancel()
        self.run_cron("cron_bulk")
        self.assertEqual((self.job().done_count, self.job().failed_count), (20, 1))
        self.assertIn("cancelled", self.job().problem_ids.message)

    def test_stopped_jobs_leave_the_rest_alone(self):
        orders = self.held(21)
        self.wizard(orders, "release").action_apply()
        job = self.job()
        with self.assertRaisesRegex(UserError, "Only who started"), self.env.cr.savepoint():
            job.with_user(self.desk).action_stop()
        job.with_user(self.buyer).action_stop()
        self.run_cron("cron_bulk")
        self.assertEqual((job.state, job.failed_count), ("done", 21))
        self.assertFalse(self.open_rows(orders))

    def test_who_lost_his_rights_meanwhile_does_nothing(self):
        orders = self.held(21)
        self.wizard(orders, "release").action_apply()
        self.buyer.group_ids = [Command.set(self.env.ref("base.group_user").ids)]
        self.run_cron("cron_bulk")
        self.assertEqual((self.job().state, self.job().failed_count), ("done", 21))
        self.buyer.active = False
        self.job().action_retry()
        self.run_cron("cron_bulk")
        self.assertIn("may not work", self.job().problem_ids[0].message)
        self.assertFalse(self.open_rows(orders))

    # --- route again ---

    def test_route_again_takes_what_is_cheaper_now(self):
        self.policy.automation = "draft"
        order = self.hero(confirm=True)
        self.assertEqual(set(self.bought(order)), {"Rhein"})
        self.suppliers["Rhein"].write({"blocked": True, "block_reason": "late"})
        self.wizard(order, "route").action_apply()
        self.assertNotIn("Rhein", self.bought(order))
        self.assertEqual(sum(self.open_rows(order).mapped("qty")), 3)

    def test_who_cannot_be_routed_again(self):
        self.policy.automation = "buy"
        sent, shipped, draft = self.hero(confirm=True), self.hero(confirm=True), self.hero()
        picking = shipped.dropship_purchase_ids.picking_ids
        picking.move_ids.picked = True
        picking.button_validate()
        cancelled = self.hero()
        cancelled._action_cancel()
        wizard = self.wizard(sent | shipped | draft | cancelled, "route")
        self.assertEqual((wizard.able_count, wizard.selected_count), (0, 4))
        for order, words in ((sent, "has it already"), (shipped, "shipped"), (draft, "confirmed"), (cancelled, "canc")):
            self.assertRegex(wizard.skipped, f"{words}.*{order.name}")
        with self.assertRaisesRegex(UserError, "None of"):
            wizard.action_apply()

    # --- change policy ---

    def test_a_policy_for_these_orders(self):
        orders = self.held(2)
        free = self.make_policy("buy", name="Free", sequence=99)
        self.wizard(orders, "policy", policy_id=free.id).action_apply()
        self.assertEqual(orders.dropship_policy_id, free)
        self.assertEqual(orders.dropship_decision_id.policy_id, free)
        self.assertEqual(orders.mapped("dropship_stage"), ["to_ship"] * 2)

    def test_the_desk_cannot_change_how_far_we_go_alone(self):
        orders = self.held(1)
        wizard = self.wizard(orders, "policy", self.desk, policy_id=self.make_policy("buy", sequence=99).id)
        with self.assertRaisesRegex(UserError, "Buyer"):
            wizard.action_apply()

    # --- pin ---

    def test_pinned_where_the_supplier_has_an_offer(self):
        self.policy.automation = "draft"
        hero, lamp = self.hero(confirm=True), self.make_sale(self.lamp, confirm=True)
        ningbo = self.suppliers["Ningbo"]
        wizard = self.wizard(hero | lamp, "pin", supplier_id=ningbo.id, note="good price")
        self.assertEqual((wizard.able_ids, wizard.able_count), (hero, 1))
        self.assertIn("offers nothing", wizard.skipped)
        wizard.action_apply()
        pinned = hero.order_line.dropship_choice_ids
        self.assertEqual(pinned.line_id.product_id, self.stand | self.cable)
        self.assertEqual(len(self.bought(hero)["Ningbo"]), 2)

    def test_a_pin_needs_a_reason(self):
        wizard = self.wizard(self.held(1), "pin", supplier_id=self.suppliers["Yiwu"].id)
        with self.assertRaisesRegex(UserError, "why"):
            wizard.action_apply()

    # --- cancel ---

    def test_cancel_with_a_reason(self):
        orders = self.held(2)
        reason = self.env.ref("dropship_flow.cancel_reason_customer")
        orders[1].action_lock()
        wizard = self.wizard(orders, "cancel", cancel_reason_id=reason.id)
        self.assertEqual(wizard.able_ids, orders[0])
        wizard.action_apply()
        self.assertEqual(orders.mapped("state"), ["cancel", "sale"])
        self.assertEqual(orders[0].dropship_cancel_reason_id, reason)
        comments = orders[0].message_ids.filtered(lambda message: message.message_type == "comment")
        self.assertIn("cancelled", comments.body)

    # --- write to customers ---

    def test_one_text_for_each_customer_in_his_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.env.ref("dropship_flow.mail_template_delay")
        template.with_context(lang="fr_FR").subject = "Commande {{ object.name }} en retard"
        bert = self.make_partner("Bert", "FR", is_company=False, email="bert@example.com", lang="fr_FR")
        mute = self.make_partner("Mute", "DE", is_company=False)
        orders = self.make_sale(self.lamp) | self.make_sale(self.lamp, partner=bert)
        wizard = self.wizard(orders | self.make_sale(self.lamp, partner=mute), "message", self.desk)
        wizard.template_id = template
        self.assertEqual(wizard.able_ids, orders)
        self.assertIn("no e-mail", wizard.skipped)
        wizard.action_apply()
        subjects = [
            order.message_ids.filtered(lambda message: message.message_type == "comment").subject for order in orders
        ]
        self.assertEqual(
            subjects, [f"Your order {orders[0].name} takes some days longer", f"Commande {orders[1].name} en retard"]
        )

    def test_a_text_that_names_the_supplier_is_not_sent(self):
        self.policy.automation = "draft"
        order, other = self.hero(confirm=True), self.make_sale(self.stand)
        wizard = self.wizard(order | other, "message", subject="News", body="<p>RHEIN is late.</p>")
        wizard.action_apply()
        job = self.job()
        self.assertEqual((job.done_count, job.failed_count), (1, 1))
        self.assertIn("where we buy", job.problem_ids.message)
        self.assertFalse(order.message_ids.filtered(lambda message: message.message_type == "comment"))

    def test_an_empty_message_is_refused(self):
        with self.assertRaisesRegex(UserError, "template"):
            self.wizard(self.held(1), "message", subject="Only").action_apply()

    # --- the form, roles, companies ---

    def test_the_form_opens_for_each_verb(self):
        orders = self.held(2)
        for verb, _label in self.env["dropship.bulk"]._verbs():
            wizard = self.wizard(orders, verb)
            with self.subTest(verb):
                form = Form(wizard)
                self.assertEqual((form.selected_count, form.able_count), (2, 2))

    def test_who_may_open_it(self):
        order = self.held(1)
        for role in ("employee", "portal"):
            with self.subTest(role), self.assertRaises(UserError):
                order.with_user(self.make_login(role)).action_dropship_bulk()

    def test_jobs_of_another_company_are_not_seen(self):
        orders = self.held(1)
        self.wizard(orders, "release").action_apply()
        stranger = self.make_login("manager", company=self.make_company(), login="stranger")
        job = self.job().with_user(stranger).with_context(allowed_company_ids=stranger.company_id.ids)
        self.assertFalse(job.search([]))
        with self.assertRaises(AccessError):
            job.action_retry()

    def test_two_companies_are_two_jobs(self):
        other = self.make_company(currency_id=self.company.currency_id.id)
        self.buyer.company_ids |= other
        theirs = self.env["sale.order"].create({"partner_id": self.anna.id, "company_id": other.id})
        orders = (self.held(1) | theirs).with_user(self.buyer)
        orders = orders.with_context(allowed_company_ids=(self.company | other).ids, dropship_verb="message")
        wizard = orders.env["dropship.bulk"].browse(orders.action_dropship_bulk()["res_id"])
        wizard.write({"subject": "News", "body": "<p>All is well.</p>"})
        action = wizard.action_apply()
        jobs = self.env["dropship.bulk.job"].search(action["domain"])
        self.assertEqual(jobs.company_id, self.company | other)
        self.assertEqual(jobs.mapped("done_count"), [1, 1])
