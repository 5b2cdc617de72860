"""Which papers goods need where, and where they must not go because one is missing."""

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..listing_quality import Paper, Required, barred_places, missing_papers
from .listing_document import DOCUMENT_KINDS


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
