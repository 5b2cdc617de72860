"""What each line was really paid with: promotions and the document's rounding are spread over what they change."""

from .parts import NOTHING, ZERO, Parts
from .shared import share_money


def shares(order):
    """How each promotion and rounding line falls on the others.

    :return: {line key: {target key: Parts}}; the shares of a line add up to it

    >>> from decimal import Decimal as D
    >>> from .facts import Line, Order
    >>> lamps, bulb = Line("lamps", parts=Parts(D("90.00"))), Line("bulb", parts=Parts(D("10.00")))
    >>> sale = Line("sale", "promotion", parts=Parts(D("-5.00")))
    >>> {key: share.total for key, share in shares(Order((lamps, bulb, sale)))["sale"].items()}
    {'lamps': Decimal('-4.50'), 'bulb': Decimal('-0.50')}
    """
    bearers = [line for line in order.lines if line.kind in ("goods", "delivery")]
    result = {}
    for line in order.lines:
        if line.kind == "rounding":
            targets = bearers
        elif line.kind == "promotion":
            targets = _lowered(line, bearers)
        else:
            continue
        result[line.key] = _spread(line.parts, targets, order.step) if targets else {}
    return result


def _lowered(line, bearers):
    if line.given_for:
        return [bearer for bearer in bearers if bearer.key in line.given_for]
    goods = [bearer for bearer in bearers if bearer.kind == "goods"]
    # A voucher dearer than the goods paid for the delivery as well.
    return goods if sum(one.parts.total for one in goods) + line.parts.total >= ZERO else bearers


def _spread(parts, targets, step):
    nets = _shared(parts.net, [one.parts.net for one in targets], step)
    taxes = {}
    for group, tax in parts.taxes:
        weights = [one.parts.tax(group) for one in targets]
        taxes[group] = _shared(tax, weights if sum(weights) else [one.parts.net for one in targets], step)
    return {
        one.key: Parts(net, tuple((group, portions[number]) for group, portions in taxes.items()))
        for number, (one, net) in enumerate(zip(targets, nets, strict=True))
    }


def _shared(amount, weights, step):
    return share_money(amount, weights if sum(weights) else [1] * len(weights), step)


def worths(order, spread):
    """
    :param dict spread: see `shares`
    :return: {line key: Parts}, of goods, gifts and deliveries
    """
    found = {line.key: line.parts for line in order.lines if line.kind in ("goods", "gift", "delivery")}
    for portions in spread.values():
        for key, share in portions.items():
            found[key] = found.get(key, NOTHING) + share
    return _evened(found, order.step)


def _evened(found, step):
    """No line is worth less than nothing: what several promotions took too much of one made the others cheaper."""
    under = {key: parts for key, parts in found.items() if parts.total < ZERO}
    over = {key: parts for key, parts in found.items() if parts.total > ZERO}
    if not under:
        return found
    missing = -sum(parts.total for parts in under.values())
    there = [parts.total for parts in over.values()]
    shares_of = share_money(min(missing, sum(there, ZERO)), there, step)
    for (key, parts), share in zip(over.items(), shares_of, strict=True):
        found[key] = parts - parts.cut(share, step)
    return found | dict.fromkeys(under, NOTHING)
