"""Where a parcel goes is frozen when it is planned; afterwards only an answered request changes it."""

from odoo import api, fields, models

from ..address import ship_to as frozen


class DropshipAllocation(models.Model):
    _inherit = "dropship.allocation"

    ship_to = fields.Json(copy=False, readonly=True, help="The address as the supplier has it.")
    ship_to_hash = fields.Char(string="Ship-to Fingerprint", copy=False, readonly=True)
    ship_to_text = fields.Text(string="Ships To", compute="_compute_ship_to_text")

    @api.depends("ship_to")
    def _compute_ship_to_text(self):
        for allocation in self:
            allocation.ship_to_text = "\n".join(frozen.lines(allocation.ship_to)) if allocation.ship_to else False

    @api.model_create_multi
    def create(self, vals_list):
        """Override: the address of the moment is kept with every row."""
        known = {}
        for vals in vals_list:
            if vals.get("ship_to"):
                continue
            order_id = vals.get("order_id")
            if order_id and order_id not in known:
                address = self.env["sale.order"].browse(order_id).partner_shipping_id._dropship_ship_to()
                known[order_id] = {"ship_to": address, "ship_to_hash": frozen.fingerprint(address)}
            vals.update(known.get(order_id, {}))
        return super().create(vals_list)

    def _freeze_ship_to(self, address):
        """Write another address over the frozen one."""
        fingerprint = frozen.fingerprint(address)
        changed = self.filtered(lambda row: row.ship_to_hash != fingerprint or row.ship_to != address)
        if changed:
            changed.write({"ship_to": address, "ship_to_hash": fingerprint})

    def _release(self, reason, note=False):
        """Override: nobody need answer any more what was asked about a purchase that ended."""
        going = super()._release(reason, note)
        if going:
            self.env["dropship.change.request"].sudo()._withdraw_ended(going)
        return going

    def _set_state(self, target, **vals):
        """Override: once the goods have left it is too late to change them."""
        moved = super()._set_state(target, **vals)
        if target == "shipped" and moved:
            self.env["dropship.change.request"].sudo()._too_late_for(moved)
        return moved


class SaleOrder(models.Model):
    _inherit = "sale.order"

    dropship_change_ids = fields.One2many(
        "dropship.change.request",
        "order_id",
        string="Changes Asked For",
        groups="dropship_flow.group_dropship_user,sales_team.group_sale_salesman",
    )
    dropship_change_count = fields.Integer(compute="_compute_dropship_change_count", groups="base.group_user")

    @api.depends("dropship_change_ids.state")
    def _compute_dropship_change_count(self):
        for order in self:
            asked = order.sudo().dropship_change_ids.filtered(lambda change: change.state == "asked")
            order.dropship_change_count = len(asked)

    def write(self, vals):
        """Override: what is planned follows the delivery address at once, for what is sent the supplier is asked."""
        result = super().write(vals)
        if ("partner_shipping_id" in vals or "partner_id" in vals) and not self.env.context.get("dropship_internal"):
            self._dropship_follow_address(shipped="partner_shipping_id" in vals)
        return result

    def _dropship_follow_address(self, shipped=False):
        """Bring the frozen addresses in line with the orders' delivery address, as far as it still goes.

        :param bool shipped: the change was meant for this order, so tell as well what left already
        """
        # Decided by the rows, whoever changed the address; what he may not read he is not shown.
        for order_sudo in self.sudo().filtered(lambda order: order.state == "sale" and order.dropship_allocation_ids):
            order_sudo._dropship_follow_rows({"submitted", "accepted"} | ({"shipped"} if shipped else set()))

    def _dropship_follow_rows(self, asked_states):
        """What is planned and our own follows now; for what is sent in one of `asked_states` the supplier is asked."""
        self.ensure_one()
        address = self.partner_shipping_id._dropship_ship_to()
        rows = self.dropship_allocation_ids.filtered(lambda row: row.state != "released")
        planned = rows.filtered(lambda row: row.state == "planned")
        own = rows.filtered(lambda row: not row.offer_id)
        (planned | own.filtered(lambda row: row.state != "shipped"))._freeze_ship_to(address)
        self._dropship_follow_own(own)
        for purchase in planned.purchase_id.filtered(lambda purchase: purchase.state in ("draft", "to approve")):
            if purchase.dest_address_id != self.partner_shipping_id:
                purchase.dest_address_id = self.partner_shipping_id
        sent = (rows - own).filtered(lambda row: row.state in asked_states)
        for purchase, parts in sent.grouped("purchase_id").items():
            self.env["dropship.change.request"]._ask_address(purchase, parts, address)

    def _dropship_follow_own(self, rows):
        """Transfers of our own warehouse that did not leave yet go to the new address as well."""
        waiting = rows.line_id.move_ids.filtered(
            lambda move: move.picking_code == "outgoing" and move.state not in ("done", "cancel")
        )
        for records in (waiting, waiting.picking_id):
            stale = records.filtered(lambda record: record.partner_id != self.partner_shipping_id)
            if stale:
                stale.partner_id = self.partner_shipping_id

    def action_dropship_paste(self):
        """Open the box that splits a pasted delivery address."""
        self.ensure_one()
        return self.env["dropship.address.paste"]._open(order=self)

    def _dropship_may_change_address(self):
        """Whether a customer may still ask for another delivery address: "now", "ask" or "" for too late."""
        self.ensure_one()
        order_sudo = self.sudo()
        if self.state != "sale" or not (order_sudo.dropship_allocation_ids or order_sudo.dropship_open_hold_ids):
            return ""
        states = {row.state for row in order_sudo.dropship_allocation_ids if row.state != "released"}
        if states & {"submitted", "accepted"}:
            return "ask"
        moved = order_sudo.picking_ids.filtered(lambda picking: picking.state == "done")
        return "" if "shipped" in states or moved else "now"


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    dropship_change_ids = fields.One2many(
        "dropship.change.request",
        "purchase_id",
        string="Changes Asked For",
        groups="dropship_flow.group_dropship_user",
    )
    dropship_ship_to_text = fields.Text(
        string="Frozen Address",
        compute="_compute_dropship_ship_to_text",
        groups="base.group_user",
        help="The address the supplier has. It changes only when he agrees.",
    )

    @api.depends("dropship_allocation_ids.ship_to")
    def _compute_dropship_ship_to_text(self):
        for order in self:
            order.dropship_ship_to_text = "\n".join(order._dropship_ship_to_lines()) or False

    def _dropship_ship_to(self):
        """The frozen address of a purchase of ours; None for every other one."""
        self.ensure_one()
        rows_sudo = self.sudo().dropship_allocation_ids.filtered("ship_to")  # the vendor reads his own purchase
        rows_sudo = rows_sudo.filtered(lambda row: row.state != "released") or rows_sudo
        return rows_sudo[:1].ship_to or None

    def _dropship_ship_to_lines(self):
        """What goes on the label, one text a line, with the phone couriers call."""
        address = self._dropship_ship_to()
        return [*frozen.lines(address), *filter(None, [address.get("phone")])] if address else []

    def _dropship_asked_changes(self):
        """What the supplier is asked about the purchase."""
        self.ensure_one()
        return self.sudo().dropship_change_ids.filtered(lambda change: change.state == "asked")


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _dropship_ship_to_lines(self):
        """The frozen address for the slip; empty for transfers that are not the supplier's."""
        self.ensure_one()
        if not self._is_dropship_type() or self.return_id:
            return []
        return self.sudo().purchase_id._dropship_ship_to_lines() if self.sudo().purchase_id else []
