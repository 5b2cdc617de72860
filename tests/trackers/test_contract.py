"""Every tracking service keeps the same promises: signed or refused, read or refused, registered once, no secret told.

The services are found, not listed. Each brings `fake_<kind>.py` with

    SAMPLES {name: content of a push} · PUSH_SECRET, OTHER_PUSH_SECRET · CASE_MATTERS of its signatures
    push(content, secret) -> (body, headers, form) · signature_of(push) · with_signature(push, text or None)
    reserialised(push)            the same content written differently under the old signature
    SECRET, PARCEL, Server        where numbers are registered: what an account holds, a parcel, the service itself
                                  (`faults`, `cost(parcel)`, `put(number, their carrier)`, see `fakes.Fake`)
"""

import copy
import importlib
import json
import logging
import pkgutil
import random
import time
from datetime import date, datetime

import pytest
import trackers
from connectors.http import Client, Limits
from connectors.outcome import AGAIN, PARKED, SENT, UNKNOWN
from trackers.said import MAX_EVENTS, MAX_TEXT, Found
from tracking.fold import Event, fold
from tracking.status import DETAILS, STATUSES

CODES = {*STATUSES, "unknown"}
FOUND = [importlib.import_module(f"trackers.{info.name}") for info in pkgutil.iter_modules(trackers.__path__)]
SERVICES = {module.KIND: module for module in FOUND if hasattr(module, "KIND")}
PUSHING = [kind for kind, module in SERVICES.items() if hasattr(module, "verify")]
LIVING = [kind for kind, module in SERVICES.items() if module.LIVES]
# Those that speak words of their own; the others speak ours, by agreement.
FOREIGN = [kind for kind, module in SERVICES.items() if hasattr(module, "STATES")]
NOW = datetime(2026, 4, 1)


def fake(kind):
    """A service without one has not been tried out: the tests fail."""
    return importlib.import_module(f"fake_{kind}")


def client(total=1.0, secrets=()):
    return Client(Limits(connect=1.0, total=total), allowed=("127.0.0.0/8",), plain=True, secrets=secrets)


def secrets_of(kind):
    secret = fake(kind).SECRET
    return tuple(secret.values() if isinstance(secret, dict) else (secret,))


def numbered(parcel, count):
    return [
        parcel._replace(tag=f"tag-{each}", number=f"{parcel.number[:-3]}{each:03d}") for each in range(count)
    ]  # fmt: skip


def test_all_are_here():
    assert {"17track", "kuaidi100", "aftership"} <= set(SERVICES)


@pytest.mark.parametrize("kind", SERVICES)
def test_shape(kind):
    module = SERVICES[kind]
    assert isinstance(module.BATCH, int) and module.BATCH > 0
    assert module.PAUSE >= 0 and isinstance(module.LIVES, bool)
    if module.LIVES:
        assert callable(module.register)
    assert callable(getattr(module, "ask", None)) or callable(getattr(module, "read", None))
    for table in [getattr(module, "STATES", {})]:
        assert all(code in STATUSES and detail in {"", *DETAILS} for code, detail in table.values())
    if hasattr(module, "needs"):
        assert all(module.needs(carrier) <= {"phone", "phone4", "postcode"} for carrier in ("", "sf", "dhl", "postnl"))


# --- signatures ---


@pytest.fixture(params=PUSHING)
def pushing(request):
    kit = fake(request.param)
    content = next(iter(kit.SAMPLES.values()))
    return SERVICES[request.param], kit, kit.push(content, kit.PUSH_SECRET)


def test_a_genuine_push_is_taken(pushing):
    module, kit, pushed = pushing
    assert module.verify(*pushed, (kit.PUSH_SECRET,)) is True
    # While the secret is changed, either one is good.
    assert module.verify(*pushed, (kit.OTHER_PUSH_SECRET, kit.PUSH_SECRET)) is True
    assert module.read(*pushed)


@pytest.mark.parametrize("secrets", [(), ("",), ("", ""), None, (None,)])
def test_without_a_secret_nothing_is_genuine(pushing, secrets):
    module, kit, pushed = pushing
    assert module.verify(*pushed, secrets) is False
    unsalted = kit.push(next(iter(kit.SAMPLES.values())), "")
    assert module.verify(*unsalted, secrets) is False
    assert module.verify(*unsalted, (kit.PUSH_SECRET,)) is False


def tampered(kit, pushed):
    """The pushes that are not genuine, by name."""
    right = kit.signature_of(pushed)
    other = kit.push(next(iter(kit.SAMPLES.values())), kit.OTHER_PUSH_SECRET)
    forms = {
        "missing": kit.with_signature(pushed, None),
        "empty": kit.with_signature(pushed, ""),
        "forged": kit.with_signature(pushed, "0" * len(right)),
        "truncated": kit.with_signature(pushed, right[:-1]),
        "longer": kit.with_signature(pushed, right + right[-1]),
        "another account's": other,
        "not ASCII": kit.with_signature(pushed, "签" + right[1:]),
        "full width": kit.with_signature(pushed, "".join(chr(ord(sign) + 0xFEE0) for sign in right)),
        "lone surrogate": kit.with_signature(pushed, right[:-1] + "\ud800"),
        "other encoding": kit.with_signature(pushed, right.encode().hex()),
        "another form of JSON": kit.reserialised(pushed),
    }
    if kit.CASE_MATTERS:
        forms["other case"] = kit.with_signature(pushed, right.swapcase())
    return forms


def test_what_is_not_genuine_is_refused(pushing):
    module, kit, pushed = pushing
    for name, forged in tampered(kit, pushed).items():
        assert module.verify(*forged, (kit.PUSH_SECRET,)) is False, name
    for strange in ((b"", {}, {}), (b"\xff\xfe", {}, {}), (b"{}", {"sign": None}, {"sign": 3, "param": 3})):
        assert module.verify(*strange, (kit.PUSH_SECRET,)) is False


def test_case_where_it_does_not_matter(pushing):
    module, kit, pushed = pushing
    if not kit.CASE_MATTERS:
        turned = kit.with_signature(pushed, kit.signature_of(pushed).swapcase())
        assert module.verify(*turned, (kit.PUSH_SECRET,)) is True


# --- reading ---


def check(found, foreign=True):
    """What was read can be stored and folded as it is."""
    assert isinstance(found, list) and all(isinstance(each, Found) for each in found)
    for each in found:
        assert each.number and len(each.number) <= 64
        assert each.status in {"", *STATUSES} and isinstance(each.stopped, bool)
        assert each.expected is None or type(each.expected) is date
        assert type(each.weight) in (int, float) and 0 <= each.weight < 1e6
        texts = [each.number, each.tag, each.carrier, each.service_carrier, each.new_carrier, each.destination]
        texts += [each.signed_by, each.error]
        assert isinstance(each.events, tuple) and (len(each.events) <= MAX_EVENTS or not foreign)
        for event in each.events:
            assert type(event.at) is datetime and event.at.tzinfo is None and 1999 <= event.at.year <= 2100
            assert type(event.sure) is bool and type(event.code) is str and type(event.detail) is str
            assert not foreign or (event.code in CODES and event.detail in {"", *DETAILS})
            texts += [event.raw_status, event.raw_detail, event.text, event.place, event.raw_time]
        for text in texts:
            assert type(text) is str and len(text) <= MAX_TEXT and text.isprintable()
        events = [Event(event.at, event.code, str(key), event.detail) for key, event in enumerate(each.events)]
        assert fold(events, NOW).code in STATUSES


def test_samples_are_read(pushing):
    module, kit, _pushed = pushing
    for name, content in kit.SAMPLES.items():
        found = module.read(*kit.push(content, kit.PUSH_SECRET))
        assert found, name
        check(found, module.KIND in FOREIGN)
        assert found == module.read(*kit.push(content, kit.PUSH_SECRET))


STRANGE = [
    None, True, False, 0, 1, -1, 3.5, 1e308, 10**30, "", " ", "x", "💥" * 50, "\ud800", "a\x00b\n", [], {}, [[[]]],
    [None], {"a": None}, "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00", "2026-13-45 10:00",
    "2026-03-01T10:00:00+99:99", "2026-03-01 24:61:61", "1e5", "Infinity", "٢٠٢٦-٠٣-٠١", "DELIVERED", "delivered",
]  # fmt: skip


def nodes(value, path=()):
    """The paths to all values within data."""
    found = [path] if path else []
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        found += nodes(each, (*path, key))
    return found


def mutated(content, dice):
    content = copy.deepcopy(content)
    for _change in range(dice.choice((1, 1, 2, 3, 6))):
        paths = nodes(content)
        if not paths:
            return content
        *above, last = dice.choice(paths)
        holder = content
        for key in above:
            holder = holder[key]
        deed = dice.random()
        if deed < 0.1:
            del holder[last]
        elif deed < 0.15 and isinstance(holder, list):
            holder.extend(copy.deepcopy(holder[-1:]) * dice.choice((1, 50)))
        elif deed < 0.155:
            holder[last] = "長" * 400_000
        else:
            holder[last] = copy.deepcopy(dice.choice(STRANGE))
    return content


@pytest.mark.parametrize("kind", PUSHING)
def test_garbage_is_read_or_refused(kind):
    module, kit, dice, read = SERVICES[kind], fake(kind), random.Random(42), 0
    start = time.process_time()
    contents = list(kit.SAMPLES.values())
    for _round in range(3000):
        pushed = kit.push(mutated(dice.choice(contents), dice), kit.PUSH_SECRET)
        assert module.verify(*pushed, (kit.PUSH_SECRET,)) is True
        try:
            found = module.read(*pushed)
        except ValueError:
            continue
        check(found, kind in FOREIGN)
        read += 1
    assert 1000 < read < 3000  # both ways were walked
    assert time.process_time() - start < 60


@pytest.mark.parametrize("kind", PUSHING)
def test_what_is_no_message_is_refused(kind):
    module, kit = SERVICES[kind], fake(kind)
    whole = [None, 0, "x", [], {}, [{}], {"data": None}, {"msg": []}, {"lastResult": 3, "status": "polling"}]
    for content in whole:
        with pytest.raises(ValueError):
            module.read(*kit.push(content, kit.PUSH_SECRET))
    for deep in ("[" * 10_000, '{"data":' * 10_000, '{"msg":' * 10_000 + "1" + "}" * 10_000, "{", "NaN", '{"a": NaN}'):
        for pushed in ((deep.encode(), {}, {}), (b"", {}, {"param": deep}), (b"\xff\xff", {}, {}), (b"", {}, {})):
            with pytest.raises(ValueError):
                module.read(*pushed)


@pytest.mark.parametrize("kind", PUSHING)
def test_ten_thousand_events(kind):
    module, kit = SERVICES[kind], fake(kind)

    def grow(value):
        """The same with each list of objects a thousand times."""
        if isinstance(value, dict):
            return {key: grow(each) for key, each in value.items()}
        if isinstance(value, list) and value and isinstance(value[0], dict):
            many = value * (10_000 // len(value)) if "providers" not in str(value)[:40] else value
            return [grow(each) if len(str(value)) > 20_000 else each for each in many]
        return value

    start = time.process_time()
    check(module.read(*kit.push(grow(kit.SAMPLES["delivered"]), kit.PUSH_SECRET)), kind in FOREIGN)
    assert time.process_time() - start < 10


@pytest.mark.parametrize("kind", FOREIGN)
def test_words_of_ours_are_no_words_of_theirs(kind):
    """A word we do not know never becomes a delivery by being spelled like ours."""
    module, kit = SERVICES[kind], fake(kind)

    def swap(value):
        if isinstance(value, dict):
            return {key: swap(each) for key, each in value.items()}
        if isinstance(value, list):
            return [swap(each) for each in value]
        return "delivered" if isinstance(value, str) and value in module.STATES else value

    for content in kit.SAMPLES.values():
        for found in module.read(*kit.push({**swap(content), "status": content.get("status")}, kit.PUSH_SECRET)):
            assert not any(event.code == "delivered" for event in found.events)


# --- the account ---


@pytest.fixture(params=[kind for kind in LIVING if kind in FOREIGN])
def foreign(request):
    kit = fake(request.param)
    with kit.Server() as server:
        yield SERVICES[request.param], kit, server


@pytest.fixture(params=LIVING)
def living(request):
    kit = fake(request.param)
    with kit.Server() as server:
        yield SERVICES[request.param], kit, server


def test_registered_once(living):
    module, kit, server = living
    parcels = numbered(kit.PARCEL, min(module.BATCH, 40))
    for _again in range(3):
        taken, outcome = module.register(client(), server.url, kit.SECRET, parcels)
        assert outcome.state == SENT and outcome.healthy
        assert [each.tag for each in taken] == [parcel.tag for parcel in parcels]
        assert all(each.ok and not each.error for each in taken)
    assert {server.cost(parcel) for parcel in parcels} == {1}


@pytest.mark.parametrize("fault", ["silent", "slow"])
def test_registered_once_though_nothing_was_heard(living, fault):
    module, kit, server = living
    parcels = numbered(kit.PARCEL, min(module.BATCH, 3))
    server.faults.append(fault)
    taken, outcome = module.register(client(total=0.8), server.url, kit.SECRET, parcels)
    assert outcome.state in (AGAIN, UNKNOWN) and not outcome.healthy
    assert not [each for each in taken if each.ok or not each.again]  # what is not named is tried again too
    taken, outcome = module.register(client(), server.url, kit.SECRET, parcels)
    assert outcome.state == SENT and all(each.ok for each in taken)
    assert {server.cost(parcel) for parcel in parcels} == {1}


FAULTS = {
    "429": (AGAIN, True),
    "500": (AGAIN, False),
    "html": (AGAIN, False),
    "garbage": (AGAIN, False),
    "cut": (AGAIN, False),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_trouble_never_becomes_success(living, fault):
    module, kit, server = living
    for verb in (module.register, module.ask):
        server.faults.append(fault)
        result, outcome = verb(client(), server.url, kit.SECRET, [kit.PARCEL])
        assert outcome.state != SENT and outcome.error and "CANARY" not in outcome.error
        assert not any(getattr(each, "ok", False) or getattr(each, "events", ()) for each in result)
    assert server.cost(kit.PARCEL) == 0


@pytest.mark.parametrize("fault", FAULTS)
def test_trouble_of_theirs_is_no_answer(foreign, fault):
    module, kit, server = foreign
    parcels = [kit.PARCEL]
    for verb in (module.register, getattr(module, "ask", None), getattr(module, "quota", None)):
        if not verb:
            continue
        server.faults.append(fault)
        arguments = (client(), server.url, kit.SECRET, parcels)
        result, outcome = verb(*arguments[:3]) if verb.__name__ == "quota" else verb(*arguments)
        assert (outcome.state, outcome.healthy) == FAULTS[fault], (verb.__name__, outcome)
        if verb is module.register:
            assert [(each.ok, each.again) for each in result] == [(False, True)]
        elif verb.__name__ == "ask":
            assert result == []
        if fault == "429":
            assert outcome.wait == 7
    assert server.cost(kit.PARCEL) == 0


def test_nobody_there(foreign):
    module, kit, server = foreign
    taken, outcome = module.register(client(), "http://127.0.0.1:9", kit.SECRET, [kit.PARCEL])
    assert outcome.state == AGAIN and not outcome.healthy and taken[0].again
    taken, outcome = module.register(client(), "gopher://x", kit.SECRET, [kit.PARCEL])
    assert outcome.state == PARKED


@pytest.mark.parametrize("secret", ["", None, {}])
def test_no_key_no_call(foreign, secret):
    module, kit, server = foreign
    for verb in (module.register, module.ask):
        _result, outcome = verb(client(), server.url, secret, [kit.PARCEL])
        assert outcome.state == PARKED and outcome.error
    assert not server.received


def test_the_key_is_changed(foreign):
    module, kit, server = foreign
    server.keys.clear()
    for verb in (module.register, module.ask):
        result, outcome = verb(client(), server.url, kit.SECRET, [kit.PARCEL])
        assert outcome.state == PARKED and not outcome.healthy and "key" in outcome.error
        assert not any(getattr(each, "ok", False) for each in result)
    assert server.cost(kit.PARCEL) == 0
    secret = kit.SECRET
    server.keys.add("new-key")
    secret = {**secret, "key": "new-key"} if isinstance(secret, dict) else "new-key"
    taken, outcome = module.register(client(), server.url, secret, [kit.PARCEL])
    assert outcome.state == SENT and taken[0].ok


def test_nothing_asked_nothing_done(foreign):
    module, kit, server = foreign
    assert module.register(client(), server.url, kit.SECRET, [])[0] == []
    assert module.ask(client(), server.url, kit.SECRET, [])[0] == []
    assert not server.received


def test_news_are_found_under_our_tag(foreign):
    module, kit, server = foreign
    module.register(client(), server.url, kit.SECRET, [kit.PARCEL])
    server.put(kit.PARCEL.number, module.CARRIERS[kit.PARCEL.carrier][0])
    found, outcome = module.ask(client(), server.url, kit.SECRET, [kit.PARCEL])
    assert outcome.state == SENT
    check(found)
    assert (found[0].number, found[0].tag, found[0].carrier) == (kit.PARCEL.number, "tag-1", kit.PARCEL.carrier)
    assert any(event.code == "delivered" for event in found[0].events)


def test_hears_no_more_than_it_needs(foreign):
    """Of the receiver a service learns the digits or the postcode its carrier asks for, and nothing else."""
    module, kit, server = foreign
    person = {"phone": "+49 170 555018734", "postcode": "10115", "country": "DE"}
    for number, carrier in enumerate(module.CARRIERS):
        parcel = kit.PARCEL._replace(tag=f"t{number}", number=f"NUMBER{number:06d}", carrier=carrier, **person)
        server.received.clear()
        module.register(client(), server.url, kit.SECRET, [parcel])
        told = b" ".join(path.encode() + body for path, _headers, body in server.received).decode()
        needed = module.needs(carrier) if hasattr(module, "needs") else set()
        assert ("8734" in told) == bool(needed & {"phone", "phone4"}), carrier
        assert ("018734" in told) == ("phone" in needed), carrier
        assert ("10115" in told) == ("postcode" in needed), carrier


def test_no_secret_in_any_word(foreign, caplog):
    """Whatever goes wrong, and however the service repeats what we sent: no error and no log shows a key."""
    module, kit, server = foreign
    caplog.set_level(logging.DEBUG)
    words, secrets = [], secrets_of(module.KIND)
    server.rejects = {f"BAD{each}": code for each, code in enumerate((-18010012, -1, 4005, 9999, "400", "701", "999"))}
    parcels = [kit.PARCEL, *(kit.PARCEL._replace(tag=f"b{number}", number=number) for number in server.rejects)]
    for fault in ("", "429", "500", "html", "garbage", "cut", "silent", "key", ""):
        if fault == "key":
            server.keys.clear()
        for verb in (module.register, module.ask):
            for parcel in parcels:
                if fault not in ("", "key"):
                    server.faults.append(fault)
                result, outcome = verb(client(0.6, secrets), server.url, kit.SECRET, [parcel])
                words += [outcome.error, *(each.error for each in result)]
        words.append(module.quota(client(0.6), server.url, kit.SECRET)[1].error)
        if fault in ("silent", "429"):
            parcels = parcels[:1]
    assert sum(map(bool, words)) > 20
    text = "\n".join([*words, caplog.text])
    assert "CANARY" not in text
    assert json.dumps(text)
