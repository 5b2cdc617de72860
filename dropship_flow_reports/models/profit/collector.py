"""Brings the ledger to what the documents say: the difference is posted, set by set."""

from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .account import PROFIT_TYPES
from .generation import lock_written_generation

CHUNK = 20000
LINES = """
    CREATE TEMP TABLE profit_line ON COMMIT DROP AS
    SELECT line.id, line.move_id, move.move_type, move.name AS document, line.date, line.account_id, line.name,
           line.balance, line.amount_currency, line.currency_id, line.product_id, line.display_type, line.discount,
           line.is_downpayment, line.price_subtotal, line.price_total, line.cogs_origin_id, line.purchase_line_id,
           line.dropship_purchase_id, line.dropship_charge, line.dropship_payout_bucket, move.dropship_payout_id,
           move.dropship_supplier_id, move.reversed_entry_id, move.commercial_partner_id AS partner_id, map.scope,
           map.always, kind.code AS account_kind
      FROM account_move_line line
      JOIN account_move move ON move.id = line.move_id
      JOIN dropship_profit_account map ON map.account_id = line.account_id AND map.company_id = line.company_id
      JOIN account_account account ON account.id = line.account_id AND account.account_type = ANY(%(types)s)
      JOIN dropship_profit_kind kind ON kind.id = map.kind_id
     WHERE line.move_id = ANY(%(moves)s) AND line.company_id = %(company)s AND line.parent_state = 'posted'
       AND line.balance <> 0
"""
CLAIM = """
    INSERT INTO profit_claim
    SELECT claim.*, %(source)s
      FROM (%(query)s) claim (line_id, order_id, order_line_id, supplier_id, channel_id, kind, stage, weight)
     WHERE NOT EXISTS (SELECT FROM profit_claim taken WHERE taken.line_id = claim.line_id)
"""
# Shares are differences of rounded running totals: together they are the item, to the cent.
FACTS = """
    CREATE TEMP TABLE profit_fact ON COMMIT DROP AS
    WITH weighted AS (
        SELECT line_id, order_id, order_line_id, supplier_id, channel_id, kind, stage, source,
               CASE WHEN SUM(weight) OVER (PARTITION BY line_id) = 0 THEN 1 ELSE weight END AS weight
          FROM profit_claim
    ), placed AS (
        SELECT *, ROW_NUMBER() OVER (PARTITION BY line_id
                                     ORDER BY order_id, order_line_id, supplier_id, kind, weight) AS place
          FROM weighted
    ), running AS (
        SELECT *, SUM(weight) OVER (PARTITION BY line_id) AS whole,
               SUM(weight) OVER (PARTITION BY line_id ORDER BY place) AS upto
          FROM placed
    ), divided AS (
        SELECT line.*, claim.order_id, claim.order_line_id, claim.supplier_id, claim.channel_id,
               claim.kind AS claimed_kind, claim.stage, claim.source, COALESCE(claim.upto / claim.whole, 1) AS upto,
               COALESCE((claim.upto - claim.weight) / claim.whole, 0) AS below
          FROM profit_line line LEFT JOIN running claim ON claim.line_id = line.id AND line.scope <> 'out'
    ), known AS (
        SELECT divided.*, sold.product_id AS sold_product_id, sale.dropship_channel_id, sale.dropship_country_id,
               sale.campaign_id, customer.commercial_partner_id AS customer_id, their.decimal_places AS their_places,
               CASE WHEN divided.scope = 'out' THEN 'out' WHEN divided.order_id IS NOT NULL THEN 'attributed'
                    WHEN divided.scope = 'overhead' THEN 'overhead' ELSE 'unattributed' END AS side,
               CASE WHEN divided.always THEN divided.account_kind
                    ELSE COALESCE(divided.claimed_kind, divided.account_kind) END AS kind,
               CASE WHEN divided.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                     AND divided.display_type = 'product' AND divided.price_subtotal <> 0
                    THEN -divided.balance * (divided.price_total - divided.price_subtotal) / divided.price_subtotal
                    ELSE 0 END AS tax_whole
          FROM divided
          JOIN res_currency their ON their.id = divided.currency_id
     LEFT JOIN sale_order sale ON sale.id = divided.order_id
     LEFT JOIN sale_order_line sold ON sold.id = divided.order_line_id
     LEFT JOIN res_partner customer ON customer.id = sale.partner_id
    ), facts AS (
        SELECT known.id AS line_ref, known.move_id AS res_id, known.document, known.date AS book_date, known.order_id,
               known.order_line_id, COALESCE(known.sold_product_id, known.product_id) AS product_id,
               COALESCE(known.supplier_id, CASE WHEN known.order_id IS NULL THEN known.dropship_supplier_id END)
                   AS supplier_id,
               COALESCE(known.channel_id, known.dropship_channel_id) AS channel_id,
               COALESCE(known.customer_id, CASE WHEN known.move_type LIKE 'out%%' THEN known.partner_id END)
                   AS customer_id,
               known.dropship_country_id AS country_id, known.campaign_id, kind.id AS kind_id,
               kind."group" AS kind_group, COALESCE(known.stage, 'billed') AS stage, known.side, known.account_id,
               known.currency_id, COALESCE(known.source, 'books') AS source,
               ROUND(-known.balance * known.upto, %(places)s) - ROUND(-known.balance * known.below, %(places)s)
                   AS amount,
               ROUND(-known.amount_currency * known.upto, known.their_places)
                   - ROUND(-known.amount_currency * known.below, known.their_places) AS original,
               ROUND(known.tax_whole * known.upto, %(places)s) - ROUND(known.tax_whole * known.below, %(places)s)
                   AS tax
          FROM known JOIN dropship_profit_kind kind ON kind.code = known.kind
    )
    SELECT line_ref, res_id, document, book_date, order_id, order_line_id, product_id, supplier_id, channel_id,
           customer_id, country_id, campaign_id, kind_id, kind_group, stage, side, account_id, currency_id,
           MIN(source) AS source, SUM(amount) AS amount, SUM(original) AS original, SUM(tax) AS tax,
           md5(CONCAT_WS('|', line_ref, book_date, COALESCE(order_id, 0), COALESCE(order_line_id, 0),
               COALESCE(product_id, 0), COALESCE(supplier_id, 0), COALESCE(channel_id, 0), COALESCE(customer_id, 0),
               COALESCE(country_id, 0), COALESCE(campaign_id, 0), kind_id, stage, side, account_id, currency_id))
               AS fact_key
      FROM facts
     GROUP BY line_ref, res_id, document, book_date, order_id, order_line_id, product_id, supplier_id, channel_id,
              customer_id, country_id, campaign_id, kind_id, kind_group, stage, side, account_id, currency_id
"""
DIMENSIONS = """order_id, order_line_id, product_id, supplier_id, channel_id, customer_id, country_id, campaign_id,
    kind_id, kind_group, stage, side, account_id, source, line_ref, res_id, document, book_date, fact_key"""
# A closed period gets only what its books got as well. Where an item is only somebody else's now, or of another kind,
# both sides of that go into the first open period.
POST = """
    WITH posted AS (
        SELECT fact_key, line_ref, MIN(id) AS sample, COUNT(*) AS count, SUM(amount) AS amount,
               SUM(original_amount) AS original, SUM(COALESCE(tax, 0)) AS tax
          FROM dropship_profit_entry
         WHERE generation_id = %(generation)s AND res_id = ANY(%(moves)s)
         GROUP BY fact_key, line_ref
    ), kept AS (
        SELECT line_ref
          FROM (SELECT line_ref, amount FROM profit_fact UNION ALL SELECT line_ref, -amount FROM posted) sides
         GROUP BY line_ref
        HAVING SUM(amount) = 0 AND line_ref IN (SELECT line_ref FROM posted)
    ), difference AS (
        SELECT {fact}, fact.currency_id AS original_currency_id, COALESCE(posted.count, 0) AS count,
               fact.amount - COALESCE(posted.amount, 0) AS amount, fact.tax - COALESCE(posted.tax, 0) AS tax,
               fact.original - COALESCE(posted.original, 0) AS original
          FROM profit_fact fact LEFT JOIN posted USING (fact_key)
     UNION ALL
        SELECT {entry}, entry.original_currency_id, posted.count, -posted.amount, -posted.tax, -posted.original
          FROM posted JOIN dropship_profit_entry entry ON entry.id = posted.sample
         WHERE NOT EXISTS (SELECT FROM profit_fact fact WHERE fact.fact_key = posted.fact_key)
    )
    INSERT INTO dropship_profit_entry (generation_id, company_id, currency_id, res_model, posted_at, {columns},
                original_currency_id, amount, tax, original_amount, rate, date, move_line_id, key)
    SELECT %(generation)s, %(company)s, %(currency)s, 'account.move', now() AT TIME ZONE 'UTC', {columns},
           original_currency_id, amount, tax, original,
           CASE WHEN original <> 0 THEN amount / original ELSE 1 END,
           CASE WHEN book_date < %(open)s AND line_ref IN (SELECT line_ref FROM kept) THEN %(open)s ELSE book_date END,
           (SELECT item.id FROM account_move_line item WHERE item.id = line_ref),
           'l' || line_ref || '-' || fact_key || '-' || count + 1
      FROM difference
     WHERE amount <> 0 OR tax <> 0 OR original <> 0
     ORDER BY line_ref, fact_key
"""


def _of(alias):
    return ", ".join(f"{alias}.{name.strip()}" for name in DIMENSIONS.split(","))


POST = POST.format(fact=_of("fact"), entry=_of("entry"), columns=DIMENSIONS)


class DropshipProfitCollector(models.AbstractModel):
    """Reads what changed, asks the sources, posts the difference between the documents and the ledger."""

    _name = "dropship.profit.collector"
    _description = "Collector of the Profit Ledger"

    @api.model
    def _cron_collect(self):
        """Nightly, company by company."""
        for company in self.env["res.company"].sudo().search([]):
            self._collect(company)
            self.env["ir.cron"]._commit_progress(1)

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
        until = self.env["dropship.profit.watermark"]._horizon()
        since = self.env["dropship.profit.watermark"]._since(company)
        if "books" not in since:
            moves, counts = self._all_moves(company), {}
        else:
            moves, counts = self._changed_moves(generation, since)
        written = self._post_moves(generation, moves)
        self._expect(company, since.get("books"), moves)
        sources = [source.code for source in self.env["dropship.profit.source"]._sources()]
        documents = {"books": len(moves), **{code: counts.get(code, 0) for code in sources}}
        self.env["dropship.profit.watermark"]._set(company, until, documents)
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
        self._expect(generation.company_id, None, [])
        self._forget()

    def _forget(self):
        self.env["dropship.profit.entry"].invalidate_model()
        self.env["dropship.profit.estimate"].invalidate_model()

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
        """Documents first, then the rate entries about them.

        :return int: entries written
        """
        if not moves:
            return 0
        exchange = self._exchange_moves(moves)
        known = set(exchange)
        written = Counter()
        for ids in ([move for move in moves if move not in known], exchange):
            for start in range(0, len(ids), CHUNK):
                written["entries"] += self._post_chunk(generation, ids[start : start + CHUNK])
        return written["entries"]

    @api.model
    def _exchange_moves(self, moves):
        """Rate entries among the moves, and those of documents among them."""
        query = SQL(
            """
            SELECT exchange_move_id FROM account_partial_reconcile WHERE exchange_move_id = ANY(%(moves)s)
             UNION SELECT partial.exchange_move_id
                     FROM account_move_line item
                     JOIN account_partial_reconcile partial ON partial.debit_move_id = item.id
                    WHERE item.move_id = ANY(%(moves)s) AND partial.exchange_move_id IS NOT NULL
             UNION SELECT partial.exchange_move_id
                     FROM account_move_line item
                     JOIN account_partial_reconcile partial ON partial.credit_move_id = item.id
                    WHERE item.move_id = ANY(%(moves)s) AND partial.exchange_move_id IS NOT NULL
            """,
            moves=list(moves),
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
