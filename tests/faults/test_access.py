"""Access that runs out while many workers send: one asks for it at a time, what it gives is kept, orders go on."""

import os

from harness import rounds
from suppliers import assert_ledger, connect, crowd, disconnect, facts, relay, settle, simulator, time_passes

ACCOUNT = {"auth": "renewed", "access_account": "shop", "secret": "s3cret"}
GATE = {"account": "shop", "account-secret": "s3cret"}


def show(shop, connection_id, url):
    with shop.env() as env:
        env["dropship.connection"].browse(connection_id).write({**ACCOUNT, "access_address": f"{url}/token"})


def renewals(ledger):
    return [fact for fact in facts(ledger) if fact["fact"] == "access"]


def test_many_workers_renew_once(shop, tmp_path):
    """Access lasts moments, four workers send: never two renewals at once, none with what was used before."""
    ledger = tmp_path / "ledger.jsonl"
    with simulator(ledger, "honest", **GATE, **{"access-life": 3, "access-pause": 0.2, "delay": 0.05}) as url:
        connection = connect(shop, url)
        show(shop, connection, url)
        ids = crowd(shop, rounds(20, 1000))
        settle(shop, workers=4)
        assert_ledger(shop, ledger, ids)
    asked = renewals(ledger)
    assert len(asked) >= 2 and {fact["status"] for fact in asked} == {200}, asked
    assert max(fact["busy"] for fact in asked) == 1
    print(f"{len(asked)} renewals")
    disconnect(shop, connection)


def test_a_renewal_that_fails_or_whose_worker_dies(shop, tmp_path):
    """After a failure the other side is left alone for five minutes; a dead worker's turn ends; all orders arrive."""
    ledger = tmp_path / "ledger.jsonl"
    with simulator(ledger, "honest", **GATE, **{"access-fails": 1}) as url:
        connection = connect(shop, url)
        show(shop, connection, url)
        ids = crowd(shop, 10)
        assert all(answer.fine for answer in shop.together(*[relay()] * 3))
        for _hurry in range(3):
            time_passes(shop)
            assert all(answer.fine for answer in shop.together(*[relay()] * 3))
        assert [fact["status"] for fact in renewals(ledger)] == [500]
        shop.sql("UPDATE dropship_connection SET access_failed_at = access_failed_at - interval '5 minutes'")
        time_passes(shop)

        def dying(_job):
            os.environ["DROPSHIP_FAILPOINT"] = "access.taken"

        assert shop.alone(relay(), setup=dying).killed
        assert all(answer.fine for answer in shop.together(*[relay()] * 3))
        assert len(renewals(ledger)) == 1, "the dead worker's turn is not over"
        shop.sql("UPDATE dropship_connection SET access_busy_until = access_busy_until - interval '2 minutes'")
        settle(shop)
        assert [fact["status"] for fact in renewals(ledger)] == [500, 200]
        assert_ledger(shop, ledger, ids)
    disconnect(shop, connection)
