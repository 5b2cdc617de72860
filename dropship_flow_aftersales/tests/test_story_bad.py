from odoo.tests import tagged

from .common_story import StoryCase


@tagged("post_install", "-at_install", "standard")
class TestStoryBadInput(StoryCase):
    """What nobody may get: refused in words, and nothing is half done."""

    def counts(self, order):
        """How many documents there are: what a refusal must not change."""
        self.env.flush_all()
        models = ("dropship.return", "dropship.resolution", "dropship.refund", "dropship.customer.refund")
        return [self.env[name].search_count([]) for name in (*models, "sale.order", "dropship.claim", "account.move")]

    def test_an_exchange_nobody_can_supply(self):
        order = self.sold((self.lamp, 1, 34.9))
        case = self.ask((order.order_line, 1, "defective", self.shown()))
        vase = self.make_product("Vase", list_price=20.0, taxes_id=[(6, 0, self.vat_out.ids)])
        before = self.counts(order)
        chosen = (("exchange_for", {"line": case.line_ids.id, "product": vase.id}),)
        with self.refused("Vase cannot be supplied now. Possible instead: .*Money Back"):
            case._record("offer", "agent", offer=self.offer(case, "exchange", conditions=chosen))
        self.assertEqual(self.counts(order), before)
        self.assertEqual(case.acceptance, "asked")

    def test_a_second_request_for_one_piece(self):
        order = self.sold((self.lamp, 1, 34.9))
        first = self.ask((order.order_line, 1, "defective", self.shown(wanted="keep")))
        before = self.counts(order)
        for reason in ("defective", "changed_mind", "not_received"):
            with self.subTest(reason), self.refused("0 .*left"):
                self.ask((order.order_line, 1, reason, self.shown(wanted="return")))
        self.assertEqual(self.counts(order), before)
        self.assertEnded(first)
        # The same form sent twice is one request.
        other = self.sold((self.lamp, 2, 34.9))
        cases = [self.ask((other.order_line, 1, "defective", self.shown()), key="form 1") for _click in range(2)]
        self.assertEqual(cases[0], cases[1])

    def test_a_refund_after_a_chargeback(self):
        order = self.sold((self.lamp, 1, 34.9))
        order.transaction_ids.dropship_charged_back = 34.9
        case = self.ask((order.order_line, 1, "defective", self.shown(wanted="keep")))
        self.assertEqual(case.resolution_ids.state, "person")
        self.assertIn("bank took back", case.resolution_ids.error)
        self.assertPaidBack(order)
        self.assertFalse(case.refund_ids)

    def test_an_unpaid_order(self):
        order = self.make_sale((self.lamp, 1, 34.9))
        with self.refused("confirmed orders"):
            self.ask((order.order_line, 1, "not_shipped"))
        order = self.sold((self.lamp, 1, 34.9), paid=False)
        case = self.ask((order.order_line, 1, "defective", self.shown(wanted="keep")))
        self.assertEqual(case.resolution_ids.state, "person")
        self.assertIn("never paid", case.resolution_ids.error)
        self.assertPaidBack(order)

    def test_a_claim_accepted_twice_and_with_another_amount(self):
        order = self.sold((self.lamp, 1, 34.9))
        case = self.ask((order.order_line, 1, "defective", self.shown(wanted="keep")))
        claim = self.hand_in(case.case_claim_ids)
        stamp = claim._desk_stamp()
        claim._desk_answer({"answer": "accepted"}, stamp)
        self.assertEqual((claim.state, claim.amount_granted), ("accepted", 8.8))
        claim._desk_answer({"answer": "accepted"}, stamp)  # the same click
        self.says(claim, "partly", "mail 2", amount="5.00", currency="EUR")
        self.says(claim, "accepted", "mail 3", amount="100.00", currency="EUR")
        self.assertEqual(claim.amount_granted, 8.8)
        self.bill(order.dropship_purchase_ids, 1)
        statement = self.statement()
        self.assertEqual((statement.closing, statement.pending), (15.9, -8.8))

    def test_more_than_was_bought_and_another_ones_order(self):
        order = self.sold((self.lamp, 1, 34.9))
        for qty in (2, 0, -1, 1e10, float("nan")):
            with self.subTest(qty), self.refused("left|how many"):
                self.ask((order.order_line, qty, "defective", self.shown()))
        stranger = self.make_partner("Stranger", "DE", is_company=False, city="Berlin", zip="10115")
        other = self.make_sale((self.lamp, 1), partner=stranger, confirm=True)
        with self.refused("different customers"):
            self.ask((order.order_line, 1, "defective"), (other.order_line, 1, "not_shipped"))

    def test_the_window_is_over(self):
        order = self.long_ago(400, (self.lamp, 1, 34.9))
        self.pay(order)
        case = self.ask((order.order_line, 1, "changed_mind", {"wanted": "return"}))
        self.assertEqual(case.acceptance, "refused")
        self.assertIn("ended on", case._page("customer")["refusal"])
