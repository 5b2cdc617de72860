from odoo import api, fields, models
from odoo.tools.misc import formatLang

from ..listing_quality import clean_text, fill, fingerprint

# (field of the template, field of the channel, signs search engines show)
SEO = (
    ("website_meta_title", "seo_title", 70),
    ("website_meta_description", "seo_description", 160),
    ("website_meta_keywords", "seo_keywords", 200),
)


class DropshipListing(models.Model):
    """Texts for search engines, made from the channel's templates until a person writes his own."""

    _inherit = "dropship.listing"

    seo_prints = fields.Json(copy=False, help="{language: {field: fingerprint of what was made here}}")
    website_meta_title = fields.Char(
        string="Title for Search Engines", compute="_compute_seo", inverse="_inverse_seo", translate=False
    )
    website_meta_description = fields.Text(
        string="Description for Search Engines", compute="_compute_seo", inverse="_inverse_seo"
    )
    website_meta_keywords = fields.Char(string="Keywords", compute="_compute_seo", inverse="_inverse_seo")

    @api.depends_context("lang")
    @api.depends(
        "product_tmpl_id.website_meta_title",
        "product_tmpl_id.website_meta_description",
        "product_tmpl_id.website_meta_keywords",
    )
    def _compute_seo(self):
        for listing in self:
            for name, _source, _limit in SEO:
                listing[name] = listing.product_tmpl_id[name]

    def _inverse_seo(self):
        for listing in self:
            # Who may write listings writes their texts; the product's page is where they stand.
            template_sudo = listing.sudo().product_tmpl_id
            values = {name: listing[name] for name, _source, _limit in SEO if listing[name] != template_sudo[name]}
            if values:
                template_sudo.write(values)

    def action_seo(self):
        """Make the texts anew where nobody wrote his own."""
        self.check_access("write")
        self._write_seo()
        self._judge()
        return True

    def _write_seo(self):
        """Make what is empty or was made here before, in each language of the website."""
        for channel, listings_sudo in self.sudo().grouped("channel_id").items():
            website = channel.website_id
            if not website:
                continue  # only pages of the shop have such texts
            delivery = channel._delivery_words()
            main = website.default_lang_id.code
            # Where a language has no text yet core shows the one of another: the main one comes first.
            for lang in [main, *(code for code in website.language_ids.mapped("code") if code != main)]:
                listings_sudo.with_context(lang=lang, tracking_disable=True)._write_seo_lang(channel, lang, delivery)

    def _write_seo_lang(self, channel, lang, delivery):
        channel = channel.with_context(lang=lang)
        for listing in self.with_company(self.company_id[:1]):
            template = listing.product_tmpl_id
            prints = dict((listing.seo_prints or {}).get(lang) or {})
            texts = None
            values = {}
            for name, source, limit in SEO:
                current = template[name] or ""
                made = {prints.get(name), *(row.get(name) for row in (listing.seo_prints or {}).values())}
                if current and fingerprint(current) not in made:
                    continue  # a person wrote it
                texts = texts or listing._seo_values(template, channel, delivery.get(lang, ""))
                text = fill(channel[source], texts, limit)
                if text and text != current:
                    values[name] = text
                prints[name] = fingerprint(text or current)
            if values:
                template.write(values)
            if prints != ((listing.seo_prints or {}).get(lang) or {}):
                listing.seo_prints = {**(listing.seo_prints or {}), lang: prints}

    def _seo_values(self, template, channel, delivery):
        attributes = template.attribute_line_ids.value_ids.mapped("name")
        company = self.company_id
        return {
            "name": template.name,
            "brand": template.dropship_brand,
            "category": template.public_categ_ids[:1].name,
            "attributes": ", ".join(attributes[:6]),
            "description": clean_text(template.description_ecommerce or template.description_sale),
            "price": formatLang(self.env, template.list_price, currency_obj=company.currency_id),
            "shop": channel.website_id.name or company.name,
            "delivery": delivery,
        }


class DropshipSalesChannel(models.Model):
    _inherit = "dropship.sales.channel"

    def _delivery_words(self):
        """{language: what the channel promises}, empty when it promises nothing."""
        self.ensure_one()
        words = {}
        for lang in self.website_id.language_ids.mapped("code"):
            env = self.with_context(lang=lang).env
            words[lang] = env._("Delivered within %s days.", self.promise_days) if self.promise_days else ""
        return words
