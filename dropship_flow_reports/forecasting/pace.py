"""How fast it sells: the average week of the last ones, its days, its seasons, and what if."""

from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from .days import DAY, every_day, month_end
from .money import HUNDRED, more
from .shared import rounded


class Rate(NamedTuple):
    """
    :param Fraction weekly: revenue of a week, seasons taken out
    :param tuple weekdays: the share of each day, Monday first; together 1
    :param int weeks: how many it was taken from
    """

    weekly: Fraction
    weekdays: tuple
    weeks: int

    def on(self, day):
        """Revenue of a day, before seasons and growth."""
        return self.weekly * self.weekdays[day.weekday()]


def run_rate(history, today, weeks=8, season=()):
    """The average of the last whole weeks before this one; of less, where the first sale was later.

    :param dict history: {day: revenue}
    :param tuple season: see Plan
    :return: Rate; None: nothing was sold in a whole week

    >>> from datetime import date
    >>> history = {date(2026, 2, 16): Decimal(100), date(2026, 2, 28): Decimal(300), date(2026, 3, 2): Decimal(9000)}
    >>> rate = run_rate(history, date(2026, 3, 4))
    >>> rate.weekly, rate.weeks, rate.on(date(2026, 3, 9)), rate.on(date(2026, 3, 14))
    (Fraction(200, 1), 2, Fraction(50, 1), Fraction(150, 1))
    """
    monday = today - DAY * today.weekday()
    sold = {day: revenue for day, revenue in history.items() if revenue and day < monday}
    if not sold:
        return None
    weeks = min(weeks, ((monday - min(sold)).days + 6) // 7)
    days = [Fraction(0)] * 7
    for day, revenue in sold.items():
        if day >= monday - 7 * DAY * weeks:
            days[day.weekday()] += Fraction(revenue) / seasonal(day, season)
    total = sum(days)
    return Rate(total / weeks, tuple(one / total for one in days), weeks) if total else None


def seasonal(day, season):
    return Fraction(season[day.month - 1]) / HUNDRED if season else Fraction(1)


def season_of(months):
    """What each month of the year sells, by its days, in percent of the average month.

    :param dict months: {first day of a month: its revenue}; several years are added up
    :return: twelve Decimals, January first; empty where a month is missing or sold nothing

    >>> from datetime import date
    >>> year = {date(2025, month, 1): Decimal(31) for month in range(1, 13)} | {date(2025, 12, 1): Decimal(62)}
    >>> season_of(year)[10:], season_of({date(2025, 1, 1): Decimal(5)})
    ((Decimal('93.65'), Decimal('181.26')), ())
    """
    revenue, days = [Fraction(0)] * 12, [0] * 12
    for first, amount in months.items():
        revenue[first.month - 1] += Fraction(amount)
        days[first.month - 1] += month_end(first).day
    if min(revenue) <= 0:
        return ()
    daily = [one / count for one, count in zip(revenue, days, strict=True)]
    return tuple(rounded(one * 12 * HUNDRED / sum(daily), Decimal("0.01")) for one in daily)


class Pace:
    """What a day sells compared with one like it that has no season: from tomorrow on, under a scenario."""

    def __init__(self, weeks, season, scenario):
        growth = more(scenario.growth)
        self.season = season
        self.factors = [more(scenario.sales) * growth**number for number in range(len(weeks))]
        self.numbers = {day: number for number, week in enumerate(weeks) for day in every_day(*week)}
        self.today = weeks[0][0]
        self.days = list(self.numbers)[1:]

    def on(self, day):
        return self.factors[self.numbers[day]] * seasonal(day, self.season)

    def from_now(self, day):
        """The same for a figure that was taken in the season of today."""
        return self.on(day) / seasonal(self.today, self.season)
