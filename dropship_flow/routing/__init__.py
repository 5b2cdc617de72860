"""Pure routing engine: numbers in, a proven plan for the whole basket out."""

from .cost import Infeasible, price
from .explain import compare_plans, explain
from .model import (
    Candidate,
    Duty,
    Line,
    Offer,
    Parcel,
    Piece,
    Plan,
    Policy,
    Problem,
    Rate,
    Reason,
    Solution,
    Source,
    Terms,
    Tier,
)
from .reasons import REASONS, render
from .solve import solve

__all__ = [
    "REASONS", "Candidate", "Duty", "Infeasible", "Line", "Offer", "Parcel", "Piece", "Plan", "Policy", "Problem",
    "Rate", "Reason", "Solution", "Source", "Terms", "Tier", "compare_plans", "explain", "price", "render", "solve",
]
