"""Orders confirmed, routed, changed and cancelled by many workers at once: every line is bought exactly once."""

import re
import time

from harness import WORKERS, cron, on_query, rounds, rpc
from invariants import assert_bought_once, assert_bought_or_held, broken, lines, purchases
from work import press, quotations, route, unrouted

ONCE = "dropship_allocation_once"


# ----------------------------------------------------------------------
# Scenario 1: one order, many workers
# ----------------------------------------------------------------------


def test_one_order_confirmed_by_many(shop):
    """Exactly one purchase line per sale line, one purchase per supplier, seven clean refusals."""
    for _round in range(rounds(2)):
        (order_id,) = quotations(shop, 1)
        answers = shop.together(*[rpc(shop.user("user"), "sale.order", "action_confirm", [order_id])] * WORKERS)
        losers = [answer for answer in answers if not answer.fine]
        assert len(losers) == WORKERS - 1, answers
        assert {answer.error for answer in losers} == {"UserError"}
        assert all("state requiring confirmation" in answer.message for answer in losers)
        assert_bought_once(shop, [order_id])
        bought = purchases(shop, [order_id])[order_id]
        assert len({supplier for supplier, _state in bought}) == len(bought)


# ----------------------------------------------------------------------
# Scenarios 2 and 3: the same lines routed by many, and what keeps them apart
# ----------------------------------------------------------------------


def test_unrouted_lines_taken_by_cron_button_and_api(shop):
    """Nothing is bought twice and nobody sees an error, whoever comes first."""
    order_ids = unrouted(shop, rounds(5, 20))
    buyer = shop.user("buyer")
    answers = shop.together(
        *[cron("dropship_flow.cron_retry_holds")] * 2,
        *[press(buyer, order_ids)] * 3,
        *[route(order_ids, delay=0.6)] * 3,
    )
    assert all(answer.fine for answer in answers), answers
    assert_bought_once(shop, order_ids)


def without_row_writes(_job):
    """Break a worker: it changes no row of the sale, so that nothing but the unique index is left."""
    change = re.compile(r'\s*UPDATE\s+"?(sale_order|sale_order_line|dropship_hold|mail_activity)"?\s')
    on_query(lambda _count, text: bool(change.match(text)))


def doubles(shop, order_ids):
    """Lines of which another quantity is allocated or bought than was ordered."""
    return [row for row in lines(shop, order_ids) if not row[1] == row[2] == row[3]]


def race(shop, setup=None):
    """Eight workers route the same five lines at once; returns the order and their answers."""
    order_ids = unrouted(shop, 1)
    return order_ids, shop.together(*[route(order_ids, delay=0.05)] * WORKERS, setup=setup)


def test_row_write_alone_keeps_workers_apart(shop):
    """Mutation (a): the unique index is gone; the write of the sale's row still lets only one through."""
    shop.sql(f"ALTER TABLE dropship_allocation DROP CONSTRAINT {ONCE}")
    try:
        for _round in range(rounds(1, 10)):
            order_ids, answers = race(shop)
            assert all(answer.fine for answer in answers), answers
            assert_bought_once(shop, order_ids)
    finally:
        restore_once(shop)


def test_unique_index_alone_keeps_workers_apart(shop):
    """Mutation (b): no worker writes a row of the sale; the index still lets only one through."""
    for _round in range(rounds(1, 10)):
        order_ids, answers = race(shop, without_row_writes)
        assert all(answer.fine for answer in answers), answers
        assert not doubles(shop, order_ids)
        assert not broken(shop, order_ids)


def test_without_both_the_doubles_show(shop):
    """Mutation (c): these tests can see what they look for."""
    shop.sql(f"ALTER TABLE dropship_allocation DROP CONSTRAINT {ONCE}")
    order_ids, seen = [], []
    try:
        for _round in range(5):
            order_ids, _answers = race(shop, without_row_writes)
            seen = doubles(shop, order_ids)
            if seen:
                break
    finally:
        shop.sql("DELETE FROM dropship_allocation WHERE order_id = ANY(%s)", order_ids)
        restore_once(shop)
    assert seen, "workers without any protection bought nothing twice: the test is blind"


def restore_once(shop):
    shop.sql(
        f"ALTER TABLE dropship_allocation ADD CONSTRAINT {ONCE} UNIQUE (line_id, product_id, component, attempt, split)"
    )


# ----------------------------------------------------------------------
# Scenario 4: many orders, the same suppliers
# ----------------------------------------------------------------------


def test_many_orders_at_the_same_suppliers(shop):
    """Purchases of different sales never merge, so that nobody waits for anybody: all pass, each is exact."""
    for _round in range(rounds(1, 10)):
        order_ids = quotations(shop, WORKERS)
        answers = shop.together(
            *[rpc(shop.user("user"), "sale.order", "action_confirm", [order_id]) for order_id in order_ids]
        )
        assert all(answer.fine for answer in answers), answers
        assert_bought_once(shop, order_ids)
        mixed = shop.sql(
            """
            SELECT bought.order_id FROM purchase_order_line bought
              JOIN sale_order_line line ON line.id = bought.sale_line_id
             WHERE line.order_id = ANY(%s) GROUP BY bought.order_id HAVING count(DISTINCT line.order_id) > 1""",
            order_ids,
        )
        assert not mixed


# ----------------------------------------------------------------------
# Scenario 5: cancelled while being routed
# ----------------------------------------------------------------------


def slow_after_purchases(seconds):
    """For `setup`: a process that routes stands still after its purchases are made, before it commits."""

    def setup(_job):
        from odoo.addons.dropship_flow.models.router_procure import DropshipRouter  # noqa: PLC0415

        real = DropshipRouter._procure

        def _procure(self, allocations):
            real(self, allocations)
            self.env.flush_all()
            time.sleep(seconds)

        DropshipRouter._procure = _procure

    return setup


def test_cancelled_while_routed(shop):
    """A cancelled sale has no living purchase, unless the supplier is asked to stop it."""
    for number in range(rounds(4)):
        (order_id,) = unrouted(shop, 1) if number % 2 else quotations(shop, 1)
        user_id = shop.user("user")
        routing = route([order_id]) if number % 2 else rpc(user_id, "sale.order", "action_confirm", [order_id])
        answers = shop.together(
            routing,
            rpc(user_id, "sale.order", "action_cancel", [order_id]),
            setup=slow_after_purchases(0.4 if number < 2 else 0.05),
        )
        assert {answer.error for answer in answers} <= {"", "UserError"}, answers
        state = shop.sql("SELECT state FROM sale_order WHERE id = %s", order_id)[0][0]
        if state == "cancel":
            silent = shop.sql(
                """
                SELECT row.id, row.state, purchase.state FROM dropship_allocation row
                  JOIN purchase_order purchase ON purchase.id = row.purchase_id
                 WHERE row.order_id = %s AND purchase.state <> 'cancel' AND NOT EXISTS (
                       SELECT 1 FROM dropship_exception asked
                        WHERE asked.allocation_id = row.id AND asked.kind = 'cancel_asked' AND asked.state = 'open')""",
                order_id,
            )
            assert not silent, silent
        else:
            assert_bought_once(shop, [order_id])
        assert not broken(shop, [order_id])


# ----------------------------------------------------------------------
# Scenario 6: changed between buying and sending
# ----------------------------------------------------------------------


def drafts(shop, quantity):
    """An order over `quantity` lamps whose purchase is not sent yet: (order, line, purchase) ids."""
    with shop.world() as world:
        world.policy.automation = "draft"
        order = world.make_sale((world.lamp, quantity), confirm=True)
        world.policy.automation = "buy"
        assert order.dropship_purchase_ids.mapped("state") == ["draft"]
        return order.id, order.order_line.id, order.dropship_purchase_ids.id


def test_quantity_changed_while_sent(shop):
    """What the supplier gets is the sale of that moment; a later change asks him, a raise is bought besides."""
    for number in range(rounds(4)):
        target = (2, 8)[number % 2]
        order_id, line_id, purchase_id = drafts(shop, 5)
        answers = shop.together(
            rpc(shop.user("buyer"), "purchase.order", "action_dropship_send", [purchase_id]),
            rpc(shop.user("user"), "sale.order.line", "write", [line_id], {"product_uom_qty": target}),
        )
        assert all(answer.fine for answer in answers), answers
        assert not broken(shop, [order_id])
        ((_line, ordered, allocated, bought, _held, _state),) = lines(shop, [order_id])
        assert ordered == target and allocated == bought
        asked = shop.sql(
            "SELECT quantity FROM dropship_exception WHERE order_id = %s AND kind = 'quantity_lowered'"
            " AND state = 'open'",
            order_id,
        )
        if asked:
            assert (bought, asked) == (5, [(3.0,)])
        else:
            assert bought == target
        states = {state for _supplier, state in purchases(shop, [order_id])[order_id]}
        assert states <= {"purchase", "draft"}


def test_address_changed_while_sent(shop):
    """The parcel goes where purchase and move both say, and an unsent purchase follows the sale."""
    with shop.world() as world:
        other = world.make_partner("Ben Kurz", "DE", city="Hamburg").id
    for _number in range(rounds(2)):
        order_id, _line_id, purchase_id = drafts(shop, 1)
        answers = shop.together(
            rpc(shop.user("buyer"), "purchase.order", "action_dropship_send", [purchase_id]),
            rpc(shop.user("user"), "sale.order", "write", [order_id], {"partner_shipping_id": other}),
        )
        assert all(answer.fine for answer in answers), answers
        rows = shop.sql(
            """
            SELECT purchase.dest_address_id, move.partner_id FROM purchase_order purchase
              JOIN purchase_order_line bought ON bought.order_id = purchase.id
              JOIN stock_move move ON move.purchase_line_id = bought.id
             WHERE purchase.id = %s""",
            purchase_id,
        )
        assert rows and all(purchase == move for purchase, move in rows), rows
        order_id, _line_id, purchase_id = drafts(shop, 1)
        shop.alone(rpc(shop.user("user"), "sale.order", "write", [order_id], {"partner_shipping_id": other}))
        assert shop.sql("SELECT dest_address_id FROM purchase_order WHERE id = %s", purchase_id) == [(other,)]


# ----------------------------------------------------------------------
# Scenario 7: the last units
# ----------------------------------------------------------------------


def test_last_units(shop):
    """Two suppliers with one unit each, twenty orders at once: two are bought, eighteen wait and say so."""
    for _round in range(rounds(1, 10)):
        with shop.world() as world:
            rare = world.make_product("Rare Lamp", taxes_id=False)
            for name in ("Rhein", "Yiwu"):
                world.make_offer(world.suppliers[name].warehouse_ids, rare, 12.0, stock=1.0)
            customers = [world.make_partner(f"Customer {number}") for number in range(20)]
            order_ids = [world.make_sale(rare, partner=customer).id for customer in customers]
        user_id = shop.user("user")
        answers = shop.together(*[rpc(user_id, "sale.order", "action_confirm", [order_id]) for order_id in order_ids])
        assert all(answer.fine for answer in answers), answers
        assert_bought_or_held(shop, order_ids)
        sold = shop.sql(
            """
            SELECT offer_id, sum(buy_qty) FROM dropship_allocation
             WHERE order_id = ANY(%s) AND state <> 'released' GROUP BY offer_id""",
            order_ids,
        )
        assert sorted(quantity for _offer, quantity in sold) == [1.0, 1.0], sold
        held = shop.sql(
            "SELECT count(*) FROM dropship_hold WHERE order_id = ANY(%s) AND kind = 'no_source' AND state = 'open'",
            order_ids,
        )
        assert held == [(18,)]
