"""Records of files to and from suppliers, for the contract that keeps companies apart."""

OF_NO_COMPANY = {"dropship.file.layout.column": "layout_id.company_id"}


def make(cls, order, supplier):
    env, company = cls.env, order.company_id
    layout = env["dropship.file.layout"].create(
        {
            "name": "Theirs",
            "company_id": company.id,
            "column_ids": [(0, 0, {"heading": "Order", "field": "ref"})],
        }
    )
    env["dropship.file"].create(
        {
            "name": "PO-00001-1.csv",
            "direction": "in",
            "state": "read",
            "layout_id": layout.id,
            "supplier_id": supplier.id,
            "company_id": company.id,
            "reject_ids": [(0, 0, {"row": 2, "reason": "No order number."})],
        }
    )
