"""Parcels and purchases claim by themselves: lost, damaged, never left, late, not moving; and named offences."""

from decimal import Decimal

from odoo import api, fields, models

from ...claiming import Loss

# {kind a clock ran out with: kind of the claim}
CLOCKS = {"movement": "no_movement"}
PARCEL_KINDS = {"loss", "damage", "false", "freight"}


class DropshipShipment(models.Model):
    _inherit = "dropship.shipment"

    def _after_fold(self, changes):
        """Override: what is lost or broken on the way is claimed at once."""
        result = super()._after_fold(changes)
        for shipment, change in changes.items():
            if shipment.order_id._dropship_is_played():
                continue
            shipment_sudo = shipment.sudo()  # it follows from the carrier's word
            if change.new == "lost" and change.new != change.old:
                shipment_sudo._claim_by_itself("loss")
            elif change.detail_changed and shipment_sudo.detail == "damaged":
                shipment_sudo._claim_by_itself("damage")
            elif change.new == "delivered" and change.new != change.old:
                shipment_sudo._found_after_all()
        return result

    def _found_after_all(self):
        """What was lost has arrived: drafts are given up, and who asked already takes it back."""
        claims = self.claim_ids.filtered(lambda claim: claim.kind == "loss" and claim.state in ("draft", "filed"))
        for claim in claims:
            if claim.state == "draft":
                claim._set_state("cancelled")
                claim.activity_unlink(["mail.mail_activity_data_todo"])
            else:
                claim.activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=self.env._("It was delivered after all: take the claim back"),
                    user_id=claim._buyer().id,
                )
        claims.return_id._store_balance()

    def _claim_by_itself(self, kind):
        """Claim the contents from who had them last, where there are terms for it and it cost something."""
        self.ensure_one()
        party = "carrier" if self.first_scan_at else "supplier"
        terms = self.env["dropship.claim.terms"]._find(
            party, self.company_id, self.supplier_id, (self.carrier_code or "").lower()
        )
        if terms and self._loss_lines(self.company_id.currency_id):
            self._claim(kind, party)

    def _claim(self, kind, party):
        """Override: the amount follows the terms of whoever is asked, line by line."""
        claim = super()._claim(kind, party)
        claim_sudo = claim.sudo()  # terms and costs are read for whoever claims
        if claim_sudo.state == "draft" and not claim_sudo.line_ids:
            self.sudo()._reckon_claim(claim_sudo)
        return claim

    def _reckon_claim(self, claim):
        """Reckon a draft about a parcel by the terms of today. Where they pay nothing, it keeps its amount."""
        self.ensure_one()
        found = self._loss_lines(claim.currency_id, **self._offence_facts(claim.kind))
        if not found:
            return
        subject = {
            "shipment_id": self.id,
            "company_id": self.company_id.id,
            "currency_id": claim.currency_id.id,
            "kind": claim.kind,
            "supplier_id": self.supplier_id.id,
            "purchase_id": claim.purchase_id.id,
            "carrier_code": (self.carrier_code or "").lower() or False,
            "raise_key": f"parcel:{self.id}:{claim.kind}",
        }
        loss = self._loss(found, claim.kind, claim.party, claim.currency_id)
        before = claim.amount
        _claims, raised = claim._raise_loss(loss, subject, {key: vals for key, (_line, vals) in found.items()})
        if any(one.refused for one in raised.claims) or raised.refused:
            claim.amount = before
        claim.raise_key = False  # the parcel itself tells it from others

    @api.model
    def _offence_facts(self, kind):
        """Goods that never left are not paid: nothing but the penalty is asked."""
        return {"kept": True, "freight_out": Decimal(0), "duties": Decimal(0)} if kind == "false" else {}

    def _loss(self, found, kind, party, currency):
        purchase = self.purchase_ids[:1]
        evidence = {"tracking"} if self.event_ids else set()
        return Loss(
            self.env["dropship.claim"]._engine_kind(kind),
            tuple(line for line, _vals in found.values()),
            ((party, Decimal(100)),),
            currency=currency.name,
            step=Decimal(1).scaleb(-currency.decimal_places),
            evidence=frozenset(evidence),
            ordered=purchase.date_order or None,
            shipped=self.dispatched_at or self.announced_at or None,
            delivered=self.delivered_at or None,
            noticed=fields.Datetime.now(),
        )

    def action_false_dispatch(self):
        """Override: a notice without a parcel costs what the supplier's terms say, by what he was to ship."""
        self.check_access("write")
        for shipment_sudo in self.sudo().filtered(lambda shipment: shipment.state != "reverted"):
            for purchase_sudo in shipment_sudo.purchase_ids:  # it follows from the false notice
                purchase_sudo._raise_offence("false", shipment_sudo)
        return super().action_false_dispatch()

    def _resend(self):
        """Override: drafts follow what the replacement costs."""
        order = super()._resend()
        for claim_sudo in self.sudo().claim_ids.filtered(lambda claim: claim.state == "draft" and claim.line_ids):
            self.sudo()._reckon_claim(claim_sudo)  # costs are read for whoever sends again
        return order

    def _clock_ran_out(self):
        """Override: a parcel nobody moves breaks what was agreed, where terms name it."""
        result = super()._clock_ran_out()
        kind = CLOCKS.get(self.clock)
        if kind and not self.order_id._dropship_is_played():
            for purchase_sudo in self.sudo().purchase_ids:
                purchase_sudo._raise_offence(kind, self.sudo())
        return result


class DropshipException(models.Model):
    _inherit = "dropship.exception"

    @api.model
    def _raise_late(self, purchase, rows):
        """Override: a number that comes late breaks what was agreed, where terms name it."""
        exception = super()._raise_late(purchase, rows)
        purchase.sudo()._raise_offence("late_upload")
        return exception


class DropshipAllocation(models.Model):
    _inherit = "dropship.allocation"

    def _release(self, reason, note=False):
        """Override: who accepted and then sends nothing broke his word, where terms name it."""
        promised = self.filtered(lambda row: row.state == "accepted" and row.purchase_id) if reason == "refused" else []
        purchases = promised.purchase_id if promised else self.env["purchase.order"]
        result = super()._release(reason, note)
        for purchase_sudo in purchases.sudo():
            purchase_sudo._raise_offence("never_shipped")
        return result


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def _raise_offence(self, kind, shipment=None):
        """Claim the penalty of an offence, once for each purchase, where the supplier's terms name it.

        :param str kind: of `dropship.claim`
        :param shipment: the parcel it was found at
        :return: the claim, empty where there is none
        """
        self.ensure_one()
        claims = self.env["dropship.claim"]
        supplier = self.dropship_warehouse_id.supplier_id
        terms = claims.env["dropship.claim.terms"]._find("supplier", self.company_id, supplier)
        played = any(order._dropship_is_played() for order in self.dropship_allocation_ids.order_id)
        if not supplier or played or not terms._names(kind):
            return claims
        currency, day, found = self.currency_id, fields.Date.context_today(self), {}
        for line in self.order_line.filtered(lambda line: not line.display_type and line._dropship_units()):
            units = Decimal(str(line._dropship_units()))
            # Goods are paid or not, whatever is broken besides: it is about the penalty.
            loss = line._dropship_loss(units, currency, day, kept=True, freight_out=Decimal(0), duties=Decimal(0))
            found[line.id] = (loss, {"purchase_line_id": line.id, "product_id": line.product_id.id})
        if not found:
            return claims
        subject = {
            "company_id": self.company_id.id,
            "currency_id": currency.id,
            "kind": kind,
            "supplier_id": supplier.id,
            "purchase_id": self.id,
            "order_id": self.dropship_allocation_ids.order_id[:1].id,
            "raise_key": f"purchase:{self.id}:{kind}",
        }
        loss = Loss(
            claims._engine_kind(kind),
            tuple(line for line, _vals in found.values()),
            (("supplier", Decimal(100)),),
            currency=currency.name,
            step=Decimal(1).scaleb(-currency.decimal_places),
            evidence=frozenset({"tracking"} if shipment and shipment.event_ids else ()),
            ordered=self.date_order or None,
            shipped=(shipment.dispatched_at or None) if shipment else None,
            noticed=fields.Datetime.now(),
        )
        made, _raised = claims._raise_loss(loss, subject, {key: vals for key, (_line, vals) in found.items()})
        return made


class DropshipOffence(models.Model):
    """An offence costs what the terms say, and is claimed when it is recorded."""

    _inherit = "dropship.offence"

    claim_id = fields.Many2one("dropship.claim", readonly=True, ondelete="set null", index="btree_not_null")
    currency_id = fields.Many2one(related="purchase_id.currency_id")
    penalty = fields.Monetary(related="claim_id.amount", help="By the supplier's terms; empty: they do not name it.")

    @api.model_create_multi
    def create(self, vals_list):
        """Override: the penalty is claimed where the terms name it."""
        offences = super().create(vals_list)
        for offence_sudo in offences.sudo():  # who may record an offence may have it claimed
            offence_sudo.claim_id = offence_sudo.purchase_id._raise_offence(offence_sudo.kind)[:1]
        return offences
