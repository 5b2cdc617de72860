"""The generic push: what is signed, what is read, and what is not."""

import doctest
import json

import pytest
from trackers import form, outside, said, webhook
from tracking import watching

NOW = 1_772_355_900
BODY = json.dumps({"number": "X1", "events": [{"time": "2026-03-01T10:05:00+08:00", "code": "in_transit"}]}).encode()


@pytest.mark.parametrize("module", [form, outside, said, watching, webhook])
def test_examples(module):
    assert not doctest.testmod(module).failed


def check(header, secrets=("new", "old"), body=BODY, now=NOW):
    return webhook.verify(body, {webhook.HEADER: header}, {}, secrets, now)


def test_both_secrets_are_good_while_they_change():
    for secret in ("new", "old"):
        assert check(webhook.sign(BODY, secret, NOW))
    assert not check(webhook.sign(BODY, "other", NOW))
    assert not check(webhook.sign(BODY, "old", NOW), secrets=("new",))
    assert not check(webhook.sign(BODY, "", NOW), secrets=())


@pytest.mark.parametrize(("seconds", "genuine"), [(0, True), (299, True), (301, False), (-59, True), (-61, False)])
def test_what_is_caught_cannot_be_sent_again_later(seconds, genuine):
    assert check(webhook.sign(BODY, "new", NOW), now=NOW + seconds) is genuine


good = webhook.sign(BODY, "new", NOW)


@pytest.mark.parametrize(
    "header",
    [
        "",
        good[:-1],
        good.upper(),
        good.replace("v1=", "v2="),
        good.replace(f"t={NOW}", f"t={NOW + 1}"),
        good.replace(f"t={NOW},", ""),
        f"t={NOW},{good}",
        "t=٣,v1=é",
        good.replace("v1=", "v1=é"),
        f"t={NOW},v1=",
        "t=" + "9" * 900,
        "x" * 5000,
    ],
)
def test_forged_missing_and_truncated(header):
    assert not check(header)


def test_the_body_is_signed_as_it_came():
    again = json.dumps(json.loads(BODY), indent=1).encode()
    assert not check(good, body=again)
    assert not check(good, body=BODY[:-1])


def test_what_is_no_message():
    deep = b"[" * 10_000 + b"]" * 10_000
    for body in (b"", b"{", b"7", b"[]", b"{}", b'{"number": null}', b'{"number": NaN}', deep, b"\xff\xfe", b"null"):
        with pytest.raises(ValueError):
            webhook.read(body, {}, {})
    with pytest.raises(ValueError):
        webhook.read(json.dumps({"parcels": [{"number": str(n)} for n in range(501)]}).encode(), {}, {})


def test_strange_values_are_left_out_and_counted():
    rows = [
        {"time": "0001-01-01T00:00:00Z", "code": "delivered"},
        {"time": "9999-12-31T23:59:59-12:00", "code": "delivered"},
        {"time": None, "code": "delivered"},
        {"time": "2026-03-01T10:05:00Z", "code": None},
        {"time": "2026-03-01T10:05:00Z", "code": 7},
        {"time": "2026-03-01T10:05:00Z", "code": "🚚" * 500, "text": "x" * 10**6},
        "delivered",
    ]
    (found,) = webhook.read(json.dumps({"number": " X\x001 ", "events": rows}).encode(), {}, {})
    assert found.number == "X 1"
    assert [event.code[:1] for event in found.events] == ["7", "🚚"]
    assert all(len(event.text) <= said.MAX_TEXT and len(event.code) <= 64 for event in found.events)
    assert found.error == "5 of 7 events have no time we can read."


def test_a_list_that_never_ends_is_left():
    with pytest.raises(outside.Endless):
        list(outside.pages(lambda cursor: ([1], (cursor or 0) + 1), most=20))
    seen = []
    with pytest.raises(outside.Endless):
        for item in outside.pages(lambda cursor: ([cursor], "same")):
            seen.append(item)
    assert seen == [None, "same"]
