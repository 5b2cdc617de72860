"""Brings the ledger to what the documents say: the difference is posted, set by set."""

import logging
from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, retrying
from odoo.tools import SQL

from .account import PROFIT_TYPES
from .generation import lock_written_generation
from .posting import CLAIM, FACTS, LINES, POST

_logger = logging.getLogger(__name__)

CHUNK = 20000


class DropshipProfitCollector(models.AbstractModel):
    """Reads what changed, asks the sources, posts the difference between the documents and the ledger."""

    _name = "dropship.profit.collector"
    _description = "Collector of the Profit Ledger"

    @api.model
    def _cron_collect(self):
        """Nightly, company by company; one that somebody else collects is tried again, at last in the next run."""
        companies, cron = self.env["res.company"].sudo().search([]), self.env["ir.cron"]
        cron._commit_progress(remaining=len(companies))
        for company in companies:
            try:
                retrying(lambda company=company: self._collect(company), self.env)
            except (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, ConcurrencyError):
                self.env.cr.rollback()
                _logger.info("The profit of company %s is collected by somebody else.", company.id)
            else:
                cron._commit_progress(1)

    @api.model
    def _collect(self, company):
        """Bring the ledger and the estimates of a company up to date.

        :return int: entries written
        """
        self = self.sudo().with_context(active_test=False)  # the ledger sees every document, whoever asks
        self.env.flush_all()
        # who comes second waits here, before both add the same accounts to the list
        generation = lock_written_generation(self.env["dropship.profit.generation"]._live(company))
        self.env["dropship.profit.account"]._complete(company)
        self.env.flush_all()
        seen = self.env["dropship.profit.watermark"]._horizon()
        since = self.env["dropship.profit.watermark"]._since(company)
        if "books" not in since:
            moves, counts = self._all_moves(company), {}
        else:
            moves, counts = self._changed_moves(generation, since)
        written = self._post_moves(generation, moves)
        self._expect(company, since.get("books"), moves)
        sources = [source.code for source in self.env["dropship.profit.source"]._sources()]
        documents = {"books": len(moves), **{code: counts.get(code, 0) for code in sources}}
        self.env["dropship.profit.watermark"]._set(company, seen, documents)
        self._forget()
        return written

    @api.model
    def _collect_all(self, generation):
        """Write a new edition from all documents."""
        self = self.sudo().with_context(active_test=False)
        self.env.flush_all()
        self.env["dropship.profit.account"]._complete(generation.company_id)
        self.env.flush_all()
        self._post_moves(generation, self._all_moves(generation.company_id))
        self._forget()

    def _forget(self):
        self.env["dropship.profit.entry"].invalidate_model()
        self.env["dropship.profit.estimate"].invalidate_model()
        self.env["dropship.profit.stage"].invalidate_model()

    @api.model
    def _all_moves(self, company):
        query = SQL("SELECT id FROM account_move WHERE company_id = %s AND state = 'posted'", company.id)
        return [row[0] for row in self.env.execute_query(query)]

    @api.model
    def _changed_moves(self, generation, since):
        """(ids of account.move to look at, {source: how many it named})"""
        company = generation.company_id
        query = SQL(
            """
            SELECT id FROM account_move WHERE company_id = %(company)s AND write_date >= %(since)s
             UNION SELECT move_id FROM account_move_line WHERE company_id = %(company)s AND write_date >= %(since)s
             UNION SELECT line.move_id FROM dropship_profit_account map
                     JOIN account_move_line line ON line.account_id = map.account_id
                      AND line.company_id = map.company_id AND line.parent_state = 'posted'
                    WHERE map.company_id = %(company)s AND map.write_date >= %(since)s
             UNION SELECT MIN(res_id) FROM dropship_profit_entry
                    WHERE generation_id = %(generation)s AND move_line_id IS NULL
                    GROUP BY fact_key HAVING SUM(amount) <> 0
            """,
            company=company.id,
            since=since["books"],
            generation=generation.id,
        )
        moves = {row[0] for row in self.env.execute_query(query)}
        named = self.env["dropship.profit.source"]._changed_moves(company, since)
        return sorted(moves.union(*named.values())), {code: len(ids) for code, ids in named.items()}

    @api.model
    def _post_moves(self, generation, moves):
        """Documents first, then the entries about them.

        :return int: entries written
        """
        if not moves:
            return 0
        later = self._later_moves(moves)
        known = set(later)
        written = Counter()
        for ids in ([move for move in moves if move not in known], later):
            for start in range(0, len(ids), CHUNK):
                written["entries"] += self._post_chunk(generation, ids[start : start + CHUNK])
        return written["entries"]

    @api.model
    def _later_moves(self, moves):
        """Entries that belong to whom the documents they are reconciled with belong: of rates, of what was left open.

        Those among the moves, and those of documents among them.
        """
        query = SQL(
            """
            WITH partial AS (
                SELECT part.* FROM account_move_line item
                  JOIN account_partial_reconcile part ON part.debit_move_id = item.id
                 WHERE item.move_id = ANY(%(moves)s)
                 UNION
                SELECT part.* FROM account_move_line item
                  JOIN account_partial_reconcile part ON part.credit_move_id = item.id
                 WHERE item.move_id = ANY(%(moves)s)
            )
            SELECT exchange_move_id FROM account_partial_reconcile WHERE exchange_move_id = ANY(%(moves)s)
             UNION SELECT exchange_move_id FROM partial WHERE exchange_move_id IS NOT NULL
             UNION SELECT move.id
                     FROM partial
                     JOIN account_move_line item ON item.id IN (partial.debit_move_id, partial.credit_move_id)
                     JOIN account_move move ON move.id = item.move_id AND move.move_type = 'entry'
                      AND move.dropship_payout_id IS NULL
                    WHERE EXISTS (SELECT FROM account_move_line own
                                    JOIN account_account account ON account.id = own.account_id
                                     AND account.account_type = ANY(%(types)s)
                                   WHERE own.move_id = move.id)
            """,
            moves=list(moves),
            types=list(PROFIT_TYPES),
        )
        return sorted(row[0] for row in self.env.execute_query(query))

    @api.model
    def _post_chunk(self, generation, moves):
        company, cr = generation.company_id, self.env.cr
        cr.execute("DROP TABLE IF EXISTS profit_line, profit_claim, profit_fact")
        cr.execute(SQL(LINES, moves=moves, company=company.id, types=list(PROFIT_TYPES)))
        cr.execute(
            "CREATE TEMP TABLE profit_claim (line_id integer, order_id integer, order_line_id integer,"
            " supplier_id integer, channel_id integer, kind varchar, stage varchar, weight numeric, source varchar)"
            " ON COMMIT DROP"
        )
        cr.execute("CREATE INDEX ON profit_claim (line_id); ANALYZE profit_line")
        claims = self.env["dropship.profit.source"].with_context(profit_generation=generation.id)._claims(company)
        for source, query in claims:
            cr.execute(SQL(CLAIM, source=source, query=query))
        cr.execute(self.env["dropship.profit.source"]._claims_to_roots())
        cr.execute(SQL(FACTS, places=company.currency_id.decimal_places))
        cr.execute(
            SQL(POST, generation=generation.id, moves=moves, company=company.id, currency=company.currency_id.id,
                open=self._open_from(company))
        )  # fmt: skip
        return cr.rowcount

    @api.model
    def _open_from(self, company):
        """The first day of the first period that is not closed."""
        locks = [
            lock
            for one in company.sudo() | company.sudo().parent_ids
            for lock in (one.fiscalyear_lock_date, one.hard_lock_date)
            if lock
        ]
        return max(locks) + timedelta(days=1) if locks else fields.Date.to_date("1900-01-01")
