"""Bundles with parts of lines, priced all at once with numpy: never dearer than the exact price, so a safe filter."""

import itertools

from .instance import FINE, KILO

EASE = 1e-7  # thresholds are read in the favour of the bundle, so that rounding never hides the best plan


def axes_of(instance, supply):
    """Per line of a source all ways to buy from it: tuples of options, the empty one first."""
    axes = []
    for line, options in supply.options.items():
        by_offer = {}
        for option in options:
            by_offer.setdefault(option.offer.key, [None]).append(option)
        qty = instance.lines[line].qty
        ways = [tuple(filter(None, way)) for way in itertools.product(*by_offer.values())]
        axes.append([way for way in ways if sum(option.qty for option in way) <= qty])
    return axes


def count_points(instance, most):
    """Bundles of all sources together, at most a little above `most`."""
    total = 0
    for supply in instance.supplies:
        points = 1
        for options in supply.options.values():
            by_offer = {}
            for option in options:
                by_offer[option.offer.key] = by_offer.get(option.offer.key, 1) + 1
            for ways in by_offer.values():
                points *= ways
        total += points
        if total > most:
            break
    return total


class Grid:
    """All bundles of one source: `cost` (steps, weighted by preference, infinite where impossible) and what they take."""

    def __init__(self, np, instance, supply, limit):
        self.np, self.instance, self.supply = np, instance, supply
        self.axes = axes_of(instance, supply)
        self.shape = tuple(len(axis) for axis in self.axes)
        self.take = np.zeros((int(np.prod(self.shape)), len(instance.lines)))
        for place, line in enumerate(supply.options):
            values = [float(sum(option.qty for option in way)) for way in self.axes[place]]
            self.take[:, line] = self.spread(place, values, float)
        self.cost = self.price(limit)
        self.cost[0] = float("inf")

    def spread(self, place, values, kind):
        """One value per way of an axis, repeated over the whole grid."""
        np = self.np
        shape = [1] * len(self.shape)
        shape[place] = self.shape[place]
        return np.broadcast_to(np.array(values, dtype=kind).reshape(shape), self.shape).reshape(-1)

    def total(self, figure):
        """Sum of a figure of the options over every bundle."""
        found = 0.0
        for place, axis in enumerate(self.axes):
            found = found + self.spread(place, [float(sum(map(figure, way))) for way in axis], float)
        return found

    def combine(self, operation, start, figure):
        """Bits or maxima of a figure over every bundle."""
        found = start
        for place, axis in enumerate(self.axes):
            values = []
            for way in axis:
                value = start
                for option in way:
                    value = operation(value, figure(option))
                values.append(value)
            found = operation(found, self.spread(place, values, None))
        return found

    def price(self, limit):
        """Cheapest cost of every bundle that keeps promise and maximum price."""
        np, supply = self.np, self.supply
        goods = self.total(lambda option: option.goods)
        units = self.total(lambda option: option.units)
        fees = supply.per_order + supply.per_line * self.total(lambda option: 1)
        cost = goods.copy()
        if supply.small_fee or supply.refuses:
            below = (goods * FINE < supply.minimum - EASE) | (units < supply.min_units - EASE)
            fees = np.where(below, np.inf if supply.refuses else fees + supply.small_fee, fees)
        cost += np.floor(fees / FINE + 0.5 - EASE)
        if supply.duties:
            cost += self.duty(goods)
        expected = self.instance.policy.objective == "expected"
        if expected:
            cost += np.floor(self.total(lambda option: option.returns) / FINE + 0.5 - EASE)
        cost = cost + self.carriage(goods, limit, expected)
        if any(option.dear for axis in self.axes for way in axis for option in way):
            cost[self.total(lambda option: option.dear) > 0] = np.inf
        return cost * float(supply.source.preference)

    def carriage(self, goods, limit, expected):
        """Cheapest freight (plus late cost when expected) of every bundle."""
        np, supply = self.np, self.supply
        wait = self.combine(np.maximum, 0.0, lambda option: option.offer.backorder_days if option.late_stock else 0.0)
        wait = np.broadcast_to(wait, goods.shape)
        fits = self.combine(np.bitwise_and, (1 << len(supply.rates)) - 1, lambda option: option.rates)
        weight, volume = self.total(lambda option: option.weight), self.total(lambda option: option.volume)
        free = np.zeros(goods.shape, bool) if supply.free_above is None else goods * FINE >= supply.free_above - EASE
        best = np.full(goods.shape, np.inf)
        for index, rate in enumerate(supply.rates or (None,)):
            amount = np.zeros(goods.shape)
            if rate:
                amount = np.floor(self.by_rate(rate, weight, volume) / FINE + 0.5 - EASE)
                amount[free & rate.free] = 0.0
                amount[(fits >> index & 1) == 0] = np.inf
            for days in np.unique(wait):
                reached, late = supply.mode(index, float(days))
                here = wait == days
                if reached > limit:
                    amount[here] = np.inf
                elif expected:
                    amount[here] += late
            best = np.minimum(best, amount)
        return best

    def by_rate(self, rate, weight, volume):
        """Freight in millionths of a step."""
        np = self.np
        if rate.divisor:
            weight = np.maximum(weight, volume * (FINE / rate.divisor))
        weight = weight / KILO - EASE / 100
        full = 0.0
        if rate.limit:
            full = np.maximum(np.ceil(weight / (rate.limit / KILO)) - 1, 0)
            weight = weight - full * (rate.limit / KILO)
        price = rate.first + full * rate.full
        if rate.step_weight:
            price = price + rate.step * np.maximum(np.ceil((weight - rate.first_weight / KILO) / (rate.step_weight / KILO)), 0)
        return price + np.zeros(weight.shape)

    def duty(self, goods):
        """Duty of every bundle in steps."""
        np, total = self.np, 0.0
        headings = self.combine(np.bitwise_or, 0, lambda option: option.heading)
        for kind, amount, mask, low, high, on_goods in self.supply.duties:
            value = goods * FINE if on_goods else self.total(lambda option: option.revenue)
            if kind == "percent":
                charge = self.worth(mask, on_goods) * amount / FINE / 100
            elif kind == "parcel":
                charge = amount * ((headings & mask) > 0)
            else:
                charge = amount * sum(((headings & mask) >> bit & 1) for bit in range(mask.bit_length()))
            applies = (value >= low) & (value <= (np.inf if high is None else high))
            total = total + np.where(applies, charge, 0.0)
        return np.floor(total / FINE + 0.5 - EASE)

    def worth(self, mask, on_goods):
        """Value of the goods whose heading a rule looks at."""
        return self.total(lambda option: (
            (option.goods * FINE if on_goods else option.revenue) if option.heading & mask else 0))

    def options_at(self, point):
        """The options of one bundle."""
        places = self.np.unravel_index(int(point), self.shape)
        return tuple(option for axis, place in zip(self.axes, places, strict=True) for option in axis[place])
