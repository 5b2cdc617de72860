"""A record of each model of fapiao, for the contract that keeps companies apart."""

import base64

from odoo import Command, fields

from .common_fapiao import OTHER_NUMBER, PDF

OF_NO_COMPANY = {}


def make(cls, order, supplier):
    env, company = cls.env, order.company_id
    company.write({"dropship_fapiao_use": "on", "dropship_fapiao_need": "cost"})
    title = env["dropship.fapiao.title"].create(
        {"partner_id": order.partner_id.id, "company_id": company.id, "name": "X", "tax_number": OTHER_NUMBER}
    )
    file = env["dropship.fapiao.file"].create(
        {"name": "a.csv", "company_id": company.id, "content": base64.b64encode("流水号,发票号码\nFP1,1\n".encode())}
    )
    file.action_read()
    env["dropship.fapiao"].create(
        {
            "company_id": company.id,
            "currency_id": company.currency_id.id,
            "partner_id": order.partner_id.id,
            "kind": "ordinary",
            "who": "company",
            "title": title.name,
            "tax_number": title.tax_number,
            "line_ids": [Command.create({"name": "Lamp", "quantity": 1.0, "amount": 100.0, "tax": 13.0, "rate": 13.0})],
        }
    )
    bill = _bill(env, company, supplier)
    env["dropship.fapiao.received"].create(
        {
            "number": f"{company.id:020d}",
            "supplier_id": supplier.id,
            "company_id": company.id,
            "currency_id": company.currency_id.id,
            "amount_untaxed": 50.0,
            "file": base64.b64encode(PDF),
            "file_name": "a.pdf",
            "line_ids": [Command.create({"move_id": bill.id, "amount": 50.0})],
        }
    )


def _bill(env, company, supplier):
    """A posted bill nobody issued a fapiao for."""
    term = supplier._terms_for(company) or env["dropship.supplier.term"].create(
        {"supplier_id": supplier.id, "company_id": company.id}
    )
    term.fapiao_issues = "ordinary"
    common = {"company_ids": [Command.set(company.ids)]}
    expense = env["account.account"].create(
        {"name": "Fapiao cost", "code": "989101", "account_type": "expense", **common}
    )
    owed = env["account.account"].create(
        {"name": "Fapiao owed", "code": "989102", "account_type": "liability_payable", "reconcile": True, **common}
    )
    journal = env["account.journal"].create(
        {"name": "FPB", "code": "FPB", "type": "purchase", "company_id": company.id, "default_account_id": expense.id}
    )
    supplier.partner_id.with_company(company).property_account_payable_id = owed
    line = {"name": "Freight", "price_unit": 100.0, "tax_ids": False, "account_id": expense.id}
    bill = env["account.move"].create(
        {
            "move_type": "in_invoice",
            "company_id": company.id,
            "partner_id": supplier.partner_id.id,
            "journal_id": journal.id,
            "currency_id": company.currency_id.id,
            "invoice_date": fields.Date.today(),
            "invoice_line_ids": [Command.create({**line, "dropship_charge": "freight"})],
        }
    )
    bill.action_post()
    return bill
