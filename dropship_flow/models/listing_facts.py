"""Finds out what stands against listings, for many at once, and writes what changed."""

import json

from odoo import api, fields, models
from odoo.tools import SQL

from .supplierinfo import BUYABLE_STATES

DAYS_AHEAD = 30


class DropshipListing(models.Model):
    _inherit = "dropship.listing"

    def _follow_facts(self):
        """Bring reasons and state up to date, then what is visible in the shop. Set-based, idempotent.

        :return: listings whose state moved
        """
        if not self:
            return self
        self.env["dropship.listing"].flush_model()
        moved = self.browse()
        for _company, listings in self.sudo().grouped("company_id").items():  # facts are costs and suppliers
            moved |= self.browse(listings._write_facts(listings._find_facts()))
        self._project_published(self.product_tmpl_id.ids)
        return moved

    def _find_facts(self):
        """What stands against each listing of one company.

        :return: {listing id: (reasons, notices)}
        """
        company = self.company_id
        self = self.with_company(company)
        for model in ("dropship.offer", "dropship.offer.tier", "dropship.supplier", "dropship.supplier.warehouse",
                      "product.product", "product.template", "dropship.availability"):  # fmt: skip
            self.env[model].flush_model()
        supply = self._supply_facts(company)
        barred = self.env["dropship.document.rule"]._barred(self.product_tmpl_id, company)
        today = fields.Date.context_today(self)
        found = {}
        for channel, listings in self.grouped("channel_id").items():
            money = listings._money_facts(channel, company)
            destinations = set(channel.destination_ids.country_id.ids)
            for listing in listings:
                reasons, notices = [], []
                listing._hand_fact(reasons, today)
                fact = supply.get(listing.product_tmpl_id.id)
                if fact:
                    listing._source_fact(channel, fact, reasons, notices)
                reasons += money.get(listing.id, [])
                listing._paper_facts(barred.get(listing.product_tmpl_id.id), destinations, channel, reasons, notices)
                found[listing.id] = (reasons, notices)
        return found

    def _hand_fact(self, reasons, today):
        if self.hold_note and (not self.hold_until or self.hold_until > today):
            until = fields.Date.to_string(self.hold_until) if self.hold_until else ""
            reasons.append(["by_hand", {"user": self.held_by_id.name or "", "text": self.hold_note, "until": until}])

    @api.model
    def _source_fact(self, channel, fact, reasons, notices):
        """Whether the goods can be bought, and leave in time. One reason at most: the one behind the others."""
        if fact["offers"] and not fact["open"]:
            reasons.append(["supplier_blocked", {"suppliers": ", ".join(fact["barred"] or ())}])
            return
        ended = fact["ended"] or (fact["open"] and not fact["living"])
        if ended and (channel.when_discontinued == "hold" or not fact["available"]):
            reasons.append(["discontinued", {}])
            return
        if ended:
            notices.append(["discontinued_stock", {}])
        if not fact["available"]:
            if channel.out_of_stock == "show":
                notices.append(["out_of_stock_shown", {}])
            else:
                reasons.append(["no_source", {}])
            return
        days = fact["ship_days"]
        if channel.max_ship_days and days is not None and days > channel.max_ship_days:
            reasons.append(["lead_time", {"days": f"{days:g}", "limit": channel.max_ship_days}])

    @api.model
    def _paper_facts(self, barred, destinations, channel, reasons, notices):
        """Missing papers hold it where they are missing; a marketplace that sells nowhere else does not show it."""
        if not barred:
            return
        by_kinds = {}
        for country_id, kinds in barred.items():
            by_kinds.setdefault(tuple(kinds), []).append(country_id)
        rows = [
            ["document_missing", {"country_ids": countries, "kinds": list(kinds)}]
            for kinds, countries in sorted(by_kinds.items())
        ]
        everywhere = destinations and destinations <= set(barred) and not channel.website_id
        (reasons if everywhere else notices).extend(rows)

    def _supply_facts(self, company):
        """{template id: facts} of the goods that are dropshipped; own goods are not our business."""
        told = self._told(company)
        query = SQL(
            """
            WITH goods AS (
                SELECT product.id, product.product_tmpl_id
                  FROM product_product product
                 WHERE product.active AND product.product_tmpl_id = ANY(%(templates)s)
            ), source AS (
                SELECT goods.product_tmpl_id, supplier.name,
                       (supplier.blocked IS TRUE OR NOT supplier.state = ANY(%(buyable)s)) AS barred,
                       offer.discontinued IS TRUE AS discontinued,
                       (offer.price > 0 OR EXISTS (
                            SELECT FROM dropship_offer_tier tier WHERE tier.offer_id = offer.id AND tier.price > 0))
                       AND (offer.stock_mode = 'unlimited' OR offer.stock > 0 OR offer.backorder IS TRUE) AS available,
                       COALESCE(offer.lead_days, 0) + COALESCE(warehouse.handling_days, 0)
                       + CASE WHEN offer.stock_mode = 'unlimited' OR offer.stock > 0 THEN 0
                              ELSE COALESCE(offer.backorder_days, 0) END AS days
                  FROM goods
                  JOIN dropship_offer offer ON offer.product_id = goods.id AND offer.active
                   AND (offer.company_id IS NULL OR offer.company_id = %(company)s)
                  JOIN dropship_supplier_warehouse warehouse ON warehouse.id = offer.warehouse_id AND warehouse.active
                  JOIN dropship_supplier supplier ON supplier.id = warehouse.supplier_id AND supplier.active
            ), sources AS (
                SELECT product_tmpl_id, COUNT(*) AS offers, COUNT(*) FILTER (WHERE NOT barred) AS open,
                       COUNT(*) FILTER (WHERE NOT barred AND NOT discontinued) AS living,
                       BOOL_OR(available AND NOT barred) AS available,
                       MIN(days) FILTER (WHERE available AND NOT barred) AS days,
                       ARRAY_AGG(DISTINCT name) FILTER (WHERE barred) AS barred
                  FROM source GROUP BY product_tmpl_id
            )
            SELECT template.id, COALESCE(sources.offers, 0), COALESCE(sources.open, 0), COALESCE(sources.living, 0),
                   sources.offers IS NULL AND EXISTS (
                       SELECT FROM dropship_offer gone
                        WHERE gone.product_tmpl_id = template.id AND gone.discontinued) AS ended,
                   COALESCE(sources.available, FALSE), sources.days, sources.barred
              FROM product_template template
              LEFT JOIN sources ON sources.product_tmpl_id = template.id
             WHERE template.id = ANY(%(templates)s)
               AND (template.id = ANY(%(told)s)
                    OR EXISTS (SELECT FROM dropship_offer offer WHERE offer.product_tmpl_id = template.id)
                    OR EXISTS (SELECT FROM stock_route_product route
                                WHERE route.product_id = template.id AND route.route_id = %(route)s))
            """,
            templates=list(self.product_tmpl_id.ids),
            company=company.id,
            told=list(told),
            buyable=list(BUYABLE_STATES),
            route=self.env["ir.model.data"]._xmlid_to_res_id("stock_dropshipping.route_drop_shipping") or 0,
        )
        names = ("offers", "open", "living", "ended", "available", "ship_days", "barred")
        facts = {row[0]: dict(zip(names, row[1:], strict=True)) for row in self.env.execute_query(query)}
        for template_id, (available, days) in told.items():
            facts[template_id] |= {"available": available, "ship_days": days}
        return facts

    def _told(self, company):
        """{template id: (whether it can be had, days until it leaves)}: what customers are told of its variants."""
        products = self.product_tmpl_id.product_variant_ids
        found = {}
        for product_id, stock in self.env["dropship.availability"]._of(products, company).items():
            template_id = products.browse(product_id).product_tmpl_id.id
            had, days = found.get(template_id, (False, None))
            if stock.state != "none":
                days = stock.ship_days if days is None else min(days, stock.ship_days)
            found[template_id] = (had or stock.state != "none", days)
        return found

    def _write_facts(self, found):
        """Write reasons and states that changed, with their history.

        :return: ids of the listings whose state moved
        """
        rows = [
            {"id": listing_id, "reasons": reasons or None, "notices": notices or None,
             "kind": reasons[0][0] if reasons else None}
            for listing_id, (reasons, notices) in found.items()
        ]  # fmt: skip
        self.env.cr.execute(
            SQL(
                """
                WITH fact AS (
                    SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb)
                        AS fact(id int, reasons jsonb, notices jsonb, kind varchar)
                ), wanted AS (
                    SELECT listing.id, listing.state AS before, listing.company_id,
                           NULLIF(fact.reasons, 'null'::jsonb) AS reasons,
                           NULLIF(fact.notices, 'null'::jsonb) AS notices,
                           CASE WHEN listing.wanted = 'published' AND fact.kind IS NOT NULL THEN 'hold'
                                ELSE listing.wanted END AS state,
                           CASE WHEN listing.wanted = 'published' THEN fact.kind END AS kind
                      FROM fact JOIN dropship_listing listing ON listing.id = fact.id
                     ORDER BY listing.id
                       FOR NO KEY UPDATE OF listing
                ), changed AS (
                    UPDATE dropship_listing listing
                       SET reasons = wanted.reasons, notices = wanted.notices, state = wanted.state,
                           hold_kind = wanted.kind, write_date = now() AT TIME ZONE 'utc', write_uid = %(uid)s
                      FROM wanted
                     WHERE wanted.id = listing.id
                       AND (listing.reasons, listing.notices, listing.state, listing.hold_kind)
                           IS DISTINCT FROM (wanted.reasons, wanted.notices, wanted.state, wanted.kind)
                    RETURNING listing.id
                )
                INSERT INTO dropship_listing_event (listing_id, company_id, date, state_from, state_to, reasons)
                SELECT wanted.id, wanted.company_id, now() AT TIME ZONE 'utc', last.state_to, wanted.state,
                       CASE WHEN wanted.state = 'hold' THEN wanted.reasons END
                  FROM wanted
                  LEFT JOIN LATERAL (
                       SELECT event.state_to FROM dropship_listing_event event
                        WHERE event.listing_id = wanted.id ORDER BY event.id DESC LIMIT 1) last ON TRUE
                 WHERE wanted.state IS DISTINCT FROM last.state_to
                RETURNING listing_id
                """,
                rows=json.dumps(rows),
                uid=self.env.uid,
            )
        )
        moved = [row[0] for row in self.env.cr.fetchall()]
        self.invalidate_recordset(["reasons", "notices", "state", "hold_kind", "event_ids", "reason_text",
                                   "notice_text", "write_date", "write_uid"], flush=False)  # fmt: skip
        return moved

    @api.model
    def _cron_listings(self, batch=5000):
        """Every night: days pass, papers expire, holds end; and listings are judged anew."""
        looked_at = [("wanted", "!=", "delisted")]

        def look(listings):
            listings._follow_facts()
            listings._judge()

        self.env["dropship.supply"]._walk(
            "listings",
            lambda last: self.search([*looked_at, ("id", ">", last)], order="id", limit=batch),
            self.search_count(looked_at),
            look,
        )


class DropshipSupply(models.AbstractModel):
    _inherit = "dropship.supply"

    @api.model
    def _follow_listings(self, products):
        """Override: listings go on hold, or come back, with their supply."""
        result = super()._follow_listings(products)
        listings = self.env["dropship.listing"].sudo()
        listings.search(
            [("product_tmpl_id", "in", products.product_tmpl_id.ids), ("wanted", "!=", "delisted")], order="id"
        )._follow_facts()
        return result
