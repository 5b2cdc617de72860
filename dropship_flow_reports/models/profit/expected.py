"""What is still to come of confirmed orders: sales not invoiced yet, costs not billed yet."""

from odoo import api, models
from odoo.tools import SQL

from .channel import SOLD_AT

# The day of a moment where the company is.
DAY = "({moment} AT TIME ZONE 'UTC' AT TIME ZONE profit_order.zone)::date"
SALES = """
    SELECT sold.order_id, sold.id, source.supplier_id,
           CASE WHEN {loyalty} THEN 'loyalty' WHEN sold.is_delivery THEN 'shipping_income'
                WHEN sold.price_subtotal < 0 THEN 'discount' ELSE 'sales' END,
           'committed', {day}, worth.amount, worth.amount * (1 - LEAST(GREATEST(done.share, 0), 1)),
           'sale.order', sale.id, sale.name
      FROM profit_order
      JOIN sale_order sale ON sale.id = profit_order.id AND sale.state = 'sale'
      JOIN sale_order_line sold ON sold.order_id = sale.id AND sold.display_type IS NULL
       AND sold.is_downpayment IS NOT TRUE AND sold.product_uom_qty <> 0
 LEFT JOIN LATERAL (SELECT MIN(part.supplier_id) AS supplier_id FROM dropship_allocation part
                     WHERE part.line_id = sold.id AND part.state <> 'released'
                    HAVING COUNT(DISTINCT part.supplier_id) = 1) source ON TRUE
CROSS JOIN LATERAL (SELECT sold.price_subtotal / NULLIF(sale.currency_rate, 0)::numeric AS amount) worth
CROSS JOIN LATERAL (SELECT COALESCE(SUM(item.quantity), 0) / sold.product_uom_qty AS share
                      FROM sale_order_line_invoice_rel rel
                      JOIN account_move_line item ON item.id = rel.invoice_line_id AND item.parent_state = 'posted'
                      JOIN account_move move ON move.id = item.move_id AND move.move_type = 'out_invoice'
                     WHERE rel.order_line_id = sold.id) done
"""
LOYALTY = """EXISTS (
                SELECT FROM loyalty_reward reward JOIN loyalty_program program ON program.id = reward.program_id
                 WHERE reward.id = sold.reward_id AND program.program_type IN ('loyalty', 'gift_card', 'ewallet'))"""
# What was invoiced ahead and is not yet taken off by the invoice of the goods.
DOWN_PAYMENTS = """
    SELECT sold.order_id, sold.id, NULL::integer, 'sales', 'committed', {day}, paid.balance,
           paid.balance, 'sale.order', sale.id, sale.name
      FROM profit_order
      JOIN sale_order sale ON sale.id = profit_order.id AND sale.state = 'sale'
      JOIN sale_order_line sold ON sold.order_id = sale.id AND sold.display_type IS NULL AND sold.is_downpayment
CROSS JOIN LATERAL (SELECT SUM(item.balance) AS balance
                      FROM sale_order_line_invoice_rel rel
                      JOIN account_move_line item ON item.id = rel.invoice_line_id AND item.parent_state = 'posted'
                     WHERE rel.order_line_id = sold.id) paid
     WHERE paid.balance <> 0
"""
# Goods as the purchase says, where there is one; the rest as the decision expected it. What was released before it left
# costs nothing.
COSTS = """
    SELECT part.order_id, part.line_id, part.supplier_id, cost.kind,
           CASE WHEN part.state IN ('accepted', 'shipped') OR part.qty_shipped > 0 THEN 'committed'
                ELSE 'estimated' END,
           {day}, -cost.amount * gone.share,
           -cost.amount * gone.share * cost.open, COALESCE(cost.model, 'sale.order'),
           CASE cost.model WHEN 'purchase.order' THEN purchase.id ELSE part.order_id END,
           CASE cost.model WHEN 'purchase.order' THEN purchase.name ELSE sale.name END
      FROM profit_order
      JOIN dropship_allocation part ON part.order_id = profit_order.id
      JOIN sale_order sale ON sale.id = part.order_id AND sale.state = 'sale'
 LEFT JOIN purchase_order_line bought ON bought.id = part.purchase_line_id
 LEFT JOIN purchase_order purchase ON purchase.id = bought.order_id
CROSS JOIN LATERAL (SELECT CASE WHEN part.state <> 'released' THEN 1.0 WHEN part.qty > 0
                                THEN (part.qty_shipped / part.qty)::numeric ELSE 0 END AS share) gone
 LEFT JOIN LATERAL (SELECT bought.price_subtotal / NULLIF(purchase.currency_rate, 0)::numeric
                           * part.buy_qty::numeric / NULLIF(SUM(other.buy_qty), 0)::numeric AS amount
                      FROM dropship_allocation other
                     WHERE other.purchase_line_id = part.purchase_line_id
                       AND (other.state <> 'released' OR other.qty_shipped > 0 OR other.id = part.id)) agreed ON TRUE
 LEFT JOIN LATERAL (SELECT COALESCE(SUM(item.quantity), 0) / NULLIF(bought.product_qty, 0) AS share
                      FROM account_move_line item
                      JOIN account_move move ON move.id = item.move_id AND move.move_type = 'in_invoice'
                     WHERE item.purchase_line_id = bought.id AND item.parent_state = 'posted') billed ON TRUE
 LEFT JOIN LATERAL (SELECT BOOL_OR(item.dropship_charge = 'freight') AS freight,
                           BOOL_OR(item.dropship_charge IN ('fee', 'service')) AS fees
                      FROM account_move_line item
                     WHERE item.dropship_purchase_id = purchase.id AND item.parent_state = 'posted'
                       AND item.dropship_charge IS NOT NULL) charged ON TRUE
 LEFT JOIN LATERAL (SELECT BOOL_OR(kind.code = 'own_stock') AS stock, BOOL_OR(kind.code = 'duty') AS duty
                      FROM dropship_profit_entry entry
                      JOIN dropship_profit_generation generation ON generation.id = entry.generation_id
                       AND generation.state = 'live'
                      JOIN dropship_profit_kind kind ON kind.id = entry.kind_id
                     WHERE entry.order_id = profit_order.root_id
                       AND (kind.code = 'duty' OR entry.order_line_id = part.line_id)) posted ON TRUE
CROSS JOIN LATERAL (VALUES
           (CASE WHEN part.supplier_id IS NULL THEN 'own_stock' ELSE 'goods' END,
            COALESCE(agreed.amount, part.goods),
            CASE WHEN part.supplier_id IS NOT NULL THEN 1 - LEAST(GREATEST(COALESCE(billed.share, 0), 0), 1)
                 WHEN posted.stock THEN 0 ELSE 1 END,
            CASE WHEN purchase.id IS NOT NULL THEN 'purchase.order' END),
           ('supplier_freight', part.freight, CASE WHEN charged.freight THEN 0 ELSE 1 END,
            CASE WHEN purchase.id IS NOT NULL THEN 'purchase.order' END),
           ('supplier_fee', part.fees, CASE WHEN charged.fees THEN 0 ELSE 1 END,
            CASE WHEN purchase.id IS NOT NULL THEN 'purchase.order' END),
           ('duty', part.duty, CASE WHEN posted.duty THEN 0 ELSE 1 END, NULL)
           ) cost (kind, amount, open, model)
     WHERE part.state <> 'released' OR part.qty_shipped > 0
"""
STORE = f"""
    WITH said AS (
        SELECT mine.root_id AS order_id, row.order_line_id, row.supplier_id, kind.id AS kind_id,
               MIN(kind."group") AS kind_group,
               row.stage, MIN(row.date) AS date, ROUND(SUM(row.expected)::numeric, %(places)s) AS expected,
               ROUND(SUM(row.amount)::numeric, %(places)s) AS amount, MIN(row.res_model) AS res_model,
               MIN(row.res_id) AS res_id, MIN(row.document) AS document
          FROM (%(queries)s) row (order_id, order_line_id, supplier_id, kind, stage, date, expected, amount, res_model,
                                  res_id, document)
          JOIN profit_order mine ON mine.id = row.order_id
          JOIN dropship_profit_kind kind ON kind.code = row.kind
         GROUP BY mine.root_id, row.order_line_id, row.supplier_id, kind.id, row.stage
        HAVING ROUND(SUM(row.expected)::numeric, %(places)s) <> 0
    ), gone AS (
        DELETE FROM dropship_profit_estimate old USING profit_order
         WHERE old.order_id = profit_order.id AND NOT EXISTS (
               SELECT FROM said WHERE said.order_id = old.order_id AND said.kind_id = old.kind_id
                  AND said.stage = old.stage AND said.order_line_id IS NOT DISTINCT FROM old.order_line_id
                  AND said.supplier_id IS NOT DISTINCT FROM old.supplier_id)
    )
    INSERT INTO dropship_profit_estimate AS old (company_id, date, order_id, order_line_id, product_id, supplier_id,
           channel_id, customer_id, country_id, campaign_id, kind_id, kind_group, stage, currency_id, expected, amount,
           res_model, res_id, document)
    SELECT sale.company_id, said.date, said.order_id, said.order_line_id, sold.product_id, said.supplier_id,
           {SOLD_AT}, customer.commercial_partner_id, sale.dropship_country_id, sale.campaign_id,
           said.kind_id, said.kind_group, said.stage, %(currency)s, said.expected, said.amount, said.res_model,
           said.res_id, said.document
      FROM said
      JOIN sale_order sale ON sale.id = said.order_id
      JOIN res_partner customer ON customer.id = sale.partner_id
 LEFT JOIN sale_order_line sold ON sold.id = said.order_line_id
        ON CONFLICT (order_id, COALESCE(order_line_id, 0), kind_id, stage, COALESCE(supplier_id, 0)) DO UPDATE
       SET date = excluded.date, product_id = excluded.product_id, channel_id = excluded.channel_id,
           customer_id = excluded.customer_id, country_id = excluded.country_id, campaign_id = excluded.campaign_id,
           expected = excluded.expected, amount = excluded.amount, res_model = excluded.res_model,
           res_id = excluded.res_id, document = excluded.document
"""


class DropshipProfitSource(models.AbstractModel):
    _inherit = "dropship.profit.source"

    @api.model
    def _expected_sales(self, company):
        day = DAY.format(moment="sale.date_order")
        loyalty = LOYALTY if self._has_returned() else "FALSE"
        return [SQL(SALES.format(day=day, loyalty=loyalty)), SQL(DOWN_PAYMENTS.format(day=day))]

    @api.model
    def _expected_allocations(self, company):
        return [SQL(COSTS.format(day=DAY.format(moment="COALESCE(purchase.date_order, part.create_date)")))]


class DropshipProfitCollector(models.AbstractModel):
    _inherit = "dropship.profit.collector"

    @api.model
    def _expect(self, company, since, moves):
        """Renew the estimates of orders that changed since then, or whose documents were looked at; None: of all."""
        cr = self.env.cr
        cr.execute("DROP TABLE IF EXISTS profit_order")
        source = self.env["dropship.profit.source"]
        orders = source._families(self._changed_orders(company, since, moves))
        zone = company.partner_id.tz or "UTC"
        cr.execute(
            SQL(
                "CREATE TEMP TABLE profit_order ON COMMIT DROP AS SELECT found.*, %s AS zone FROM (%s) found",
                zone,
                orders,
            )
        )
        cr.execute("CREATE INDEX ON profit_order (id); ANALYZE profit_order")
        queries = SQL(" UNION ALL ").join(source._expected(company))
        places, currency = company.currency_id.decimal_places, company.currency_id.id
        cr.execute(SQL(STORE, queries=queries, places=places, currency=currency))

    @api.model
    def _changed_orders(self, company, since, moves):
        if since is None:
            return SQL("SELECT id FROM sale_order WHERE company_id = %s", company.id)
        return SQL(
            """
            SELECT id FROM sale_order WHERE company_id = %(company)s AND write_date >= %(since)s
             UNION SELECT order_id FROM sale_order_line WHERE company_id = %(company)s AND write_date >= %(since)s
             UNION SELECT order_id FROM dropship_allocation WHERE company_id = %(company)s AND write_date >= %(since)s
             UNION SELECT part.order_id FROM purchase_order_line bought
                     JOIN dropship_allocation part ON part.purchase_line_id = bought.id
                    WHERE bought.company_id = %(company)s AND bought.write_date >= %(since)s
             UNION SELECT order_id FROM dropship_profit_entry
                    WHERE generation_id = %(generation)s AND res_id = ANY(%(moves)s) AND order_id IS NOT NULL
             UNION %(more)s
            """,
            company=company.id,
            since=since,
            moves=list(moves),
            more=SQL(" UNION ").join(self.env["dropship.profit.source"]._changed_orders(company, since)),
            generation=self.env["dropship.profit.generation"]._live(company).id,
        )
