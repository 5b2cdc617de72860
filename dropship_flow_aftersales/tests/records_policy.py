"""A record of each model of the return policy, for the contracts every model keeps."""


def make(cls, order, supplier):
    """A kind of goods, a row with an outcome, a law and the supplier's terms, of the order's company."""
    company = {"company_id": order.company_id.id}
    env = cls.env
    kind = env["dropship.goods.kind"].create({"name": "Test", "code": "test", **company})
    outcomes = [(0, 0, {"kind": "return", "base": "delivered", "days": 14})]
    env["dropship.return.policy"].create(
        {"name": "Test", "sequence": 99999, "kind_ids": kind.ids, "outcome_ids": outcomes, **company}
    )
    env["dropship.return.law"].create({"name": "Test", "grant_ids": [(0, 0, {"kind": "return"})], **company})
    env["dropship.return.terms"].create({"supplier_id": supplier.id, **company})
