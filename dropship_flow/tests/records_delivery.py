"""Records of what customers pay for shipping, for the contract that keeps companies apart."""


def make(cls, order, supplier):
    """A delivery method of the order's company with a zone and a free-shipping amount."""
    env = cls.env
    product = env["product.product"].create({"name": "Delivery", "type": "service", "company_id": order.company_id.id})
    carrier = env["delivery.carrier"].create(
        {"name": "Delivery", "product_id": product.id, "delivery_type": "dropship", "dropship_charge": "zone"}
    )
    env["dropship.delivery.zone"].create({"carrier_id": carrier.id, "first_price": 5.0})
    env["dropship.delivery.threshold"].create(
        {"carrier_id": carrier.id, "currency_id": order.company_id.currency_id.id, "amount": 50.0}
    )
