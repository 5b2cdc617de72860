"""Bills of costs: whose they are, by the shares of the months they are about."""

from odoo import api, models
from odoo.tools import SQL

from ..profit.source import Source

# Rules that bills may be of.
RULES = """
    SELECT rule.id, rule.sequence, rule.partner_id, biller.commercial_partner_id AS biller_id, kind.code AS kind,
           EXISTS (SELECT FROM dropship_cost_rule_account_rel rel WHERE rel.rule_id = rule.id) AS by_account,
           EXISTS (SELECT FROM dropship_cost_rule_analytic_rel rel WHERE rel.rule_id = rule.id) AS by_analytic
      FROM dropship_cost_rule rule
      JOIN dropship_profit_kind kind ON kind.id = rule.kind_id
 LEFT JOIN res_partner biller ON biller.id = rule.partner_id
     WHERE rule.company_id = %(company)s
       AND (rule.active OR EXISTS (SELECT FROM dropship_cost_month known WHERE known.rule_id = rule.id))
"""
# Each part of an item's analytic distribution is one rule's: that of its vendor, else the first in the list. Of what
# is left of the item the rule or source of its vendor counts first, then rules for everybody's bills, then sources;
# what nobody takes of a distributed item stays what its account says. A bill is divided among its months by days,
# within a month by what is expected there.
MATCHED = (
    "rule AS (" + RULES + """
    ), part AS (
        SELECT DISTINCT ON (line.id, part.accounts) line.id AS line_id, line.move_id, rule.id AS rule_id, rule.kind,
               part.percent::numeric AS percent
          FROM rule
          JOIN dropship_cost_rule_analytic_rel rel ON rel.rule_id = rule.id
    CROSS JOIN profit_line line
          JOIN account_move_line item ON item.id = line.id
    CROSS JOIN LATERAL jsonb_each_text(item.analytic_distribution) part (accounts, percent)
         WHERE rel.analytic_id = ANY (string_to_array(part.accounts, ',')::integer[]) AND part.percent::numeric > 0
           AND line.scope <> 'out' AND line.move_type NOT LIKE 'out%%'
           AND (rule.partner_id IS NULL OR rule.biller_id = line.partner_id)
           AND (NOT rule.by_account OR EXISTS (SELECT FROM dropship_cost_rule_account_rel also
                                                WHERE also.rule_id = rule.id AND also.account_id = line.account_id))
         ORDER BY line.id, part.accounts, rule.partner_id IS NULL, rule.sequence, rule.id
    ), distributed AS (
        SELECT line_id, move_id, rule_id, kind,
               SUM(percent) / GREATEST(100, SUM(SUM(percent)) OVER (PARTITION BY line_id)) AS share
          FROM part
         GROUP BY line_id, move_id, rule_id, kind
    ), rest AS (
        SELECT line_id, move_id, 1 - SUM(share) AS share FROM distributed GROUP BY line_id, move_id
    ), candidate AS (
        SELECT line.id AS line_id, line.move_id, rule.id AS rule_id, NULL::integer AS source_id, rule.kind,
               CASE WHEN rule.partner_id IS NULL THEN 3 ELSE 1 END AS rank
          FROM profit_line line
          JOIN dropship_cost_rule_account_rel rel ON rel.account_id = line.account_id
          JOIN rule ON rule.id = rel.rule_id AND NOT rule.by_analytic
         WHERE line.scope <> 'out' AND line.move_type NOT LIKE 'out%%'
           AND (rule.partner_id IS NULL OR rule.biller_id = line.partner_id)
     UNION ALL
        SELECT line.id, line.move_id, NULL, source.id, 'ads',
               CASE WHEN source.dropship_partner_id IS NULL THEN 4 ELSE 2 END
          FROM profit_line line
          JOIN utm_source source ON source.id IN (
               SELECT known.source_id FROM dropship_cost_month known WHERE known.company_id = %(company)s)
     LEFT JOIN res_partner biller ON biller.id = source.dropship_partner_id
         WHERE line.scope <> 'out' AND line.move_type NOT LIKE 'out%%' AND line.account_kind = 'ads'
           AND (source.dropship_partner_id IS NULL OR biller.commercial_partner_id = line.partner_id)
           AND line.id NOT IN (SELECT line_id FROM distributed)
    ), best AS (
        SELECT line_id, move_id, rule_id, NULL::integer AS source_id, kind, share, rule_id AS pool FROM distributed
     UNION ALL
        SELECT ranked.line_id, ranked.move_id, rule_id, source_id, kind, COALESCE(rest.share, 1), 0
          FROM (SELECT *, MIN(rank) OVER (PARTITION BY line_id) AS best FROM candidate) ranked
     LEFT JOIN rest ON rest.line_id = ranked.line_id
         WHERE rank = best AND COALESCE(rest.share, 1) > 0
    ), said AS (
        SELECT move.id AS move_id, COALESCE(move.dropship_cost_complete, FALSE) AS complete, of.month::date AS month,
               (LEAST((of.month + INTERVAL '1 month')::date - 1, span.last) - GREATEST(of.month::date, span.first) + 1
               )::numeric / (span.last - span.first + 1) AS part
          FROM account_move move
    CROSS JOIN LATERAL (SELECT COALESCE(move.dropship_cost_first, move.invoice_date, move.date) AS day) began
    CROSS JOIN LATERAL (SELECT began.day AS first,
                               COALESCE(move.dropship_cost_last,
                                        (date_trunc('month', began.day) + INTERVAL '1 month')::date - 1) AS last) span
    CROSS JOIN LATERAL generate_series(date_trunc('month', span.first::timestamp), span.last::timestamp,
                                       INTERVAL '1 month') AS of (month)
         WHERE move.id IN (SELECT move_id FROM best)
    ), matched AS (
        SELECT best.line_id, best.move_id, best.rule_id, best.source_id, best.kind, said.month, said.complete,
               known.ended AND known.expected <> 0 AS divided, known.expected,
               best.share * said.part
               * COALESCE(ABS(known.expected) / NULLIF(SUM(ABS(known.expected)) OVER beside, 0),
                          CASE WHEN COALESCE(SUM(ABS(known.expected)) OVER beside, 0) = 0
                               THEN 1.0 / COUNT(*) OVER beside ELSE 0 END) AS weight
          FROM best
          JOIN said USING (move_id)
     LEFT JOIN dropship_cost_month known ON known.company_id = %(company)s AND known.month = said.month
           AND COALESCE(known.rule_id, 0) = COALESCE(best.rule_id, 0)
           AND COALESCE(known.source_id, 0) = COALESCE(best.source_id, 0)
        WINDOW beside AS (PARTITION BY best.line_id, best.pool, said.month)
     UNION ALL
        SELECT rest.line_id, rest.move_id, NULL, NULL, line.account_kind, NULL, NULL, NULL, NULL, rest.share
          FROM rest
          JOIN profit_line line ON line.id = rest.line_id
         WHERE rest.share > 0 AND rest.line_id NOT IN (SELECT line_id FROM candidate)
    )
"""
)
# What is about a month that is not over, or of which nothing is expected, is of no order yet.
CLAIMS = """
    WITH {matched}
    SELECT matched.line_id, share.order_id, share.order_line_id, share.supplier_id, share.channel_id, matched.kind,
           'billed', matched.weight * share.expected / matched.expected
      FROM matched
      JOIN dropship_cost_share share ON share.company_id = %(company)s AND share.month = matched.month
       AND COALESCE(share.rule_id, 0) = COALESCE(matched.rule_id, 0)
       AND COALESCE(share.source_id, 0) = COALESCE(matched.source_id, 0) AND share.expected <> 0
     WHERE matched.divided AND matched.weight <> 0 AND matched.{pot} IS NOT NULL
 UNION ALL
    SELECT line_id, NULL, NULL, NULL, NULL, kind, 'billed', weight
      FROM matched
     WHERE divided IS NOT TRUE AND weight <> 0 AND ({pot} IS NOT NULL OR source_id IS NULL AND {left_over})
"""
# Moves whose shares, or whose rule or source, changed.
CHANGED = """
    SELECT bill.move_ref
      FROM dropship_cost_bill bill
      JOIN dropship_cost_month known ON known.company_id = bill.company_id AND known.month = bill.month
       AND COALESCE(known.rule_id, 0) = COALESCE(bill.rule_id, 0)
       AND COALESCE(known.source_id, 0) = COALESCE(bill.source_id, 0)
     WHERE bill.company_id = %(company)s AND bill.{pot} IS NOT NULL AND (%(ever)s OR known.changed_at >= %(since)s)
"""
CHANGED_RULES = """
     UNION SELECT bill.move_ref FROM dropship_cost_bill bill JOIN dropship_cost_rule rule ON rule.id = bill.rule_id
            WHERE bill.company_id = %(company)s AND (%(ever)s OR rule.write_date >= %(since)s)
     UNION SELECT line.move_id
             FROM dropship_cost_rule rule
             JOIN dropship_cost_rule_account_rel rel ON rel.rule_id = rule.id
             JOIN account_move_line line ON line.account_id = rel.account_id AND line.company_id = rule.company_id
              AND line.parent_state = 'posted'
            WHERE rule.company_id = %(company)s AND (%(ever)s OR rule.write_date >= %(since)s)
     UNION SELECT line.move_id
             FROM dropship_cost_rule rule
             JOIN dropship_cost_rule_analytic_rel rel ON rel.rule_id = rule.id
             JOIN account_move_line line ON %(accounts)s @> ARRAY[rel.analytic_id::text]
              AND line.company_id = rule.company_id AND line.parent_state = 'posted'
            WHERE rule.company_id = %(company)s AND (%(ever)s OR rule.write_date >= %(since)s)
"""
# Bills that came before the first day of advertising at a source wait for it.
CHANGED_SOURCES = """
     UNION SELECT line.move_id
             FROM dropship_profit_account map
             JOIN dropship_profit_kind kind ON kind.id = map.kind_id AND kind.code = 'ads'
             JOIN account_move_line line ON line.account_id = map.account_id AND line.company_id = map.company_id
              AND line.parent_state = 'posted'
            WHERE map.company_id = %(company)s AND (%(ever)s OR EXISTS (
                  SELECT FROM dropship_cost_month known JOIN utm_source source ON source.id = known.source_id
                   WHERE known.company_id = %(company)s AND source.write_date >= %(since)s))
"""


class DropshipProfitSource(models.AbstractModel):
    _inherit = "dropship.profit.source"

    @api.model
    def _sources(self):
        return [
            *super()._sources(),
            Source("ads", self.env._("Bills of advertising")),
            Source("costs", self.env._("Bills of costs that have a rule")),
        ]

    @api.model
    def _changed_ads(self, company, since):
        return SQL(CHANGED.format(pot="source_id") + CHANGED_SOURCES, company=company.id, since=since, ever=not since)

    @api.model
    def _changed_costs(self, company, since):
        query, items = CHANGED.format(pot="rule_id") + CHANGED_RULES, self.env["account.move.line"]
        accounts = items._query_analytic_accounts("line")
        return SQL(query, company=company.id, since=since, ever=not since, accounts=accounts)

    @api.model
    def _claims_ads(self, company):
        return [SQL(CLAIMS.format(matched=MATCHED, pot="source_id", left_over="FALSE"), company=company.id)]

    @api.model
    def _claims_costs(self, company):
        return [SQL(CLAIMS.format(matched=MATCHED, pot="rule_id", left_over="rule_id IS NULL"), company=company.id)]
