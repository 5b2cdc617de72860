"""Some days after the end of a purchase its supplier sees initials and city only, and so does what was exchanged."""

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL
from psycopg2 import OperationalError

from ..address import redact
from .exchange import UNFINISHED

_logger = logging.getLogger(__name__)
# Not delivered as far as we know: so many days later the parcel is taken as delivered.
UNKNOWN_DAYS = 45


class ResCompany(models.Model):
    _inherit = "res.company"

    dropship_redact_days = fields.Integer(
        string="Suppliers Forget Customers After (days)", default=30, groups="base.group_user"
    )

    _dropship_redact_days_range = models.Constraint(
        "CHECK (dropship_redact_days BETWEEN 1 AND 3650)", "The days are between 1 and 3650 (ten years)."
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dropship_redact_days = fields.Integer(related="company_id.dropship_redact_days", readonly=False)


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    dropship_closed_at = fields.Datetime(copy=False, readonly=True, groups="base.group_user")
    dropship_redacted_at = fields.Datetime(
        string="Customer Forgotten On",
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="Since then the supplier sees initials and city only.",
    )

    # Only purchases that still show somebody are looked for.
    _dropship_to_redact = models.Index(
        "(company_id, id) WHERE dropship_warehouse_id IS NOT NULL AND dropship_redacted_at IS NULL"
    )

    def write(self, vals):
        """Override: remember when a purchase was cancelled."""
        if vals.get("state") == "cancel":
            vals = {**vals, "dropship_closed_at": fields.Datetime.now()}
        return super().write(vals)

    def _dropship_ship_to(self):
        """Override: after the time to keep it, initials and city."""
        address = super()._dropship_ship_to()
        if self.sudo().dropship_redacted_at:
            return redact.reduced(address or self.sudo().dest_address_id._dropship_ship_to())
        return address

    def _dropship_texts_for_supplier(self):
        """Override: texts of the customer go with him."""
        return [] if self.sudo().dropship_redacted_at else super()._dropship_texts_for_supplier()

    @api.model
    def _dropship_to_forget(self, company, limit):
        """Purchases of a company that ended long enough ago and still show the customer to the supplier."""
        self.env.flush_all()
        query = SQL(
            """
            SELECT purchase.id
              FROM purchase_order purchase
         LEFT JOIN sale_order sale ON sale.id = purchase.dropship_sale_id
             WHERE purchase.company_id = %(company)s AND purchase.dropship_warehouse_id IS NOT NULL
               AND purchase.dropship_redacted_at IS NULL
               AND CASE WHEN purchase.state = 'cancel'
                        THEN COALESCE(purchase.dropship_closed_at, purchase.write_date) < %(limit)s
                        -- nothing of it is open, and it arrived, or must have
                        ELSE purchase.state = 'purchase'
                             AND NOT EXISTS (SELECT FROM dropship_allocation row WHERE row.purchase_id = purchase.id
                                              AND row.state IN ('planned', 'submitted', 'accepted'))
                             AND (sale.dropship_delivered_at < %(limit)s
                                  OR (SELECT MAX(row.shipped_at) FROM dropship_allocation row
                                       WHERE row.purchase_id = purchase.id) < %(unknown)s)
                   END
             ORDER BY purchase.id LIMIT %(count)s
            """,
            company=company.id,
            limit=fields.Datetime.now() - timedelta(days=company.dropship_redact_days),
            unknown=fields.Datetime.now() - timedelta(days=company.dropship_redact_days + UNKNOWN_DAYS),
            count=limit,
        )
        return self.browse(row[0] for row in self.env.execute_query(query))

    def _dropship_forget(self):
        """From now on nobody at the supplier sees who the customers were. Keys, states and numbers stay."""
        self._dropship_scrub_messages()
        addresses = {order: order._dropship_known_address() for order in self}
        self.write({"dropship_redacted_at": fields.Datetime.now()})
        # The address frozen for the supplier is his copy; the order keeps the customer's.
        for row in self.env["dropship.allocation"].search([("purchase_id", "in", self.ids), ("ship_to", "!=", False)]):
            row.ship_to = redact.reduced(row.ship_to)
        for change in self.env["dropship.change.request"].search([("purchase_id", "in", self.ids)]):
            change._scrub(redact.tokens(addresses[change.purchase_id]))

    def _dropship_known_address(self):
        """The customer's address as the order still knows it, whatever the supplier's copy says by now."""
        self.ensure_one()
        partner = self.dropship_sale_id.partner_shipping_id or self.dest_address_id
        frozen = self.dropship_allocation_ids.filtered("ship_to")[:1].ship_to
        return (not self.dropship_redacted_at and frozen) or partner._dropship_ship_to()

    def _dropship_scrub_messages(self):
        """Take the customer out of what was exchanged about these purchases. What is still to be done waits for it.

        :return: the messages
        """
        messages = self.env["dropship.exchange"].search(
            [
                ("purchase_id", "in", self.ids),
                ("scrubbed_at", "=", False),
                ("state", "not in", [*UNFINISHED, "received"]),
            ]
        )
        for purchase, own in messages.grouped("purchase_id").items():
            partner = purchase.dropship_sale_id.partner_shipping_id or purchase.dest_address_id
            known = {*redact.tokens(purchase._dropship_known_address()), *redact.tokens(partner._dropship_ship_to())}
            for message in own:
                message._scrub(sorted(known, key=len, reverse=True))
        return messages

    @api.model
    def _cron_forget(self, batch=100):
        """Every day, purchases that ended long enough ago, in committed batches; then messages settled since."""
        for company in self.env["res.company"].search([]):
            while found := self._dropship_to_forget(company, batch):
                if not self._dropship_try(found._dropship_forget):
                    break
        late = [
            ("purchase_id.dropship_redacted_at", "!=", False),
            ("scrubbed_at", "=", False),
            ("state", "not in", [*UNFINISHED, "received"]),
        ]
        while messages := self.env["dropship.exchange"].search(late, limit=batch):
            if not self._dropship_try(messages.purchase_id._dropship_scrub_messages):
                break

    @api.model
    def _dropship_try(self, step):
        try:
            step()
            self.env["ir.cron"]._commit_progress(1)
            return True
        except (OperationalError, ConcurrencyError):
            self.env.cr.rollback()
            _logger.info("Somebody works on these purchases; they are looked at again tomorrow")
            return False


class DropshipChangeRequest(models.Model):
    _inherit = "dropship.change.request"

    def _scrub(self, known):
        """Take out who the customer was; what was asked and answered, and when, stays."""
        self.ensure_one()
        vals = {"note": redact.scrub_text(self.note, known) if self.note else self.note}
        if self.kind == "address":
            vals |= {name: redact.reduced(self[name]) for name in ("old_values", "new_values") if self[name]}
        self.write(vals)


class DropshipExchange(models.Model):
    _inherit = "dropship.exchange"

    scrubbed_at = fields.Datetime(
        readonly=True, copy=False, help="Since then it does not say any more who the customer was."
    )

    def _scrub(self, known=()):
        """Take out who the customer was. Key, kind, state, numbers and times stay: nothing is ever sent twice."""
        self.ensure_one()
        self.write(
            {
                "payload": redact.scrub(self.payload, known) if self.payload else self.payload,
                "content": redact.scrub(self.content, known) if self.content else self.content,
                "error": redact.scrub_text(self.error, known) if self.error else self.error,
                "scrubbed_at": fields.Datetime.now(),
            }
        )
