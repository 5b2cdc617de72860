"""Goods on their way back: agreed, sent, counted; and the books that follow."""

from odoo.addons.dropship_flow.tests.common_books import BooksCase

from .common_case import CaseCase


class GoodsCase(CaseCase, BooksCase):
    """`self.agreed(order, qty)` is a case whose goods are to come back; nothing else is done about it."""

    def agreed(self, order, qty=1, to="supplier", after="inspected", reason="dislike", line=None, **more):
        line = line or order.order_line[:1]
        case = self.open_case((line, qty, reason), **more)
        return self.agree(case, to, after)

    def agree(self, case, to="supplier", after="inspected"):
        if case.acceptance != "accepted":
            case._record("accept", "agent", offer=self.offer(case, "nothing", to=to, after=after))
        return case

    def number(self, mark="A"):
        """A number of a parcel back nobody used yet."""
        return f"BACK{mark}{self.env['dropship.return.parcel'].search_count([]) + 10001}"

    def sent(self, case, **more):
        return case._send_back(self.number(), **more)

    def count(self, parcel, qty, by="agent"):
        return parcel.return_id._receive(parcel, {parcel.return_id.line_ids[:1]: qty}, by)

    def look(self, parcel, *found, by="agent"):
        """found: (condition, quantity)."""
        line = parcel.return_id.line_ids[:1]
        return parcel.return_id._inspect(
            parcel, [{"line": line, "condition": condition, "qty": qty} for condition, qty in found], by
        )

    def books(self, order):
        """(delivered, received of the purchases, to credit) of the first line."""
        self.env.flush_all()
        self.env.invalidate_all()
        bought = order.dropship_purchase_ids.order_line
        return (
            order.order_line[:1].qty_delivered,
            sum(bought.mapped("qty_received")),
            sum(bought.mapped("qty_to_invoice")),
        )

    def lies(self, product, place):
        """How many of a product lie in a place of ours."""
        return sum(
            self.env["stock.quant"]
            .search([("product_id", "=", product.id), ("location_id", "child_of", place.id)])
            .mapped("quantity")
        )

    @property
    def shelf(self):
        return self.company._dropship_back_warehouse().lot_stock_id

    @property
    def to_check(self):
        return self.company._dropship_back_places().dropship_returns_location_id

    @property
    def broken(self):
        return self.company._dropship_back_places().dropship_damaged_location_id
