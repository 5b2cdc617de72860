"""What a simulated supplier makes of an order: by temperament, the same for the same seed and reference."""

import hashlib
import math
from datetime import date, timedelta

TEMPERAMENTS = {
    "honest": "accepts at once",
    "ships": "accepts at once, and after a while says which parcels left",
    "slow": "receives, accepts when asked the second time",
    "silent": "receives and never answers",
    "out_of_stock": "rejects: out of stock",
    "raises_price": "has it, for 8 % more",
    "part": "accepts a part; the rest comes later or not at all",
    "splits": "accepts, and makes an order of its own for every line",
    "announces_holidays": "accepts, and says when it is closed",
    "hangs": "takes the order, then lets the line hang",
    "resets": "takes the order, then breaks the line",
    "breaks": "answers 500 at first, takes it when it comes again",
    "breaks_late": "takes the order, answers 500",
    "garbage": "takes the order, answers nonsense",
    "stubborn": "accepts, but changes nothing afterwards",
    "twice": "accepts and says so twice with different numbers",
    "busy": "answers 429 at first",
    "liar": "accepts, never ships, claims it has",
}
STATUS = {
    "slow": "received",
    "silent": "received",
    "out_of_stock": "rejected",
    "raises_price": "changed",
    "part": "changed",
}
TROUBLE = {"hangs": "hang", "resets": "reset", "garbage": "garbage"}
RISE = 1.08


class Mix:
    """Which temperament an order meets: "honest,silent:0.2" shows every fifth the second one."""

    def __init__(self, text, seed=1):
        self.seed, self.parts = seed, []
        for part in text.split(","):
            name, _, share = part.strip().partition(":")
            if name not in TEMPERAMENTS:
                raise ValueError(f"{name!r} is no temperament: take {', '.join(TEMPERAMENTS)}")
            self.parts.append((name, float(share) if share else None))

    def mood(self, ref):
        """The temperament shown to an order.

        >>> Mix("honest,silent:0.0").mood("P1"), Mix("honest,silent:1.0").mood("P1")
        ('honest', 'silent')
        """
        point = chance(self.seed, ref)
        for name, share in self.parts[1:]:
            if point <= (share or 0.0) and share:
                return name
            point -= share or 0.0
        return self.parts[0][0]

    def has(self, name):
        return any(part == name for part, _share in self.parts)


def chance(seed, text):
    """A number from 0 to 1 that depends on nothing but its arguments.

    >>> 0 <= chance(1, "P1") <= 1 and chance(1, "P1") == chance(1, "P1")
    True
    """
    return int(hashlib.sha256(f"{seed} {text}".encode()).hexdigest()[:8], 16) / 0xFFFFFFFF


def day(ahead):
    return (date.today() + timedelta(days=ahead)).isoformat()


def lines(mood, payload):
    """What a supplier of this temperament says about the lines of an order; [] means the order as it is.

    >>> order = {"lines": [{"line": "1", "sku": "A", "qty": 2, "price": 10.0}]}
    >>> lines("raises_price", order)[0]["price"]
    10.8
    >>> [(line["accepted"], line["backordered"]) for line in lines("part", order)]
    [(1, 1.0)]
    """
    told = payload.get("lines") or []
    if mood == "raises_price":
        return [{**_key(line), "price": round(float(line.get("price") or 0) * RISE, 4)} for line in told]
    if mood == "part":
        return [_part(number, line, len(told)) for number, line in enumerate(told)]
    return []


def _key(line):
    return {"line": str(line.get("line") or ""), "sku": str(line.get("sku") or "")}


def _part(number, line, count):
    """Half of a line, the rest by turns later and never; of single pieces the first line, when there are several."""
    qty = float(line.get("qty") or 0)
    accepted = math.floor(qty / 2) if qty >= 2 else qty * (number == 0 and count > 1)
    rest = qty - accepted
    if not number % 2:
        later = {"date": day(10)} if rest else {}
        return {**_key(line), "accepted": accepted, "backordered": rest, "rejected": 0, **later}
    reason = {"reason_code": "not_enough", "reason": "not enough in stock"} if rest else {}
    return {**_key(line), "accepted": accepted, "backordered": 0, "rejected": rest, **reason}


def closures(mix):
    """The days this supplier is closed, from nine days ahead."""
    if not mix.has("announces_holidays"):
        return []
    return [
        {
            "name": "春节 Spring Festival",
            "last_ship_date": day(8),
            "date_from": day(9),
            "date_to": day(24),
            "orders_meanwhile": True,
        }
    ]


def offered(mix, seed, sku, price=None, currency=""):
    """What this supplier says it has of a SKU.

    >>> offered(Mix("out_of_stock"), 1, "A")["stock"]
    0
    """
    mood = mix.parts[0][0]
    line = {"sku": sku, "stock": 0 if mood == "out_of_stock" else 10 + int(90 * chance(seed, sku)), "date": day(2)}
    if price:
        line |= {"price": round(price * (RISE if mood == "raises_price" else 1.0), 4), "currency": currency}
    return line


def number(ref, mood):
    """A parcel's number; the liar's looks like any other and never meets a scanner.

    >>> number("P1", "ships") == number("P1", "ships") != number("P1", "liar")
    True
    """
    digits = int(hashlib.sha256(f"{mood} {ref}".encode()).hexdigest()[:12], 16) % 10**11
    return f"SF{digits:011d}"
