"""The orders of one day."""

from dataclasses import dataclass, replace
from random import Random

from .people import Person, chinese, european

# What makes an order worth looking at. In a day of eight orders or more each of them happens at least once.
TRAITS = ("remote", "bad_address", "message", "high_value", "many_lines", "duplicate", "unpaid", "cod")
MESSAGES = {
    "west": (
        "Please leave the parcel with the neighbour.",
        "It is a present: no prices in the box, please.",
        "Could it arrive before Friday?",
        "Please write the invoice to my company.",
    ),
    "cn": ("请尽快发货，谢谢！", "送人的，请包装好一点。", "请发顺丰，可以补差价。", "周末送货，工作日家里没人。"),
}
SPOILT = (
    {"street": "", "zip": ""},
    {"street": "???", "phone": "call me"},
    {"zip": "0", "city": ""},
    {"phone": ""},
)


@dataclass(frozen=True, slots=True)
class Goods:
    """Something that can be ordered."""

    key: object
    price: float


@dataclass(frozen=True, slots=True)
class SimOrder:
    """One order somebody might place."""

    number: int
    market: str  # 'west' | 'cn'
    person: Person
    lines: tuple  # ((key of the goods, quantity), …)
    payment: str  # 'paid' | 'unpaid' | 'cod'
    message: str = ""
    traits: frozenset = frozenset()
    minute: int = 0  # of the day
    copy_of: int | None = None  # number of the order this one repeats


def invent_day(seed, count, goods):
    """Invent a day. The same seed, count and goods give the same day.

    :param dict goods: {'west': [Goods], 'cn': [Goods]}; a market without goods gets no orders

    >>> shelf = {"west": [Goods(n, 9.0 + n) for n in range(9)], "cn": [Goods(n, 40.0) for n in range(4)]}
    >>> one = invent_day(7, 40, shelf)
    >>> one == invent_day(7, 40, shelf), one == invent_day(8, 40, shelf), len(one)
    (True, False, 40)
    >>> sorted(set(TRAITS) - set().union(*(order.traits for order in one)))
    []
    >>> invent_day(7, 5, {"west": [], "cn": []})
    ()
    """
    dice = Random(f"day {seed} {count}")
    markets = [market for market in ("west", "cn") if goods.get(market)]
    if not markets or count <= 0:
        return ()
    traits = spread_traits(dice, count)
    minutes = sorted(dice.randint(0, 1439) for _number in range(count))
    orders = []
    for number in range(count):
        market = markets[0] if len(markets) == 1 or dice.random() < 0.7 else markets[1]
        order = invent(dice, number, market, goods[market], traits[number], minutes[number])
        earlier = [one for one in orders if one.market == market and not one.traits & {"bad_address", "duplicate"}]
        if "duplicate" in order.traits and earlier:
            first = dice.choice(earlier[-5:])
            order = replace(order, person=first.person, lines=first.lines, copy_of=first.number)
        orders.append(order)
    return tuple(orders)


def spread_traits(dice, count):
    """A set of traits for every order: most are plain, each trait comes about once in eight."""
    numbers = list(range(count))
    found = [set() for _number in numbers]
    for trait in TRAITS:
        share = max(1, round(count / 10)) if count >= len(TRAITS) else (dice.random() < 0.3)
        for number in dice.sample(numbers, min(int(share), count)):
            if not (trait in ("cod", "unpaid") and found[number] & {"cod", "unpaid"}):
                found[number].add(trait)
    if count >= len(TRAITS):  # an order cannot be unpaid and paid at the door: the one left over takes another place
        for trait in ("unpaid", "cod"):
            if not any(trait in traits for traits in found):
                next(traits for traits in found if not traits & {"cod", "unpaid"}).add(trait)
    return [frozenset(traits) for traits in found]


def invent(dice, number, market, shelf, traits, minute):
    """One order with these traits."""
    person = (chinese if market == "cn" else european)(dice, remote="remote" in traits)
    if "bad_address" in traits:
        person = replace(person, **dice.choice(SPOILT))
    kinds = min(dice.randint(5, 7) if "many_lines" in traits else dice.choices((1, 2, 3), (60, 28, 12))[0], len(shelf))
    chosen = dice.sample(range(len(shelf)), kinds)
    quantities = [dice.choices((1, 2, 3), (75, 18, 7))[0] for _line in chosen]
    if "high_value" in traits:
        dearest = max(chosen, key=lambda index: shelf[index].price)
        quantities[chosen.index(dearest)] = dice.randint(10, 15)
    payment = next((trait for trait in ("unpaid", "cod") if trait in traits), "paid")
    return SimOrder(
        number=number,
        market=market,
        person=person,
        lines=tuple((shelf[index].key, qty) for index, qty in zip(chosen, quantities, strict=True)),
        payment=payment,
        message=dice.choice(MESSAGES[market]) if "message" in traits else "",
        traits=traits,
        minute=minute,
    )
