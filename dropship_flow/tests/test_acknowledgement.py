from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..connectors import answer as answer_form
from .common_flow import FlowCase


class AnswerCase(FlowCase):
    """A basket bought at Rhein, who is asked and answers; the others stand by."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rhein = cls.suppliers["Rhein"]
        for supplier in cls.suppliers.values():
            supplier.answer_mode = "manual"
        cls.connection = cls.env["dropship.connection"].create(
            {"name": "Rheinlager", "endpoint": "https://rhein.example", "company_id": cls.company.id}
        )
        cls.rhein.connection_id = cls.connection
        # Rhein wins every basket here, Dawn comes second.
        for name, price in (("Dawn", 17.0), ("Yiwu", 17.5)):
            cls.offers[name, cls.lamp].price = price

    def buy(self, *lines, **vals):
        """A confirmed sale; returns (order, its purchase)."""
        order = self.make_sale(*lines, confirm=True, **vals)
        purchase = order.dropship_purchase_ids
        self.assertEqual((purchase.state, len(purchase)), ("sent", 1))
        return order, purchase

    def answer(self, purchase, status="changed", *lines, **vals):
        """The supplier's system answers; returns the message."""
        raw = {"ref": purchase.name, "status": status, "lines": list(lines), **vals}
        message = self.env["dropship.exchange"]._receive(self.connection, answer_form.clean(raw))
        for found in message:
            found._process()
        self.env.flush_all()
        return message

    def key(self, purchase, product):
        return str(purchase.order_line.filtered(lambda line: line.product_id == product).id)

    def rows(self, order):
        """{(supplier, answer, state): quantity} of what counts."""
        result = {}
        for row in order.dropship_allocation_ids:
            key = (row.supplier_id.name, row.ack_state or "", row.state)
            result[key] = result.get(key, 0.0) + row.qty
        return result

    def check_whole(self, order):
        """I1: what is open plus what left is what the customer ordered; purchases order what their rows buy."""
        for line in order.order_line:
            rows = line.dropship_allocation_ids
            covered = sum(row._covered() for row in rows)
            held = order.dropship_hold_ids.filtered(lambda hold: hold.state == "open")
            if not held:
                self.assertAlmostEqual(covered, line.product_uom_qty, 6)
        for purchase in order.dropship_purchase_ids.filtered(lambda purchase: purchase.state != "cancel"):
            for line in purchase.order_line:
                rows = line.dropship_allocation_ids
                open_qty = sum(row.buy_qty if row.state != "released" else row.qty_shipped for row in rows)
                self.assertAlmostEqual(line.product_uom_qty, open_qty, 6)
                if purchase.state == "purchase":
                    moving = sum(move.product_qty for move in line.move_ids if move.state != "cancel")
                    self.assertAlmostEqual(moving, open_qty, 6)


@tagged("post_install", "-at_install", "standard")
class TestAcknowledgement(AnswerCase):
    """What suppliers answer, line by line."""

    def test_three_now_one_later_one_never(self):
        """Scenario 25: only what he does not have is bought elsewhere, and every cent stays in its place."""
        order, purchase = self.buy((self.lamp, 5.0))
        row = order.dropship_allocation_ids
        before = {part: row[part] for part in ("goods", "freight", "fees", "duty", "landed")}
        day = fields.Date.today() + timedelta(days=1)
        row.promised_date = day + timedelta(days=30)
        said = {"line": self.key(purchase, self.lamp), "accepted": 3, "backordered": 1, "rejected": 1, "date": str(day)}
        self.answer(purchase, "changed", said | {"reason_code": "out_of_stock"})
        mine = order.dropship_allocation_ids.filtered(lambda row: row.purchase_id == purchase)
        self.assertEqual(
            sorted((row.ack_state, row.state, row.qty) for row in mine),
            [("accepted", "accepted", 3.0), ("backordered", "accepted", 1.0), ("refused", "released", 1.0)],
        )
        for part, amount in before.items():
            self.assertAlmostEqual(sum(mine.mapped(part)), amount, 2, part)
        self.assertEqual(purchase.state, "purchase")
        self.assertEqual(purchase.order_line.product_qty, 4.0)
        self.assertEqual(purchase.order_line.price_unit, 15.9)
        self.assertEqual(purchase.picking_ids.move_ids.product_uom_qty, 4.0)
        self.assertEqual(purchase.dropship_ack_status, "backordered")
        self.assertEqual(mine.filtered(lambda row: row.state == "released").release_reason, "refused")
        others = order.dropship_purchase_ids - purchase
        self.assertEqual(sum(others.order_line.mapped("product_qty")), 1.0)
        self.assertNotIn(self.rhein.partner_id, others.partner_id)
        self.assertEqual(
            sorted(mine.ack_ids.mapped("verdict")),
            ["accepted", "backordered", "rejected"],
        )
        self.assertEqual(mine.ack_ids.filtered("fault").reason_code, "out_of_stock")
        self.check_whole(order)

    def test_a_part_is_replaced_only_by_a_person(self):
        """Scenario 25, the substitute: three come, one later, one never, and for one he would send something else."""
        order, purchase = self.buy((self.lamp, 6.0))
        said = {"line": self.key(purchase, self.lamp), "accepted": 3, "backordered": 1, "rejected": 1}
        day = fields.Date.today()
        self.answer(purchase, "changed", said | {"date": str(day), "substitute": "LAMP-RED"})
        asked = order.dropship_allocation_ids.filtered(lambda row: row.ack_state == "asked")
        self.assertEqual((asked.qty, asked.state), (1.0, "submitted"))
        exception = order.dropship_exception_ids
        self.assertEqual(exception.kind, "substitute_offered")
        self.assertIn("LAMP-RED", exception.description)
        buyer = self.make_login("buyer")
        with self.assertRaises(UserError):
            exception.with_user(buyer).action_accept_substitute()
        exception.with_user(buyer).action_buy_elsewhere()
        self.assertEqual((exception.state, asked.state), ("solved", "released"))
        self.assertEqual(purchase.order_line.product_qty, 4.0)
        self.check_whole(order)

    def test_the_same_product_under_another_number_is_taken_by_a_person(self):
        order, purchase = self.buy((self.lamp, 2.0))
        self.make_offer(self.warehouses["Rhein"], self.lamp, 15.9, sku="LAMP-NEW")
        self.answer(purchase, "changed", {"line": self.key(purchase, self.lamp), "substitute": "LAMP-NEW"})
        self.assertEqual(purchase.state, "sent")
        order.dropship_exception_ids.with_user(self.make_login("buyer")).action_accept_substitute()
        self.assertEqual(purchase.state, "purchase")
        self.assertEqual(order.dropship_allocation_ids.offer_id.sku, "LAMP-NEW")
        self.assertEqual(order.dropship_allocation_ids.ack_ids.decision, "agreed")
        self.check_whole(order)

    def test_one_line_answered_leaves_the_others_waiting(self):
        order, purchase = self.buy(self.lamp, self.stand, self.cable)
        self.answer(purchase, "changed", {"line": self.key(purchase, self.lamp), "accepted": 1})
        self.assertEqual((purchase.state, purchase.dropship_ack_status), ("sent", "part"))
        self.assertEqual(order.dropship_ack_status, "part")
        self.answer(purchase, "accepted", {"line": self.key(purchase, self.stand), "accepted": 1})
        self.assertEqual((purchase.state, purchase.dropship_ack_status), ("purchase", "accepted"))
        self.assertEqual(len(order.dropship_ack_ids), 3)
        self.check_whole(order)

    def test_a_refused_line_leaves_the_rest_where_it_is(self):
        order, purchase = self.buy(self.lamp, self.stand, self.cable)
        self.answer(purchase, "rejected", {"line": self.key(purchase, self.cable), "reason_code": "discontinued"})
        self.assertEqual(purchase.state, "sent")
        self.assertNotIn("Cable", [name for name, _qty, _price in self.bought(order)["Rhein"]])
        self.answer(purchase, "accepted")
        self.assertEqual(purchase.state, "purchase")
        self.assertEqual(len(purchase.picking_ids.move_ids.filtered(lambda move: move.state != "cancel")), 2)
        self.check_whole(order)

    def test_less_than_ordered_is_short(self):
        order, purchase = self.buy((self.lamp, 5.0))
        self.answer(purchase, "accepted", {"sku": "", "line": self.key(purchase, self.lamp), "accepted": 4})
        short = order.dropship_allocation_ids.filtered(lambda row: row.release_reason == "short")
        self.assertEqual(short.qty, 1.0)
        self.assertEqual(short.ack_ids.reason_code, "not_enough")
        self.check_whole(order)

    # --- prices ---

    def test_a_small_rise_is_taken_and_kept_as_drift(self):
        order, purchase = self.buy((self.lamp, 2.0))
        total = order.amount_total
        landed = purchase.dropship_landed
        self.answer(purchase, "changed", {"line": self.key(purchase, self.lamp), "price": 16.4})
        self.assertEqual((purchase.state, purchase.order_line.price_unit), ("purchase", 16.4))
        self.assertAlmostEqual(purchase.dropship_drift, 1.0, 2)
        self.assertAlmostEqual(order.dropship_drift, 1.0, 2)
        self.assertAlmostEqual(purchase.dropship_landed, landed + 1.0, 2)
        self.assertAlmostEqual(order.order_line.purchase_price, 16.4, 2)
        self.assertEqual(order.amount_total, total, "the customer's price never changes")
        answer = order.dropship_ack_ids
        self.assertEqual((answer.verdict, answer.asked_price, answer.price), ("changed", 15.9, 16.4))
        self.assertEqual(purchase.dropship_ack_status, "changed")

    def test_a_lower_price_is_taken(self):
        order, purchase = self.buy((self.lamp, 2.0))
        self.answer(purchase, "accepted", {"line": self.key(purchase, self.lamp), "price": 15.0})
        self.assertEqual(purchase.order_line.price_unit, 15.0)
        self.assertAlmostEqual(order.dropship_drift, -1.8, 2)

    def test_a_high_price_moves_on_where_another_is_cheaper(self):
        order, purchase = self.buy(self.lamp, self.stand, self.cable)
        self.answer(purchase, "changed", {"line": self.key(purchase, self.lamp), "price": 95.0})
        row = order.dropship_allocation_ids.filtered(lambda row: row.release_reason == "price")
        self.assertEqual(row.product_id, self.lamp)
        self.assertEqual(row.ack_ids.decision, "elsewhere")
        change = purchase.dropship_exchange_ids.filtered(lambda message: message.kind == "change")
        self.assertEqual(change.content["lines"][0]["qty"], 0)
        self.assertFalse(order.dropship_exception_ids)
        self.check_whole(order)

    def nobody_else(self):
        for name in ("Dawn", "Yiwu", "Ningbo"):
            self.suppliers[name].write({"blocked": True, "block_reason": "no"})

    def test_a_high_price_is_a_persons_where_nobody_else_is(self):
        self.nobody_else()
        order, purchase = self.buy((self.lamp, 2.0))
        decision = order.dropship_decision_id
        self.answer(purchase, "changed", {"line": self.key(purchase, self.lamp), "price": 25.0})
        self.assertEqual((purchase.state, purchase.order_line.price_unit), ("sent", 15.9))
        self.assertEqual(order.dropship_decision_id, decision, "what was tried left nothing behind")
        self.assertFalse(order.dropship_open_hold_ids)
        self.assertEqual(len(order.dropship_allocation_ids), 1)
        exception = order.dropship_exception_ids
        self.assertEqual(exception.kind, "price_raised")
        self.answer(purchase, "changed", {"line": self.key(purchase, self.lamp), "price": 25.0}, serial=2, reason="!")
        self.assertEqual(len(order.dropship_ack_ids), 1, "said twice, asked once")
        exception = order.dropship_exception_ids
        with self.assertRaises(AccessError):
            exception.with_user(self.make_login("user")).action_accept_price()
        buyer = self.make_login("buyer")
        exception.with_user(buyer).action_accept_price()
        self.assertEqual((purchase.state, purchase.order_line.price_unit), ("purchase", 25.0))
        self.assertAlmostEqual(order.dropship_drift, 18.2, 2)
        self.assertEqual((order.dropship_ack_ids.decision, order.dropship_ack_ids.decided_by_id), ("agreed", buyer))
        self.check_whole(order)

    def test_a_refused_price_waits_for_a_person(self):
        self.nobody_else()
        order, purchase = self.buy((self.lamp, 2.0))
        self.answer(purchase, "changed", {"line": self.key(purchase, self.lamp), "price": 25.0})
        order.dropship_exception_ids.with_user(self.make_login("buyer")).action_refuse_offer()
        self.assertEqual(purchase.state, "cancel")
        self.assertEqual(purchase.dropship_exchange_ids.filtered(lambda row: row.direction == "out")[:1].kind, "order")
        self.assertTrue(order.dropship_open_hold_ids)

    def test_the_profit_floor_stops_even_a_small_rise(self):
        self.nobody_else()
        order, purchase = self.buy((self.lamp, 2.0))
        self.policy.write({"use_margin_floor": True, "margin_floor": float(order._dropship_profit_now()) - 0.5})
        self.answer(purchase, "changed", {"line": self.key(purchase, self.lamp), "price": 16.4})
        self.assertEqual(order.dropship_exception_ids.kind, "price_raised")
        self.policy.margin_floor -= 1
        self.answer(purchase, "changed", {"line": self.key(purchase, self.lamp), "price": 16.4}, reason="please")
        self.assertFalse(order.dropship_exception_ids)
        self.assertEqual(purchase.order_line.price_unit, 16.4)

    def test_the_profit_is_the_routers(self):
        order, _purchase = self.buy(self.lamp, self.stand, self.cable)
        self.assertAlmostEqual(float(order._dropship_profit_now()), order.dropship_decision_id.profit, 2)

    # --- days ---

    def test_a_day_within_the_promise_is_recorded(self):
        order, purchase = self.buy(self.lamp)
        row = order.dropship_allocation_ids
        promised = row.promised_date = fields.Date.today() + timedelta(days=10)
        day = fields.Date.today() + timedelta(days=2)
        self.answer(purchase, "accepted", {"line": self.key(purchase, self.lamp), "date": str(day)})
        self.assertEqual((row.ships_on, row.state), (day, "accepted"))
        self.assertEqual(row.promised_date, promised)
        self.assertTrue(day < row.ack_ids.arrival_date < promised)

    def test_a_day_too_late_moves_on_where_another_keeps_the_promise(self):
        order, purchase = self.buy(self.lamp)
        row = order.dropship_allocation_ids
        row.promised_date = fields.Date.today() + timedelta(days=20)
        late = {"line": self.key(purchase, self.lamp), "date": str(fields.Date.today() + timedelta(days=40))}
        self.answer(purchase, "accepted", late)
        self.assertEqual((row.state, row.release_reason), ("released", "date"))
        self.assertEqual(purchase.state, "cancel")
        self.check_whole(order)

    def test_a_day_too_late_is_taken_where_nobody_is_faster(self):
        order, purchase = self.buy(self.lamp)
        row = order.dropship_allocation_ids
        late = {"line": self.key(purchase, self.lamp), "date": str(fields.Date.today() + timedelta(days=40))}
        self.answer(purchase, "accepted", late)
        self.assertEqual((row.state, row.ack_state), ("accepted", "changed"))
        self.assertGreater(row.promised_date, fields.Date.today() + timedelta(days=40))
        self.assertEqual(purchase.state, "purchase")

    def test_who_waits_by_policy_waits(self):
        self.policy.late_answer = "wait"
        order, purchase = self.buy((self.lamp, 2.0))
        order.dropship_allocation_ids.promised_date = fields.Date.today() + timedelta(days=20)
        late = {"line": self.key(purchase, self.lamp), "accepted": 1, "backordered": 1}
        self.answer(purchase, "accepted", late)
        self.assertEqual(
            self.rows(order), {("Rhein", "accepted", "accepted"): 1.0, ("Rhein", "backordered", "accepted"): 1.0}
        )

    def test_a_backorder_without_a_day_is_bought_elsewhere(self):
        order, purchase = self.buy((self.lamp, 2.0))
        order.dropship_allocation_ids.promised_date = fields.Date.today() + timedelta(days=20)
        self.answer(purchase, "accepted", {"line": self.key(purchase, self.lamp), "accepted": 1, "backordered": 1})
        released = order.dropship_allocation_ids.filtered(lambda row: row.release_reason == "date")
        self.assertEqual(released.qty, 1.0)
        self.check_whole(order)
