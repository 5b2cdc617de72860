"""Words of claims: kinds of loss, parties, states, and a sentence for every code `claiming` answers with."""

from datetime import date, datetime
from decimal import Decimal

from odoo.addons.dropship_flow.models.reason_text import _lt
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
    ("draft", "Not Handed In"),
    ("waiting", "Waiting for an Answer"),
    ("overdue", "Answer Overdue"),
    ("answered", "Answered, Objection Possible"),
    ("objected", "We Object"),
    ("closed", "Final Answer"),
]
ANSWERS = [("accepted", "All Granted"), ("partly", "Part Granted"), ("refused", "Nothing Granted")]
EVENTS = [("sent", "Submitted to Them"), *ANSWERS, ("objection", "Objection")]
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
    "photo": _lt("Photo"),
    "video": _lt("Video"),
    "label": _lt("Photo of the Label"),
    "tracking": _lt("Tracking History"),
    "messages": _lt("Messages With the Customer"),
}

SENTENCES = {
    # What cannot be reckoned.
    "no_lines": _lt("Nobody said which goods it is about: add lines."),
    "line_twice": _lt("A line is named twice: remove one of them."),
    "not_a_number": _lt("%(field)s is no number."),
    "negative": _lt("%(field)s is below zero."),
    "too_large": _lt("%(field)s is larger than anything sold: correct it."),
    "zero": _lt("%(field)s is zero: say how many pieces it is about."),
    "not_whole": _lt("Nobody can pay %(amount)s: enter whole cents."),
    "unknown_party": _lt("Nobody knows who %(party)s is."),
    "party_twice": _lt("%(party)s is named twice as liable: keep one share."),
    "over_100": _lt("%(field)s is more than 100 %%."),
    "other_currency": _lt("It is in another currency than the claim: enter the amount in the currency of the claim."),
    "unknown_choice": _lt("%(field)s cannot be %(value)s."),
    "low_over_high": _lt("The lowest penalty is above the highest: correct the terms."),
    # Why nothing or less is claimed.
    "no_terms": _lt("There are no terms for claims against them: add some under Configuration ▸ Claim Terms."),
    "not_in_terms": _lt("Their terms pay nothing for it."),
    "window_over": _lt("It is too late: claims were taken until %(day)s."),
    "excluded": _lt("Their terms exclude %(kind)s."),
    "over_loss": _lt("No more than the loss is claimed: %(loss)s instead of %(asked)s."),
    "parcel_limit": _lt("They pay %(most)s at most for these parcels, not %(asked)s."),
    "weight_limit": _lt("They pay %(most)s at most for this weight, not %(asked)s."),
    "weight_missing": _lt("They pay by weight: enter the weight of the products."),
    "claim_limit": _lt("They pay %(most)s at most for a claim, not %(asked)s."),
    "month_limit": _lt("They pay %(most)s more at most this month, not %(asked)s."),
    "nothing_to_claim": _lt("There is no loss to be claimed."),
    # What was answered.
    "sent_late": _lt("It was handed in after the last day, %(day)s: they may refuse it for that."),
    "before_sent": _lt("An answer is older than the claim and does not count."),
    "unknown_answer": _lt("An answer was not understood: %(kind)s."),
    "answered_again": _lt("They answered again, with %(amount)s. The first answer counts: %(granted)s."),
    "more_than_claimed": _lt("They granted %(difference)s more than was claimed; only what was claimed counts."),
    "refused_with_amount": _lt("They refused it and named an amount; the refusal counts."),
    "less_than_before": _lt("They granted %(amount)s to our objection; the %(before)s granted before are kept."),
    "objection_late": _lt("The objection came too late."),
    "nothing_to_object": _lt("There was nothing to object to."),
    # What was credited.
    "credited_ahead": _lt("%(key)s credits %(amount)s before anything was granted; it is set off when it is."),
    "credited_more": _lt("%(key)s credits %(amount)s more than was granted."),
    "credited_twice": _lt("%(key)s credits the same once more: %(amount)s too much."),
    "credited_without_grant": _lt("%(key)s credits %(amount)s, and nothing was granted."),
    "credited_less": _lt("Credited %(amount)s of %(granted)s granted; %(difference)s are still open."),
    "document_differs": _lt("%(key)s was entered with two amounts; the first one counts."),
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
    words = env._(SENTENCES[code])
    return words % Figures(said)


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
        return dict(env["dropship.claim.share"]._fields["party"]._description_selection(env)).get(value, value)
    return value
