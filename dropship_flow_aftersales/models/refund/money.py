"""Money of refunds takes the one lane all money back takes; gift cards and points are given back here."""

import time
from decimal import Decimal

from odoo import Command, api, fields, models
from odoo.addons.dropship_flow.models.exact import decimal
from odoo.addons.dropship_flow.models.state_mixin import lock_written
from odoo.exceptions import LockError
from psycopg2 import OperationalError

TRIES, PAUSE = 50, 0.1  # times, seconds between them
ZERO = Decimal(0)


class DropshipCustomerRefund(models.Model):
    _inherit = "dropship.customer.refund"

    _transitions = frozenset(
        {
            ("planned", "sending"),
            ("planned", "person"),
            ("sending", "sent"),
            ("sending", "person"),
            ("sent", "person"),  # the payment service says later that it could not
            ("person", "done"),
        }
    )

    refund_id = fields.Many2one(
        "dropship.refund", string="Booked Refund", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    own_amount = fields.Float(readonly=True, help="The amount in the payment's currency, where that is another.")
    reimburses = fields.Boolean(readonly=True, help="What the customer laid out for us; it was no part of his payment.")

    def write(self, vals):
        """Override: a refund follows its money."""
        result = super().write(vals)
        if "state" in vals:
            self.refund_id._follow_money()
        return result

    def _amount_asked(self):
        """Override: services are asked in the currency of the payment."""
        return self.own_amount or super()._amount_asked()

    def _send(self):
        """Override: the refund of the service belongs to the credit note.

        Whoever refunds more of the order meanwhile waits: once the service has paid, nothing may undo what is written
        here. The row is claimed and committed, so trying again before the service is asked is harmless.
        """
        for _try in range(TRIES if self.refund_id else 0):
            try:
                lock_written(self.order_id, [])
                break
            except (OperationalError, LockError):
                self.env.cr.rollback()
                time.sleep(PAUSE)
        note = self.refund_id.credit_note_id
        row = self
        if note and note.state == "posted":
            row = self.with_context(dropship_credit_note_id=note.id)
        return super(DropshipCustomerRefund, row)._send()


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _dropship_available(self):
        """Override: what the customer's bank took back is gone."""
        return super()._dropship_available() - (self.sudo().dropship_charged_back or 0.0)

    def _create_child_transaction(self, amount, is_refund=False, **custom_create_values):
        """Override: the payment of a refund is reconciled with its credit note, by core."""
        note = self.env.context.get("dropship_credit_note_id")
        if is_refund and note:
            custom_create_values.setdefault("invoice_ids", [Command.set([note])])
        return super()._create_child_transaction(amount, is_refund=is_refund, **custom_create_values)

    def write(self, vals):
        """Override: a payment service that refuses afterwards leaves the money to a person."""
        result = super().write(vals)
        if vals.get("state") in ("error", "cancel"):
            rows = self.env["dropship.customer.refund"].sudo().search(
                [("refund_transaction_id", "in", self.ids), ("state", "=", "sent")]
            )  # fmt: skip
            if rows:
                rows._leave_to_person(self.env._("The payment service could not give it back."))
        return result

    def _post_process(self):
        """Override: what was paid back is set against the credit note that was posted since."""
        result = super()._post_process()
        done = self.filtered(lambda tx: tx.operation == "refund" and tx.state == "done")
        rows = self.env["dropship.customer.refund"].sudo().search([("refund_transaction_id", "in", done.ids)])
        rows.refund_id._reconcile()
        return result


class DropshipRefund(models.Model):
    _inherit = "dropship.refund"

    def _give_money(self):
        """Plan the money back: the parts through payment services, the rest by a person."""
        self.ensure_one()
        vals_list = []
        for key, amount, own in self.backs or ():
            if key.startswith("tx "):
                transaction = self.env["payment.transaction"].browse(int(key.split()[1]))
                vals_list.append(self._money_vals(amount, "refund", transaction, own))
        if self.by_person:
            vals_list.append(self._money_vals(self.by_person, "person"))
        if self.reimbursed:
            vals_list.append({**self._money_vals(self.reimbursed, "person"), "reimburses": True})
        if vals_list:
            self.env["dropship.customer.refund"]._plan(vals_list)

    def _money_vals(self, amount, way, transaction=None, own=None):
        lines = self.line_ids.order_line_id
        return {
            "refund_id": self.id,
            "cancel_key": f"refund {self.id}",
            "order_id": self.order_id.id,
            "line_id": lines.id if len(lines) == 1 else False,
            "line_key": lines.id if len(lines) == 1 else 0,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "amount": float(amount),
            "own_amount": float(own or 0.0),
            "way": way,
            "transaction_id": transaction.id if transaction else False,
        }

    # --- cards ---

    def _give_cards_and_points(self, facts):
        """Gift cards and wallets get their money, cards their points; points the order earned go."""
        self.ensure_one()
        for key, amount, _own in self.backs or ():
            if key.startswith("card "):
                line = self.env["sale.order.line"].browse(int(key.split()[1]))
                self._move_points(line.coupon_id, Decimal(amount))
        for key, points in (self.points_back or {}).items():
            self._move_points(self.env["sale.order.line"].browse(int(key)).coupon_id, Decimal(points))
        left = decimal(self.points_taken)
        for row in self.order_id._dropship_earning():
            taken = min(left, decimal(row.points))
            if taken:
                self._move_points(row.coupon_id, -taken)
                left -= taken

    def _move_points(self, card, points):
        if not card or not points:
            return
        card.points += float(points)
        self.env["loyalty.history"].create(
            {
                "card_id": card.id,
                "order_model": "sale.order",
                "order_id": self.order_id.id,
                "description": self.env._("Refund %s", self.name),
                "issued": max(float(points), 0.0),
                "used": max(-float(points), 0.0),
            }
        )

    @api.model
    def _cards_of(self, backs):
        """What of `backs` goes to gift cards: [(sale line, Decimal)]."""
        lines = self.env["sale.order.line"]
        return [
            (lines.browse(int(key.split()[1])), Decimal(amount))
            for key, amount, _own in backs or ()
            if key.startswith("card ")
        ]
