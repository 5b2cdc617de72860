"""When authorised payments are captured and released, and who is told that one ends."""

from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import format_date

from .exact import decimal

# So long before its end an authorisation is a case for a person.
AHEAD = timedelta(days=2)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    dropship_capture_ids = fields.One2many(
        "dropship.capture", "order_id", string="Captures", copy=False, groups="dropship_flow.group_dropship_user"
    )

    def _dropship_authorised(self):
        """The authorised payments of this order alone; one of several orders is taken apart by a person."""
        self.ensure_one()
        return self.transaction_ids.filtered(
            lambda row: row.state == "authorized" and len(row.sale_order_ids) == 1 and not row.source_transaction_id
        )

    def _dropship_capture_for(self, shipment):
        """A parcel of the order left: ask for the money, as the company wants it."""
        self.ensure_one()
        when = self.company_id.dropship_capture_when
        rows = self._dropship_authorised()
        if when == "manual" or not rows:
            return
        for row in rows:
            left = row._dropship_authorised_left()
            partial = row.provider_id.support_manual_capture == "partial"
            if when == "parcel" and partial and not self._dropship_left_whole():
                amount = min(self._dropship_parcel_value(shipment), left)
                key = f"parcel {shipment.id}"
            else:
                planned = self.dropship_capture_ids.filtered(
                    lambda one, row=row: one.transaction_id == row and one.state in ("planned", "sending")
                )
                amount, key = left - decimal(sum(planned.mapped("amount"))), "whole"
            if amount > 0:
                self.env["dropship.capture"]._plan(self, row, "capture", amount, key, shipment)

    def _dropship_left_whole(self):
        """Whether everything of ours left: the last parcel takes the rest, freight and cents with it."""
        rows = self.dropship_allocation_ids.filtered(lambda row: row.state != "released")
        return all(row.state == "shipped" for row in rows)

    def _dropship_parcel_value(self, shipment):
        """A parcel's part of the whole order, by the value of its goods: Decimal."""
        goods = sum((decimal(line.price_total) for line in self._dropship_goods()), Decimal(0))
        lines = shipment.line_ids.filtered(lambda line: line.sale_line_id.order_id == self and not line.is_part)
        if not goods:
            return decimal(self.amount_total)
        value = lines._collect_value() / goods * decimal(self.amount_total)
        return decimal(self.currency_id.round(float(value)))

    def _action_cancel(self):
        """Override: money that is only reserved is released; what was captured is for people to give back."""
        result = super()._action_cancel()
        for order_sudo in self.sudo().filtered(lambda order: order.state == "cancel"):  # whoever cancels
            if order_sudo.company_id.dropship_capture_when == "manual" or not order_sudo._dropship_is_ours():
                continue
            planned = order_sudo.dropship_capture_ids.filtered(lambda row: row.state in ("planned", "failed"))
            planned._set_state("dropped")
            released = order_sudo.dropship_refund_ids.filtered(lambda row: row.way == "void").transaction_id
            for row in order_sudo._dropship_authorised() - released:
                if (left := row._dropship_authorised_left()) > 0:
                    self.env["dropship.capture"].sudo()._plan(order_sudo, row, "void", left, "whole")
        return result

    @api.model
    def _cron_authorisations(self):
        """Payments that are only reserved and end soon: somebody has to act. Those captured meanwhile solve it."""
        now = fields.Datetime.now()
        rows = self.env["payment.transaction"].search([("state", "=", "authorized"), ("sale_order_ids", "!=", False)])
        exceptions = self.env["dropship.exception"]
        still = self.browse()
        for row in rows.filtered(lambda row: row.dropship_expires_on and row.dropship_expires_on - AHEAD <= now):
            for order in row.sale_order_ids.filtered(lambda order: order.state == "sale" and order.dropship_stage):
                still |= order
                params = {
                    "amount": row.currency_id.format(float(row._dropship_authorised_left())), "order": order.name,
                    "date": format_date(self.env, row.dropship_expires_on),
                }  # fmt: skip
                if order.dropship_allocation_ids:
                    exceptions._raise(
                        order.dropship_allocation_ids[0], "authorisation_expires", [["authorisation_expires", params]]
                    )
        old = exceptions.search([("kind", "=", "authorisation_expires"), ("state", "=", "open")])
        done = old.filtered(lambda one: one.order_id not in still)
        done._set_state("solved", solution=self.env._("Captured, released or ended"))


class DropshipShipment(models.Model):
    _inherit = "dropship.shipment"

    def _after_dispatch(self):
        """Override: goods that left are paid."""
        result = super()._after_dispatch()
        for shipment_sudo in self.sudo():  # suppliers and carriers report it, who read no payment
            for order in shipment_sudo.order_ids:
                order._dropship_capture_for(shipment_sudo)
        return result


class DropshipHold(models.Model):
    _inherit = "dropship.hold"

    @api.model
    def _hold_kinds(self):
        """Override: what is not paid after all is not bought."""
        return [*super()._hold_kinds(), ("capture", self.env._("Payment not captured"))]


class DropshipException(models.Model):
    _inherit = "dropship.exception"

    @api.model
    def _exception_kinds(self):
        """Override: money that is only reserved."""
        return [
            *super()._exception_kinds(),
            ("capture_failed", self.env._("Payment not captured")),
            ("authorisation_expires", self.env._("Authorisation ends")),
        ]

    @api.model
    def _verbs(self):
        """Override: see _exception_kinds."""
        return {
            **super()._verbs(),
            "capture_failed": ["action_capture_again", "action_done"],
            "authorisation_expires": ["action_capture_now", "action_done"],
        }

    @api.model
    def _verb_titles(self):
        """Override: see _verbs."""
        titles = {"action_capture_again": self.env._("Capture Again"), "action_capture_now": self.env._("Capture Now")}
        return {**super()._verb_titles(), **titles}

    def action_capture_again(self):
        """Ask the payment service once more, and let the order go on."""
        self.check_access("write")
        for exception in self.filtered(lambda one: one.kind == "capture_failed" and one.state == "open"):
            order_sudo = exception.sudo().order_id
            order_sudo.dropship_capture_ids.filtered(lambda row: row.state == "failed").sudo(False).action_again()
            order_sudo.dropship_hold_ids.filtered(
                lambda hold: hold.kind == "capture" and hold.state == "open"
            )._close("solved")
            exception._set_state("solved", solution=self.env._("Asked again"))
        return True

    def action_capture_now(self):
        """Capture what is reserved before it ends, though nothing left."""
        self.check_access("write")
        for exception in self.filtered(lambda one: one.kind == "authorisation_expires" and one.state == "open"):
            order_sudo = exception.sudo().order_id  # the desk acts on the order, it reads no payment
            for row in order_sudo._dropship_authorised():
                if (left := row._dropship_authorised_left()) > 0:
                    self.env["dropship.capture"].sudo()._plan(order_sudo, row, "capture", left, "now")
            exception._set_state("solved", solution=self.env._("To be captured"))
        return True
