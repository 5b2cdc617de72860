"""What the customer paid for goods a supplier agreed not to ship goes back to him, exactly once."""

from decimal import Decimal

from odoo import api, fields, models

from ..remedy import spread


class DropshipCustomerRefund(models.Model):
    _inherit = "dropship.customer.refund"

    question_id = fields.Many2one(required=False)
    change_request_id = fields.Many2one(
        "dropship.change.request", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    cancel_key = fields.Char(readonly=True, help="What was cancelled; its money goes back once.")

    _cancelled_once = models.UniqueIndex(
        "(cancel_key, split) WHERE cancel_key IS NOT NULL", "The money of this cancellation goes back already."
    )
    _for_something = models.Constraint(
        "CHECK (question_id IS NOT NULL OR cancel_key IS NOT NULL)", "Money goes back for an answer or a cancellation."
    )

    @api.model
    def _owe_cancelled(self, request, key, line, amount):
        """Plan the money back for what a supplier agreed to cancel.

        :param str key: what was cancelled; the same key never owes twice
        :param line: the sale line; none for a whole order
        :param float amount: at most; never more than the customer paid too much
        :return: the rows made
        """
        order = request.order_id
        # Written and not only locked: of two cancellations at once one has to see the other's money.
        order.lock_for_update()
        order.write({"dropship_refund_serial": order.dropship_refund_serial + 1})
        if self.search_count([("cancel_key", "=", key)], limit=1):
            return self.browse()
        left = Decimal(str(min(amount, order._dropship_overpaid())))
        if order.currency_id.compare_amounts(float(left), 0.0) <= 0:
            return self.browse()
        sources = self._sources(order)
        parts, rest = spread(left, [(tx, Decimal(str(free)), whole) for tx, (free, whole) in sources.items()])
        vals_list = [self._cancelled_vals(request, line, key, part, "refund", tx) for tx, part in parts]
        if rest > 0:
            vals_list.append(self._cancelled_vals(request, line, key, rest, "person"))
        return self._plan(vals_list)

    @api.model
    def _cancelled_vals(self, request, line, key, amount, way, transaction=None):
        return {
            "change_request_id": request.id,
            "cancel_key": key,
            "order_id": request.order_id.id,
            "line_id": line.id,
            "line_key": line.id or 0,
            "company_id": request.company_id.id,
            "currency_id": request.order_id.currency_id.id,
            "amount": float(amount),
            "way": way,
            "transaction_id": transaction.id if transaction else False,
        }


class DropshipChangeRequest(models.Model):
    _inherit = "dropship.change.request"

    def _release_money(self):
        """The supplier agreed not to ship something the sale does not contain any more: its money is free."""
        for request in self.filtered(lambda request: request.kind in ("cancel", "quantity")):
            refunds_sudo = self.env["dropship.customer.refund"].sudo()
            order = request.order_id
            if order.state == "cancel":
                # Several suppliers may have a part: the money goes back when the last one has answered.
                if not order._dropship_still_coming():
                    refunds_sudo._owe_cancelled(
                        request, f"order {order.id}", order.order_line.browse(), order._dropship_overpaid()
                    )
            elif request.kind == "quantity" and request.exception_id:
                row, line = request.allocation_id, request.allocation_id.line_id
                if row.component:  # a part of a set has no price of its own: the set's line says what is paid back
                    continue
                units = row.product_uom_id._compute_quantity(
                    request.exception_id.quantity, line.product_uom_id, round=False
                )
                each = line.price_total / line.product_uom_qty if line.product_uom_qty else line.price_reduce_taxinc
                amount = order.currency_id.round(units * each)
                refunds_sudo._owe_cancelled(request, f"change {request.id}", line, amount)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    dropship_refund_serial = fields.Integer(copy=False, readonly=True, groups="base.group_system")

    def _dropship_still_coming(self):
        """Whether a supplier has a part of a cancelled order and has not said what becomes of it."""
        self.ensure_one()
        open_rows = self.dropship_allocation_ids.filtered(lambda row: row._is_open() and row.offer_id)
        requests = self.env["dropship.change.request"].sudo().search(
            [("order_id", "=", self.id), ("kind", "=", "cancel"), ("state", "in", ("no", "too_late"))]
        )  # fmt: skip
        return bool(open_rows - requests.allocation_id)

    def _dropship_overpaid(self):
        """What the customer paid and neither gets in goods nor back: what a cancellation may set free."""
        self.ensure_one()
        paid = sum(
            transaction._dropship_available()
            for transaction in self.transaction_ids
            if transaction.state == "done" and transaction.amount > 0 and transaction.currency_id == self.currency_id
        )
        planned = self.env["dropship.customer.refund"].search(
            [("order_id", "=", self.id), ("state", "in", ("planned", "sending", "person")), ("way", "!=", "void")]
        )
        kept = self.amount_total
        if self.state == "cancel":
            kept = sum(row._dropship_sale_value() for row in self.dropship_allocation_ids if row.state != "released")
        return max(self.currency_id.round(paid - sum(planned.mapped("amount")) - kept), 0.0)


class DropshipAllocation(models.Model):
    _inherit = "dropship.allocation"

    def _dropship_sale_value(self):
        """What the customer pays for the row, taxes included; a set counts as a whole once a part of it comes."""
        self.ensure_one()
        line = self.line_id
        if self.component or not line.product_uom_qty:
            return line.price_total
        units = self.product_uom_id._compute_quantity(self.qty, line.product_uom_id, round=False)
        return line.price_total * units / line.product_uom_qty
