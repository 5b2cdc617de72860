"""Bills held against what was ordered and what left, in small numbers a bookkeeper can check."""

import random
from decimal import Decimal as D

import matching
from matching import Charge, Goods, Tolerance, decided, judge_charge, judge_goods, pick, same_number
from package_examples import tried

LAMP = Goods(D(3), D(3), D("3.333"), D(3), D(3), D("10.00"), lines=1, bills=1)


def codes(verdict):
    return [code for code, _figures in verdict.reasons]


def test_examples():
    assert tried(matching) > 25


def test_three_bills_of_a_third_are_rounded_three_times():
    """3 × 3.333 = 10.00, but one at a time 3 × 3.33 = 9.99."""
    verdict = judge_goods(LAMP._replace(amount=D("9.99"), lines=3, bills=3))
    assert (verdict.state, verdict.difference, codes(verdict)) == ("tolerated", D("-0.01"), ["match_rounding"])
    # Four cents are no rounding of three lines any more.
    assert codes(judge_goods(LAMP._replace(amount=D("10.04"), lines=3))) == ["match_price"]


def test_currency_is_named_when_the_rate_explains_it():
    other = LAMP._replace(amount=D("10.40"), at_order=D("10.00"))
    assert (judge_goods(other).state, codes(judge_goods(other))) == ("tolerated", ["match_currency"])
    dearer = LAMP._replace(amount=D("10.90"), at_order=D("10.50"))
    assert (judge_goods(dearer).state, codes(judge_goods(dearer))) == ("differs", ["match_price"])


def test_a_part_was_billed():
    part = judge_goods(LAMP._replace(billed=D(1), invoiced=D(1), amount=D("3.33")))
    assert (part.state, part.difference, part.reasons) == ("waiting", D(0), (("match_unbilled", {"qty": D(2)}),))


def test_more_billed_than_left():
    two = LAMP._replace(shipped=D(2), agreed=D(5), amount=D(15))
    assert (judge_goods(two).state, codes(judge_goods(two))) == ("waiting", ["match_early"])
    closed = judge_goods(two._replace(closed=True))
    assert (closed.state, closed.difference, codes(closed)) == ("differs", D(5), ["match_quantity"])


def test_price_and_quantity_add_up():
    both = judge_goods(LAMP._replace(shipped=D(2), agreed=D(5), amount=D(18), closed=True))
    assert both.difference == D(18) - D(10)
    assert codes(both) == ["match_price", "match_quantity"]


def test_never_ordered():
    assert codes(judge_goods(Goods(D(0), D(0), D(5), D(1), D(1), D(5), lines=1, bills=1))) == ["match_not_ordered"]


def test_no_tolerance_for_what_was_billed_twice():
    twice = LAMP._replace(billed=D(6), invoiced=D(6), amount=D(20), lines=2, bills=2)
    assert judge_goods(twice, Tolerance(absolute=D(1000))).state == "differs"


def test_a_credit_note_ends_it():
    twice = LAMP._replace(billed=D(6), invoiced=D(6), amount=D(20), lines=2, bills=2)
    credited = twice._replace(billed=D(3), amount=D(10), lines=3)
    assert judge_goods(credited).state == "ok"


def test_what_came_back_is_credited_and_not_billed_again():
    back = LAMP._replace(shipped=D(2), billed=D(2), amount=D("6.67"), invoiced=D(3), lines=2)
    assert judge_goods(back).state == "ok"


def test_tolerance_the_first_row_that_fits_counts():
    rows = [Tolerance(supplier=1, kind="goods", absolute=D(1)), Tolerance(relative=D(2))]
    dearer = LAMP._replace(agreed=D(100), amount=D(301))
    assert judge_goods(dearer, pick(rows, 1, 1, "goods")).state == "tolerated"
    assert judge_goods(dearer._replace(amount=D(303)), pick(rows, 1, 1, "goods")).state == "differs"
    assert judge_goods(dearer._replace(amount=D(303)), pick(rows, 2, 1, "goods")).state == "tolerated"


def test_cheaper_needs_nobody():
    cheaper = judge_goods(LAMP._replace(amount=D(8)))
    assert (cheaper.state, cheaper.difference) == ("tolerated", D(-2))


def test_whole_units_of_a_currency_without_cents():
    yen = Goods(D(3), D(3), D("33.4"), D(3), D(3), D(100), lines=1, bills=1, step=D(1))
    assert judge_goods(yen).state == "ok"


def test_freight_billed_for_the_rest_that_has_not_left():
    freight = Charge("freight", D("3.90"), D("7.80"), D("7.80"), lines=1, complete=False)
    assert judge_charge(freight).state == "waiting"
    assert judge_charge(freight._replace(complete=True)).state == "differs"
    assert judge_charge(freight._replace(billed=D("9.80"))).state == "differs"


def test_an_allowance_is_welcome():
    assert judge_charge(Charge("other", billed=D(-5), lines=1)).state == "tolerated"


def test_decisions_are_about_an_amount():
    dearer = judge_goods(LAMP._replace(amount=D(12)))
    assert decided(dearer, "accept", D("2.00"), D("0.01")).state == "accepted"
    assert decided(dearer, "credit", D("2.00"), D("0.01")).state == "credit_asked"
    assert decided(judge_goods(LAMP._replace(amount=D(13))), "accept", D("2.00"), D("0.01")).state == "differs"


def test_numbers():
    for typed in ("RE 0042", "re-0042".replace("-", " "), "RE42", "ｒｅ４２"):
        assert same_number(typed) == "RE42"
    assert same_number("RE-42") != same_number("RE-420")


def test_the_difference_is_the_bill_less_what_may_be_billed():
    """Whatever is billed: expected + difference = billed, where everything that left is billed."""
    rng = random.Random(7)
    for _round in range(500):
        shipped, billed = D(rng.randint(1, 5)), D(rng.randint(5, 9))
        agreed = D(rng.randint(1, 999999)) / D(1000)
        amount = D(rng.randint(0, 500000)) / D(100)
        facts = Goods(D(9), shipped, agreed, billed, billed, amount, lines=1, bills=1, closed=rng.random() < 0.5)
        verdict = judge_goods(facts)
        # Two roundings lie between them: of what was billed and of what was not shipped.
        assert abs(verdict.expected + verdict.difference - amount) <= D("0.01")
