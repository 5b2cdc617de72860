"""Goods that go from a supplier to a customer never lie in our stock: core's hooks are told so.

Core knows a dropship by its finished moves only. Before the goods left it books a bill on the stock account and takes
the cost of an invoice from there, and neither is ever corrected; what comes back to us enters the stock, but not the
books. Lines that are not ours keep core untouched.
"""

from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _eligible_for_stock_account(self):
        """Override: of goods that pass us by only what really lay, or lies now, in our own stock counts there."""
        self.ensure_one()
        if not self.product_id.is_storable or not self._dropship_passes_by():
            return super()._eligible_for_stock_account()
        return bool(self._dropship_stock_moves()) or bool(self._dropship_own_share())

    def _get_cogs_value(self):
        """Override: the cost of our own units among those of the line; for a credit note, of those that came back."""
        if not self.product_id.is_storable or not self._dropship_passes_by():
            return super()._get_cogs_value()
        quantity = self.product_uom_id._compute_quantity(self.quantity, self.product_id.uom_id)
        if not quantity:
            return 0.0
        moves = self._dropship_stock_moves()
        if self.move_id.move_type == "out_refund":
            return (self._dropship_value_back(moves) - self._dropship_cost_returned()) / quantity
        invoiced = self._get_cogs_qty()
        product = self.product_id
        unit = moves._get_cogs_price_unit(invoiced) if moves else product.standard_price
        return (unit * self._dropship_own_share() * invoiced - self._get_posted_cogs_value()) / quantity

    def _dropship_passes_by(self):
        """Whether the line is about goods some supplier sends to a customer, at least a part of them."""
        self.ensure_one()
        line_sudo = self.sudo()  # whoever books need not read orders
        if self.move_id.is_purchase_document(include_receipts=True):
            return bool(line_sudo.purchase_line_id.order_id.dropship_warehouse_id)
        sold = line_sudo.sale_line_ids
        if sold.dropship_allocation_ids:
            return any(row.offer_id for row in sold.dropship_allocation_ids)
        # Invoiced before anybody was asked: a supplier's, unless it lies on our shelf.
        waiting = sold and not sold.move_ids and sold._dropship_ours()
        return bool(waiting) and self.product_id.with_company(self.company_id).qty_available <= 0

    def _dropship_stock_moves(self):
        """The finished moves of our own stock that stand behind the line.

        Invoice: from us to the customer. Its credit note: from the customer to us. A supplier's credit note: from us to
        the supplier. A supplier's bill: none, he sent the goods to the customer.
        """
        self.ensure_one()
        line_sudo = self.sudo()
        kind = self.move_id.move_type
        done = (line_sudo.purchase_line_id.move_ids | line_sudo.sale_line_ids.move_ids).filtered(
            lambda move: move.state == "done" and move.product_id == self.product_id
        )
        if kind in ("out_invoice", "out_receipt"):
            return done.filtered(lambda move: move.is_out and move.location_dest_id.usage == "customer")
        if kind == "out_refund":
            return done.filtered(
                lambda move: (
                    move.is_in
                    and "customer" in (move.location_id.usage, move.origin_returned_move_id.location_dest_id.usage)
                )
            )
        if kind == "in_refund":
            return done.filtered(lambda move: move.is_out and move.location_dest_id.usage == "supplier")
        return done.browse()

    def _dropship_own_share(self):
        """Which part (0 to 1) of what the customer ordered comes from our own shelf."""
        sold = self.sudo().sale_line_ids
        if self.move_id.move_type not in ("out_invoice", "out_receipt") or not sold:
            return 0.0
        rows = sold.dropship_allocation_ids.filtered(lambda row: row.product_id == self.product_id)
        own = sum(row._covered() for row in rows if not row.offer_id)
        ordered = sum(
            line.product_uom_id._compute_quantity(line.product_uom_qty, self.product_id.uom_id) for line in sold
        )
        return min(own / ordered, 1.0) if ordered else 0.0

    def _dropship_value_back(self, moves):
        """What the returned goods are worth in our stock, company currency."""
        if self.product_id.cost_method == "standard":
            return self.product_id.standard_price * sum(move._get_valued_qty() for move in moves)
        return sum(moves.mapped("value"))

    def _dropship_cost_returned(self):
        """What earlier credit notes brought back into the stock account for the same sale, company currency."""
        notes = self.sudo().sale_line_ids.invoice_lines.move_id.filtered(
            lambda move: move.move_type == "out_refund" and move.state == "posted" and move != self.move_id
        )
        accounts = self.product_id.product_tmpl_id.get_product_accounts(fiscal_pos=self.move_id.fiscal_position_id)
        booked = notes.line_ids.filtered(
            lambda line: (
                line.display_type == "cogs"
                and line.account_id == accounts["stock_valuation"]
                and line.cogs_origin_id.sale_line_ids & self.sale_line_ids
            )
        )
        return sum(booked.mapped("balance"))


class StockMove(models.Model):
    _inherit = "stock.move"

    def _get_valued_qty(self, lot=None):
        """Override: nothing of a dropship counts in the average of what lies in our stock. See `_run_avco`."""
        if self.env.context.get("dropship_stocked_only") and self.is_dropship and self._dropship_bought():
            return 0.0
        return super()._get_valued_qty(lot)

    def _dropship_bought(self):
        self.ensure_one()
        origin_sudo = self.sudo().purchase_line_id or self.sudo().origin_returned_move_id.purchase_line_id
        return bool(origin_sudo.order_id.dropship_warehouse_id)


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _run_avco(self, at_date=None, lot=None, method="realtime"):
        """Override: the average of a product in stock is of what came into stock, not of what passed us by.

        Core mixes the price of each dropship into it, so that the value of our shelf changes though nothing on it did.
        A product that never was in our stock keeps core's way: its cost follows the last purchase.
        """
        stocked = self.env["stock.move"].search_count(
            [("product_id", "=", self.id), ("company_id", "=", self.env.company.id), ("is_in", "=", True)], limit=1
        )
        product = self.with_context(dropship_stocked_only=True) if stocked else self
        return super(ProductProduct, product)._run_avco(at_date=at_date, lot=lot, method=method)
