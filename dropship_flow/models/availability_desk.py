from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ..routing.reasons import SHORT
from .availability_text import whole
from .reason_text import _lt

BARRED = {
    **SHORT,
    "no_price": _lt("There is no price for today."),
    "inactive": _lt("The supplier or his warehouse is archived."),
    "warehouse_address": _lt("The warehouse has no country."),
    "blocked_product": _lt("This product is never dropshipped."),
}


class DropshipOffer(models.Model):
    """What the offer gives to the availability of its product, for the buyer."""

    _inherit = "dropship.offer"

    stock_promised = fields.Float(
        string="Promised Since", compute="_compute_stock_parts", digits="Product Unit",
        help="Bought for customers since the supplier gave the figure, in units of the product.",
    )  # fmt: skip
    stock_buffer = fields.Float(
        string="Safety Stock", compute="_compute_stock_parts", digits="Product Unit",
        help="Never promised, in units of the product.",
    )  # fmt: skip
    stock_left = fields.Float(
        string="Remaining", compute="_compute_stock_parts", digits="Product Unit",
        help="Can be promised, in units of the product and in whole packs.",
    )  # fmt: skip
    stock_note = fields.Char(string="Note", compute="_compute_stock_parts", help="Why nothing of it is promised.")

    @api.depends("stock", "stock_mode", "as_of", "factor", "moq", "pack", "active", "product_id")
    @api.depends_context("company", "lang")
    def _compute_stock_parts(self):
        availability = self.env["dropship.availability"].sudo()
        availability._flush_sources()
        offers = SQL("offer.id = ANY(%s)", list(self._origin.ids))
        query = availability._sources_query(self.env.company, offers, fields.Datetime.now())
        found = {row["offer_id"]: row for row in self.env.execute_query_dict(query)}
        for offer in self:
            row = found.get(offer._origin.id, {})
            offer.stock_promised = row.get("promised") or 0.0
            offer.stock_buffer = row.get("buffer") or 0.0
            offer.stock_left = 0.0 if row.get("barred") else row.get("rest") or 0.0
            offer.stock_note = offer._stock_note(row)

    def _stock_note(self, row):
        if row.get("barred"):
            return self.env._(BARRED.get(row["barred"], "Nothing can be bought."))
        if row.get("closed_until"):
            return self.env._("Closed until %s.", format_date(self.env, row["closed_until"]))
        if row and row["rest"] is None:
            return self.env._("Unlimited.")
        if row.get("backorder"):
            return self.env._("More can be backordered.")
        if row.get("next_arrival"):
            return self.env._("More comes in on %s.", format_date(self.env, row["next_arrival"]))
        return False


class DropshipListing(models.Model):
    _inherit = "dropship.listing"

    stock_text = fields.Char(
        string="Told to Customers", compute="_compute_stock_text", help="What the shop says about its stock."
    )
    source_ids = fields.One2many(related="product_tmpl_id.dropship_source_ids", string="Sources")

    @api.depends("product_tmpl_id", "company_id")
    @api.depends_context("lang")
    def _compute_stock_text(self):
        for company, listings in self.grouped("company_id").items():
            for listing in listings:
                listing.stock_text = listing.product_tmpl_id.with_company(company).dropship_stock_text


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    dropship_promisable = fields.Char(
        string="Can Be Promised", compute="_compute_dropship_promisable", groups="base.group_user",
        help="What the suppliers have, less what is promised to others and the safety stock.",
    )  # fmt: skip
    dropship_too_much = fields.Boolean(compute="_compute_dropship_promisable", groups="base.group_user")

    @api.depends("product_id", "product_uom_qty", "product_uom_id", "company_id")
    @api.depends_context("lang")
    def _compute_dropship_promisable(self):
        self.dropship_promisable = False
        self.dropship_too_much = False
        for company, lines in self.filtered("product_id").grouped("company_id").items():
            # Sudo: who sells need not see offers; a sum says nothing about who has it.
            stocks = self.env["dropship.availability"].sudo()._of(lines.product_id, company or self.env.company)
            for line in lines:
                stock = stocks.get(line.product_id.id)
                if not stock:
                    continue
                days = self.env._("in %s days", stock.ship_days) if stock.ship_days > 1 and stock.orderable else ""
                line.dropship_promisable = " · ".join(filter(None, [line._dropship_left_words(stock), days]))
                qty = line.product_uom_id._compute_quantity(line.product_uom_qty, line.product_id.uom_id, round=False)
                line.dropship_too_much = not stock.unlimited and qty > stock.quantity + 1e-6

    def _dropship_left_words(self, stock):
        if not stock.orderable:
            return self.env._("none")
        return self.env._("unlimited") if stock.unlimited else whole(stock.quantity)
