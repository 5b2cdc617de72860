"""The sources of the ground floor: whose the items of invoices, bills, payouts, cost of stock and rate entries are."""

from odoo import api, models
from odoo.tools import SQL

# A line of an order, divided among the suppliers who provide it by what they cost.
SHARES = """
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
SOLD = " JOIN sale_order_line sold ON sold.id = rel.order_line_id" + SHARES
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
# Rounding, cash discount and what was typed in by hand: of the orders of the document, by what is on it of each.
INVOICES_REST = """
    SELECT line.id, whose.order_id, NULL::integer, NULL::integer, NULL::integer,
           CASE WHEN line.move_type = 'out_refund' THEN 'refund'
                WHEN line.balance > 0 THEN 'discount' ELSE line.account_kind END, 'billed', whose.worth
      FROM profit_line line
      JOIN LATERAL (SELECT sold.order_id, SUM(ABS(item.balance)) AS worth
                      FROM account_move_line item
                      JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = item.id
                      JOIN sale_order_line sold ON sold.id = rel.order_line_id
                     WHERE item.move_id {moves}
                     GROUP BY sold.order_id) whose ON TRUE
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
# What stands beside goods on a bill without saying of which purchase: of all on the bill, by what it takes for them.
BILLS_SHARED = """
    SELECT line.id, part.order_id, part.line_id, part.supplier_id, NULL::integer,
           CASE WHEN line.dropship_charge IS NOT NULL THEN {kind}
                WHEN line.balance < 0 THEN 'supplier_credit' ELSE 'supplier_fee' END, 'billed',
           SUM(ABS(item.balance) * part.pieces / GREATEST(part.whole, part.pieces, 1e-6))
      FROM profit_line line
      JOIN account_move_line item ON item.move_id {moves} AND item.purchase_line_id IS NOT NULL
CROSS JOIN LATERAL (
           SELECT had.*, SUM(had.pieces) OVER () AS whole
             FROM (SELECT order_id, line_id, supplier_id,
                          CASE WHEN state <> 'released' OR qty_shipped > 0 THEN buy_qty ELSE 0 END::numeric AS pieces
                     FROM dropship_allocation WHERE purchase_line_id = item.purchase_line_id) had
           ) part
     WHERE line.move_type IN ('in_invoice', 'in_refund', 'in_receipt') AND line.dropship_purchase_id IS NULL
       AND line.purchase_line_id IS NULL AND (line.scope = 'order' OR line.dropship_charge IS NOT NULL)
     GROUP BY line.id, line.dropship_charge, line.balance, line.move_type, part.order_id, part.line_id,
           part.supplier_id
"""
# A charge or claim of a statement that is about no purchase: of no order, but of that kind and supplier.
BILLS_REST = """
    SELECT line.id, NULL::integer, NULL::integer, line.dropship_supplier_id, NULL::integer, {kind}, 'billed', 1.0
      FROM profit_line line
     WHERE line.dropship_charge IS NOT NULL AND line.move_type IN ('in_invoice', 'in_refund', 'in_receipt')
"""
STOCK = """
    SELECT line.id, sold.order_id, sold.id, source.supplier_id, NULL::integer, 'own_stock', 'final', divided.share
      FROM profit_line line
      JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = line.cogs_origin_id
      {sold}
     WHERE line.display_type = 'cogs'
"""
# Whose an item `item` of a reconciliation is: a payout says it itself, of documents the ledger knows it. It counts by
# what each document says of an order now: what was corrected since must not count twice.
WHOSE = """
      JOIN LATERAL (
           SELECT item.dropship_payout_order_id AS order_id, NULL::integer AS supplier_id, ABS(item.balance) AS worth
            WHERE item.dropship_payout_order_id IS NOT NULL
            UNION ALL
           SELECT entry.order_id, entry.supplier_id, ABS(SUM(entry.amount)) FROM dropship_profit_entry entry
            WHERE entry.res_id = item.move_id AND entry.generation_id = %(generation)s AND entry.order_id IS NOT NULL
              AND item.dropship_payout_order_id IS NULL
            GROUP BY entry.order_id, entry.supplier_id) whose ON TRUE
"""
# A rate entry belongs to the orders of the documents it was made for, by what they are worth.
EXCHANGE = f"""
    SELECT line.id, whose.order_id, NULL::integer, whose.supplier_id, NULL::integer, 'fx', 'final', SUM(whose.worth)
      FROM profit_line line
      JOIN account_partial_reconcile partial ON partial.exchange_move_id = line.move_id
      JOIN account_move_line item ON item.id IN (partial.debit_move_id, partial.credit_move_id)
    {WHOSE}
     GROUP BY line.id, whose.order_id, whose.supplier_id
"""
# What a payment, a statement or a hand left open on invoices and bills: of their orders. Nothing is left of a customer
# whose bank took the money back.
WRITE_OFFS = f"""
    SELECT line.id, whose.order_id, NULL::integer, whose.supplier_id, NULL::integer,
           CASE WHEN account.account_type = 'liability_payable'
                THEN CASE WHEN line.balance < 0 THEN 'supplier_credit' ELSE 'supplier_fee' END
                WHEN line.balance < 0 THEN 'other_income'
                WHEN EXISTS (SELECT FROM dropship_payout_line told
                              WHERE told.order_id = whose.order_id AND told.kind = 'chargeback') THEN 'dispute'
                WHEN line.account_kind IN ('payment_fee', 'cod_fee', 'commission') THEN line.account_kind
                ELSE 'discount' END, 'final', SUM(whose.worth)
      FROM profit_line line
      JOIN account_move_line own ON own.move_id = line.move_id
      JOIN account_account account ON account.id = own.account_id
       AND account.account_type IN ('asset_receivable', 'liability_payable')
      JOIN LATERAL (SELECT debit_move_id AS id FROM account_partial_reconcile WHERE credit_move_id = own.id
                     UNION SELECT credit_move_id FROM account_partial_reconcile WHERE debit_move_id = own.id
                    ) paid ON TRUE
      JOIN account_move_line item ON item.id = paid.id
    {WHOSE}
     WHERE line.move_type = 'entry' AND line.dropship_payout_id IS NULL
     GROUP BY line.id, line.balance, line.account_kind, account.account_type, whose.order_id, whose.supplier_id
"""


class DropshipProfitSource(models.AbstractModel):
    _inherit = "dropship.profit.source"

    @api.model
    def _claims_invoices(self, company):
        own = INVOICES_REST.format(moves="= line.move_id")
        reversed_ = INVOICES_REST.format(moves="= line.reversed_entry_id")
        return [SQL(INVOICES.format(sold=SOLD)), SQL(own), SQL(reversed_)]

    @api.model
    def _claims_bills(self, company):
        queries = (
            BILLS_GOODS, BILLS_CHARGES, BILLS_OF_SALE, BILLS_SHARED.replace("{moves}", "= line.move_id"),
            BILLS_SHARED.replace("{moves}", "= line.reversed_entry_id"), BILLS_REST,
        )  # fmt: skip
        return [SQL(query.format(kind=CHARGE_KIND)) for query in queries]

    @api.model
    def _claims_stock(self, company):
        return [SQL(STOCK.format(sold=SOLD))]

    @api.model
    def _claims_exchange(self, company):
        return [SQL(query, generation=self._edition(company)) for query in (EXCHANGE, WRITE_OFFS)]

    @api.model
    def _edition(self, company):
        """The edition that is written now: its documents are in before the entries about them."""
        return self.env.context.get("profit_generation") or self.env["dropship.profit.generation"]._live(company).id
