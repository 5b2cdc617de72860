"""A company that files a return, with an invoice that bears tax: every record of the tax part."""

from odoo import Command, fields

OF_NO_COMPANY = {
    "dropship.tax.return.line": "return_id.company_id",
    "dropship.tax.check.line": "check_id.company_id",
}


def make(cls, order, supplier):
    env, company = cls.env, order.company_id
    account = cls.make_account("Output tax", "220000", "liability_current", company)
    income = env["account.account"].with_company(company).search(
        [("company_ids", "in", company.ids), ("account_type", "=", "income")], limit=1
    ) or cls.make_account("Income", "400000", "income", company)
    debtor = cls.make_account("Customers", "120000", "asset_receivable", company)
    journal = cls.make_journal("Invoices", "INV", "sale", income, company)
    tax = cls.make_vat(7.0, "sale", account)
    partner = cls.make_partner("Taxed", "DE")
    partner.property_account_receivable_id = debtor
    line = {"name": "goods", "price_unit": 100.0, "account_id": income.id, "tax_ids": [Command.set(tax.ids)]}
    invoice = env["account.move"].create(
        {
            "move_type": "out_invoice", "partner_id": partner.id, "journal_id": journal.id,
            "invoice_date": fields.Date.today(), "invoice_line_ids": [Command.create(line)],
        }
    )  # fmt: skip
    invoice.action_post()
    env["dropship.tax.summary"]._read_changes(company)
    env["dropship.tax.day"].create({"name": "Holiday", "date_from": "2026-01-01", "company_id": company.id})
    rules = env["dropship.tax.due.rule"]._complete(company)
    rules.filtered(lambda rule: rule.code == "de_month").followed = True
    env["dropship.tax.return"].create({"company_id": company.id}).action_show()
    env["dropship.tax.check"].create({"company_id": company.id}).action_check()
