"""SQL that reads taxes of documents, and where their goods came from and went to. Temporary tables, one by one."""

DOCUMENTS = """
    CREATE TEMP TABLE tax_document ON COMMIT DROP AS
    SELECT move.id AS move_id, move.date, COALESCE(origin.id, move.id) AS source_id,
           COALESCE(origin.move_type, move.move_type) AS move_type, first.id AS reversed_id,
           CASE WHEN COALESCE(origin.move_type, move.move_type) IN ('out_refund', 'in_refund')
                THEN COALESCE(first.date, move.date) ELSE move.date END AS corrected_date,
           COALESCE(origin.commercial_partner_id, move.commercial_partner_id) AS partner_id,
           COALESCE(ship.country_id, partner.country_id, whole.country_id) AS country_id
      FROM account_move move
 LEFT JOIN account_move origin ON origin.id = move.tax_cash_basis_origin_move_id
 LEFT JOIN account_move first ON first.id = COALESCE(origin.reversed_entry_id, move.reversed_entry_id)
 LEFT JOIN res_partner ship ON ship.id = COALESCE(origin.partner_shipping_id, move.partner_shipping_id)
 LEFT JOIN res_partner partner ON partner.id = COALESCE(origin.partner_id, move.partner_id)
 LEFT JOIN res_partner whole ON whole.id = COALESCE(origin.commercial_partner_id, move.commercial_partner_id)
     WHERE move.id = ANY(%(moves)s) AND move.company_id = %(company)s AND move.state = 'posted'
"""
# Items of taxes that are due: of paid invoices alone where the tax is due with the money.
DUE = """(tax.tax_exigibility IS DISTINCT FROM 'on_payment' OR move.tax_cash_basis_rec_id IS NOT NULL
          OR move.always_tax_exigible)"""
# Where the database does not know yet how many journal items there are (after an import), it expects one of them, goes
# through all of the company and compares each with each: core's query then takes half a minute for 2,000 documents.
# So it gets tables that hold only the documents in question and that the database knows, under the names it asks for.
LINES = (
    """
    CREATE TEMP TABLE tax_line ON COMMIT DROP AS
    SELECT line.* FROM tax_document document JOIN account_move_line line ON line.move_id = document.move_id
    """,
    """
    CREATE TEMP TABLE tax_link ON COMMIT DROP AS
    SELECT rel.* FROM tax_line line JOIN account_move_line_account_tax_rel rel ON rel.account_move_line_id = line.id
    """,
)
DETAILS = """
    CREATE TEMP TABLE tax_detail ON COMMIT DROP AS
    WITH account_move_line AS NOT MATERIALIZED (SELECT * FROM tax_line),
         account_move_line_account_tax_rel AS NOT MATERIALIZED (SELECT * FROM tax_link)
    SELECT detail.base_line_id, detail.tax_line_id, detail.tax_id, detail.tax_repartition_line_id AS part_id,
           SUM(detail.base_amount) AS base, SUM(detail.tax_amount) AS tax,
           SUM(detail.base_amount_currency) AS their_base, SUM(detail.tax_amount_currency) AS their_tax
      FROM (%(details)s) detail
     WHERE detail.tax_exigible
     GROUP BY 1, 2, 3, 4
"""
# What is left of an item of tax: tax without a base, and cents.
REST = f"""
    INSERT INTO tax_detail
    SELECT NULL, line.id, line.tax_line_id, line.tax_repartition_line_id, 0, line.balance - COALESCE(SUM(known.tax), 0),
           0, line.amount_currency - COALESCE(SUM(known.their_tax), 0)
      FROM tax_document document
      JOIN account_move move ON move.id = document.move_id
      JOIN account_move_line line ON line.move_id = move.id AND line.tax_line_id IS NOT NULL
      JOIN account_tax tax ON tax.id = line.tax_line_id
 LEFT JOIN tax_detail known ON known.tax_line_id = line.id
     WHERE {DUE}
     GROUP BY line.id
    HAVING line.balance <> COALESCE(SUM(known.tax), 0) OR line.amount_currency <> COALESCE(SUM(known.their_tax), 0)
"""
# Taxes of nothing have no item of tax; lines without any tax are there as well.
ZERO = f"""
    INSERT INTO tax_detail
    SELECT line.id, NULL, tax.id, NULL, line.balance, 0, line.amount_currency, 0
      FROM tax_document document
      JOIN account_move move ON move.id = document.move_id
      JOIN account_move_line line ON line.move_id = move.id AND line.tax_line_id IS NULL AND line.balance <> 0
 LEFT JOIN LATERAL (
           SELECT COALESCE(child.child_tax, rel.account_tax_id) AS tax_id
             FROM account_move_line_account_tax_rel rel
        LEFT JOIN account_tax_filiation_rel child ON child.parent_tax = rel.account_tax_id
            WHERE rel.account_move_line_id = line.id) given ON TRUE
 LEFT JOIN account_tax tax ON tax.id = given.tax_id
     WHERE (tax.id IS NOT NULL OR (line.display_type = 'product' AND move.move_type <> 'entry'))
       AND {DUE}
       AND NOT EXISTS (SELECT FROM tax_detail known
                        WHERE known.base_line_id = line.id AND known.tax_id IS NOT DISTINCT FROM tax.id)
"""
ITEMS = """
    CREATE TEMP TABLE tax_item ON COMMIT DROP AS
    SELECT DISTINCT line.id, document.*
      FROM tax_detail detail
      JOIN account_move_line line ON line.id = COALESCE(detail.base_line_id, detail.tax_line_id)
      JOIN tax_document document ON document.move_id = line.move_id
"""
ORDERS = """
    CREATE TEMP TABLE tax_order ON COMMIT DROP AS
    SELECT DISTINCT document.move_id, sold.order_id
      FROM tax_document document
      JOIN account_move_line line ON line.move_id IN (document.source_id, document.reversed_id)
      JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = line.id
      JOIN sale_order_line sold ON sold.id = rel.order_line_id
     WHERE document.move_type LIKE 'out%%'
"""
# The company's day of an order.
DAY = "(sale.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date"
DAYS = f"SELECT DISTINCT {DAY} FROM sale_order sale WHERE sale.id IN (SELECT order_id FROM tax_order)"
# Each goods line of an order, divided among the places it ships from: by quantity, kits by what their parts cost. A
# parcel is what one order gets from one warehouse; its value is net, in euro, of the day of the order.
PARTS = f"""
    CREATE TEMP TABLE tax_part ON COMMIT DROP AS
    WITH provided AS (
        SELECT part.order_id, part.line_id, part.supplier_id, COALESCE(place.country_id, own.country_id) AS country_id,
               COALESCE('s' || part.warehouse_id, 'o' || part.stock_warehouse_id, 'o') AS parcel,
               BOOL_OR(part.component <> 0) OVER (PARTITION BY part.line_id) AS kit, part.landed::numeric AS landed,
               CASE WHEN part.state = 'released' THEN part.qty_shipped ELSE part.qty END::numeric AS qty
          FROM dropship_allocation part
     LEFT JOIN dropship_supplier_warehouse place ON place.id = part.warehouse_id
     LEFT JOIN stock_warehouse stock ON stock.id = part.stock_warehouse_id
     LEFT JOIN res_partner own ON own.id = stock.partner_id
         WHERE part.order_id IN (SELECT order_id FROM tax_order) AND (part.state <> 'released' OR part.qty_shipped > 0)
     UNION ALL
        SELECT sold.order_id, sold.id, NULL, own.country_id, COALESCE('o' || sale.warehouse_id, 'o'), FALSE, 0, 1
          FROM sale_order_line sold
          JOIN sale_order sale ON sale.id = sold.order_id
          JOIN product_product product ON product.id = sold.product_id
          JOIN product_template template ON template.id = product.product_tmpl_id
     LEFT JOIN stock_warehouse stock ON stock.id = sale.warehouse_id
     LEFT JOIN res_partner own ON own.id = stock.partner_id
         WHERE sold.order_id IN (SELECT order_id FROM tax_order) AND template.type = 'consu'
           AND sold.display_type IS NULL AND sold.is_delivery IS NOT TRUE AND sold.is_downpayment IS NOT TRUE
           AND NOT EXISTS (SELECT FROM dropship_allocation part WHERE part.line_id = sold.id
                              AND (part.state <> 'released' OR part.qty_shipped > 0))
    ), weighted AS (
        SELECT *, CASE WHEN kit THEN landed ELSE qty END AS weight FROM provided
    ), shared AS (
        SELECT *, COALESCE(weight / NULLIF(SUM(weight) OVER line, 0), 1.0 / COUNT(*) OVER line) AS share
          FROM weighted WINDOW line AS (PARTITION BY line_id)
    ), worth AS (
        SELECT shared.*, sold.dropship_tax_position AS position, sold.price_subtotal * shared.share AS price,
               sold.price_subtotal * shared.share / COALESCE(NULLIF(sale.currency_rate, 0), 1)
               * COALESCE(euro.rate, %(euro)s) AS value
          FROM shared
          JOIN sale_order_line sold ON sold.id = shared.line_id
          JOIN sale_order sale ON sale.id = shared.order_id
     LEFT JOIN LATERAL (SELECT known.rate FROM tax_euro known WHERE known.day <= {DAY}
                         ORDER BY known.day DESC LIMIT 1) euro ON TRUE
    )
    SELECT order_id, line_id, supplier_id, COALESCE(country_id, %(home)s) AS country_id, position, share, price,
           SUM(value) OVER (PARTITION BY order_id, parcel) AS worth
      FROM worth
"""
ROUTES = """
    CREATE TEMP TABLE tax_route (line_id integer, order_id integer, supplier_id integer, from_id integer,
                                 to_id integer, worth numeric, position varchar, weight numeric) ON COMMIT DROP
"""
# Ever wider: the line itself; what comes with the goods of its order; goods of the document's orders; everything else.
SOLD = (
    """
    INSERT INTO tax_route
    SELECT item.id, part.order_id, part.supplier_id, part.country_id, COALESCE(ship.country_id, item.country_id),
           part.worth, part.position, CASE WHEN part.price = 0 THEN part.share ELSE ABS(part.price) END
      FROM tax_item item
      JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = item.id
      JOIN tax_part part ON part.line_id = rel.order_line_id
      JOIN sale_order sale ON sale.id = part.order_id
      JOIN res_partner ship ON ship.id = sale.partner_shipping_id
     WHERE item.move_type LIKE 'out%%'
    """,
    """
    INSERT INTO tax_route
    SELECT item.id, part.order_id, part.supplier_id, part.country_id, COALESCE(ship.country_id, item.country_id),
           part.worth, NULL, ABS(part.price)
      FROM tax_item item
      JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = item.id
      JOIN sale_order_line sold ON sold.id = rel.order_line_id
      JOIN tax_part part ON part.order_id = sold.order_id
      JOIN sale_order sale ON sale.id = part.order_id
      JOIN res_partner ship ON ship.id = sale.partner_shipping_id
     WHERE item.move_type LIKE 'out%%' AND item.id NOT IN (SELECT line_id FROM tax_route)
    """,
    """
    INSERT INTO tax_route
    SELECT item.id, part.order_id, part.supplier_id, part.country_id, COALESCE(ship.country_id, item.country_id),
           part.worth, NULL, ABS(part.price)
      FROM tax_item item
      JOIN tax_order known ON known.move_id = item.move_id
      JOIN tax_part part ON part.order_id = known.order_id
      JOIN sale_order sale ON sale.id = part.order_id
      JOIN res_partner ship ON ship.id = sale.partner_shipping_id
     WHERE item.move_type LIKE 'out%%' AND item.id NOT IN (SELECT line_id FROM tax_route)
    """,
)
BOUGHT = """
    INSERT INTO tax_route
    SELECT item.id, purchase.dropship_sale_id, place.supplier_id, COALESCE(place.country_id, vendor.country_id),
           COALESCE(ship.country_id, target.country_id, %(home)s), NULL, NULL, 1
      FROM tax_item item
      JOIN account_move_line line ON line.id = item.id
 LEFT JOIN purchase_order_line bought ON bought.id = line.purchase_line_id
      JOIN purchase_order purchase ON purchase.id = COALESCE(bought.order_id, line.dropship_purchase_id)
 LEFT JOIN dropship_supplier_warehouse place ON place.id = purchase.dropship_warehouse_id
 LEFT JOIN res_partner vendor ON vendor.id = purchase.partner_id
 LEFT JOIN sale_order sale ON sale.id = purchase.dropship_sale_id
 LEFT JOIN res_partner ship ON ship.id = sale.partner_shipping_id
 LEFT JOIN res_partner target ON target.id = purchase.dest_address_id
     WHERE item.move_type LIKE 'in%%'
"""
OTHERS = """
    INSERT INTO tax_route
    SELECT item.id, (SELECT MIN(known.order_id) FROM tax_order known WHERE known.move_id = item.move_id
                     HAVING COUNT(*) = 1), NULL,
           CASE WHEN item.move_type LIKE 'in%%' THEN COALESCE(item.country_id, %(home)s) ELSE %(home)s END,
           CASE WHEN item.move_type LIKE 'out%%' THEN COALESCE(item.country_id, %(home)s) ELSE %(home)s END,
           NULL, NULL, 1
      FROM tax_item item
     WHERE item.id NOT IN (SELECT line_id FROM tax_route)
"""
