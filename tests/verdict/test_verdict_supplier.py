"""Where the goods go and who pays for it: the supplier's terms as bound."""

from datetime import datetime
from decimal import Decimal as D

import pytest
from verdict import Outcome, Row, Rules, Terms, Window
from verdict_world import DISLIKE, LAMP, TAKES_ALL, TO_AMERICA, ask, figures, offers

ABROAD = LAMP._replace(order=TO_AMERICA)

# The supplier's terms | whether he takes it, why not | where it goes
SUPPLIERS = (
    (None, "no_terms"),
    (TAKES_ALL, ""),
    (Terms(frozenset({"not_as_sold"})), "reason"),
    (Terms(frozenset()), "reason"),
    (Terms(excluded=frozenset({"glass"})), "kind"),
    (Terms(window=Window("shipped", days=7)), "window_over"),
    (Terms(window=Window("signed", days=3)), ""),
)


@pytest.mark.parametrize("terms, why", SUPPLIERS)
def test_the_supplier_s_terms(terms, why):
    line = ABROAD._replace(terms=terms, kinds=frozenset({"glass"}))
    outcomes = (
        Outcome("return"), Outcome("exchange", bound="look"), Outcome("repair", bound="refuse"),
        Outcome("credit", to="us", bound="look"),
    )  # fmt: skip
    found = ask(line, rules=Rules([Row("free", outcomes=outcomes)]))
    judged, by_kind = found.lines[0], offers(found)
    assert (judged.supplier.takes, judged.supplier.why) == (not why, why)
    assert by_kind["return"].verdict == "accept"
    assert by_kind["return"].to == ("us" if why else "supplier")
    assert by_kind["exchange"].verdict == by_kind["credit"].verdict == ("look" if why else "accept")
    assert by_kind["repair"].verdict == ("refuse" if why else "accept")
    assert by_kind["credit"].to == "us"


def test_the_supplier_s_days_are_those_of_his_zone():
    """Seven days from 2 March end on the ninth: at 16:00 UTC in Shanghai, when Berlin still has seven hours."""
    line = ABROAD._replace(terms=Terms(window=Window("delivered", days=7), zone="Asia/Shanghai"))
    before, after = datetime(2026, 3, 9, 15, 59), datetime(2026, 3, 9, 16)
    assert ask(line, at=before).lines[0].supplier.takes
    assert ask(line, at=after).lines[0].supplier.why == "window_over"


def test_the_supplier_s_fee_is_passed_on_where_the_row_says_so():
    rules = Rules([Row("fee", outcomes=(Outcome("return", fee=D(10), supplier_fee=True), Outcome("exchange")))])
    found = offers(ask(ABROAD, rules=rules))
    assert (found["return"].fee, found["exchange"].fee) == (20, 0)
    assert figures(found["return"].reasons, "supplier_fee") == {"policy": D(10), "fee": D(20)}
    assert offers(ask(ABROAD._replace(terms=None), rules=rules))["return"].fee == 10


@pytest.mark.parametrize(
    "liable, payer",
    [("customer", "customer"), ("supplier", "supplier"), ("carrier", "carrier"), ("listing", "us"), ("us", "us")],
)
def test_the_liable_one_pays_the_way_back(liable, payer):
    rules = Rules([Row("liable", outcomes=(Outcome("return", payer="liable"), Outcome("credit", to="donate")))])
    found = offers(ask(ABROAD._replace(reason=DISLIKE._replace(liable=liable)), rules=rules))
    assert found["return"].payer == payer
    assert (found["credit"].to, found["credit"].payer) == ("donate", "")  # nothing travels
