"""What other packages know of days and money already."""

try:
    from odoo.addons.dropship_flow.answers.money import number_problem, rounded, share_money
    from odoo.addons.dropship_flow.settling.periods import last_end

    from ..verdict.rows import excluded_by
    from ..verdict.windows import ENDLESS, Clock, Deadline, Window
except ImportError:  # the package by itself, without the addons around it
    from answers.money import number_problem, rounded, share_money
    from settling.periods import last_end
    from verdict.rows import excluded_by
    from verdict.windows import ENDLESS, Clock, Deadline, Window

__all__ = [
    "ENDLESS", "Clock", "Deadline", "Window", "excluded_by", "last_end", "number_problem", "rounded", "share_money",
]  # fmt: skip
