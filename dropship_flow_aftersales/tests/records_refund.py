"""One record of each model of refunds."""

from odoo import Command


def make(cls, order, supplier):
    refund = cls.env["dropship.refund"].create(
        {
            "name": f"RF-{order.id}",
            "order_id": order.id,
            "company_id": order.company_id.id,
            "currency_id": order.currency_id.id,
            "kind": "goodwill",
            "number": 1,
            "key": f"records {order.id}",
            "line_ids": [Command.create({"kind": "goodwill", "order_line_id": order.order_line[:1].id})],
        }
    )
    cls.env["dropship.refund.wizard"].create({"order_id": order.id, "kind": "goodwill"})
    return refund
