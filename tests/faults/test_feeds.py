"""A supplier's file whose worker is killed, twice taken, or whose server goes away: in the end the same table."""

import hashlib

import pytest
from harness import cron, die_at, retried, rounds

CRON = "dropship_flow.cron_feed"
ROWS = 3000
COLUMNS = {"code": "sku", "title": "name", "cost": "price", "qty": "stock"}


def content(changed=0):
    """A file; `changed` of its rows say something else than without."""
    lines = ["code,title,cost,qty"]
    for number in range(ROWS):
        more = 1 if number % 10 == 0 and changed else 0
        lines.append(f"S-{number},Article number {number},{10 + number / 100 + more / 2:.2f},{number % 97 + more}")
    return "\n".join(lines).encode()


def feeds_of(shop, count=1, **vals):
    """Ids of feeds of the supplier Rhein."""
    with shop.world() as world:
        supplier = world.suppliers["Rhein"]
        warehouses = supplier.warehouse_ids
        warehouses |= warehouses.create(
            [{"supplier_id": supplier.id, "name": f"Place {number}", "country_id": warehouses[0].country_id.id}
             for number in range(count)]
        )  # fmt: skip
        columns = [(0, 0, {"source": source, "target": target}) for source, target in COLUMNS.items()]
        feeds = world.env["dropship.feed"].create(
            [{"name": f"List {place.id}", "warehouse_id": place.id, "column_ids": columns, **vals}
             for place in warehouses[-count:]]
        )  # fmt: skip
        # Some of the goods are in the shop: vendor prices and followers have work as well.
        products = world.lamp + world.stand + world.cable
        for number, product in enumerate(products):
            product.default_code = f"S-{number * 10}"
        return feeds.ids


def receive(shop, feed_id, data, hour):
    with shop.world() as world:
        run = world.env["dropship.feed"].browse(feed_id)._receive("list.csv", data, as_of=f"2026-01-01 {hour:02}:00:00")
        return run.id


def state(shop, run_id):
    return shop.sql("SELECT state FROM dropship_feed_run WHERE id = %s", run_id)[0][0]


def table(shop, feed_id):
    """What a file left, without what differs from run to run: (hash, rows)."""
    rows = shop.sql(
        """
        SELECT offer.sku, offer.name, round(offer.price::numeric, 4), round(offer.stock::numeric, 4), offer.stock_mode,
               offer.row_key, offer.as_of, offer.missing_runs, product.default_code,
               (SELECT array_agg((round(line.min_qty::numeric, 4), round(line.price::numeric, 4))::text)
                  FROM product_supplierinfo line WHERE line.dropship_offer_id = offer.id)
          FROM dropship_offer offer LEFT JOIN product_product product ON product.id = offer.product_id
         WHERE offer.feed_id = %s ORDER BY offer.sku""",
        feed_id,
    )
    return hashlib.sha256(repr(rows).encode()).hexdigest(), len(rows)


def balanced(shop, run_id):
    ((fine,),) = shop.sql(
        "SELECT rows_in = rows_applied + rows_unchanged + rows_rejected + rows_quarantined"
        "  FROM dropship_feed_run WHERE id = %s",
        run_id,
    )
    return fine


def clean(shop):
    """No staging table is left."""
    return not shop.sql("SELECT relname FROM pg_class WHERE relname ~ '^dropship_feed_(stage|diff)_[0-9]+$'")


@pytest.fixture
def undisturbed(shop):
    return in_peace(shop)


def in_peace(shop):
    """What two files leave when nothing happens."""
    (feed_id,) = feeds_of(shop)
    for hour, data in enumerate((content(), content(changed=1))):
        run_id = receive(shop, feed_id, data, hour)
        assert shop.alone(cron(CRON)).fine
        assert state(shop, run_id) == "done"
    return table(shop, feed_id)


@pytest.mark.parametrize("point", ["feed.after_copy", "feed.mid_apply"])
def test_killed_at_a_point(shop, undisturbed, point, monkeypatch):
    """The next worker goes on at once, and the table is that of an undisturbed run."""
    (feed_id,) = feeds_of(shop)
    for hour, data in enumerate((content(), content(changed=1))):
        run_id = receive(shop, feed_id, data, hour)
        before = table(shop, feed_id)
        monkeypatch.setenv("DROPSHIP_FAILPOINT", point)
        assert shop.alone(cron(CRON)).killed
        monkeypatch.delenv("DROPSHIP_FAILPOINT")
        assert state(shop, run_id) == "reading"
        assert table(shop, feed_id) == before, "nobody sees half a file"
        assert shop.alone(cron(CRON)).fine
        assert state(shop, run_id) == "done"
        assert balanced(shop, run_id)
    assert table(shop, feed_id) == undisturbed
    assert clean(shop)


def test_killed_anywhere(shop, undisturbed):
    """Killed at whatever query: the same table in the end."""
    (feed_id,) = feeds_of(shop)
    for hour, data in enumerate((content(), content(changed=1))):
        run_id = receive(shop, feed_id, data, hour)
        for number in range(rounds(2, 12)):
            shop.alone(cron(CRON), setup=die_at(20 + 17 * number))
            shop.sql("UPDATE dropship_feed_run SET attempts = 0 WHERE id = %s RETURNING id", run_id)
        assert shop.alone(cron(CRON)).fine
        assert state(shop, run_id) == "done"
    assert table(shop, feed_id) == undisturbed
    assert clean(shop)


def test_the_server_loses_the_staging_table(shop, undisturbed, monkeypatch):
    """Tables that are not logged are empty after a crash of PostgreSQL: the file is read again."""
    (feed_id,) = feeds_of(shop)
    for hour, data in enumerate((content(), content(changed=1))):
        run_id = receive(shop, feed_id, data, hour)
        monkeypatch.setenv("DROPSHIP_FAILPOINT", "feed.after_copy")
        assert shop.alone(cron(CRON)).killed
        monkeypatch.delenv("DROPSHIP_FAILPOINT")
        shop.sql(f"TRUNCATE dropship_feed_stage_{run_id}")
        assert shop.alone(cron(CRON)).fine
        assert state(shop, run_id) == "done"
    assert table(shop, feed_id) == undisturbed


def test_the_connections_are_cut(shop, undisturbed):
    """All connections end while a file is applied, as when the server restarts."""
    (feed_id,) = feeds_of(shop)

    def cut(_number):
        from odoo.addons.dropship_flow.models import feed_apply  # noqa: PLC0415

        def failpoint(_name):
            shop.sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid != pg_backend_pid()"
            )

        feed_apply.failpoint = failpoint

    for hour, data in enumerate((content(), content(changed=1))):
        run_id = receive(shop, feed_id, data, hour)
        assert not shop.alone(cron(CRON), setup=cut).fine
        assert state(shop, run_id) == "reading"
        assert shop.alone(cron(CRON)).fine
        assert state(shop, run_id) == "done"
    assert table(shop, feed_id) == undisturbed


def test_the_server_restarts(fragile):
    """PostgreSQL goes down without a goodbye: what is not logged is empty, what was not committed is gone."""
    cluster, shop = fragile
    peace = in_peace(shop)
    (feed_id,) = feeds_of(shop)

    def restart_at(point):
        def setup(_number):
            from odoo.addons.dropship_flow.models import feed_apply, feed_stage  # noqa: PLC0415

            def failpoint(name):
                if name == point:
                    cluster.crash()

            feed_apply.failpoint = feed_stage.failpoint = failpoint

        return setup

    points = ("feed.after_copy", "feed.mid_apply")
    for hour, (data, point) in enumerate(zip((content(), content(changed=1)), points, strict=True)):
        run_id = receive(shop, feed_id, data, hour)
        before = table(shop, feed_id)
        assert not shop.alone(cron(CRON), setup=restart_at(point)).fine
        assert state(shop, run_id) == "reading"
        assert table(shop, feed_id) == before, "nobody sees half a file"
        assert shop.alone(cron(CRON)).fine
        assert state(shop, run_id) == "done"
        assert balanced(shop, run_id)
    assert table(shop, feed_id) == peace
    assert clean(shop)


def test_a_file_that_kills_its_workers_is_refused(shop, monkeypatch):
    """It does not keep the other files of the supplier for ever."""
    (feed_id,) = feeds_of(shop)
    run_id = receive(shop, feed_id, content(), 0)
    monkeypatch.setenv("DROPSHIP_FAILPOINT", "feed.mid_apply")
    for _time in range(3):
        assert shop.alone(cron(CRON)).killed
    monkeypatch.delenv("DROPSHIP_FAILPOINT")
    assert shop.alone(cron(CRON)).fine
    assert state(shop, run_id) == "refused"
    assert "stopped" in shop.sql("SELECT problem::text FROM dropship_feed_run WHERE id = %s", run_id)[0][0]
    assert table(shop, feed_id)[1] == 0
    assert clean(shop)


def test_several_workers_take_each_file_once(shop, undisturbed):
    """Four workers, two feeds of one supplier: one after the other, each row once."""
    feeds = feeds_of(shop, 2)
    runs = [receive(shop, feed_id, content(), 0) for feed_id in feeds]
    answers = shop.together(*[cron(CRON)] * 4)
    assert all(answer.fine for answer in answers), answers
    assert shop.alone(cron(CRON)).fine
    assert {state(shop, run_id) for run_id in runs} == {"done"}
    assert [
        generation for (generation,) in shop.sql("SELECT generation FROM dropship_feed WHERE id = ANY(%s)", feeds)
    ] == [1, 1]
    runs = [receive(shop, feed_id, content(changed=1), 1) for feed_id in feeds]
    answers = shop.together(*[cron(CRON)] * 4)
    assert all(answer.fine for answer in answers), answers
    assert shop.alone(cron(CRON)).fine
    assert {state(shop, run_id) for run_id in runs} == {"done"}
    for feed_id in feeds:
        assert table(shop, feed_id)[1] == ROWS


def test_orders_are_bought_while_files_come(shop):
    """A buyer who locks the last units of an offer and a file that changes it: both get through."""
    (feed_id,) = feeds_of(shop)
    receive(shop, feed_id, content(), 0)
    assert shop.alone(cron(CRON)).fine
    run_id = receive(shop, feed_id, content(changed=1), 1)
    ids = [row[0] for row in shop.sql("SELECT id FROM dropship_offer WHERE feed_id = %s AND sku LIKE 'S-%%0'", feed_id)]

    def lock(env):
        env.cr.execute("SELECT id FROM dropship_offer WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", [ids[:20]])
        env.cr.execute("UPDATE dropship_offer SET write_uid = write_uid WHERE id = ANY(%s)", [ids[:20]])

    answers = shop.together(cron(CRON), *[retried(lock)] * 3)
    assert all(answer.fine for answer in answers), answers
    assert state(shop, run_id) == "done"
