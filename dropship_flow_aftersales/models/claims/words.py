"""Words of claims: kinds of loss, parties, states, and a sentence for every code `claiming` answers with."""

from datetime import date, datetime
from decimal import Decimal

from odoo.addons.dropship_flow.routing.reasons import Figures
from odoo.tools import format_date, format_datetime

# {kind stored on a claim: the same in `claiming`}, where they differ.
ENGINE_KIND = {"loss": "lost", "damage": "damaged", "false": "fake_shipping", "freight": "refused_at_door"}
STORED_KIND = {engine: stored for stored, engine in ENGINE_KIND.items()}
# {kind of a case: kind of its claims}; what is not named follows from the reason.
CASE_KIND = {
    "damaged": "damage",
    "missing": "missing",
    "wrong_item": "wrong_item",
    "not_received": "loss",
    "refused_parcel": "freight",
    "not_shipped": "never_shipped",
    "repair": "defective",
    "return": "defective",
    "exchange": "defective",
    "price": "defective",
}
STANDINGS = [
    ("refused", "Nothing to Claim"),
    ("draft", "Not Sent"),
    ("waiting", "Waiting for an Answer"),
    ("overdue", "Answer Overdue"),
    ("answered", "Answered, Objection Possible"),
    ("objected", "We Object"),
    ("closed", "Decided"),
]
ANSWERS = [("accepted", "All Granted"), ("partly", "Part Granted"), ("refused", "Nothing Granted")]
EVENTS = [("sent", "Handed In"), *ANSWERS, ("objection", "Objection")]
BASES = [
    ("ordered", "The order"),
    ("shipped", "The dispatch"),
    ("delivered", "The delivery"),
    ("noticed", "The day we noticed"),
]
PAYS = [("cost", "What the goods cost"), ("refunded", "What we refunded"), ("nothing", "Only what is named below")]
SILENCE = [("accepted", "It is granted"), ("refused", "It is refused")]
LIABLE_PARTIES = [
    ("supplier", "Supplier"),
    ("carrier", "Carrier"),
    ("customs", "Customs broker"),
    ("customer", "Customer"),
    ("listing", "Our Description"),
    ("us", "Us"),
]
EVIDENCE = {
    "photo": "Photo",
    "video": "Video",
    "label": "Photo of the label",
    "tracking": "Tracking history",
    "messages": "Messages with the customer",
}

SENTENCES = {
    # What cannot be reckoned.
    "no_lines": "Nobody said which goods it is about: add lines.",
    "line_twice": "A line is named twice: remove one of them.",
    "not_a_number": "%(field)s is no number.",
    "negative": "%(field)s is below zero.",
    "too_large": "%(field)s is larger than anything sold: correct it.",
    "zero": "%(field)s is zero: say how many pieces it is about.",
    "not_whole": "Nobody can pay %(amount)s: enter whole cents.",
    "unknown_party": "Nobody knows who %(party)s is.",
    "party_twice": "%(party)s is named twice as liable: keep one share.",
    "over_100": "%(field)s is more than 100 %%.",
    "other_currency": "It is in another currency than the claim: enter the amount in the currency of the claim.",
    "unknown_choice": "%(field)s cannot be %(value)s.",
    "low_over_high": "The lowest penalty is above the highest: correct the terms.",
    # Why nothing or less is claimed.
    "no_terms": "There are no terms for claims against them: add some under Configuration ▸ Claim Terms.",
    "not_in_terms": "Their terms pay nothing for it.",
    "window_over": "It is too late: claims were taken until %(day)s.",
    "excluded": "Their terms exclude %(kind)s.",
    "over_loss": "No more than the loss is claimed: %(loss)s instead of %(asked)s.",
    "parcel_limit": "They pay %(most)s at most for these parcels, not %(asked)s.",
    "weight_limit": "They pay %(most)s at most for this weight, not %(asked)s.",
    "weight_missing": "They pay by weight: enter the weight of the products.",
    "claim_limit": "They pay %(most)s at most for a claim, not %(asked)s.",
    "month_limit": "They pay %(most)s more at most this month, not %(asked)s.",
    "nothing_to_claim": "There is no loss to be claimed.",
    # What was answered.
    "sent_late": "It was handed in after the last day, %(day)s: they may refuse it for that.",
    "before_sent": "An answer is older than the claim and does not count.",
    "unknown_answer": "An answer was not understood: %(kind)s.",
    "answered_again": "They answered again, with %(amount)s. The first answer counts: %(granted)s.",
    "more_than_claimed": "They granted %(difference)s more than was claimed; only what was claimed counts.",
    "refused_with_amount": "They refused it and named an amount; the refusal counts.",
    "less_than_before": "They granted %(amount)s to our objection; the %(before)s granted before are kept.",
    "objection_late": "The objection came too late.",
    "nothing_to_object": "There was nothing to object to.",
    # What was credited.
    "credited_ahead": "%(key)s credits %(amount)s before anything was granted; it is set off when it is.",
    "credited_more": "%(key)s credits %(amount)s more than was granted.",
    "credited_twice": "%(key)s credits the same once more: %(amount)s too much.",
    "credited_without_grant": "%(key)s credits %(amount)s, and nothing was granted.",
    "credited_less": "Credited %(amount)s of %(granted)s granted; %(difference)s are still open.",
    "document_differs": "%(key)s was entered with two amounts; the first one counts.",
}  # fmt: skip
MONEY = {"amount", "difference", "granted", "claimed", "before", "most", "asked", "loss"}


def plain(notes):
    """Notes of `claiming` as JSON: [[code, {figure: value}], …], numbers as exact text."""
    return [[code, {name: _plain(value) for name, value in figures.items()}] for code, figures in notes]


def _plain(value):
    if isinstance(value, (Decimal, date, datetime)):
        return str(value)
    return list(value) if isinstance(value, (tuple, frozenset)) else value


def say(env, notes, currency):
    """
    :param notes: as of `plain`
    :return: [sentence] in the reader's language; a code without one is shown as it is
    """
    return [_sentence(env, code, figures, currency) for code, figures in notes or ()]


def _sentence(env, code, figures, currency):
    if code not in SENTENCES:
        return code
    said = {name: _figure(env, name, value, currency) for name, value in figures.items()}
    return env._(SENTENCES[code]) % Figures(said)


def _figure(env, name, value, currency):
    if value is None:
        return "–"
    if name in MONEY:
        return currency.format(float(value))
    if name == "day":
        return format_date(env, value)
    if name == "at":
        return format_datetime(env, value)
    if name == "party":
        return env._(dict(LIABLE_PARTIES).get(value, value))
    return value
