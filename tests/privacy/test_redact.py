"""What is left of a customer in what suppliers were sent, without Odoo."""

import doctest
import json

from address import redact

ANNA = {
    "name": "Anna Weber", "company": "", "street": "Hauptstr. 5", "street2": "", "district": "", "city": "Berlin",
    "state": "", "state_name": "", "zip": "10115", "country": "DE", "country_name": "Germany",
    "phone": "+49 30 901820",
}  # fmt: skip


def test_examples_in_the_docstrings():
    result = doctest.testmod(redact)
    assert result.attempted
    assert not result.failed


def test_nothing_of_the_customer_is_left_anywhere():
    message = {
        "ref": "P00012",
        "ship_to": ANNA,
        "message": "Ring at Weber, call 004930901820",
        "lines": [{"sku": "A", "qty": 2, "personalisation": "Anna 2026"}],
        "reason": "ANNA WEBER moved from Hauptstr. 5; tried +49 (30) 90 18-20",
    }
    text = json.dumps(redact.scrub(message, redact.tokens(ANNA)), ensure_ascii=False)
    for word in ("Anna", "ANNA", "Weber", "WEBER", "Hauptstr", "901820", "90 18", "10115"):
        assert word not in text
    for word in ("P00012", "Berlin", '"sku": "A"', '"qty": 2'):
        assert word in text


def test_scrubbing_twice_is_scrubbing_once():
    once = redact.scrub({"ship_to": ANNA, "reason": "Anna"}, redact.tokens(ANNA))
    assert redact.scrub(once, redact.tokens(ANNA)) == once


def test_a_single_chinese_name_is_found():
    assert redact.scrub_text("张三不在家", redact.tokens({"name": "张三"})) == "…不在家"
