"""A claim: its lines, its evidence, the terms it goes by, and where it stands."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.addons.dropship_flow.models.exact import decimal
from odoo.exceptions import AccessError

from ...claiming import Claim, Terms, follow
from .pure import claim_of, terms_of
from .words import ANSWERS, EVIDENCE, STANDINGS, plain, say

BUYER = "dropship_flow.group_dropship_buyer"
# What whoever reads claims may add; the rest is the buyer's, or follows.
FREE = {
    "note", "reference", "evidence_ids", "evidence_given", "has_photo", "has_video", "has_label", "has_tracking",
    "has_messages", "message_main_attachment_id", "activity_ids", "message_ids",
}  # fmt: skip
BY_MACHINE = {
    "state", "standing", "answer", "silent", "answer_until", "amount_granted", "amount_waiting", "amount_lost", "notes",
    "terms_used", "pure", "penalty", "missing", "raise_key", "by_hand", "filed_at", "return_id", "credit_notes",
    "credit_move_id", "booked_extra",
}  # fmt: skip
MAPPED = {"draft": "draft", "waiting": "filed", "overdue": "filed", "objected": "filed"}


class DropshipClaim(models.Model):
    _inherit = "dropship.claim"

    _transitions = frozenset(
        {
            ("draft", "filed"),
            ("draft", "cancelled"),
            ("filed", "accepted"),
            ("filed", "refused"),
            ("filed", "cancelled"),
            ("refused", "filed"),  # we object
            ("refused", "cancelled"),
            ("accepted", "filed"),  # we object to a part
            ("accepted", "paid"),
            ("paid", "accepted"),  # a credit was taken back
            ("paid", "filed"),  # we object after a part was paid
            ("refused", "accepted"),
            ("accepted", "refused"),
        }
    )

    return_id = fields.Many2one(
        "dropship.return", string="Case", ondelete="restrict", index="btree_not_null", readonly=True
    )
    carrier_code = fields.Char(readonly=True)
    line_ids = fields.One2many("dropship.claim.line", "claim_id", string="Lines", readonly=True)
    event_ids = fields.One2many("dropship.claim.event", "claim_id", string="Claim History", readonly=True)
    credit_ids = fields.One2many("dropship.claim.credit", "claim_id", string="Credits", readonly=True)
    evidence_ids = fields.Many2many("ir.attachment", string="Photos and Documents", copy=False)
    evidence_given = fields.Char(help="Codes of what there is besides the files, separated by commas.", copy=False)
    has_photo = fields.Boolean(string="Photo", compute="_compute_has", inverse="_inverse_has")
    has_video = fields.Boolean(string="Video", compute="_compute_has", inverse="_inverse_has")
    has_label = fields.Boolean(string="Photo of the Label", compute="_compute_has", inverse="_inverse_has")
    has_tracking = fields.Boolean(string="Tracking History", compute="_compute_has", inverse="_inverse_has")
    has_messages = fields.Boolean(string="Messages With the Customer", compute="_compute_has", inverse="_inverse_has")
    by_hand = fields.Boolean(string="Amount Entered by Hand", readonly=True)
    penalty = fields.Monetary(readonly=True, help="For the offence, besides what it cost us.")
    missing = fields.Char(compute="_compute_missing", string="Evidence Missing")
    # What it was reckoned with; see `pure.py`. Kept as it was when the claim was handed in.
    terms_id = fields.Many2one("dropship.claim.terms", readonly=True, ondelete="set null")
    terms_used = fields.Json(readonly=True)
    pure = fields.Json(readonly=True)
    raise_key = fields.Char(readonly=True, copy=False)
    # Where it stands.
    standing = fields.Selection(STANDINGS, default="draft", readonly=True, index=True)
    answer = fields.Selection(ANSWERS, readonly=True)
    silent = fields.Boolean(readonly=True, help="They said nothing in time.")
    amount_waiting = fields.Monetary(string="May Still Be Granted", readonly=True)
    amount_lost = fields.Monetary(string="Not Granted", readonly=True)
    answer_until = fields.Datetime(readonly=True, help="Of their answer, or of our objection.")
    notes = fields.Json(readonly=True)
    credit_notes = fields.Json(readonly=True)
    notes_text = fields.Text(string="Worth Knowing", compute="_compute_texts")
    standing_text = fields.Char(string="Where It Stands", compute="_compute_texts")
    can_object = fields.Boolean(compute="_compute_texts")

    _raised_once = models.UniqueIndex("(raise_key) WHERE raise_key IS NOT NULL", "This loss is claimed already.")
    _to_follow = models.Index("(answer_until) WHERE answer_until IS NOT NULL")

    # ------------------------------------------------------------------
    # Words
    # ------------------------------------------------------------------

    @api.model
    def _claim_kinds(self):
        """Override: the kinds of loss and the offences terms may name."""
        names = dict(super()._claim_kinds())
        return [
            *names.items(),
            ("missing", self.env._("Something missing")),
            ("wrong_item", self.env._("Wrong article")),
            ("defective", self.env._("Defective")),
            ("never_shipped", self.env._("Accepted and never sent")),
            ("late_upload", self.env._("Number uploaded late")),
            ("no_movement", self.env._("No movement")),
            *self.env["dropship.offence"]._fields["kind"]._description_selection(self.env),
        ]

    @api.depends("evidence_given", "evidence_ids", "shipment_id")
    def _compute_has(self):
        for claim in self:
            given = claim._given_evidence()
            for code in EVIDENCE:
                claim[f"has_{code}"] = code in given

    def _inverse_has(self):
        for claim in self:
            claim.evidence_given = ",".join(code for code in EVIDENCE if claim[f"has_{code}"])

    @api.depends("terms_used", "evidence_given", "evidence_ids", "pure")
    def _compute_missing(self):
        for claim in self:
            missing = claim._missing_evidence()
            claim.missing = ", ".join(self.env._(EVIDENCE[code]) for code in EVIDENCE if code in missing)

    def _missing_evidence(self):
        """Codes of evidence the terms ask for and nobody gave."""
        self.ensure_one()
        asked = set((self.terms_used or {}).get("evidence", ()))
        rule = (self.pure or {}).get("rule")
        asked |= {code for one in (self.terms_used or {}).get("rules", ()) if one["key"] == rule
                  for code in one["evidence"]}  # fmt: skip
        return asked - self._given_evidence()

    def _given_evidence(self):
        self.ensure_one()
        given = set(filter(None, (self.evidence_given or "").split(",")))
        for attachment_sudo in self.sudo().evidence_ids:  # who reads a claim may know what proves it
            given.add("video" if (attachment_sudo.mimetype or "").startswith("video/") else "photo")
        if self.shipment_id.event_ids:
            given.add("tracking")
        return given

    @api.depends("standing", "answer", "answer_until", "notes", "credit_notes", "amount_granted", "state", "silent")
    @api.depends_context("lang")
    def _compute_texts(self):
        for claim in self:
            notes = [*(claim.notes or ()), *(claim.credit_notes or ())]
            sentences = say(self.env, notes, claim.currency_id)
            if claim.missing and claim.state == "draft":
                sentences.insert(0, self.env._("Add what they ask for: %s.", claim.missing))
            claim.notes_text = "\n".join(sentences)
            claim.standing_text = claim._standing_words()
            claim.can_object = claim.standing == "answered" and claim.state in ("refused", "accepted", "paid")

    def _standing_words(self):
        self.ensure_one()
        if self.state in ("paid", "cancelled"):
            return dict(self._fields["state"]._description_selection(self.env))[self.state]
        word = dict(self._fields["standing"]._description_selection(self.env)).get(self.standing, "")
        answers = dict(self._fields["answer"]._description_selection(self.env))
        money = self.currency_id.format(self.amount_granted)
        parts = [word]
        if self.answer:
            parts.append(self.env._("%(answer)s: %(amount)s", answer=answers[self.answer], amount=money))
        if self.silent:
            parts.append(self.env._("They said nothing in time."))
        return " · ".join(parts)

    # ------------------------------------------------------------------
    # Reckoning
    # ------------------------------------------------------------------

    def _step(self):
        return Decimal(1).scaleb(-self.currency_id.decimal_places)

    def _money(self, amount):
        """An amount as `claiming` takes it."""
        return decimal(amount, self.currency_id.decimal_places).quantize(self._step())

    def _terms(self):
        """The terms it goes by: as kept, or those of today while it is not handed in."""
        self.ensure_one()
        if self.terms_used:
            return terms_of(self.terms_used)
        found = self._find_terms()
        return found._pure(self.currency_id, self.company_id, self._warehouse()) if found else Terms(
            (), currency=self.currency_id.name
        )  # fmt: skip

    def _find_terms(self):
        code = self.carrier_code or self.shipment_id.carrier_code
        return self.env["dropship.claim.terms"]._find(self.party, self.company_id, self.supplier_id, code)

    def _warehouse(self):
        """Where the days of the claim are counted."""
        if self.party != "supplier":
            return None
        purchase_sudo = self.sudo().purchase_id  # a claim may be read without its purchase
        return purchase_sudo.dropship_warehouse_id or self.supplier_id.warehouse_ids[:1] or None

    def _claim(self):
        """The claim as it was handed in, for `claiming.follow`."""
        self.ensure_one()
        base = claim_of(self.pure) if self.pure else Claim(self.party, Decimal(100))
        return base._replace(
            amount=self._money(self.amount), refused=(), currency=self.currency_id.name, step=self._step()
        )

    def _standing(self, now=None):
        """Where it stands: `claiming.Standing`."""
        self.ensure_one()
        sent = self.event_ids.filtered(lambda event: event.kind == "sent").sorted("id")[:1]
        events = [event._pure() for event in self.event_ids if event.kind != "sent"]
        return follow(self._claim(), self._terms(), sent.at or None, events, now or fields.Datetime.now())

    def _refold(self, now=None):
        """Store where the claims stand. Claims entered as granted by hand, without events, are left alone."""
        for claim in self.filtered(lambda claim: claim.event_ids and claim.state != "cancelled"):
            standing = claim._standing(now)
            vals = {
                "standing": standing.state,
                "answer": standing.answer or False,
                "silent": standing.silent,
                "amount_granted": float(standing.granted),
                "amount_waiting": float(standing.waiting),
                "amount_lost": float(standing.lost),
                "answer_until": standing.until.until or False,
                "notes": [*claim._raise_notes(), *plain(standing.notes)],
            }
            claim.sudo().write(vals)  # it follows from what was answered
            claim._move_on(standing)
        self.return_id._store_balance()

    def _raise_notes(self):
        return [note for note in (self.pure or {}).get("notes", ()) if note]

    def _move_on(self, standing):
        target = MAPPED.get(standing.state) or ("accepted" if standing.granted else "refused")
        settled = self._settle(standing)
        self.sudo().credit_notes = plain(settled.notes)
        if target == "accepted" and standing.granted and not settled.open and self._credit_is_final():
            target = "paid"
        if target == "paid" and self.state in ("filed", "refused"):
            self.sudo()._set_state("accepted")
        if self.state != target:
            self.sudo()._set_state(target)
            self.sudo().activity_unlink(["mail.mail_activity_data_todo"])  # what was to be done is done, or another

    # ------------------------------------------------------------------
    # Access
    # ------------------------------------------------------------------

    def _check_buyer(self):
        if not self.env.su and not self.env.user.has_group(BUYER):
            raise AccessError(self.env._("Claims are followed by buyers. Add evidence, or write a note."))

    @api.model_create_multi
    def create(self, vals_list):
        """Override: who opens a claim says what was lost; the rest follows."""
        if not self.env.su and any(vals.keys() & BY_MACHINE - {"state"} for vals in vals_list):
            raise AccessError(self.env._("What was answered is entered by the buttons of a claim."))
        return super().create(vals_list)

    def write(self, vals):
        """Override: figures follow from events; who only reads claims adds evidence and notes."""
        names = vals.keys()
        if not self.env.su:
            if names & BY_MACHINE:
                raise AccessError(self.env._("What was answered is entered by the buttons of a claim."))
            if names - FREE - {"state"}:
                self._check_buyer()
            if "amount" in names:
                if any(claim.state != "draft" for claim in self):
                    raise AccessError(self.env._("A claim that was handed in keeps its amount."))
                vals = {**vals, "by_hand": True}
        result = super().write(vals)
        if "credit_move_id" in names:
            self._take_our_credit()
        return result
