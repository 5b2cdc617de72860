import base64

from odoo import Command

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def make(cls, order, supplier):
    """A prepaid balance with a move, a label rule, a document and an offence of the order's company."""
    env, company = cls.env, order.company_id
    purchase = order.dropship_purchase_ids[:1]
    wallet = env["dropship.wallet"].create(
        {"supplier_id": supplier.id, "company_id": company.id, "currency_id": company.currency_id.id}
    )
    env["dropship.wallet.move"].create({"wallet_id": wallet.id, "kind": "top_up", "amount": 100.0})
    env["dropship.label.rule"].create({"company_id": company.id, "supplier_id": supplier.id, "maker": "supplier"})
    env["dropship.supplier.document"].create(
        {"purchase_id": purchase.id, "kind": "photo", "name": "photo.pdf", "file": base64.b64encode(PDF)}
    )
    env["dropship.offence"].create({"purchase_id": purchase.id, "kind": "leaflet"})


def set_terms(supplier, way, hours=0.0):
    """Say how a supplier is paid."""
    supplier.term_ids = [
        Command.clear(),
        Command.create({"payment_way": way, "pay_within_hours": hours, "company_id": supplier.company_id.id}),
    ]
