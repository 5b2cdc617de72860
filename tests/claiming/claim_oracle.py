"""The same by hand: money in whole cents and fractions, a claim's life hour by hour, credits cent by cent."""

from datetime import timedelta
from fractions import Fraction
from math import floor

EXTRAS = ("replacement", "freight_out", "freight_back", "duties", "labour")


def cents(amount):
    return Fraction(amount) * 100


def half_up(amount):
    return floor(amount + Fraction(1, 2))


def damage(line):
    """What a line cost us, in cents."""
    right = cents(line.refunded) + cents(line.replacement)
    vain = 0 if line.kept else cents(line.cost) + cents(line.freight_out) + cents(line.duties)
    trouble = cents(line.freight_back) + cents(line.labour) - cents(line.saved)
    return max(0, (vain if vain > right else right) + trouble)


def amounts(loss, terms, party, used):
    """(damages, penalty) in cents that a party with such terms is asked for; None: no rule."""
    before = Fraction(0)
    for other, percent in loss.liable:
        if other == party:
            mine = Fraction(percent) / 100
            break
        before += Fraction(percent) / 100
    fitting = [rule for rule in terms.rules if not rule.kinds or loss.kind in rule.kinds]
    if not fitting:
        return None
    rule, damages, cost, weight, unknown = fitting[0], 0, Fraction(0), Fraction(0), False
    taken = []
    for line in loss.lines:
        there = set(line.kinds) | {loss.kind}
        if any(all(part in there for part in group.split("+")) for group in terms.excluded):
            continue
        taken.append(line)
        cost += cents(line.cost)
        asked = Fraction(0)
        if rule.pays == "cost":
            asked += cents(line.cost) * Fraction(rule.percent) / 100
        if rule.pays == "refunded":
            asked += cents(line.refunded) * Fraction(rule.percent) / 100
        for extra in EXTRAS:
            asked += cents(getattr(line, extra)) if extra in rule.covers else 0
        part = half_up(damage(line) * (before + mine)) - half_up(damage(line) * before)
        if before + mine == 1:
            part = damage(line) - half_up(damage(line) * before)
        amount = min(half_up(asked * mine), part)
        damages += amount
        if amount:
            unknown = unknown or line.weight is None
            weight += Fraction(line.weight or 0)
    if terms.per_parcel is not None:
        damages = min(damages, floor(cents(terms.per_parcel) * loss.parcels))
    if terms.per_kg is not None:
        damages = 0 if unknown else min(damages, floor(cents(terms.per_kg) * weight))
    penalty = Fraction(0)
    if rule.penalty and taken:
        penalty = cents(rule.penalty.fixed) + cost * Fraction(rule.penalty.percent) / 100
        if rule.penalty.low is not None and penalty < cents(rule.penalty.low):
            penalty = cents(rule.penalty.low)
        if rule.penalty.high is not None and penalty > cents(rule.penalty.high):
            penalty = cents(rule.penalty.high)
    penalty = half_up(penalty)
    bounds = [floor(cents(terms.per_claim))] if terms.per_claim is not None else []
    if terms.per_month is not None:
        bounds.append(max(0, floor(cents(terms.per_month) - cents(used))))
    most = min(bounds, default=damages + penalty)
    damages = min(damages, most)
    return damages, min(penalty, most - damages)


def life(amount, terms, sent, events, now):
    """{granted, state, answer, days}; whole hours, eight hours east of Greenwich."""
    state, answer, granted, days, objected, since = "waiting", "", 0, [], False, sent
    moment = sent

    def day_of(one):
        return (one + timedelta(hours=8)).date()

    while moment <= now:
        clock = terms.objection if state == "answered" else terms.answer
        over = clock is not None and day_of(moment) > day_of(since) + timedelta(days=clock.days)
        if over and state == "answered":
            state = "closed"
        elif over and state in ("waiting", "objected"):
            if terms.silence == "accepted":
                days += [day_of(moment) - timedelta(days=1)] * (amount - granted)
                state, answer, granted = "closed", "accepted", amount
            elif terms.silence == "refused":
                answer = answer or "refused"
                state, since = ("closed" if objected or terms.objection is None else "answered"), moment
            else:
                state = "overdue"
        for event in [event for event in events if event.at == moment]:
            if event.kind == "objection":
                if state == "answered":
                    state, objected, since = "objected", True, moment
            elif state in ("waiting", "objected", "overdue"):
                told = {"accepted": amount, "refused": 0}.get(event.kind)
                told = int(event.amount * 100) if told is None else told
                told = min(told, amount)
                days += [day_of(moment)] * (told - granted)
                granted = max(granted, told)
                answer = "accepted" if granted == amount else "partly" if granted else "refused"
                over_now = granted == amount or objected or terms.objection is None
                state, since = ("closed" if over_now else "answered"), moment
        moment += timedelta(hours=1)
    return state, answer, granted, days


def credited(granted, room, credits):
    """(settled, ahead, extra) in cents; a document counts once."""
    result, seen = [0, 0, 0], set()
    for credit in sorted(credits, key=lambda credit: credit.day):
        if credit.key in seen:
            continue
        seen.add(credit.key)
        for _cent in range(int(credit.amount * 100)):
            place = 0 if result[0] < granted else 1 if result[1] < room else 2
            result[place] += 1
    return result
