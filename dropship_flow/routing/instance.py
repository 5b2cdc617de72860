"""A basket in integers: what both search methods read. Money counts millionths of the currency step, or whole steps
once rounded; weights count millionths of a gram."""

from dataclasses import dataclass

from .cost import is_dutiable, payment_fee, unit_fits, usable_rates
from .eligibility import eligibility, is_fine, levels
from .lateness import late_probability, quantile_of, rate_days
from .model import ZERO, Reason
from .rounding import buy_quantity, scaled, stable, unit_price

FINE = 10**6
HALF = FINE // 2
KILO = 10**9


@dataclass(slots=True)
class Option:
    """A quantity of one line bought from one offer."""

    line: int
    offer: object
    qty: object
    goods: int  # steps
    units: int  # millionths of a unit bought
    weight: int
    volume: int
    revenue: int  # millionths of a step
    returns: int
    late_stock: bool  # alone already more than the shelf holds
    dear: bool  # above the maximum buying price
    rates: int  # bit mask of the rates that take a single unit
    heading: int  # bit of the tariff heading
    whole: bool


class Freight:
    """One rate in integers."""

    __slots__ = ("days", "divisor", "first", "first_weight", "free", "full", "key", "limit", "step", "step_weight")

    def __init__(self, rate, money):
        self.key = rate.key
        self.first = scaled(rate.first_price + rate.surcharge, money)
        self.first_weight = scaled(rate.first_weight, KILO)
        self.step = scaled(rate.step_price, money)
        self.step_weight = scaled(rate.step_weight, KILO)
        self.divisor = scaled(rate.volumetric_divisor, FINE)
        self.limit = scaled(rate.max_weight, KILO)
        self.free = rate.free_above_allowed
        self.days = rate_days(rate)
        self.full = self.one(self.limit)

    def one(self, weight):
        """Price of one parcel."""
        if weight > self.first_weight and self.step_weight:
            return self.first - (self.first_weight - weight) // self.step_weight * self.step
        return self.first

    def price(self, weight, volume):
        """Price of the shipment, split by the parcel limit."""
        if self.divisor:
            weight = max(weight, -(-volume * FINE // self.divisor))
        if self.limit and weight > self.limit:
            full = -(-weight // self.limit) - 1
            return full * self.full + self.one(weight - full * self.limit)
        return self.one(weight)


class Supply:
    """One source with the options it offers and its terms in integers."""

    def __init__(self, problem, source, money, index, headings):
        policy, terms = problem.policy, source.terms
        self.source, self.key, self.index = source, source.key, index
        self.options = {}  # line index -> [Option]
        usable = usable_rates(problem, source)
        self.raw_rates = usable
        self.rates = [Freight(rate, money) for rate in usable]
        self.supplier = None if source.own_stock else ("source", source.key)
        if source.supplier is not None and not source.own_stock:
            self.supplier = ("supplier", source.supplier)
        self.per_order, self.per_line = scaled(terms.fee_per_order, money), scaled(terms.fee_per_line, money)
        self.small_fee = scaled(terms.small_order_fee, money) if terms.below_minimum == "fee" else 0
        self.refuses = terms.below_minimum == "refuse"
        self.minimum, self.min_units = scaled(terms.order_minimum, money), scaled(terms.minimum_units, FINE)
        self.free_above = None if terms.free_freight_above is None else scaled(terms.free_freight_above, money)
        self.preference = scaled(source.preference, FINE)
        self.duties = ()
        if problem.duties and is_dutiable(problem, source):
            self.duties = [compile_duty(rule, money, headings) for rule in problem.duties
                           if not rule.ship_from or source.country in rule.ship_from]
        self.quantile, self.handling = quantile_of(policy), source.handling_days
        self.promise, self.penalty = policy.promise_days, scaled(policy.late_penalty, money)
        self.modes = {}

    def mode(self, rate, backorder):
        """(days by the promise quantile, late cost in steps) of a rate after waiting for backorders."""
        found = self.modes.get((rate, backorder))
        if found is None:
            days = self.rates[rate].days if self.rates else (0.0, 0.0, 0.0)
            shift = self.handling + backorder
            late = round(late_probability(days, shift, self.promise) * FINE)
            found = shift + days[self.quantile], (late * self.penalty + FINE * HALF) // (FINE * FINE)
            self.modes[rate, backorder] = found
        return found


def compile_duty(rule, money, headings):
    """(kind, amount, mask of matching headings, min, max, basis) in integers."""
    mask = 0
    for heading, bit in headings.items():
        if heading.startswith(rule.heading_prefix):
            mask |= bit
    amount = scaled(rule.amount, FINE if rule.kind == "percent" else money)
    most = None if rule.max_value is None else scaled(rule.max_value, money)
    return rule.kind, amount, mask, scaled(rule.min_value, money), most, rule.basis == "goods"


class Instance:
    """The compiled basket: lines in a stable order, sources with their options, and the reasons found on the way."""

    def __init__(self, problem, only=None):
        self.problem, self.policy = problem, problem.policy
        self.money = FINE / problem.money_step
        self.reasons = eligibility(problem)
        for pair in self.reasons if only else ():
            if pair[0] in only and pair[1] != only[pair[0]]:
                self.reasons[pair] += (Reason("not_asked"),)
        self.offers = {offer.key: offer for offer in stable(problem.offers, lambda offer: offer.key)}
        by_product = {}
        for offer in self.offers.values():
            by_product.setdefault(offer.product, []).append(offer)
        lines = stable(problem.lines, lambda line: line.key)
        self.missing = [
            line.key for line in problem.lines
            if all(self.reasons[line.key, offer.key] for offer in by_product.get(line.product, ()))
        ]
        gone = set(self.missing)
        self.lines = [line for line in lines if line.key not in gone]
        self.headings = {}
        for line in self.lines:
            self.headings.setdefault(line.heading, 1 << len(self.headings))
        self.supplies = []
        self.by_key = {}
        for source in stable(problem.sources, lambda source: source.key):
            supply = Supply(problem, source, self.money, len(self.supplies), self.headings)
            self.supplies.append(supply)
            self.by_key[source.key] = supply
        self.add_options(by_product)
        self.supplies = [supply for supply in self.supplies if supply.options]
        for index, supply in enumerate(self.supplies):
            supply.index = index
        self.splits = self.policy.split_lines and any(
            not option.whole for supply in self.supplies for options in supply.options.values() for option in options)
        self.full = (1 << len(self.lines)) - 1
        self.exact_splits = not self.policy.split_lines or all(is_fine(line) for line in self.lines)

    def add_options(self, by_product):
        """Compile every eligible line × offer."""
        seen, self.units = {}, {}  # unit price by (line index, offer key)
        self.shared = set()  # offers whose shelf several lines draw on
        for index, line in enumerate(self.lines):
            weight = scaled(line.weight, KILO) if line.weight else 0
            volume, revenue = scaled(line.volume, KILO), scaled(line.revenue, self.money)
            for offer in by_product[line.product]:
                if self.reasons[line.key, offer.key]:
                    continue
                if offer.stock is not None and seen.setdefault(offer.key, index) != index:
                    self.shared.add(offer.key)
                supply = self.by_key[offer.source]
                fits = self.fitting(supply, line)
                options = supply.options.setdefault(index, [])
                for qty in (line.qty,) if not self.policy.split_lines else levels(self.policy, line, offer):
                    options.append(self.option(index, line, offer, qty, weight, volume, revenue, fits))

    def fitting(self, supply, line):
        """Bit mask of the rates that take one unit of the line."""
        mask = 0
        for bit, rate in enumerate(supply.raw_rates):
            if not rate.max_weight or unit_fits(rate, line):
                mask |= 1 << bit
        return mask

    def option(self, index, line, offer, qty, weight, volume, revenue, fits):
        """One quantity of a line from an offer."""
        buy = buy_quantity(offer, qty) if offer.moq or offer.pack else qty
        unit = unit_price(offer.tiers, buy)
        whole = qty == line.qty
        self.units[index, offer.key] = unit
        return Option(
            index, offer, qty, (int((unit * buy * self.money).to_integral_value()) + HALF) // FINE,
            scaled(buy, FINE), int(weight * buy), int(volume * buy),
            revenue if whole else scaled(line.revenue * qty / line.qty, self.money),
            scaled(offer.return_cost * qty, self.money) if offer.return_cost else 0,
            offer.stock is not None and buy > offer.stock,
            offer.max_price is not None and unit > offer.max_price, fits, self.headings[line.heading], whole,
        )

    def ceiling(self, lines=None):
        """Highest landed cost in steps that keeps the margin floors, None without floors."""
        policy, floors = self.policy, []
        revenue = self.problem.other_revenue + sum(
            (line.revenue for index, line in enumerate(self.lines) if lines is None or index in lines), ZERO)
        if policy.margin_floor is not None:
            floors.append(policy.margin_floor)
        if policy.margin_floor_percent is not None:
            floors.append(revenue * policy.margin_floor_percent / 100)
        if not floors:
            return None
        return scaled(revenue - payment_fee(self.problem) - max(floors), self.money) / FINE
