OF_NO_COMPANY = {}


def make(cls, order, supplier):
    """A price rule by cost, a price that waits and a frozen one."""
    product = order.order_line.product_id[:1]
    channel = cls.env["dropship.sales.channel"].create({"name": "Priced here", "company_id": order.company_id.id})
    rule = cls.env["dropship.pricing.rule"].create(
        {
            "name": "Half on top",
            "company_id": order.company_id.id,
            "channel_id": channel.id,
            "method": "tiers",
            "tier_ids": [(0, 0, {"cost_from": 0.0, "percent": 50.0})],
        }
    )
    cls.env["dropship.price.change"].create(
        {
            "product_id": product.id,
            "channel_id": channel.id,
            "company_id": order.company_id.id,
            "currency_id": order.company_id.currency_id.id,
            "rule_id": rule.id,
            "state": "waiting",
            "new_price": 10.0,
            "entered_price": 10.0,
        }
    )
    cls.env["dropship.price.pin"].create({"product_id": product.id, "channel_id": channel.id})
