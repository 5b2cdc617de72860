# Names of losses, the same for every company.
FOR_ALL = {"dropship.claim.kind"}


def make(cls, order, supplier):
    """Terms with a rule, a share of liability, and a claim that was handed in, answered and paid."""
    env, company = cls.env, order.company_id
    kind = env["dropship.claim.kind"].search([], limit=1)
    env["dropship.claim.terms"].create(
        {
            "party": "supplier",
            "supplier_id": supplier.id,
            "company_id": company.id,
            "currency_id": company.currency_id.id,
            "rule_ids": [(0, 0, {"kind_ids": [(6, 0, kind.ids)]})],
        }
    )
    reason = env["dropship.return.reason"].create(
        {"name": "Shared", "code": f"shared_{company.id}", "company_id": company.id, "kind": "damaged"}
    )
    env["dropship.claim.share"].create({"reason_id": reason.id, "party": "supplier", "percent": 50})
    claim = env["dropship.claim"].create(
        {
            "party": "supplier",
            "kind": "damage",
            "order_id": order.id,
            "supplier_id": supplier.id,
            "company_id": company.id,
            "currency_id": company.currency_id.id,
            "amount": 5,
            "line_ids": [(0, 0, {"key": "1", "product_id": order.order_line[:1].product_id.id, "amount": 5})],
        }
    )
    claim.action_file()
    claim.action_accept()
    claim.action_paid()
