"""The simulated supplier and the client that speaks with it: the ledger says what really happened."""

import doctest
import json
import threading
from contextlib import contextmanager

import pytest
from connectors import answer, json_api, outcome, replies
from connectors.http import Client, Limits
from simulator import moods
from simulator import server as simulator

HEADERS = {"Authorization": "Bearer key"}


@contextmanager
def supplier(folder, temperament, **options):
    ledger = simulator.Ledger(folder / "ledger.jsonl")
    running = simulator.serve(simulator.Supplier(ledger, temperament, token="key", hang=0.4, **options))
    thread = threading.Thread(target=running.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    client = Client(limits=Limits(connect=1, total=0.3), allowed=("127.0.0.0/8",), plain=True)
    try:
        yield client, f"http://127.0.0.1:{running.server_address[1]}", ledger
    finally:
        running.shutdown()
        running.server_close()


def send(client, url, ref="P1", key="k1", headers=HEADERS, kind="order"):
    return json_api.send(client, url, headers, kind, {"ref": ref, "lines": []}, key)


@pytest.mark.parametrize(
    ("temperament", "state", "has_it"),
    [
        ("honest", outcome.SENT, True),
        ("slow", outcome.SENT, True),
        ("out_of_stock", outcome.SENT, True),
        ("hangs", outcome.UNKNOWN, True),
        ("resets", outcome.UNKNOWN, True),
        ("breaks_late", outcome.UNKNOWN, True),
        ("garbage", outcome.UNKNOWN, True),
        ("breaks", outcome.UNKNOWN, False),
        ("busy", outcome.AGAIN, False),
    ],
)
def test_first_attempt(tmp_path, temperament, state, has_it):
    with supplier(tmp_path, temperament) as (client, url, ledger):
        result = send(client, url)
        known, asked = json_api.look_up(client, url, HEADERS, ["P1", "P2"])
    assert result.state == state, result
    assert (set(known) == {"P1"}, "P1" in ledger.orders) == (has_it, has_it)
    assert asked.state == outcome.SENT


@pytest.mark.parametrize("temperament", list(simulator.TEMPERAMENTS))
def test_the_same_key_never_makes_two(tmp_path, temperament):
    with supplier(tmp_path, temperament) as (client, url, ledger):
        for _ in range(3):
            send(client, url)
    facts = [json.loads(line) for line in (tmp_path / "ledger.jsonl").read_text().splitlines()]
    assert [fact["ref"] for fact in facts] == ["P1"]


def test_the_ledger_survives(tmp_path):
    with supplier(tmp_path, "honest") as (client, url, _):
        send(client, url)
    with supplier(tmp_path, "honest") as (client, url, _):
        assert send(client, url).answers[0]["remote_ref"] == "SIM-1"
        assert json_api.send(client, url, HEADERS, "order", {"ref": "P1", "other": 1}, "k1").state == outcome.REJECTED
        assert send(client, url, kind="cancel", key="k2").answers[0]["status"] == "cancelled"
        assert send(client, url, ref="P9", kind="cancel", key="k3").state == outcome.REJECTED


def test_a_wrong_key_is_ours_to_mend(tmp_path):
    with supplier(tmp_path, "honest") as (client, url, ledger):
        result = send(client, url, headers={"Authorization": "Bearer other"})
    assert (result.state, result.healthy, ledger.orders) == (outcome.PARKED, False, {})


def test_answers_out_of_form_are_not_believed(tmp_path):
    with supplier(tmp_path, "honest") as (client, url, ledger):
        send(client, url)
        ledger.orders["P1"][0]["status"] = "teleported"
        known, result = json_api.look_up(client, url, HEADERS, ["P1"])
        assert (known, result.state) == ({}, outcome.AGAIN)
        assert send(client, url).state == outcome.UNKNOWN


def test_silence_and_nobody(tmp_path):
    client = Client(limits=Limits(connect=0.3, total=0.3), allowed=("127.0.0.0/8",), plain=True)
    assert send(client, "http://127.0.0.1:1").state == outcome.AGAIN
    assert send(client, "ftp://x").state == outcome.PARKED


@pytest.mark.parametrize("module", [answer, json_api, moods, replies, simulator], ids=lambda module: module.__name__)
def test_examples(module):
    result = doctest.testmod(module)
    assert result.attempted and not result.failed
