"""Where an order was sold: the channel it was entered for, else the one that takes orders of its shop.

The second as `_channel_of` of channels says: by the website, then by the sales team, then the first general one.
"""

from odoo import api, models
from odoo.tools import SQL

# The channel of an order `sale` that was entered for none.
SHOP = """
    SELECT one.id FROM dropship_sales_channel one
     WHERE sale.id IS NOT NULL AND sale.dropship_channel_id IS NULL AND one.active
       AND (one.company_id IS NULL OR one.company_id = sale.company_id)
       AND (one.website_id = sale.website_id OR one.website_id IS NULL AND one.team_id = sale.team_id
            OR one.website_id IS NULL AND one.team_id IS NULL)
     ORDER BY one.website_id = sale.website_id DESC NULLS LAST, one.team_id = sale.team_id DESC NULLS LAST,
              one.sequence, one.id LIMIT 1
"""
SOLD_AT = f"COALESCE(sale.dropship_channel_id, ({SHOP}))"
# A channel that takes other orders now takes what was booked and expected of them along.
MOVED = f"""
    SELECT {{what}}
      FROM {{table}} row
      JOIN sale_order sale ON sale.id = row.order_id AND sale.dropship_channel_id IS NULL
     WHERE row.company_id = %(company)s AND {{rows}} AND row.channel_id IS DISTINCT FROM ({SHOP})
       AND EXISTS (SELECT FROM dropship_sales_channel changed
                    WHERE (changed.company_id IS NULL OR changed.company_id = %(company)s)
                      AND (%(ever)s OR changed.write_date >= %(since)s))
"""


class DropshipProfitSource(models.AbstractModel):
    _inherit = "dropship.profit.source"

    @api.model
    def _changed_invoices(self, company, since):
        """Override: documents of orders that belong to another channel now."""
        entries = MOVED.format(what="row.res_id", table="dropship_profit_entry", rows="row.generation_id = %(live)s")
        live = self.env["dropship.profit.generation"]._live(company).id
        moved = SQL(entries, company=company.id, live=live, since=since, ever=not since)
        return SQL("%s UNION %s", super()._changed_invoices(company, since), moved)

    @api.model
    def _changed_orders(self, company, since):
        """Override: orders of which more is expected and that belong to another channel now."""
        estimates = MOVED.format(what="row.order_id", table="dropship_profit_estimate", rows="TRUE")
        moved = SQL(estimates, company=company.id, since=since, ever=not since)
        return [*super()._changed_orders(company, since), moved]
