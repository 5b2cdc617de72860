from odoo import api, models
from odoo.tools import SQL

from ..profit.generation import lock_written_generation
from .source import MATCHED

# What the sources of costs claimed, cost by cost and month by month, to the cent.
BILLS = """
    WITH {matched}, claimed AS (
        SELECT matched.*, SUM(weight) OVER (PARTITION BY line_id) AS whole,
               SUM(weight) OVER (PARTITION BY line_id ORDER BY month, rule_id, source_id) AS upto
          FROM matched
         WHERE line_id IN (SELECT line_id FROM profit_claim WHERE source IN ('ads', 'costs'))
    )
    INSERT INTO dropship_cost_bill (company_id, move_ref, res_model, line_ref, document, partner_id, month, rule_id,
           source_id, currency_id, amount, complete)
    SELECT %(company)s, line.move_id, 'account.move', line.id, line.document, line.partner_id, claimed.month,
           claimed.rule_id, claimed.source_id, %(currency)s,
           ROUND(-line.balance * claimed.upto / claimed.whole, %(places)s)
           - ROUND(-line.balance * (claimed.upto - claimed.weight) / claimed.whole, %(places)s), claimed.complete
      FROM claimed JOIN profit_line line ON line.id = claimed.line_id
     WHERE claimed.weight <> 0 AND COALESCE(claimed.rule_id, claimed.source_id) IS NOT NULL
 RETURNING month
"""


class DropshipProfitCollector(models.AbstractModel):
    _inherit = "dropship.profit.collector"

    @api.model
    def _collect(self, company):
        """Override: first what costs are expected, as bills are divided by it."""
        self = self.sudo().with_context(active_test=False)
        self.env.flush_all()
        lock_written_generation(self.env["dropship.profit.generation"]._live(company))
        shares = self.env["dropship.cost.share"]
        months = shares._renew(company)
        written = super()._collect(company)
        shares._shrink(company, sorted({*months, *self._just_closed(company)}))
        return written

    @api.model
    def _post_chunk(self, generation, moves):
        """Override: keep what bills are of which cost."""
        company, cr = generation.company_id, self.env.cr
        written = super()._post_chunk(generation, moves)
        cr.execute(
            "DELETE FROM dropship_cost_bill WHERE company_id = %s AND move_ref = ANY(%s) RETURNING month",
            [company.id, list(moves)],
        )
        months = {row[0] for row in cr.fetchall()}
        facts = {
            "company": company.id,
            "currency": company.currency_id.id,
            "places": company.currency_id.decimal_places,
        }
        cr.execute(SQL(BILLS.format(matched=MATCHED), **facts))
        months.update(row[0] for row in cr.fetchall())
        self.env["dropship.cost.share"]._shrink(company, sorted(months))
        return written

    @api.model
    def _just_closed(self, company):
        """Months whose books were closed or opened again since they were looked at."""
        query = SQL(
            "SELECT month FROM dropship_cost_month WHERE company_id = %s AND closed IS DISTINCT FROM (month < %s)",
            company.id,
            self.env["dropship.cost.share"]._closed_before(company),
        )
        return {row[0] for row in self.env.execute_query(query)}
