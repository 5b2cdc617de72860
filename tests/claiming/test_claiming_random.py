"""Random losses, answers and credits beside an oracle that counts cents and hours."""

import random
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal as D

import claim_oracle as oracle
import pytest
from claim_world import MONDAY
from claiming import Claim, Credit, Event, Line, Loss, Penalty, Rule, Terms, Window, balance, claims, follow, settle

KINDS, GOODS = ("damaged", "missing", "lost"), ("fragile", "perishable")
EXTRAS = ("replacement", "freight_out", "freight_back", "duties", "labour")


def money(rng, most=9000):
    return D(rng.choice((0, rng.randint(0, most)))) / 100


def some(rng, *values):
    return frozenset(value for value in values if rng.random() < 0.3)


def maybe(rng, value):
    return rng.choice((None, value))


def random_line(rng, key):
    figures = {name: money(rng) for name in ("cost", "refunded", "saved", *EXTRAS)}
    weight = maybe(rng, D(rng.randint(1, 900)) / 100) if rng.random() < 0.3 else D(rng.randint(1, 900)) / 100
    return Line(key, D(1), **figures, kept=rng.random() < 0.3, kinds=some(rng, *GOODS), weight=weight)


def random_terms(rng):
    rules = []
    for key in range(rng.randint(0, 3)):
        low = maybe(rng, money(rng, 500))
        high = maybe(rng, (low or D(0)) + money(rng, 5000))
        penalty = Penalty(money(rng, 900), D(rng.randint(0, 30)), low, high)
        pays = rng.choice(("cost", "refunded", "nothing"))
        covers, percent = some(rng, *EXTRAS), D(rng.randint(1, 100))
        rules.append(Rule(key, some(rng, *KINDS), pays, percent, covers, maybe(rng, penalty)))
    limits = {name: money(rng) if rng.random() < 0.2 else None for name in
              ("per_parcel", "per_kg", "per_claim", "per_month")}  # fmt: skip
    excluded = rng.choice(((), (), ("perishable",), ("fragile+damaged", "lost")))
    return Terms(tuple(rules), excluded=frozenset(excluded), **limits)


def random_loss(rng):
    cuts = sorted(rng.randint(0, 10000) for _number in range(3))
    shares = [D(cuts[0]) / 100, D(cuts[1] - cuts[0]) / 100, D(cuts[2] - cuts[1]) / 100]
    if rng.random() < 0.3:
        shares = rng.sample((D(0), D(0), D(100)), 3)
    parties = rng.sample(("supplier", "carrier", "listing"), 3)
    lines = tuple(random_line(rng, key) for key in range(rng.randint(1, 4)))
    return Loss(rng.choice(KINDS), lines, tuple(zip(parties, shares, strict=True)), parcels=rng.randint(1, 2))


@pytest.mark.parametrize("part", range(4))
def test_amounts(part):
    rng, seen = random.Random(part), Counter()
    for _round in range(400):
        loss, used = random_loss(rng), {"supplier": money(rng), "carrier": money(rng)}
        terms = {party: random_terms(rng) for party in used}
        raised = claims(loss, terms, MONDAY, used)
        assert not raised.refused
        assert raised.loss * 100 == sum(oracle.damage(line) for line in loss.lines)
        for claim in raised.claims:
            found = oracle.amounts(loss, terms[claim.party], claim.party, used[claim.party])
            damages = sum(line.amount for line in claim.lines)
            assert (damages * 100, claim.penalty * 100) == (found or (0, 0))
            assert claim.amount == damages + claim.penalty
            assert bool(claim.refused) == (not claim.amount)
            seen.update(code for code, _figures in claim.refused + claim.notes)
        # All claims together are within the loss, line by line.
        for line in loss.lines:
            claimed = [one.amount for claim in raised.claims for one in claim.lines if one.key == line.key]
            assert min(claimed, default=0) >= 0 and sum(claimed) <= line.loss
        assert raised.own == raised.loss - sum(one.amount for claim in raised.claims for one in claim.lines) >= 0
    assert {"over_loss", "parcel_limit", "weight_limit", "weight_missing", "claim_limit", "month_limit", "excluded",
            "not_in_terms", "nothing_to_claim"} <= set(seen)  # fmt: skip


def random_life(rng, amount):
    def window():
        return maybe(rng, Window(days=rng.randint(0, 7)))

    terms = Terms((), answer=window(), silence=rng.choice(("", "accepted", "refused")), objection=window(),
                  zone="Asia/Shanghai")  # fmt: skip
    sent = MONDAY + timedelta(hours=rng.randint(0, 23))
    events = [
        Event(rng.choice(("accepted", "partly", "partly", "refused", "objection", "objection")),
              sent + timedelta(hours=rng.randint(0, 24 * 8)), D(rng.randint(0, 250)) / 100)
        for _number in range(rng.randint(0, 5))
    ]  # fmt: skip
    events = [event if event.kind == "partly" else event._replace(amount=None) for event in events]
    return terms, sent, events, sent + timedelta(hours=rng.randint(0, 24 * 14))


@pytest.mark.parametrize("part", range(4))
def test_lives_and_credits(part):
    rng, seen = random.Random(part), Counter()
    for _round in range(300):
        cents = rng.randint(1, 200)
        claim = Claim("supplier", D(100), D(cents) / 100)
        terms, sent, events, now = random_life(rng, cents)
        found = follow(claim, terms, sent, events, now)
        state, answer, granted, days = oracle.life(cents, terms, sent, events, now)
        assert (found.state, found.answer, found.granted * 100) == (state, answer, granted)
        assert Counter(days) == Counter({day: int(amount * 100) for day, amount in found.grants})
        assert found.granted + found.waiting + found.lost == claim.amount
        assert not (found.waiting and state == "closed") and not (found.lost and state != "closed")
        seen[state, answer] += 1

        credits = [
            Credit(key, D(rng.choice((cents, granted, rng.randint(0, 250)))) / 100,
                   date(2026, 3, 2) + timedelta(days=rng.randint(0, 30)))
            for key in rng.choices(range(4), k=rng.randint(0, 3))
        ]  # fmt: skip
        settled = settle(claim, found, terms, credits, "half")
        room = int(found.waiting * 100)
        expected = oracle.credited(granted, room, credits)
        assert [settled.settled * 100, settled.ahead * 100, settled.extra * 100] == expected
        left = sorted(days)[expected[0] :]
        ends = Counter(date(2026, 3, 15) if day.day <= 15 else date(2026, 3, 31) for day in left)
        assert dict(settled.statements) == {end: D(amount) / 100 for end, amount in ends.items()}
        assert balance(claims(Loss("lost", (Line(1, cost=claim.amount),), ()), {}, now), [found]).own == found.lost
    assert {("closed", answer) for answer in ("accepted", "partly", "refused")} <= set(seen)
    assert {("objected", "partly"), ("overdue", ""), ("answered", "partly"), ("waiting", "")} <= set(seen)
