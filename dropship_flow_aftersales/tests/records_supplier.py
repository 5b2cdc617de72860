def make(cls, order, supplier):
    """A case of the order as this supplier knows it."""
    reason = cls.env["dropship.return.reason"].search([], limit=1)
    reason = reason or cls.env["dropship.return.reason"].create({"name": "Broken", "code": "t_broken"})
    lines = [{"order_line": order.order_line[:1], "qty": 1.0, "reason": reason}]
    case = cls.env["dropship.return"]._open(order, lines, "agent")
    cls.env["dropship.return.side"].create({"return_id": case.id, "supplier_id": supplier.id, "revision": 1})
