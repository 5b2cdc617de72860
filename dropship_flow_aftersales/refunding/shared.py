"""What the sales floor's packages know of money already."""

try:
    from odoo.addons.dropship_flow.answers.money import number_problem, rounded, share_money
    from odoo.addons.dropship_flow.remedy.money import refundable, spread
except ImportError:  # the package by itself, without the addons around it
    from answers.money import number_problem, rounded, share_money
    from remedy.money import refundable, spread

__all__ = ["number_problem", "refundable", "rounded", "share_money", "spread"]
