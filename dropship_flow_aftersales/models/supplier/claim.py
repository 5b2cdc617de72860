"""Claims against suppliers: what they are told of them, and what their answers mean."""

import re
from decimal import Decimal

from odoo import api, fields, models
from odoo.addons.dropship_flow.models.exact import trimmed
from odoo.addons.dropship_flow.remedy.token import signed
from odoo.exceptions import UserError

from ..case.locked import locked
from .words import TELL

REF = re.compile(r"CLM-(\d{1,9})")
TOLD = ("filed", "accepted", "refused", "paid")


class DropshipClaim(models.Model):
    _inherit = "dropship.claim"

    supplier_revision = fields.Integer(
        readonly=True, copy=False, help="Raised when the supplier is told something else of it."
    )
    supplier_turn = fields.Integer(readonly=True, copy=False, help="Counts what the supplier did on his page.")
    supplier_answer = fields.Selection(
        [("accepted", "Accepted"), ("partly", "Partly"), ("refused", "Refused")], readonly=True, copy=False
    )
    supplier_reason = fields.Char(readonly=True, copy=False)
    supplier_told_at = fields.Datetime(readonly=True, copy=False)
    supplier_asked_again = fields.Boolean(
        readonly=True, copy=False, help="We objected to his answer and wait for another."
    )
    objection = fields.Text(string="Our Objection", readonly=True, copy=False)
    exchange_ids = fields.One2many(
        "dropship.exchange", "claim_id", string="Messages to Supplier", groups="dropship_flow.group_dropship_user"
    )

    def _supplier_ref(self):
        """Our number of the claim, as the supplier knows it."""
        return f"CLM-{self.id}" if self else ""

    @api.model
    def _of_supplier(self, ref, supplier):
        """The claim with our number `ref` against this supplier that he was told of; none for what is not his."""
        found = REF.fullmatch((ref or "").strip().upper())
        if not found or not supplier:
            return self.browse()
        return self.search(
            [
                ("id", "=", int(found[1])),
                ("party", "=", "supplier"),
                ("supplier_id", "in", supplier.ids),
                ("state", "in", TOLD),
            ]
        )

    def _messages(self):
        """Our messages to the supplier about these."""
        return self.exchange_ids.filtered(lambda message: message.direction == "out")

    def _waits_for_supplier(self):
        """Whether his answer is still wanted."""
        return bool(self) and (self.state == "filed" or self.supplier_asked_again)

    # ------------------------------------------------------------------
    # Out
    # ------------------------------------------------------------------

    def _set_state(self, target, **vals):
        """Override: a claim that is handed in to a supplier goes to him the way his orders do."""
        moved = super()._set_state(target, **vals)
        if target == "filed":
            moved.filtered(lambda claim: claim.party == "supplier" and claim.supplier_id)._tell_supplier()
        return moved

    def _send(self):  # pylint: disable=missing-return
        """Override of the hook: what is handed in goes to the supplier, also where its state said so before."""
        if hook := getattr(super(), "_send", None):
            hook()
        self.filtered(lambda claim: claim.party == "supplier" and claim.supplier_id)._tell_supplier()

    def _tell_supplier(self):
        """Put the claim on its way to him; other words are another revision."""
        for claim in self.sudo():  # who may hand a claim in may tell whom it is against
            content = claim._supplier_content()
            told = claim.exchange_ids.filtered(lambda message: message.kind == "claim").sorted("id")[-1:]
            if told and self._words(told.content) == self._words(content):
                continue
            claim.write({"supplier_revision": claim.supplier_revision + 1, "supplier_told_at": fields.Datetime.now()})
            claim._send_to_supplier("claim", content)

    @api.model
    def _words(self, content):
        """What makes two messages different: not when an answer is due."""
        return {name: value for name, value in content.items() if name != "reply_by"}

    def _tell_objection(self, text):
        """Tell him that we do not agree with his answer, and why."""
        self.ensure_one()
        content = {
            "ref": self._supplier_ref(),
            "text": text,
            "amount": self._claimed(),
            "granted": f"{self.amount_granted:.2f}",
            "currency": self.currency_id.name,
            "reply_by": self._answer_until(),
        }
        self.write({"objection": text, "supplier_revision": self.supplier_revision + 1, "supplier_asked_again": True})
        self._send_to_supplier("claim_objection", content)

    def _send_to_supplier(self, kind, content):
        self.ensure_one()
        if not self.supplier_id.connection_id:
            kinds = dict(self.env["dropship.exchange"]._exchange_kinds())
            summary = self.env._("Tell %(supplier)s: %(what)s", supplier=self.supplier_id.name, what=kinds[kind])
            user = self.supplier_id.user_id or self.env.user
            self.activity_schedule(TELL, summary=summary, user_id=user.id)
            return
        messages_sudo = self.env["dropship.exchange"].sudo()  # who may claim may tell whom he claims from
        parts = [kind, self.id, self.supplier_revision]
        values = {"claim_id": self.id, "revision": self.supplier_revision, "content": content}
        messages_sudo._put_out(self.supplier_id, self.company_id, kind, parts, **values)

    def _claimed(self):
        return f"{self.amount:.{self.currency_id.decimal_places}f}"

    def _answer_until(self):
        """Until when he may answer, "" where nothing is agreed."""
        return fields.Datetime.to_string(self.answer_until) if self.answer_until else ""

    def _supplier_content(self):
        """All he has to know of the claim, and nothing more: no sale, no customer.

        :return: {"ref", "kind", "kind_text", "amount", "currency", "order", "their_order", "parcel", "lines": [{"sku",
            "name", "qty", "amount"}], "evidence": [addresses], "reply_by"}
        """
        self.ensure_one()
        reader = self.with_context(lang=self.supplier_id.partner_id.lang or self.env.lang)
        kinds = dict(reader._claim_kinds())
        return {
            "ref": self._supplier_ref(),
            "kind": self.kind,
            "kind_text": kinds.get(self.kind, self.kind),
            "amount": self._claimed(),
            "currency": self.currency_id.name,
            "order": self.purchase_id.name or "",
            "their_order": self.purchase_id.partner_ref or "",
            "parcel": self.shipment_id.number or "",
            "lines": reader._supplier_lines(),
            "evidence": [self._evidence_url(file) for file in self._supplier_evidence()],
            "reply_by": self._answer_until(),
        }

    def _supplier_lines(self):
        """[{"sku", "name", "qty", "amount"}]; of a claim without lines, what was in the parcel."""
        if self.line_ids:
            return [
                {
                    "sku": self._sku_of(line.product_id),
                    "name": line.product_id.display_name or "",
                    "qty": line.qty,
                    "amount": f"{line.amount:.2f}",
                }
                for line in self.line_ids
            ]
        return [
            {"sku": self._sku_of(row.product_id), "name": row.product_id.display_name, "qty": row.qty, "amount": ""}
            for row in self.shipment_id.line_ids
            if not row.is_part
        ]

    def _sku_of(self, product):
        offers = product.dropship_offer_ids.filtered(lambda offer: offer.supplier_id == self.supplier_id)
        return offers[:1].sku or product.default_code or ""

    def _supplier_evidence(self):
        """Photos that show what happened."""
        return self.evidence_ids

    def _evidence_sign(self, file):
        secret = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        return signed(secret, "dropship.claim.evidence", self.id, file.id)[:32]

    def _evidence_url(self, file):
        base = self.supplier_id.get_base_url()
        return f"{base}/dropship/claim/{self.id}/photo/{file.id}/{self._evidence_sign(file)}"

    # ------------------------------------------------------------------
    # In
    # ------------------------------------------------------------------

    def _take_reply(self, reply, key):
        """Do what he says, once.

        :param dict reply: as `connectors.replies.claimed` gives it
        :raise UserError: it does not fit the claim; nothing is written then
        """
        self.ensure_one()
        if reply["answer"] in ("received", "unknown"):
            return
        locked(self)
        granted = self._granted_by(reply)
        answered = self.supplier_answer or self.state in ("accepted", "refused", "paid")
        if answered and not self.supplier_asked_again:
            if granted == self._decimal(self.amount_granted) or (not granted and self.state == "refused"):
                return  # the same once more
            raise UserError(
                self.env._(
                    "%(claim)s was answered already, with %(granted)s %(currency)s. The first answer counts.",
                    claim=self._supplier_ref(),
                    granted=f"{self.amount_granted:.2f}",
                    currency=self.currency_id.name,
                )
            )
        whole = granted == self._decimal(self.amount)
        kind = "accepted" if whole else "partly" if granted else "refused"
        self.write(
            {
                "supplier_answer": kind,
                "supplier_reason": reply["reason"] or False,
                "reference": reply["remote_ref"] or self.reference,
                "supplier_turn": self.supplier_turn + 1,
                "supplier_asked_again": False,
            }
        )
        self._hear_supplier(kind, granted, reply, key)

    @api.model
    def _decimal(self, amount):
        return trimmed(amount)

    def _granted_by(self, reply):
        """How much he grants in all.

        :raise UserError: in another currency, or more than was claimed
        """
        if reply["currency"] and reply["currency"] != self.currency_id.name:
            raise UserError(
                self.env._("%(claim)s is in %(ours)s, not in %(said)s: answer in this currency.",
                           claim=self._supplier_ref(), ours=self.currency_id.name, said=reply["currency"])
            )  # fmt: skip
        if reply["answer"] == "refused":
            return Decimal(0)
        claimed = self._decimal(self.amount)
        granted = claimed if reply["amount"] is None else Decimal(reply["amount"])
        if granted > claimed or (reply["answer"] == "accepted" and granted != claimed):
            raise UserError(
                self.env._(
                    "%(claim)s is about %(claimed)s %(currency)s, the answer about %(said)s. "
                    "Accept all of it, or say how much of it you grant.",
                    claim=self._supplier_ref(),
                    claimed=self._claimed(),
                    said=granted,
                    currency=self.currency_id.name,
                )
            )
        return granted

    def _hear_supplier(self, kind, granted, reply, key):  # pylint: disable=missing-return
        """What his answer makes of the claim."""
        amount = None if kind == "refused" else granted
        words = {"key": key, "currency": reply["currency"], "text": reply["reason"]}
        self._hear(kind, amount, reply["reason_code"], **words)
