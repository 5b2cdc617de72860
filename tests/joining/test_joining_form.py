"""Suppliers' applications as they are typed, without Odoo."""

import doctest

import pytest
from joining import form, sealing

GOOD = {
    "name": "Shenzhen Bright Light Co.", "contact_name": "Li Lei", "phone": "+86 755 1234", "street": "Road 1",
    "city": "Shenzhen", "country_id": "48", "goods": "Lamps", "wh_country_id": "48", "currency_id": "6",
}  # fmt: skip


@pytest.mark.parametrize("module", [form, sealing])
def test_doctests(module):
    assert doctest.testmod(module).failed == 0


def test_a_good_form_has_nothing_wrong():
    data = {**GOOD, "cut_off": "16:30", "bank_account": "6222 0212 34"}
    values, rates, closures, account, wrong = form.read(data, True)
    assert wrong == [] and rates == [] and closures == []
    assert values["cut_off"] == 16.5 and account == "6222021234" and "bank_account" not in values


@pytest.mark.parametrize("name", form.REQUIRED)
def test_what_is_needed_is_asked_for_when_it_is_handed_in(name):
    data = {**GOOD, name: "  "}
    assert (name, "missing") in form.read(data, True)[4]
    assert form.read(data, False)[4] == []


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("cut_off", "25:00", "clock"), ("cut_off", "soon", "clock"), ("handling_days", "-1", "number"),
        ("handling_days", "61", "number"), ("handling_days", "1e3", "number"), ("country_id", "1 OR 1=1", "choice"),
        ("country_id", "٣", "choice"), ("bank_account", "DE00 3704 0044 0532 0130 00", "account"),
        ("bank_account", "<script>", "account"), ("bank_bic", "NOPE", "bic"), ("website", "javascript:alert(1)",
        "website"), ("closed_to_0", "2027-13-40", "date"), ("rate_price_0", "NaN", "number"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_named(field, text, code):
    assert (field, code) in form.read({**GOOD, field: text}, True)[4]


def test_rows_that_contradict_themselves():
    data = {**GOOD, "rate_country_1": "57", "rate_price_1": "5", "rate_days_1": "9", "rate_late_1": "3",
            "closed_from_0": "2027-02-20", "closed_to_0": "2027-02-01"}  # fmt: skip
    assert set(form.read(data, True)[4]) == {("rate_late_1", "order"), ("closed_to_0", "order")}


def test_lists_and_files_instead_of_text_do_no_harm():
    data = {**GOOD, "name": ["a", "b"], "goods": 7, "phone": None}
    assert {field for field, _code in form.read(data, True)[4]} == {"name", "goods", "phone"}
