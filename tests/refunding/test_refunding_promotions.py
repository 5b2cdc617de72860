"""Freight, and what was given because the order was large enough."""

from decimal import Decimal as D

import pytest
from refund_world import ask, codes, delivery, gift, give, goods, order, parts, promotion, refusal
from refunding import Promotion

# freight asked, most, freight back with the first of two equal lines, then with the second
FREIGHT = [
    ("no", None, "0", "0"),
    ("yes", None, "5.95", "0"),
    ("yes", "4.00", "4.00", "0"),
    ("part", None, "2.98", "2.97"),
    ("part", "4.00", "2.98", "1.02"),
]


@pytest.mark.parametrize("freight, most, first, second", FREIGHT)
def test_freight_goes_back_once(freight, most, first, second):
    sale = order(goods("a", 1, "50.00"), goods("b", 1, "50.00"), delivery("5.00", t19="0.95"))
    wish = {"freight": freight, "freight_most": most and D(most)}
    one, sale = give(sale, ask("return", "a", "1"), **wish)
    two, sale = give(sale, ask("return", "b", "1"), **wish)
    assert (one.money, two.money) == (50 + D(first), 50 + D(second))
    if (freight, most) == ("part", None):
        assert one.credit + two.credit == parts("105.00", t19="0.95")


def test_freight_alone():
    sale = order(goods("a", 1, "50.00"), delivery("5.00", t19="0.95"))
    part, sale = give(sale, ask("freight_only", amount="2.00"))
    rest, sale = give(sale, ask("freight_only"))
    assert (part.money, rest.money, part.credit + rest.credit) == (D("2.00"), D("3.95"), parts("5.00", t19="0.95"))
    assert codes(refusal(sale, ask("freight_only"))) == ["more_than_paid"]
    assert codes(refusal(order(goods("a", 1, "50.00")), ask("freight_only"))) == ["more_than_paid"]


# who bears the way back, who laid it out, insurance → off the refund, reimbursed
WAY_BACK = [
    ("us", "us", "0", "0", "0"),
    ("us", "customer", "0", "0", "6.90"),
    ("us", "customer", "5.00", "0", "1.90"),
    ("us", "customer", "9.00", "0", "0"),  # 运费险 paid more than the way cost
    ("customer", "us", "0", "6.90", "0"),
    ("customer", "us", "9.00", "6.90", "0"),
    ("customer", "customer", "0", "0", "0"),
]


@pytest.mark.parametrize("payer, advanced, insured, off, reimbursed", WAY_BACK)
def test_the_way_back(payer, advanced, insured, off, reimbursed):
    result, _sale = give(
        order(goods("a", 1, "50.00")), ask("return", "a", "1"), return_freight=D("6.90"), return_payer=payer,
        return_advanced=advanced, insured=D(insured),
    )  # fmt: skip
    assert (result.money, result.reimbursed) == (50 - D(off), D(reimbursed))
    assert ("insured" in codes(result.warnings)) == (payer == "us" and D(insured) > 0)


def test_a_way_back_dearer_than_the_goods_is_not_asked_for():
    result, _sale = give(
        order(goods("a", 1, "5.00")), ask("return", "a", "1"), return_freight=D("6.90"), return_payer="customer"
    )
    assert (result.money, result.credit.total) == (0, 0)
    assert result.warnings == (("freight_not_covered", {"amount": D("1.90")}),)


def large_order(rule, *extra, lines=("free",), **more):
    """Two lamps at 50; from 80 on something is given."""
    offer = Promotion("from 80", D(80), lines, rule)
    return order(goods("lamp", 2, "100.00"), *extra, promotions=(offer,), **more)


FREE = (delivery("5.95"), promotion("free", "-5.95", ("freight",)))

# rule, first lamp, second lamp
FREE_FREIGHT = [("let_go", "50.00", "50.00"), ("take_back", "44.05", "55.95"), ("charge", "44.05", "55.95")]


@pytest.mark.parametrize("rule, first, second", FREE_FREIGHT)
def test_free_freight_lost(rule, first, second):
    """Whoever sends all back owes no freight at all: the second refund gives back what the first took."""
    one, sale = give(large_order(rule, *FREE), ask("return", "lamp", "1"))
    two, sale = give(sale, ask("return", "lamp", "1"))
    assert (one.money, two.money) == (D(first), D(second))
    assert ("promotion_let_go" in codes(one.warnings)) == (rule == "let_go")
    assert give(large_order(rule, *FREE), ask("return", "lamp", "2"))[0].money == D("100.00")


def test_free_delivery_lost():
    """A delivery that was free by the carrier's own bound costs what it would have cost; not for us to be at fault."""
    free = delivery("0.00")._replace(charge=parts("5.00", t19="0.95"))
    sale = large_order("take_back", free, lines=("freight",))
    one, rest = give(sale, ask("return", "lamp", "1"))
    assert (one.money, codes(one.warnings)) == (D("44.05"), ["promotion_lost"])
    assert one.credit == parts("45.00", t19="-0.95")
    assert give(rest, ask("return", "lamp", "1"))[0].money == D("55.95")
    assert give(large_order("let_go", free, lines=("freight",)), ask("return", "lamp", "1"))[0].money == D("50.00")
    assert give(sale, ask("short", "lamp", "1"))[0].money == D("50.00")


def test_percentage_lost():
    """Ten percent from 80 on: one lamp of two comes back, the other costs its whole price again."""
    ten = promotion("ten", "-10.00")
    one, sale = give(large_order("take_back", ten, lines=("ten",)), ask("return", "lamp", "1"))
    assert one.money == D("40.00")
    assert one.warnings == (("promotion_lost", {"promotion": "from 80", "amount": D("5.00")}),)
    two, sale = give(sale, ask("return", "lamp", "1"))
    assert one.money + two.money == D("90.00")
    assert give(large_order("let_go", ten, lines=("ten",)), ask("return", "lamp", "1"))[0].money == D("45.00")


# rule, is the gift sent back too?, refund, codes
GIFTS = [
    ("let_go", False, "50.00", ["promotion_let_go"]),
    ("take_back", False, "50.00", ["gift_expected"]),
    ("take_back", True, "50.00", []),
    ("charge", False, "38.10", ["promotion_lost"]),
    ("charge", True, "50.00", []),
]


@pytest.mark.parametrize("rule, sent, back, expected", GIFTS)
def test_gift_lost(rule, sent, back, expected):
    sale = large_order(rule, gift("mug", "10.00", t19="1.90"), lines=("mug",))
    asks = [ask("return", "lamp", "1")] + [ask("return", "mug", "1")] * sent
    result, sale = give(sale, *asks)
    assert (result.money, codes(result.warnings)) == (D(back), expected)
    if rule == "charge" and not sent:
        assert result.credit == parts("40.00", t19="-1.90")
        assert give(sale, ask("return", "mug", "1"))[0].money == D("11.90")


# kind → free freight is lost
FAULTS = [("return", True), ("short", False), ("cancelled_by_us", False), ("not_shipped", True)]


@pytest.mark.parametrize("kind, is_lost", FAULTS)
def test_nobody_loses_a_promotion_by_our_fault(kind, is_lost):
    sale = large_order("take_back", *FREE)
    if kind != "return":
        sale = sale._replace(lines=(sale.lines[0]._replace(delivered=D(0)), *sale.lines[1:]))
    one, sale = give(sale, ask(kind, "lamp", "1"))
    assert one.money == D("44.05") if is_lost else D("50.00")
    assert give(large_order("take_back", *FREE), ask("return", "lamp", "1"), ours=True)[0].money == D("50.00")


def test_what_could_not_be_taken_back_is_taken_by_the_next_refund():
    lines = (
        goods("lamp", 1, "90.00"),
        goods("bulb", 2, "4.00"),
        delivery("9.00"),
        promotion("free", "-9.00", ("freight",)),
    )
    sale = order(*lines, promotions=(Promotion("from 92", D("92.00"), ("free",)),))
    _first, sale = give(sale, ask("return", "bulb", "1"))
    assert sale.past[-1].kind == "return"  # 92 stay
    second, sale = give(sale, ask("return", "bulb", "1"))
    assert second.money == 0
    assert second.warnings[0] == ("taken_later", {"promotion": "from 92", "amount": D("7.00")})
    third, sale = give(sale, ask("return", "lamp", "1"))
    assert third.money == D("92.00")  # nothing stays, nothing is owed: 90 and the 2 taken off before


def test_one_promotion_gives_back_what_another_takes():
    """Free freight was lost with the first lamp; with the second the mug has to be paid, and the freight comes back."""
    lines = (goods("lamp", 2, "20.00"), gift("mug", "15.00"), *FREE)
    offers = (Promotion("mug from 5", D(5), ("mug",), "charge"), Promotion("free from 15", D(15), ("free",)))
    sale = order(*lines, promotions=offers)
    first, sale = give(sale, ask("return", "lamp", "1"))
    second, sale = give(sale, ask("return", "lamp", "1"))
    assert (first.money, second.money) == (D("4.05"), D("0.95"))
    assert codes(second.warnings) == ["promotion_restored", "promotion_lost"]


def test_a_bulb_cheap_because_of_a_lamp_is_dear_without_it():
    offer = Promotion("bulb with lamp", D(40), ("half",), on=("lamp",))
    sale = order(goods("lamp", 1, "50.00"), goods("bulb", 1, "10.00"), promotion("half", "-5.00", ("bulb",)),
                 promotions=(offer,))  # fmt: skip
    assert give(sale, ask("return", "bulb", "1"))[0].money == D("5.00")
    lamp, sale = give(sale, ask("return", "lamp", "1"))
    bulb, sale = give(sale, ask("return", "bulb", "1"))
    assert (lamp.money, bulb.money) == (D("45.00"), D("10.00"))


# lamps back → earned points off, spent points back
POINTS = [("1", 50, 100), ("2", 100, 200)]


@pytest.mark.parametrize("qty, off, back", POINTS)
def test_points_go_where_they_came_from(qty, off, back):
    sale = order(goods("lamp", 2, "100.00"), promotion("spent", "-20.00", points="200"), earned=D(100), points=D(60))
    result, sale = give(sale, ask("return", "lamp", qty))
    assert (result.points_taken, result.points_back) == (off, (("spent", back),))
    assert ("points_spent" in codes(result.warnings)) == (off > 60)
    assert result.money == 40 * D(qty)
    if qty == "1":
        rest, _sale = give(sale, ask("return", "lamp", "1"))
        assert (rest.points_taken, rest.points_back) == (50, (("spent", 100),))


def test_points_of_a_lost_reward_come_back_in_full():
    spent = promotion("spent", "-20.00", points="200")
    sale = large_order("take_back", spent, lines=("spent",))
    result, _sale = give(sale, ask("return", "lamp", "1"))
    assert (result.money, result.points_back) == (D("30.00"), (("spent", 200),))
