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


FIGURES = ("goods", "units", "weight", "volume", "revenue", "returns")


class Grid:
    """All bundles of one source: `cost` (steps times preference, infinite where impossible) and what they take."""

    def __init__(self, np, instance, supply, limit):
        self.np, self.instance, self.supply = np, instance, supply
        self.axes = axes_of(instance, supply)
        self.shape = tuple(len(axis) for axis in self.axes)
        table = self.table(len(instance.lines))
        self.goods, self.units, self.weight, self.volume, self.revenue, self.returns, self.count, self.dear = (
            np.ascontiguousarray(table[:, place]) for place in range(8))
        self.take = table[:, 8:]
        self.cost = self.price(limit)
        self.cost[0] = float("inf")

    def table(self, count):
        """One row per bundle: the figures, the pieces, dear pieces, then the quantity of every line."""
        np, found = self.np, np_zero(self.np, count + 8)
        for line, axis in zip(self.supply.options, self.axes, strict=True):
            rows = []
            for way in axis:
                row = [0.0] * (count + 8)
                for option in way:
                    for place, name in enumerate(FIGURES):
                        row[place] += getattr(option, name)
                    row[6] += 1
                    row[7] += option.dear
                    row[8 + line] += float(option.qty)
                rows.append(row)
            found = (found[:, None, :] + np.array(rows)[None, :, :]).reshape(-1, count + 8)
        return found

    def combine(self, operation, start, figure):
        """Bits or maxima of a figure over every bundle."""
        np, found = self.np, self.np.array([start])
        for axis in self.axes:
            values = []
            for way in axis:
                value = start
                for option in way:
                    value = operation(value, figure(option))
                values.append(value)
            found = operation(found[:, None], np.array(values)[None, :]).reshape(-1)
        return found

    def price(self, limit):
        """Cheapest cost of every bundle that keeps promise and maximum price."""
        np, supply = self.np, self.supply
        fees = supply.per_order + supply.per_line * self.count
        cost = self.goods.copy()
        if supply.small_fee or supply.refuses:
            below = (self.goods * FINE < supply.minimum) | (self.units < supply.min_units)
            fees = np.where(below, np.inf if supply.refuses else fees + supply.small_fee, fees)
        cost += np.floor(fees / FINE + 0.5 - EASE)
        if supply.duties:
            cost += self.duty(self.goods)
        expected = self.instance.policy.objective == "expected"
        if expected:
            cost += np.floor(self.returns / FINE + 0.5 - EASE)
        cost += self.carriage(limit, expected)
        cost[self.dear > 0] = np.inf
        return cost * float(supply.source.preference)

    def carriage(self, limit, expected):
        """Cheapest freight (plus late cost when expected) of every bundle."""
        np, supply, shape = self.np, self.supply, self.goods.shape
        options = [option for axis in self.axes for way in axis for option in way]
        waits, wait, fits, every = [0.0], None, None, (1 << len(supply.rates)) - 1
        if any(option.late_stock and option.offer.backorder_days for option in options):
            wait = self.combine(np.maximum, 0.0, lambda option: option.offer.backorder_days * option.late_stock)
            waits = np.unique(wait).tolist()
        if any(option.rates != every for option in options):
            fits = self.combine(np.bitwise_and, every, lambda option: option.rates)
        free = None if supply.free_above is None else self.goods * FINE >= supply.free_above
        best = np.full(shape, np.inf)
        for index, rate in enumerate(supply.rates or (None,)):
            amount = np.zeros(shape)
            if rate:
                amount = np.floor(self.by_rate(rate, self.weight, self.volume) / FINE + 0.5 - EASE)
                if rate.free and free is not None:
                    amount[free] = 0.0
                if fits is not None:
                    amount[(fits >> index & 1) == 0] = np.inf
            for days in waits:
                reached, late = supply.mode(index, days)
                here = slice(None) if wait is None else wait == days
                amount[here] += np.inf if reached > limit else late if expected else 0.0
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
            steps = np.ceil((weight - rate.first_weight / KILO) / (rate.step_weight / KILO))
            price = price + rate.step * np.maximum(steps, 0)
        return price + np.zeros(weight.shape)

    def duty(self, goods):
        """Duty of every bundle in steps."""
        np, total = self.np, 0.0
        headings = self.combine(np.bitwise_or, 0, lambda option: option.heading)
        for kind, amount, mask, low, high, on_goods in self.supply.duties:
            value = goods * FINE if on_goods else self.revenue
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
        return self.combine(self.np.add, 0.0, lambda option: float(
            (option.goods * FINE if on_goods else option.revenue) if option.heading & mask else 0))

    def options_at(self, point):
        """The options of one bundle."""
        places = self.np.unravel_index(int(point), self.shape)
        return tuple(option for axis, place in zip(self.axes, places, strict=True) for option in axis[place])


def np_zero(np, width):
    """The table of the empty bundle."""
    return np.zeros((1, width))
