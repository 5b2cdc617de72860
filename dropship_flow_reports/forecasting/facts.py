"""What is known and what is asked. Amounts are `Decimal` in the record's currency, shares percent, days the company's.

Amounts of `Item`, `Recurring` and `Tax` are signed: what comes is more than nothing, what goes is less. An empty
currency is the company's.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from .days import Terms
from .taxes import TaxRule

ZERO = Decimal(0)
CENT = Decimal("0.01")
NOTHING = frozenset()

ITEM_KINDS = ("customer", "payout", "reserve", "cod", "supplier", "purchase", "refund", "other")
RECURRING_KINDS = ("recurring", "ads")
NEW_KINDS = ("new_sales", "new_reserve", "new_fees", "new_purchases", "new_refunds", "new_tax")
# As a report lists them: `expected_refund` are those of delivered orders, `new_` those of sales not made yet.
KINDS = (*ITEM_KINDS[:-1], "expected_refund", "wallet", *RECURRING_KINDS, "tax", "other", *NEW_KINDS)


class Account(NamedTuple):
    """Money that is there: one account in one currency."""

    key: object
    balance: Decimal
    currency: str = ""


class Item(NamedTuple):
    """Money expected once: what is still open of it.

    :param key: of the instalment; the same key of the same kind counts once
    :param str kind: customer (orders, invoices), payout, reserve (held already), cod, supplier (bills), purchase
        (drafts, not billed yet), refund (agreed), other
    :param day: it counts from; None: it has not begun
    :param Terms terms: from that day to the money: delay of payment, payout or remittance, days of the supplier
    :param held: the part of a payout that is kept back
    :param int release: so many days after the payout it is released; None: nobody knows
    """

    key: object
    kind: str
    amount: Decimal
    day: date | None
    terms: Terms = Terms()
    currency: str = ""
    held: Decimal = ZERO
    release: int | None = None


class Recurring(NamedTuple):
    """Money that comes or goes again and again. What was due before today is done.

    :param str kind: recurring, ads
    :param str every: day, week, month, quarter, year
    :param end: its last day; None: for good
    :param dict rests: {day: the part of the amount that is still to come, 0 to 1}; of other days the whole is
    """

    key: object
    amount: Decimal
    every: str
    start: date
    end: date | None = None
    kind: str = "recurring"
    currency: str = ""
    rests: dict = {}


class Tax(NamedTuple):
    """Tax of documents, or of a period.

    :param day: of the document, or any day of the period
    """

    key: object
    amount: Decimal
    day: date
    rule: TaxRule
    currency: str = ""


class Wallet(NamedTuple):
    """Money a supplier holds for us. What is bought with it is no payment, topping it up is.

    :param balance: without what is reserved
    :param weekly: taken in a week as it is now
    :param level: it is topped up before it falls below
    :param top_up: what is paid each time, or several times that where once is not enough
    """

    key: object
    balance: Decimal
    weekly: Decimal
    top_up: Decimal
    level: Decimal = ZERO
    currency: str = ""


class Cohort(NamedTuple):
    """Orders delivered on one day: what of them will be refunded.

    :param revenue: what was paid for them
    :param refunded: back already, or in an `Item`
    :param tuple returns: percent of the revenue refunded in the first week after delivery, the second, …
    """

    key: object
    revenue: Decimal
    day: date
    returns: tuple
    refunded: Decimal = ZERO
    currency: str = ""


class Sales(NamedTuple):
    """Sales of one channel that are not made yet, as those up to now went.

    :param dict history: {day: revenue, taxes included}; the last whole weeks count
    :param int weeks: how many of them; since the first sale where there are less
    :param int delay: days from the sale to the money
    :param fee: percent of the revenue kept by the channel
    :param reserve: percent of the rest kept back
    :param int release: days from the payout until it is released
    :param purchases: percent of the revenue paid to suppliers otherwise than from wallets
    :param Terms terms: from the sale to the payment of the supplier
    :param int delivery: days from the sale to the delivery
    :param tuple returns: see Cohort
    :param tax: percent of the revenue
    """

    key: object
    history: dict
    currency: str = ""
    weeks: int = 8
    delay: int = 0
    fee: Decimal = ZERO
    reserve: Decimal = ZERO
    release: int = 0
    purchases: Decimal = ZERO
    terms: Terms = Terms()
    delivery: int = 0
    returns: tuple = ()
    tax: Decimal = ZERO
    rule: TaxRule | None = None


class Plan(NamedTuple):
    """
    :param datetime now: naive UTC
    :param step: smallest amount of the company's currency
    :param dict rates: {currency: what one of it is worth in the company's}
    :param tuple season: twelve figures, January first, 100: as in any month; empty: no seasons
    :param frozenset holidays: days nobody works; only taxes ask
    :param frozenset worked: Saturdays and Sundays that are worked
    """

    now: datetime
    zone: str
    currency: str
    step: Decimal = CENT
    rates: dict = {}
    accounts: tuple = ()
    items: tuple = ()
    recurring: tuple = ()
    taxes: tuple = ()
    wallets: tuple = ()
    cohorts: tuple = ()
    sales: tuple = ()
    season: tuple = ()
    holidays: frozenset = NOTHING
    worked: frozenset = NOTHING


class Scenario(NamedTuple):
    """What if. Documents keep their amounts: percents change what no document has fixed yet.

    :param sales: percent more or less is sold (and taken from wallets)
    :param growth: percent by which each week sells more than the one before
    :param int supplier_days: suppliers are paid later or, less than nothing, earlier
    :param int payout_days: payouts come later or earlier
    :param returns: percent more or less is refunded; of 4 % refunds, 50 more are 6 %
    :param costs: percent by which purchases from now on, wallets, recurring costs and ads are dearer
    """

    sales: Decimal = ZERO
    growth: Decimal = ZERO
    supplier_days: int = 0
    payout_days: int = 0
    returns: Decimal = ZERO
    costs: Decimal = ZERO
