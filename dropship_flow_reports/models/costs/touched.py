"""Which months something changed in."""

from odoo import api, models
from odoo.tools import SQL

# Orders and parcels written since then, where the month they count in is open; and where their shares are now.
ORDERS = """
    WITH changed AS (
        SELECT id FROM sale_order WHERE company_id = %(company)s AND write_date >= %(since)s
         UNION SELECT order_id FROM sale_order_line WHERE company_id = %(company)s AND write_date >= %(since)s
         UNION SELECT order_id FROM dropship_allocation WHERE company_id = %(company)s AND write_date >= %(since)s
    )
    SELECT date_trunc('month', sale.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
      FROM sale_order sale JOIN changed USING (id) WHERE sale.date_order IS NOT NULL
     UNION SELECT share.month FROM dropship_cost_share share JOIN changed ON changed.id = share.order_id
"""
PARCELS = """
    SELECT date_trunc('month', box.dispatched_at AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
             FROM dropship_shipment box
            WHERE box.company_id = %(company)s AND box.write_date >= %(since)s AND box.dispatched_at IS NOT NULL
     UNION SELECT share.month FROM dropship_shipment box JOIN dropship_cost_share share ON share.order_id = box.order_id
            WHERE box.company_id = %(company)s AND box.write_date >= %(since)s
     UNION SELECT date_trunc('month', picking.date_done AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
             FROM stock_picking picking
            WHERE picking.company_id = %(company)s AND picking.write_date >= %(since)s AND picking.state = 'done'
              AND picking.sale_id IS NOT NULL
"""
COSTS = """
    SELECT date_trunc('month', date)::date FROM dropship_ad_spend
     WHERE company_id = %(company)s AND write_date >= %(since)s
     UNION SELECT date_trunc('month', spend.date)::date
             FROM utm_campaign campaign JOIN dropship_ad_spend spend ON spend.campaign_id = campaign.id
            WHERE spend.company_id = %(company)s AND campaign.write_date >= %(since)s
     UNION SELECT month FROM dropship_cost_month WHERE company_id = %(company)s AND ended IS NOT TRUE
"""
EVERYTHING = """
    SELECT EXISTS (SELECT FROM dropship_cost_rule WHERE company_id = %(company)s AND write_date >= %(since)s)
        OR EXISTS (SELECT FROM res_currency_rate WHERE write_date >= %(since)s)
        OR EXISTS (SELECT FROM dropship_profit_kind WHERE write_date >= %(since)s)
"""
# Rules count from the first order on, where there is one.
EARLIEST = """
    SELECT LEAST((SELECT MIN(date) FROM dropship_ad_spend WHERE company_id = %(company)s AND active),
                 (SELECT MIN(COALESCE(GREATEST(rule.first, began.day), %(today)s))
                    FROM dropship_cost_rule rule
              CROSS JOIN (SELECT (MIN(date_order) AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date AS day
                            FROM sale_order WHERE company_id = %(company)s AND state = 'sale') began
                   WHERE rule.company_id = %(company)s AND rule.active),
                 (SELECT MIN(month) FROM dropship_cost_month WHERE company_id = %(company)s AND month >= %(closed)s))
"""


class DropshipCostShare(models.Model):
    _inherit = "dropship.cost.share"

    @api.model
    def _touched(self, company):
        """The open months up to today to be said anew; first days, in order."""
        today, closed = self._today(company), self._closed_before(company)
        since = self.env["dropship.profit.watermark"]._since(company).get("costs")
        facts = {"company": company.id, "since": since, "zone": self._zone_of(company), "closed": closed,
                 "today": today}  # fmt: skip
        [(earliest,)] = self.env.execute_query(SQL(EARLIEST, **facts))
        if not earliest:
            return []
        open_months = self._months(max(earliest, closed), today)
        if since is None or self.env.execute_query(SQL(EVERYTHING, **facts))[0][0]:
            return open_months
        found = {today.replace(day=1)}
        for query in (ORDERS, COSTS, PARCELS) if self._needs_parcels(company) else (ORDERS, COSTS):
            found.update(row[0] for row in self.env.execute_query(SQL(query, **facts)))
        return [month for month in open_months if month in found]

    @api.model
    def _needs_parcels(self, company):
        """Whether a rule asks how many parcels left."""
        rules_sudo = self.env["dropship.cost.rule"].sudo().with_context(active_test=True)
        domain = [("company_id", "=", company.id), "|", ("kind", "=", "per_parcel"), ("by", "=", "parcels")]
        return bool(rules_sudo.search_count(domain, limit=1))


class DropshipShipment(models.Model):
    _inherit = "dropship.shipment"

    _dropship_costs_changed = models.Index("(company_id, write_date)")
    _dropship_costs_left = models.Index("(company_id, dispatched_at) WHERE dispatched_at IS NOT NULL")


class StockPicking(models.Model):
    _inherit = "stock.picking"

    _dropship_costs_changed = models.Index("(company_id, write_date) WHERE sale_id IS NOT NULL")
    _dropship_costs_left = models.Index("(company_id, date_done) WHERE sale_id IS NOT NULL")
