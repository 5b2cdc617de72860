"""An invented day of a web shop: who orders what, how it is paid, what goes wrong. Pure Python, no Odoo."""

from .answers import answer
from .day import Goods, SimOrder, invent_day

__all__ = ["Goods", "SimOrder", "answer", "invent_day"]
