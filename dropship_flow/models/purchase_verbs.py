from odoo import api, models
from odoo.exceptions import UserError


class PurchaseOrder(models.Model):
    """What people may do with a purchase of ours, and what core may not."""

    _inherit = "purchase.order"

    def action_dropship_send(self):
        """Send a draft purchase now."""
        self.check_access("write")
        self.sudo()._dropship_submit()
        return True

    def action_dropship_accept(self):
        """The buyer records that the supplier accepted: an answer as any other."""
        self.check_access("write")
        for order in self._ours().filtered(lambda order: order.state == "sent"):
            order._dropship_say_by_hand({"status": "accepted"})
        return True

    def action_dropship_refuse(self):
        """Ask for the reason, then route the quantities again without this source."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "dropship.purchase.refuse",
            "view_mode": "form",
            "target": "new",
            "context": {"default_purchase_id": self.id},
        }

    def _ours(self):
        return self.filtered(lambda order: order.sudo().dropship_warehouse_id)

    def button_confirm(self):
        """Override: confirming by hand means "send it and take it as accepted"; the limit still has its say."""
        ours = self.browse() if self.env.context.get("dropship_internal") else self._ours()
        result = super(PurchaseOrder, self - ours).button_confirm()
        for order in ours.filtered(lambda order: order.state in ("draft", "sent")):
            order.check_access("write")
            manager = self.env.user.has_group("purchase.group_purchase_manager") and not self.env.su
            order.sudo()._dropship_submit(approved=manager)
            order.sudo()._dropship_accept()
        return result

    def button_approve(self, force=False):
        """Override: approval lets a purchase of ours go to the supplier; acceptance is still the supplier's."""
        waiting = self._ours().filtered(lambda order: order.state == "to approve")
        result = super(PurchaseOrder, self - waiting).button_approve(force=force)
        for order in waiting:
            order.check_access("write")
            if not self.env.user.has_group("purchase.group_purchase_manager"):
                raise UserError(self.env._("Only a Purchase Administrator can approve %s.", order.name))
            order.sudo()._dropship_submit(approved=True)
            holds = self.env["dropship.hold"].sudo().search([("purchase_id", "=", order.id), ("state", "=", "open")])
            holds._close("released")
        return result

    def button_cancel(self):
        """Override: a purchase cancelled by hand gives its quantities back, and a person decides what follows."""
        ours = self.browse() if self.env.context.get("dropship_internal") else self._ours()
        result = super(PurchaseOrder, self.with_context(dropship_cancelling=True)).button_cancel()
        # There is nothing left to approve.
        if waiting := self._ours():
            self.env["dropship.hold"].sudo().search(
                [("purchase_id", "in", waiting.ids), ("state", "=", "open")]
            )._close("solved")
        for order in ours:
            order.sudo()._dropship_given_back(order.sudo().dropship_allocation_ids._release("cancelled"))
        return result

    def _activity_cancel_on_sale(self):
        """Override: no "exception" activity where we say more precisely what happens."""
        if not self.env.context.get("dropship_internal"):
            return super()._activity_cancel_on_sale()
        return None

    def button_draft(self):
        """Override: a cancelled purchase of ours gave its quantities back; reopening it would buy twice."""
        if self._ours():
            raise UserError(
                self.env._(
                    "A dropship purchase cannot be reopened: its goods may be bought elsewhere by now. "
                    "Route the sale again."
                )
            )
        return super().button_draft()

    def action_merge(self):
        """Override: purchases of different sales are different parcels."""
        ours = self._ours()
        if ours and len(ours.sudo().dropship_sale_id) + bool(self - ours) > 1:
            raise UserError(
                self.env._(
                    "These purchases ship to customers of different sales and cannot be merged. "
                    "Select purchases of one sale."
                )
            )
        return super().action_merge()

    def _prepare_grouped_data(self, rfq):
        """Override: never merge two warehouses or two sales into one parcel."""
        return super()._prepare_grouped_data(rfq) + (
            rfq.sudo().dropship_sale_id.id,
            rfq.sudo().dropship_warehouse_id.id,
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_give_back(self):
        for order in self._ours():
            order.sudo()._dropship_given_back(order.sudo().dropship_allocation_ids._release("cancelled"))
