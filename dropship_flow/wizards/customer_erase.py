from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class DropshipCustomerErase(models.TransientModel):
    """A customer wants to be forgotten: his data at suppliers, and who has to be told (GDPR, articles 17 and 19)."""

    _name = "dropship.customer.erase"
    _description = "Erase Customer's Data at Suppliers"

    partner_id = fields.Many2one("res.partner", string="Customer", required=True)
    purchase_ids = fields.Many2many("purchase.order", compute="_compute_found")
    open_ids = fields.Many2many("purchase.order", compute="_compute_found")
    supplier_text = fields.Text(
        string="Suppliers to Tell", compute="_compute_found", help="They got the customer's address."
    )
    open_text = fields.Text(compute="_compute_found")

    @api.depends("partner_id")
    def _compute_found(self):
        for wizard in self:
            purchases = wizard._purchases()
            wizard.purchase_ids = purchases
            wizard.open_ids = wizard._open(purchases)
            wizard.supplier_text = wizard._suppliers_text(purchases)
            wizard.open_text = ", ".join(wizard.open_ids.mapped("name"))

    def _purchases(self):
        """Purchases for this customer and his addresses, in the companies of the reader."""
        self.ensure_one()
        if not self.partner_id:
            return self.env["purchase.order"]
        people = self.env["res.partner"].with_context(active_test=False)
        ids = people.search([("id", "child_of", self.partner_id.ids)]).ids
        his = Domain.OR(
            Domain(name, "in", ids)
            for name in ("dest_address_id", "dropship_sale_id.partner_id", "dropship_sale_id.partner_shipping_id")
        )
        ours = Domain("dropship_warehouse_id", "!=", False) & Domain("company_id", "in", self.env.companies.ids)
        # Managers of dropshipping need not be salespeople; which purchases are the customer's is told by the sales.
        return self.env["purchase.order"].sudo().search(his & ours, order="id")

    @api.model
    def _open(self, purchases):
        """Those that are still under way: without an address nothing arrives."""
        return purchases.filtered(
            lambda order: (
                order.state not in ("cancel", "purchase")
                or any(row.state in ("planned", "submitted", "accepted") for row in order.dropship_allocation_ids)
            )
        )

    @api.model
    def _suppliers_text(self, purchases):
        """Which suppliers got the data, by message or because they looked at it; one a line with the purchases."""
        told = self.env["dropship.exchange"].sudo()._read_group(
            [("purchase_id", "in", purchases.ids), ("direction", "=", "out"), ("state", "in", ("sent", "unknown"))],
            ["purchase_id"],
        )
        views_sudo = self.env["dropship.address.view"].sudo()
        seen = views_sudo._read_group([("purchase_id", "in", purchases.ids)], ["purchase_id"])
        # Who was sent a purchase by hand got it as well.
        sent = purchases.filtered(lambda order: order.state not in ("draft", "to approve", "cancel"))
        by_supplier = defaultdict(set)
        for order in sent.union(*(purchase for (purchase,) in [*told, *seen])):
            supplier = order.dropship_warehouse_id.supplier_id
            mail = supplier.partner_id.email
            by_supplier[f"{supplier.name} <{mail}>" if mail else supplier.name].add(order.name)
        return "\n".join(f"{name}: {', '.join(sorted(orders))}" for name, orders in sorted(by_supplier.items()))

    def action_erase(self):
        """Take the customer out of all that suppliers see and were sent; the list stays in the customer's notes."""
        self.ensure_one()
        self.check_access("write")
        if not self.env.user.has_group("dropship_flow.group_dropship_manager"):
            raise UserError(self.env._("Only a dropshipping manager can erase a customer's data."))
        if not self.purchase_ids:
            raise UserError(self.env._("No supplier has data of %s.", self.partner_id.display_name))
        if self.open_ids:
            raise UserError(
                self.env._(
                    "Goods of %(customer)s are still under way: %(purchases)s. Cancel them or wait until they arrive, "
                    "then erase.",
                    customer=self.partner_id.display_name,
                    purchases=self.open_text,
                )
            )
        told = self.supplier_text
        # Messages and sourcing rows are nobody's to write by hand.
        purchases_sudo = self.purchase_ids.sudo()
        purchases_sudo.filtered(lambda order: not order.dropship_redacted_at)._dropship_forget()
        purchases_sudo._dropship_scrub_messages()
        self.partner_id.sudo().message_post(
            body=self.env._("Data at suppliers erased. They got the address and have to be told: %s", told or "–")
        )
        return {"type": "ir.actions.act_window_close"}
