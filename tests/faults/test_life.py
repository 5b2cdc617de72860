"""Two people (or a person and a machine) decide about the same thing, and processes that die in between."""

import random
import resource

import pytest
from harness import cron, die, die_at, on_query, retried, rounds, rpc
from invariants import assert_bought_once, assert_bought_or_held, broken, holds, purchases
from work import baskets, quotations, unrouted


@pytest.fixture
def asking(shop):
    """The policy asks before buying, during the test."""
    yield from during(shop, "ask")


def during(shop, automation):
    with shop.world() as world:
        world.policy.automation = automation
    yield
    with shop.world() as world:
        world.policy.automation = "buy"


@pytest.fixture
def by_hand(shop):
    """Suppliers are answered for by the buyer, during the test."""
    with shop.world() as world:
        world.env["dropship.supplier"].search([]).answer_mode = "manual"
    yield
    with shop.world() as world:
        world.env["dropship.supplier"].search([]).answer_mode = "auto"


def confirmed(shop, count=1):
    with shop.world() as world:
        orders = world.env["sale.order"].browse(baskets(world, count))
        orders.action_confirm()
        return orders.ids


# ----------------------------------------------------------------------
# Decided twice
# ----------------------------------------------------------------------


def test_hold_released_by_many(shop, asking):
    """An approval pressed by several people at once buys once and troubles nobody."""
    for _round in range(rounds(2)):
        (order_id,) = confirmed(shop)
        ((hold_id,),) = shop.sql("SELECT id FROM dropship_hold WHERE order_id = %s AND kind = 'approval'", order_id)
        buyer = shop.user("buyer")
        answers = shop.together(
            *[rpc(buyer, "dropship.hold", "action_release", [hold_id])] * 2,
            *[rpc(buyer, "sale.order", "action_dropship_release", [order_id])] * 2,
            cron("dropship_flow.cron_retry_holds"),
        )
        assert all(answer.fine for answer in answers), answers
        assert_bought_once(shop, [order_id])


def test_purchase_approved_twice(shop):
    """A purchase above the limit, approved on the order and on the purchase at once, goes out once."""
    with shop.world() as world:
        world.company.write({"po_double_validation": "two_step", "po_double_validation_amount": 10.0})
    try:
        for _round in range(rounds(2)):
            (order_id,) = confirmed(shop)
            ((purchase_id,),) = shop.sql(
                "SELECT id FROM purchase_order WHERE dropship_sale_id = %s AND state = 'to approve'", order_id
            )
            buyer = shop.user("buyer")
            answers = shop.together(
                rpc(buyer, "sale.order", "action_dropship_release", [order_id]),
                rpc(buyer, "purchase.order", "button_approve", [purchase_id]),
                rpc(buyer, "sale.order", "action_dropship_release", [order_id]),
            )
            assert {answer.error for answer in answers} <= {"", "UserError"}, answers
            assert_bought_once(shop, [order_id])
    finally:
        with shop.world() as world:
            world.company.po_double_validation = "one_step"


def refuse(purchase_id):
    def work(env):
        wizard = env["dropship.purchase.refuse"].create({"purchase_id": purchase_id, "reason": "stock"})
        return wizard.action_refuse()

    return work


def test_accepted_and_refused_at_once(shop, by_hand):
    """Whoever is last wins, and the goods are bought exactly once: there, or at the next supplier."""
    for _round in range(rounds(2)):
        (order_id,) = confirmed(shop)
        sent = shop.sql("SELECT id FROM purchase_order WHERE dropship_sale_id = %s AND state = 'sent'", order_id)
        buyer = shop.user("buyer")
        answers = shop.together(
            rpc(buyer, "purchase.order", "action_dropship_accept", [sent[0][0]]),
            retried(refuse(sent[0][0]), buyer),
            retried(refuse(sent[0][0]), buyer),
        )
        assert {answer.error for answer in answers} <= {"", "UserError"}, answers
        assert_bought_once(shop, [order_id])
        first = purchases(shop, [order_id])[order_id][0]
        assert first[1] in ("purchase", "cancel")


def test_delayed_purchase_sent_by_cron_and_button(shop):
    """The scheduled action and the button send a waiting purchase once."""
    with shop.world() as world:
        world.policy.send_delay = 30
    order_ids = confirmed(shop, 3)
    with shop.world() as world:
        world.policy.send_delay = 0
        purchases_ = world.env["sale.order"].browse(order_ids).dropship_purchase_ids
        assert set(purchases_.mapped("state")) == {"draft"}
        purchases_.dropship_send_at = "2020-01-01"
        ids = purchases_.ids
    buyer = shop.user("buyer")
    answers = shop.together(
        *[cron("dropship_flow.cron_submit")] * 2, rpc(buyer, "purchase.order", "action_dropship_send", ids)
    )
    assert all(answer.fine for answer in answers), answers
    assert_bought_once(shop, order_ids)
    assert {state for rows in purchases(shop, order_ids).values() for _supplier, state in rows} == {"purchase"}


def test_one_bad_purchase_does_not_stop_the_others(shop):
    """A purchase that cannot be sent is tried again later; those behind it go out."""
    with shop.world() as world:
        world.policy.send_delay = 30
    order_ids = confirmed(shop, 3)
    with shop.world() as world:
        world.policy.send_delay = 0
        waiting = world.env["sale.order"].browse(order_ids).dropship_purchase_ids.sorted("id")
        waiting.dropship_send_at = "2020-01-01"
        bad = waiting[0].id

    def setup(_job):
        from odoo.addons.dropship_flow.models.purchase_order import PurchaseOrder  # noqa: PLC0415

        real = PurchaseOrder._dropship_submit

        def _dropship_submit(self, approved=False):
            if bad in self.ids:
                raise ValueError("poison")
            return real(self, approved)

        PurchaseOrder._dropship_submit = _dropship_submit

    assert shop.alone(cron("dropship_flow.cron_submit"), setup).fine
    states = shop.sql("SELECT id, state FROM purchase_order WHERE dropship_sale_id = ANY(%s)", order_ids)
    assert {state for purchase_id, state in states if purchase_id != bad} == {"purchase"}
    assert not broken(shop, order_ids)
    assert shop.alone(cron("dropship_flow.cron_submit")).fine
    assert_bought_once(shop, order_ids)


# ----------------------------------------------------------------------
# Processes that die
# ----------------------------------------------------------------------


def counted(job):
    """The job, answering how many queries it took."""

    def counting(cr):
        count = on_query(lambda _number, _text: False)
        job(cr)
        return count[0]

    return counting


def points(total, few):
    """Numbers of queries to die at: the first, the last, and some in between; other ones on every day."""
    chosen = random.sample(range(2, total), min(rounds(few, 50), total - 2))
    print("dies at", sorted(chosen), "of", total)
    return [1, *sorted(chosen), total]


def test_killed_in_the_middle_of_a_confirmation(shop):
    """Nothing of it stays, and the order can be confirmed afterwards."""
    user_id = shop.user("user")
    (order_id,) = quotations(shop, 1)
    total = shop.alone(counted(rpc(user_id, "sale.order", "action_confirm", [order_id]))).value
    (order_id,) = quotations(shop, 1)
    for point in points(total, 6):
        answer = shop.alone(rpc(user_id, "sale.order", "action_confirm", [order_id]), die_at(point))
        if shop.sql("SELECT state FROM sale_order WHERE id = %s", order_id) == [("sale",)]:
            # It died after its commit, or took fewer queries than the first time.
            assert point > total / 2 or not answer.killed
            assert_bought_once(shop, [order_id])
            (order_id,) = quotations(shop, 1)
            continue
        for table, column in (
            ("purchase_order", "dropship_sale_id"),
            ("dropship_allocation", "order_id"),
            ("dropship_routing_decision", "order_id"),
            ("dropship_hold", "order_id"),
        ):
            assert shop.sql(f"SELECT count(*) FROM {table} WHERE {column} = %s", order_id) == [(0,)]
    shop.alone(rpc(user_id, "sale.order", "action_confirm", [order_id]))
    assert_bought_once(shop, [order_id])


def test_killed_right_after_the_commit(shop):
    """Everything of it stays."""
    (order_id,) = quotations(shop, 1)

    def setup(_job):
        from odoo.sql_db import Cursor  # noqa: PLC0415

        real = Cursor.commit

        def commit(cursor):
            real(cursor)
            die()

        Cursor.commit = commit

    assert shop.alone(rpc(shop.user("user"), "sale.order", "action_confirm", [order_id]), setup).killed
    assert_bought_once(shop, [order_id])


def test_batch_worker_killed_and_resumed(shop):
    """Scenario 10: a scheduled worker dies again and again; in the end every order is bought once, none is left out."""
    order_ids = unrouted(shop, rounds(6, 100))
    total = shop.alone(counted(cron("dropship_flow.cron_retry_holds"))).value
    assert_bought_once(shop, order_ids)
    order_ids = unrouted(shop, rounds(6, 100))
    left = len(order_ids)
    for _kill in range(rounds(3)):
        point = random.randint(20, max(total // 2, 21))
        answer = shop.alone(cron("dropship_flow.cron_retry_holds"), die_at(point))
        assert_bought_or_held(shop, order_ids)
        waiting = len(holds(shop, order_ids))
        assert waiting <= left, "work that was committed is kept"
        left = waiting
        if not answer.killed:
            break
    assert shop.alone(cron("dropship_flow.cron_retry_holds")).fine
    assert_bought_once(shop, order_ids)


# ----------------------------------------------------------------------
# Scenario 10: size
# ----------------------------------------------------------------------


def big_order(shop, count):
    """Id of a quotation over `count` lines of twenty products."""
    with shop.world() as world:
        products = world.env["product.product"].search([("name", "=like", "Mass %")], order="id")
        if not products:
            warehouses = [world.suppliers[name].warehouse_ids for name in ("Rhein", "Yiwu", "Dawn")]
            for number in range(20):
                product = world.make_product(f"Mass {number}", taxes_id=False, list_price=60.0)
                for place, warehouse in enumerate(warehouses):
                    world.make_offer(warehouse, product, 10.0 + (number + place) % 3, stock=1e6)
                products |= product
        return world.make_sale(*[(products[number % 20], 1 + number % 3) for number in range(count)]).id


def weigh(order_ids):
    """A job that confirms and answers (queries, how many megabytes the process grew)."""

    def job(cr):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        count = on_query(lambda _number, _text: False)
        retried(lambda env: env["sale.order"].browse(order_ids).action_confirm())(cr)
        return count[0], (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024

    return job


def test_long_order(shop):
    """Nothing of ours asks the database per line; memory stays in bounds."""
    small, large = 50, rounds(200, 500)
    order_ids = [big_order(shop, small), big_order(shop, large)]
    (few, _memory), (many, memory) = (shop.alone(weigh([order_id]), timeout=300).value for order_id in order_ids)
    assert_bought_once(shop, order_ids)
    print("queries", few, many, "megabytes", memory)
    # Core asks twice per line: for reordering rules of each move, for analytic models of each purchase line.
    assert many - few <= (large - small) * 2.5, f"{few} queries for {small} lines, {many} for {large}"
    assert memory < 300


def test_many_orders_in_one_call(shop):
    """A batch of orders: queries per order fall with the size of the batch; each is exact."""
    small, large = 2, rounds(12, 100)
    few_ids = [big_order(shop, 20) for _number in range(small)]
    many_ids = [big_order(shop, 20) for _number in range(large)]
    (few, _memory), (many, memory) = (shop.alone(weigh(ids), timeout=300).value for ids in (few_ids, many_ids))
    assert_bought_once(shop, few_ids + many_ids)
    print("queries", few, many, "megabytes", memory)
    assert many / large < few / small
    assert memory < 400


# ----------------------------------------------------------------------
# Payments
# ----------------------------------------------------------------------


def paid(shop):
    """(order, transaction) ids of a quotation just paid in full."""
    with shop.world() as world:
        order = world.hero()
        provider = world.env["payment.provider"].search([("company_id", "=", world.company.id)], limit=1) or world.env[
            "payment.provider"
        ].create({"name": "Bank", "company_id": world.company.id})
        method = world.env["payment.method"].with_context(active_test=False).search([], limit=1)
        transaction = world.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "reference": f"paid-{order.id}",
                "sale_order_ids": [(6, 0, order.ids)],
            }
        )
        transaction._set_done()
        return order.id, transaction.id


def without_books(_job):
    """For `setup`: this world has no chart of accounts to post the payment in."""
    from odoo.addons.account_payment.models.payment_transaction import PaymentTransaction  # noqa: PLC0415

    PaymentTransaction._create_payment = lambda self, **extra: self.env["account.payment"]


def broken_engine(error, times=10**6):
    """For `setup`: the first calls of the engine raise."""
    left = [times]

    def setup(job):
        without_books(job)
        from odoo.addons.dropship_flow.models import router  # noqa: PLC0415

        real = router.solve

        def solve(*args, **kwargs):
            if left[0]:
                left[0] -= 1
                raise error
            return real(*args, **kwargs)

        router.solve = solve

    return setup


def post_process(transaction_id):
    return lambda env: env["payment.transaction"].browse(transaction_id)._post_process()


def test_payment_survives_an_error_in_routing(shop):
    """The payment is kept, the order confirmed, and it says that routing failed; trying again buys it."""
    order_id, transaction_id = paid(shop)
    answer = shop.alone(retried(post_process(transaction_id)), broken_engine(ZeroDivisionError("boom")))
    assert answer.fine, answer
    query = "SELECT state, is_post_processed FROM payment_transaction WHERE id = %s"
    assert shop.sql(query, transaction_id) == [("done", True)]
    assert shop.sql("SELECT state FROM sale_order WHERE id = %s", order_id) == [("sale",)]
    assert [kind for _order, kind, _reasons in holds(shop, [order_id])] == ["error"]
    assert not purchases(shop, [order_id])
    assert shop.alone(rpc(shop.user("buyer"), "sale.order", "action_dropship_release", [order_id])).fine
    assert_bought_once(shop, [order_id])


def test_payment_processed_by_many(shop):
    """The customer's browser and the scheduled action handle one payment at once."""
    for _round in range(rounds(1, 10)):
        order_id, transaction_id = paid(shop)
        answers = shop.together(
            *[retried(post_process(transaction_id))] * 3,
            cron("payment.cron_post_process_payment_tx"),
            setup=without_books,
        )
        assert all(answer.fine for answer in answers), answers
        assert_bought_once(shop, [order_id])


def test_collision_inside_routing_is_tried_again(shop):
    """A collision is no routing error: Odoo repeats the whole confirmation."""
    from odoo.exceptions import ConcurrencyError  # noqa: PLC0415

    order_id, transaction_id = paid(shop)
    answer = shop.alone(retried(post_process(transaction_id)), broken_engine(ConcurrencyError("lost"), times=1))
    assert answer.fine, answer
    assert_bought_once(shop, [order_id])
