def make(cls, order, supplier):
    """A connection of the order's company and a message about its purchase."""
    connection = cls.env["dropship.connection"].create(
        {"name": "Test", "endpoint": "https://supplier.example", "company_id": order.company_id.id}
    )
    supplier.connection_id = connection
    cls.env["dropship.exchange"]._enqueue(order.dropship_purchase_ids[:1], "order")
    supplier.connection_id = False
