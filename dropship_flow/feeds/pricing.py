"""What a product should sell for, and what is left of a price."""

from decimal import ROUND_CEILING, Decimal


def suggest_price(landed, margin_percent, fee_percent=0, fee_fixed=0, tax_factor=1, step=Decimal("0.1")):
    """The shop price that leaves a margin after fees, rounded up.

    :param landed: what the goods cost at the customer's door, net
    :param margin_percent: of the net price, what is to be left
    :param fee_percent: of the price the customer pays, what payment and platform keep
    :param tax_factor: price shown in the shop / net price
    :raise ValueError: when margin and fees together leave nothing for the goods

    >>> suggest_price(Decimal("26.30"), 30), suggest_price(10, 20, fee_percent=5, tax_factor=Decimal("1.19"))
    (Decimal('37.6'), Decimal('16.1'))
    """
    landed, factor = Decimal(landed), Decimal(tax_factor)
    share = 1 - Decimal(margin_percent) / 100 - Decimal(fee_percent) / 100 * factor
    if share <= 0:
        raise ValueError("nothing left for the goods")
    price = (landed + Decimal(fee_fixed)) / share * factor
    return (price / step).to_integral_value(ROUND_CEILING) * step


def margin_percent(price, landed, fee_percent=0, fee_fixed=0, tax_factor=1):
    """What is left of the net price, in percent of it; None without a price.

    >>> margin_percent(Decimal("37.6"), Decimal("26.3")).quantize(Decimal("0.1"))
    Decimal('30.1')
    """
    price, factor = Decimal(price), Decimal(tax_factor)
    if price <= 0:
        return None
    net = price / factor
    left = net - Decimal(landed) - Decimal(fee_fixed) - price * Decimal(fee_percent) / 100
    return left / net * 100
