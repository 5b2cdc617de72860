def make(cls, order, supplier):
    """A link to all orders of a supplier."""
    cls.env["dropship.supplier.link"]._make(supplier, order.company_id)
