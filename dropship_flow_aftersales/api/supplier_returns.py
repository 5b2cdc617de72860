"""Returns and claims in the API for suppliers: bodies as JSON Schema, and their part of the OpenAPI file."""

from odoo.addons.dropship_flow.api import supplier_openapi as base
from odoo.addons.dropship_flow.api.schema import many, obj, text
from odoo.addons.dropship_flow.api.supplier_schema import MAX_LINES, currency, quantity

from ..connectors.replies import ADDRESS, CLAIM_ANSWERS, CLAIM_REASONS, CONDITIONS, RETURN_ANSWERS

REF = text("Our number; the one in the address.", 64)
SERIAL = {"type": "integer", "minimum": 0, "maximum": 2**31 - 1, "description": "Counts your answers."}
SAID = [word for word in RETURN_ANSWERS if word != "unknown"]
RETURN_STATES = ["told", "asked", "approved", "refused", "counted", "off"]
CLAIM_STATES = ["to_answer", "accepted", "partly", "refused"]

CAME = obj(
    "What came of one line: by its key `line`, or by `sku`.",
    ["qty"],
    line=text("The key of the line, as in the return.", 40),
    sku=text("Your SKU.", 200),
    qty=quantity("How many came, in your units; 0 where none did."),
    condition={"type": "string", "enum": list(CONDITIONS), "description": "Needed with `inspected`."},
)
REQUESTS = {
    "supplier_return_answer": obj(
        "Your answer to a return.",
        ["answer"],
        ref=REF,
        answer={
            "type": "string",
            "enum": SAID,
            "description": "`approved` or `refused` when we asked; `counted` or `inspected` when the goods came.",
        },
        serial=SERIAL,
        id=text("Your number of the return.", 100),
        reason=text("Why not, in your words.", 500),
        note=text("What whoever sends it has to know.", 500),
        address=obj(
            "Where it goes back to; without it: the address we know.",
            **{name: text(name.capitalize(), 200) for name in ADDRESS},
        ),
        label=text("Address of the label to print, beginning with https://.", 500),
        parcel=text("Number of the parcel you opened, when there are several.", 60),
        lines=many(CAME, MAX_LINES, "What came.", low=0),
    ),
    "supplier_claim_answer": obj(
        "Your answer to a claim.",
        ["answer"],
        ref=REF,
        answer={
            "type": "string",
            "enum": [word for word in CLAIM_ANSWERS if word != "unknown"],
            "description": "`accepted`: all of it; `partly`: `amount` of it.",
        },
        serial=SERIAL,
        id=text("Your number, e.g. of the credit note.", 100),
        amount=text("How much you grant, e.g. 12.50.", 20, pattern=r"^\d{1,12}(\.\d{1,6})?$"),
        currency=currency("Of the amount; it must be the claim's."),
        reason_code={"type": "string", "enum": list(CLAIM_REASONS), "description": "Why not."},
        reason=text("In your words.", 500),
    ),
}
NAMES = {"returns": "Return", "claims": "Claim"}
SCHEMAS = {
    "Return": base._object(
        "A return as you see it.",
        ref=base._text("Our number."),
        state={"type": "string", "enum": RETURN_STATES, "description": "`asked`: we wait for your approval."},
        id=base._text("Your number, when you told it."),
        approval={"type": "boolean", "description": "Nothing is sent before you agree."},
        reply_by=base._text("Until when you may answer, in UTC."),
        lines=base._list({"type": "object", "description": "line, order, sku, name, qty, reason, reason_text, came."}),
        photos=base._list(base._text("Address of a photo; it works without a key.")),
        to={"type": "object", "description": "Where it goes: name, street, city, state, zip, country, phone."},
        parcels=base._list({"type": "object", "description": "number, carrier, of what is on its way to you."}),
    ),
    "Claim": base._object(
        "A claim as you see it.",
        ref=base._text("Our number."),
        state={"type": "string", "enum": CLAIM_STATES, "description": "`to_answer`: we wait for your word."},
        kind=base._text("What happened."),
        amount=base._text("What we claim, exact."),
        granted=base._text("What you granted."),
        currency=base._text("Of the amounts."),
        order=base._text("Our order."),
        parcel=base._text("Your parcel."),
        lines=base._list({"type": "object", "description": "sku, name, qty, amount."}),
        evidence=base._list(base._text("Address of a photo; it works without a key.")),
        objection=base._text("Why we do not agree with your answer."),
        reply_by=base._text("Until when you may answer, in UTC."),
    ),
}


def document():
    """The whole file for suppliers, returns and claims among it."""
    found = base.document()
    found["components"]["schemas"] = {**found["components"]["schemas"], **SCHEMAS}
    states = {"returns": RETURN_STATES, "claims": CLAIM_STATES}
    for what, name in NAMES.items():
        one = name.lower()
        page = {"type": "object", "properties": {what: base._list({"$ref": f"#/components/schemas/{name}"})}}
        page["properties"]["cursor"] = base._text("Give it back for the next page; missing on the last one.")
        found["components"]["schemas"][f"{name}s"] = {**page, "description": f"Your {what}, oldest first."}
        queries = [
            _query("state", f"Only in this state: {', '.join(states[what])}."),
            _query("cursor", "See the page."),
        ]
        reading = base._reading(f"read_{what}", f"Read your {what}", "Page", queries)
        reading["responses"]["200"] = base._response("As asked.", f"{name}s")
        found["paths"][f"{base.BASE}/{what}"] = {"get": reading}
        found["paths"][f"{base.BASE}/{what}/{{ref}}"] = {
            "get": base._reading(f"read_{one}", f"Read one {one}", name, [base.REF])
        }
        found["paths"][f"{base.BASE}/{what}/{{ref}}/answer"] = {"post": _posting(f"supplier_{one}_answer", one, name)}
    return found


def _query(name, words):
    return {"name": name, "in": "query", "required": False, "schema": {"type": "string"}, "description": words}


def _posting(method, one, name):
    errors = {status: base._response(words, "Refusal") for status, words in base.ERRORS.items() if status != "412"}
    return {
        "operationId": method,
        "summary": f"Answer a {one}",
        "parameters": [base.REF, base.KEY],
        "requestBody": {"required": True, "content": {"application/json": {"schema": REQUESTS[method]}}},
        "responses": {"200": base._response("Done.", name), **errors},
    }
