from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .test_order_stage import StageCase

SALES = "sales_team.group_sale_salesman_all_leads"
GROUPS = {
    "owner": f"dropship_flow.group_dropship_manager,{SALES},"
    "purchase.group_purchase_manager,account.group_account_manager",
    "buyer": f"dropship_flow.group_dropship_buyer,{SALES}",
    "desk": f"dropship_flow.group_dropship_user,{SALES}",
    "accountant": f"dropship_flow.group_dropship_user,account.group_account_invoice,{SALES}",
}


@tagged("post_install", "-at_install", "standard")
class TestOverview(StageCase):
    """What needs whom, in the order of the flow; each figure opens exactly what it counted."""

    def setUp(self):
        super().setUp()
        self.logins = {role: self.login(role, self.company) for role in GROUPS}

    def login(self, role, company):
        return new_test_user(
            self.env, f"{role}-{company.id}", groups=GROUPS[role], company_id=company.id,
            company_ids=[Command.set(company.ids)], tz="Europe/Berlin",
        )  # fmt: skip

    def home(self, role):
        self.env.flush_all()
        self.env.invalidate_all()
        env = self.env(user=self.logins[role], context={"allowed_company_ids": self.company.ids, "tz": "Europe/Berlin"})
        action = env["dropship.overview"].action_home()
        return env[action["res_model"]].browse(action["res_id"])

    def cards(self, role):
        return {card.key: card for card in self.home(role).card_ids}

    def a_day(self):
        """Orders in many states."""
        self.slow("Rhein", answer_hours=1, when_silent="person")
        silent = self.hero(confirm=True)
        silent.dropship_purchase_ids.dropship_answer_by = "2020-01-01"
        self.env.flush_all()
        self.run_cron("cron_silent")
        self.slow("Rhein", answer_mode="auto")
        shipped, delivered = self.hero(confirm=True), self.hero(confirm=True)
        for order in (shipped, delivered):
            self.ship(order.dropship_purchase_ids)
        delivered.action_dropship_delivered()
        late = self.hero(confirm=True)
        late.dropship_allocation_ids.promised_date = "2020-01-01"
        held = self.hero(confirm=True)
        self.env["dropship.hold"]._raise(held, "guard", [])
        self.env["dropship.hold"]._raise(held, "approval", [])
        unsold = self.make_sale(self.make_product("Chair", list_price=9), confirm=True)
        self.env["dropship.hold"]._raise(unsold, "no_source", [])
        late.dropship_decision_id.profit = -3
        return {"silent": silent, "late": late, "on_hold": held, "to_route": unsold, "delivered": delivered,
                "on_the_way": shipped, "loss": late}  # fmt: skip

    def test_every_figure_of_every_role_opens_what_it_counts(self):
        self.a_day()
        for role in GROUPS:
            home = self.home(role)
            for card in home.card_ids:
                action = card.action_open()
                with self.subTest(role, card=card.key):
                    self.assertEqual(card.env[action["res_model"]].search_count(action["domain"]), card.count)
                    self.assertFalse([name for name in action["context"] if name.startswith("search_default")])
                    self.assertTrue(card.title)
            for step in ("in", "bought", "accepted", "shipped", "delivered", "touched"):
                action = home.with_context(dropship_step=step).action_today()
                with self.subTest(role, step=step):
                    found = home.env[action["res_model"]].search_count(action["domain"])
                    self.assertEqual(found, home[f"today_{step}"])

    def test_the_cards_find_their_orders(self):
        day = self.a_day()
        cards = self.cards("owner")
        for key in ("late", "on_hold", "to_route", "delivered", "on_the_way", "loss"):
            with self.subTest(key):
                found = cards[key].env["sale.order"].search(cards[key].action_open()["domain"])
                self.assertEqual(found.ids, day[key].ids)
        self.assertEqual(cards["silent"].count, 1)
        self.assertEqual(set(cards["on_hold"].hint.split(" · ")), {"1 Guard failed", "1 Waiting for approval"})
        self.assertIn("things need you", self.home("owner").headline)

    def test_today(self):
        self.a_day()
        home = self.home("desk")
        self.assertEqual((home.today_bought, home.today_shipped, home.today_delivered), (5, 2, 1))
        self.assertEqual((home.today_accepted, home.today_touched, home.touchless), (4, 0, "100 % touchless"))

    def test_what_a_person_does_is_not_touchless(self):
        self.slow("Rhein")
        by_hand = self.hero(confirm=True)
        by_hand.dropship_purchase_ids.action_dropship_accept()
        self.slow("Rhein", answer_mode="auto")
        pinned = self.hero()
        self.env["dropship.line.choice"]._choose(pinned.order_line[0], self.suppliers["Rhein"], "pin", "test")
        pinned.action_confirm()
        self.policy.automation = "ask"
        approved = self.hero(confirm=True)
        approved.action_dropship_release()
        self.policy.automation = "buy"
        self.hero(confirm=True)
        home = self.home("desk")
        self.assertEqual((home.today_bought, home.today_touched, home.touchless), (4, 3, "25 % touchless"))

    def test_yesterday_is_another_day(self):
        order = self.hero(confirm=True)
        self.env.flush_all()
        for table, columns in (
            ("sale_order", ("date_order",)), ("dropship_allocation", ("create_date", "accepted_at")),
        ):  # fmt: skip
            for column in columns:
                self.env.cr.execute(f"UPDATE {table} SET {column} = {column} - interval '1 day'")
        self.env.invalidate_all()
        home = self.home("owner")
        self.assertEqual((home.today_in, home.today_bought, home.today_accepted), (0, 0, 0))
        self.assertEqual(home.touchless, "nothing bought yet")
        yesterday = self.cards("owner")["yesterday"]
        self.assertEqual(yesterday.count, 1)
        self.assertIn("16.95", yesterday.hint)
        self.assertEqual(order.dropship_stage, "to_ship")

    def test_nothing_to_do_says_so(self):
        home = self.home("desk")
        self.assertTrue(home.is_quiet)
        self.assertIn("Nothing to do", home.headline)

    def test_each_role_finds_its_own_first(self):
        agent = self.env.ref("dropship_flow_aftersales.group_aftersales_agent", raise_if_not_found=False)
        if agent:
            self.logins["agent"] = self.logins["desk"].copy({"login": "agent-here"})
            self.logins["agent"].group_ids += agent
            self.assertEqual(self.home("agent").need_ids[:2].mapped("key"), ["late", "after_sales"])
        first = {"owner": "loss", "buyer": "to_route", "desk": "to_route", "accountant": "to_pay"}
        for role, key in first.items():
            with self.subTest(role):
                self.assertEqual(self.home(role).need_ids[0].key, key)
        self.assertNotIn("loss", self.cards("buyer"), "profit of the house is the owner's")
        self.assertNotIn("to_send", self.cards("desk"))
        self.assertNotIn("to_approve", self.cards("buyer"))

    def test_reloading_shows_the_same_records(self):
        action = self.cards("desk")["on_hold"].action_open()
        self.assertFalse({"id", "xml_id", "path"} & set(action))
        self.assertEqual(action["display_name"], "On hold")

    def test_other_addons_add_cards(self):
        """A card may be written with a plain list as its domain."""
        cards = type(self.env["dropship.overview"])._cards

        def more(overview):
            return [*cards(overview), {"key": "mine", "title": "Mine", "model": "sale.order", "sequence": 1,
                                       "domain": [("dropship_stage", "=", "to_ship")], "needs": True}]  # fmt: skip

        self.patch(type(self.env["dropship.overview"]), "_cards", more)
        self.hero(confirm=True)
        self.assertEqual(self.cards("desk")["mine"].count, 1)

    def test_another_company_sees_nothing(self):
        self.a_day()
        other = self.env["res.company"].create({"name": "Other GmbH"})
        env = self.env(user=self.login("owner", other), context={"allowed_company_ids": other.ids})
        home = env["dropship.overview"].browse(env["dropship.overview"].action_home()["res_id"])
        self.assertFalse([card.key for card in home.card_ids if card.count])
        self.assertFalse(home.today_bought)

    def test_who_may_not_look(self):
        for groups in ("base.group_portal", "base.group_user", "purchase.group_purchase_user"):
            user = new_test_user(self.env, f"no-{groups}", groups=groups)
            with self.subTest(groups), self.assertRaises(AccessError):
                self.env["dropship.overview"].with_user(user).search([])

    def test_a_click_on_nothing(self):
        with self.assertRaises(UserError):
            self.home("desk").with_context(dropship_step="'; DROP").action_today()

    def test_the_screen_opens(self):
        home = self.home("owner")
        with Form(home) as form:
            self.assertIn("Nothing", form.headline)
