"""What the report is read from: SQL of rows with the columns of `COLUMNS`, one SELECT for each origin.

Numbers of rows are those of their records, times `ORIGINS`, plus a number of the origin; browsers count up to 2**53.
Columns have the same types everywhere: PostgreSQL leaves out what nobody asked for only then.
"""

from odoo.tools import SQL

from .day import MONTH

ORIGINS = 8
FAR = 2**43  # further apart than any two numbers of records
COLUMNS = """id, company_id, date, order_id, order_line_id, product_id, supplier_id, channel_id, customer_id,
    country_id, campaign_id, kind_id, kind_group, stage, side, amount, tax, currency_id, res_model, res_id, document,
    entries, units"""
_OF_ORDER = """line.order_id, line.order_line_id, line.product_id, line.supplier_id, line.channel_id, line.customer_id,
    line.country_id, line.campaign_id, line.kind_id, line.kind_group, line.stage"""
# Pieces of the invoice's item, by the share of it that the entry is; what is credited is taken off. An item may have
# been written, taken back and written again: together they are the item.
_PIECES = """
    CASE WHEN line.kind_id IN %(pieces)s AND line.order_line_id IS NOT NULL THEN line.amount * (
         SELECT CASE WHEN line.kind_id = %(refund)s THEN -ABS(item.quantity) ELSE item.quantity END::numeric
                / NULLIF(SUM(other.amount), 0)
           FROM account_move_line item
           JOIN sale_order_line part ON part.id = line.order_line_id AND part.is_delivery IS NOT TRUE
           JOIN dropship_profit_entry other ON other.generation_id = line.generation_id AND other.res_id = line.res_id
            AND other.line_ref = line.line_ref AND other.kind_id = line.kind_id
          WHERE item.id = line.move_line_id
          GROUP BY item.id) END
"""
ENTRIES = f"""
    SELECT line.id * {ORIGINS}::bigint, line.company_id, line.date, {_OF_ORDER}, line.side, line.amount,
           COALESCE(line.tax, 0), line.currency_id, line.res_model, line.res_id, line.document, 1, {_PIECES}
      FROM dropship_profit_entry line
     WHERE line.generation_id IN %(editions)s AND line.side <> 'out' AND %(which)s
"""
DAYS = f"""
    SELECT line.id * {ORIGINS}::bigint + 1, line.company_id, line.date, NULL::integer, NULL::integer, NULL::integer,
           {{supplier}}, {{channel}}, NULL::integer, {{country}}, {{campaign}}, line.kind_id, line.kind_group,
           line.stage, line.side, line.amount, line.tax, line.currency_id, NULL::varchar, NULL::integer, NULL::varchar,
           line.entries, NULL::numeric
      FROM dropship_profit_day line
     WHERE line.generation_id IN %(editions)s AND line.facet = %(facet)s AND line.side <> 'out' AND %(which)s
"""
ESTIMATES = f"""
    SELECT line.id * {ORIGINS}::bigint + 2, line.company_id, line.date, {_OF_ORDER}, 'attributed'::varchar,
           line.amount, 0::numeric, line.currency_id, line.res_model, line.res_id, line.document, 1,
           CASE WHEN line.kind_id = %(sales)s THEN line.amount / NULLIF(line.expected, 0) * (
                SELECT part.product_uom_qty FROM sale_order_line part WHERE part.id = line.order_line_id)::numeric END
      FROM dropship_profit_estimate line WHERE line.amount <> 0
"""
# Money given back counts on the day of its order, where the company wants it so.
REFUNDS = f"""
    SELECT line.id * {ORIGINS}::bigint + 3, line.company_id, COALESCE(sold.date, line.date), {_OF_ORDER}, line.side,
           line.amount, COALESCE(line.tax, 0), line.currency_id, line.res_model, line.res_id, line.document, 1,
           {_PIECES}
      FROM dropship_profit_entry line
 LEFT JOIN dropship_profit_order sold ON sold.order_id = line.order_id
     WHERE line.generation_id IN %(editions)s AND line.side <> 'out' AND line.kind_id = %(refund)s
       AND line.company_id = ANY(%(by_order)s)
"""
# The cost of goods that came back, where the company wants it in contribution 4: out of contribution 1 on the day of
# the return. The profit stays. Rows of no document, numbered by the moves of the goods.
RETURNED = f"""
    SELECT back.id * {ORIGINS}::bigint + 4 + (2 * cost.place + side.place) * {FAR}, sale.company_id,
           (back.date AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(home.tz, 'UTC'))::date, sale.id, sold.id,
           sold.product_id, cost.supplier_id, sale.dropship_channel_id, customer.commercial_partner_id,
           sale.dropship_country_id, sale.campaign_id, cost.kind_id, side.kind_group::varchar, 'billed'::varchar,
           'attributed'::varchar,
           ROUND(cost.amount * side.sign * LEAST(back.quantity / went.quantity, 1)::numeric, money.decimal_places),
           0::numeric, company.currency_id, 'sale.order'::varchar, sale.id, sale.name, 1, NULL::numeric
      FROM stock_location shop
      JOIN stock_move back ON back.location_id = shop.id AND back.state = 'done' AND back.sale_line_id IS NOT NULL
      JOIN stock_location target ON target.id = back.location_dest_id AND target.usage <> 'customer'
      JOIN sale_order_line sold ON sold.id = back.sale_line_id
      JOIN sale_order sale ON sale.id = sold.order_id AND sale.company_id = ANY(%(moved)s)
      JOIN res_partner customer ON customer.id = sale.partner_id
      JOIN res_company company ON company.id = sale.company_id
      JOIN res_currency money ON money.id = company.currency_id
      JOIN res_partner home ON home.id = company.partner_id
CROSS JOIN LATERAL (SELECT NULLIF(SUM(out.quantity), 0) AS quantity
                      FROM stock_move out
                      JOIN stock_location source ON source.id = out.location_id AND source.usage <> 'customer'
                      JOIN stock_location place ON place.id = out.location_dest_id AND place.usage = 'customer'
                     WHERE out.sale_line_id = sold.id AND out.state = 'done') went
CROSS JOIN LATERAL (SELECT supplier_id, kind_id, SUM(amount) AS amount,
                           ROW_NUMBER() OVER (ORDER BY supplier_id, kind_id) - 1 AS place
                      FROM (SELECT supplier_id, kind_id, amount FROM dropship_profit_entry
                             WHERE order_line_id = sold.id AND generation_id IN %(editions)s AND side = 'attributed'
                         UNION ALL
                            SELECT supplier_id, kind_id, amount FROM dropship_profit_estimate
                             WHERE order_line_id = sold.id) goods
                     WHERE kind_id IN %(goods)s
                     GROUP BY supplier_id, kind_id) cost
CROSS JOIN (VALUES ('1', -1, 0), ('4', 1, 1)) side (kind_group, sign, place)
     WHERE shop.usage = 'customer' AND went.quantity > 0
"""
# Costs shared among orders and channels before their bills come. What bills brought is in the entries; where those
# know no order, they know no campaign either: it is moved to the campaign, so that it counts once.
SHARES = f"""
    SELECT line.id * {ORIGINS}::bigint + place.number, line.company_id, line.date, line.order_id, line.order_line_id,
           line.product_id, line.supplier_id, line.channel_id, line.customer_id, line.country_id,
           CASE WHEN place.number <> 7 THEN line.campaign_id END, line.kind_id, line.kind_group, place.stage::varchar,
           CASE WHEN line.order_id IS NOT NULL THEN 'attributed' WHEN line.kind_group = 'overhead' THEN 'overhead'
                ELSE 'unattributed' END::varchar,
           place.amount, 0::numeric, line.currency_id, 'dropship.cost.share'::varchar, line.id, line.document, 1,
           NULL::numeric
      FROM dropship_cost_share line
CROSS JOIN LATERAL (
           SELECT 5 AS number, 'estimated' AS stage, line.amount AS amount
     UNION ALL
           SELECT sign.number, 'billed', line.booked * sign.sign FROM (VALUES (6, 1), (7, -1)) sign (number, sign)
            WHERE line.order_id IS NULL AND line.campaign_id IS NOT NULL) place
     WHERE place.amount <> 0
"""


def rows(facts, facet, facets, shared):
    """SQL of all rows.

    :param dict facts: `editions`, companies that want refunds `by_order` or returned cost `moved`, ids of kinds
    :param str facet: of the sums by day or month, or nothing: the entries
    :param facets: the facets there are
    :param bool shared: whether costs are shared here
    """
    which = SQL("TRUE")
    if facts["by_order"]:
        which = SQL("NOT (line.kind_id = %(refund)s AND line.company_id = ANY(%(by_order)s))", **facts)
    if facet:
        own = facet.removesuffix(MONTH)
        columns = {name: "NULLIF(line.value_ref, 0)" if name == own else "NULL::integer" for name in facets}
        found = [SQL(DAYS.format(**columns), facet=facet, which=which, **facts)]
    else:
        found = [SQL(ENTRIES, which=which, **facts)]
    found.append(SQL(ESTIMATES, **facts))
    if facts["by_order"]:
        found.append(SQL(REFUNDS, **facts))
    if facts["moved"]:
        found.append(SQL(RETURNED, **facts))
    if shared:
        found.append(SQL(SHARES))
    return SQL(" UNION ALL ").join(found)
