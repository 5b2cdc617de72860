from dataclasses import dataclass, replace
from datetime import date

from odoo import fields

STATES = [
    ("in_stock", "In stock"),
    ("few", "Only a few left"),
    ("later", "Ships in some days"),
    ("closed", "Closed for a while"),
    ("none", "Not available"),
]


@dataclass(frozen=True, slots=True)
class Stock:
    """What can be promised of a product.

    :param ship_days: calendar days until it leaves, as of today
    :param ready_on: the day goods come in again, when nothing leaves before
    :param closed_until: the last day on which nothing leaves
    """

    quantity: float
    unlimited: bool
    state: str
    ship_days: int = 0
    ready_on: date | None = None
    closed_until: date | None = None

    @property
    def orderable(self):
        """Whether one may be ordered now."""
        return self.unlimited or self.quantity > 0

    def plain(self):
        """The same as JSON can hold it; see `of`."""
        return [self.quantity, self.unlimited, self.state, self.ship_days] + [
            day and fields.Date.to_string(day) for day in (self.ready_on, self.closed_until)
        ]

    @classmethod
    def of(cls, plain):
        return cls(*plain[:4], *(fields.Date.to_date(day) for day in plain[4:]))

    def less(self, units, percent):
        """The same with so much kept back."""
        kept = max(units or 0.0, self.quantity * (percent or 0.0) / 100)
        if self.unlimited or not kept or not self.quantity:
            return self
        left = max(self.quantity - kept, 0.0)
        return replace(self, quantity=left, state=self.state if left else "none")
