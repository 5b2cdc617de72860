"""Bills of costs: whose they are, by the shares of the months they are about."""

from odoo import api, models
from odoo.tools import SQL

from ..profit.source import Source

# An item is what its analytic distribution makes of it: each part is of the rules that name an analytic account of it;
# the rest, mostly all of it, is of those that name its ledger account. Of a part the rule or source of its vendor
# counts first, then rules for everybody's bills, then sources; of the rest at last what its account says. A bill is
# divided among its months by days, within a month by what is expected there.
MATCHED = """
    rules AS (
        SELECT rule.id, kind.code AS kind, rule.partner_id, biller.commercial_partner_id AS biller_id,
               CASE WHEN rule.partner_id IS NULL THEN 3 ELSE 1 END AS rank
          FROM dropship_cost_rule rule
          JOIN dropship_profit_kind kind ON kind.id = rule.kind_id
     LEFT JOIN res_partner biller ON biller.id = rule.partner_id
         WHERE rule.company_id = %(company)s
           AND (rule.active OR EXISTS (SELECT FROM dropship_cost_month known WHERE known.rule_id = rule.id))
    ), item AS (
        SELECT * FROM profit_line WHERE scope <> 'out' AND move_type NOT LIKE 'out%%'
    ), named AS (
        SELECT DISTINCT item.id AS line_id, part.accounts AS piece, part.percent::numeric AS percent,
               rules.id AS rule_id, rules.kind, rules.rank
          FROM item
          JOIN account_move_line line ON line.id = item.id
    CROSS JOIN LATERAL jsonb_each_text(line.analytic_distribution) part (accounts, percent)
          JOIN dropship_cost_rule_analytic_rel rel
            ON rel.analytic_id = ANY(string_to_array(part.accounts, ',')::integer[])
          JOIN rules ON rules.id = rel.rule_id
         WHERE part.percent::numeric > 0 AND (rules.partner_id IS NULL OR rules.biller_id = item.partner_id)
    ), piece AS (
        SELECT line_id, piece, percent / GREATEST(SUM(percent) OVER (PARTITION BY line_id), 100) AS share
          FROM (SELECT DISTINCT line_id, piece, percent FROM named) once
     UNION ALL
        SELECT item.id, '', 1 - LEAST(COALESCE(SUM(once.percent), 0), 100) / 100
          FROM item LEFT JOIN (SELECT DISTINCT line_id, piece, percent FROM named) once ON once.line_id = item.id
         GROUP BY item.id
    ), candidate AS (
        SELECT line_id, piece, rule_id, NULL::integer AS source_id, kind, rank FROM named
     UNION ALL
        SELECT item.id, '', rules.id, NULL, rules.kind, rules.rank
          FROM item
          JOIN dropship_cost_rule_account_rel rel ON rel.account_id = item.account_id
          JOIN rules ON rules.id = rel.rule_id
         WHERE rules.partner_id IS NULL OR rules.biller_id = item.partner_id
     UNION ALL
        SELECT item.id, '', NULL, source.id, 'ads', CASE WHEN source.dropship_partner_id IS NULL THEN 4 ELSE 2 END
          FROM item
          JOIN utm_source source ON source.id IN (
               SELECT known.source_id FROM dropship_cost_month known WHERE known.company_id = %(company)s)
     LEFT JOIN res_partner biller ON biller.id = source.dropship_partner_id
         WHERE item.account_kind = 'ads'
           AND (source.dropship_partner_id IS NULL OR biller.commercial_partner_id = item.partner_id)
     UNION ALL
        SELECT item.id, '', NULL, NULL, item.account_kind, 5 FROM item WHERE item.id IN (SELECT line_id FROM named)
    ), best AS (
        SELECT ranked.*, item.move_id, piece.share,
               BOOL_OR(ranked.rule_id IS NOT NULL) OVER (PARTITION BY ranked.line_id) AS of_rules
          FROM (SELECT *, MIN(rank) OVER (PARTITION BY line_id, piece) AS best FROM candidate) ranked
          JOIN piece USING (line_id, piece)
          JOIN item ON item.id = ranked.line_id
         WHERE ranked.rank = ranked.best AND piece.share > 0
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
    ), weighed AS (
        SELECT best.line_id, best.rule_id, best.source_id, best.kind, best.of_rules, said.month, said.complete,
               known.ended AND known.expected <> 0 AS divided, known.expected, best.share *
               said.part * COALESCE(ABS(known.expected) / NULLIF(SUM(ABS(known.expected)) OVER beside, 0),
                                    CASE WHEN COALESCE(SUM(ABS(known.expected)) OVER beside, 0) = 0
                                         THEN 1.0 / COUNT(*) OVER beside ELSE 0 END) AS weight
          FROM best
          JOIN said USING (move_id)
     LEFT JOIN dropship_cost_month known ON known.company_id = %(company)s AND known.month = said.month
           AND COALESCE(known.rule_id, 0) = COALESCE(best.rule_id, 0)
           AND COALESCE(known.source_id, 0) = COALESCE(best.source_id, 0)
        WINDOW beside AS (PARTITION BY best.line_id, best.piece, said.month)
    ), matched AS (
        SELECT line_id, rule_id, source_id, kind, of_rules, month, complete, divided, expected, SUM(weight) AS weight
          FROM weighed
         GROUP BY line_id, rule_id, source_id, kind, of_rules, month, complete, divided, expected
    )
"""
# What is about a month that is not over, or of which nothing is expected, is of no order yet. An item that has parts of
# rules is claimed with all its parts at once.
CLAIMS = """
    WITH {matched}
    SELECT matched.line_id, share.order_id, share.order_line_id, share.supplier_id, share.channel_id, matched.kind,
           'billed', matched.weight * share.expected / matched.expected
      FROM matched
      JOIN dropship_cost_share share ON share.company_id = %(company)s AND share.month = matched.month
       AND COALESCE(share.rule_id, 0) = COALESCE(matched.rule_id, 0)
       AND COALESCE(share.source_id, 0) = COALESCE(matched.source_id, 0) AND share.expected <> 0
     WHERE matched.divided AND matched.weight <> 0 AND matched.of_rules = %(of_rules)s
 UNION ALL
    SELECT line_id, NULL, NULL, NULL, NULL, kind, 'billed', weight
      FROM matched
     WHERE divided IS NOT TRUE AND weight <> 0 AND of_rules = %(of_rules)s
"""
# The accounts of a distribution as core's index has them.
ANALYTIC = r"""
    regexp_split_to_array(jsonb_path_query_array(line.analytic_distribution, '$.keyvalue()."key"')::text, '\D+')
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
             FROM account_move_line line
            WHERE line.company_id = %(company)s AND line.parent_state = 'posted' AND {accounts} && (
                  SELECT ARRAY_AGG(rel.analytic_id::text)
                    FROM dropship_cost_rule rule JOIN dropship_cost_rule_analytic_rel rel ON rel.rule_id = rule.id
                   WHERE rule.company_id = %(company)s AND (%(ever)s OR rule.write_date >= %(since)s))
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
        query = CHANGED.format(pot="rule_id") + CHANGED_RULES.format(accounts=ANALYTIC)
        return SQL(query, company=company.id, since=since, ever=not since)

    @api.model
    def _claims_ads(self, company):
        return [SQL(CLAIMS.format(matched=MATCHED), company=company.id, of_rules=False)]

    @api.model
    def _claims_costs(self, company):
        return [SQL(CLAIMS.format(matched=MATCHED), company=company.id, of_rules=True)]
