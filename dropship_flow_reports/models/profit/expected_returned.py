"""What is still to come of returns: premiums and labels nobody billed yet, claims that were granted."""

from odoo import api, models
from odoo.tools import SQL

from .expected import DAY
from .source import Source

# The company's currency for one of `{currency}` on a day.
WORTH = """
CROSS JOIN LATERAL (
    SELECT CASE WHEN {currency} = %(home)s THEN 1 ELSE COALESCE((
           SELECT home.rate FROM res_currency_rate home
            WHERE home.currency_id = %(home)s AND (home.company_id IS NULL OR home.company_id = %(root)s)
              AND home.name <= {day} ORDER BY home.company_id, home.name DESC LIMIT 1), 1) / COALESCE((
           SELECT their.rate FROM res_currency_rate their
            WHERE their.currency_id = {currency} AND (their.company_id IS NULL OR their.company_id = %(root)s)
              AND their.name <= {day} ORDER BY their.company_id, their.name DESC LIMIT 1), 1) END AS rate) worth
"""
PREMIUMS = """
    SELECT policy.order_id, NULL::integer, NULL::integer, 'insurance_premium', 'committed', policy.premium_date,
           -policy.premium * worth.rate, CASE WHEN billed.id IS NULL THEN -policy.premium * worth.rate ELSE 0 END,
           'dropship.freight.insurance', policy.id, policy.name
      FROM profit_order
      JOIN dropship_freight_insurance policy ON policy.order_id = profit_order.id
 LEFT JOIN account_move_line billed ON billed.id = policy.bill_line_id AND billed.parent_state = 'posted'
{worth}
""".replace("{worth}", WORTH.format(currency="policy.currency_id", day="policy.premium_date"))
LABELS = """
    SELECT whose.order_id, NULL::integer, parcel.supplier_id, 'return_label', 'committed',
           {day}, -parcel.freight,
           CASE WHEN EXISTS (
                SELECT FROM dropship_profit_entry entry
                  JOIN dropship_profit_generation generation ON generation.id = entry.generation_id
                   AND generation.state = 'live'
                  JOIN dropship_profit_kind kind ON kind.id = entry.kind_id AND kind.code = 'return_label'
                 WHERE entry.order_id = whose.root_id AND entry.amount < 0) THEN 0 ELSE -parcel.freight END,
           'dropship.return', parcel.return_id, parcel.key
      FROM dropship_return_parcel parcel
      JOIN LATERAL (SELECT returned.order_id, profit_order.root_id, profit_order.zone
                      FROM dropship_return_line returned JOIN profit_order ON profit_order.id = returned.order_id
                     WHERE returned.return_id = parcel.return_id ORDER BY returned.id LIMIT 1) whose ON TRUE
     WHERE parcel.return_id IN (SELECT returned.return_id FROM profit_order
                                  JOIN dropship_return_line returned ON returned.order_id = profit_order.id)
       AND parcel.payer = 'us' AND parcel.freight > 0
""".format(day=DAY.format(moment="COALESCE(parcel.sent_at, parcel.create_date)").replace("profit_order", "whose"))
CLAIMS = """
    SELECT claim.order_id, NULL::integer, claim.supplier_id,
           CASE claim.party WHEN 'supplier' THEN 'supplier_credit' ELSE 'insurance' END, 'committed',
           {day}, claim.amount_granted * worth.rate,
           GREATEST(claim.amount_granted - COALESCE(came.amount, 0), 0) * worth.rate, 'dropship.claim', claim.id,
           claim.name
      FROM profit_order
      JOIN dropship_claim claim ON claim.order_id = profit_order.id AND claim.amount_granted > 0
       AND claim.state IN ('filed', 'accepted', 'paid')
 LEFT JOIN LATERAL (SELECT SUM(credit.amount) AS amount
                      FROM dropship_claim_credit credit
                 LEFT JOIN account_move note ON note.id = credit.move_id
                     WHERE credit.claim_id = claim.id AND (note.id IS NULL OR note.state = 'posted')) came ON TRUE
{worth}
""".replace("{worth}", WORTH.format(currency="claim.currency_id", day="{day}")).replace(
    "{day}", DAY.format(moment="COALESCE(claim.filed_at, claim.create_date)")
)


class DropshipProfitSource(models.AbstractModel):
    _inherit = "dropship.profit.source"

    @api.model
    def _estimates(self):
        """Override: what is agreed after the sale and not booked yet."""
        estimates = super()._estimates()
        if self._has_returned():
            estimates.append(Source("returned", self.env._("Refunds, returns and claims")))
        return estimates

    @api.model
    def _expected_returned(self, company):
        home, root = company.currency_id.id, company.root_id.id
        return [SQL(PREMIUMS, home=home, root=root), SQL(LABELS), SQL(CLAIMS, home=home, root=root)]

    @api.model
    def _changed_orders(self, company, since):
        """Override: orders whose policies, return parcels or claims changed."""
        found = super()._changed_orders(company, since)
        if not self._has_returned():
            return found
        return [
            *found,
            SQL("SELECT order_id FROM dropship_freight_insurance WHERE %s",
                self._since_then("dropship_freight_insurance", company, since)),
            SQL("SELECT returned.order_id FROM dropship_return_parcel JOIN dropship_return_line returned"
                " ON returned.return_id = dropship_return_parcel.return_id WHERE %s",
                self._since_then("dropship_return_parcel", company, since)),
            SQL("SELECT order_id FROM dropship_claim WHERE order_id IS NOT NULL AND %s",
                self._since_then("dropship_claim", company, since)),
            SQL("SELECT claim.order_id FROM dropship_claim_credit JOIN dropship_claim claim"
                " ON claim.id = dropship_claim_credit.claim_id WHERE claim.order_id IS NOT NULL AND %s",
                self._since_then("dropship_claim_credit", company, since)),
        ]  # fmt: skip
