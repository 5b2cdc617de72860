"""Short words for orders in tests."""

from decimal import Decimal as D

from refunding import Ask, Line, Order, Parts, Payment, Wish, after, refund


def parts(net, **taxes):
    """`parts("84.03", t19="15.97")`: without taxes, and each tax by its group."""
    return Parts(D(net), tuple((group, D(tax)) for group, tax in taxes.items()))


def goods(key, qty, net, delivered=None, **taxes):
    return Line(key, qty=D(qty), parts=parts(net, **taxes), delivered=D(qty if delivered is None else delivered))


def delivery(net, key="freight", **taxes):
    return Line(key, "delivery", parts=parts(net, **taxes))


def promotion(key, net, given_for=(), points="0", **taxes):
    return Line(key, "promotion", parts=parts(net, **taxes), given_for=given_for, points=D(points))


def gift(key, net, **taxes):
    """A gift, and what it costs whoever has no right to it."""
    return Line(key, "gift", delivered=D(1), charge=parts(net, **taxes))


def order(*lines, paid=None, **more):
    """An order, paid by card in full where nothing else is said."""
    total = sum(line.parts.total for line in lines)
    payments = (Payment("card", total if paid is None else D(paid)),)
    return Order(lines, **{"payments": payments, **more})


def ask(kind, line=None, qty=None, **figures):
    """Figures as text; `qty` and `fee` too."""
    figures = {name: D(value) for name, value in figures.items()}
    return Ask(kind, line, None if qty is None else D(qty), **figures)


def give(order, *asks, **wish):
    """
    :return: (result, the order after it)
    """
    result = refund(order, Wish(asks, **wish))
    assert not result.refused, result.refused
    return result, after(order, result)


def refusal(order, *asks, **wish):
    result = refund(order, Wish(asks, **wish))
    assert not result.rows and not result.money
    return result.refused


def codes(reasons):
    return [code for code, _figures in reasons]


def backs(result):
    return {back.payment: back.amount for back in result.backs}
