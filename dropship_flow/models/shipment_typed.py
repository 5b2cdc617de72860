"""Numbers typed on a transfer, before or after it is validated, make their parcels too."""

from odoo import fields, models

from ..sheets.numbers import split, tidy


class StockMove(models.Model):
    _inherit = "stock.move"

    dropship_reverted = fields.Boolean(
        string="Never Left", copy=False, readonly=True, groups="base.group_user", help="Undone: it was a false notice."
    )

    def _action_done(self, cancel_backorder=False):
        """Override: a transfer somebody validates with a number on it makes its parcel."""
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        if not self.env.context.get("dropship_packing"):
            moves.picking_id.sudo()._dropship_pack_typed()  # whoever may validate may say what left
        return moves


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def write(self, vals):
        """Override: a number typed on a transfer that has left belongs to a parcel."""
        before = {}
        if "carrier_tracking_ref" in vals and not self.env.context.get("dropship_mirror"):
            before = {picking: picking.sudo().carrier_tracking_ref for picking in self}
        result = super().write(vals)
        changed = self.browse([row.id for row, text in before.items() if text != row.sudo().carrier_tracking_ref])
        if changed and not self.env.context.get("dropship_packing"):
            for picking_sudo in changed.sudo():  # whoever may write the transfer may correct its number
                picking_sudo._dropship_retyped(before[picking_sudo.sudo(False)] or "")
            changed.sudo()._dropship_pack_typed()
        return result

    def _dropship_retyped(self, old):
        """One number became another one: it was corrected."""
        self.ensure_one()
        before, now = [tidy(text) for text in split(old)], [tidy(text) for text in split(self.carrier_tracking_ref)]
        gone, new = [text for text in before if text not in now], [text for text in now if text and text not in before]
        boxes = self.move_ids.dropship_shipment_line_ids.shipment_id
        box = boxes.filtered(lambda box: box.number in gone and box.state == "dispatched")
        if len(gone) == 1 and len(new) == 1 and len(box) == 1 and not self._dropship_clash(new[0]):
            box._change_number(new[0], self.env._("typed on %s", self.name))

    def _dropship_is_followed(self):
        """Whether the transfer brings goods of ours to a customer."""
        self.ensure_one()
        moves = self.move_ids.filtered(lambda move: move.state == "done" and not move.dropship_reverted)
        if (
            self.state != "done"
            or self.return_id
            or not moves
            or "customer" not in moves.location_dest_id.mapped("usage")
        ):
            return False
        return bool(self.purchase_id.dropship_warehouse_id or moves.sale_line_id.dropship_allocation_ids)

    def _dropship_pack_typed(self):
        """Make the parcels of numbers people typed: the first holds the goods, the others are further boxes."""
        for picking in self:
            if not (picking.carrier_tracking_ref or "").strip() or not picking._dropship_is_followed():
                continue
            boxes = picking.move_ids.dropship_shipment_line_ids.shipment_id
            typed = split(picking.carrier_tracking_ref)
            numbers = [tidy(text) for text in typed]
            wrong = [text for text, number in zip(typed, numbers, strict=True) if not number]
            if wrong:
                picking._dropship_raise_typed(wrong)
            carrier = picking.dropship_carrier or picking.carrier_id.name or ""
            carrier = carrier if " / " not in carrier else ""
            for number in filter(None, numbers):
                if number in boxes.mapped("number"):
                    continue
                clash = picking._dropship_clash(number)
                if clash:
                    picking._dropship_raise_clash(number, clash)
                    continue
                # A line is counted in one box; what this number adds are further boxes.
                boxes |= picking._dropship_pack({"number": number, "carrier": carrier}, part=bool(boxes))
