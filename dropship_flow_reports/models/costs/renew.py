"""What rules and advertising cost, month by month, brought into rows."""

import json
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL
from psycopg2.extras import execute_values

from ...allocating import Line, Order, Parcel, Spend, Zone, allocate, allocate_ads, allocate_of_ads
from .text import plain

ORDERS = """
    SELECT sale.id, (sale.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date, sale.dropship_channel_id,
           sale.dropship_country_id, sale.campaign_id, sale.source_id, sold.id, sold.product_id, category.parent_path,
           source.supplier_id,
           ROUND(sold.price_subtotal / COALESCE(NULLIF(sale.currency_rate, 0), 1)::numeric, %(places)s),
           ROUND(COALESCE(source.landed, 0)::numeric, %(places)s),
           CASE WHEN sold.is_delivery OR template.type IS NULL OR template.type = 'service' THEN 0
                ELSE sold.product_uom_qty END
      FROM sale_order sale
      JOIN sale_order_line sold ON sold.order_id = sale.id AND sold.display_type IS NULL
       AND sold.is_downpayment IS NOT TRUE AND sold.product_uom_qty <> 0
 LEFT JOIN product_product product ON product.id = sold.product_id
 LEFT JOIN product_template template ON template.id = product.product_tmpl_id
 LEFT JOIN product_category category ON category.id = template.categ_id
 LEFT JOIN LATERAL (SELECT CASE WHEN COUNT(DISTINCT part.supplier_id) = 1
                                THEN MIN(part.supplier_id) END AS supplier_id, SUM(part.landed) AS landed
                      FROM dropship_allocation part
                     WHERE part.line_id = sold.id AND (part.state <> 'released' OR part.qty_shipped > 0)) source ON TRUE
     WHERE sale.company_id = %(company)s AND sale.state = 'sale'
       AND (sale.date_order >= %(start)s AND sale.date_order < %(stop)s OR sale.id = ANY(%(orders)s))
"""
# A box with goods of several orders counts once, for the first.
PARCELS = """
    SELECT COALESCE(box.order_id, MIN(sold.order_id)), 's', box.id,
           (box.dispatched_at AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date, ARRAY_AGG(DISTINCT sold.id)
      FROM dropship_shipment box
      JOIN dropship_shipment_line part ON part.shipment_id = box.id
      JOIN sale_order_line sold ON sold.id = part.sale_line_id
       AND (box.order_id IS NULL OR box.order_id = sold.order_id)
     WHERE box.company_id = %(company)s AND box.dispatched_at >= %(start)s AND box.dispatched_at < %(stop)s
       AND box.current
     GROUP BY box.id
 UNION ALL
    SELECT picking.sale_id, 'p', picking.id,
           (picking.date_done AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date, NULL
      FROM stock_picking picking
      JOIN stock_picking_type kind ON kind.id = picking.picking_type_id AND kind.code = 'outgoing'
     WHERE picking.company_id = %(company)s AND picking.state = 'done' AND picking.sale_id IS NOT NULL
       AND picking.date_done >= %(start)s AND picking.date_done < %(stop)s
"""
COLUMNS = (
    "rule_id", "source_id", "campaign_id", "kind_id", "at", "why", "order_id", "order_line_id", "product_id",
    "channel_id", "book_date", "expected", "own", "own_currency_id", "document", "place",
)  # fmt: skip
SAID = """
    CREATE TEMP TABLE cost_said (rule_id integer, source_id integer, campaign_id integer, kind_id integer, at varchar,
        why varchar, order_id integer, order_line_id integer, product_id integer, channel_id integer, book_date date,
        expected numeric, own numeric, own_currency_id integer, document varchar, place varchar) ON COMMIT DROP
"""
STORE = """
    WITH said AS (
        SELECT said.*, kind."group" AS kind_group, source.supplier_id,
               COALESCE(said.channel_id, sale.dropship_channel_id) AS at_channel, customer.commercial_partner_id,
               sale.dropship_country_id, COALESCE(said.campaign_id, sale.campaign_id) AS of_campaign
          FROM cost_said said
          JOIN dropship_profit_kind kind ON kind.id = said.kind_id
     LEFT JOIN sale_order sale ON sale.id = said.order_id
     LEFT JOIN res_partner customer ON customer.id = sale.partner_id
     LEFT JOIN LATERAL (SELECT MIN(part.supplier_id) AS supplier_id FROM dropship_allocation part
                         WHERE part.line_id = said.order_line_id AND (part.state <> 'released' OR part.qty_shipped > 0)
                        HAVING COUNT(DISTINCT part.supplier_id) = 1) source ON TRUE
    ), gone AS (
        DELETE FROM dropship_cost_share old
         WHERE old.company_id = %(company)s AND old.month = %(month)s AND old.at <> 'books'
           AND (old.date <> old.book_date OR NOT EXISTS (SELECT FROM cost_said WHERE cost_said.place = old.place))
     RETURNING old.rule_id, old.source_id
    ), put AS (
        INSERT INTO dropship_cost_share AS old (company_id, date, book_date, month, kind_id, kind_group, rule_id,
               source_id, campaign_id, at, why, order_id, order_line_id, product_id, supplier_id, channel_id,
               customer_id, country_id, currency_id, expected, booked, amount, own, own_currency_id, document, place)
        SELECT %(company)s, book_date, book_date, %(month)s, kind_id, kind_group, rule_id, source_id, of_campaign, at,
               why, order_id, order_line_id, product_id, supplier_id, at_channel, commercial_partner_id,
               dropship_country_id, %(currency)s, expected, 0, expected, own, own_currency_id, document, place
          FROM said
            ON CONFLICT (company_id, month, place, date) DO UPDATE
           SET kind_id = excluded.kind_id, kind_group = excluded.kind_group, why = excluded.why,
               product_id = excluded.product_id, supplier_id = excluded.supplier_id, channel_id = excluded.channel_id,
               customer_id = excluded.customer_id, country_id = excluded.country_id,
               campaign_id = excluded.campaign_id, expected = excluded.expected, booked = 0,
               amount = excluded.expected, own = excluded.own, document = excluded.document
         WHERE (old.kind_id, old.why, old.product_id, old.supplier_id, old.channel_id, old.customer_id, old.country_id,
                old.campaign_id, old.expected, old.own, old.document)
            IS DISTINCT FROM (excluded.kind_id, excluded.why, excluded.product_id, excluded.supplier_id,
                excluded.channel_id, excluded.customer_id, excluded.country_id, excluded.campaign_id,
                excluded.expected, excluded.own, excluded.document)
     RETURNING old.rule_id, old.source_id
    )
    SELECT rule_id, source_id FROM gone UNION SELECT rule_id, source_id FROM put
"""
# A month of a cost nobody speaks of any more goes, unless bills name it.
MONTHS = """
    WITH changed AS (
        SELECT rule_id, source_id FROM unnest(%(rules)s::integer[], %(sources)s::integer[]) AS c (rule_id, source_id)
    ), found AS (
        SELECT share.rule_id, share.source_id, MIN(share.kind_id) AS kind_id, SUM(share.expected) AS expected,
               COALESCE(SUM(share.expected) FILTER (WHERE share.at = 'nowhere'), 0) AS nowhere
          FROM dropship_cost_share share
         WHERE share.company_id = %(company)s AND share.month = %(month)s AND share.at <> 'books'
         GROUP BY share.rule_id, share.source_id
     UNION ALL
        SELECT old.rule_id, old.source_id, old.kind_id, 0, 0
          FROM dropship_cost_month old
         WHERE old.company_id = %(company)s AND old.month = %(month)s AND NOT EXISTS (
               SELECT FROM dropship_cost_share share
                WHERE share.company_id = old.company_id AND share.month = old.month AND share.at <> 'books'
                  AND share.rule_id IS NOT DISTINCT FROM old.rule_id
                  AND share.source_id IS NOT DISTINCT FROM old.source_id)
    )
    INSERT INTO dropship_cost_month AS old (company_id, month, rule_id, source_id, kind_id, currency_id, expected,
           booked, missing, nowhere, complete, ended, closed, problem, computed_at, changed_at)
    SELECT %(company)s, %(month)s, found.rule_id, found.source_id, found.kind_id, %(currency)s, found.expected, 0,
           found.expected, found.nowhere, FALSE, %(ended)s, FALSE, NULL, now() AT TIME ZONE 'UTC',
           now() AT TIME ZONE 'UTC'
      FROM found
        ON CONFLICT (company_id, month, COALESCE(rule_id, 0), COALESCE(source_id, 0)) DO UPDATE
       SET kind_id = excluded.kind_id, expected = excluded.expected, nowhere = excluded.nowhere,
           ended = excluded.ended, problem = NULL, computed_at = excluded.computed_at,
           changed_at = CASE WHEN old.ended IS DISTINCT FROM excluded.ended OR EXISTS (
                                  SELECT FROM changed WHERE changed.rule_id IS NOT DISTINCT FROM excluded.rule_id
                                     AND changed.source_id IS NOT DISTINCT FROM excluded.source_id)
                             THEN excluded.changed_at ELSE old.changed_at END
"""
PROBLEM = """
    INSERT INTO dropship_cost_month AS old (company_id, month, rule_id, source_id, kind_id, currency_id, expected,
           booked, missing, nowhere, complete, ended, closed, problem, computed_at, changed_at)
    VALUES (%(company)s, %(month)s, %(rule)s, %(source)s, %(kind)s, %(currency)s, 0, 0, 0, 0, FALSE, %(ended)s, FALSE,
            %(problem)s::jsonb, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC')
        ON CONFLICT (company_id, month, COALESCE(rule_id, 0), COALESCE(source_id, 0)) DO UPDATE
       SET problem = excluded.problem
"""


class DropshipCostShare(models.Model):
    _inherit = "dropship.cost.share"

    @api.model
    def _renew(self, company):
        """Say anew what costs are expected in the open months that something changed in.

        :return list: the first days of these months
        """
        rules = self.env["dropship.cost.rule"].sudo().with_context(active_test=True)
        rules = rules.search([("company_id", "=", company.id)])
        months = self._touched(company)
        if months:
            currencies = self.env["res.currency"]._dropship_currencies(company)
        for month in months:
            self._renew_month(company, month, rules, currencies)
        return months

    @api.model
    def _renew_month(self, company, month, rules, currencies):
        last = (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        today = self._today(company)
        orders = self._orders(company, month, last)
        plain_rules = [rule._plain() for rule in rules]
        by_rule = allocate(plain_rules, orders, month, min(last, today), currencies)
        spends, campaigns = self._spends(company, month, last)
        by_ads = allocate_ads(spends, orders, campaigns, month, last, currencies)
        of_ads = allocate_of_ads(plain_rules, spends, orders, campaigns, month, last, currencies)
        rows = self._rows([*by_rule.shares, *by_ads.shares, *of_ads.shares], rules)
        facts = {
            "company": company.id, "currency": company.currency_id.id, "month": month, "ended": last < today,
        }  # fmt: skip
        changed = self._store(rows, facts)
        facts |= {"rules": [rule for rule, _source in changed], "sources": [source for _rule, source in changed]}
        self.env.cr.execute(SQL(MONTHS, **facts))
        self._tell([*by_rule.problems, *by_ads.problems, *of_ads.problems], rules, facts)

    # ------------------------------------------------------------------
    # Facts
    # ------------------------------------------------------------------

    @api.model
    def _orders(self, company, first, last):
        """The orders of these days, and those of which a parcel left then, as the engine reads them."""
        zone = self._zone_of(company)
        start, stop = Zone(zone).bounds(first, last)
        facts = {"company": company.id, "zone": zone, "start": start, "stop": stop,
                 "places": company.currency_id.decimal_places}  # fmt: skip
        parcels = defaultdict(list)
        boxes = self.env.execute_query(SQL(PARCELS, **facts)) if self._needs_parcels(company) else []
        for order, letter, key, day, lines in boxes:
            parcels[order].append(Parcel((letter, key), day, tuple(lines or ())))
        found = {}
        for row in self.env.execute_query(SQL(ORDERS, orders=list(parcels), **facts)):
            order, day, channel, country, campaign, source, line, product, path, supplier, revenue, cost, units = row
            head = (day, channel, country, campaign, source)
            categories = frozenset(int(part) for part in (path or "").split("/") if part)
            lines = found.setdefault(order, (head, []))[1]
            lines.append(
                Line(line, product, categories, supplier, Decimal(revenue), Decimal(cost), Decimal(str(units)))
            )
        return [
            Order(order, day, channel, country, tuple(lines), tuple(parcels.get(order, ())), campaign, source)
            for order, ((day, channel, country, campaign, source), lines) in found.items()
        ]

    @api.model
    def _spends(self, company, first, last):
        """([Spend], {campaign: its channel or None})"""
        spends_sudo = self.env["dropship.ad.spend"].sudo().with_context(active_test=True)
        spends = spends_sudo.search(
            [("company_id", "=", company.id), ("date", ">=", first), ("date", "<=", last)], order="date, id"
        )
        campaigns = {}
        for campaign in spends.campaign_id:
            channel = campaign.dropship_channel_id
            ours = channel if channel.company_id in (company, channel.company_id.browse()) else channel.browse()
            campaigns[campaign.id] = ours.id or None
        found = [
            Spend(spend.date, spend.campaign_id.id, spend.source_id.id, spend.currency_id.name,
                  Decimal(str(spend.currency_id.round(spend.amount))))
            for spend in spends
        ]  # fmt: skip
        return found, campaigns

    # ------------------------------------------------------------------
    # Rows
    # ------------------------------------------------------------------

    @api.model
    def _rows(self, shares, rules):
        """Shares of the engine as rows of `COLUMNS`, one a place; costs below nothing."""
        kinds = {rule.id: rule.kind_id.id for rule in rules}
        names = {rule.id: rule.name for rule in rules}
        ads = self.env["dropship.profit.kind"]._by_code()["ads"]
        currencies = {
            one.name: one.id for one in self.env["res.currency"].sudo().with_context(active_test=False).search([])
        }
        pairs = {share.cost for share in shares if share.kind == "ads"}
        titles = self._titles(pairs)
        found = {}
        for share in shares:
            rule, campaign, source = share.cost, None, None
            if share.kind == "ads":
                rule, (campaign, source) = None, share.cost
            place = "|".join(
                str(part or "")
                for part in (rule, campaign, source, share.at, share.line, share.day, share.channel, share.currency)
            )
            if place in found:
                found[place][11] -= share.amount
                found[place][12] -= share.own
                continue
            found[place] = [
                rule, source, campaign, kinds.get(rule, ads), share.at, share.why or None, share.order, share.line,
                share.product, share.channel, share.day, -share.amount, -share.own, currencies[share.currency],
                names.get(rule) or titles[share.cost], place,
            ]  # fmt: skip
        return list(found.values())

    @api.model
    def _titles(self, pairs):
        campaigns = self.env["utm.campaign"].sudo().browse({campaign for campaign, _source in pairs})
        sources = self.env["utm.source"].sudo().browse({source for _campaign, source in pairs})
        names = {campaign.id: campaign.title for campaign in campaigns}, {source.id: source.name for source in sources}
        return {pair: f"{names[0][pair[0]]} · {names[1][pair[1]]}" for pair in pairs}

    @api.model
    def _store(self, rows, facts):
        """Replace the month's rows; set [(rule, source)] of costs that changed."""
        cr = self.env.cr
        cr.execute("DROP TABLE IF EXISTS cost_said")
        cr.execute(SAID)
        if rows:
            execute_values(cr._obj, f"INSERT INTO cost_said ({', '.join(COLUMNS)}) VALUES %s", rows, page_size=1000)
        cr.execute("CREATE INDEX ON cost_said (place); ANALYZE cost_said")
        cr.execute(SQL(STORE, **{name: facts[name] for name in ("company", "month", "currency")}))
        return set(cr.fetchall())

    @api.model
    def _tell(self, problems, rules, facts):
        """Keep with each cost of the month what is wrong with it."""
        kinds = {rule.id: rule.kind_id.id for rule in rules}
        ads = self.env["dropship.profit.kind"]._by_code()["ads"]
        told = defaultdict(list)
        for cost, code, figures in problems:
            pot = (None, cost[1]) if isinstance(cost, tuple) else (cost, None)
            one = [code, plain(figures)]
            if one not in told[pot]:
                told[pot].append(one)
        for (rule, source), some in told.items():
            values = {**facts, "rule": rule, "source": source, "kind": kinds.get(rule, ads)}
            self.env.cr.execute(SQL(PROBLEM, problem=json.dumps(some[:20]), **values))
