from odoo import api, models

from ..routing import model as engine
from .listing_text import document_words


class DropshipRouter(models.AbstractModel):
    """Goods do not go where a paper is missing, whoever would carry them."""

    _inherit = "dropship.router"

    @api.model
    def _read_facts(self, company, demands, own_stock=False):
        """Override: read once for the batch which papers are missing where."""
        facts = super()._read_facts(company, demands, own_stock)
        templates = self.env["product.template"].browse(
            {card.product.product_tmpl_id.id for card in facts.cards.values()}
        )
        facts.limits.papers = self.env["dropship.document.rule"]._missing_of_suppliers(templates, company)
        return facts

    @api.model
    def _country_reasons(self, country, card, facts):
        """Override: the supplier has no valid paper for this country."""
        reasons = super()._country_reasons(country, card, facts)
        lacks = facts.limits.papers.get((card.product.product_tmpl_id.id, card.supplier.id))
        if lacks and country.id in lacks:
            params = (("country", country.name), ("kinds", document_words(self.env, lacks[country.id])))
            reasons.append(engine.Reason("document_missing", params))
        return reasons
