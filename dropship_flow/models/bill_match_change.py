"""Something moved that bills are held against: which purchases and bills are looked at again, and when."""

import logging

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL
from psycopg2 import OperationalError

_logger = logging.getLogger(__name__)

BATCH = 2000
ONE_BY_ONE = 1


class DropshipMatchChange(models.Model):
    """A purchase or a bill that moved since anybody looked.

    Rows are only added and taken away, so that nothing is missed and no bill waits for another.
    """

    _name = "dropship.match.change"
    _description = "Bill or Purchase That Moved"
    _log_access = False

    purchase_id = fields.Many2one("purchase.order", ondelete="cascade", index="btree_not_null")
    move_id = fields.Many2one("account.move", ondelete="cascade", index="btree_not_null")
    company_id = fields.Many2one("res.company", ondelete="cascade")


class DropshipBillMatch(models.Model):
    _inherit = "dropship.bill.match"

    @api.model
    def _moved(self, purchase_ids=(), move_ids=()):
        """These purchases or bills moved in whatever way; they are looked at soon. Costs one statement.

        Called while records are being written to the database: it reads what is there and flushes nothing.
        """
        if purchase_ids:
            self._mark_purchases(SQL("SELECT unnest(%s::int[])", sorted(set(purchase_ids))))
        if move_ids:
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO dropship_match_change (move_id, company_id)
                    SELECT id, company_id FROM account_move
                     WHERE id = ANY(%s) AND move_type IN ('in_invoice', 'in_refund')
                       AND dropship_supplier_id IS NOT NULL
                     ORDER BY id
                    """,
                    sorted(set(move_ids)),
                )
            )

    @api.model
    def _mark_purchases(self, query):
        """The same for the purchases a query returns; those that are not dropshipped are left out."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO dropship_match_change (purchase_id, company_id)
                SELECT id, company_id FROM purchase_order
                 WHERE dropship_warehouse_id IS NOT NULL AND id IN (SELECT moved.id FROM (%s) AS moved(id))
                 ORDER BY id
                """,
                query,
            )
        )

    @api.model
    def _take_changes(self, limit=BATCH):
        """What waits, taken away by this transaction: (rows taken, purchases, bills)."""
        self.env["dropship.match.change"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM dropship_match_change WHERE id IN (
                    SELECT id FROM dropship_match_change ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
                RETURNING purchase_id, move_id
                """,
                limit,
            )
        )
        taken = self.env.cr.fetchall()
        purchases = self.env["purchase.order"].browse(sorted({row[0] for row in taken if row[0]}))
        bills = self.env["account.move"].browse(sorted({row[1] for row in taken if row[1]}))
        return len(taken), purchases.exists(), bills.exists()

    @api.model
    def _follow(self, limit=BATCH):
        """Look at what waits, one batch. :return: how many rows were taken"""
        self.env.flush_all()
        taken, purchases, bills = self.sudo()._take_changes(limit)
        if purchases or bills:
            self.sudo()._refresh(purchases, bills)
        return taken

    @api.model
    def _cron_match(self):
        """Every minute: hold bills against what moved, a batch per transaction. What stops a batch is found one by
        one, and stops no other."""
        cron = self.env["ir.cron"]
        remaining = self.env["dropship.match.change"].search_count([])
        cron._commit_progress(remaining=remaining)
        limit = BATCH
        while remaining > 0:
            try:
                done = self._follow(limit)
            except (OperationalError, ConcurrencyError):  # somebody else looks at them: the next round does
                self.env.cr.rollback()
                break
            except Exception:
                self.env.cr.rollback()
                if limit == ONE_BY_ONE:
                    self._set_aside()
                _logger.exception("Bills could not be matched; trying one by one")
                limit = ONE_BY_ONE
                remaining -= 1
                continue
            remaining = max(remaining - done, 0)
            if not done or not cron._commit_progress(done, remaining=remaining):
                break

    @api.model
    def _set_aside(self):
        """The first of the queue cannot be looked at: behind all others with it."""
        self.env.cr.execute(
            """
            WITH first AS (DELETE FROM dropship_match_change WHERE id = (
                SELECT id FROM dropship_match_change ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
                RETURNING purchase_id, move_id, company_id)
            INSERT INTO dropship_match_change (purchase_id, move_id, company_id) SELECT * FROM first
            """
        )
        self.env["ir.cron"]._commit_progress()


class AccountMoveLine(models.Model):
    """Lines of bills that are made, changed, posted or removed."""

    _inherit = "account.move.line"

    _dropship_watched = frozenset(
        {
            "quantity", "price_subtotal", "product_uom_id", "purchase_line_id", "dropship_purchase_id",
            "dropship_charge", "parent_state", "currency_id",
        }
    )  # fmt: skip

    @api.model_create_multi
    def create(self, vals_list):
        """Override: new lines about purchases are matched."""
        lines = super().create(vals_list)
        lines._dropship_moved()
        return lines

    def write(self, vals):
        """Override: a line that belongs to another purchase now changes both."""
        if {"purchase_line_id", "dropship_purchase_id"} & vals.keys():
            self._dropship_moved()
        return super().write(vals)

    def _write_multi(self, vals_list):  # pylint: disable=missing-return
        """Override: what is written of lines of bills, computed or by hand, is matched again."""
        super()._write_multi(vals_list)
        if any(self._dropship_watched & vals.keys() for vals in vals_list):
            self._dropship_mark_lines()

    def unlink(self):
        """Override: removed lines are not billed any more."""
        self._dropship_moved()
        return super().unlink()

    def _dropship_moved(self):
        lines_sudo = self.sudo().filtered(lambda line: line.move_id.move_type in ("in_invoice", "in_refund"))
        purchases = lines_sudo.purchase_line_id.order_id | lines_sudo.dropship_purchase_id
        if lines_sudo.move_id.dropship_supplier_id or purchases:
            self.env["dropship.bill.match"].sudo()._moved(purchases.ids, lines_sudo.move_id.ids)

    def _dropship_mark_lines(self):
        """The same from the database, in the middle of writing."""
        match = self.env["dropship.bill.match"].sudo()
        match._mark_purchases(
            SQL(
                """
                SELECT COALESCE(bought.order_id, line.dropship_purchase_id)
                  FROM account_move_line line
             LEFT JOIN purchase_order_line bought ON bought.id = line.purchase_line_id
                 WHERE line.id = ANY(%(ids)s)
                   AND (line.purchase_line_id IS NOT NULL OR line.dropship_purchase_id IS NOT NULL)
                """,
                ids=sorted(self._ids),
            )
        )


class AccountMove(models.Model):
    _inherit = "account.move"

    _dropship_bill_facts = frozenset(
        {
            "ref", "partner_bank_id", "invoice_date", "invoice_date_due", "currency_id", "partner_id", "state",
            "company_id", "dropship_is_bill", "dropship_supplier_id",
        }
    )  # fmt: skip

    def _write_multi(self, vals_list):  # pylint: disable=missing-return
        """Override: number, bank account or date of a bill changed: what stands against paying it may have too."""
        super()._write_multi(vals_list)
        if any(self._dropship_bill_facts & vals.keys() for vals in vals_list):
            self.env["dropship.bill.match"].sudo()._moved(move_ids=self._ids)


class PurchaseOrderLine(models.Model):
    """What was ordered, at which price, and what left."""

    _inherit = "purchase.order.line"

    _dropship_watched = frozenset({"product_qty", "qty_received", "price_subtotal", "price_unit", "product_uom_id"})

    def _write_multi(self, vals_list):  # pylint: disable=missing-return
        super()._write_multi(vals_list)
        if any(self._dropship_watched & vals.keys() for vals in vals_list):
            query = SQL("SELECT order_id FROM purchase_order_line WHERE id = ANY(%s)", sorted(self._ids))
            self.env["dropship.bill.match"].sudo()._mark_purchases(query)


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def _write_multi(self, vals_list):  # pylint: disable=missing-return
        super()._write_multi(vals_list)
        if any({"state", "currency_id", "dropship_warehouse_id"} & vals.keys() for vals in vals_list):
            self.env["dropship.bill.match"].sudo()._moved(self._ids)


class DropshipShipmentLine(models.Model):
    """Freight is what the parcels cost: how many, how heavy."""

    _inherit = "dropship.shipment.line"

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._moved_for_bills()
        return rows

    def write(self, vals):
        result = super().write(vals)
        self._moved_for_bills()
        return result

    def unlink(self):
        self._moved_for_bills()
        return super().unlink()

    def _moved_for_bills(self):
        self.env["dropship.bill.match"].sudo()._moved(self.sudo().purchase_line_id.order_id.ids)


class DropshipShipment(models.Model):
    _inherit = "dropship.shipment"

    def _write_multi(self, vals_list):  # pylint: disable=missing-return
        """Override: a parcel that left, was scanned or weighed may let its bill be paid."""
        super()._write_multi(vals_list)
        if any({"state", "status", "moved_at", "told_weight"} & vals.keys() for vals in vals_list):
            query = SQL(
                """
                SELECT bought.order_id FROM dropship_shipment_line line
                  JOIN purchase_order_line bought ON bought.id = line.purchase_line_id
                 WHERE line.shipment_id = ANY(%s)
                """,
                sorted(self._ids),
            )
            self.env["dropship.bill.match"].sudo()._mark_purchases(query)
