"""What is refused before anything is reckoned."""

from decimal import Decimal as D

import pytest
from claim_world import BY_SUPPLIER, at, codes, full, line, loss
from claiming import Line, Penalty, Rule, Terms, Window, claims

BAD = [
    ("no_lines", {"lines": ()}),
    ("line_twice", {"lines": (line(), line())}),
    ("zero", {"lines": (line(qty="0"),)}),
    ("negative", {"lines": (line(refunded="-1"),)}),
    ("not_a_number", {"lines": (line(cost="NaN"),)}),
    ("not_a_number", {"lines": (Line("lamp", cost=60.0),)}),
    ("not_a_number", {"lines": (line(weight="Infinity"),)}),
    ("not_a_number", {"parcels": True}),
    ("not_whole", {"lines": (line(labour="0.005"),)}),
    ("too_large", {"lines": (line(cost="1e16"),)}),
    ("unknown_party", {"liable": (("weather", D(100)),)}),
    ("party_twice", {"liable": (*BY_SUPPLIER, ("supplier", D(0)))}),
    ("over_100", {"liable": (("supplier", D(60)), ("carrier", D("40.01")))}),
    ("negative", {"liable": (("supplier", D(-1)),)}),
    ("other_currency", {"currency": "CNY"}),
]


@pytest.mark.parametrize("code, change", BAD)
def test_a_bad_loss(code, change):
    found = claims(loss()._replace(**change), {"supplier": full()}, at(0))
    assert (codes(found.refused), found.claims) == ([code], ())


BAD_TERMS = [
    ("negative", full(per_claim=D(-1))),
    ("not_a_number", full(per_kg="8.33")),
    ("unknown_choice", full(silence="yes")),
    ("unknown_choice", full(window=Window("signed", 3))),
    ("over_100", Terms((Rule(1, percent=D(101)),))),
    ("unknown_choice", Terms((Rule(1, pays="price"),))),
    ("unknown_choice", Terms((Rule(1, covers=frozenset({"cost"})),))),
    ("unknown_choice", Terms((Rule(1, window=Window("paid", 3)),))),
    ("over_100", Terms((Rule(1, penalty=Penalty(percent=D(200))),))),
    ("low_over_high", Terms((Rule(1, penalty=Penalty(low=D(3), high=D(2))),))),
]


@pytest.mark.parametrize("code, terms", BAD_TERMS)
def test_bad_terms(code, terms):
    found = claims(loss(), {"supplier": terms}, at(0)).refused
    assert [(one, figures["party"]) for one, figures in found] == [(code, "supplier")]


def test_other_bad_figures():
    assert codes(claims(loss(), {"us": full()}, at(0)).refused) == ["unknown_party"]
    assert codes(claims(loss(), {"supplier": full()}, at(0), {"supplier": D("NaN")}).refused) == ["not_a_number"]
