from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...verdict import Terms
from .words import PAYERS


class DropshipReturnTerms(models.Model):
    """What a supplier takes back, by what was agreed with him."""

    _name = "dropship.return.terms"
    _description = "Supplier's Return Terms"
    _inherit = ["dropship.return.row.mixin", "dropship.return.window.mixin"]
    _order = "supplier_id, company_id, id"
    _rec_name = "supplier_id"
    _check_company_auto = True

    supplier_id = fields.Many2one(
        "dropship.supplier", required=True, ondelete="cascade", index=True, check_company=True
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, readonly=False, precompute=True, index=True,
        help="Empty: any company.",
    )  # fmt: skip
    takes = fields.Selection(
        [("any", "For Any Reason"), ("reasons", "For These Reasons"), ("nothing", "Nothing")],
        string="Takes Back", required=True, default="any",
    )  # fmt: skip
    reason_ids = fields.Many2many(
        "dropship.return.reason", "dropship_return_terms_reason_rel", string="Reasons", check_company=True
    )
    fee = fields.Float(string="Supplier Keeps (%)")
    excluded_kind_ids = fields.Many2many(
        "dropship.goods.kind", "dropship_return_terms_kind_rel", string="Not For", check_company=True
    )
    excluded_opened_kind_ids = fields.Many2many(
        "dropship.goods.kind", "dropship_return_terms_opened_rel", string="Once Opened Not For", check_company=True
    )
    asks_first = fields.Boolean(
        string="Asks for Approval First", help="Nothing is sent to him, and his address is not shown, before he agrees."
    )
    payer = fields.Selection(PAYERS, string="Pays the Way Back", required=True, default="liable")
    to_warehouse = fields.Boolean(
        string="To the Warehouse's Return Address", default=True, help="Off: to the supplier's own address."
    )

    _once = models.UniqueIndex("(supplier_id, COALESCE(company_id, 0))", "This supplier has return terms already.")
    _fee = models.Constraint("CHECK (fee >= 0 AND fee <= 100)", "A share of a price is between 0 and 100 %.")

    @api.depends("supplier_id")
    def _compute_company_id(self):
        """The supplier of one company has terms with that company."""
        for terms in self:
            terms.company_id = terms.supplier_id.company_id or terms.company_id

    @api.constrains("takes", "reason_ids")
    def _check_reasons(self):
        for terms in self:
            if terms.takes == "reasons" and not terms.reason_ids:
                raise ValidationError(self.env._("Choose the reasons for which the supplier takes goods back."))

    @api.model
    def _of(self, suppliers, company):
        """The terms of suppliers, those for the company before those for all: {supplier id: terms}."""
        found = {}
        domain = [("supplier_id", "in", suppliers.ids), ("company_id", "in", (False, company.id))]
        for terms in self.search(domain):
            if terms.supplier_id.id not in found or terms.company_id:
                found[terms.supplier_id.id] = terms
        return found

    def _as_terms(self, zone):
        """As `verdict.Terms`; zone: where the supplier's days end."""
        self.ensure_one()
        reasons = {"any": None, "nothing": frozenset()}
        return Terms(
            reasons=reasons[self.takes] if self.takes in reasons else frozenset(self.reason_ids.mapped("code")),
            window=self._window(),
            fee=Decimal(str(self.fee)),
            excluded=self.excluded_kind_ids._excluded(self.excluded_opened_kind_ids),
            zone=zone or "UTC",
        )


class DropshipSupplier(models.Model):
    _inherit = "dropship.supplier"

    return_terms_ids = fields.One2many("dropship.return.terms", "supplier_id", copy=True)
