"""What foreign money is worth in the company's."""

from bisect import bisect_right

from .shared import rounded


class Currencies:
    """
    >>> from datetime import date
    >>> from decimal import Decimal as D
    >>> cent = D("0.01")
    >>> money = Currencies("EUR", {"EUR": cent, "USD": cent}, {"USD": {date(2026, 3, 1): D("0.92")}})
    >>> [money.convert(D("10.00"), "USD", day) for day in (date(2026, 2, 28), date(2026, 3, 1), date(2026, 5, 9))]
    [None, Decimal('9.20'), Decimal('9.20')]
    """

    def __init__(self, company, steps, rates=None):
        """
        :param str company: its currency
        :param dict steps: {currency: its smallest amount}; a currency that is not there is not known
        :param dict rates: {currency: {day: what one of it costs in the company's}}
        :raises ValueError: a rate or a step that is none
        """
        self.company, self.steps = company, steps
        self._rates = {currency: sorted(by_day.items()) for currency, by_day in (rates or {}).items()}
        figures = [*steps.values(), *(rate for by_day in self._rates.values() for _day, rate in by_day)]
        if company not in steps or not all(figure.is_finite() and figure > 0 for figure in figures):
            raise ValueError("a currency has a step or a rate that cannot be")

    @property
    def step(self):
        return self.steps[self.company]

    def convert(self, amount, currency, day):
        """In the company's currency, at the last rate up to that day; None: there is none."""
        if currency == self.company:
            return rounded(amount, self.step)
        rates = self._rates.get(currency, [])
        found = bisect_right(rates, day, key=lambda pair: pair[0])
        return rounded(amount * rates[found - 1][1], self.step) if found else None

    def problem(self, currency, day):
        """Why an amount of that day has no value; None: it has one."""
        if currency not in self.steps:
            return "unknown_currency", {"currency": str(currency)[:40]}
        if self.convert(self.step, currency, day) is None:
            return "no_rate", {"currency": currency, "day": day}
        return None
