"""A refund is reckoned, and made: once per key, one after the other for an order, never above what was paid."""

from decimal import Decimal

from odoo import Command, api, models
from odoo.exceptions import UserError

from ...refunding import refund
from ...refunding.book import Book
from ..case.locked import locked
from .words import plain, sentences

ZERO = Decimal(0)
WORTHY = ("goods", "gift", "delivery")


class DropshipRefund(models.Model):
    _inherit = "dropship.refund"

    @api.model
    def _propose(self, order, wish):
        """What a refund would come to. Writes nothing.

        :param order: sale.order
        :param refunding.Wish wish:
        :return: refunding.Result
        """
        return refund(order._dropship_refund_order(), wish)

    @api.model
    def _make(self, order, wish, resolution=None, key=None, **more):
        """Give it: credit note, money, cards and points, in this transaction; payment services are asked after it.

        :param order: sale.order
        :param refunding.Wish wish: all of it, or nothing
        :param str key: what it is for; the same key never refunds twice
        :param more: `case` (dropship.return), `note`, `kind`, `user_id`
        :return: the refund; of a known key the first one
        :raise UserError: it cannot be given, in words
        """
        if not key:
            raise ValueError("A refund needs a key")
        order_sudo = order.sudo()  # whoever may decide a refund need not write orders, invoices and payments
        book_sudo = self.sudo()
        locked(order_sudo, [])  # a second one waits, and reads what the first gave
        order_sudo.invalidate_recordset()
        if known := book_sudo.search([("key", "=", key), ("order_id", "=", order_sudo.id)]):
            return known
        facts = order_sudo._dropship_refund_order()
        result = refund(facts, wish)
        if result.refused:
            raise UserError("\n".join(sentences(self.env, result.refused, order_sudo)))
        with self._first_come():
            made = book_sudo.create(book_sudo._vals_of(order_sudo, facts, result, wish, resolution, key, more))
        made._stop_what_is_off(facts)
        made._make_documents(facts)
        made._give_cards_and_points(facts)
        made._give_money()
        made._follow_money()
        return made

    @api.model
    def _vals_of(self, order, facts, result, wish, resolution, key, more):
        """Values of a refund and its rows."""
        book = Book(facts)
        case = more.get("case") or (resolution.return_id if resolution else self.env["dropship.return"])
        return {
            "name": self.env["ir.sequence"].with_company(order.company_id).sudo().next_by_code("dropship.refund"),
            "order_id": order.id,
            "company_id": order.company_id.id,
            "currency_id": order.currency_id.id,
            "return_id": case.id,
            "resolution_id": resolution.id if resolution else False,
            "kind": more.get("kind") or (wish.asks[0].kind if wish.asks else "freight_only"),
            "user_id": more.get("user_id") or self.env.uid,
            "note": more.get("note"),
            "credit": float(result.credit.total),
            "money": float(result.money),
            "by_person": float(result.person),
            "reimbursed": float(result.reimbursed),
            "points_taken": float(result.points_taken),
            "points_back": {str(line): str(points) for line, points in result.points_back},
            "backs": [[back.payment, str(back.amount), plain(back.own)] for back in result.backs],
            "warnings": plain(result.warnings),
            "number": len(order.dropship_refund_book_ids) + 1,
            "paid": float(book.paid),
            "returned": float(book.returned),
            "snapshot": {"payments": [plain(payment._asdict()) for payment in facts.payments]},
            "key": key,
            "line_ids": [Command.create(vals) for vals in self._line_vals_of(book, result)],
        }

    @api.model
    def _line_vals_of(self, book, result):
        """Values of the rows, each with what its line was worth and what had been credited of it."""
        for row in result.rows:
            vals = self.env["dropship.refund.line"]._vals_of(row)
            pool = book.pools.get(row.line)
            if pool is not None and row.parts.total > ZERO and pool.line.kind in WORTHY:
                vals |= {"worth": float(pool.worth.total), "credited_before": float(pool.credited.total)}
            book.add(row)
            yield vals
