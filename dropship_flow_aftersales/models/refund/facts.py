"""An order as the calculation of refunds reads it: lines as invoiced, else as ordered."""

from decimal import Decimal
from fractions import Fraction

from odoo import models
from odoo.addons.dropship_flow.models.exact import decimal

from ...refunding import Line, Order, Parts
from ...refunding.shared import rounded

ZERO = Decimal(0)
NOTHING = Parts()


def exact(number, step):
    """A float of the database as the amount it means."""
    return rounded(Decimal(repr(float(number))), step)


def share_of(parts, share, included, step):
    """So much of an amount, rounded once, in the figure prices are meant in.

    :param Fraction share: from 0 to 1
    """
    if share == 1:
        return parts
    return parts.cut_basis(rounded(Fraction(parts.basis(included)) * share, step), included, step)


def parts_of(base_line, step):
    """What a line of a document is without taxes, and each of its taxes by the tax's id as text."""
    details = base_line["tax_details"]
    taxes = {}
    for data in details["taxes_data"]:
        group = str(data["tax"].id)
        taxes[group] = taxes.get(group, ZERO) + exact(data["tax_amount_currency"], step)
    net = details["total_excluded_currency"] + details.get("delta_total_excluded_currency", 0.0)
    return Parts(exact(net, step), tuple(taxes.items()))


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _dropship_refund_order(self):
        """The order as `refunding` reads it, today.

        :return: refunding.Order; keys of lines are ids of sale order lines, "rounding <id>" of an invoice's rounding;
            of promotions "program <id>", of a free delivery "delivery <id of its line>"; of payments see
            `_dropship_refund_payments`; groups of taxes are ids as text
        """
        self.ensure_one()
        order = self.sudo()  # agents see the sum, not every invoice, payment and card it is made of
        step = order._dropship_step()
        included = order._dropship_prices_included()
        sold = order._dropship_refund_worth(step)
        cards = order._dropship_card_lines()
        lines = [order._dropship_refund_line(line, *worth) for line, worth in sold.items() if line not in cards]
        lines += order._dropship_rounding_lines(step)
        book = order.dropship_refund_book_ids
        return Order(
            lines=tuple(lines),
            payments=tuple(order._dropship_refund_payments(sold, step)),
            promotions=(
                *order._dropship_refund_promotions(lines, included),
                *order._dropship_free_delivery(lines, included),
            ),
            currency=order.currency_id.name,
            step=step,
            included=included,
            cash=bool(order.dropship_collect),
            past=tuple(book.line_ids.sorted("id")._pure()),
            paid_out=order._dropship_paid_out(),
            earned_back=sum((decimal(refund.points_taken) for refund in book), ZERO),
            **order._dropship_points_earned(),
        )

    def _dropship_step(self):
        return Decimal(str(self.currency_id.rounding or 0.01))

    def _dropship_prices_included(self):
        """Whether prices of the order are meant with taxes."""
        taxes = self.order_line.filtered(lambda line: not line.display_type).tax_ids.flatten_taxes_hierarchy()
        return all(tax.price_include for tax in taxes)

    # --- what lines are worth ---

    def _dropship_sold_lines(self):
        """Lines the customer was sold; not what refunds added later, nor advances."""
        return self.order_line.filtered(
            lambda line: not line.display_type and not line.is_downpayment and not line.dropship_charge_of_id
        )

    def _dropship_refund_worth(self, step):
        """{sale line: (quantity, Parts)}: as invoiced, what is not invoiced as ordered, and what refunds took off."""
        lines = self._dropship_sold_lines()
        ordered = lines._dropship_ordered_parts(step)
        billed = self._dropship_billed(step)
        included = self._dropship_prices_included()
        result = {}
        for line in lines:
            qty, parts, invoiced = billed.get(line, (ZERO, NOTHING, ZERO))
            whole = decimal(line.product_uom_qty)
            rest = max(whole - invoiced, ZERO)
            if rest and whole:
                parts += share_of(ordered[line], Fraction(rest) / Fraction(whole), included, step)
            lowered = line._dropship_lowered(step)
            result[line] = (max(qty, ZERO) + rest + lowered[0], parts + lowered[1])
        return result

    def _dropship_billed(self, step):
        """{sale line: (quantity, Parts, quantity ever invoiced)} of posted invoices, less credit notes of people.

        What an accountant credited by hand is not waiting to be invoiced again.
        """
        result = {}
        for move in self._dropship_customer_moves():
            sign = 1 if move.move_type == "out_invoice" else -1
            for base_line in move._get_rounded_base_and_tax_lines()[0]:
                item = base_line["record"]
                line = item.sale_line_ids.filtered(lambda line: line.order_id == self)[:1]
                if not line or item.display_type != "product":
                    continue
                parts = self._dropship_in_order_currency(parts_of(base_line, move_step(move)), move, step)
                units = item.product_uom_id._compute_quantity(item.quantity, line.product_uom_id, round=False)
                units = exact(units, Decimal("0.000001"))
                qty, known, invoiced = result.get(line, (ZERO, NOTHING, ZERO))
                result[line] = (
                    qty + sign * units,
                    known + (parts if sign > 0 else -parts),
                    invoiced + max(sign * units, ZERO),
                )
        return result

    def _dropship_customer_moves(self):
        return self.order_line.invoice_lines.move_id.filtered(
            lambda move: (
                move.state == "posted"
                and move.move_type in ("out_invoice", "out_refund")
                and not move.dropship_refund_id
            )
        ).sorted("id")

    def _dropship_in_order_currency(self, parts, move, step):
        if move.currency_id == self.currency_id:
            return parts

        def here(amount):
            return exact(self._dropship_here(float(amount), move), step)

        return Parts(here(parts.net), tuple((group, here(tax)) for group, tax in parts.taxes))

    def _dropship_rounding_lines(self, step):
        """What invoices of this order alone were rounded by, as lines of their own."""
        result = []
        for move in self._dropship_customer_moves():
            if move.line_ids.sale_line_ids.order_id != self or move.currency_id != self.currency_id:
                continue
            items = move.line_ids.filtered(lambda item: item.display_type == "rounding")
            if items:
                amount = exact(-sum(items.mapped("amount_currency")), step)
                result.append(Line(f"rounding {move.id}", "rounding", parts=Parts(amount)))
        return result

    # --- lines ---

    def _dropship_refund_line(self, line, qty, parts):
        """One sale line as `refunding.Line`."""
        kind = line._dropship_refund_kind()
        more = {}
        if kind == "gift":
            more["charge"] = line._dropship_ordered_parts(self._dropship_step(), discount=0.0)[line]
        if kind == "delivery" and line.dropship_waived:
            step = self._dropship_step()
            more["charge"] = line._dropship_ordered_parts(step, price_unit=line.dropship_waived)[line]
        if kind == "promotion":
            more = line._dropship_promotion_facts()
        delivered = min(line._dropship_ever_delivered(), qty)
        return Line(line.id, kind, qty=qty, parts=parts, delivered=delivered, **more)


def move_step(move):
    return Decimal(str(move.currency_id.rounding or 0.01))


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _dropship_refund_kind(self):
        """goods, gift, delivery or promotion."""
        self.ensure_one()
        if self._is_delivery() and not self.reward_id:
            return "delivery"
        if self.reward_id.reward_type == "product":
            return "gift"
        return "promotion" if self.price_total < 0 or self.reward_id else "goods"

    def _dropship_ordered_parts(self, step, **changes):
        """{line: Parts} as the order reckons them now."""
        tax = self.env["account.tax"]
        base_lines = [line._prepare_base_line_for_taxes_computation(**changes) for line in self]
        if not base_lines:
            return {}
        company = self.order_id.company_id
        tax._add_tax_details_in_base_lines(base_lines, company)
        tax._round_base_lines_tax_details(base_lines, company)
        return {line: parts_of(base, step) for line, base in zip(self, base_lines, strict=True)}

    def _dropship_lowered(self, step):
        """(quantity, Parts) refunds took off the line because it will never be delivered."""
        rows = self.sudo().dropship_refund_line_ids.filtered("qty_lowered")
        qty = sum((decimal(row.qty_lowered) for row in rows), ZERO)
        parts = sum((row._parts_from(row.lowered_parts) for row in rows), NOTHING)
        return qty, parts

    def _dropship_ever_delivered(self):
        """What came to the customer, whatever went back since."""
        self.ensure_one()
        moves = self.move_ids.filtered(
            lambda move: (
                move.state == "done"
                and move.product_id == self.product_id
                and move.location_dest_id.usage == "customer"
                and move.location_id.usage != "customer"
            )
        )
        units = sum(move.product_uom._compute_quantity(move.quantity, self.product_uom_id) for move in moves)
        return decimal(max(units, self.qty_delivered))
