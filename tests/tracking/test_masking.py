"""What carriers write, without who sent it; when and what customers are told."""

import doctest
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from tracking import masking, quiet, telling
from tracking.masking import mask, pattern_of, public_place
from tracking.quiet import end_of_quiet
from tracking.telling import facts_now, passed

SUPPLIERS = ["深圳市光明照明有限公司", "Bright Lamps Trading Co., Ltd.", "义乌红星日用品商行"]
SUPPLIERS += ["Dongguan Yard 7", "光明仓"]


def test_examples():
    for module in (masking, quiet, telling):
        result = doctest.testmod(module)
        assert result.attempted and not result.failed


@pytest.mark.parametrize(
    ("text", "gone", "kept"),
    [
        ("【深圳市】您的包裹已由光明照明发出", ("光明照明",), ("深圳市", "已由", "发出")),
        ("包裹已从深圳市光明照明有限公司揽收，寄件人:李四,电话0755-12345678", ("光明", "李四", "12345678"), ("揽收",)),
        ("Shipment picked up at BRIGHT  LAMPS trading, Shenzhen", ("BRIGHT", "LAMPS"), ("picked up", "Shenzhen")),
        ("Parcel handed over by bright-lamps.", ("bright", "lamps"), ("Parcel handed over",)),
        ("Ｂｒｉｇｈｔ Ｌａｍｐｓ handed it in", ("Bright", "Ｂｒｉｇｈｔ"), ("handed it in",)),
        ("Sender: Wang Wei, Yiwu", ("Wang",), ("Yiwu",)),
        ("Contact sales@bright-lamps.cn or www.bright-lamps.cn/x +86 138 0013 8000", ("sales", "www", "138"), ("or",)),
        ("Shipped from Golden Dragon Co., Ltd. to Berlin", ("Golden", "Dragon"), ("to Berlin",)),
        ("取件地址：福田路88号3栋", ("福田路88", "3栋"), ()),
        ("Collected at Hauptstraße 12, Duisburg", ("Hauptstraße",), ("Duisburg",)),
        ("Arrived at 【杭州转运中心】 2026-03-01 10:05", (), ("杭州转运中心", "2026-03-01 10:05")),
        ("SF1234567890 delivered, signed by Anna", (), ("SF1234567890", "Anna")),
        ("已到达光明仓，准备发往机场", ("光明",), ("机场",)),
        ("Accepted: DONGGUAN, YARD 7", ("YARD 7",), ("Accepted",)),
    ],
)
def test_the_sender_is_taken_out(text, gone, kept):
    told = mask(text, SUPPLIERS)
    for word in gone:
        assert word not in told, told
    for word in kept:
        assert word in told, told


def test_bad_input():
    for text in (None, False, 7, "", "\x00\x00", b"x"):
        assert isinstance(mask(text, SUPPLIERS), str)
    assert len(mask("x" * 10**6, SUPPLIERS)) <= masking.MOST
    assert mask("a plain text", [None, "", "a", "x", 5, "."]) == "a plain text"
    assert pattern_of([]) is None
    assert public_place(None) == "" and public_place("x" * 10**5)


def test_masked_twice_says_the_same():
    for text in ("已从义乌光明商贸有限公司发出", "Sender: Wang, Yiwu", "at 12 Long Road, Yiwu"):
        once = mask(text, SUPPLIERS)
        assert mask(once, SUPPLIERS) == once


def test_many_words_are_quick():
    words = [f"Supplier Number {number} Co., Ltd." for number in range(500)]
    pattern = pattern_of(words)
    text = "Parcel left Supplier-Number 499 and moved on " * 10
    assert "499" not in mask(text, pattern)


def test_a_pickup_point_can_still_be_found():
    told = mask("Kiosk Müller, Hauptstraße 12, 10115 Berlin", SUPPLIERS, addresses=False)
    assert told == "Kiosk Müller, Hauptstraße 12, 10115 Berlin"


def test_places():
    pattern = pattern_of([*SUPPLIERS, "Dongguan"])
    assert public_place("Dongguan Yard 7, Dongguan, China", pattern) == "China"
    assert public_place("Leipzig, DE", pattern) == "Leipzig, DE"
    assert public_place("12 Long Road", pattern) == ""


@pytest.mark.parametrize(
    ("zone", "moment", "expected"),
    [
        ("Europe/Berlin", datetime(2026, 1, 5, 20, 59), datetime(2026, 1, 5, 20, 59)),
        ("Europe/Berlin", datetime(2026, 1, 5, 21), datetime(2026, 1, 6, 7)),
        ("Europe/Berlin", datetime(2026, 1, 6, 3), datetime(2026, 1, 6, 7)),
        ("Europe/Berlin", datetime(2026, 7, 5, 21), datetime(2026, 7, 6, 6)),  # summer
        ("Europe/Berlin", datetime(2026, 3, 28, 22), datetime(2026, 3, 29, 6)),  # the night the clocks change
        ("Asia/Shanghai", datetime(2026, 1, 5, 15, 7), datetime(2026, 1, 6, 0)),
        ("Asia/Kathmandu", datetime(2026, 1, 5, 20, 1), datetime(2026, 1, 6, 2, 15)),
    ],
)
def test_quiet_hours(zone, moment, expected):
    assert end_of_quiet(moment, [ZoneInfo(zone)], 22, 8) == expected


def test_a_country_of_many_zones_is_awake_everywhere():
    zones = [ZoneInfo("America/New_York"), ZoneInfo("America/Los_Angeles")]
    assert end_of_quiet(datetime(2026, 1, 5, 14), zones, 22, 8) == datetime(2026, 1, 5, 16)
    round_the_world = [ZoneInfo(name) for name in ("Pacific/Auckland", "Europe/Berlin", "America/Los_Angeles")]
    assert end_of_quiet(datetime(2026, 1, 5, 0), round_the_world, 20, 10)


def test_what_was_passed_is_not_true_now():
    reached = {"picked_up": 1, "in_transit": 2, "out_for_delivery": 3, "attempt_failed": 4, "available_for_pickup": 5}
    now = [fact.name for fact in facts_now("available_for_pickup", "", 5)]
    assert now == ["pickup"]
    assert passed(reached, set(now)) == [("moving", 1), ("out_for_delivery", 3), ("attempt_failed", 4)]


@pytest.mark.parametrize(
    ("code", "detail", "expected"),
    [
        ("exception", "delayed", [("problem", False)]),
        ("exception", "fee_due", [("problem", True)]),
        ("customs", "customs_documents", [("customs", True)]),
        ("returned", "", [("returning", False)]),
        ("unheard of", "", []),
    ],
)
def test_whether_the_customer_has_to_act(code, detail, expected):
    assert [(fact.name, fact.acts) for fact in facts_now(code, detail, 1)] == expected
