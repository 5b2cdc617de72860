"""What the shop's packages know of days already."""

try:
    from odoo.addons.dropship_flow.settling.periods import add_months, working
except ImportError:  # the package by itself, without the addons around it
    from settling.periods import add_months, working

__all__ = ["add_months", "working"]
