"""What is credited, without taxes and each tax, in rows a bookkeeper can check with a pencil."""

from decimal import Decimal as D

import pytest
from refund_world import ask, codes, delivery, give, goods, order, parts, promotion, refusal
from refunding import Line, Parts

YEN, DINAR = D(1), D("0.001")

# name, line, prices with taxes?, coin, quantities returned one after the other, (net, taxes …) of each
RETURNS = [
    ("19 % in the price", goods("x", 3, "84.03", t19="15.97"), True, "0.01", "1 1 1",
     [("28.01", "5.32"), ("28.01", "5.33"), ("28.01", "5.32")]),
    ("13 % in the price", goods("x", 2, "176.99", t13="23.01"), True, "0.01", "1 1",
     [("88.50", "11.50"), ("88.49", "11.51")]),
    ("19 % on the price", goods("x", 3, "100.00", t19="19.00"), False, "0.01", "1 1 1",
     [("33.33", "6.33"), ("33.34", "6.34"), ("33.33", "6.33")]),
    ("two taxes on the price", goods("x", 4, "10.00", t05="0.50", t09="0.99"), False, "0.01", "1 2 1",
     [("2.50", "0.13", "0.25"), ("5.00", "0.25", "0.49"), ("2.50", "0.12", "0.25")]),
    ("two taxes in the price", goods("x", 2, "91.30", t05="4.57", t10="9.13"), True, "0.01", "1 1",
     [("45.65", "2.29", "4.56"), ("45.65", "2.28", "4.57")]),
    ("the document rounded the tax up", goods("x", 2, "9.99", t19="1.91"), False, "0.01", "1 1",
     [("5.00", "0.96"), ("4.99", "0.95")]),
    ("no taxes", goods("x", 3, "100.00"), True, "0.01", "1 1 1", [("33.33",), ("33.34",), ("33.33",)]),
    ("yen", goods("x", 3, "910", t10="90"), True, "1", "1 1 1",
     [("303", "30"), ("304", "30"), ("303", "30")]),
    ("dinar", goods("x", 3, "9.524", t05="0.476"), True, "0.001", "1 1 1",
     [("3.174", "0.159"), ("3.175", "0.159"), ("3.175", "0.158")]),
    ("by weight", goods("x", "2.5", "25.00", t07="1.75"), False, "0.01", "0.75 1.75",
     [("7.50", "0.53"), ("17.50", "1.22")]),
    ("all at once", goods("x", 3, "84.03", t19="15.97"), True, "0.01", "3", [("84.03", "15.97")]),
]  # fmt: skip


@pytest.mark.parametrize("name, line, included, coin, quantities, expected", RETURNS, ids=[row[0] for row in RETURNS])
def test_refunds_of_a_line_are_together_what_was_invoiced(name, line, included, coin, quantities, expected):
    sale = order(line, included=included, step=D(coin))
    found, total = [], Parts()
    for qty in quantities.split():
        result, sale = give(sale, ask("return", "x", qty))
        total += result.credit
        found.append(tuple(map(str, (result.credit.net, *(tax for _group, tax in result.credit.taxes)))))
        assert result.money == result.credit.total
    assert found == expected
    assert total == line.parts


def test_three_thirds_and_a_cent_of_a_hundred():
    sale = order(goods("x", 1, "84.03", t19="15.97"))
    total = Parts()
    for amount in ("33.33", "33.33", "33.33", "0.01"):
        result, sale = give(sale, ask("goodwill", "x", amount=amount))
        assert result.money == D(amount)
        total += result.credit
    assert total == parts("84.03", t19="15.97")
    left = {"line": "x", "asked": D("0.01"), "left": D("0.00")}
    assert refusal(sale, ask("goodwill", "x", amount="0.01")) == (("more_than_paid", left),)


def test_thirty_small_refunds_come_to_one_total():
    sale, total = order(goods("x", 1, "84.03", t19="15.97")), Parts()
    given = 0
    while given < 30:
        result, sale = give(sale, ask("goodwill", "x", amount="3.33"))
        total, given = total + result.credit, given + 1
    assert total.total == D("99.90")
    assert codes(refusal(sale, ask("goodwill", "x", amount="3.33"))) == ["more_than_paid"]
    result, sale = give(sale, ask("goodwill", "x", amount="0.10"))
    assert total + result.credit == parts("84.03", t19="15.97")


def test_a_discount_on_the_order_is_part_of_every_price():
    """Lamps 80 and bulbs 20, ten percent off the order: a lamp of two is worth 36, not 40."""
    sale = order(
        goods("lamp", 2, "67.23", t19="12.77"), goods("bulb", 1, "18.69", t07="1.31"),
        promotion("ten", "-8.59", t19="-1.28", t07="-0.13"),
    )  # fmt: skip
    one, sale = give(sale, ask("return", "lamp", "1"))
    assert one.credit == parts("30.26", t19="5.74")
    two, sale = give(sale, ask("return", "lamp", "1"), ask("return", "bulb", "1"))
    assert (one.credit + two.credit).total == D("90.00")
    assert one.credit + two.credit == parts("77.33", t19="11.49", t07="1.18")


def test_a_discount_on_one_line_leaves_the_others_alone():
    sale = order(goods("a", 1, "50.00"), goods("b", 1, "50.00"), promotion("sale", "-20.00", ("a",)))
    assert give(sale, ask("return", "a", "1"))[0].money == D("30.00")
    assert give(sale, ask("return", "b", "1"))[0].money == D("50.00")


def test_two_discounts_dearer_than_their_line_make_the_others_cheaper():
    """10 less 8 less 8, beside 50: the customer paid 44, and gets no more."""
    a, b = goods("a", 1, "10.00"), goods("b", 1, "50.00")
    sale = order(a, b, promotion("one", "-8.00", ("a",)), promotion("two", "-8.00", ("a",)))
    first, sale = give(sale, ask("return", "a", "1"))
    second, sale = give(sale, ask("return", "b", "1"))
    assert (first.credit.total, second.credit.total) == (0, D("44.00"))


def test_a_discount_with_a_tax_its_goods_do_not_have():
    sale = order(goods("a", 1, "75.00"), goods("b", 1, "25.00"), promotion("odd", "-10.00", t19="-1.90"))
    first, sale = give(sale, ask("return", "a", "1"))
    second, sale = give(sale, ask("return", "b", "1"))
    assert (first.credit, second.credit) == (parts("67.50", t19="-1.43"), parts("22.50", t19="-0.47"))


def test_a_voucher_dearer_than_the_goods_paid_the_delivery_too():
    sale = order(goods("a", 1, "8.00"), delivery("4.00"), promotion("voucher", "-10.00"))
    result, _sale = give(sale, ask("return", "a", "1"), freight="yes")
    assert [str(row.parts.total) for row in result.rows] == ["1.33", "0.67"]
    assert result.money == D("2.00")


def test_the_rounding_of_the_document_goes_back_too():
    """Cash rounding to 5 Rappen: 99.97 was paid as 99.95."""
    sale = order(goods("a", 1, "60.00"), goods("b", 1, "39.97"), Line("cash", "rounding", parts=parts("-0.02")))
    first, sale = give(sale, ask("return", "a", "1"))
    second, sale = give(sale, ask("return", "b", "1"))
    assert (first.money, second.money) == (D("59.99"), D("39.96"))


# qty returned, fee %, credited, fee
FEES = [
    ("1", "15", "42.50", "7.50"),
    ("2", "15", "85.00", "15.00"),
    ("2", "0", "100.00", "0.00"),
    ("1", "100", "0.00", "50.00"),
    ("1", "33.333", "33.33", "16.67"),
]


@pytest.mark.parametrize("qty, fee, credited, kept", FEES)
def test_a_restocking_fee_is_kept_with_its_tax(qty, fee, credited, kept):
    result, _sale = give(order(goods("x", 2, "84.03", t19="15.97")), ask("return", "x", qty, fee=fee))
    row = result.rows[0]
    assert (row.parts.total, row.fee.total) == (D(credited), D(kept))
    if row.fee.net:
        assert abs(row.fee.net * D("0.19") - row.fee.tax("t19")) <= D("0.01")


def test_a_fee_is_not_given_back_by_the_next_return():
    _first, sale = give(order(goods("x", 2, "100.00")), ask("return", "x", "1", fee="20"))
    second, sale = give(sale, ask("return", "x", "1"))
    assert second.money == D("50.00")
    # But it can be, when somebody says so.
    third, _sale = give(sale, ask("goodwill", "x", amount="10.00"))
    assert third.money == D("10.00")


def test_a_unit_kept_for_less_does_not_make_the_others_cheaper():
    """Two at 50: one is kept with 30 % back, the other comes back for its whole price."""
    keep, sale = give(order(goods("x", 2, "100.00")), ask("keep", "x", "1", percent="30"))
    other, sale = give(sale, ask("return", "x", "1"))
    last, sale = give(sale, ask("return", "x", "1"))
    assert [one.money for one in (keep, other, last)] == [D("15.00"), D("50.00"), D("35.00")]


# new price, qty, back; after a price difference of 45 was paid for both units
PRICES = [("40", None, "10.00"), ("40", "1", "5.00"), ("44.99", "2", "0.02")]


@pytest.mark.parametrize("price, qty, back", PRICES)
def test_a_price_that_falls_twice_is_not_paid_twice(price, qty, back):
    first, sale = give(order(goods("x", 2, "100.00")), ask("price_difference", "x", price="45"))
    assert first.money == D("10.00")
    assert give(sale, ask("price_difference", "x", qty, price=price))[0].money == D(back)
    assert codes(refusal(sale, ask("price_difference", "x", price="45"))) == ["not_cheaper"]


def test_a_price_difference_is_meant_as_the_prices_of_the_order():
    net = order(goods("x", 2, "100.00", t19="19.00"), included=False)
    assert give(net, ask("price_difference", "x", price="45"))[0].credit == parts("10.00", t19="1.90")
    gross = order(goods("x", 2, "84.03", t19="15.97"))
    assert give(gross, ask("price_difference", "x", price="45"))[0].credit == parts("8.40", t19="1.60")


def test_goodwill_for_the_order_lowers_the_price_of_all_goods():
    sale = order(goods("a", 1, "75.00"), goods("b", 1, "25.00"), delivery("5.00"))
    result, sale = give(sale, ask("goodwill", amount="10.00"))
    assert [(row.line, str(row.parts.total)) for row in result.rows] == [("a", "7.50"), ("b", "2.50")]
    rest, _sale = give(sale, ask("return", "a", "1"), ask("return", "b", "1"), freight="yes")
    assert result.money + rest.money == D("105.00")
