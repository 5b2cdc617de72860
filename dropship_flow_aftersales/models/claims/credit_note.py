"""Credit notes of suppliers: which claim they are for, and what happens when they are taken back."""

from odoo import api, fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    @api.model
    def _dropship_charges(self):
        """Override: what was credited for a claim and never granted."""
        return [*super()._dropship_charges(), ("claim_difference", self.env._("Difference of a claim"))]

    @api.model
    def _dropship_charge_product(self, kind):
        """Override: its product is ours."""
        if kind == "claim_difference":
            return self.env.ref("dropship_flow_aftersales.product_charge_claim_difference").sudo()
        return super()._dropship_charge_product(kind)


class AccountMove(models.Model):
    _inherit = "account.move"

    dropship_claim_credit_ids = fields.One2many(
        "dropship.claim.credit", "move_id", string="For Claims", groups="base.group_user"
    )
    dropship_claim_suggested_id = fields.Many2one(
        "dropship.claim",
        string="Suggested Claim",
        compute="_compute_dropship_claim_suggested",
        groups="base.group_user",
    )

    @api.depends("move_type", "state", "amount_untaxed", "ref", "commercial_partner_id")
    def _compute_dropship_claim_suggested(self):
        for move in self:
            claims = move._dropship_claims_of_note()
            move.dropship_claim_suggested_id = claims[:1].id if claims else False

    def _dropship_claims_of_note(self):
        """Claims a credit note may be for, the likeliest first: named in its reference, then of the same amount."""
        self.ensure_one()
        claims_sudo = self.env["dropship.claim"].sudo()  # who books credit notes need not read claims one by one
        if self.move_type != "in_refund" or self.dropship_claim_credit_ids or self.dropship_settlement_id:
            return claims_sudo.browse()
        found = claims_sudo.search(
            [
                ("party", "=", "supplier"),
                ("company_id", "=", self.company_id.id),
                ("currency_id", "=", self.currency_id.id),
                ("supplier_id", "=", self.dropship_supplier_id.id),
                ("state", "in", ("filed", "accepted", "refused")),
                ("event_ids", "!=", False),
            ]
        )
        ref = (self.ref or "").lower()

        def distance(claim):
            names = [name.lower() for name in (claim.reference, claim.return_id.name, claim.shipment_id.number) if name]
            named = any(name in ref for name in names)
            amount = claim.amount_open or claim.amount_waiting
            return not named, abs(amount - self.amount_untaxed), claim.id

        return found.sorted(distance)

    def action_dropship_for_claim(self):
        """The credit note is for a claim: choose which."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "dropship.claim.match",
            "view_mode": "form",
            "target": "new",
            "name": self.env._("Is for Claim"),
            "context": {"default_move_id": self.id, "default_claim_id": self.dropship_claim_suggested_id.id},
        }

    def _dropship_settled(self):
        """Override: a claim is paid when all that was granted is credited, not with the first part of it."""
        result = super()._dropship_settled()
        credits_sudo = self.env["dropship.claim.credit"].sudo().search([("move_id", "in", self.ids)])
        credits_sudo.claim_id._refold()
        return result

    def _post(self, soft=True):
        """Override: a credit note that is booked again counts again."""
        posted = super()._post(soft)
        posted._dropship_claims_again()
        return posted

    def button_draft(self):
        """Override: a credit note that is taken back no longer counts."""
        result = super().button_draft()
        self._dropship_claims_again()
        return result

    def button_cancel(self):
        """Override: a deduction that is given up is open again."""
        result = super().button_cancel()
        self._dropship_claims_again()
        return result

    def unlink(self):
        """Override: what is gone credits nothing."""
        claims_sudo = self.sudo().dropship_claim_credit_ids.claim_id  # who deletes need not read claims
        result = super().unlink()
        claims_sudo._refold()
        return result

    def _dropship_claims_again(self):
        notes = self.filtered(lambda move: move.move_type == "in_refund") | self.reversed_entry_id
        claims_sudo = self.env["dropship.claim.credit"].sudo().search([("move_id", "in", notes.ids)]).claim_id
        for claim in claims_sudo:
            claim._book_difference()
            claim._refold()
