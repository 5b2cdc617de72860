from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    dropship_policy_id = fields.Many2one(
        "dropship.routing.policy",
        string="Policy of This Order",
        copy=False,
        domain="[('company_id', 'in', [False, company_id])]",
        ondelete="set null",
        groups="dropship_flow.group_dropship_user",
        help="Goes before the policy the rules would choose. Empty: the rules choose.",
    )

    def _dropship_route_again(self):
        """Give back what no supplier knows of yet and route it anew; what is sent stays as it is.

        The orders of a group go together: their plan was one.
        """
        orders_sudo = self.sudo()
        orders_sudo |= orders_sudo.dropship_group_id._waiting_orders()
        rows = orders_sudo.dropship_allocation_ids.filtered(lambda row: row.state == "planned")
        drafts = rows.purchase_id.filtered(lambda purchase: purchase.state in ("draft", "to approve"))
        drafts._dropship_cancel_quietly()
        rows._release("rerouted")
        orders_sudo.filtered(lambda order: order.state == "sale").order_line._dropship_source()

    def _dropship_route_refusals(self):
        """Which of the orders have nothing that could be routed again.

        :return: {sale.order: why}
        """
        ours = self.order_line._dropship_ours().order_id
        result = {}
        for order in self:
            order_sudo = order.sudo()
            states = {row.state for row in order_sudo.dropship_allocation_ids if row.offer_id} - {"released"}
            movable = "planned" in states or order_sudo.dropship_open_hold_ids
            if order.state == "cancel":
                result[order] = self.env._("It is cancelled.")
            elif order.state != "sale":
                result[order] = self.env._("It is not confirmed yet.")
            elif order not in ours and not movable:
                result[order] = self.env._("Nothing in it is dropshipped.")
            elif not movable and "shipped" in states:
                result[order] = self.env._("It has shipped.")
            elif not movable and states:
                result[order] = self.env._("A supplier has it already: ask him to cancel it first.")
        return result
