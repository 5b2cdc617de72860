"""Pasted addresses of many countries: every part where it belongs, nothing lost, nothing crashes."""

import doctest
import importlib
import random
import re

import pytest
from address import parse as reader
from address.countries import NAMES, ZIPS
from samples import CHINESE, WESTERN

MODULES = ("keys", "china", "contact", "countries", "western", "parse", "complete", "ship_to")
PARTS = [part for part in reader.PARTS if part not in ("state", "state_name", "country")]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    result = doctest.testmod(importlib.import_module(f"address.{name}"))
    assert result.attempted and not result.failed


@pytest.mark.parametrize("text, expected", CHINESE + WESTERN, ids=lambda value: str(value)[:24])
def test_parts(text, expected):
    found = reader.parse(text).as_dict()
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize("text, _expected", CHINESE + WESTERN, ids=lambda value: str(value)[:24])
def test_nothing_is_lost(text, _expected):
    """Every figure that was pasted is somewhere in the result: house numbers and phones matter most."""
    found = reader.parse(text)
    kept = " ".join(str(getattr(found, part)) for part in PARTS)
    for figure in re.findall(r"\d+", text):
        assert figure in re.sub(r"[\s-]", "", kept) or figure in kept, figure


@pytest.mark.parametrize("order", range(6))
def test_any_order(order):
    pieces = ["张三", "13812345678", "浙江省杭州市西湖区文三路123号"]
    random.Random(order).shuffle(pieces)
    for separator in ("，", " ", "\n", "；"):
        found = reader.parse(separator.join(pieces))
        assert (found.name, found.phone, found.district) == ("张三", "13812345678", "西湖区")


@pytest.mark.parametrize("name", sorted(NAMES))
def test_country_is_recognised_on_its_own_line(name):
    found = reader.parse(f"Anna Weber\nHigh Road 5\nTown\n{name.upper()}")
    assert found.country == NAMES[name]


def test_default_country():
    assert reader.parse("Anna Weber\nHigh Road 5\n10115 Town", "FR").country == "FR"
    assert reader.parse("张三 文三路123号", "CN").country == "CN"


def test_what_was_not_understood_is_said_and_kept():
    found = reader.parse("Anna Weber\nHauptstr. 5\nbitte klingeln 77\n10115 Berlin\n+49 30 901820\n+49 171 1234567")
    assert "+49 171 1234567" in found.unknown
    assert "+49 171 1234567" in found.street2
    assert found.confidence < 1


@pytest.mark.parametrize(
    "text",
    ["", " ", "\n\n", "🙂🎉", "：，；", "1", "0" * 2000, "路" * 2000, "张三" * 1000, ", " * 1000, "a@b" * 600, "\x00"],
)
def test_nonsense_is_survived(text):
    found = reader.parse(text)
    assert found.confidence <= 0.7


def test_too_long_is_refused():
    reader.parse("x" * reader.LONGEST)
    with pytest.raises(reader.TooLong):
        reader.parse("x" * (reader.LONGEST + 1))


@pytest.mark.parametrize("seed", range(200))
def test_random_mixes_do_not_crash(seed):
    rng = random.Random(seed)
    alphabet = "张三李区市省路号0123456789abcXYZ ,，:：\n-+()@.🙂ßé〒の한" + "".join(ZIPS)
    text = "".join(rng.choice(alphabet) for _number in range(rng.randint(0, 400)))
    found = reader.parse(text, rng.choice(["", "CN", "DE", "US", "JP", "XX"]))
    assert 0 <= found.confidence <= 1


def test_emoji_stay_where_they_were():
    found = reader.parse("Anna 🙂 Weber\nHauptstr. 5\n10115 Berlin\nGermany")
    assert found.name == "Anna 🙂 Weber"
