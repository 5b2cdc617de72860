"""Bodies of the API of advertising, as JSON Schema 2020-12, and its OpenAPI 3.1 file, made of them."""

import json

try:
    from odoo.addons.dropship_flow.api.openapi import ANSWERS, KEY_HEADER
    from odoo.addons.dropship_flow.api.schema import ERROR, KEY, REFUSAL, many, money, obj, ref, text
except ImportError:  # the package by itself, without the addons around it
    from api.openapi import ANSWERS, KEY_HEADER
    from api.schema import ERROR, KEY, REFUSAL, many, money, obj, ref, text

VERSION = "1.0.0"
METHOD = "api_enter_ad_spend"
MAX_ROWS = 1000
ROW = obj(
    "What advertising of a campaign at a source cost on a day, in one currency.",
    ["day", "campaign", "source", "amount"],
    day=text("The day in the company's time zone: 2026-12-24.", 10, low=10, format="date"),
    campaign=text("Identifier of the campaign (utm_campaign), or its name.", low=1),
    source=text("Name of the source (utm_source).", low=1),
    amount=money("What it cost, without tax that is paid back."),
    currency=text("ISO 4217 code; without it the company's.", 3, low=3, pattern="^[A-Z]{3}$"),
)
REQUEST = obj(
    "Days of advertising. A day of a campaign at a source is replaced by its rows, in all currencies, entirely or not.",
    ["rows"],
    rows=many(ROW, MAX_ROWS, "The rows."),
    idempotency_key=KEY,
)
RESULT = obj(
    "What became of one row of the call.",
    ["index", "status", "errors"],
    index={"type": "integer", "description": "Its place in the call."},
    status={
        "type": "string",
        "enum": ["entered", "restated", "known", "refused"],
        "description": "`known`: it said nothing new.",
    },
    before={"type": "number", "description": "What the day was before, where it is restated."},
    errors=many(ref("Error"), 1000, "Why it was refused.", low=0),
)
ANSWER = obj(
    "One result per row, in the order of the call.",
    ["results", "done", "refused"],
    results=many(ref("Result"), MAX_ROWS, "The results.", low=0),
    done={"type": "integer", "description": "How many were accepted."},
    refused={"type": "integer", "description": "How many were not."},
)


def document():
    """The OpenAPI file as a dictionary.

    >>> list(document()["paths"])
    ['/json/2/dropship.ad.spend/api_enter_ad_spend']
    """
    refused = {"application/json": {"schema": {"anyOf": [ref("Answer"), ref("Refusal")]}}}
    answers = {
        status: {"description": words, **({"content": refused} if status in ("409", "422") else {})}
        for status, words in ANSWERS.items()
    }
    good = {"description": "Done; single rows may be refused.",
            "content": {"application/json": {"schema": ref("Answer")}}}  # fmt: skip
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Dropship Flow: advertising",
            "version": VERSION,
            "description": "Enter what advertising cost. The key's user decides what is allowed.",
            "license": {"name": "LGPL-3.0", "identifier": "LGPL-3.0-only"},
        },
        "servers": [{"url": "/"}],
        "security": [{"apiKey": []}],
        "paths": {
            f"/json/2/dropship.ad.spend/{METHOD}": {
                "post": {
                    "operationId": METHOD,
                    "summary": "Enter advertising",
                    "parameters": [KEY_HEADER],
                    "requestBody": {"required": True, "content": {"application/json": {"schema": REQUEST}}},
                    "responses": {"200": good, **answers},
                }
            }
        },
        "components": {
            "securitySchemes": {
                "apiKey": {"type": "http", "scheme": "bearer", "description": "An API key of an Odoo user."}
            },
            "schemas": {"Error": ERROR, "Refusal": REFUSAL, "Result": RESULT, "Answer": ANSWER},
        },
    }


def openapi_text():
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"
