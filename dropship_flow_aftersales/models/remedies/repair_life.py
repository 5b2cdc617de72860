"""What happens to a repair moves its case; the goods go back to the customer when it is done."""

from odoo import Command, models
from odoo.exceptions import UserError


class RepairOrder(models.Model):
    _inherit = "repair.order"

    # ------------------------------------------------------------------
    # Before and during work
    # ------------------------------------------------------------------

    def _dropship_begin(self):
        """Make ready what is free or was accepted; the rest waits for the customer. Runs as the system."""
        ready = self.filtered(lambda repair: repair.state == "draft" and repair._dropship_accepted())
        if ready:
            ready._action_repair_confirm()

    def _dropship_accepted(self):
        self.ensure_one()
        return self.under_warranty or self.sudo().sale_order_id.state == "sale"

    def _dropship_check_accepted(self):
        """:raise UserError: the customer has still to accept what it costs"""
        for repair in self.filtered(lambda repair: repair.sudo().dropship_resolution_id):
            if not repair._dropship_accepted():
                raise UserError(
                    self.env._(
                        "%(repair)s: the customer has not accepted the quote %(quote)s yet. "
                        "Send it to him, and start when it is confirmed.",
                        repair=repair.name,
                        quote=repair.sudo().sale_order_id.name or "",
                    )
                )

    def _action_repair_confirm(self):
        """Override: out of warranty nothing is done before the customer has accepted what it costs."""
        self._dropship_check_accepted()
        return super()._action_repair_confirm()

    def action_repair_start(self):
        """Override: as above."""
        self._dropship_check_accepted()
        return super().action_repair_start()

    def action_repair_done(self):
        """Override: what is repaired goes back, and the case goes on."""
        result = super().action_repair_done()
        for resolution in self.sudo().dropship_resolution_id:
            if resolution.state in ("planned", "person"):
                resolution._carry_out()
            resolution._claim_repair()
        return result

    def action_repair_cancel(self):
        """Override: what will not be repaired needs a person."""
        result = super().action_repair_cancel()
        for resolution in self.sudo().dropship_resolution_id.filtered(lambda one: one.state == "planned"):
            if not resolution._live_repairs():
                why = self.env._(
                    "The repair was cancelled. Carry it out again to make a new one, or agree on something else."
                )
                resolution._set_state("person", error=why)
                resolution._needs_person()
        return result

    # ------------------------------------------------------------------
    # Back to the customer
    # ------------------------------------------------------------------

    def _dropship_send_back(self):
        """The transfer back to the customer, once: from us, or from the supplier who repaired. Runs as the system."""
        for repair in self.filtered(lambda repair: not repair.dropship_back_id):
            picking = self.env["stock.picking"].with_company(repair.company_id).create(repair._dropship_back_vals())
            picking.action_confirm()
            if picking.state in ("confirmed", "waiting"):
                picking.action_assign()
            repair.dropship_back_id = picking

    def _dropship_back_vals(self):
        line = self.dropship_case_line_id
        kind = self._dropship_back_type()
        customer = line.order_id.partner_id.with_company(self.company_id).property_stock_customer
        move = {
            "product_id": self.product_id.id,
            "product_uom_qty": self.product_qty,
            "product_uom": self.product_uom.id,
            "location_id": self.product_location_dest_id.id,
            "location_dest_id": customer.id,
            "picking_type_id": kind.id,
            "company_id": self.company_id.id,
            "procure_method": "make_to_stock",
            # It counts as delivered again.
            "sale_line_id": line.order_line_id.id,
            "to_refund": False,
        }
        return {
            "partner_id": self.dropship_return_id._remedy_address(line.order_id, [(line,)]).id,
            "picking_type_id": kind.id,
            "location_id": self.product_location_dest_id.id,
            "location_dest_id": customer.id,
            "origin": self.dropship_return_id.name,
            "company_id": self.company_id.id,
            "move_ids": [Command.create(move)],
        }

    def _dropship_back_type(self):
        if self.dropship_repairer_id:
            domain = [("code", "=", "dropship"), ("company_id", "=", self.company_id.id)]
            found = self.env["stock.picking.type"].search(domain, limit=1)
            if found:
                return found
        return self.picking_type_id.warehouse_id.out_type_id


class DropshipResolution(models.Model):
    _inherit = "dropship.resolution"

    def _claim_repair(self):
        """What a repair cost us is claimed from the supplier whose warranty holds."""
        if self.repair_ids.filtered("dropship_claimed"):
            self._raise_claims()

    def _raise_claims(self):
        """The claims of the case follow what is known now."""
        self.return_id._raise_claims_safely()

    def _order_was_cancelled(self, order):
        """Override: with the quote goes the repair."""
        result = super()._order_was_cancelled(order)
        repairs = order.repair_order_ids.filtered(
            lambda repair: repair.dropship_resolution_id in self and repair.state not in ("done", "cancel")
        )
        if repairs:
            repairs.action_repair_cancel()
        return result
