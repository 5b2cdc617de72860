"""The source of what comes after the sale: refunds, ways back, insurance, claims, repairs, store credit, loyalty.

Read where that addon is installed. Bills of return freight, insurers and repairers carry no link: their items belong to
the return parcel, policy, repair or claim whose number stands in their text.
"""

from odoo import api, models
from odoo.tools import SQL

from .claims import SHARES
from .source import Source

# What a credit note gives back, row by row as it was reckoned; what is kept for restocking is a line of its own.
REFUNDS = """
    SELECT line.id, refund.order_id, sold.id, source.supplier_id, NULL::integer,
           CASE WHEN line.product_id = %(restocking)s THEN 'restocking'
                WHEN row.kind IN ('goodwill', 'keep') THEN 'goodwill'
                WHEN row.kind = 'return_freight' THEN 'return_label' ELSE 'refund' END, 'billed', divided.share
      FROM profit_line line
      JOIN account_move move ON move.id = line.move_id
      JOIN account_move_line item ON item.id = line.id
      JOIN dropship_refund refund ON refund.id = move.dropship_refund_id
 LEFT JOIN dropship_refund_line row ON row.id = item.dropship_refund_line_id
 LEFT JOIN sale_order_line sold ON sold.id = row.order_line_id
{shares}
     WHERE line.display_type <> 'cogs' AND (row.id IS NOT NULL OR NOT EXISTS (
           SELECT FROM sale_order_line_invoice_rel rel WHERE rel.invoice_line_id = line.id))
"""
# What a refund keeps and no invoice could be lowered by is invoiced. What was paid in points or from a card is the cost
# of those.
INVOICED = """
    SELECT line.id, sold.order_id, sold.id, NULL::integer, NULL::integer,
           CASE WHEN sold.dropship_charge_of_id IS NOT NULL THEN 'restocking' ELSE 'loyalty' END, 'billed', 1.0
      FROM profit_line line
      JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = line.id
      JOIN sale_order_line sold ON sold.id = rel.order_line_id
 LEFT JOIN loyalty_reward reward ON reward.id = sold.reward_id
 LEFT JOIN loyalty_program program ON program.id = reward.program_id
     WHERE line.display_type <> 'cogs' AND (sold.dropship_charge_of_id IS NOT NULL
        OR program.program_type IN ('loyalty', 'gift_card', 'ewallet'))
"""
CREDIT_BONUS = """
    SELECT DISTINCT line.id, refund.order_id, NULL::integer, NULL::integer, NULL::integer, 'loyalty', 'final', 1.0
      FROM profit_line line
      JOIN account_move_dropship_resolution_rel rel
        ON rel.account_move_id IN (line.move_id, line.reversed_entry_id)
      JOIN dropship_refund refund ON refund.resolution_id = rel.dropship_resolution_id
      JOIN sale_order sale ON sale.id = refund.order_id AND RIGHT(line.name, LENGTH(sale.name)) = sale.name
"""
PREMIUMS = """
    SELECT line.id, policy.order_id, NULL::integer, NULL::integer, NULL::integer, 'insurance_premium', 'billed',
           policy.premium
      FROM profit_line line
 LEFT JOIN account_move_line origin ON origin.move_id = line.reversed_entry_id AND origin.account_id = line.account_id
       AND origin.amount_currency = -line.amount_currency
      JOIN dropship_freight_insurance policy ON policy.bill_line_id IN (line.id, origin.id)
"""
# Our deductions on a statement name the claim; a credit note of theirs is for one claim as a whole, and so are the
# entries about what nobody granted.
CLAIMS = """
    WITH credited AS (
        SELECT line.id AS line_id, credit.claim_id
          FROM profit_line line
          JOIN dropship_claim_credit credit ON credit.move_id IN (line.move_id, line.reversed_entry_id)
          JOIN dropship_claim claim ON claim.id = credit.claim_id
         WHERE credit.kind = 'theirs' OR (credit.kind = 'ours' AND line.name = claim.name)
         UNION
        SELECT line.id, credit.claim_id
          FROM profit_line line
          JOIN account_move_dropship_claim_credit_rel rel
            ON rel.account_move_id IN (line.move_id, line.reversed_entry_id)
          JOIN dropship_claim_credit credit ON credit.id = rel.dropship_claim_credit_id
    ), worth AS (
        SELECT row.claim_id, sold.order_id, sold.id AS order_line_id, row.amount
          FROM dropship_claim_line row
          JOIN dropship_return_line returned ON returned.id = row.return_line_id
          JOIN sale_order_line sold ON sold.id = returned.order_line_id
         WHERE row.claim_id IN (SELECT claim_id FROM credited)
     UNION ALL
        SELECT row.claim_id, part.order_id, part.line_id,
               row.amount * part.qty::numeric / NULLIF(SUM(part.qty::numeric) OVER (PARTITION BY row.id), 0)
          FROM dropship_claim_line row
          JOIN dropship_allocation part ON part.purchase_line_id = row.purchase_line_id
         WHERE row.claim_id IN (SELECT claim_id FROM credited) AND row.return_line_id IS NULL
    ), whose AS (
        SELECT * FROM worth
     UNION ALL
        SELECT claim.id, COALESCE(claim.order_id, sold.order_id), CASE WHEN claim.order_id IS NULL THEN sold.id END, 1
          FROM dropship_claim claim
     LEFT JOIN dropship_return_line returned ON returned.return_id = claim.return_id
     LEFT JOIN sale_order_line sold ON sold.id = returned.order_line_id
         WHERE claim.id IN (SELECT claim_id FROM credited) AND claim.id NOT IN (SELECT claim_id FROM worth)
           AND COALESCE(claim.order_id, sold.order_id) IS NOT NULL
    )
    SELECT credited.line_id, whose.order_id, whose.order_line_id, claim.supplier_id, NULL::integer, 'supplier_credit',
           'final', SUM(COALESCE(whose.amount, 0))
      FROM credited
      JOIN dropship_claim claim ON claim.id = credited.claim_id
      JOIN whose ON whose.claim_id = claim.id
     GROUP BY credited.line_id, whose.order_id, whose.order_line_id, claim.supplier_id
"""
# Between the words of a text.
BETWEEN = r"[\s,;:#()（），；：]+"
NAMED = """
    WITH words AS (
        SELECT DISTINCT line.id, line.balance, word
          FROM profit_line line, regexp_split_to_table(line.name, '{between}') word
         WHERE line.move_type IN ('entry', 'in_invoice', 'in_refund', 'in_receipt') AND LENGTH(word) > 3
    ), parcels AS (
        SELECT words.id, parcel.id AS parcel_id, parcel.return_id, parcel.supplier_id
          FROM words JOIN dropship_return_parcel parcel ON parcel.key = words.word AND parcel.company_id = %(company)s
         UNION
        SELECT words.id, parcel.id, parcel.return_id, parcel.supplier_id
          FROM words JOIN dropship_return_parcel parcel ON parcel.number = words.word
           AND parcel.company_id = %(company)s
    )
    SELECT parcels.id, sold.order_id, sold.id, parcels.supplier_id, NULL::integer, 'return_label', 'billed',
           COALESCE(SUM(inside.qty), 0)::numeric
      FROM parcels
      JOIN dropship_return_line returned ON returned.return_id = parcels.return_id
      JOIN sale_order_line sold ON sold.id = returned.order_line_id
 LEFT JOIN dropship_return_parcel_line inside ON inside.parcel_id = parcels.parcel_id AND inside.line_id = returned.id
     GROUP BY parcels.id, sold.order_id, sold.id, parcels.supplier_id
 UNION ALL
    SELECT words.id, policy.order_id, NULL, NULL, NULL,
           CASE WHEN words.balance < 0 THEN 'insurance' ELSE 'insurance_premium' END, 'billed', 1
      FROM words JOIN dropship_freight_insurance policy ON policy.name = words.word
       AND policy.company_id = %(company)s
 UNION ALL
    SELECT words.id, sold.order_id, sold.id, repair.dropship_repairer_id, NULL, 'repair', 'billed', 1
      FROM words
      JOIN repair_order repair ON repair.name = words.word AND repair.company_id = %(company)s
      JOIN dropship_return_line returned ON returned.id = repair.dropship_case_line_id
      JOIN sale_order_line sold ON sold.id = returned.order_line_id
 UNION ALL
    SELECT words.id, claim.order_id, NULL, claim.supplier_id, NULL,
           CASE claim.party WHEN 'supplier' THEN 'supplier_credit' ELSE 'insurance' END, 'final', 1
      FROM words JOIN dropship_claim claim ON claim.reference = words.word AND claim.company_id = %(company)s
     WHERE words.balance < 0 AND claim.order_id IS NOT NULL
""".replace("{between}", BETWEEN)
# Items nobody claimed are looked through for the numbers that are new, and what stands beside goods on bills since the
# oldest of these orders; what was claimed by a number is looked at again when its record changed.
CHANGED = """
    WITH numbered AS (
        SELECT UNNEST(ARRAY[dropship_return_parcel.key, dropship_return_parcel.number]) AS word, returned.order_id
          FROM dropship_return_parcel
     LEFT JOIN dropship_return_line returned ON returned.return_id = dropship_return_parcel.return_id
         WHERE %(return_parcel)s
         UNION SELECT name, order_id FROM dropship_freight_insurance WHERE %(freight_insurance)s
         UNION SELECT repair_order.name, returned.order_id FROM repair_order
                 JOIN dropship_return_line returned ON returned.id = repair_order.dropship_case_line_id
                WHERE %(repair)s
         UNION SELECT reference, order_id FROM dropship_claim WHERE reference IS NOT NULL AND %(claim)s
    ), items AS (
        SELECT res_id, move_line_id FROM dropship_profit_entry
         WHERE generation_id = %(live)s AND order_id IS NULL AND EXISTS (SELECT FROM numbered)
         UNION
        SELECT entry.res_id, line.id
          FROM dropship_profit_entry entry
          JOIN account_move_line line ON line.id = entry.move_line_id AND line.purchase_line_id IS NULL
         WHERE entry.generation_id = %(live)s AND entry.source = 'bills'
           AND entry.date >= (SELECT MIN(sale.date_order)::date - 1
                                FROM numbered JOIN sale_order sale ON sale.id = numbered.order_id)
    ), words AS (
        SELECT items.res_id, regexp_split_to_table(line.name, '{between}') AS word
          FROM items JOIN account_move_line line ON line.id = items.move_line_id
    )
    SELECT words.res_id FROM words JOIN numbered ON numbered.word = words.word
 UNION SELECT entry.res_id
      FROM numbered
      JOIN dropship_profit_entry entry ON entry.order_id = numbered.order_id AND entry.generation_id = %(live)s
       AND entry.source = 'returned'
      JOIN dropship_profit_kind kind ON kind.id = entry.kind_id
       AND kind.code IN ('return_label', 'insurance', 'insurance_premium', 'repair', 'supplier_credit')
 UNION SELECT line.move_id FROM dropship_freight_insurance
      JOIN account_move_line line ON line.id = dropship_freight_insurance.bill_line_id WHERE %(freight_insurance)s
 UNION SELECT move_id FROM dropship_claim_credit WHERE move_id IS NOT NULL AND %(claim_credit)s
""".replace("{between}", BETWEEN)


class DropshipProfitSource(models.AbstractModel):
    _inherit = "dropship.profit.source"

    @api.model
    def _sources(self):
        """Override: what was agreed after the sale knows its documents best."""
        sources = super()._sources()
        if not self._has_returned():
            return sources
        return [Source("returned", self.env._("Refunds, returns and claims")), *sources]

    @api.model
    def _claims_returned(self, company):
        restocking = self.env.ref("dropship_flow_aftersales.product_restocking").id
        return [
            SQL(REFUNDS.format(shares=SHARES), restocking=restocking), SQL(INVOICED), SQL(CREDIT_BONUS), SQL(PREMIUMS),
            SQL(CLAIMS), SQL(NAMED, company=company.id),
        ]  # fmt: skip

    @api.model
    def _changed_returned(self, company, since):
        """Bills and credit notes that a person said later what for, and those whose numbers were entered later."""
        then = {
            name: self._since_then(f"dropship_{name}", company, since)
            for name in ("freight_insurance", "claim_credit", "return_parcel", "claim")
        }
        then["repair"] = self._since_then("repair_order", company, since)
        return SQL(CHANGED, live=self.env["dropship.profit.generation"]._live(company).id, **then)

    @api.model
    def _has_returned(self):
        return "dropship.refund" in self.env
