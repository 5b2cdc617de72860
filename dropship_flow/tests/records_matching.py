OF_NO_COMPANY = {}


def make(cls, order, supplier):
    """A row of the matching, a mark of what moved, a tolerance."""
    purchase = order.dropship_purchase_ids[:1]
    match = cls.env["dropship.bill.match"]
    match._refresh(purchase)
    if not match.search([("purchase_id", "=", purchase.id)]):
        match.create(
            {
                "purchase_id": purchase.id,
                "supplier_id": supplier.id,
                "company_id": order.company_id.id,
                "currency_id": purchase.currency_id.id,
            }
        )
    match._moved(purchase.ids)
    cls.env["dropship.match.tolerance"].create({"company_id": order.company_id.id, "absolute": 0.05})
