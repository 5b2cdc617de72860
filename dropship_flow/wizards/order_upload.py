import base64

from odoo import api, fields, models
from odoo.exceptions import UserError


class DropshipOrderUpload(models.TransientModel):
    """Drop the order file of a marketplace as it was downloaded there."""

    _name = "dropship.order.upload"
    _description = "Upload Orders"

    channel_id = fields.Many2one(
        "dropship.sales.channel",
        required=True,
        default=lambda self: self._default_channel(),
    )
    platform = fields.Selection(related="channel_id.platform")
    layout_id = fields.Many2one(
        "dropship.order.layout",
        string="Form",
        domain="[('direction', '=', 'in')]",
        compute="_compute_layout_id",
        store=True,
        readonly=False,
        help="How the marketplace writes its files. Its columns can be changed under Forms of Files.",
    )
    content = fields.Binary(string="File", attachment=False)
    name = fields.Char()
    second_content = fields.Binary(
        string="File of the Goods",
        attachment=False,
        help="Where the marketplace writes orders and goods into two files, as Taobao does.",
    )
    second_name = fields.Char()

    @api.model
    def _default_channel(self):
        channels = self.env["dropship.sales.channel"].search(
            [("kind", "=", "file"), ("company_id", "in", [False, *self.env.companies.ids])]
        )
        return channels if len(channels) == 1 else channels.browse()

    @api.depends("channel_id")
    def _compute_layout_id(self):
        for wizard in self:
            wizard.layout_id = wizard.channel_id._layout("in")

    def action_apply(self):
        """Keep, read and check the file. Nothing is entered yet."""
        self.ensure_one()
        if not self.content:
            raise UserError(self.env._("Drop the file first."))
        if not self.layout_id:
            raise UserError(self.env._("Choose the form of the file."))
        second = base64.b64decode(self.second_content) if self.second_content else None
        file, is_new = self.env["dropship.order.file"].with_company(
            self.channel_id.company_id or self.env.company
        )._receive(
            self.channel_id, self.layout_id, self.name or self.env._("Orders"), base64.b64decode(self.content),
            self.second_name or "", second,
        )  # fmt: skip
        action = {
            "type": "ir.actions.act_window",
            "res_model": "dropship.order.file",
            "res_id": file.id,
            "views": [(False, "form")],
            "name": file.name,
        }
        if is_new:
            return action
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self.env._("This file was uploaded before: here is what came of it."),
                "next": action,
            },
        }


class DropshipSkuLink(models.TransientModel):
    """What a marketplace's code means."""

    _name = "dropship.sku.link"
    _description = "Link a Code"

    row_id = fields.Many2one("dropship.order.file.row", required=True, ondelete="cascade")
    code = fields.Char(related="row_id.code")
    title = fields.Char(related="row_id.title")
    company_id = fields.Many2one(related="row_id.company_id")
    product_id = fields.Many2one(
        "product.product", domain="[('sale_ok', '=', True), ('company_id', 'in', [False, company_id])]"
    )
    quantity = fields.Float(string="Pieces in One", digits="Product Unit", default=1.0)

    def action_apply(self):
        """Remember it, and try all rows with this code again."""
        self.ensure_one()
        row = self.row_id
        row._check_upload_right()
        if not self.product_id or self.quantity <= 0:
            raise UserError(self.env._("Choose the product, and how many pieces one of it is."))
        if row.state != "problem" or not row.code:
            raise UserError(self.env._("Only a row that is to be looked at, with a code or title, can be linked."))
        row._link(self.product_id, self.quantity)
        row._retry_linked()
        return {"type": "ir.actions.act_window_close"}


class DropshipOrderFix(models.TransientModel):
    """Correct the cells of a row; what the file said stays beside it."""

    _name = "dropship.order.fix"
    _description = "Correct a Row"

    row_id = fields.Many2one("dropship.order.file.row", required=True, ondelete="cascade")
    reason_text = fields.Char(related="row_id.reason_text")
    line_ids = fields.One2many("dropship.order.fix.line", "fix_id")

    def action_apply(self):
        """Keep the corrections and try the order again."""
        self.ensure_one()
        row = self.row_id
        row._check_upload_right()
        if row.state not in ("problem", "skipped"):
            raise UserError(self.env._("Only rows that were set aside or left out can be corrected."))
        fixed = {**(row.fixed or {})}
        for line in self.line_ids:
            if (line.text or "") != (line.before or ""):
                fixed[line.heading] = line.text or ""
        row.sudo().write({"fixed": fixed or False})
        row.action_replay()
        return {"type": "ir.actions.act_window_close"}


class DropshipOrderFixLine(models.TransientModel):
    _name = "dropship.order.fix.line"
    _description = "Cell of a Row"

    fix_id = fields.Many2one("dropship.order.fix", required=True, ondelete="cascade")
    heading = fields.Char(required=True, readonly=True)
    before = fields.Char(readonly=True)
    text = fields.Char(string="Now")
