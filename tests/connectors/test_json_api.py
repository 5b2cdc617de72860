"""The open JSON API against suppliers who answer oddly, and every message it knows."""

import json
import threading
import time
from contextlib import contextmanager

import pytest
from connectors import json_api, outcome
from connectors.http import Answer, Client, Limits
from simulator import moods
from simulator import server as simulator
from test_http import reply
from test_http import server as raw_server

HEADERS = {"Authorization": "Bearer key"}
LINES = [
    {"line": "11", "sku": "LAMP", "qty": 4, "price": 10.0},
    {"line": "12", "sku": "STAND", "qty": 3, "price": 2.5},
]
GOOD = {"ref": "P1", "status": "accepted", "id": "9"}


def client(total=2.0):
    return Client(limits=Limits(connect=1, total=total), allowed=("127.0.0.0/8",), plain=True)


@contextmanager
def supplier(folder, temperament, **options):
    """(call(kind, payload, key), ask(refs), ledger, address) of a simulated supplier."""
    ledger = simulator.Ledger(folder / "ledger.jsonl")
    running = simulator.serve(simulator.Supplier(ledger, temperament, token="key", **options))
    threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True).start()
    url = f"http://127.0.0.1:{running.server_address[1]}"

    def call(kind="order", key="k1", **payload):
        payload = {"ref": "P1", **payload}
        return json_api.send(client(), url, HEADERS, kind, payload, key)

    def ask(*refs):
        return json_api.look_up(client(), url, HEADERS, list(refs))[0]

    try:
        yield call, ask, ledger, url
    finally:
        running.shutdown()
        running.server_close()


ODD = [
    b'{"result": false}', b'{"result": false, "message": "no stock"}', b'{"is_success": "false"}',
    b'{"success": "False", "error_message": "x"}', b'{"code": -1801}', b'{"code": "1801", "msg": "none"}',
    b"<html>log in</html>", b"", b"null", b"[]", b"[{}]", b"5", b'"ok"', b"true", b"{}", b'{"ref": "P1"}',
    b'{"ref": "P2", "status": "accepted"}', b'{"ref": "P1", "status": "done"}',
    b'{"ref": "P1", "status": ["accepted"]}',
    b'{"ref": "P1", "status": "accepted", "lines": 3}', b'{"ref": "P1", "status": "accepted", "lines": [3]}',
    b'{"ref": "P1", "status": "accepted", "ids": "A"}', b'{"ref": "P1", "status": "accepted", "ids": [{}]}',
    b'{"ref": "P1", "status": "changed", "lines": [{"sku": "A", "price": NaN}]}',
    b'{"ref": "P1", "status": "changed", "lines": [{"sku": "A", "price": 1e999}]}',
    b'{"ref": "P1", "status": "accepted", "schema": 2}', b'{"ref": "P1", "status": "accepted"',
    b"[" * 100_000, b'{"a":' * 50_000, b"\xff\xfe\x00", "﻿".encode() * 2,
]  # fmt: skip


@pytest.mark.parametrize("body", ODD, ids=lambda body: body[:40].decode("utf-8", "replace") or "empty")
@pytest.mark.parametrize("kind", ["order", "cancel", "change", "ask", "pay"])
def test_a_good_status_with_an_odd_body_is_never_believed(body, kind):
    with raw_server(reply(body)) as (url, received):
        result = json_api.send(client(), url, HEADERS, kind, {"ref": "P1", "change": "7"}, "k")
    assert (result.state, result.answers, result.healthy) == (outcome.UNKNOWN, [], False), result
    assert result.error and len(received) == 1


@pytest.mark.parametrize("body", ODD, ids=lambda body: body[:40].decode("utf-8", "replace") or "empty")
def test_odd_bodies_to_questions_are_asked_again(body):
    if body.startswith(b'{"ref"') or body in (b"{}",):
        body = b'{"orders": [' + body + b"]}"
    with raw_server(reply(body)) as (url, _):
        known, result = json_api.look_up(client(), url, HEADERS, ["P1"])
    assert known == {} and result.state in (outcome.AGAIN, outcome.SENT)


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("0", 1.0), ("5", 5.0), ("99999", 3600.0), ("9" * 400, 3600.0), ("-5", None), ("soon", None), ("", None),
        ("1.5", None), ("Thu, 01 Jan 1970 00:00:00 GMT", 1.0), ("Fri, 31 Dec 9999 23:59:59 GMT", 3600.0),
        ("Thu, 99 Foo 2026 00:00:00 GMT", None), ("٥", None),
    ],
)  # fmt: skip
def test_how_long_a_supplier_may_make_us_wait(header, wait):
    answer = Answer(429, {"retry-after": header}, b"{}", "")
    assert answer.retry_after() == wait
    assert json_api._refused(answer).wait == wait


def test_a_drip_ends_and_leaves_the_outcome_open():
    def slowly(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n")
        for _ in range(100):
            time.sleep(0.1)
            connection.sendall(b" ")

    start = time.monotonic()
    with raw_server(slowly) as (url, _):
        result = json_api.send(client(0.6), url, HEADERS, "order", {"ref": "P1"}, "k")
    assert (result.state, time.monotonic() - start < 3) == (outcome.UNKNOWN, True)


def test_a_price_is_raised_by_eight_percent(tmp_path):
    with supplier(tmp_path, "raises_price") as (call, _ask, _ledger, _url):
        (answer,) = call(lines=LINES, currency="EUR").answers
    assert (answer["status"], answer["currency"]) == ("changed", "EUR")
    assert [(line["line"], line["price"]) for line in answer["lines"]] == [("11", 10.8), ("12", 2.7)]


def test_a_part_is_accepted(tmp_path):
    with supplier(tmp_path, "part") as (call, _ask, _ledger, _url):
        (answer,) = call(lines=LINES).answers
    first, second = answer["lines"]
    assert (first["accepted"], first["backordered"], first["rejected"], bool(first["date"])) == (2, 2, 0, True)
    assert (second["accepted"], second["rejected"], second["reason_code"]) == (1, 2, "not_enough")


def test_one_call_several_numbers(tmp_path):
    """All of them are kept, and a cancellation that leaves one open is none."""
    with supplier(tmp_path, "splits") as (call, ask, ledger, _url):
        result = call(lines=LINES)
        assert (result.remote_ids, result.remote_ref) == (["SIM-1-1", "SIM-1-2"], "SIM-1")
        assert ask("P1")["P1"]["ids"] == ["SIM-1-1", "SIM-1-2"]
        gone = call("cancel", "k2", ids=result.remote_ids)
        assert gone.answers[0]["status"] == "cancelled"
    half = json.dumps({"ref": "P1", "status": "cancelled", "ids": ["SIM-1-1"]}).encode()
    with raw_server(reply(half)) as (url, _):
        result = json_api.send(client(), url, HEADERS, "cancel", {"ref": "P1", "ids": ["SIM-1-1", "SIM-1-2"]}, "k")
    assert result.state == outcome.REJECTED and "SIM-1-2" in result.error and not result.answers


def test_parcels_come_when_they_are_due(tmp_path):
    for temperament, real in (("ships", True), ("liar", False)):
        folder = tmp_path / temperament
        folder.mkdir()
        with supplier(folder, temperament, ship_after=0.2) as (call, ask, ledger, _url):
            call(lines=LINES)
            assert ask("P1")["P1"]["status"] == "accepted"
            time.sleep(0.25)
            first, second = ask("P1")["P1"], ask("P1")["P1"]
            assert first["status"] == "shipped" and first["parcels"] == second["parcels"]
            assert [parcel["real"] for parcel in ledger.parcels["P1"]] == [real]
            assert call("cancel", "k9").answers[0]["status"] == ("shipped" if real else "cancelled")


def test_changes_payments_inquiries(tmp_path):
    with supplier(tmp_path, "honest") as (call, ask, ledger, _url):
        assert call("change", "c0", change="1").state == outcome.REJECTED, "there is no order yet"
        call(lines=LINES, currency="EUR")
        for _ in range(2):
            (answer,) = call("change", "c1", change="1").answers
        assert (answer["about"], answer["answer"], len(ledger.changes)) == ("change", "yes", 1)
        assert "paid" not in ask("P1")["P1"]
        for _ in range(2):
            (answer,) = call("pay", "p1", amount=47.5, currency="EUR").answers
        assert (answer["paid"], answer["amount"], len(ledger.payments["P1"])) == ("yes", 47.5, 1)
        assert call("pay", "p2", amount=47.5, currency="EUR").state == outcome.REJECTED
        assert ask("P1")["P1"]["paid"] is True
        (answer,) = call("ask", "q1", ref="Q1", lines=[{"sku": "LAMP", "qty": 1}, {"sku": "NEW", "qty": 1}]).answers
        lamp, new = answer["lines"]
        assert (lamp["price"], lamp["currency"], new["price"]) == (10.0, "EUR", None)
        assert lamp["stock"] >= 10 and lamp["valid_until"]
        assert call("cancel", "k2").answers[0]["status"] == "cancelled"
        assert call("change", "c2", change="2").answers[0]["answer"] == "too_late"
        assert call("teleport", "t1").state == outcome.PARKED


def test_an_answer_to_another_change_is_not_believed():
    body = json.dumps({"ref": "P1", "change": "8", "answer": "yes"}).encode()
    with raw_server(reply(body)) as (url, _):
        result = json_api.send(client(), url, HEADERS, "change", {"ref": "P1", "change": "7"}, "k")
    assert (result.state, result.answers) == (outcome.UNKNOWN, [])


@pytest.mark.parametrize(
    ("kind", "body", "state", "answers"),
    [
        ("change", {"answer": "yes", "change": 7, "version": 1}, outcome.SENT, 1),
        ("change", {"answer": "received", "change": 7}, outcome.SENT, 0),
        ("pay", {"paid": "yes", "amount": 5}, outcome.SENT, 1),
        ("pay", {"paid": "no", "reason": "no balance"}, outcome.REJECTED, 0),
        ("pay", {"paid": "pending"}, outcome.UNKNOWN, 0),
    ],
)
def test_only_yes_is_yes(kind, body, state, answers):
    with raw_server(reply(json.dumps({"ref": "P1", **body}).encode())) as (url, _):
        result = json_api.send(client(), url, HEADERS, kind, {"ref": "P1", "change": 7, "version": 2}, "k")
    assert (result.state, len(result.answers)) == (state, answers), result


def test_who_is_told_need_not_answer():
    with raw_server(reply(b"")) as (url, _):
        result = json_api.send(client(), url, HEADERS, "change", {"ref": "P1", "text": "new label"}, "k")
    assert result.state == outcome.SENT


def test_holidays_are_announced(tmp_path):
    with supplier(tmp_path, "honest,announces_holidays:0.1") as (_call, _ask, _ledger, url):
        rows, result = json_api.closures(client(), url, HEADERS)
        assert (result.state, rows[0]["date_from"], rows[0]["orders_meanwhile"]) == (outcome.SENT, moods.day(9), True)
    for body in (b'{"closures": [{"name": "x"}]}', b"[]", b"<html>", b'{"closures": 1}'):
        with raw_server(reply(body)) as (url, _):
            assert json_api.closures(client(), url, HEADERS)[1].state == outcome.AGAIN
    with raw_server(reply(b"", "404 Not Found")) as (url, _):
        assert json_api.closures(client(), url, HEADERS)[1].state == outcome.PARKED


def test_the_ledger_of_everything_survives(tmp_path):
    with supplier(tmp_path, "ships", ship_after=0.0) as (call, ask, _ledger, _url):
        call(lines=LINES)
        call("change", "c1", change="1")
        call("pay", "p1", amount=1, currency="EUR")
        parcels = ask("P1")["P1"]["parcels"]
    with supplier(tmp_path, "ships", ship_after=0.0) as (call, ask, ledger, _url):
        assert ask("P1")["P1"]["parcels"] == parcels
        assert call("pay", "p1", amount=1, currency="EUR").answers[0]["paid"] == "yes"
        assert (len(ledger.changes), len(ledger.payments["P1"])) == (1, 1)


class Told:
    """A shop that keeps what a supplier's program tells it."""

    def __init__(self, *statuses):
        self.statuses, self.calls = list(statuses), []

    def __call__(self, connection):
        status = self.statuses.pop(0) if self.statuses else "200 OK"
        connection.sendall(reply(b"{}", status))


def test_a_supplier_whose_program_calls_us(tmp_path):
    """It acknowledges and ships by our API, repeating under the same key what did not get through."""
    shop = Told("503 Service Unavailable", "200 OK", "200 OK")
    with raw_server(shop, shop, shop) as (url, received):
        caller = simulator.Caller(f"{url}/dropship/supplier/v1", "dsk_x", pause=0.05)
        with supplier(tmp_path, "ships", ship_after=0.1, caller=caller) as (call, _ask, _ledger, _url):
            call(lines=LINES)
            until = time.monotonic() + 5
            while len(received) < 3 and time.monotonic() < until:
                time.sleep(0.05)
    heads = [request.split(b"\r\n\r\n")[0] for request in received]
    assert [head.split()[1].rpartition(b"/")[2] for head in heads] == [b"acknowledge", b"acknowledge", b"shipments"]
    keys = [next(line for line in head.split(b"\r\n") if b"dempotency" in line) for head in heads]
    assert keys[0] == keys[1] != keys[2]
    assert b"Bearer dsk_x" in heads[0]
    assert json.loads(received[2].split(b"\r\n\r\n")[1])["parcels"][0]["number"].startswith("SF")
