"""What was credited of what was granted, what goes on which statement, and what remains our own loss."""

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from .checks import money_problem
from .facts import ZERO
from .shared import last_end

LONGEST = 32  # days from any day on until the end of a period


class Credit(NamedTuple):
    """What counts for the claim: his credit note or payment, or our deduction on a statement.

    :param key: of the document; the same one twice is one
    :param currency: empty: the claim's
    """

    key: object
    amount: Decimal
    day: date
    currency: str = ""


class Use(NamedTuple):
    """What becomes of a credit: its parts add up to it.

    :param settles: of what was granted
    :param ahead: came before the answer, and settles what will be granted
    :param extra: nothing was granted for: to the account for differences of claims
    """

    key: object
    settles: Decimal
    ahead: Decimal
    extra: Decimal


class Settled(NamedTuple):
    """
    :param settled: of what was granted
    :param open: granted and not credited yet
    :param tuple uses: `Use`, one for each credit that counts
    :param tuple statements: (last day of the statement or None: the next one made by hand, amount to take off on it);
        empty where we do not net
    :param tuple notes: (code, {figure: value})
    """

    settled: Decimal
    open: Decimal
    ahead: Decimal
    extra: Decimal
    uses: tuple = ()
    statements: tuple = ()
    notes: tuple = ()


class Balance(NamedTuple):
    """
    :param granted: by all parties together
    :param waiting: may be granted still
    :param own: of the loss, as it stands: when nothing waits, for good
    :param above: penalties beyond the loss
    """

    loss: Decimal
    granted: Decimal
    waiting: Decimal
    own: Decimal
    above: Decimal


def settle(claim, standing, terms, credits, every="never", closed=None):
    """
    :param Standing standing: of the claim
    :param credits: [Credit], as the ledger has them today
    :param str every: how often statements are made: week, half (of a month), month, never
    :param date closed: last day of the last statement nothing can be put on any more; None: there is none
    :return: Settled

    >>> from .facts import Claim, Terms
    >>> from .life import Standing
    >>> claim, terms = Claim("supplier", Decimal(100), Decimal(60)), Terms(())
    >>> standing = Standing("closed", "accepted", granted=Decimal(60), grants=((date(2026, 3, 9), Decimal(60)),))
    >>> settle(claim, standing, terms, [], "month").statements
    ((datetime.date(2026, 3, 31), Decimal('60')),)
    >>> note = Credit("RC 7", Decimal(45), date(2026, 3, 11))
    >>> found = settle(claim, standing, terms, [note], "month", closed=date(2026, 3, 31))
    >>> found.settled, found.open, found.statements
    (Decimal('45'), Decimal('15'), ((datetime.date(2026, 4, 30), Decimal('15')),))
    """
    counted, notes = _counted(claim, credits)
    open_, room, uses = standing.granted, standing.waiting, []
    for credit in counted:
        settles = min(credit.amount, open_)
        ahead = min(credit.amount - settles, room)
        extra = credit.amount - settles - ahead
        if extra:
            notes.append((_why(standing, settles, ahead, uses), {"key": credit.key, "amount": extra}))
        if ahead:
            notes.append(("credited_ahead", {"key": credit.key, "amount": ahead}))
        open_, room = open_ - settles, room - ahead
        uses.append(Use(credit.key, settles, ahead, extra))
    settled, ahead, extra = (sum((use[place] for use in uses), ZERO) for place in (1, 2, 3))
    if settled and open_:
        notes.append(("credited_less", {"granted": standing.granted, "amount": settled, "difference": open_}))
    statements = _statements(standing.grants, settled, every, closed) if terms.netted else ()
    return Settled(settled, open_, ahead, extra, tuple(uses), statements, tuple(notes))


def balance(raised, standings):
    """What of a loss comes back.

    :param standings: [Standing] of the claims

    >>> from .facts import Raised
    >>> from .life import Standing
    >>> found = balance(Raised(loss=Decimal(100)), [Standing("closed", "partly", granted=Decimal(60))])
    >>> found.granted, found.own
    (Decimal('60'), Decimal('40'))
    """
    granted = sum((one.granted for one in standings), ZERO)
    waiting = sum((one.waiting for one in standings), ZERO)
    own = max(raised.loss - granted - waiting, ZERO)
    return Balance(raised.loss, granted, waiting, own, max(granted - raised.loss, ZERO))


def next_end(every, day):
    """The last day of the statement a day is on; None for "never".

    >>> next_end("half", date(2026, 2, 15)), next_end("half", date(2026, 2, 16))
    (datetime.date(2026, 2, 15), datetime.date(2026, 2, 28))
    >>> next_end("never", date(2026, 2, 15))
    """
    ends = (last_end(every, day + timedelta(days=number)) for number in range(1, LONGEST + 1))
    return next((end for end in ends if end and end >= day), None)


def _counted(claim, credits):
    """In the order they came, each document once: (credits, notes)."""
    counted, notes = {}, []
    for credit in sorted(credits, key=lambda credit: credit.day):
        problem = money_problem(credit.amount, claim.step)
        first = counted.get(credit.key)
        if problem:
            notes.append((problem[0], {"key": credit.key} | problem[1]))
        elif credit.currency and credit.currency != claim.currency:
            notes.append(("other_currency", {"key": credit.key, "currency": credit.currency}))
        elif first is None:
            counted[credit.key] = credit
        elif first.amount != credit.amount:
            difference = credit.amount - first.amount
            notes.append(("document_differs", {"key": credit.key, "amount": first.amount, "difference": difference}))
    return list(counted.values()), notes


def _why(standing, settles, ahead, uses):
    """Why a credit is more than was granted."""
    if settles or ahead:
        return "credited_more"
    if any(use.settles or use.ahead for use in uses):
        return "credited_twice"
    return "credited_without_grant"


def _statements(grants, settled, every, closed):
    """Credits settle the oldest grants; what is left goes on the first statement that is open on its day or after."""
    found = {}
    for day, amount in grants:
        now = min(amount, settled)
        settled -= now
        if amount > now:
            start = day if closed is None else max(day, closed + timedelta(days=1))
            end = next_end(every, start)
            found[end] = found.get(end, ZERO) + amount - now
    return tuple(sorted(found.items(), key=lambda pair: pair[0] or date.max))
