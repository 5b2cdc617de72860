"""What of an order a customer can ask something for, and how many of it."""

from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain

# What took the pieces away for good, once its case is closed.
GONE = ("return", "exchange", "replacement", "refund_only", "credit", "cancel", "intercept")


class Pieces(NamedTuple):
    """How many of a sold line can be asked for, in its unit.

    :param have: are with the customer · underway: on their way to him · waiting: not packed yet
    :param asked: in open cases, and for that reason in none of the others
    """

    have: float
    underway: float
    waiting: float
    asked: float

    @property
    def left(self):
        return self.have + self.underway + self.waiting


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _dropship_may_ask(self):
        """Orders something can be asked about: confirmed, real, of ours or not."""
        return self.filtered(lambda order: order.state == "sale" and not order._dropship_is_played())

    @api.model
    def _dropship_asked_by(self, partner, words="", limit=20, offset=0):
        """A customer's orders with goods to ask about, newest first. Runs as the system for who is that customer.

        :param str words: an order's number or the name of an article
        :return: (orders, whether there are more)
        """
        domain = Domain("partner_id", "child_of", partner.commercial_partner_id.id) & Domain("state", "=", "sale")
        for word in words.split()[:6]:
            domain &= (
                Domain("name", "ilike", word)
                | Domain("client_order_ref", "ilike", word)
                | Domain("order_line.product_id", "ilike", word)
            )
        found = self.search(domain, order="date_order desc, id desc", limit=limit + 1, offset=offset)
        return found[:limit]._dropship_may_ask(), len(found) > limit

    def _dropship_ask_lines(self):
        """The goods of these orders."""
        return self._dropship_goods().filtered(lambda line: line.product_id.type != "service")


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _dropship_pieces(self):
        """{line: Pieces}. Runs as the system."""
        in_cases, gone = self._dropship_in_cases(), self._dropship_gone()
        boxed = self._dropship_boxed()
        return {line: line._dropship_pieces_of(in_cases[line], gone[line], *boxed[line]) for line in self}

    def _dropship_pieces_of(self, asked, gone, have, underway):
        have = max(have - gone, 0.0)
        waiting = max(self.product_uom_qty - gone - have - underway, 0.0)
        rest, left = asked, []
        for pieces in (have, underway, waiting):  # what is in cases is with the customer, as far as it can be
            taken = min(rest, pieces)
            rest -= taken
            left.append(self.product_uom_id.round(pieces - taken))
        return Pieces(*left, asked)

    def _dropship_gone(self):
        """{line: how many were taken back, paid back or cancelled for good}."""
        rows = self.sudo().dropship_return_line_ids  # whoever asks for one thing need not see other cases
        found = dict.fromkeys(self, 0.0)
        for row in rows.filtered(lambda row: row.return_id.state == "closed"):
            if row.return_id.resolution_ids.filtered(lambda done: done.state == "done" and done.kind in GONE):
                found[row.order_line_id] += row.qty_accepted
        return found

    def _dropship_boxed(self):
        """{line: (in delivered parcels, in parcels on their way)}."""
        rows = (
            self.env["dropship.shipment.line"]
            .sudo()
            .search(  # parcels are not the customer's to read
                [("sale_line_id", "in", self.ids), ("is_part", "=", False), ("shipment_id.state", "!=", "reverted")]
            )
        )
        found = dict.fromkeys(self, (0.0, 0.0))
        for row in rows:
            line = row.sale_line_id
            if row.product_id != line.product_id:
                continue
            qty = row.product_id.uom_id._compute_quantity(row.qty, line.product_uom_id, round=False)
            box, (have, underway) = row.shipment_id, found[line]
            there = box.status == "delivered" or box.received_at or line.order_id.dropship_received_at
            found[line] = (have + qty, underway) if there else (have, underway + qty)
        for line in self - rows.sale_line_id:  # own stock, kits, or a supplier who sends no news
            found[line] = (line.qty_delivered, 0.0)
        return found
