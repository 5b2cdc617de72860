from odoo import api, fields, models
from odoo.tools import SQL, format_amount

from .reasons import REASONS, WHY, sentence

ORDERS = """
    WITH kinds AS (
        SELECT drift.order_id, drift.kind_id, SUM(drift.expected) AS expected, SUM(drift.actual + drift.still) AS amount
          FROM dropship_profit_drift drift JOIN profit_order ON profit_order.id = drift.order_id
         GROUP BY drift.order_id, drift.kind_id
    ), worst AS (
        SELECT DISTINCT ON (order_id) order_id, kind_id, expected, amount
          FROM kinds ORDER BY order_id, amount - expected, kind_id
    ), sums AS (
        SELECT kinds.order_id, SUM(kinds.amount) FILTER (WHERE kind."group" = 'revenue') AS revenue,
               SUM(kinds.amount) AS profit, SUM(kinds.expected) AS expected
          FROM kinds JOIN dropship_profit_kind kind ON kind.id = kinds.kind_id
         GROUP BY kinds.order_id
    )
    INSERT INTO dropship_profit_order AS old (order_id, company_id, currency_id, date, confirmed, customer_id,
                channel_id, campaign_id, country_id, revenue, profit, expected, drift, shared, reason, kind_id,
                kind_expected, kind_amount)
    SELECT sale.id, sale.company_id, %(currency)s,
           (sale.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date, sale.state = 'sale',
           customer.commercial_partner_id, sale.dropship_channel_id, sale.campaign_id, sale.dropship_country_id,
           COALESCE(sums.revenue, 0), COALESCE(sums.profit, 0), COALESCE(sums.expected, 0),
           COALESCE(sums.profit - sums.expected, 0), (%(shared)s), lost.reason,
           CASE WHEN lost.reason <> 'start' THEN kind.id END, COALESCE(worst.expected, 0), COALESCE(worst.amount, 0)
      FROM profit_order
      JOIN sale_order sale ON sale.id = profit_order.id
      JOIN res_partner customer ON customer.id = sale.partner_id
 LEFT JOIN sums ON sums.order_id = sale.id
 LEFT JOIN worst ON worst.order_id = sale.id
 LEFT JOIN dropship_profit_kind kind ON kind.id = worst.kind_id
CROSS JOIN LATERAL (SELECT CASE WHEN sums.profit >= 0 OR sums.profit IS NULL THEN NULL
                                WHEN sums.expected < 0 OR worst.amount >= worst.expected THEN 'start'
                                ELSE COALESCE((%(why)s::jsonb) ->> kind.code, 'other') END AS reason) lost
     WHERE sale.state = 'sale' OR sums.order_id IS NOT NULL
        OR EXISTS (SELECT FROM dropship_profit_order known WHERE known.order_id = sale.id)
        ON CONFLICT (order_id) DO UPDATE
       SET date = excluded.date, confirmed = excluded.confirmed, customer_id = excluded.customer_id,
           channel_id = excluded.channel_id, campaign_id = excluded.campaign_id, country_id = excluded.country_id,
           revenue = excluded.revenue, profit = excluded.profit, expected = excluded.expected, drift = excluded.drift,
           shared = excluded.shared, reason = excluded.reason, kind_id = excluded.kind_id,
           kind_expected = excluded.kind_expected, kind_amount = excluded.kind_amount
"""


class DropshipProfitOrder(models.Model):
    """What an order brought and was expected to bring, and why it lost money. One row each, kept by the collector."""

    _name = "dropship.profit.order"
    _description = "Profit of an Order"
    _order = "date desc, id desc"
    _rec_name = "order_id"
    _log_access = False

    order_id = fields.Many2one("sale.order", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    date = fields.Date(string="Day of Order", required=True, readonly=True, help="In the company's time zone.")
    confirmed = fields.Boolean(readonly=True)
    customer_id = fields.Many2one("res.partner", readonly=True, ondelete="set null", index="btree_not_null")
    channel_id = fields.Many2one("dropship.sales.channel", readonly=True, ondelete="set null")
    campaign_id = fields.Many2one("utm.campaign", readonly=True, ondelete="set null")
    country_id = fields.Many2one("res.country", readonly=True, ondelete="set null")
    revenue = fields.Monetary(string="Net Revenue", readonly=True)
    profit = fields.Monetary(readonly=True, help="Booked and still expected, as last collected.")
    expected = fields.Monetary(
        string="Expected at Confirmation", readonly=True, help="As first collected after it was confirmed."
    )
    drift = fields.Monetary(readonly=True, help="What came and still comes, less what was expected.")
    shared = fields.Monetary(string="Shared Costs Still Expected", readonly=True)
    reason = fields.Selection(REASONS, string="Cause", readonly=True)
    kind_id = fields.Many2one("dropship.profit.kind", string="Made by", readonly=True)
    kind_expected = fields.Monetary(readonly=True)
    kind_amount = fields.Monetary(readonly=True)
    why = fields.Char(compute="_compute_why", help="What made the order lose money.")

    _once = models.UniqueIndex("(order_id)", "This order is known.")
    _by_day = models.Index("(company_id, date)")
    _lost = models.Index("(company_id, date) WHERE profit < 0")

    @api.depends_context("lang")
    @api.depends("reason", "kind_id", "kind_expected", "kind_amount", "expected", "profit")
    def _compute_why(self):
        for row in self:
            money = {
                name: format_amount(self.env, amount, row.currency_id)
                for name, amount in (
                    ("came", abs(row.kind_amount)), ("expected", abs(row.kind_expected)), ("planned", row.expected),
                    ("more", row.kind_expected - row.kind_amount),
                )
            }  # fmt: skip
            row.why = sentence(self.env, row.reason, row.kind_id.name, bool(row.kind_expected), money)

    @api.model
    def _renew(self, company):
        """Bring the orders of the temporary table `profit_order` up to date. Their drift is already."""
        zone = company.sudo().partner_id.tz or "UTC"
        shared = SQL("SELECT SUM(share.amount) FROM dropship_cost_share share WHERE share.order_id = sale.id")
        self.env.cr.execute(SQL(ORDERS, shared=shared, currency=company.currency_id.id, zone=zone, why=WHY))
        self.invalidate_model()

    def action_open_order(self):
        """Open the order."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window", "res_model": "sale.order", "res_id": self.order_id.id,
            "view_mode": "form", "views": [(False, "form")],
        }  # fmt: skip

    def action_statement(self):
        """The order's statement, line by line."""
        self.ensure_one()
        return self.order_id.action_dropship_profit()

    def action_drift(self):
        """What was expected and what came, by supplier and kind."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("dropship_flow_reports.action_dropship_profit_drift")
        return {**action, "domain": [("order_id", "=", self.order_id.id)], "context": {}}
