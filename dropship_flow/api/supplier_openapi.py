"""The OpenAPI 3.1 file of what suppliers' programs call here; `tests/api/write_openapi.py` stores it in docs."""

import json

from .supplier_schema import ORDER_STATES, REQUESTS

VERSION = "1.0.0"
BASE = "/dropship/supplier/v1"
ERRORS = {
    "401": "The key is missing, unknown, expired or revoked.",
    "403": "The key is not good for this, or the supplier may not work with us at present.",
    "404": "You have no such order.",
    "409": "The Idempotency-Key was used with another body, or is being worked on: then repeat after Retry-After.",
    "412": "The order changed since you read it (If-Match).",
    "413": "The body has more than 5 MB.",
    "422": "Refused, with every reason and its path.",
    "429": "Too many calls: repeat after Retry-After seconds.",
}
POSTS = {
    "/orders/{ref}/acknowledge": ("supplier_acknowledge", "Answer an order", "Order"),
    "/orders/{ref}/shipments": ("supplier_ship", "Report what left", "Order"),
    "/invoices": ("supplier_invoice", "Send an invoice", "Taken"),
    "/stock": ("supplier_stock", "Report stock and prices", "Results"),
}


def _text(description):
    return {"type": "string", "description": description}


def _object(description, **properties):
    return {"type": "object", "description": description, "properties": properties}


def _list(items):
    return {"type": "array", "items": items}


ERROR = _object(
    "One thing that is wrong.",
    path=_text("Where."),
    code=_text("Which rule, for programs."),
    message=_text("A sentence, in the supplier's language."),
)
SCHEMAS = {
    "Order": _object(
        "An order as you see it.",
        schema={"type": "integer", "description": "Form of the order; 1."},
        ref=_text("Our reference."),
        revision=_text("Changes with every change of the order; also the ETag."),
        state={"type": "string", "enum": ORDER_STATES, "description": "What is to be done."},
        id=_text("Your number, when you told it."),
        changed=_text("When it changed last, in UTC."),
        currency=_text("Of the prices."),
        sender={"type": "object", "description": "The sender for the label."},
        ship_from=_text("Your warehouse."),
        ship_to={"type": "object", "description": "Where it goes: name, street, city, zip, country, phone."},
        message=_text("The customer's wish."),
        gift_note=_text("To print and pack."),
        carrier_wish=_text("How it should travel."),
        collect={
            "type": "object",
            "description": "Only for cash on delivery: amount (of all parcels), currency, parcels {number: amount}.",
        },
        lines=_list({"type": "object", "description": "line, sku, name, qty, price, personalisation."}),
        parcels=_list({"type": "object", "description": "number, carrier, of what left."}),
    ),
    "Page": _object("Orders, oldest first.", orders=_list({"$ref": "#/components/schemas/Order"}),
                    cursor=_text("Give it back for the next page; missing on the last one.")),
    "Taken": _object(
        "The invoice is kept.",
        number=_text("Your number."),
        orders=_list(_text("Our references.")),
        state={
            "type": "string",
            "enum": ["checking", "held"],
            "description": "`checking`: it fits or is looked at; `held`: it waits for something, see `reasons`.",
        },
        reasons=_list(_text("What does not fit, in your language.")),
    ),
    "Results": _object(
        "One result per row, in the order of the rows.",
        results=_list(_object(
            "What became of a row.",
            index={"type": "integer", "description": "Its place in the call."},
            sku=_text("Your SKU."),
            status={"type": "string", "enum": ["updated", "unchanged", "older", "refused"], "description": "Outcome."},
            errors=_list(ERROR),
        )),
        done={"type": "integer", "description": "Rows taken."},
        refused={"type": "integer", "description": "Rows refused."},
    ),
    "FeedTaken": _object(
        "The list is kept and queued; reading comes after the answer.",
        feed=_text("Name of the feed."),
        run={"type": "integer", "description": "Ask with it what became of the list."},
        state=_text("new: it is read soon; same: we know it; refused: a newer one was taken; to_map: a person looks."),
        checksum=_text("SHA-256 of what came."),
    ),
    "FeedRun": _object(
        "What became of a list.",
        feed=_text("Name of the feed."),
        run={"type": "integer", "description": "Its number."},
        state=_text("new, reading, compared, review, applying, done, same, refused, cancel."),
        **{name: {"type": "integer", "description": f"Rows {words}."} for name, words in (
            ("in", "of the list"), ("applied", "written"), ("unchanged", "we knew"), ("rejected", "not readable"),
            ("quarantined", "a person looks at"))},
        rejects=_list({"type": "object", "description": "line, sku, reason of the first rows not readable."}),
    ),
    "Refusal": _object("Why not.", errors=_list(ERROR)),
}  # fmt: skip
REF = {"name": "ref", "in": "path", "required": True, "schema": {"type": "string"}, "description": "Our reference."}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": 128},
    "description": "The same key with the same body gives the stored answer and does nothing twice.",
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "The ETag you read: refuses your call when the order changed meanwhile.",
}
FEED = {**REF, "name": "feed", "description": "Name of the feed, as we told you."}
FEED_QUERY = {
    "name": ("string", "Name of the file."),
    "sequence": ("integer", "Of a feed of changes: its number in the row."),
    "as_of": ("string", "When the figures were true, e.g. 2026-01-31T08:00:00Z; now without it."),
}
FEED_TYPES = ("text/csv", "application/x-ndjson", "application/json", "application/xml", "application/octet-stream")
QUERY = {
    "state": ("string", "Only orders in this state: " + ", ".join(ORDER_STATES) + "."),
    "since": ("string", "Only orders changed since this moment, e.g. 2026-01-31T08:00:00Z."),
    "cursor": ("string", "From the page before."),
    "limit": ("integer", "Orders per page, at most 100; 50 without it."),
}


def document():
    """The whole file as a dictionary.

    >>> sorted(document()["paths"])[0]
    '/dropship/supplier/v1/feeds/{feed}'
    """
    paths = {
        f"{BASE}/orders": {"get": _reading("read_orders", "Read your orders", "Page", [
            {"name": name, "in": "query", "required": False, "schema": {"type": kind}, "description": words}
            for name, (kind, words) in QUERY.items()
        ])},
        f"{BASE}/orders/{{ref}}": {"get": _reading("read_order", "Read one order", "Order", [REF])},
    }  # fmt: skip
    feeds, runs = f"{BASE}/feeds/{{feed}}", f"{BASE}/feeds/{{feed}}/runs/{{run}}"
    paths[feeds] = {"post": _feed_posting()}
    run = {**FEED, "name": "run", "schema": {"type": "integer"}, "description": "From the answer to the list."}
    paths[runs] = {"get": _reading("read_feed_run", "What became of a list", "FeedRun", [FEED, run])}
    for path, (method, summary, answer) in POSTS.items():
        paths[BASE + path] = {"post": _posting(path, method, summary, answer)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Dropship Flow: suppliers call us",
            "version": VERSION,
            "description": "A supplier's program reads its orders, answers them, reports shipments, stock, invoices.",
            "license": {"name": "LGPL-3.0", "identifier": "LGPL-3.0-only"},
        },
        "servers": [{"url": "/"}],
        "security": [{"supplierKey": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "supplierKey": {"type": "http", "scheme": "bearer", "description": "A key made on the supplier."}
            },
            "schemas": SCHEMAS,
        },
    }


def _reading(name, summary, answer, parameters):
    errors = ("401", "403", "422", "429") if answer == "Page" else ("401", "403", "404", "429")
    responses = {"200": _response("As asked.", answer)}
    if answer == "Order":
        responses["304"] = {"description": "Nothing changed (If-None-Match)."}
    responses |= {status: _response(ERRORS[status], "Refusal") for status in errors}
    return {"operationId": name, "summary": summary, "parameters": parameters, "responses": responses}


def _posting(path, method, summary, answer):
    of_order = "{ref}" in path
    errors = [status for status in ERRORS if of_order or status not in ("404", "412")]
    return {
        "operationId": method,
        "summary": summary,
        "parameters": [*([REF, IF_MATCH] if of_order else []), KEY],
        "requestBody": {"required": True, "content": {"application/json": {"schema": REQUESTS[method]}}},
        "responses": {
            "200": _response("Done.", answer),
            **{status: _response(ERRORS[status], "Refusal") for status in errors},
        },
    }


def _feed_posting():
    parameters = [
        {"name": name, "in": "query", "required": False, "schema": {"type": kind}, "description": words}
        for name, (kind, words) in FEED_QUERY.items()
    ]
    digest = {"name": "Content-SHA256", "in": "header", "required": False, "schema": {"type": "string"},
              "description": "SHA-256 of the body; it is compared."}  # fmt: skip
    body = {"schema": {"type": "string", "format": "binary"}}
    errors = {**ERRORS, "404": "You have no such feed.", "413": "The body is larger than the feed allows."}
    return {
        "operationId": "send_feed",
        "summary": "Send a whole price or stock list",
        "parameters": [FEED, *parameters, digest],
        "requestBody": {"required": True, "content": dict.fromkeys(FEED_TYPES, body)},
        "responses": {
            "202": _response("Kept and queued.", "FeedTaken"),
            **{
                status: _response(words, "Refusal")
                for status, words in errors.items()
                if status in ("401", "403", "404", "413", "422", "429")
            },
        },
    }


def _response(words, schema):
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": words, "content": content}


def text():
    """The file as it is stored and served.

    >>> text().endswith("}\\n")
    True
    """
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"
