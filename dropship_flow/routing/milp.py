"""The general method: one mixed-integer model of the whole basket, solved by HiGHS stage by stage."""

import itertools
import time

from .columns import price_bundle
from .cost import payment_fee
from .found import Found
from .greedy import greedy
from .highs import Model, add
from .instance import FINE
from .milp_source import SourceModel
from .ranking import figures_of, select


class General:
    """The model of a basket and the way to its best plan."""

    def __init__(self, instance, deadline):
        self.instance, self.policy, self.deadline = instance, instance.policy, deadline
        self.step = instance.problem.money_step
        self.model = Model()
        waterfall = [name for name, _tolerance in self.policy.waterfall] if self.policy.objective == "waterfall" else []
        self.names = [self.policy.objective, *waterfall]
        modes_matter = self.policy.promise_days is not None or bool(
            {"expected", "fastest", "weighted", "days"}.intersection(self.names))
        self.sources = [SourceModel(self.model, instance, supply, modes_matter) for supply in instance.supplies]
        preferred = all(supply.source.preference == 1 for supply in instance.supplies)
        self.abs_gap = 0.4 if preferred else 1e-4
        self.proven, self.bound, self.reached = True, None, None
        self.cover()
        self.days = None
        if modes_matter:
            self.days = self.model.variable(float("inf"), integer=False)
            for source in self.sources:
                self.model.row({self.days: 1.0, **{var: -days for var, days in source.days}}, lower=0.0)

    def cover(self):
        """Every line is served whole or dropped."""
        by_line = {}
        for source in self.sources:
            for option, var in source.options:
                by_line.setdefault(option.line, {})[var] = float(option.qty)
        self.dropped = []
        for index, line in enumerate(self.instance.lines):
            gone = self.model.variable(0.0)
            self.dropped.append(gone)
            qty = float(line.qty)
            terms = {var: amount / qty for var, amount in by_line[index].items()}
            self.model.row({**terms, gone: 1.0}, lower=1.0, upper=1.0)

    def before(self, left, right):
        """Whether the first plan ranks before the second, which may be none."""
        if not right:
            return True
        plans = [(figures_of(columns), columns) for columns in (left, right)]
        ceiling = self.instance.ceiling()
        return select(self.policy, plans, lambda *_plan: ceiling, self.step)[1] is left and not any(
            option for option in self.dropped if self.model.upper[option])

    # --- expressions -----------------------------------------------------------------------------------------------

    def money(self, kind="landed", weighted=True):
        """Landed or expected cost of the plan in steps, by preference when `weighted`."""
        total = {}
        for source in self.sources:
            add(total, getattr(source, kind), float(source.supply.source.preference) if weighted else 1.0)
        return total

    def stages(self):
        """[(expression, tolerance)]: minimized one after the other."""
        policy = self.policy
        if policy.objective == "fastest":
            return [({self.days: 1.0}, 0.0), (self.money(), 0.0)]
        if policy.objective == "weighted":
            total = {var: factor * float(policy.weight_cost) for var, factor in self.money().items()}
            return [(add(total, {self.days: float(policy.weight_day / self.step)}), 0.0)]
        if policy.objective == "waterfall":
            found = [(self.criterion(name), float(tolerance) / 100) for name, tolerance in policy.waterfall]
            return [*found, (self.money(weighted=False), 0.0)]
        return [(self.money(policy.objective), 0.0)]

    def criterion(self, name):
        """A criterion of a waterfall as an expression."""
        if name == "days":
            return {self.days: 1.0}
        if name == "parcels":
            return {source.used: 1.0 for source in self.sources}
        if name in ("score", "preference"):
            worst = self.model.variable(float("inf"), integer=False, lower=-float("inf"))
            for source in self.sources:
                own = source.supply.source
                amount = -own.score if name == "score" else float(own.preference)
                floor = min(-s.supply.source.score if name == "score" else 0.0 for s in self.sources)
                self.model.row({worst: 1.0, source.used: floor - amount}, lower=floor)
            return {worst: 1.0}
        return self.money(name, weighted=False)

    # --- rules of a level ------------------------------------------------------------------------------------------

    def levels(self):
        """Which rules to try to keep, from all of them to none: (structure, guards, one shipment)."""
        policy = self.policy
        structure = policy.max_suppliers or policy.single_shipment == "required"
        guards = policy.promise_days is not None or self.instance.ceiling() is not None or any(
            option.dear for source in self.sources for option, _var in source.options)
        apart = policy.single_shipment == "preferred"
        return list(itertools.product(*([True, False] if rule else [False] for rule in (structure, guards, apart))))

    def keep(self, structure, guards, apart):
        """Add the rows and bounds of a level."""
        policy, model = self.policy, self.model
        if apart or (structure and policy.single_shipment == "required"):
            model.row({source.used: 1.0 for source in self.sources}, upper=1.0)
        if structure and policy.max_suppliers:
            suppliers = {}
            for source in self.sources:
                if source.supply.supplier is not None:
                    flag = suppliers.setdefault(source.supply.supplier, None)
                    if flag is None:
                        flag = suppliers[source.supply.supplier] = model.variable()
                    model.row({flag: 1.0, source.used: -1.0}, lower=0.0)
            model.row(dict.fromkeys(suppliers.values(), 1.0), upper=float(policy.max_suppliers))
        if guards:
            self.keep_guards()

    def keep_guards(self):
        """Maximum price, promise and margin floors as rows."""
        policy, model, problem = self.policy, self.model, self.instance.problem
        for source in self.sources:
            for option, var in source.options:
                if option.dear:
                    model.upper[var] = 0.0
            for var, days in source.days if policy.promise_days is not None else ():
                if days > policy.promise_days + 1e-9:
                    model.upper[var] = 0.0
        revenue = problem.other_revenue + sum(line.revenue for line in self.instance.lines)
        for floor, share in ((policy.margin_floor, 0), (0, policy.margin_floor_percent)):
            if floor is not None and share is not None:
                row = self.money(weighted=False)
                keep = 1 - share / type(self.step)(100)
                for line, var in zip(self.instance.lines, self.dropped, strict=True):
                    add(row, {var: float(line.revenue * keep / self.step)})
                model.row(row, upper=float((revenue * keep - payment_fee(problem) - floor) / self.step) + 1e-6)

    # --- search ----------------------------------------------------------------------------------------------------

    def best(self, rules=None):
        """(columns, rules kept) of the best plan; rules known beforehand save the tries."""
        mark = self.model.cut()
        for tried in [rules] if rules else self.levels():
            self.keep(*tried)
            values = self.descend()
            if values is not None:
                columns = self.columns(values)
                self.proven &= bool(columns) and abs(self.exact(columns) - self.reached) < 0.6
                self.model.back(mark)
                return columns, tried
            self.model.back(mark)
        return (), None

    def descend(self):
        """Minimize stage by stage; values of the last one."""
        values = None
        stages = self.stages()
        for index, (terms, tolerance) in enumerate(stages):
            gap = self.abs_gap if index == len(stages) - 1 or "days" not in self.names else 1e-6
            outcome = self.model.minimize(terms, self.deadline, min(gap, self.abs_gap))
            if outcome.values is None:
                self.proven &= outcome.infeasible and values is None
                if index == len(stages) - 1 and outcome.bound > 0 and not outcome.infeasible:
                    self.bound = outcome.bound
                return values
            self.proven &= outcome.optimal
            values, self.bound, self.reached = outcome.values, outcome.bound, outcome.objective
            if index < len(stages) - 1:
                reached = sum(factor * values[var] for var, factor in terms.items())
                self.model.row(terms, upper=reached + abs(reached) * tolerance + 1e-6)
        return values

    def drop(self):
        """Allow dropping as few lines as possible."""
        for var in self.dropped:
            self.model.upper[var] = 1.0
        outcome = self.model.minimize(dict.fromkeys(self.dropped, 1.0), self.deadline, 0.5)
        if outcome.values is None:
            return False
        self.proven &= outcome.optimal
        fewest = round(sum(outcome.values[var] for var in self.dropped))
        self.model.row(dict.fromkeys(self.dropped, 1.0), upper=float(fewest))
        return fewest < len(self.dropped)

    def columns(self, values):
        """The plan as columns, priced exactly."""
        found = []
        for source in self.sources:
            chosen = [option for option, var in source.options if values[var] > 0.5]
            if chosen:
                modes = [rate for (rate, _wait), var in source.modes.items() if values[var] > 0.5]
                priced = price_bundle(self.instance, source.supply, chosen)
                exact = [column for column in priced if column.rate in modes]
                if not priced:
                    return ()
                found.append((exact or priced)[0])
        return tuple(found)

    def exact(self, columns):
        """What the last stage should have reached by the exact prices; a difference means the solver erred."""
        figures = figures_of(columns)
        cost = figures.objective / FINE
        if self.policy.objective != "weighted":
            return cost
        return float(self.policy.weight_cost) * cost + float(self.policy.weight_day / self.step) * figures.days

    def other_set(self, columns):
        """Forbid the set of sources of a plan."""
        used = {column.supply.index for column in columns}
        terms = {source.used: -1.0 if source.supply.index in used else 1.0 for source in self.sources}
        self.model.row(terms, lower=1.0 - len(used))


def search_general(instance, time_limit, alternative=True):
    """Search by the general method; what it cannot prove in time it says."""
    start = time.perf_counter()
    fallback = greedy(instance)
    general = General(instance, start + time_limit)
    columns, _rules = general.best()
    if not columns and general.proven and general.drop():
        columns, _rules = general.best()
    if fallback and not general.proven and general.before(fallback, columns):
        columns = fallback
    proven, gap = general.proven, gap_of(general, columns)
    other = ()
    if alternative and columns:
        general.deadline = max(general.deadline, time.perf_counter() + time_limit / 2)
        general.other_set(columns)
        other, _rules = general.best()
    covered = {option.line for column in columns for option in column.options}
    ceiling = instance.ceiling(covered) if columns else None
    return Found(columns, other, "milp", proven and instance.exact_splits, gap, ceiling)


def other_general(instance, columns, time_limit):
    """Only the best plan with other sources than those of `columns`."""
    general = General(instance, time.perf_counter() + time_limit)
    general.other_set(columns)
    return general.best()[0]


def gap_of(general, columns):
    """Proven relative distance of the last stage's cost from its bound."""
    if not columns or general.proven:
        return 0.0
    if general.bound is None:
        return 1.0
    reached = sum(column.objective for column in columns) / FINE
    return min(max(0.0, (reached - general.bound) / reached), 1.0) if reached else 0.0

