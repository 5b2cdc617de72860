"""A record of each model of the holds, for the contracts every model keeps."""


def make(cls, order, supplier):
    """One rule, one sign of risk and one entry of the blocklist, of the order's company."""
    company = {"company_id": order.company_id.id}
    env = cls.env
    env["dropship.hold.rule"].create({"name": "Test", "kind": "value", "amount": 1e9, **company})
    env["dropship.risk.signal"].create({"name": "Test", "code": "no_phone", "points": 5, **company})
    env["dropship.blocklist"].create(
        {"kind": "phone", "value": "+49 30 555 0100", "reason": "Test", "action": "hold", **company}
    )
