"""Says what is wrong with a body: where, which rule, with which figures. Sentences are made by the caller."""

import json
import math
import re
from datetime import date, datetime
from typing import Any, NamedTuple

from .schema import REQUESTS, SCHEMAS

# More problems than a person reads; the rest shows after these are corrected.
MAX_PROBLEMS = 50
EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+")
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool}


class Problem(NamedTuple):
    """One thing that is wrong; `figures` fill the sentence of `code`."""

    path: str
    code: str
    figures: dict[str, Any]


class BadBody(ValueError):
    """A body that is JSON for some readers and nonsense for others."""

    def __init__(self, code, name=""):
        super().__init__(code, name)
        self.problem = Problem(name, code, {"name": name})


def strict_json(body):
    """Read JSON that has one meaning only: no name twice, no NaN or Infinity, no figure too large to keep.

    >>> strict_json('{"a": 1.5}')
    {'a': 1.5}
    >>> strict_json('{"a": 1, "a": 2}')  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    dropship_flow.api.validate.BadBody: ('duplicate', 'a')
    """

    def once(pairs):
        found = {}
        for name, value in pairs:
            if name in found:
                raise BadBody("duplicate", name)
            found[name] = value
        return found

    def not_a_number(name):
        raise BadBody("nan", name)

    def finite(figure):
        value = float(figure)
        if not math.isfinite(value):
            raise BadBody("nan", figure[:40])
        return value

    return json.loads(body, object_pairs_hook=once, parse_constant=not_a_number, parse_float=finite)


def check(method, body):
    """The problems of a body for a method; none means it can be worked on.

    >>> check("api_read_orders", {"limit": 10})
    []
    >>> [(problem.path, problem.code) for problem in check("api_read_orders", {"limit": 0, "page": 2})]
    [('page', 'unknown'), ('limit', 'minimum')]
    """
    return validate(body, REQUESTS[method])[:MAX_PROBLEMS]


def validate(value, schema, path=""):
    """Check a value against a schema of `schema.py`.

    >>> validate("ab", {"type": "string", "maxLength": 1}, "name")
    [Problem(path='name', code='maxLength', figures={'limit': 1, 'have': 2})]
    """
    if "$ref" in schema:
        schema = SCHEMAS[schema["$ref"].rpartition("/")[2]]
    kind = schema["type"]
    if not _is_a(value, kind):
        return [Problem(path, "type", {"wanted": kind})]
    if "enum" in schema and value not in schema["enum"]:
        return [Problem(path, "enum", {"allowed": ", ".join(schema["enum"])})]
    if kind == "object":
        return _object(value, schema, path)
    if kind == "array":
        return _array(value, schema, path)
    if kind == "string":
        return _string(value, schema, path)
    return _figure(value, schema, path) if kind != "boolean" else []


def _is_a(value, kind):
    """Whether a value is of a JSON type; true and false are no numbers.

    >>> _is_a(True, "number"), _is_a(1, "number"), _is_a(1.0, "integer"), _is_a(float("nan"), "number")
    (False, True, False, False)
    """
    if kind in TYPES:
        return isinstance(value, TYPES[kind])
    if isinstance(value, bool):
        return False
    if kind == "integer":
        return isinstance(value, int)
    return isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))


def _object(value, schema, path):
    found = []
    known = schema["properties"]
    for name in value:
        if name not in known:
            found.append(Problem(_join(path, _shown(name)), "unknown", {"name": _shown(name)}))
    for name in schema["required"]:
        if name not in value:
            found.append(Problem(_join(path, name), "required", {"name": name}))
    for name, inner in known.items():
        if name in value:
            found += validate(value[name], inner, _join(path, name))
    return found


def _array(value, schema, path):
    if len(value) < schema.get("minItems", 0):
        return [Problem(path, "minItems", {"limit": schema["minItems"]})]
    if len(value) > schema["maxItems"]:
        return [Problem(path, "maxItems", {"limit": schema["maxItems"], "have": len(value)})]
    found = []
    for index, item in enumerate(value):
        found += validate(item, schema["items"], f"{path}[{index}]")
        if len(found) > MAX_PROBLEMS:
            break
    return found


def _string(value, schema, path):
    if not is_text(value):
        return [Problem(path, "text", {})]
    if len(value) > schema.get("maxLength", len(value)):
        return [Problem(path, "maxLength", {"limit": schema["maxLength"], "have": len(value)})]
    if len(value.strip()) < schema.get("minLength", 0):
        return [Problem(path, "minLength", {"limit": schema["minLength"]})]
    if "pattern" in schema and not re.fullmatch(schema["pattern"].strip("^$"), value):
        return [Problem(path, "pattern", {})]
    if "format" in schema and value and not _has_format(value, schema["format"]):
        return [Problem(path, "format", {"wanted": schema["format"]})]
    return []


def is_text(value):
    r"""Whether a database can keep the text: no NUL, no half of a surrogate pair.

    >>> is_text("灯 💡"), is_text("a\x00"), is_text("\ud83d")
    (True, False, False)
    """
    if "\x00" in value:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _has_format(value, wanted):
    """Whether a text is a date, a date-time or an e-mail address.

    >>> _has_format("2026-02-30", "date"), _has_format("2026-02-03T04:05:06Z", "date-time")
    (False, True)
    """
    if wanted == "email":
        return bool(EMAIL.fullmatch(value))
    try:
        if wanted == "date":
            return len(value) == 10 and bool(date.fromisoformat(value))
        return bool(datetime.fromisoformat(value))
    except ValueError:
        return False


def _figure(value, schema, path):
    if "exclusiveMinimum" in schema and value <= schema["exclusiveMinimum"]:
        return [Problem(path, "exclusiveMinimum", {"limit": schema["exclusiveMinimum"]})]
    if "minimum" in schema and value < schema["minimum"]:
        return [Problem(path, "minimum", {"limit": schema["minimum"]})]
    if value > schema.get("maximum", value):
        return [Problem(path, "maximum", {"limit": schema["maximum"]})]
    return []


def _join(path, name):
    """
    >>> _join("", "orders"), _join("orders[0]", "number")
    ('orders', 'orders[0].number')
    """
    return f"{path}.{name}" if path else name


def _shown(name):
    """A name as it may be repeated in an answer: short, and text.

    >>> _shown("x" * 100) == "x" * 60 + "…"
    True
    """
    name = name.encode(errors="replace").decode().replace("\x00", "?")
    return name if len(name) <= 60 else name[:60] + "…"
