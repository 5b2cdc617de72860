"""What is agreed: documents, recurring costs, tax."""

from fractions import Fraction

from .days import DAY, recurring_days
from .money import more
from .taxes import period_of

SHIFTS = {"supplier": "supplier_days", "purchase": "supplier_days", "payout": "payout_days"}  # {kind: of the scenario}


def file_item(book, item, rates, scenario):
    """What is kept back of a payout is what is left of it: both together are the whole, to the cent."""
    shift = getattr(scenario, SHIFTS[item.kind]) if item.kind in SHIFTS else 0
    due = item.terms.due(item.day) + DAY * shift
    worth, held = rates.worth(item.amount, item.currency), rates.worth(item.held, item.currency)
    book.add(item.kind, item.key, due, worth - held)
    if held and item.release is None:
        book.leave("reserve", item.key, "release_unknown", amount=held)
    elif held:
        # Whoever pays late releases late, and nobody releases before he pays.
        book.add("reserve", item.key, max(due, book.today) + DAY * item.release, held)


def file_recurring(book, cost, rates, scenario):
    factor = more(scenario.costs) if cost.amount < 0 else 1
    last = min(cost.end or book.last, book.last)
    for day in recurring_days(cost.every, cost.start, book.today, last):
        amount = factor * Fraction(cost.amount) * Fraction(cost.rests.get(day, 1))
        book.add(cost.kind, cost.key, day, rates.worth(amount, cost.currency))


def rests_of(days, owed, billed, complete=False):
    """What is still to come of the same amount on some days, of which bills are there for a part: the first ones first.

    :param days: on which the amount is due for what the bills are about, in order
    :param owed: what all of them are for, more than nothing
    :param billed: what the bills have of it, in the same currency; less than nothing is nothing
    :param bool complete: no more bills are to come
    :return: {day: part of the amount, 0 to 1}

    >>> from datetime import date
    >>> from decimal import Decimal
    >>> weeks = [date(2026, 3, number) for number in (2, 9, 16, 23, 30)]
    >>> [str(rest) for rest in rests_of(weeks, Decimal(500), Decimal(250)).values()]
    ['0', '0', '1/2', '1', '1']
    >>> rests_of(weeks[:1], Decimal(500), Decimal(600)), rests_of(weeks[:1], Decimal(500), Decimal(1), True)
    ({datetime.date(2026, 3, 2): Fraction(0, 1)}, {datetime.date(2026, 3, 2): Fraction(0, 1)})
    """
    days = list(days)
    covered = Fraction(len(days))
    if owed > 0 and not complete:
        covered *= Fraction(billed) / Fraction(owed)
    return {day: min(max(number - covered, Fraction(0)), Fraction(1)) for number, day in enumerate(days, 1)}


def file_tax(book, tax, rates, plan):
    due = period_of(tax.rule, tax.day, plan.holidays, plan.worked)
    book.add("tax", tax.key, due.day, rates.worth(tax.amount, tax.currency))
