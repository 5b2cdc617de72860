"""Rows of the matching, renewed for many purchases at once: a handful of statements, however many lines."""

from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models

from ..matching import Charge, Goods, decided, judge_charge, judge_goods
from ..matching.verdict import ZERO
from ..routing.rounding import round_money
from .bill_match_read import Sum
from .exact import decimal

# (column, kind) of what is written; the first three are the key.
COLUMNS = {
    "purchase_id": "int", "kind": "varchar", "purchase_line_id": "int", "product_id": "int", "supplier_id": "int",
    "company_id": "int", "currency_id": "int", "uom_id": "int", "ordered_qty": "numeric", "shipped_qty": "numeric",
    "billed_qty": "numeric", "draft_qty": "numeric", "agreed_price": "float8", "billed_price": "float8",
    "expected_amount": "numeric", "billed_amount": "numeric", "draft_amount": "numeric", "difference": "numeric",
    "state": "varchar", "reasons": "jsonb", "needs_decision": "bool", "to_draft": "bool",
}  # fmt: skip


class DropshipBillMatch(models.Model):
    _inherit = "dropship.bill.match"

    @api.model
    def _refresh(self, purchases, bills=None):
        """Renew the rows of these purchases and of those the bills are about, then what stands against the bills."""
        self = self.sudo()
        self.env.flush_all()
        bills = bills or self.env["account.move"]
        purchases |= bills._dropship_purchases()
        bought = self._read_bought(purchases)
        billed = self._read_billed(purchases)
        if self._withdraw_drafts(bought, billed):
            self.env.flush_all()
            billed = self._read_billed(purchases)
        self._write_rows(purchases, self._judge(bought, billed))
        bills |= self.env["account.move"].browse(sorted({row.move_id for row in billed}))
        bills.exists()._dropship_renew_holds()

    # ------------------------------------------------------------------
    # Judging
    # ------------------------------------------------------------------

    @api.model
    def _judge(self, bought, billed):
        """The rows as they should be: dicts with the keys of COLUMNS."""
        lines = defaultdict(list)
        for line in bought:
            lines[line.purchase_id].append(line)
        sums = self._sums(lines, billed)
        purchases = self.env["purchase.order"].browse(lines)
        tolerances = self.env["dropship.match.tolerance"]._for_matching(purchases)
        known = self._read_decided(purchases)
        expected = self._expected_charges(purchases, lines)
        by_us = self._billed_by_us(bought)
        claimed = purchases._dropship_waiting_uploads()
        steps = {currency.id: decimal(currency.rounding) for currency in purchases.currency_id}
        unit = Decimal(1).scaleb(-self.env["decimal.precision"].precision_get("Product Unit"))
        rows = []
        for purchase_id, own in lines.items():
            step = steps[own[0].currency_id]
            goods = [
                self._goods_row(line, sums.get((purchase_id, "goods", line.line_id)), tolerances, known, step, unit)
                for line in own
            ]
            goods = [row for row in goods if row]
            for row in goods:
                open_qty = row["shipped"] - row["total"].invoiced - claimed.get(row["purchase_line_id"], ZERO)
                row["to_draft"] = by_us[own[0].supplier_id, own[0].company_id] and open_qty >= unit
            rows += goods
            charges = expected.get(purchase_id, (ZERO, ZERO, ZERO, ZERO))
            rows += self._charge_rows(purchase_id, own[0], goods, sums, charges, tolerances, known, step)
        return rows

    @api.model
    def _sums(self, lines, billed):
        """{(purchase, kind, purchase line or None): Sum}, money in the currency of the purchase."""
        sums, worth = {}, {}
        for row in billed:
            if row.purchase_id not in lines:
                continue
            first = lines[row.purchase_id][0]
            kind = "goods" if row.line_id else self._kind_of(row.charge or "other")
            total = sums.setdefault((row.purchase_id, kind, row.line_id), Sum())
            amount, at_order = Decimal(row.amount), None
            if row.currency_id != first.currency_id:
                at_order = self._convert(worth, amount, row.currency_id, first, first.date)
                amount = self._convert(worth, amount, row.currency_id, first, row.date)
            # A charge on a line of goods, for instance an allowance, changes what it costs, not how many there are.
            total.add(row, ZERO if row.charge else Decimal(row.quantity), amount, at_order)
        return sums

    @api.model
    def _convert(self, worth, amount, currency_id, first, date):
        """An amount of a bill in the currency of its purchase, at the rate of a day."""
        key = (currency_id, first.currency_id, first.company_id, date)
        currency = self.env["res.currency"].browse(first.currency_id)
        if key not in worth:
            company = self.env["res.company"].browse(first.company_id)
            source = self.env["res.currency"].browse(currency_id)
            rate = source._get_conversion_rate(source, currency, company, date or fields.Date.today())
            worth[key] = decimal(rate) if rate > 0.001 else Decimal(repr(rate))
        return round_money(amount * worth[key], decimal(currency.rounding))

    @api.model
    def _agreed_price(self, line, step):
        """Net price of a unit: as it was typed where no tax is in it, else what the line comes to."""
        quantity, subtotal = Decimal(line.ordered), Decimal(line.subtotal)
        price = Decimal(line.price) * (1 - Decimal(line.discount) / 100)
        if quantity and abs(price * quantity - subtotal) > step:
            return subtotal / quantity
        return price

    @api.model
    def _goods_row(self, line, total, tolerances, known, step, unit):
        """The row of a purchase line; None where there is nothing to say about it."""
        if line.state != "purchase" and not total and not Decimal(line.shipped):
            return None
        total = total or Sum()
        facts = Goods(
            ordered=ZERO if line.state == "cancel" else Decimal(line.ordered),
            shipped=Decimal(line.shipped),
            agreed=self._agreed_price(line, step),
            billed=total.qty,
            invoiced=total.invoiced,
            amount=total.amount,
            at_order=total.at_order,
            lines=total.lines,
            bills=len(total.bills),
            closed=line.state == "cancel" or (line.state == "purchase" and not line.waiting),
            step=step,
            unit=unit,
        )
        tolerance = tolerances(line.supplier_id, line.company_id, "goods", line.currency_id)
        verdict = judge_goods(facts, tolerance)
        key = (line.purchase_id, "goods", line.line_id)
        return {
            **self._base_row(line, key, verdict, total, known, step),
            "product_id": line.product_id,
            "uom_id": line.uom_id,
            "ordered_qty": line.ordered,
            "shipped_qty": line.shipped,
            "billed_qty": total.qty,
            "draft_qty": total.draft_qty,
            "agreed_price": facts.agreed,
            "billed_price": total.amount / total.qty if total.qty else ZERO,
            # For whoever made the row only.
            "shipped": facts.shipped,
            "complete": facts.closed or facts.shipped >= facts.ordered,
            "total": total,
            "planned": facts.agreed * facts.ordered,
        }

    @api.model
    def _charge_rows(self, purchase_id, first, goods, sums, charges, tolerances, known, step):
        """The rows for freight, fees and what else was charged, where there is or should be something."""
        complete = all(row["complete"] for row in goods)
        billed = bool(goods) and all(row["total"].invoiced >= row["shipped"] for row in goods)
        freight, fees, planned_freight, planned_fees = charges
        rows = []
        for kind, expected, planned in (
            ("freight", freight, planned_freight),
            ("fee", fees, planned_fees),
            ("other", ZERO, ZERO),
        ):
            total = sums.get((purchase_id, kind, None))
            if not total and not (goods and (expected or planned)):
                continue
            total = total or Sum()
            facts = Charge(kind, expected, planned, total.amount, total.lines, complete, billed, step)
            tolerance = tolerances(first.supplier_id, first.company_id, kind, first.currency_id)
            key = (purchase_id, kind, None)
            rows.append(self._base_row(first, key, judge_charge(facts, tolerance), total, known, step))
        return rows

    @api.model
    def _base_row(self, line, key, verdict, total, known, step):
        verdict = decided(verdict, *known.get(key, ("", ZERO)), step)
        return {
            **dict.fromkeys(COLUMNS),
            "purchase_id": key[0],
            "kind": key[1],
            "purchase_line_id": key[2],
            "supplier_id": line.supplier_id,
            "company_id": line.company_id,
            "currency_id": line.currency_id,
            "expected_amount": verdict.expected,
            "billed_amount": total.amount,
            "draft_amount": total.draft_amount,
            "difference": verdict.difference,
            "state": verdict.state,
            "reasons": self._written(verdict.reasons, line.currency_id),
            "needs_decision": verdict.needs_decision,
            "to_draft": False,
        }
