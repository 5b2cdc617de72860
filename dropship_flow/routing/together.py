"""Several orders to one door as one basket: joined before the engine decides, told apart afterwards."""

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from .cost import payment_fee
from .model import ZERO, Plan, Reason


def join(basket, members, refused=frozenset()):
    """One basket of what several orders need.

    `basket` holds the lines, offers and sources of all; `members` the problem of each order as it would stand alone.
    Guards over an order's profit become guards over all of them, the strictest promise counts, and the fees of the
    payments stay what they are. `refused` are offers that failed one of the orders.

    >>> from .model import Policy, Problem
    >>> one = Problem((), (), (), policy=Policy(margin_floor=Decimal(5), promise_days=9.0, payment_fixed=Decimal(1)))
    >>> two = replace(one, policy=replace(one.policy, promise_days=4.0), other_revenue=Decimal(3))
    >>> both = join(one, [one, two])
    >>> both.policy.margin_floor, both.policy.promise_days, both.policy.payment_fixed, both.other_revenue
    (Decimal('10'), 4.0, Decimal('2.00'), Decimal('3'))
    """
    policies = [member.policy for member in members]
    floors = [policy.margin_floor for policy in policies if policy.margin_floor is not None]
    promises = [policy.promise_days for policy in policies if policy.promise_days is not None]
    offers = [
        replace(offer, facts=(*offer.facts, Reason("refused")))
        if offer.key in refused and Reason("refused") not in offer.facts
        else offer
        for offer in basket.offers
    ]
    policy = replace(
        basket.policy,
        margin_floor=sum(floors, ZERO) if floors else None,
        promise_days=min(promises, default=None),
        payment_percent=ZERO,
        payment_fixed=sum((payment_fee(member) for member in members), ZERO),
    )
    return replace(
        basket,
        offers=tuple(offers),
        policy=policy,
        other_revenue=sum((member.other_revenue for member in members), ZERO),
        payment_base=sum((member.payment_base for member in members), ZERO),
    )


def split(solution, members, step):
    """What the joint answer means for each order.

    Every order gets its pieces with its share of each parcel's costs, by goods value; the shares add up exactly.

    :param list members: problems, one per order, each with its own lines
    :return: [Solution] in the order of the members

    >>> from .model import Line, Offer, Problem, Rate, Source, Tier
    >>> from .solve import solve
    >>> source = Source("s", 1, "DE", (Rate("r", "", Decimal(1), Decimal(4)),))
    >>> offer = Offer("o", "lamp", "s", (Tier(Decimal(1), Decimal(7)),))
    >>> one, two = (Problem((Line(k, "lamp", Decimal(n), Decimal(20)),), (offer,), (source,))
    ...             for k, n in ((1, 1), (2, 3)))
    >>> both = join(replace(one, lines=one.lines + two.lines), [one, two])
    >>> [str(answer.plan.landed) for answer in split(solve(both), [one, two], Decimal("0.01"))]
    ['8.00', '24.00']
    """
    plans = _plans(solution.plan, members, step)
    others = _plans(solution.alternative, members, step)
    return [
        replace(
            solution,
            plan=plan,
            alternative=other,
            candidates=tuple(row for row in solution.candidates if row.line in keys),
            missing=tuple(key for key in solution.missing if key in keys),
        )
        for plan, other, keys in zip(plans, others, _keys(members), strict=True)
    ]


def _keys(members):
    return [{line.key for line in member.lines} for member in members]


def _plans(plan, members, step):
    if plan is None:
        return [None] * len(members)
    parcels = [_parcels(parcel, members, step) for parcel in plan.parcels]
    result = []
    for index, member in enumerate(members):
        own = tuple(shares[index] for shares in parcels if shares[index])
        lines = {line.key: line for line in member.lines}
        revenue = member.other_revenue
        for piece in (piece for parcel in own for piece in parcel.pieces):
            revenue += lines[piece.line].revenue * piece.qty / lines[piece.line].qty
        result.append(Plan(own, revenue, payment_fee(member)) if own else None)
    return result


def _parcels(parcel, members, step):
    """The part of each member in a parcel; None where it has none."""
    pieces = [tuple(piece for piece in parcel.pieces if piece.line in keys) for keys in _keys(members)]
    goods = [sum((piece.goods for piece in own), ZERO) for own in pieces]
    busy = [index for index, own in enumerate(pieces) if own]
    costs = {
        part: shares(getattr(parcel, part), [goods[index] for index in busy], step)
        for part in ("freight", "fees", "duty", "late_cost", "return_cost")
    }
    weights = {line.key: line.weight or ZERO for member in members for line in member.lines}
    result = [None] * len(members)
    for place, index in enumerate(busy):
        result[index] = replace(
            parcel,
            pieces=pieces[index],
            goods=goods[index],
            weight=sum((weights[piece.line] * piece.qty for piece in pieces[index]), ZERO),
            **{part: amounts[place] for part, amounts in costs.items()},
        )
    return result


def shares(amount, goods, step):
    """Spread an amount by goods value, rounded; the last one takes the rounding.

    >>> [str(share) for share in shares(Decimal("1.00"), [Decimal(1), Decimal(1), Decimal(1)], Decimal("0.01"))]
    ['0.33', '0.33', '0.34']
    >>> [str(share) for share in shares(Decimal("0.05"), [ZERO, ZERO], Decimal("0.01"))]
    ['0.03', '0.02']
    """
    total = sum(goods, ZERO)
    result, left = [], amount
    for index, value in enumerate(goods):
        if index == len(goods) - 1:
            result.append(left)
            continue
        ratio = value / total if total else Decimal(1) / len(goods)
        share = (amount * ratio / step).quantize(Decimal(1), ROUND_HALF_UP) * step
        result.append(share)
        left -= share
    return result
