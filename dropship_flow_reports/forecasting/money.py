"""The one rounding: when an amount becomes the company's currency."""

from decimal import Decimal
from fractions import Fraction

from .shared import rounded

ZERO = Decimal(0)
HUNDRED = 100


def more(percent):
    """A change in percent as a factor.

    >>> more(Decimal("12.5")), more(Decimal(-100))
    (Fraction(9, 8), Fraction(0, 1))
    """
    return 1 + Fraction(percent) / HUNDRED


class Rates:
    """Amounts in the company's currency.

    >>> rates = Rates("EUR", Decimal("0.01"), {"USD": Decimal("0.915")})
    >>> rates.worth(Decimal("10.55"), "USD"), rates.worth(Fraction(1, 3), "EUR"), rates.worth(1, "")
    (Decimal('9.65'), Decimal('0.33'), Decimal('1.00'))
    >>> "CNY" in rates
    False
    """

    def __init__(self, currency, step, rates):
        """
        :param rates: {currency: worth of one of it}; the company's own need not be there
        """
        self.step = step
        self.rates = {name: rate for name, rate in rates.items() if _usable(rate)}
        self.rates |= {currency: Decimal(1), "": Decimal(1)}

    def __contains__(self, currency):
        return currency in self.rates

    def worth(self, amount, currency):
        """
        :param amount: Decimal or Fraction, of one document or of one day's share
        """
        return rounded(Fraction(amount) * Fraction(self.rates[currency]), self.step)


def _usable(rate):
    return isinstance(rate, Decimal) and rate.is_finite() and rate > 0
