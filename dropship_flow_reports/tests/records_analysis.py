"""Beside the collected ledger: the order, and what was expected of it."""

OF_NO_COMPANY = {}
FOR_ALL = set()


def make(cls, order, supplier):
    cls.env["dropship.profit.collector"]._collect(order.company_id)
