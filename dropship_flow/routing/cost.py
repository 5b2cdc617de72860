"""What a plan costs, exactly. Every figure a user sees comes from `price`."""

from decimal import ROUND_CEILING, Decimal

from .lateness import late_probability, quantile_of, rate_days
from .model import ZERO, Parcel, Piece, Plan, Reason
from .rounding import buy_quantity, round_money, unit_price

HUNDRED = Decimal(100)


class Infeasible(ValueError):
    """The assignment cannot be bought; `reason` says why."""

    def __init__(self, reason):
        super().__init__(reason.code)
        self.reason = reason


def reason(code, **params):
    """A `Reason` with its figures in a stable order.

    >>> reason("moq", need=5, have=2).params
    (('have', 2), ('need', 5))
    """
    return Reason(code, tuple(sorted(params.items())))


def chargeable(rate, weight, volume):
    """Weight the carrier charges: the real one or the volumetric one, whichever is more."""
    return max(weight, volume / rate.volumetric_divisor) if rate.volumetric_divisor else weight


def parcel_price(rate, weight):
    """Price of one parcel: first weight, started steps, surcharge."""
    price = rate.first_price + rate.surcharge
    if weight > rate.first_weight and rate.step_weight:
        steps = ((weight - rate.first_weight) / rate.step_weight).to_integral_value(rounding=ROUND_CEILING)
        price += steps * rate.step_price
    return price


def freight(rate, weight, volume):
    """(price, parcels) of a shipment; above the weight limit it is split into full parcels and the rest.

    >>> from .model import Rate
    >>> rate = Rate("r", "std", Decimal(1), Decimal(4), Decimal(1), Decimal(2), max_weight=Decimal(5))
    >>> freight(rate, Decimal("1.4"), Decimal(0)), freight(rate, Decimal(6), Decimal(0))
    ((Decimal('6'), 1), (Decimal('16'), 2))
    """
    weight = chargeable(rate, weight, volume)
    full = 0
    if rate.max_weight and weight > rate.max_weight:
        full = int((weight / rate.max_weight).to_integral_value(rounding=ROUND_CEILING)) - 1
    rest = weight - full * rate.max_weight
    price = parcel_price(rate, rest)
    if full:
        price += full * parcel_price(rate, rate.max_weight)
    return price, full + 1


def unit_fits(rate, line):
    """A single unit heavier than the parcel limit cannot go by this rate."""
    return not rate.max_weight or chargeable(rate, line.weight, line.volume) <= rate.max_weight


def usable_rates(problem, source):
    """Rates of a source that give the delivery service the customer paid for.

    >>> from .model import Policy, Problem, Rate, Source
    >>> rates = tuple(Rate(name, name, Decimal(1), Decimal(4)) for name in ("dhl", "post", "line"))
    >>> paid = Problem((), (), (), policy=Policy(service="Express", services=frozenset({"dhl", "line"})))
    >>> [rate.key for rate in usable_rates(paid, Source("s", "rhein", "DE", rates))]
    ['dhl', 'line']
    """
    policy = problem.policy
    wanted = policy.services or ({policy.service} if policy.service else ())
    return [rate for rate in source.rates if not wanted or rate.service in wanted]


def is_dutiable(problem, source):
    """Whether goods from the source cross a customs border at our cost."""
    at_home = source.country in problem.customs_area or (source.country and source.country == problem.country)
    return not (source.ddp or at_home)


def duty_of(problem, source, pieces):
    """Charges on one source's consignment; `pieces` are (line, Piece)."""
    if not problem.duties or not is_dutiable(problem, source):
        return ZERO
    revenue = sum((line.revenue * piece.qty / line.qty for line, piece in pieces), ZERO)
    values = {"revenue": revenue, "goods": sum((piece.goods for _line, piece in pieces), ZERO)}
    total = ZERO
    for rule in problem.duties:
        value = values[rule.basis]
        if rule.ship_from and source.country not in rule.ship_from:
            continue
        if value < rule.min_value or (rule.max_value is not None and value > rule.max_value):
            continue
        matching = [(line, piece) for line, piece in pieces if line.heading.startswith(rule.heading_prefix)]
        if not matching:
            continue
        if rule.kind == "heading":
            total += rule.amount * len({line.heading for line, _piece in matching})
        elif rule.kind == "parcel":
            total += rule.amount
        elif rule.basis == "goods":
            total += rule.amount * sum((piece.goods for _line, piece in matching), ZERO) / HUNDRED
        else:
            total += rule.amount * sum((ln.revenue * pc.qty / ln.qty for ln, pc in matching), ZERO) / HUNDRED
    return total


def fees_of(terms, pieces):
    """(fees, collect) of one purchase; raises `Infeasible` when the supplier refuses so small an order."""
    goods = sum((piece.goods for piece in pieces), ZERO)
    units = sum((piece.buy_qty for piece in pieces), ZERO)
    fees = terms.fee_per_order + terms.fee_per_line * len(pieces)
    if goods >= terms.order_minimum and units >= terms.minimum_units:
        return fees, False
    if terms.below_minimum == "refuse":
        raise Infeasible(terms_reason(terms, goods, units))
    if terms.below_minimum == "collect":
        return fees, True
    return fees + terms.small_order_fee, False


def terms_reason(terms, goods, units):
    """Why a supplier refuses: the goods value or the pieces that are too few."""
    if goods < terms.order_minimum:
        return reason("terms_refused", have=goods, need=terms.order_minimum)
    return reason("terms_refused", have=units, need=terms.minimum_units)


def choose_rate(problem, source, pieces, goods, rate_key=None):
    """(rate, freight, parcels): the asked rate, or the cheapest one ('fastest' policy: the fastest one)."""
    weight = sum(((line.weight or ZERO) * piece.buy_qty for line, piece in pieces), ZERO)
    volume = sum((line.volume * piece.buy_qty for line, piece in pieces), ZERO)
    if source.own_stock and not source.rates:
        return None, ZERO, 1, weight
    threshold = source.terms.free_freight_above
    free = threshold is not None and goods >= threshold
    best = None
    quantile = quantile_of(problem.policy)
    for index, rate in enumerate(usable_rates(problem, source)):
        if any(line.weight is None or not unit_fits(rate, line) for line, _piece in pieces):
            continue
        if rate_key is not None and rate.key != rate_key:
            continue
        amount, parcels = freight(rate, weight, volume)
        if free and rate.free_above_allowed:
            amount = ZERO
        amount = round_money(amount, problem.money_step)
        days = rate_days(rate)[quantile]
        rank = (days, amount, index) if problem.policy.objective == "fastest" else (amount, days, index)
        if best is None or rank < best[0]:
            best = rank, rate, amount, parcels
    if best is None:
        raise Infeasible(reason("no_rate"))
    return best[1], best[2], best[3], weight


def backorder_days(offers, pieces, rounding_zero=ZERO):
    """Days the parcel waits for goods that are not on the shelf: the slowest backordered offer."""
    bought = {}
    for _line, piece in pieces:
        bought[piece.offer] = bought.get(piece.offer, rounding_zero) + piece.buy_qty
    return max(
        (offers[key].backorder_days for key, qty in bought.items()
         if offers[key].stock is not None and qty > offers[key].stock),
        default=0.0,
    )


def price_parcel(problem, source, offers, pieces, rate_key=None):
    """Price everything taken from one source; `pieces` are (line, Piece)."""
    step = problem.money_step
    only = tuple(piece for _line, piece in pieces)
    goods = sum((piece.goods for piece in only), ZERO)
    fees, collect = fees_of(source.terms, only)
    rate, amount, parcels, weight = choose_rate(problem, source, pieces, goods, rate_key)
    shift = source.handling_days + backorder_days(offers, pieces)
    days = rate_days(rate)
    policy = problem.policy
    late = late_probability(days, shift, policy.promise_days)
    returns = sum((offers[piece.offer].return_cost * piece.qty for piece in only), ZERO)
    return Parcel(
        source=source.key, service=rate.service if rate else "", rate=rate.key if rate else None, pieces=only,
        weight=weight, parcels=parcels, goods=goods, freight=amount, fees=round_money(fees, step),
        duty=round_money(duty_of(problem, source, pieces), step),
        late_cost=round_money(Decimal(str(late)) * policy.late_penalty, step), return_cost=round_money(returns, step),
        late_probability=late, days_p50=shift + days[0], days_p80=shift + days[1], days_p95=shift + days[2],
        collect=collect,
    )


def payment_fee(problem):
    """What the payment provider keeps."""
    policy = problem.policy
    return round_money(policy.payment_percent * problem.payment_base / HUNDRED + policy.payment_fixed,
                       problem.money_step)


def make_piece(problem, line, offer, qty):
    """A priced `Piece`; raises `Infeasible` when the offer has no price for the quantity."""
    buy = buy_quantity(offer, qty)
    unit = unit_price(offer.tiers, buy)
    if unit is None:
        raise Infeasible(reason("no_price"))
    return Piece(line.key, offer.key, offer.source, qty, buy, unit, round_money(unit * buy, problem.money_step))


def price(problem, assignment, rates=None):
    """Price a plan: `assignment` maps a line key to an offer key or to a sequence of (offer key, quantity).

    `rates` may fix the freight rate of a source (source key -> rate key). Eligibility is not judged here, only what
    makes a price impossible raises `Infeasible`: no tier, no usable rate, a supplier who refuses so small an order.

    >>> from .model import Line, Offer, Problem, Rate, Source, Tier
    >>> D = Decimal
    >>> rate = Rate("r", "std", D(1), D("3.90"))
    >>> basket = Problem(
    ...     (Line(1, "lamp", D(2), D(40), D("0.4")),), (Offer("o", "lamp", "s", (Tier(D(1), D("7.10")),)),),
    ...     (Source("s", "rhein", "DE", (rate,)),))
    >>> plan = price(basket, {1: "o"})
    >>> plan.landed, plan.profit
    (Decimal('18.10'), Decimal('21.90'))
    """
    lines = {line.key: line for line in problem.lines}
    offers = {offer.key: offer for offer in problem.offers}
    by_source = {}
    revenue = problem.other_revenue
    for line_key, target in assignment.items():
        line = lines[line_key]
        shares = target if isinstance(target, (list, tuple)) and _is_shares(target) else ((target, line.qty),)
        for offer_key, qty in shares:
            piece = make_piece(problem, line, offers[offer_key], qty)
            by_source.setdefault(piece.source, []).append((line, piece))
            revenue += line.revenue if qty == line.qty else line.revenue * qty / line.qty
    parcels = tuple(
        price_parcel(problem, source, offers, by_source[source.key], (rates or {}).get(source.key))
        for source in problem.sources if source.key in by_source
    )
    return Plan(parcels, revenue, payment_fee(problem))


def _is_shares(target):
    """Shares are pairs; an offer key may itself be a tuple."""
    return bool(target) and all(isinstance(share, tuple) and len(share) == 2 for share in target)
