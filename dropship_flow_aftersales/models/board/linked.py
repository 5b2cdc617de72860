"""Cases on parcels, suppliers and contacts."""

from odoo import fields, models

from .order import DESK


class DropshipShipment(models.Model):
    _inherit = "dropship.shipment"

    dropship_case_count = fields.Integer(compute="_compute_dropship_case_count")

    def _compute_dropship_case_count(self):
        lines = self.env["dropship.return.line"]
        readable = lines.has_access("read")
        for box in self:
            sold_sudo = box.sudo().line_ids.sale_line_id  # what is in it; cases are counted as the reader may
            rows = lines.search([("order_line_id", "in", sold_sudo.ids)]) if readable else lines
            box.dropship_case_count = len(rows.return_id)

    def action_dropship_cases(self):
        self.ensure_one()
        sold_sudo = self.sudo().line_ids.sale_line_id
        return self.env["dropship.return"]._window([("line_ids.order_line_id", "in", sold_sudo.ids)])

    def action_dropship_open_case(self):
        """Open a case about what is in the parcel."""
        self.ensure_one()
        sold = self.sudo().line_ids.sale_line_id.with_env(self.env)
        return self.env["dropship.return.open"]._open(sold.order_id, sold)


class DropshipSupplier(models.Model):
    _inherit = "dropship.supplier"

    dropship_case_count = fields.Integer(compute="_compute_dropship_case_count", groups=DESK)

    def _compute_dropship_case_count(self):
        counts = self.env["dropship.return"]._count_by("supplier_id", self)
        for supplier in self:
            supplier.dropship_case_count = counts.get(supplier.id, 0)

    def action_dropship_cases(self):
        return self.env["dropship.return"]._window([("line_ids.supplier_id", "in", self.ids)])


class ResPartner(models.Model):
    _inherit = "res.partner"

    dropship_case_count = fields.Integer(compute="_compute_dropship_case_count", groups=DESK)

    def _compute_dropship_case_count(self):
        cases = self.env["dropship.return"]
        readable = cases.has_access("read")
        for partner in self:
            partner.dropship_case_count = (
                cases.search_count([("partner_id", "child_of", partner.id)]) if readable and partner.id else 0
            )

    def action_dropship_cases(self):
        return self.env["dropship.return"]._window([("partner_id", "child_of", self.ids)])

    def action_dropship_open_case(self):
        """Open a case about one of the customer's orders."""
        self.ensure_one()
        orders = self.env["sale.order"].search(
            [("partner_id", "child_of", self.commercial_partner_id.id), ("state", "=", "sale"),
             ("dropship_stage", "!=", False)],
            limit=20,
        )  # fmt: skip
        return self.env["dropship.return.open"]._open(orders)
