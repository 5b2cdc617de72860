#!/usr/bin/env python3
"""How true the promised day is: `promise_olist.py DIR`, DIR holding the Olist slice (see `olist_data.py`).

Orders are taken in the order they were bought. For each, a day is promised with nothing but what was known at the
midnight before: parcels delivered by then, and those still open by then as open parcels of their age. Handling
(bought → handed to the carrier) is counted in working days (Monday to Friday) per seller, transit per lane; both are
estimated by the package `arrival`, as the shop does it, and added. What is measured is the time from the purchase to
the delivery, for every order with lines that was delivered, after WARM_UP delivered parcels.

Beside it: (a) static: one P50, P80, P95 for everybody, of all deliveries so far; and the same fitted on the first half
of the time only, judged on the second; (b) the marketplace's own estimated day, a single one.

Figures: coverage (share delivered within the promised time; nominal 50, 80, 95 %), pinball loss (days; the mean of the
three levels), and by lane (seller's state → customer's state, those with at least LANE parcels): the mean of
|coverage of P80 − 0.80| over parcels.
"""

import argparse
import bisect
import json
import sys
import time
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "dropship_flow"))

from arrival import LEVELS, Calendar, Distribution, Lane, Seen, learn
from arrival.lanes import zip_region
from arrival.learning import weight_of
from olist_data import Olist

WARM_UP, LANE, DAY = 100, 20, 86400
# What a freight table would say before anything is known: handling in working days, transit in days.
HANDLING, TRANSIT = (1, 3, 6), (8, 13, 22)
TIMES = ("purchase_timestamp", "delivered_carrier_date", "delivered_customer_date", "estimated_delivery_date")
GOALS = {"coverage": 0.08, "better": 0.05}


class Order(NamedTuple):
    bought: datetime
    left: datetime
    arrived: datetime
    estimated: datetime
    seller: str
    lane: Lane


def moment(text):
    return datetime.fromisoformat(text) if text else None


def read_orders(olist):
    """Orders with lines, oldest first. Their times are local times of São Paulo, and stay so."""
    orders = []
    for key, lines in olist.lines.items():
        row = olist.orders[key]
        customer = olist.customers[row["customer_id"]]
        slow = lines[0]["seller"]
        state = olist.sellers[slow]["seller_state"]
        region = zip_region(customer["customer_zip_code_prefix"].zfill(5))
        lane = Lane(state, "BR", state, "BR", customer["customer_state"], region)
        times = [moment(row[f"order_{name}"]) for name in TIMES]
        orders.append(Order(*times, slow, lane))
    return sorted(orders, key=lambda order: order.bought)


CALENDAR = Calendar("UTC", lambda day: day.weekday() < 5)


class Known:
    """All that could be known at one midnight."""

    def __init__(self, orders, now, half_life):
        self.handling, self.transit = defaultdict(Seen), defaultdict(Seen)
        for order in orders:
            if order.bought >= now:
                break
            age = (now - order.bought).days
            weight = weight_of(age, half_life)
            if weight < 0.01:
                continue
            left = order.left if order.left and order.left < now else None
            took = CALENDAR.took(order.bought, left or now)
            for key in (None, order.lane.from_state, order.seller):
                self.handling[key].add(took, bool(left), weight, age)
            if left and not (order.arrived and order.arrived < left):
                arrived = order.arrived if order.arrived and order.arrived < now else None
                passed = ((arrived or now) - left).total_seconds() / DAY
                self.transit[None].add(passed, bool(arrived), weight, age)
                for key in order.lane.levels():
                    self.transit[key].add(passed, bool(arrived), weight, age)

    def forecast(self, order, strength):
        """Days from the purchase to the delivery: a distribution."""
        nothing = Seen()
        chain = [self.handling.get(key, nothing) for key in (None, order.lane.from_state, order.seller)]
        handling = learn(Distribution.from_quantiles(*HANDLING).map(round), chain, strength)
        chain = [self.transit.get(key, nothing) for key in (None, *order.lane.levels())]
        transit = learn(Distribution.from_quantiles(*TRANSIT), chain, strength)
        leaving = handling.map(lambda days: CALENDAR.days_until_leaving(order.bought, days))
        return leaving.plus(transit)


class Score:
    """Promises against what happened."""

    def __init__(self):
        self.rows = []  # (level, promised days, real days, lane)

    def add(self, promised, real, lane):
        self.rows += [(level, days, real, lane) for level, days in zip(LEVELS, promised, strict=True)]

    def coverage(self, level, rows=None):
        rows = [row for row in rows or self.rows if row[0] == level]
        return sum(real <= days for _level, days, real, _lane in rows) / len(rows)

    def pinball(self, level=None):
        rows = [row for row in self.rows if level in (None, row[0])]
        losses = (max(share * (real - days), (share - 1) * (real - days)) for share, days, real, _lane in rows)
        return sum(losses) / len(rows)

    def by_lane(self, level=0.8):
        """Mean over parcels of the lane's |coverage − level|."""
        lanes = defaultdict(list)
        for row in self.rows:
            lanes[row[3]].append(row)
        lanes = [rows for rows in lanes.values() if len(rows) >= LANE * len(LEVELS)]
        total = sum(map(len, lanes))
        return sum(abs(self.coverage(level, rows) - level) * len(rows) for rows in lanes) / total

    def figures(self):
        return {
            **{f"coverage {level:.0%}": self.coverage(level) for level in LEVELS},
            **{f"pinball {level:.0%}": self.pinball(level) for level in LEVELS},
            "pinball": self.pinball(), "by lane": self.by_lane(), "parcels": len(self.rows) // len(LEVELS),
        }  # fmt: skip


def static(values):
    ordered = sorted(values)
    return [ordered[min(int(len(ordered) * level), len(ordered) - 1)] for level in LEVELS]


def walk(orders, half_life, strength):
    scores = defaultdict(Score)
    done = sorted((order.arrived, (order.arrived - order.bought).total_seconds() / DAY)
                  for order in orders if order.arrived)  # fmt: skip
    arrivals = [arrived for arrived, _took in done]
    middle = orders[len(orders) // 2].bought
    first_half = static([took for arrived, took in done if arrived < middle])
    known, today = None, None
    for order in orders:
        midnight = datetime.combine(order.bought.date(), datetime.min.time())
        before = bisect.bisect_left(arrivals, midnight)
        if before < WARM_UP or not order.arrived:
            continue
        if midnight != today:
            known, today = Known(orders, midnight, half_life), midnight
        real = (order.arrived - order.bought).total_seconds() / DAY
        lane = order.lane.from_state, order.lane.state
        ours = known.forecast(order, strength).quantiles()
        past = static([took for _arrived, took in done[:before]])
        scores["ours"].add(ours, real, lane)
        scores["static"].add(past, real, lane)
        own = (order.estimated + timedelta(days=1) - order.bought).total_seconds() / DAY
        scores["marketplace"].add([own] * 3, real, lane)
        if order.bought >= middle:
            scores["ours, second half"].add(ours, real, lane)
            scores["static of the first half"].add(first_half, real, lane)
    return scores


def show(scores):
    names = ["coverage 50%", "coverage 80%", "coverage 95%", "pinball 50%", "pinball 80%", "pinball 95%", "pinball",
             "by lane", "parcels"]  # fmt: skip
    print("| promise | " + " | ".join(names) + " |\n" + "|---" * (len(names) + 1) + "|")
    for title, score in scores.items():
        figures = score.figures()
        cells = [f"{figures[name]:.1%}" if name.startswith(("coverage", "by")) else f"{figures[name]:.3f}"
                 for name in names[:-1]]  # fmt: skip
        print(f"| {title} | " + " | ".join([*cells, str(figures["parcels"])]) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="folder of the data set")
    parser.add_argument("--half-life", type=float, default=60.0, help="days after which a parcel counts half; 0: never")
    parser.add_argument("--strength", type=float, default=8.0, help="as how many parcels the coarser level counts")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    args = parser.parse_args()
    start = time.perf_counter()
    scores = walk(read_orders(Olist(args.folder)), args.half_life, args.strength)
    show(scores)
    ours, past = scores["ours"], scores["static"]
    off = abs(ours.coverage(0.8) - 0.8)
    lane = past.by_lane() - ours.by_lane()
    loss = 1 - ours.pinball() / past.pinball()
    loss80 = 1 - ours.pinball(0.8) / past.pinball(0.8)
    print(f"\n|coverage of P80 − 80 %|: {off:.1%} (goal ≤ 8 %)")
    print(f"by lane, |coverage of P80 − 80 %|: {lane * 100:.1f} points better than static (goal ≥ 5)")
    print(f"pinball: {loss:.1%} better than static; of P80 alone {loss80:.1%} (goal ≥ 5 %)")
    print(f"{time.perf_counter() - start:.0f} s")
    if args.json:
        args.json.write_text(json.dumps({name: score.figures() for name, score in scores.items()}, indent=1))
    return 0 if off <= GOALS["coverage"] and loss80 >= GOALS["better"] else 1


if __name__ == "__main__":
    sys.exit(main())
