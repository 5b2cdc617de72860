"""Order files worked on by many at once, and by workers that die: every order is there exactly once."""

import base64
import random

import pytest
from harness import cron, die_at, rounds, rpc
from invariants import assert_bought_once
from work import name_codes

CRON = "dropship_flow.cron_order_files"
ORDERS = 16
BATCH = 4
HEAD = "order-id\torder-item-id\tsku\tproduct-name\tquantity-to-ship\trecipient-name\tship-address-1\tship-city\t"
HEAD += "ship-postal-code\tship-country\n"


def content(numbers):
    """A file of orders of a lamp; every buyer lives somewhere else, or they would be held as the same order twice."""
    rows = [f"{number}\t{number}-1\tLAMP\tLamp\t1\tBuyer {number}\t{street(number)}\tBerlin\t10115\tDE\n"
            for number in numbers]  # fmt: skip
    return (HEAD + "".join(rows)).encode()


def street(number):
    name, place = number.split("-")
    return f"{name.title()}allee {int(place) + 1}"


@pytest.fixture(scope="module")
def channel(shop):
    name_codes(shop)
    with shop.world() as world:
        channel = world.env["dropship.sales.channel"].create(
            {"name": "Amazon", "kind": "file", "platform": "amazon", "company_id": world.company.id}
        )
        return channel.id


def numbers_of(name, count=ORDERS):
    return [f"{name}-{number:03}" for number in range(count)]


def upload(shop, channel_id, name, numbers):
    """The id of a checked file of these orders, ready to be entered in the background."""
    with shop.world() as world:
        env = world.env(user=shop.user("user"))
        channel = env["dropship.sales.channel"].browse(channel_id)
        files = env["dropship.order.file"]
        file, _new = files._receive(channel, channel._layout("in"), f"{name}.txt", content(numbers))
        assert file.waiting_count == len(numbers), file.row_ids.mapped("reasons")
        file.sudo()._set_state("importing")
        return file.id


def small_batches(more=None):
    """For `setup`: workers take few orders at a time, so that a file has many commits."""

    def setup(number):
        from odoo.addons.dropship_flow.models import order_file_enter  # noqa: PLC0415

        order_file_enter.BATCH = BATCH
        if more:
            more(number)

    return setup


def state_of(shop, file_id):
    ((state,),) = shop.sql("SELECT state FROM dropship_order_file WHERE id = %s", file_id)
    rows = shop.sql("SELECT state, count(*) FROM dropship_order_file_row WHERE file_id = %s GROUP BY 1", file_id)
    return state, dict(rows)


def entered(shop, numbers):
    """{number: how often it is there} and the ids of the orders."""
    rows = shop.sql("SELECT client_order_ref, id FROM sale_order WHERE client_order_ref = ANY(%s)", list(numbers))
    counts = {}
    for number, _order in rows:
        counts[number] = counts.get(number, 0) + 1
    return counts, [order for _number, order in rows]


def assert_once(shop, numbers):
    counts, orders = entered(shop, numbers)
    assert counts == dict.fromkeys(numbers, 1)
    assert_bought_once(shop, orders)


def finish(shop, *file_ids):
    for _round in range(12):
        assert shop.alone(cron(CRON), setup=small_batches()).fine
        if all(state_of(shop, file_id)[0] != "importing" for file_id in file_ids):
            return


def test_the_same_file_twice_at_once(shop, channel):
    """Both uploads give one file; it is entered once."""
    numbers = numbers_of("same", 4)
    layout = shop.sql("SELECT res_id FROM ir_model_data WHERE name = 'order_layout_amazon_in'")[0][0]
    vals = {
        "channel_id": channel,
        "layout_id": layout,
        "name": "same.txt",
        "content": base64.b64encode(content(numbers)).decode(),
    }
    with shop.world() as world:
        env = world.env(user=shop.user("user"))
        wizards = [env["dropship.order.upload"].create(vals).id for _upload in range(4)]
    jobs = [rpc(shop.user("user"), "dropship.order.upload", "action_apply", [wizard]) for wizard in wizards]
    answers = shop.together(*jobs)
    assert all(answer.fine for answer in answers), answers
    files = shop.sql("SELECT id FROM dropship_order_file WHERE name = 'same.txt'")
    assert len(files) == 1
    (file_id,) = files[0]
    presses = [rpc(shop.user("user"), "dropship.order.file", "action_import", [file_id])] * 4
    shop.together(*presses)
    assert_once(shop, numbers)


def test_the_same_order_in_two_files_at_once(shop, channel):
    """Several workers, two files that share half of their orders: each is entered by one of them."""
    both = numbers_of("both", 8)
    one = upload(shop, channel, "one", [*both, *numbers_of("one", 4)])
    two = upload(shop, channel, "two", [*reversed(both), *numbers_of("two", 4)])
    answers = shop.together(*[cron(CRON)] * 4, setup=small_batches())
    assert all(answer.fine for answer in answers), answers
    finish(shop, one, two)
    assert_once(shop, [*both, *numbers_of("one", 4), *numbers_of("two", 4)])
    states = [state_of(shop, file_id)[1] for file_id in (one, two)]
    assert sum(state.get("imported", 0) for state in states) == 16
    assert sum(state.get("duplicate", 0) for state in states) == 8, states


def test_killed_anywhere(shop, channel):
    """Killed at whatever query, again and again: in the end every order is there once, and none is lost."""
    numbers = numbers_of("killed")
    file_id = upload(shop, channel, "killed", numbers)
    for _round in range(rounds(4, 20)):
        shop.alone(cron(CRON), setup=small_batches(die_at(random.randint(5, 500))))
        counts, _orders = entered(shop, numbers)
        assert set(counts.values()) <= {1}
    finish(shop, file_id)
    with shop.world() as world:  # what was put aside because workers died over it is tried again by a person
        rows = world.env["dropship.order.file"].browse(file_id).row_ids.filtered(lambda row: row.state == "problem")
        if rows:
            rows.action_replay()
    finish(shop, file_id)
    state, rows = state_of(shop, file_id)
    assert (state, rows) == ("imported", {"imported": ORDERS})
    assert_once(shop, numbers)
