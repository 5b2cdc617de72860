"""The queries behind a statement; what they mean is said in settlement_ledger.py."""

# What payables there are, and what each is: bill (in scope), payment (in scope by its share), apart.
ITEMS = """
    WITH item AS MATERIALIZED (
        SELECT line.id, line.move_id, line.date, line.date_maturity, -line.amount_currency AS amount,
               line.amount_residual_currency AS residual,
               CASE WHEN move.move_type IN ('in_invoice', 'in_refund') AND move.dropship_is_bill THEN 'bill'
                    WHEN move.move_type <> 'entry' THEN 'apart'
                    WHEN move.origin_payment_id IS NOT NULL OR journal.type IN ('bank', 'cash', 'credit') THEN 'payment'
                    ELSE 'apart' END AS role
          FROM account_move_line line
          JOIN account_account account ON account.id = line.account_id AND account.account_type = 'liability_payable'
          JOIN res_partner partner ON partner.id = line.partner_id
          JOIN account_move move ON move.id = line.move_id
          JOIN account_journal journal ON journal.id = line.journal_id
         WHERE line.parent_state = 'posted' AND partner.commercial_partner_id = %(partner)s
           AND line.company_id = %(company)s AND line.currency_id = %(currency)s AND line.date <= %(date_to)s
    ),
    scope AS MATERIALIZED (SELECT * FROM item WHERE role <> 'apart'),
    crossing AS MATERIALIZED (
        SELECT mine.move_id, mine.role, theirs.move_id AS other_id, partial.max_date AS date,
               partial.debit_amount_currency AS amount
          FROM scope mine
          JOIN account_partial_reconcile partial
            ON partial.debit_move_id = mine.id AND partial.max_date <= %(date_to)s
          JOIN account_move_line theirs ON theirs.id = partial.credit_move_id
          LEFT JOIN scope inside ON inside.id = theirs.id
         WHERE inside.id IS NULL
     UNION ALL
        SELECT mine.move_id, mine.role, theirs.move_id, partial.max_date, -partial.credit_amount_currency
          FROM scope mine
          JOIN account_partial_reconcile partial
            ON partial.credit_move_id = mine.id AND partial.max_date <= %(date_to)s
          JOIN account_move_line theirs ON theirs.id = partial.debit_move_id
          LEFT JOIN scope inside ON inside.id = theirs.id
         WHERE inside.id IS NULL
    ),
    share AS (
        SELECT move_id, SUM(amount) AS amount, MAX(date) AS date FROM crossing WHERE role = 'payment' GROUP BY move_id
    ),
    document AS MATERIALIZED (
        SELECT item.move_id, MIN(item.role) AS role, MAX(item.date) AS date, MIN(item.date_maturity) AS due,
               SUM(item.amount) AS amount, -SUM(item.residual) AS open_amount
          FROM item GROUP BY item.move_id
    )"""

MOVEMENTS = """,
    movement AS (
        SELECT 'm' || document.move_id AS key, document.move_id, document.role,
               GREATEST(document.date, share.date) AS date, document.due,
               document.amount + COALESCE(share.amount, 0) AS amount, document.open_amount, share.amount AS apart
          FROM document LEFT JOIN share USING (move_id)
         WHERE document.role <> 'apart'
     UNION ALL
        SELECT 'x' || other_id, other_id, 'other', MAX(date), NULL, SUM(amount), 0, NULL
          FROM crossing WHERE role = 'bill' GROUP BY other_id
    ),
    known AS (
        SELECT line.key, MAX(line.move_id) AS move_id, SUM(line.amount) AS amount, MAX(line.date) AS date,
               MAX(line.document) AS document, MAX(line.reference) AS reference
          FROM dropship_settlement_line line
          JOIN dropship_settlement settlement ON settlement.id = line.settlement_id
         WHERE line.supplier_id = %(supplier)s AND line.company_id = %(company)s AND line.currency_id = %(currency)s
           AND line.counts AND settlement.state IN ('agreed', 'paid') AND settlement.id <> %(id)s
         GROUP BY line.key
    ),
    moved AS (
        SELECT COALESCE(movement.key, known.key) AS key, COALESCE(movement.move_id, known.move_id) AS move_id,
               movement.role, COALESCE(movement.date, known.date) AS date, movement.due, movement.apart,
               COALESCE(movement.amount, 0) - COALESCE(known.amount, 0) AS amount,
               COALESCE(movement.open_amount, 0) AS open_amount, known.amount AS before, movement.amount AS now,
               known.document, known.reference
          FROM movement FULL JOIN known ON known.key = movement.key
         WHERE COALESCE(movement.amount, 0) <> COALESCE(known.amount, 0)
    )
    SELECT moved.key,
           CASE WHEN moved.date < %(date_from)s AND NOT %(first)s THEN 'later'
                WHEN moved.date < %(date_from)s THEN 'opening'
                WHEN moved.role IS DISTINCT FROM 'bill' THEN 'payment'
                WHEN move.dropship_settlement_id IS NOT NULL THEN 'adjustment'
                WHEN move.move_type = 'in_refund' THEN 'credit' ELSE 'bill' END AS kind,
           moved.date, moved.due, move.id AS move_id, COALESCE(move.name, moved.document) AS document,
           COALESCE(move.ref, move.payment_reference, moved.reference) AS reference, moved.amount, moved.open_amount,
           CASE WHEN moved.role = 'bill' AND approved.move_id IS NULL AND (moved.date >= %(date_from)s OR NOT %(first)s)
                THEN 'clean' ELSE 'none' END AS verdict,
           CASE WHEN moved.before IS NOT NULL AND moved.now IS NULL
                THEN jsonb_build_array(jsonb_build_array('settle_removed', jsonb_build_object('before', moved.before)))
                WHEN moved.before IS NOT NULL
                THEN jsonb_build_array(jsonb_build_array('settle_changed',
                                       jsonb_build_object('before', moved.before, 'now', moved.now)))
                WHEN moved.date < %(date_from)s AND NOT %(first)s
                THEN jsonb_build_array(jsonb_build_array('settle_later', '{}'::jsonb))
                WHEN moved.role = 'other' THEN jsonb_build_array(jsonb_build_array('settle_other', '{}'::jsonb))
                WHEN COALESCE(moved.apart, 0) <> 0
                THEN jsonb_build_array(jsonb_build_array('settle_share', jsonb_build_object('apart', moved.apart)))
                ELSE '[]'::jsonb END AS reasons,
           NULL::integer AS purchase_line_id
      FROM moved
      LEFT JOIN account_move move ON move.id = moved.move_id
      LEFT JOIN LATERAL (SELECT line.move_id FROM dropship_settlement_line line
                          WHERE line.move_id = moved.move_id AND line.verdict = 'approved'
                            AND line.settlement_id <> %(id)s LIMIT 1) approved ON TRUE"""

# In earlier periods, never approved, still open or objected to.
CARRIED = """
    SELECT 'c' || document.move_id, 'carried', document.date, document.due, document.move_id, move.name,
           COALESCE(move.ref, move.payment_reference), document.open_amount, document.open_amount,
           CASE WHEN document.role = 'bill' AND approved.move_id IS NULL THEN 'clean' ELSE 'none' END,
           CASE WHEN %(first)s THEN '[]'::jsonb
                ELSE jsonb_build_array(jsonb_build_array('settle_carried', '{}'::jsonb)) END,
           NULL::integer
      FROM document
      JOIN account_move move ON move.id = document.move_id
      LEFT JOIN LATERAL (SELECT line.move_id FROM dropship_settlement_line line
                          WHERE line.move_id = document.move_id AND line.verdict = 'approved'
                            AND line.settlement_id <> %(id)s LIMIT 1) approved ON TRUE
     WHERE document.role <> 'apart' AND document.date < %(date_from)s
       AND ((document.role = 'bill' AND document.open_amount <> 0 AND approved.move_id IS NULL
             AND (%(first)s OR EXISTS (
                  SELECT FROM dropship_settlement_line line
                    JOIN dropship_settlement settlement ON settlement.id = line.settlement_id
                   WHERE line.move_id = document.move_id AND line.counts AND settlement.id <> %(id)s
                     AND settlement.state IN ('agreed', 'paid'))))
            OR EXISTS (SELECT FROM dropship_settlement_objection objection
                        WHERE objection.move_id = document.move_id AND objection.state = 'open'
                          AND objection.supplier_id = %(supplier)s))"""

APART = """
    SELECT 'a' || rest.move_id, 'apart', rest.date, rest.due, rest.move_id, move.name,
           COALESCE(move.ref, move.payment_reference), rest.amount, rest.open_amount, 'none',
           jsonb_build_array(jsonb_build_array('settle_apart', '{}'::jsonb)), NULL::integer
      FROM (SELECT document.move_id, document.date, document.due, document.open_amount,
                   document.amount - COALESCE((
                       SELECT SUM(crossing.amount) FROM crossing
                        WHERE crossing.other_id = document.move_id AND crossing.role = 'bill'), 0) AS amount
              FROM document WHERE document.role = 'apart'
         UNION ALL
            SELECT document.move_id, share.date, NULL::date, 0, -share.amount
              FROM document JOIN share USING (move_id) WHERE document.role = 'payment') rest
      JOIN account_move move ON move.id = rest.move_id
     WHERE rest.amount <> 0 AND rest.date >= %(date_from)s"""

DRAFTS = """
    SELECT 'd' || move.id, 'draft', COALESCE(move.invoice_date, move.date), move.invoice_date_due, move.id,
           COALESCE(NULLIF(move.name, '/'), move.ref), COALESCE(move.ref, move.payment_reference),
           CASE WHEN move.move_type = 'in_refund' THEN -move.amount_total ELSE move.amount_total END, 0, 'held',
           jsonb_build_array(jsonb_build_array('settle_draft', '{}'::jsonb)), NULL::integer
      FROM account_move move
     WHERE move.state = 'draft' AND move.move_type IN ('in_invoice', 'in_refund') AND move.dropship_is_bill
       AND move.commercial_partner_id = %(partner)s AND move.company_id = %(company)s
       AND move.currency_id = %(currency)s AND COALESCE(move.invoice_date, move.date) <= %(date_to)s"""

UNBILLED = """
    SELECT 'u' || line.id, 'unbilled', purchase.date_approve::date, NULL::date, NULL::integer, purchase.name, line.name,
           ROUND(line.price_total * (line.qty_received - line.qty_invoiced) / line.product_qty, %(digits)s), 0, 'none',
           jsonb_build_array(jsonb_build_array('settle_unbilled',
               jsonb_build_object('qty', TRIM_SCALE(line.qty_received - line.qty_invoiced)))), line.id
      FROM purchase_order_line line
      JOIN purchase_order purchase ON purchase.id = line.order_id
      JOIN dropship_supplier_warehouse warehouse ON warehouse.id = purchase.dropship_warehouse_id
     WHERE warehouse.supplier_id = %(supplier)s AND purchase.company_id = %(company)s
       AND purchase.currency_id = %(currency)s AND purchase.dropship_is_test IS NOT TRUE
       AND line.product_qty > 0 AND line.qty_received > line.qty_invoiced
       AND purchase.date_approve::date <= %(date_to)s"""

STORE = """
    INSERT INTO dropship_settlement_line AS line
           (settlement_id, supplier_id, company_id, currency_id, key, kind, section, place, counts, date, due_date,
            move_id, document, reference, amount, open_amount, verdict, reasons, since_sent, turn, purchase_line_id,
            create_uid, write_uid, create_date, write_date)
    SELECT %(id)s, %(supplier)s, %(company)s, %(currency)s, found.key, found.kind, found.kind, 0,
           found.kind = ANY(%(counting)s), found.date, found.due, found.move_id, found.document, found.reference,
           found.amount, found.open_amount, found.verdict, found.reasons,
           %(sent)s AND (found.kind = ANY(%(counting)s) OR found.kind = 'draft') AND found.kind <> 'adjustment'
           AND NOT EXISTS (
               SELECT FROM dropship_settlement_line shown
                WHERE shown.settlement_id = %(id)s AND shown.move_id = found.move_id AND shown.kind = 'draft'
                  AND NOT shown.since_sent),
           %(turn)s, found.purchase_line_id, %(uid)s, %(uid)s, NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
      FROM ({rows}) AS found (key, kind, date, due, move_id, document, reference, amount, open_amount, verdict, reasons,
                              purchase_line_id)
    ON CONFLICT (settlement_id, key) DO UPDATE
       SET kind = EXCLUDED.kind, section = EXCLUDED.section, counts = EXCLUDED.counts, date = EXCLUDED.date,
           due_date = EXCLUDED.due_date, move_id = EXCLUDED.move_id, document = EXCLUDED.document,
           reference = EXCLUDED.reference, amount = EXCLUDED.amount, open_amount = EXCLUDED.open_amount,
           verdict = EXCLUDED.verdict, reasons = EXCLUDED.reasons, match_state = NULL, turn = EXCLUDED.turn,
           since_sent = %(sent)s AND (line.since_sent OR (
               (line.counts OR line.kind = 'draft') AND line.amount <> EXCLUDED.amount))"""

# Core's own open amounts, without what was reconciled after the day.
RESIDUAL = """,
    undone AS (
        SELECT -partial.debit_amount_currency AS amount
          FROM scope JOIN account_partial_reconcile partial ON partial.debit_move_id = scope.id
         WHERE partial.max_date > %(date_to)s
     UNION ALL
        SELECT partial.credit_amount_currency
          FROM scope JOIN account_partial_reconcile partial ON partial.credit_move_id = scope.id
         WHERE partial.max_date > %(date_to)s
    )
    SELECT COALESCE((SELECT SUM(amount) FROM undone), 0) - COALESCE((SELECT SUM(residual) FROM scope), 0)"""
