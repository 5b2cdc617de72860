"""One source in the general model: purchase, freight, fees, duty and delay as linear expressions in currency steps."""

from .highs import add
from .instance import FINE, KILO

TINY = 1e-3  # half a step rounds up; far above the tolerance of the solver


class SourceModel:
    """Variables of one source. `landed` and `expected` are its cost expressions."""

    def __init__(self, model, instance, supply, modes_matter):
        self.model, self.instance, self.supply = model, instance, supply
        self.used = model.variable()
        self.options = [(option, model.variable()) for options in supply.options.values() for option in options]
        self.late_cost = {}
        self.days = []  # (mode variable, days)
        self.modes = {}  # (rate, wait) -> variable
        self.link()
        self.shelves()
        self.add_modes(modes_matter)
        goods = self.total("goods")
        self.landed = dict(goods)
        add(self.landed, self.fees(goods))
        add(self.landed, self.freight(goods))
        if supply.duties:
            add(self.landed, self.duty(goods))
        self.expected = add(dict(self.landed), self.late_cost)
        returns = {var: option.returns / FINE for option, var in self.options if option.returns}
        if modes_matter and returns:
            add(self.expected, self.rounded(returns))

    def total(self, name, factor=1.0):
        """Sum of a figure over what is bought."""
        return {var: getattr(option, name) * factor for option, var in self.options if getattr(option, name)}

    def most(self, terms):
        """Upper limit of a sum of options: the largest of every line, or all when lines may be split."""
        best = {}
        for option, var in self.options:
            key = (option.line, option.offer.key) if self.instance.splits else option.line
            best[key] = max(best.get(key, 0.0), terms.get(var, 0.0))
        return sum(best.values())

    def rounded(self, terms):
        """The expression rounded half up to whole steps where its coefficients are not whole already."""
        if all(self.model.integer[var] and abs(value - round(value)) < 1e-9 for var, value in terms.items()):
            return terms
        whole = self.model.variable(float("inf"))
        self.model.row(add({whole: 1.0}, terms, -1.0), lower=-0.5 + TINY)
        return {whole: 1.0}

    def link(self):
        """Options only from a used source, and a used source delivers something."""
        groups = {}
        for option, var in self.options:
            key = (option.line, option.offer.key) if self.instance.splits else option.line
            groups.setdefault(key, []).append(var)
        for group in groups.values():
            self.model.row({**dict.fromkeys(group, 1.0), self.used: -1.0}, upper=0.0)
        self.model.row({self.used: 1.0, **{var: -1.0 for _option, var in self.options}}, upper=0.0)

    def shelves(self):
        """Lines that draw on one shelf share it; `short` are the shelves that wait for a backorder."""
        self.short = []  # (variable, days)
        self.waits = {0.0}
        shared = {}
        for option, var in self.options:
            if option.offer.key in self.instance.shared:
                shared.setdefault(option.offer.key, []).append((option, var))
            elif option.late_stock:
                self.short.append((var, option.offer.backorder_days))
        for key, rows in shared.items():
            offer = self.instance.offers[key]
            terms = {var: option.units / FINE for option, var in rows}
            if offer.backorder:
                short = self.model.variable()
                terms[short] = -self.most(terms)
                self.short.append((short, offer.backorder_days))
            self.model.row(terms, upper=float(offer.stock))
        self.waits |= {days for _var, days in self.short}

    def add_modes(self, matter):
        """One rate and one wait per used source."""
        supply = self.supply
        waits = sorted(self.waits) if matter else [0.0]
        rates = range(len(supply.rates)) if supply.rates else (None,)
        single = len(waits) * len(rates) == 1
        for rate in rates:
            for wait in waits:
                var = self.used if single else self.model.variable()
                self.modes[rate, wait] = var
                days, late = supply.mode(rate or 0, wait)
                self.days.append((var, days))
                if late and matter:
                    self.late_cost[var] = float(late)
        if single:
            return
        self.model.row({**dict.fromkeys(self.modes.values(), 1.0), self.used: -1.0}, lower=0.0, upper=0.0)
        for var, days in self.short if matter else ():
            allowed = {mode: -1.0 for (_rate, wait), mode in self.modes.items() if wait >= days}
            self.model.row({var: 1.0, **allowed}, upper=0.0)
        for option, var in self.options:
            allowed = {mode: -1.0 for (rate, _wait), mode in self.modes.items()
                       if rate is None or option.rates >> rate & 1}
            if len(allowed) < len(self.modes):
                self.model.row({var: 1.0, **allowed}, upper=0.0)

    def rate_used(self, rate):
        """Expression that is 1 when the rate carries the shipment."""
        return {var: 1.0 for (key, _wait), var in self.modes.items() if key == rate}

    def fees(self, goods):
        """Fees per order and line, and the minimum."""
        supply, model = self.supply, self.model
        terms = {self.used: supply.per_order / FINE} if supply.per_order else {}
        if supply.per_line:
            add(terms, {var: supply.per_line / FINE for _option, var in self.options})
        if not (supply.refuses or supply.small_fee):
            return self.rounded(terms)
        below = None if supply.refuses else model.variable()
        units = self.total("units", 1 / FINE)
        for amount, minimum in ((goods, supply.minimum / FINE), (units, supply.min_units / FINE)):
            if minimum:
                row = add(dict(amount), {self.used: -minimum})
                model.row(row if below is None else add(row, {below: minimum}), lower=-1e-7)
        if below is not None and (supply.minimum or supply.min_units):
            add(terms, {below: supply.small_fee / FINE})
        return self.rounded(terms)

    def freight(self, goods):
        """Freight by the rate used, nothing above the supplier's threshold."""
        supply, model, free = self.supply, self.model, None
        if not supply.rates:
            return {}
        threshold = None if supply.free_above is None else supply.free_above / FINE
        if threshold is not None and self.most(goods) >= threshold and any(rate.free for rate in supply.rates):
            free = model.variable()
            model.row({free: 1.0, self.used: -1.0}, upper=0.0)
            model.row(add(dict(goods), {free: -threshold}), lower=-1e-7)
        paid = {}
        for index, rate in enumerate(supply.rates):
            terms, most = self.rate_price(index, rate)
            if free is not None and rate.free:
                whole = not any(factor % 1 for factor in terms.values())
                amount = model.variable(float("inf"), integer=not whole)
                model.row(add({amount: 1.0, free: most}, terms, -1.0), lower=0.0 if whole else TINY - 0.5)
                paid[amount] = 1.0
            else:
                add(paid, self.rounded(terms))
        return paid

    def rate_price(self, index, rate):
        """(expression, upper limit) of a rate: first weight, steps, full parcels."""
        model, used = self.model, self.rate_used(index)
        loads = [self.total("weight", 1 / KILO)]
        if rate.divisor:
            loads.append(self.total("volume", FINE / rate.divisor / KILO))
        most = max(self.most(load) for load in loads)
        terms = dict.fromkeys(used, rate.first / FINE)
        top = max(rate.price(int(most * KILO) + 1, 0), rate.first) / FINE + 1
        first, step, limit = rate.first_weight / KILO, rate.step_weight / KILO, rate.limit / KILO
        alone = len(self.supply.rates) == 1
        full = steps = None
        if limit and most > limit:
            full = model.variable(float("inf"))
            terms[full] = rate.full / FINE
            for load in loads:
                row = add(add({full: limit}, load, -1.0), used, limit if alone else limit - most)
                model.row(row, lower=-1e-7 if alone else -most - 1e-7)
            top += rate.full / FINE
        if step and rate.step and most > first and not (limit and limit <= first):
            steps = model.variable(float("inf"))
            terms[steps] = rate.step / FINE
            for load in loads:
                row = add({steps: step}, load, -1.0)
                if full is not None:
                    row[full] = limit
                add(row, used, first if alone else first - most)
                model.row(row, lower=-1e-7 if alone else -most - 1e-7)
        return terms, top

    def duty(self, goods):
        """All import charges of the consignment, rounded once."""
        terms = {}
        for kind, amount, mask, low, high, on_goods in self.supply.duties:
            value = goods if on_goods else self.total("revenue", 1 / FINE)
            hit = {var for option, var in self.options if option.heading & mask}
            if hit:
                charge = self.charge(kind, amount, mask, value, hit)
                high = None if high is None else high / FINE
                exempt = self.exempt(value, low / FINE, high, 0.5 if on_goods else 0.01)
                add(terms, self.unless(charge, exempt))
        return self.rounded(terms)

    def charge(self, kind, amount, mask, value, hit):
        """What a rule takes when it applies."""
        if kind == "percent":
            return {var: factor * amount / FINE / 100 for var, factor in value.items() if var in hit}
        groups = {}
        for option, var in self.options:
            if var in hit:
                groups.setdefault(option.heading if kind == "heading" else 0, []).append(var)
        terms = {}
        for group in groups.values():
            if len(group) == len(self.options):
                flag = self.used
            else:
                flag = self.model.variable()
                for var in group:
                    self.model.row({flag: 1.0, var: -1.0}, lower=0.0)
            add(terms, {flag: amount / FINE})
        return terms

    def exempt(self, value, low, high, least):
        """Variables that are 1 when the consignment's value is outside the limits."""
        model, found, most = self.model, [], self.most(value)
        if low > 0:
            below = model.variable()
            model.row(add(dict(value), {below: most}), upper=most + low - least)
            found.append(below)
        if high is not None and most > high:
            above = model.variable()
            model.row(add(dict(value), {above: -(high + least)}), lower=0.0)
            found.append(above)
        if found:
            model.row({**dict.fromkeys(found, 1.0), self.used: -1.0}, upper=0.0)
        return found

    def unless(self, charge, exempt):
        """The charge, or nothing when exempt."""
        if not exempt:
            return charge
        most = self.most(charge) + sum(factor for var, factor in charge.items() if not self.is_option(var))
        amount = self.model.variable(float("inf"), integer=False)
        self.model.row(add({amount: 1.0, **dict.fromkeys(exempt, most)}, charge, -1.0), lower=0.0)
        return {amount: 1.0}

    def is_option(self, index):
        """Whether a variable is one of the purchase options."""
        return any(index == var for _option, var in self.options)
