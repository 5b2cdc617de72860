"""Whether a bill adds up by itself, before anything is compared with what was ordered."""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from .model import INVOICE

# What rounding line by line may make of a sum: half a cent for each line, at least two cents.
LEAST = Decimal("0.02")
HALF = Decimal("0.005")


def rounded(amount, digits=2):
    """
    >>> rounded(Decimal("2.345")), rounded(Decimal("2.5"), 0)
    (Decimal('2.35'), Decimal('3'))
    """
    return amount.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def complete(bill, digits=2):
    """Fill in what follows from the rest: amounts from prices, prices from amounts, the sums nobody told."""
    for line in bill.lines:
        if line.charge and line.amount is None and line.price is not None:
            line.amount = rounded(line.price * (line.qty or 1), digits)
        if line.amount is None and line.price is not None and line.qty is not None:
            line.amount = rounded(line.price * line.qty, digits)
        if line.price is None and line.amount is not None and line.qty:
            line.price = line.amount / line.qty
        if line.charge == "allowance" and line.amount is not None and bill.kind == INVOICE:
            line.amount = -abs(line.amount)
    said = all(line.amount is not None for line in bill.lines) and bool(bill.lines)
    included = any(line.included for line in bill.lines)
    total = sum(line.amount for line in bill.lines) if said else None
    if included and bill.gross is None:
        bill.gross = total
    if bill.tax is None and bill.net is not None and bill.gross is not None:
        bill.tax = bill.gross - bill.net
    if bill.net is None and not included:
        bill.net = total if bill.tax is None or bill.gross is None else bill.gross - bill.tax
    if bill.tax is None and bill.lines and all(line.tax is not None for line in bill.goods) and bill.goods:
        bill.tax = sum(line.tax for line in bill.lines if line.tax is not None)
    if bill.gross is None and bill.net is not None and bill.tax is not None:
        bill.gross = bill.net + bill.tax
    return bill


def check(bill, today, currencies, paper=False):
    """Add to the bill's problems what is wrong with it.

    :param date today: nothing is billed of a later day (one day is left for other time zones)
    :param currencies: codes we work with
    :param paper: the file cannot be read, only what was typed beside it: it needs no lines
    """
    if not bill.number:
        bill.wrong("no_number")
    if not bill.date:
        bill.wrong("no_date")
    elif bill.date > today + timedelta(days=1):
        bill.wrong("future", date=bill.date.isoformat())
    if bill.date and bill.due and bill.due < bill.date:
        bill.wrong("due_before", due=bill.due.isoformat(), date=bill.date.isoformat())
    if bill.currency and bill.currency not in currencies:
        bill.wrong("currency_unknown", name=bill.currency)
    if paper:
        if bill.gross is None:
            bill.wrong("no_total")
        if not bill.refs:
            bill.wrong("no_orders")
    elif not bill.goods and not bill.charges:
        bill.wrong("no_lines")
    _check_lines(bill)
    _check_sums(bill)
    return bill


def _check_lines(bill):
    for line in bill.lines:
        if line.charge:
            if line.amount is None:
                bill.wrong("no_amount", line.place, name=line.name or line.charge)
            continue
        if line.qty is not None and line.qty < 0 or line.price is not None and line.price < 0:
            bill.wrong("negative", line.place, sku=line.sku or line.name)
        elif line.qty == 0 and line.amount:
            bill.wrong("zero_quantity", line.place, sku=line.sku or line.name)
        elif line.amount is not None and line.amount < 0:
            bill.wrong("negative", line.place, sku=line.sku or line.name)
        if None not in (line.qty, line.price, line.amount):
            found = line.qty * line.price
            # A price is written with few digits: of many pieces the sum may be off by what they leave out.
            if abs(found - line.amount) > max(LEAST, _digits_lost(line.price) * abs(line.qty)):
                bill.wrong("sum_line", line.place, told=str(line.amount), found=str(rounded(found)))


def _digits_lost(price):
    """Half of the last digit a price is written with, not less than a hundredth of a cent.

    >>> _digits_lost(Decimal("1.23")), _digits_lost(Decimal("1.5"))
    (Decimal('0.005'), Decimal('0.005'))
    """
    exponent = max(min(price.normalize().as_tuple().exponent, -2), -6)
    return Decimal(5).scaleb(exponent - 1)


def _check_sums(bill):
    allowed = max(LEAST, HALF * len(bill.lines))
    if bill.net is not None and bill.net < 0 or bill.gross is not None and bill.gross < 0:
        bill.wrong("negative_total")
    if bill.lines and all(line.amount is not None for line in bill.lines):
        found = sum(line.amount for line in bill.lines)
        mixed = {line.included for line in bill.lines}
        target = None if len(mixed) > 1 else bill.gross if mixed == {True} else bill.net
        if target is not None and abs(found - target) > allowed:
            bill.wrong("sum_net", told=str(target), found=str(rounded(found)))
    taxes = [line.tax for line in bill.lines if line.tax is not None]
    if bill.tax is not None and taxes and len(taxes) == len(bill.lines) and abs(sum(taxes) - bill.tax) > allowed:
        bill.wrong("sum_tax", told=str(bill.tax), found=str(rounded(sum(taxes))))
    if None not in (bill.net, bill.tax, bill.gross) and abs(bill.net + bill.tax - bill.gross) > LEAST:
        bill.wrong("sum_gross", told=str(bill.gross), found=str(rounded(bill.net + bill.tax)))
