from odoo import Command, fields

OF_NO_COMPANY = {}


def make(cls, order, supplier):
    """An agreed statement with a document to pay, an adjustment and an objection of the order's company."""
    env, company = cls.env, order.company_id
    partner = supplier.with_env(env).partner_id
    accounts = {}
    for kind, code in (("liability_payable", "2190"), ("expense", "6090")):
        accounts[kind] = env["account.account"].create(
            {"name": kind, "code": f"{code}{company.id}", "account_type": kind,
             "company_ids": [Command.set(company.ids)], "reconcile": kind == "liability_payable"}
        )  # fmt: skip
    partner.property_account_payable_id = accounts["liability_payable"]
    journal = env["account.journal"].create(
        {"name": "Statement bills", "code": f"S{company.id}", "type": "purchase", "company_id": company.id,
         "default_account_id": accounts["expense"].id}
    )  # fmt: skip
    today = fields.Date.today()
    bill = env["account.move"].create(
        {
            "move_type": "in_invoice",
            "partner_id": partner.id,
            "company_id": company.id,
            "journal_id": journal.id,
            "currency_id": company.currency_id.id,
            "invoice_date": today,
            "date": today,
            "invoice_line_ids": [
                Command.create(
                    {"name": "Fee", "price_unit": 10, "dropship_charge": "fee", "tax_ids": [Command.clear()],
                     "account_id": accounts["expense"].id}
                )
            ],
        }
    )  # fmt: skip
    bill.action_post()
    settlement = env["dropship.settlement"].create(
        {"supplier_id": supplier.id, "company_id": company.id, "currency_id": company.currency_id.id, "date_to": today}
    )
    settlement._send()
    settlement._approve("Test")
    later = env["dropship.settlement"].create(
        {"supplier_id": supplier.id, "company_id": company.id, "currency_id": company.currency_id.id,
         "date_to": fields.Date.add(today, days=1)}
    )  # fmt: skip
    env["dropship.settlement.adjustment"].create(
        {"settlement_id": later.id, "kind": "penalty", "name": "Late", "value": 1}
    )
    settlement._object(settlement.line_ids[:1], "Not right", "Test")
