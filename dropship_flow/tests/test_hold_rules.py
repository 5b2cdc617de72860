from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common_holds import HoldCase

LONG = "🙂" + "x" * 1998 + "!"


@tagged("post_install", "-at_install", "standard")
class TestHoldRules(HoldCase):
    # --- what is on from the start ---

    def test_a_good_order_never_waits(self):
        self.assertBought(self.hero(confirm=True))
        order = self.web_sale(confirm=False)
        self.pay(order)
        order.action_confirm()
        self.assertBought(order)

    def test_an_order_entered_by_a_colleague_is_his_decision(self):
        self.anna.write({"street": False, "phone": False})
        self.assertBought(self.hero(confirm=True))
        self.assertBought(self.hero(confirm=True))

    def test_unpaid(self):
        for state, kinds in (("pending", ["unpaid"]), ("authorized", []), ("error", ["unpaid"]), ("done", [])):
            with self.subTest(state):
                order = self.web_sale((self.lamp, 2 + len(state)), confirm=False)
                self.pay(order, state)
                order.action_confirm()
                self.assertEqual(self.held(order), kinds)

    def test_partly_paid_says_how_much(self):
        order = self.web_sale(confirm=False)
        self.pay(order, amount=10.0)
        order.action_confirm()
        self.assertHeld(order, "unpaid")
        self.assertEqual(self.hold(order, "unpaid").reason, "Only 10.00 of 34.90 EUR is paid.")

    def test_cash_on_delivery_is_bought_at_once(self):
        order = self.web_sale(confirm=False)
        self.pay(order, "pending", provider=self.cod)
        order.action_confirm()
        self.assertBought(order)

    def test_trust_and_terms(self):
        self.anna.trust = "good"
        order = self.web_sale(confirm=False)
        self.pay(order, "pending")
        order.action_confirm()
        self.assertBought(order)
        self.anna.trust = "normal"
        terms = self.env.ref("account.account_payment_term_30days")
        order = self.web_sale(self.stand, confirm=False, payment_term_id=terms.id)
        self.pay(order, "pending")
        order.action_confirm()
        self.assertBought(order)

    def test_nobody_tried_to_pay(self):
        self.assertBought(self.web_sale())
        self.rule("unpaid", without_attempt=True)
        self.assertHeld(self.web_sale(self.stand), "unpaid")

    def test_incomplete_address(self):
        self.anna.street = "🙂🙂"
        order = self.web_sale()
        self.assertHeld(order, "address")
        self.assertIn("street", self.hold(order, "address").reason)

    def test_every_country_of_the_data_has_an_answer(self):
        for country in self.env["res.country"].search([]):
            partner = self.env["res.partner"].new(
                {"name": "X", "street": LONG, "city": "Žlté 市", "zip": "１２３", "country_id": country.id}
            )
            partner._dropship_address_problems()
        self.anna.write({"street": LONG, "street2": LONG, "city": "🏙️ Stadt", "phone": "call my wife"})
        self.assertBought(self.web_sale())

    def test_a_phone_is_needed_where_carriers_call(self):
        self.anna.phone = "no phone 🙂"
        self.assertBought(self.web_sale())
        self.rule("address", need_phone=True)
        self.assertHeld(self.web_sale(self.stand), "address")

    # --- ordered twice ---

    def test_ordered_twice(self):
        first, second = self.web_sale(), self.web_sale()
        self.assertBought(first)
        self.assertHeld(second, "duplicate")
        self.assertIn(first.name, self.hold(second, "duplicate").reason)

    def test_ordered_twice_in_one_batch(self):
        orders = self.web_sale(confirm=False) | self.web_sale(confirm=False) | self.web_sale(self.stand, confirm=False)
        orders.action_confirm()
        self.assertBought(orders[0])
        self.assertHeld(orders[1], "duplicate")
        self.assertBought(orders[2])

    def test_ordered_twice_as_another_guest(self):
        self.web_sale()
        guest = self.make_partner("A. Weber", city="Potsdam", zip="14467", street="Am Kanal 3", phone="030/23125014")
        order = self.web_sale(partner=guest)
        self.assertHeld(order, "duplicate")
        self.assertEqual(self.hold(order, "duplicate").reasons[0][0], "duplicate_phone")

    def test_not_a_copy(self):
        self.web_sale()
        other = self.make_partner("Other", street="Elsewhere 9", zip="20259", phone="+49 40 1234567")
        self.assertBought(self.web_sale(partner=other))
        self.assertBought(self.web_sale((self.lamp, 2)))
        old = self.web_sale((self.lamp, 3))
        old.date_order = "2020-01-01 12:00:00"
        self.assertBought(self.web_sale((self.lamp, 3)))

    def test_a_cancelled_order_is_no_original(self):
        first = self.web_sale()
        first._action_cancel()
        self.assertBought(self.web_sale())

    def wizard(self, order):
        action = self.hold(order, "duplicate").action_compare()
        return self.env["dropship.hold.duplicate"].browse(action["res_id"])

    def test_side_by_side(self):
        first, second = self.web_sale(), self.web_sale()
        wizard = self.wizard(second)
        self.assertEqual((wizard.order_id, wizard.other_id), (second, first))
        self.assertEqual(wizard.goods, wizard.other_goods)
        wizard.action_keep_both()
        self.assertBought(second)
        wizard.action_keep_both()  # another desk, a moment later
        self.assertEqual(len(second.dropship_purchase_ids), 1)

    def test_side_by_side_cancel_this(self):
        first, second = self.web_sale(), self.web_sale()
        self.wizard(second).action_cancel_this()
        self.assertEqual((first.state, second.state), ("sale", "cancel"))
        self.assertFalse(second.dropship_open_hold_ids)

    def test_side_by_side_cancel_the_earlier(self):
        self.policy.automation = "draft"
        first, second = self.web_sale(), self.web_sale()
        self.wizard(second).action_cancel_other()
        self.assertEqual(first.state, "cancel")
        self.assertEqual(first.dropship_purchase_ids.mapped("state"), ["cancel"])
        self.assertBought(second)
        self.assertEqual(second.dropship_hold_ids.mapped("state"), ["solved"])

    def test_side_by_side_ship_together(self):
        self.policy.automation = "draft"
        first, second = self.web_sale(), self.web_sale()
        self.wizard(second).action_ship_together()
        self.assertEqual(len((first | second).dropship_group_id), 1)
        self.assertTrue(second.dropship_purchase_ids)

    def test_side_by_side_the_first_left_already(self):
        first, second = self.web_sale(), self.web_sale()
        with self.assertRaisesRegex(UserError, first.name):
            self.wizard(second).action_ship_together()
        self.assertFalse(second.dropship_purchase_ids)

    def test_nothing_to_compare(self):
        self.rule("value", amount=1)
        order = self.web_sale()
        with self.assertRaises(UserError):
            order.dropship_open_hold_ids.action_compare()

    # --- rules to switch on ---

    def test_value_in_another_currency(self):
        self.currency("USD", rate=2.0)
        rule = self.rule("value", amount=100, currency_id=self.currency("USD").id)
        self.assertHeld(self.hero(confirm=True), "value")  # 52.70 EUR are 105.40 USD
        rule.amount = 200
        self.assertBought(self.hero(confirm=True))

    def test_value(self):
        self.rule("value", amount=50)
        order = self.hero(confirm=True)
        self.assertHeld(order, "value")
        self.assertEqual(self.hold(order, "value").reason, "The order is worth 52.70, a person looks above 50.00.")

    def test_destination_and_postal_codes(self):
        self.rule("destination", country_ids=self.country("AT").ids)
        self.assertBought(self.hero(confirm=True))
        self.rule("destination", zip_prefixes="99, 101")
        self.assertHeld(self.hero(confirm=True), "destination")

    def test_first_order(self):
        self.rule("first_order")
        first = self.hero(confirm=True)
        self.assertHeld(first, "first_order")
        first.action_dropship_release()
        self.assertBought(first)
        self.assertBought(self.hero(confirm=True))

    def test_marked_words(self):
        self.rule("words", words="do not ship\n急")
        self.assertBought(self.hero(confirm=True, note=f"<p>{LONG}</p>"))
        self.assertHeld(self.hero(confirm=True, note="<p>Please Do  Not <b>ship</b> yet</p>"), "words")
        order = self.hero()
        wrote = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
        order.message_post(body="很急🙂", author_id=self.anna.id, **wrote)
        order.action_confirm()
        self.assertHeld(order, "words")

    def test_several_lines(self):
        self.rule("lines", count=3)
        self.assertHeld(self.hero(confirm=True), "lines")
        self.assertBought(self.make_sale(self.lamp, self.stand, confirm=True))

    def test_risk_adds_up(self):
        signal = {"company_id": self.company.id}
        one = self.env["dropship.risk.signal"].create({"name": "A", "code": "no_phone", "points": 30, **signal})
        two = self.env["dropship.risk.signal"].create({"name": "B", "code": "post_box", "points": 20, **signal})
        self.rule("risk", points=50, signal_ids=(one | two).ids)
        self.anna.phone = "call me"
        self.assertBought(self.hero(confirm=True))
        self.anna.street = "Postfach 12"
        order = self.hero(confirm=True)
        self.assertHeld(order, "risk")
        reason = self.hold(order, "risk").reason
        self.assertIn("50", reason)
        self.assertIn("20: goods to a post box", reason)

    def test_many_orders_in_a_short_time(self):
        signal = self.env["dropship.risk.signal"].create(
            {"name": "A", "code": "many_orders", "points": 9, "count": 3, "company_id": self.company.id}
        )
        self.rule("risk", points=9, signal_ids=signal.ids)
        self.assertBought(self.hero(confirm=True))
        self.assertBought(self.hero(confirm=True))
        self.assertHeld(self.hero(confirm=True), "risk")

    # --- all rules, first match, exceptions ---

    def test_all_rules_or_the_first(self):
        self.rule("lines", count=2, sequence=2)
        self.rule("value", amount=10, sequence=1)
        self.assertHeld(self.hero(confirm=True), "lines", "value")
        self.company.dropship_hold_mode = "first"
        self.assertHeld(self.hero(confirm=True), "value")

    def test_let_go_and_note(self):
        tag = self.env["res.partner.category"].create({"name": "Friends"})
        self.rule("value", amount=10, verdict="pass", partner_tag_ids=tag.ids)
        rule = self.rule("value", amount=10, sequence=2)
        self.anna.category_id = tag
        self.assertBought(self.hero(confirm=True))
        self.anna.category_id = False
        self.assertHeld(self.hero(confirm=True), "value")
        rule.verdict = "warn"
        order = self.hero(confirm=True)
        self.assertBought(order)
        self.assertIn("52.70", "".join(order.message_ids.mapped("body")))

    def test_rules_of_another_company_do_not_count(self):
        other = self.make_company()
        self.env["dropship.hold.rule"].create({"name": "Theirs", "kind": "value", "company_id": other.id})
        self.assertBought(self.hero(confirm=True))

    def test_a_rule_that_makes_no_sense_is_refused(self):
        for vals in (
            {"kind": "destination"},
            {"kind": "destination", "zip_prefixes": " , "},
            {"kind": "words", "words": " ;🙂"[:2]},
            {"kind": "duplicate", "same_phone": False, "same_address": False},
        ):
            with self.subTest(vals), self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.env["dropship.hold.rule"].create({"name": "Odd", **vals})

    # --- releasing ---

    def test_release_one_the_others_stay(self):
        self.rule("value", amount=10)
        self.rule("lines", count=2)
        order = self.hero(confirm=True)
        desk = self.make_login("user")
        self.hold(order, "value").with_user(desk).action_release()
        self.assertHeld(order, "lines")
        self.hold(order, "lines").with_user(desk).action_release()
        self.assertBought(order)
        self.assertEqual(order.dropship_hold_ids.closed_by_id, desk)

    def test_release_in_bulk_and_twice(self):
        self.rule("value", amount=10)
        orders = self.hero() | self.hero() | self.hero()
        orders.action_confirm()
        holds = orders.dropship_open_hold_ids
        self.assertEqual(len(holds), 3)
        desk = self.make_login("user")
        holds.with_user(desk).action_release()
        bought = orders.dropship_purchase_ids
        self.assertEqual(bought.dropship_sale_id, orders)
        holds.with_user(desk).action_release()
        self.assertEqual(orders.dropship_purchase_ids, bought)

    def test_nobody_without_the_right_releases(self):
        self.rule("value", amount=10)
        order = self.hero(confirm=True)
        for role in ("employee", "portal"):
            with self.subTest(role), self.assertRaises(UserError), self.env.cr.savepoint():
                order.dropship_hold_ids.with_user(self.make_login(role)).action_release()
        self.assertHeld(order, "value")

    def test_a_hold_of_another_part_stops_the_order_too(self):
        order = self.hero()
        self.env["dropship.hold"]._raise(order, "staff", [["staff_flag", {}]])
        order.action_confirm()
        self.assertHeld(order, "staff")
        order.dropship_open_hold_ids.action_release()
        self.assertBought(order)

    # --- never an error to the customer ---

    def test_an_error_of_a_check_becomes_a_hold_of_its_order(self):
        good, bad = self.hero(), self.hero(client_order_ref="BAD")
        model = type(self.env["dropship.hold.rule"])
        real = model._own_facts

        def _own_facts(self, order, channel):
            if order.client_order_ref == "BAD":
                raise ZeroDivisionError("odd order")
            return real(self, order, channel)

        with patch.object(model, "_own_facts", _own_facts), self.assertLogs("odoo.addons.dropship_flow", "ERROR"):
            (good | bad).action_confirm()
        self.assertBought(good)
        self.assertHeld(bad, "error")
        bad.action_dropship_release()
        self.assertBought(bad)

    def test_queries_do_not_grow_with_the_batch(self):
        self.rule("risk", points=500)
        self.rule("first_order", amount=1e6)

        def queries(count):
            partners = [self.make_partner(f"P{number}", phone=f"+49 30 55{number:05}") for number in range(count)]
            orders = self.env["sale.order"].union(*(self.web_sale(confirm=False, partner=row) for row in partners))
            orders.write({"state": "sale"})
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["dropship.hold.rule"].sudo()._check_orders(orders.sudo())
            return self.env.cr.sql_log_count - before

        queries(2)
        self.assertLessEqual(queries(12), queries(3) + 3)

    # --- screens ---

    def test_the_order_names_what_it_waits_for(self):
        self.rule("value", amount=10)
        order = self.hero(confirm=True)
        self.assertTrue(order.dropship_gated)
        self.assertEqual(order.dropship_hold_count, 1)
        self.assertEqual(order.dropship_stage, "held")
        action = order.action_dropship_holds()
        self.assertEqual(self.env["dropship.hold"].search(action["domain"]), order.dropship_hold_ids)
        order.action_dropship_release()
        self.assertFalse(order.dropship_gated)

    def test_the_mode_is_a_setting(self):
        with Form(self.env["res.config.settings"].with_company(self.company)) as form:
            form.dropship_hold_mode = "first"
        form.record.execute()
        self.assertEqual(self.company.dropship_hold_mode, "first")
