import random

from odoo import fields
from odoo.tests import tagged

from .test_acknowledgement import AnswerCase

SEEDS = range(12)
PARTS = ("goods", "freight", "fees", "duty", "landed")


@tagged("post_install", "-at_install", "standard")
class TestAcknowledgementRandom(AnswerCase):
    """Whatever suppliers answer, in whatever order: a model of ten lines in plain Python knows the outcome."""

    def test_random_answers(self):
        for seed in SEEDS:
            with self.subTest(seed):
                self.live(random.Random(seed))

    def live(self, dice):
        """One order, several answers, and after each the sums."""
        wanted = {product: float(dice.randint(1, 7)) for product in (self.lamp, self.stand, self.cable)}
        order = self.make_sale(*wanted.items(), confirm=True)
        sold = order.amount_total
        for round_ in range(4):
            purchases = order.dropship_purchase_ids.filtered(
                lambda purchase: (
                    purchase.state in ("sent", "purchase")
                    and purchase.dropship_warehouse_id == self.warehouses["Rhein"]
                )
            )
            for purchase in purchases:
                self.one_answer(dice, purchase, round_)
            self.check_whole(order)
            self.assertEqual(order.amount_total, sold)
            self.check_rows(order)
        moves = order.dropship_purchase_ids.order_line.move_ids.filtered(lambda move: move.state != "cancel")
        for product, quantity in wanted.items():
            moving = sum(move.product_qty for move in moves if move.product_id == product)
            self.assertLessEqual(moving, quantity)

    def one_answer(self, dice, purchase, round_):
        """Answer some lines at random, and compare with what plain arithmetic says."""
        entries, expected = [], {}
        money = {part: sum(purchase.dropship_allocation_ids.mapped(part)) for part in PARTS}
        rows = purchase.dropship_allocation_ids
        drift = sum(rows.mapped("drift"))
        for line in purchase.order_line:
            open_qty = int(line.product_qty)
            if not open_qty or dice.random() < 0.3:
                continue
            accepted = dice.randint(0, open_qty)
            backordered = dice.randint(0, open_qty - accepted)
            rejected = open_qty - accepted - backordered
            entry = {
                "line": str(line.id),
                "accepted": accepted,
                "backordered": backordered,
                "rejected": rejected,
                "date": str(fields.Date.today()),
            }
            if dice.random() < 0.4:
                price = line.dropship_allocation_ids.filtered(lambda row: row.state != "released")[:1].purchase_price
                entry["price"] = round(price * dice.choice([0.95, 1.03, 1.08]), 2)
            entries.append(entry)
            expected[line] = (accepted, backordered, entry.get("price"))
        if not entries:
            return
        self.answer(purchase, "changed", *entries, reason=f"round {round_} of {purchase.name}")
        after = purchase.dropship_allocation_ids
        drift = sum(after.mapped("drift")) - drift
        for part in PARTS:
            more = drift if part in ("goods", "landed") else 0.0
            self.assertAlmostEqual(sum(after.mapped(part)), money[part] + more, 2, part)
        if purchase.state == "cancel":
            self.assertFalse(sum(accepted + backordered for accepted, backordered, _price in expected.values()))
            return
        for line, (accepted, backordered, price) in expected.items():
            self.assertAlmostEqual(line.product_qty, accepted + backordered, 6)
            kept = line.dropship_allocation_ids.filtered(lambda row: row.state == "accepted")
            of = {"accepted": 0.0, "backordered": 0.0}
            for row in kept:
                of["backordered" if row.ack_state == "backordered" else "accepted"] += row.buy_qty
            self.assertEqual(of, {"accepted": accepted, "backordered": backordered})
            if price and kept:
                self.assertAlmostEqual(line.price_unit, price, 6)

    def check_rows(self, order):
        rows = order.dropship_allocation_ids
        keys = [(row.line_id, row.product_id, row.component, row.attempt, row.split) for row in rows]
        self.assertEqual(len(keys), len(set(keys)))
        for row in rows:
            parts = row.goods + row.freight + row.fees + row.duty
            self.assertAlmostEqual(row.landed, parts, 2)
            for part in PARTS:
                self.assertAlmostEqual(row[part], round(row[part], 2), 6, part)
