"""Who would be asked next, from the candidates a routing decision wrote down."""

from collections import defaultdict
from decimal import Decimal, InvalidOperation


def next_best(candidates, lines, out):
    """The source that delivers most of the lines, the cheapest of those; None when nobody is left.

    :param candidates: [[line key, offer, source, unit price, landed alone, reasons], …] as in a decision's trace;
        the first figure of a line key is the order line
    :param set lines: ids of the order lines in question
    :param set out: sources that do not count

    >>> line = [1, 0, 7]
    >>> rows = [[line, 5, 3, "1", "4.50", []], [line, 6, 4, "1", "4.00", []], [line, 8, 9, "1", "1", ["x"]]]
    >>> next_best(rows, {1}, set()), next_best(rows, {1}, {4}), next_best(rows, {1}, {3, 4})
    (4, 3, None)
    """
    prices = defaultdict(dict)
    for line_key, _offer, source, _unit, landed, reasons in candidates:
        key = tuple(source) if isinstance(source, list) else source
        if reasons or line_key[0] not in lines or key in out:
            continue
        price = _amount(landed)
        part = tuple(line_key)
        prices[key][part] = min(price, prices[key].get(part, price))
    return min(prices, key=lambda key: (-len(prices[key]), sum(prices[key].values()), str(key)), default=None)


def _amount(text):
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal(0)
