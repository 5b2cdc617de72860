"""Files damaged at random: each is read, or refused with a code of the list; nothing else ever comes out."""

import json
import random

import pytest
from feeds.canon import Column, Good, Plan
from feeds.errors import FeedError
from feeds.reader import guess, read
from feeds.reasons import CODES
from test_formats import table
from test_golden import DIALECTS, PLAN, written

ROUNDS = 40


def cut(content, chance):
    return content[: chance.randrange(len(content))]


def scratched(content, chance):
    content = bytearray(content)
    for _scratch in range(chance.randint(1, 20)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    return bytes(content)


def with_a_hole(content, chance):
    start = chance.randrange(len(content))
    return content[:start] + content[start + chance.randint(1, 200) :]


def with_rubbish(content, chance):
    start = chance.randrange(len(content))
    return content[:start] + chance.randbytes(30) + content[start:]


@pytest.mark.parametrize("damage", [cut, scratched, with_a_hole, with_rubbish])
@pytest.mark.parametrize("name", DIALECTS)
def test_damage_is_said_or_survived(name, damage):
    chance = random.Random(f"{name} {damage.__name__}")
    dialect = DIALECTS[name]
    rows, _meant = table(chance, dialect.get("name", "Lamp"), 12)
    whole = written(rows, dialect)
    for _round in range(ROUNDS):
        content = damage(whole, chance)
        for attempt in (lambda file: list(read(file, PLAN)), lambda file: guess(file).first):
            try:
                found = attempt(content)
            except FeedError as error:
                assert error.code in CODES
                continue
            for row in found:
                if not isinstance(row, Good):
                    assert row.reasons and all(code in CODES for code, _figures in row.reasons)
                    json.dumps([row.reasons, row.cells]).encode()
                else:
                    repr(row.values).encode()  # no lone surrogate: a database can hold it
                    assert "\x00" not in "".join(value for value in row.values if isinstance(value, str))


@pytest.mark.parametrize("content", [b"[1, 2, 3]", b"[[1, 2], [3, 4]]", b'["a"]'])
def test_items_that_are_no_objects_are_no_goods(content):
    for look in (lambda: guess(content, "list.json"), lambda: list(read(content, Plan((Column("sku", "sku"),))))):
        with pytest.raises(FeedError) as caught:
            look()
        assert caught.value.code == "no_items"
