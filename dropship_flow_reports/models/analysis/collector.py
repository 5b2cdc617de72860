"""With each entry that is posted, the sums by day; with each order that is looked at, what became of it."""

from odoo import api, models
from odoo.tools import SQL


class DropshipProfitCollector(models.AbstractModel):
    _inherit = "dropship.profit.collector"

    @api.model
    def _collect_all(self, generation):
        # what became of the orders is read from the edition that is being written
        return super(DropshipProfitCollector, self.with_context(profit_edition=generation.id))._collect_all(generation)

    @api.model
    def _post_moves(self, generation, moves):
        if not generation.summed:
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
    def _expect(self, company, since, moves):
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
        shares = self.env.get("dropship.cost.share")
        if since is None or shares is None or "write_date" not in shares._fields:
            return query
        return SQL(
            "%s UNION SELECT order_id FROM dropship_cost_share"
            " WHERE company_id = %s AND write_date >= %s AND order_id IS NOT NULL",
            query,
            company.id,
            since,
        )

    def _forget(self):
        super()._forget()
        self.env["dropship.profit.day"].invalidate_model()
