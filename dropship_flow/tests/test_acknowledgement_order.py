from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_acknowledgement import AnswerCase


@tagged("post_install", "-at_install", "standard")
class TestAcknowledgementOrder(AnswerCase):
    """Answers that do not fit, come late, twice or in the wrong order: handled and kept."""

    def untouched(self, purchase, message, words):
        """Nothing of the answer was done; it waits for a person, and says why."""
        self.assertEqual(message.state, "parked")
        self.assertIn(words, message.error)
        self.assertEqual(purchase.state, "sent")
        rows = purchase.dropship_allocation_ids
        self.assertEqual((set(rows.mapped("state")), set(rows.mapped("ack_state"))), ({"submitted"}, {False}))
        self.assertFalse(purchase.dropship_ack_ids)
        exception = purchase.dropship_sale_id.dropship_exception_ids
        self.assertEqual(exception.kind, "ack_mismatch")
        self.assertIn(words, exception.description)

    # --- scenario 20: an answer about something else ---

    def test_a_line_of_another_purchase(self):
        _order, purchase = self.buy(self.lamp)
        _other, theirs = self.buy(self.lamp)
        key = self.key(theirs, self.lamp)
        self.untouched(purchase, self.answer(purchase, "changed", {"line": key, "accepted": 1}), key)
        self.assertEqual(theirs.state, "sent")

    def test_more_than_ordered(self):
        _order, purchase = self.buy((self.lamp, 2.0), self.stand)
        good = {"line": self.key(purchase, self.stand), "accepted": 1}
        message = self.answer(purchase, "accepted", good, {"line": self.key(purchase, self.lamp), "accepted": 3})
        self.untouched(purchase, message, "ordered were 2")

    def test_another_currency(self):
        self.currency("USD")
        _order, purchase = self.buy(self.lamp)
        price = {"line": self.key(purchase, self.lamp), "price": 15.9}
        self.untouched(purchase, self.answer(purchase, "accepted", price, currency="USD"), "USD")

    def test_prices_beyond_reason(self):
        for price in (0, 1.5, 159.01):
            with self.subTest(price):
                order, purchase = self.buy(self.lamp)
                answer = {"line": self.key(purchase, self.lamp), "price": price}
                self.untouched(purchase, self.answer(purchase, "accepted", answer), "cannot be meant")
                self.assertEqual(order.dropship_allocation_ids.purchase_price, 15.9)

    def test_an_unknown_sku(self):
        _order, purchase = self.buy(self.lamp)
        self.untouched(purchase, self.answer(purchase, "changed", {"sku": "NOPE", "accepted": 1}), "NOPE")

    def test_a_reference_nobody_knows_is_kept(self):
        _order, purchase = self.buy(self.lamp)
        message = self.env["dropship.exchange"]._receive(self.connection, {"ref": "P-X", "status": "accepted"})
        message._process()
        self.assertEqual((message.state, purchase.state), ("parked", "sent"))
        self.assertIn("P-X", message.error)

    def test_the_buyer_settles_what_did_not_fit(self):
        order, purchase = self.buy(self.lamp)
        self.answer(purchase, "changed", {"sku": "NOPE", "accepted": 1})
        exception = order.dropship_exception_ids
        buyer = self.make_login("buyer")
        for verb in (exception.with_user(buyer).action_supplier_agreed, exception.with_user(buyer).action_too_late):
            with self.assertRaises(UserError):
                verb()
        with self.assertRaises(AccessError):
            exception.with_user(self.make_login("user")).action_answer_settled()
        exception.with_user(buyer).action_answer_settled()
        self.assertEqual(exception.state, "solved")

    # --- scenario 24: an answer to what is bought elsewhere by now ---

    def moved(self):
        """A purchase that was cancelled and bought elsewhere."""
        order, purchase = self.buy(self.lamp)
        purchase._dropship_let_go(purchase.dropship_allocation_ids, "rerouted", "silent")
        order.order_line._dropship_source()
        self.assertEqual(purchase.state, "cancel")
        return order, purchase

    def test_accepted_after_the_order_moved_on(self):
        order, purchase = self.moved()
        bought = self.bought(order)
        message = self.answer(purchase, "accepted")
        self.assertEqual((message.state, purchase.state), ("processed", "cancel"))
        self.assertEqual(self.bought(order), bought)
        self.assertTrue(order.dropship_exception_ids)
        self.assertEqual(purchase.dropship_ack_ids.mapped("verdict"), ["late"])
        self.assertIn("cancel", purchase.dropship_exchange_ids.mapped("kind"))

    def test_refused_after_the_order_moved_on(self):
        order, purchase = self.moved()
        bought = self.bought(order)
        self.answer(purchase, "rejected", reason_code="out_of_stock")
        self.assertFalse(order.dropship_exception_ids)
        self.assertEqual(self.bought(order), bought)
        self.assertEqual(purchase.dropship_ack_ids.decision, "kept")

    def test_who_refused_and_then_accepts_is_asked_to_stop(self):
        order, purchase = self.buy(self.lamp)
        self.answer(purchase, "rejected")
        self.assertNotIn("cancel", purchase.dropship_exchange_ids.mapped("kind"))
        self.answer(purchase, "accepted")
        self.assertEqual(purchase.state, "cancel")
        self.assertIn("cancel", purchase.dropship_exchange_ids.mapped("kind"))
        self.assertTrue(order.dropship_exception_ids)
        self.check_whole(order)

    # --- twice, and in the wrong order ---

    def test_the_same_words_twice(self):
        order, purchase = self.buy((self.lamp, 5.0))
        said = {"line": self.key(purchase, self.lamp), "accepted": 4, "rejected": 1}
        self.answer(purchase, "changed", said)
        rows, answers = len(order.dropship_allocation_ids), len(order.dropship_ack_ids)
        self.assertFalse(self.answer(purchase, "changed", said, serial=9), "known, whatever its number")
        self.answer(purchase, "changed", said, reason="again")
        self.assertEqual((len(order.dropship_allocation_ids), len(order.dropship_ack_ids)), (rows, answers))
        self.check_whole(order)

    def test_an_older_answer_comes_after_a_newer(self):
        order, purchase = self.buy((self.lamp, 2.0))
        self.answer(purchase, "accepted", serial=3)
        late = self.answer(purchase, "rejected", serial=2)
        self.assertEqual((late.state, purchase.state), ("processed", "purchase"))
        self.answer(purchase, "received", serial=4)
        self.assertEqual(purchase.state, "purchase")
        self.check_whole(order)

    def test_refused_after_it_was_accepted(self):
        order, purchase = self.buy((self.lamp, 3.0))
        self.answer(purchase, "accepted")
        self.answer(purchase, "changed", {"line": self.key(purchase, self.lamp), "accepted": 2, "rejected": 1})
        self.assertEqual(purchase.picking_ids.move_ids.mapped("product_uom_qty"), [2.0])
        self.check_whole(order)
        self.answer(purchase, "rejected", reason="sold out")
        self.assertEqual(purchase.state, "cancel")
        self.check_whole(order)

    def ship(self, purchase, quantity=None):
        picking = purchase.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty if quantity is None else quantity
            move.picked = True
        backorder = {} if quantity is not None else {"skip_backorder": True}
        result = picking.with_context(skip_sms=True, **backorder).button_validate()
        if quantity is not None and isinstance(result, dict):
            form = self.env["stock.backorder.confirmation"].with_context(**result["context"])
            form.create({"pick_ids": picking.ids}).with_context(**result["context"]).process()
        self.env.flush_all()

    def test_accepted_and_refused_after_shipping(self):
        order, purchase = self.buy((self.lamp, 2.0))
        self.answer(purchase, "accepted")
        self.ship(purchase)
        self.answer(purchase, "accepted", reason="yes, yes")
        self.assertEqual(order.dropship_allocation_ids.state, "shipped")
        self.assertEqual(self.answer(purchase, "rejected").state, "parked")
        self.assertEqual(order.dropship_allocation_ids.state, "shipped")
        self.assertEqual(order.dropship_exception_ids.kind, "ack_mismatch")

    def test_the_rest_is_refused_after_a_part_left(self):
        order, purchase = self.buy((self.lamp, 5.0))
        self.answer(purchase, "accepted")
        self.ship(purchase, 2.0)
        self.assertEqual(order.dropship_allocation_ids.qty_shipped, 2.0)
        self.answer(purchase, "rejected", reason_code="out_of_stock")
        mine = order.dropship_allocation_ids.filtered(lambda row: row.purchase_id == purchase)
        self.assertEqual(sorted((row.state, row.qty) for row in mine), [("released", 3.0), ("shipped", 2.0)])
        self.assertEqual(purchase.order_line.product_qty, 2.0)
        self.check_whole(order)

    def test_the_parts_of_a_line_leave_in_their_order(self):
        order, purchase = self.buy((self.lamp, 4.0))
        self.policy.late_answer = "wait"
        self.answer(purchase, "changed", {"line": self.key(purchase, self.lamp), "accepted": 3, "backordered": 1})
        self.ship(purchase, 3.0)
        rows = order.dropship_allocation_ids.sorted("id")
        self.assertEqual(rows.mapped("qty_shipped"), [3.0, 0.0])
        self.ship(purchase)
        self.assertEqual(rows.mapped("qty_shipped"), [3.0, 1.0])
        self.assertEqual(set(rows.mapped("state")), {"shipped"})
        self.assertAlmostEqual(sum(row._purchase_cost() for row in rows), 4 * 15.9, 2)

    def test_we_asked_to_stop_and_he_does(self):
        order, purchase = self.buy(self.lamp)
        self.answer(purchase, "accepted")
        order._action_cancel()
        self.answer(purchase, "cancelled")
        self.assertEqual(purchase.state, "cancel")
        self.assertFalse(order.dropship_exception_ids)

    def test_an_answer_before_sending(self):
        self.policy.automation = "draft"
        order = self.make_sale(self.lamp, confirm=True)
        message = self.answer(order.dropship_purchase_ids, "accepted")
        self.assertEqual((message.state, order.dropship_purchase_ids.state), ("parked", "draft"))

    def test_a_line_a_person_added(self):
        _order, purchase = self.buy(self.lamp)
        purchase.order_line.create({"order_id": purchase.id, "product_id": self.cable.id, "product_qty": 1.0})
        by_hand = self.key(purchase, self.cable)
        message = self.answer(purchase, "changed", {"line": by_hand, "accepted": 0, "rejected": 1})
        self.assertEqual((message.state, purchase.state), ("parked", "sent"))
        self.assertIn("by hand", message.error)
        self.answer(purchase, "accepted", {"line": by_hand, "accepted": 1})
        self.assertEqual(purchase.state, "purchase")

    def test_locked_purchases_follow_too(self):
        self.company.po_lock = "lock"
        order, purchase = self.buy((self.lamp, 3.0))
        self.answer(purchase, "accepted")
        said = {"line": self.key(purchase, self.lamp), "accepted": 2, "rejected": 1, "price": 16.0}
        self.answer(purchase, "changed", said)
        self.assertEqual((purchase.order_line.product_qty, purchase.order_line.price_unit), (2.0, 16.0))
        self.check_whole(order)

    def test_the_price_goes_to_the_parts_that_stay(self):
        order, purchase = self.buy((self.lamp, 5.0))
        goods = order.dropship_allocation_ids.goods
        self.answer(
            purchase,
            "changed",
            {"line": self.key(purchase, self.lamp), "accepted": 3, "rejected": 2, "price": 16.5},
        )
        mine = order.dropship_allocation_ids.filtered(lambda row: row.purchase_id == purchase)
        kept = mine.filtered(lambda row: row.state == "accepted")
        self.assertAlmostEqual(kept.goods, 3 * 16.5, 2)
        self.assertAlmostEqual(sum(mine.mapped("goods")), goods + 3 * 0.6, 2)
        self.assertAlmostEqual(purchase.amount_untaxed, 3 * 16.5, 2)
        self.check_whole(order)

    def test_the_clock_runs_on_for_lines_without_an_answer(self):
        _order, purchase = self.buy(self.lamp, self.stand)
        purchase.dropship_warehouse_id.supplier_id.when_silent = "person"
        self.answer(purchase, "changed", {"line": self.key(purchase, self.lamp), "accepted": 1})
        self.assertTrue(purchase.dropship_answer_by)
        purchase.dropship_answer_by = "2020-01-01"
        self.env.flush_all()
        self.run_cron("cron_silent")
        self.assertIn("silent", purchase.dropship_sale_id.dropship_exception_ids.mapped("kind"))
