from odoo import fields, models


class DropshipRoutePreviewLine(models.TransientModel):
    _name = "dropship.route.preview.line"
    _description = "Route Preview: Plan"

    preview_id = fields.Many2one("dropship.route.preview", required=True, ondelete="cascade", index=True)
    currency_id = fields.Many2one(related="preview_id.currency_id")
    line_id = fields.Many2one("sale.order.line", string="Order Line", ondelete="cascade")
    product_id = fields.Many2one("product.product", ondelete="cascade")
    source = fields.Char(string="Supplier")
    qty = fields.Float(string="Quantity", digits="Product Unit")
    buy_qty = fields.Float(string="Bought", digits="Product Unit")
    goods = fields.Monetary()
    freight = fields.Monetary()
    fees = fields.Monetary()
    duty = fields.Monetary(string="Duty and Import")
    landed = fields.Monetary(string="Landed Cost")
    arrival = fields.Char()


class DropshipRoutePreviewCandidate(models.TransientModel):
    _name = "dropship.route.preview.candidate"
    _description = "Route Preview: Candidate"
    _order = "line_id, product_id, result, extra, landed_alone, id"

    preview_id = fields.Many2one("dropship.route.preview", required=True, ondelete="cascade", index=True)
    currency_id = fields.Many2one(related="preview_id.currency_id")
    is_past = fields.Boolean(related="preview_id.is_past")
    line_id = fields.Many2one("sale.order.line", string="Order Line", ondelete="cascade")
    product_id = fields.Many2one("product.product", ondelete="cascade")
    supplier_id = fields.Many2one("dropship.supplier", string="Supplier Record", ondelete="cascade")
    source = fields.Char(string="Supplier")
    # Sorted by this code: chosen, dearer, out.
    result = fields.Selection([("chosen", "Chosen"), ("dearer", "Possible"), ("out", "Out")])
    unit_price = fields.Monetary()
    landed_alone = fields.Monetary(string="Alone", help="Landed cost if only this line came from there.")
    extra = fields.Monetary(string="Basket +", help="How much dearer the best basket becomes with this source.")
    why = fields.Text()

    def action_pin(self):
        return self._choose("pin")

    def action_exclude(self):
        return self._choose("exclude")

    def _choose(self, kind):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "dropship.line.source",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_line_id": self.line_id.id,
                "default_kind": kind,
                "default_supplier_id": self.supplier_id.id,
                "default_preview_id": self.preview_id.id,
            },
        }


class DropshipRoutePreviewPart(models.TransientModel):
    _name = "dropship.route.preview.part"
    _description = "Route Preview: Comparison"

    preview_id = fields.Many2one("dropship.route.preview", required=True, ondelete="cascade", index=True)
    part = fields.Selection(
        [
            ("goods", "Goods"),
            ("freight", "Freight"),
            ("fees", "Fees"),
            ("duty", "Duty and import"),
            ("landed", "Landed cost"),
            ("late_cost", "Expected cost of delay"),
            ("return_cost", "Expected cost of returns"),
            ("parcels", "Parcels"),
            ("days", "Days (four of five)"),
        ]
    )
    chosen = fields.Char()
    alternative = fields.Char()
    difference = fields.Char()
    worse = fields.Boolean()
