"""A month of rent and advertising, billed, and a file with a row that was not taken."""

import base64
from datetime import timedelta

from odoo import Command

OF_NO_COMPANY = {
    "dropship.ad.upload.line": "upload_id.company_id",
}


def make(cls, order, supplier):
    env, company = cls.env, order.company_id
    account = cls.make_account("Rent", "630000", "expense", company)
    payable = cls.make_account("Suppliers", "210000", "liability_payable", company)
    cls.make_journal("Bills", "CBL", "purchase", account, company)
    today = env["dropship.cost.share"]._today(company)
    first = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    env["dropship.cost.rule"].create(
        {
            "name": "Rent", "company_id": company.id, "kind": "monthly", "amount": 100.0, "by": "days", "first": first,
            "account_ids": [Command.set(account.ids)], "currency_id": company.currency_id.id,
        }
    )  # fmt: skip
    landlord = env["res.partner"].create({"name": "Landlord"})
    landlord.with_company(company).property_account_payable_id = payable
    bill = env["account.move"].with_company(company).create(
        {
            "move_type": "in_invoice", "partner_id": landlord.id, "invoice_date": first, "date": first,
            "invoice_line_ids": [
                Command.create({"name": "Rent", "quantity": 1, "price_unit": 90.0, "account_id": account.id,
                                "tax_ids": [Command.clear()]})
            ],
        }
    )  # fmt: skip
    bill.action_post()
    campaign = env["utm.campaign"].create({"title": f"Campaign of {company.name}", "company_id": company.id})
    source = env["utm.source"].create({"name": f"Source of {company.name}"})
    content = f"Day,Campaign,Source,Cost\n{first},{campaign.name},{source.name},3\n{first},nobody,{source.name},4"
    upload = env["dropship.ad.upload"].create(
        {"company_id": company.id, "content": base64.b64encode(content.encode()), "name": "ads.csv"}
    )
    upload.with_context(allowed_company_ids=company.ids).action_look()
    upload.with_context(allowed_company_ids=company.ids).action_enter()
    env["dropship.profit.collector"]._collect(company)
