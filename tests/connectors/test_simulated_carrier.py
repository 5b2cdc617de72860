"""The simulated carrier and the service that speaks with it: its ledger says what really happened."""

import doctest
import json
import threading
from collections import Counter
from contextlib import contextmanager

import pytest
from connectors import outcome
from connectors.http import Client, Limits
from simulator import carrier as carriers
from simulator import journeys
from trackers import simulated
from trackers.said import Watched
from tracking.status import DETAILS, STATUSES


@contextmanager
def running(folder, **options):
    book = carriers.Book(str(folder / "carrier.jsonl"))
    carrier = carriers.Carrier(book, token="key", **options)
    server = carriers.serve(carrier)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    client = Client(limits=Limits(connect=1, total=2), allowed=("127.0.0.0/8",), plain=True)
    try:
        yield carrier, client, f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        book.file.close()


def watched(*numbers):
    return [Watched(f"t-{number}", number, "dhl", country="DE") for number in numbers]


def facts(folder, kind):
    lines = (folder / "carrier.jsonl").read_text().splitlines()
    return [fact for fact in map(json.loads, lines) if fact["fact"] == kind]


def test_examples():
    assert not doctest.testmod(journeys).failed


def test_every_journey_speaks_our_words():
    for mood, steps in journeys.JOURNEYS.items():
        assert [step[0] for step in steps] == sorted(step[0] for step in steps), mood
        assert {step[1] for step in steps} <= set(STATUSES)
        assert {step[2] for step in steps} <= DETAILS | {""}
    with pytest.raises(ValueError):
        journeys.Mix("grumpy")


def test_registered_once_and_in_part(tmp_path):
    with running(tmp_path) as (carrier, client, url):
        taken, result = simulated.register(client, url, "key", watched("A1", "not one", "A2"))
        assert result.state == outcome.SENT
        assert [(one.ok, bool(one.error)) for one in taken] == [(True, False), (False, True), (True, False)]
        again, _result = simulated.register(client, url, "key", watched("A1"))
        assert again[0].ok and again[0].remote_id == taken[0].remote_id
    assert Counter(fact["number"] for fact in facts(tmp_path, "register")) == {"A1": 1, "A2": 1}


def test_the_answer_that_nobody_hears(tmp_path):
    with running(tmp_path, forgetful=1.0) as (_carrier, client, url):
        taken, result = simulated.register(client, url, "key", watched("A1"))
        assert (taken, result.state, result.healthy) == ([], outcome.UNKNOWN, False)
        taken, result = simulated.register(client, url, "key", watched("A1"))
        assert taken[0].ok and result.state == outcome.SENT
    assert len(facts(tmp_path, "register")) == 1


def test_asked_40_at_a_time(tmp_path):
    with running(tmp_path, hour=1e-9) as (_carrier, client, url):
        simulated.register(client, url, "key", watched("A1"))
        found, result = simulated.ask(client, url, "key", watched("A1", "A2"))
        assert result.state == outcome.SENT
        assert [(one.number, one.events[-1].code) for one in found] == [("A1", "delivered")]
        assert simulated.ask(client, url, "key", watched("A2")) == ([], result)
        _found, result = simulated.ask(client, url, "key", watched(*(f"A{n}" for n in range(41))))
        assert result.state == outcome.PARKED
        assert simulated.stop(client, url, "key", watched("A1")).state == outcome.SENT


def test_a_wrong_key_and_a_closed_door(tmp_path):
    with running(tmp_path) as (_carrier, client, url):
        _taken, result = simulated.register(client, url, "wrong", watched("A1"))
        assert result.state == outcome.PARKED and not result.healthy
    _taken, result = simulated.register(client, url, "key", watched("A1"))
    assert result.state == outcome.AGAIN and not result.healthy


def test_the_ledger_survives_the_process(tmp_path):
    with running(tmp_path, hour=1e-9) as (carrier, client, url):
        simulated.register(client, url, "key", watched("A1"))
        before = carrier.happened("A1")
    with running(tmp_path, hour=1e-9) as (carrier, _client, _url):
        assert carrier.happened("A1") == before != []


@pytest.mark.parametrize(("drop", "twice"), [(0.3, 0.0), (0.0, 1.0), (0.3, 0.5)])
def test_pushes_with_faults(tmp_path, drop, twice):
    with running(tmp_path, hour=1e-9) as (carrier, client, url):
        simulated.register(client, url, "key", watched(*(f"A{n}" for n in range(40))))
        sent = []
        pusher = carriers.Pusher(carrier, "", "secret", drop, twice, shuffle=True)
        pusher.push = lambda data: sent.append(data) or 200
        pusher.round()
        pusher.round()  # nothing new
        told = facts(tmp_path, "push")
    happened = 40 * len(journeys.JOURNEYS["honest"])
    assert len(told) == happened
    dropped = sum(fact["dropped"] for fact in told)
    assert abs(dropped / happened - drop) < 0.1
    assert len(sent) == happened - dropped + sum(fact["twice"] for fact in told)
