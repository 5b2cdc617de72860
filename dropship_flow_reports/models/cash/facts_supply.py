"""Money that goes to suppliers: bills, purchases not billed yet, prepaid balances."""

from datetime import timedelta
from decimal import Decimal

from odoo import api, models

from ...forecasting import Wallet
from .facts import STALE_DAYS, ZERO, Pool, decimal
from .facts_income import OPEN_ITEMS

WEEKS = 8
OPEN_PURCHASES = """
    SELECT purchase.id, purchase.name, purchase.partner_id, partner.commercial_partner_id AS owner,
           purchase.currency_id, purchase.payment_term_id, purchase.date_order, purchase.date_planned,
           purchase.dropship_pay_state, purchase.dropship_pay_by, warehouse.supplier_id,
           open.amount + CASE WHEN charged.yes THEN 0 ELSE COALESCE(extra.amount, 0) END AS amount
      FROM purchase_order purchase
      JOIN res_partner partner ON partner.id = purchase.partner_id
 LEFT JOIN dropship_supplier_warehouse warehouse ON warehouse.id = purchase.dropship_warehouse_id
 LEFT JOIN sale_order sale ON sale.id = purchase.dropship_sale_id
CROSS JOIN LATERAL (
           SELECT COALESCE(SUM(bought.price_total
                               * (1 - LEAST(GREATEST(bought.qty_invoiced / bought.product_qty, 0), 1))), 0) AS amount
             FROM purchase_order_line bought
            WHERE bought.order_id = purchase.id AND bought.display_type IS NULL AND bought.product_qty > 0) open
CROSS JOIN LATERAL (
           SELECT EXISTS (SELECT FROM account_move_line item
                           WHERE item.dropship_purchase_id = purchase.id AND item.parent_state = 'posted'
                             AND item.dropship_charge IN ('freight', 'fee', 'service')) AS yes) charged
CROSS JOIN LATERAL (
           SELECT SUM((part.freight + part.fees) * purchase.currency_rate)::numeric AS amount
             FROM dropship_allocation part
            WHERE part.purchase_id = purchase.id AND part.state <> 'released') extra
     WHERE purchase.company_id = %(company)s
       AND (purchase.state IN ('sent', 'to approve', 'purchase')
            OR (purchase.state = 'draft' AND warehouse.id IS NOT NULL))
       AND purchase.invoice_status <> 'invoiced'
       AND COALESCE(sale.dropship_is_simulated, FALSE) IS FALSE AND COALESCE(sale.dropship_is_test, FALSE) IS FALSE
     ORDER BY purchase.date_order, purchase.id
"""


class DropshipCashFacts(models.AbstractModel):
    _inherit = "dropship.cash.facts"

    @api.model
    def _payment_ways(self, facts):
        """{supplier id: how he is paid}; {partner id} of those paid from a prepaid balance."""
        ways, prepaid = {}, set()
        for supplier in self.env["dropship.supplier"].search([("company_id", "in", (False, facts.company.id))]):
            ways[supplier.id] = supplier._terms_for(facts.company).payment_way or "account"
            if ways[supplier.id] == "wallet":
                prepaid.add(supplier.partner_id.commercial_partner_id.id)
        return ways, prepaid

    @api.model
    def _add_suppliers(self, facts):
        """Open bills and credit notes; what was paid on account is taken off the first of them."""
        facts.ways, facts.prepaid = self._payment_ways(facts)
        rows = self._rows(OPEN_ITEMS, facts, type="liability_payable")
        facts.advance = Pool(self._advances(rows, "in_refund", 1))
        for row in rows:
            document, key = ("account.move", row["move_id"], row["name"]), ("item", row["id"])
            amount = -decimal(row["amount"])
            if row["move_type"] == "in_refund":
                facts.item("supplier", key, -amount, row["day"], document, [("cash_supplier_credit", {})],
                           row["partner_id"], row["currency_id"])  # fmt: skip
                continue
            if amount <= 0:
                continue
            rest, reasons = self._less_advance(
                facts, facts.advance, row, amount, [("cash_bill", {"day": str(row["day"])})]
            )
            if row["owner"] in facts.prepaid:
                if rest:
                    figures = {"amount": facts.shown(rest, row["currency_id"])}
                    facts.leave("supplier", key, "cash_from_wallet", figures, document, row["partner_id"])
                continue
            if row["is_held"]:
                reasons.append(("cash_bill_held", {}))
            facts.item("supplier", key, -rest, row["day"], document, reasons, row["partner_id"], row["currency_id"])

    @api.model
    def _add_purchases(self, facts):
        """Purchases not billed yet: at once where the supplier is paid before it ships, else by his terms."""
        for row in self._rows(OPEN_PURCHASES, facts):
            way = facts.ways.get(row["supplier_id"], "account")
            ordered = facts.day_of(row["date_order"])
            amount = round(decimal(row["amount"]), 2)
            document = ("purchase.order", row["id"], row["name"])
            if way == "wallet" or amount <= 0:
                continue
            if ordered < facts.ago(STALE_DAYS):
                figures = {"amount": facts.shown(amount, row["currency_id"]), "days": STALE_DAYS}
                facts.leave("purchase", ("purchase", row["id"]), "cash_stale", figures, document, row["partner_id"])
                continue
            amount, taken = self._less_advance(facts, facts.advance, row, amount, [])
            for number, (day, part, reason) in enumerate(self._payments(facts, row, way, amount)):
                facts.item("purchase", ("purchase", row["id"], number), -part, day, document, [reason, *taken],
                           row["partner_id"], row["currency_id"])  # fmt: skip

    @api.model
    def _payments(self, facts, row, way, amount):
        """[(day, part, reason)] of what a purchase is paid."""
        if way == "pay_to_ship" or row["dropship_pay_state"] in ("to_pay", "paying", "paid", "expired"):
            return [(facts.today, amount, ("cash_pay_to_ship", {}))]
        if facts.wish.get("prepaid"):
            return [(facts.today, amount, ("cash_all_prepaid", {}))]
        billed = max(facts.today, facts.day_of(row["date_planned"] or row["date_order"]))
        term = self.env["account.payment.term"].browse(row["payment_term_id"] or ())
        term = term or self.env["res.partner"].browse(row["partner_id"]).property_supplier_payment_term_id
        reason = ("cash_purchase", {"term": term.name or "–", "day": str(billed)})
        return [(day, part, reason) for day, part in facts.split(term, billed, amount)]

    @api.model
    def _add_wallets(self, facts):
        """Prepaid balances: topped up before they fall below their alarm, by what is taken in a week."""
        since = facts.now - timedelta(weeks=WEEKS)
        moves = self.env["dropship.wallet.move"]
        for wallet in self.env["dropship.wallet"].search([("company_id", "=", facts.company.id)]):
            mine = [("wallet_id", "=", wallet.id)]
            [(taken,)] = moves._read_group([*mine, ("kind", "=", "order"), ("create_date", ">=", since)], [],
                                           ["amount:sum"])  # fmt: skip
            [(top_up,)] = moves._read_group([*mine, ("kind", "=", "top_up")], [], ["amount:avg"])
            weekly = round(max(-decimal(taken or 0), ZERO) / WEEKS, 2)
            usual = round(decimal(top_up or 0), 2) or weekly * 2 or decimal(wallet.alarm) or Decimal(1)
            figures = {"level": facts.shown(wallet.alarm, wallet.currency_id.id),
                       "weekly": facts.shown(weekly, wallet.currency_id.id)}  # fmt: skip
            key = ("wallet", wallet.id)
            balance = decimal(wallet.balance) - decimal(wallet.reserved)
            record = Wallet(key, balance, weekly, usual, decimal(wallet.alarm), facts.code(wallet.currency_id.id))
            document, partner = (wallet._name, wallet.id, wallet.display_name), wallet.supplier_id.partner_id.id
            facts.add(facts.wallets, "wallet", record, document, [("cash_wallet", figures)], partner)
            facts.item("supplier", (*key, "unbooked"), -wallet.unbooked, facts.today, document,
                       [("cash_unbooked", {})], partner, wallet.currency_id.id)  # fmt: skip
