"""The sources of money that somebody else hands over: what channels, payment services and carriers kept."""

from odoo import api, models
from odoo.tools import SQL

# An entry of a payout has one item for each kind of fee, in the order of the kinds; items and kinds are brought
# together by their amounts. Reversals carry the opposite amounts.
ITEMS = """
    WITH items AS (
        SELECT line.id, line.move_id, line.dropship_payout_id AS payout_id, ABS(line.amount_currency) AS amount,
               COALESCE(line.dropship_payout_bucket, origin.bucket) AS bucket,
               ROW_NUMBER() OVER (PARTITION BY line.move_id, COALESCE(line.dropship_payout_bucket, origin.bucket),
                                               ABS(line.amount_currency) ORDER BY line.id) AS place,
               line.reversed_entry_id
          FROM profit_line line
     LEFT JOIN LATERAL (SELECT MIN(item.dropship_payout_bucket) AS bucket FROM account_move_line item
                         WHERE item.move_id = line.reversed_entry_id AND item.account_id = line.account_id
                           AND item.amount_currency = -line.amount_currency) origin ON TRUE
         WHERE line.dropship_payout_id IS NOT NULL
    )
"""
FEES = (
    ITEMS
    + """, kinds AS (
        SELECT row.payout_id, COALESCE(row.fee_kind, 'other') AS kind, ABS(SUM(row.amount)) AS amount,
               ROW_NUMBER() OVER (PARTITION BY row.payout_id, ABS(SUM(row.amount))
                                  ORDER BY COALESCE(row.fee_kind, 'other')) AS place
          FROM dropship_payout_line row
         WHERE row.kind = 'fee' AND row.state <> 'known' AND row.apart IS NOT TRUE
           AND row.payout_id IN (SELECT payout_id FROM items)
         GROUP BY row.payout_id, COALESCE(row.fee_kind, 'other')
    )
    SELECT items.id, row.order_id, NULL::integer, NULL::integer, payout.channel_id,
           CASE kinds.kind WHEN 'commission' THEN 'commission' WHEN 'fulfilment' THEN 'packaging'
                WHEN 'advertising' THEN 'ads' WHEN 'penalty' THEN 'penalty' WHEN 'subscription' THEN 'overhead'
                WHEN 'chargeback' THEN CASE WHEN row.amount > 0 THEN 'chargeback_won' ELSE 'dispute' END
                ELSE 'payment_fee' END, 'final', row.amount
      FROM items
      JOIN kinds ON kinds.payout_id = items.payout_id AND {same}
      JOIN dropship_payout_line row ON row.payout_id = items.payout_id AND row.kind = 'fee' AND row.state <> 'known'
       AND row.apart IS NOT TRUE AND COALESCE(row.fee_kind, 'other') = kinds.kind
      JOIN dropship_payout payout ON payout.id = items.payout_id
     WHERE items.bucket = 'fee'
"""
)
PAYOUT_FEES = FEES.format(same="kinds.amount = items.amount AND kinds.place = items.place")
# A kind of which rows were booked later has several items: together they are of all rows of such kinds.
PAYOUT_FEES_LATE = FEES.format(
    same="""NOT EXISTS (
           SELECT FROM account_move_line item JOIN account_move move ON move.id = item.move_id
            WHERE move.dropship_payout_id = kinds.payout_id AND item.parent_state = 'posted'
              AND item.dropship_payout_bucket = 'fee' AND ABS(item.amount_currency) = kinds.amount)"""
)
PAYOUT_ADJUSTMENTS = (
    ITEMS
    + """
    SELECT items.id, row.order_id, NULL::integer, NULL::integer, payout.channel_id,
           CASE WHEN row.amount < 0 THEN 'payment_fee' ELSE 'other_income' END, 'final', row.amount
      FROM items
      JOIN dropship_payout_line row ON row.payout_id = items.payout_id AND row.kind = 'adjustment'
       AND row.state <> 'known' AND row.apart IS NOT TRUE
      JOIN dropship_payout payout ON payout.id = items.payout_id
     WHERE items.bucket = 'adjustment'
"""
)
# What the channel's rate made of orders in another currency than the payout.
PAYOUT_RATES = (
    ITEMS
    + """
    SELECT items.id, item.dropship_payout_order_id, NULL::integer, NULL::integer, payout.channel_id, 'fx', 'final',
           SUM(CASE WHEN item.currency_id <> payout.currency_id THEN ABS(item.balance) ELSE 0 END)
      FROM items
      JOIN dropship_payout payout ON payout.id = items.payout_id
      JOIN account_move_line item ON item.move_id IN (items.move_id, items.reversed_entry_id)
       AND item.dropship_payout_order_id IS NOT NULL
     WHERE items.bucket = 'exchange'
     GROUP BY items.id, item.dropship_payout_order_id, payout.channel_id
"""
)
# The item says "Fee of <parcel's number>". A parcel with goods of several orders has an item for each of them.
CARRIER_FEES = """
    WITH items AS (
        SELECT DISTINCT ON (line.id) line.id, line.amount, line.move_id, told.id AS told_id, told.order_id,
               told.shipment_id
          FROM (SELECT profit_line.*, ABS(amount_currency) AS amount FROM profit_line WHERE move_type = 'entry') line
          JOIN dropship_remittance_line told ON told.fee_move_id IN (line.move_id, line.reversed_entry_id)
           AND POSITION(told.number IN line.name) > 0
         ORDER BY line.id, LENGTH(told.number) DESC, told.id
    ), placed AS (
        SELECT items.*, ROW_NUMBER() OVER (PARTITION BY move_id, told_id, amount ORDER BY id) AS place FROM items
    ), rows AS (
        SELECT row.shipment_id, row.order_id, row.fee,
               ROW_NUMBER() OVER (PARTITION BY row.shipment_id, row.fee ORDER BY row.id) AS place
          FROM dropship_collection row
         WHERE row.shipment_id IN (SELECT shipment_id FROM items) AND row.state = 'remitted'
    )
    SELECT placed.id, sale.id, NULL::integer, NULL::integer, sale.dropship_channel_id, 'cod_fee', 'final', 1.0
      FROM placed
 LEFT JOIN rows ON rows.shipment_id = placed.shipment_id AND rows.fee = placed.amount AND rows.place = placed.place
      JOIN sale_order sale ON sale.id = COALESCE(rows.order_id, placed.order_id)
"""


class DropshipProfitSource(models.AbstractModel):
    _inherit = "dropship.profit.source"

    @api.model
    def _claims_payouts(self, company):
        queries = (PAYOUT_FEES, PAYOUT_FEES_LATE, PAYOUT_ADJUSTMENTS, PAYOUT_RATES, CARRIER_FEES)
        return [SQL(query) for query in queries]
