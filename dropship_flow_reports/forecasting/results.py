"""What comes out. All amounts are in the company's currency, whole steps of it."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

ZERO = Decimal(0)


class Piece(NamedTuple):
    """What one record brings to a figure.

    :param amount: signed
    :param overdue: it was due before today
    """

    key: object
    amount: Decimal
    overdue: bool = False


class Figure(NamedTuple):
    """Money of one kind in one week.

    :param tuple pieces: their amounts come to `inflow - outflow`
    """

    kind: str
    inflow: Decimal
    outflow: Decimal
    pieces: tuple


class Week(NamedTuple):
    """
    :param int number: 1 to 13
    :param tuple figures: those that are not empty, as `KINDS` lists them
    """

    number: int
    first: date
    last: date
    opening: Decimal
    figures: tuple
    closing: Decimal

    @property
    def inflow(self):
        return sum((figure.inflow for figure in self.figures), ZERO)

    @property
    def outflow(self):
        return sum((figure.outflow for figure in self.figures), ZERO)


class Low(NamedTuple):
    """The lowest balance at the end of a day (or now), and when it is first reached."""

    balance: Decimal
    day: date
    week: int


class Opening(NamedTuple):
    key: object
    currency: str
    balance: Decimal
    worth: Decimal


class Left(NamedTuple):
    """What is in no figure.

    :param str kind: see KINDS; account
    :param str code: after_horizon (amount, day: the first), release_unknown (amount), no_day, no_rate (currency), zero,
        twice, unknown_kind, unknown_choice, nothing_left (all is refunded), too_old (no refund after so long),
        no_sales (in no whole week), no_rule, or what is wrong with a figure: not_a_number, negative, too_large,
        over_100, not_a_day, not_days, more_than_amount
    :param dict figures: what the code is about
    """

    kind: str
    key: object
    code: str
    figures: dict


class Forecast(NamedTuple):
    """
    :param tuple refused: (code, figures); with one of them nothing else is said
    :param tuple accounts: Opening, the sum of which is `opening`
    :param tuple weeks: thirteen
    """

    refused: tuple = ()
    opening: Decimal = ZERO
    accounts: tuple = ()
    weeks: tuple = ()
    lowest: Low | None = None
    left_out: tuple = ()
