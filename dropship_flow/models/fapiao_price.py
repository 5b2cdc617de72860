"""What a quoted price means with an invoice (含税, 不含税, 税点): one rule for router, landed cost, purchase and shop.

`fapiao.price` decides; here it is given its facts. Everything reads the vendor prices that are projected with it.
"""

from odoo import api, fields, models
from odoo.tools import SQL

from ..fapiao import price as rule

ISSUES = [("none", "None"), ("ordinary", "Ordinary (普票)"), ("special", "Special, VAT deductible (专票)")]
POINT_HELP = "What he adds to a price without tax when he issues an invoice (税点), in percent."


class DropshipSupplierTerm(models.Model):
    _inherit = "dropship.supplier.term"

    fapiao_issues = fields.Selection(
        ISSUES, string="Issues Fapiao", default="none", required=True, help="Which invoice he issues to us."
    )
    fapiao_point = fields.Float(string="Invoice Surcharge (%)", help=POINT_HELP)
    fapiao_rate = fields.Float(
        string="VAT on His Fapiao (%)", default=13.0, help="Where an offer does not say its own tax."
    )

    _fapiao_range = models.Constraint(
        "CHECK (fapiao_point >= 0 AND fapiao_point < 100 AND fapiao_rate >= 0 AND fapiao_rate < 100)",
        "The surcharge for an invoice and its VAT are between 0 and 100 %.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        terms = super().create(vals_list)
        terms._fapiao_project()
        return terms

    def write(self, vals):
        """Override: prices follow what a supplier takes for an invoice."""
        touched = {"fapiao_issues", "fapiao_point", "fapiao_rate", "supplier_id", "company_id"} & vals.keys()
        before = self.supplier_id if touched else self.supplier_id.browse()
        result = super().write(vals)
        if touched:
            (before | self.supplier_id)._fapiao_project()
        return result

    def unlink(self):
        suppliers = self.supplier_id
        result = super().unlink()
        suppliers.exists()._fapiao_project()
        return result

    def _fapiao_project(self):
        self.supplier_id._fapiao_project()


class DropshipSupplier(models.Model):
    _inherit = "dropship.supplier"

    def _fapiao_project(self):
        """Bring the vendor prices of these suppliers in line, where a company says something of invoices."""
        companies_sudo = self.env["res.company"].sudo()
        if self and companies_sudo.search_count([("dropship_fapiao_need", "!=", False)], limit=1):
            self.sudo().with_context(active_test=False).offer_ids._project()

    @api.model
    def _fapiao_buyers(self, asked):
        """(supplier id, company id, need, issues, point, rate) of who buys on terms of invoices, as a subquery.

        A shared supplier has a row for every company as soon as one of them says something of invoices: the same offer
        may cost each its own price. `need` is empty for the others.

        :param SQL asked: a subquery of the ids of the suppliers it is wanted for
        """
        self.env["res.company"].flush_model(["dropship_fapiao_need"])
        self.env["dropship.supplier.term"].flush_model()
        return SQL(
            """
            SELECT supplier.id AS supplier_id, company.id AS company_id, company.dropship_fapiao_need AS need,
                   term.fapiao_issues AS issues, term.fapiao_point AS point, term.fapiao_rate AS rate
              FROM dropship_supplier supplier
              JOIN res_company company
                ON company.id = supplier.company_id AND company.dropship_fapiao_need IS NOT NULL
                OR supplier.company_id IS NULL
               AND EXISTS (SELECT FROM res_company WHERE dropship_fapiao_need IS NOT NULL)
         LEFT JOIN LATERAL (
                   SELECT own.fapiao_issues, own.fapiao_point, own.fapiao_rate FROM dropship_supplier_term own
                    WHERE own.supplier_id = supplier.id AND (own.company_id = company.id OR own.company_id IS NULL)
                    ORDER BY own.company_id NULLS LAST LIMIT 1) term ON TRUE
             WHERE supplier.id IN (%(asked)s)
            """,
            asked=asked,
        )


class DropshipOffer(models.Model):
    _inherit = "dropship.offer"

    fapiao_issues = fields.Selection(
        ISSUES, string="Fapiao for This", help="Empty: as the terms of the supplier say, with their surcharge."
    )
    fapiao_point = fields.Float(string="Invoice Surcharge (%)", aggregator=None, help=POINT_HELP)

    _fapiao_range = models.Constraint(
        "CHECK (fapiao_point >= 0 AND fapiao_point < 100)", "The surcharge for an invoice is between 0 and 100 %."
    )

    @api.model
    def _fapiao_whose(self):
        """(company_id, times, divide) of an offer, as a lateral subquery beside `offer`, `supplier` and `buyers`.

        One row for all companies while they pay the same, which is nearly always. The second part is skipped as long as
        no company says anything of invoices: a list of a million offers is projected as fast as without it.
        """
        some = SQL("EXISTS (SELECT FROM res_company WHERE dropship_fapiao_need IS NOT NULL)")
        return SQL(
            """
            SELECT offer.company_id, steps.times, steps.divide
              FROM (SELECT NULL::varchar AS need, NULL::varchar AS issues, NULL::float8 AS point, NULL::float8 AS rate
                   ) buyer
             CROSS JOIN LATERAL (%(steps)s) steps
             WHERE NOT %(some)s
             UNION ALL
            SELECT CASE WHEN offer.company_id IS NOT NULL THEN offer.company_id
                        WHEN MIN(steps.times) OVER () <> MAX(steps.times) OVER ()
                          OR MIN(steps.divide) OVER () <> MAX(steps.divide) OVER () THEN buyer.company_id
                   END AS company_id, steps.times, steps.divide
              FROM (SELECT WHERE %(some)s) one
         LEFT JOIN buyers buyer ON buyer.supplier_id = supplier.id
               AND (offer.company_id IS NULL OR buyer.company_id = offer.company_id)
             CROSS JOIN LATERAL (%(steps)s) steps
            """,
            steps=SQL(rule.STEPS_SQL),
            some=some,
        )

    def _fapiao_terms(self, company):
        """(need, issues, point, rate) that hold for the offer and a company. Note: `self.ensure_one()`."""
        self.ensure_one()
        term = self.supplier_id._terms_for(company)
        issues, point = (self.fapiao_issues, self.fapiao_point) if self.fapiao_issues else (
            term.fapiao_issues, term.fapiao_point
        )  # fmt: skip
        return company.sudo().dropship_fapiao_need or "", issues or "", point or 0.0, term.fapiao_rate or 0.0

    def _price_steps(self, company=None):
        """(multiply, divide) that make of a quoted price what the company pays without deductible tax."""
        self.ensure_one()
        company = company or self.company_id or self.env.company
        return rule.steps(self.price_tax_included, self.tax_percent, *self._fapiao_terms(company))

    def _fapiao_deducts(self, company):
        """Whether the VAT of what is bought comes back; None where the company says nothing of invoices."""
        need, issues, _point, _rate = self._fapiao_terms(company)
        return rule.deducts(need, issues) if need else None


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        """Override: a shared offer has a price for each company once one of them says something of invoices."""
        companies = super().create(vals_list)
        domain = [("company_id", "=", False)]
        self.env["dropship.supplier"].sudo().with_context(active_test=False).search(domain)._fapiao_project()
        return companies

    def write(self, vals):
        before = {company: company.sudo().dropship_fapiao_need for company in self}
        result = super().write(vals)
        changed = self.filtered(lambda company: company.sudo().dropship_fapiao_need != before[company])
        if changed:
            domain = [("company_id", "in", [False, *changed.ids])]
            offers_sudo = self.env["dropship.offer"].sudo().with_context(active_test=False)
            offers_sudo.search(domain)._project()  # whoever may set the company need not read suppliers
        return result


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    @api.model
    def _prepare_purchase_order_line_from_procurement(
        self, product_id, product_qty, product_uom, location_dest_id, name, origin, company_id, values, po
    ):
        """Override: a price whose VAT does not come back is the whole price; otherwise it has the offer's own VAT."""
        vals = super()._prepare_purchase_order_line_from_procurement(
            product_id, product_qty, product_uom, location_dest_id, name, origin, company_id, values, po
        )
        # Whoever confirms a sale need not read offers.
        offer_sudo = values.get("supplier") and values["supplier"].sudo().dropship_offer_id
        if offer_sudo:
            deducts = offer_sudo._fapiao_deducts(company_id)
            if deducts is not None:
                taxes = self.env["account.tax"].browse(vals["tax_ids"][0][2])
                vals["tax_ids"] = [(6, 0, self._fapiao_taxes(offer_sudo, company_id, taxes, deducts).ids)]
        return vals

    @api.model
    def _fapiao_taxes(self, offer, company, taxes, deducts):
        """The taxes of a purchase line of an offer: none, or the VAT its price was taken out with."""
        if not deducts:
            return taxes.browse()
        rate = offer.tax_percent or offer._fapiao_terms(company)[3]
        if not rate or (len(taxes) == 1 and taxes.amount == rate):
            return taxes
        domain = [
            *self.env["account.tax"]._check_company_domain(company),
            ("type_tax_use", "=", "purchase"),
            ("amount_type", "=", "percent"),
            ("amount", "=", rate),
            ("price_include", "=", False),
        ]
        return self.env["account.tax"].sudo().search(domain, limit=1) or taxes
