"""What each of the three services does in its own way."""

import doctest
from datetime import date, datetime, timedelta

import fake_17track
import fake_aftership
import fake_kuaidi100
import pytest
from connectors.http import Client, Limits
from connectors.outcome import AGAIN, SENT
from sheets.carriers import CARRIERS
from trackers import aftership, carriers, kuaidi100, said, track17, wire
from tracking.fold import Event, fold
from tracking.keys import event_key

CLIENT = Client(Limits(connect=1.0, total=2.0), allowed=("127.0.0.0/8",), plain=True)


def read(module, kit, name):
    return module.read(*kit.push(kit.SAMPLES[name], kit.PUSH_SECRET))[0]


def brief(found):
    return [(f"{event.at:%m-%d %H:%M}", event.code, event.detail, event.sure) for event in found.events]


def state(found, now, made_at=None):
    events = [
        Event(event.at, event.code, event_key(event.at, event.raw_status, event.raw_detail, event.place), event.detail)
        for event in found.events
    ]
    return fold(events, now, made_at)


def test_examples():
    for module in (wire, carriers, said):
        result = doctest.testmod(module)
        assert result.attempted and not result.failed


def test_carriers_are_ours():
    for table in (carriers.TRACK17, carriers.KUAIDI100, carriers.AFTERSHIP):
        assert set(table) <= set(CARRIERS)
        codes = [str(code) for codes in table.values() for code in codes]
        assert len(codes) == len(set(codes))
    assert set(carriers.TRACK17) == set(CARRIERS)


# --- 17TRACK ---


def test_17track_times_are_utc_and_both_legs_count():
    found = read(track17, fake_17track, "delivered")
    assert brief(found) == [
        ("03-04 02:00", "info_received", "", True),
        ("03-05 09:12", "picked_up", "", True),
        ("03-07 01:20", "in_transit", "departed", True),
        ("03-10 22:30", "in_transit", "arrived", True),
        ("03-12 06:05", "out_for_delivery", "", True),
        ("03-12 09:41", "delivered", "", True),
    ]
    assert (found.tag, found.carrier, found.service_carrier) == ("0a1b2c3d-17", "cainiao", "190271")
    assert (found.status, found.weight, found.destination) == ("delivered", 0.52, "DE")
    assert found.expected == date(2026, 3, 12)  # midnight in Berlin, in UTC
    assert not found.stopped


def test_17track_without_utc():
    found = read(track17, fake_17track, "customs")
    assert brief(found) == [
        ("03-06 12:00", "in_transit", "departed", False),
        ("03-08 07:00", "customs", "customs_clearing", True),
        ("03-09 04:00", "customs", "customs_documents", True),
    ]
    assert found.events[0].text == "飞机起飞"


def test_17track_stopped_and_lost():
    stopped = read(track17, fake_17track, "stopped")
    assert stopped.stopped and stopped.status == "expired" and not stopped.events
    lost = read(track17, fake_17track, "lost")
    assert [(event.code, event.detail, event.raw_detail) for event in lost.events] == [
        ("in_transit", "", "InTransit_Teleported"),
        ("exception", "damaged", "Exception_Damage"),
        ("lost", "", "Exception_Lost"),
    ]


def many(count, **more):
    return [fake_17track.PARCEL._replace(tag=f"t{each}", number=f"YT{each:013d}", **more) for each in range(count)]


def test_17track_takes_forty_at_a_time():
    with fake_17track.Server() as server:
        taken, outcome = track17.register(CLIENT, server.url, fake_17track.SECRET, many(95))
        assert outcome.state == SENT and all(each.ok for each in taken) and len(server.received) == 3


def test_17track_one_of_forty_is_refused():
    with fake_17track.Server() as server:
        parcels = many(40)
        server.rejects = {parcels[7].number: -18019910, parcels[9].number: -18010012}
        taken, outcome = track17.register(CLIENT, server.url, fake_17track.SECRET, parcels)
        assert outcome.state == SENT
        bad = {each.tag: each for each in taken if not each.ok}
        assert set(bad) == {"t7", "t9"} and not any(each.again for each in bad.values())
        assert "choose another" in bad["t7"].error
        assert sum(server.ledger.values()) == 38


def test_17track_no_numbers_left():
    with fake_17track.Server() as server:
        server.left = 2
        taken, outcome = track17.register(CLIENT, server.url, fake_17track.SECRET, many(3))
        assert outcome.state == AGAIN and outcome.healthy and outcome.wait and "no numbers left" in outcome.error
        assert sorted((each.tag, each.ok, each.again) for each in taken) == [
            ("t0", True, False),
            ("t1", True, False),
            ("t2", False, True),
        ]
        assert track17.quota(CLIENT, server.url, fake_17track.SECRET)[0] == 0


def test_17track_a_guess_is_not_believed():
    with fake_17track.Server() as server:
        sure, guess = many(2, carrier="")
        server.guessed = {guess.number}
        taken, _outcome = track17.register(CLIENT, server.url, fake_17track.SECRET, [sure, guess])
        assert [each.service_carrier for each in taken] == ["3011", ""]
        server.put(guess.number, 3011)
        found, _outcome = track17.ask(CLIENT, server.url, fake_17track.SECRET, [guess])
        assert found[0].tag == "t1" and found[0].events


def test_17track_one_number_on_two_carriers():
    with fake_17track.Server() as server:
        one, two = fake_17track.PARCEL, fake_17track.PARCEL._replace(tag="tag-2", carrier="zto")
        taken, _outcome = track17.register(CLIENT, server.url, fake_17track.SECRET, [one, two])
        assert [(each.tag, each.service_carrier) for each in taken] == [("tag-1", "190157"), ("tag-2", "190455")]
        taken, _outcome = track17.register(CLIENT, server.url, fake_17track.SECRET, [one, two])
        assert all(each.ok for each in taken) and sum(server.ledger.values()) == 2
        server.put(one.number, 190157, "delivered")
        server.put(one.number, 190455, "customs")
        found, _outcome = track17.ask(CLIENT, server.url, fake_17track.SECRET, [two, one])
        by_tag = {each.tag: each for each in found}
        assert by_tag["tag-1"].status == "delivered" and by_tag["tag-1"].carrier == "yto"
        assert by_tag["tag-2"].status == "customs" and by_tag["tag-2"].carrier == "zto"


def test_17track_what_is_not_there():
    with fake_17track.Server() as server:
        known, unknown = many(2)
        track17.register(CLIENT, server.url, fake_17track.SECRET, [known])
        found, outcome = track17.ask(CLIENT, server.url, fake_17track.SECRET, [known, unknown])
        assert outcome.state == SENT
        assert [(each.tag, each.stopped, each.error) for each in found] == [("t0", False, ""), ("t1", True, "")]
        assert track17.stop(CLIENT, server.url, fake_17track.SECRET, [known, unknown]).state == SENT
        assert {number for number, _carrier in filter(None, server.stopped)} == {known.number}


def test_a_number_of_last_year():
    """The events of its earlier use say nothing about the parcel that has it now."""
    found = read(track17, fake_17track, "delivered")
    now = datetime(2027, 3, 1)
    parcel = state(found, now, made_at=now - timedelta(days=2))
    assert parcel.code == "pending" and "old_events" in parcel.flags


# --- Kuaidi100 ---


def test_kuaidi100_times_are_of_china():
    found = read(kuaidi100, fake_kuaidi100, "delivered")
    assert brief(found) == [
        ("03-06 02:00", "info_received", "", True),
        ("03-06 10:45", "picked_up", "", True),
        ("03-06 15:10", "in_transit", "", True),
        ("03-07 13:15", "in_transit", "arrived", True),
        ("03-08 00:30", "out_for_delivery", "", True),
        ("03-08 03:02", "delivered", "signed", True),
    ]
    assert (found.carrier, found.stopped, found.status) == ("yto", True, "delivered")
    locker = read(kuaidi100, fake_kuaidi100, "locker")
    assert state(locker, datetime(2026, 4, 1))[::5] == ("available_for_pickup", "locker")


def test_kuaidi100_corrects_the_carrier():
    found = read(kuaidi100, fake_kuaidi100, "corrected")
    assert (found.new_carrier, found.service_carrier, found.carrier) == ("zto", "zhongtong", "zto")


def test_kuaidi100_gives_up():
    found = read(kuaidi100, fake_kuaidi100, "abort")
    assert found.stopped and found.status == "expired" and found.error == "3天查询无记录"


def test_kuaidi100_abroad():
    found = read(kuaidi100, fake_kuaidi100, "abroad")
    assert [(event.code, event.detail, event.sure) for event in found.events] == [
        ("customs", "customs_problem", False),
        ("in_transit", "", False),
    ]


def test_kuaidi100_without_advanced_states():
    """Only the newest event has a state; when it is not the newest any more, it is still the same event."""
    found = read(kuaidi100, fake_kuaidi100, "plain_states")
    assert [event.code for event in found.events] == ["unknown", "in_transit"]
    assert {event.raw_status for event in found.events} == {"-"}


def test_kuaidi100_answer():
    body, kind = kuaidi100.reply(True)
    assert b'"result": true' in body and b'"returnCode": "200"' in body and kind == "application/json"
    assert b'"result": false' in kuaidi100.reply(False)[0]


def test_kuaidi100_says_where_to_push():
    with fake_kuaidi100.Server() as server:
        parcel = fake_kuaidi100.PARCEL
        kuaidi100.register(CLIENT, server.url, fake_kuaidi100.SECRET, [parcel])
        more = server.known[parcel.number, "yuantong"]
        assert more["callbackurl"] == fake_kuaidi100.SECRET["push"] and more["salt"] == fake_kuaidi100.PUSH_SECRET
        assert more["resultv2"] == "4" and "phone" not in more
        unknown = parcel._replace(number="X12345678", carrier="")
        assert kuaidi100.register(CLIENT, server.url, fake_kuaidi100.SECRET, [unknown])[0][0].ok
        assert server.known["X12345678", ""]["autoCom"] == "1"
        nowhere = {**fake_kuaidi100.SECRET, "push": ""}
        taken, outcome = kuaidi100.register(CLIENT, server.url, nowhere, [parcel])
        assert outcome.state == "parked" and "address" in outcome.error


@pytest.mark.parametrize("phone", ["+86 138 0013 8000", "8000", "13800138000"])
def test_kuaidi100_four_digits_are_enough(phone):
    with fake_kuaidi100.Server() as server:
        parcel = fake_kuaidi100.PARCEL._replace(number="SF1234567890123", carrier="sf", phone=phone)
        server.phones[parcel.number] = "8000"
        server.put(parcel.number, "shunfeng", "locker")
        taken, _outcome = kuaidi100.register(CLIENT, server.url, fake_kuaidi100.SECRET, [parcel])
        assert taken[0].ok and server.known[parcel.number, "shunfeng"]["phone"] == "8000"
        found, outcome = kuaidi100.ask(CLIENT, server.url, fake_kuaidi100.SECRET, [parcel])
        assert outcome.state == SENT and len(found[0].events) == 2


def test_kuaidi100_no_phone_no_call():
    with fake_kuaidi100.Server() as server:
        parcel = fake_kuaidi100.PARCEL._replace(carrier="sf", phone="")
        taken, outcome = kuaidi100.register(CLIENT, server.url, fake_kuaidi100.SECRET, [parcel])
        assert outcome.state == SENT and not taken[0].ok and not taken[0].again and "phone" in taken[0].error
        found, _outcome = kuaidi100.ask(CLIENT, server.url, fake_kuaidi100.SECRET, [parcel])
        assert "phone" in found[0].error and not server.received


def test_kuaidi100_is_asked_every_half_hour():
    with fake_kuaidi100.Server() as server:
        parcel = fake_kuaidi100.PARCEL
        server.put(parcel.number, "yuantong")
        for server.now in (0, kuaidi100.PAUSE):
            found, outcome = kuaidi100.ask(CLIENT, server.url, fake_kuaidi100.SECRET, [parcel])
            assert outcome.state == SENT and len(found[0].events) == 6
        server.now += 60
        found, outcome = kuaidi100.ask(CLIENT, server.url, fake_kuaidi100.SECRET, [parcel])
        assert not found and outcome.state == AGAIN and outcome.wait == 1800 and "locked" in outcome.error


def test_kuaidi100_no_news_is_no_error():
    with fake_kuaidi100.Server() as server:
        found, outcome = kuaidi100.ask(CLIENT, server.url, fake_kuaidi100.SECRET, [fake_kuaidi100.PARCEL])
        assert outcome.state == SENT and found[0].tag == "tag-1" and not found[0].events and not found[0].error


def test_kuaidi100_one_number_on_two_carriers():
    with fake_kuaidi100.Server() as server:
        one, two = fake_kuaidi100.PARCEL, fake_kuaidi100.PARCEL._replace(tag="tag-2", carrier="yunda")
        taken, _outcome = kuaidi100.register(CLIENT, server.url, fake_kuaidi100.SECRET, [one, two])
        assert [each.service_carrier for each in taken] == ["yuantong", "yunda"]
        assert sum(server.ledger.values()) == 2


# --- AfterShip ---


def test_aftership_times_without_zone_are_assumed():
    found = read(aftership, fake_aftership, "delivered")
    assert brief(found) == [
        ("03-05 09:12", "picked_up", "", True),
        ("03-07 01:20", "in_transit", "departed", False),
        ("03-10 22:30", "in_transit", "arrived_country", False),
        ("03-12 06:05", "out_for_delivery", "", True),
        ("03-12 09:41", "delivered", "signed", True),
    ]
    assert (found.carrier, found.tag, found.stopped) == ("dhl", "0a1b2c3d-23", True)
    assert (found.weight, found.destination, found.signed_by) == (1.25, "DE", "WEBER")
    assert found.expected == date(2026, 3, 13)


def test_aftership_customs_and_return():
    customs = read(aftership, fake_aftership, "customs")
    assert [(event.code, event.detail) for event in customs.events] == [
        ("customs", "customs_clearing"),
        ("customs", "customs_documents"),
    ]
    back = read(aftership, fake_aftership, "returned")
    assert [event.code for event in back.events] == ["unknown", "returning", "returned"]
    assert state(back, datetime(2026, 4, 1)).code == "returned"


def test_aftership_registers_what_is_there_already():
    with fake_aftership.Server() as server:
        parcel = fake_aftership.PARCEL
        first, _outcome = aftership.register(CLIENT, server.url, fake_aftership.SECRET, [parcel])
        server.old = {parcel.number}  # lists show the last month only, unless they are asked for more
        again, _outcome = aftership.register(CLIENT, server.url, fake_aftership.SECRET, [parcel])
        assert first == again and again[0].remote_id == "id0000" and again[0].service_carrier == "dhl"


def registered(server, count):
    parcels = [fake_aftership.PARCEL._replace(tag=f"t{each}", number=f"N{each:06d}") for each in range(count)]
    taken, outcome = aftership.register(CLIENT, server.url, fake_aftership.SECRET, parcels)
    assert outcome.state == SENT and all(each.ok for each in taken)
    for each in parcels:
        server.put(each.number, "dhl")
    server.received.clear()
    return parcels


def test_aftership_pages_that_move():
    with fake_aftership.Server() as server:
        parcels = registered(server, 20)
        server.page, server.moving = 3, True
        found, outcome = aftership.ask(CLIENT, server.url, fake_aftership.SECRET, parcels)
        assert outcome.state == SENT
        assert [each.tag for each in found] == [each.tag for each in parcels]
        assert all(each.events for each in found)


def test_aftership_a_page_that_never_ends():
    with fake_aftership.Server() as server:
        parcels = registered(server, 6)
        server.page, server.stuck = 4, True
        found, outcome = aftership.ask(CLIENT, server.url, fake_aftership.SECRET, parcels)
        assert outcome.state == SENT and len(server.received) <= 6
        assert all(each.events for each in found)
        endless = iter(range(10**6))
        listed = server.listed

        def forward(query):
            status, answer = listed(query)
            answer["data"]["pagination"]["next_cursor"] = f"c{next(endless)}"
            return status, answer

        server.listed = forward
        server.received.clear()
        aftership.ask(CLIENT, server.url, fake_aftership.SECRET, parcels)
        assert len(server.received) <= 2 * aftership.MAX_PAGES


def test_aftership_one_number_on_two_carriers():
    with fake_aftership.Server() as server:
        one, two = fake_aftership.PARCEL, fake_aftership.PARCEL._replace(tag="tag-2", carrier="gls")
        aftership.register(CLIENT, server.url, fake_aftership.SECRET, [one, two])
        server.put(one.number, "dhl", "delivered")
        server.put(one.number, "gls", "customs")
        found, _outcome = aftership.ask(CLIENT, server.url, fake_aftership.SECRET, [two, one])
        assert [(each.tag, each.carrier, each.status) for each in found] == [
            ("tag-2", "gls", "customs"),
            ("tag-1", "dhl", "delivered"),
        ]


def test_aftership_what_is_not_there():
    with fake_aftership.Server() as server:
        found, outcome = aftership.ask(CLIENT, server.url, fake_aftership.SECRET, [fake_aftership.PARCEL])
        assert outcome.state == SENT and found[0].stopped and not found[0].events


def test_aftership_goes_on_after_a_refusal():
    with fake_aftership.Server() as server:
        parcels = [fake_aftership.PARCEL._replace(tag=f"t{each}", number=f"N{each:06d}") for each in range(3)]
        server.rejects = {"N000001": 4012}
        taken, outcome = aftership.register(CLIENT, server.url, fake_aftership.SECRET, parcels)
        assert outcome.state == SENT and [each.ok for each in taken] == [True, False, True]
        assert "switched on" in taken[1].error and not taken[1].again
        server.faults.extend(["", "429"])
        more = [each._replace(tag=f"u{each.tag}", number=f"M{each.number}") for each in parcels]
        taken, outcome = aftership.register(CLIENT, server.url, fake_aftership.SECRET, more)
        assert outcome.state == AGAIN and outcome.wait == 7
        assert [(each.ok, each.again) for each in taken] == [(True, False), (False, True), (False, True)]
