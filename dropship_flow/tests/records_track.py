from odoo import fields


def make(cls, order, supplier):
    """A counted try to find the order."""
    cls.env["dropship.track.try"].create(
        {"company_id": order.company_id.id, "kind": "order", "key": f"access {order.id}", "at": fields.Datetime.now()}
    )
