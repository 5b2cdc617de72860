import io
import json
import warnings

from odoo import api, fields, models
from odoo.tools import SQL
from PIL import Image

from ..listing_quality import Facts, assess, clean_text
from .listing_text import point_text


class DropshipListing(models.Model):
    """How good a listing is, and what would make it better."""

    _inherit = "dropship.listing"

    quality = fields.Integer(readonly=True, copy=False, index=True, aggregator="avg", help="0 to 100.")
    quality_missing = fields.Json(readonly=True, copy=False, help="[[code, figures], …]: one for each missing point.")
    quality_text = fields.Text(string="What Would Make It Better", compute="_compute_quality_text")
    picture_side = fields.Integer(readonly=True, copy=False, help="Shorter side of the main picture, pixels.")
    picture_key = fields.Char(readonly=True, copy=False, help="Checksum of the picture that was measured.")

    @api.depends("quality_missing")
    @api.depends_context("lang")
    def _compute_quality_text(self):
        for listing in self:
            rows = listing.quality_missing or []
            listing.quality_text = "\n".join(point_text(self.env, code, params) for code, params in rows) or False

    def _judge(self):
        """Judge the listings anew, in the main language of their channel. Idempotent; writes only what changed."""
        for listings_sudo in self.sudo().grouped(lambda listing: (listing.channel_id, listing.company_id)).values():
            listings_sudo._judge_channel(listings_sudo.channel_id, listings_sudo.company_id)

    def _judge_channel(self, channel, company):
        lang = channel.website_id.default_lang_id.code or company.partner_id.lang or self.env.lang
        self._measure()
        listings = self.with_context(lang=lang).with_company(company)
        templates = listings.product_tmpl_id
        prices = channel._prices(templates.product_variant_ids, company)
        supply = listings._supply_facts(company)
        pictures = self._picture_counts(templates)
        rows = []
        for listing in listings:
            template = listing.product_tmpl_id
            score, missing = assess(listing._quality_facts(template, prices, supply, pictures))
            if (score, missing) != (listing.quality, listing.quality_missing or []):
                rows.append({"id": listing.id, "score": score, "missing": missing})
        if rows:
            self.env["dropship.listing"].flush_model(["quality", "quality_missing"])
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE dropship_listing listing SET quality = row.score, quality_missing = row.missing
                      FROM jsonb_to_recordset(%s::jsonb) AS row(id int, score int, missing jsonb)
                     WHERE listing.id = row.id
                    """,
                    json.dumps(rows),
                )
            )
            self.env["dropship.listing"].invalidate_model(["quality", "quality_missing", "quality_text"], flush=False)

    def _quality_facts(self, template, prices, supply, pictures):
        variants = template.product_variant_ids
        fact = supply.get(template.id)
        main, more = pictures.get(template.id, (0, 0))
        return Facts(
            title=template.name or "",
            description=clean_text(template.description_ecommerce),
            pictures=main + more,
            side=self.picture_side or None,
            category=bool(template.public_categ_ids) if self.website_id else bool(template.categ_id),
            attributes=len(template.attribute_line_ids),
            gtin=bool(variants) and all(variant.barcode for variant in variants),
            weight=min(variants.mapped("weight"), default=0.0),
            brand=template.dropship_brand or "",
            seo_title=template.website_meta_title or "",
            seo_description=template.website_meta_description or "",
            price=min((prices.get(variant.id, 0.0) for variant in variants), default=0.0),
            # Own goods leave from our own stock; of the others somebody has to say when.
            promise=fact is None or (fact["ship_days"] is not None and fact["available"]),
        )

    @api.model
    def _picture_counts(self, templates):
        """{template id: (main pictures, others)} without reading any picture."""
        attachments = self.env["ir.attachment"].sudo().with_context(active_test=False)
        main = attachments._read_group(
            [
                ("res_model", "=", "product.template"),
                ("res_field", "=", "image_1920"),
                ("res_id", "in", templates.ids),
            ],
            ["res_id"],
        )
        with_main = {row[0] for row in main}
        more = dict(
            self.env["product.image"]
            .sudo()
            ._read_group([("product_tmpl_id", "in", templates.ids)], ["product_tmpl_id"], ["__count"])
        )
        return {template.id: (int(template.id in with_main), more.get(template, 0)) for template in templates}

    def _measure(self):
        """Measure main pictures that changed since; a picture is read from the disk once."""
        rows = self.env["ir.attachment"].sudo().search_fetch(
            [
                ("res_model", "=", "product.template"),
                ("res_field", "=", "image_1920"),
                ("res_id", "in", self.product_tmpl_id.ids),
            ],
            ["res_id", "checksum"],
        )
        by_template = {row.res_id: row for row in rows}
        for listing in self:
            row = by_template.get(listing.product_tmpl_id.id)
            key = row.checksum if row else False
            if (listing.picture_key or False) != key:
                listing.write({"picture_key": key, "picture_side": self._side(row.raw) if row else 0})

    @api.model
    def _side(self, data):
        """Shorter side of a picture; 0 when it cannot be read. Only its head is."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                return min(Image.open(io.BytesIO(data or b"")).size)
            except Exception:  # an old picture of whatever kind: it is measured as unknown
                return 0
