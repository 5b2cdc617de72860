"""Papers goods need where they are sold: who has which, until when, and where goods must not go without."""

import base64
import hashlib
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..listing_quality import Paper, Required, barred_places, missing_papers
from ..papers import TYPES, decoded, kind_of, safe_name
from ..papers.sniff import MAX_BYTES

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
# Said in words, not proved by a file.
SAID = ("manufacturer", "responsible")


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
        if len(data) > MAX_BYTES:
            raise UserError(self.env._("The file is larger than 10 MB. Please make it smaller."))
        found = kind_of(data)
        if not found:
            raise UserError(self.env._("This file is no PDF, PNG, JPEG, XLSX or XML. Please save it as one of these."))
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


class DropshipDocumentRule(models.Model):
    """Which goods need which paper in which countries."""

    _name = "dropship.document.rule"
    _description = "Document Rule"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True, readonly=False, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: all companies.")
    kind = fields.Selection(DOCUMENT_KINDS, string="Document", required=True, default="ce")
    country_ids = fields.Many2many("res.country", "dropship_document_rule_country_rel", string="Countries")
    country_group_ids = fields.Many2many(
        "res.country.group", "dropship_document_rule_group_rel", string="Country Groups"
    )
    categ_ids = fields.Many2many(
        "product.category", "dropship_document_rule_categ_rel", string="Categories", help="With those below them."
    )
    public_categ_ids = fields.Many2many(
        "product.public.category",
        "dropship_document_rule_public_rel",
        string="Categories of the Shop",
        help="With those below them.",
    )
    tag_ids = fields.Many2many("product.tag", "dropship_document_rule_tag_rel", string="Tags")
    brand = fields.Char(help="Only products of this brand.")

    @api.depends("kind")
    def _compute_name(self):
        words = dict(self._fields["kind"]._description_selection(self.env))
        for rule in self:
            rule.name = rule.name or words.get(rule.kind)

    @api.constrains("kind", "country_ids", "country_group_ids")
    def _check_places(self):
        for rule in self:
            if not rule.country_ids and not rule.country_group_ids:
                raise ValidationError(
                    self.env._("Say in which countries %s is needed.", rule.name or self.env._("the document"))
                )

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules._moved()
        return rules

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() - {"name", "sequence"}:
            self._moved()
        return result

    def unlink(self):
        self._moved()
        return super().unlink()

    def _moved(self):
        """Any listing may be concerned; they are looked at in batches."""
        listings_sudo = self.env["dropship.listing"].sudo()
        domain = [("company_id", "in", self.company_id.ids)] if all(rule.company_id for rule in self) else []
        templates_sudo = listings_sudo.search([("wanted", "!=", "delisted"), *domain]).product_tmpl_id
        self.env["dropship.supply"].sudo()._moved(templates_sudo.product_variant_ids.ids)

    # === WHAT IS MISSING WHERE === #

    @api.model
    def _required(self, templates, company):
        """{template id: (Required, …)} by the rules of a company."""
        rules_sudo = self.sudo().search([("company_id", "in", [company.id, False])])
        found = defaultdict(list)
        for rule in rules_sudo:
            countries = frozenset((rule.country_ids | rule.country_group_ids.country_ids).ids)
            need = Required(rule.kind, countries)
            for template in rule._concerned(templates.sudo()):
                found[template.id].append(need)
        return {template_id: tuple(needs) for template_id, needs in found.items()}

    def _concerned(self, templates):
        self.ensure_one()
        if self.categ_ids:
            below = set(self.env["product.category"].search([("id", "child_of", self.categ_ids.ids)]).ids)
            templates = templates.filtered(lambda template: template.categ_id.id in below)
        if self.public_categ_ids:
            public = self.env["product.public.category"]
            below = set(public.search([("id", "child_of", self.public_categ_ids.ids)]).ids)
            templates = templates.filtered(lambda template: below & set(template.public_categ_ids.ids))
        if self.tag_ids:
            tags = set(self.tag_ids.ids)
            templates = templates.filtered(lambda template: tags & set(template.product_tag_ids.ids))
        if self.brand:
            name = self.brand.strip().casefold()
            templates = templates.filtered(lambda template: (template.dropship_brand or "").casefold() == name)
        return templates

    @api.model
    def _papers(self, templates, company):
        """{template id: (Paper, …)} of papers that count today."""
        today = fields.Date.context_today(self)
        templates_sudo = templates.sudo()
        brands = {brand for brand in templates_sudo.mapped("dropship_brand") if brand}
        documents_sudo = self.env["dropship.product.document"].sudo().search(
            Domain("company_id", "in", [company.id, False])
            & (Domain("product_tmpl_id", "in", templates.ids) | Domain("product_tmpl_id", "=", False))
            & (Domain.TRUE if brands else Domain("brand", "=", False))
            & (Domain("valid_from", "=", False) | Domain("valid_from", "<=", today))
            & (Domain("valid_until", "=", False) | Domain("valid_until", ">=", today))
        )
        by_template, by_brand, general = defaultdict(list), defaultdict(list), []
        for document in documents_sudo:
            countries = frozenset(document.country_ids.ids) or None
            paper = Paper(document.kind, countries, document.supplier_id.id or None)
            if document.product_tmpl_id:
                by_template[document.product_tmpl_id.id].append(paper)
            elif document.brand:
                by_brand[document.brand.strip().casefold()].append(paper)
            else:
                general.append(paper)
        return {
            template.id: (
                *by_template[template.id],
                *by_brand.get((template.dropship_brand or "").strip().casefold(), ()),
                *general,
            )
            for template in templates_sudo
        }

    @api.model
    def _suppliers(self, templates, company):
        """{template id: ids of suppliers with an active offer}."""
        rows = self.env["dropship.offer"].sudo()._read_group(
            [("product_tmpl_id", "in", templates.ids), ("company_id", "in", [company.id, False])],
            ["product_tmpl_id", "supplier_id"],
        )
        found = defaultdict(list)
        for template, supplier in rows:
            found[template.id].append(supplier.id)
        return found

    @api.model
    def _barred(self, templates, company):
        """Where products must not go because no supplier has the papers: {template id: {country id: kinds}}."""
        required = self._required(templates, company)
        if not required:
            return {}
        concerned = templates.browse(required)
        papers, suppliers = self._papers(concerned, company), self._suppliers(concerned, company)
        found = {
            template_id: barred_places(needs, papers.get(template_id, ()), suppliers.get(template_id))
            for template_id, needs in required.items()
        }
        return {template_id: places for template_id, places in found.items() if places}

    @api.model
    def _missing_of_suppliers(self, templates, company):
        """The same for each supplier: {(template id, supplier id): {country id: kinds}}."""
        required = self._required(templates, company)
        if not required:
            return {}
        concerned = templates.browse(required)
        papers, suppliers = self._papers(concerned, company), self._suppliers(concerned, company)
        return {
            (template_id, supplier_id): missing_papers(needs, papers.get(template_id, ()), supplier_id)
            for template_id, needs in required.items()
            for supplier_id in suppliers.get(template_id, ())
        }
