"""A bulk job over many held orders: killed half-way, run by several workers, raced by people. Nothing is lost."""

import random

import pytest
from harness import cron, die, die_at, on_query, rounds, rpc
from invariants import assert_bought_once, assert_bought_or_held
from work import press

CRON = "dropship_flow.cron_bulk"
ORDERS = 24
BATCH = 6


@pytest.fixture
def job(shop):
    """A job of the buyer that releases orders which wait for an approval: (job id, order ids)."""
    with shop.world() as world:
        world.policy.automation = "ask"
        orders = world.env["sale.order"].union(*(world.make_sale(world.lamp, world.cable) for _order in range(ORDERS)))
        orders.action_confirm()
        assert set(orders.dropship_open_hold_ids.mapped("kind")) == {"approval"}
    with shop.world() as world:
        env = world.env(user=shop.user("buyer"))
        wizard = env["dropship.bulk"].create({"verb": "release", "order_ids": [(6, 0, orders.ids)]})
        job_id = wizard.action_apply()["res_id"]
    yield job_id, orders.ids
    with shop.world() as world:
        world.policy.automation = "buy"


def small_batches(more=None):
    """For `setup`: workers take few orders at a time, so that a job has many commits."""

    def setup(number):
        from odoo.addons.dropship_flow.models import bulk_line  # noqa: PLC0415

        bulk_line.BATCH = BATCH
        if more:
            more(number)

    return setup


def state_of(shop, job_id):
    """(state of the job, orders done, orders failed, orders left)"""
    ((state,),) = shop.sql("SELECT state FROM dropship_bulk_job WHERE id = %s", job_id)
    rows = shop.sql("SELECT state, count(*) FROM dropship_bulk_job_line WHERE job_id = %s GROUP BY 1", job_id)
    counts = dict(rows)
    return state, *(counts.get(name, 0) for name in ("done", "failed", "waiting"))


def released(shop, order_ids):
    """How often each order was released: the notes say so."""
    return {
        count
        for _order, count in shop.sql(
            """
            SELECT res_id, count(*) FROM mail_message
             WHERE model = 'sale.order' AND res_id = ANY(%s) AND body LIKE '%%: released by %%' GROUP BY res_id""",
            order_ids,
        )
    }


def die_in_batch(number):
    """For `setup`: the process dies while it writes the purchases of its batch `number`."""

    def setup(_job):
        seen = [0]

        def action(_count, text):
            if "INSERT" in text and '"purchase_order_line"' in text:
                seen[0] += 1
                if seen[0] == number:
                    die()

        on_query(action)

    return setup


def test_killed_half_way(shop, job):
    """What was committed stays, the batch in hand is done by the next worker, one by one; all are bought once."""
    job_id, order_ids = job
    answer = shop.alone(cron(CRON), setup=small_batches(die_in_batch(3)))
    assert answer.killed
    assert state_of(shop, job_id) == ("running", 2 * BATCH, 0, ORDERS - 2 * BATCH)
    assert shop.alone(cron(CRON), setup=small_batches()).fine
    assert state_of(shop, job_id) == ("done", ORDERS, 0, 0)
    attempts = shop.sql("SELECT attempts, count(*) FROM dropship_bulk_job_line WHERE job_id = %s GROUP BY 1", job_id)
    assert dict(attempts) == {1: ORDERS - BATCH, 2: BATCH}
    assert_bought_once(shop, order_ids)
    assert released(shop, order_ids) == {1}


def test_killed_anywhere(shop, job):
    """Killed at whatever query, again and again: in the end every order is bought once."""
    job_id, order_ids = job
    for _round in range(rounds(3, 20)):
        shop.alone(cron(CRON), setup=small_batches(die_at(random.randint(5, 400))))
        assert_bought_or_held(shop, order_ids)
    assert shop.alone(cron(CRON), setup=small_batches()).fine
    assert state_of(shop, job_id)[0::3] == ("done", 0)
    with shop.world() as world:
        world.env["dropship.bulk.job"].browse(job_id).action_retry()
    assert shop.alone(cron(CRON), setup=small_batches()).fine
    assert state_of(shop, job_id) == ("done", ORDERS, 0, 0)
    assert_bought_once(shop, order_ids)


def test_an_order_that_kills_workers_is_put_aside(shop, job):
    """The others do not wait for it, and it says why it was left."""
    job_id, order_ids = job
    poison = order_ids[BATCH + 1]

    def deadly(_number):
        from odoo.addons.dropship_flow.models.hold import DropshipHold  # noqa: PLC0415

        real = DropshipHold.action_release

        def action_release(self):
            if poison in self.order_id.ids:
                die()
            return real(self)

        DropshipHold.action_release = action_release

    kills = 0
    while shop.alone(cron(CRON), setup=small_batches(deadly)).killed:
        kills += 1
        assert kills < 6
    assert kills == 3
    assert state_of(shop, job_id) == ("done", ORDERS - 1, 1, 0)
    ((message,),) = shop.sql("SELECT message FROM dropship_bulk_job_line WHERE order_id = %s", poison)
    assert "put aside" in message
    assert_bought_once(shop, [order_id for order_id in order_ids if order_id != poison])
    assert_bought_or_held(shop, [poison])


def test_several_workers_do_nothing_twice(shop, job):
    """Every order is released once, by one of them."""
    job_id, order_ids = job
    answers = shop.together(*[cron(CRON)] * 4, setup=small_batches())
    assert all(answer.fine for answer in answers), answers
    if state_of(shop, job_id)[3]:  # one paused for a minute because others were always faster
        assert shop.alone(cron(CRON), setup=small_batches()).fine
    assert state_of(shop, job_id) == ("done", ORDERS, 0, 0)
    assert_bought_once(shop, order_ids)
    assert released(shop, order_ids) == {1}


def test_people_release_the_same_orders_meanwhile(shop, job):
    """Whoever comes first: nobody sees an error, nothing is bought twice."""
    job_id, order_ids = job
    buyer = shop.user("buyer")
    answers = shop.together(
        cron(CRON), press(buyer, order_ids[: ORDERS // 2]), press(buyer, order_ids), setup=small_batches()
    )
    assert all(answer.fine for answer in answers), answers
    shop.alone(cron(CRON), setup=small_batches())
    assert state_of(shop, job_id) == ("done", ORDERS, 0, 0)
    assert_bought_once(shop, order_ids)


def test_stopped_while_it_works(shop, job):
    """Orders in hand are finished, the others stay held."""
    job_id, order_ids = job
    answers = shop.together(
        cron(CRON),
        rpc(shop.user("buyer"), "dropship.bulk.job", "action_stop", [job_id]),
        setup=small_batches(),
    )
    assert answers[0].fine, answers
    shop.alone(cron(CRON), setup=small_batches())
    assert state_of(shop, job_id)[0::3] == ("done", 0)
    assert_bought_or_held(shop, order_ids)
