"""How much is claimed, of whom, and what is ours."""

from datetime import date
from decimal import Decimal as D

import pytest
from claim_world import BY_CARRIER, OFFENCES, at, claimed, codes, full, line, loss, raised
from claiming import Penalty, Rule, Terms, Window, claims

# What a line cost us: cost 60 and freight 5 unless said
LOSSES = [
    ("lost on the way, nothing given back yet", {}, "65"),
    ("lost, refunded", {"refunded": "100"}, "100"),
    ("sold below cost, refunded", {"refunded": "50"}, "65"),
    ("lost, sent again", {"replacement": "70"}, "70"),
    ("scratched, 8 back, kept", {"refunded": "8", "kept": True}, "8"),
    ("late, nobody complained", {"kept": True}, "0"),
    ("refused at the door, back as new", {"freight_back": "4", "saved": "60"}, "9"),
    ("refunded, back as new", {"refunded": "100", "freight_back": "4", "saved": "60"}, "44"),
    ("wrong item: fetched, replaced, an hour's work",
     {"kept": True, "replacement": "65", "freight_back": "4", "labour": "12"}, "81"),
    ("customs duties paid in vain", {"duties": "7"}, "72"),
    ("an insurance paid more than all of it", {"saved": "80"}, "0"),
]  # fmt: skip


@pytest.mark.parametrize("name, figures, amount", LOSSES, ids=[row[0] for row in LOSSES])
def test_the_loss(name, figures, amount):
    assert line(**figures).loss == D(amount)


# Named offences: kind, the line → rule, claimed, of it penalty
CLAIMED = [
    ("never_shipped", {"refunded": "100"}, "never", "72.00", "12.00"),
    ("fake_shipping", {"cost": "20", "refunded": "30"}, "never", "30.00", "10.00"),
    ("never_shipped", {"cost": "900", "refunded": "1200"}, "never", "950.00", "50.00"),
    ("late_upload", {"kept": True}, "late", "3.00", "3.00"),
    ("no_movement", {"kept": True, "cost": "10"}, "late", "2.00", "2.00"),
    ("leaflet", {"kept": True}, "leaflet", "25.00", "25.00"),
    ("wrong_item", {"refunded": "100", "freight_back": "4"}, "wrong", "64.00", "0"),
    ("wrong_item", {"kept": True, "replacement": "65", "freight_back": "4", "labour": "12"}, "wrong", "81.00", "0"),
    ("missing", {"refunded": "100"}, "short", "60.00", "0"),
    ("missing", {"refunded": "8", "kept": True}, "short", "8.00", "0"),
    ("damaged", {"refunded": "100"}, "rest", "30.00", "0"),
    ("defective", {"refunded": "25", "kept": True}, "rest", "25.00", "0"),
    ("never_shipped", {"cost": "0", "freight_out": "0", "refunded": "100"}, "never", "10.00", "10.00"),
]


@pytest.mark.parametrize("kind, figures, rule, amount, penalty", CLAIMED)
def test_named_offences(kind, figures, rule, amount, penalty):
    found = claimed(loss(kind, line(**figures)), OFFENCES)
    assert (found.rule, found.amount, found.penalty) == (rule, D(amount), D(penalty))
    assert sum(one.amount for one in found.lines) == found.amount - found.penalty


def test_price_refunded():
    terms = Terms((Rule("price", pays="refunded", percent=D(80), covers=frozenset({"freight_back"})),))
    assert claimed(loss("defective", line(refunded="100", freight_back="4")), terms).amount == D("84.00")


def test_never_more_than_the_loss():
    one = loss("damaged", line(refunded="8", kept=True), line("shade", cost="20", refunded="35"))
    found = claimed(one, full())
    assert [(row.key, row.amount) for row in found.lines] == [("lamp", D(8)), ("shade", D("20.00"))]
    assert found.notes == (("over_loss", {"line": "lamp", "asked": D(60), "loss": D(8)}),)
    found = claimed(loss("damaged", line(kept=True)), full())
    assert (found.amount, found.lines, codes(found.refused)) == (0, (), ["over_loss"])


# A carrier's limits; two lamps of 60, 2.5 kg each, in one parcel → claimed, why not all
LIMITS = [
    ({}, "120.00", []),
    ({"per_parcel": D(500)}, "120.00", []),
    ({"per_parcel": D("85.01")}, "85.01", ["parcel_limit"]),
    ({"per_kg": D("8.33")}, "41.65", ["weight_limit"]),
    ({"per_kg": D("8.333")}, "41.66", ["weight_limit"]),
    ({"per_parcel": D(30), "per_kg": D("8.33")}, "30.00", ["parcel_limit"]),
    ({"per_claim": D(100)}, "100.00", ["claim_limit"]),
    ({"per_month": D(150)}, "70.00", ["month_limit"]),
    ({"per_claim": D(100), "per_month": D(90)}, "10.00", ["claim_limit", "month_limit"]),
]


@pytest.mark.parametrize("limits, amount, why", LIMITS)
def test_limits(limits, amount, why):
    lamps = [line(key, weight="2.5") for key in ("a", "b")]
    found = claimed(loss("lost", *lamps, liable=BY_CARRIER), full(**limits), party="carrier", used="80")
    assert (found.amount, codes(found.notes)) == (D(amount), why)
    assert sum(one.amount for one in found.lines) == D(amount)


def test_two_parcels_have_two_limits():
    one = loss("lost", line(cost="500"), parcels=2)
    assert claimed(one, full(per_parcel=D(100))).amount == 200


def test_what_the_first_limit_leaves_nothing_of_weighs_all_the_same():
    screws, safe = line("screws", cost="0.01", freight_out="0", weight="2"), line("safe", cost="900", weight="1")
    found = claimed(loss("lost", screws, safe), full(per_parcel=D(25), per_kg=D(8)))
    assert (found.amount, [one.key for one in found.lines]) == (24, ["safe"])


def test_nobody_knows_the_weight():
    found = claimed(loss("lost", line(weight="2"), line("shade")), full(per_kg=D(10)))
    assert found.refused == (("weight_missing", {"lines": ("shade",)}),)


def test_the_month_is_used_up():
    found = claimed(loss(), full(per_month=D(80)), used="90")
    assert (found.amount, codes(found.refused)) == (0, ["month_limit"])


def test_a_limit_takes_off_the_penalty_first():
    terms = Terms((Rule("both", penalty=Penalty(fixed=D(30))),), per_claim=D(70), per_parcel=D(50))
    found = claimed(loss(), terms)  # the limit of the parcel is none of the penalty's
    assert (found.amount, found.lines[0].amount, found.penalty) == (70, 50, 20)
    assert claimed(loss(), terms._replace(per_claim=D(45))).penalty == 0


# Who is liable → claims, what is ours; 100.01 refunded for what cost 100.01
SHARES = [
    ((("supplier", D(100)),), {"supplier": "100.01"}, "0.00"),
    ((("supplier", D(50)), ("carrier", D(50))), {"supplier": "50.01", "carrier": "50.00"}, "0.00"),
    ((("supplier", D(60)), ("us", D(40))), {"supplier": "60.01"}, "40.00"),
    ((("carrier", D(70)),), {"carrier": "70.01"}, "30.00"),
    ((("listing", D(100)),), {}, "100.01"),
    ((("customer", D(25)), ("listing", D(75))), {"customer": "25.00"}, "75.01"),
    ((("supplier", D(0)), ("us", D(100))), {}, "100.01"),
    ((), {}, "100.01"),
]


@pytest.mark.parametrize("liable, amounts, own", SHARES)
def test_shares(liable, amounts, own):
    one = loss("damaged", line(cost="100.01", freight_out="0", refunded="100.01"), liable=liable)
    found = claims(one, dict.fromkeys(("supplier", "carrier", "customer"), full()), at(0))
    assert {claim.party: claim.amount for claim in found.claims} == {key: D(value) for key, value in amounts.items()}
    assert (found.loss, found.own) == (D("100.01"), D(own))


def test_a_penalty_is_whole_though_another_is_liable_too():
    terms = Terms((Rule("both", penalty=Penalty(fixed=D(30))),))
    one = loss(liable=(("supplier", D(50)), ("us", D(50))))
    found = raised(one, terms)
    assert (found.claims[0].amount, found.claims[0].penalty, found.own) == (60, 30, 70)


# When: seven days from the day of delivery, 28 February, end on 7 March at midnight in Shanghai.
DEADLINES = [
    (at(0), "open", []),
    (at(5, 15, 59), "open", []),
    (at(5, 16), "over", ["window_over"]),
]


@pytest.mark.parametrize("now, state, refused", DEADLINES)
def test_the_deadline(now, state, refused):
    found = claimed(loss("missing"), OFFENCES, now=now)
    assert (found.deadline.state, found.deadline.day, codes(found.refused)) == (state, date(2026, 3, 7), refused)
    assert (found.amount == 0) == bool(refused)


@pytest.mark.parametrize(
    "base, day", [("ordered", "2026-02-20"), ("shipped", "2026-03-02"), ("delivered", "2026-03-10"),
                  ("noticed", "2026-03-11")],
)  # fmt: skip
def test_what_the_window_counts_from(base, day):
    found = claimed(loss(), full(window=Window(base, days=10)), now=at(-10))
    assert str(found.deadline.day) == day


def test_what_has_not_happened_ends_nothing():
    found = claimed(loss("never_shipped", delivered=None), OFFENCES, now=at(200))
    assert (found.deadline.state, found.amount) == ("not_begun", 72)
    assert claimed(loss(), full(), now=at(2000)).deadline.state == "endless"


def test_evidence():
    terms = OFFENCES._replace(evidence=frozenset({"order"}))
    found = claimed(loss(evidence=frozenset({"photo", "video"})), terms)
    assert (found.missing, found.amount) == (("label", "order"), 30)
    assert claimed(loss(evidence=frozenset({"photo", "label", "order"})), terms).missing == ()


def test_what_terms_exclude():
    fish, vase = line("fish", kinds=frozenset({"perishable"})), line("vase", kinds=frozenset({"fragile"}))
    found = claimed(loss("damaged", fish, vase, line(refunded="100")), OFFENCES)
    assert [one.key for one in found.lines] == ["lamp"]
    assert found.notes == (
        ("excluded", {"line": "fish", "kind": "perishable"}),
        ("excluded", {"line": "vase", "kind": "fragile+damaged"}),
    )
    assert claimed(loss("missing", vase), OFFENCES).amount == 60
    # Nothing is left to be punished for.
    assert codes(claimed(loss("never_shipped", fish), OFFENCES).refused) == ["excluded"]
    assert codes(claimed(loss("lost"), full(excluded=frozenset({"lost"}))).refused) == ["excluded"]


def test_no_terms_of_it():
    assert claims(loss(), {}, at(0)).claims[0].refused == (("no_terms", {"party": "supplier"}),)
    terms = Terms((Rule("short", frozenset({"missing"})),))
    assert claimed(loss(), terms).refused == (("not_in_terms", {"kind": "damaged"}),)
    nothing = claimed(loss(), Terms((Rule("nothing", pays="nothing"),)))
    assert codes(nothing.refused) == ["nothing_to_claim"]
    assert raised(loss(), terms).own == 100
