"""The OpenAPI 3.1 file of the order API, made from the schema; `tests/api/write_openapi.py` stores it in docs."""

import json

from .schema import REQUESTS, SCHEMAS, ref

VERSION = "1.0.0"
SUMMARIES = {
    "api_create_orders": "Enter orders",
    "api_read_orders": "Read orders",
    "api_hold_orders": "Hold orders",
    "api_release_orders": "Release held orders",
    "api_cancel_orders": "Cancel orders",
}
READING = ("api_read_orders",)
ANSWERS = {
    "400": "The body is no JSON.",
    "401": "The API key is missing, wrong or expired.",
    "403": "The user of the key lacks the rights.",
    "409": "The same key or order is being worked on at this moment: repeat the call.",
    "422": "Refused, with every reason and its path; or the key was used with another body before.",
}
KEY_HEADER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": 128},
    "description": "The same key with the same body gives the stored answer and does nothing twice.",
}


def document():
    """The whole file as a dictionary.

    >>> sorted(document()["paths"])[0]
    '/json/2/sale.order/api_cancel_orders'
    """
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Dropship Flow: orders",
            "version": VERSION,
            "description": "Enter, read, hold, release and cancel orders. The key's user decides what is allowed.",
            "license": {"name": "LGPL-3.0", "identifier": "LGPL-3.0-only"},
        },
        "servers": [{"url": "/"}],
        "security": [{"apiKey": []}],
        "paths": {f"/json/2/sale.order/{method}": {"post": operation(method)} for method in REQUESTS},
        "components": {
            "securitySchemes": {
                "apiKey": {"type": "http", "scheme": "bearer", "description": "An API key of an Odoo user."}
            },
            "schemas": SCHEMAS,
        },
    }


def operation(method):
    """One method as an OpenAPI operation.

    >>> "parameters" in operation("api_read_orders")
    False
    """
    good = ref("Page" if method in READING else "Answer")
    result = {
        "operationId": method,
        "summary": SUMMARIES[method],
        "requestBody": {"required": True, "content": {"application/json": {"schema": REQUESTS[method]}}},
        "responses": {
            "200": {"description": "Done; single orders may be refused.", **_content(good)},
            **{status: {"description": words, **_content_of(status)} for status, words in ANSWERS.items()},
        },
    }
    if method not in READING:
        result["parameters"] = [KEY_HEADER]
    return result


def _content(schema):
    return {"content": {"application/json": {"schema": schema}}}


def _content_of(status):
    return _content({"anyOf": [ref("Answer"), ref("Refusal")]}) if status in ("409", "422") else {}


def text():
    """The file as it is stored and served.

    >>> text().endswith("}\\n")
    True
    """
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"
