"""What was said about a claim, and what follows: answers from anywhere, our objection, silence."""

from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...claiming import Event
from ..case.locked import BUSY, locked
from .claim import BUYER
from .words import EVENTS


class DropshipClaimEvent(models.Model):
    """Something that was said about a claim. Appended, never changed."""

    _name = "dropship.claim.event"
    _description = "Event of a Claim"
    _order = "claim_id, at, id"

    claim_id = fields.Many2one("dropship.claim", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="claim_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="claim_id.currency_id")
    at = fields.Datetime(required=True, default=fields.Datetime.now)
    kind = fields.Selection(EVENTS, required=True)
    has_amount = fields.Boolean(help="An amount was named; without one all or nothing is meant.")
    amount = fields.Monetary(help="Granted in all.")
    other_currency = fields.Char(string="In Currency", help="Where it is not that of the claim.")
    code = fields.Char(string="Reason", help="Why it was refused, in their code.")
    text = fields.Text()
    key = fields.Char(help="The number of the message it came with: the same one twice is one.")
    user_id = fields.Many2one("res.users", string="Written By", default=lambda self: self.env.user)

    _key_once = models.UniqueIndex("(claim_id, key) WHERE key IS NOT NULL", "This is known already.")

    def write(self, vals):  # pylint: disable=method-required-super
        """Override: what was said stays as it was written."""
        raise UserError(self.env._("What was said about a claim cannot be changed. Add what is to be said now."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What was said about a claim cannot be deleted."))

    def _pure(self):
        self.ensure_one()
        return Event(
            self.kind,
            self.at,
            self.claim_id._money(self.amount) if self.has_amount else None,
            self.code or "",
            self.other_currency or "",
            self.key or self.id,
        )


class DropshipClaim(models.Model):
    _inherit = "dropship.claim"

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_file(self):
        """Override: it is handed in, to the supplier by his way; a refused one is objected to."""
        self._check_buyer()
        for claim in self:
            if claim.state == "refused":
                claim._object(self.env._("We ask you to look at it again."))
            elif claim.state == "draft":
                claim._file()
        return True

    def _file(self):
        self.ensure_one()
        locked(self)
        if self.state != "draft":
            return
        if not self.amount:
            raise UserError(self.env._("Enter how much is claimed in %s.", self.display_name))
        if self.missing and self.terms_used:
            names = {"claim": self.display_name, "what": self.missing}
            raise UserError(self.env._("%(claim)s: add what they ask for: %(what)s.", **names))
        self._freeze()
        self._say("sent")
        self.sudo().filed_at = fields.Datetime.now()
        self._refold()
        self._send()

    def _freeze(self):
        """Keep the terms as they are now."""
        if not self.terms_used:
            found = self._find_terms()
            if found:
                self.sudo().write(
                    {
                        "terms_id": found.id,
                        "terms_used": self._terms_json(found),
                    }
                )

    def _send(self):
        """Hook: it goes to whoever it is against. The connector sends it to suppliers."""

    def action_accept(self):
        """Override: they grant all of it, unless a smaller amount was entered."""
        self._check_buyer()
        for claim in self.filtered(lambda claim: claim.state != "accepted"):
            if not claim._can_move("accepted"):
                claim.sudo()._set_state("accepted")  # says why not
            part = claim.amount_granted if claim.standing != "objected" else 0.0
            claim._hear("partly" if part else "accepted", claim._money(part) if part else None)
        return True

    def action_refuse(self):
        """Override: they grant nothing."""
        self._check_buyer()
        for claim in self.filtered(lambda claim: claim.state != "refused"):
            if not claim._can_move("refused"):
                claim.sudo()._set_state("refused")  # says why not
            claim._hear("refused")
        return True

    def action_give_up(self):
        """Override: only buyers give up money."""
        self._check_buyer()
        claims_sudo = self.sudo()  # the state is no field anybody writes
        super(DropshipClaim, claims_sudo).action_give_up()
        claims_sudo.write({"answer_until": False, "amount_waiting": 0.0})
        claims_sudo.return_id._store_balance()
        return True

    def action_answer(self):
        """Enter what they answered."""
        self.ensure_one()
        self._check_buyer()
        return {
            "type": "ir.actions.act_window",
            "res_model": "dropship.claim.answer",
            "view_mode": "form",
            "target": "new",
            "name": self.env._("Enter Their Answer"),
            "context": {"default_claim_id": self.id, "default_kind": "accepted", "default_amount": self.amount},
        }

    def action_object(self):
        """Write why we do not agree."""
        action = self.action_answer()
        return action | {
            "name": self.env._("Object"),
            "context": {"default_claim_id": self.id, "default_kind": "objection"},
        }

    # ------------------------------------------------------------------
    # What is heard and said
    # ------------------------------------------------------------------

    def _hear(self, kind, amount=None, code="", key=None, currency=None, text="", at=None):
        """They answered. The first answer binds; what does not count is noted in words.

        :param str kind: accepted, partly, refused
        :param Decimal amount: granted in all; None: all or nothing
        :param str key: of the message: the same one twice is heard once
        :param str currency: name of the currency of the amount; empty: the claim's
        :return: the event
        :raise UserError: it was never handed in
        """
        self.ensure_one()
        locked(self)
        if key and (known := self.event_ids.filtered(lambda event: event.key == key)):
            return known
        if self.state in ("draft", "cancelled"):
            raise UserError(self.env._("%s was not handed in: nothing can be answered to it.", self.name))
        event = self._say(kind, amount, code, key, currency, text, at)
        before = self.standing
        self._refold()
        self._tell_answer(before)
        return event

    def _object(self, text):
        """We do not agree with their answer.

        :raise UserError: without words, or when nothing can be objected to
        """
        self.ensure_one()
        locked(self)
        if not (text or "").strip():
            raise UserError(self.env._("Write why the answer is not right: they read it."))
        standing = self._standing()
        if standing.state != "answered":
            raise UserError(
                self.env._("%s: nothing can be objected to now. An answer is final where the terms say so.", self.name)
            )
        event = self._say("objection", text=text.strip())
        self._refold()
        self._send_objection(event)
        return event

    def _send_objection(self, event):
        """The objection goes to whoever the claim is against: to a supplier by his way, where he has one."""
        claim_sudo = self.sudo()  # who may object may have it sent
        if self.party == "supplier":
            claim_sudo._tell_objection(event.text)

    def _say(self, kind, amount=None, code="", key=None, currency=None, text="", at=None):
        other = currency and currency != self.currency_id.name
        events_sudo = self.env["dropship.claim.event"].sudo()  # who may press the button may have said it
        with self._first_come():
            event = events_sudo.create(
                {
                    "claim_id": self.id,
                    "kind": kind,
                    "at": at or fields.Datetime.now(),
                    "has_amount": amount is not None,
                    "amount": float(amount or 0),
                    "other_currency": currency if other else False,
                    "code": code,
                    "text": text,
                    "key": key or False,
                    "user_id": self.env.uid,
                }
            )
        self.invalidate_recordset(["event_ids"])
        return event

    def _tell_answer(self, before):
        """The claim's own pages say what came of it."""
        if self.standing != before:
            self.sudo().message_post(body=self.standing_text, subtype_xmlid="mail.mt_note")

    # ------------------------------------------------------------------
    # Time
    # ------------------------------------------------------------------

    @api.model
    def _cron_follow(self, limit=200):
        """What silence and time have made of claims."""
        due = self.search(
            [("answer_until", "<=", fields.Datetime.now()), ("state", "not in", ("draft", "cancelled")),
             ("standing", "in", ("waiting", "answered", "objected"))], order="answer_until, id", limit=limit
        )  # fmt: skip
        for number, claim in enumerate(due, 1):
            try:
                locked(claim)
                before = claim.standing
                claim._refold()
                claim._tell_answer(before)
            except BUSY:  # somebody works on it now; the next round looks again
                self.env.cr.rollback()
                continue
            self.env["ir.cron"]._commit_progress(1, remaining=len(due) - number)

    @api.model
    def _cron_remind(self):
        """Override: the buyer of a claim hears of its deadlines – to hand it in, to ask again, to object – in time."""
        now = fields.Datetime.now()
        soon = now + timedelta(days=3)
        due = Domain("state", "=", "draft") & Domain("deadline", "<=", soon.date()) & Domain("amount", ">", 0)
        due |= Domain("standing", "=", "overdue") & Domain("state", "=", "filed")
        due |= (
            Domain("standing", "=", "answered")
            & Domain("answer_until", "<=", soon)
            & Domain("state", "in", ("refused", "accepted"))
        )
        todo = self.env.ref("mail.mail_activity_data_todo")
        for claim in self.search(due).filtered(lambda claim: todo not in claim.activity_ids.activity_type_id):
            claim.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=claim.deadline if claim.state == "draft" else claim.answer_until or now,
                summary=claim._reminder(),
                user_id=claim._buyer().id,
            )

    def _reminder(self):
        if self.state == "draft":
            return self.env._("File the claim in time")
        if self.standing == "overdue":
            return self.env._("Ask for an answer")
        return self.env._("Object in time, or leave it")

    def _buyer(self):
        """Who follows the claim: the purchase's buyer, who made it, or any buyer of the company."""
        self.ensure_one()
        purchase_sudo = self.sudo().purchase_id  # a claim may be read without its purchase
        for user in (purchase_sudo.user_id, self.create_uid):
            if user.active and not user.share and user.id != SUPERUSER_ID and user.has_group(BUYER):
                return user
        buyers = self.env.ref(BUYER).sudo().all_user_ids  # whoever is told need not be seen
        mine = buyers.filtered(
            lambda user: user.active and user.id != SUPERUSER_ID and self.company_id in user.company_ids
        )
        return mine.sorted("id")[:1] or self.env.user
