"""A line through its refunds: what its units are worth, how many are settled, what came back already."""

from fractions import Fraction

from .kinds import PLACES
from .parts import NOTHING, ZERO
from .shared import rounded


class Pool:
    """Rows of refunds go in one after the other, old ones and new ones alike.

    Units that are settled are gone with their value. The others are untouched, or the customer paid less for them:
    `less` in all for the `touched` ones. Values are in the figure the order's prices are meant in.
    """

    def __init__(self, line, worth, order):
        self.line, self.worth, self.included, self.step = line, worth, order.included, order.step
        self.value, self.left = worth.basis(order.included), line.qty
        self.touched = self.less = ZERO
        inside = min(line.delivered, line.qty)
        self.places = {"inside": inside, "outside": line.qty - inside}
        self.credited = NOTHING
        self.spared = ZERO  # settled by our fault

    @property
    def remaining(self):
        """What of the line can still be credited."""
        return self.worth - self.credited

    @property
    def remaining_basis(self):
        return max(self.remaining.basis(self.included), ZERO)

    @property
    def settled(self):
        return self.line.qty - self.left

    def share(self, qty):
        """Units as an exact share of the line."""
        return Fraction(qty) / Fraction(self.line.qty) if self.line.qty else Fraction(0)

    def room(self, kind):
        """How many units can still be settled in this way."""
        return min(self.left, sum(self.places[place] for place in PLACES[kind]))

    def value_of(self, qty):
        """What so many units cost, whatever was taken off them since."""
        return self.value if qty == self.left else rounded(self.value * qty / self.left, self.step)

    def less_of(self, touched):
        """What was taken off so many of the touched units."""
        return self.less if touched == self.touched else rounded(self.less * touched / self.touched, self.step)

    def settling(self, qty):
        """What comes back for units: untouched ones are settled first."""
        less = self.less_of(max(qty - (self.left - self.touched), ZERO))
        return min(max(self.value_of(qty) - less, ZERO), self.remaining_basis)

    def paid_for(self, qty):
        """What the customer paid for units after all that was taken off: touched ones are meant first."""
        return self.value_of(qty) - self.less_of(min(qty, self.touched))

    def cut(self, amount):
        """What remains, cut to so much in the figure prices are meant in."""
        return self.remaining.cut_basis(amount, self.included, self.step)

    def add(self, row):
        if row.done:
            self._settle(row)
        elif self.left:
            self.touched = min(self.touched + (row.qty or self.left), self.left)
            self.less += row.parts.basis(self.included)
        self.credited += row.parts

    def _settle(self, row):
        qty = min(row.qty, self.left)
        if not qty:
            return
        touched = max(qty - (self.left - self.touched), ZERO)
        value, less = self.value_of(qty), self.less_of(touched)
        self.value, self.less = self.value - value, self.less - less
        self.left, self.touched = self.left - qty, self.touched - touched
        if row.ours:
            self.spared += qty
        # Units that were delivered since, after all, are short here; `left` knows of them.
        for place in PLACES[row.kind]:
            taken = min(qty, self.places[place])
            self.places[place] -= taken
            qty -= taken
