"""Money that comes: payouts and reserves of channels, cash on delivery, customers."""

from datetime import timedelta
from decimal import Decimal

from odoo import api, models

from ...forecasting import Terms
from .facts import STALE_DAYS, ZERO, Pool, decimal

# Days from the delivery until a carrier hands over, where no remittance told it.
HANDED_OVER = 7
# Days from an order to its delivery, where none was delivered yet.
DELIVERED = 7
OPEN_ITEMS = """
    SELECT line.id, line.move_id, move.name, move.move_type, line.partner_id, partner.commercial_partner_id AS owner,
           line.currency_id, COALESCE(line.date_maturity, line.date) AS day, line.amount_residual_currency AS amount,
           move.dropship_payable IS FALSE AND move.dropship_supplier_id IS NOT NULL AS is_held, sold.order_id,
           move.dropship_supplier_id
      FROM account_move_line line
      JOIN account_account account ON account.id = line.account_id AND account.account_type = %(type)s
       AND account.non_trade IS NOT TRUE
      JOIN account_move move ON move.id = line.move_id
 LEFT JOIN res_partner partner ON partner.id = line.partner_id
 LEFT JOIN LATERAL (SELECT MIN(source.order_id) AS order_id
                      FROM account_move_line item
                      JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = item.id
                      JOIN sale_order_line source ON source.id = rel.order_line_id
                     WHERE item.move_id = line.move_id AND %(type)s = 'asset_receivable') sold ON TRUE
     WHERE line.company_id = %(company)s AND line.parent_state = 'posted' AND line.reconciled IS NOT TRUE
       AND line.amount_residual_currency <> 0
     ORDER BY 8, line.id
"""
OPEN_ORDERS = """
    SELECT sale.id, sale.name, sale.partner_invoice_id AS partner_id, partner.commercial_partner_id AS owner,
           sale.currency_id, sale.payment_term_id, sale.date_order, ordered.amount - COALESCE(paid.amount, 0) AS amount
      FROM sale_order sale
      JOIN res_partner partner ON partner.id = sale.partner_invoice_id
CROSS JOIN LATERAL (
           SELECT SUM(sold.price_total * (1 - LEAST(GREATEST(sold.qty_invoiced / sold.product_uom_qty, 0), 1)))
                  AS amount
             FROM sale_order_line sold
            WHERE sold.order_id = sale.id AND sold.display_type IS NULL AND sold.is_downpayment IS NOT TRUE
              AND sold.product_uom_qty > 0) ordered
 LEFT JOIN LATERAL (
           SELECT SUM(CASE WHEN move.move_type = 'out_refund' THEN -item.price_total ELSE item.price_total END)
                  AS amount
             FROM sale_order_line sold
             JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = sold.id
             JOIN account_move_line item ON item.id = rel.invoice_line_id AND item.parent_state = 'posted'
             JOIN account_move move ON move.id = item.move_id
            WHERE sold.order_id = sale.id AND sold.is_downpayment) paid ON TRUE
     WHERE sale.company_id = %(company)s AND sale.state = 'sale' AND sale.invoice_status <> 'invoiced'
       AND sale.dropship_is_simulated IS NOT TRUE AND sale.dropship_is_test IS NOT TRUE
       AND NOT sale.id = ANY(%(elsewhere)s)
       AND ordered.amount - COALESCE(paid.amount, 0) > 0
     ORDER BY sale.date_order, sale.id
"""
RESERVES = """
    WITH rows AS (
        SELECT line.terms_id, line.currency_id, line.date, line.id, line.amount, line.kind, payout.name,
               line.payout_id
          FROM dropship_payout_line line JOIN dropship_payout payout ON payout.id = line.payout_id
         WHERE line.company_id = %(company)s AND line.kind IN ('reserve_held', 'reserve_released')
           AND line.state <> 'known' AND payout.state = 'posted'
    ), released AS (
        SELECT terms_id, currency_id, SUM(amount) AS amount FROM rows WHERE amount > 0 GROUP BY 1, 2
    ), held AS (
        SELECT rows.*, -SUM(rows.amount) OVER (PARTITION BY rows.terms_id, rows.currency_id ORDER BY date, id) AS upto
          FROM rows WHERE amount < 0
    )
    SELECT held.terms_id, held.currency_id, held.date, held.payout_id, held.name, held.id,
           LEAST(-held.amount, held.upto - COALESCE(released.amount, 0)) AS amount
      FROM held LEFT JOIN released USING (terms_id, currency_id)
     WHERE held.upto > COALESCE(released.amount, 0)
     ORDER BY held.date, held.id
"""


class DropshipCashFacts(models.AbstractModel):
    _inherit = "dropship.cash.facts"

    # --- channels and providers ---

    @api.model
    def _add_payouts(self, facts):
        """Orders whose money a channel or provider still pays out: by their days, less fees, the reserve later."""
        orders = self.env["sale.order"].search(
            [("company_id", "=", facts.company.id), ("state", "=", "sale"), ("dropship_payout_state", "=", "expected"),
             ("dropship_is_simulated", "=", False), ("dropship_is_test", "=", False)]
        )  # fmt: skip
        terms = orders._dropship_payout_terms()
        facts.elsewhere = set()
        for order, told in orders._dropship_payout_told(terms).items():
            mine = terms[order]
            facts.elsewhere.add(order.id)
            day, reasons = order._dropship_payout_day(mine), []
            if day:
                reasons.append(("cash_payout", {"source": mine.display_name, "days": mine.delay_days}))
            else:
                day = facts.today + timedelta(days=mine.delay_days + self._delivery_days(facts))
                reasons.append(("cash_payout_waits", {"source": mine.display_name, "days": mine.delay_days}))
            reasons.append(("cash_payout_of", {"gross": facts.shown(told.gross, order.currency_id.id),
                                               "fees": facts.shown(told.fees, order.currency_id.id)}))  # fmt: skip
            got = self._there_already(facts, order)
            if got:
                reasons.append(("cash_payout_there", {}))
                facts.held[day] = facts.held.get(day, ZERO) + got
                amount, vals = -told.fees, {}
            else:
                amount = told.gross - told.fees
                vals = {"held": max(min(told.reserve, amount), ZERO), "release": mine.reserve_days or None}
            facts.item("payout", ("order", order.id), amount, day, ("sale.order", order.id, order.name), reasons,
                       order.partner_id.id, order.currency_id.id, **vals)  # fmt: skip
            if vals.get("held"):
                kept = {"days": mine.reserve_days, "source": mine.display_name}
                facts.tell("reserve", ("order", order.id), ("sale.order", order.id, order.name),
                           [("cash_reserve", kept)], order.partner_id.id)  # fmt: skip

    @api.model
    def _there_already(self, facts, order):
        """What of an order's online payments the books hold with the provider, in the company's currency."""
        payments = order.transaction_ids.filtered(lambda paid: paid.state == "done").payment_id
        lines = payments.move_id.filtered(lambda move: move.state == "posted").line_ids
        receivable = lines.filtered(lambda line: line.account_id.account_type == "asset_receivable")
        return decimal(-sum(receivable.mapped("balance")))

    @api.model
    def _delivery_days(self, facts):
        """Days from an order to its delivery, as the last months had them."""
        if not hasattr(facts, "delivery_days"):
            [row] = self._rows(
                """
                SELECT AVG(EXTRACT(EPOCH FROM dropship_delivered_at - date_order) / 86400) AS days
                  FROM sale_order
                 WHERE company_id = %(company)s AND dropship_delivered_at >= date_order
                   AND dropship_delivered_at >= %(since)s
                """,
                facts, since=facts.ago(90),
            )  # fmt: skip
            facts.delivery_days = DELIVERED if row["days"] is None else round(row["days"])
        return facts.delivery_days

    @api.model
    def _add_reserves(self, facts):
        """What channels kept back and did not release: what was kept first comes first."""
        terms = self.env["dropship.payout.terms"]
        for row in self._rows(RESERVES, facts):
            mine = terms.browse(row["terms_id"])
            document = ("dropship.payout", row["payout_id"], row["name"])
            key = ("kept", row["id"])
            figures = {"days": mine.reserve_days, "source": mine.display_name}
            if not mine.reserve_days:
                shown = facts.shown(row["amount"], row["currency_id"])
                facts.leave("reserve", key, "release_unknown", {"amount": shown}, document)
                continue
            facts.item("reserve", key, row["amount"], row["date"], document, [("cash_reserve", figures)],
                       currency=row["currency_id"], terms=Terms(days=mine.reserve_days))  # fmt: skip

    @api.model
    def _add_collected(self, facts):
        """Cash on delivery that carriers have or will have, less what they keep as they kept it before."""
        [past] = self._rows(
            """
            SELECT AVG(received_on - (delivered_at AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date) AS days,
                   SUM(fee) / NULLIF(SUM(received), 0) AS fee
              FROM dropship_collection
             WHERE company_id = %(company)s AND state = 'remitted' AND received_on >= %(since)s
            """,
            facts, since=facts.ago(180),
        )  # fmt: skip
        days = HANDED_OVER if past["days"] is None else max(round(past["days"]), 0)
        rows = self.env["dropship.collection"].search(
            [("company_id", "=", facts.company.id), ("state", "in", ("planned", "out", "delivered"))]
        )
        for row in rows.filtered(lambda one: not one.order_id._dropship_is_played()):
            facts.elsewhere.add(row.order_id.id)
            if row.delivered_at:
                delivered, code = facts.day_of(row.delivered_at), "cash_collected"
            else:
                delivered, code = facts.today + timedelta(days=self._delivery_days(facts)), "cash_to_collect"
            amount = decimal(row.amount)
            fee = round(amount * decimal(past["fee"] or 0), 2)
            figures = {"carrier": row.carrier_title or "–", "days": days, "fee": facts.shown(fee, row.currency_id.id)}
            facts.item("cod", ("collection", row.id), amount - fee, delivered + timedelta(days=days),
                       ("sale.order", row.order_id.id, row.order_id.name), [(code, figures)],
                       row.partner_id.id, row.currency_id.id)  # fmt: skip

    # --- customers ---

    @api.model
    def _add_customers(self, facts):
        """Open invoices, credit notes, and what of confirmed orders is not invoiced yet."""
        rows = self._rows(OPEN_ITEMS, facts, type="asset_receivable")
        pool = Pool(self._advances(rows, "out_refund", -1))
        facts.credited = {row["order_id"] for row in rows if row["move_type"] == "out_refund" and row["order_id"]}
        for row in rows:
            if row["order_id"] in facts.elsewhere or (row["amount"] < 0 and row["move_type"] != "out_refund"):
                continue
            document = ("account.move", row["move_id"], row["name"])
            kind = "customer" if row["amount"] > 0 else "refund"
            amount, reasons = decimal(row["amount"]), []
            if kind == "refund":
                reasons.append(("cash_credit_note", {}))
            else:
                reasons.append(("cash_invoice", {"day": str(row["day"])}))
                amount, reasons = self._less_advance(facts, pool, row, amount, reasons)
            facts.item(kind, ("item", row["id"]), amount, row["day"], document, reasons, row["partner_id"],
                       row["currency_id"])  # fmt: skip
        self._add_orders(facts, pool)

    @api.model
    def _add_orders(self, facts, pool):
        terms = self.env["account.payment.term"]
        for row in self._rows(OPEN_ORDERS, facts, elsewhere=list(facts.elsewhere) or [0]):
            document = ("sale.order", row["id"], row["name"])
            ordered = facts.day_of(row["date_order"])
            amount = round(decimal(row["amount"]), 2)
            if ordered < facts.ago(STALE_DAYS):
                figures = {"amount": facts.shown(amount, row["currency_id"]), "days": STALE_DAYS}
                facts.leave("customer", ("order", row["id"]), "cash_stale", figures, document, row["partner_id"])
                continue
            amount, reasons = self._less_advance(facts, pool, row, amount, [("cash_order", {})])
            day = max(ordered, facts.today)
            for number, (due, part) in enumerate(facts.split(terms.browse(row["payment_term_id"]), day, amount)):
                facts.item("customer", ("order", row["id"], number), part, due, document, reasons, row["partner_id"],
                           row["currency_id"])  # fmt: skip

    @api.model
    def _advances(self, rows, credit_note, sign):
        """{(partner, currency): what was paid on account and is matched with nothing}."""
        found = {}
        for row in rows:
            amount = decimal(row["amount"]) * sign
            if amount > 0 and row["move_type"] != credit_note:
                key = (row["owner"], row["currency_id"])
                found[key] = found.get(key, Decimal(0)) + amount
        return found

    @api.model
    def _less_advance(self, facts, pool, row, amount, reasons):
        """An amount (more than nothing) without what was paid on account for it."""
        taken = pool.take((row["owner"], row["currency_id"]), amount)
        if taken:
            reasons = [*reasons, ("cash_advance", {"amount": facts.shown(taken, row["currency_id"])})]
        return amount - taken, reasons
