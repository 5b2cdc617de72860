"""The sources of the ground floor: whose the items of invoices, bills, payouts, cost of stock and rate entries are."""

from odoo import api, models
from odoo.tools import SQL

# A line of an order, divided among the suppliers who provide it by what they cost.
SOLD = """
      JOIN sale_order_line sold ON sold.id = rel.order_line_id
 LEFT JOIN LATERAL (
           SELECT part.supplier_id, SUM(part.landed)::numeric AS landed,
                  SUM(SUM(part.landed)) OVER ()::numeric AS whole,
                  COUNT(*) OVER () AS count
             FROM dropship_allocation part
            WHERE part.line_id = sold.id AND (part.state <> 'released' OR part.qty_shipped > 0)
            GROUP BY part.supplier_id) source ON TRUE
CROSS JOIN LATERAL (SELECT CASE WHEN source.whole > 0 THEN source.landed / source.whole
                                ELSE 1.0 / COALESCE(source.count, 1) END AS share) divided
"""
INVOICES = """
    SELECT line.id, sold.order_id, sold.id, source.supplier_id, NULL::integer, parts.kind, 'billed',
           parts.weight * divided.share
           * CASE WHEN whole.price = 0 THEN 1 ELSE ABS(sold.price_subtotal) / whole.price END
      FROM profit_line line
      JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = line.id
      {sold}
CROSS JOIN LATERAL (SELECT SUM(ABS(other.price_subtotal)) AS price
                      FROM sale_order_line_invoice_rel also JOIN sale_order_line other ON other.id = also.order_line_id
                     WHERE also.invoice_line_id = line.id) whole
CROSS JOIN LATERAL (
           SELECT CASE WHEN line.move_type IN ('out_refund', 'in_invoice') THEN 'refund'
                       WHEN sold.is_delivery THEN 'shipping_income'
                       WHEN line.balance > 0 AND line.is_downpayment IS NOT TRUE THEN 'discount'
                       ELSE 'sales' END AS kind,
                  CASE WHEN line.move_type = 'out_invoice' THEN 100.0 ELSE 1.0 END AS weight
            UNION ALL
           SELECT 'discount', -line.discount
            WHERE line.move_type = 'out_invoice' AND line.balance < 0 AND line.discount > 0 AND line.discount < 100
              AND sold.is_delivery IS NOT TRUE) parts
     WHERE line.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
"""
# Rounding, cash discount and what was typed in by hand, on documents of one order alone.
INVOICES_OF_ONE = """
    SELECT line.id, one.order_id, NULL::integer, NULL::integer, NULL::integer,
           CASE WHEN line.move_type = 'out_refund' THEN 'refund'
                WHEN line.balance > 0 THEN 'discount' ELSE line.account_kind END, 'billed', 1.0
      FROM profit_line line
      JOIN LATERAL (SELECT MIN(sold.order_id) AS order_id
                      FROM account_move_line item
                      JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = item.id
                      JOIN sale_order_line sold ON sold.id = rel.order_line_id
                     WHERE item.move_id {moves}
                    HAVING COUNT(DISTINCT sold.order_id) = 1) one ON TRUE
     WHERE line.move_type IN ('out_invoice', 'out_refund', 'out_receipt') AND line.display_type <> 'cogs'
"""
CHARGE_KIND = """
    CASE line.dropship_charge
         WHEN 'freight' THEN 'supplier_freight' WHEN 'fee' THEN 'supplier_fee' WHEN 'service' THEN 'supplier_fee'
         WHEN 'allowance' THEN 'supplier_credit' WHEN 'penalty' THEN 'supplier_credit'
         WHEN 'claim' THEN 'supplier_credit' WHEN 'other' THEN 'supplier_fee' ELSE 'goods' END
"""
BILLS_GOODS = """
    SELECT line.id, part.order_id, part.line_id, part.supplier_id, NULL::integer, {kind}, 'billed',
           CASE WHEN part.state <> 'released' OR part.qty_shipped > 0 THEN part.buy_qty ELSE 0 END::numeric
      FROM profit_line line
      JOIN dropship_allocation part ON part.purchase_line_id = line.purchase_line_id
     WHERE line.move_type IN ('in_invoice', 'in_refund', 'in_receipt')
"""
BILLS_CHARGES = """
    SELECT id, order_id, order_line_id, supplier_id, NULL::integer, kind, 'billed',
           CASE WHEN SUM(mine) OVER whole > 0 THEN mine WHEN SUM(goods) OVER whole > 0 THEN goods ELSE 1 END
      FROM (SELECT line.id, part.order_id, part.line_id AS order_line_id, part.supplier_id, {kind} AS kind,
                   (gone.share * CASE WHEN line.dropship_charge = 'freight' THEN part.freight
                                      WHEN line.dropship_charge IN ('fee', 'service') THEN part.fees END
                   )::numeric AS mine,
                   (part.goods * gone.share)::numeric AS goods
              FROM profit_line line
              JOIN dropship_allocation part ON part.purchase_id = line.dropship_purchase_id
        CROSS JOIN LATERAL (SELECT CASE WHEN part.state <> 'released' THEN 1 WHEN part.qty > 0
                                        THEN part.qty_shipped / part.qty ELSE 0 END AS share) gone
             WHERE line.move_type IN ('in_invoice', 'in_refund', 'in_receipt')) charge
    WINDOW whole AS (PARTITION BY id)
"""
# Purchases for a sale that were not sourced by us, and charges about a purchase whose rows are gone.
BILLS_OF_SALE = """
    SELECT line.id, COALESCE(sold.order_id, purchase.dropship_sale_id), sold.id, warehouse.supplier_id, NULL::integer,
           {kind}, 'billed', 1.0
      FROM profit_line line
 LEFT JOIN purchase_order_line bought ON bought.id = line.purchase_line_id
 LEFT JOIN sale_order_line sold ON sold.id = bought.sale_line_id
 LEFT JOIN purchase_order purchase ON purchase.id = COALESCE(bought.order_id, line.dropship_purchase_id)
 LEFT JOIN dropship_supplier_warehouse warehouse ON warehouse.id = purchase.dropship_warehouse_id
     WHERE line.move_type IN ('in_invoice', 'in_refund', 'in_receipt')
       AND COALESCE(sold.order_id, purchase.dropship_sale_id) IS NOT NULL
"""
# A charge or claim of a statement that is about no purchase: of no order, but of that kind and supplier.
BILLS_REST = """
    SELECT line.id, NULL::integer, NULL::integer, line.dropship_supplier_id, NULL::integer, {kind}, 'billed', 1.0
      FROM profit_line line
     WHERE line.dropship_charge IS NOT NULL AND line.move_type IN ('in_invoice', 'in_refund', 'in_receipt')
"""
# An entry of a payout has one item for each kind of fee, in the order of the kinds; items and kinds are brought
# together by their amounts. Reversals carry the opposite amounts.
PAYOUT_FEES = """
    WITH items AS (
        SELECT line.id, line.dropship_payout_id AS payout_id, ABS(line.amount_currency) AS amount,
               ROW_NUMBER() OVER (PARTITION BY line.move_id, ABS(line.amount_currency) ORDER BY line.id) AS place
          FROM profit_line line
         WHERE line.dropship_payout_id IS NOT NULL
           AND (line.dropship_payout_bucket = 'fee' OR EXISTS (
               SELECT FROM account_move_line origin
                WHERE origin.move_id = line.reversed_entry_id AND origin.dropship_payout_bucket = 'fee'
                  AND origin.account_id = line.account_id AND origin.amount_currency = -line.amount_currency))
    ), kinds AS (
        SELECT row.payout_id, COALESCE(row.fee_kind, 'other') AS kind, ABS(SUM(row.amount)) AS amount,
               ROW_NUMBER() OVER (PARTITION BY row.payout_id, ABS(SUM(row.amount))
                                  ORDER BY COALESCE(row.fee_kind, 'other')) AS place
          FROM dropship_payout_line row
         WHERE row.kind = 'fee' AND row.state <> 'known'
           AND row.payout_id IN (SELECT payout_id FROM items)
         GROUP BY row.payout_id, COALESCE(row.fee_kind, 'other')
    )
    SELECT items.id, row.order_id, NULL::integer, NULL::integer, payout.channel_id,
           CASE kinds.kind WHEN 'commission' THEN 'commission' WHEN 'fulfilment' THEN 'packaging'
                WHEN 'advertising' THEN 'ads' WHEN 'chargeback' THEN 'dispute' WHEN 'penalty' THEN 'penalty'
                WHEN 'subscription' THEN 'overhead' ELSE 'payment_fee' END, 'final', row.amount
      FROM items
      JOIN kinds ON kinds.payout_id = items.payout_id AND kinds.amount = items.amount AND kinds.place = items.place
      JOIN dropship_payout_line row ON row.payout_id = items.payout_id AND row.kind = 'fee' AND row.state <> 'known'
       AND COALESCE(row.fee_kind, 'other') = kinds.kind
      JOIN dropship_payout payout ON payout.id = items.payout_id
"""
# The item says "Fee of <parcel's number>".
CARRIER_FEES = """
    SELECT DISTINCT ON (line.id) line.id, told.order_id, NULL::integer, NULL::integer, sale.dropship_channel_id,
           'cod_fee', 'final', 1.0
      FROM profit_line line
      JOIN dropship_remittance_line told ON told.fee_move_id = line.move_id AND POSITION(told.number IN line.name) > 0
      JOIN sale_order sale ON sale.id = told.order_id
     ORDER BY line.id, LENGTH(told.number) DESC, told.id
"""
STOCK = """
    SELECT line.id, sold.order_id, sold.id, source.supplier_id, NULL::integer, 'own_stock', 'final', divided.share
      FROM profit_line line
      JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = line.cogs_origin_id
      {sold}
     WHERE line.display_type = 'cogs'
"""
# A rate entry belongs to the orders of the documents it was made for, by what each document says of them now: what was
# corrected since must not count twice.
EXCHANGE = """
    SELECT id, order_id, NULL::integer, supplier_id, NULL::integer, 'fx', 'final', SUM(ABS(worth))
      FROM (SELECT line.id, entry.order_id, entry.supplier_id, SUM(entry.amount) AS worth
              FROM profit_line line
              JOIN account_partial_reconcile partial ON partial.exchange_move_id = line.move_id
              JOIN account_move_line item ON item.id IN (partial.debit_move_id, partial.credit_move_id)
              JOIN dropship_profit_entry entry ON entry.res_id = item.move_id AND entry.generation_id = {generation}
               AND entry.order_id IS NOT NULL
             GROUP BY line.id, entry.res_id, entry.order_id, entry.supplier_id) told
     GROUP BY id, order_id, supplier_id
"""


class DropshipProfitSource(models.AbstractModel):
    _inherit = "dropship.profit.source"

    @api.model
    def _claims_invoices(self, company):
        own = INVOICES_OF_ONE.format(moves="= line.move_id")
        reversed_ = INVOICES_OF_ONE.format(moves="= line.reversed_entry_id")
        return [SQL(INVOICES.format(sold=SOLD)), SQL(own), SQL(reversed_)]

    @api.model
    def _claims_bills(self, company):
        queries = (BILLS_GOODS, BILLS_CHARGES, BILLS_OF_SALE, BILLS_REST)
        return [SQL(query.format(kind=CHARGE_KIND)) for query in queries]

    @api.model
    def _claims_payouts(self, company):
        return [SQL(PAYOUT_FEES), SQL(CARRIER_FEES)]

    @api.model
    def _claims_stock(self, company):
        return [SQL(STOCK.format(sold=SOLD))]

    @api.model
    def _claims_exchange(self, company):
        # Of the edition that is written now: its documents are in before their rate entries.
        generation = (
            self.env.context.get("profit_generation") or self.env["dropship.profit.generation"]._live(company).id
        )
        return [SQL(EXCHANGE.format(generation="%s"), generation)]
