"""Words of the policy: the codes of `verdict`, as selection lists people read."""

from ..case.words import VERDICTS as ALL_VERDICTS

BASES = [
    ("ordered", "Order"),
    ("shipped", "Shipping"),
    ("delivered", "Delivery of the Line"),
    ("signed", "Signature"),
    ("last_parcel", "Last Parcel of the Order"),
]
PLACES = [
    ("supplier", "To the Supplier"),
    ("us", "To Us"),
    ("keep", "Customer Keeps It"),
    ("destroy", "Customer Destroys It"),
    ("donate", "Customer Donates It"),
]
ELSE_PLACES = PLACES[1:]
PAYERS = [
    ("customer", "Customer"),
    ("us", "Us"),
    ("supplier", "Supplier"),
    ("carrier", "Carrier"),
    ("liable", "Who Caused It"),
]
OUTBOUND = [("none", "Nothing"), ("standard", "Standard Shipping"), ("all", "All Shipping")]
REFUND_BASES = [
    ("notice", "The Notice"),
    ("sent", "The Notice, Once Sent"),
    ("received", "Reception"),
]
AFTER = [
    ("now", "At Once"),
    ("sent", "Once Sent"),
    ("received", "Once Received"),
    ("inspected", "Once Inspected"),
]
BOUNDS = [("look", "A Person Must Look"), ("refuse", "Not Covered")]
FLOOR_VERDICTS = ALL_VERDICTS[:2]
FLOOR_PAYERS = [("us", "Us"), ("told", "Customer, If Told Before")]
