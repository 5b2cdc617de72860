"""Whose number is this, as a table: samples as carriers print them, or made by their rule."""

import doctest
import random

import pytest
from sheets.carriers import CARRIERS
from tracking import numbers
from tracking.numbers import SHAPES, guess, is_wrong, sure

# number, country, who carries it
CERTAIN = [
    ("1Z999AA10123456784", "", "ups"),
    ("1Z5R89390357567127", "", "ups"),
    ("1Z879E930346834440", "US", "ups"),
    ("RB123456785CN", "", "chinapost"),
    ("LX123456785CN", "DE", "chinapost"),
    ("EA123456785CN", "", "ems"),
    ("RB123456785US", "", "usps"),
    ("EA123456785US", "", "usps"),
    ("RR473124829GB", "", "royalmail"),
    ("RB123456785DE", "", "deutschepost"),
    ("CY123456785DE", "", "dhl"),
    ("RB123456785FR", "", "laposte"),
    ("RB123456785NL", "", "postnl"),
    ("RB123456785ES", "", "correos"),
    ("RB123456785IT", "", "poste"),
    ("RB123456785CH", "", "swisspost"),
    ("RB123456785AT", "", "post_at"),
    ("9361289878700317633795", "", "usps"),
    ("9405803699300124287899", "US", "usps"),
    ("420221539101026837331000039521", "", "usps"),
    ("00340434292135100186", "", "dhl"),
    ("JJD000030064706341234", "", "dhl"),
    ("SF1234567890123", "", "sf"),
    ("SF123456789012", "CN", "sf"),
    ("YT1234567890123", "", "yto"),
    ("YT2412345678901234", "", "yunexpress"),
    ("JT1234567890123", "", "jt"),
    ("JDVA12345678901", "", "jd"),
    ("JD0123456789012", "", "jd"),
    ("DPK123456789012", "", "deppon"),
    ("UG123456789YP", "", "yanwen"),
    ("4PX3001234567890CN", "", "4px"),
    ("LP00123456789012", "", "cainiao"),
    ("SYAE123456789", "", "sunyou"),
    ("3SABCD1234567", "", "postnl"),
    ("H1000730000000000001", "", "hermes"),
]
# Bare digits: the first is the likeliest, the others are possible too.
LIKELY = [
    ("986578788855", "US", "fedex"),
    ("039813852990618", "US", "fedex"),
    ("3318810025", "", "dhl"),
    ("563102430313", "DE", "dhl"),
    ("01505012345678", "DE", "dpd"),
    ("75812345678901", "GB", "dpd"),
    ("758123456789", "CN", "zto"),
    ("7712345678901", "CN", "sto"),
    ("4312345678901", "CN", "yunda"),
    ("9812345678901", "CN", "chinapost"),
    ("55123456789012", "CN", "best"),
    ("12345678901", "DE", "gls"),
    ("993123456789012345", "CH", "swisspost"),
    ("620123456789012345678901", "PL", "inpost"),
]


@pytest.mark.parametrize("number, country, code", CERTAIN)
def test_numbers_that_say_it(number, country, code):
    assert guess(number, country)[0] == code
    assert sure(number, country) == code
    assert is_wrong(number, code) == ""


@pytest.mark.parametrize("number, country, code", LIKELY)
def test_numbers_that_make_it_likely(number, country, code):
    assert guess(number, country)[0] == code


@pytest.mark.parametrize(
    "number",
    ["1Z999AA10123456785", "RB123456789CN", "EA123456780US", "00340434292135100187", "9361289878700317633796"],
)
def test_a_slip_is_seen_and_the_carrier_all_the_same(number):
    assert guess(number)
    assert is_wrong(number) == "check_digit"
    assert is_wrong(number, guess(number)[0]) == "check_digit"
    assert sure(number) == ""


@pytest.mark.parametrize("number", ["00340434292135100186", "9361289878700317633795", "1Z999AA10123456784"])
def test_one_wrong_digit_never_passes(number):
    for place in range(8 if number.startswith("1Z") else 5, len(number)):
        other = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
        # UPS doubles every second digit, and does not tell 4 from 9 there.
        assert is_wrong(other) == "check_digit", other


@pytest.mark.parametrize("number", ["", "BOX-11111", "AA111111", "X", "Ü", "1" * 40, "SF", "顺丰123456"])
def test_what_nobody_knows(number):
    assert sure(number) == ""
    assert is_wrong(number) == ""


def test_codes_are_those_of_the_house():
    assert {shape.code for shape in SHAPES} <= set(CARRIERS)


def test_countries_move_the_order_not_the_set_of_sure_ones():
    assert guess("758123456789", "CN")[0] == "zto"
    assert guess("986578788855", "CN") and guess("986578788855", "US")[0] == "fedex"


def test_any_text_is_harmless():
    random.seed(5)
    for _ in range(2000):
        text = "".join(random.choice("0123456789ABCXYZ-1Z") for _ in range(random.randint(0, 40)))
        assert isinstance(guess(text, random.choice(["", "DE", "CN", "??"])), list)
        assert is_wrong(text) in ("", "check_digit")


def test_dpd_sign():
    number = "01505012345678"
    assert guess(number + numbers.check_sign(number), "DE")[0] == "dpd"


def test_examples_in_the_code():
    assert doctest.testmod(numbers).failed == 0
