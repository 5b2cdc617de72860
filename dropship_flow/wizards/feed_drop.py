from odoo import api, fields, models
from odoo.exceptions import UserError


class DropshipFeedDrop(models.TransientModel):
    """A file of a supplier, dropped: it goes to a feed of his, or becomes one."""

    _name = "dropship.feed.drop"
    _description = "Drop a Supplier's File"

    supplier_id = fields.Many2one("dropship.supplier", ondelete="cascade")
    warehouse_id = fields.Many2one(
        "dropship.supplier.warehouse",
        string="Ships From",
        compute="_compute_warehouse",
        store=True,
        readonly=False,
        domain="[('supplier_id', '=', supplier_id)]",
        ondelete="cascade",
    )
    feed_id = fields.Many2one(
        "dropship.feed",
        compute="_compute_feed",
        store=True,
        readonly=False,
        domain="[('warehouse_id', '=', warehouse_id)]",
        ondelete="cascade",
        help="Which of the supplier's lists it is. Empty: a new one.",
    )
    file = fields.Binary(help="CSV, XLSX, XML or JSON, as the supplier sends it.")
    file_name = fields.Char()

    @api.depends("supplier_id")
    def _compute_warehouse(self):
        for drop in self:
            warehouses = drop.supplier_id.warehouse_ids
            if drop.warehouse_id not in warehouses:
                drop.warehouse_id = warehouses[:1]

    @api.depends("warehouse_id")
    def _compute_feed(self):
        for drop in self:
            if drop.feed_id.warehouse_id != drop.warehouse_id:
                feeds = self.env["dropship.feed"].search([("warehouse_id", "=", drop.warehouse_id.id)], limit=2)
                drop.feed_id = feeds if len(feeds) == 1 else False

    def action_look(self):
        """Show how the file will be read, on the form of its feed."""
        self.ensure_one()
        if not self.file:
            raise UserError(self.env._("Drop the supplier's file first: CSV, XLSX, XML or JSON."))
        if not self.warehouse_id:
            raise UserError(self.env._("Choose the warehouse the goods of this list are shipped from."))
        feed = self.feed_id or self.env["dropship.feed"].create(
            {
                "name": self.env._("Price list of %s", self.warehouse_id.supplier_id.name),
                "warehouse_id": self.warehouse_id.id,
            }
        )
        feed.write({"draft": self.file, "draft_name": self.file_name})
        feed.action_look()
        return {
            "type": "ir.actions.act_window",
            "res_model": "dropship.feed",
            "res_id": feed.id,
            "view_mode": "form",
            "target": "current",
        }
