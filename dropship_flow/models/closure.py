from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DropshipSupplierClosure(models.Model):
    _name = "dropship.supplier.closure"
    _description = "Days a Dropship Supplier Is Closed"
    _inherit = ["dropship.of.supplier.mixin"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char("Reason", required=True)
    warehouse_id = fields.Many2one(
        domain="[('supplier_id', '=', supplier_id)]",
        help="Empty: all warehouses of the supplier.",
    )
    date_from = fields.Date("First Day Closed", required=True)
    date_to = fields.Date("Last Day Closed", required=True)
    last_ship_date = fields.Date(
        "Last Shipping Day", help="Nothing leaves after this day until the closure is over. Empty: the day before."
    )

    _dates_ordered = models.Constraint(
        "CHECK (date_from <= date_to)", "A closure ends before it begins. Correct its dates."
    )
    _last_ship_before = models.Constraint(
        "CHECK (last_ship_date IS NULL OR last_ship_date <= date_from)",
        "The last shipping day must not be after the first day closed.",
    )

    @api.constrains("warehouse_id", "supplier_id")
    def _check_warehouse_supplier(self):
        for closure in self:
            if closure.warehouse_id and closure.warehouse_id.supplier_id != closure.supplier_id:
                raise ValidationError(
                    self.env._(
                        'The warehouse "%(warehouse)s" is not one of %(supplier)s. Choose another warehouse.',
                        warehouse=closure.warehouse_id.name,
                        supplier=closure.supplier_id.name,
                    )
                )

    def _closed_range(self):
        """First and last day on which nothing leaves. Note: `self.ensure_one()`."""
        self.ensure_one()
        first = self.date_from
        if self.last_ship_date:
            first = min(first, self.last_ship_date + timedelta(days=1))
        return first, self.date_to
