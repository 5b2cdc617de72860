"""Money nobody agreed on yet: refunds of what was delivered, sales to come."""

from datetime import timedelta
from decimal import Decimal

from odoo import api, models

from ...forecasting import Cohort, Sales, Terms
from .facts import ZERO, decimal

# Weeks after delivery within which refunds come, and days of deliveries they are learned from.
RETURN_WEEKS = 8
LEARNED = 182
SALES_WEEKS = 8
PERCENT = Decimal("0.0001")
# By day of delivery and week after it: what was delivered, and what of it went back.
DELIVERED = """
    WITH delivered AS (
        SELECT id, (dropship_delivered_at AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date AS day,
               amount_total / NULLIF(currency_rate, 0)::numeric AS revenue
          FROM sale_order
         WHERE company_id = %(company)s AND state = 'sale' AND dropship_delivered_at >= %(since)s
           AND dropship_is_simulated IS NOT TRUE AND dropship_is_test IS NOT TRUE
    ), back AS (
        SELECT delivered.day, GREATEST(move.invoice_date - delivered.day, 0) / 7 AS week,
               SUM(item.price_total / NULLIF(move.invoice_currency_rate, 0)::numeric) AS amount
          FROM delivered
          JOIN sale_order_line sold ON sold.order_id = delivered.id
          JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = sold.id
          JOIN account_move_line item ON item.id = rel.invoice_line_id AND item.parent_state = 'posted'
          JOIN account_move move ON move.id = item.move_id AND move.move_type = 'out_refund'
         GROUP BY 1, 2
    )
    SELECT day, NULL AS week, SUM(revenue) AS amount FROM delivered GROUP BY day
 UNION ALL
    SELECT day, week, amount FROM back
     ORDER BY 1, 2
"""
# What the last weeks sold, by channel and day.
SOLD = """
    SELECT COALESCE(dropship_channel_id, 0) AS channel_id,
           (date_order AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date AS day,
           SUM(amount_total / NULLIF(currency_rate, 0)::numeric) AS revenue,
           SUM(amount_tax / NULLIF(currency_rate, 0)::numeric) AS tax
      FROM sale_order
     WHERE company_id = %(company)s AND state = 'sale' AND date_order >= %(since)s
       AND dropship_is_simulated IS NOT TRUE AND dropship_is_test IS NOT TRUE
     GROUP BY 1, 2 ORDER BY 1, 2
"""
# What these orders cost at which supplier.
BOUGHT = """
    SELECT COALESCE(sale.dropship_channel_id, 0) AS channel_id, part.supplier_id,
           SUM(part.goods::numeric * ratio.tax + part.freight::numeric + part.fees::numeric) AS cost,
           SUM(part.goods::numeric * (ratio.tax - 1)) AS tax
      FROM sale_order sale
      JOIN dropship_allocation part ON part.order_id = sale.id AND part.state <> 'released'
 LEFT JOIN purchase_order_line bought ON bought.id = part.purchase_line_id
CROSS JOIN LATERAL (SELECT COALESCE(bought.price_total / NULLIF(bought.price_subtotal, 0), 1)::numeric AS tax) ratio
     WHERE sale.company_id = %(company)s AND sale.state = 'sale' AND sale.date_order >= %(since)s
       AND sale.dropship_is_simulated IS NOT TRUE AND sale.dropship_is_test IS NOT TRUE
       AND part.supplier_id IS NOT NULL
     GROUP BY 1, 2
"""
# Days from the order to its money, by amount.
PAID = """
    SELECT COALESCE(sale.dropship_channel_id, 0) AS channel_id,
           SUM(match.amount * GREATEST(match.max_date - ordered.day, 0)) / SUM(match.amount) AS days
      FROM account_partial_reconcile match
      JOIN account_move_line owed ON owed.id = match.debit_move_id
      JOIN account_move move ON move.id = owed.move_id AND move.move_type = 'out_invoice'
CROSS JOIN LATERAL (SELECT MIN(sold.order_id) AS order_id
                      FROM account_move_line item
                      JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = item.id
                      JOIN sale_order_line sold ON sold.id = rel.order_line_id
                     WHERE item.move_id = move.id) source
      JOIN sale_order sale ON sale.id = source.order_id
CROSS JOIN LATERAL (SELECT (sale.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date AS day) ordered
     WHERE match.company_id = %(company)s AND match.max_date >= %(since)s AND match.amount > 0
     GROUP BY 1
"""


class DropshipCashFacts(models.AbstractModel):
    _inherit = "dropship.cash.facts"

    # --- refunds ---

    @api.model
    def _add_refunds(self, facts):
        """Refunds that are agreed, and whose credit note is not open already."""
        rows = self.env["dropship.customer.refund"].search(
            [("company_id", "=", facts.company.id), ("state", "in", ("planned", "sending", "person")),
             ("way", "!=", "void"), ("order_id", "not in", list(facts.credited))]
        )  # fmt: skip
        for row in rows:
            order = row.order_id
            facts.item("refund", ("refund", row.id), -row.amount, facts.today, ("sale.order", order.id, order.name),
                       [("cash_refund", {})], order.partner_id.id, row.currency_id.id)  # fmt: skip

    @api.model
    def _delivered(self, facts):
        """({day: [delivered, refunded]}, percent refunded in each week after delivery), company currency, learned once.

        Only deliveries that are old enough tell about a week.
        """
        if not hasattr(facts, "delivered"):
            days, back = {}, {}
            for row in self._rows(DELIVERED, facts, since=facts.ago(LEARNED)):
                amount = decimal(row["amount"] or 0)
                mine = days.setdefault(row["day"], [ZERO, ZERO])
                mine[row["week"] is not None] += amount
                if row["week"] is not None:
                    back[row["day"], row["week"]] = back.get((row["day"], row["week"]), ZERO) + amount
            table = []
            for week in range(RETURN_WEEKS):
                old = [day for day in days if (facts.today - day).days >= 7 * (week + 1)]
                revenue = sum((days[day][0] for day in old), ZERO)
                refunded = sum((back.get((day, week), ZERO) for day in old), ZERO)
                share = (refunded * 100 / revenue).quantize(PERCENT) if revenue > 0 else ZERO
                table.append(max(min(share, 100 - sum(table, ZERO)), ZERO))
            facts.delivered = days, tuple(table) if any(table) else ()
        return facts.delivered

    @api.model
    def _add_expected_refunds(self, facts):
        """What of the last weeks' deliveries will come back, by their age."""
        days, table = self._delivered(facts)
        step = Decimal(1).scaleb(-facts.home.decimal_places)
        for day, (revenue, refunded) in sorted(days.items()):
            revenue, refunded = revenue.quantize(step), refunded.quantize(step)
            if not table or day < facts.ago(7 * RETURN_WEEKS) or refunded >= revenue:
                continue
            figures = {"day": str(day), "revenue": facts.shown(revenue), "percent": f"{sum(table):.1f}"}
            facts.add(facts.cohorts, "expected_refund",
                      Cohort(("delivered", str(day)), revenue, day, table, max(refunded, ZERO)),
                      reasons=[("cash_expected_refund", figures)])  # fmt: skip

    # --- sales to come ---

    @api.model
    def _add_sales(self, facts):
        """Each channel goes on as in the last weeks: its receipts, fees, purchases, refunds and tax."""
        since = facts.ago(7 * (SALES_WEEKS + 1))
        sold = {}
        for row in self._rows(SOLD, facts, since=since):
            mine = sold.setdefault(row["channel_id"], {"history": {}, "revenue": ZERO, "tax": ZERO})
            mine["history"][row["day"]] = decimal(row["revenue"] or 0)
            mine["revenue"] += decimal(row["revenue"] or 0)
            mine["tax"] += decimal(row["tax"] or 0)
        bought = {}
        for row in self._rows(BOUGHT, facts, since=since):
            bought.setdefault(row["channel_id"], []).append(row)
        paid = {row["channel_id"]: round(row["days"]) for row in self._rows(PAID, facts, since=facts.ago(90))}
        for channel_id, mine in sold.items():
            if mine["revenue"] > 0:
                self._add_channel(facts, channel_id, mine, bought.get(channel_id, []), paid.get(channel_id, 0))

    @api.model
    def _add_channel(self, facts, channel_id, sold, bought, paid_days):
        channel = self.env["dropship.sales.channel"].browse(channel_id or ())
        revenue = sold["revenue"]
        terms = self._sale_terms(facts, channel)
        purchases, supplier_days, input_tax = self._purchase_terms(facts, bought)
        rule = self._tax_rule(facts.company)
        tax = max(sold["tax"] - input_tax, ZERO) * 100 / revenue if rule else ZERO
        record = Sales(
            ("channel", channel_id), sold["history"], weeks=SALES_WEEKS, delay=terms.get("delay", paid_days),
            fee=self._fee_percent(facts, channel), reserve=terms.get("reserve", ZERO), release=terms.get("release", 0),
            purchases=_percent(purchases, revenue), terms=Terms(days=supplier_days),
            delivery=self._delivery_days(facts), returns=self._delivered(facts)[1],
            tax=min(tax, Decimal(100)).quantize(PERCENT), rule=rule,
        )  # fmt: skip
        figures = {
            "channel": channel.name or "–", "fee": f"{record.fee:.1f}",
            "cost": f"{record.purchases:.1f}", "weeks": SALES_WEEKS, "delay": record.delay, "days": supplier_days,
            "back": f"{sum(record.returns):.1f}", "tax": f"{record.tax:.1f}", "reserve": f"{record.reserve:.1f}",
        }  # fmt: skip
        document = (channel._name, channel.id, channel.name) if channel else None
        facts.sales.append(record)
        for kind in ("sales", "reserve", "fees", "purchases", "refunds", "tax"):
            facts.tell(f"new_{kind}", record.key, document, [(f"cash_new_{kind}", figures)])

    @api.model
    def _sale_terms(self, facts, channel):
        """{delay, reserve, release} of a channel that pays out."""
        mine = channel.payout_terms_ids.filtered(lambda one: one.company_id == facts.company and one.active)[:1]
        if not mine:
            return {}
        wait = 0 if mine.delay_from == "order" else self._delivery_days(facts)
        known = {"delay": mine.delay_days + wait}
        if mine.reserve_percent and mine.reserve_days:
            known |= {"reserve": decimal(mine.reserve_percent), "release": mine.reserve_days}
        return known

    @api.model
    def _fee_percent(self, facts, channel):
        """What the channel keeps of what customers pay, as of its last orders."""
        if not channel:
            return ZERO
        orders = self.env["sale.order"].search(
            [("company_id", "=", facts.company.id), ("dropship_channel_id", "=", channel.id), ("state", "=", "sale")],
            order="date_order desc, id desc", limit=50,
        )  # fmt: skip
        fees = whole = ZERO
        for order in orders:
            percent, fixed = channel._fee_terms(order)
            rate = decimal(order.currency_rate or 1.0)
            whole += decimal(order.amount_total) / rate
            fees += decimal(order.amount_total) / rate * percent / 100 + fixed
        return _percent(fees, whole)

    @api.model
    def _purchase_terms(self, facts, bought):
        """(what goes to suppliers that are not paid from prepaid balances, days until then by amount, tax of all)."""
        cost = weighted = tax = ZERO
        for row in bought:
            tax += decimal(row["tax"] or 0)
            way = facts.ways.get(row["supplier_id"], "account")
            amount = max(decimal(row["cost"] or 0), ZERO)
            if way == "wallet":
                continue
            cost += amount
            if way == "account" and not facts.wish.get("prepaid"):
                partner = self.env["dropship.supplier"].browse(row["supplier_id"]).partner_id
                billed = facts.today + timedelta(days=self._delivery_days(facts))
                parts = facts.split(partner.property_supplier_payment_term_id, billed, Decimal(100))
                weighted += amount * sum((day - facts.today).days * part for day, part in parts) / 100
        return cost, round(weighted / cost) if cost else 0, tax


def _percent(amount, whole):
    share = amount * 100 / whole if whole > 0 else ZERO
    return max(min(share, Decimal(100)), ZERO).quantize(PERCENT)
