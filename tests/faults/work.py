"""Orders to race for, and the workers that do."""

import random
import time

from harness import PLENTY, retried, rpc


def baskets(world, count):
    """Ids of quotations over five lines, the lamp and the cable twice."""
    basket = [world.lamp, world.stand, world.cable, (world.lamp, 2), (world.cable, 3)]
    return [world.make_sale(*basket).id for _number in range(count)]


def quotations(shop, count):
    with shop.world() as world:
        return baskets(world, count)


def unrouted(shop, count):
    """Ids of confirmed orders nobody could deliver; now somebody can."""
    with shop.world() as world:
        products = world.lamp + world.stand + world.cable
        offers = world.env["dropship.offer"].search([("product_id", "in", products.ids)])
        offers.stock = 0.0
        orders = world.env["sale.order"].browse(baskets(world, count))
        orders.action_confirm()
        assert set(orders.dropship_open_hold_ids.mapped("kind")) == {"no_source"}
    # Not in the same transaction: the scheduled action goes by the time the offer changed.
    with shop.world() as world:
        world.env["dropship.offer"].browse(offers.ids).stock = PLENTY
    return orders.ids


def route(order_ids, delay=0.0):
    """A worker that routes one order after the other, looking at each some time before it acts."""

    def job(cr):
        for order_id in random.sample(order_ids, len(order_ids)):

            def work(env, order_id=order_id):
                order = env["sale.order"].browse(order_id)
                order.mapped("order_line.product_uom_qty")  # the snapshot is taken here
                time.sleep(random.uniform(0, delay))
                order.order_line._dropship_source()

            retried(work)(cr)

    return job


def press(user_id, order_ids):
    """A person who presses the button of one order after the other."""

    def job(cr):
        for order_id in random.sample(order_ids, len(order_ids)):
            rpc(user_id, "sale.order", "action_dropship_release", [order_id])(cr)

    return job


def name_codes(shop):
    """Programs name the shop's goods and its channel by codes."""
    with shop.world() as world:
        for product in (world.lamp, world.stand, world.cable):
            product.default_code = product.name.upper()
        channel = world.env["dropship.sales.channel"].search([("company_id", "=", world.company.id)], limit=1)
        channel.code = "shop"


def told(number, skus=("LAMP",)):
    """An order as a program tells it."""
    return {
        "number": number,
        "channel": "shop",
        "customer": {"name": f"Buyer {number}", "email": f"{number}@example.com"},
        "address": {"street": "Lindenallee 1", "city": "Berlin", "zip": "10115", "country": "DE"},
        "lines": [{"sku": sku, "quantity": 1} for sku in skus],
    }
