"""What a supplier writes back, in English and Chinese, and what is left to a person."""

import doctest

import pytest
from connectors import email_read, email_reply, email_smtp, inquiry

TWO = [{"line": "11", "sku": "LAMP", "qty": 5.0}, {"line": "12", "sku": "ST-2 B", "qty": 2.0}]
ONE = TWO[:1]


@pytest.mark.parametrize("module", [email_read, email_reply, email_smtp, inquiry], ids=lambda module: module.__name__)
def test_examples(module):
    result = doctest.testmod(module)
    assert result.attempted and not result.failed


def line_of(reply, sku):
    assert not reply.why, (reply.why, reply.detail)
    return next(line for line in reply.answer["lines"] if line["sku"] == sku)


@pytest.mark.parametrize(
    "text",
    [
        "ACCEPT",
        "accept.",
        "Hello,\n\nACCEPT\n\nBest regards\nLi Wei\n+86 571 1234567",
        "您好！\n接单\n谢谢\n李伟",
        "ＡＣＣＥＰＴ",
        "确认",
        "ok",
        "接受",
        "ACCEPT all",
        "接单 全部",
    ],
)
def test_a_plain_yes(text):
    reply = email_reply.parse(text, TWO)
    assert (reply.why, reply.answer["status"], reply.answer["lines"]) == ("", "accepted", [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("REFUSE out of stock", "out_of_stock"),
        ("拒单 缺货", "out_of_stock"),
        ("拒单：价格太低", "price"),
        ("REJECT we are closed for the holiday", "closed"),
        ("refuse", ""),
        ("缺货", "out_of_stock"),
        ("拒绝 不想做", "other"),
    ],
)
def test_a_plain_no(text, code):
    reply = email_reply.parse(text, TWO)
    assert (reply.why, reply.answer["status"], reply.answer["reason_code"]) == ("", "rejected", code)


def test_three_of_five_means_two_are_refused():
    reply = email_reply.parse("ACCEPT LAMP 3\nACCEPT st-2 b", TWO)
    assert reply.answer["status"] == "changed"
    line = line_of(reply, "LAMP")
    assert (line["line"], line["accepted"], line["rejected"], line["reason_code"]) == ("11", 3, 2, "not_enough")
    assert line_of(reply, "ST-2 B")["accepted"] == 2


def test_three_now_and_the_rest_later():
    reply = email_reply.parse("接单 LAMP 3\n延期 LAMP 2 2026年12月24日\n接单", TWO)
    line = line_of(reply, "LAMP")
    assert (line["accepted"], line["backordered"], line["rejected"], line["date"]) == (3, 2, 0, "2026-12-24")


def test_the_rest_later_without_a_number():
    line = line_of(email_reply.parse("ACCEPT LAMP 3\nBACKORDER LAMP 2026-12-24", ONE), "LAMP")
    assert (line["accepted"], line["backordered"], line["rejected"]) == (3, 2, 0)


def test_one_line_is_not_there():
    reply = email_reply.parse("ACCEPT\nREFUSE ST-2 B sold out", TWO)
    line = line_of(reply, "ST-2 B")
    assert (line["accepted"], line["rejected"], line["reason_code"]) == (0, 2, "out_of_stock")
    assert line_of(reply, "LAMP")["accepted"] == 5


def test_out_of_stock_with_a_date_is_later_and_without_one_never():
    assert line_of(email_reply.parse("缺货 LAMP 2026-12-24", ONE), "LAMP")["backordered"] == 5
    assert email_reply.parse("缺货 LAMP", ONE).answer["status"] == "rejected"


@pytest.mark.parametrize("text", ["PRICE LAMP 9.50", "改价 LAMP ¥9.5", "PRICE LAMP 9,50 EUR", "改价 9.5 元"])
def test_another_price(text):
    reply = email_reply.parse(text, ONE)
    line = line_of(reply, "LAMP")
    assert (reply.answer["status"], line["price"], line["accepted"]) == ("changed", 9.5, 5)


def test_a_price_in_another_currency_is_kept_with_it():
    assert email_reply.parse("PRICE LAMP 9.5 usd", ONE).answer["currency"] == "USD"
    assert email_reply.parse("改价 LAMP 9.5 元", ONE).answer["currency"] == "CNY"


@pytest.mark.parametrize("text", ["SHIP SF1234567890 顺丰", "发货 顺丰 sf1234567890", "已发货：SF1234567890 顺丰"])
def test_it_left(text):
    reply = email_reply.parse(text, TWO)
    assert reply.answer["status"] == "shipped"
    assert reply.answer["parcels"] == [{"number": "SF1234567890", "carrier": "顺丰", "lines": []}]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no_words"),
        ("We will see.", "no_words"),
        ("ACCEPT\nbut the price of LAMP is 12 now", "remark"),
        ("Please note the new bank account\nACCEPT", "remark"),
        ("ACCEPT, but only in blue", "no_sku"),
        ("ACCEPT\nREFUSE", "contradiction"),
        ("ACCEPT LAMP 3\nACCEPT LAMP 4", "twice"),
        ("REFUSE\nREFUSE", "twice"),
        ("ACCEPT LAMP 9\nACCEPT", "sum"),
        ("ACCEPT LAMP 3\nREFUSE LAMP 3\nACCEPT", "sum"),
        ("ACCEPT LAMP", "open"),
        ("PRICE LAMP 9.50", "open"),
        ("BACKORDER LAMP", "no_date"),
        ("BACKORDER LAMP 24.12.", "not_understood"),
        ("BACKORDER LAMP 2026-13-01", "not_understood"),
        ("PRICE LAMP", "no_number"),
        ("PRICE LAMP 1,200", "not_understood"),
        ("PRICE VASE 9.50", "no_sku"),
        ("PRICE LAMP 9 usd\nPRICE ST-2 B 9 eur\nACCEPT", "currencies"),
        ("SHIP soon", "no_tracking"),
        ("SHIP SF1234567890 SF1234567891", "no_tracking"),
        ("SHIP SF1234567890\nREFUSE", "contradiction"),
        ("REFUSE\nSHIP SF1234567890", "contradiction"),
        ("SHIP SF1234567890\nREFUSE LAMP", "contradiction"),
        ("ACCEPT\nThanks\nREFUSE LAMP", "after_end"),
        ("\n".join(["SHIP SF1234567890"] * 501), "too_long"),
    ],
)
def test_what_is_not_clear_is_for_a_person(text, why):
    assert email_reply.parse(text, TWO).why == why


def test_what_was_understood_beside_a_remark_is_offered_to_the_person():
    reply = email_reply.parse("ACCEPT\nCan you pay by Friday?", TWO)
    assert (reply.why, reply.answer["status"], reply.detail) == ("remark", "accepted", "Can you pay by Friday?")


def test_lines_that_words_cannot_tell_apart():
    assert email_reply.parse("ACCEPT", [ONE[0], {**ONE[0], "line": "13"}]).why == "sku_twice"
    assert email_reply.parse("ACCEPT", [{"line": "1", "sku": "", "qty": 1}]).why == "sku_twice"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("STOCK LAMP 20 9.80 2026-12-01", (20, 9.8, "", "2026-12-01")),
        ("库存 LAMP 20件 9.8 元", (20, 9.8, "CNY", None)),
        ("有货 LAMP 20", (20, None, "", None)),
        ("NONE LAMP", (0, None, "", None)),
        ("缺货 LAMP 2026-12-01", (0, None, "", "2026-12-01")),
        ("无货 LAMP", (0, None, "", None)),
    ],
)
def test_answers_to_an_inquiry(text, expected):
    (line,) = email_reply.parse_inquiry(text, TWO).answer["lines"]
    assert (line["stock"], line["price"], line["currency"], line["date"]) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Yes we have", "no_words"),
        ("STOCK VASE 20", "no_sku"),
        ("STOCK LAMP", "no_number"),
        ("STOCK LAMP plenty", "not_understood"),
        ("STOCK LAMP 20\nNONE LAMP", "twice"),
        ("ACCEPT", "no_words"),
        ("STOCK LAMP 20\nfor new customers only", "remark"),
    ],
)
def test_unclear_answers_to_an_inquiry(text, why):
    assert email_reply.parse_inquiry(text, TWO).why == why


@pytest.mark.parametrize(
    "raw",
    ["x", [1], [{"stock": 1}], [{"sku": "A"}], [{"sku": "A", "stock": float("nan")}], [{"sku": "A", "stock": True}]],
)
def test_an_answer_in_another_form_is_refused(raw):
    with pytest.raises(ValueError, match=r".+"):
        inquiry.clean(raw)
