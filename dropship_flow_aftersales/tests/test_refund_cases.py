import re
from decimal import Decimal as D
from pathlib import Path

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .. import refunding
from ..models.refund.words import SENTENCES, sentences
from .common_refund import RefundCase


@tagged("post_install", "-at_install", "standard")
class TestRefundCases(RefundCase):
    """What was agreed in a case is carried out: goods stopped first, money once."""

    def agree(self, case, kind, qty=None, **more):
        """Agree, where the policy has not done so at once: what has not arrived is called off without a question."""
        if case.acceptance != "accepted":
            case._record("accept", "agent", offer=self.offer(case, kind, qty, **more))
        self.assertEqual([bound.offer.kind for bound in case._fold().bound], [kind])
        return case.resolution_ids

    def test_what_was_agreed_is_quoted_and_refunded_alike(self):
        order = self.sold((self.lamp, 2, 50))
        case = self.open_case((order.order_line, 1, "dislike"))
        offer = self.offer(case, "return", conditions=(("fee", {"percent": "10"}),))
        quote = case._quote(offer)
        self.assertEqual((quote["money"], quote["credit"], quote["refused"]), (D("45.00"), D("45.00"), []))
        self.assertEqual(quote["lines"][0]["fee"], D("5.00"))
        case._record("accept", "agent", offer=offer)
        resolution = case.resolution_ids
        self.assertEqual((resolution.state, resolution.refund_ids.money), ("done", 45.0))
        self.assertEqual(case.refund_ids, resolution.refund_ids)

    def test_keep_it_for_an_agreed_amount(self):
        order = self.sold((self.lamp, 2, 50), (self.stand, 1, 20))
        lamp, stand = order.order_line
        case = self.open_case((lamp, 2, "damaged"), (stand, 1, "damaged"))
        resolution = self.agree(case, "keep", amount=D("30.00"))
        self.assertEqual((resolution.state, resolution.refund_ids.money), ("done", 30.0))
        self.assertEqual(sum(resolution.refund_ids.line_ids.mapped("total")), 30.0)

    def test_an_agreed_amount_is_given_to_the_cent_where_taxes_come_on_top(self):
        account = self.accounts["Output tax"]
        self.lamp.taxes_id = self.make_vat(19.0, "sale", account, name="top", price_include_override="tax_excluded")
        order = self.sold((self.lamp, 3, 119.34))
        case = self.open_case((order.order_line, 3, "dislike"))
        for number, amount in enumerate(("100.00", "100.01", "100.02", "100.03", "100.04", "100.05")):
            with self.subTest(amount=amount):
                result = case._quote(self.offer(case, "return", amount=D(amount)))
                self.assertEqual((result["credit"], result["money"]), (D(amount), D(amount)), number)
        refund = self.agree(case, "return", amount=D("100.03")).refund_ids
        self.assertEqual((refund.credit, refund.credit_note_id.amount_total), (100.03, 100.03))

    def test_all_that_was_paid_can_be_agreed_on(self):
        """The order says a yen more of a line than its invoice does."""
        yen = self.currency("JPY", 163.21)
        self.company.tax_calculation_rounding_method = "round_globally"
        account = self.accounts["Output tax"]
        lines = ((9608, 0, ("inside", "tax_included", 13.0)), (7785, 33, ("more inside", "tax_included", 19.0)),
                 (4154, 33, ("on top", "tax_excluded", 19.0)))  # fmt: skip
        order = self.make_sale(
            *[(product, 1, price) for product, (price, _d, _t) in zip(self.goods, lines, strict=True)],
            pricelist_id=self.env["product.pricelist"].create({"name": "JPY", "currency_id": yen.id}).id,
        )
        for line, (_price, discount, (name, how, percent)) in zip(order.order_line, lines, strict=True):
            line.discount = discount
            line.tax_ids = self.make_vat(percent, "sale", account, name=name, price_include_override=how)
        order.action_confirm()
        self.pay(order)
        self.invoice(order)
        worths = order._dropship_refund_worth(D(1))
        lines = order.order_line[:2]
        case = self.open_case(*[(line, 1, "listing") for line in lines])
        whole = sum(worths[line][1].total for line in lines)
        quote = case._quote(self.offer(case, "keep", amount=whole))
        self.assertEqual((quote["refused"], quote["credit"]), ([], whole))

    def test_an_agreed_amount_is_spread_by_what_the_pieces_cost(self):
        order = self.sold((self.lamp, 5, 10), (self.stand, 1, 10))
        lamp, stand = order.order_line
        case = self.open_case((lamp, 1, "damaged"), (stand, 1, "damaged"))
        resolution = self.agree(case, "keep", amount=D("15.00"))
        self.assertEqual((resolution.state, resolution.refund_ids.line_ids.mapped("total")), ("done", [7.5, 7.5]))

    def test_an_agreed_amount_for_goods_that_come_back(self):
        order = self.sold((self.lamp, 3, 33.33))
        case = self.open_case((order.order_line, 3, "dislike"))
        resolution = self.agree(case, "return", amount=D("77.77"))
        self.assertEqual(resolution.refund_ids.money, 77.77)

    def test_refund_only_for_a_lost_parcel(self):
        order = self.sold((self.lamp, 2, 50))
        case = self.open_case((order.order_line, 2, "lost"))
        resolution = self.agree(case, "refund_only")
        self.assertEqual((resolution.state, resolution.refund_ids.money), ("done", 100.0))
        resolution._carry_out()
        resolution.action_retry()
        self.assertEqual(len(order.dropship_refund_book_ids), 1)

    def test_a_case_over_two_orders_is_two_refunds(self):
        first, second = self.sold((self.lamp, 1, 50)), self.sold((self.stand, 1, 30))
        case = self.open_case((first.order_line, 1, "dislike"), (second.order_line, 1, "dislike"))
        resolution = self.agree(case, "return")
        self.assertEqual(sorted(resolution.refund_ids.mapped("money")), [30.0, 50.0])

    def test_what_cannot_be_refunded_is_a_persons(self):
        order = self.sold((self.lamp, 1, 50), paid=False)
        case = self.open_case((order.order_line, 1, "dislike"))
        resolution = self.agree(case, "return")
        self.assertEqual(resolution.state, "person")
        self.assertIn("never paid", resolution.error)
        self.assertFalse(order.dropship_refund_book_ids)
        self.pay(order)
        resolution.action_retry()
        self.assertEqual((resolution.state, resolution.refund_ids.money), ("done", 50.0))

    def test_the_way_back_goes_by_who_was_to_pay_and_who_did(self):
        """(payer, our label, freight, insurer paid) -> (credited, paid back besides)"""
        for payer, label, insured, expected in (
            ("customer", True, 0, (44.0, 0.0)),
            ("customer", False, 0, (50.0, 0.0)),
            ("us", True, 0, (50.0, 0.0)),
            ("us", False, 0, (50.0, 6.0)),
            ("us", False, 4, (50.0, 2.0)),
        ):
            with self.subTest(payer=payer, label=label, insured=insured):
                order = self.sold((self.lamp, 1, 50))
                case = self.open_case((order.order_line, 1, "dislike"))
                terms = {"to": "us", "after": "received", "conditions": (("payer", {"payer": payer}),)}
                case._record("accept", "agent", offer=self.offer(case, "return", **terms))
                if label:
                    case._add_label("label.pdf", b"%PDF-1.4")
                parcel = case._send_back(f"WAYBACK{case.id}", freight=6.0)
                self.assertEqual(parcel.payer, payer, "as agreed")
                if insured:
                    insurance = self.env["dropship.freight.insurance"].create(
                        {"name": f"YFX-{case.id}", "order_id": order.id, "premium": 0.8}
                    )
                    insurance._pay_out(insured, "customer")
                case._receive(parcel, {case.line_ids: 1}, "agent")
                refund = case.resolution_ids.refund_ids
                self.assertEqual((refund.credit, refund.reimbursed), expected)

    def test_what_was_sent_instead_is_worth_what_it_stands_for(self):
        order = self.sold((self.lamp, 2, 50))
        case = self.open_case((order.order_line, 1, "damaged"))
        case._record("accept", "agent", offer=self.offer(case, "replacement"))
        instead = case.resolution_ids.sale_order_ids
        self.assertEqual((instead.state, instead.amount_total), ("sale", 0.0))
        self.arrive(instead)
        later = self.open_case((instead.order_line, 1, "damaged"))
        resolution = self.agree(later, "return")
        self.assertEqual((resolution.error, resolution.refund_ids.money), (False, 50.0))
        self.assertEqual(resolution.refund_ids.order_id, order)
        again = self.open_case((order.order_line, 1, "dislike"))
        self.assertEqual(self.agree(again, "return").refund_ids.money, 50.0)
        self.assertEqual(sum(order.dropship_refund_book_ids.mapped("money")), order.amount_total)

    def arrive(self, order):
        purchase = order.dropship_purchase_ids
        purchase._dropship_accept()
        number = f"00349{order.id:015d}"
        purchase._dropship_take_parcels([{"number": number, "carrier": "DHL"}])
        self.scan(self.box(number), "picked_up", hours=30)
        self.scan(self.box(number), "delivered", hours=4)
        order.invalidate_recordset()

    def test_an_agreed_amount_is_spread_by_what_pieces_cost(self):
        order = self.sold((self.lamp, 10, 2), (self.stand, 1, 20))
        lamp, stand = order.order_line
        case = self.open_case((lamp, 1, "dislike"), (stand, 1, "dislike"))
        resolution = self.agree(case, "keep", amount=D("11.00"))
        rows = {row.order_line_id: row.total for row in resolution.refund_ids.line_ids}
        self.assertEqual((rows[lamp], rows[stand]), (1.0, 10.0))

    def test_what_was_refunded_without_a_case_is_not_asked_for_again(self):
        order = self.sold((self.lamp, 3, 50))
        self.refund(order, ("refund_only", order.order_line, 2))
        with self.refused("2 of"):
            self.open_case((order.order_line, 2, "dislike"))
        self.assertTrue(self.open_case((order.order_line, 1, "dislike")))

    # --- what did not arrive ---

    def cancelled(self, qty=1, lines=((50, 1),)):
        ((price, bought),) = lines
        order = self.sold((self.lamp, bought, price), delivered=False, invoiced=False)
        case = self.open_case((order.order_line, qty, "dislike"))
        return order, self.agree(case, "cancel")

    def test_cancel_waits_for_the_supplier(self):
        order, resolution = self.cancelled()
        request = self.env["dropship.change.request"].search([("resolution_id", "=", resolution.id)])
        self.assertEqual((request.kind, request.state, resolution.state), ("cancel", "asked", "planned"))
        self.assertFalse(order.dropship_refund_book_ids)
        resolution._carry_out()
        self.assertEqual(len(self.env["dropship.change.request"].search([("resolution_id", "=", resolution.id)])), 1)
        request._answer("yes")
        self.assertEqual((resolution.state, resolution.refund_ids.money), ("done", 50.0))
        self.assertEqual((order.order_line.product_uom_qty, order.order_line.qty_to_invoice), (0.0, 0.0))
        self.assertFalse(self.bought(order), "nothing is bought again")
        order.order_line._dropship_source()
        self.assertFalse(self.bought(order))
        self.send_money()
        self.assertEqual((self.ledger, order.dropship_money_open), ([-50.0], 0.0))
        self.assertEqual(len(order.dropship_refund_ids), 1, "the desk's own refunds do not come on top")

    def test_cancel_a_part(self):
        order, resolution = self.cancelled(1, ((50, 3),))
        request = self.env["dropship.change.request"].search([("resolution_id", "=", resolution.id)])
        self.assertEqual(request.kind, "quantity")
        request._answer("yes")
        self.assertEqual((resolution.state, resolution.refund_ids.money), ("done", 50.0))
        self.assertEqual(order.order_line.product_uom_qty, 2.0)
        self.assertEqual([rows[0][1] for rows in self.bought(order).values()], [2.0])
        self.assertTrue(self.open_case((order.order_line, 2, "dislike")), "the others can still be asked for")
        self.assertEqual(len(order.dropship_refund_ids), 1)

    def test_too_late_is_an_answer(self):
        for answer in ("no", "too_late"):
            order, resolution = self.cancelled()
            self.env["dropship.change.request"].search([("resolution_id", "=", resolution.id)])._answer(answer)
            self.assertEqual(resolution.state, "person")
            self.assertIn("cannot stop", resolution.error)
            self.assertFalse(order.dropship_refund_book_ids)

    def test_nothing_was_bought_yet(self):
        self.policy.automation = "ask"
        order = self.make_sale((self.lamp, 1, 50), confirm=True)
        self.pay(order)
        case = self.open_case((order.order_line, 1, "dislike"))
        resolution = self.agree(case, "cancel")
        self.assertEqual((resolution.state, resolution.refund_ids.money), ("done", 50.0))
        order.action_dropship_release()
        self.assertFalse(self.bought(order))

    def test_cancelling_what_is_not_paid_sets_reserved_money_free(self):
        self.policy.automation = "ask"
        order = self.make_sale((self.lamp, 2, 50))
        self.pay(order, state="authorized")
        order.action_confirm()
        self.patch(self.registry["payment.transaction"], "_send_void_request", lambda tx: self.ledger.append("void"))
        first = self.agree(self.open_case((order.order_line, 1, "dislike")), "cancel")
        self.assertEqual((first.state, order.order_line.product_uom_qty), ("done", 1.0))
        self.assertFalse(order.dropship_refund_ids, "the rest is still to be paid with it")
        second = self.agree(self.open_case((order.order_line, 1, "dislike")), "cancel")
        self.assertEqual((second.state, order.order_line.product_uom_qty), ("done", 0.0))
        self.send_money()
        self.assertEqual((self.ledger, order.dropship_refund_ids.state), (["void"], "sent"))
        self.assertFalse(order.dropship_refund_book_ids)

    def test_what_is_paid_and_what_is_not_are_called_off_together(self):
        self.policy.automation = "ask"
        paid, open_order = (self.make_sale((self.lamp, 2, 50)) for _order in range(2))
        self.pay(paid)
        self.pay(open_order, state="authorized")
        (paid | open_order).action_confirm()
        case = self.open_case((paid.order_line, 2, "dislike"), (open_order.order_line, 1, "dislike"))
        resolution = self.agree(case, "cancel")
        self.assertEqual((resolution.state, resolution.error), ("done", False))
        self.assertEqual(resolution.refund_ids.mapped("money"), [100.0])
        self.assertEqual(open_order.order_line.product_uom_qty, 1.0)

    def test_a_parcel_is_stopped_first(self):
        purchase = self.buy((self.lamp, 1, 50), accept=True)
        order = purchase.dropship_allocation_ids.order_id
        self.pay(order)
        purchase._dropship_take_parcels([{"number": "0034000000012345", "carrier": "DHL"}])
        box = self.box("0034000000012345")
        self.scan(box, "picked_up", hours=5)
        case = self.open_case((order.order_line, 1, "dislike"))
        resolution = self.agree(case, "intercept")
        self.assertEqual((box.intercept, resolution.state), ("asked", "planned"))
        box._stop_answered(True)
        self.assertEqual((resolution.state, resolution.refund_ids.money), ("done", 50.0))

    def test_that_it_turned_round_is_not_enough(self):
        purchase = self.buy((self.lamp, 1, 50), accept=True)
        order = purchase.dropship_allocation_ids.order_id
        self.pay(order)
        purchase._dropship_take_parcels([{"number": "0034000000012347", "carrier": "DHL"}])
        box = self.box("0034000000012347")
        self.scan(box, "picked_up", hours=9)
        resolution = self.agree(self.open_case((order.order_line, 1, "dislike")), "intercept")
        self.scan(box, "returning", hours=5)
        resolution._carry_out()
        self.assertEqual((resolution.state, resolution.refund_ids.ids), ("planned", []))
        self.scan(box, "returned", hours=1)
        self.assertEqual((resolution.state, resolution.refund_ids.money), ("done", 50.0))

    def test_a_parcel_that_could_not_be_stopped(self):
        purchase = self.buy((self.lamp, 1, 50), accept=True)
        order = purchase.dropship_allocation_ids.order_id
        self.pay(order)
        purchase._dropship_take_parcels([{"number": "0034000000012346", "carrier": "DHL"}])
        box = self.box("0034000000012346")
        self.scan(box, "picked_up", hours=5)
        resolution = self.agree(self.open_case((order.order_line, 1, "dislike")), "intercept")
        box._stop_answered(False)
        self.assertEqual(resolution.state, "person")
        self.assertIn("could not be stopped", resolution.error)
        self.assertFalse(order.dropship_refund_book_ids)

    def test_cancelling_what_has_left_is_too_late(self):
        order = self.sold((self.lamp, 1, 50), invoiced=False)
        resolution = self.agree(self.open_case((order.order_line, 1, "dislike")), "cancel")
        self.assertEqual(resolution.state, "person")
        self.assertIn("has left already", resolution.error)


@tagged("post_install", "-at_install", "standard")
class TestRefundWizard(RefundCase):
    """A refund without a case: seen before it is done, by the same reckoning."""

    def agent(self):
        user = self.login("user")
        user.group_ids |= self.env.ref("dropship_flow_aftersales.group_aftersales_agent")
        user.group_ids |= self.env.ref("sales_team.group_sale_salesman_all_leads")
        return user

    def wizard(self, order, kind, user=None, **vals):
        wizard = self.env["dropship.refund.wizard"].with_user(user or self.agent()).create({"order_id": order.id})
        qtys = vals.pop("lines", {})
        wizard.write({"kind": kind, **vals})
        for line in wizard.line_ids:
            if line.order_line_id in qtys:
                line.write(qtys[line.order_line_id])
        return wizard

    def test_an_agent_sees_what_it_comes_to_and_does_it_once(self):
        order = self.sold((self.lamp, 2, 50))
        wizard = self.wizard(order, "return", fee=10, lines={order.order_line: {"qty": 1}})
        self.assertEqual((wizard.money, wizard.credit, wizard.refused), (45.0, 45.0, ""))
        self.assertIn("45.00", wizard.statement)
        self.assertIn("19", wizard.statement)
        action = wizard.action_refund()
        self.assertEqual(self.env["dropship.refund"].browse(action["res_id"]).money, 45.0)
        wizard.action_refund()
        self.assertEqual(order.dropship_refund_count, 1)
        self.assertEqual(order.dropship_refund_book_ids.user_id, self.agent())

    def test_every_kind(self):
        order = self.sold((self.lamp, 4, 50), (self.stand, 1, 20))
        self.pay(order)
        lamp = order.order_line[:1]
        kinds = {
            "return": ({"qty": 1}, 50.0),
            "keep": ({"percent": 50, "qty": 1}, 25.0),
            "refund_only": ({"qty": 1}, 50.0),
            "price_difference": ({"amount": 5}, 5.0),
            "goodwill": (3.0, 3.0),
            "paid_twice": (0.0, 220.0),
        }
        for kind, (figures, money) in kinds.items():
            by_line = isinstance(figures, dict)
            vals = {"lines": {lamp: figures}} if by_line else {"amount": figures}
            wizard = self.wizard(order, kind, self.env.user, **vals)
            with self.subTest(kind):
                self.assertEqual((wizard.refused, wizard.money), ("", money))
                wizard.action_refund()
        self.assertEqual(len(order.dropship_refund_book_ids), len(kinds))

    def test_refusals_are_said_before_the_button(self):
        order = self.sold((self.lamp, 1, 50))
        wizard = self.wizard(order, "goodwill", amount=60)
        self.assertIn("only", wizard.refused)
        self.assertFalse(wizard.statement)
        with self.refused("only"):
            wizard.action_refund()
        self.assertIn("Choose what is refunded", self.wizard(order, "return").refused)

    def test_agents_up_to_the_limit_managers_above(self):
        self.company.dropship_refund_limit = 40.0
        order = self.sold((self.lamp, 1, 50))
        wizard = self.wizard(order, "goodwill", amount=41)
        with self.assertRaisesRegex(AccessError, "up to"):
            wizard.action_refund()
        self.assertTrue(self.wizard(order, "goodwill", amount=40).action_refund())
        manager = self.agent()
        manager.group_ids |= self.env.ref("dropship_flow_aftersales.group_aftersales_manager")
        self.assertTrue(self.wizard(order, "goodwill", manager, amount=10).action_refund())

    def test_nobody_else_refunds(self):
        order = self.sold((self.lamp, 1, 50))
        wizard = self.wizard(order, "goodwill", self.env.user, amount=5)
        with self.assertRaises(AccessError):
            wizard.with_user(self.login("user")).action_refund()

    def test_not_shipped_is_stopped_first(self):
        order = self.sold((self.lamp, 1, 50), delivered=False, invoiced=False)
        wizard = self.wizard(order, "not_shipped", lines={order.order_line: {"qty": 1}})
        self.assertEqual(wizard.action_refund()["tag"], "display_notification")
        self.assertFalse(order.dropship_refund_book_ids)
        self.env["dropship.change.request"].search([("order_id", "=", order.id)])._answer("yes")
        wizard.action_refund()
        self.assertEqual(order.dropship_refund_book_ids.money, 50.0)

    def test_the_rest_is_called_off_after_a_piece_came_back(self):
        order = self.sold((self.lamp, 3, 50), delivered=False)
        purchase = order.dropship_purchase_ids
        self.told(purchase, "003400000001", (purchase.order_line, 1), carrier="DHL")
        line = order.order_line
        self.assertTrue(self.wizard(order, "refund_only", lines={line: {"qty": 1}}).action_refund())
        self.assertTrue(line._dropship_stop_units(1, None), "the supplier is asked")
        asked = self.env["dropship.change.request"].search([("order_id", "=", order.id)])
        self.assertEqual(asked.new_values["qty"], f"{float(asked.old_values['qty']) - 1:g}", "one piece, not two")

    def test_the_form_reckons_while_one_types(self):
        order = self.sold((self.lamp, 2, 50))
        wizard = self.env["dropship.refund.wizard"].create({"order_id": order.id})
        with Form(wizard) as form:
            form.kind = "return"
            with form.line_ids.edit(0) as line:
                line.qty = 2
            self.assertEqual(form.money, 100.0)

    def test_the_button_on_the_order(self):
        order = self.sold((self.lamp, 1, 50))
        action = order.with_user(self.agent()).action_dropship_refund()
        self.assertEqual(action["res_model"], "dropship.refund.wizard")
        self.refund(order, ("return", order.order_line, 1))
        self.assertEqual(order.dropship_refund_count, 1)
        found = self.env["dropship.refund"].search(order.action_dropship_refunds()["domain"])
        self.assertEqual(found, order.dropship_refund_book_ids)


@tagged("post_install", "-at_install", "standard")
class TestRefundWords(RefundCase):
    def test_every_code_has_words(self):
        codes = set()
        for path in Path(refunding.__file__).parent.glob("*.py"):
            text = path.read_text(encoding="utf-8")
            codes |= set(re.findall(r'(?:Refused\(|_warn\(|yield \(?)"([a-z_0-9]+)"', text))
            codes |= set(re.findall(r'warnings\.append\(\("([a-z_0-9]+)"', text))
        codes |= {"more_than_delivered", "more_than_undelivered", "more_than_invoiced", "promotion_lost"}
        codes |= {"promotion_restored", "not_collected", "never_paid", "not_a_number", "negative", "too_large"}
        self.assertGreater(len(codes), 25)
        self.assertFalse(codes - set(SENTENCES))

    def test_words_name_products_and_money(self):
        order = self.sold((self.lamp, 1, 50))
        (text,) = sentences(
            self.env, [("more_than_paid", {"line": order.order_line.id, "asked": D(60), "left": D("50.00")})], order
        )
        self.assertIn("Lamp", text)
        self.assertIn("60.00", text)
        self.assertIn("€", text)
