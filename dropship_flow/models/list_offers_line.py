"""The products of a table of offers to list: what each may be, what was decided, and the work."""

import logging
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from psycopg2 import OperationalError

_logger = logging.getLogger(__name__)


class DropshipListOffersLine(models.Model):
    """One product of the table: which offers it is, what it may be already, what it would cost and sell at."""

    _name = "dropship.list.offers.line"
    _description = "Product to List"
    _order = "plan_id, sequence, id"

    plan_id = fields.Many2one("dropship.list.offers", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="plan_id.currency_id")
    sequence = fields.Integer()
    name = fields.Char(required=True)
    offer_ids = fields.Many2many("dropship.offer", "dropship_list_offers_line_offer_rel", string="Offers")
    variants = fields.Json(string="Variants in Figures", help="[[[[attribute, value], …], [offer ids]], …]")
    variant_text = fields.Char(string="Variants", compute="_compute_variant_text")
    match = fields.Selection(
        [
            ("new", "New"),
            ("linked", "Linked already"),
            ("barcode", "Same barcode"),
            ("code", "Same code"),
            ("name", "Similar name"),
            ("several", "Several possible"),
        ],
        string="Found",
        default="new",
        readonly=True,
    )
    candidate_ids = fields.Many2many(
        "product.template", "dropship_list_offers_line_candidate_rel", string="May Be", readonly=True
    )
    product_tmpl_id = fields.Many2one("product.template", string="Existing Product", ondelete="set null")
    decision = fields.Selection(
        [("link", "It is this product"), ("new", "A new product"), ("skip", "Leave out")]
    )
    categ_id = fields.Many2one("product.category", string="Category")
    public_categ_ids = fields.Many2many(
        "product.public.category", "dropship_list_offers_line_public_rel", string="Shop Categories"
    )
    picture_count = fields.Integer(string="Pictures", readonly=True)
    landed = fields.Monetary(string="Cost at the Door", readonly=True, help="At the first main destination.")
    price = fields.Monetary(help="On the channel, as customers see it.")
    margin = fields.Float(string="Margin (%)", readonly=True, digits=(16, 1))
    margins = fields.Json(
        string="Margins in Figures", readonly=True, help="[[country id, cost at the door, margin], …]"
    )
    margin_text = fields.Char(string="Margins", compute="_compute_margin_text")
    state = fields.Selection(
        [("waiting", "Waiting"), ("done", "Listed"), ("skipped", "Left Out"), ("failed", "Failed")],
        default="waiting",
        required=True,
        readonly=True,
        index=True,
    )
    message = fields.Char(string="Problem", readonly=True)
    listing_id = fields.Many2one("dropship.listing", ondelete="set null", readonly=True, index="btree_not_null")

    @api.depends("variants")
    def _compute_variant_text(self):
        for line in self:
            variants = line.variants or []
            texts = [" / ".join(value for _name, value in attributes) for attributes, _offers in variants]
            texts = [text for text in texts if text]
            line.variant_text = ", ".join(texts[:8]) + (" …" if len(texts) > 8 else "")

    @api.depends("margins")
    @api.depends_context("lang")
    def _compute_margin_text(self):
        ids = {row[0] for line in self for row in line.margins or []}
        codes = {country.id: country.code for country in self.env["res.country"].browse(ids)}
        for line in self:
            line.margin_text = " · ".join(
                f"{codes.get(country_id)} {'–' if margin is None else f'{margin:.1f} %'}"
                for country_id, _landed, margin in line.margins or []
            )

    @api.onchange("product_tmpl_id")
    def _onchange_product_tmpl_id(self):
        if self.product_tmpl_id:
            self.decision = "link"

    @api.onchange("decision")
    def _onchange_decision(self):
        if self.decision == "link" and not self.product_tmpl_id and len(self.candidate_ids) == 1:
            self.product_tmpl_id = self.candidate_ids._origin

    def write(self, vals):
        """Override: what is worked off stays as it was done."""
        if {"decision", "product_tmpl_id", "price", "name"} & vals.keys():
            for plan in self.plan_id:
                if plan.state != "draft" and not self.env.su:
                    raise UserError(self.env._("This was confirmed already. Start anew from the offers."))
        return super().write(vals)

    def listing_ids_of(self):
        return self.listing_id

    def action_link(self):
        """It is the product that was found."""
        for line in self:
            found = line.product_tmpl_id or line.candidate_ids
            if len(found) != 1:
                raise UserError(self.env._("Choose which of the products %s is.", line.name))
            line.write({"product_tmpl_id": found.id, "decision": "link"})
        return True

    def action_new(self):
        self.write({"decision": "new", "product_tmpl_id": False})
        return True

    def action_skip(self):
        self.write({"decision": "skip"})
        return True

    def _work(self):
        """List the lines, as one set if that works, else one by one: a bad one keeps nothing of the others."""
        todo = self.filtered(lambda line: line.state == "waiting")
        skipped = todo.filtered(lambda line: line.decision == "skip")
        skipped.write({"state": "skipped"})
        lines = todo - skipped
        try:
            with self.env.cr.savepoint():
                lines._list()
            return
        except (OperationalError, ConcurrencyError):
            raise
        except Exception as error:  # whatever it is, it is one line's: found by trying each
            if len(lines) == 1:
                lines._fail(error)
                return
            self.env.invalidate_all(flush=False)
        for line in lines:
            line._work()

    def _fail(self, error):
        _logger.info("Product to list %s: %s", self.ids, error, exc_info=not isinstance(error, UserError))
        self.env.invalidate_all(flush=False)
        text = error.args[0] if isinstance(error, UserError) and error.args else str(error)
        self.write({"state": "failed", "message": str(text)[:500]})

    def _list(self):
        """Products, links, listings and pictures of these lines, each step for all of them."""
        new = self.filtered(lambda line: line.decision == "new")
        new._map_attributes()
        links = self.filtered(lambda line: line.decision == "link")
        without = links.filtered(lambda line: not line.product_tmpl_id)
        if without:
            raise UserError(self.env._("Choose which product %s is.", without[0].name))
        offer_of = new._make_products()
        for line in links:
            offer_of.update(line._variants_of(line.product_tmpl_id))
        self._link_offers(offer_of)
        by_channel = defaultdict(lambda: self.browse())
        for line in self:
            by_channel[line.plan_id] |= line
        for plan, lines in by_channel.items():
            templates = lines.product_tmpl_id
            listings = self.env["dropship.listing"]._publish(templates, plan.channel_id, plan.wanted)
            found = {listing.product_tmpl_id.id: listing.id for listing in listings}
            for line in lines:
                line.sudo().write({"state": "done", "listing_id": found.get(line.product_tmpl_id.id), "message": False})
        self._ask_pictures()
