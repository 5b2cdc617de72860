from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DropshipSupplierTerm(models.Model):
    _name = "dropship.supplier.term"
    _description = "Order Terms of a Dropship Supplier"
    _inherit = ["dropship.money.mixin"]
    _order = "supplier_id, company_id, id"
    _check_company_auto = True

    supplier_id = fields.Many2one("dropship.supplier", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", string="For Company", index=True, help="Empty: for every company.")
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", store=True, readonly=False, precompute=True, required=True
    )
    order_minimum = fields.Monetary(help="Goods value every order should reach. 0: no minimum.")
    minimum_units = fields.Float("Minimum Pieces", help="Pieces over all lines (mixed batch). 0: no minimum.")
    below_minimum = fields.Selection(
        [("fee", "Pay the small-order fee"), ("collect", "Collect until cut-off"), ("refuse", "Do not order")],
        default="fee",
        required=True,
        help="What happens with an order below the minimum.",
    )
    small_order_fee = fields.Monetary()
    free_freight_above = fields.Monetary(help="Goods value from which the supplier pays the freight. 0: never.")
    fee_per_order = fields.Monetary()
    fee_per_line = fields.Monetary()

    _supplier_company_uniq = models.UniqueIndex(
        "(supplier_id, company_id) WHERE company_id IS NOT NULL",
        "There are already terms of this supplier for this company. Change those.",
    )
    _supplier_any_uniq = models.UniqueIndex(
        "(supplier_id) WHERE company_id IS NULL",
        "There are already terms of this supplier for every company. Change those.",
    )
    _amounts_positive = models.Constraint(
        "CHECK (LEAST(order_minimum, minimum_units, small_order_fee) >= 0"
        " AND LEAST(free_freight_above, fee_per_order, fee_per_line) >= 0)",
        "Minimums, thresholds and fees of a supplier cannot be negative.",
    )

    @api.depends("supplier_id")
    def _compute_currency_id(self):
        for term in self:
            term.currency_id = term.currency_id or term.supplier_id.currency_id

    @api.depends("supplier_id", "company_id")
    def _compute_display_name(self):
        for term in self:
            parts = [term.supplier_id.name, term.company_id.name]
            term.display_name = " – ".join(part for part in parts if part)

    @api.constrains("company_id", "supplier_id")
    def _check_company_of_supplier(self):
        for term in self:
            owner = term.supplier_id.company_id
            if owner and term.company_id and term.company_id != owner:
                raise ValidationError(
                    self.env._(
                        "%(supplier)s belongs to %(owner)s, so its terms cannot be for %(company)s. "
                        "Leave the company of the supplier empty to share it.",
                        supplier=term.supplier_id.name,
                        owner=owner.name,
                        company=term.company_id.name,
                    )
                )


class DropshipSupplier(models.Model):
    _inherit = "dropship.supplier"

    def _terms_for(self, company):
        """The order terms that hold for a company: its own before those for every company.

        Note: `self.ensure_one()`.
        """
        self.ensure_one()
        own = self.term_ids.filtered(lambda term: term.company_id == company)
        return own[:1] or self.term_ids.filtered(lambda term: not term.company_id)[:1]
