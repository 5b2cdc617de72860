"""What was credited of claims: our deduction on a statement, or a credit note or money of theirs; each counts once."""

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ...claiming import Credit, settle
from ..case.locked import locked


class DropshipClaimCredit(models.Model):
    """Money of a claim that came, or was taken off a statement."""

    _name = "dropship.claim.credit"
    _description = "Credit of a Claim"
    _order = "claim_id, day, id"

    claim_id = fields.Many2one("dropship.claim", required=True, ondelete="restrict", index=True)
    company_id = fields.Many2one(related="claim_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="claim_id.currency_id")
    move_id = fields.Many2one("account.move", string="Credit Note", ondelete="cascade", index="btree_not_null")
    amount = fields.Monetary(required=True)
    day = fields.Date(required=True, default=fields.Date.context_today)
    kind = fields.Selection(
        [("ours", "Taken off a statement"), ("theirs", "Their credit note"), ("money", "Money")], required=True
    )
    entry_ids = fields.Many2many(
        "account.move",
        string="Entries About Differences",
        copy=False,
        groups="account.group_account_invoice,account.group_account_readonly",
    )

    _once = models.UniqueIndex("(claim_id, move_id) WHERE move_id IS NOT NULL", "This credit note counts already.")
    _amount = models.Constraint("CHECK (amount > 0)", "A credit is more than nothing.")

    def _counts(self):
        """A credit note that was cancelled or taken back credits nothing; a draft of theirs not yet."""
        self.ensure_one()
        move_sudo = self.sudo().move_id  # a buyer need not read the books to know what came
        there = ("draft", "posted") if self.kind == "ours" else ("posted",)
        taken_back = "posted" in move_sudo.reversal_move_ids.mapped("state")
        return not move_sudo or (move_sudo.state in there and not taken_back)

    def _pure(self):
        self.ensure_one()
        move_sudo = self.sudo().move_id
        key = move_sudo.name if move_sudo.name not in (False, "/") else f"{self.env._('Money')} {self.id}"
        return Credit(key, self.claim_id._money(self.amount), self.day)


class DropshipClaim(models.Model):
    _inherit = "dropship.claim"

    booked_extra = fields.Monetary(
        string="Booked as Difference", readonly=True, copy=False, help="Credited, and nothing was granted for it."
    )
    amount_credited = fields.Monetary(string="Credited to Us", compute="_compute_credited")
    amount_open = fields.Monetary(
        string="Granted, Not Credited", compute="_compute_credited", help="Taken off the next statement, or awaited."
    )

    @api.depends("credit_ids.amount", "credit_ids.move_id.state", "amount_granted", "amount_waiting", "standing")
    def _compute_credited(self):
        for claim in self:
            settled = claim._settle()
            claim.amount_credited = float(settled.settled + settled.ahead)
            claim.amount_open = float(settled.open)

    def _settle(self, standing=None):
        """What of the claim is credited and open: `claiming.Settled`."""
        self.ensure_one()
        credits = [credit._pure() for credit in self.sudo().credit_ids if credit._counts()]
        return settle(self._claim(), standing or self._standing(), self._terms(), credits)

    def _credit_is_final(self):
        """What was credited is out of the way: money, posted notes of theirs, our deductions once they are set off."""
        ours_sudo = self.sudo().credit_ids.filtered(lambda credit: credit.kind == "ours").move_id
        return not any(move.amount_residual for move in ours_sudo)

    def _take_our_credit(self):
        """A statement has booked what is open."""
        for claim in self.filtered("credit_move_id"):
            known = claim.sudo().credit_ids.move_id
            amount = float(claim._settle().open) if claim.event_ids else claim.amount_granted or claim.amount
            if claim.credit_move_id in known or not amount:
                continue
            claim._credit("ours", amount, claim.credit_move_id, claim.credit_move_id.invoice_date)

    def _credit(self, kind, amount, move=None, day=None):
        self.ensure_one()
        credits_sudo = self.env["dropship.claim.credit"].sudo()  # whoever books it may say what for
        with self._first_come():
            return credits_sudo.create(
                {
                    "claim_id": self.id,
                    "kind": kind,
                    "amount": amount,
                    "move_id": move.id if move else False,
                    "day": day or fields.Date.context_today(self),
                }
            )

    def action_paid(self):
        """Override: what was granted came as money."""
        self._check_buyer()
        for claim in self.filtered(lambda claim: claim.state != "paid"):
            if not claim._can_move("paid"):
                claim.sudo()._set_state("paid")  # says why not
            locked(claim)
            amount = claim._settle().open
            if not claim.event_ids or not amount:
                claim.sudo()._set_state("paid")
                continue
            claim._credit("money", float(amount))
            claim._refold()
        return True

    # ------------------------------------------------------------------
    # Their credit note
    # ------------------------------------------------------------------

    def _take_credit_note(self, move):
        """A credit note of theirs is for this claim: it counts once, and what nobody granted is a difference.

        :param move: a posted vendor credit note
        :raise UserError: it is for something else
        """
        self.ensure_one()
        locked(self)
        self._check_credit_note(move)
        if move not in self.sudo().credit_ids.move_id:
            self._credit("theirs", move.amount_untaxed, move, move.invoice_date or move.date)
        self.invalidate_recordset(["credit_ids"])
        self._book_difference()
        self._refold()

    def _check_credit_note(self, move):
        names = {"move": move.display_name, "claim": self.display_name}
        if move.move_type != "in_refund" or move.state != "posted":
            raise UserError(self.env._("%(move)s is no posted credit note of a supplier: post it first.", **names))
        credits_sudo = self.env["dropship.claim.credit"].sudo()  # also those of claims he may not read
        others_sudo = credits_sudo.search([("move_id", "=", move.id), ("claim_id", "!=", self.id)], limit=1)
        if others_sudo:
            names["other"] = others_sudo.claim_id.display_name
            raise UserError(self.env._("%(move)s is for another claim already: %(other)s.", **names))
        if move.dropship_settlement_id:
            raise UserError(self.env._("%(move)s was made by a statement and counts already.", **names))
        if move.currency_id != self.currency_id:
            names |= {"theirs": move.currency_id.name, "ours": self.currency_id.name}
            raise UserError(
                self.env._(
                    "%(move)s is in %(theirs)s and the claim in %(ours)s: ask for one in the currency of the claim.",
                    **names,
                )
            )
        partner = self.supplier_id.sudo().partner_id if self.party == "supplier" else move.commercial_partner_id
        if move.commercial_partner_id != partner.commercial_partner_id:
            raise UserError(self.env._("%(move)s is of somebody else than %(claim)s is against.", **names))

    def _book_difference(self):
        """What was credited without a grant goes to the account for differences, and back when it is granted."""
        extra = float(self._settle().extra)
        change = self.currency_id.round(extra - self.booked_extra)
        if not change:
            return
        credit = self.sudo().credit_ids.filtered(lambda credit: credit.kind == "theirs").sorted("id")[-1:]
        if not credit:
            return
        lines = self.env["account.move.line"]
        source = credit.move_id.invoice_line_ids.filtered("account_id")[:1].account_id
        product = lines._dropship_charge_product("claim_difference").with_company(self.company_id)
        target = product.product_tmpl_id.get_product_accounts()["expense"]
        if target and target != source:
            credit.entry_ids |= self._difference_entry(source, target, change)
        self.sudo().booked_extra = extra

    def _difference_entry(self, source, target, change):
        """Move an amount from where the credit note was booked to the account for differences."""
        env_sudo = self.sudo().env  # the entry follows from the credit note
        ours = [("type", "=", "general"), ("company_id", "=", self.company_id.id)]
        journal = env_sudo["account.journal"].search(ours, limit=1)
        if not journal:
            raise UserError(self.env._("The difference needs a journal of the type Miscellaneous: add one."))
        day = fields.Date.context_today(self)
        balance = self.currency_id._convert(change, self.company_id.currency_id, self.company_id, day)
        name = self.env._("Difference of %s", self.display_name)
        rows = [
            Command.create(
                {"account_id": account.id, "name": name, "currency_id": self.currency_id.id, "balance": sign * balance,
                 "amount_currency": sign * change, "partner_id": self.supplier_id.sudo().partner_id.id}
            )
            for account, sign in ((source, 1), (target, -1))
        ]  # fmt: skip
        entry = env_sudo["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "company_id": self.company_id.id,
                "date": day,
                "ref": name,
                "line_ids": rows,
            }
        )
        entry.action_post()
        return entry
