from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DropshipSupplierClosure(models.Model):
    _name = "dropship.supplier.closure"
    _description = "Days a Dropship Supplier Is Closed"
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char("Reason", required=True)
    supplier_id = fields.Many2one(
        "dropship.supplier",
        compute="_compute_supplier_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        ondelete="cascade",
        index=True,
    )
    warehouse_id = fields.Many2one(
        "dropship.supplier.warehouse",
        ondelete="cascade",
        index="btree_not_null",
        domain="[('supplier_id', '=', supplier_id)]",
        help="Empty: all warehouses of the supplier.",
    )
    company_id = fields.Many2one(related="supplier_id.company_id", store=True, index=True)
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

    @api.depends("warehouse_id")
    def _compute_supplier_id(self):
        for closure in self:
            closure.supplier_id = closure.warehouse_id.supplier_id or closure.supplier_id

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
