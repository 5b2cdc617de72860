"""What a simulated supplier has to sell at a moment: prices and stock that move by themselves, the same for everybody
who asks at the same time.

A shelf is a CSV file (sku, name, price, currency, stock, weight, retail, fixed) in `shelves/`; rows marked fixed never
move.
"""

import csv
import hashlib
import io
import math
import os
import time

from .moods import chance

FOLDER = os.path.join(os.path.dirname(__file__), "shelves")
STEP = 120.0  # seconds a price list is good for
SWING = 0.06  # a price moves by so much of itself at the most
HEADER = ("货号", "品名", "出厂价", "币种", "库存", "重量", "建议零售价")
MOVING = 0.2  # the share of goods whose price moves: well below what makes a price list look wrong


class Shelf:
    """The goods of one supplier."""

    def __init__(self, name, seed=1, step=STEP):
        self.seed, self.step = seed, step
        with open(os.path.join(FOLDER, f"{os.path.basename(name)}.csv"), encoding="utf-8", newline="") as file:
            self.rows = list(csv.DictReader(file))

    def feed(self, now=None):
        """(content in GBK, what tells this list from others, when it began to be true)

        >>> shelf = Shelf("yiwu")
        >>> shelf.feed(1_000_000)[1] == shelf.feed(1_000_001)[1] != shelf.feed(1_000_200)[1]
        True
        """
        step = int((time.time() if now is None else now) // self.step)
        stream = io.StringIO()
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        for row in self.rows:
            price, stock = self.moved(row, step)
            writer.writerow(
                [row["sku"], row["name"], f"{price:.2f}", row["currency"], stock, row["weight"], row["retail"]]
            )
        content = stream.getvalue().encode("gb18030")
        return content, hashlib.sha256(content).hexdigest()[:32], step * self.step

    def moved(self, row, step):
        """(price, stock) of a row at a step. One row in four sells within a step; one price in five moves, in a wave of
        its own.

        >>> shelf = Shelf("yiwu")
        >>> shelf.moved({"sku": "A", "price": "10", "stock": "50", "fixed": "1"}, 7)
        (10.0, 50)
        >>> price, stock = shelf.moved({"sku": "A", "price": "10", "stock": "50", "fixed": ""}, 7)
        >>> 9.4 <= price <= 10.6 and stock >= 0
        True
        """
        price, stock = float(row["price"]), int(row["stock"])
        if row["fixed"]:
            return price, stock
        place = chance(self.seed, row["sku"])
        turn = (step + int(place * 4)) // 4
        wave = math.sin(turn / 3 + place * 2 * math.pi)
        # Sold a little with every turn, filled up again every twentieth.
        left = stock - int(stock * 0.07 * ((turn + int(place * 20)) % 20))
        swing = SWING if chance(self.seed, f"price {row['sku']}") < MOVING else 0.0
        return round(price * (1 + swing * wave), 2), max(left, 0)
