OF_NO_COMPANY = {}


def make(cls, order, supplier):
    """A category in use with its map, an attribute with a value, a replacement, an application with rows."""
    env, company = cls.env, order.company_id
    product = order.order_line.product_id[:1]
    offer = supplier.offer_ids[:1]
    offer.category = f"Home > Light {company.id}"
    env["dropship.supplier.category"]._refresh()
    env["dropship.category.map"].create(
        {"path": "Home", "company_id": company.id, "categ_id": env.ref("product.product_category_goods").id}
    )
    env["dropship.attribute.map"].create(
        {"name": "Glow", "company_id": company.id, "value_ids": [(0, 0, {"name": "Warm", "words": "warmweiß"})]}
    )
    other = cls.make_supplier(f"Takes over {company.id}")
    env["dropship.source.replacement"].create(
        {
            "supplier_id": supplier.id,
            "new_supplier_id": other.id,
            "company_id": company.id,
            "line_ids": [(0, 0, {"product_id": product.id, "offer_id": offer.id})],
        }
    )
    application, _url = env["dropship.supplier.application"]._start(company, f"new{company.id}@factory.example")
    application.write(
        {
            "rate_ids": [(0, 0, {"country_id": env.ref("base.de").id, "first_price": 5.0})],
            "closure_ids": [(0, 0, {"name": "春节", "date_from": "2030-02-01", "date_to": "2030-02-10"})],
        }
    )
