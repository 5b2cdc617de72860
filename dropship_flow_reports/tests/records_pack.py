"""Records of every model of the monthly pack, for the matrix of access."""

from odoo import Command, fields


def make(cls, order, supplier):
    env, company = cls.env, order.company_id
    partner = env["res.partner"].create({"name": "Reader of packs", "email": f"packs{company.id}@shop.example"})
    env["dropship.report.recipient"].create({"company_id": company.id, "partner_id": partner.id})
    pack = env["dropship.report.pack"].create({"company_id": company.id, "month": fields.Date.today()})
    env["dropship.report.delivery"].create({"pack_id": pack.id, "partner_id": partner.id, "email": partner.email})
    owed = cls.make_account("Owed", "410099", "asset_receivable", company)
    bank = cls.make_account("Bank of packs", "100099", "asset_cash", company)
    journal = cls.make_journal("Packs", "PCK", "general", company=company)
    items = [
        {"account_id": owed.id, "balance": 5.0, "partner_id": partner.id}, {"account_id": bank.id, "balance": -5.0},
    ]  # fmt: skip
    move = env["account.move"].create(
        {
            "move_type": "entry", "journal_id": journal.id, "date": fields.Date.today(),
            "line_ids": [Command.create(item) for item in items],
        }
    )  # fmt: skip
    move.action_post()
