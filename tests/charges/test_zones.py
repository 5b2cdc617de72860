"""The table of charges: order of rows, weights at the edges, places half known."""

import doctest
from decimal import Decimal as D

import pytest
from charges import Place, Zone, quote, round_up, zones

FAR = Zone("far", "surcharge", states=frozenset({"XJ"}), first_price=D(15), free_allowed=False)
NEAR = Zone("near", states=frozenset({"ZJ"}), first_weight=D(1), first_price=D(6), step_weight=D(1), step_price=D(2))
REST = Zone("rest", first_weight=D(1), first_price=D(8), step_weight=D("0.5"), step_price=D(4))
ISLAND = Zone("island", "refuse", countries=frozenset({"HK"}))
TABLE = (ISLAND, FAR, NEAR, REST)


def test_examples():
    assert not doctest.testmod(zones).failed


@pytest.mark.parametrize(
    ("place", "weight", "total", "row"),
    [
        (Place("CN", "ZJ"), "0.2", "6", "near"),
        (Place("CN", "ZJ"), "1", "6", "near"),
        (Place("CN", "ZJ"), "1.0001", "8", "near"),
        (Place("CN", "GD"), "2", "16", "rest"),
        (Place("CN", "XJ"), "0", "23", "rest"),
        (Place(), "1", "8", "rest"),
    ],
)
def test_first_row_that_matches_and_surcharge_on_top(place, weight, total, row):
    answer = quote(TABLE, place, D(weight))
    assert (answer.total(), answer.row) == (D(total), row)


def test_not_delivered_wins_only_before_a_price():
    assert quote(TABLE, Place("HK"), D(1)).verdict == "refuse"
    assert quote((REST, ISLAND), Place("HK"), D(1)).verdict == "price"


def test_nothing_matches():
    answer = quote((FAR, NEAR), Place("CN", "XJ"), D(1))
    assert (answer.verdict, answer.surcharge) == ("none", D(15))


def test_free_above_keeps_what_is_never_free():
    answer = quote(TABLE, Place("CN", "XJ"), D(1))
    assert answer.total(free=True) == D(15)
    dear = Zone("all", first_price=D(9), free_allowed=False)
    assert quote((dear,), Place("CN"), D(1)).total(free=True) == D(9)


def test_postcodes_of_different_length():
    zone = Zone("z", zip_from="1", zip_to="19")
    assert [zone.matches(Place(zip=code), D(1)) for code in ("1", "10115", "19999", "2", "")] == [
        True, True, True, False, False,
    ]  # fmt: skip


def test_heavy_basket_looks_further_down():
    light = Zone("light", weight_to=D(5), first_price=D(4))
    assert quote((light, REST), Place("DE"), D(5)).row == "light"
    assert quote((light, REST), Place("DE"), D("5.01")).row == "rest"


@pytest.mark.parametrize(("amount", "step", "up"), [("4.90", "0", "4.90"), ("4.91", "0.1", "5.0"), ("0", "5", "0")])
def test_rounding_up(amount, step, up):
    assert round_up(D(amount), D(step)) == D(up)
