"""The steps from documents to entries, each one statement: items, claims, facts, the difference to the ledger."""

from .channel import SOLD_AT

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
        SELECT divided.*, sold.product_id AS sold_product_id, {sold_at} AS sold_at, sale.dropship_country_id,
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
               COALESCE(known.channel_id, known.sold_at) AS channel_id,
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
""".replace("{sold_at}", SOLD_AT)
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
