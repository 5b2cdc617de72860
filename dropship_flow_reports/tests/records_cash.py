"""A company with a planned cost and a scenario, its cash reckoned: every record of money."""

from odoo import fields

OF_NO_COMPANY = {"dropship.cash.statement.line": "statement_id.company_id"}


def make(cls, order, supplier):
    env, company = cls.env, order.company_id
    common = {"company_id": company.id}
    env["dropship.cash.plan"].create(
        {**common, "name": "Rent", "amount": -10.0, "date": fields.Date.today(), "currency_id": company.currency_id.id}
    )
    env["dropship.cash.scenario"].create({**common, "name": "Slump", "sales": -25.0})
    account = cls.make_account("Wages to pay", "230000", "liability_current", company)
    env["dropship.cash.account"].create({**common, "account_id": account.id, "kind": "cost"})
    env["dropship.cash.forecast"]._make_all(company)
    env["dropship.cash.statement"].create({**common})
