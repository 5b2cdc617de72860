"""A notice that proved false is undone as if it had never come."""

from odoo import fields, models
from odoo.exceptions import UserError


class DropshipShipment(models.Model):
    _inherit = "dropship.shipment"

    reverted_at = fields.Datetime(string="Taken Back On", readonly=True)

    def action_revert_dispatch(self):
        """It never left: the goods wait again, quantities and allocations are as before. Twice changes nothing more."""
        self._check_desk()
        self._revert_dispatch()
        return True

    def _revert_dispatch(self, reason=""):
        """Undo what the notices of these boxes did.

        :raise UserError: when something that was invoiced, or came back, rests on it; nothing is changed then
        """
        going = self.sudo().filtered(lambda box: box.state in ("announced", "dispatched"))
        if not going:
            return
        moves = going.line_ids.filtered(lambda line: not line.is_part).move_id.filtered(
            lambda move: move.state == "done"
        )
        # Goods in several boxes are counted in one: none of them left then.
        going |= moves.dropship_shipment_line_ids.shipment_id.filtered(lambda box: box.state == "dispatched")
        going |= self.sudo().search([("beside_id", "in", going.ids), ("state", "=", "announced")])
        going._take_rows()
        purchases = going.purchase_ids
        if purchases:
            purchases.lock_for_update(allow_referencing=True)
        moves._dropship_check_undo()
        for box in going:
            box._mirror({box.number: ""})
        rows = moves._dropship_undo()
        announced = going.filtered(lambda box: box.state == "announced").line_ids.purchase_line_id
        self.env["dropship.supplier.fact"].sudo()._note(rows | announced.dropship_allocation_ids, "false_dispatch")
        going.line_ids.move_id = False
        going._set_state("reverted", reverted_at=fields.Datetime.now(), dispatched_at=False)
        for box in going:
            box.message_post(body=self.env._("It never left; its goods wait again. %s", reason or ""))
        going._after_revert()


class StockMove(models.Model):
    _inherit = "stock.move"

    def _dropship_check_undo(self):
        """Whether moves to customers can be undone.

        :raise UserError: in words, when something rests on them
        """
        own = self.filtered(lambda move: not move.purchase_line_id)
        if own:
            raise UserError(
                self.env._(
                    "%s left our own warehouse: return the transfer there.", ", ".join(own.picking_id.mapped("name"))
                )
            )
        back = self.filtered(lambda move: any(other.state != "cancel" for other in move.returned_move_ids))
        if back:
            raise UserError(
                self.env._("A part of %s came back already: it did leave.", ", ".join(back.picking_id.mapped("name")))
            )
        billed = self.sale_line_id.filtered(lambda line: line._dropship_is_billed(self)).order_id
        billed_names = billed.mapped("name") + [
            line.order_id.name for line in self.purchase_line_id if line._dropship_is_billed(self)
        ]
        if billed_names:
            raise UserError(
                self.env._(
                    "%s: what left was invoiced. Reverse that invoice or bill first, then take the notice back.",
                    ", ".join(dict.fromkeys(billed_names)),
                )
            )

    def _dropship_undo(self):
        """Return what never left, and let it wait again.

        :return: the allocations concerned
        """
        rows = self.purchase_line_id.dropship_allocation_ids.filtered(
            lambda row: row.state != "released" or row.qty_shipped
        )
        before = {row: (row.state, row.qty_shipped) for row in rows}
        self.dropship_reverted = True
        for picking, moves in self.grouped("picking_id").items():
            picking._dropship_wait_again(moves)
            picking._dropship_return(moves)
        return rows._dropship_unship(before)


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _dropship_wait_again(self, moves):
        """The goods stand in a transfer that waits, as before the notice."""
        self.ensure_one()
        waiting = self.purchase_id._dropship_waiting_transfers().sorted("id")[:1]
        if not waiting:
            waiting = self.copy({"name": "/", "move_ids": [], "move_line_ids": [], "backorder_id": self.id})
        again = moves.browse()
        for move in moves:
            again |= move.copy(
                {
                    "picking_id": waiting.id,
                    "product_uom_qty": move.quantity,
                    "purchase_line_id": move.purchase_line_id.id,
                    "sale_line_id": move.sale_line_id.id,
                    "picked": False,
                    "state": "draft",
                    "move_line_ids": [],
                }
            )
        again._action_confirm()
        waiting.action_assign()

    def _dropship_return(self, moves):
        """Undo moves in core: the same quantities come back on paper."""
        self.ensure_one()
        wizard = self.env["stock.return.picking"].create({"picking_id": self.id})
        for line in wizard.product_return_moves:
            line.quantity = line.move_id.quantity if line.move_id in moves else 0.0
        back = wizard._create_return()
        for move in back.move_ids:
            origin = move.origin_returned_move_id
            move.quantity = origin.quantity
            if origin.has_tracking != "none":
                move.move_line_ids.unlink()
                for line in origin.move_line_ids:
                    line.copy(
                        {
                            "move_id": move.id,
                            "picking_id": back.id,
                            "location_id": move.location_id.id,
                            "location_dest_id": move.location_dest_id.id,
                            "quantity": line.quantity,
                            "lot_id": line.lot_id.id,
                            "state": "assigned",
                        }
                    )
            move.picked = True
        quiet = {"skip_backorder": True, "skip_sms": True, "cancel_backorder": False, "dropship_packing": True}
        back.with_context(**quiet)._action_done()


class DropshipAllocation(models.Model):
    _inherit = "dropship.allocation"

    def _dropship_unship(self, before):
        """What was counted as shipped waits again.

        :param dict before: {row: (state, shipped)}
        :return: the rows where something changed
        """
        changed = self.browse()
        for row, (state, shipped) in before.items():
            if state == "released":
                changed |= row._take_back_shipped(shipped)
                continue
            row.qty_shipped = row._qty_moved()
            if state == "shipped":
                if shipped < row.qty:  # the rest was given up when it left; only what was said to be sent waits again
                    row.write({**row._scale(shipped / row.qty), "qty": shipped, "buy_qty": shipped})
                row._set_state("accepted", accepted_at=row.accepted_at)
            if row.qty_shipped != shipped or state == "shipped":
                changed |= row
        changed._ask_of_cancelled()
        return changed

    def _ask_of_cancelled(self):
        """What nobody wants any more waits again: the supplier may keep it."""
        for row in self.filtered(lambda row: row.order_id.state == "cancel" and row.state == "accepted"):
            params = {"supplier": row.supplier_id.name, "purchase": row.purchase_id.name}
            self.env["dropship.exception"].sudo()._raise(row, "cancel_asked", [["cancel_asked", params]])

    def _take_back_shipped(self, shipped):
        """A row whose rest was given up keeps that as history; what it shipped waits in a row of its own."""
        self.ensure_one()
        moved = self._qty_moved()
        if moved >= shipped:
            return self.browse()
        again = shipped - moved
        attempts = self.env["dropship.router"]._attempts(self.order_id)
        row = self.copy(
            {
                **self._scale(again / self.qty),
                "qty": again,
                "buy_qty": again,
                "attempt": attempts[self.line_id.id] + 1,
                "state": "accepted",
                "purchase_line_id": self.purchase_line_id.id,
                "submitted_at": self.submitted_at,
                "accepted_at": self.accepted_at,
                "ack_state": "accepted",
            }
        )
        self.qty_shipped = moved
        return row


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _dropship_is_billed(self, moves):
        """Whether the customer was invoiced for what these moves delivered, and not for what he ordered."""
        self.ensure_one()
        if self.product_id.invoice_policy != "delivery":
            return False
        left = self.qty_delivered - self._dropship_share(moves)
        return self.product_uom_id.compare(self.qty_invoiced, max(left, 0.0)) > 0

    def _dropship_share(self, moves):
        """How much of the line these moves delivered, in its unit."""
        moves = moves.filtered(lambda move: move.sale_line_id == self and move.product_id == self.product_id)
        if not moves:  # a kit: any part of it that did not leave
            return self.qty_delivered
        return sum(
            move.product_uom._compute_quantity(move.quantity, self.product_uom_id, round=False) for move in moves
        )


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    def _dropship_is_billed(self, moves):
        """Whether the supplier billed what these moves brought, and not what was ordered."""
        self.ensure_one()
        if self.product_id.purchase_method == "purchase":
            return False
        own = moves.filtered(lambda move: move.purchase_line_id == self and move.product_id == self.product_id)
        gone = sum(move.product_uom._compute_quantity(move.quantity, self.product_uom_id, round=False) for move in own)
        left = self.qty_received - gone if own else 0.0
        # A bill in draft owes nobody anything: it waits until the goods really left.
        billed = self.product_id.uom_id._compute_quantity(self._dropship_posted(), self.product_uom_id, round=False)
        return self.product_uom_id.compare(billed, max(left, 0.0)) > 0
