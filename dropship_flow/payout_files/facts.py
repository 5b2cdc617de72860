"""What a payout file says once it is read: payouts with their facts, and whether they add up."""

from dataclasses import dataclass, field
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(slots=True)
class Fact:
    """One amount of a payout.

    :param line: its row in the file; `part` counts the amounts of a row
    :param amount: what the seller gets; less than nothing is taken from him. A transfer leaves: less than nothing
    :param said: the file's own words for its kind
    :param problems: [[code, figures]]: what is doubtful about it
    """

    line: int
    part: int
    kind: str
    fee_kind: str
    amount: Decimal
    date: str = ""
    number: str = ""
    entry: str = ""
    transaction: str = ""
    said: str = ""
    title: str = ""
    problems: list = field(default_factory=list)


@dataclass(slots=True)
class Payout:
    """The rows that were paid out together.

    :param told: what the file says was transferred; None when it does not say
    :param problems: [[code, figures]]: why it does not add up
    """

    ref: str
    currency: str
    date: str = ""
    first: str = ""
    told: Decimal | None = None
    facts: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    balances: list = field(default_factory=list)

    @property
    def total(self):
        """What all rows but the transfer come to."""
        return sum((fact.amount for fact in self.facts if fact.kind != "transfer"), ZERO)

    @property
    def transferred(self):
        """What the rows say was transferred; None when none does."""
        moved = [fact.amount for fact in self.facts if fact.kind == "transfer"]
        return -sum(moved, ZERO) if moved else None


@dataclass(slots=True)
class Statement:
    """A file: its payouts in order, and {reason: rows} that are not for us."""

    payouts: list
    skipped: dict = field(default_factory=dict)


def check(payout, account=False):
    """Why a payout does not add up: [[code, figures]].

    :param account: the file is a statement of an account: what is not transferred stays there
    """
    problems, transferred = [], payout.transferred
    if account:
        if not balances_fit(payout.balances):
            problems.append(["payout_balance", {}])
        return problems
    told = payout.told if payout.told is not None else transferred
    if told is not None and told != payout.total:
        problems.append(["payout_total", {"told": str(told), "found": str(payout.total)}])
    if payout.told is not None and transferred is not None and payout.told != transferred:
        problems.append(["payout_transfer", {"told": str(payout.told), "found": str(transferred)}])
    return problems


def balances_fit(balances):
    """Whether every balance is the one before with the amounts of its row, from top to bottom or from bottom to top.

    >>> D = Decimal
    >>> balances_fit([(D(10), D(10)), (D(7), D(-3))]), balances_fit([(D(7), D(-3)), (D(10), D(10))])
    (True, True)
    >>> balances_fit([(D(10), D(10)), (D(8), D(-3))]), balances_fit([])
    (False, True)
    """
    for rows in (balances, balances[::-1]):
        before, fits = None, True
        for balance, amount in rows:
            if balance is None or (before is not None and before + amount != balance):
                fits = False
                break
            before = balance
        if fits:
            return True
    return False
