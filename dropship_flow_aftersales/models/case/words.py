"""Words of a case: the codes of `casework`, as selection lists people read."""

from ...casework import ACCEPTANCES, MAY, RECEPTIONS, STAGES

KINDS = [
    ("return", "Return"),
    ("exchange", "Exchange"),
    ("repair", "Repair"),
    ("missing", "Something Missing"),
    ("damaged", "Damaged"),
    ("wrong_item", "Wrong Item"),
    ("not_received", "Not Received"),
    ("refused_parcel", "Parcel Refused"),
    ("not_shipped", "Not Shipped Yet"),
    ("price", "Price or Goodwill"),
]
ORIGINS = [
    ("portal", "Customer Account"),
    ("guest", "Guest Link"),
    ("agent", "Service Agent"),
    ("api", "API"),
    ("parcel", "Parcel"),
]
# What a customer may get. The codes are those of `verdict.rows`.
OUTCOMES = [
    ("return", "Send Back, Money Back"),
    ("exchange", "Exchange"),
    ("repair", "Repair"),
    ("keep", "Keep It, Part of the Money Back"),
    ("credit", "Store Credit"),
    ("replacement", "Send a Replacement"),
    ("spare_part", "Spare Part"),
    ("refund_only", "Money Back, Nothing to Send"),
    ("cancel", "Cancel Before Shipping"),
    ("intercept", "Stop the Parcel"),
    ("nothing", "Nothing"),
]
VERDICTS = [("accept", "Can Be Accepted"), ("look", "A Person Must Look"), ("refuse", "Not Covered")]
LIABLE = [
    ("customer", "Customer"),
    ("supplier", "Supplier"),
    ("carrier", "Carrier"),
    ("listing", "Our Description"),
    ("us", "Us"),
]
ACCEPTANCE_WORDS = {
    "asked": "Asked",
    "negotiating": "Negotiating",
    "accepted": "Agreed",
    "refused": "Refused",
    "cancelled": "Withdrawn by the Customer",
}
RECEPTION_WORDS = {
    "none": "Nothing to Send",
    "awaited": "To Be Sent",
    "on_the_way": "On the Way Back",
    "partly": "Partly Here",
    "received": "Here",
    "inspected": "Inspected",
    "not_coming": "Not Coming",
}
STAGE_WORDS = {
    "asked": "We Look at It",
    "your_turn": "Customer's Turn",
    "our_turn": "Our Turn",
    "preparing": "Being Prepared",
    "send": "To Be Sent Back",
    "on_the_way": "On Its Way Back",
    "partly": "Partly Arrived",
    "arrived": "Arrived",
    "checked": "Checked",
    "in_work": "In Work",
    "not_sent": "Not Sent",
    "unasked": "Came Unasked",
    "refused": "Not Accepted",
    "cancelled": "Called Off",
    "done": "Done",
}
EVENT_WORDS = {
    "offer": "Offer",
    "take": "Offer Accepted",
    "decline": "Offer Declined",
    "accept": "Accepted",
    "refuse": "Refused",
    "cancel": "Called Off",
    "withdraw": "Withdrawn from the Contract",
    "approve": "Supplier Agrees",
    "disapprove": "Supplier Says No",
    "redirect": "Goes to Us Instead",
    "resolve": "Carried Out",
    "close": "Closed",
    "score": "Rated",
    "send": "Sent Back",
    "move": "Scanned on the Way",
    "arrive": "Arrived",
    "lose": "Lost on the Way",
    "receive": "Counted",
    "inspect": "Inspected",
    "deem": "Taken as Sent",
    "not_coming": "Not Coming",
}
PARTIES = [
    ("customer", "Customer"),
    ("guest", "Customer by Link"),
    ("agent", "Service Agent"),
    ("supplier", "Supplier"),
    ("system", "System"),
]
ACCEPTANCE = [(code, ACCEPTANCE_WORDS[code]) for code in ACCEPTANCES]
RECEPTION = [(code, RECEPTION_WORDS[code]) for code in RECEPTIONS]
STAGE = [(code, STAGE_WORDS[code]) for code in STAGES]
EVENTS = [(code, EVENT_WORDS[code]) for code in MAY]
