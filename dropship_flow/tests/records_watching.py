def make(cls, order, supplier):
    """A deadline, and a parcel of the order that comes back and is claimed."""
    cls.env["dropship.parcel.sla"].create({"clock": "movement", "company_id": order.company_id.id})
    shipment = cls.env["dropship.shipment"].create(
        {
            "number": f"BACK{order.id}",
            "company_id": order.company_id.id,
            "warehouse_id": supplier.warehouse_ids[:1].id,
            "order_id": order.id,
        }
    )
    cls.env["dropship.parcel.back"].create({"shipment_id": shipment.id, "confirm_by": "2030-01-01"})
    cls.env["dropship.claim"].create(
        {
            "shipment_id": shipment.id,
            "company_id": order.company_id.id,
            "currency_id": order.company_id.currency_id.id,
            "amount": 5,
        }
    )
