"""What the report is read from: SQL of rows with the columns of `COLUMNS`, one SELECT for each origin.

Numbers of rows are those of their records, times `ORIGINS`, plus a number of the origin; browsers count up to 2**53.
"""

from odoo.tools import SQL

ORIGINS = 8
FAR = 2**43  # further apart than any two numbers of entries
COLUMNS = """id, company_id, date, order_id, order_line_id, product_id, supplier_id, channel_id, customer_id, country_id,
    campaign_id, kind_id, kind_group, stage, side, amount, tax, currency_id, res_model, res_id, document, entries"""
_OF_ORDER = """order_id, order_line_id, product_id, supplier_id, channel_id, customer_id, country_id, campaign_id,
    kind_id, kind_group, stage"""
ENTRIES = f"""
    SELECT id * {ORIGINS}::bigint, company_id, date, {_OF_ORDER}, side, amount, COALESCE(tax, 0), currency_id,
           res_model, res_id, document, 1
      FROM dropship_profit_entry
     WHERE generation_id IN %(editions)s AND side <> 'out' AND %(which)s
"""
DAYS = f"""
    SELECT id * {ORIGINS}::bigint + 1, company_id, date, NULL::integer, NULL::integer, NULL::integer, {{supplier}},
           {{channel}}, NULL::integer, {{country}}, {{campaign}}, kind_id, kind_group, stage, side, amount, tax,
           currency_id, NULL::varchar, NULL::integer, NULL::varchar, entries
      FROM dropship_profit_day
     WHERE generation_id IN %(editions)s AND facet = %(facet)s AND side <> 'out' AND %(which)s
"""
ESTIMATES = f"""
    SELECT id * {ORIGINS}::bigint + 2, company_id, date, {_OF_ORDER}, 'attributed', amount, 0, currency_id,
           res_model, res_id, document, 1
      FROM dropship_profit_estimate WHERE amount <> 0
"""
# Money given back counts on the day of its order, where the company wants it so.
REFUNDS = f"""
    SELECT entry.id * {ORIGINS}::bigint + 3, entry.company_id, COALESCE(sold.date, entry.date), entry.order_id,
           entry.order_line_id, entry.product_id, entry.supplier_id, entry.channel_id, entry.customer_id,
           entry.country_id, entry.campaign_id, entry.kind_id, entry.kind_group, entry.stage, entry.side, entry.amount,
           COALESCE(entry.tax, 0), entry.currency_id, entry.res_model, entry.res_id, entry.document, 1
      FROM dropship_profit_entry entry
 LEFT JOIN dropship_profit_order sold ON sold.order_id = entry.order_id
     WHERE entry.generation_id IN %(editions)s AND entry.side <> 'out' AND entry.kind_id = %(refund)s
       AND entry.company_id = ANY(%(companies)s)
"""
# The cost of what was given back is taken out again, on the day on which the refund counts: as much of the goods of
# the line as was refunded of its price. Rows of no document, numbered by their refunds.
RETURNED = f"""
    SELECT back.id * {ORIGINS}::bigint + 4 + (cost.place - 1) * {FAR}, back.company_id, back.date, back.order_id, back.order_line_id,
           back.product_id, cost.supplier_id, back.channel_id, back.customer_id, back.country_id, back.campaign_id,
           cost.kind_id, cost.kind_group, 'billed', 'attributed',
           ROUND(-cost.amount * LEAST(GREATEST(-back.amount / sold.amount, 0), 1), 2), 0, back.currency_id,
           'sale.order', back.order_id, (SELECT name FROM sale_order WHERE id = back.order_id), 1
      FROM (SELECT MIN(entry.id) AS id, entry.company_id,
                   CASE WHEN entry.company_id = ANY(%(companies)s) THEN COALESCE(MIN(sold.date), entry.date)
                        ELSE entry.date END AS date,
                   entry.order_id, entry.order_line_id, MIN(entry.product_id) AS product_id,
                   MIN(entry.channel_id) AS channel_id, MIN(entry.customer_id) AS customer_id,
                   MIN(entry.country_id) AS country_id, MIN(entry.campaign_id) AS campaign_id,
                   MIN(entry.currency_id) AS currency_id, SUM(entry.amount) AS amount
              FROM dropship_profit_entry entry
         LEFT JOIN dropship_profit_order sold ON sold.order_id = entry.order_id
             WHERE entry.generation_id IN %(editions)s AND entry.kind_id = %(refund)s
               AND entry.order_line_id IS NOT NULL AND entry.company_id = ANY(%(returned)s)
             GROUP BY entry.company_id, entry.date, entry.order_id, entry.order_line_id) back
CROSS JOIN LATERAL (SELECT NULLIF(SUM(amount), 0) AS amount FROM dropship_profit_entry
                     WHERE order_line_id = back.order_line_id AND generation_id IN %(editions)s
                       AND kind_id IN %(sold)s) sold
CROSS JOIN LATERAL (SELECT supplier_id, kind_id, kind_group, SUM(amount) AS amount,
                           ROW_NUMBER() OVER (ORDER BY supplier_id, kind_id) AS place
                      FROM dropship_profit_entry
                     WHERE order_line_id = back.order_line_id AND generation_id IN %(editions)s AND kind_id IN %(goods)s
                     GROUP BY supplier_id, kind_id, kind_group) cost
     WHERE sold.amount > 0 AND back.amount < 0
"""
# Costs shared among orders, products and campaigns: what the books do not have yet is added; what they have is moved
# from where it was booked, so that it counts once.
SHARES = f"""
    SELECT share.id * {ORIGINS}::bigint + place.number, share.company_id, share.date, {{of_order}}, share.kind_id,
           kind."group", place.stage, place.side, place.amount, 0, company.currency_id, 'dropship.cost.share', share.id,
           {{document}}, 1
      FROM dropship_cost_share share
      JOIN dropship_profit_kind kind ON kind.id = share.kind_id
      JOIN res_company company ON company.id = share.company_id
 LEFT JOIN dropship_profit_order sold ON sold.order_id = {{order}}
CROSS JOIN LATERAL (VALUES
           (5, 'estimated', CASE WHEN {{order}} IS NULL THEN 'overhead' ELSE 'attributed' END, share.amount, TRUE),
           (6, 'billed', CASE WHEN {{order}} IS NULL THEN 'overhead' ELSE 'attributed' END, share.booked, TRUE),
           (7, 'billed', 'overhead', -share.booked, FALSE)) place (number, stage, side, amount, here)
     WHERE place.amount <> 0
"""


def shares(model):
    """SQL of the shared costs, whatever of their dimensions the model knows.

    A row that takes a booked cost from where it was booked has none of them.
    """
    known = model._fields

    def of(name, otherwise="NULL::integer"):
        value = f"share.{name}" if name in known else otherwise
        return f"CASE WHEN place.here THEN {value} END"

    order = "share.order_id" if "order_id" in known else "NULL::integer"
    of_order = [
        of("order_id"), of("order_line_id"), of("product_id"), of("supplier_id"), of("channel_id", "sold.channel_id"),
        of("customer_id", "sold.customer_id"), of("country_id", "sold.country_id"),
        of("campaign_id", "sold.campaign_id"),
    ]  # fmt: skip
    document = "share.document" if "document" in known else "NULL::varchar"
    return SQL(SHARES.format(of_order=", ".join(of_order), order=order, document=document))
