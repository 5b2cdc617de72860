"""A company with one hand-posted entry, collected: every record of the profit ledger."""

from odoo import Command, fields

OF_NO_COMPANY = {
    "dropship.profit.reconcile.line": "reconcile_id.company_id",
}
FOR_ALL = {"dropship.profit.kind"}


def make(cls, order, supplier):
    env, company = cls.env, order.company_id
    income = cls.make_account("Income", "400000", "income", company)
    bank = cls.make_account("Bank", "100000", "asset_cash", company)
    journal = cls.make_journal("Entries", "ENT", "general", company=company)
    items = [{"account_id": income.id, "balance": -5.0}, {"account_id": bank.id, "balance": 5.0}]
    move = env["account.move"].create(
        {
            "move_type": "entry", "journal_id": journal.id, "date": fields.Date.today(),
            "line_ids": [Command.create(item) for item in items],
        }
    )  # fmt: skip
    move.action_post()
    env["dropship.profit.collector"]._collect(company)
    env["dropship.profit.reconcile"].create({"company_id": company.id}).action_reconcile()
