from odoo import fields, models
from odoo.addons.dropship_flow.models.sale_order import READERS


class SaleOrder(models.Model):
    """What goes out for a case is an order of its own: its cost stays visible, its goods are routed like any.

    The line that was sold stays sold. What is sent instead costs nothing, or the difference, so that revenue is booked
    once; each line names the line of the case it stands for.
    """

    _inherit = "sale.order"

    dropship_resolution_id = fields.Many2one(
        "dropship.resolution",
        string="For Resolution",
        copy=False,
        readonly=True,
        ondelete="restrict",
        groups=READERS,
        index="btree_not_null",
    )
    dropship_return_id = fields.Many2one(related="dropship_resolution_id.return_id", string="For Case", groups=READERS)
    dropship_instead_of_id = fields.Many2one(
        "sale.order",
        string="Goes With",
        copy=False,
        readonly=True,
        ondelete="restrict",
        groups=READERS,
        index="btree_not_null",
        help="The order whose goods the case is about.",
    )

    _dropship_remedy_once = models.UniqueIndex(
        "(dropship_resolution_id, dropship_instead_of_id)"
        " WHERE dropship_resolution_id IS NOT NULL AND state != 'cancel'",
        "This is being sent already.",
    )

    def _action_confirm(self):
        """Override: what waited for the customer to accept or to pay goes on."""
        result = super()._action_confirm()
        if not self.env.context.get("dropship_carrying"):
            self.sudo().dropship_resolution_id.filtered(lambda one: one.state in ("planned", "person"))._carry_out()
        return result

    def _action_cancel(self):
        """Override: what was agreed and will not be sent now needs a person."""
        result = super()._action_cancel()
        for order in self.sudo().filtered(lambda order: order.state == "cancel"):
            order.dropship_resolution_id._order_was_cancelled(order)
        return result


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    dropship_case_line_id = fields.Many2one(
        "dropship.return.line",
        string="Stands For",
        copy=False,
        readonly=True,
        ondelete="restrict",
        groups=READERS,
        index="btree_not_null",
        help="The line of a case it is sent for.",
    )
    dropship_deposit = fields.Boolean(string="Deposit", copy=False, readonly=True, groups=READERS)
    dropship_deposit_back = fields.Float(
        string="Deposit Given Back", digits="Product Unit", copy=False, readonly=True, groups=READERS
    )

    def _dropship_is_instead(self):
        """Whether it stands for the whole of what was sold: neither a part of it nor a deposit."""
        self.ensure_one()
        kind = self.order_id.dropship_resolution_id.kind
        return not self.dropship_deposit and kind in ("replacement", "exchange")

    def _dropship_sent_for(self):
        """The line it was sent instead of, so that its own price says nothing of what it is worth.

        :return: (that line; none: it was sold itself, how many of it one piece stands for, what one costs more, taxes
            included)
        """
        self.ensure_one()
        line_sudo = self.sudo()  # who asks for a return need not read other orders
        case_line, box = line_sudo.dropship_case_line_id, line_sudo.order_id.dropship_replaces_id
        if case_line and self.product_uom_qty and line_sudo._dropship_is_instead():
            share = line_sudo._dropship_in_unit_of(case_line) / self.product_uom_qty
            return case_line.order_line_id, share, line_sudo.dropship_difference / self.product_uom_qty
        same = box.line_ids.sale_line_id.filtered(lambda line: line.product_id == self.product_id)[:1]
        return same, 1.0, 0.0

    def _dropship_replaced(self):
        """How many pieces of each line were sent again already: {line: quantity}."""
        found = dict.fromkeys(self, 0.0)
        rows_sudo = self.sudo().dropship_return_line_ids  # sent by whichever case
        for row in self.env["sale.order.line"].sudo().search(
            [("dropship_case_line_id", "in", rows_sudo.ids), ("dropship_deposit", "=", False),
             ("order_id.state", "!=", "cancel"), ("order_id.dropship_resolution_id.kind", "!=", "spare_part")]
        ):  # fmt: skip
            case_line = row.dropship_case_line_id
            qty = case_line.qty if row.product_id != case_line.product_id else row._dropship_in_unit_of(case_line)
            found[case_line.order_line_id] += min(qty, case_line.qty)
        for line in self:
            boxes_sudo = self.env["dropship.shipment.line"].sudo().search([("sale_line_id", "=", line.id)]).shipment_id
            for box in boxes_sudo.filtered(
                lambda box: box.replacement_ids.filtered(lambda order: order.state != "cancel")
            ):
                found[line] += box._units_by_sale_line().get(line, 0.0)
        return found

    def _dropship_in_unit_of(self, case_line):
        """The quantity in the unit of the case; pieces of another sort count one by one."""
        if not self.product_uom_id._has_common_reference(case_line.uom_id):
            return self.product_uom_qty
        return self.product_uom_id._compute_quantity(self.product_uom_qty, case_line.uom_id, round=False)
