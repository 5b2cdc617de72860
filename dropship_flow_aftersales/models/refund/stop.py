"""Before money goes back for goods that did not arrive, nobody may go on bringing them."""

from decimal import Decimal

from odoo import fields, models
from odoo.addons.dropship_flow.models.exact import decimal
from odoo.exceptions import UserError

ZERO = Decimal(0)
WITH_SUPPLIER = ("submitted", "accepted")
UNANSWERED = ("draft", "asked")


class DropshipChangeRequest(models.Model):
    _inherit = "dropship.change.request"

    resolution_id = fields.Many2one(
        "dropship.resolution", readonly=True, ondelete="set null", index="btree_not_null",
        help="What waits for the answer.",
    )  # fmt: skip

    def _apply(self):
        """Override: a supplier who agrees to send less for a case sends less."""
        result = super()._apply()
        if self.kind == "quantity" and self.resolution_id and self.allocation_id.state in WITH_SUPPLIER:
            left = float((self.new_values or {}).get("qty", 0.0))
            row = self.allocation_id
            self.purchase_id._dropship_take_back(row, max(row.qty - left, 0.0), "quantity_lowered")
        return result

    def _ended(self, answer, note=""):
        """Override: what waited for the answer goes on."""
        result = super()._ended(answer, note)
        waiting = self.resolution_id.filtered(lambda resolution: resolution.state == "planned")
        if not self.env.context.get("dropship_asking"):  # who asks goes on by himself
            waiting._carry_out()
        return result


class DropshipShipment(models.Model):
    _inherit = "dropship.shipment"

    def _stop_answered(self, stopped):
        """Override: cases that waited for it go on."""
        result = super()._stop_answered(stopped)
        self._go_on_with_stops()
        return result

    def _after_fold(self, changes):
        """Override: what is back at the sender was stopped."""
        result = super()._after_fold(changes)
        back = [shipment.id for shipment, change in changes.items() if change.new == "returned" != change.old]
        self.browse(back)._go_on_with_stops()
        return result

    def _go_on_with_stops(self):
        """Carry out what waited for these parcels not to arrive."""
        lines = self.line_ids.sale_line_id
        waiting = self.env["dropship.resolution"].sudo().search(
            [
                ("kind", "in", ("intercept", "cancel")),
                ("state", "=", "planned"),
                ("return_id.line_ids.order_line_id", "in", lines.ids),
            ]
        )  # fmt: skip
        waiting._carry_out()


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _dropship_was_paid(self):
        """Whether any money of the order came."""
        self.ensure_one()
        order = self.sudo()  # agents need not read payments to know that there are some
        step = order._dropship_step()
        payments = order._dropship_refund_payments(order._dropship_refund_worth(step), step)
        return any(payment.amount > ZERO for payment in payments)

    def _dropship_call_off(self, qtys, resolution):
        """Take goods nobody paid for off the order; once nothing is left of it, reserved money is set free.

        :param dict qtys: {sale line: Decimal}
        """
        self.ensure_one()
        lines = self.env["sale.order.line"].union(*qtys)
        with self._dropship_unlocked():
            # The price agreed stays, whatever the price list says about smaller quantities.
            priced = [lines._fields[name] for name in ("price_unit", "discount", "tax_ids")]
            with self.env.protecting(priced, lines):
                for line, qty in qtys.items():
                    line.product_uom_qty -= float(min(qty, decimal(line.product_uom_qty)))
            self.env.flush_all()
        self._dropship_credit(lines, lines.browse())
        if self._dropship_goods():
            return
        rows = self.env["dropship.customer.refund"]
        rows._plan(
            [
                {
                    "cancel_key": f"resolution {resolution.id} order {self.id}",
                    "order_id": self.id,
                    "line_key": 0,
                    "company_id": self.company_id.id,
                    "currency_id": transaction.currency_id.id,
                    "amount": transaction.amount,
                    "way": "void",
                    "transaction_id": transaction.id,
                }
                for transaction in rows._authorised(self)
            ]
        )


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _dropship_stop_units(self, qty, resolution=None):
        """See that so many units of the line do not come.

        :param Decimal qty: in the line's unit
        :param resolution: what waits for it
        :return: whether somebody has still to answer; False: nothing stands in the way of the money
        :raise UserError: it is too late
        """
        self.ensure_one()
        living = self.dropship_allocation_ids.filtered(lambda row: row.state != "released" and row.qty)
        surplus = self._dropship_surplus(living, qty)
        surplus -= sum((decimal(row.qty) for row in living if row.state == "planned"), ZERO)
        if surplus <= ZERO:
            self._dropship_check_core_purchases()
            return False
        waits = False
        for row in living.filtered(lambda row: row.state in WITH_SUPPLIER).sorted("id", reverse=True):
            if surplus <= ZERO:
                break
            waits |= row._dropship_ask_stop(min(surplus, decimal(row.qty)), resolution)
            surplus -= decimal(row.qty)
        if surplus > ZERO:
            raise UserError(
                self.env._(
                    "Too late: %(product)s has left already. Stop the parcel, or wait until it comes back.",
                    product=self.product_id.display_name,
                )
            )
        if not waits:
            # Whoever was asked agreed on the spot.
            self.invalidate_recordset(["dropship_allocation_ids"])
            return self._dropship_stop_units(qty, resolution) if self._dropship_still_bought(qty) else False
        return True

    def _dropship_surplus(self, living, qty):
        """How much is bought beyond what the customer still wants, in the unit of stock.

        What he had and got his money back for is bought and on the order; what never came is off the order.
        """
        stays = max(decimal(self.product_uom_qty) - qty, ZERO)
        units = self.product_uom_id._compute_quantity(float(stays), self.product_id.uom_id, round=False)
        return sum((decimal(row.qty) for row in living), ZERO) - decimal(units)

    def _dropship_still_bought(self, qty):
        living = self.dropship_allocation_ids.filtered(lambda row: row.state in (*WITH_SUPPLIER, "shipped") and row.qty)
        return self._dropship_surplus(living, qty) > ZERO

    def _dropship_check_core_purchases(self):
        """What was bought past the routing nobody is asked about by itself."""
        core = (self.purchase_line_ids - self.dropship_allocation_ids.purchase_line_id).filtered(
            lambda line: line.order_id.state in ("sent", "purchase") and line.product_qty > line.qty_received
        )
        if core:
            raise UserError(
                self.env._(
                    "%(product)s is bought by %(purchase)s: cancel that first.",
                    product=self.product_id.display_name,
                    purchase=", ".join(core.order_id.mapped("name")),
                )
            )


class DropshipAllocation(models.Model):
    _inherit = "dropship.allocation"

    def _dropship_ask_stop(self, qty, resolution):
        """Ask the supplier not to send so much of the row.

        :return: whether he has still to answer
        :raise UserError: he said no
        """
        self.ensure_one()
        requests = self.env["dropship.change.request"]
        kind = "cancel" if qty >= decimal(self.qty) else "quantity"
        asked = requests.search(
            [("purchase_id", "=", self.purchase_id.id), ("allocation_id", "=", self.id), ("kind", "=", kind)],
            order="id desc",
            limit=1,
        )
        if asked.state in UNANSWERED:
            if resolution and not asked.resolution_id:
                asked.resolution_id = resolution
            return True
        if asked.state in ("no", "too_late") and (not resolution or asked.resolution_id == resolution):
            raise UserError(
                self.env._(
                    "%(supplier)s cannot stop %(product)s any more. Stop the parcel, or wait until it comes back.",
                    supplier=self.supplier_id.name,
                    product=self.product_id.display_name,
                )
            )
        product = self.product_id.display_name
        left = decimal(self.qty) - qty
        request = requests._make(
            self.purchase_id,
            self,
            kind,
            allocation_id=self.id,
            resolution_id=resolution.id if resolution else False,
            old_values={"product": product, "qty": f"{self.qty:g}"},
            new_values={"product": product, "qty": f"{float(left):g}"},
        )
        # Nothing goes on here while the question itself is written.
        request.with_context(dropship_asking=True)._ask()
        return request.state in UNANSWERED
