def make(cls, order, supplier):
    """An inquiry of the order's company with a question to each source of its product."""
    product = order.order_line.product_id[:1]
    cls.env["dropship.inquiry"]._ask(order.company_id, {product: 2.0}, order=order)
