"""The cash of the next thirteen weeks: what is known, what is to be expected, and what if → a balance for each week.

Plain values in, plain values out: no Odoo, no database, no clock. `now` is naive UTC, days are those of the company's
zone, a week begins on Monday and the first one today. An amount is rounded once, when it becomes the company's
currency, half away from zero; parts of it are what is left of it, and every other figure is a sum. Each figure names
the pieces it is made of; what is in no figure is named with its reason.
"""

from .days import Terms, day_in, weeks
from .facts import Account, Cohort, Item, Plan, Recurring, Sales, Scenario, Tax, Wallet
from .forecast import forecast
from .known import rests_of
from .pace import run_rate, season_of
from .results import Figure, Forecast, Left, Low, Opening, Piece, Week
from .taxes import RULES, Due, TaxRule, due_dates, period_of

__all__ = [
    "RULES", "Account", "Cohort", "Due", "Figure", "Forecast", "Item", "Left", "Low", "Opening", "Piece", "Plan",
    "Recurring", "Sales", "Scenario", "Tax", "TaxRule", "Terms", "Wallet", "Week", "day_in", "due_dates", "forecast",
    "period_of", "rests_of", "run_rate", "season_of", "weeks",
]  # fmt: skip
