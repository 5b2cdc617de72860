"""From a file to rows of text: which column is the day, the campaign, the source, the currency, the cost."""

import re
from typing import NamedTuple

from .shared import FeedError, currency_of, decimal_mark, read_grids, word

FIELDS = ("day", "campaign", "source", "currency", "amount")
WITHIN = 30  # rows in which the headings are looked for
MAX_ROWS = 50_000
MAX_BYTES = 20 * 2**20
# As the exports of advertisers name their columns, and people their own; of each field the first counts.
HEADINGS = {
    "day": (
        "day", "date", "reporting starts", "tag", "datum", "berichtsstart", "日期", "时间", "统计日期", "投放日期",
    ),
    "campaign": (
        "utm_campaign", "utm campaign", "campaign", "campaign name", "kampagne", "kampagnenname", "name der kampagne",
        "计划", "推广计划", "计划名称", "广告计划", "营销活动", "活动名称", "推广计划名称",
    ),
    "source": (
        "utm_source", "utm source", "source", "platform", "network", "publisher platform", "quelle", "plattform",
        "来源", "平台", "渠道", "媒体",
    ),
    "currency": ("currency", "currency code", "währung", "währungscode", "币种", "货币"),
    "amount": (
        "cost", "amount", "spend", "spent", "amount spent", "costs", "total cost", "kosten", "betrag",
        "ausgegebener betrag", "花费", "消耗", "费用", "金额", "总花费", "现金消耗",
    ),
}  # fmt: skip
TOTALS = ("total", "totals", "sum", "grand total", "summe", "gesamt", "合计", "小计", "总计", "共计", "汇总")


class Told(NamedTuple):
    """A row as it stands there: texts.

    :param int number: of the row in the file
    :param dict doubts: {field: rounded, error, formula}: what a spreadsheet did to it
    """

    number: int
    day: str = ""
    campaign: str = ""
    source: str = ""
    currency: str = ""
    amount: str = ""
    doubts: dict = {}


def read(content, filename=""):
    """The rows of a file, and the sign before fractions in it.

    :rtype: ([Told], str)
    :raise FeedError: it is no table, or has no headings for day, campaign and cost, or nothing below them

    >>> rows, mark = read("Tag;Kampagne;Ausgegebener Betrag (EUR)\\n02.03.2026;spring;1.234,50\\nSumme;;9,00".encode())
    >>> rows[0][:6], mark, len(rows)
    ((2, '02.03.2026', 'spring', '', 'EUR', '1.234,50'), ',', 1)
    """
    best = None
    for grid in read_grids(filename, content, MAX_ROWS, MAX_BYTES):
        for index, (_number, cells) in enumerate(grid.rows[:WITHIN]):
            columns = _columns(cells)
            if {"day", "campaign", "amount"} <= columns.keys() and (best is None or len(columns) > len(best[2])):
                best = grid, index, columns, _currency(cells[columns["amount"]])
    if best is None:
        raise FeedError("no_heading")
    grid, index, columns, currency = best
    rows = []
    for number, cells in grid.rows[index + 1 :]:
        row = _told(number, cells, columns, currency, grid.doubts)
        if row:
            rows.append(row)
    if not rows:
        raise FeedError("no_rows")
    return rows, decimal_mark([row.amount for row in rows])


def _columns(cells):
    """{field: place} of a row of headings.

    >>> _columns(["Campaign name", "Day", "Impr.", "Cost", "Currency code"])
    {'day': 1, 'campaign': 0, 'currency': 4, 'amount': 3}
    """
    said = [word(_bare(text)) for text in cells]
    found = {}
    for field, names in HEADINGS.items():
        place = next((said.index(name) for name in names if name in said), None)
        if place is not None:
            found[field] = place
    return found


def _bare(text):
    return re.sub(r"[(（\[][^()（）\[\]]*[)）\]]\s*$", "", text or "").strip()


def _currency(heading):
    """The currency a heading names behind it: Amount spent (EUR).

    >>> _currency("Amount spent (EUR)"), _currency("花费（元）"), _currency("Cost")
    ('EUR', 'CNY', '')
    """
    match = re.search(r"[(（\[]([^()（）\[\]]*)[)）\]]\s*$", heading or "")
    code = currency_of(match[1]) if match else ""
    return code if re.fullmatch(r"[A-Z]{3}", code) else ""


def _told(number, cells, columns, currency, doubts):
    """The row, or None for one that says nothing, or a sum."""
    found = {field: cells[place].strip() if place < len(cells) else "" for field, place in columns.items()}
    if not found["amount"] and not found["campaign"]:
        return None
    if word(found["day"]) in TOTALS or (word(found["campaign"]) in ("", *TOTALS) and not found["day"]):
        return None
    harm = {field: doubts[number, place] for field, place in columns.items() if (number, place) in doubts}
    found["currency"] = found.get("currency") or currency
    return Told(number, doubts=harm, **found)
