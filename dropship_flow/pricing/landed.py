"""What one unit of a product costs at a customer's door, from one offer."""

from decimal import Decimal
from typing import NamedTuple

# The goods are only not there today; nothing else stands against the source.
SOFT = frozenset({"no_stock"})


class Landed(NamedTuple):
    """Money per unit of the product, tax excluded, in `currency_id` (the company's).

    `landed` is None where it is not known: no price, no way to the place, no weight. `reasons` say why the router would
    not take the offer for this quantity; the figures are there all the same where they can be.
    """

    offer_id: int
    product_id: int | None  # None: an offer that is not linked yet
    landed: Decimal | None
    goods: Decimal | None
    freight: Decimal | None
    fees: Decimal | None
    duty: Decimal | None
    currency_id: int
    transit_days: float | None  # 8 of 10 parcels arrive within, once they left
    lead_days: float  # until they leave
    buy_qty: Decimal  # units that have to be bought for the quantity asked for
    reasons: tuple = ()  # [code, {figure: value}], as `reasons_text` says them

    @property
    def eligible(self):
        """Whether the router would take it now.

        >>> D = Decimal
        >>> there = Landed(1, 1, D(9), D(5), D(4), D(0), D(0), 1, 3.0, 1.0, D(1))
        >>> there.eligible, there._replace(reasons=(["no_stock", {}],)).eligible
        (True, False)
        """
        return self.landed is not None and not self.reasons

    @property
    def usable(self):
        """The same, whether there is stock or not: prices do not jump because a shelf is empty for a day."""
        return self.landed is not None and all(reason[0] in SOFT for reason in self.reasons)

    def margin_percent(self, net_price):
        """What is left of a net price before selling fees, in percent of it; None without a price or a cost.

        >>> D = Decimal
        >>> Landed(1, 1, D(9), D(5), D(4), D(0), D(0), 1, 3.0, 1.0, D(1)).margin_percent(D(12))
        Decimal('25.00')
        """
        net_price = Decimal(net_price)
        if self.landed is None or net_price <= 0:
            return None
        return (net_price - self.landed) / net_price * 100
