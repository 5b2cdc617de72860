from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .listing_text import listing_reasons_text

AHEAD = 21


class DropshipListing(models.Model):
    """A supplier who closes soon is said on the listings of what he sells."""

    _inherit = "dropship.listing"

    closing_text = fields.Text(string="Closes Soon", compute="_compute_closing_text")

    @api.depends_context("lang")
    def _compute_closing_text(self):
        today = fields.Date.context_today(self)
        self.closing_text = False
        # Which supplier sells what is told to whoever may see listings; the offers stay behind their own rights.
        offers_sudo = self.env["dropship.offer"].sudo()
        rows = offers_sudo._read_group(
            Domain("product_tmpl_id", "in", self.product_tmpl_id.ids),
            ["product_tmpl_id", "company_id", "warehouse_id", "supplier_id"],
        )
        closures_sudo = self.env["dropship.supplier.closure"].sudo().search(
            [
                ("supplier_id", "in", [supplier.id for *_rest, supplier in rows]),
                ("date_to", ">=", today),
                ("date_from", "<=", today + timedelta(days=AHEAD)),
            ],
            order="date_from, id",
        )
        if not closures_sudo:
            return
        by_supplier = closures_sudo.grouped("supplier_id")
        for listing in self:
            found = {}
            for template, company, warehouse, supplier in rows:
                if template.id != listing.product_tmpl_id.id or company not in (listing.company_id, company.browse()):
                    continue
                for closure in by_supplier.get(supplier, ()):
                    if closure.warehouse_id in (warehouse, warehouse.browse()):
                        found[closure.id] = closure._closing_reason()
            listing.closing_text = listing_reasons_text(self.env, list(found.values()))


class DropshipSupplierClosure(models.Model):
    _inherit = "dropship.supplier.closure"

    def _closing_reason(self):
        first, last = self._closed_range()
        return [
            "closes",
            {
                "supplier": self.supplier_id.name,
                "first": fields.Date.to_string(first),
                "last": fields.Date.to_string(last),
                "ship": fields.Date.to_string(first - timedelta(days=1)),
                "reason": self.name,
            },
        ]
