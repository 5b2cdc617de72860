def make(cls, order, supplier):
    """An answer to a row of the order."""
    row = order.dropship_allocation_ids[:1]
    purchase = row.purchase_id or order.dropship_purchase_ids[:1]
    cls.env["dropship.acknowledgement"].create(
        {
            "allocation_id": row.id,
            "order_id": order.id,
            "purchase_id": purchase.id,
            "product_id": row.product_id.id,
            "company_id": order.company_id.id,
            "verdict": "accepted",
        }
    )
