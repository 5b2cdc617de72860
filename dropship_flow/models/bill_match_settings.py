"""How exact bills have to be, who writes them, and what has to be seen before they are paid."""

from odoo import api, fields, models
from odoo.tools import SQL

from ..matching import Tolerance, pick
from .bill_match import KINDS
from .exact import decimal

BILLS_BY = [("supplier", "The supplier"), ("us", "We draft them from what left")]


class ResCompany(models.Model):
    _inherit = "res.company"

    dropship_match_absolute = fields.Monetary(
        string="Bills May Be Dearer By", groups="base.group_user", help="Per line, where no row says otherwise."
    )
    dropship_match_percent = fields.Float(string="Bills May Be Dearer By (%)", groups="base.group_user")
    dropship_pay_needs_tracking = fields.Boolean(
        string="Pay Only What a Carrier Has Scanned",
        groups="base.group_user",
        help="Bills wait until every parcel of their purchases was in a carrier's hands. Suppliers' terms may differ.",
    )

    _dropship_match_positive = models.Constraint(
        "CHECK (COALESCE(dropship_match_absolute, 0) >= 0 AND COALESCE(dropship_match_percent, 0) >= 0)",
        "How much dearer bills may be cannot be negative.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dropship_match_absolute = fields.Monetary(
        related="company_id.dropship_match_absolute", readonly=False, currency_field="company_currency_id"
    )
    dropship_match_percent = fields.Float(related="company_id.dropship_match_percent", readonly=False)
    dropship_pay_needs_tracking = fields.Boolean(related="company_id.dropship_pay_needs_tracking", readonly=False)


class DropshipSupplierTerm(models.Model):
    _inherit = "dropship.supplier.term"

    bills_by = fields.Selection(
        BILLS_BY,
        string="Bills Written By",
        default="supplier",
        required=True,
        help="Where the supplier writes no bills, a draft is made from what left: each unit once. A bill of his that "
        "comes all the same replaces it.",
    )
    pay_needs_tracking = fields.Selection(
        [("yes", "Only what was scanned"), ("no", "Without tracking too")],
        string="Paid",
        help="Empty: as the company does.",
    )

    def write(self, vals):
        """Override: what waits is looked at under the new terms."""
        result = super().write(vals)
        if {"bills_by", "pay_needs_tracking", "payment_way", "company_id", "supplier_id"} & vals.keys():
            self._rematch()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        """Override: the same for new terms."""
        terms = super().create(vals_list)
        terms._rematch()
        return terms

    def unlink(self):
        self._rematch()
        return super().unlink()

    def _rematch(self):
        """Look at the suppliers' purchases again that are not settled."""
        match = self.env["dropship.bill.match"].sudo()
        match.flush_model()
        match._mark_purchases(
            SQL(
                """
                SELECT row.purchase_id FROM dropship_bill_match row
                 WHERE row.supplier_id = ANY(%s)
                   AND (row.state IN ('open', 'waiting', 'differs') OR row.shipped_qty > row.billed_qty)
             UNION
                SELECT line.dropship_purchase_id FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id
                 WHERE move.dropship_supplier_id = ANY(%s) AND move.dropship_is_bill AND move.dropship_held
                """,
                self.supplier_id.ids,
                self.supplier_id.ids,
            )
        )


class DropshipMatchTolerance(models.Model):
    """So much dearer than agreed may a line of a bill be without anybody looking at it; the first row that fits."""

    _name = "dropship.match.tolerance"
    _description = "Tolerance for Suppliers' Bills"
    _inherit = ["dropship.money.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    supplier_id = fields.Many2one(
        "dropship.supplier", ondelete="cascade", index="btree_not_null", help="Empty: every supplier."
    )
    company_id = fields.Many2one("res.company", ondelete="cascade", index=True, help="Empty: every company.")
    kind = fields.Selection(KINDS, string="For", help="Empty: everything.")
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id, ondelete="restrict"
    )
    use_absolute = fields.Boolean("Up to an Amount", default=True)
    absolute = fields.Monetary("Amount")
    use_relative = fields.Boolean("Up to a Percentage")
    relative = fields.Float("Percent", help="Of what was expected. Where both limits are given, both hold.")

    _positive = models.Constraint(
        "CHECK (COALESCE(absolute, 0) >= 0 AND COALESCE(relative, 0) >= 0)", "A tolerance cannot be negative."
    )

    @api.depends("supplier_id", "kind", "absolute", "relative")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for row in self:
            parts = [row.supplier_id.name, kinds.get(row.kind)]
            row.display_name = " – ".join(part for part in parts if part) or self.env._("Everything")

    @api.model
    def _for_matching(self, purchases):
        """A function (supplier id, company id, kind, currency id) → matching.Tolerance, read once for a batch."""
        companies = purchases.company_id
        rows = self.sudo().search([("company_id", "in", [False, *companies.ids])])
        today = fields.Date.today()
        known = {}

        def worth(amount, source, currency_id, company):
            currency = self.env["res.currency"].browse(currency_id)
            return decimal(source._convert(amount, currency, company, today, round=False))

        def limits(company_id, currency_id):
            company = self.env["res.company"].browse(company_id)
            found = [
                Tolerance(
                    row.supplier_id.id or None,
                    row.company_id.id or None,
                    row.kind or "",
                    worth(row.absolute, row.currency_id, currency_id, company) if row.use_absolute else None,
                    decimal(row.relative) if row.use_relative else None,
                )
                for row in rows
            ]
            amount, percent = company.sudo().dropship_match_absolute, company.sudo().dropship_match_percent
            usual = Tolerance(
                absolute=worth(amount, company.currency_id, currency_id, company) if amount else None,
                relative=decimal(percent) if percent else None,
            )
            return [*found, usual]

        def chosen(supplier_id, company_id, kind, currency_id):
            if (company_id, currency_id) not in known:
                known[company_id, currency_id] = limits(company_id, currency_id)
            return pick(known[company_id, currency_id], supplier_id, company_id, kind)

        return chosen
