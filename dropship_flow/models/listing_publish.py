from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

# What the quality of a listing looks at.
JUDGED = frozenset(
    {
        "name", "description_ecommerce", "public_categ_ids", "barcode", "weight", "dropship_brand", "image_1920",
        "list_price", "attribute_line_ids", "website_meta_title", "website_meta_description",
    }
)  # fmt: skip
QUIET = {
    "tracking_disable": True,
    "mail_create_nosubscribe": True,
    "mail_create_nolog": True,
    "mail_notrack": True,
}


class DropshipListing(models.Model):
    """What is visible in the shop follows from the listings, never the other way round."""

    _inherit = "dropship.listing"

    @api.model_create_multi
    def create(self, vals_list):
        """Override: a product that is in the shop already is not taken out by becoming a listing."""
        return super().create([self._with_wanted(vals) for vals in vals_list])

    @api.model
    def _with_wanted(self, vals):
        if "wanted" in vals or "default_wanted" in self.env.context:
            return vals
        channel = self.env["dropship.sales.channel"].browse(vals.get("channel_id"))
        template = self.env["product.template"].browse(vals.get("product_tmpl_id"))
        shown = channel.sudo().website_id and template.sudo().is_published
        return {**vals, "wanted": "published"} if shown else vals

    @api.model
    def _publish(self, records, channel, wanted="published"):
        """List products, or the products of offers, on a channel; what is listed already becomes `wanted`.

        What a person delisted stays delisted. Set-based and idempotent: two calls at once make one listing.

        :param records: product.template, product.product or dropship.offer records
        :return: the listings of all of them on the channel
        """
        templates = records if records._name == "product.template" else records.product_tmpl_id
        company = channel.company_id or self.env.company
        if records._name == "dropship.offer" and records.filtered(lambda offer: not offer.product_id):
            raise UserError(self.env._("Link these offers to products first: choose them, then List on a Channel."))
        self.env.flush_all()
        # Whoever asks for the same listing at the same time gets the one that is made here.
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO dropship_listing (product_tmpl_id, channel_id, company_id, categ_id, wanted, state,
                                              create_uid, write_uid, create_date, write_date)
                SELECT template.id, %(channel)s, %(company)s, template.categ_id, %(wanted)s, %(wanted)s,
                       %(uid)s, %(uid)s, now() AT TIME ZONE 'utc', now() AT TIME ZONE 'utc'
                  FROM product_template template
                 WHERE template.id = ANY(%(templates)s)
                   AND (template.company_id IS NULL OR template.company_id = %(company)s)
                   AND NOT EXISTS (SELECT FROM dropship_listing known
                                    WHERE known.product_tmpl_id = template.id AND known.channel_id = %(channel)s)
                 ORDER BY template.id
                    ON CONFLICT DO NOTHING
                RETURNING id
                """,
                templates=list(templates.ids),
                channel=channel.id,
                company=company.id,
                wanted=wanted,
                uid=self.env.uid,
            )
        )
        fresh = self.browse(sorted(row[0] for row in self.env.cr.fetchall()))
        self.env["product.template"].invalidate_model(["dropship_listing_ids", "dropship_listing_count"], flush=False)
        self.env["dropship.sales.channel"].invalidate_model(["listing_ids", "listing_count"], flush=False)
        known = self.search([("product_tmpl_id", "in", templates.ids), ("channel_id", "=", channel.id)])
        moved = known.filtered(lambda listing: listing.wanted not in (wanted, "delisted")) - fresh
        if moved:
            moved.with_context(**QUIET).write({"wanted": wanted})
        # What customers are told of goods that were just linked is found out before it is asked.
        self.env["dropship.supply"].sudo()._follow_availability(fresh.sudo().product_tmpl_id.product_variant_ids)
        fresh._write_seo()
        fresh._follow_facts()
        fresh._judge()
        return known | fresh

    @api.model
    def _project_published(self, template_ids, gone=()):
        """Bring `is_published` (and, where there are several websites, the website) of products in line.

        Products without a listing on a website are left alone.

        :param gone: templates that just lost their last listing on a website: nothing shows them any more
        """
        if not template_ids:
            return
        self.env["dropship.listing"].flush_model()
        self.env["product.template"].flush_model(["is_published", "website_id", "publish_date", "company_id"])
        several = self.env["website"].sudo().search_count([], limit=2) > 1
        self.env.cr.execute(
            SQL(
                """
                WITH wanted AS (
                    SELECT listing.product_tmpl_id AS id, BOOL_OR(listing.state = 'published') AS shown,
                           COUNT(DISTINCT channel.website_id) FILTER (WHERE listing.state = 'published') AS sites,
                           MIN(channel.website_id) FILTER (WHERE listing.state = 'published') AS site
                      FROM dropship_listing listing
                      JOIN dropship_sales_channel channel
                        ON channel.id = listing.channel_id AND channel.website_id IS NOT NULL
                     WHERE listing.product_tmpl_id = ANY(%(templates)s)
                     GROUP BY listing.product_tmpl_id
                ), goal AS (
                    SELECT id, shown, sites, site FROM wanted
                    UNION ALL
                    SELECT lost.id, FALSE, 0, NULL FROM unnest(%(gone)s::int[]) AS lost(id)
                     WHERE NOT EXISTS (SELECT FROM wanted WHERE wanted.id = lost.id)
                )
                UPDATE product_template template
                   SET is_published = goal.shown,
                       publish_date = CASE WHEN goal.shown THEN now() AT TIME ZONE 'utc'
                                           ELSE template.publish_date END,
                       website_id = CASE WHEN NOT %(several)s OR goal.sites = 0 THEN template.website_id
                                         WHEN goal.sites = 1 THEN goal.site END,
                       write_date = now() AT TIME ZONE 'utc', write_uid = %(uid)s
                  FROM goal
                 WHERE template.id = goal.id
                   AND (template.is_published IS DISTINCT FROM goal.shown
                        OR (%(several)s AND goal.sites = 1 AND template.website_id IS DISTINCT FROM goal.site)
                        OR (%(several)s AND goal.sites > 1 AND template.website_id IS NOT NULL))
                RETURNING template.id
                """,
                templates=list(template_ids),
                gone=list(gone),
                several=several,
                uid=self.env.uid,
            )
        )
        changed = self.env["product.template"].browse([row[0] for row in self.env.cr.fetchall()])
        if changed:
            names = ["is_published", "website_published", "website_id", "publish_date", "write_date", "write_uid"]
            changed.invalidate_recordset(names, flush=False)


class ProductTemplate(models.Model):
    _inherit = "product.template"

    dropship_brand = fields.Char(string="Brand", index="btree_not_null", groups="base.group_user")
    dropship_listing_ids = fields.One2many(
        "dropship.listing", "product_tmpl_id", string="Listings", groups="dropship_flow.group_dropship_user"
    )
    dropship_listing_count = fields.Integer(
        compute="_compute_dropship_listing_count", groups="dropship_flow.group_dropship_user"
    )

    @api.depends("dropship_listing_ids")
    def _compute_dropship_listing_count(self):
        counts = dict(
            self.env["dropship.listing"]._read_group(
                [("product_tmpl_id", "in", self.ids)], ["product_tmpl_id"], ["__count"]
            )
        )
        for template in self:
            template.dropship_listing_count = counts.get(template._origin, 0)

    def write(self, vals):
        """Override: who publishes a product, or takes it off, on its page means its listings of websites."""
        result = super().write(vals)
        shown = vals.get("is_published", vals.get("website_published"))
        if shown is not None:
            self._dropship_page_switched(shown)
        if JUDGED & vals.keys():
            # Whoever edits the product need not see listings.
            self.sudo().dropship_listing_ids.filtered(lambda listing: listing.wanted != "delisted")._judge()
        return result

    def _dropship_page_switched(self, shown):
        listings_sudo = self.sudo().dropship_listing_ids.filtered("website_id")
        if not listings_sudo:
            return
        if shown:
            asked = listings_sudo.filtered(lambda listing: listing.wanted in ("candidate", "draft"))
        else:
            asked = listings_sudo.filtered(lambda listing: listing.wanted == "published")
        if asked:
            asked.write({"wanted": "published" if shown else "draft"})
        listings_sudo._project_published(self.ids)

    def action_dropship_list(self):
        """Choose the channel for these products."""
        if not self.env["dropship.listing"].has_access("create"):
            raise AccessError(self.env._("This needs the right Dropshipping / Buyer. Ask a buyer to do it."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("List on a Channel"),
            "res_model": "dropship.list.products",
            "view_mode": "form",
            "target": "new",
            "context": {"default_product_tmpl_ids": self.ids},
        }

    def action_dropship_listings(self):
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("dropship_flow.action_dropship_listing"),
            "domain": list(Domain("product_tmpl_id", "in", self.ids)),
        }
