"""Sums of the ledger by day and by month, so that a pivot of many years reads thousands of rows instead of millions."""

from odoo import api, fields, models
from odoo.tools import SQL

from ..profit.kind import GROUPS, SIDES, STAGES

# Each entry is summed once as a whole and once by each of these: {facet: column of the entry}.
FACETS = {
    "supplier": "supplier_id",
    "channel": "channel_id",
    "country": "country_id",
    "campaign": "campaign_id",
}
# Each facet once more for whole months, dated their first day: its name ends so.
MONTH = "/month"
FIRST_DAY = "date_trunc('month', {day}::timestamp)::date"
ADD = """
    INSERT INTO dropship_profit_day AS day (generation_id, company_id, currency_id, facet, value_ref, date, kind_id,
                kind_group, stage, side, amount, tax, entries)
    SELECT entry.generation_id, MIN(entry.company_id), MIN(entry.currency_id), facet.name, facet.value, facet.day,
           entry.kind_id, entry.kind_group, entry.stage, entry.side, SUM(entry.amount), SUM(COALESCE(entry.tax, 0)),
           COUNT(*)
      FROM dropship_profit_entry entry
CROSS JOIN LATERAL (VALUES {facets}) facet (name, value, day)
     WHERE entry.generation_id = %(generation)s AND {which}
     GROUP BY entry.generation_id, facet.name, facet.value, facet.day, entry.kind_id, entry.kind_group, entry.stage,
              entry.side
        ON CONFLICT (generation_id, facet, date, value_ref, kind_id, kind_group, stage, side) DO UPDATE
       SET amount = day.amount + excluded.amount, tax = day.tax + excluded.tax, entries = day.entries + excluded.entries
"""
VALUES = (("all", "0"), *((name, f"COALESCE(entry.{column}, 0)") for name, column in FACETS.items()))
DAYS_OF = ", ".join(f"('{name}', {value}, entry.date)" for name, value in VALUES)
MONTHS_OF = ", ".join(f"('{name}{MONTH}', {value}, {FIRST_DAY.format(day='entry.date')})" for name, value in VALUES)
ALL_OF = f"{DAYS_OF}, {MONTHS_OF}"
ADD_DAYS = ADD.format(facets=DAYS_OF, which="TRUE")
ADD_MONTHS = f"""
    INSERT INTO dropship_profit_day (generation_id, company_id, currency_id, facet, value_ref, date, kind_id,
                kind_group, stage, side, amount, tax, entries)
    SELECT generation_id, MIN(company_id), MIN(currency_id), facet || '{MONTH}', value_ref,
           {FIRST_DAY.format(day="date")}, kind_id, kind_group, stage, side, SUM(amount), SUM(tax),
           SUM(entries)
      FROM dropship_profit_day WHERE generation_id = %(generation)s
     GROUP BY generation_id, facet, value_ref, {FIRST_DAY.format(day="date")}, kind_id, kind_group, stage, side
"""
ADD_NEW = ADD.format(facets=ALL_OF, which="entry.res_id = ANY(%(moves)s) AND entry.id > %(last)s")


class DropshipProfitDay(models.Model):
    """Sums of an edition's entries by day or month, kind, stage, side and at most one thing more, the facet.

    The collector adds what it posts, in the same transaction; so the sums are those of the entries at any moment.
    """

    _name = "dropship.profit.day"
    _description = "Profit of a Day"
    _order = "date desc, id desc"
    _rec_name = "date"
    _log_access = False

    generation_id = fields.Many2one("dropship.profit.generation", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    date = fields.Date(required=True, readonly=True)
    facet = fields.Char(string="Summed By", required=True, readonly=True)
    value_ref = fields.Integer(string="Number in the Facet", required=True, readonly=True, aggregator=None)
    kind_id = fields.Many2one("dropship.profit.kind", required=True, readonly=True, ondelete="restrict")
    kind_group = fields.Selection(GROUPS, string="Step", required=True, readonly=True)
    stage = fields.Selection(STAGES[2:], required=True, readonly=True)
    side = fields.Selection(SIDES, required=True, readonly=True)
    amount = fields.Monetary(required=True, readonly=True)
    tax = fields.Monetary(string="Tax on It", required=True, readonly=True)
    entries = fields.Integer(string="Number of Entries", required=True, readonly=True)

    _once = models.UniqueIndex(
        "(generation_id, facet, date, value_ref, kind_id, kind_group, stage, side)", "This day is summed already."
    )

    @api.model
    def _fill(self, generation):
        """Sum an edition that was written before there were sums."""
        self.env.flush_all()
        self.env.cr.execute(SQL("DELETE FROM dropship_profit_day WHERE generation_id = %s", generation.id))
        for query in (ADD_DAYS, ADD_MONTHS):
            self.env.cr.execute(SQL(query, generation=generation.id))
        generation.sudo().has_sums = True
        generation.flush_recordset()

    @api.model
    def _add(self, generation, moves, last):
        """Add the entries of the moves that were written after the entry numbered `last`."""
        self.env.cr.execute(SQL(ADD_NEW, generation=generation.id, moves=moves, last=last))

    @api.model
    def _last_entry(self):
        """Number of the last entry anybody wrote."""
        query = SQL("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM dropship_profit_entry_id_seq")
        return self.env.execute_query(query)[0][0]

    @api.model
    def _differences(self, company):
        """Where sums and entries differ: nowhere, unless something is wrong.

        :return: [(facet, value, date, kind id, group, stage, side, sums − entries, entries counted too many)]
        """
        self.env.flush_all()
        query = SQL(
            f"""
            SELECT facet, value_ref, date, kind_id, kind_group, stage, side, SUM(amount), SUM(entries) FROM (
                SELECT facet, value_ref, date, kind_id, kind_group, stage, side, amount, tax, entries
                  FROM dropship_profit_day WHERE generation_id = %(generation)s
             UNION ALL
                SELECT facet.name, facet.value, facet.day, kind_id, kind_group, stage, side, -amount,
                       -COALESCE(tax, 0), -1
                  FROM dropship_profit_entry entry
            CROSS JOIN LATERAL (VALUES {ALL_OF}) facet (name, value, day)
                 WHERE generation_id = %(generation)s
            ) both_sides
             GROUP BY facet, value_ref, date, kind_id, kind_group, stage, side
            HAVING SUM(amount) <> 0 OR SUM(tax) <> 0 OR SUM(entries) <> 0
            """,
            generation=self.env["dropship.profit.generation"]._live(company).id,
        )
        return self.env.execute_query(query)
