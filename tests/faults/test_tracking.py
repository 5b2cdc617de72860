"""News of parcels in any order, many times, read by workers that die: one state and the same mails for every seed."""

import hashlib
import json
import random
import re
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from datetime import datetime

import parcels
import pytest
from harness import cron, rounds
from simulator import journeys
from trackers import webhook
from tracking.fold import Event, fold

HASHES, MAILS = {}, {}


def state_of(shop, seed):
    """(hash of the tables without ids and seed, rows of events) of a seed's parcels."""
    boxes = shop.sql(
        "SELECT substr(number, length(number) - 2), status, detail, status_at, reached::text, status_flags::text, "
        "first_scan_at, moved_at, delivered_at, is_final FROM dropship_shipment WHERE number LIKE %s ORDER BY 1",
        f"S{seed}N%",
    )
    rows = shop.sql(
        "SELECT substr(box.number, length(box.number) - 2), event.occurred_at, event.code, event.detail, event.place, "
        "event.text, event.raw_status, event.zone_assumed, event.event_key FROM dropship_tracking_event event "
        "JOIN dropship_shipment box ON box.id = event.shipment_id WHERE box.number LIKE %s ORDER BY 1, 2, 9",
        f"S{seed}N%",
    )
    return hashlib.sha256(repr((boxes, rows)).encode()).hexdigest(), boxes, rows


def of_one_order(shop, numbers):
    """These parcels are one customer's: her order."""
    with shop.world() as world:
        world.anna.email = "anna@example.com"
        order = world.make_sale((world.lamp, 1))
        boxes = world.env["dropship.shipment"].search([("number", "in", numbers)])
        boxes.order_id = order
        return order.id, order.name


def told_of(shop, seed, order_id, name):
    """What the customer was told, in the order she was told it, without the names of this seed."""
    shop.sql("UPDATE dropship_shipment SET notify_at = notify_at - interval '3 hours' WHERE order_id = %s", order_id)
    for _run in range(2):
        assert shop.alone(cron("dropship_flow.cron_notify")).fine
    rows = shop.sql(
        "SELECT substr(box.number, length(box.number) - 2), told.fact, told.key, told.audience, told.channel, "
        "told.state, told.reason, told.subject, told.text, mail.body_html FROM dropship_notification told "
        "LEFT JOIN dropship_shipment box ON box.id = told.shipment_id "
        "LEFT JOIN mail_mail mail ON mail.id = told.mail_id "
        "WHERE told.order_id = %s ORDER BY 1, 2, 3, 4, 5",
        order_id,
    )
    # Links carry a signature of the order, and ids.
    plain = re.sub(r"https?://[^\"\s<]+", "url", repr(rows)).replace(f"S{seed}N", "").replace(name, "order")
    return re.sub(r"data-oe-\S+|\bid=\S+", "", plain), len(rows)


def assert_folded(boxes, rows):
    """Each parcel's state is what its events make of it, and every event is there once."""
    assert len(rows) == len({(row[0], row[8]) for row in rows}) == 10 * len(boxes)
    for box in boxes:
        mine = [Event(row[1], row[2], row[8], row[3] or "") for row in rows if row[0] == box[0]]
        assert fold(mine, datetime.utcnow(), parcels.BEGIN).code == box[1]


@pytest.mark.parametrize("seed", range(rounds(3, 20)))
def test_any_order_any_number_of_times(shop, seed):
    """1,000 events of 100 parcels, each one to five times, from 8 senders to 3 readers; ten parcels come later."""
    account = parcels.account(shop)
    numbers = [parcels.number(seed, parcel) for parcel in range(100)]
    with shop.env() as env:
        parcels.boxes(env, numbers[10:])
    order_id, name = of_one_order(shop, numbers[10:20])
    bodies = parcels.deliveries(seed)
    senders = [parcels.sending(account, bodies[part::8]) for part in range(8)]
    jobs = [*senders, *[parcels.reading()] * 3, parcels.appearing(numbers[:10])]
    answers = shop.together(*jobs)
    assert all(answer.fine for answer in answers), answers
    parcels.settle(shop)
    stored = shop.sql("SELECT count(*) FROM dropship_inbox WHERE connection_id = %s", account)[0][0]
    assert stored == len(set(bodies)) < len(bodies)
    digest, boxes, rows = state_of(shop, seed)
    assert_folded(boxes, rows)
    told, count = told_of(shop, seed, order_id, name)
    assert count >= 10, told
    HASHES[seed] = digest
    MAILS[seed] = told
    assert len(set(HASHES.values())) == 1, HASHES
    assert len(set(MAILS.values())) == 1, list(MAILS.values())[-2:]


def test_workers_that_die(shop):
    """A sender that dies after storing sends again, a reader that dies is followed by another: nothing is missing."""
    seed = 900
    account = parcels.account(shop)
    with shop.env() as env:
        parcels.boxes(env, [parcels.number(seed, parcel) for parcel in range(20)])
    bodies = parcels.deliveries(seed, 20)
    killed = shop.together(*[parcels.sending(account, bodies)] * 3, setup=parcels.dying("after_store"))
    assert all(answer.killed for answer in killed)
    answers = shop.together(*(parcels.sending(account, bodies[part::4]) for part in range(4)))
    assert all(answer.fine for answer in answers), answers
    for name in ("before_fold", "after_claim", "before_fold"):
        assert shop.alone(parcels.reading(), setup=parcels.dying(name)).killed
        parcels.time_passes(shop)
    parcels.settle(shop)
    _digest, boxes, rows = state_of(shop, seed)
    assert_folded(boxes, rows)


def test_two_wordings_at_once(shop):
    """Push and answer say the same in other words, at the same moment: one event, one state."""
    account = parcels.account(shop)
    with shop.env() as env:
        parcels.boxes(env, [parcels.number(901, parcel) for parcel in range(20)])
    ways = []
    for way in range(4):
        bodies = []
        for parcel in range(20):
            rows = []
            for row in parcels.events(parcel):
                moment = row["time"].removesuffix(":00Z")
                word = {0: row["time"], 1: f"{moment}:41Z", 2: f"{moment}Z", 3: f"{moment}:00+00:00"}[way]
                place = row["place"].upper() if way % 2 else row["place"]
                rows.append({**row, "time": word, "place": place, "text": f"In the words of {way}"})
            random.Random(way).shuffle(rows)
            data = {"number": parcels.number(901, parcel), "carrier": "dhl", "events": rows}
            bodies.append(json.dumps(data).encode())
        ways.append(parcels.sending(account, bodies))
    answers = shop.together(*ways, parcels.reading(), parcels.reading())
    assert all(answer.fine for answer in answers), answers
    parcels.settle(shop)
    _digest, boxes, rows = state_of(shop, 901)
    assert_folded(boxes, rows)


def test_registered_once_by_any_number_of_workers(shop, tmp_path):
    """Every third registration is taken and not answered, workers die: each number is in the service's book once."""
    ledger = tmp_path / "carrier.jsonl"
    with parcels.carrier(ledger, forgetful=0.3, hour=1e-9) as url:
        account = parcels.account(shop, "simulated", endpoint=url)
        with shop.env() as env:
            parcels.boxes(env, [f"REG{n:03}" for n in range(200)])
        for name in ("after_claim", "before_call", "after_call"):
            shop.alone(parcels.following(), setup=parcels.dying(name))
            parcels.time_passes(shop)
        for _round in range(6):
            answers = shop.together(*[parcels.following()] * 4)
            assert all(answer.fine for answer in answers), answers
            parcels.time_passes(shop)
        states = shop.sql(
            "SELECT watch.state, box.status, count(*) FROM dropship_watch watch JOIN dropship_shipment box "
            "ON box.id = watch.shipment_id WHERE box.number LIKE 'REG%%' GROUP BY 1, 2"
        )
    numbers = [fact["number"] for fact in parcels.facts(ledger, "register")]
    registered = Counter(one for one in numbers if one.startswith("REG"))  # parcels of other tests are followed too
    assert len(registered) == 200 and set(registered.values()) == {1}
    assert states == [("watched", "delivered", 200)], states
    query = "SELECT count(*) FROM dropship_watch WHERE connection_id = %s AND registered_at IS NOT NULL"
    assert shop.sql(query, account) == [(len(set(numbers)),)]


def test_no_parcel_is_asked_for_too_often(shop, tmp_path):
    """Eight workers that want to ask all the time; the service allows a question in half an hour."""
    ledger = tmp_path / "carrier.jsonl"

    def slow(_job):
        from odoo.addons.dropship_flow.trackers import simulated  # noqa: PLC0415

        simulated.PAUSE = 1800

    with parcels.carrier(ledger, hour=3600) as url:
        account = parcels.account(shop, "simulated", endpoint=url)
        with shop.env() as env:
            parcels.boxes(env, [f"ASK{n:03}" for n in range(100)])
        for _round in range(4):
            answers = shop.together(*[parcels.following()] * 8, setup=slow)
            assert all(answer.fine for answer in answers), answers
            shop.sql("UPDATE dropship_watch SET next_try = now() - interval '1 day' WHERE connection_id = %s", account)
    asked = Counter(fact["number"] for fact in parcels.facts(ledger, "ask"))
    assert len(asked) >= 100 and set(asked.values()) == {1}, asked.most_common(3)


def test_a_service_that_loses_pushes(shop, tmp_path, odoo_server):
    """Three pushes of ten never come, some come twice, none in order: asking every two hours finds what is missing."""
    server = odoo_server(shop.database)
    account = parcels.account(shop, "simulated", endpoint="http://127.0.0.1:9")
    token = shop.sql("SELECT push_token FROM dropship_connection WHERE id = %s", account)[0][0]
    ledger, push_to = tmp_path / "carrier.jsonl", f"{server.url}/dropship/track/push/{token}"
    moods = "honest,customs:0.3,refused:0.2,locker:0.2"
    with parcels.carrier(ledger, push_to, drop=0.3, twice=0.2, shuffle=True, hour=0.03, moods=moods) as url:
        with shop.env() as env:
            env["dropship.connection"].browse(account).endpoint = url
            parcels.boxes(env, [f"LOSE{n:03}" for n in range(60)], announced_at=datetime.utcnow())
        assert shop.alone(parcels.following()).fine
        time.sleep(150 * 0.03 + 1.5)  # every journey is over
        parcels.settle(shop)
        query = "SELECT number, status FROM dropship_shipment WHERE number LIKE 'LOSE%%'"
        told = dict(shop.sql(query))
        parcels.time_passes(shop, 2)
        assert shop.alone(parcels.following()).fine
    moods = {fact["number"]: fact["mood"] for fact in parcels.facts(ledger, "register")}
    truth = {one: journeys.JOURNEYS[mood][-1][1] for one, mood in moods.items()}
    pushes = parcels.facts(ledger, "push")
    assert {fact["status"] for fact in pushes} == {200, None}
    assert sum(fact["dropped"] for fact in pushes) > len(pushes) / 5
    assert told != truth, "the pushes alone are not enough"
    assert dict(shop.sql(query)) == truth


def push(url, body, secret=parcels.SECRET):
    headers = {"Content-Type": "application/json", "X-Dropship-Signature": webhook.sign(body, secret)}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers, method="POST"), timeout=30) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except OSError:  # the server hung up before all of a body that is too large was sent
        return 413 if len(body) > 2**20 else None


def largest(server):
    """Memory of the server's largest process in MB."""
    pids, sizes = [server.process.pid], []
    for pid in pids:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as handle:
            pids += [int(child) for child in handle.read().split()]
        with open(f"/proc/{pid}/status", encoding="ascii") as handle:
            sizes += [int(line.split()[1]) / 1024 for line in handle if line.startswith("VmRSS")]
    return max(sizes)


def test_a_flood_and_monsters(shop, odoo_server):
    """One account is flooded and sends monsters; the other is served all the time, and nobody needs more memory."""
    server = odoo_server(shop.database, "--workers=2")
    first = parcels.account(shop, push_rate=5.0)
    second = parcels.account(shop)
    shop.sql("UPDATE dropship_connection SET active = true WHERE id = %s", first)
    urls = {
        account: f"{server.url}/dropship/track/push/{token}"
        for account, token in shop.sql("SELECT id, push_token FROM dropship_connection WHERE push_token IS NOT NULL")
    }
    bodies = [json.dumps({"number": f"FLOOD{n}", "events": parcels.events(n)[:1]}).encode() for n in range(700)]
    assert push(urls[first], bodies[0]) == push(urls[second], bodies[0]) == 200
    before, seen, worst = largest(server), Counter(), []

    def flood(part):
        for body in bodies[part::12]:
            seen[push(urls[first], body)] += 1

    threads = [threading.Thread(target=flood, args=(part,)) for part in range(12)]
    for thread in threads:
        thread.start()
    others = []
    while any(thread.is_alive() for thread in threads):
        begin = time.monotonic()
        others.append(push(urls[second], bodies[len(others)]))
        worst.append(time.monotonic() - begin)
        time.sleep(0.05)
    assert set(seen) == {200, 429}, seen
    assert set(others) == {200} and len(others) > 10
    time.sleep(2)  # the flood is over, the bucket fills again
    deep = b"[" * 10_000 + b"]" * 10_000
    many = json.dumps({"number": "MANY", "events": [{"time": "2026-03-01T10:00Z", "code": "in_transit", "place": str(n)}
                                                    for n in range(10_000)]})  # fmt: skip
    answers = [push(urls[first], body) for body in (b"x" * 10_000_000, deep, b'{"a":' * 5000, many.encode())]
    assert answers[:3] == [413, 400, 400] and answers[3] in (200, 413), answers
    assert push(urls[second], bodies[-1]) == 200
    assert largest(server) - before < 100
    parcels.settle(shop)
