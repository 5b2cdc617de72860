"""Bills for suppliers who write none: from what left, each unit once."""

import logging
from collections import defaultdict
from decimal import Decimal

import pytz
from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Command
from psycopg2 import OperationalError

from .state_mixin import write_locked

_logger = logging.getLogger(__name__)

BATCH = 50
ZERO = Decimal(0)


class AccountMove(models.Model):
    _inherit = "account.move"

    dropship_drafted = fields.Boolean(
        string="Drafted by Us",
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="Made from what left, because the supplier writes no bills.",
    )

    def button_cancel(self):
        """Override: what a cancelled draft billed may be drafted again."""
        result = super().button_cancel()
        self.sudo().filtered("dropship_drafted").line_ids.filtered("dropship_draft_key").dropship_draft_key = False
        return result


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    dropship_draft_key = fields.Char(
        copy=False, readonly=True, groups="base.group_user", help="What of which purchase it bills: once."
    )

    _dropship_draft_once = models.UniqueIndex(
        "(dropship_draft_key) WHERE dropship_draft_key IS NOT NULL", "This is drafted already."
    )


class DropshipBillMatch(models.Model):
    _inherit = "dropship.bill.match"

    @api.model
    def _billed_by_us(self, bought):
        """{(supplier id, company id): whether we write the bills}"""
        suppliers = self.env["dropship.supplier"].browse({line.supplier_id for line in bought})
        pairs = {(line.supplier_id, line.company_id) for line in bought}
        return {
            (supplier_id, company_id): suppliers.browse(supplier_id)
            ._terms_for(self.env["res.company"].browse(company_id))
            .bills_by
            == "us"
            for supplier_id, company_id in pairs
        }

    @api.model
    def _withdraw_drafts(self, bought, billed):
        """What the supplier billed himself is taken out of our drafts. A bill of ours that is posted stays: it is then
        billed twice, and a person decides.

        :param bought: [Bought]
        :param billed: [Billed]
        :return: whether any draft changed
        """
        lines, by_line, purchases = {line.line_id: line for line in bought}, defaultdict(Decimal), set()
        for row in billed:
            if not row.ours and not row.refund:
                purchases.add(row.purchase_id)
                if row.line_id and not row.charge:
                    by_line[row.line_id] += Decimal(row.quantity)
        drafts = self.env["account.move"].browse({row.move_id for row in billed if row.ours and row.draft})
        stale = drafts.invoice_line_ids.filtered(lambda line: line.dropship_draft_key)
        changed = False
        for line in stale.filtered("purchase_line_id"):
            theirs = by_line.get(line.purchase_line_id.id, ZERO)
            if not theirs or line.purchase_line_id.id not in lines:
                continue
            keep = Decimal(lines[line.purchase_line_id.id].shipped) - theirs
            if keep < Decimal(str(line.quantity)):
                changed = True
                if keep > 0:
                    line.quantity = float(keep)
                else:
                    line.unlink()
        # Who bills the goods bills their freight as well.
        charges = stale.exists().filtered(
            lambda line: line.dropship_charge and line.dropship_purchase_id.id in purchases
        )
        goods = stale.exists().purchase_line_id.order_id
        over = charges.filtered(lambda line: line.dropship_purchase_id not in goods)
        changed = changed or bool(over)
        over.unlink()
        drafts.filtered(lambda move: not move.invoice_line_ids).unlink()
        return changed


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def _dropship_waiting_uploads(self):
        """Hook: what suppliers handed in as bills that are no bills in the books yet.

        :return: {purchase line id: Decimal quantity in the unit of the purchase line}
        """
        return {}

    def _dropship_draft_bills(self):
        """Draft bills for what left and is on no bill: one per purchase and day it left, freight and fees on the last.

        Nothing the supplier billed himself is drafted, be his bill a draft, or handed in and not read yet.

        :return: the new bills
        """
        orders_sudo = self.sudo()._dropship_lock_to_bill()  # the automation has no rights of its own
        match = self.env["dropship.bill.match"].sudo()
        match._refresh(orders_sudo)
        rows = match.search([("purchase_id", "in", orders_sudo.ids)])
        claimed = orders_sudo._dropship_waiting_uploads()
        vals_list = []
        for order_sudo in orders_sudo:
            own = rows.filtered(lambda row, order=order_sudo: row.purchase_id == order)
            vals_list += order_sudo._dropship_bill_vals(own, claimed)
        if not vals_list:
            return self.env["account.move"]
        drafts = self.env["account.move"].sudo().with_context(default_move_type="in_invoice", tracking_disable=True)
        with self.env["dropship.allocation"]._first_come():
            bills = drafts.create(vals_list)
            bills.flush_recordset()
            bills.invoice_line_ids.flush_recordset()
        match._refresh(orders_sudo, bills)
        return bills

    def _dropship_lock_to_bill(self):
        """Those of the purchases nobody else drafts bills for, locked and written: who comes second does nothing."""
        self.env.flush_all()
        mine = self.try_lock_for_update(allow_referencing=True)
        write_locked(mine)
        return mine.filtered("dropship_warehouse_id")

    def _dropship_bill_vals(self, rows, claimed):
        """Values of the bills of one purchase.

        :param rows: its rows of the matching
        :param dict claimed: {purchase line id: quantity handed in}
        """
        self.ensure_one()
        days = defaultdict(list)
        for row in rows.filtered("to_draft"):
            line = row.purchase_line_id
            invoiced = self._dropship_invoiced(line)
            skip = invoiced + claimed.get(line.id, ZERO)
            for day, start, quantity in line._dropship_units_by_day(skip):
                days[day].append(self._dropship_goods_vals(line, start, quantity))
        if not days:
            return []
        bills = []
        for day in sorted(days):
            vals = self.with_company(self.company_id)._prepare_invoice()
            vals |= {
                "move_type": "in_invoice",
                "invoice_date": day,
                "date": day,
                "dropship_drafted": True,
                "invoice_line_ids": [Command.create(line) for line in days[day]],
                "narration": False,
            }
            bills.append(vals)
        bills[-1]["invoice_line_ids"] += [Command.create(line) for line in self._dropship_charge_vals(rows)]
        return bills

    def _dropship_invoiced(self, line):
        """How much of a line is on bills, credit notes not taken off: what was credited is not billed again."""
        total = ZERO
        for bill_line in line.invoice_lines:
            move = bill_line.move_id
            if move.move_type == "in_invoice" and move.state != "cancel" and not bill_line.dropship_charge:
                unit = bill_line.product_uom_id or line.product_uom_id
                total += Decimal(str(unit._compute_quantity(bill_line.quantity, line.product_uom_id, round=False)))
        return total

    def _dropship_goods_vals(self, line, start, quantity):
        vals = line.with_company(self.company_id)._prepare_account_move_line()
        key = f"goods:{line.id}:{start.normalize():f}"
        return {**vals, "quantity": float(quantity), "dropship_draft_key": key}

    def _dropship_charge_vals(self, rows):
        """Lines for freight and fees of what left, as far as they are on no bill yet."""
        self.ensure_one()
        result = []
        taxes = self.order_line.filtered("product_qty").tax_ids
        same = all(line.tax_ids == taxes for line in self.order_line.filtered("product_qty"))
        for row in rows.filtered(lambda row: row.kind in ("freight", "fee")):
            due = self.currency_id.round(row.expected_amount - row.billed_amount)
            if self.currency_id.compare_amounts(due, 0.0) <= 0:
                continue
            product = self.env["account.move.line"]._dropship_charge_product(row.kind)
            # Carriage follows the goods, in taxes too.
            tax = taxes if same else taxes.browse()
            result.append(
                {
                    "name": product.display_name,
                    "product_id": product.id,
                    "quantity": 1.0,
                    "price_unit": self.order_line._dropship_price_with_taxes(due, tax),
                    "tax_ids": [Command.set(tax.ids)],
                    "dropship_charge": row.kind,
                    "dropship_purchase_id": self.id,
                    "dropship_draft_key": f"{row.kind}:{self.id}:{row.billed_amount:.6f}",
                }
            )
        return result

    @api.model
    def _cron_draft_bills(self, limit=2000):
        """Draft the bills of suppliers who write none, in batches; one that fails stops no other."""
        cron, seen = self.env["ir.cron"], []
        while len(seen) < limit:
            rows = self.env["dropship.bill.match"]._read_group(
                [("to_draft", "=", True), ("purchase_id", "not in", seen)],
                ["purchase_id"],
                limit=BATCH,
                order="purchase_id",
            )
            orders = self.union(*(order for (order,) in rows))
            if not orders:
                break
            seen += orders.ids
            for batch in (orders, *orders):
                try:
                    batch._dropship_draft_bills()
                    cron._commit_progress(len(batch))
                    if batch == orders:
                        break
                except (OperationalError, ConcurrencyError):  # somebody else bills them: the next round looks again
                    self.env.cr.rollback()
                except Exception:
                    _logger.exception("Bills of purchases %s could not be drafted", batch.ids)
                    self.env.cr.rollback()


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    def _dropship_units_by_day(self, skip):
        """What left after the first `skip` units: [(day in the company's time zone, units before, units)]."""
        self.ensure_one()
        zone = pytz.timezone(self.company_id.partner_id.tz or "UTC")
        done = self._dropship_out_moves().filtered(lambda move: move.state == "done")
        left, before = Decimal(str(self.qty_received)), ZERO
        days = {}
        for move in done.sorted(lambda move: (move.date, move.id)):
            units = Decimal(str(move.product_uom._compute_quantity(move.quantity, self.product_uom_id, round=False)))
            units = min(units, left - before)
            start, end = max(before, skip), before + units
            if end > start:
                day = pytz.utc.localize(move.date).astimezone(zone).date()
                days.setdefault(day, [start, ZERO])[1] += end - start
            before = end
        if before < left and left > max(before, skip):  # received by hand: today
            day = pytz.utc.localize(fields.Datetime.now()).astimezone(zone).date()
            start = max(before, skip)
            days.setdefault(day, [start, ZERO])[1] += left - start
        return [(day, start, quantity) for day, (start, quantity) in sorted(days.items())]
