from odoo import fields, models
from odoo.exceptions import UserError

from ...refunding import Wish


class DropshipResolution(models.Model):
    """The documents a resolution has made, and the ways between them."""

    _inherit = "dropship.resolution"

    sale_order_ids = fields.One2many(
        "sale.order",
        "dropship_resolution_id",
        string="Orders Sent for It",
        readonly=True,
        groups="sales_team.group_sale_salesman",
    )

    def _live_orders(self):
        """The orders it has made that were not cancelled."""
        return self.sudo().sale_order_ids.filtered(lambda order: order.state != "cancel")

    def _order_was_cancelled(self, order):
        """What goes out for it was cancelled: somebody has to say what happens instead."""
        for resolution in self.filtered(lambda one: one.state == "planned"):
            why = self.env._(
                "%s was cancelled. Carry it out again to make a new one, or agree on something else.", order.name
            )
            resolution._set_state("person", error=why)
            resolution._needs_person()
        for resolution in self.filtered(lambda one: one.state == "done"):
            resolution.return_id.message_post(
                body=self.env._("%s was sent for this case and is cancelled now. Agree on something else.", order.name),
                subtype_xmlid="mail.mt_note",
            )

    def _refund(self, order, asks, key):
        """Give money back for an order, by the book of refunds.

        :param asks: `refunding.Ask`
        :param str key: once and for all
        :return: dropship.refund
        """
        wish = Wish(tuple(asks), currency=order.currency_id.name)
        return self.env["dropship.refund"]._make(order, wish, resolution=self, key=key)

    def action_cancel_agreement(self):
        """Give up what needs a person and cannot be done."""
        self.check_access("write")
        for resolution in self.sudo():  # agents give up what they could not carry out
            if resolution._live_orders().filtered(lambda order: order.state == "sale"):
                raise UserError(
                    self.env._("%s is on its way already. Cancel its order first.", resolution.display_name)
                )
            resolution._set_state("cancelled")
        return True


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    remedy_order_count = fields.Integer(compute="_compute_remedy_order_count", string="Orders Sent")

    def _compute_remedy_order_count(self):
        for case in self:
            case.remedy_order_count = len(case.sudo().resolution_ids.sale_order_ids)  # a number, for every reader

    def action_remedy_orders(self):
        """The orders that go out for the case."""
        self.ensure_one()
        orders_sudo = self.sudo().resolution_ids.sale_order_ids
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "name": self.env._("Orders Sent for It"),
            "view_mode": "form" if len(orders_sudo) == 1 else "list,form",
            "res_id": orders_sudo.id if len(orders_sudo) == 1 else False,
            "domain": [("id", "in", orders_sudo.ids)],
        }

    def action_resolutions(self):
        """What was agreed in the case, and what came of it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("dropship_flow_aftersales.action_dropship_resolution")
        action["domain"] = [("return_id", "=", self.id)]
        action["context"] = {}
        if len(self.resolution_ids) == 1:
            action |= {"views": [(False, "form")], "res_id": self.resolution_ids.id}
        return action
