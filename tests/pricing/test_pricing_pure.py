"""Rules of prices: limits hold whatever the figures, endings end, more cost never makes a lower price."""

import doctest
import random
from decimal import Decimal

import pytest
from pricing import below_cost, endings, landed, rules
from pricing.rules import Fees, Lines, Price, Rule, judge, make_price, margin

D = Decimal
VAT = Lines(net=(1 / D("1.19"), D(0)), gross=(D(1), D(0)), shown=(D(1), D(0)))
EXCLUDED = Lines(net=(D(1), D(0)), gross=(D("1.19"), D(0)), shown=(D("1.19"), D(0)))


@pytest.mark.parametrize("module", [below_cost, endings, rules, landed])
def test_examples(module):
    result = doctest.testmod(module)
    assert result.attempted and not result.failed


def money(rng, low, high):
    return D(rng.randint(low * 100, high * 100)) / 100


def some_rule(rng):
    return Rule(
        1,
        rng.choice(["percent", "flat", "margin", "tiers"]),
        percent=D(rng.randint(0, 60)),
        amount=money(rng, 0, 20),
        tiers=((D(0), D(80), D(1)), (D(20), D(50), D(2)), (D(100), D(30), D(5))),
        floor_percent=D(rng.choice([0, 0, 5, 15])),
        floor_amount=rng.choice([D(0), money(rng, 0, 5)]),
        ceiling=rng.choice([None, None, money(rng, 5, 300)]),
        respect_map=rng.random() < 0.8,
        cap_retail=rng.random() < 0.5,
        ending=rng.choice(["", *endings.ENDINGS]),
    )


def test_limits_hold_whatever_the_figures():
    rng = random.Random(19)
    asked = priced = 0
    for _ in range(5000):
        rule, lines = some_rule(rng), rng.choice([Lines(), VAT, EXCLUDED])
        cost, fees = money(rng, 1, 150), Fees(D(rng.choice([0, 2, 8])), D("0.30"))
        map_price, retail = rng.choice([None, money(rng, 1, 200)]), rng.choice([None, money(rng, 1, 400)])
        made = make_price(rule, cost, fees, lines, map_price, retail)
        left, percent = margin(made.entered, cost, fees, lines)
        assert left >= min(rule.floor_amount, D(0)) - D("0.0001"), "never below the cost"
        assert left >= rule.floor_amount - D("0.0001")
        assert percent >= rule.floor_percent - D("0.0001")
        assert made.shown >= made.floor
        if map_price and rule.respect_map:
            assert made.shown >= map_price
        if made.ask:
            asked += 1
            continue
        priced += 1
        if rule.ceiling:
            assert made.shown <= rule.ceiling
        if rule.cap_retail and retail:
            assert made.shown <= retail
        assert abs(lines.shown_of(made.entered) - made.shown) < D("0.00001")
    assert asked > 100 and priced > 1000


def test_more_cost_never_makes_a_lower_price():
    rng = random.Random(7)
    for _ in range(1000):
        rule = some_rule(rng)
        if rule.method == "tiers":
            continue
        prices = [make_price(rule, D(cost), Fees(D(3), D("0.3")), VAT).shown for cost in range(1, 80, 3)]
        assert prices == sorted(prices)


@pytest.mark.parametrize("ending", list(endings.ENDINGS))
def test_endings_end(ending):
    every, rest = endings.ENDINGS[ending]
    last = D(0)
    for cents in range(1, 20000, 37):
        price = endings.end_up(D(cents) / 100, ending, D("0.01"))
        assert price >= D(cents) / 100 and price - D(cents) / 100 < every
        assert (price - rest) % every == 0
        assert price >= last
        last = price


def test_tax_in_the_price_and_tax_on_top_cost_the_customer_the_same():
    rule = Rule(1, "margin", percent=D(30), ending="90")
    inside, on_top = (make_price(rule, D("18.40"), Fees(D("1.4"), D("0.3")), lines) for lines in (VAT, EXCLUDED))
    assert inside.shown == on_top.shown
    assert inside.entered == inside.shown
    assert on_top.entered == (on_top.shown / D("1.19")).quantize(D("0.000001"))


def test_fees_that_eat_everything_make_no_price():
    made = make_price(Rule(1, "margin", percent=D(95)), D(10), Fees(D(10)), Lines())
    assert made.entered is None and made.reasons == (("fees_too_high", {}),)


def test_a_tenfold_cost_waits():
    rule = Rule(1, "percent", percent=D(50), daily_limit=D(20))
    made = make_price(rule, D(100), Fees(), Lines())
    verdict = judge(rule, made, D(15), D(15), Lines())
    assert verdict.state == "wait"
    assert verdict.reasons[0] == ("change_limit", {"percent": "+900.0", "limit": "20"})


def test_small_steps_add_up_over_the_day():
    """Ten steps of 9 % are not let through because each of them is below 20 %."""
    rule = Rule(1, daily_limit=D(20))
    made = Price(D(130), D(130), D(5))
    assert judge(rule, made, D(119), D(119), Lines()).state == "apply"
    assert judge(rule, made, D(119), D(100), Lines()).state == "wait"


def test_a_cent_counts_below_the_floor():
    rule = Rule(1, least_percent=D(5))
    assert judge(rule, Price(D("10.1"), D("10.1"), D(9)), D(10), D(10), Lines()).state == "same"
    assert judge(rule, Price(D("10.1"), D("10.1"), D("10.05")), D(10), D(10), Lines()).state == "apply"
