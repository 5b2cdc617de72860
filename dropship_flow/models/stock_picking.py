from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        """Override: what left the supplier (or our shelf) is recorded on the allocation."""
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        moves.sudo()._dropship_sync_allocations()
        return moves

    def _action_cancel(self):
        """Override: a cancelled rest ends the allocation's promise."""
        result = super()._action_cancel()
        self.sudo()._dropship_sync_allocations()
        return result

    def _dropship_sync_allocations(self):
        """Fold the moves of each allocation into its shipped quantity and state.

        Once every move is done or cancelled the allocation is shipped; what did not ship is to be sourced again.
        """
        lines = self.purchase_line_id
        allocations = lines.dropship_allocation_ids.filtered(lambda row: row.state in ("accepted", "shipped"))
        own = self.sale_line_id.dropship_allocation_ids.filtered(
            lambda row: not row.offer_id and row.state in ("accepted", "shipped")
        )
        for allocation in allocations | own:
            moves = allocation._moves()
            shipped = allocation._qty_moved()
            over = moves and all(move.state in ("done", "cancel") for move in moves)
            allocation.qty_shipped = shipped
            if not over or allocation.state != "accepted":
                continue
            if shipped > 0:
                allocation._set_state("shipped")
            elif not self.env.context.get("dropship_cancelling") and (
                allocation.offer_id or allocation.stock_warehouse_id
            ):
                allocation._release("cancelled")
            if allocation.state != "accepted":
                allocation._ask_for_rest()


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def action_cancel(self):
        """Override: a cancelled sale leaves the transfer of an accepted purchase open until the supplier agrees."""
        if not self.env.context.get("dropship_keep_transfers"):
            return super().action_cancel()
        kept = self.sudo().filtered(
            lambda picking: picking.purchase_id.dropship_warehouse_id and picking.purchase_id.state == "purchase"
        )
        return super(StockPicking, self - kept.sudo(False)).action_cancel()
