from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..models.claims.words import ANSWERS


class DropshipClaimAnswer(models.TransientModel):
    """Type in what they answered to a claim by mail, by phone or in their portal, or what we object."""

    _name = "dropship.claim.answer"
    _description = "Answer to a Claim"

    claim_id = fields.Many2one("dropship.claim", required=True, readonly=True)
    currency_id = fields.Many2one(related="claim_id.currency_id")
    claimed = fields.Monetary(related="claim_id.amount")
    kind = fields.Selection([*ANSWERS, ("objection", "Objection")], required=True, default="accepted")
    amount = fields.Monetary(string="They Grant", help="All together, also what they granted before.")
    code = fields.Char(string="Reason", help="Why they refuse, in their words or code.")
    text = fields.Text()
    reference = fields.Char(help="Their number for it.")

    def action_apply(self):
        """Write it down; what it means for the claim is shown there."""
        self.ensure_one()
        claim = self.claim_id
        claim._check_buyer()
        if self.reference:
            claim.reference = self.reference
        if self.kind == "objection":
            claim._object(self.text)
        else:
            if self.kind == "partly" and self.amount <= 0:
                raise UserError(self.env._("Enter how much they grant."))
            amount = claim._money(self.amount) if self.kind == "partly" else None
            claim._hear(self.kind, amount, code=self.code or "", text=self.text or "")
        return {"type": "ir.actions.act_window_close"}


class DropshipClaimMatch(models.TransientModel):
    """Say which claim a credit note of a supplier is for."""

    _name = "dropship.claim.match"
    _description = "Credit Note Is for Claim"

    move_id = fields.Many2one("account.move", string="Credit Note", required=True, readonly=True)
    currency_id = fields.Many2one(related="move_id.currency_id")
    amount = fields.Monetary(related="move_id.amount_untaxed", string="Credited")
    choice_ids = fields.Many2many("dropship.claim", compute="_compute_choice_ids")
    claim_id = fields.Many2one("dropship.claim", required=True, domain="[('id', 'in', choice_ids)]")
    granted = fields.Monetary(related="claim_id.amount_granted", string="Granted", related_sudo=True)
    open_amount = fields.Monetary(string="Granted, Not Credited", compute="_compute_open_amount", compute_sudo=True)

    @api.depends("move_id")
    def _compute_choice_ids(self):
        for match in self:
            match.choice_ids = match.move_id._dropship_claims_of_note()

    @api.depends("claim_id")
    def _compute_open_amount(self):
        for match in self:
            match.open_amount = match.claim_id.amount_open

    def action_apply(self):
        """It counts for the claim; what was not granted is a difference."""
        self.ensure_one()
        if not self.env.user.has_group("account.group_account_invoice") and not self.env.su:
            raise AccessError(self.env._("Credit notes are matched by accountants."))
        self.move_id.check_access("write")
        self.claim_id.sudo()._take_credit_note(self.move_id.sudo())  # an accountant need not follow claims
        return {"type": "ir.actions.act_window_close"}
