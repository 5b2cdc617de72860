"""What the matching of bills reads: lines of purchases and of bills, a statement each."""

from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ..matching.verdict import ZERO


class Bought(NamedTuple):
    """A line of a purchase as the database has it; figures as text, to keep every digit."""

    line_id: int
    purchase_id: int
    company_id: int
    currency_id: int
    supplier_id: int
    product_id: int
    uom_id: int
    state: str
    ordered: str
    shipped: str
    price: str
    discount: str
    subtotal: str
    date: object
    waiting: bool


class Billed(NamedTuple):
    """A line of a bill; quantity in the unit of the purchase line, both signed by what kind of document it is."""

    purchase_id: int
    line_id: int
    move_id: int
    refund: bool
    draft: bool
    currency_id: int
    date: object
    charge: str
    quantity: str
    amount: str
    ours: bool


class Sum:
    """What bills ask for one row of the matching."""

    __slots__ = ("amount", "at_order", "bills", "draft_amount", "draft_qty", "invoiced", "lines", "qty", "theirs")

    def __init__(self):
        self.qty = self.invoiced = self.amount = self.draft_qty = self.draft_amount = self.theirs = ZERO
        self.at_order = None
        self.lines, self.bills = 0, set()

    def add(self, row, quantity, amount, at_order):
        self.qty += quantity
        self.amount += amount
        if at_order is not None or self.at_order is not None:
            known = self.at_order if self.at_order is not None else self.amount - amount
            self.at_order = known + (amount if at_order is None else at_order)
        self.lines += 1
        if row.draft:
            self.draft_qty += quantity
            self.draft_amount += amount
        if not row.refund:
            self.invoiced += quantity
            self.bills.add(row.move_id)
        if not row.ours:
            self.theirs += quantity


class DropshipBillMatch(models.Model):
    _inherit = "dropship.bill.match"

    @api.model
    def _read_bought(self, purchases):
        """The lines of the purchases. Test orders are nobody's bill."""
        query = SQL(
            """
            SELECT line.id, purchase.id, purchase.company_id, purchase.currency_id, warehouse.supplier_id,
                   line.product_id, line.product_uom_id, purchase.state, line.product_qty::text,
                   COALESCE(line.qty_received, 0)::text, line.price_unit::text, COALESCE(line.discount, 0)::text,
                   line.price_subtotal::text, purchase.date_order::date,
                   EXISTS (SELECT FROM stock_move move
                            WHERE move.purchase_line_id = line.id AND move.state NOT IN ('done', 'cancel'))
              FROM purchase_order_line line
              JOIN purchase_order purchase ON purchase.id = line.order_id
              JOIN dropship_supplier_warehouse warehouse ON warehouse.id = purchase.dropship_warehouse_id
             WHERE purchase.id = ANY(%s) AND line.display_type IS NULL
               AND purchase.dropship_is_test IS NOT TRUE
             ORDER BY line.id
            """,
            purchases.ids,
        )
        return [Bought(*row) for row in self.env.execute_query(query)]

    @api.model
    def _read_billed(self, purchases):
        """The lines of bills about the purchases; cancelled ones are none."""
        query = SQL(
            """
            SELECT COALESCE(bought.order_id, line.dropship_purchase_id), line.purchase_line_id, move.id,
                   move.move_type = 'in_refund', move.state = 'draft', move.currency_id,
                   COALESCE(move.invoice_date, move.date), line.dropship_charge,
                   (CASE WHEN move.move_type = 'in_refund' THEN -1 ELSE 1 END * line.quantity
                       * COALESCE(unit.factor, 1) / COALESCE(bought_unit.factor, 1))::text,
                   (CASE WHEN move.move_type = 'in_refund' THEN -1 ELSE 1 END * line.price_subtotal)::text,
                   COALESCE(move.dropship_drafted, FALSE)
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
         LEFT JOIN purchase_order_line bought ON bought.id = line.purchase_line_id
         LEFT JOIN uom_uom unit ON unit.id = line.product_uom_id AND bought.id IS NOT NULL
         LEFT JOIN uom_uom bought_unit ON bought_unit.id = bought.product_uom_id AND unit.id IS NOT NULL
             WHERE (bought.order_id = ANY(%(ids)s)
                    OR line.purchase_line_id IS NULL AND line.dropship_purchase_id = ANY(%(ids)s))
               AND move.move_type IN ('in_invoice', 'in_refund') AND move.state <> 'cancel'
               AND line.display_type = 'product'
             ORDER BY line.id
            """,
            ids=purchases.ids,
        )
        return [Billed(*row) for row in self.env.execute_query(query)]

    @api.model
    def _read_decided(self, purchases):
        """{(purchase, kind, line or None): (decision, difference it was about)}"""
        query = SQL(
            "SELECT purchase_id, kind, purchase_line_id, decision, decided_difference::text FROM dropship_bill_match"
            " WHERE purchase_id = ANY(%s) AND decision IS NOT NULL",
            purchases.ids,
        )
        return {
            (purchase_id, kind, line_id): (decision, Decimal(difference or 0))
            for purchase_id, kind, line_id, decision, difference in self.env.execute_query(query)
        }
