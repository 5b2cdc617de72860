OF_NO_COMPANY = {}


def make(cls, order, supplier):
    """A listing with history and traffic, a picture to fetch, papers and their rule, offers to list."""
    env, company = cls.env, order.company_id
    template = order.order_line.product_id[:1].product_tmpl_id
    channel = env["dropship.sales.channel"].create({"name": "Listed", "company_id": company.id})
    listing = env["dropship.listing"].create(
        {"product_tmpl_id": template.id, "channel_id": channel.id, "wanted": "published"}
    )
    env["dropship.listing.traffic"].create({"listing_id": listing.id, "company_id": company.id, "day": "2026-01-01"})
    env["dropship.listing.image"].create(
        {"product_tmpl_id": template.id, "company_id": company.id, "url": f"https://pictures.example/{company.id}.jpg"}
    )
    env["dropship.product.document"].create(
        {"name": "CE", "kind": "ce", "supplier_id": supplier.id, "company_id": company.id}
    )
    env["dropship.document.rule"].create(
        {"kind": "ce", "company_id": company.id, "country_ids": [(6, 0, env.ref("base.no").ids)]}
    )
    offer = cls.make_offer(supplier.warehouse_ids[:1], None, 4.0, sku=f"LIST-{company.id}", name="To be listed")
    env["dropship.list.offers"].with_context(allowed_company_ids=company.ids).action_start(offer, channel)
