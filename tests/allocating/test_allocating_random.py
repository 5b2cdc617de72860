"""Random rules and sales beside an oracle that counts cents."""

import random
from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from allocating import Currencies, Line, Order, Parcel, Row, Rule, allocate, allocate_ads, difference, take, totals
from allocating_oracle import oracle

CENT = D("0.01")
RATES = {"USD": {date(2027, 12, 10): D("0.9173"), date(2028, 2, 11): D("0.8849"), date(2028, 3, 1): D("1.0701")}}
MONEY = Currencies("EUR", {"EUR": CENT, "USD": CENT}, RATES)
FIRST, LAST = date(2027, 12, 1), date(2028, 3, 31)  # over a new year and a leap day
DAYS = [FIRST + timedelta(days=number) for number in range(-10, 133)]
CHANNELS, COUNTRIES, GROUPS, SUPPLIERS = ("shop", "amazon"), ("DE", "FR"), ("lamp", "rug", "mug"), ("yiwu", "ningbo")
KINDS = ("fixed", "daily", "weekly", "monthly", "yearly", "per_order", "per_parcel", "per_unit", "percent_revenue",
         "percent_cost")  # fmt: skip


def some(rng, values, chance=0.25):
    return frozenset(rng.sample(values, 1)) if rng.random() < chance else frozenset()


def random_rule(rng, key):
    kind = rng.choice(KINDS)
    begin, end = sorted(rng.sample(DAYS, 2))
    if kind != "fixed":
        begin, end = rng.choice([None, begin]), rng.choice([None, end])
    periodic = kind in KINDS[:5]
    return Rule(
        key, kind, D(rng.randint(0, 200000)) / 100 if periodic else D(rng.randint(0, 9999)) / 1000,
        "" if kind.startswith("percent") else rng.choice(["", "EUR", "USD"]), begin, end,
        rng.choice(["days", "revenue", "orders", "parcels", "units"]) if periodic else "days",
        some(rng, CHANNELS), some(rng, COUNTRIES), some(rng, GROUPS), some(rng, SUPPLIERS),
    )  # fmt: skip


def random_order(rng, key):
    lines = tuple(
        Line(
            key * 10 + number, "p", frozenset({rng.choice(GROUPS)}), rng.choice(SUPPLIERS),
            rng.choice([D(0), D(rng.randint(-500, 9999)) / 100]), D(rng.randint(0, 5000)) / 100, D(rng.randint(0, 3)),
        )
        for number in range(rng.randint(0, 4))
    )  # fmt: skip
    keys, day = [line.key for line in lines], rng.choice(DAYS)
    parcels = tuple(
        Parcel(number, day + timedelta(days=rng.randint(0, 40)), tuple(rng.sample(keys, rng.randint(0, len(keys)))))
        for number in range(rng.randint(0, 2))
    )
    return Order(key, day, rng.choice(CHANNELS), rng.choice(COUNTRIES), lines, parcels, rng.choice("ab"), "google")


@pytest.mark.parametrize("seed", range(40))
def test_against_the_oracle(seed):
    rng = random.Random(seed)
    rules = [random_rule(rng, key) for key in range(6)]
    orders = [random_order(rng, key) for key in range(rng.choice([0, 2, 25]))]
    found = allocate(rules, orders, FIRST, LAST, MONEY)
    for rule in rules:
        mine = [share for share in found.shares if share.cost == rule.key]
        cents = {place: int(amount * 100) for place, amount in totals(mine, "day", "order", "line", "why").items()}
        assert {place: one for place, one in cents.items() if one} == oracle(rule, orders, FIRST, LAST, RATES), rule
    assert {code for _key, code, _figures in found.problems} <= {"no_rate"}

    # How things are read does not matter, nor whether months come alone.
    rng.shuffle(orders)
    orders = [order._replace(lines=order.lines[::-1], parcels=order.parcels[::-1]) for order in orders]
    assert allocate(rules, orders, FIRST, LAST, MONEY) == found
    alone = []
    for month in (12, 1, 2, 3):
        begin = date(2028 - month // 12, month, 1)
        end = (begin + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        alone += allocate(rules, orders, begin, end, MONEY).shares
    assert difference(alone, found.shares) == []


@pytest.mark.parametrize("seed", range(15))
def test_whatever_is_restated_the_ledger_follows(seed):
    rng, ledger = random.Random(seed), []
    rules, orders = [random_rule(rng, key) for key in range(4)], [random_order(rng, key) for key in range(8)]
    for restated in range(6):
        wanted = allocate(rules, orders, FIRST, LAST, MONEY).shares
        ledger += difference(ledger, wanted)
        assert difference(ledger, wanted) == []
        for field in ("amount", "own"):
            assert sum(getattr(one, field) for one in ledger) == sum(getattr(one, field) for one in wanted)
        if rng.random() < 0.5:
            key = rng.randrange(4)
            rules[key] = random_rule(rng, key)
        else:
            orders[rng.randrange(8)] = random_order(rng, 100 + restated)


@pytest.mark.parametrize("seed", range(15))
def test_ads_come_to_what_the_last_import_of_each_day_says(seed):
    rng, kept, said = random.Random(seed), [], {}
    campaigns = {"a": "shop", "b": None}
    for _import in range(5):
        rows = [
            Row(number, day, campaign, "google", currency, D(rng.randint(0, 99999)) / 1000)
            for number, (day, campaign, currency) in enumerate(
                {(rng.choice(DAYS[20:40]), rng.choice("ab"), rng.choice(["EUR", "USD"])) for _row in range(12)}
            )
        ]
        kept = take(rows, kept, campaigns, LAST, MONEY).kept
        restated = {(row.day, row.campaign) for row in rows}
        said = {place: amount for place, amount in said.items() if place[:2] not in restated}
        said |= {(row.day, row.campaign, row.currency): round(row.amount + D("0.0000001"), 2) for row in rows}
    assert {(one.day, one.campaign, one.currency): one.amount for one in kept} == said
    orders = [random_order(rng, key) for key in range(40)]
    found = allocate_ads(kept, orders, campaigns, FIRST, LAST, MONEY)
    sums = {}
    for share in found.shares:
        place = share.day, share.cost[0], share.currency
        sums[place] = sums.get(place, 0) + share.own
        brought = [one.key for one in orders if (one.day, one.campaign) == place[:2] and one.lines]
        assert (share.order in brought) if brought else (share.at == ("channel" if place[1] == "a" else "nowhere"))
    assert sums == {place: amount for place, amount in said.items() if amount}
