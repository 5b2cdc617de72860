"""The order API's words without Odoo: what is refused, where, and that the stored OpenAPI file is the generated one."""

import copy
import doctest
import importlib
import json

import pytest
from api import openapi, rules, schema
from api.validate import BadBody, check, strict_json, validate
from write_openapi import STORED

ORDER = {
    "number": "A-1",
    "channel": "shop",
    "customer": {"name": "Anna Weber", "email": "anna@example.com", "phone": "+49 30 1"},
    "address": {"street": "Lindenallee 1", "city": "Berlin", "zip": "10115", "country": "DE"},
    "lines": [{"sku": "LAMP", "quantity": 1, "price": 34.9}],
}


def problems(**changes):
    order = {**copy.deepcopy(ORDER), **changes}
    return {(problem.path, problem.code) for problem in check("api_create_orders", {"orders": [order]})}


@pytest.mark.parametrize("name", ["schema", "validate", "rules", "openapi"])
def test_examples(name):
    result = doctest.testmod(importlib.import_module(f"api.{name}"))
    assert result.attempted and not result.failed


def test_the_stored_file_is_the_generated_one():
    assert STORED.read_text(encoding="utf-8") == openapi.text(), "run tests/api/write_openapi.py"


def test_every_reference_leads_somewhere():
    for name in {part.partition('"')[0] for part in openapi.text().split("#/components/schemas/")[1:]}:
        assert name in schema.SCHEMAS


def test_every_rule_of_the_schema_is_one_the_checks_know():
    known = {
        *("type", "enum", "properties", "required", "additionalProperties", "items", "minItems", "maxItems"),
        *("minLength", "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum", "format"),
        *("$ref", "description", "examples", "default"),
    }

    def walk(part):
        assert set(part) <= known, part
        for inner in part.get("properties", {}).values():
            walk(inner)
        if "items" in part and "properties" not in part["items"].get("type", {}):
            walk(part["items"])

    for part in schema.REQUESTS.values():
        walk(part)


def test_a_good_order_has_no_problem():
    assert not problems()
    assert not problems(number="订单 1", customer={"name": "李明 💡"}, messages={"buyer": "x" * 2000, "flag": "red"})


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"number": 5}, ("orders[0].number", "type")),
        ({"number": ""}, ("orders[0].number", "minLength")),
        ({"number": " A"}, ("orders[0].number", "pattern")),
        ({"number": "A\nB"}, ("orders[0].number", "pattern")),
        ({"number": "x" * 65}, ("orders[0].number", "maxLength")),
        ({"number": "a\x00"}, ("orders[0].number", "text")),
        ({"number": "\ud83d"}, ("orders[0].number", "text")),
        ({"lines": []}, ("orders[0].lines", "minItems")),
        ({"lines": {}}, ("orders[0].lines", "type")),
        ({"lines": [{"sku": "A", "quantity": 0}]}, ("orders[0].lines[0].quantity", "exclusiveMinimum")),
        ({"lines": [{"sku": "A", "quantity": True}]}, ("orders[0].lines[0].quantity", "type")),
        ({"lines": [{"sku": "A", "quantity": "1"}]}, ("orders[0].lines[0].quantity", "type")),
        ({"lines": [{"sku": "A", "quantity": 10**400}]}, ("orders[0].lines[0].quantity", "maximum")),
        ({"lines": [{"sku": "A", "quantity": float("nan")}]}, ("orders[0].lines[0].quantity", "type")),
        ({"lines": [{"sku": "A", "quantity": 1, "price": -1}]}, ("orders[0].lines[0].price", "minimum")),
        ({"lines": [{"sku": "A", "quantity": 1, "colour": "red"}]}, ("orders[0].lines[0].colour", "unknown")),
        ({"lines": [{"sku": "A"}]}, ("orders[0].lines[0].quantity", "required")),
        ({"customer": {}}, ("orders[0].customer.name", "required")),
        ({"customer": {"name": "   "}}, ("orders[0].customer.name", "minLength")),
        ({"customer": {"name": "A", "email": "anna"}}, ("orders[0].customer.email", "format")),
        ({"customer": None}, ("orders[0].customer", "type")),
        ({"address": {"country": "D"}}, ("orders[0].address.country", "minLength")),
        ({"address": {"country": "1!"}}, ("orders[0].address.country", "pattern")),
        ({"currency": "eur"}, ("orders[0].currency", "pattern")),
        ({"payment": {"state": "maybe"}}, ("orders[0].payment.state", "enum")),
        ({"messages": {"buyer": "x" * 2001}}, ("orders[0].messages.buyer", "maxLength")),
        ({"confirm": "yes"}, ("orders[0].confirm", "type")),
        ({"secret": 1}, ("orders[0].secret", "unknown")),
    ],
)
def test_what_is_refused_and_where(changes, expected):
    assert problems(**changes) == {expected}


def test_bodies_that_are_no_call():
    assert check("api_create_orders", {})[0].code == "required"
    assert check("api_create_orders", {"orders": [ORDER] * 101})[0].code == "maxItems"
    assert check("api_hold_orders", {"orders": [{"number": "S1"}], "reason": "x", "until": "2026-02-30"})
    assert check("api_read_orders", {"changed_since": "yesterday"})[0].code == "format"
    assert not check("api_read_orders", {"changed_since": "2026-02-03T04:05:06+08:00"})
    assert validate([1] * 3, schema.many({"type": "string", "maxLength": 9}, 9, ""))[2].path == "[2]"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('{"a": NaN}', "nan"),
        ('{"a": -Infinity}', "nan"),
        ('{"a": 1e999}', "nan"),
        ('{"orders": [{"number": "1", "number": "2"}]}', "duplicate"),
    ],
)
def test_json_with_two_meanings_is_refused(body, code):
    with pytest.raises(BadBody) as caught:
        strict_json(body)
    assert caught.value.problem.code == code


def test_the_same_call_has_the_same_fingerprint():
    other = json.loads(json.dumps(ORDER, sort_keys=True))
    assert rules.fingerprint("m", {"orders": [ORDER]}) == rules.fingerprint("m", {"orders": [other]})
    other["lines"][0]["quantity"] = 2
    assert rules.fingerprint("m", {"orders": [ORDER]}) != rules.fingerprint("m", {"orders": [other]})
