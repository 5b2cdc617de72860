OF_NO_COMPANY = {}


def make(cls, order, supplier):
    """A feed with a run and a row set aside, a listing, what can be promised of its product."""
    warehouse = supplier.warehouse_ids[:1]
    product = order.order_line.product_id[:1]
    feed = cls.env["dropship.feed"].create(
        {
            "name": "Weekly list",
            "warehouse_id": warehouse.id,
            "column_ids": [(0, 0, {"source": "SKU", "target": "sku"})],
        }
    )
    run = cls.env["dropship.feed.run"].create({"feed_id": feed.id})
    cls.env["dropship.feed.reject"].create({"run_id": run.id, "line": 3, "sku": "X", "reasons": [["code_missing", {}]]})
    channel = cls.env["dropship.sales.channel"].create(
        {
            "name": "Listed here",
            "company_id": order.company_id.id,
            "destination_ids": [(0, 0, {"country_id": cls.env.ref("base.de").id})],
        }
    )
    cls.env["dropship.listing"].create({"product_tmpl_id": product.product_tmpl_id.id, "channel_id": channel.id})
    cls.env["dropship.availability"].search(
        [("product_id", "=", product.id), ("company_id", "=", order.company_id.id)]
    ).unlink()
    cls.env["dropship.availability"].create({"product_id": product.id, "company_id": order.company_id.id})
    own = cls.env["product.product"].create({"name": "Moved", "company_id": order.company_id.id})
    cls.env["dropship.supply"]._moved(own.ids)
