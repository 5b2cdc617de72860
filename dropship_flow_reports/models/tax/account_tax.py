from odoo import api, fields, models

# What decides to which return and country a tax belongs.
DECIDES = {"dropship_return", "fiscal_position_ids", "country_id", "amount", "amount_type", "type_tax_use"}


class AccountTax(models.Model):
    _inherit = "account.tax"

    dropship_return = fields.Selection(
        [("oss", "EU distance sale (OSS)"), ("ioss", "Import sale (IOSS)")],
        string="Declared In",
        help="Empty: the ordinary return, unless its fiscal position or Odoo's OSS tag says otherwise.",
    )

    def write(self, vals):
        """Override: the tax summary is read anew."""
        result = super().write(vals)
        if DECIDES & vals.keys():
            self.env["dropship.tax.summary"]._forget(self.company_id)
        return result


class AccountFiscalPosition(models.Model):
    _inherit = "account.fiscal.position"

    def write(self, vals):
        """Override: the country of its taxes may be another one."""
        result = super().write(vals)
        if {"country_id", "tax_ids"} & vals.keys():
            self.env["dropship.tax.summary"]._forget(self.company_id)
        return result


class DropshipTaxRule(models.Model):
    _inherit = "dropship.tax.rule"

    @api.model_create_multi
    def create(self, vals_list):
        """Override: it may say into which return a tax goes."""
        rules = super().create(vals_list)
        self.env["dropship.tax.summary"]._forget(rules.filtered("fiscal_position_id").company_id)
        return rules

    def write(self, vals):
        """Override: it may say into which return a tax goes."""
        result = super().write(vals)
        if {"fiscal_position_id", "position", "active"} & vals.keys():
            self.env["dropship.tax.summary"]._forget(self.company_id)
        return result
