"""Browsing what suppliers offer, up to a million lines: only the shown page is calculated, the rest is read."""

import math
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .reason_text import reasons_line

NEW_DAYS = 7
# What an offer has few different values of, thousands at most.
FEW_GROUPS = (["brand"], ["category"], ["supplier_id"], ["warehouse_id"], ["company_id"], ["currency_id"], ["feed_id"])


class DropshipOffer(models.Model):
    _inherit = "dropship.offer"

    # A sum of prices or stocks over a list says nothing, and every group would read all offers for it.
    factor = fields.Float(aggregator=None)
    price = fields.Float(aggregator=None)
    stock = fields.Float(aggregator=None)
    moq = fields.Float(aggregator=None)
    pack = fields.Float(aggregator=None)
    lead_days = fields.Float(aggregator=None)
    backorder_days = fields.Float(aggregator=None)
    weight = fields.Float(aggregator=None)
    tax_percent = fields.Float(aggregator=None)
    retail_price = fields.Float(aggregator=None)
    map_price = fields.Float(aggregator=None)
    return_cost = fields.Monetary(aggregator=None)
    missing_runs = fields.Integer(aggregator=None)
    sequence = fields.Integer(aggregator=None)

    is_new = fields.Boolean(string="New", compute="_compute_is_new", search="_search_is_new")
    is_listed = fields.Boolean(string="Listed", compute="_compute_is_listed", search="_search_is_listed")
    gross_percent = fields.Float(
        string="Gross Margin (%)",
        compute="_compute_gross_percent",
        search="_search_gross_percent",
        help="What is left of the suggested retail price after the supplier's price, before freight and fees.",
    )
    browse_currency_id = fields.Many2one("res.currency", compute="_compute_browse")
    browse_place = fields.Char(string="To", compute="_compute_browse", help="The destination the costs are for.")
    browse_landed = fields.Monetary(
        string="Landed Cost",
        compute="_compute_browse",
        currency_field="browse_currency_id",
        help="One unit at the main destination: goods, freight, fees and import.",
    )
    browse_sale = fields.Monetary(
        string="Sells For",
        compute="_compute_browse",
        currency_field="browse_currency_id",
        help="Without tax: our own price of the product, else the suggested retail price.",
    )
    browse_margin = fields.Monetary(string="Margin", compute="_compute_browse", currency_field="browse_currency_id")
    browse_margin_percent = fields.Float(string="Margin (%)", compute="_compute_browse")
    browse_why = fields.Char(string="Why Not", compute="_compute_browse", help="What keeps it from being sent there.")
    browse_days = fields.Integer(string="Days", compute="_compute_browse", help="Until it is with the customer.")
    image_address = fields.Char(string="Picture", compute="_compute_image_address")

    # Rows come in the order of time, so this costs next to nothing to keep and finds what is new.
    _created_idx = models.Index("USING brin (create_date)")
    _discontinued_idx = models.Index("(supplier_id) WHERE discontinued")

    def init(self):
        """Override: changed rows stay in their page and out of the indexes; groups and words are read from the indexes
        alone, for which the table has to be looked after before a fifth of it has changed. What only repeats the
        warehouse has no foreign keys any more.
        """
        result = super().init()
        self.env.cr.execute(
            "ALTER TABLE dropship_offer DROP CONSTRAINT IF EXISTS dropship_offer_supplier_id_fkey,"
            " DROP CONSTRAINT IF EXISTS dropship_offer_company_id_fkey"
        )
        self.env.cr.execute(
            "DROP INDEX IF EXISTS dropship_offer__sku_index; DROP INDEX IF EXISTS dropship_offer__company_id_index"
        )
        self.env.cr.execute("SELECT reloptions FROM pg_class WHERE oid = 'dropship_offer'::regclass")
        if not self.env.cr.fetchone()[0]:
            self.env.cr.execute(
                "ALTER TABLE dropship_offer SET (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02,"
                " autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02)"
            )
        return result

    @api.model
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        """Override: find the page in an index first, then read its offers; at once, all offers would be read for it."""
        if not limit or not field_names:
            return super().search_fetch(domain, field_names, offset, limit, order)
        found = super().search_fetch(domain, [], offset, limit, order)
        found.fetch(field_names)
        return found

    # ------------------------------------------------------------------
    # What is grouped by
    # ------------------------------------------------------------------

    @api.model
    def _formatted_read_group_with_length(self, domain, groupby, aggregates, offset=0, limit=None, order=None):
        """Override: one reading for the page of groups and for how many there are, where there are not too many."""
        if not limit or list(groupby) not in FEW_GROUPS or not set(aggregates) <= {"__count"}:
            return super()._formatted_read_group_with_length(domain, groupby, aggregates, offset, limit, order)
        rows = self._read_group(domain, groupby, aggregates, order=order or groupby[0])
        page = rows[offset : offset + limit]
        return self._web_read_group_format(groupby, aggregates, page), len(rows)

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        """Override: several small readings of an index, each by all processors, instead of one that only one can do."""
        if len(grouping_sets) < 2 or not set(aggregates) <= {"__count"}:
            return super()._read_grouping_sets(domain, grouping_sets, aggregates, order)
        wanted = [part.strip() for part in (order or "").split(",") if part.strip()]
        found = []
        for groupby in grouping_sets:
            own = [part for part in wanted if part.split(" ")[0] in (*groupby, "__count")]
            found.append(self._read_group(domain, groupby, aggregates, order=", ".join(own) or None))
        return found

    # ------------------------------------------------------------------
    # What is narrowed by
    # ------------------------------------------------------------------

    @api.depends("create_date")
    def _compute_is_new(self):
        since = fields.Datetime.now() - timedelta(days=NEW_DAYS)
        for offer in self:
            offer.is_new = bool(offer.create_date) and offer.create_date >= since

    def _search_is_new(self, operator, value):
        if operator != "in":
            return NotImplemented
        new = Domain("create_date", ">=", fields.Datetime.now() - timedelta(days=NEW_DAYS))
        return Domain.OR([new if wanted else ~new for wanted in value])

    @api.model
    def _listed_domain(self):
        return Domain("wanted", "in", ("draft", "published"))

    @api.depends("product_tmpl_id")
    def _compute_is_listed(self):
        listings_sudo = self.env["dropship.listing"].sudo()  # whether, not where
        domain = self._listed_domain() & Domain("company_id", "in", self.env.companies.ids)
        domain &= Domain("product_tmpl_id", "in", self.product_tmpl_id.ids)
        listed = {template.id for [template] in listings_sudo._read_group(domain, ["product_tmpl_id"])}
        for offer in self:
            offer.is_listed = offer.product_tmpl_id.id in listed

    def _search_is_listed(self, operator, value):
        if operator != "in":
            return NotImplemented
        listings = self.env["dropship.listing"]
        listings.check_access("read")
        query = listings._search(self._listed_domain())
        listed = Domain("product_tmpl_id", "in", query.subselect("product_tmpl_id"))
        return Domain.OR([listed if wanted else ~listed for wanted in value])

    @api.depends("price", "retail_price")
    def _compute_gross_percent(self):
        for offer in self:
            retail = offer.retail_price
            offer.gross_percent = 100 * (1 - offer.price / retail) if retail > 0 and offer.price > 0 else 0.0

    def _search_gross_percent(self, operator, value):
        if operator not in (">", ">=", "<", "<=") or isinstance(value, bool) or not isinstance(value, int | float):
            return NotImplemented
        sign = SQL(operator)

        def to_sql(model, alias, query):
            retail = model._field_to_sql(alias, "retail_price", query)
            price = model._field_to_sql(alias, "price", query)
            return SQL("(%s > 0 AND %s > 0 AND 100 * (%s - %s) %s %s * %s)", retail, price, retail, price, sign,
                       float(value), retail)  # fmt: skip

        compare = {">": float.__gt__, ">=": float.__ge__, "<": float.__lt__, "<=": float.__le__}[operator]

        def holds(offer):
            return bool(offer.retail_price > 0 < offer.price and compare(offer.gross_percent, float(value)))

        return Domain.custom(to_sql=to_sql, predicate=holds)

    # ------------------------------------------------------------------
    # What is calculated for the shown page
    # ------------------------------------------------------------------

    @api.depends("image_urls")
    def _compute_image_address(self):
        """Shown only as text: a browser that fetched it would tell the supplier who looks."""
        for offer in self:
            offer.image_address = (offer.image_urls or "").partition("\n")[0] or False

    @api.model
    def _browse_place(self, company):
        """(destination, channel) that costs are shown for: the one asked for, else the first channel's first."""
        channels = self.env["dropship.sales.channel"].sudo()  # a place is no secret
        chosen = self.env.context.get("dropship_destination_id")
        destinations = self.env["dropship.channel.destination"].sudo()
        if chosen:
            destination = destinations.browse(chosen).exists().filtered(
                lambda one: one.company_id in (company, one.env["res.company"])
            )
            if destination:
                return self._place_of(destination), destination.channel_id
        domain = [("channel_id.company_id", "in", (company.id, False)), ("channel_id.active", "=", True)]
        found = destinations.search(domain)
        destination = found.sorted(lambda one: (one.channel_id.sequence, one.channel_id.id, one.sequence, one.id))[:1]
        if destination:
            return self._place_of(destination), destination.channel_id
        country = company.country_id
        return {"country_id": country.id, "state_id": False, "zip": ""}, channels

    @api.model
    def _place_of(self, destination):
        return {
            "country_id": destination.country_id.id,
            "state_id": destination.state_id.id,
            "zip": destination.zip or "",
        }

    @api.depends("price", "currency_id", "factor", "tier_ids.price", "product_id", "warehouse_id", "retail_price")
    @api.depends_context("company", "dropship_destination_id", "lang")
    def _compute_browse(self):
        company = self.env.company
        place, channel = self._browse_place(company)
        costs = self._browse_costs(place, company)
        sales = self._browse_sales(channel, company)
        country = self.env["res.country"].browse(place["country_id"])
        for offer in self:
            cost, days, reasons = costs.get(offer.id, (None, 0, ()))
            sale = sales.get(offer.id, 0.0)
            known = cost is not None and sale > 0
            offer.browse_currency_id = company.currency_id
            offer.browse_place = " ".join(filter(None, (country.name, place["zip"]))) or False
            offer.browse_landed = cost or 0.0
            offer.browse_days = days
            offer.browse_sale = sale
            offer.browse_margin = sale - cost if known else 0.0
            offer.browse_margin_percent = 100 * (sale - cost) / sale if known else 0.0
            offer.browse_why = reasons_line(self.env, reasons) if reasons else False

    def _browse_costs(self, place, company):
        """{offer id: (landed cost of one unit of the product, days until it is there, reasons)}, company currency.

        Offers that cannot get there, or whose cost is not known, have None and the reasons.
        """
        offers = self.filtered(lambda offer: isinstance(offer.id, int))
        if "dropship.landed" in self.env:
            rows = self.env["dropship.landed"]._of_offers(offers.ids, place, company)
            return {
                offer_id: (
                    None if one.landed is None else float(one.landed),
                    math.ceil(one.lead_days + (one.transit_days or 0)),
                    one.reasons,
                )
                for offer_id, one in rows.items()
            }
        today = fields.Date.context_today(self)
        result = {}
        for offer in offers.filtered(lambda offer: offer.price > 0):
            unit = offer._net_price(company) / (offer.factor or 1.0)
            value = offer.currency_id._convert(unit, company.currency_id, company, today, round=False)
            result[offer.id] = (value, math.ceil(offer.lead_days), ())
        return result

    def _browse_sales(self, channel, company):
        """{offer id: what one unit of the product sells for, without tax, company currency}."""
        today = fields.Date.context_today(self)
        # The page shows what whoever may browse decides by.
        products_sudo = self.product_id.sudo().with_company(company)
        prices = self.env["dropship.source.replacement"]._sale_prices(products_sudo, channel, company)
        result = {}
        for offer in self:
            price = prices.get(offer.product_id.id)
            if not price and offer.retail_price > 0:
                price = offer.currency_id._convert(
                    offer.retail_price / (offer.factor or 1.0), company.currency_id, company, today, round=False
                )
            result[offer.id] = price or 0.0
        return result

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_browse_list(self):
        """List these: the assistant that publishes them in bulk."""
        if not self:
            raise UserError(self.env._("Choose the offers to list first."))
        return self.env["dropship.list.offers"].action_start(self)
