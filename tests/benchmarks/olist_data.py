"""The Olist slice as a shop: what is read from the files, and what is derived because the files do not say it.

Read: orders, their lines (product, seller, price, freight the customer paid), addresses of customers and sellers,
weight and size of products, and the days each delivery took.

Derived, openly:
* cost = COST_SHARE of the median price a seller took for a product (the data has no purchase costs);
* every product can be supplied by its true seller(s) and by OTHERS more that sell the same category, at the true cost
  times a factor between 0.90 and 1.15, drawn once per product and seller from a fixed seed;
* freight = a table per seller's state and customer's place (same state, else region): the median of the freights paid
  there for units up to one kilogram, plus the median price per further kilogram of the heavier ones; where fewer than
  ENOUGH were seen, region to region counts, then the whole country;
* transit days = P50, P80, P95 of what the same table's deliveries took from carrier to customer.
"""

import csv
import random
from collections import defaultdict
from datetime import datetime
from pathlib import Path
from statistics import median

COST_SHARE = 0.7
OTHERS = 3
ENOUGH = 8
REGIONS = {
    "N": "AC AP AM PA RO RR TO",
    "NE": "AL BA CE MA PB PE PI RN SE",
    "CO": "DF GO MT MS",
    "SE": "ES MG RJ SP",
    "S": "PR RS SC",
}
REGION_OF = {state: region for region, states in REGIONS.items() for state in states.split()}


def quantile(values, share):
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def place(seller_state, customer_state):
    """Column of the freight table."""
    return "same" if seller_state == customer_state else REGION_OF[customer_state]


def days(start, end):
    """Days between two timestamps of the files, None when one is missing or they are in the wrong order."""
    if not (start and end):
        return None
    passed = (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds() / 86400
    return passed if passed >= 0 else None


class Olist:
    def __init__(self, folder):
        self.folder = Path(folder)
        self.orders = self.read("orders", "order_id")
        self.customers = self.read("customers", "customer_id")
        self.sellers = self.read("sellers", "seller_id")
        self.products = self.read("products", "product_id")
        self.units = list(self.rows("order_items"))
        self.lines = self.fold_lines()
        self.products = {key: self.products[key] for key in {unit["product_id"] for unit in self.units}}
        self.offers = self.make_offers()
        self.freight = self.make_freight()

    def rows(self, name):
        with open(self.folder / f"{name}.csv", encoding="utf-8", newline="") as handle:
            yield from csv.DictReader(handle)

    def read(self, name, key):
        return {row[key]: row for row in self.rows(name)}

    def fold_lines(self):
        """{order id: [{product, seller, qty, price, freight}]}: the files have one row per unit."""
        folded = defaultdict(dict)
        for unit in self.units:
            lines = folded[unit["order_id"]]
            key = unit["product_id"], unit["seller_id"], unit["price"]
            empty = {"product": key[0], "seller": key[1], "price": float(key[2]), "qty": 0, "freight": 0.0}
            line = lines.setdefault(key, empty)
            line["qty"] += 1
            line["freight"] += float(unit["freight_value"])
        return {order: list(lines.values()) for order, lines in folded.items()}

    def weight(self, product):
        return max(float(self.products[product]["product_weight_g"] or 0) / 1000, 0.01)

    def volume(self, product):
        """Cubic metres."""
        row = self.products[product]
        sides = [float(row[f"product_{side}_cm"] or 0) for side in ("length", "height", "width")]
        return sides[0] * sides[1] * sides[2] / 1_000_000

    def make_offers(self):
        """{(product, seller): cost}."""
        paid = defaultdict(list)
        for unit in self.units:
            paid[unit["product_id"], unit["seller_id"]].append(float(unit["price"]))
        offers = {key: round(COST_SHARE * median(prices), 2) for key, prices in paid.items()}
        sells, sellers = defaultdict(set), defaultdict(set)
        for product, seller in paid:
            sellers[product].add(seller)
            sells[self.products[product]["product_category"]].add(seller)
        everybody = sorted({seller for _product, seller in paid})
        for product in sorted(self.products):
            rng = random.Random(product)
            true = sellers[product]
            cost = min(offers[product, seller] for seller in true)
            same = sorted(sells[self.products[product]["product_category"]] - true)
            pool = same if len(same) >= OTHERS else [seller for seller in everybody if seller not in true]
            for seller in rng.sample(pool, OTHERS):
                offers[product, seller] = round(cost * rng.uniform(0.90, 1.15), 2)
        return offers

    def make_freight(self):
        """{(seller state, place): (first kilogram, further kilogram, (P50, P80, P95))}."""
        seen = defaultdict(lambda: ([], [], []))
        for unit in self.units:
            order = self.orders[unit["order_id"]]
            source = self.sellers[unit["seller_id"]]["seller_state"]
            target = self.customers[order["customer_id"]]["customer_state"]
            took = days(order["order_delivered_carrier_date"], order["order_delivered_customer_date"])
            weight, paid = self.weight(unit["product_id"]), float(unit["freight_value"])
            column = place(source, target)
            for key in ((source, column), (REGION_OF[source], column), (None, column), (None, None)):
                light, heavy, transit = seen[key]
                if weight <= 1:
                    light.append(paid)
                else:
                    heavy.append((weight, paid))
                if took is not None:
                    transit.append(took)
        table = {}
        for source in {row["seller_state"] for row in self.sellers.values()}:
            for column in ("same", *REGIONS):
                keys = ((source, column), (REGION_OF[source], column), (None, column), (None, None))
                table[source, column] = self.freight_row([seen[key] for key in keys if key in seen])
        return table

    def freight_row(self, samples):
        light = next((sample[0] for sample in samples if len(sample[0]) >= ENOUGH), samples[-1][0])
        first = round(median(light), 2)
        heavy = next((sample[1] for sample in samples if len(sample[1]) >= ENOUGH), samples[-1][1])
        step = round(max(median((paid - first) / (weight - 1) for weight, paid in heavy), 0.1), 2)
        transit = next((sample[2] for sample in samples if len(sample[2]) >= ENOUGH), samples[-1][2])
        return first, step, tuple(round(quantile(transit, share), 1) for share in (0.5, 0.8, 0.95))
