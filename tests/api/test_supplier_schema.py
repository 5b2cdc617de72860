"""What suppliers' programs may send: checked without Odoo; the stored OpenAPI file is the generated one."""

import doctest

import pytest
from api import supplier_openapi, supplier_schema
from api.validate import validate
from connectors.answer import REASONS, clean
from write_openapi import STORED_SUPPLIER

KNOWN = {
    *("type", "enum", "properties", "required", "additionalProperties", "items", "minItems", "maxItems"),
    *("minLength", "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum", "format", "description"),
}


def test_the_stored_file_is_the_generated_one():
    assert STORED_SUPPLIER.read_text(encoding="utf-8") == supplier_openapi.text(), "run tests/api/write_openapi.py"


def test_examples():
    result = doctest.testmod(supplier_openapi)
    assert result.attempted and not result.failed


def test_every_reference_leads_somewhere():
    for name in {part.partition('"')[0] for part in supplier_openapi.text().split("#/components/schemas/")[1:]}:
        assert name in supplier_openapi.SCHEMAS


def test_every_rule_of_the_schema_is_one_the_checks_know():
    def walk(part):
        assert set(part) <= KNOWN, part
        for inner in part.get("properties", {}).values():
            walk(inner)
        if "items" in part:
            walk(part["items"])

    for part in supplier_schema.REQUESTS.values():
        walk(part)


def test_the_words_are_those_of_every_answer():
    assert list(REASONS) == supplier_schema.REASONS
    line = {"line": "1", "accepted": 1, "backordered": 1, "rejected": 0, "price": 2, "date": "2026-12-24"}
    body = {"ref": "P1", "status": "changed", "lines": [line], "currency": "EUR", "ids": ["A", "B"]}
    assert not validate(body, supplier_schema.REQUESTS["supplier_acknowledge"])
    assert clean(body)["ids"] == ["A", "B"]


@pytest.mark.parametrize(
    ("method", "body", "expected"),
    [
        ("supplier_acknowledge", {}, ("status", "required")),
        ("supplier_acknowledge", {"status": "shipped"}, ("status", "enum")),
        ("supplier_acknowledge", {"status": "accepted", "margin": 1}, ("margin", "unknown")),
        ("supplier_acknowledge", {"status": "changed", "lines": [{"price": "9"}]}, ("lines[0].price", "type")),
        ("supplier_acknowledge", {"status": "changed", "lines": [{"accepted": -1}]}, ("lines[0].accepted", "minimum")),
        ("supplier_ship", {"parcels": []}, ("parcels", "minItems")),
        ("supplier_ship", {"parcels": [{"number": "12"}]}, ("parcels[0].number", "minLength")),
        ("supplier_ship", {"parcels": [{"number": "SF123", "lines": [{"qty": 0}]}]},
         ("parcels[0].lines[0].qty", "exclusiveMinimum")),
        ("supplier_stock", {"rows": [{"stock": 1}]}, ("rows[0].sku", "required")),
        ("supplier_stock", {"rows": [{"sku": "A", "price": 0}]}, ("rows[0].price", "exclusiveMinimum")),
        ("supplier_stock", {"rows": [{"sku": "A"}] * 5001}, ("rows", "maxItems")),
        ("supplier_stock", {"as_of": "yesterday", "rows": [{"sku": "A"}]}, ("as_of", "format")),
        ("supplier_invoice", {"number": "1", "date": "2026-02-30", "currency": "EUR", "total": 1,
                              "lines": [{"ref": "P1"}]}, ("date", "format")),
    ],
)  # fmt: skip
def test_what_is_refused_and_where(method, body, expected):
    problems = validate(body, supplier_schema.REQUESTS[method])
    assert expected in {(problem.path, problem.code) for problem in problems}
