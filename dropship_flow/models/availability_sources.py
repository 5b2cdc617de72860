from datetime import datetime, time, timedelta

import pytz
from odoo import api, models
from odoo.tools import SQL

from .supplierinfo import BUYABLE_STATES

EPSILON = 1e-6


class DropshipAvailability(models.Model):
    """What each source of a product can give: one query over all of them, for customers and for the buyer's table."""

    _inherit = "dropship.availability"

    @api.model
    def _sources_query(self, company, where, now):
        """One row per offer: offer_id, product_id, fed, promised, buffer, rest (all in units of the product; NULL:
        unlimited), days until it leaves, backorder, backorder_days, next_arrival, closed_until, barred (reason code or
        NULL), turn (when the answer may change by itself).

        :param SQL where: condition on `offer` and `product`
        """
        return SQL(
            """
            SELECT offer.id AS offer_id, offer.product_id, counted.fed, counted.promised, counted.buffer,
                   CASE WHEN counted.fed IS NULL THEN NULL
                        WHEN packed.rest + %(epsilon)s < offer.moq * offer.factor THEN 0
                        ELSE packed.rest END AS rest,
                   lead.days, COALESCE(offer.backorder AND NOT COALESCE(offer.discontinued, FALSE), FALSE) AS backorder,
                   COALESCE(offer.backorder_days, 0) AS backorder_days,
                   CASE WHEN offer.next_arrival > %(today)s AND NOT COALESCE(offer.discontinued, FALSE)
                        THEN offer.next_arrival END AS next_arrival,
                   closed.closed_until, %(barred)s AS barred,
                   LEAST(stale.at, closed.turn, price.turn,
                         CASE WHEN offer.next_arrival > %(today)s THEN offer.next_arrival END)::timestamp AS turn
              FROM dropship_offer offer
              JOIN product_product product ON product.id = offer.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              JOIN dropship_supplier_warehouse warehouse ON warehouse.id = offer.warehouse_id
              JOIN dropship_supplier supplier ON supplier.id = warehouse.supplier_id
              JOIN res_partner partner ON partner.id = supplier.partner_id
              JOIN res_company company ON company.id = %(company)s
             CROSS JOIN LATERAL (SELECT CEIL(COALESCE(offer.lead_days, 0) + COALESCE(warehouse.handling_days, 0))::int
                   AS days) lead
             CROSS JOIN LATERAL (%(stale)s) stale
             CROSS JOIN LATERAL (%(closed)s) closed
             CROSS JOIN LATERAL (%(price)s) price
             CROSS JOIN LATERAL (%(counted)s) counted
             CROSS JOIN LATERAL (%(packed)s) packed
             WHERE offer.active AND (offer.company_id IS NULL OR offer.company_id = %(company)s) AND %(where)s
            """,
            epsilon=EPSILON,
            today=now.date(),
            barred=self._barred_sql(company, now),
            company=company.id,
            stale=self._stale_sql(),
            closed=self._closed_sql(now),
            price=self._price_sql(company, now.date()),
            counted=self._counted_sql(),
            packed=self._packed_sql(),
            where=where,
        )

    @api.model
    def _told_at_sql(self):
        """What time the figures of `offer` are true at; of one nobody dated, when it was made."""
        return SQL("COALESCE(%s, offer.create_date)", self.env["dropship.offer"]._as_of_sql("offer"))

    @api.model
    def _stale_sql(self):
        return SQL(
            "SELECT %s + %s * interval '1 hour' AS at",
            self._told_at_sql(),
            self.env["dropship.offer"]._age_limit_sql(),
        )

    @api.model
    def _counted_sql(self):
        """Fed, promised since then, and the safety stock, in units of the product."""
        return SQL(
            """
            SELECT stock.fed, COALESCE(promised.qty, 0) AS promised,
                   CASE WHEN stock.fed IS NULL THEN 0 ELSE GREATEST(
                        COALESCE(CASE WHEN supplier.buffer_own THEN supplier.buffer_units
                                      ELSE company.dropship_buffer_units END, 0),
                        CEIL(stock.fed * COALESCE(CASE WHEN supplier.buffer_own THEN supplier.buffer_percent
                                      ELSE company.dropship_buffer_percent END, 0) / 100 - %(epsilon)s)) END AS buffer
              FROM (SELECT CASE WHEN offer.stock_mode <> 'unlimited'
                    THEN COALESCE(offer.stock, 0)::float8 * offer.factor::float8 END AS fed) stock
             CROSS JOIN LATERAL (SELECT %(as_of)s AS at) told
              LEFT JOIN LATERAL (
                    SELECT SUM(allocation.buy_qty)::float8 AS qty FROM dropship_allocation allocation
                     WHERE allocation.offer_id = offer.id
                       AND allocation.state IN ('planned', 'submitted', 'accepted', 'shipped')
                       AND (told.at IS NULL OR allocation.create_date >= told.at)) promised ON TRUE
            """,
            epsilon=EPSILON,
            as_of=self.env["dropship.offer"]._as_of_sql("offer"),
        )

    @api.model
    def _packed_sql(self):
        """What is left, in whole packs."""
        return SQL(
            """
            SELECT CASE WHEN unpacked.rest <= 0 THEN 0
                        WHEN step.size > 0 THEN FLOOR(unpacked.rest / step.size + %(epsilon)s) * step.size
                        ELSE ROUND(unpacked.rest::numeric, 6)::float8 END AS rest
              FROM (SELECT counted.fed - counted.promised - counted.buffer AS rest) unpacked
             CROSS JOIN (SELECT CASE WHEN offer.pack > 0 THEN offer.pack::float8 * offer.factor::float8
                                     WHEN offer.factor <> 1 THEN offer.factor::float8 ELSE 0 END AS size) step
            """,
            epsilon=EPSILON,
        )

    @api.model
    def _price_sql(self, company, today):
        """Whether there is a price today, and on which day that changes; read as `_tiers_for` does."""
        return SQL(
            """
            SELECT BOOL_OR((line.date_start IS NULL OR line.date_start <= %(today)s)
                       AND (line.date_end IS NULL OR line.date_end >= %(today)s)) AS valid,
                   MIN(LEAST(CASE WHEN line.date_start > %(today)s THEN line.date_start END,
                             CASE WHEN line.date_end >= %(today)s THEN line.date_end + 1 END)) AS turn
              FROM (SELECT date_start, date_end FROM product_supplierinfo
                     WHERE dropship_offer_id = offer.id AND price > 0
                       AND (company_id IS NULL OR company_id = %(company)s)
                    UNION ALL
                    SELECT date_start, date_end FROM product_supplierinfo
                     WHERE product_tmpl_id = product.product_tmpl_id AND dropship_offer_id IS NULL AND price > 0
                       AND partner_id = supplier.partner_id AND (product_id IS NULL OR product_id = product.id)
                       AND (company_id IS NULL OR company_id = %(company)s)) line
            """,
            today=today,
            company=company.id,
        )

    @api.model
    def _closed_sql(self, now):
        """Whether what is ordered now has to wait for the end of a closure, or cannot be ordered before."""
        rows = self._closures(now)
        return SQL(
            """
            SELECT MAX(closure.last) FILTER (WHERE closure.begins <= ready.at) AS closed_until,
                   COALESCE(BOOL_OR(closure.refuses AND closure.first <= %(now)s), FALSE) AS refuses,
                   MIN(CASE WHEN closure.begins <= ready.at THEN closure.ends
                            ELSE closure.begins - (ready.at - %(now)s) END) AS turn
              FROM (SELECT %(now)s::timestamp + make_interval(days => lead.days) AS at) ready
              LEFT JOIN unnest(%(warehouses)s::int[], %(firsts)s::timestamp[], %(begins)s::timestamp[],
                               %(ends)s::timestamp[], %(lasts)s::date[], %(refuses)s::bool[])
                     AS closure(warehouse_id, first, begins, ends, last, refuses)
                ON closure.warehouse_id = warehouse.id
            """,
            now=now,
            warehouses=[row[0] for row in rows],
            firsts=[row[1] for row in rows],
            begins=[row[2] for row in rows],
            ends=[row[3] for row in rows],
            lasts=[row[4] for row in rows],
            refuses=[row[5] for row in rows],
        )

    @api.model
    def _closures(self, now):
        """Closures that are not over: [(warehouse, first moment, first moment nothing leaves, end, last day, whether
        orders are refused)], by each warehouse's own clock."""
        closures = self.env["dropship.supplier.closure"].sudo().search([("date_to", ">=", now.date() - timedelta(1))])
        rows = []
        for closure in closures:
            for warehouse in closure.warehouse_id or closure.supplier_id.warehouse_ids:
                zone = pytz.timezone(warehouse.tz or "UTC")
                first, last = closure._closed_range()

                def moment(day, zone=zone):
                    return zone.localize(datetime.combine(day, time())).astimezone(pytz.utc).replace(tzinfo=None)

                ends = moment(last + timedelta(days=1))
                if ends > now:
                    refuses = closure.announced and not closure.orders_meanwhile
                    rows.append((warehouse.id, moment(closure.date_from), moment(first), ends, last, refuses))
        return rows

    @api.model
    def _barred_sql(self, company, now):
        """Why nothing of an offer can be bought, the reason codes of the router."""
        supplier = self.env["dropship.supplier"]
        trials = supplier.sudo().search([("state", "=", "trial")])
        spent = [one.id for one in trials if one.trial_used >= one.trial_limit]
        return SQL(
            """
            CASE WHEN supplier.state <> ALL(%(states)s) THEN 'supplier_state'
                 WHEN supplier.blocked THEN 'blocked_supplier'
                 WHEN NOT (supplier.active AND warehouse.active AND partner.active) THEN 'inactive'
                 WHEN warehouse.country_id IS NULL THEN 'warehouse_address'
                 WHEN stale.at <= %(now)s THEN 'stale'
                 WHEN offer.currency_id <> ALL(%(currencies)s) THEN 'no_rate_currency'
                 WHEN price.valid IS NOT TRUE THEN 'no_price'
                 WHEN template.dropship_blocked THEN 'blocked_product'
                 WHEN supplier.id = ANY(%(spent)s) THEN 'trial_quota'
                 WHEN %(tagged)s THEN 'blocked_tag'
                 WHEN closed.refuses THEN 'closed_for_orders' END
            """,
            states=list(BUYABLE_STATES),
            now=now,
            currencies=list(self.env["res.currency"]._dropship_worths(company, now.date())),
            spent=spent,
            tagged=self._tagged_sql(),
        )

    @api.model
    def _tagged_sql(self):
        """Whether the supplier does not supply a tag of the product."""
        blocked = self.env["dropship.supplier"]._fields["blocked_product_tag_ids"]
        template = self.env["product.template"]._fields["product_tag_ids"]
        variant = self.env["product.product"]._fields["additional_product_tag_ids"]

        def tags(field, owner):
            owner_column, tag = SQL.identifier(field.column1), SQL.identifier(field.column2)
            return SQL("SELECT %s FROM %s WHERE %s = %s", tag, SQL.identifier(field.relation), owner_column, owner)

        return SQL(
            "EXISTS ((%s UNION ALL %s) INTERSECT %s)",
            tags(template, SQL("product.product_tmpl_id")),
            tags(variant, SQL("product.id")),
            tags(blocked, SQL("supplier.id")),
        )
