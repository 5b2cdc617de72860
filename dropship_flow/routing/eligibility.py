"""Which offers may serve which line, and why the others may not."""

from decimal import ROUND_FLOOR

from .cost import reason, terms_reason, unit_fits, usable_rates
from .model import ZERO
from .rounding import buy_quantity, round_money, round_up, unit_price

MAX_LEVELS = 64  # a line that can be split more finely is split at the quantities that matter only


def eligibility(problem):
    """{(line key, offer key): reasons} for every offer of every line's product; no reasons: the offer may serve it.

    >>> from decimal import Decimal as D
    >>> from .model import Line, Offer, Problem, Rate, Source, Tier
    >>> offer = Offer("o", "lamp", "s", (Tier(D(1), D(7)),), stock=D(1))
    >>> source = Source("s", "rhein", "DE", (Rate("r", "std", D(1), D(4)),))
    >>> basket = Problem((Line(1, "lamp", D(2)),), (offer,), (source,))
    >>> [why.code for why in eligibility(basket)[1, "o"]]
    ['no_stock']
    """
    sources = {source.key: source for source in problem.sources}
    offers = {}
    for offer in problem.offers:
        offers.setdefault(offer.product, []).append(offer)
    rates = {key: usable_rates(problem, source) for key, source in sources.items()}
    found = {}
    for line in problem.lines:
        for offer in offers.get(line.product, ()):
            source = sources[offer.source]
            reasons = offer.facts
            if line.excluded or line.pinned is not None:
                reasons += choice_reasons(line, source)
            found[line.key, offer.key] = (
                reasons + goods_reasons(problem.policy, line, offer)
                + freight_reasons(problem, line, source, rates[offer.source])
            )
    if any(source.terms.below_minimum == "refuse" for source in problem.sources):
        add_refusals(problem, sources, found)
    return found


def choice_reasons(line, source):
    """Reasons a person gave: another supplier pinned, this one excluded."""
    found = ()
    if source.supplier in line.excluded:
        found += (reason("excluded"),)
    if line.pinned is not None and source.supplier != line.pinned:
        found += (reason("pinned_elsewhere"),)
    return found


def goods_reasons(policy, line, offer):
    """Price, stock, minimum and pack of the offer against the quantity of the line."""
    qty = line.qty
    if not offer.tiers:
        return (reason("no_price"),)
    if offer.moq <= qty and offer.tiers[0].min_qty <= qty and not (offer.pack and qty % offer.pack) and (
        offer.stock is None or offer.backorder or offer.stock >= qty
    ):
        return ()
    if levels(policy, line, offer):
        return ()
    found = ()
    if not policy.allow_overbuy:
        if qty < offer.moq:
            found += (reason("moq", have=qty, need=offer.moq),)
        if offer.pack and qty % offer.pack:
            found += (reason("pack", have=qty, pack=offer.pack),)
    need = buy_quantity(offer, qty) if policy.allow_overbuy else qty
    if offer.stock is not None and not offer.backorder and offer.stock < need:
        found += (reason("no_stock", have=offer.stock, need=need),)
    if unit_price(offer.tiers, need) is None:
        found += (reason("no_price"),)
    return found or (reason("no_stock", have=offer.stock or ZERO, need=need),)


def freight_reasons(problem, line, source, usable):
    """Weight, address, rate, service and parcel limit."""
    if source.own_stock and not source.rates:
        return ()
    if not source.rates:
        return (reason("no_rate") if problem.country else reason("no_address"),)
    if not usable:
        return (reason("service", service=problem.policy.service),)
    if line.weight is None:
        return (reason("no_weight"),)
    for rate in usable:
        if unit_fits(rate, line):
            return ()
    return (reason("too_heavy", have=line.weight, limit=max(rate.max_weight for rate in usable)),)


def levels(policy, line, offer):
    """Quantities of the line this offer can serve, ascending: the whole, or also parts when lines may be split.

    >>> from decimal import Decimal as D
    >>> from .model import Line, Offer, Policy, Tier
    >>> line = Line(1, "lamp", D(4), precision=D(1))
    >>> offer = Offer("o", "lamp", "s", (Tier(D(1), D(7)),), stock=D(3))
    >>> levels(Policy(), line, offer), [int(n) for n in levels(Policy(split_lines=True), line, offer)]
    ([], [1, 2, 3])
    """
    quantities = [line.qty]
    if policy.split_lines:
        quantities = split_quantities(line, (offer,))
    return [qty for qty in quantities if can_serve(policy, offer, qty)]


def can_serve(policy, offer, qty):
    """Whether minimum, pack, stock and price of the offer allow this quantity."""
    buy = buy_quantity(offer, qty)
    if buy != qty and not policy.allow_overbuy:
        return False
    if offer.stock is not None and not offer.backorder and buy > offer.stock:
        return False
    return bool(offer.tiers) and buy >= offer.tiers[0].min_qty


def is_fine(line):
    """Whether every possible split of the line can be looked at."""
    return line.qty <= line.precision * MAX_LEVELS


def split_quantities(line, offers):
    """Quantities a line may be cut into: all multiples of its precision, or those that matter when there are many."""
    unit = line.precision if line.precision > 0 else line.qty
    if is_fine(line):
        count = int((line.qty / unit).to_integral_value(rounding=ROUND_FLOOR))
        quantities = {unit * n for n in range(1, count + 1)}
        quantities |= {line.qty - qty for qty in quantities}
    else:
        quantities = set()
        for offer in offers:
            points = [tier.min_qty for tier in offer.tiers] + [offer.moq, offer.stock or ZERO]
            for point in points:
                floor = (point / unit).to_integral_value(rounding=ROUND_FLOOR) * unit
                pack = offer.pack or unit
                packed = (floor / pack).to_integral_value(rounding=ROUND_FLOOR) * pack
                quantities |= {floor, packed, round_up(floor, offer.pack)}
        quantities |= {line.qty - qty for qty in quantities}
    return sorted({qty for qty in quantities if ZERO < qty < line.qty} | {line.qty})


def add_refusals(problem, sources, found):
    """A supplier who refuses small orders is out when even the whole basket would stay below his minimum."""
    offers = {offer.key: offer for offer in problem.offers}
    lines = {line.key: line for line in problem.lines}
    most = {}
    for (line_key, offer_key), reasons in found.items():
        offer = offers[offer_key]
        if not reasons and sources[offer.source].terms.below_minimum == "refuse":
            part = (line_key, offer_key) if problem.policy.split_lines else line_key
            best = most.setdefault(offer.source, {}).setdefault(part, [ZERO, ZERO])
            for qty in levels(problem.policy, lines[line_key], offer):
                buy = buy_quantity(offer, qty)
                best[0] = max(best[0], round_money(buy * unit_price(offer.tiers, buy), problem.money_step))
                best[1] = max(best[1], buy)
    refused = {}
    for key, per_line in most.items():
        goods = sum((best[0] for best in per_line.values()), ZERO)
        units = sum((best[1] for best in per_line.values()), ZERO)
        terms = sources[key].terms
        spare = problem.money_step * MAX_LEVELS if problem.policy.split_lines else ZERO
        if goods + spare < terms.order_minimum or units < terms.minimum_units:
            refused[key] = terms_reason(terms, goods, units)
    if refused:
        for pair, reasons in found.items():
            if not reasons and offers[pair[1]].source in refused:
                found[pair] = (refused[offers[pair[1]].source],)
