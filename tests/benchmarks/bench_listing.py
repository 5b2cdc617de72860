#!/usr/bin/env python3
"""Time listing 1,000 offers in bulk against doing the same one by one through the ORM; print a markdown table.

An offer becomes a product with the route, texts and code, is linked, listed on the web shop, judged and shown. In bulk
the table is confirmed and worked off batch by batch, each committed, as the scheduler does it. One by one a product is
created, the offer is linked and the listing is created, each product a transaction of its own with empty record caches,
as a person's clicks are. Publishing alone (the products are there) is measured the same way.
"""

import argparse
import json
import sys
import time
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from odoo_world import Base, fill, fresh

FASTER = 5.0


def offers(base, count, mark):
    """Offers as a feed brings them, not linked, and the channel of a website; ids."""

    def work(env):
        supplier = env["dropship.supplier"].search([("state", "=", "approved")], limit=1)
        warehouse = supplier.warehouse_ids[:1]
        channel = env["dropship.sales.channel"].search([("website_id", "!=", False)], limit=1)
        if not channel:
            website = env["website"].search([], limit=1)
            channel = env["dropship.sales.channel"].create(
                {"name": "Bench shop", "company_id": env.company.id, "website_id": website.id}
            )
        rows = [
            {"warehouse_id": warehouse.id, "sku": f"{mark}-{number}", "name": f"{mark}{number * 7919} thing",
             "price": 5 + number % 40, "stock": 50, "weight": 0.3, "brand": "Bench", "description": "Warm light. " * 20}
            for number in range(count)
        ]  # fmt: skip
        return env["dropship.offer"].create(rows).ids, channel.id

    return base.run(work)[0]


def in_bulk(base, offer_ids, channel_id):
    """(seconds of the table, seconds of the work)"""

    def start(env):
        channel = env["dropship.sales.channel"].browse(channel_id)
        action = env["dropship.list.offers"].action_start(env["dropship.offer"].browse(offer_ids), channel)
        plan = env["dropship.list.offers"].browse(action["res_id"])
        plan.line_ids.write({"decision": "new", "product_tmpl_id": False})
        return plan.id

    plan_id, table, _queries = base.run(start, 2)
    began = time.perf_counter()
    base.run(lambda env: env["dropship.list.offers"].browse(plan_id).action_apply(), 2)
    base.run(lambda env: env["dropship.list.offers"]._cron_list())
    seconds = time.perf_counter() - began

    def check(env):
        plan = env["dropship.list.offers"].browse(plan_id)
        assert (plan.state, plan.failed_count) == ("done", 0), (plan.state, plan.failed_count, plan.line_ids[0].message)
        return plan.line_ids.product_tmpl_id.ids

    return table, seconds, base.run(check)[0]


def one_by_one(base, offer_ids, channel_id):
    """(seconds, ids of the products)"""
    began, made = time.perf_counter(), []
    for offer_id in offer_ids:

        def work(env, offer_id=offer_id):
            offer = env["dropship.offer"].browse(offer_id)
            template = env["product.template"].create(
                {
                    "name": offer.name,
                    "default_code": offer.sku,
                    "type": "consu",
                    "list_price": offer.price * 2,
                    "weight": offer.weight,
                    "dropship_brand": offer.brand,
                    "description_ecommerce": offer.description,
                    "route_ids": [(6, 0, env.ref("stock_dropshipping.route_drop_shipping").ids)],
                }
            )
            offer.product_id = template.product_variant_id
            listing = env["dropship.listing"].create(
                {"product_tmpl_id": template.id, "channel_id": channel_id, "wanted": "published"}
            )
            listing.action_seo()
            return template.id

        made.append(base.run(work, 2)[0])
    return time.perf_counter() - began, made


def publish(base, template_ids, channel_id, single):
    """Seconds per product to take off and publish products that are listed: in bulk, and one by one."""

    def listings(env, ids):
        domain = [("product_tmpl_id", "in", ids), ("channel_id", "=", channel_id)]
        return env["dropship.listing"].search(domain)

    base.run(lambda env: listings(env, template_ids).action_take_off())
    began = time.perf_counter()
    base.run(lambda env: listings(env, template_ids).action_publish(), 2)
    bulk = (time.perf_counter() - began) / len(template_ids)
    base.run(lambda env: listings(env, template_ids).action_take_off())
    began = time.perf_counter()
    for template_id in template_ids[:single]:
        base.run(lambda env, template_id=template_id: listings(env, [template_id]).action_publish(), 2)
    alone = (time.perf_counter() - began) / len(template_ids[:single])

    def shown(env):
        return env["product.template"].search_count([("id", "in", template_ids), ("is_published", "=", True)])

    base.run(lambda env: listings(env, template_ids).action_publish(), 2)
    assert base.run(shown)[0] == len(template_ids)
    return bulk, alone


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--offers", type=int, default=1000, help="offers listed in bulk")
    parser.add_argument("--single", type=int, default=200, help="offers listed one by one")
    parser.add_argument("--ours", help="database with our addons to use instead of a new one")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    args = parser.parse_args()
    with ExitStack() as stack:
        base = Base(stack.enter_context(fresh("bare", args.ours)))
        base.run(fill)
        warm, channel = offers(base, 5, f"W{time.time_ns()}")
        one_by_one(base, warm, channel)
        alone, channel = offers(base, args.single, f"S{time.time_ns()}")
        many, channel = offers(base, args.offers, f"B{time.time_ns()}")
        single, made = one_by_one(base, alone, channel)
        table, bulk, listed = in_bulk(base, many, channel)
        publish_bulk, publish_single = publish(base, listed, channel, args.single)
    per_single, per_bulk = 1000 * single / len(made), 1000 * bulk / len(listed)
    row = {
        "offers": len(listed), "table s": round(table, 1), "listing s": round(bulk, 1),
        "ms each": round(per_bulk, 1), "one by one ms each": round(per_single, 1),
        "listing faster": round(per_single / per_bulk, 1), "publish ms each": round(1000 * publish_bulk, 2),
        "one by one publish ms": round(1000 * publish_single, 2),
        "publish faster": round(publish_single / publish_bulk, 1),
        "held": per_single / per_bulk >= FASTER and publish_single / publish_bulk >= FASTER,
    }  # fmt: skip
    print("| " + " | ".join(row) + " |\n|" + "---|" * len(row))
    print("| " + " | ".join(str(value) for value in row.values()) + " |")
    if args.json:
        args.json.write_text(json.dumps(row, indent=1))
    return 0 if row["held"] else 1


if __name__ == "__main__":
    sys.exit(main())
