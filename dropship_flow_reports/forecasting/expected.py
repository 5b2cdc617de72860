"""What is to be expected: refunds by the age of what was delivered, wallets topped up, sales not made yet."""

from collections import defaultdict
from fractions import Fraction
from functools import lru_cache
from math import ceil

from .days import DAY
from .money import HUNDRED, more
from .pace import run_rate
from .taxes import period_of

SURE = Fraction(1)


@lru_cache(maxsize=4096)
def refunded_by(returns, days):
    """The share of the revenue that is refunded so many days after delivery; the days of a week have equal parts.

    Kept: the days of a quarter ask for the same ages again and again.

    :param tuple returns: percent for each week
    :param days: None: all of it

    >>> from decimal import Decimal
    >>> [str(refunded_by((Decimal(2), Decimal(1)), days)) for days in (-3, 0, 7, 10, 14, 99, None)]
    ['0', '0', '1/50', '17/700', '3/100', '3/100', '3/100']
    """
    if days is None:
        days = 7 * len(returns)
    whole, part = divmod(max(days, 0), 7)
    share = sum(map(Fraction, returns[:whole]), Fraction(0))
    if whole < len(returns):
        share += Fraction(returns[whole]) * part / 7
    return share / HUNDRED


def refund_shares(returns, day, book, factor):
    """What is refunded in each week to come and after them, of what was not refunded up to now.

    Orders that came this far are refunded as the table says of those that came this far.

    :param day: of the delivery
    :param factor: as often as the table says; together never more than all
    :return: list of (day, share): the first day of each week, as the money may go then, and the day after the last
    """
    returns = tuple(returns)
    before = refunded_by(returns, (book.today - day).days)
    ends = [*((last - day).days + 1 for _first, last in book.spans), None]
    starts = [*book.firsts, book.last + DAY]
    shares, gone = [], Fraction(0)
    for start, end in zip(starts, ends, strict=True):
        to = min((refunded_by(returns, end) - before) / (1 - before) * factor, SURE) if before < 1 else gone
        shares.append((start, to - gone))
        gone = to
    return shares


def file_cohort(book, cohort, rates, scenario):
    left = Fraction(cohort.revenue - cohort.refunded)
    shares = refund_shares(cohort.returns, cohort.day, book, more(scenario.returns))
    if (book.today - cohort.day).days >= 7 * len(cohort.returns):
        book.leave("expected_refund", cohort.key, "too_old", weeks=len(cohort.returns))
    for day, share in shares:
        book.add("expected_refund", cohort.key, day, -rates.worth(left * share, cohort.currency))


def file_wallet(book, wallet, rates, pace, scenario):
    """Each day is paid for before it is taken: the balance is never below the level, which is never below nothing."""
    balance, level, top_up = map(Fraction, (wallet.balance, wallet.level, wallet.top_up))
    daily = Fraction(wallet.weekly) / 7 * more(scenario.costs)
    for day in (book.today, *pace.days):
        if day > book.today:  # what today takes is reserved
            balance -= daily * pace.from_now(day)
        if balance < level:
            paid = ceil((level - balance) / top_up) * top_up
            balance += paid
            book.add("wallet", wallet.key, day, -rates.worth(paid, wallet.currency))


def file_sales(book, sales, rates, pace, plan, scenario):
    """What is sold from tomorrow on; today's orders are open ones."""
    rate = run_rate(sales.history, book.today, sales.weeks, plan.season)
    if rate is None:
        book.leave("new_sales", sales.key, "no_sales")
        return
    refunds = defaultdict(Fraction)
    payout = max(sales.delay + scenario.payout_days, 0)
    supplier = DAY * scenario.supplier_days

    def worth(amount):
        return rates.worth(amount, sales.currency)

    for day in pace.days:
        revenue = rate.on(day) * pace.on(day)
        fee, paid = _percent(revenue, sales.fee), day + DAY * payout
        held = worth(_percent(revenue - fee, sales.reserve))
        book.add("new_sales", sales.key, paid, worth(revenue) - held)
        book.add("new_fees", sales.key, paid, -worth(fee))
        book.add("new_reserve", sales.key, paid + DAY * sales.release, held)
        # Who wants the money earlier gets it with the order, not before it.
        due = max(sales.terms.due(day) + supplier, day)
        book.add("new_purchases", sales.key, due, -worth(_percent(revenue, sales.purchases) * more(scenario.costs)))
        if sales.tax:
            due = period_of(sales.rule, day, plan.holidays, plan.worked).day
            book.add("new_tax", sales.key, due, -worth(_percent(revenue, sales.tax)))
        for week, share in refund_shares(sales.returns, day + DAY * sales.delivery, book, more(scenario.returns)):
            refunds[week] += revenue * share
    for week, amount in refunds.items():
        book.add("new_refunds", sales.key, week, -worth(amount))


def _percent(amount, percent):
    return amount * Fraction(percent) / HUNDRED
