"""What the books have of a cost is not expected any more."""

from odoo import api, models
from odoo.tools import SQL

BOOKED = """
    UPDATE dropship_cost_month known
       SET booked = found.booked, complete = found.complete, closed = known.month < %(closed)s,
           missing = CASE WHEN found.complete THEN 0 WHEN known.expected >= 0 THEN known.expected
                          ELSE ROUND(known.expected * GREATEST(0, LEAST(1, 1 - found.booked / known.expected)),
                                     %(places)s) END
      FROM (SELECT month.id, COALESCE(SUM(bill.amount), 0) AS booked,
                   COALESCE(BOOL_OR(bill.complete), FALSE) AS complete
              FROM dropship_cost_month month
         LEFT JOIN dropship_cost_bill bill ON bill.company_id = month.company_id AND bill.month = month.month
               AND COALESCE(bill.rule_id, 0) = COALESCE(month.rule_id, 0)
               AND COALESCE(bill.source_id, 0) = COALESCE(month.source_id, 0)
             WHERE month.company_id = %(company)s AND month.month = ANY(%(months)s)
             GROUP BY month.id) found
     WHERE known.id = found.id
"""
# What each row should say: its part of what is missing and of what is booked, as differences of rounded running sums.
# Of a month that is not over the rows of orders stay whole, one row takes back what the books have of no order.
WANTED = """
    CREATE TEMP TABLE cost_wanted ON COMMIT DROP AS
    WITH running AS (
        SELECT share.id, share.month, share.place, share.expected, known.ended, known.missing, known.booked,
               known.expected AS whole, SUM(share.expected) OVER (PARTITION BY known.id ORDER BY share.place) AS upto
          FROM dropship_cost_month known
          JOIN dropship_cost_share share ON share.company_id = known.company_id AND share.month = known.month
           AND COALESCE(share.rule_id, 0) = COALESCE(known.rule_id, 0)
           AND COALESCE(share.source_id, 0) = COALESCE(known.source_id, 0)
         WHERE known.company_id = %(company)s AND known.month = ANY(%(months)s) AND share.at <> 'books'
           AND share.date = share.book_date
    )
    SELECT id, month, place,
           CASE WHEN NOT ended OR whole = 0 THEN expected
                ELSE ROUND(missing * upto / whole, %(places)s)
                   - ROUND(missing * (upto - expected) / whole, %(places)s) END AS amount,
           CASE WHEN NOT ended OR whole = 0 THEN 0
                ELSE ROUND(booked * upto / whole, %(places)s)
                   - ROUND(booked * (upto - expected) / whole, %(places)s) END AS booked
      FROM running
"""
OPEN = """
    UPDATE dropship_cost_share share SET amount = wanted.amount, booked = wanted.booked
      FROM cost_wanted wanted
     WHERE share.id = wanted.id AND wanted.month >= %(closed)s
       AND (share.amount, share.booked) IS DISTINCT FROM (wanted.amount, wanted.booked)
"""
GONE = """
    DELETE FROM dropship_cost_share
     WHERE company_id = %(company)s AND month = ANY(%(months)s)
       AND (at = 'books' AND month >= %(closed)s OR date <> book_date AND date >= %(closed)s)
"""
COUNTER = """
    INSERT INTO dropship_cost_share (company_id, date, book_date, month, kind_id, kind_group, rule_id, source_id, at,
           currency_id, expected, booked, amount, document, place)
    SELECT known.company_id, known.month, known.month, known.month, kind.id, kind."group", known.rule_id,
           known.source_id, 'books', known.currency_id, 0, known.booked, known.missing - known.expected,
           COALESCE(rule.name, source.name), CONCAT_WS('|', 'books', COALESCE(known.rule_id, 0), known.source_id)
      FROM dropship_cost_month known
      JOIN dropship_profit_kind kind ON kind.id = known.kind_id
 LEFT JOIN dropship_cost_rule rule ON rule.id = known.rule_id
 LEFT JOIN utm_source source ON source.id = known.source_id
     WHERE known.company_id = %(company)s AND known.month = ANY(%(months)s) AND known.month >= %(closed)s
       AND known.ended IS NOT TRUE AND known.missing <> known.expected
"""
# Rows of closed months stay as they were reported: the difference is a row on the first open day.
ADJUST = """
    INSERT INTO dropship_cost_share (company_id, date, book_date, month, kind_id, kind_group, rule_id, source_id,
           campaign_id, at, why, order_id, order_line_id, product_id, supplier_id, channel_id, customer_id, country_id,
           currency_id, expected, booked, amount, own_currency_id, document, place)
    SELECT told.company_id, %(open)s, told.book_date, told.month, told.kind_id, told.kind_group, told.rule_id,
           told.source_id, told.campaign_id, told.at, told.why, told.order_id, told.order_line_id, told.product_id,
           told.supplier_id, told.channel_id, told.customer_id, told.country_id, told.currency_id, 0,
           COALESCE(wanted.booked, 0) - sums.booked, COALESCE(wanted.amount, 0) - sums.amount, told.own_currency_id,
           told.document, told.place
      FROM (SELECT month, place, SUM(amount) AS amount, SUM(booked) AS booked
              FROM dropship_cost_share
             WHERE company_id = %(company)s AND month = ANY(%(months)s) AND month < %(closed)s AND date < %(closed)s
             GROUP BY month, place) sums
      JOIN dropship_cost_share told ON told.company_id = %(company)s AND told.month = sums.month
       AND told.place = sums.place AND told.date = told.book_date
 LEFT JOIN cost_wanted wanted ON wanted.id = told.id
     WHERE COALESCE(wanted.amount, 0) <> sums.amount
"""


class DropshipCostShare(models.Model):
    _inherit = "dropship.cost.share"

    @api.model
    def _shrink(self, company, months):
        """Bring the estimates of months to what the books do not have.

        :param list months: first days
        """
        cr, collector = self.env.cr, self.env["dropship.profit.collector"]
        facts = {
            "company": company.id, "months": list(months), "places": company.currency_id.decimal_places,
            "closed": self._closed_before(company), "open": collector._open_from(company),
        }  # fmt: skip
        if months:
            cr.execute("DROP TABLE IF EXISTS cost_wanted")
            for query in (BOOKED, WANTED, OPEN, GONE, COUNTER, ADJUST):
                cr.execute(SQL(query, **facts))
        for model in ("dropship.cost.share", "dropship.cost.month", "dropship.cost.bill"):
            self.env[model].invalidate_model()
