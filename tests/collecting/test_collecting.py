"""Amounts taken apart come together again; a remittance of random rows loses none."""

import random
from decimal import Decimal

import pytest
from collecting import Expected, Told, match, share
from collecting.remittance import read
from feeds.errors import FeedError


@pytest.mark.parametrize("seed", range(200))
def test_parts_add_up_and_are_whole_steps(seed):
    rng = random.Random(seed)
    step = rng.choice([Decimal("0.01"), Decimal("1"), Decimal("0.05")])
    total = Decimal(rng.randint(0, 10**6)) * step
    weights = [Decimal(rng.randint(0, 999)) for _number in range(rng.randint(1, 9))]
    parts = share(total, weights, step)
    assert sum(parts) == total
    assert all(part >= 0 and part % step == 0 for part in parts)
    whole = sum(weights)
    if whole:
        assert all(abs(part - total * weight / whole) <= step for part, weight in zip(parts, weights, strict=True))


@pytest.mark.parametrize("seed", range(100))
def test_every_row_is_paid_once_or_has_a_reason(seed):
    rng = random.Random(seed)
    states = ("out", "delivered", "remitted", "refused")
    parcels = {
        f"N{number}": [Expected(number, Decimal(rng.randint(1, 999)) / 10, "CNY", rng.choice(states))]
        for number in range(20)
    }
    rows = []
    for line in range(40):
        number = f"N{rng.randint(0, 25)}"
        known = parcels.get(number)
        exact = known and rng.random() < 0.7
        rows.append(Told(line, number, known[0].amount if exact else Decimal(rng.randint(1, 999)) / 10))
    paid = set()
    for told, parts, reasons in match(rows, parcels):
        assert bool(parts) != bool(reasons)
        for one, amount in parts:
            assert one.key not in paid
            assert (one.state in ("out", "delivered"), amount) == (True, told.amount)
            paid.add(one.key)


def test_a_workbook_and_a_list_with_a_title_above_read_alike():
    text = "EMS 回款明细,,,\n运单号,代收货款(元),手续费,返款日期\nEB1CN,89.00,1.78,2026-11-20\n合计,89.00,1.78,\n"
    rows = read(text.encode("gb18030"), "x.csv")
    assert [(row.number, row.amount, row.fee, row.date) for row in rows] == [
        ("EB1CN", Decimal("89.00"), Decimal("1.78"), "2026-11-20")
    ]


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"a;b\n1;2", "运单号,备注\nX,1".encode()])
def test_what_is_no_remittance_is_refused_as_a_whole(content):
    with pytest.raises(FeedError):
        read(content, "x.csv")
