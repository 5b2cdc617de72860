"""Decides which orders wait before money is spent. Facts in, verdicts with reason codes out; knows nothing of Odoo."""

from .decide import covered, judge
from .facts import Block, Copy, OrderFacts, Payment, Rule, Signal, Verdict

__all__ = ["Block", "Copy", "OrderFacts", "Payment", "Rule", "Signal", "Verdict", "covered", "judge"]
