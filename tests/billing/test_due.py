"""What is invoiced in steps is, in the end, exactly what was ordered – whatever the steps were."""

import random

import pytest
from billing.due import CHARGE, DISCOUNT, GOODS, PREPAID, Row, plan


def world(rng):
    rows = [
        Row(f"goods {i}", GOODS, rng.randint(1, 9), 0, 0, 0, rng.randint(1, 900) / 10) for i in range(rng.randint(1, 5))
    ]
    if rng.random() < 0.7:
        rows.append(Row("freight", CHARGE, 1, 0, 0, 0, 4.9))
    if rng.random() < 0.6:
        rows.append(Row("coupon", DISCOUNT, 1, 0, 0, 0, -3.0))
    return rows


def opened(row):
    return row._replace(open=row.ordered - row.invoiced)


@pytest.mark.parametrize("seed", range(200))
def test_every_step_ends_at_the_ordered_quantity(seed):
    rng = random.Random(seed)
    rows = world(rng)
    ends = 0
    while any(row.reached < row.ordered for row in rows if row.kind == GOODS):
        rows = [
            row._replace(reached=min(row.ordered, row.reached + rng.randint(0, 3))) if row.kind == GOODS else row
            for row in rows
        ]
        due, final = plan([opened(row) for row in rows])
        assert all(quantity > 0 for quantity in due.values())
        for row in rows:
            if row.kind == GOODS:
                assert row.invoiced + due.get(row.key, 0) <= row.reached + 1e-9
        rows = [row._replace(invoiced=row.invoiced + due.get(row.key, 0)) for row in rows]
        ends += final
    assert ends == 1
    assert all(abs(row.invoiced - row.ordered) < 1e-6 for row in rows)
    assert plan([opened(row) for row in rows]) == ({}, False)


def test_nothing_left_nothing_invoiced():
    rows = [Row("a", GOODS, 3, 0, 0, 3, 30), Row("freight", CHARGE, 1, 0, 0, 1, 5)]
    assert plan(rows) == ({}, False)


def test_paid_before_is_taken_off_with_the_last_part_only():
    goods, paid = Row("a", GOODS, 3, 1, 0, 3, 30), Row("paid", PREPAID, 0, 0, 1, -1, 0)
    assert plan([goods, paid]) == ({"a": 1}, False)
    assert plan([goods._replace(reached=3, invoiced=1, open=2), paid]) == ({"a": 2, "paid": -1}, True)


def test_delivered_but_paid_and_invoiced_before():
    """The automatic invoice at payment took everything: nothing is left."""
    assert plan([Row("a", GOODS, 3, 3, 3, 0, 30), Row("freight", CHARGE, 1, 0, 1, 0, 5)]) == ({}, False)


def test_more_arrived_than_was_ordered_is_not_invoiced_beyond_what_is_open():
    assert plan([Row("a", GOODS, 3, 4, 0, 3, 30)]) == ({"a": 3}, True)
