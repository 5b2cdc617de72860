from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..remedy import token as secret

# How long a link works, in days, by what it is for.
DAYS = {"desk": 90, "order": 30}
# When a link was used last is written once in so many minutes.
USED_EVERY = 10


class DropshipSupplierLink(models.Model):
    """A link that opens a supplier's pages without a login. Only its fingerprint is kept: nobody can read it here.

    The fingerprint covers what the link is for, so that nobody turns it into another one by changing its row.
    """

    _name = "dropship.supplier.link"
    _description = "Link of a Supplier"
    _order = "id desc"

    supplier_id = fields.Many2one("dropship.supplier", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    purpose = fields.Selection(
        [("desk", "All open orders"), ("order", "One order")], required=True, readonly=True, default="desk"
    )
    purchase_id = fields.Many2one("purchase.order", readonly=True, ondelete="cascade", index="btree_not_null")
    revision = fields.Integer(readonly=True, help="Which version of the order the link was made for.")
    key = fields.Char(required=True, readonly=True, copy=False, groups="base.group_system")
    fingerprint = fields.Char(required=True, readonly=True, copy=False, groups="base.group_system")
    expires = fields.Datetime(string="Works Until", required=True, readonly=True)
    last_used = fields.Datetime(readonly=True, copy=False)
    revoked_at = fields.Datetime(readonly=True, copy=False)
    revoked_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    made_by_id = fields.Many2one("res.users", readonly=True, default=lambda self: self.env.user)
    works = fields.Boolean(compute="_compute_works")

    _key_uniq = models.UniqueIndex("(key)", "This link is already there.")
    _order_has_purchase = models.Constraint(
        "CHECK ((purpose = 'order') = (purchase_id IS NOT NULL))", "A link to one order needs that order."
    )

    @api.depends("expires", "revoked_at")
    def _compute_works(self):
        now = fields.Datetime.now()
        for link in self:
            link.works = not link.revoked_at and bool(link.expires) and link.expires > now

    @api.depends("supplier_id", "purpose", "purchase_id")
    def _compute_display_name(self):
        purposes = dict(self._fields["purpose"]._description_selection(self.env))
        for link in self:
            target = link.purchase_id.name or purposes.get(link.purpose, "")
            link.display_name = f"{link.supplier_id.name}: {target}"

    @api.model
    def _make(self, supplier, company, purchase=None, revision=1):
        """A new link.

        :return: (the link, its address); the address is not kept and cannot be asked for again
        """
        token = secret.fresh()
        purpose = "order" if purchase else "desk"
        values = {
            "supplier_id": supplier.id,
            "company_id": company.id,
            "purpose": purpose,
            "purchase_id": purchase.id if purchase else False,
            "revision": revision,
            "key": secret.key_of(token),
            "expires": fields.Datetime.now() + timedelta(days=DAYS[purpose]),
        }
        values["fingerprint"] = self._sign(token, values)
        # Whoever may hand an order to a supplier may hand him the link to it; the row itself nobody writes.
        link = self.sudo().create(values)
        return link, f"{supplier.get_base_url()}/supplier/{token}"

    @api.model
    def _sign(self, token, values):
        return secret.signed(
            self.env["ir.config_parameter"].sudo().get_param("database.secret"),
            "dropship.supplier.link",
            token,
            values["supplier_id"],
            values["company_id"],
            values["purpose"],
            values["purchase_id"] or 0,
            fields.Datetime.to_string(values["expires"]),
        )

    @api.model
    def _by_token(self, token):
        """The working link of a token; none for what is forged, expired, revoked, or of a supplier put away."""
        key = secret.key_of(token)
        link = self.search([("key", "=", key)], limit=1) if key else self.browse()
        if not link or not link.works or not link.supplier_id.active:
            return self.browse()
        values = {
            "supplier_id": link.supplier_id.id,
            "company_id": link.company_id.id,
            "purpose": link.purpose,
            "purchase_id": link.purchase_id.id,
            "expires": link.expires,
        }
        return link if secret.same(link.fingerprint, self._sign(token, values)) else self.browse()

    def _used(self):
        """Remember that the link was opened; when somebody else just wrote that, it is enough."""
        self.ensure_one()
        self.env.cr.execute(
            SQL(
                """UPDATE dropship_supplier_link SET last_used = now() AT TIME ZONE 'utc'
                    WHERE id = (SELECT id FROM dropship_supplier_link
                                 WHERE id = %s AND (last_used IS NULL
                                       OR last_used < now() AT TIME ZONE 'utc' - make_interval(mins => %s))
                                   FOR NO KEY UPDATE SKIP LOCKED)""",
                self.id,
                USED_EVERY,
            )
        )
        self.invalidate_recordset(["last_used"], flush=False)

    def action_revoke(self):
        """The links stop to work at once."""
        self.supplier_id.check_access("write")
        open_links_sudo = self.sudo().filtered(lambda link: not link.revoked_at)  # the row itself nobody writes
        open_links_sudo.write({"revoked_at": fields.Datetime.now(), "revoked_by_id": self.env.uid})
        return True

    @api.autovacuum
    def _gc_links(self):
        """Links that ended long ago say nothing any more."""
        self.search([("expires", "<", fields.Datetime.now() - timedelta(days=365))], limit=5000).unlink()


class DropshipSupplier(models.Model):
    _inherit = "dropship.supplier"

    link_ids = fields.One2many(
        "dropship.supplier.link", "supplier_id", string="Links", groups="dropship_flow.group_dropship_user"
    )

    def action_make_link(self):
        """A link for this supplier, shown once with its QR code."""
        self.ensure_one()
        self.check_access("write")
        _link, url = self.env["dropship.supplier.link"]._make(self, self.env.company)
        return self.env["dropship.supplier.share"]._show(self.name, url)


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def action_dropship_share(self):
        """The order as text to paste into a chat, with a link to it that needs no login."""
        self.ensure_one()
        self.check_access("write")
        supplier = self.dropship_warehouse_id.supplier_id
        url = False
        if self.state in ("sent", "purchase"):
            _link, url = self.env["dropship.supplier.link"]._make(
                supplier, self.company_id, purchase=self, revision=self._dropship_desk_revision()
            )
        reader = self.with_context(lang=supplier.partner_id.lang or self.env.lang)
        return self.env["dropship.supplier.share"]._show(self.name, url, reader._dropship_desk_text())
