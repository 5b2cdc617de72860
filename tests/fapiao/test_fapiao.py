"""Tax numbers, splitting and netting of invoices, the bureau's workbook and its answer."""

import doctest
import importlib
import io
import random
from decimal import Decimal

import pytest
from fapiao import issue, numbers, sheet
from feeds.errors import FeedError
from openpyxl import Workbook, load_workbook

MODULES = ("numbers", "price", "issue", "sheet", "files")


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    found = doctest.testmod(importlib.import_module(f"fapiao.{name}"))
    assert found.attempted and not found.failed


@pytest.mark.parametrize(
    "number", ["91350200776049653A", "91350500798359476R", "91440101MA5CJQ4N59", "913502000728319549"]
)
def test_one_mistyped_character_of_a_credit_code_is_found(number):
    assert not numbers.tax_number_problem(number)
    for place in range(18):
        for sign in numbers.CHARACTERS:
            if sign != number[place]:
                assert numbers.tax_number_problem(number[:place] + sign + number[place + 1 :]) == "check"


def rows(rng):
    found = []
    for key in range(rng.randint(1, 6)):
        amount = Decimal(rng.randint(1, 500000)) / 100
        rate = Decimal(rng.choice((13, 9, 6, 0)))
        found.append(issue.Row(key, Decimal(rng.randint(1, 20)), amount, issue.cents(amount * rate / 100), rate))
    return found


def total(found):
    return sum(row.amount for row in found), sum(row.tax for row in found)


@pytest.mark.parametrize("seed", range(150))
def test_what_is_split_adds_up_and_keeps_the_limit(seed):
    rng = random.Random(seed)
    sold, limit, by_rate = rows(rng), Decimal(rng.randint(50, 3000)), rng.random() < 0.5
    sheets = issue.documents(sold, limit, by_rate)
    assert total([row for part in sheets for row in part]) == total(sold)
    for part in sheets:
        assert part and sum(row.amount for row in part) <= limit
        assert not by_rate or len({row.rate for row in part}) == 1


@pytest.mark.parametrize("seed", range(150))
def test_what_comes_back_is_never_more_than_was_issued(seed):
    rng = random.Random(seed)
    sold = rows(rng)
    issued = dict(enumerate(issue.documents(sold, Decimal(rng.randint(100, 2000)))))
    room = {
        key: {rate: sum(row.amount for row in part if row.rate == rate) for rate in {row.rate for row in part}}
        for key, part in issued.items()
    }
    credit = [row.part(issue.cents(row.amount * rng.randint(1, 150) / 100)) for row in sold if rng.random() < 0.8]
    found, over = issue.back(credit, room)
    assert total([row for part in found.values() for row in part] + over) == total(credit)
    for key, part in found.items():
        for rate in {row.rate for row in part}:
            assert sum(row.amount for row in part if row.rate == rate) <= room[key][rate]


@pytest.mark.parametrize("seed", range(100))
def test_net_is_the_difference(seed):
    rng = random.Random(seed)
    sold = rows(rng)
    back = [row.part(issue.cents(row.amount * rng.randint(0, 100) / 100)).negated() for row in sold]
    assert total(issue.net(sold + back)) == total(sold + back)


@pytest.mark.parametrize("seed", range(100))
def test_a_credit_is_shared_out_once(seed):
    rng = random.Random(seed)
    origins = {key: rows(rng) for key in range(3)}
    sold = [row for part in origins.values() for row in part]
    known = {
        key: {issue.goods_of(row): row.amount * rng.randint(0, 1) for row in part} for key, part in origins.items()
    }
    credit = [row.part(issue.cents(row.amount * rng.randint(1, 150) / 100)) for row in rng.sample(sold, len(sold) // 2)]
    found, over = issue.share(credit, origins, known)
    assert total([row for part in found.values() for row in part] + over) == total(credit)
    for key, part in found.items():
        room = issue.sums(origins[key])
        assert all(amount <= room[rate] for rate, amount in issue.sums(part).items())
        assert all(row.amount >= 0 for row in issue.less(origins[key], part))


@pytest.mark.parametrize("seed", range(100))
def test_to_issue_or_to_take_back_is_what_is_missing(seed):
    rng = random.Random(seed)
    sold, told = rows(rng), rows(rng)
    wanted, reds = issue.balance(sold, told)
    both = {row.rate for row in wanted} & {row.rate for row in reds}
    assert not both and all(row.amount >= 0 for row in wanted + reds)
    missing = issue.sums([*sold, *(row.negated() for row in told)])
    assert issue.sums([*wanted, *(row.negated() for row in reds)]) == {
        rate: amount for rate, amount in missing.items() if amount
    }


def test_the_workbook_is_read_again():
    heads = [{"serial": "FP1", "kind": "普通发票", "title": "=1+1", "tax_number": "91350200776049653A"}]
    lines = [{"serial": "FP1", "name": "灯", "amount": "100.00", "rate": "0.13", "tax": "13.00"}]
    book = load_workbook(io.BytesIO(sheet.build(heads, lines)))
    assert book.sheetnames == ["1-发票基本信息", "2-发票明细信息"]
    first = book.worksheets[0]
    assert first["F2"].value == "=1+1" and first["F2"].data_type == "s"
    assert first["G2"].value == "91350200776049653A" and first["G2"].number_format == "@"


def answer(rows):
    book, stream = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(stream)
    return stream.getvalue()


def test_a_number_as_a_number_was_rounded():
    """20 digits do not fit a spreadsheet's number."""
    found = sheet.read(
        answer([["发票流水号", "数电票号码"], ["FP1", 25332000000012345678], ["FP2", "25332000000012345678"]]), "a.xlsx"
    )
    assert [problem for _row, _said, problem in found] == ["rounded", ""]


def test_headings_below_a_title_and_in_any_order():
    found = sheet.read(
        answer(
            [
                ["开票清单"],
                [],
                ["备注", "开票日期", "数电发票号码", "单据号"],
                ["", "2026-11-27", "25332000000012345678", "FP1"],
            ]
        ),
        "a.xlsx",
    )
    assert [said["serial"] for _row, said, _problem in found] == ["FP1"]


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"%PDF-1.4", b"<html></html>"])
def test_what_is_no_list_is_refused(content):
    with pytest.raises(FeedError):
        sheet.read(content, "a.csv")
