"""The order desk's look at parcels: what is late, lists of an order or purchase, bulk actions."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .sale_order import READERS

COLORS = {
    "delivered": 10, "lost": 1, "exception": 1, "attempt_failed": 2, "returning": 2, "returned": 2, "customs": 3,
    "available_for_pickup": 4, "out_for_delivery": 7, "in_transit": 7, "picked_up": 7,
}  # fmt: skip


class DropshipShipment(models.Model):
    _inherit = "dropship.shipment"

    status = fields.Selection(group_expand="_expand_status")
    is_late = fields.Boolean(
        string="Late",
        compute="_compute_is_late",
        search="_search_is_late",
        help="Not there on the day it was expected.",
    )
    due_date = fields.Date(
        string="Expected By",
        compute="_compute_due_date",
        store=True,
        index="btree_not_null",
        help="The latest day the goods in it were expected at the customer.",
    )
    color = fields.Integer(compute="_compute_color")
    contents = fields.Char(string="In Short", compute="_compute_contents", help="What is in it, in short.")
    can_dispatch = fields.Boolean(compute="_compute_can")
    can_revert = fields.Boolean(compute="_compute_can")
    order_count = fields.Integer(compute="_compute_counts")
    purchase_count = fields.Integer(compute="_compute_counts")
    picking_count = fields.Integer(compute="_compute_counts")
    exception_count = fields.Integer(compute="_compute_counts")
    paper_count = fields.Integer(compute="_compute_counts")

    @api.depends("line_ids.purchase_line_id.dropship_allocation_ids.promised_date")
    def _compute_due_date(self):
        for box_sudo in self.sudo():  # the day only; sourcing is not told
            days = box_sudo.line_ids.purchase_line_id.dropship_allocation_ids.mapped("promised_date")
            box_sudo.due_date = max(filter(None, days), default=False)

    @api.model
    def _expand_status(self, statuses, _domain):
        """Columns of a board in the order of the way; what no parcel is in has none."""
        return [code for code, _word in self._fields["status"].selection if code in statuses]

    @api.depends("due_date", "is_final")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for box in self:
            box.is_late = bool(box.due_date and box.due_date < today and not box.is_final)

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain("due_date", "<", fields.Date.context_today(self)) & Domain("is_final", "=", False)
        if True in value and False in value:
            return Domain.TRUE
        return late if True in value else ~late

    @api.depends("status", "state")
    def _compute_color(self):
        for box in self:
            box.color = COLORS.get(box.status, 0)

    @api.depends("line_ids.qty", "line_ids.product_id")
    def _compute_contents(self):
        for box in self:
            goods = [f"{line.qty:g} × {line.product_id.display_name}" for line in box.line_ids[:3]]
            more = len(box.line_ids) - len(goods)
            box.contents = ", ".join(goods) + (f" +{more}" if more > 0 else "")

    @api.depends("state", "is_stray", "current")
    def _compute_can(self):
        for box in self:
            box.can_dispatch = box.state in ("announced", "reverted") and box.current and not box.is_stray
            box.can_revert = box.state in ("announced", "dispatched")

    @api.depends("line_ids")
    def _compute_counts(self):
        exceptions = self.env["dropship.exception"]._count_by("shipment_id", self)
        for box in self:
            box.order_count = len(box.order_ids)
            box_sudo = box.sudo()  # how many only
            box.purchase_count = len(box_sudo.purchase_ids)
            box.picking_count = len(box_sudo.picking_ids)
            box.exception_count = exceptions.get(box.id, 0)
            box.paper_count = len(box.paper_ids)

    # ------------------------------------------------------------------
    # Smart buttons
    # ------------------------------------------------------------------

    def _open_records(self, records, name):
        action = {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": records._name,
            "view_mode": "list,form",
            "domain": [("id", "in", records.ids)],
        }
        if len(records) == 1:
            action |= {"view_mode": "form", "res_id": records.id}
        return action

    def action_open_orders(self):
        return self._open_records(self.order_ids, self.env._("Orders"))

    def action_open_purchases(self):
        return self._open_records(self.purchase_ids, self.env._("Purchases"))

    def action_open_pickings(self):
        return self._open_records(self.picking_ids, self.env._("Transfers"))

    def action_open_exceptions(self):
        return self.env["dropship.exception"]._window([("shipment_id", "in", self.ids)])

    def action_open_papers(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Papers"),
            "res_model": "dropship.shipment.paper",
            "view_mode": "list,form",
            "domain": [("shipment_id", "=", self.id)],
            "context": {"default_shipment_id": self.id},
        }

    # ------------------------------------------------------------------
    # What a person knows
    # ------------------------------------------------------------------

    def action_say_delivered(self):
        """A person knows it arrived, e.g. from the customer on the phone."""
        return self._say_by_hand("delivered")

    def action_say_lost(self):
        """A person knows it is lost, e.g. from the carrier."""
        return self._say_by_hand("lost")

    def action_say_returning(self):
        """A person knows it comes back."""
        return self._say_by_hand("returning")

    def _say_by_hand(self, code):
        self._check_desk()
        wrong = self.filtered(lambda box: box.state != "dispatched")
        if wrong:
            raise UserError(
                self.env._("%s has not left: nothing can have become of it.", ", ".join(wrong.mapped("number")))
            )
        for box in self:
            box.sudo()._say(code, self.env._("Says %s", self.env.user.name))
        return True


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    dropship_shipment_line_ids = fields.One2many("dropship.shipment.line", "sale_line_id", groups=READERS, copy=False)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    dropship_parcel_count = fields.Integer(compute="_compute_dropship_parcel_count", groups="base.group_user")

    def _compute_dropship_parcel_count(self):
        if not self.env["dropship.shipment"].has_access("read"):
            self.dropship_parcel_count = 0
            return
        for order in self:
            order_sudo = order.sudo()  # how many only
            order.dropship_parcel_count = len(order_sudo._dropship_boxes())

    def action_dropship_parcels(self):
        """Open the parcels, for whoever may read parcels."""
        self.ensure_one()
        self.env["dropship.shipment"].check_access("read")
        return self.env["dropship.shipment"]._window(self.sudo()._dropship_boxes().ids)


    dropship_can_enter_shipment = fields.Boolean(
        compute="_compute_dropship_can_enter_shipment", groups="dropship_flow.group_dropship_user"
    )

    def _compute_dropship_can_enter_shipment(self):
        for order in self:
            order.dropship_can_enter_shipment = bool(order.sudo()._dropship_awaiting_purchases())  # whether, not what

    def _dropship_awaiting_purchases(self):
        """The purchases whose supplier has still to say what left."""
        return self.dropship_purchase_ids.filtered(
            lambda purchase: (
                purchase.state == "sent" or (purchase.state == "purchase" and purchase._dropship_awaits_notice())
            )
        )

    def action_dropship_enter_shipment(self):
        """Type what a supplier of the order said has left; one purchase after the other."""
        self.ensure_one()
        self.check_access("read")
        waiting_sudo = self.sudo()._dropship_awaiting_purchases().sorted("id")  # the desk need not read purchases
        if not waiting_sudo:
            raise UserError(self.env._("Nothing of %s waits to be shipped by a supplier.", self.name))
        return self.env["dropship.ship.enter"]._open(waiting_sudo[:1].sudo(False))


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    dropship_parcel_count = fields.Integer(compute="_compute_dropship_parcel_count", groups="base.group_user")

    def _compute_dropship_parcel_count(self):
        if not self.env["dropship.shipment"].has_access("read"):
            self.dropship_parcel_count = 0
            return
        for order in self:
            order.dropship_parcel_count = len(order.sudo().order_line.dropship_shipment_line_ids.shipment_id)

    def action_dropship_parcels(self):
        """Open the parcels, for whoever may read parcels."""
        self.ensure_one()
        self.env["dropship.shipment"].check_access("read")
        boxes_sudo = self.sudo().order_line.dropship_shipment_line_ids.shipment_id
        return self.env["dropship.shipment"]._window(boxes_sudo.ids)

    def action_dropship_enter_shipment(self):
        """Type what the supplier said has left."""
        self.ensure_one()
        return self.env["dropship.ship.enter"]._open(self)


class DropshipShipmentWindow(models.Model):
    _inherit = "dropship.shipment"

    @api.model
    def _window(self, ids):
        """The list of some parcels, or the one."""
        action = self.env["ir.actions.act_window"]._for_xml_id("dropship_flow.action_dropship_shipment")
        action |= {"domain": [("id", "in", ids)], "context": {}}
        if len(ids) == 1:
            action |= {"view_mode": "form", "views": [(False, "form")], "res_id": ids[0]}
        return action
