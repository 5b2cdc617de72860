"""Changes travel to the supplier by the way his orders do, and his answer comes back by it."""

import hashlib
import json

from odoo import fields, models
from odoo.exceptions import UserError

from ..connectors.replies import CHANGE_ANSWERS


class DropshipExchange(models.Model):
    _inherit = "dropship.exchange"

    def _after(self, outcome):
        """Override: a change that does not get through is answered, or a person's."""
        result = super()._after(outcome)
        request = self._change_request()
        if request and self.state == "rejected":
            request._answer("no", outcome.error)
        elif request and self.state == "parked" and request.state == "asked" and not request.reminded:
            request.reminded = True
            if not request.exception_id:
                request._exception("change_unanswered", "change_unanswered")
        elif self.kind == "cancel" and self.state == "rejected":
            self.purchase_id._dropship_asked_to_cancel()._answer("no", outcome.error)
        return result

    def _drop_unsent(self):
        """What has not left is not said any more."""
        return self.filtered(lambda message: message.state == "ready")._set_state("cancelled")

    def _change_request(self):
        if self.kind != "change":
            return self.env["dropship.change.request"]
        return self.env["dropship.change.request"].browse((self.content or {}).get("change")).exists()


class DropshipChangeRequest(models.Model):
    _inherit = "dropship.change.request"

    version = fields.Integer(default=1, readonly=True, copy=False, help="Raised when other words replace the question.")

    def write(self, vals):
        """Override: other words are another question; he gets them by the same way."""
        changed = self.browse()
        if "new_values" in vals:
            asked = self.filtered(lambda request: request.state == "asked")
            changed = asked.filtered(lambda request: request.new_values != vals["new_values"])
        result = super().write(vals)
        for request in changed:
            super(DropshipChangeRequest, request).write({"version": request.version + 1})
        changed._deliver()
        return result

    def _set_state(self, target, **vals):
        """Override: a question that is withdrawn before it left is not asked."""
        moved = super()._set_state(target, **vals)
        if target == "withdrawn":
            moved._messages()._drop_unsent()
        return moved

    def _ask(self):
        """Override: the question goes to the supplier the way his orders go."""
        waiting = self.filtered(lambda request: request.state == "draft")
        result = super()._ask()
        waiting.filtered(lambda request: request.state == "asked")._deliver()
        return result

    def _deliver(self):
        """Take the questions to the supplier; what he has not heard of yet is changed at once.

        A quantity is asked for when it is known: the exception behind it is opened first.
        """
        for request in self:
            unknown = request.exception_id.kind == "quantity_lowered" and not request.exception_id.quantity
            if unknown or request.kind not in ("address", "quantity", "cancel", "expedite"):
                continue
            # Only he can say whether he hurries; all else goes out with the order: one message, one content.
            if request.kind != "expedite" and request.purchase_id._dropship_not_sent_yet():
                request._ended("yes")
            elif request.purchase_id._dropship_takes_messages():
                request._messages()._drop_unsent()
                request._put_on_the_way()

    def _messages(self):
        messages = self.purchase_id._dropship_messages("change")
        return messages.filtered(lambda message: (message.content or {}).get("change") in self.ids)

    def _put_on_the_way(self):
        self.ensure_one()
        siblings = self.purchase_id._dropship_asked_to_cancel()
        rows = self.purchase_id.dropship_allocation_ids.filtered(lambda row: row.state in ("submitted", "accepted"))
        if self.kind == "cancel" and (not self.allocation_id or rows <= siblings.allocation_id):
            siblings._messages()._drop_unsent()
            return self.purchase_id._dropship_ask_cancel(again=True)
        content = self._message_content()
        words = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]
        return self.env["dropship.exchange"]._enqueue(
            self.purchase_id,
            "change",
            subject=f"{self.id} {self.version} {words}",
            content=content,
            revision=self.purchase_id.dropship_revision,
        )

    def _message_content(self):
        """What the supplier has to know of the change, and nothing more."""
        self.ensure_one()
        content = {
            "change": self.id,
            "version": self.version,
            "kind": self.kind,
            "text": self.with_context(lang=self.purchase_id.partner_id.lang)._description_text(),
            "note": self.note or "",
        }
        if self.kind == "address":
            content["ship_to"] = self.new_values or {}
        if self.allocation_id:
            line = self.allocation_id.purchase_line_id
            offer = self.allocation_id.offer_id
            content |= {"line": str(line.id), "sku": offer.sku or ""}
            wanted = max(self.allocation_id.qty - self.exception_id.quantity, 0.0) if self.kind == "quantity" else 0.0
            content["qty"] = round(wanted / (offer.factor or 1.0), 6)
        return content

    def _ended(self, answer, note=""):
        """Override: sale, purchase and transfer follow together or not at all; a new content is a new revision."""
        self.ensure_one()
        before = self.state
        # Who agreed to cancel need not be asked to.
        agreed = self.with_context(dropship_supplier_said_no=self.kind == "cancel" and answer == "yes")
        with self.env.cr.savepoint():
            result = super(DropshipChangeRequest, agreed)._ended(answer, note)
            if self.state == "yes" and before != "yes":
                self.purchase_id._dropship_new_revision()
                self._release_money()
        return result

    def _take_message(self, answer):
        """What the supplier said to the question, once; words about an older wording change nothing."""
        self.ensure_one()
        if answer["version"] and answer["version"] != self.version:
            return
        if answer["answer"] == "received" or self.state not in ("asked", "no"):
            return
        self._answer(answer["answer"], answer.get("reason") or "")


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    dropship_revision = fields.Integer(
        string="Revision",
        default=1,
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="Raised with every agreed change of what the supplier has to ship.",
    )

    def _dropship_takes_messages(self):
        """Whether the supplier hears from us by himself."""
        self.ensure_one()
        return bool(self.dropship_warehouse_id.supplier_id.connection_id) and not self.dropship_is_test

    def _dropship_not_sent_yet(self):
        """Whether the order still lies here although the purchase is on its way: his copy will have the new content.

        Writing the message makes a relay that takes it this moment lose, or us: never a mix of the two.
        """
        self.ensure_one()
        messages = self._dropship_messages("order")
        waiting = messages.filtered(lambda message: message.state == "ready" and not message.attempts)
        if not waiting or waiting != messages or self.state not in ("sent", "purchase"):
            return False
        if not waiting.try_lock_for_update():
            return False
        waiting.revision = self.dropship_revision + 1
        return True

    def _dropship_new_revision(self):
        for order in self:
            order.dropship_revision += 1

    def _dropship_asked_to_cancel(self):
        """The open requests to stop something of the purchase."""
        return (
            self.env["dropship.change.request"]
            .sudo()
            .search([("purchase_id", "in", self.ids), ("kind", "=", "cancel"), ("state", "=", "asked")])
        )

    def _dropship_take_answer(self, answer, message):
        """Override: an answer to a change goes to the request it answers."""
        self.ensure_one()
        if "change" in answer:
            self._dropship_take_change(answer)
            return None
        asked = self._dropship_asked_to_cancel()
        plain = answer["status"] == "cancelled" and not answer.get("lines") and self.state in ("sent", "purchase")
        if plain and asked and not self._dropship_is_old_answer(answer):
            # What he was asked to stop is stopped, with each request about it.
            asked.with_context(dropship_supplier_said_no=True)._answer("yes", answer.get("reason") or "")
            return None
        return super()._dropship_take_answer(answer, message)

    def _dropship_take_change(self, answer):
        if answer.get("answer") not in CHANGE_ANSWERS:
            raise UserError(self.env._("The answer to a change is yes, no or too late."))
        request = self.env["dropship.change.request"].search(
            [("id", "=", answer["change"]), ("purchase_id", "=", self.id)]
        )
        if not request:
            raise UserError(self.env._("%(purchase)s has no change %(change)s.", purchase=self.name, **answer))
        request._take_message(answer)
