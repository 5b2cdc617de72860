"""A second opinion: every plan of a small basket, priced with its own arithmetic (fractions, nothing of cost.py)."""

import itertools
import math
from fractions import Fraction as F

NONE = ()


def rounded(amount, step):
    """Half up to a multiple of the step."""
    step = F(step)
    return math.floor(F(amount) / step + F(1, 2)) * step


def bought(offer, qty):
    """Pieces to buy so that qty can be served."""
    need = max(F(qty), F(offer.moq))
    return math.ceil(need / F(offer.pack)) * F(offer.pack) if offer.pack else need


def may_serve(problem, line, offer, source, qty):
    """Eligibility, said again."""
    policy = problem.policy
    if offer.facts or source.supplier in line.excluded or (line.pinned is not None and source.supplier != line.pinned):
        return False
    buy = bought(offer, qty)
    if buy != F(qty) and not policy.allow_overbuy:
        return False
    if offer.stock is not None and not offer.backorder and buy > F(offer.stock):
        return False
    if not offer.tiers or buy < F(offer.tiers[0].min_qty):
        return False
    if source.own_stock and not source.rates:
        return True
    return line.weight is not None and any(fits(problem, line, rate) for rate in source.rates)


def fits(problem, line, rate):
    """Whether the rate gives the service and takes one unit."""
    if problem.policy.service and rate.service != problem.policy.service:
        return False
    unit = F(line.weight)
    if rate.volumetric_divisor:
        unit = max(unit, F(line.volume) / F(rate.volumetric_divisor))
    return not rate.max_weight or unit <= F(rate.max_weight)


def shares_of(problem, line, offers, sources):
    """All ways to serve a line: tuples of (offer, qty)."""
    usable = [offer for offer in offers if offer.product == line.product]
    if not problem.policy.split_lines:
        return [((offer, line.qty),) for offer in usable
                if may_serve(problem, line, offer, sources[offer.source], line.qty)]
    units = int(line.qty / line.precision)
    found = []
    for counts in itertools.product(range(units + 1), repeat=len(usable)):
        if sum(counts) != units:
            continue
        way = tuple((offer, n * line.precision) for offer, n in zip(usable, counts, strict=True) if n)
        if all(may_serve(problem, line, offer, sources[offer.source], qty) for offer, qty in way):
            found.append(way)
    return found


def tier_price(offer, buy):
    """Price per unit at the bought quantity."""
    return max((F(t.min_qty), F(t.price)) for t in offer.tiers if F(t.min_qty) <= buy)[1]


def freight(rate, weight, volume):
    """Freight of a shipment by walking parcel by parcel."""
    if rate.volumetric_divisor:
        weight = max(weight, volume / F(rate.volumetric_divisor))
    total = F(0)
    while True:
        piece = min(weight, F(rate.max_weight)) if rate.max_weight else weight
        total += F(rate.first_price) + F(rate.surcharge)
        if rate.step_weight and piece > F(rate.first_weight):
            total += math.ceil((piece - F(rate.first_weight)) / F(rate.step_weight)) * F(rate.step_price)
        weight -= piece
        if weight <= 0:
            return total


def duty(problem, source, taken):
    """Import charges of one consignment; taken = [(line, qty, goods)]."""
    if source.ddp or source.country in problem.customs_area or source.country == problem.country:
        return F(0)
    total = F(0)
    for rule in problem.duties:
        if rule.ship_from and source.country not in rule.ship_from:
            continue

        def worth(rows, rule=rule):
            if rule.basis == "goods":
                return sum((goods for _line, _qty, goods in rows), F(0))
            return sum((F(line.revenue) * F(qty) / F(line.qty) for line, qty, _goods in rows), F(0))

        if worth(taken) < F(rule.min_value) or (rule.max_value is not None and worth(taken) > F(rule.max_value)):
            continue
        hit = [row for row in taken if row[0].heading[: len(rule.heading_prefix)] == rule.heading_prefix]
        if hit and rule.kind == "percent":
            total += worth(hit) * F(rule.amount) / 100
        elif hit:
            total += F(rule.amount) * (1 if rule.kind == "parcel" else len({row[0].heading for row in hit}))
    return total


def chance(days, shift, promise):
    """Probability to be late, by bisection-free reading of the documented line."""
    if promise is None:
        return F(0)
    if promise < shift:
        return F(1)
    a, b, c = (F(str(day)) for day in days)
    b, c = max(a, b), max(a, b, c)
    time, end = F(str(promise)) - F(str(shift)), c + (c - b) / 3
    if time >= end:
        return F(0)
    for left, right, low, high in ((F(0), a, 0, 50), (a, b, 50, 80), (b, c, 80, 95), (c, end, 95, 100)):
        if left <= time < right:
            return 1 - (low + (high - low) * (time - left) / (right - left)) / 100
    raise AssertionError


def parcel(problem, source, taken):
    """All prices of what one source delivers: [(landed, expected, days, dear, rate key)]; none when impossible."""
    step, terms = problem.money_step, source.terms
    rows, units, weight, volume, returns, shelf, dear = [], F(0), F(0), F(0), F(0), {}, 0
    for line, offer, qty in taken:
        buy = bought(offer, qty)
        unit = tier_price(offer, buy)
        rows.append((line, qty, rounded(unit * buy, step)))
        units += buy
        weight += F(line.weight or 0) * buy
        volume += F(line.volume) * buy
        returns += F(offer.return_cost) * F(qty)
        shelf[offer] = shelf.get(offer, 0) + buy
        dear |= offer.max_price is not None and unit > F(offer.max_price)
    wait = 0.0
    for offer, count in shelf.items():
        if offer.stock is not None and count > F(offer.stock):
            if not offer.backorder:
                return []
            wait = max(wait, offer.backorder_days)
    goods = sum(row[2] for row in rows)
    fees = F(terms.fee_per_order) + F(terms.fee_per_line) * len(rows)
    if goods < F(terms.order_minimum) or units < F(terms.minimum_units):
        if terms.below_minimum == "refuse":
            return []
        fees += F(terms.small_order_fee) if terms.below_minimum == "fee" else 0
    base = goods + rounded(fees, step) + rounded(duty(problem, source, rows), step)
    cost = (base, goods, weight, volume, rounded(returns, step))
    return [priced(problem, source, rate, cost, wait, dear) for rate in source.rates or (None,)
            if rate is None or all(fits(problem, line, rate) for line, _offer, _qty in taken)]


def priced(problem, source, rate, cost, wait, dear):
    """(landed, expected, days, dear, rate key) by one rate."""
    base, goods, weight, volume, returns = cost
    step, policy, amount, days = problem.money_step, problem.policy, F(0), (0.0, 0.0, 0.0)
    if rate:
        days = (rate.days_p50, rate.days_p80, rate.days_p95)
        threshold = source.terms.free_freight_above
        free = threshold is not None and goods >= F(threshold) and rate.free_above_allowed
        amount = F(0) if free else rounded(freight(rate, weight, volume), step)
    shift = source.handling_days + wait
    late = rounded(F(round(chance(days, shift, policy.promise_days) * 10**6), 10**6) * F(policy.late_penalty), step)
    quantile = {50: 0, 80: 1, 95: 2}[policy.promise_quantile]
    landed = base + amount
    return landed, landed + late + returns, shift + days[quantile], dear, rate and rate.key


def all_plans(problem):
    """Every plan with its figures."""
    sources = {source.key: source for source in problem.sources}
    ways = [[NONE, *shares_of(problem, line, problem.offers, sources)] for line in problem.lines]
    cache, plans = {}, []
    for choice in itertools.product(*ways):
        by_source = {}
        for line, way in zip(problem.lines, choice, strict=True):
            for offer, qty in way:
                by_source.setdefault(offer.source, []).append((line, offer, qty))
        variants = []
        for key, taken in by_source.items():
            name = (key, tuple((line.key, offer.key, qty) for line, offer, qty in taken))
            if name not in cache:
                cache[name] = [(key, *row) for row in parcel(problem, sources[key], taken)]
            variants.append(cache[name])
        dropped = sum(not way for way in choice)
        if dropped == len(choice):
            continue
        for parcels in itertools.product(*variants):
            plans.append(figures(problem, sources, choice, parcels, dropped))
    return plans


def figures(problem, sources, choice, parcels, dropped):
    """Rank and criteria of one plan."""
    policy, used = problem.policy, [sources[row[0]] for row in parcels]
    landed, days = sum(row[1] for row in parcels), max(row[3] for row in parcels)
    money = 2 if policy.objective == "expected" else 1
    weighted = sum(row[money] * F(source.preference) for row, source in zip(parcels, used, strict=True))
    revenue = F(problem.other_revenue) + sum(
        F(line.revenue) for line, way in zip(problem.lines, choice, strict=True) if way)
    fee = F(policy.payment_percent) * F(problem.payment_base) / 100 + F(policy.payment_fixed)
    fee = rounded(fee, problem.money_step)
    profit = revenue - fee - landed
    suppliers = len({source.supplier for source in used if not source.own_stock})
    bad = any(row[4] for row in parcels) or (policy.promise_days is not None and days > policy.promise_days)
    bad |= policy.margin_floor is not None and profit < F(policy.margin_floor)
    bad |= policy.margin_floor_percent is not None and profit < revenue * F(policy.margin_floor_percent) / 100
    broken = bool(policy.max_suppliers and suppliers > policy.max_suppliers) or (
        policy.single_shipment == "required" and len(parcels) > 1)
    apart = policy.single_shipment == "preferred" and len(parcels) > 1
    worth = {
        "fastest": (days, weighted),
        "weighted": (F(policy.weight_cost) * weighted + F(policy.weight_day) * F(str(days)),),
    }.get(policy.objective, (weighted,))
    return {
        "level": (dropped, broken, bool(bad), apart), "value": worth, "set": frozenset(row[0] for row in parcels),
        "landed": landed, "expected": sum(row[2] for row in parcels), "days": days, "parcels": len(parcels),
        "score": min(source.score for source in used), "preference": max(F(source.preference) for source in used),
        "profit": profit, "rates": frozenset((row[0], row[5]) for row in parcels),
        "choice": frozenset((line.key, offer.key, qty) for line, way in zip(problem.lines, choice, strict=True)
                            for offer, qty in way),
    }


def best(problem, plans):
    """Rank that the best of the plans has: (level, value), for waterfalls the landed cost after narrowing."""
    if not plans:
        return None
    top = min(plan["level"] for plan in plans)
    plans = [plan for plan in plans if plan["level"] == top]
    if problem.policy.objective == "waterfall":
        for name, tolerance in problem.policy.waterfall:
            if name == "score":
                limit = max(plan[name] for plan in plans)
                plans = [p for p in plans if p[name] >= limit - abs(limit) * float(tolerance) / 100 - 1e-9]
            elif name == "days":
                limit = min(plan[name] for plan in plans)
                plans = [p for p in plans if p[name] <= limit + limit * float(tolerance) / 100 + 1e-9]
            else:
                limit = F(min(plan[name] for plan in plans))
                plans = [p for p in plans if p[name] <= limit + limit * F(tolerance) / 100]
        return top, (min(plan["landed"] for plan in plans),)
    return top, min(plan["value"] for plan in plans)
