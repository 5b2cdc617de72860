"""Customers hear of a parcel once, whatever happens to the programs that tell them."""

from datetime import datetime, timedelta

import pytest
from harness import cron, die_at, retried, rounds

PASS = "dropship_flow.cron_notify"


@pytest.fixture(scope="module")
def parcels(shop):
    """Suppliers do not accept by themselves, and customers have an address."""
    with shop.world() as world:
        world.env["dropship.supplier"].search([]).answer_mode = "manual"
        world.anna.email = "anna@example.com"

    def make(count):
        """So many orders with two parcels each, settled: [order id]."""
        with shop.world() as world:
            orders = []
            for number in range(count):
                order = world.make_sale((world.lamp, 2), confirm=True)
                purchase = order.dropship_purchase_ids
                for part in "AB":
                    purchase._dropship_take_parcels([{"number": f"SF{order.id:08}{number}{part}", "carrier": "顺丰"}])
                orders.append(order.id)
            return orders

    return make


def heard(shop, orders, code="in_transit", settled=True):
    with shop.env() as env:
        from odoo.addons.dropship_flow.trackers.said import Said  # noqa: PLC0415

        boxes = env["dropship.shipment"].search([("order_id", "in", orders)])
        boxes._add_all({box: [Said(datetime.now() - timedelta(hours=1), code)] for box in boxes})
        if settled:
            boxes.notify_at = datetime.now() - timedelta(hours=3)
        return boxes.ids


def told(shop, orders):
    """{order: (messages told, mails in the queue)}"""
    rows = shop.sql(
        """SELECT told.order_id, count(*) FILTER (WHERE told.state = 'sent'),
                  (SELECT count(*) FROM mail_message message JOIN mail_mail mail ON mail.mail_message_id = message.id
                    WHERE message.model = 'sale.order' AND message.res_id = told.order_id
                      AND message.subject LIKE '%%news of your parcels')
             FROM dropship_notification told WHERE told.order_id = ANY(%s) GROUP BY told.order_id""",
        orders,
    )
    return {order_id: (count, mails) for order_id, count, mails in rows}


def once(shop, orders):
    """Each order: two parcels told about, in one mail."""
    assert told(shop, orders) == dict.fromkeys(orders, (2, 1))
    doubles = shop.sql(
        "SELECT 1 FROM dropship_notification WHERE order_id = ANY(%s) AND automatic"
        " GROUP BY shipment_id, fact, audience, channel HAVING count(*) > 1",
        orders,
    )
    assert not doubles


def finish(shop):
    """What was left to the next run."""
    for _run in range(2):
        assert shop.alone(cron(PASS)).fine


def test_two_workers_make_the_pass_at_once(shop, parcels):
    for _round in range(rounds(2, 20)):
        orders = parcels(5)
        heard(shop, orders)
        answers = shop.together(*[cron(PASS)] * 3)
        assert all(answer.fine for answer in answers), answers
        finish(shop)
        once(shop, orders)


@pytest.mark.parametrize("point", ["before_decided", "before_told"])
def test_a_worker_dies_between_its_steps(shop, parcels, point):
    orders = parcels(3)
    heard(shop, orders)

    def broken(_number):
        import os  # noqa: PLC0415

        os.environ["DROPSHIP_FAILPOINT"] = point

    assert shop.alone(cron(PASS), setup=broken).killed
    assert shop.together(cron(PASS), cron(PASS))
    finish(shop)
    once(shop, orders)


def test_a_worker_dies_at_any_query(shop, parcels):
    orders = parcels(2)
    heard(shop, orders)
    for number in range(5, 300, 40 if rounds(1, 2) == 1 else 5):
        shop.alone(cron(PASS), setup=die_at(number))
    finish(shop)
    once(shop, orders)


def test_news_arrive_while_the_pass_is_made(shop, parcels):
    """The parcel is told about by its state after the last of them, or by the one before; never twice by one."""
    for _round in range(rounds(2, 20)):
        orders = parcels(2)
        boxes = heard(shop, orders)

        def more(env, boxes=boxes):
            from odoo.addons.dropship_flow.trackers.said import Said  # noqa: PLC0415

            found = env["dropship.shipment"].browse(boxes)
            found._add_all({box: [Said(datetime.now(), "out_for_delivery")] for box in found})
            found.notify_at = datetime.now() - timedelta(hours=3)

        answers = shop.together(cron(PASS), retried(more), cron(PASS))
        assert all(answer.fine for answer in answers), answers
        finish(shop)
        rows = shop.sql(
            "SELECT shipment_id, count(*) FROM dropship_notification WHERE order_id = ANY(%s) AND state = 'sent'"
            " AND fact = 'out_for_delivery' GROUP BY shipment_id",
            orders,
        )
        assert dict(rows) == dict.fromkeys(boxes, 1)


def test_the_desk_and_the_pass_at_once(shop, parcels):
    orders = parcels(2)
    heard(shop, orders)

    def now(env):
        env["sale.order"].browse(orders).action_dropship_tell_now()

    answers = shop.together(cron(PASS), retried(now), retried(now), cron(PASS))
    assert all(answer.fine for answer in answers), answers
    finish(shop)
    once(shop, orders)
