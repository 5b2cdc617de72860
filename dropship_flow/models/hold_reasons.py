"""The sentences of the order checks, and the words that stand in them."""

from odoo import models

from .reason_text import FLOW_REASONS, FLOW_WORDS, _lt

FLOW_REASONS.update(
    {
        "unpaid_pending": _lt("Not paid yet: the payment of %(total)s %(currency)s is still to arrive."),
        "unpaid_authorised": _lt("Authorised, but not captured: %(paid)s of %(total)s %(currency)s."),
        "unpaid_part": _lt("Only %(paid)s of %(total)s %(currency)s is paid."),
        "unpaid_failed": _lt("Every payment of the %(total)s %(currency)s failed or was given up."),
        "unpaid_nothing": _lt("Nobody has paid or tried to pay the %(total)s %(currency)s."),
        "address_wanted": _lt("Complete the contact; the order goes on by itself."),
        "duplicate_phone": _lt("The same goods were ordered with the same phone %(hours)s hours before: %(order)s."),
        "duplicate_address": _lt("The same goods were ordered to the same address %(hours)s hours before: %(order)s."),
        "duplicate_both": _lt(
            "The same goods were ordered with the same phone to the same address %(hours)s hours before: %(order)s."
        ),
        "value_above": _lt("The order is worth %(value)s, a person looks above %(limit)s."),
        "destination_marked": _lt("Orders to this place are looked at by a person."),
        "first_order": _lt("The customer's first order, worth %(value)s."),
        "words_found": _lt("Marked words in what was written: %(words)s."),
        "many_lines": _lt("The order has %(count)s lines."),
        "message_unread": _lt('The buyer wrote, and nobody has read it: "%(text)s"'),
        "staff_flag": _lt("A colleague flagged the order."),
        "staff_flag_note": _lt('A colleague flagged the order: "%(text)s"'),
        "risk_score": _lt("Risk of %(score)s points, a person looks from %(limit)s:"),
        "risk_first_order": _lt("%(points)s: a first order worth %(value)s"),
        "risk_countries_differ": _lt("%(points)s: billed to another country than shipped to"),
        "risk_free_mail": _lt("%(points)s: worth %(value)s with a free e-mail at %(domain)s"),
        "risk_many_orders": _lt("%(points)s: %(count)s orders within %(hours)s hours"),
        "risk_no_phone": _lt("%(points)s: a phone nobody can dial"),
        "risk_post_box": _lt("%(points)s: goods to a post box"),
        "risk_failed_payments": _lt("%(points)s: %(count)s payments failed before"),
        "risk_bad_debtor": _lt("%(points)s: the customer is marked as a bad debtor"),
        "blocked_refuse": _lt("On the blocklist (%(by)s), orders are refused: %(why)s"),
        "blocked_prepay": _lt("On the blocklist (%(by)s), only prepaid orders are bought: %(why)s"),
        "blocked_hold": _lt("On the blocklist (%(by)s): %(why)s"),
    }
)

# Figures of a reason that are codes themselves.
KEYS = {
    "phone": _lt("phone"),
    "address": _lt("address"),
    "email": _lt("e-mail"),
    "region": _lt("region"),
}
FLOW_WORDS.update({f"blocked_{action}": {"by": KEYS} for action in ("refuse", "prepay", "hold")})


class DropshipHold(models.Model):
    _inherit = "dropship.hold"

    def _hold_kinds(self):
        return [
            *super()._hold_kinds(),
            ("unpaid", self.env._("Unpaid")),
            ("address", self.env._("Address incomplete")),
            ("duplicate", self.env._("Ordered twice")),
            ("value", self.env._("High value")),
            ("destination", self.env._("Destination")),
            ("first_order", self.env._("First order")),
            ("words", self.env._("Marked words")),
            ("lines", self.env._("Several lines")),
            ("message", self.env._("Message unread")),
            ("staff", self.env._("Staff flag")),
            ("risk", self.env._("Risk")),
            ("blocked", self.env._("Blocked customer")),
        ]
