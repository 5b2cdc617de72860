import hashlib
import secrets

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.tools import SQL
from psycopg2 import OperationalError

PREFIX = "dsk_"
SCOPES = ("orders", "ship", "stock", "invoice")


def hash_of(text):
    """How a key is kept. It is long and random, so a plain hash suffices."""
    return hashlib.sha256(text.encode()).hexdigest()


class DropshipSupplierKey(models.Model):
    """A supplier's program shows this key to call us. The key itself is shown once and never stored."""

    _name = "dropship.supplier.key"
    _description = "API Key of a Supplier"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True, help="Who or what uses it.")
    supplier_id = fields.Many2one(
        "dropship.supplier", required=True, readonly=True, ondelete="cascade", index=True, check_company=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, help="Whose orders the key opens."
    )
    key_hash = fields.Char(required=True, readonly=True, copy=False, groups="base.group_system")
    hint = fields.Char(string="Begins With", readonly=True, copy=False)
    scope_orders = fields.Boolean(string="Read and Answer Orders", default=True, tracking=True)
    scope_ship = fields.Boolean(string="Report Shipments", default=True, tracking=True)
    scope_stock = fields.Boolean(string="Report Stock and Prices", default=True, tracking=True)
    scope_invoice = fields.Boolean(string="Send Invoices", tracking=True)
    expires_on = fields.Date(string="Valid Until", tracking=True, help="Empty: until it is revoked.")
    revoked_at = fields.Datetime(readonly=True, copy=False, tracking=True)
    last_used = fields.Datetime(readonly=True, copy=False)
    rate = fields.Float(string="Calls per Minute", default=120.0, required=True, tracking=True)
    tokens = fields.Float(readonly=True, copy=False)
    tokens_at = fields.Datetime(readonly=True, copy=False)
    state = fields.Selection(
        [("active", "In Use"), ("expired", "Expired"), ("revoked", "Revoked")], compute="_compute_state"
    )

    _hash_uniq = models.UniqueIndex("(key_hash)", "This key exists already.")
    _rate_positive = models.Constraint("CHECK (rate >= 1)", "Allow at least one call per minute.")

    @api.depends("revoked_at", "expires_on")
    def _compute_state(self):
        today = fields.Date.today()
        for key in self:
            if key.revoked_at:
                key.state = "revoked"
            else:
                key.state = "expired" if key.expires_on and key.expires_on < today else "active"

    @api.model
    def _make(self, supplier, company, **vals):
        """A new key of a supplier for the orders of one company.

        :return: (the record, the key); the key cannot be read again
        """
        if supplier.company_id and supplier.company_id != company:
            raise UserError(
                self.env._(
                    "%(supplier)s belongs to %(company)s: make the key there.",
                    supplier=supplier.name,
                    company=supplier.company_id.name,
                )
            )
        text = PREFIX + secrets.token_urlsafe(32)
        # Only whoever passed the screen's own check comes here; the hash is nobody's to write.
        key_sudo = self.sudo().create(
            {
                "name": supplier.name,
                **vals,
                "supplier_id": supplier.id,
                "company_id": company.id,
                "key_hash": hash_of(text),
                "hint": text[: len(PREFIX) + 4],
            }
        )
        return key_sudo.sudo(False), text

    def write(self, vals):
        """Override: whose key it is never changes."""
        if {"supplier_id", "company_id", "key_hash", "hint", "revoked_at"} & set(vals) and not self.env.su:
            raise AccessError(self.env._("Whose key it is cannot be changed: revoke it and make a new one."))
        return super().write(vals)

    def action_revoke(self):
        """From now on the key opens nothing."""
        self.check_access("write")
        self.filtered(lambda key: not key.revoked_at).sudo().revoked_at = fields.Datetime.now()
        return True

    @api.model
    def _find_by_text(self, text):
        """The key somebody shows, whatever its state; none when there is no such key."""
        if not text.startswith(PREFIX) or len(text) > 200 or not text.isascii():
            return self.browse()
        return self.sudo().search([("key_hash", "=", hash_of(text))], limit=1)

    def _use(self):
        """Take one call from the key's ration, in a short transaction of its own: calls of a key do not wait for
        each other.

        :return int: 0 when the call may go on, else the seconds to wait
        """
        self.ensure_one()
        query = SQL(
            """
            UPDATE dropship_supplier_key
               SET tokens = LEAST(rate, COALESCE(tokens, rate) + rate / 60
                            * COALESCE(EXTRACT(EPOCH FROM clock_timestamp() AT TIME ZONE 'utc' - tokens_at), 0)) - 1,
                   tokens_at = clock_timestamp() AT TIME ZONE 'utc', last_used = now() AT TIME ZONE 'utc'
             WHERE id = %s
               AND LEAST(rate, COALESCE(tokens, rate) + rate / 60
                   * COALESCE(EXTRACT(EPOCH FROM clock_timestamp() AT TIME ZONE 'utc' - tokens_at), 0)) >= 1
            """,
            self.id,
        )
        for _attempt in range(3):
            try:
                with self.env.registry.cursor() as cr:
                    cr.execute(query, log_exceptions=False)
                    return 0 if cr.rowcount else max(1, round(60 / self.rate))
            except (OperationalError, ConcurrencyError):  # another call of the key this very moment
                continue
        return 1


class DropshipSupplierKeyShow(models.AbstractModel):
    """Shows a new key once; nothing of it is stored."""

    _name = "dropship.supplier.key.show"
    _description = "New API Key"

    id = fields.Id()
    key = fields.Char(string="API Key", readonly=True)
    address = fields.Char(readonly=True)


class DropshipSupplier(models.Model):
    _inherit = "dropship.supplier"

    key_ids = fields.One2many(
        "dropship.supplier.key", "supplier_id", string="API Keys", groups="dropship_flow.group_dropship_buyer"
    )
