"""Money on paper: how the rows of an invoice or bill become amounts in two currencies. Plain Python, no Odoo.

Rates are how much of a currency one euro buys, and they move every half month.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

ZERO, ONE = Decimal(0), Decimal(1)
YEAR = 2025
CURRENCIES = ("EUR", "USD", "CNY", "JPY")
PLACES = {"EUR": 2, "USD": 2, "CNY": 2, "JPY": 0}
RATES = {
    "USD": "1.0900 1.0412 1.1377 1.0035 1.0611 1.0873 1.1102 1.0958 1.0429 1.0716",
    "CNY": "7.8123 7.5031 8.2210 7.7777 7.6402 7.9091 8.0313 7.7129 7.5866 7.8451",
    "JPY": "163.21 158.04 171.90 149.55 155.37 160.83 166.12 152.48 157.91 161.66",
}


def month_end(day):
    """
    >>> month_end(date(2025, 2, 3))
    datetime.date(2025, 2, 28)
    """
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def rate_days():
    """The days from which the rates of `RATES` count.

    >>> [str(day) for day in rate_days()][:3]
    ['2025-01-01', '2025-01-15', '2025-02-01']
    """
    return [date(YEAR, month, day) for month in range(1, 6) for day in (1, 15)]


def rate(currency, day):
    """
    >>> rate("EUR", date(2025, 1, 3)), rate("USD", date(2025, 1, 20))
    (Decimal('1'), Decimal('1.0412'))
    """
    if currency == "EUR":
        return ONE
    return Decimal(RATES[currency].split()[(day.month - 1) * 2 + (day.day >= 15)])


def rounded(amount, currency="EUR"):
    """Halves go away from nothing. Takes fractions: what is exact is rounded once.

    >>> rounded(Decimal("-1.005")), rounded(Decimal("1.5"), "JPY"), rounded(Fraction(200, 3))
    (Decimal('-1.01'), Decimal('2'), Decimal('66.67'))
    """
    cents = int(abs(Fraction(amount)) * 10 ** PLACES[currency] + Fraction(1, 2))
    return Decimal(cents if amount >= 0 else -cents).scaleb(-PLACES[currency])


def divided(amount, weights):
    """Shares of an amount that are the amount together: differences of running sums, each rounded.

    >>> divided(Decimal("-10.00"), [1, 1, 1])
    [Decimal('-3.33'), Decimal('-3.34'), Decimal('-3.33')]
    >>> divided(Decimal("1.00"), [0, 0])
    [Decimal('0.50'), Decimal('0.50')]
    """
    weights = [Fraction(weight) for weight in (weights if sum(weights) else [ONE] * len(weights))]
    whole, upto, shares = sum(weights), Fraction(0), []
    for weight in weights:
        below, upto = upto, upto + weight
        shares.append(rounded(Fraction(amount) * upto / whole) - rounded(Fraction(amount) * below / whole))
    return shares


@dataclass(frozen=True)
class Row:
    """Something on an invoice or bill. `tax` in percent, on top of the price or inside it."""

    quantity: Decimal
    price: Decimal
    tax: Decimal = ZERO
    inside: bool = False
    discount: Decimal = ZERO

    def exact(self):
        """(without tax, tax), not rounded."""
        amount = Fraction(self.quantity * self.price * (100 - self.discount)) / 100
        tax = Fraction(self.tax)
        if self.inside:
            return amount * 100 / (100 + tax), amount * tax / (100 + tax)
        return amount, amount * tax / 100


@dataclass(frozen=True)
class Amounts:
    """What a paper is worth: without tax row by row, and with tax in all."""

    nets: tuple
    total: Decimal


def amounts(rows, currency, divisor=ONE):
    """The rows in a currency: taxes are rounded in sum, each rate for itself; so is what is without tax.

    Prices with their tax inside stay what was said: there the rest without tax gives way. What rounding leaves over
    goes to the greatest rows.

    >>> amounts([Row(ONE, Decimal("21.53"), Decimal(21), True)] * 2, "EUR")
    Amounts(nets=(Decimal('17.80'), Decimal('17.79')), total=Decimal('43.06'))
    >>> amounts([Row(Decimal("12.12"), Decimal("12.12"), Decimal(23))] * 2, "EUR").nets
    (Decimal('146.90'), Decimal('146.89'))
    """
    divisor = Fraction(divisor)
    exact = [(net / divisor, tax / divisor) for net, tax in (row.exact() for row in rows)]
    taxes = {}
    for row, (_net, tax) in zip(rows, exact, strict=True):
        if row.tax:
            taxes[row.tax, row.inside] = taxes.get((row.tax, row.inside), 0) + tax
    taxed = sum((rounded(tax, currency) for tax in taxes.values()), ZERO)
    net = sum(net for net, _tax in exact)
    if all(row.inside or not row.tax for row in rows):
        whole = rounded(net + sum(taxes.values()), currency) - taxed
        sizes = [sum(both) for both in exact]
    else:
        whole = rounded(net, currency)
        sizes = [one for one, _tax in exact]
    nets = [rounded(one, currency) for one, _tax in exact]
    for place, more in spread(whole - sum(nets, ZERO), sizes, currency):
        nets[place] += more
    return Amounts(tuple(nets), whole + taxed)


def spread(rest, sizes, currency):
    """[(place, amount)]: cents left over, shared by size, the greatest first."""
    cent = ONE.scaleb(-PLACES[currency])
    count = left = int(abs(rest) / cent)
    whole = sum(map(abs, sizes))
    order = sorted(range(len(sizes)), key=lambda place: (-abs(sizes[place]), place))
    told = []
    for place in order:
        part = min(round(abs(sizes[place]) / whole * count), left) if whole else 0
        left -= part
        told.append([place, part])
    for one in told[:left]:
        one[1] += 1
    return [(place, part * cent.copy_sign(rest)) for place, part in told if part]
