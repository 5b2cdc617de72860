"""How the money goes back, and what it never does."""

from decimal import Decimal as D
from itertools import product

import pytest
from refund_world import ask, backs, codes, delivery, give, goods, order, parts, promotion, refusal
from refunding import Own, Payment, Promotion, Wish, refund

NAN, ENDLESS = D("NaN"), D("Infinity")


def pay(key, amount, **more):
    return Payment(key, D(amount), **more)


CARD, GIFT_CARD = pay("card", "60.00"), pay("gift card", "40.00", stored=True)
CASH, KLARNA = pay("cash", "100.00", refundable=False), pay("instalments", "40.00", whole=True)

# name, payments, stored first or last, refund of 100 → through, by a person
WAYS = [
    ("one card", (pay("card", "100.00"),), "last", "30", {"card": "30"}, "0"),
    ("largest first", (pay("a", "20.00"), pay("b", "50.00"), pay("c", "30.00")), "last", "60",
     {"b": "50.00", "c": "10.00"}, "0"),
    ("gift card last", (GIFT_CARD, CARD), "last", "70", {"card": "60.00", "gift card": "10.00"}, "0"),
    ("gift card first", (GIFT_CARD, CARD), "first", "70", {"gift card": "40.00", "card": "30.00"}, "0"),
    ("cash at the door", (CASH,), "last", "30", {}, "30"),
    ("half of a payment that gives all or nothing", (KLARNA, CARD), "last", "80", {"card": "60.00"}, "20.00"),
    ("all of it", (KLARNA, CARD), "last", "100", {"card": "60.00", "instalments": "40.00"}, "0"),
    ("another service gives the odd part", (KLARNA, CARD), "last", "30", {"card": "30"}, "0"),
]  # fmt: skip


@pytest.mark.parametrize("name, payments, stored, amount, through, person", WAYS, ids=[row[0] for row in WAYS])
def test_money_goes_back_as_it_came(name, payments, stored, amount, through, person):
    sale = order(goods("x", 100, "100.00"), payments=payments)
    result, after = give(sale, ask("return", "x", amount), stored=stored)
    assert backs(result) == {key: D(part) for key, part in through.items()}
    assert result.person == D(person)
    assert ("by_person" in codes(result.warnings)) == (result.person > 0)
    assert after.paid_out == D(person)


def test_what_a_payment_gave_back_it_does_not_give_again():
    sale = order(goods("x", 100, "100.00"), payments=(GIFT_CARD, CARD))
    _first, sale = give(sale, ask("return", "x", "55"))
    second, sale = give(sale, ask("return", "x", "45"))
    assert backs(second) == {"card": D("5.00"), "gift card": D("40.00")}
    # Somebody paid out by hand what the card was to give: the credit is open, the money is gone.
    by_hand = order(goods("x", 2, "100.00"), paid_out=D("100.00"))
    result, _sale = give(by_hand, ask("return", "x", "2"))
    assert (result.credit.total, result.money) == (D("100.00"), 0)


def test_cash_on_delivery():
    sale = order(goods("x", 2, "100.00"), payments=(), cash=True)
    assert refusal(sale, ask("return", "x", "1")) == (("not_collected", {}),)
    result, _sale = give(sale._replace(payments=(CASH,)), ask("return", "x", "1"))
    assert (result.person, result.backs) == (D("50.00"), ())


def test_another_currency_goes_back_at_the_rate_it_came_at():
    """100.00 EUR were paid with 108.37 USD; three refunds are together 108.37 USD, whatever the dollar costs today."""
    paid = pay("card", "100.00", own=Own("USD", D("108.37")))
    sale, dollars = order(goods("x", 3, "100.00"), payments=(paid,)), []
    for _number in range(3):
        result, sale = give(sale, ask("return", "x", "1"))
        dollars.append(result.backs[0].own)
    assert dollars == [D("36.12"), D("36.13"), D("36.12")]
    yen = pay("card", "100.00", own=Own("JPY", D("16385"), step=D(1)))
    assert give(order(goods("x", 3, "100.00"), payments=(yen,)), ask("return", "x", "1"))[0].backs[0].own == D("5461")


def test_what_the_bank_took_back_in_another_currency_is_not_given_again():
    paid = pay("card", "100.00", own=Own("USD", D("108.37")), charged_back=D("50.00"))
    result, _sale = give(order(goods("x", 2, "100.00"), payments=(paid,)), ask("return", "x", "2"))
    assert (result.money, result.backs[0].own) == (D("50.00"), D("54.19"))


# paid of 100, one of two at 50 back → money, then the other back → money
DEPOSITS = [
    ("100.00", "50.00", "50.00"),
    ("60.00", "10.00", "50.00"),
    ("30.00", "0", "30.00"),
    ("120.00", "50.00", "50.00"),
]


@pytest.mark.parametrize("paid, first, second", DEPOSITS)
def test_nothing_goes_back_that_is_still_owed(paid, first, second):
    one, sale = give(order(goods("x", 2, "100.00"), paid=paid), ask("return", "x", "1"))
    two, _sale = give(sale, ask("return", "x", "1"))
    assert (one.money, two.money) == (D(first), D(second))
    assert one.credit.total == two.credit.total == D("50.00")
    assert ("still_owed" in codes(one.warnings)) == (D(first) < 50)


def test_paid_twice():
    sale = order(goods("x", 2, "84.03", t19="15.97"), payments=(pay("card", "100.00"), pay("transfer", "100.00")))
    result, after = give(sale, ask("paid_twice"))
    assert result.credit == parts("100.00")  # there is no tax in what nothing was sold for
    assert codes(refusal(after, ask("paid_twice"))) == ["more_than_paid"]
    assert give(after, ask("return", "x", "2"))[0].money == D("100.00")
    both, after = give(sale, ask("return", "x", "1"), ask("paid_twice"))
    assert both.money == D("150.00")
    assert refusal(sale, ask("paid_twice", amount="100.01"))[0][1]["left"] == D("100.00")
    assert codes(refusal(order(goods("x", 1, "5.00")), ask("paid_twice"))) == ["more_than_paid"]


def test_after_a_chargeback():
    sale = order(goods("x", 2, "100.00"), payments=(pay("card", "100.00", charged_back=D("100.00")),))
    assert refusal(sale, ask("return", "x", "1")) == (("charged_back", {"amount": D("100.00")}),)
    # Part of the money was taken back: what is left pays for what he keeps.
    half = order(goods("x", 2, "100.00"), payments=(pay("a", "60.00", charged_back=D("60.00")), pay("b", "40.00")))
    assert codes(refusal(half, ask("return", "x", "1"))) == ["charged_back"]
    result, _sale = give(half, ask("return", "x", "2"))
    assert backs(result) == {"b": D("40.00")}
    assert "charged_back" in codes(result.warnings)


def test_a_payment_that_gives_all_or_nothing_is_touched_by_the_bank():
    sale = order(goods("x", 2, "40.00"), payments=(KLARNA._replace(charged_back=D("10.00")),))
    result, _sale = give(sale, ask("return", "x", "2"))
    assert (result.money, result.backs, result.person) == (D("30.00"), (), D("30.00"))


def test_a_chargeback_after_the_refund():
    sale = order(goods("x", 2, "100.00"))
    _first, sale = give(sale, ask("return", "x", "1"))
    sale = sale._replace(payments=(sale.payments[0]._replace(charged_back=D("100.00")),))
    assert codes(refusal(sale, ask("return", "x", "1"))) == ["charged_back"]


# of 5, 3 delivered: kind, asked → refused as
QUANTITIES = [
    ("return", "3", None),
    ("return", "4", "more_than_delivered"),
    ("not_shipped", "2", None),
    ("not_shipped", "3", "more_than_undelivered"),
    ("cancelled_by_us", "2.5", "more_than_undelivered"),
    ("short", "5", None),
    ("refund_only", "5", None),
    ("refund_only", "5.01", "more_than_invoiced"),
    ("refused_parcel", "6", "more_than_invoiced"),
]


@pytest.mark.parametrize("kind, qty, code", QUANTITIES)
def test_quantities_are_capped(kind, qty, code):
    sale = order(goods("x", 5, "100.00", delivered=3))
    found = refund(sale, Wish((ask(kind, "x", qty),))).refused
    assert codes(found) == ([code] if code else [])


# what was settled before, of 5 with 3 delivered → left to return, left to cancel
LEFT = [
    ((), 3, 2),
    ((("return", 1),), 2, 2),
    ((("short", 1),), 3, 1),
    ((("short", 3),), 2, 0),
    ((("refund_only", 2),), 1, 2),
    ((("refund_only", 4),), 0, 1),
    ((("not_shipped", 2), ("return", 3)), 0, 0),
]


@pytest.mark.parametrize("before, returns, cancels", LEFT)
def test_a_unit_is_settled_once(before, returns, cancels):
    sale = order(goods("x", 5, "100.00", delivered=3))
    for kind, qty in before:
        _result, sale = give(sale, ask(kind, "x", qty))
    for kind, left in (("return", returns), ("not_shipped", cancels)):
        found = refusal(sale, ask(kind, "x", "9"))
        assert found[0][1]["left"] == left


def test_two_asks_for_one_unit_in_one_wish():
    sale = order(goods("x", 1, "100.00"))
    assert codes(refusal(sale, ask("return", "x", "1"), ask("return", "x", "1"))) == ["more_than_delivered"]
    assert codes(refusal(sale, ask("refund_only", "x", amount="60"), ask("goodwill", "x", amount="50"))) == [
        "more_than_paid"
    ]


# an ask, or a wish, that is wrong → code
WRONG = [
    (ask("goodwill", "x", amount=NAN), {}, "not_a_number"),
    (ask("goodwill", "x", amount=ENDLESS), {}, "not_a_number"),
    (ask("goodwill", "x")._replace(amount=5.0), {}, "not_a_number"),
    (ask("goodwill", "x")._replace(amount="5"), {}, "not_a_number"),
    (ask("goodwill", "x", amount="1E30"), {}, "too_large"),
    (ask("goodwill", "x", amount="-1"), {}, "negative"),
    (ask("goodwill", "x", amount="0"), {}, "zero"),
    (ask("goodwill", "x", amount="0.005"), {}, "not_whole"),
    (ask("goodwill", "x", amount="100.01"), {}, "more_than_paid"),
    (ask("goodwill", amount="100.01"), {}, "more_than_paid"),
    (ask("goodwill", "x"), {}, "figure_missing"),
    (ask("goodwill", "x", amount="1", percent="1"), {}, "figure_unused"),
    (ask("return", "x", NAN), {}, "not_a_number"),
    (ask("return", "x", "-1"), {}, "negative"),
    (ask("return", "x", "0"), {}, "zero"),
    (ask("return", "x"), {}, "figure_missing"),
    (ask("return"), {}, "line_missing"),
    (ask("return", "y", "1"), {}, "unknown_line"),
    (ask("return", "freight", "1"), {}, "unknown_line"),
    (ask("return", "x", "1", fee="101"), {}, "over_100"),
    (ask("return", "x", "1", fee="-5"), {}, "negative"),
    (ask("refund_only", "x", "1", amount="5"), {}, "one_figure"),
    (ask("keep", "x", percent="200"), {}, "over_100"),
    (ask("keep", "x"), {}, "figure_missing"),
    (ask("keep", "x", percent="5", amount="5"), {}, "one_figure"),
    (ask("keep", "x", "9", percent="5"), {}, "more_than_invoiced"),
    (ask("price_difference", "x", price="60"), {}, "not_cheaper"),
    (ask("steal", "x", "1"), {}, "unknown_kind"),
    (ask("return", "x", "1"), {"currency": "USD"}, "other_currency"),
    (ask("return", "x", "1"), {"freight": "perhaps"}, "unknown_choice"),
    (ask("return", "x", "1"), {"return_freight": D(-5)}, "negative"),
    (ask("return", "x", "1"), {"insured": NAN}, "not_a_number"),
    (ask("return", "x", "1"), {"return_freight": D("6.905")}, "not_whole"),
]


@pytest.mark.parametrize("wrong, wish, code", WRONG)
def test_what_cannot_be_is_refused_before_anything_happens(wrong, wish, code):
    sale = order(goods("x", 2, "100.00"), delivery("0.00"))
    assert codes(refusal(sale, wrong, **wish))[0] == code
    # Beside something that is right as well: all or nothing.
    assert codes(refusal(sale, ask("keep", "x", "1", percent="1"), wrong, **wish))[0] == code


def test_orders_without_money():
    line = goods("x", 1, "100.00")
    assert codes(refusal(order(line, payments=()), ask("return", "x", "1"))) == ["never_paid"]
    strange = pay("card", "100.00", currency="USD")
    assert codes(refusal(order(line, payments=(strange,)), ask("return", "x", "1"))) == ["other_currency"]
    assert codes(refusal(order(line))) == ["nothing_asked"]


def test_the_same_question_has_the_same_answer():
    offer = Promotion("from 80", D(80), ("ten",))
    sale = order(goods("x", 3, "84.03", t19="15.97"), promotion("ten", "-8.40", t19="-1.60"), promotions=(offer,))
    for qty, freight in product(("1", "2", "3"), ("no", "part", "yes")):
        wish = Wish((ask("return", "x", qty, fee="15"),), freight=freight)
        assert refund(sale, wish) == refund(sale, wish)
