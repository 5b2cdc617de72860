from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..models.board.verbs import AGENT
from ..models.case.words import OUTCOMES


class DropshipReturnOpen(models.TransientModel):
    """Open a case for a customer who called or wrote: which pieces, why, and what he wishes."""

    _name = "dropship.return.open"
    _description = "Open a Case"

    order_ids = fields.Many2many("sale.order", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    line_ids = fields.One2many("dropship.return.open.line", "open_id", string="Lines")
    note = fields.Text(string="Customer's Words")
    key = fields.Char(readonly=True, help="Of this form: sent twice, it opens one case.")

    @api.model
    def _open(self, orders, lines=None):
        """The form over the lines of orders.

        :param lines: sale.order.line to tick already
        """
        if not self.env.user.has_group(AGENT):
            raise AccessError(self.env._("This needs the right Dropship After-sales / Service Agent."))
        orders_sudo = orders.sudo()  # an agent sees what was sold to open a case about it
        rows = orders_sudo.order_line.filtered(lambda line: line._dropship_can_be_asked())
        if not rows:
            raise UserError(self.env._("There is nothing to open a case about: no confirmed order with goods of ours."))
        lines = lines or (rows if len(rows) == 1 else None)
        reason = self.env["dropship.return.reason"].search([("child_ids", "=", False)], limit=1)
        wizard = self.create(
            {
                "order_ids": [Command.set(rows.order_id.ids)],
                "partner_id": rows.order_id[:1].partner_id.id,
                "line_ids": [self._row(line, lines, reason) for line in rows],
            }
        )
        wizard.key = f"agent form {wizard.id}"
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Open Case"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.model
    def _row(self, line, ticked, reason):
        chosen = bool(ticked) and line.id in ticked.ids
        left = max(line.product_uom_qty - line._dropship_in_cases()[line], 0.0)
        return Command.create(
            {"order_line_id": line.id, "left": left, "qty": left if chosen else 0.0, "reason_id": reason.id}
        )

    def action_open(self):
        """Open the case, once."""
        self.ensure_one()
        chosen = self.line_ids.filtered(lambda row: row.qty)
        if not chosen:
            raise UserError(self.env._("Say how many pieces it is about."))
        if any(not row.reason_id for row in chosen):
            raise UserError(self.env._("Say why for every line."))
        if not self.env.user.has_group(AGENT):
            raise AccessError(self.env._("This needs the right Dropship After-sales / Service Agent."))
        orders_sudo = chosen.sudo().order_line_id.order_id  # opening is the agent's; its records are written by buttons
        orders_sudo.with_env(self.env).check_access("read")
        case_sudo = (
            self.env["dropship.return"]
            .sudo()
            ._open(
                orders_sudo,
                [row._as_asked() for row in chosen],
                "agent",
                "agent",
                note=(self.note or "").strip() or False,
                key=self.key,
            )
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "dropship.return",
            "res_id": case_sudo.id,
            "view_mode": "form",
        }


class DropshipReturnOpenLine(models.TransientModel):
    _name = "dropship.return.open.line"
    _description = "Line of a New Case"

    open_id = fields.Many2one("dropship.return.open", required=True, ondelete="cascade")
    order_line_id = fields.Many2one("sale.order.line", required=True, readonly=True)
    order_id = fields.Many2one(related="order_line_id.order_id")
    product_id = fields.Many2one(related="order_line_id.product_id")
    left = fields.Float(string="Can Be Asked", digits="Product Unit", readonly=True)
    qty = fields.Float(string="Pieces", digits="Product Unit")
    reason_id = fields.Many2one("dropship.return.reason", domain="[('child_ids', '=', False)]")
    wanted = fields.Selection(OUTCOMES, string="Wish")
    note = fields.Char(string="Remark")
    photo_ids = fields.Many2many("ir.attachment", string="Photos")

    def _as_asked(self):
        """The line as `_open` of a case takes it."""
        self.ensure_one()
        row_sudo = self.sudo()  # files and sold lines of the agent's own form
        return {
            "order_line": row_sudo.order_line_id,
            "qty": self.qty,
            "reason": row_sudo.reason_id,
            "wanted": self.wanted or "",
            "note": self.note,
            "photos": row_sudo.photo_ids,
        }


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _dropship_can_be_asked(self):
        """Whether a case can be about the line: goods of ours in a confirmed order."""
        self.ensure_one()
        goods = self.product_id.type == "consu" and not self.display_type and not self.is_delivery
        return goods and self.order_id.state == "sale" and bool(self.dropship_allocation_ids)
