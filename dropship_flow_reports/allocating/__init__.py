"""Costs that no document of an order shows, brought to orders, products, channels, countries and days, to the cent.

Plain values in, plain values out: no Odoo, no database, no clock. Money and quantities are `Decimal`, days those of the
company, moments naive UTC. What comes out are shares. Whatever was to be brought somewhere is the sum of its shares;
one that found nobody says why. What is wrong is a code with its figures, the rest goes on without it.
"""

from .ads import Change, Row, Spend, Taken, allocate_ads, allocate_of_ads, take
from .allocate import allocate
from .bearers import BY
from .currencies import Currencies
from .facts import Line, Order, Parcel, Result, Share, difference, totals
from .periods import Due, owed
from .rules import Rule, check
from .zone import Zone

__all__ = [
    "BY", "Change", "Currencies", "Due", "Line", "Order", "Parcel", "Result", "Row", "Rule", "Share", "Spend", "Taken",
    "Zone", "allocate", "allocate_ads", "allocate_of_ads", "check", "difference", "owed", "take", "totals",
]  # fmt: skip
