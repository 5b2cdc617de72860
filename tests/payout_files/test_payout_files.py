"""Payout files without Odoo: every form is read, and what does not add up says so."""

import doctest
import importlib
import pkgutil
import random
from decimal import Decimal as D

import payout_files
import payout_samples as samples
import pytest
from feeds.errors import FeedError
from payout_files import presets, reading
from payout_files.kinds import FEE_KINDS, KINDS


def read(code, content):
    return reading.read(presets.layout_of(code), content, "payout.csv")


def facts(payout):
    return [(fact.kind, fact.fee_kind, fact.number, fact.amount) for fact in payout.facts]


def test_examples_in_docstrings():
    tried = 0
    for info in pkgutil.iter_modules(payout_files.__path__):
        result = doctest.testmod(importlib.import_module(f"payout_files.{info.name}"))
        tried += result.attempted
        assert not result.failed
    assert tried >= 12


def test_presets_say_known_things():
    for code, (_platform, _name, _settings, columns, words) in presets.PAYOUTS.items():
        for column in map(presets.column_of, columns):
            assert column["field"] in reading.FIELDS, code
            assert not column["kind"] or column["kind"] in KINDS
            assert (column["kind"] == "fee") == bool(column["fee_kind"]), (code, column)
        for row in map(presets.word_of, words):
            assert row["kind"] in KINDS and (not row["fee_kind"] or row["fee_kind"] in FEE_KINDS), (code, row)
            assert (row["kind"] == "fee") == bool(row["fee_kind"]), (code, row)


def test_amazon():
    (payout,) = read("amazon_payout", samples.amazon()).payouts
    assert (payout.ref, payout.currency, payout.date, payout.told) == ("11223344", "EUR", "2026-05-04", D("77.36"))
    assert payout.problems == [] and payout.total == D("77.36")
    assert facts(payout) == [
        ("sale", "", "303-1", D("100.00")), ("shipping", "", "303-1", D("4.90")), ("tax", "", "303-1", D("19.00")),
        ("tax_withheld", "", "303-1", D("-19.00")), ("fee", "commission", "303-1", D("-15.74")),
        ("refund", "", "303-2", D("-20.00")), ("fee", "refund", "303-2", D("-0.80")),
        ("reserve_held", "", "", D("-11.00")), ("reserve_released", "", "", D("39.00")),
        ("fee", "subscription", "", D("-19.00")),
    ]  # fmt: skip


def test_amazon_in_europe_and_the_day_of_a_row():
    """Amounts may have a comma, and of the two dates the one that can be read in one way only counts."""
    (payout,) = read("amazon_payout", samples.amazon(mark=",")).payouts
    assert (payout.told, payout.total, payout.problems) == (D("77.36"), D("77.36"), [])
    assert {fact.date for fact in payout.facts} == {"2026-05-02"}


def test_a_total_that_does_not_add_up():
    (payout,) = read("amazon_payout", samples.amazon(total="80.00")).payouts
    assert payout.problems == [["payout_total", {"told": "80.00", "found": "77.36"}]]


def test_ebay_has_its_fees_in_columns():
    (payout,) = read("ebay_payout", samples.ebay()).payouts
    assert (payout.ref, payout.currency, payout.date, payout.problems) == ("6012", "USD", "2026-05-04", [])
    assert facts(payout)[:4] == [
        ("sale", "", "18-1-9", D("100.00")), ("fee", "commission", "18-1-9", D("-0.30")),
        ("fee", "commission", "18-1-9", D("-12.00")), ("fee", "payment", "18-1-9", D("-1.30")),
    ]  # fmt: skip
    assert facts(payout)[4:] == [("chargeback", "", "18-1-7", D("-30.00")), ("transfer", "", "", D("-56.40"))]
    assert payout.transferred == payout.total == D("56.40")


def test_ebay_in_britain():
    (payout,) = read("ebay_payout", samples.ebay_uk()).payouts
    assert (payout.ref, payout.date, payout.total) == ("6013", "2026-05-04", D("82.05"))
    assert [fact.problems for fact in payout.facts if fact.problems] == []
    assert facts(payout)[-2:] == [("fee", "penalty", "18-1-9", D("-3.30")), ("fee", "other", "18-1-9", D("-2.00"))]


def test_tiktok():
    (payout,) = read("tiktok_payout", samples.tiktok()).payouts
    assert (payout.ref, payout.total) == ("7001", D("23.60"))
    assert [fact.problems for fact in payout.facts if fact.problems] == []
    assert facts(payout)[-1] == ("fee", "penalty", "576461413038785799", D("-2.00"))


def test_shopify_leaves_out_what_is_not_paid_out():
    statement = read("shopify_payout", samples.shopify())
    (payout,) = statement.payouts
    assert (payout.ref, payout.total, statement.skipped) == ("9001", D("38.85"), {"status": 1})
    assert facts(payout)[1] == ("fee", "payment", "#1001", D("-1.15"))


def test_stripe_tells_the_transaction():
    (payout,) = read("stripe_payout", samples.stripe()).payouts
    assert (payout.currency, payout.problems, payout.total) == ("EUR", [], D("12.15"))
    assert payout.facts[0].transaction == "pi_1" and payout.facts[0].entry == "txn_1"
    assert facts(payout)[2:4] == [("chargeback", "", "2040", D("-12.00")), ("fee", "payment", "2040", D("-15.00"))]


def test_paypal_is_a_statement_of_an_account():
    statement = read("paypal_payout", samples.paypal())
    (payout,) = statement.payouts
    assert (payout.ref, payout.problems, payout.transferred) == ("2026-05-01 – 2026-05-04", [], D("1000.00"))
    assert (payout.total, statement.skipped) == (D("1051.50"), {"status": 1})
    missing = samples.paypal().replace(b"1,051.50", b"1,050.50")
    assert read("paypal_payout", missing).payouts[0].problems == [["payout_balance", {}]]


def test_alipay():
    (payout,) = read("alipay_payout", samples.alipay()).payouts
    assert payout.problems == [] and payout.currency == "CNY"
    assert facts(payout) == [
        ("sale", "", "1930679858170647", D("90.00")), ("fee", "commission", "1930679858170647", D("-4.50")),
        ("transfer", "", "", D("-100.00")),
    ]  # fmt: skip


def test_wechat():
    (payout,) = read("wechat_payout", samples.wechat()).payouts
    assert (payout.ref, payout.problems, payout.transferred) == ("2026-05-01 – 2026-05-03", [], D("60.00"))
    assert facts(payout) == [
        ("sale", "", "S00042-1", D("90.00")), ("fee", "payment", "S00042-1", D("-0.54")),
        ("refund", "", "4200001", D("-20.00")), ("transfer", "", "W1", D("-60.00")),
    ]  # fmt: skip
    assert (payout.facts[0].transaction, payout.facts[0].entry) == ("4200001", "F1")


def test_pinduoduo():
    (payout,) = read("pdd_payout", samples.pdd()).payouts
    assert facts(payout) == [
        ("sale", "", "260618-001", D("34.90")), ("sale", "", "260618-001", D("6.00")),
        ("fee", "commission", "260618-001", D("-0.21")), ("fee", "penalty", "260601-009", D("-3.00")),
    ]  # fmt: skip


def test_douyin_and_signs_the_wrong_way_round():
    (payout,) = read("douyin_payout", samples.douyin()).payouts
    assert facts(payout) == [
        ("sale", "", "6931200184410012345", D("84.00")), ("sale", "", "6931200184410012345", D("5.00")),
        ("fee", "commission", "6931200184410012345", D("-4.45")),
    ]  # fmt: skip
    (payout,) = read("douyin_payout", samples.douyin(fee="4.45")).payouts
    assert payout.facts[0].problems == [["payout_row_sum", {"told": "84.55", "found": "93.45"}]]


def test_douyin_movements_are_counted_once():
    """The amount of a row is what its parts come to, or all there is."""
    (payout,) = read("douyin_payout", samples.douyin_moves()).payouts
    assert [fact.problems for fact in payout.facts if fact.problems] == []
    assert facts(payout) == [
        ("sale", "", "69312001", D("84.00")), ("sale", "", "69312001", D("5.00")),
        ("sale", "", "69312001", D("1.00")), ("fee", "commission", "69312001", D("-4.45")),
        ("fee", "advertising", "69312001", D("-6.00")), ("refund", "", "69312001", D("-20.00")),
        ("transfer", "", "", D("-50.00")),
    ]  # fmt: skip
    assert (payout.facts[0].entry, payout.total, payout.transferred) == ("9001", D("59.55"), D("50.00"))


def test_jingdong_says_in_words_who_pays():
    (payout,) = read("jd_payout", samples.jd()).payouts
    assert (payout.ref, payout.currency, payout.total) == ("JS1", "CNY", D("91.08"))
    assert facts(payout)[1] == ("fee", "commission", "29000001", D("-7.92"))


def test_each_form_is_recognised():
    layouts = [(code, presets.layout_of(code)) for code in presets.PAYOUTS]
    for code in presets.PAYOUTS:
        own = code == "other_payout"
        content = (samples.own({"Payout": "1", "Kind": "sale", "Amount": "1"}) if own
                   else getattr(samples, code.removesuffix("_payout"))())  # fmt: skip
        assert reading.recognise(layouts, content) == code
    assert reading.recognise(layouts, b"a,b\n1,2\n") is None
    assert reading.recognise(layouts, b"%PDF-1.7") is None


def test_several_payouts_and_currencies_in_one_file():
    row = {"Date": "2026-05-01", "Order": "S1", "Kind": "sale", "Amount": "10"}
    statement = read("other_payout", samples.own(
        {**row, "Payout": "1", "Currency": "EUR"}, {**row, "Payout": "2", "Currency": "EUR"},
        {**row, "Payout": "2", "Currency": "USD"}, {**row, "Payout": ""}))  # fmt: skip
    assert [(payout.ref, payout.currency) for payout in statement.payouts] == [("1", "EUR"), ("2", "EUR"), ("2", "USD")]
    assert statement.skipped == {"not_paid_out": 1}


def test_bad_cells_are_kept_with_their_reason():
    row = {"Payout": "1", "Date": "2026-05-01", "Order": "S1", "Kind": "sale", "Currency": "EUR"}
    (payout,) = read("other_payout", samples.own(
        {**row, "Amount": "ten"}, {**row, "Amount": "1", "Kind": "gift"}, {**row, "Amount": "2", "Date": "soon"},
        {**row, "Amount": "3", "Order": "6.93120018441E+18"})).payouts  # fmt: skip
    assert [[problem[0] for problem in fact.problems] for fact in payout.facts] == [
        ["not_a_number"], ["payout_kind_unknown"], ["not_a_date"], ["payout_rounded"],
    ]  # fmt: skip
    assert [fact.kind for fact in payout.facts] == ["unknown", "unknown", "sale", "sale"]


@pytest.mark.parametrize("content, code", [(b"", "empty"), (b"a,b,c\n1,2,3\n", "column_missing"),
                                           (b"<html>login</html>", "web_page"), (b"%PDF-1.4", "no_table")])  # fmt: skip
def test_no_payout_file(content, code):
    with pytest.raises(FeedError) as caught:
        read("amazon_payout", content)
    assert caught.value.code == code


def test_headings_without_rows():
    with pytest.raises(FeedError) as caught:
        read("other_payout", samples.own())
    assert caught.value.code in ("no_rows", "empty")


def test_many_rows_add_up():
    """What is read adds up to what was written, whatever the order of the rows."""
    rng = random.Random(5)
    rows = [{"Payout": "1", "Date": "2026-05-01", "Order": f"S{number // 4}",
             "Amount": str(D(rng.randint(-900, 999)) / 100),
             "Kind": rng.choice(("sale", "refund", "commission", "reserve")), "Currency": "EUR"}
            for number in range(40_000)]  # fmt: skip
    told = sum(D(row["Amount"]) for row in rows)
    rows[0]["Transferred"] = str(told)
    content = samples.own(*rows)
    (payout,) = read("other_payout", content).payouts
    assert (payout.total, payout.problems) == (told, [])
