"""Every body the order API takes and gives, as JSON Schema 2020-12. One place: checks and documents are made from it.

Only these words are used, and `validate.py` knows exactly these: type, enum, properties, required,
additionalProperties, items, minItems, maxItems, minLength, maxLength, pattern, minimum, maximum, exclusiveMinimum,
format (date, date-time, email), $ref, description, examples, default.
"""

TEXT_LIMIT = 2000
NAME_LIMIT = 200
MAX_ORDERS = 100
MAX_LINES = 200
MAX_READ = 200
# Figures a database column holds exactly, far above any order.
MAX_MONEY = 1_000_000_000
MAX_QUANTITY = 1_000_000

STAGES = ["unpaid", "held", "at_supplier", "to_ship", "on_the_way", "delivered", "after_sales", "closed"]
PAID_STATES = ["paid", "authorised", "cash_on_delivery", "unpaid"]
FLAGS = ["red", "yellow", "green", "blue", "purple"]


def text(description, limit=NAME_LIMIT, low=0, **more):
    """A string of at most `limit` characters.

    >>> text("A name", 5)
    {'type': 'string', 'maxLength': 5, 'description': 'A name'}
    """
    schema = {"type": "string", "maxLength": limit, "description": description}
    if low:
        schema["minLength"] = low
    return schema | more


def obj(description, required=(), **properties):
    """An object that takes exactly these properties.

    >>> obj("Nothing")["additionalProperties"]
    False
    """
    return {
        "type": "object",
        "description": description,
        "required": list(required),
        "properties": properties,
        "additionalProperties": False,
    }


def many(items, high, description, low=1):
    """A list of `low` to `high` items.

    >>> many({"type": "string"}, 3, "Words", low=0)["maxItems"]
    3
    """
    return {"type": "array", "items": items, "minItems": low, "maxItems": high, "description": description}


def ref(name):
    """A reference to a named schema.

    >>> ref("Order")
    {'$ref': '#/components/schemas/Order'}
    """
    return {"$ref": f"#/components/schemas/{name}"}


def money(description, low=0):
    return {"type": "number", "minimum": low, "maximum": MAX_MONEY, "description": description}


MESSAGES = obj(
    "What the customer and the staff say about the order.",
    buyer=text("The customer's message (买家留言); the order desk reads it first.", TEXT_LIMIT),
    gift_note=text("Printed and packed by the supplier.", TEXT_LIMIT),
    carrier_wish=text("How the customer wants it delivered.", TEXT_LIMIT),
    memo=text("For colleagues only (备注); never leaves the house.", TEXT_LIMIT),
    flag={"type": "string", "enum": FLAGS, "description": "Coloured flag of the memo (备注旗子)."},
)

FAPIAO = obj(
    "The Chinese tax invoice (发票) the customer wants; what cannot stand on one is noted on the order.",
    kind={"type": "string", "enum": ["none", "ordinary", "special"], "description": "普票 or 专票; else ordinary."},
    who={"type": "string", "enum": ["person", "company"], "description": "A company when it has a tax number."},
    name=text("Title (抬头)."),
    tax_number=text("Tax number (税号), 18 characters; old ones 15.", 40),
    address=text("Registered address, for a special one."),
    phone=text("Telephone, for a special one.", 60),
    bank=text("Bank, for a special one."),
    account=text("Bank account, for a special one.", 60),
    email=text("Where the file is sent.", 254),
    mobile=text("Mobile number of who gets it.", 60),
)

CUSTOMER = obj(
    "Who ordered.",
    ["name"],
    name=text("Name on the parcel.", low=1),
    phone=text("Telephone, as written.", 64),
    email=text("E-mail address.", 254, format="email"),
)

ADDRESS = obj(
    "Where the goods go: in parts, or as one text. With `text` only `country` may be given beside it.",
    text=text("The whole address as one text.", TEXT_LIMIT, low=1),
    country=text("ISO 3166 code, two letters.", 2, low=2, pattern="^[A-Za-z]{2}$"),
    state=text("State or province: its code or its name."),
    city=text("City."),
    district=text("District (区), where addresses have one."),
    street=text("Street and number.", 500),
    street2=text("Second line.", 500),
    zip=text("Postal code.", 24),
)

LINE = obj(
    "One product. Exactly one of `sku` and `barcode`.",
    ["quantity"],
    sku=text("Internal reference of the product.", 64, low=1),
    barcode=text("Barcode of the product.", 64, low=1),
    quantity={
        "type": "number",
        "exclusiveMinimum": 0,
        "maximum": MAX_QUANTITY,
        "description": "In the product's sales unit.",
    },
    price=money("For one unit, in the order's currency. Without it the price list says it."),
    name=text("How the line is called on the order; without it the product's name.", TEXT_LIMIT),
    personalisation=text("Name, engraving, print text.", TEXT_LIMIT),
    id=text("The channel's own number of the line; it goes back with the tracking number.", 64, low=1),
)

PAYMENT = obj(
    "What is known about the payment.",
    ["state"],
    state={"type": "string", "enum": PAID_STATES, "description": "`paid` orders are never held as unpaid."},
    amount=money("What the customer paid, or pays on delivery, in the order's currency."),
    reference=text("Number of the payment at the channel.", 128),
)

SHIPPING = obj(
    "What the customer chose and pays for shipping.",
    service=text("Name of a delivery method of the shop.", 128, low=1),
    charge=money("What the customer pays for shipping, in the order's currency."),
)

PROMISE = obj(
    "What the channel promised for this order.",
    ship_by=text("Until when it has to leave (UTC when it names no zone).", 40, format="date-time"),
    deliver_by=text("Until when it has to arrive (UTC when it names no zone).", 40, format="date-time"),
)

ORDER = obj(
    "An order of a sales channel.",
    ["number", "channel", "customer", "address", "lines"],
    number=text("The channel's own number; unique per channel.", 64, low=1, pattern=r"^\S(.*\S)?$"),
    channel=text("Code of the sales channel.", 32, low=1),
    customer=ref("Customer"),
    address=ref("Address"),
    lines=many(ref("Line"), MAX_LINES, "The products."),
    currency=text("ISO 4217 code; without it the company's.", 3, low=3, pattern="^[A-Z]{3}$"),
    prices_include_tax={
        "type": "boolean",
        "default": True,
        "description": "Whether prices, charge and discount include tax; without it as the channel is set.",
    },
    discount=money("What the shop takes off the prices, in all."),
    subsidy=money("The part of the prices the platform pays instead of the customer."),
    fees=money("What the channel keeps of this order; without it the channel's fee schedule counts."),
    promise=ref("Promise"),
    payment=ref("Payment"),
    shipping=ref("Shipping"),
    messages=ref("Messages"),
    fapiao=ref("Fapiao"),
    confirm={"type": "boolean", "default": True, "description": "False leaves a quotation that nothing is bought for."},
)

NUMBER = obj(
    "An order: our number, or with `channel` the channel's.",
    ["number"],
    number=text("Number of the order.", 64, low=1),
    channel=text("Code of the sales channel whose number it is.", 32, low=1),
)

KEY = text(
    "The same as the header `Idempotency-Key`, for protocols without headers.", 128, low=1, pattern=r"^[\x21-\x7e]+$"
)

ERROR = obj(
    "What is wrong, and where.",
    ["path", "code", "message"],
    path={"type": "string", "description": "e.g. `orders[0].lines[2].quantity`."},
    code={"type": "string", "description": "For programs."},
    message={"type": "string", "description": "For people, in the language of the key's user."},
)

RESULT = obj(
    "What became of one order of the call.",
    ["index", "number", "status", "errors"],
    index={"type": "integer", "description": "Its place in the call."},
    number={"type": "string", "description": "The number it was called by."},
    status={"type": "string", "enum": ["created", "held", "released", "cancelled", "refused"]},
    order={"type": "string", "description": "Our number."},
    stage={"type": "string", "description": "One of the eight stages; empty for what the suite does not care for."},
    waiting={"type": "string", "description": "What the order waits for, in words."},
    total={"type": "number", "description": "Total of the order with tax."},
    errors=many(ref("Error"), 1000, "Why it was refused.", low=0),
)

ANSWER = obj(
    "One result per order, in the order of the call.",
    ["results", "done", "refused"],
    results=many(ref("Result"), MAX_ORDERS, "The results.", low=0),
    done={"type": "integer", "description": "How many were accepted."},
    refused={"type": "integer", "description": "How many were not."},
)

REFUSAL = obj(
    "The call as a whole was refused; nothing was done.",
    ["errors"],
    errors=many(ref("Error"), 1000, "The reasons.", low=0),
)

PARCEL = obj(
    "A parcel that carries goods of the order.",
    ["number", "tracking", "carrier", "state", "status", "status_word", "left", "delivered"],
    number={"type": "string", "description": "The tracking number."},
    tracking={"type": "string", "description": "The same; its older name."},
    carrier={"type": "string", "description": "Its name."},
    carrier_code={"type": "string", "description": "Our code of it; missing where no parcel is followed."},
    state={"type": "string", "description": "announced or dispatched; of transfers nobody follows: done."},
    status={"type": "string", "description": "What the carrier's events make of it: pending, in_transit, delivered …"},
    status_word={"type": "string", "description": "The same as a person reads it on every screen."},
    left={"type": "string", "description": "UTC, ISO 8601; empty while it waits for its first scan."},
    delivered={"type": "string", "description": "UTC, ISO 8601; empty while it is not delivered."},
)

READ_ORDER = obj(
    "An order as it stands.",
    ["order", "state", "changed"],
    order={"type": "string", "description": "Our number."},
    number={"type": "string", "description": "The channel's number."},
    channel={"type": "string", "description": "Code of the channel."},
    state={"type": "string", "description": "draft, sent, sale or cancel."},
    stage={"type": "string", "description": "One of the eight stages."},
    waiting={"type": "string", "description": "What it waits for, in words."},
    currency={"type": "string"},
    total={"type": "number"},
    payment={"type": "string", "description": "The payment state the channel told."},
    changed={"type": "string", "description": "UTC, ISO 8601."},
    lines={"type": "array", "items": {"type": "object"}, "description": "sku, name, quantity, delivered."},
    holds={"type": "array", "items": {"type": "object"}, "description": "kind, reason, since."},
    purchases={"type": "array", "items": {"type": "object"}, "description": "order, supplier, state, expected."},
    parcels={"type": "array", "items": ref("Parcel"), "description": "What left, box by box."},
)

PAGE = obj(
    "A page of orders, oldest change first.",
    ["orders"],
    orders={"type": "array", "items": ref("ReadOrder")},
    cursor={"type": "string", "description": "Give it back to read on; missing on the last page."},
)

SCHEMAS = {
    "Customer": CUSTOMER,
    "Address": ADDRESS,
    "Line": LINE,
    "Payment": PAYMENT,
    "Shipping": SHIPPING,
    "Promise": PROMISE,
    "Messages": MESSAGES,
    "Fapiao": FAPIAO,
    "Order": ORDER,
    "Number": NUMBER,
    "Error": ERROR,
    "Result": RESULT,
    "Answer": ANSWER,
    "Refusal": REFUSAL,
    "Parcel": PARCEL,
    "ReadOrder": READ_ORDER,
    "Page": PAGE,
}

NUMBERS = many(ref("Number"), MAX_ORDERS, "The orders.")

# What each method takes, by its name on sale.order.
REQUESTS = {
    "api_create_orders": obj(
        "Orders to enter.",
        ["orders"],
        orders=many(ref("Order"), MAX_ORDERS, "Each is accepted or refused on its own."),
        idempotency_key=KEY,
    ),
    "api_read_orders": obj(
        "Which orders to read; without anything all, oldest change first.",
        numbers=many(ref("Number"), MAX_READ, "These orders."),
        channel=text("Orders of this channel.", 32, low=1),
        stages=many({"type": "string", "enum": STAGES}, len(STAGES), "Orders in one of these stages."),
        changed_since=text("Changed at or after this moment (UTC when it names no zone).", 40, format="date-time"),
        cursor=text("From the page before.", 200, low=1),
        limit={"type": "integer", "minimum": 1, "maximum": MAX_READ, "default": 50, "description": "Orders per page."},
    ),
    "api_hold_orders": obj(
        "Orders not to buy for now.",
        ["orders", "reason"],
        orders=NUMBERS,
        reason=text("Why; people read it on the order.", TEXT_LIMIT, low=1),
        until=text("Released by itself on this day.", 10, format="date"),
        idempotency_key=KEY,
    ),
    "api_release_orders": obj(
        "Orders to let go: every open hold is released.", ["orders"], orders=NUMBERS, idempotency_key=KEY
    ),
    "api_cancel_orders": obj(
        "Orders to cancel.",
        ["orders"],
        orders=NUMBERS,
        reason=text("Why; people read it on the order.", TEXT_LIMIT),
        idempotency_key=KEY,
    ),
}
