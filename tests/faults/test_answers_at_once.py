"""Several answers to one purchase at the same instant: one after the other, never half of each."""

import pytest
from harness import retried, rounds, rpc
from invariants import broken
from work import quotations


@pytest.fixture
def by_hand(shop):
    """Suppliers do not accept by themselves, during the test."""
    with shop.world() as world:
        world.env["dropship.supplier"].search([]).answer_mode = "manual"
    yield
    with shop.world() as world:
        world.env["dropship.supplier"].search([]).answer_mode = "auto"


def bought(shop):
    """A confirmed sale: (its id, [(purchase id, [(line key, quantity)])])."""
    (order_id,) = quotations(shop, 1)
    with shop.env() as env:
        order = env["sale.order"].browse(order_id)
        order.action_confirm()
        return order_id, [
            (purchase.id, [(str(line.id), line.product_qty) for line in purchase.order_line])
            for purchase in order.dropship_purchase_ids
        ]


def said(purchase_id, way, answer):
    def work(env):
        message = env["purchase.order"].browse(purchase_id)._dropship_say(answer, way)
        return message.id

    return retried(work)


def covered(shop, order_id):
    """[(ordered, covered)] of the lines, and what is held."""
    lines = shop.sql(
        """SELECT line.product_uom_qty, COALESCE(SUM(row.qty) FILTER (WHERE row.state <> 'released'), 0)
             FROM sale_order_line line LEFT JOIN dropship_allocation row ON row.line_id = line.id
            WHERE line.order_id = %s GROUP BY line.id, line.product_uom_qty""",
        order_id,
    )
    held = shop.sql("SELECT 1 FROM dropship_hold WHERE order_id = %s AND state = 'open'", order_id)
    return lines, bool(held)


def test_many_answers_at_once(shop, by_hand):
    """Accepted, refused and taken in part by eight workers: every unit is bought exactly once afterwards."""
    for _round in range(rounds(4)):
        order_id, purchases = bought(shop)
        for purchase_id, lines in purchases:
            part = [{"line": key, "accepted": max(qty - 1, 0), "rejected": min(qty, 1)} for key, qty in lines]
            answers = shop.together(
                said(purchase_id, "a", {"status": "accepted"}),
                said(purchase_id, "b", {"status": "accepted"}),
                said(purchase_id, "c", {"status": "changed", "lines": part}),
                said(purchase_id, "c", {"status": "changed", "lines": part}),
                said(purchase_id, "d", {"status": "rejected", "reason_code": "out_of_stock"}),
                rpc(shop.user("buyer"), "purchase.order", "action_dropship_accept", [purchase_id]),
            )
            refused = [answer for answer in answers if not answer.fine and answer.error != "UserError"]
            assert not refused, refused
        assert broken(shop, [order_id]) == []
        lines, held = covered(shop, order_id)
        assert held or all(ordered == open_qty for ordered, open_qty in lines), lines
        doubles = shop.sql("SELECT key FROM dropship_exchange GROUP BY key HAVING count(*) > 1")
        assert not doubles
