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
    worth = rates.worth(factor * Fraction(cost.amount), cost.currency)
    last = min(cost.end or book.last, book.last)
    for day in recurring_days(cost.every, cost.start, book.today, last):
        book.add(cost.kind, cost.key, day, worth)


def file_tax(book, tax, rates, plan):
    due = period_of(tax.rule, tax.day, plan.holidays, plan.worked)
    book.add("tax", tax.key, due.day, rates.worth(tax.amount, tax.currency))
