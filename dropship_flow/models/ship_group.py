from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .sale_order import READERS

# States in which a supplier knows of a row that is bought from him.
SENT = ("submitted", "accepted", "shipped")


class DropshipShipGroup(models.Model):
    """Orders of one customer to one door, bought as one basket. Each keeps its own purchases."""

    _name = "dropship.ship.group"
    _description = "Orders Shipped Together"
    _order = "id desc"

    name = fields.Char(required=True, readonly=True, copy=False, default=lambda self: self._next_name())
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    order_ids = fields.One2many("sale.order", "dropship_group_id", string="Orders", readonly=True)
    order_count = fields.Integer(string="Number of Orders", compute="_compute_order_count")
    partner_id = fields.Many2one("res.partner", string="Customer", compute="_compute_partner_id")
    purchase_ids = fields.One2many(
        "purchase.order", string="Purchases", compute="_compute_purchase_ids", groups="purchase.group_purchase_user"
    )

    @api.model
    def _next_name(self):
        return self.env["ir.sequence"].sudo().next_by_code("dropship.ship.group") or "SG"

    @api.depends("order_ids")
    def _compute_order_count(self):
        for group in self:
            group.order_count = len(group.order_ids)

    @api.depends("order_ids.partner_id")
    def _compute_partner_id(self):
        for group in self:
            group.partner_id = group.order_ids[:1].partner_id

    @api.depends("order_ids.dropship_purchase_ids.state")
    def _compute_purchase_ids(self):
        for group in self:
            purchases = group.sudo().order_ids.dropship_purchase_ids
            group.purchase_ids = purchases.filtered(lambda purchase: purchase.state != "cancel").sudo(group.env.su)

    def _waiting_orders(self):
        """The confirmed orders of the group of which no supplier knows yet."""
        return self.order_ids.filtered(lambda order: order.state == "sale")._dropship_unsent()

    def _dissolve_lonely(self):
        """A single order needs no group; the group's number stays free for nobody."""
        lonely = self.filtered(lambda group: len(group.order_ids) < 2)
        lonely.order_ids.dropship_group_id = False
        lonely.unlink()


class SaleOrder(models.Model):
    _inherit = "sale.order"

    dropship_group_id = fields.Many2one(
        "dropship.ship.group",
        string="Ships Together",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups=READERS,
        help="The orders of this group are bought as one basket and packed into one parcel where possible.",
    )

    def _dropship_unsent(self):
        """The orders of which no supplier knows yet and nothing has left."""
        orders_sudo = self.sudo().filtered(
            lambda order: not any(
                row.state == "shipped" or (row.state in SENT and row.offer_id) for row in order.dropship_allocation_ids
            )
        )
        return orders_sudo.with_env(self.env)

    def action_dropship_ship_together(self):
        """Route the selected orders as one basket: one freight and one set of terms for each parcel."""
        self.check_access("write")
        self._dropship_check_desk()
        group = self._dropship_ship_together()
        return {
            "type": "ir.actions.act_window",
            "res_model": "dropship.ship.group",
            "res_id": group.id,
            "view_mode": "form",
        }

    def action_dropship_leave_group(self):
        """Take the orders out of their groups; all of them are routed anew."""
        self.check_access("write")
        self._dropship_check_desk()
        self._dropship_leave_group()
        return True

    def _dropship_check_desk(self):
        if not self.env.user.has_group("dropship_flow.group_dropship_user"):
            raise AccessError(self.env._("This needs the right Dropshipping / User. Ask the order desk."))

    def _dropship_ship_together(self):
        """Make the orders (and the groups they are in) one basket and buy it, or hold it with the reason.

        :return: dropship.ship.group
        :raise UserError: when they cannot travel together; nothing is changed then
        """
        orders_sudo = self.sudo()
        orders_sudo |= orders_sudo.dropship_group_id.order_ids
        refusal = orders_sudo._dropship_together_refusal()
        if refusal:
            raise UserError(refusal)
        old_sudo = orders_sudo.dropship_group_id
        group_sudo = old_sudo[:1] or old_sudo.create({"company_id": orders_sudo.company_id.id})
        orders_sudo.dropship_group_id = group_sudo
        (old_sudo - group_sudo).unlink()
        orders_sudo.activity_unlink(["dropship_flow.activity_together"])
        waited = orders_sudo.dropship_hold_ids.filtered(lambda hold: hold.kind == "together")
        waited._close("released")
        orders_sudo._dropship_note(
            self.env._(
                "Ships together with %(orders)s (%(group)s).",
                orders=", ".join(orders_sudo.mapped("name")),
                group=group_sudo.name,
            )
        )
        orders_sudo._dropship_route_again()
        return group_sudo.with_env(self.env)

    def _dropship_together_refusal(self):
        """Why the orders cannot travel together, in words; False when they can."""
        if len(self) < 2:
            return self.env._("Select at least two orders of one customer to ship them together.")
        if len(self.company_id) > 1 or len(self.currency_id) > 1:
            return self.env._("Only orders of one company and in one currency ship together.")
        wrong = self.filtered(lambda order: order.state != "sale")
        if wrong:
            return self.env._("Only confirmed orders ship together; not yet: %s.", ", ".join(wrong.mapped("name")))
        sent = self - self._dropship_unsent()
        if sent:
            return self.env._(
                "A supplier knows of %s already: what is sent cannot join another parcel.",
                ", ".join(sent.mapped("name")),
            )
        first = self[0]
        apart = self.filtered(lambda order: not order._dropship_same_door(first))
        if apart:
            return self.env._(
                "%(orders)s go to another customer or address than %(first)s. Correct the address first.",
                orders=", ".join(apart.mapped("name")),
                first=first.name,
            )
        channels = self.env["dropship.sales.channel"]._channel_of(self)
        services = {order._dropship_paid_service() for order in self}
        if len({channel.id for channel in channels.values()}) > 1 or len(services) > 1:
            return self.env._("These orders come from different shops or travel by different services.")
        return False

    def _dropship_leave_group(self):
        """Take orders out of their groups and route them, and those left behind, anew.

        :raise UserError: when the supplier was told already to pack them together
        """
        leaving_sudo = self.sudo().filtered("dropship_group_id")
        sent = leaving_sudo - leaving_sudo._dropship_unsent()
        if sent:
            raise UserError(
                self.env._(
                    "The supplier was told already to pack %s into one parcel: ask him to change it.",
                    ", ".join(sent.mapped("name")),
                )
            )
        left_sudo = leaving_sudo._dropship_out_of_group()
        (leaving_sudo | left_sudo).filtered(lambda order: order.state == "sale")._dropship_route_again()

    def _dropship_out_of_group(self):
        """Forget the groups of the orders.

        :return: the waiting orders left behind: their costs were shared with those that go
        """
        groups = self.dropship_group_id
        for order in self.filtered("dropship_group_id"):
            order._dropship_note(self.env._("Does not ship together with others any more."))
        self.dropship_group_id = False
        left = groups._waiting_orders()
        groups._dissolve_lonely()
        return left

    def _action_cancel(self):
        """Override: a group goes on without the order that is cancelled."""
        leaving_sudo = self.sudo().filtered("dropship_group_id")
        result = super()._action_cancel()
        if leaving_sudo:
            leaving_sudo._dropship_out_of_group()._dropship_route_again()
        return result


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    dropship_group_id = fields.Many2one(
        related="dropship_sale_id.dropship_group_id",
        string="Ships Together",
        groups="dropship_flow.group_dropship_user",
    )
    dropship_together = fields.Char(
        string="Ship Together With",
        compute="_compute_dropship_together",
        groups="base.group_user",
        help="Other purchases at the same warehouse that go to the same customer: the supplier may pack one parcel.",
    )

    @api.depends("dropship_sale_id.dropship_group_id.order_ids.dropship_purchase_ids.state")
    def _compute_dropship_together(self):
        for order in self:
            order.dropship_together = order.sudo()._dropship_together_text()

    def _dropship_together_text(self):
        """Numbers of the purchases this one may share a parcel with, and the group's: all the supplier may know."""
        self.ensure_one()
        group = self.dropship_sale_id.dropship_group_id
        if not group or self.state == "cancel":
            return False
        others = group.order_ids.dropship_purchase_ids.filtered(
            lambda other: (
                other != self and other.state != "cancel" and other.dropship_warehouse_id == self.dropship_warehouse_id
            )
        )
        if not others:
            return False
        return f"{', '.join(others.sorted('id').mapped('name'))} ({group.name})"

    def _dropship_together_sentence(self):
        """What the supplier reads on the order, in the reader's language; empty when it travels alone."""
        self.ensure_one()
        if not self.dropship_together:
            return ""
        return self.env._("Ship together with %s: one parcel if possible.", self.dropship_together)


class DropshipAllocation(models.Model):
    _inherit = "dropship.allocation"

    def _release(self, reason, note=False):
        """Override: what the others of a group shared with these rows in freight and fees is theirs now."""
        gone = super()._release(reason, note)
        if reason != "rerouted":
            for row in gone.filtered(lambda row: row.order_id.dropship_group_id and row.freight + row.fees + row.duty):
                row._pass_on_shares()
        return gone

    def _pass_on_shares(self):
        """The parcel still travels for the purchases of the group at this warehouse that are with the supplier."""
        self.ensure_one()
        mates = self.order_id.dropship_group_id.order_ids.dropship_allocation_ids.filtered(
            lambda row: (
                row.warehouse_id == self.warehouse_id
                and row.order_id != self.order_id
                and row.state in ("submitted", "accepted")
            )
        )
        total = sum(mates.mapped("goods"))
        for row in mates:
            share = row.goods / total if total else 1 / len(mates)
            parts = {name: self[name] * share for name in ("freight", "fees", "duty")}
            row.write({name: row[name] + amount for name, amount in parts.items()})
            row.landed += sum(parts.values())
