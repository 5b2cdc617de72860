"""What a customer wants instead: another variant of what he has, or a part of it."""

from odoo import api, fields, models

from .possible import REMEDIES

CHOSEN = {"exchange": "exchange_for", "spare_part": "spare_part"}
# So many are tried before a customer chooses; of more he hears once he has chosen.
MOST_TRIED = 8


class DropshipReturnLine(models.Model):
    _inherit = "dropship.return.line"

    instead_id = fields.Many2one(
        "product.product",
        string="Wants Instead",
        ondelete="restrict",
        help="What the customer chose for an exchange, or the part he needs.",
    )

    def _instead_of(self, kind):
        """What is sent instead, as the customer chose, or because nothing else can be; empty: nobody said."""
        self.ensure_one()
        choices = self._instead_choices(kind)
        if self.instead_id in choices:
            return self.instead_id
        return choices if len(choices) == 1 else self.env["product.product"]

    def _instead_choices(self, kind):
        """Products that can stand for the piece: its variants, or its parts."""
        self.ensure_one()
        if kind == "spare_part":
            return self.return_id._spare_parts(self)
        product_sudo = self.product_id.sudo()  # a customer chooses among what is sold
        others = product_sudo.product_tmpl_id.product_variant_ids.filtered("sale_ok")
        return (product_sudo | others).with_env(self.env)


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    @api.model
    def _line_vals(self, line):
        instead = line.get("instead")
        return {**super()._line_vals(line), **({"instead_id": instead.id} if instead else {})}

    def _offer_from(self, kind, lines=None, amount=None):
        """Override: with what the customer wants instead, line by line."""
        offer = super()._offer_from(kind, lines, amount)
        if kind not in CHOSEN:
            return offer
        conditions = list(offer.conditions)
        for line in self.env["dropship.return.line"].browse([key for key, _qty in offer.lines]):
            product = line._instead_of(kind)
            if product:
                conditions.append((CHOSEN[kind], {"line": line.id, "product": product.id}))
        return offer._replace(conditions=tuple(conditions))

    def _clear_wish(self):
        """Override: what is sent instead has to be clear as well."""
        kind = super()._clear_wish()
        if kind in CHOSEN and not all(line._instead_of(kind) for line in self.line_ids):
            return ""
        return kind

    def _store_verdict(self, result):
        """Override: what the policy gives and nobody can do is said before it is offered."""
        result = super()._store_verdict(result)
        self._refuse_impossible()
        return result

    def _refuse_impossible(self):
        """Take back what the policy would give where it cannot be done, with the reason for the customer."""
        self.ensure_one()
        speaking = self.with_context(lang=self.partner_id.lang or self.env.lang, display_default_code=False)
        for kind in REMEDIES:
            lines = self.line_ids.filtered(lambda line, kind=kind: line._may_get(kind))
            why = speaking._why_impossible(speaking._offer_from(kind, lines)) if lines else ""
            for line in lines if why else ():
                line._refuse_offer(kind, why)
        verdicts = set(self.line_ids.mapped("verdict"))
        if self.verdict == "accept" and "look" in verdicts:
            self.verdict = "look"

    # ------------------------------------------------------------------
    # For pages
    # ------------------------------------------------------------------

    def _instead_options(self, kind):
        """What a customer chooses among, where there is a choice.

        :return: [{"line": dropship.return.line, "options": [{"id", "name", "more": Decimal or float, 0 where it is not
            known}]}]; what cannot be supplied is left out where few enough are tried
        """
        self.ensure_one()
        found = []
        for line in self.line_ids:
            choices = line._instead_choices(kind)
            if len(choices) < 2:
                continue
            options = []
            for product in choices:
                why, more = "", 0.0
                if len(choices) <= MOST_TRIED:
                    offer = self._offer_from(kind, line)
                    wish = (CHOSEN[kind], {"line": line.id, "product": product.id})
                    others = tuple(one for one in offer.conditions if one[0] != CHOSEN[kind])
                    why, more = self._look_at_goods(offer._replace(conditions=(*others, wish)))
                if not why:
                    name = product.with_context(display_default_code=False).display_name
                    options.append({"id": product.id, "name": name, "more": more})
            found.append({"line": line, "options": options})
        return found


class DropshipReturnLineVerdict(models.Model):
    _inherit = "dropship.return.line"

    def _may_get(self, kind):
        """Whether the verdict gives this outcome, and somebody asks for it or nobody said what."""
        self.ensure_one()
        offer = self._offer_json(kind)
        return bool(offer) and offer["verdict"] != "refuse" and (not self.wanted or self.wanted == kind)

    def _refuse_offer(self, kind, why):
        """:param str why: a sentence for the customer"""
        self.ensure_one()
        offers = [
            {**offer, "verdict": "refuse", "reasons": [*offer["reasons"], ["impossible", {"said": why}]]}
            if offer["kind"] == kind
            else offer
            for offer in self.offers
        ]
        vals = {"offers": offers}
        if self.verdict == "accept" and self.wanted == kind:
            vals["verdict"] = "look"
        self.write(vals)
