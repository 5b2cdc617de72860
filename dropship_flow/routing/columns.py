"""Everything one source could deliver of a basket without splits, each bundle priced once."""

from typing import NamedTuple

from .instance import FINE, HALF


class Column(NamedTuple):
    """A bundle of lines from one source by one rate. Money in steps, `objective` in millionths of a step."""

    mask: int
    objective: int
    landed: int
    expected: int
    days: float
    dear: bool
    supply: object
    options: tuple
    rate: int | None


def count_columns(instance):
    """How many bundles there are: decides whether listing them is the faster way."""
    total = 0
    for supply in instance.supplies:
        bundles = 1
        for options in supply.options.values():
            bundles *= 1 + sum(option.whole for option in options)
        total += bundles * max(len(supply.rates), 1)
    return total


def bundles(instance, supply):
    """All bundles: (mask, goods, units, weight, volume, revenue, returns, headings, rates, wait, options)."""
    found = [(0, 0, 0, 0, 0, 0, 0, 0, -1, 0.0, ())]
    for line, options in supply.options.items():
        bit = 1 << line
        more = []
        for option in options:
            if not option.whole:
                continue
            goods, units, weight, volume = option.goods, option.units, option.weight, option.volume
            revenue, returns, heading, rates = option.revenue, option.returns, option.heading, option.rates
            wait = option.offer.backorder_days if option.late_stock else 0.0
            tail = (option,)
            for (mask, goods0, units0, weight0, volume0, revenue0, returns0, headings0, rates0, wait0, head) in found:
                more.append((
                    mask | bit, goods0 + goods, units0 + units, weight0 + weight, volume0 + volume, revenue0 + revenue,
                    returns0 + returns, headings0 | heading, rates0 & rates,
                    wait0 if wait0 > wait else wait, head + tail,
                ))
        found += more
    del found[0]
    return found


def shared_wait(instance, options, wait):
    """Wait of a bundle whose lines draw on one shelf; None when the shelf does not hold them all."""
    bought = {}
    for option in options:
        if option.offer.key in instance.shared:
            bought[option.offer.key] = bought.get(option.offer.key, 0) + option.units
    for key, units in bought.items():
        offer = instance.offers[key]
        if units > offer.stock * FINE:
            if not offer.backorder:
                return None
            wait = max(wait, offer.backorder_days)
    return wait


def duty_of(duties, goods, revenue, headings, options):
    """Duty in steps on one consignment."""
    total = 0
    for kind, amount, mask, low, high, on_goods in duties:
        value = goods * FINE if on_goods else revenue
        matching = headings & mask
        if value < low or (high is not None and value > high) or not matching:
            continue
        if kind == "heading":
            total += amount * matching.bit_count()
        elif kind == "parcel":
            total += amount
        else:
            if headings & ~mask:
                value = sum(
                    option.goods * FINE if on_goods else option.revenue for option in options if option.heading & mask)
            total += value * amount // (100 * FINE)
    return (total + HALF) // FINE


def columns_of(instance, supply, by_days, chosen=None):
    """Priced bundles of one source; several rates stay only where `by_days` and one is faster, the other cheaper."""
    found = []
    expected_first = instance.policy.objective == "expected"
    preference = FINE if instance.policy.objective == "waterfall" else supply.preference
    shared = instance.shared and any(
        option.offer.key in instance.shared for options in supply.options.values() for option in options)
    one_rate = supply.rates[0] if len(supply.rates) == 1 else None
    for bundle in bundles(instance, supply) if chosen is None else chosen:
        mask, _goods, _units, weight, volume, _revenue, _returns, _headings, fits, wait, options = bundle
        if shared:
            wait = shared_wait(instance, options, wait)
            if wait is None:
                continue
        bought = purchase(supply, bundle)
        if bought is None:
            continue
        base, free, extra, dear = bought
        if one_rate is not None:
            if not fits & 1:
                continue
            if not (free and one_rate.free):
                base += (one_rate.price(weight, volume) + HALF) // FINE
            costs = ((0, base),)
        else:
            costs = rate_costs(supply, base, free, fits, weight, volume)
        choices = []
        for index, landed in costs:
            days, late = supply.mode(index or 0, wait)
            expected = landed + late + extra
            objective = (expected if expected_first else landed) * preference
            choices.append(Column(mask, objective, landed, expected, days, dear, supply, options, index))
        found += choices if len(choices) < 2 else undominated(choices, by_days)
    return found


def purchase(supply, bundle):
    """(goods, fees and duty in steps; freight free; return cost; dear) of a bundle, None when the supplier refuses."""
    _mask, goods, units, _weight, _volume, revenue, returns, headings, _fits, _wait, options = bundle
    fees = supply.per_order + supply.per_line * len(options)
    if goods * FINE < supply.minimum or units < supply.min_units:
        if supply.refuses:
            return None
        fees += supply.small_fee
    base = goods + (fees + HALF) // FINE
    if supply.duties:
        base += duty_of(supply.duties, goods, revenue, headings, options)
    free = supply.free_above is not None and goods * FINE >= supply.free_above
    dear = False
    for option in options:
        if option.dear:
            dear = True
    return base, free, (returns + HALF) // FINE, dear


def rate_costs(supply, base, free, fits, weight, volume):
    """(rate index, landed) by every rate that takes the bundle."""
    if not supply.rates:
        return [(None, base)]
    return [
        (index, base if free and rate.free else base + (rate.price(weight, volume) + HALF) // FINE)
        for index, rate in enumerate(supply.rates) if fits >> index & 1
    ]


def undominated(choices, by_days):
    """Of one bundle's rates those worth keeping."""
    if len(choices) < 2:
        return choices
    if not by_days:
        return [min(choices, key=lambda column: (column.objective, column.days, column.rate))]
    kept = []
    for column in sorted(choices, key=lambda column: (column.objective, column.landed, column.days, column.rate)):
        if all(column.days < other.days or column.landed < other.landed or column.expected < other.expected
               for other in kept):
            kept.append(column)
    return kept


def bundle_of(options):
    """The bundle made of the given options, whole or parts of lines, as `bundles` would list it."""
    mask = headings = 0
    rates = -1
    wait = 0.0
    for option in options:
        mask |= 1 << option.line
        headings |= option.heading
        rates &= option.rates
        if option.late_stock:
            wait = max(wait, option.offer.backorder_days)
    sums = [sum(getattr(option, name) for option in options)
            for name in ("goods", "units", "weight", "volume", "revenue", "returns")]
    return (mask, *sums, headings, rates, wait, tuple(options))


def price_bundle(instance, supply, options):
    """All rates' columns of one given bundle; none when it cannot be bought."""
    return columns_of(instance, supply, True, (bundle_of(options),))
