OF_NO_COMPANY = {}


def make(cls, order, supplier):
    """A parcel at a tracking service, and news of a number nobody knows."""
    connection = cls.env["dropship.connection"].create(
        {"name": "Follows", "company_id": order.company_id.id, "kind": "webhook"}
    )
    shipment = cls.env["dropship.shipment"].create(
        {"number": f"WATCH{order.id}", "company_id": order.company_id.id, "order_id": order.id}
    )
    cls.env["dropship.watch"].create({"shipment_id": shipment.id, "connection_id": connection.id})
    cls.env["dropship.orphan"].create(
        {
            "connection_id": connection.id,
            "company_id": order.company_id.id,
            "number": f"LOST{order.id}",
            "plain_number": f"LOST{order.id}",
        }
    )
