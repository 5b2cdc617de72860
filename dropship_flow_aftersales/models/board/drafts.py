"""An offer as the board drafts it, and what stands of a supplier's terms beside a case."""

from odoo import api, models

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
        return self._offer_from(kind, lines=list(lines.items()), amount=amount)._replace(lines=pieces)

    def _supplier_terms_words(self):
        """The supplier's return terms, a line for each that says something."""
        self.ensure_one()
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
