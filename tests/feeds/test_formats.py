"""Random clean tables, written in every format and dialect, are read back equal; the hash of a row too."""

import random
from decimal import Decimal

import pytest
from feeds.canon import POSITION, Column, Good, Plan
from feeds.reader import guess, read
from test_golden import CLEAN, DIALECTS, TARGETS, written

WORDS = ["Lamp", "Desk", "a,b", "x;y", '5" high', "50% off", "A & B", "<b>", "tab", "C|D", "#1", "'quoted'", "=1+1"]
MARKS = {".": (",", " ", "'", ""), ",": (".", " ", "")}
ORDERS = {"ymd": "{0:04}-{1:02}-{2:02}", "dmy": "{2:02}.{1:02}.{0}", "mdy": "{1}/{2}/{0}"}


def gtin(chance):
    body = f"4{chance.randrange(10**11):011d}"
    return body + str(-sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body)) % 10)


def table(chance, word="Lamp", size=40):
    """(rows of text, what they must be read as)"""
    mark = chance.choice(".,")
    group, order = chance.choice(MARKS[mark]), chance.choice(list(ORDERS))
    rows, meant = [], []
    for number in range(size):
        cents = chance.choice([chance.randint(1, 99), chance.randint(100, 99_999), chance.randint(100_000, 99_999_999)])
        whole, rest = divmod(cents, 100)
        code = gtin(chance)
        # Each column has values that can be read one way only, as a column of a real file has.
        day = (chance.randint(2024, 2027), chance.randint(1, 12), chance.randint(1, 28) if number % 2 else 28)
        stock = chance.choice([0, 1, 5, 999, 12_000])
        name = " ".join([word, *chance.sample(WORDS, 2), str(number)])
        rows.append(
            CLEAN
            | {
                "sku": f"{chance.choice(['0', 'K-', 'a/', ''])}{number:04d}",
                "name": name,
                "price": f"{whole:,}".replace(",", group) + f"{mark}{rest:02d}",
                "stock": str(stock),
                "ean": code,
                "arrival": ORDERS[order].format(*day),
                "pack": str(chance.randint(1, 24)),
            }
        )
        meant.append((rows[-1]["sku"], name, Decimal(cents) / 100, Decimal(stock), code.zfill(14), day))
    return rows, meant


def as_meant(row):
    sku, name, price, stock, code, day = (
        row.values[POSITION[field]] for field in ("sku", "name", "price", "stock", "barcode", "next_arrival")
    )
    return sku, name, price, stock, code, (day.year, day.month, day.day)


@pytest.mark.parametrize("seed", range(5))
def test_what_was_written_is_read(seed):
    keys = {}
    for name, dialect in DIALECTS.items():
        word = dialect.get("name", "Lamp")
        rows, meant = table(random.Random(seed), word)
        plan = Plan(
            tuple(Column(source, target) for source, target in TARGETS.items()),
            encoding=dialect.get("said", ""),
            currency="EUR",
        )
        found = list(read(written(rows, dialect), plan))
        assert all(isinstance(row, Good) for row in found), (name, [row for row in found if not isinstance(row, Good)])
        assert [as_meant(row) for row in found] == meant, name
        keys.setdefault(word, {})[name] = [row.key for row in found]
    for same in keys.values():
        first, *others = same.values()
        assert all(other == first for other in others)
        assert len(set(first)) == len(first)


@pytest.mark.parametrize("name", DIALECTS)
def test_columns_are_found_without_being_told(name):
    dialect = DIALECTS[name]
    rows, _meant = table(random.Random(3), dialect.get("name", "Lamp"))
    found = guess(written(rows, dialect), base=Plan(encoding=dialect.get("said", ""), currency="EUR"))
    targets = {column.source: column.target for column in found.plan.columns}
    assert targets == {
        source: target for source, target in TARGETS.items() if found.format == "csv" or source in targets
    }
    assert {"sku", "name", "price", "stock", "ean", "arrival", "pack"} <= set(targets)
    assert len(found.first) == 10 and all(isinstance(row, Good) for row in found.first)
    again = list(read(written(rows, dialect), found.plan))
    assert [row.key for row in again[:10]] == [row.key for row in found.first]
