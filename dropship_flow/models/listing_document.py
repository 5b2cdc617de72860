"""Papers goods need where they are sold: who has which, until when, and where goods must not go without."""

import base64
import hashlib
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..papers import TYPES, decoded, safe_name

DOCUMENT_KINDS = [
    ("manufacturer", "Manufacturer"),
    ("responsible", "Responsible person in the EU"),
    ("ce", "CE declaration"),
    ("ccc", "3C certificate"),
    ("authorisation", "Authorisation (授权书)"),
    ("test_report", "Test report"),
    ("safety", "Safety instructions"),
    ("other", "Other"),
]


class DropshipProductDocument(models.Model):
    """A paper about goods: of one product, of a brand or of what a supplier sells."""

    _name = "dropship.product.document"
    _description = "Product Document"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "valid_until, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, help="Number or title of the paper.")
    active = fields.Boolean(default=True)
    kind = fields.Selection(DOCUMENT_KINDS, required=True, default="ce", index=True, tracking=True)
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company, index=True)
    product_tmpl_id = fields.Many2one(
        "product.template", string="Product", ondelete="cascade", index="btree_not_null", check_company=True
    )
    brand = fields.Char(index="btree_not_null", help="For all products of this brand.")
    supplier_id = fields.Many2one(
        "dropship.supplier",
        ondelete="cascade",
        index="btree_not_null",
        check_company=True,
        help="Counts only for goods bought from this supplier.",
    )
    country_ids = fields.Many2many(
        "res.country", "dropship_product_document_country_rel", string="Counts In", help="Empty: everywhere."
    )
    valid_from = fields.Date(default=fields.Date.context_today)
    valid_until = fields.Date(tracking=True, help="Last day it counts. Empty: always.")
    alert_days = fields.Integer(string="Remind Before (days)", default=30)
    alerted_until = fields.Date(readonly=True, copy=False, help="The end somebody was reminded of.")
    user_id = fields.Many2one("res.users", string="Responsible", default=lambda self: self.env.user)
    partner_id = fields.Many2one("res.partner", string="Who", help="The manufacturer, or the responsible person.")
    note = fields.Text()
    attachment_id = fields.Many2one("ir.attachment", string="Stored File", ondelete="restrict", readonly=True)
    file = fields.Binary(compute="_compute_file", inverse="_inverse_file", help="PDF, PNG, JPEG, XLSX or XML, 10 MB.")
    file_name = fields.Char()
    validity = fields.Selection(
        [("future", "Not yet"), ("valid", "Valid"), ("ending", "Ends soon"), ("expired", "Expired")],
        compute="_compute_validity",
        search="_search_validity",
    )

    _of_something = models.Constraint(
        "CHECK (product_tmpl_id IS NOT NULL OR brand IS NOT NULL OR supplier_id IS NOT NULL)",
        "Say what the document is about: a product, a brand or a supplier.",
    )
    _dates_ordered = models.Constraint(
        "CHECK (valid_from <= valid_until)", "The document ends before it begins. Correct its dates."
    )

    @api.depends("valid_from", "valid_until", "alert_days")
    def _compute_validity(self):
        today = fields.Date.context_today(self)
        for document in self:
            if document.valid_until and document.valid_until < today:
                document.validity = "expired"
            elif document.valid_from and document.valid_from > today:
                document.validity = "future"
            elif document.valid_until and document.valid_until <= today + timedelta(days=document.alert_days or 0):
                document.validity = "ending"
            else:
                document.validity = "valid"

    def _search_validity(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        begun = Domain("valid_from", "=", False) | Domain("valid_from", "<=", today)
        over = Domain("valid_until", "<", today)
        days = {row[0] for row in self.with_context(active_test=False)._read_group([], ["alert_days"])}
        soon = Domain.OR(
            Domain("alert_days", "=", day) & Domain("valid_until", "<=", today + timedelta(days=day or 0))
            for day in days
        ) & Domain("valid_until", ">=", today)
        domains = {"expired": over, "future": ~begun & ~over, "ending": soon & begun, "valid": begun & ~over & ~soon}
        return Domain.OR(domains[name] for name in value if name in domains)

    def _compute_file(self):
        for document in self:
            # The document is what rights are asked for; its file belongs to it.
            document.file = document.sudo().attachment_id.datas

    def _inverse_file(self):
        for document in self:
            old_sudo = document.sudo().attachment_id
            document._attach(decoded(document.file) if document.file else b"")
            old_sudo.unlink()

    def _attach(self, data):
        self.ensure_one()
        if not data:
            self.sudo().attachment_id = False
            return
        found = self.env["dropship.supplier.document"]._examine(data, self.kind, "us")
        name = safe_name(self.file_name or self.name, found)
        # Whoever may keep the document may keep its file.
        attachment_sudo = self.env["ir.attachment"].sudo().create(
            {
                "name": name,
                "datas": base64.b64encode(data),
                "mimetype": TYPES[found][0],
                "res_model": self._name,
                "res_id": self.id,
                "company_id": self.company_id.id,
                "description": hashlib.sha256(data).hexdigest(),
            }
        )
        self.sudo().write({"attachment_id": attachment_sudo.id, "file_name": name})

    @api.model_create_multi
    def create(self, vals_list):
        documents = super().create(vals_list)
        documents._moved()
        return documents

    def write(self, vals):
        before = self._goods()
        result = super().write(vals)
        if vals.keys() - {"alerted_until", "attachment_id", "file_name", "note", "name"}:
            self._moved(before)
        return result

    def unlink(self):
        before, files_sudo = self._goods(), self.sudo().attachment_id
        result = super().unlink()
        files_sudo.unlink()
        self.browse()._moved(before)
        return result

    def _goods(self):
        """Products the papers are about. Sudo: papers count for whoever lists the goods."""
        templates_sudo = self.sudo().product_tmpl_id
        brands = {brand.strip() for brand in self.mapped("brand") if brand}
        if brands:
            domain = Domain.OR(Domain("dropship_brand", "=ilike", brand) for brand in sorted(brands))
            templates_sudo |= templates_sudo.search(domain)
        suppliers = self.sudo().filtered(lambda document: not document.product_tmpl_id).supplier_id
        if suppliers:
            offers_sudo = self.env["dropship.offer"].sudo()
            rows = offers_sudo._read_group(
                [("supplier_id", "in", suppliers.ids), ("product_id", "!=", False)], ["product_tmpl_id"]
            )
            templates_sudo |= templates_sudo.union(*(row[0] for row in rows))
        return templates_sudo.filtered("dropship_listing_ids")

    def _moved(self, before=()):
        templates_sudo = self._goods() | (before or self.env["product.template"].sudo())
        self.env["dropship.supply"].sudo()._moved(templates_sudo.product_variant_ids.ids)

    @api.model
    def _cron_remind(self):
        """Remind whoever is responsible before a paper ends, once for each end."""
        today = fields.Date.context_today(self)
        ending = self.search([("validity", "in", ["ending", "expired"])], order="valid_until, id", limit=500)
        for document in ending.filtered(lambda document: document.alerted_until != document.valid_until):
            words = dict(self._fields["kind"]._description_selection(self.env))
            what = document.product_tmpl_id.display_name or document.brand or document.supplier_id.name
            document.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=max(document.valid_until, today),
                summary=self.env._("%(kind)s of %(what)s ends", kind=words[document.kind], what=what),
                note=self.env._(
                    "It counts until %s. Without a new one the goods are not delivered where it is needed.",
                    document.valid_until,
                ),
                user_id=(document.user_id or self.env.ref("base.user_admin")).id,
            )
            document.alerted_until = document.valid_until
