"""Records of the address part for the access contract."""


def make(cls, order, _supplier):
    """The change an order asks its supplier for."""
    rows = order.dropship_allocation_ids
    cls.env["dropship.change.request"]._make(rows.purchase_id[:1], rows, "expedite")
