"""What channels and payment services will keep of confirmed orders, until a payout says it.

As told with the order, else by the channel's schedule, else by its three plain figures: `_fee_terms` of channels.
"""

from odoo import api, models
from odoo.tools import SQL

from .channel import SOLD_AT
from .expected import DAY
from .source import Source

# No payout has told what was kept, and none will where the carrier collects.
ORDERS = f"""
      FROM profit_order
      JOIN sale_order sale ON sale.id = profit_order.id AND sale.state = 'sale' AND sale.amount_total > 0
       AND sale.dropship_collect IS NOT TRUE
      JOIN dropship_sales_channel channel ON channel.id = {SOLD_AT}
"""
TOLD = "EXISTS (SELECT FROM dropship_payment_fee fee WHERE fee.order_id = sale.id)"
SCHEDULED = "EXISTS (SELECT FROM dropship_channel_fee rule WHERE rule.channel_id = channel.id)"
SOLD_ON = DAY.format(moment="sale.date_order")
PLAIN = f"""
    SELECT sale.id, NULL::integer, NULL::integer, kept.kind,
           CASE WHEN sale.dropship_told_fee > 0 THEN 'committed' ELSE 'estimated' END, {SOLD_ON},
           -kept.amount, CASE WHEN {TOLD} THEN 0 ELSE -kept.amount END, 'sale.order', sale.id, sale.name
    {ORDERS}
CROSS JOIN LATERAL (SELECT sale.amount_total / COALESCE(NULLIF(sale.currency_rate, 0), 1)::numeric AS paid,
                           sale.dropship_told_fee / COALESCE(NULLIF(sale.currency_rate, 0), 1)::numeric AS told) worth
CROSS JOIN LATERAL (VALUES
           ('commission', CASE WHEN worth.told > 0 THEN worth.told
                               ELSE worth.paid * channel.commission_percent::numeric / 100 END),
           ('payment_fee', CASE WHEN worth.told > 0 THEN 0
                                ELSE worth.paid * channel.payment_percent::numeric / 100
                                     + COALESCE(channel.payment_fixed, 0) END)) kept (kind, amount)
     WHERE worth.told > 0 OR NOT {SCHEDULED}
"""
BY_SCHEDULE = f"""
    SELECT sale.id, channel.id
    {ORDERS}
     WHERE COALESCE(sale.dropship_told_fee, 0) <= 0 AND {SCHEDULED} AND NOT {TOLD}
"""
ROWS = f"""
    SELECT sale.id, NULL::integer, NULL::integer, kept.kind, 'estimated', {SOLD_ON}, -kept.amount,
           -kept.amount, 'sale.order', sale.id, sale.name
      FROM UNNEST(%(orders)s::integer[], %(kinds)s::varchar[], %(amounts)s::numeric[]) kept (order_id, kind, amount)
      JOIN profit_order ON profit_order.id = kept.order_id
      JOIN sale_order sale ON sale.id = kept.order_id
"""


class DropshipProfitSource(models.AbstractModel):
    _inherit = "dropship.profit.source"

    @api.model
    def _estimates(self):
        """Override: fees."""
        return [*super()._estimates(), Source("fees", self.env._("Fees of channels and payment services"))]

    @api.model
    def _expected_fees(self, company):
        rows = list(self._fees_by_schedule())
        orders, kinds, amounts = zip(*rows, strict=True) if rows else ((), (), ())
        return [SQL(PLAIN), SQL(ROWS, orders=list(orders), kinds=list(kinds), amounts=list(amounts))]

    @api.model
    def _fees_by_schedule(self):
        """(order id, kind of profit, Decimal) for the orders of `profit_order` whose channel has a schedule."""
        found = self.env.execute_query(SQL(BY_SCHEDULE))
        orders = self.env["sale.order"].sudo().browse([order for order, _channel in found])
        orders.fetch(["currency_rate", "date_order", "amount_total"])
        orders.order_line.fetch(["price_total", "product_uom_qty", "product_id", "display_type"])
        channels = self.env["dropship.sales.channel"].sudo()
        for order, (_order, channel_id) in zip(orders, found, strict=True):
            channel = channels.browse(channel_id)
            rules = {rule.id: rule.kind for rule in channel.fee_ids}
            for key, amount in channel._fees_of(order).parts:
                yield order.id, "payment_fee" if rules[key] == "payment" else "commission", amount
