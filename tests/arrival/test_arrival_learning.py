"""Brute force beside the estimator, and what must hold whatever the parcels say."""

import random
from datetime import date, datetime, timedelta
from functools import partial

import pytest
from arrival import LEVELS, Calendar, Distribution, Lane, Seen, learn, still_to_go
from arrival.learning import GIVE_UP, estimate, redistribute, still_coming

TABLE = Distribution.from_quantiles(8, 11, 14)


def kaplan_meier(arrived, waiting):
    """Share not arrived after t, by the book: the product over the days on which something arrived."""
    rows = sorted([(days, True) for days in arrived] + [(days, False) for days in waiting])

    def surviving(t):
        share = 1.0
        for day in sorted(set(arrived)):
            if day <= t:
                at_risk = sum(value > day or (value == day) for value, _known in rows)
                share *= 1 - arrived.count(day) / at_risk
        return share

    return surviving


def random_seen(dice, arrivals=20, waiting=8, longest=30):
    seen, arrived, still_open = Seen(), [], []
    for _number in range(dice.randint(1, arrivals)):
        arrived.append(float(dice.randint(1, longest)))
        seen.add(arrived[-1])
    for _number in range(dice.randint(0, waiting)):
        still_open.append(float(dice.randint(0, longest)))
        seen.add(still_open[-1], arrived=False)
    return seen, arrived, still_open


@pytest.mark.parametrize("seed", range(60))
def test_without_a_belief_it_is_kaplan_meier(seed):
    seen, arrived, still_open = random_seen(random.Random(seed))
    found = estimate(None, seen)
    surviving = kaplan_meier(arrived, still_open)
    for day in range(int(max(arrived)) + 1):
        if any(value >= max(arrived) for value in still_open) and day >= max(arrived):
            continue  # beyond the last arrival the book says nothing
        assert 1 - found.within(day) == pytest.approx(surviving(day), abs=1e-9)


@pytest.mark.parametrize("seed", range(30))
def test_the_weight_of_every_open_parcel_goes_to_the_right_and_none_is_lost(seed):
    dice = random.Random(seed)
    masses = {float(dice.randint(1, 20)): dice.uniform(0.1, 3) for _number in range(6)}
    waiting = {float(dice.randint(0, 25)): dice.uniform(0.1, 3) for _number in range(4)}
    pool = dict(masses)
    # By hand: the youngest open parcel gives its weight to all that is later, open parcels included.
    rest = dict(waiting)
    for day in sorted(waiting):
        weight = rest.pop(day)
        later = {(kind, value): amount for kind, source in (("a", pool), ("o", rest))
                 for value, amount in source.items() if value > day}  # fmt: skip
        total = sum(later.values())
        if not total:
            pool[day + 1000] = pool.get(day + 1000, 0.0) + weight
            continue
        for (kind, value), amount in later.items():
            target = pool if kind == "a" else rest
            target[value] = amount + weight * amount / total
    found, by_hand = redistribute(masses, waiting), Distribution(pool)
    for day in range(21):
        known = day < max(masses)
        assert not known or found.within(day) == pytest.approx(by_hand.within(day), abs=1e-9)


@pytest.mark.parametrize("seed", range(40))
def test_quantiles_are_in_order(seed):
    dice = random.Random(seed)
    seen, _arrived, _open = random_seen(dice)
    if seed % 2:
        for _number in range(5):
            seen.add(GIVE_UP + dice.randint(0, 30), arrived=False)
    found = learn(TABLE, [seen, Seen(), seen])
    p50, p80, p95 = found.quantiles()
    assert 0 <= p50 <= p80 <= p95
    assert sum(share for _days, share in found.atoms) == pytest.approx(1)
    for passed in (0, 3.5, 12, 40, 200):
        p50, p80, p95 = still_to_go("in_transit", found, passed)
        assert 0 <= p50 <= p80 <= p95


@pytest.mark.parametrize("figures", [(8, 11, 14), (2, 2, 3), (0, 0, 0), (1.5, 2.5, 9), (3, 3, 3)])
def test_without_history_it_is_the_freight_table_exactly(figures):
    belief = learn(Distribution.from_quantiles(*figures), [Seen(), Seen()])
    assert belief.quantiles() == figures
    assert Distribution.at(2.5).plus(belief).quantiles() == tuple(2.5 + days for days in figures)


@pytest.mark.parametrize("seed", range(20))
def test_the_sum_is_what_counting_all_pairs_gives(seed):
    dice = random.Random(seed)
    one = Distribution({dice.randint(0, 9): dice.random() + 0.1 for _number in range(5)})
    two = Distribution({dice.randint(0, 9): dice.random() + 0.1 for _number in range(5)})
    total = one.plus(two)
    for day in range(20):
        pairs = sum(p * q for a, p in one.atoms for b, q in two.atoms if a + b <= day)
        assert total.within(day) == pytest.approx(pairs)
    # Quantiles of a sum are not sums of quantiles: a promise of 95 % twice would be too late a day.
    assert total.quantile(0.95) <= one.quantile(0.95) + two.quantile(0.95)


@pytest.mark.parametrize("seed", range(40))
def test_a_later_start_never_arrives_earlier(seed):
    dice = random.Random(seed)
    closed = ((date(2027, 2, 4), date(2027, 2, 18)),) if seed % 3 else ()
    works = (lambda day: day.weekday() < 5) if seed % 2 else None
    calendar = Calendar(dice.choice(["Asia/Shanghai", "America/New_York", "Europe/Berlin", "UTC"]), works, closed,
                        dice.choice([0.0, 11.5, 16.0, 23.98]))  # fmt: skip
    handling = Distribution({dice.randint(0, 5): dice.random() + 0.1 for _number in range(3)})
    start = datetime(2027, 1, 25)
    before = None
    for _step in range(60):
        leaving = handling.map(partial(calendar.days_until_leaving, start))
        arrival = [start + timedelta(days=days) for days in leaving.plus(TABLE).quantiles()]
        assert arrival == sorted(arrival)
        assert all(leaves >= 0 for leaves, _share in leaving.atoms)
        if before:
            assert all(new >= old - timedelta(seconds=1) for new, old in zip(arrival, before, strict=True))
        before = arrival
        start += timedelta(hours=dice.uniform(0.5, 12))


@pytest.mark.parametrize("seed", range(30))
def test_counted_working_days_bring_back_the_day_it_left(seed):
    dice = random.Random(seed)
    calendar = Calendar("Asia/Shanghai", lambda day: day.weekday() < 6, ((date(2027, 2, 4), date(2027, 2, 18)),), 16.0)
    sent = datetime(2027, 1, 20) + timedelta(hours=dice.uniform(0, 500))
    took = dice.randint(0, 6)
    left = calendar.leaves(sent, took)
    assert calendar.took(sent, left - timedelta(minutes=5)) == took


def test_open_parcels_make_a_lane_slower_and_lost_ones_do_not():
    fast, slow, lossy = Seen(), Seen(), Seen()
    for seen in (fast, slow, lossy):
        for number in range(20):
            seen.add(3 + number % 4, age=90)
    for _number in range(10):
        slow.add(12, arrived=False)
        lossy.add(GIVE_UP + 5, arrived=False)
    base = learn(TABLE, [fast]).quantile(0.8)
    assert learn(TABLE, [slow]).quantile(0.8) > base
    assert learn(TABLE, [lossy]).quantile(0.8) == base


def test_open_parcels_only():
    seen = Seen()
    for days in (1, 4, 10):
        seen.add(days, arrived=False)
    assert learn(TABLE, [seen]).quantile(0.5) >= TABLE.quantile(0.5)
    assert estimate(None, seen).quantile(0.5) > 1
    assert seen.count == 0


def test_a_table_that_is_too_fast_is_not_believed_for_ever():
    fast, seen = Distribution.from_quantiles(2, 2, 3), Seen()
    for days in (1, 5, 6):
        seen.add(days, arrived=False)
    assert learn(fast, [seen]).quantile(0.8) > fast.quantile(0.8)


def test_one_parcel_moves_the_belief_a_little():
    seen = Seen()
    seen.add(3)
    assert 3 < learn(TABLE, [seen]).quantile(0.5) <= TABLE.quantile(0.5)


def test_it_comes_back_from_its_small_form():
    dice = random.Random(1)
    seen = Seen()
    for _number in range(20_000):
        seen.add(dice.lognormvariate(2, 1), dice.random() < 0.9, age=dice.uniform(0, 200))
    again = Seen.unpack(seen.pack())
    assert learn(TABLE, [again]).quantiles() == learn(TABLE, [seen]).quantiles()
    assert len(seen.pack()["a"]) + len(seen.pack()["o"]) < 700


def test_who_is_out_for_delivery_comes_today():
    assert max(still_to_go("out_for_delivery", TABLE, 3)[:2]) < 0.5
    stuck = still_to_go("out_for_delivery", TABLE, 9, since=2.0)
    assert 0 < stuck[0] <= stuck[1] <= stuck[2]
    held = still_to_go("customs", TABLE, 13)
    assert held[0] >= 1 and held[2] >= 7
    assert still_to_go("returned", TABLE, 3) is None


def test_a_share_lost_counts_open_parcels_less_the_older_they_are():
    even = Distribution({1: 1, 5: 1, 9: 1})
    weights = list(still_coming(even, {0: 1.0, 3: 1.0, 7: 1.0, 20: 1.0}, 0.3).values())
    assert weights == sorted(weights, reverse=True) and weights[-1] < 0.1


def test_the_levels_are_those_people_are_told():
    assert LEVELS == (0.5, 0.8, 0.95)
    assert len(Lane(1, "CN", "ZJ", "US", "CA", "902").levels()) == 4
