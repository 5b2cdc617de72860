from odoo import fields

OF_NO_COMPANY = {}


def make(cls, order, supplier):
    """A parcel of the order with its contents, an event of it, and a push of a tracking service."""
    shipment = cls.env["dropship.shipment"].create(
        {
            "number": f"ACCESS{order.id}",
            "company_id": order.company_id.id,
            "warehouse_id": supplier.warehouse_ids[:1].id,
            "order_id": order.id,
        }
    )
    product = order.order_line.product_id[:1]
    cls.env["dropship.shipment.line"].create({"shipment_id": shipment.id, "product_id": product.id, "qty": 1})
    cls.env["dropship.tracking.event"].create(
        {
            "shipment_id": shipment.id,
            "occurred_at": fields.Datetime.now(),
            "received_at": fields.Datetime.now(),
            "code": "in_transit",
            "event_key": "access",
        }
    )
    connection = cls.env["dropship.connection"].create(
        {"name": "Pushes", "company_id": order.company_id.id, "endpoint": "https://push.example.com"}
    )
    cls.env["dropship.inbox"].create(
        {"connection_id": connection.id, "company_id": order.company_id.id, "key": f"access {order.id}"}
    )
