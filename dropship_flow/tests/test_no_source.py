from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_flow import FlowCase
from .common_no_source import NoSourceFactories


class NoSourceCase(NoSourceFactories, FlowCase):
    @classmethod
    def setUpClass(cls):
        super(FlowCase, cls).setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.make_no_source()

    def amounts(self, order):
        rows = self.env["dropship.customer.refund"].search([("order_id", "=", order.id)], order="id")
        return [(row.line_id.product_id.name or "", row.amount, row.way, row.state) for row in rows]


@tagged("post_install", "-at_install", "standard")
class TestNoSourceAsking(NoSourceCase):
    def test_the_customer_is_offered_what_is_possible(self):
        order, question = self.asked()
        self.assertEqual(question.state, "open")
        self.assertEqual(question.line_ids, self.line(order, self.lamp))
        until = fields.Date.to_string(fields.Date.today() + timedelta(days=10))
        self.assertEqual(question.options["wait"], {"until": until})
        (offer,) = question.options["substitute"]["lines"].values()
        self.assertEqual([(row["product"], row["back"]) for row in offer], [(self.night_light.id, 5.0)])
        self.assertEqual((question.options["refund"]["amount"], question.options["refund"]["less"]), (34.9, 34.9))
        self.assertEqual(question.options["cancel"]["amount"], 52.7)
        ((subject, body),) = self.mails(order)
        self.assertIn(order.name, subject)
        self.assertIn(question.link, body)

    def test_the_hold_says_what_is_waited_for(self):
        self.policy.ask_default = "refund"
        order, _question = self.asked()
        self.assertIn("The customer was asked and has until", order.dropship_waiting)
        self.assertIn("money of the line goes back", order.dropship_waiting)
        order.order_line._dropship_source()
        self.assertIn("The customer was asked", order.dropship_waiting, "a new try keeps the sentence")

    def test_nothing_to_choose_is_refused(self):
        order = self.make_sale(self.stand, confirm=True)
        self.assertFalse(order.dropship_can_ask)
        self.assertFalse(order._dropship_ask_customer(), "everything is bought")
        with self.assertRaisesRegex(UserError, "Only confirmed orders"):
            self.hero()._dropship_ask_customer()

    def test_a_policy_may_never_ask(self):
        self.policy.ask_customer = "never"
        order = self.hero(confirm=True)
        with self.assertRaisesRegex(UserError, "never asks"):
            order._dropship_ask_customer()

    def test_a_policy_may_ask_by_itself_once(self):
        self.policy.ask_customer = "auto"
        order = self.hero(confirm=True)
        self.assertFalse(order.dropship_question_ids)
        for _time in range(2):
            self.run_cron("cron_customer_questions")
        self.assertEqual(order.dropship_question_ids.mapped("state"), ["open"])
        self.assertEqual(len(self.mails(order)), 1)

    def test_by_hand_means_by_hand(self):
        order = self.hero(confirm=True)
        self.run_cron("cron_customer_questions")
        self.assertFalse(order.dropship_question_ids)

    def test_more_lines_join_the_open_question(self):
        order, question = self.asked()
        for (_name, product), offer in self.offers.items():
            if product == self.cable:
                offer.stock = 0
        order._dropship_ask_customer()
        self.assertEqual(order.dropship_question_ids, question)
        self.assertEqual(question.line_ids.product_id, self.lamp | self.cable)
        self.assertEqual(question.options["refund"]["amount"], 42.8)
        self.assertEqual(len(self.mails(order)), 2)
        order._dropship_ask_customer()
        self.assertEqual(len(self.mails(order)), 2, "asking again about the same is silent")

    def test_a_source_that_appears_ends_the_question(self):
        order, question = self.asked()
        self.restock()
        order.action_dropship_release()
        self.assertEqual((question.state, question.ending), ("closed", "sourced"))
        self.assertTrue(self.bought(order))
        self.assertIn("Good news", self.mails(order)[-1][1])
        self.assertEqual(self.answer(question, "cancel"), "already")

    def test_a_cancelled_order_has_no_question(self):
        order, question = self.asked()
        order._action_cancel()
        self.assertEqual((question.state, question.ending), ("closed", "cancelled"))

    def test_a_substitute_costs_no_more_and_can_be_delivered(self):
        order = self.hero(confirm=True)
        line = self.line(order, self.lamp)
        self.assertTrue(line._dropship_substitutes(1.0))
        for name, values in {
            "dearer": (self.night_light, {"list_price": 35.0}),
            "not on sale": (self.night_light, {"sale_ok": False}),
            "hidden": (self.night_light.product_tmpl_id, {"is_published": False}),
            "sold out": (self.spare, {"stock": 0}),
            "nobody has it": (self.spare, {"active": False}),
        }.items():
            record, vals = values
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                record.write(vals)
                self.assertFalse(line._dropship_substitutes(1.0))
                savepoint.rollback()
            self.env.invalidate_all()

    def test_goods_core_buys_are_asked_about_as_well(self):
        route = self.env.ref("stock_dropshipping.route_drop_shipping")
        relic = self.make_product("Relic", list_price=10, taxes_id=[Command.set(self.tax.ids)])
        relic.route_ids = route
        order, question = self.asked(relic, self.stand)
        self.assertEqual(question.line_ids.product_id, relic)
        self.assertEqual(self.answer(question, "refund"), "done")
        self.assertFalse(order.dropship_open_hold_ids)
        self.assertEqual(self.amounts(order)[0][:2], ("Relic", 10.0))

    def test_without_a_mail_address_somebody_is_told(self):
        self.anna.email = "no address"
        order, question = self.asked()
        self.assertFalse(self.mails(order))
        self.assertIn(question.link, "".join(order.message_ids.mapped("body")))


@tagged("post_install", "-at_install", "standard")
class TestNoSourceAnswers(NoSourceCase):
    def test_refund_of_the_line(self):
        ledger = self.service()
        order, question = self.asked()
        self.assertEqual(self.answer(question, "refund"), "done")
        self.assertEqual((question.state, question.answer), ("answered", "refund"))
        self.assertEqual(self.line(order, self.lamp).product_uom_qty, 0)
        self.assertEqual(order.amount_total, 17.8)
        self.assertTrue(self.bought(order), "the rest is bought")
        self.assertFalse(order.dropship_open_hold_ids)
        self.assertEqual(self.amounts(order), [("Lamp", 34.9, "refund", "planned")])
        self.assertFalse(ledger, "no service is asked inside the answer")
        for _time in range(2):
            self.run_cron("cron_customer_refunds")
        self.assertEqual(ledger, [-34.9])
        self.assertEqual(self.amounts(order), [("Lamp", 34.9, "refund", "sent")])
        self.assertIn("34.90", self.mails(order)[-1][1])

    def test_exactly_one_answer_counts(self):
        order, question = self.asked()
        shown = {row[0]: row[2] for row in question._shown()}
        self.assertEqual(self.answer(question, "refund", shown=shown["refund"]), "done")
        self.assertEqual(self.answer(question, "cancel", shown=shown["cancel"]), "already")
        self.assertEqual(self.answer(question, "refund", shown=shown["refund"]), "already")
        self.assertEqual(order.state, "sale")
        self.assertEqual(len(self.amounts(order)), 1)

    def test_other_figures_are_shown_again_first(self):
        order, question = self.asked()
        shown = {row[0]: row[2] for row in question._shown()}
        with self.subTest("the order changed"):
            self.line(order, self.lamp).price_unit = 20
            self.assertEqual(self.answer(question, "refund", shown=shown["refund"]), "changed")
            self.assertEqual((question.state, question.options["refund"]["less"]), ("open", 20.0))
        with self.subTest("the substitute is gone"):
            self.spare.stock = 0
            self.assertEqual(self.answer(question, "substitute", shown=shown["substitute"]), "changed")
            self.assertNotIn("substitute", question.options)
        for nonsense in ("", "nonsense", "missing", "unlink", None):
            with self.subTest(nonsense):
                self.assertEqual(self.answer(question, nonsense, shown="x"), "changed")
        self.assertEqual(question.state, "open")

    def test_wait_and_then_it_comes(self):
        order, question = self.asked()
        self.assertEqual(self.answer(question, "wait"), "done")
        self.assertEqual(question.wait_until, fields.Date.today() + timedelta(days=10))
        self.assertIn("The customer waits until", order.dropship_waiting)
        self.restock()
        order.order_line._dropship_source()
        self.assertEqual((question.state, question.ending), ("closed", "sourced"))
        self.assertTrue(self.bought(order))

    def test_who_waited_is_asked_once_more(self):
        order, question = self.asked()
        self.answer(question, "wait")
        question.wait_until = fields.Date.today() - timedelta(days=1)
        self.run_cron("cron_customer_questions")
        again = order.dropship_question_ids - question
        self.assertEqual((question.ending, again.state, again.round), ("again", "open", 2))
        self.assertNotIn("wait", again.options)
        self.assertEqual(self.answer(again, "wait"), "changed")

    def test_substitute_with_the_difference_back(self):
        order, question = self.asked()
        lamp = self.line(order, self.lamp)
        self.assertEqual(self.answer(question, "substitute", picks={lamp.id: self.night_light.id}), "done")
        self.assertEqual(lamp.product_uom_qty, 0)
        instead = self.line(order, self.night_light)
        self.assertEqual((instead.product_uom_qty, instead.price_total), (1.0, 29.9))
        self.assertEqual(order.amount_total, 47.7)
        self.assertIn(("Night light", 1.0, 9.0), self.bought(order)["Rhein"])
        self.assertEqual([row[:2] for row in self.amounts(order)], [("Lamp", 5.0)])
        self.assertIn("Night light", question.outcome_text())

    def test_a_product_that_was_not_offered_is_refused(self):
        order, question = self.asked()
        lamp = self.line(order, self.lamp)
        self.assertEqual(self.answer(question, "substitute", picks={lamp.id: self.stand.id}), "changed")
        self.assertEqual(lamp.product_uom_qty, 1.0)

    def test_cancel_all(self):
        ledger = self.service()
        order, question = self.asked()
        self.assertEqual(self.answer(question, "cancel"), "done")
        self.assertEqual((order.state, question.state, question.answer), ("cancel", "answered", "cancel"))
        self.run_cron("cron_customer_refunds")
        self.assertEqual(ledger, [-52.7])
        self.assertIn("52.70", question.money_text())

    def test_what_suppliers_have_cannot_be_cancelled(self):
        self.policy.on_missing = "buy_rest"
        order, question = self.asked()
        self.assertTrue(self.bought(order))
        self.assertNotIn("cancel", question.options)
        self.assertEqual(self.answer(question, "refund"), "done")
        self.assertEqual(order.amount_total, 17.8)
        self.assertEqual(sum(map(len, self.bought(order).values())), 2)

    def test_alone_in_the_order_means_cancel(self):
        order, question = self.asked(self.lamp)
        self.assertNotIn("refund", question.options)
        self.assertEqual(question.options["cancel"]["amount"], 34.9)
        self.assertEqual(self.answer(question, "cancel"), "done")
        self.assertEqual(order.state, "cancel")


@tagged("post_install", "-at_install", "standard")
class TestNoSourceMoney(NoSourceCase):
    def test_partial_quantities(self):
        """Two of three lamps are there."""
        self.two_left()
        order = self.make_sale((self.lamp, 2.0), self.stand)
        self.pay(order, 34.9 * 3 + 9.9)
        order.action_confirm()
        lamp = self.line(order, self.lamp)
        lamp.product_uom_qty = 3
        question = order._dropship_ask_customer()
        self.assertEqual(question.options["missing"], {str(lamp.id): 1.0})
        self.assertEqual(self.answer(question, "refund"), "done")
        self.assertEqual(lamp.product_uom_qty, 2)
        self.assertEqual([row[1] for row in self.amounts(order)], [34.9])

    def test_discounts_of_the_order_are_shared(self):
        order = self.hero()
        coupon = self.env["product.product"].create({"name": "Coupon", "type": "service"})
        order.order_line = [
            Command.create({"product_id": coupon.id, "price_unit": -5.27, "tax_ids": [Command.set(self.tax.ids)]})
        ]
        self.assertEqual(order.amount_total, 47.43)
        self.pay(order)
        order.action_confirm()
        question = order._dropship_ask_customer()
        self.assertEqual(question.options["refund"]["amount"], 31.41)
        self.assertEqual(self.answer(question, "refund"), "done")
        self.assertEqual(order.amount_total, 16.02)
        self.assertEqual([row[1] for row in self.amounts(order)], [31.41])

    def test_the_delivery_charge_stays_with_the_rest(self):
        order = self.hero()
        carrier = self.env["product.product"].create({"name": "Delivery", "type": "service"})
        order.order_line = [
            Command.create(
                {
                    "product_id": carrier.id,
                    "price_unit": 4.9,
                    "is_delivery": True,
                    "tax_ids": [Command.set(self.tax.ids)],
                }
            )
        ]
        self.pay(order)
        order.action_confirm()
        question = order._dropship_ask_customer()
        self.assertEqual(question.options["refund"]["amount"], 34.9)
        self.assertEqual(question.options["cancel"]["amount"], 57.6)

    def test_prices_without_tax(self):
        self.tax.price_include_override = "tax_excluded"
        order, question = self.asked()
        self.assertEqual(question.options["refund"]["amount"], 41.53)
        self.answer(question, "refund")
        self.assertEqual(order.amount_total, 21.18)

    def test_the_agreed_price_stays_when_the_quantity_falls(self):
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Tiers",
                "company_id": self.company.id,
                "item_ids": [
                    Command.create(
                        {
                            "applied_on": "0_product_variant",
                            "product_id": self.lamp.id,
                            "min_quantity": 3,
                            "compute_price": "fixed",
                            "fixed_price": 30.0,
                        }
                    )
                ],
            }
        )
        self.two_left()
        order = self.make_sale((self.lamp, 2.0), self.stand, pricelist_id=pricelist.id)
        order.action_confirm()
        lamp = self.line(order, self.lamp)
        lamp.product_uom_qty = 3
        self.assertEqual(lamp.price_unit, 30.0)
        question = order._dropship_ask_customer()
        self.answer(question, "refund")
        self.assertEqual((lamp.product_uom_qty, lamp.price_unit), (2.0, 30.0))

    def test_not_paid_means_less_to_pay(self):
        order, question = self.asked(paid=False)
        self.assertEqual((question.options["refund"]["amount"], question.options["refund"]["less"]), (0.0, 34.9))
        self.assertEqual(question.options["cancel"]["amount"], 0.0)
        self.answer(question, "refund")
        self.assertEqual((order.amount_total, self.amounts(order)), (17.8, []))
        self.assertFalse(question.money_text())

    def test_a_deposit_is_given_back_above_what_is_owed(self):
        order = self.hero()
        self.pay(order, 20.0)
        order.action_confirm()
        question = order._dropship_ask_customer()
        self.assertEqual(question.options["refund"]["amount"], 2.2)

    def test_what_no_service_gives_back_a_person_pays(self):
        self.service(support="none")
        order, question = self.asked()
        self.answer(question, "refund")
        self.assertEqual(self.amounts(order), [("Lamp", 34.9, "person", "person")])
        activity = order.activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref("dropship_flow.activity_pay_back")
        )
        self.assertIn("34.90", activity.summary)
        question.refund_ids.action_paid()
        question.refund_ids.action_paid()
        self.assertEqual(question.refund_ids.state, "done")

    def test_all_or_nothing_services(self):
        self.service(support="full_only")
        order, question = self.asked()
        self.answer(question, "refund")
        self.assertEqual(self.amounts(order), [("Lamp", 34.9, "person", "person")])
        order, question = self.asked()
        self.answer(question, "cancel")
        self.assertEqual(self.amounts(order), [("", 52.7, "refund", "planned")])

    def test_an_authorisation_is_released(self):
        ledger = self.service()
        order = self.hero()
        self.pay(order, state="authorized")
        order.action_confirm()
        question = order._dropship_ask_customer()
        self.answer(question, "cancel")
        self.run_cron("cron_customer_refunds")
        self.assertEqual(ledger, ["void"])
        self.assertEqual(self.amounts(order), [("", 52.7, "void", "sent")])

    def test_a_refusal_of_the_service_goes_to_a_person(self):
        for answer in ("error", "crash"):
            with self.subTest(answer):
                ledger = self.service(answer=answer)
                order, question = self.asked()
                self.answer(question, "refund")
                with mute_logger("odoo.addons.dropship_flow.models.customer_refund"):
                    for _time in range(2):
                        self.run_cron("cron_customer_refunds")
                self.assertEqual(len(ledger), 1, "never asked twice")
                self.assertEqual(self.amounts(order), [("Lamp", 34.9, "refund", "person")])
                self.assertTrue(question.refund_ids.note)

    def test_a_request_cut_off_is_never_repeated(self):
        ledger = self.service()
        _order, question = self.asked()
        self.answer(question, "refund")
        row = question.refund_ids
        row._set_state("sending")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE dropship_customer_refund SET write_date = write_date - interval '2 hours' WHERE id = %s", [row.id]
        )
        row.invalidate_recordset()
        self.run_cron("cron_customer_refunds")
        self.assertEqual((ledger, row.state), ([], "person"))
        self.assertIn("interrupted", row.note)

    def test_money_somebody_gave_back_already_is_not_given_twice(self):
        ledger = self.service()
        order, question = self.asked()
        self.answer(question, "refund")
        order.transaction_ids._refund(30.0)
        self.run_cron("cron_customer_refunds")
        self.assertEqual(ledger, [-30.0])
        self.assertEqual(question.refund_ids.state, "person")

    def test_the_database_refuses_a_second_refund(self):
        _order, question = self.asked()
        self.answer(question, "refund")
        with self.refused():
            question.refund_ids.copy({"split": question.refund_ids.split})

    def test_what_was_billed_is_credited(self):
        tax = self.books()
        order = self.hero()
        coupon = self.env["product.product"].create({"name": "Coupon", "type": "service", "invoice_policy": "order"})
        order.order_line = [
            Command.create({"product_id": coupon.id, "price_unit": -5.27, "tax_ids": [Command.set(tax.ids)]})
        ]
        order.action_confirm()
        order._create_invoices().action_post()
        self.pay(order)
        question = order._dropship_ask_customer()
        self.answer(question, "refund")
        credit = order.invoice_ids.filtered(lambda move: move.move_type == "out_refund")
        self.assertEqual((credit.state, credit.amount_total), ("draft", 31.41))
        self.assertEqual(order.amount_total, 16.02)
        self.assertFalse(order.order_line.filtered("qty_to_invoice"))
        self.assertTrue(order.activity_ids)

    def test_a_cancelled_bill_is_credited_in_full(self):
        self.books()
        order = self.hero(confirm=True)
        order._create_invoices().action_post()
        self.pay(order)
        question = order._dropship_ask_customer()
        self.answer(question, "cancel")
        credit = order.invoice_ids.filtered(lambda move: move.move_type == "out_refund")
        self.assertEqual((credit.state, credit.amount_total), ("draft", 52.7))

    def test_a_locked_order_follows_its_customer(self):
        order, question = self.asked()
        order.action_lock()
        self.assertEqual(self.answer(question, "refund"), "done")
        self.assertEqual((order.locked, order.amount_total), (True, 17.8))
        self.assertTrue(self.bought(order))

    def test_another_currency(self):
        usd = self.currency("USD", rate=2.0)
        pricelist = self.env["product.pricelist"].create(
            {"name": "Dollar", "currency_id": usd.id, "company_id": self.company.id}
        )
        order, question = self.asked(pricelist_id=pricelist.id)
        self.assertEqual(question.options["refund"]["amount"], 69.8)
        self.answer(question, "refund")
        self.assertEqual(question.refund_ids.currency_id, usd)


@tagged("post_install", "-at_install", "standard")
class TestNoSourceDefaults(NoSourceCase):
    def test_reminded_once_at_half_time(self):
        order, question = self.asked()
        question.remind_at = fields.Datetime.now() - timedelta(minutes=1)
        for _time in range(2):
            self.run_cron("cron_customer_questions")
        self.assertEqual([subject.startswith("Reminder") for subject, _body in self.mails(order)], [False, True])

    def test_the_policy_decides_for_who_does_not_answer(self):
        for default, state in (("refund", "sale"), ("cancel", "cancel"), ("wait", "sale"), ("nothing", "sale")):
            with self.subTest(default):
                self.policy.ask_default = default
                order, question = self.asked()
                self.late(question)
                for _time in range(2):
                    self.run_cron("cron_customer_questions")
                self.assertEqual((question.state, question.answer, order.state), ("defaulted", default, state))
                self.assertFalse(question.answered_by_id)
                self.assertEqual(len(self.mails(order)), 2, "asked, and told the outcome once")

    def test_after_the_deadline_no_answer_counts(self):
        _order, question = self.asked()
        self.late(question)
        self.assertEqual(self.answer(question, "cancel"), "expired")
        self.assertEqual(question.state, "open")

    def test_a_default_that_is_not_possible_goes_to_a_person_or_means_the_same(self):
        self.policy.ask_default = "refund"
        order, question = self.asked(self.lamp)
        self.assertEqual(question.default_answer, "cancel")
        self.late(question)
        self.run_cron("cron_customer_questions")
        self.assertEqual(order.state, "cancel")

    def test_an_error_is_kept_and_the_others_go_on(self):
        self.policy.ask_default = "refund"
        broken, question = self.asked()
        fine, other = self.asked()
        self.late(question)
        self.late(other)
        original = self.registry["sale.order"]._dropship_credit

        def credit(order, *args):
            if order == broken:
                raise ValueError("no journal")
            return original(order, *args)

        self.patch(self.registry["sale.order"], "_dropship_credit", credit)
        with mute_logger("odoo.addons.dropship_flow.models.customer_cron"):
            self.run_cron("cron_customer_questions")
        self.assertEqual((question.state, other.state), ("open", "defaulted"))
        self.assertIn("no journal", question.error)
        self.assertEqual((broken.amount_total, fine.amount_total), (52.7, 17.8))
        self.registry["sale.order"]._dropship_credit = original
        question.action_retry()
        self.assertEqual((question.state, question.error), ("defaulted", False))

    def test_who_waits_in_vain_twice_gets_a_person(self):
        self.policy.ask_default = "wait"
        order, question = self.asked()
        for _time in range(2):
            self.late(order.dropship_question_ids[0])
            self.run_cron("cron_customer_questions")
            order.dropship_question_ids[0].wait_until = fields.Date.today() - timedelta(days=1)
            self.run_cron("cron_customer_questions")
        self.assertEqual(len(order.dropship_question_ids), 2)
        self.assertEqual(order.dropship_question_ids[0].answer, "nothing")
        self.assertEqual(question.ending, "again")


@tagged("post_install", "-at_install", "standard")
class TestNoSourcePeople(NoSourceCase):
    def test_the_desk_asks_and_the_others_do_not(self):
        order = self.hero(confirm=True)
        desk = self.make_login("user")
        desk.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        self.env.invalidate_all()
        order.with_user(desk).action_dropship_ask_customer()
        question = order.dropship_question_ids
        self.assertEqual(question.with_user(desk).link, question.link)
        for role in ("employee", "portal"):
            stranger = self.make_login(role)
            with self.subTest(role):
                self.assertFalse(self.env["dropship.customer.question"].with_user(stranger).has_access("read"))
                with self.assertRaises(UserError):
                    question.with_user(stranger).action_withdraw()
                with self.assertRaises(UserError):
                    order.with_user(stranger).action_dropship_ask_customer()
        with self.assertRaises(AccessError):
            question.with_user(desk).write({"answer": "cancel"})
        question.with_user(desk).action_withdraw()
        self.assertEqual((question.state, question.ending), ("closed", "withdrawn"))
        self.assertTrue(order.dropship_can_ask)

    def test_holds_are_asked_about_in_bulk(self):
        orders = self.hero(confirm=True) | self.hero(confirm=True)
        orders.dropship_open_hold_ids.with_user(self.make_login("buyer")).action_ask_customer()
        self.assertEqual(orders.dropship_question_ids.mapped("state"), ["open", "open"])

    def test_buyers_without_rights_on_sales_read_the_question(self):
        _order, question = self.asked()
        buyer = self.make_login("buyer")
        self.env.invalidate_all()
        names = ("goods", "link", "order_id", "partner_id", "answer", "state", "currency_id")
        (values,) = question.with_user(buyer).web_read({name: {} for name in names})
        self.assertEqual(values["goods"], "1 × Lamp")

    def test_who_answers_for_the_customer_is_remembered(self):
        order, question = self.asked()
        desk = self.make_login("user", name="Dora Desk")
        self.answer(question, "refund", by=desk)
        self.assertEqual(question.answered_by_id, desk)
        self.assertIn("Dora Desk answered", "".join(order.message_ids.mapped("body")))

    def test_another_company_sees_nothing_of_it(self):
        _order, question = self.asked()
        other = self.make_company("Elsewhere")
        desk = self.make_login("manager", company=other)
        theirs = question.with_user(desk).with_context(allowed_company_ids=other.ids)
        self.assertFalse(theirs.search([("id", "=", question.id)]))
        with self.assertRaises(AccessError):
            theirs.action_withdraw()

    def test_customers_hear_nothing_of_suppliers(self):
        order, question = self.asked()
        self.answer(question, "refund")
        words = " ".join(f"{subject} {body}" for subject, body in self.mails(order))
        for name in (*self.suppliers, "supplier", "purchase", "cost "):
            self.assertNotIn(name, words)
        outside = order.message_ids.filtered(lambda message: not message.subtype_id.internal)
        self.assertNotIn("answered the question", "".join(outside.mapped("body")))

    def test_mails_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.anna.lang = "zh_CN"
        order, question = self.asked()
        template = self.env.ref("dropship_flow.mail_question_reminder")
        template.with_context(lang="zh_CN").subject = "提醒"
        question._mail("reminder")
        self.assertEqual(self.mails(order)[-1][0], "提醒")
