"""A supplier's API key of the order's company, for the contract of access rights."""


def make(cls, order, supplier):
    cls.env["dropship.supplier.key"]._make(supplier, order.company_id)
