"""When tax is due: which period a document falls in, and the day on which that period is paid."""

from datetime import date
from itertools import groupby
from typing import NamedTuple

from .days import DAY, every_day, month_end
from .shared import add_months, rests, working

LAST = 31


class TaxRule(NamedTuple):
    """
    :param int months: length of a period: 1, 3, 12
    :param int day: of the month in which it is due; where a month is shorter, its last one
    :param int after: so many months after the period's last
    :param int workday: a day nobody works gives way to the next working day (1) or to the one before (-1), or stays (0)
    :param int start: a month (1 to 12) in which a period begins
    :param tuple other: (month, day), …: what is due in that month is due on that day of it
    :param int rest: so many days in a row, or more, that nobody works between the first of the month and the due day
        put it off by as many working days; 0: they do not
    """

    key: str
    months: int = 1
    day: int = 10
    after: int = 1
    workday: int = 1
    start: int = 1
    other: tuple = ()
    rest: int = 0


# Value added tax, as read in docs/tax_dates.md; a shop may have rows of its own.
RULES = {
    rule.key: rule
    for rule in (
        # § 18 (1) UStG, one month more by §§ 46 to 48 UStDV; moved by § 108 (3) AO.
        TaxRule("de_month", 1, 10),
        TaxRule("de_quarter", 3, 10),
        TaxRule("de_month_extended", 1, 10, after=2),
        TaxRule("de_quarter_extended", 3, 10, after=2),
        # Article 369f of Directive 2006/112/EC; imports: § 18k (4) UStG. The last day stays, worked or not: §§ 18j and
        # 18k UStG do not refer to § 108 AO, § 110zc (2) of the Czech act says so.
        TaxRule("oss", 3, LAST, workday=0),
        TaxRule("ioss", 1, LAST, workday=0),
        # 税收征收管理法实施细则 (rules on tax collection), article 109; the office announces the days of each year.
        TaxRule("cn_month", 1, 15, rest=3),
        TaxRule("cn_quarter", 3, 15, rest=3),
        # § 21 (1) UStG 1994; moved by § 210 (3) BAO, Good Friday and 24 December too.
        TaxRule("at_month", 1, 15, after=2),
        TaxRule("at_quarter", 3, 15, after=2),
        # Circulars 2025/C/6 and 2025/C/62. Quarters give way until further notice only.
        TaxRule("be_month", 1, 20),
        TaxRule("be_quarter", 3, 25),
        # § 101 of act 235/2004; moved by § 33 (4) of the tax code (daňový řád).
        TaxRule("cz_month", 1, 25),
        TaxRule("cz_quarter", 3, 25),
        # Form 303 of the Agencia Tributaria: longer for the last quarter.
        TaxRule("es_month", 1, 30),
        TaxRule("es_quarter", 3, 20, other=((1, 30),)),
        # Vero, the tax office: taxes on one's own initiative.
        TaxRule("fi_month", 1, 12, after=2),
        TaxRule("fi_quarter", 3, 12, after=2),
        # VAT Regulations 1995, regulation 40, and HMRC: one month and seven days. Money has to be there the working day
        # before. Quarters end in March, April or May.
        TaxRule("gb_month", 1, 7, after=2, workday=-1),
        TaxRule("gb_quarter", 3, 7, after=2, workday=-1),
        TaxRule("gb_quarter_2", 3, 7, after=2, workday=-1, start=2),
        TaxRule("gb_quarter_3", 3, 7, after=2, workday=-1, start=3),
        # Article 18 of D.Lgs. 241/1997; what is due in the first days of August: article 37 (11-bis) of D.L. 223/2006.
        TaxRule("it_month", 1, 16, other=((8, 20),)),
        # Article 19 AWR: within a month, and no law moves it. Money has to be there the working day before.
        TaxRule("nl_month", 1, LAST, workday=-1),
        TaxRule("nl_quarter", 3, LAST, workday=-1),
        # Article 103 of the VAT act; moved by article 12 § 5 of the tax code (Ordynacja podatkowa).
        TaxRule("pl_month", 1, 25),
        TaxRule("pl_quarter", 3, 25),
        # Skatteverket, "När ska jag deklarera moms". Large: more than 40 million kronor a year.
        TaxRule("se_month", 1, 12, after=2, other=((1, 17), (8, 17))),
        TaxRule("se_quarter", 3, 12, after=2, other=((8, 17),)),
        TaxRule("se_month_large", 1, 26, other=((12, 27),)),
    )
}


class Due(NamedTuple):
    """A period from `first` to `last` and the day it is paid."""

    day: date
    rule: str
    first: date
    last: date


def period_of(rule, day, holidays=frozenset(), worked=frozenset()):
    """The period a document of a day falls in.

    :param day: of the document, in the company's zone
    :return: Due

    >>> due = period_of(RULES["de_month"], date(2026, 4, 30))
    >>> str(due.first), str(due.last), str(due.day)  # 10 May is a Sunday
    ('2026-04-01', '2026-04-30', '2026-05-11')
    >>> due = period_of(RULES["oss"], date(2026, 12, 31))
    >>> str(due.first), str(due.last), str(due.day)  # a Sunday as well
    ('2026-10-01', '2026-12-31', '2027-01-31')
    >>> str(period_of(TaxRule("before", workday=-1), date(2026, 4, 30)).day)  # Friday
    '2026-05-08'
    >>> winter = TaxRule("winter", 3, 20, other=((1, 30),))
    >>> str(period_of(winter, date(2026, 9, 1)).day), str(period_of(winter, date(2026, 12, 1)).day)  # a Saturday
    ('2026-10-20', '2027-02-01')
    >>> may = {date(2026, 5, day) for day in range(1, 6)}
    >>> str(period_of(TaxRule("rest", 1, 15, rest=3), date(2026, 4, 30), may).day)  # five working days after the 15th
    '2026-05-22'
    """
    into = (day.month - rule.start) % rule.months
    first = add_months(day.replace(day=1), -into)
    last = month_end(add_months(first, rule.months - 1))
    paid = _paid(rule, add_months(last.replace(day=1), rule.after), holidays, worked)
    return Due(paid, rule.key, first, last)


def _paid(rule, month, holidays, worked):
    """The day on which is paid what is due in a month.

    :param month: its first day
    """
    day = dict(rule.other).get(month.month, rule.day)
    paid = month.replace(day=min(day, month_end(month).day))
    for _day in range(_rested(rule, paid, holidays, worked)):
        paid = working(paid + DAY, holidays, worked)
    return working(paid, holidays, worked, DAY * rule.workday) if rule.workday else paid


def _rested(rule, day, holidays, worked):
    """How many days of long rests the month has up to a day: a weekend is none, with a holiday next to it it may be."""
    if not rule.rest:
        return 0
    month = every_day(day.replace(day=1), day)
    days = groupby(month, lambda one: rests(one, holidays, worked))  # pylint: disable=bad-builtin-groupby
    rows = [len(list(row)) for resting, row in days if resting]
    return sum(row for row in rows if row >= rule.rest)


def due_dates(rules, first, last, holidays=frozenset(), worked=frozenset()):
    """What is due from one day to another, in the order of the days.

    :return: list of Due

    >>> for due in due_dates([RULES["de_month"], RULES["oss"]], date(2026, 4, 1), date(2026, 5, 31)):
    ...     print(due.day, due.rule, due.first, due.last)
    2026-04-10 de_month 2026-03-01 2026-03-31
    2026-04-30 oss 2026-01-01 2026-03-31
    2026-05-11 de_month 2026-04-01 2026-04-30
    """
    found = []
    for rule in rules:
        # One period more than lies between: a day that is moved may fall in the next month.
        due = period_of(rule, add_months(first.replace(day=1), -(rule.after + rule.months)), holidays, worked)
        while due.day <= last:
            if due.day >= first:
                found.append(due)
            due = period_of(rule, due.last + DAY, holidays, worked)
    return sorted(found)
