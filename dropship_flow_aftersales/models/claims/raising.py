"""From a loss to claims: once for each loss and party, updated while they are not handed in."""

from datetime import datetime, time
from decimal import Decimal

from odoo import Command, api, fields, models

from ...claiming import claims
from .pure import to_json
from .words import ENGINE_KIND, plain


class DropshipClaim(models.Model):
    _inherit = "dropship.claim"

    @api.model
    def _raise_loss(self, loss, subject, rows):
        """Raise what can be claimed for a loss. Asked again, drafts are updated; what was handed in is left alone.

        :param claiming.Loss loss: in the currency of the subject
        :param dict subject: vals of the claims: `company_id`, `currency_id`, `kind`, `supplier_id` …, and `raise_key`
            (without the party)
        :param dict rows: {key of a line: vals of `dropship.claim.line`}
        :return: (claims, `claiming.Raised`)
        """
        subject_claim = self.new({name: value for name, value in subject.items() if name != "evidence_ids"})
        found = {party: subject_claim._terms_against(party) for party, _percent in loss.liable}
        found = {party: terms for party, terms in found.items() if terms}
        pure = {
            party: terms._pure(
                subject_claim.currency_id, subject_claim.company_id,
                subject_claim._origin_warehouse() if party == "supplier" else None,
            )
            for party, terms in found.items()
        }  # fmt: skip
        used = {
            party: subject_claim._used_this_month(party) for party, one in pure.items() if one.per_month is not None
        }
        raised = claims(loss, pure, fields.Datetime.now(), used)
        made = self.browse()
        for claim in raised.claims:
            terms = (found.get(claim.party), pure.get(claim.party))
            made |= self._raise_one(claim, loss, {**subject, "party": claim.party}, rows, terms)
        return made, raised

    def _terms_against(self, party):
        return self.env["dropship.claim.terms"]._find(party, self.company_id, self.supplier_id, self.carrier_code)

    def _origin_warehouse(self):
        return self.sudo().purchase_id.dropship_warehouse_id or self.supplier_id.warehouse_ids[:1]

    @api.model
    def _raise_one(self, claim, loss, subject, rows, terms):
        key = f"{subject['raise_key']}:{claim.party}"
        known = self._known(subject, key)
        if claim.refused and not known:
            return self.browse()
        if known and known.state != "draft":
            return known
        vals = {
            **subject,
            "raise_key": key,
            "amount": float(claim.amount),
            "deadline": claim.deadline.day or (known.deadline if known else False),
            "penalty": float(claim.penalty),
            "pure": to_json(claim) | {"notes": plain((*claim.refused, *claim.notes))},
            "terms_id": terms[0].id if terms[0] else False,
            "terms_used": to_json(terms[1]) if terms[1] else False,
            "notes": plain((*claim.refused, *claim.notes)),
            "amount_waiting": float(claim.amount),
            "line_ids": [Command.clear(), *self._line_vals(claim, loss, rows)],
        }
        if known and known.by_hand:
            vals.pop("amount")
        if known:
            known.write({name: value for name, value in vals.items() if name not in ("kind", "party", "shipment_id")})
            return known
        with self._first_come():
            return self.create(vals)

    @api.model
    def _known(self, subject, key):
        """The claim for the same loss against the same party: raised before, or by hand on the parcel."""
        known = self.search([("raise_key", "=", key)], limit=1)
        if known or not subject.get("shipment_id"):
            return known
        return self.search(
            [("shipment_id", "=", subject["shipment_id"]), ("kind", "=", subject["kind"]),
             ("party", "=", subject["party"]), ("state", "!=", "cancelled")], limit=1
        )  # fmt: skip

    @api.model
    def _line_vals(self, claim, loss, rows):
        amounts = {line.key: line for line in claim.lines}
        for line in loss.lines:
            amount = amounts[line.key].amount if line.key in amounts else Decimal(0)
            yield Command.create(
                {
                    **rows.get(line.key, {}),
                    "key": str(line.key),
                    "qty": float(line.qty),
                    "loss": float(line.loss),
                    "amount": float(amount),
                    "facts": to_json(line),
                }
            )

    def _used_this_month(self, party):
        """What was claimed from the same party this month already."""
        first = datetime.combine(fields.Date.context_today(self).replace(day=1), time())
        domain = [
            ("party", "=", party), ("company_id", "=", self.company_id.id), ("filed_at", ">=", first),
            ("state", "not in", ("cancelled", "refused")),
        ]  # fmt: skip
        domain += [("supplier_id", "=", self.supplier_id.id)] if party == "supplier" else []
        domain += [("carrier_code", "=", self.carrier_code)] if party == "carrier" else []
        used, today = Decimal(0), fields.Date.context_today(self)
        for claim in self.search(domain):
            used += self._money(claim.currency_id._convert(claim.amount, self.currency_id, self.company_id, today))
        return used

    @api.model
    def _engine_kind(self, kind):
        """A kind as `claiming` and terms name it."""
        return ENGINE_KIND.get(kind, kind)

    def _terms_json(self, terms):
        """Terms of today, to be kept with the claim."""
        return to_json(terms._pure(self.currency_id, self.company_id, self._warehouse()))


class DropshipClaimTerms(models.Model):
    _inherit = "dropship.claim.terms"

    def _names(self, kind):
        """Whether a rule names this kind of loss itself."""
        return kind in self.rule_ids.kind_ids.mapped("code")
