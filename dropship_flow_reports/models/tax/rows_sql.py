"""SQL that makes rows of the tax summary: shares, scheme, and what does not fit together."""

# The countries a tax belongs to: those its fiscal positions are for, else its own; and the return it goes into, where
# that is not the ordinary one.
TAXES = """
    CREATE TEMP TABLE tax_kind ON COMMIT DROP AS
    SELECT tax.id, tax.amount AS rate, tax.amount_type,
           COALESCE(places.ids, CASE WHEN tax.country_id IS NOT NULL THEN ARRAY[tax.country_id] END) AS places,
           CASE WHEN tax.dropship_return IS NOT NULL THEN tax.dropship_return
                WHEN ruled.position IS NOT NULL THEN ruled.position
                WHEN tagged.found THEN 'oss'
                WHEN tax.amount <> 0 AND tax.type_tax_use = 'sale' AND places.ids IS NOT NULL
                 AND NOT %(home)s = ANY(places.ids) AND places.ids <@ %(union)s AND %(home)s = ANY(%(union)s)
                 AND tax.country_id = %(home)s THEN 'oss' END AS goes_into
      FROM account_tax tax
CROSS JOIN LATERAL (SELECT ARRAY_AGG(DISTINCT position.country_id) AS ids
                      FROM account_fiscal_position_account_tax_rel rel
                      JOIN account_fiscal_position position ON position.id = rel.account_fiscal_position_id
                     WHERE rel.account_tax_id = tax.id AND position.country_id IS NOT NULL) places
CROSS JOIN LATERAL (SELECT MIN(rule.position) AS position
                      FROM account_fiscal_position_account_tax_rel rel
                      JOIN dropship_tax_rule rule ON rule.fiscal_position_id = rel.account_fiscal_position_id
                     WHERE rel.account_tax_id = tax.id AND rule.company_id = %(company)s
                       AND rule.position IN ('oss', 'ioss') AND rule.active) ruled
CROSS JOIN LATERAL (SELECT EXISTS (
                        SELECT FROM account_tax_repartition_line part
                          JOIN account_account_tag_account_tax_repartition_line_rel tag
                            ON tag.account_tax_repartition_line_id = part.id
                         WHERE part.tax_id = tax.id AND tag.account_account_tag_id = %(oss_tag)s) AS found) tagged
     WHERE tax.id IN (SELECT tax_id FROM tax_detail)
"""
# One base counts once, however many items its tax has. The tax of goods from abroad that we owe ourselves has a part
# that is owed and one that is deducted.
SIDES = """
    CREATE TEMP TABLE tax_side ON COMMIT DROP AS
    WITH told AS (
        SELECT COALESCE(detail.base_line_id, detail.tax_line_id) AS line_id, detail.*,
               CASE WHEN tax.type_tax_use IN ('sale', 'purchase') THEN tax.type_tax_use
                    WHEN item.move_type LIKE 'out%%' THEN 'sale' WHEN item.move_type LIKE 'in%%' THEN 'purchase'
                    WHEN detail.base + detail.tax < 0 THEN 'sale' ELSE 'purchase' END AS used,
               COALESCE(part.factor_percent, 0) < 0 AS turned
          FROM tax_detail detail
          JOIN tax_item item ON item.id = COALESCE(detail.base_line_id, detail.tax_line_id)
     LEFT JOIN account_tax tax ON tax.id = detail.tax_id
     LEFT JOIN account_tax_repartition_line part ON part.id = detail.part_id
    ), sided AS (
        SELECT *, used = 'purchase' AND turned AS owed,
               ROW_NUMBER() OVER (PARTITION BY line_id, tax_id, used = 'purchase' AND turned
                                  ORDER BY base_line_id IS NULL, tax_line_id) AS place
          FROM told
    )
    SELECT line_id, tax_line_id, tax_id, used, CASE WHEN used = 'sale' OR owed THEN 'output' ELSE 'input' END AS side,
           CASE WHEN place > 1 THEN 0 WHEN owed THEN base ELSE -base END AS base, -tax AS tax,
           CASE WHEN place > 1 THEN 0 WHEN owed THEN their_base ELSE -their_base END AS their_base,
           -their_tax AS their_tax, SUM(tax) OVER (PARTITION BY line_id) AS net
      FROM sided
"""
# Shares are differences of rounded running totals: together they are the whole, to the cent.
SHARES = """
    CREATE TEMP TABLE tax_share ON COMMIT DROP AS
    WITH placed AS (
        SELECT *, ROW_NUMBER() OVER (PARTITION BY line_id ORDER BY order_id, supplier_id, from_id, worth, weight)
                  AS place,
               CASE WHEN SUM(weight) OVER (PARTITION BY line_id) = 0 THEN 1 ELSE weight END AS part
          FROM tax_route
    ), running AS (
        SELECT *, SUM(part) OVER (PARTITION BY line_id) AS whole,
               SUM(part) OVER (PARTITION BY line_id ORDER BY place) AS upto
          FROM placed
    )
    SELECT side.*, line.move_id, item.currency_id AS their_currency_id,
           booked.account_id, running.order_id, running.supplier_id, running.from_id,
           running.to_id, running.worth, running.position,
           ROUND(side.base * upto / whole, %(places)s) - ROUND(side.base * (upto - part) / whole, %(places)s)
               AS base_share,
           ROUND(side.tax * upto / whole, %(places)s) - ROUND(side.tax * (upto - part) / whole, %(places)s)
               AS tax_share,
           ROUND(side.their_base * upto / whole, their.decimal_places)
               - ROUND(side.their_base * (upto - part) / whole, their.decimal_places) AS their_base_share,
           ROUND(side.their_tax * upto / whole, their.decimal_places)
               - ROUND(side.their_tax * (upto - part) / whole, their.decimal_places) AS their_tax_share
      FROM tax_side side
      JOIN running ON running.line_id = side.line_id
      JOIN tax_item line ON line.id = side.line_id
      JOIN account_move_line item ON item.id = side.line_id
      JOIN res_currency their ON their.id = item.currency_id
 LEFT JOIN account_move_line booked ON booked.id = side.tax_line_id
"""
SCHEMES = """
    CREATE TEMP TABLE tax_scheme ON COMMIT DROP AS
    SELECT share.*, kind.rate, kind.amount_type, kind.places, kind.goes_into, known.free, known.business,
           CASE WHEN share.used = 'purchase' THEN
                     CASE WHEN share.from_id = share.to_id OR share.from_id = %(home)s THEN 'domestic'
                          WHEN known.from_union AND known.to_union THEN 'intra_eu' ELSE 'import' END
                WHEN channel.tax_treatment = 'marketplace' THEN 'marketplace'
                WHEN share.from_id = share.to_id THEN 'domestic'
                WHEN known.from_union AND known.to_union THEN
                     CASE WHEN known.business THEN 'intra_eu' WHEN %(oss)s THEN 'oss' ELSE 'domestic' END
                WHEN known.to_union AND known.free THEN 'ioss'
                WHEN share.to_id = %(home)s OR (known.to_union AND known.home_union) THEN 'import'
                WHEN share.from_id = %(home)s OR (known.from_union AND known.home_union) THEN 'export'
                ELSE 'outside' END AS scheme
      FROM tax_share share
      JOIN tax_document document ON document.move_id = share.move_id
 LEFT JOIN tax_kind kind ON kind.id = share.tax_id
 LEFT JOIN sale_order sale ON sale.id = share.order_id
 LEFT JOIN dropship_sales_channel channel ON channel.id = sale.dropship_channel_id
 LEFT JOIN res_partner customer ON customer.id = COALESCE(sale.partner_id, document.partner_id)
 LEFT JOIN res_partner partner ON partner.id = COALESCE(customer.commercial_partner_id, document.partner_id)
CROSS JOIN LATERAL (
           SELECT share.from_id = ANY(%(union)s) AS from_union, share.to_id = ANY(%(union)s) AS to_union,
                  %(home)s = ANY(%(union)s) AS home_union, LENGTH(partner.vat) > 1 IS TRUE AS business,
                  share.worth <= %(limit)s AND LENGTH(partner.vat) > 1 IS NOT TRUE
                  AND COALESCE(NULLIF(channel.ioss, ''), %(number)s) <> '' AND share.from_id <> ALL(%(union)s)
                  AS free) known
"""
# Warnings: the first that fits. Nothing is said of rows without a base, nor of the tax of what no order is about.
ROWS = """
    INSERT INTO dropship_tax_summary (company_id, currency_id, date, move_id, corrected_date, partner_id, order_id,
                supplier_id, side, tax_id, tax_country_id, account_id, rate, rate_name, country_id, ship_from_id,
                route, scheme, document_currency_id, worth, warning, base, tax, base_document, tax_document)
    WITH expected AS (
        SELECT *, CASE WHEN scheme = 'domestic' THEN from_id ELSE to_id END AS due_id,
               CASE position WHEN 'triangular' THEN 'intra_eu' ELSE position END AS decided
          FROM tax_scheme
    ), judged AS (
        SELECT *, CASE
               WHEN used = 'purchase' THEN
                    CASE WHEN scheme IN ('intra_eu', 'import') AND net <> 0 AND tax <> 0 THEN 'input' END
               WHEN scheme = 'marketplace' THEN CASE WHEN tax <> 0 THEN 'twice' END
               WHEN scheme = 'import' AND tax <> 0 AND worth > %(limit)s
                AND (position = 'ioss' OR goes_into = 'ioss') THEN 'worth'
               WHEN scheme = 'import' AND tax <> 0 AND worth <= %(limit)s AND NOT business THEN 'number'
               WHEN scheme IN ('intra_eu', 'export', 'import', 'outside') THEN CASE WHEN tax <> 0 THEN 'undue' END
               WHEN tax_id IS NULL OR (scheme IN ('oss', 'ioss') AND rate = 0 AND NOT COALESCE(due_id = ANY(places),
                    FALSE)) THEN CASE WHEN base <> 0 AND %(taxed)s THEN 'missing' END
               WHEN tax <> 0 AND NOT COALESCE(due_id = ANY(places), TRUE) THEN 'country'
               WHEN tax <> 0 AND scheme = 'ioss' AND goes_into IS DISTINCT FROM 'ioss' THEN 'return'
               WHEN tax <> 0 AND scheme = 'oss' AND goes_into IS DISTINCT FROM 'oss' THEN 'return'
               WHEN tax <> 0 AND scheme = 'domestic' AND goes_into IS NOT NULL THEN 'return'
               WHEN decided <> 'mixed' AND decided <> scheme AND %(oss)s THEN 'decided' END AS warning
          FROM expected
    )
    SELECT %(company)s, %(currency)s, document.date, row.move_id, document.corrected_date, document.partner_id,
           row.order_id, row.supplier_id, row.side, row.tax_id,
           CASE WHEN row.due_id = ANY(row.places) THEN row.due_id ELSE row.places[1] END, row.account_id,
           COALESCE(row.rate, 0),
           CASE WHEN row.tax_id IS NULL THEN '–' WHEN row.amount_type IN ('percent', 'division')
                THEN TRIM_SCALE(row.rate) || ' %%' ELSE TRIM_SCALE(row.rate)::varchar END,
           row.to_id, row.from_id, source.code || ' → ' || target.code, row.scheme, row.their_currency_id, row.worth,
           row.warning, SUM(row.base_share), SUM(row.tax_share), SUM(row.their_base_share), SUM(row.their_tax_share)
      FROM judged row
      JOIN tax_document document ON document.move_id = row.move_id
      JOIN res_country source ON source.id = row.from_id
      JOIN res_country target ON target.id = row.to_id
     GROUP BY document.date, row.move_id, document.corrected_date, document.partner_id, row.order_id, row.supplier_id,
              row.side, row.tax_id, row.due_id, row.places, row.account_id, row.rate, row.amount_type, row.to_id,
              row.from_id, source.code, target.code, row.scheme, row.their_currency_id, row.worth, row.warning
    HAVING SUM(row.base_share) <> 0 OR SUM(row.tax_share) <> 0 OR SUM(row.their_tax_share) <> 0
"""
