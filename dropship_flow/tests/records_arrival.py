OF_NO_COMPANY = {}


def make(cls, order, supplier):
    """What was learned of a lane."""
    warehouse = supplier.warehouse_ids[:1]
    cls.env["dropship.arrival.figure"].create(
        {
            "company_id": order.company_id.id,
            "part": "transit",
            "depth": "country",
            "warehouse_id": warehouse.id,
            "supplier_id": supplier.id,
            "country_id": order.partner_shipping_id.country_id.id,
        }
    )
