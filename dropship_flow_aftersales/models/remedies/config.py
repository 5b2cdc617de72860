"""What companies, products and reasons say about remedies."""

from odoo import api, fields, models

DEPOSITS = [
    ("never", "Never"),
    ("customer", "When the customer changed his mind"),
    ("always", "Always"),
]


class ResCompany(models.Model):
    _inherit = "res.company"

    dropship_exchange_deposit = fields.Selection(
        DEPOSITS,
        string="Deposit for Exchanges Sent at Once",
        default="customer",
        required=True,
        help="The value of the goods, given back when they have arrived here.",
    )
    dropship_warranty_months = fields.Integer(string="Warranty (months)", default=24)

    _dropship_remedy_times = models.Constraint(
        "CHECK (dropship_warranty_months >= 0)",
        "A warranty is not shorter than nothing.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dropship_exchange_deposit = fields.Selection(related="company_id.dropship_exchange_deposit", readonly=False)
    dropship_warranty_months = fields.Integer(related="company_id.dropship_warranty_months", readonly=False)


class ProductTemplate(models.Model):
    _inherit = "product.template"

    dropship_warranty = fields.Boolean(
        string="Own Warranty", groups="base.group_user", help="Otherwise the warranty of the company holds."
    )
    dropship_warranty_months = fields.Integer(
        string="Warranty (months)", groups="base.group_user", help="From delivery. 0: none."
    )
    dropship_spare_part_ids = fields.Many2many(
        "product.product",
        "dropship_spare_part_rel",
        "template_id",
        "part_id",
        string="Spare Parts",
        groups="base.group_user",
        help="What is sent when only a part of it is missing or broken. Parts of a kit need not be listed.",
    )

    _dropship_warranty_positive = models.Constraint(
        "CHECK (dropship_warranty_months >= 0)", "A warranty is not shorter than nothing."
    )

    def _dropship_warranty_of(self, company):
        """Months of warranty a customer of the company has on it."""
        self.ensure_one()
        return self.dropship_warranty_months if self.dropship_warranty else company.dropship_warranty_months


class DropshipReturnReason(models.Model):
    _inherit = "dropship.return.reason"

    other_supplier = fields.Boolean(
        string="Replaced by Another Supplier",
        compute="_compute_other_supplier",
        store=True,
        readonly=False,
        help="What is sent instead comes from somebody else, where somebody else has it.",
    )

    @api.depends("liable")
    def _compute_other_supplier(self):
        for reason in self:
            reason.other_supplier = reason.liable == "supplier"


class DropshipSupplierTerm(models.Model):
    _inherit = "dropship.supplier.term"

    warranty_months = fields.Integer(
        string="Supplier's Warranty (months)", help="As long he pays for repairs of what he delivered. 0: not at all."
    )

    _warranty_positive = models.Constraint("CHECK (warranty_months >= 0)", "A warranty is not shorter than nothing.")
