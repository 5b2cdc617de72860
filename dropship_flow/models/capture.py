"""Authorised payments: captured when goods leave, released when the order is cancelled, watched until they expire.

What a payment service is asked is written down and committed before it is asked, so that nothing is captured twice; an
end nobody knows is a person's. A capture that fails stops the buying of what is not bought yet (a hold) and is an
exception of its order: what is with suppliers already goes on unless a person stops it.
"""

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from psycopg2 import OperationalError

from .exact import decimal
from .reason_text import FLOW_REASONS, _lt

_logger = logging.getLogger(__name__)
WHEN = [
    ("manual", "By hand, as usual"),
    ("first", "All, when the first parcel leaves"),
    ("parcel", "Each parcel's part, when it leaves"),
]
FLOW_REASONS.update(
    {
        "capture_failed": _lt(
            "%(amount)s of %(order)s could not be captured: %(error)s – ask the customer for another payment, or "
            "capture again."
        ),
        "authorisation_expires": _lt(
            "The authorisation of %(amount)s for %(order)s ends on %(date)s: capture it, or ask for another payment."
        ),
    }
)


class ResCompany(models.Model):
    _inherit = "res.company"

    dropship_capture_when = fields.Selection(
        WHEN, string="Capture Authorised Payments", default="first", required=True, groups="base.group_user"
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dropship_capture_when = fields.Selection(related="company_id.dropship_capture_when", readonly=False)


class PaymentProvider(models.Model):
    _inherit = "payment.provider"

    dropship_authorised_days = fields.Integer(
        string="Authorisations Last (days)", default=7, groups="base.group_user",
        help="After so many days the payment service gives the money back to the customer.",
    )  # fmt: skip

    _dropship_authorised_days = models.Constraint(
        "CHECK (dropship_authorised_days BETWEEN 1 AND 90)", "Authorisations last between 1 and 90 days."
    )


class DropshipCapture(models.Model):
    """One request to a payment service: capture or release so much of an authorised payment. Asked once."""

    _name = "dropship.capture"
    _description = "Capture of an Authorised Payment"
    _inherit = ["dropship.state.mixin"]
    _order = "id desc"
    _rec_name = "order_id"

    _transitions = frozenset(
        {("planned", "sending"), ("planned", "dropped"), ("sending", "sent"), ("sending", "failed"),
         ("failed", "planned"), ("failed", "dropped")}
    )  # fmt: skip

    order_id = fields.Many2one("sale.order", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, index=True)
    currency_id = fields.Many2one("res.currency", required=True)
    transaction_id = fields.Many2one("payment.transaction", string="Payment", required=True, ondelete="restrict",
                                     index=True)  # fmt: skip
    shipment_id = fields.Many2one("dropship.shipment", string="Parcel", ondelete="set null", index="btree_not_null")
    kind = fields.Selection([("capture", "Capture"), ("void", "Release")], required=True)
    key = fields.Char(required=True, readonly=True, help="What it is asked for; asked once per payment.")
    amount = fields.Monetary(required=True)
    state = fields.Selection(
        [("planned", "Planned"), ("sending", "Being Sent"), ("sent", "Sent"), ("failed", "Failed"),
         ("dropped", "Not Needed")],
        default="planned", required=True, index=True,
    )  # fmt: skip
    note = fields.Char(help="What the payment service said.")

    _once = models.UniqueIndex("(transaction_id, kind, key)", "This is asked already.")
    _amount_positive = models.Constraint("CHECK (amount > 0)", "There is nothing to ask for.")

    @api.model
    def _plan(self, order, transaction, kind, amount, key, shipment=None):
        """Write down what is to be asked, once."""
        known = [("transaction_id", "=", transaction.id), ("kind", "=", kind), ("key", "=", key)]
        if self.search_count(known, limit=1):
            return self
        with self._first_come():
            row = self.create(
                {
                    "order_id": order.id, "company_id": order.company_id.id, "currency_id": transaction.currency_id.id,
                    "transaction_id": transaction.id, "shipment_id": shipment.id if shipment else False, "kind": kind,
                    "key": key, "amount": float(amount),
                }
            )  # fmt: skip
        self.env.ref("dropship_flow.cron_captures").sudo()._trigger()
        return row

    @api.model
    def _cron_send(self, limit=100):
        """Ask the payment services, one row at a time; each is claimed and committed before its request."""
        for row in self.search([("state", "=", "planned")], order="id", limit=limit):
            try:
                if not row._claim():
                    continue
                self.env["ir.cron"]._commit_progress()
            except (OperationalError, ConcurrencyError):  # somebody else has it
                self.env.cr.rollback()
                continue
            row._send()
            self.env["ir.cron"]._commit_progress(1)
        an_hour_ago = fields.Datetime.subtract(fields.Datetime.now(), hours=1)
        for row in self.search([("state", "=", "sending"), ("write_date", "<", an_hour_ago)]):
            row._failed(self.env._("Sending was interrupted. Look at the payment service before you ask again."))

    def _claim(self):
        """Whether this process may ask: nobody else does, and so much is still authorised."""
        self.ensure_one()
        if not self.try_lock_for_update() or self.state != "planned":
            return False
        free = self.transaction_id._dropship_authorised_left()
        if self.transaction_id.state != "authorized" or free <= 0:
            self._set_state("dropped", note=self.env._("Nothing of it is authorised any more."))
            return False
        self._set_state("sending", amount=float(min(decimal(self.amount), free)))
        return True

    def _send(self):
        """Ask the payment service. An unclear end is never repeated by itself."""
        self.ensure_one()
        transaction_sudo = self.transaction_id.sudo().with_context(payment_backend_action=True)
        try:
            with self.env.cr.savepoint():
                ask = transaction_sudo._capture if self.kind == "capture" else transaction_sudo._void
                answer = ask(self.amount) or transaction_sudo
            note = ""
            if answer.state == "error":
                note = answer.state_message or self.env._("The payment service refused.")
        except (OperationalError, ConcurrencyError) as error:
            note = str(error)
        except Exception as error:  # whatever the service says, the others are asked
            _logger.exception("Capture %s failed", self.id)
            note = f"{type(error).__name__}: {error}"
        if note:
            self._failed(note)
        else:
            self._set_state("sent", note=False)

    def _failed(self, note):
        """A person has to look: nothing more is bought for the order until then."""
        self.ensure_one()
        self._set_state("failed", note=note)
        if self.kind == "void":
            self.order_id._dropship_call_accountant(
                self.env._("Release %s", self.currency_id.format(self.amount)),
                self.env._("The authorised payment of a cancelled order could not be released: %s", note),
            )
            return
        order = self.order_id
        params = {"amount": self.currency_id.format(self.amount), "order": order.name, "error": note}
        reasons = [["capture_failed", params]]
        self.env["dropship.exception"].sudo()._raise(order.dropship_allocation_ids[:1], "capture_failed", reasons)
        self.env["dropship.hold"].sudo()._raise(order, "capture", reasons)

    def action_again(self):
        """Ask once more, after a person looked at the payment service."""
        self.env["dropship.customer.question"]._check_desk()
        self.check_access("read")
        rows_sudo = self.sudo().filtered(lambda row: row.state == "failed")
        if not rows_sudo:
            raise UserError(self.env._("Only requests that failed are made again."))
        rows_sudo._set_state("planned", note=False)
        self.env.ref("dropship_flow.cron_captures").sudo()._trigger()
        return True


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    dropship_expires_on = fields.Datetime(
        string="Authorised Until", compute="_compute_dropship_expires_on", groups="base.group_user"
    )

    @api.depends("state", "last_state_change", "provider_id.dropship_authorised_days")
    def _compute_dropship_expires_on(self):
        for row in self:
            days = row.sudo().provider_id.dropship_authorised_days  # its clock, not its keys
            since = row.last_state_change or row.create_date
            row.dropship_expires_on = row.state == "authorized" and since and since + timedelta(days=days)

    def _dropship_authorised_left(self):
        """What may still be captured or released; what is under way counts as gone. Decimal."""
        self.ensure_one()
        parts = self.child_transaction_ids.filtered(
            lambda child: child.operation == self.operation and child.state != "error"
        )
        return decimal(self.amount) - decimal(sum(parts.mapped("amount")))
