from odoo import api, fields, models
from odoo.tools import SQL

from ..profit.kind import GROUPS

# What is expected of a line of an order in a kind is written once, when it is first seen; later sources, prices and
# suppliers are what came instead.
DRIFT = """
    WITH first AS (
        SELECT row.order_id, row.order_line_id, row.supplier_id, row.kind_id, SUM(row.expected) AS expected
          FROM dropship_profit_estimate row JOIN profit_order ON profit_order.id = row.order_id
         WHERE NOT EXISTS (SELECT FROM dropship_profit_drift known
                            WHERE known.order_id = row.order_id AND known.kind_id = row.kind_id
                              AND known.order_line_id IS NOT DISTINCT FROM row.order_line_id AND known.expected <> 0)
         GROUP BY row.order_id, row.order_line_id, row.supplier_id, row.kind_id
    ), said AS (
        SELECT order_id, order_line_id, supplier_id, kind_id, SUM(expected) AS expected, SUM(actual) AS actual,
               SUM(still) AS still
          FROM (SELECT order_id, order_line_id, supplier_id, kind_id, expected, 0 AS actual, 0 AS still FROM first
             UNION ALL
                SELECT entry.order_id, order_line_id, supplier_id, kind_id, 0, amount, 0
                  FROM dropship_profit_entry entry JOIN profit_order ON profit_order.id = entry.order_id
                 WHERE generation_id = %(generation)s AND side = 'attributed'
             UNION ALL
                SELECT row.order_id, order_line_id, supplier_id, kind_id, 0, 0, amount
                  FROM dropship_profit_estimate row JOIN profit_order ON profit_order.id = row.order_id
             UNION ALL %(shares)s
             UNION ALL
                SELECT known.order_id, order_line_id, supplier_id, kind_id, 0, 0, 0
                  FROM dropship_profit_drift known JOIN profit_order ON profit_order.id = known.order_id) rows
         GROUP BY order_id, order_line_id, supplier_id, kind_id
    )
    INSERT INTO dropship_profit_drift AS old (company_id, currency_id, date, order_id, order_line_id, product_id,
                supplier_id, channel_id, kind_id, kind_group, expected, actual, still, drift)
    SELECT sale.company_id, %(currency)s, (sale.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date,
           sale.id, said.order_line_id, sold.product_id, said.supplier_id, sale.dropship_channel_id, said.kind_id,
           kind."group", said.expected, said.actual, said.still, said.actual + said.still - said.expected
      FROM said
      JOIN sale_order sale ON sale.id = said.order_id
      JOIN dropship_profit_kind kind ON kind.id = said.kind_id
 LEFT JOIN sale_order_line sold ON sold.id = said.order_line_id
        ON CONFLICT (order_id, COALESCE(order_line_id, 0), kind_id, COALESCE(supplier_id, 0)) DO UPDATE
       SET date = excluded.date, product_id = excluded.product_id, channel_id = excluded.channel_id,
           expected = old.expected + excluded.expected, actual = excluded.actual, still = excluded.still,
           drift = excluded.actual + excluded.still - old.expected - excluded.expected
     WHERE (old.date, old.product_id, old.channel_id, old.actual, old.still) IS DISTINCT FROM
           (excluded.date, excluded.product_id, excluded.channel_id, excluded.actual, excluded.still)
        OR excluded.expected <> 0
"""
MANY = 2000  # orders
SHARES = """
    SELECT share.order_id, share.order_line_id, share.supplier_id, share.kind_id, 0, 0, share.amount
      FROM dropship_cost_share share JOIN profit_order ON profit_order.id = share.order_id
"""


class DropshipProfitDrift(models.Model):
    """From estimate to actual: what a line of an order was expected to bring or cost, and what came."""

    _name = "dropship.profit.drift"
    _description = "Estimate to Actual"
    _order = "date desc, order_id desc, kind_id, id"
    _rec_name = "order_id"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    date = fields.Date(string="Day of Order", required=True, readonly=True, help="In the company's time zone.")
    order_id = fields.Many2one("sale.order", required=True, readonly=True, ondelete="cascade")
    order_line_id = fields.Many2one("sale.order.line", readonly=True, ondelete="cascade", index="btree_not_null")
    product_id = fields.Many2one("product.product", readonly=True, ondelete="cascade")
    supplier_id = fields.Many2one("dropship.supplier", readonly=True, ondelete="cascade")
    channel_id = fields.Many2one("dropship.sales.channel", readonly=True, ondelete="cascade")
    kind_id = fields.Many2one("dropship.profit.kind", required=True, readonly=True, ondelete="cascade")
    kind_group = fields.Selection(GROUPS, string="Step", required=True, readonly=True)
    expected = fields.Monetary(
        string="Expected at Confirmation", readonly=True, help="As first collected after it was confirmed."
    )
    actual = fields.Monetary(string="Booked", readonly=True)
    still = fields.Monetary(string="Still Expected", readonly=True)
    drift = fields.Monetary(
        readonly=True, help="What came and still comes, less what was expected: below nothing costs us."
    )

    _once = models.UniqueIndex(
        "(order_id, COALESCE(order_line_id, 0), kind_id, COALESCE(supplier_id, 0))", "This is known already."
    )
    _by_day = models.Index("(company_id, date)")

    @api.model
    def _renew(self, generation):
        """Bring the orders of the temporary table `profit_order` up to date."""
        company = generation.company_id
        facts = {
            "generation": generation.id, "currency": company.currency_id.id,
            "zone": company.sudo().partner_id.tz or "UTC", "shares": self._shares(),
        }  # fmt: skip
        # Of tables that were just filled the database knows nothing: it would compare each row with each.
        for table in self._tables_read():
            self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
        self.env.cr.execute(SQL(DRIFT, **facts))
        self.invalidate_model()

    @api.model
    def _tables_read(self):
        """What is read by the thousand: of a first collection or an import everything is new."""
        [(orders,)] = self.env.execute_query(SQL("SELECT COUNT(*) FROM profit_order"))
        if orders < MANY:
            return ()
        return ("profit_order", "dropship_profit_estimate", "dropship_profit_entry", "dropship_profit_drift")

    @api.model
    def _shares(self):
        """SQL of costs shared among orders."""
        return SQL(SHARES)

    def action_open_order(self):
        """Open the order."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window", "res_model": "sale.order", "res_id": self.order_id.id,
            "view_mode": "form", "views": [(False, "form")],
        }  # fmt: skip
