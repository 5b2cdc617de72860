"""What the shop's packages know of money and days already."""

try:
    from odoo.addons.dropship_flow.answers.money import number_problem, rounded
    from odoo.addons.dropship_flow.settling.periods import add_months, rests, working
except ImportError:  # the package by itself, without the addons around it
    from answers.money import number_problem, rounded
    from settling.periods import add_months, rests, working

__all__ = ["add_months", "number_problem", "rests", "rounded", "working"]
