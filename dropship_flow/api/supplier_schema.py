"""Every body a supplier's program may send us, as JSON Schema; the same words as `schema.py`, no references."""

from .schema import MAX_MONEY, MAX_QUANTITY, many, money, obj, text

MAX_ROWS = 5000
MAX_LINES = 200
MAX_PARCELS = 50
# Base64 of a document of some three megabytes; a call as a whole has a limit of its own.
MAX_DOCUMENT = 4_500_000
REASONS = [
    "out_of_stock", "not_enough", "discontinued", "price", "address", "cannot_ship", "closed", "customer", "other",
]  # fmt: skip
DOCUMENT_TYPES = ["application/pdf", "application/xml", "text/xml", "image/png", "image/jpeg"]
CHARGE_KINDS = ["freight", "fee", "service", "allowance", "other"]
ORDER_STATES = ["to_answer", "to_ship", "shipped", "cancelled"]


def quantity(description):
    return {"type": "number", "minimum": 0, "maximum": MAX_QUANTITY, "description": description}


def code(description):
    return {"type": "string", "enum": REASONS, "description": description}


def day(description):
    return text(description, 10, low=10, format="date")


def currency(description):
    return text(description, 3, low=3, pattern="^[A-Z]{3}$")


REF = text("Our reference; the one in the address.", 64)

ANSWER_LINE = obj(
    "What becomes of one line: by its key `line`, or by `sku`. What is in none of the three quantities is accepted.",
    line=text("The key of the line, as in the order.", 40),
    sku=text("Your SKU.", 200),
    accepted=quantity("How many you ship."),
    backordered=quantity("How many come later, on `date`."),
    rejected=quantity("How many you do not have."),
    reason_code=code("Why not."),
    reason=text("In your words.", 500),
    price=money("Net price of one unit, when it differs from the order's."),
    date=day("When you ship it."),
    substitute=text("SKU of what you would send instead.", 200),
)

PARCEL = obj(
    "One parcel that left.",
    ["number"],
    number=text("Its tracking number.", 60, low=5),
    carrier=text("Who carries it.", 100),
    lines=many(
        obj(
            "How many of a line are in it.",
            ["qty"],
            line=text("The key of the line.", 40),
            sku=text("Your SKU.", 200),
            qty={"type": "number", "exclusiveMinimum": 0, "maximum": MAX_QUANTITY, "description": "In your units."},
        ),
        MAX_LINES,
        "What is in it; none: all that still waits.",
        low=0,
    ),
)

STOCK_ROW = obj(
    "One of your SKUs. A figure that is left out stays as it is.",
    ["sku"],
    sku=text("Your SKU.", 200, low=1),
    warehouse=text("Code of your warehouse, when several of them offer the SKU.", 64),
    stock=quantity("How many you have."),
    price={"type": "number", "exclusiveMinimum": 0, "maximum": MAX_MONEY, "description": "Net price of one unit."},
    currency=currency("Of the price; it must be the currency of your offer."),
)

INVOICE_LINE = obj(
    "One line of the invoice.",
    ["ref"],
    ref=text("The order it belongs to.", 64, low=1),
    line=text("The key of the line.", 40),
    sku=text("Your SKU.", 200),
    name=text("What it is.", 500),
    qty=quantity("How many."),
    price=money("Net price of one unit."),
    amount=money("Net amount of the line."),
)

INVOICE_CHARGE = obj(
    "What you charge besides goods, or take off.",
    ["kind", "amount"],
    kind={"type": "string", "enum": CHARGE_KINDS, "description": "`allowance`: what you take off."},
    amount=money("Net; never negative."),
    name=text("What it is.", 200),
    ref=text("The order it belongs to; without it all of the invoice.", 64),
)

REQUESTS = {
    "supplier_acknowledge": obj(
        "Your answer to an order.",
        ["status"],
        ref=REF,
        status={
            "type": "string",
            "enum": ["accepted", "changed", "rejected", "cancelled"],
            "description": "`changed` when one of the lines differs from the order.",
        },
        serial={"type": "integer", "minimum": 0, "maximum": 2**31 - 1, "description": "Counts your answers."},
        id=text("Your number of the order.", 100),
        ids=many(text("One of your numbers.", 100, low=1), 50, "Your numbers, when you split the order.", low=0),
        reason_code=code("Why not."),
        reason=text("In your words.", 500),
        currency=currency("Of the prices."),
        lines=many(ANSWER_LINE, MAX_LINES, "Line by line; none: the whole order.", low=0),
    ),
    "supplier_ship": obj(
        "What left.", ["parcels"], ref=REF, parcels=many(PARCEL, MAX_PARCELS, "One entry per parcel.")
    ),
    "supplier_invoice": obj(
        "An invoice or credit note for one or several orders. It is compared with what was ordered and shipped.",
        ["number", "date", "currency", "total", "lines"],
        number=text("Your number of the invoice.", 64, low=1, pattern=r"^\S(.*\S)?$"),
        kind={"type": "string", "enum": ["invoice", "credit"], "description": "Without it: an invoice."},
        date=day("Its date."),
        due=day("When it is due."),
        currency=currency("ISO 4217 code."),
        net=money("Without tax."),
        tax=money("The tax."),
        total=money("What we shall pay."),
        lines=many(INVOICE_LINE, MAX_LINES, "At least one line per order."),
        charges=many(INVOICE_CHARGE, MAX_LINES, "Freight, fees, discounts.", low=0),
        document=obj(
            "The invoice as a document.",
            ["name", "type", "content"],
            name=text("File name.", 100, low=1),
            type={"type": "string", "enum": DOCUMENT_TYPES, "description": "Its media type."},
            content=text("The file in Base64.", MAX_DOCUMENT, low=4),
        ),
    ),
    "supplier_stock": obj(
        "Your stock and prices. Each row is taken or refused on its own.",
        ["rows"],
        as_of=text("When the figures were right; without it: now.", 40, format="date-time"),
        rows=many(STOCK_ROW, MAX_ROWS, "Your SKUs."),
    ),
}
