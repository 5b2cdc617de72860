"""What we took in lies apart until somebody looked at it; then it is sold again, set aside or thrown away."""

from decimal import Decimal

from odoo import models
from odoo.addons.dropship_flow.models.exact import trimmed
from odoo.exceptions import UserError

from .words import TO_DAMAGED, TO_SHELF

ZERO = Decimal(0)


class DropshipReturnParcelLine(models.Model):
    _inherit = "dropship.return.parcel.line"

    def _lies(self, product, place):
        """How much of a product of this box lies in a place by the books, in the product's unit."""
        total = ZERO
        for move in self.move_ids.filtered(lambda move: move.state == "done" and move.product_id == product):
            qty = trimmed(move.product_uom._compute_quantity(move.quantity, product.uom_id, round=False))
            if move.location_dest_id == place:
                total += qty
            if move.location_id == place:
                total -= qty
        return total

    def _waiting(self):
        """{product: quantity} of these lines that waits for a decision."""
        waiting = {}
        for line in self:
            place = line.company_id.dropship_returns_location_id
            for product in line._parts() if place and line.move_ids else ():
                qty = line._lies(product, place)
                if product.uom_id.compare(float(qty), 0.0) > 0:
                    waiting[product] = waiting.get(product, ZERO) + qty
        return waiting

    def _place(self, event):
        """Put what was looked at where its condition says; the rest waits."""
        for line in self.filtered("conditions"):
            company = line.company_id
            shelf = company._dropship_back_warehouse().lot_stock_id
            for place, names in ((shelf, TO_SHELF), (company.dropship_damaged_location_id, TO_DAMAGED)):
                for product, factor in line._parts().items() if place else ():
                    wanted = line._in_condition(names) * factor - line._lies(product, place)
                    line._put(product, wanted, place, f"{event.id}-{line.id}-{product.id}-{place.id}")

    def _shelve(self, event):
        """All that waits may be sold again."""
        for line in self:
            shelf = line.company_id._dropship_back_warehouse().lot_stock_id
            for product in line._waiting():
                line._put(product, line._waiting()[product], shelf, f"{event.id}-{line.id}-{product.id}-{shelf.id}")

    def _put(self, product, qty, place, key=None):
        """Move so much of what waits to a place; never more than waits."""
        self.ensure_one()
        start = self.company_id.dropship_returns_location_id
        qty = min(Decimal(qty), self._lies(product, start)) if start else ZERO
        if product.uom_id.compare(float(qty), 0.0) <= 0:
            return self.env["stock.move"]
        parcel = self.parcel_id
        move = self.env["stock.move"].create(
            {
                "origin": parcel.key or parcel.return_id.name,
                "company_id": self.company_id.id,
                "product_id": product.id,
                "product_uom": product.uom_id.id,
                "product_uom_qty": float(qty),
                "location_id": start.id,
                "location_dest_id": place.id,
                "dropship_return_line_id": self.id,
                "dropship_return_key": key,
                "state": "draft",
            }
        )
        move._action_confirm(merge=False)
        move._action_assign()
        self._with_lots(move)
        move.quantity = float(qty)
        move.picked = True
        move._action_done()
        return move

    def _with_lots(self, move):
        """Serial numbers go on as they came."""
        if move.product_id.tracking == "none" or move.move_line_ids.lot_id:
            return
        came = self.move_ids.filtered(
            lambda one: one.product_id == move.product_id and one.location_dest_id == move.location_id
        )
        move.move_line_ids.lot_id = came.move_line_ids.lot_id[:1]


class DropshipReturnParcel(models.Model):
    _inherit = "dropship.return.parcel"

    def action_shelve(self):
        """What waits may be sold again."""
        return self._decide("shelf")

    def action_scrap(self):
        """What waits is thrown away: its value is a loss."""
        return self._decide("scrap")

    def _decide(self, what):
        self.check_access("read")
        self.return_id.check_access("write")
        for parcel_sudo in self.sudo():  # stock is the system's work, the agent decides
            parcel_sudo._lock()
            waiting = [(line, line._waiting()) for line in parcel_sudo.line_ids]
            if not any(products for _line, products in waiting):
                raise UserError(self.env._("Nothing of %s waits for a decision.", parcel_sudo.display_name))
            place = parcel_sudo._decided_place(what)
            for line, products in waiting:
                for product, qty in products.items():
                    line.with_company(parcel_sudo.company_id)._put(product, qty, place)
            parcel_sudo.message_post(body=self.env._("Moved to %s.", place.display_name))
        return True

    def _decided_place(self, what):
        company = self.company_id
        if what == "shelf":
            return company._dropship_back_warehouse().lot_stock_id
        return self.env["stock.location"].search(
            [("usage", "=", "inventory"), ("company_id", "in", (company.id, False))], order="company_id, id", limit=1
        )
