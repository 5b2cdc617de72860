"""Records of every model of the monthly pack, for the matrix of access."""

from odoo import fields


def make(cls, order, supplier):
    env, company = cls.env, order.company_id
    partner = env["res.partner"].create({"name": "Reader of packs", "email": f"packs{company.id}@shop.example"})
    env["dropship.report.recipient"].create({"company_id": company.id, "partner_id": partner.id})
    pack = env["dropship.report.pack"].create({"company_id": company.id, "month": fields.Date.today()})
    env["dropship.report.delivery"].create({"pack_id": pack.id, "partner_id": partner.id, "email": partner.email})
