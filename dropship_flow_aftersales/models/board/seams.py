"""What the board asks of policy and refunds, in one place: what may be had, why, and what it comes to."""

from odoo import api, models

from ...casework import Offer

# Where goods go and what comes before it, where no policy says more.
PLACES = {"return": "supplier", "exchange": "supplier", "repair": "us"}
BEFORE = {"return": "inspected", "exchange": "received", "repair": "received"}
# What of a supplier's return terms stands beside a case.
TERMS = ("takes", "reason_ids", "payer", "fee", "asks_first")
# What gives money, a part or all of it.
WITH_MONEY = ("return", "keep", "refund_only", "credit", "cancel", "intercept")


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    def _draft_offer(self, kind, lines=None, amount=None):
        """An offer with the place, order and conditions the policy gives it.

        :param str kind: a code of OUTCOMES
        :param dict lines: {dropship.return.line: Decimal}; None: all that was asked for
        :param Decimal amount: None: as calculated
        """
        self.ensure_one()
        if lines is None:
            lines = {line: line._decimal() for line in self.line_ids}
        pieces = tuple((line.id, qty) for line, qty in lines.items())
        if hasattr(self, "_offer_from"):
            return self._offer_from(kind, lines=list(lines.items()), amount=amount)._replace(lines=pieces)
        return Offer(kind, pieces, amount=amount, to=PLACES.get(kind, ""), after=BEFORE.get(kind, ""))

    def _calculation(self, offer):
        """What an offer comes to before it is made: the answer of `_quote`; nothing where nobody calculates."""
        self.ensure_one()
        return self._quote(offer) if hasattr(self, "_quote") else {}

    def _may_be_had(self):
        """What the policy lets the customer have: the answer of `_offers_for_customer`."""
        self.ensure_one()
        return self._offers_for_customer() if hasattr(self, "_offers_for_customer") else []

    def _supplier_terms_words(self):
        """The supplier's return terms, a line for each that says something."""
        self.ensure_one()
        if "dropship.return.terms" not in self.env:
            return []
        known = self.env["dropship.return.terms"].sudo()  # an agent reads them on the case, and changes none
        terms = known._of(self.sudo().supplier_id, self.company_id).get(self.supplier_id.id, known)
        return [self._term_words(terms, name) for name in TERMS if terms[name]]

    @api.model
    def _term_words(self, terms, name):
        field = terms._fields[name]
        value = terms[name]
        if field.type == "selection":
            value = dict(field._description_selection(self.env)).get(value, value)
        elif field.relational:
            value = ", ".join(value.mapped("display_name"))
        elif field.type == "float":
            value = f"{value:g}"
        label = field._description_string(self.env)
        return label if field.type == "boolean" else f"{label}: {value}"


class DropshipReturnLine(models.Model):
    _inherit = "dropship.return.line"

    def _why_sentences(self, staff=False):
        """Why the verdict on the line is what it is, in the language of the environment.

        :param bool staff: for us, with what customers are not told
        """
        self.ensure_one()
        return self._why(staff=staff) if hasattr(self, "_why") else []
