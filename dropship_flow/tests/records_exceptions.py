def make(cls, order, supplier):
    """A rule, a fact, a view and a time to keep things of the order's company."""
    company = order.company_id
    cls.env["dropship.exception.rule"].create({"company_id": company.id, "kind": "silent"})
    cls.env["dropship.supplier.fact"].create(
        {"supplier_id": supplier.id, "kind": "leaflet", "company_id": company.id, "note": "Seen in the parcel"}
    )
    order.dropship_purchase_ids[:1]._dropship_log_view("desk", "the link of the mail")
    cls.env["dropship.retention"].create({"what": "exchange", "days": 60, "company_id": company.id})
