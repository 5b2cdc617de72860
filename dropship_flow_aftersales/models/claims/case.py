"""Cases raise claims in the same step in which something is agreed, and show what of the loss comes back."""

import logging
from decimal import Decimal

from odoo import api, fields, models
from odoo.addons.dropship_flow.models.exact import decimal

from ...claiming import Loss, Raised, Standing, balance
from ..case.locked import BUSY
from .words import CASE_KIND, LIABLE_PARTIES, plain, say

_logger = logging.getLogger(__name__)

ASKABLE = {"supplier", "carrier", "customs", "customer"}
# What changes amounts once something is agreed.
MOVING = {"take", "accept", "withdraw", "resolve", "receive", "inspect", "lose", "deem", "not_coming", "close"}


class DropshipClaimShare(models.Model):
    """Where several caused it: who carries how much of the loss."""

    _name = "dropship.claim.share"
    _description = "Share of Liability"
    _order = "reason_id, id"

    reason_id = fields.Many2one("dropship.return.reason", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="reason_id.company_id", store=True, index=True)
    party = fields.Selection(LIABLE_PARTIES, string="Who", required=True)
    percent = fields.Float(string="Share in Percent", required=True, digits=(5, 2))

    _once = models.UniqueIndex("(reason_id, party)", "They are named already: change their share.")
    _percent = models.Constraint("CHECK (percent > 0 AND percent <= 100)", "A share is between 0 and 100 percent.")


class DropshipReturnReason(models.Model):
    _inherit = "dropship.return.reason"

    claim_kind_id = fields.Many2one("dropship.claim.kind", string="Claimed As", help="Empty: as the sort of case says.")
    share_ids = fields.One2many(
        "dropship.claim.share", "reason_id", string="Shares", help="Empty: who caused it is liable for all of it."
    )

    def _claim_kind(self):
        self.ensure_one()
        return self.sudo().claim_kind_id.code or CASE_KIND[self.kind]

    def _liable_shares(self):
        """((party, percent), …) as `claiming` takes them."""
        self.ensure_one()
        shares_sudo = self.sudo().share_ids  # whoever decides a case need not read them
        if shares_sudo:
            return tuple((share.party, decimal(share.percent, 2)) for share in shares_sudo)
        return ((self.liable, Decimal(100)),)


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    case_claim_ids = fields.One2many(
        "dropship.claim", "return_id", string="Claims of the Case", groups="dropship_flow.group_dropship_user"
    )
    # What of the loss comes back; in the currency of the case.
    claim_losses = fields.Json(readonly=True, help="[[currency, loss], …]", groups="dropship_flow.group_dropship_user")
    claim_refusals = fields.Json(readonly=True, groups="dropship_flow.group_dropship_user")
    claim_loss = fields.Monetary(string="Loss", readonly=True, groups="dropship_flow.group_dropship_user")
    claim_granted = fields.Monetary(string="Granted to Us", readonly=True, groups="dropship_flow.group_dropship_user")
    claim_waiting = fields.Monetary(
        string="Waiting to Be Granted", readonly=True, groups="dropship_flow.group_dropship_user"
    )
    claim_own = fields.Monetary(string="Our Own Loss", readonly=True, groups="dropship_flow.group_dropship_user")
    claim_text = fields.Text(
        string="Why Not More", compute="_compute_claim_text", groups="dropship_flow.group_dropship_user"
    )

    @api.depends("claim_refusals")
    @api.depends_context("lang")
    def _compute_claim_text(self):
        parties = dict(self.env["dropship.claim.share"]._fields["party"]._description_selection(self.env))
        for case in self:
            rows = case.claim_refusals or ()
            words = [(parties.get(party, party), say(self.env, [note], case.currency_id)[0]) for party, note in rows]
            case.claim_text = "\n".join(f"{party}: {text}" for party, text in words)

    def _after_event(self, event, before, after):
        """Override: what is agreed may have been caused by somebody who pays for it."""
        result = super()._after_event(event, before, after)
        if event.code in MOVING and after.bound:
            self._raise_claims_safely()
        return result

    def _after_time(self, before_stage, after):
        """Override: an offer that was taken by silence is agreed as well."""
        result = super()._after_time(before_stage, after)
        if after.bound and not self.sudo().claim_losses:
            self._raise_claims_safely()
        return result

    def _raise_claims_safely(self):
        """What the customer was promised does not wait for what we ask from others."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self._raise_claims()
        except BUSY:  # tried again as a whole
            raise
        except Exception as error:
            _logger.exception("Claims of case %s", self.id)
            self.sudo().message_post(  # whoever works on the case has to hear of it
                body=self.env._("The loss could not be claimed: %s", str(error) or type(error).__name__),
                subtype_xmlid="mail.mt_note",
            )

    def action_raise_claims(self):
        """Reckon the loss again and claim what can be claimed."""
        self.env["dropship.claim"]._check_buyer()
        for case in self:
            case._raise_claims()
        return True

    def _raise_claims(self):
        """Claim what others caused, once for each party and kind; drafts follow the amounts known now.

        Called when something is agreed, and by whatever makes an amount known: a refund, a replacement, a freight.

        :return: the claims
        """
        self.ensure_one()
        case_sudo = self.sudo()  # what follows from an agreement, whoever made it
        made, losses, refusals = case_sudo.env["dropship.claim"], {}, []
        if case_sudo._fold().bound:
            for subject, lines in case_sudo._loss_groups():
                claims, raised = case_sudo._raise_group(subject, lines)
                made |= claims
                losses[subject["currency_id"]] = losses.get(subject["currency_id"], Decimal(0)) + raised.loss
                for claim in raised.claims:
                    refusals += [[claim.party, note] for note in plain(claim.refused)]
                refusals += [["us", note] for note in plain(raised.refused)]
        case_sudo.write(
            {"claim_losses": [[currency, str(loss)] for currency, loss in losses.items()], "claim_refusals": refusals}
        )
        case_sudo._store_balance()
        return made.with_env(self.env)

    def _loss_groups(self):
        """Lines whose loss is claimed together: one supplier, one currency, one kind, one liability.

        :return: [(vals of the claims, lines)]
        """
        groups = {}
        for line in self.line_ids:
            shares = line.reason_id._liable_shares()
            parties = {party for party, _percent in shares}
            if line.order_id._dropship_is_played() or not self._worth_claiming(parties, line):
                continue
            currency = line.purchase_line_id.currency_id or self.company_id.currency_id
            kind = line.reason_id._claim_kind()
            groups.setdefault((line.supplier_id, currency, kind, shares), self.env["dropship.return.line"])
            groups[line.supplier_id, currency, kind, shares] |= line
        return [(self._subject(lines, currency, kind), lines) for (_who, currency, kind, _s), lines in groups.items()]

    def _worth_claiming(self, parties, line):
        """What a customer caused by changing his mind is no loss, where nothing is asked from him."""
        if parties & ASKABLE - {"customer"} or not parties & ASKABLE:
            return True
        return bool(self.env["dropship.claim.terms"]._find("customer", self.company_id))

    def _subject(self, lines, currency, kind):
        boxes = lines.order_line_id.dropship_shipment_line_ids.shipment_id
        supplier = lines.supplier_id[:1]
        return {
            "return_id": self.id,
            "company_id": self.company_id.id,
            "currency_id": currency.id,
            "kind": kind,
            "supplier_id": supplier.id,
            "order_id": lines.order_id[:1].id,
            "purchase_id": lines.purchase_line_id.order_id[:1].id,
            "carrier_code": (boxes[:1].carrier_code or "").lower() or False,
            "evidence_ids": [fields.Command.link(photo.id) for photo in lines.photo_ids],
            "evidence_given": ",".join(sorted(self._loss_evidence(lines, boxes))),
            "raise_key": f"case:{self.id}:{kind}:{supplier.id}:{currency.id}",
        }

    def _loss_evidence(self, lines, boxes):
        """Codes of what there is: shown by the customer, told by the carrier, said in the case."""
        found = {code for line in lines for code in line._given_evidence()}
        if boxes.event_ids:
            found.add("tracking")
        if any(self.event_ids.mapped("text")) or self.note:
            found.add("messages")
        return found

    def _raise_group(self, subject, lines):
        currency, day = self.env["res.currency"].browse(subject["currency_id"]), fields.Date.context_today(self)
        boxes = lines.order_line_id.dropship_shipment_line_ids.shipment_id
        known = boxes.claim_ids.filtered(
            lambda claim: claim.kind == subject["kind"] and claim.state != "cancelled" and not claim.raise_key
        )
        adopted = self._adopt(known, lines)
        purchase = lines.purchase_line_id.order_id[:1]
        loss = Loss(
            self.env["dropship.claim"]._engine_kind(subject["kind"]),
            tuple(line._dropship_case_loss(currency, day) for line in lines),
            lines[:1].reason_id._liable_shares(),
            currency=currency.name,
            step=Decimal(1).scaleb(-currency.decimal_places),
            evidence=frozenset(self._loss_evidence(lines, boxes)),
            parcels=len(boxes) or 1,
            ordered=purchase.date_order or lines[:1].order_id.date_order or None,
            shipped=min(boxes.filtered("dispatched_at").mapped("dispatched_at"), default=None),
            delivered=max(boxes.filtered("delivered_at").mapped("delivered_at"), default=None),
            noticed=self.opened_at,
        )
        rows = {
            line.id: {"return_line_id": line.id, "purchase_line_id": line.purchase_line_id.id,
                      "product_id": line.product_id.id} for line in lines
        }  # fmt: skip
        # Who was asked for the parcel is not asked for its contents once more.
        asked = set(adopted.mapped("party"))
        if asked & {party for party, _percent in loss.liable}:
            return adopted, Raised(loss=sum((line.loss for line in loss.lines), Decimal(0)))
        made, raised = self.env["dropship.claim"]._raise_loss(loss, subject, rows)
        return made | adopted, raised

    def _adopt(self, claims, lines):
        """Claims about the parcel of a case are the case's; drafts follow what it costs."""
        for claim in claims:
            if not claim.return_id:
                claim.return_id = self
            if claim.state == "draft":
                claim.shipment_id._reckon_claim(claim)
        return claims.filtered(lambda claim: claim.return_id == self)

    def _store_balance(self):
        """Store what of the loss comes back, in the currency of the case."""
        for case in self.sudo().filtered("claim_losses"):
            today, target = fields.Date.context_today(case), case.currency_id

            def money(amount, currency, case=case, target=target, today=today):
                worth = currency._convert(float(amount), target, case.company_id, today)
                return decimal(worth, target.decimal_places)

            loss = sum(
                (money(Decimal(amount), self.env["res.currency"].browse(currency))
                 for currency, amount in case.claim_losses), Decimal(0),
            )  # fmt: skip
            standings = [
                Standing(
                    claim.standing,
                    granted=money(claim.amount_granted, claim.currency_id),
                    waiting=money(claim.amount if claim.state == "draft" else claim.amount_waiting, claim.currency_id),
                )
                for claim in case.case_claim_ids.filtered(lambda claim: claim.state != "cancelled")
            ]
            found = balance(Raised(loss=loss), standings)
            case.write(
                {
                    "claim_loss": float(found.loss),
                    "claim_granted": float(found.granted),
                    "claim_waiting": float(found.waiting),
                    "claim_own": float(found.own),
                }
            )
