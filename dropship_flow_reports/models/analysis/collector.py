"""With each entry that is posted, the sums by day; with each order that is looked at, what became of it."""

from odoo import api, models
from odoo.tools import SQL

# Orders whose share of the costs of a month differs from what is known of it, among months that were shared anew.
SHARED_ANEW = """
    SELECT share.order_id
      FROM dropship_cost_share share
 LEFT JOIN dropship_profit_order known ON known.order_id = share.order_id
     WHERE share.company_id = %(company)s AND share.order_id IS NOT NULL AND share.order_id IN (
           SELECT beside.order_id
             FROM dropship_cost_share beside JOIN dropship_cost_month anew USING (company_id, month)
            WHERE beside.company_id = %(company)s AND anew.changed_at >= %(since)s)
     GROUP BY share.order_id, known.shared
    HAVING SUM(share.amount) IS DISTINCT FROM known.shared
"""


class DropshipProfitCollector(models.AbstractModel):
    _inherit = "dropship.profit.collector"

    @api.model
    def _collect_all(self, generation):
        # what became of the orders is read from the edition that is being written
        return super(DropshipProfitCollector, self.with_context(profit_edition=generation.id))._collect_all(generation)

    @api.model
    def _post_moves(self, generation, moves):
        if not generation.has_sums:
            self.env["dropship.profit.day"]._fill(generation)
        return super()._post_moves(generation, moves)

    @api.model
    def _post_chunk(self, generation, moves):
        days = self.env["dropship.profit.day"]
        last = days._last_entry()
        written = super()._post_chunk(generation, moves)
        if written:
            days._add(generation, moves, last)
        return written

    @api.model
    def _expect(self, company, since, moves):  # pylint: disable=missing-return
        generations = self.env["dropship.profit.generation"]
        if not self.env["dropship.profit.order"].search_count([("company_id", "=", company.id)], limit=1):
            since = None
        super()._expect(company, since, moves)
        edition = self.env.context.get("profit_edition")
        generation = generations.browse(edition) if edition else generations._live(company)
        self.env["dropship.profit.drift"]._renew(generation)
        self.env["dropship.profit.order"]._renew(company)

    @api.model
    def _changed_orders(self, company, since, moves):
        query = super()._changed_orders(company, since, moves)
        if since is None:
            return query
        return SQL("%s UNION %s", query, SQL(SHARED_ANEW, company=company.id, since=since))

    def _forget(self):  # pylint: disable=missing-return
        super()._forget()
        for name in ("day", "report"):
            self.env[f"dropship.profit.{name}"].invalidate_model()
