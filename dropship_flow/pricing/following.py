"""Whether another price means other duties, so that the cost has to be looked at again."""

from decimal import Decimal
from typing import NamedTuple


class Following(NamedTuple):
    """Duties that hang on what the customer pays."""

    percent: bool  # every cent counts
    limits: tuple  # ((from value, up to value or None), …) inclusive, company currency

    def differ(self, old, new, pieces):
        """Whether the duties of a product may be others at another net price.

        :param pieces: some source sends no single piece, so that the value is a multiple of the price

        >>> Following(False, ((Decimal(0), Decimal(150)),)).differ(Decimal(20), Decimal(90), False)
        False
        """
        if self.percent or pieces:
            return abs(new - old) > Decimal("0.004")
        return any((low <= old and (high is None or old <= high)) != (low <= new and (high is None or new <= high))
                   for low, high in self.limits)  # fmt: skip
