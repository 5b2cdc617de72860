"""What was counted moves: from the customer to the supplier or to us, as often as pieces came back and never twice.

For each box and line the books are brought to what the events say by now: the difference is moved, in either direction.
So a count that comes twice moves nothing, and one that is corrected moves back.
"""

from decimal import Decimal

from odoo import fields, models
from odoo.addons.dropship_flow.models.exact import trimmed
from odoo.tools import float_round

from ...casework import Request
from ...casework.checks import counted
from ...casework.facts import TALK
from ...casework.goods import Goods
from ..case.locked import locked

ZERO = Decimal(0)


class StockMove(models.Model):
    _inherit = "stock.move"

    dropship_return_line_id = fields.Many2one(
        "dropship.return.parcel.line",
        string="Return Parcel",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    dropship_return_key = fields.Char(copy=False, readonly=True)

    # One event moves the goods of a line and a movement once, whoever reads it.
    _dropship_return_once = models.UniqueIndex(
        "(dropship_return_key) WHERE dropship_return_key IS NOT NULL", "These goods were moved already."
    )

    def _dropship_left_to_return(self):
        """How much of what was delivered is still with the customer, in the unit of the movement."""
        self.ensure_one()
        back = ZERO
        for move in self.returned_move_ids.filtered(lambda move: move.state == "done"):
            again = move.returned_move_ids.filtered(lambda one: one.state == "done")
            back += trimmed(move.quantity) - sum((trimmed(one.quantity) for one in again), ZERO)
        return max(trimmed(self.quantity) - back, ZERO)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _dropship_kits_delivered(self, by_core):
        """Override: core counts a kit as not delivered at all once a part of it came back."""
        done = self.move_ids.filtered(lambda move: move.state == "done")
        if not any(move.location_id.usage == "customer" for move in done):
            return super()._dropship_kits_delivered(by_core)
        wanted, here = {}, {}
        for product, qty, _component in self.env["dropship.router"]._components(self)[self]:
            wanted[product] = wanted.get(product, 0.0) + qty
        for move in done:
            sign = (move.location_dest_id.usage == "customer") - (move.location_id.usage == "customer")
            qty = move.product_uom._compute_quantity(move.quantity, move.product_id.uom_id, round=False)
            here[move.product_id] = here.get(move.product_id, 0.0) + sign * qty
        share = min((here.get(product, 0.0) / qty for product, qty in wanted.items() if qty), default=0.0)
        return float_round(min(share, 1.0) * self.product_uom_qty, precision_digits=0, rounding_method="DOWN")


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    parcel_ids = fields.One2many("dropship.return.parcel", "return_id", string="Parcels Back")

    def _boxes(self):
        """{key: casework Box}: what is known of each box."""
        self.ensure_one()
        request = Request(self.opened_at, tuple((line.id, line._decimal()) for line in self.line_ids))
        goods = Goods(request)
        events, _ignored, _ahead = counted(self.event_ids._pure(), fields.Datetime.now())
        for event in events:
            if event.code not in TALK:
                goods.add(event)
        return goods.boxes

    def _after_event(self, event, before, after):
        """Override: goods follow what happened to them, before anything agreed that waits for them is carried out."""
        if event.code not in TALK:
            self._move_goods(event, after)
        elif event.code == "redirect":
            self._redirect_parcels()
        return super()._after_event(event, before, after)

    def _move_goods(self, event, folded):
        """Bring parcels and stock to what the events say.

        :param event: the newest one
        """
        self.ensure_one()
        boxes = self._boxes()
        case_sudo = self.sudo()  # stock is the system's work, whoever counted
        for key in boxes:
            parcel = case_sudo._parcel_of(key)
            missing = [line for line in self.line_ids if line.id in boxes[key].lines]
            missing = [line for line in missing if line not in parcel.line_ids.line_id]
            parcel.line_ids = [fields.Command.create({"line_id": line.id}) for line in missing]
        parcels = case_sudo.parcel_ids
        parcels._follow(boxes, folded)
        for parcel in parcels.filtered(lambda parcel: parcel.key == (event.parcel or "")):
            if parcel.counted_at:
                parcel._move(event)
                self._after_goods(parcel)

    def _after_goods(self, parcel):
        """Hook: the goods of a parcel were counted, and moved."""

    def _redirect_parcels(self):
        """What was to go to the supplier and has not left goes to us."""
        waiting = self.sudo().parcel_ids.filtered(lambda parcel: parcel.state == "expected")
        waiting.write({"place": "us", "warehouse_id": False})


class DropshipReturnParcel(models.Model):
    _inherit = "dropship.return.parcel"

    def _move(self, event):
        """Move what came, and put it where its condition says."""
        self.ensure_one()
        parcel = self.with_company(self.company_id)
        # Two cases of one order choose among the same deliveries: one after the other.
        locked(parcel.line_ids.line_id.order_id, [])
        over = False
        for line in parcel.line_ids:
            over |= line._move(event)
        if over != self.over:
            self.over = over
            if over:
                self.message_post(body=self.env._("More came than was delivered: what is over is in no book."))
        if not self.company_id.dropship_inspect_here:
            parcel.line_ids._shelve(event)
        parcel.line_ids._place(event)


class DropshipReturnParcelLine(models.Model):
    _inherit = "dropship.return.parcel.line"

    def _parts(self):
        """{product: units of it in one piece of the sale line}; a kit is moved in its components."""
        self.ensure_one()
        sold = self.line_id.order_line_id
        if sold.product_id.type != "consu" or not sold.product_uom_qty:
            return {}
        if not any(row.component for row in sold.dropship_allocation_ids):
            unit = sold.product_uom_id._compute_quantity(1.0, sold.product_id.uom_id, round=False)
            return {sold.product_id: Decimal(str(unit))}
        parts = {}
        for product, qty, _component in self.env["dropship.router"]._components(sold)[sold]:
            parts[product] = parts.get(product, ZERO) + trimmed(float(qty))
        return {product: qty / trimmed(sold.product_uom_qty) for product, qty in parts.items()}

    def _moved(self, product):
        """How much of a product came back in this box by the books, in the product's unit."""
        total = ZERO
        for move in self.move_ids.filtered(lambda move: move.state == "done" and move.product_id == product):
            qty = trimmed(move.product_uom._compute_quantity(move.quantity, product.uom_id, round=False))
            if move.location_id.usage == "customer":
                total += qty
            elif move.location_dest_id.usage == "customer":
                total -= qty
        return total

    def _move(self, event):
        """Move the difference between what came and what the books say.

        :return bool: more came than there is to return
        """
        self.ensure_one()
        over = False
        for product, factor in self._parts().items():
            wanted = self._came() * factor
            change = trimmed(float(wanted - self._moved(product)))
            if product.uom_id.compare(float(change), 0.0) > 0:
                rest = self._bring_back(product, change, event)
                over |= product.uom_id.compare(float(rest), 0.0) > 0
            elif product.uom_id.compare(float(change), 0.0) < 0:
                self._take_out_again(product, -change, event)
        return over

    def _sources(self, product):
        """The deliveries of the line, those of the supplier the parcel goes to first."""
        moves = self.line_id.order_line_id.move_ids.filtered(
            lambda move: (
                move.state == "done"
                and move.product_id == product
                and move.location_dest_id.usage == "customer"
                and not move.origin_returned_move_id
                and not move.dropship_reverted
            )
        )
        wanted = self.parcel_id.warehouse_id or self.line_id.warehouse_id
        return moves.sorted(lambda move: (move.purchase_line_id.order_id.dropship_warehouse_id != wanted, move.id))

    def _bring_back(self, product, qty, event):
        """:return: how much of it cannot be returned, in the product's unit"""
        plan = {}
        for source in self._sources(product):
            unit, rest = source.product_uom, float(source._dropship_left_to_return())
            left = trimmed(unit._compute_quantity(rest, product.uom_id, round=False))
            part = min(left, qty)
            if part > 0:
                plan[source] = trimmed(product.uom_id._compute_quantity(float(part), unit, round=False))
                qty -= part
        for source, part in plan.items():
            from_supplier = source.location_id.usage == "supplier"
            to_us = self.parcel_id.place == "us" or not from_supplier
            self._return_move(source, part, event, to_us)
        return qty

    def _take_out_again(self, product, qty, event):
        """Fewer came than was counted first: the newest returns go back to the customer's account."""
        done = self.move_ids.filtered(
            lambda move: move.state == "done" and move.product_id == product and move.location_id.usage == "customer"
        )
        for move in done.sorted("id", reverse=True):
            unit = move.product_uom
            left = trimmed(unit._compute_quantity(float(move._dropship_left_to_return()), product.uom_id, round=False))
            part = min(left, qty)
            if part > 0:
                own = trimmed(product.uom_id._compute_quantity(float(part), unit, round=False))
                self._return_move(move, own, event)
                qty -= part

    def _return_move(self, source, qty, event, to_us=False):
        """Core's return of a movement, carried out at once.

        :param Decimal qty: in the unit of the movement
        :return: the new movement
        """
        picking = source.picking_id
        wizards = self.env["stock.return.picking"]
        if to_us:
            wizards = wizards.with_context(dropship_back_to_us=self.company_id.id)
        wizard = wizards.create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = 0.0
        row = wizard.product_return_moves.filtered(lambda one: one.move_id == source)
        row.write({"quantity": float(qty), "to_refund": True})
        back = wizard._create_return()
        move = back.move_ids.filtered(lambda one: one.origin_returned_move_id == source)
        (back.move_ids - move).unlink()
        back.origin = f"{self.parcel_id.return_id.name} {picking.name}"
        with self.env["dropship.allocation"]._first_come():
            move.write({"dropship_return_line_id": self.id, "dropship_return_key": f"{event.id}-{self.id}-{source.id}"})
            move.flush_recordset()
        move.quantity = float(qty)
        move.picked = True
        back.with_context(skip_sms=True)._action_done()
        return move
