"""A small linear model and HiGHS behind it. HiGHS and numpy load on first use only."""

import time
from typing import NamedTuple

INF = float("inf")


class Outcome(NamedTuple):
    """`values` is None without a solution; `infeasible` only when that is proven."""

    values: object
    objective: float
    bound: float
    infeasible: bool
    optimal: bool


class Model:
    """Variables and rows; expressions are dicts variable -> coefficient."""

    def __init__(self):
        self.lower, self.upper, self.integer = [], [], []
        self.rows, self.row_lower, self.row_upper = [], [], []

    def variable(self, upper=1.0, integer=True, lower=0.0):
        """Index of a new variable, binary unless told."""
        self.lower.append(lower)
        self.upper.append(upper)
        self.integer.append(integer)
        return len(self.lower) - 1

    def row(self, terms, lower=-INF, upper=INF):
        """Add lower <= terms <= upper."""
        self.rows.append(terms)
        self.row_lower.append(lower)
        self.row_upper.append(upper)

    def cut(self):
        """A mark to come back to with `back`."""
        return len(self.rows), dict(enumerate(self.upper))

    def back(self, mark):
        """Forget rows and bounds added since the mark."""
        count, upper = mark
        del self.rows[count:], self.row_lower[count:], self.row_upper[count:]
        for index, bound in upper.items():
            self.upper[index] = bound

    def minimize(self, objective, deadline, abs_gap):
        """Solve for an expression until the deadline (perf_counter)."""
        import highspy  # noqa: PLC0415  heavy: only when the general method runs
        import numpy as np  # noqa: PLC0415

        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.lower), len(self.rows)
        cost = np.zeros(lp.num_col_)
        for index, factor in objective.items():
            cost[index] = factor
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost, np.array(self.lower), np.array(self.upper)
        lp.row_lower_, lp.row_upper_ = np.array(self.row_lower), np.array(self.row_upper)
        lengths = np.fromiter(map(len, self.rows), dtype=np.int32, count=lp.num_row_)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.concatenate((np.zeros(1, dtype=np.int32), np.cumsum(lengths, dtype=np.int32)))
        lp.a_matrix_.index_ = np.array([index for row in self.rows for index in row], dtype=np.int32)
        lp.a_matrix_.value_ = np.array([factor for row in self.rows for factor in row.values()], dtype=np.float64)
        whole, real = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
        lp.integrality_ = [whole if flag else real for flag in self.integer]
        solver = highspy.Highs()
        for name, value in (
            ("output_flag", False), ("threads", 1), ("parallel", "off"), ("mip_rel_gap", 0.0), ("mip_abs_gap", abs_gap),
            ("mip_feasibility_tolerance", 1e-9), ("primal_feasibility_tolerance", 1e-9),
            ("time_limit", max(deadline - time.perf_counter(), 0.001)),
        ):
            solver.setOptionValue(name, value)
        solver.passModel(lp)
        solver.run()
        known = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible,
                 highspy.HighsModelStatus.kUnboundedOrInfeasible, highspy.HighsModelStatus.kTimeLimit)
        if solver.getModelStatus() not in known:  # numerical trouble in presolve: once more without it
            solver.setOptionValue("presolve", "off")
            solver.clearSolver()
            solver.run()
        return self.outcome(highspy, solver, solver.getModelStatus() in known)

    def outcome(self, highspy, solver, known):
        """Read the solver's answer."""
        status, info = solver.getModelStatus(), solver.getInfo()
        statuses = highspy.HighsModelStatus
        infeasible = status in (statuses.kInfeasible, statuses.kUnboundedOrInfeasible)
        feasible = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        solved = known and not infeasible and feasible
        values = solver.getSolution().col_value if solved else None
        optimal = status == highspy.HighsModelStatus.kOptimal
        bound = info.mip_dual_bound if any(self.integer) else info.objective_function_value
        return Outcome(values, info.objective_function_value, bound, infeasible, optimal)


def add(target, terms, factor=1.0):
    """Add factor × terms to an expression.

    >>> add({1: 2.0}, {1: 1.0, 2: 3.0}, 2.0)
    {1: 4.0, 2: 6.0}
    """
    for index, value in terms.items():
        target[index] = target.get(index, 0.0) + factor * value
    return target
