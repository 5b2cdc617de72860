from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..address import redact


class DropshipAddressView(models.Model):
    """A supplier saw a customer's address: who, of which purchase, on which day, where. Never changed."""

    _name = "dropship.address.view"
    _description = "View of a Customer's Address"
    _order = "at desc, id desc"

    purchase_id = fields.Many2one("purchase.order", required=True, ondelete="cascade", index=True)
    supplier_id = fields.Many2one("dropship.supplier", ondelete="set null", index="btree_not_null")
    company_id = fields.Many2one("res.company", required=True, index=True)
    via = fields.Selection(
        [
            ("page", "Page of the purchase"),
            ("desk", "Supplier's desk"),
            ("sheet", "Order sheet"),
            ("document", "Printed document"),
            ("mail", "Mail"),
            ("api", "API"),
            ("message", "Message to the supplier's system"),
        ],
        required=True,
    )
    viewer = fields.Char(required=True, help="The login, or the link that was used.")
    day = fields.Date(required=True)
    at = fields.Datetime("First Seen", required=True)

    _once_a_day = models.UniqueIndex("(purchase_id, viewer, day)", "This view is noted already.")
    _by_time = models.Index("(at)")

    def write(self, vals):
        """Override: what was seen was seen."""
        if vals:
            raise UserError(self.env._("The list of views cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.context.get("dropship_purge"):
            raise UserError(self.env._("The list of views cannot be changed."))


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def _dropship_log_view(self, via, viewer=None):
        """Note that a supplier sees the customers' addresses of these purchases: at most one row per purchase, viewer
        and day, one insert for all. Purchases that show no address any more are left out.

        :param str via: a value of `via` on `dropship.address.view`
        :param viewer: a user or partner, or words (which link); nothing: the current user
        """
        # The supplier who looks has no right to the list of those who look.
        orders_sudo = self.sudo().filtered(lambda order: order.dropship_warehouse_id and not order.dropship_redacted_at)
        if not orders_sudo:
            return
        self.env["dropship.address.view"].flush_model()
        if viewer is None:
            viewer = self.env.user
        name = viewer if isinstance(viewer, str) else f"{viewer._description} {viewer.id}: {viewer.display_name}"
        now = fields.Datetime.now()
        rows = [
            SQL(
                "(%s, %s, %s, %s, %s, %s, %s, %s, %s)",
                order.id, order.dropship_warehouse_id.supplier_id.id, order.company_id.id, via, name[:200],
                now.date(), now, self.env.uid, now,
            )
            for order in orders_sudo
        ]  # fmt: skip
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO dropship_address_view
                       (purchase_id, supplier_id, company_id, via, viewer, day, at, create_uid, create_date)
                VALUES %s
                ON CONFLICT DO NOTHING
                """,
                SQL(", ").join(rows),
            )
        )
        self.env["dropship.address.view"].invalidate_model()

    def action_dropship_address_views(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("dropship_flow.action_dropship_address_view")
        return {**action, "domain": [("purchase_id", "=", self.id)]}


class DropshipConnector(models.AbstractModel):
    _inherit = "dropship.connector"

    @api.model
    def _order_payload(self, purchase):
        """Override: what leaves in a message was shown to the supplier; after the time to keep it, it says nobody."""
        payload = super()._order_payload(purchase)
        if purchase.dropship_redacted_at:
            return redact.scrub(payload)
        purchase._dropship_log_view("message", self.env._("Messages to his system"))
        return payload
