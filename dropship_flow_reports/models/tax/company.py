from odoo import fields, models

DECIDES = {"dropship_oss", "dropship_ioss", "account_fiscal_country_id"}


class ResCompany(models.Model):
    _inherit = "res.company"

    dropship_oss = fields.Boolean(
        string="EU Sales Are Declared in OSS",
        default=True,
        groups="base.group_user",
        help="Off while all sales to consumers in other EU countries stay below the yearly threshold: they are taxed "
        "where they ship from.",
    )
    dropship_tax_user_id = fields.Many2one(
        "res.users",
        string="Tax Reminders To",
        groups="base.group_user",
        help="Gets a task some days before tax is due. Empty: the first accountant of the company.",
    )

    def write(self, vals):
        """Override: the tax summary is read anew, holidays are looked at again."""
        result = super().write(vals)
        if DECIDES & vals.keys():
            self.env["dropship.tax.summary"]._forget(self)
        return result


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dropship_oss = fields.Boolean(related="company_id.dropship_oss", readonly=False)
    dropship_tax_user_id = fields.Many2one(related="company_id.dropship_tax_user_id", readonly=False)


class DropshipSalesChannel(models.Model):
    _inherit = "dropship.sales.channel"

    def write(self, vals):
        """Override: who pays the tax of the channel's orders decides about their rows."""
        result = super().write(vals)
        if {"ioss", "tax_treatment"} & vals.keys():
            companies = self.company_id
            if any(not channel.company_id for channel in self):
                companies = self.env["res.company"].sudo().search([])
            self.env["dropship.tax.summary"]._forget(companies)
        return result
