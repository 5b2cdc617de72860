"""Fields that more than one cell may fill, and cells that fill more than one field.

Each is `function(columns, general currency, labels) -> fill(cells, values)`; columns are (param, place, cache, read).
"""

import json
import re
from decimal import Decimal

from .canon import POSITION
from .cells import tidy
from .errors import FeedError, ValueProblem
from .transforms import plain_number
from .values import NOTHING, decimal_mark, parse_number, plain_text

KEPT = 20_000  # different texts of a column that are remembered
MISSING = object()


def value_of(text, cache, read):
    value = cache.get(text, MISSING)
    if value is MISSING:
        if len(cache) >= KEPT:
            cache.clear()
        value = cache[text] = read(text)
    return value


def first_of(slot, cells_of):
    """Several columns for one fact: the first that says something."""

    def fill(cells, values):
        problem = None
        for place, cache, read in cells_of:
            try:
                value = value_of(cells[place], cache, read)
            except ValueProblem as error:
                problem = problem or error
                continue
            if value is not None:
                values[slot] = value
                return
        if problem:
            raise problem

    return fill


def _joined(slot, columns, glue):
    parts = [(place, cache, read) for _param, place, cache, read in columns]
    if len(parts) == 1:
        place, cache, read = parts[0]
        many = glue == " > "

        def fill_one(cells, values):
            values[slot] = value_of(cells[place], cache, read) if many else read(cells[place])

        return fill_one

    def fill(cells, values):
        found = [piece for place, _cache, read in parts for piece in (read(cells[place]) or "").split(glue) if piece]
        values[slot] = glue.join(dict.fromkeys(found)) or None

    return fill


def price(columns, general, labels):
    base = [cell for param, *cell in columns if not param]
    tiers = sorted((_quantity(param), place, cache, read) for param, place, cache, read in columns if param)
    amount_slot, currency, steps = POSITION["price"], POSITION["currency"], POSITION["tiers"]
    if len(base) == 1 and not tiers:
        place_one, cache_one, read_one = base[0]

        def fill_one(cells, values):
            values[amount_slot], named = value_of(cells[place_one], cache_one, read_one)
            said = values[currency]
            if named and said and said != named:
                raise ValueProblem("other_currency", text=named, currency=said)
            values[currency] = said or named or general

        return fill_one

    def fill(cells, values):
        named, offered = None, []
        for place, cache, read in base:
            values[amount_slot], named = value_of(cells[place], cache, read)
        for quantity, place, cache, read in tiers:
            if plain_text(cells[place]).casefold() in NOTHING:
                continue
            amount, found = value_of(cells[place], cache, read)
            offered.append([quantity, amount])
            named = named or found
        if tiers:
            if not base:
                if not offered:
                    raise ValueProblem("price_missing")
                values[amount_slot] = offered[0][1]
            values[steps] = _steps(offered, values[amount_slot])
        said = values[currency]
        if said and named and said != named:
            raise ValueProblem("other_currency", text=named, currency=said)
        values[currency] = said or named or general

    return fill


def stock(columns, general, labels):
    quantity_slot, mode = POSITION["stock"], POSITION["stock_mode"]
    base = [cell for param, *cell in columns if not param]

    def fill(cells, values):
        for place, cache, read in base:
            values[quantity_slot], values[mode] = value_of(cells[place], cache, read)

    return fill


def attributes(columns, general, labels):
    slot = POSITION["attributes"]
    named = [(param or labels[place].casefold(), place, cache, read) for param, place, cache, read in columns]

    def fill(cells, values):
        found = {}
        for name, place, cache, read in named:
            value = value_of(cells[place], cache, read)
            if value:
                found[name] = value
        values[slot] = json.dumps(found, ensure_ascii=False, sort_keys=True) if found else None

    return fill


def category(columns, general, labels):
    return _joined(POSITION["category"], columns, " > ")


def image_urls(columns, general, labels):
    return _joined(POSITION["image_urls"], columns, "\n")


def description(columns, general, labels):
    return _joined(POSITION["description"], columns, "\n")


def tiers(columns, general, labels):
    """A column that holds all steps: "10=2.50; 100=2.20"."""
    slot = POSITION["tiers"]
    place = columns[0][1]

    def fill(cells, values):
        values[slot] = _steps(_written_tiers(tidy(cells[place])))

    return fill


def _quantity(param):
    try:
        quantity = parse_number(param)
    except ValueProblem as error:
        raise FeedError("tier_wrong", text=param[:40]) from error
    if quantity <= 0:
        raise FeedError("tier_wrong", text=param[:40])
    return Decimal(plain_number(quantity))


def _steps(offered, single=None):
    """Prices from quantities as JSON; more must not cost more a piece."""
    if not offered:
        return None
    amounts = [*([single] if single else []), *(amount for _quantity, amount in offered)]
    for dear, cheap in zip(amounts, amounts[1:], strict=False):
        if cheap > dear:
            raise ValueProblem("tiers_rise", old=f"{dear:f}", new=f"{cheap:f}")
    return "[" + ", ".join(f"[{quantity:f}, {amount:f}]" for quantity, amount in offered) + "]"


def _written_tiers(text):
    if plain_text(text).casefold() in NOTHING:
        return []
    offered = []
    for piece in re.split(r"[;|\n]", text):
        match = re.fullmatch(r"\s*(?:>=|≥)?\s*(\d+)\s*\+?\s*[=:@]\s*([\d.,]+)\s*", piece)
        if not match:
            raise ValueProblem("tiers_wrong", text=text[:40])
        mark = decimal_mark([match[2]])
        offered.append([Decimal(match[1]), Decimal(plain_number(parse_number(match[2], mark)))])
    return sorted(offered)


FILLERS = {
    "price": price,
    "stock": stock,
    "attributes": attributes,
    "category": category,
    "image_urls": image_urls,
    "description": description,
    "tiers": tiers,
}
