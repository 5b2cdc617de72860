"""From rows of text to answers in the form of `connectors.answer`; what is not clear is given back with its reason.

A row says one thing about one line of an order: these goods left under this number, or I have none, or fewer, or at
another price. Rows of one order become one answer for what left and one for the rest.
"""

import re
from dataclasses import dataclass, field

try:
    from ..feeds.errors import ValueProblem
    from ..feeds.values import parse_number, plain_text
except ImportError:  # the package by itself, without the addon around it
    from feeds.errors import ValueProblem
    from feeds.values import parse_number, plain_text

from . import numbers

# What a column of a file from a supplier may say.
FIELDS = (
    "ref", "key", "sku", "qty", "shipped", "number", "carrier", "status", "accepted", "backordered", "rejected",
    "reason", "price", "date", "remote_ref", "substitute",
)  # fmt: skip
STATUS_WORDS = {
    "accepted": (
        "accepted", "confirmed", "ok", "yes", "ja", "bestätigt", "已接单", "接单", "接受", "确认", "已确认", "有货",
        "approved", "granted", "同意",
    ),
    "rejected": (
        "rejected", "refused", "declined", "no", "outofstock", "soldout", "nostock", "nichtlieferbar", "ausverkauft",
        "拒单", "拒绝", "缺货", "无货", "售罄", "断货", "没货", "停产",
    ),
    "shipped": ("shipped", "sent", "dispatched", "versendet", "verschickt", "已发货", "发货", "已发", "已出库"),
    "cancelled": ("cancelled", "canceled", "storniert", "已取消", "取消"),
    "received": (
        "received", "open", "new", "pending", "waiting", "offen", "待发货", "待处理", "未发货", "处理中", "备货中",
    ),
}  # fmt: skip
_STATUS = {word: status for status, words in STATUS_WORDS.items() for word in words}
OUT_OF_STOCK = (
    "outofstock", "soldout", "nostock", "nichtlieferbar", "ausverkauft", "缺货", "无货", "售罄", "断货", "没货",
)  # fmt: skip
TOTALS = ("total", "totals", "sum", "grandtotal", "summe", "gesamt", "合计", "小计", "总计", "共计")
MAX_ANSWERS = 20_000


@dataclass(frozen=True)
class Rejected:
    """A row that was not taken: its number in the file, its cells, the reason as code and figures."""

    row: int
    cells: tuple
    code: str
    params: dict = field(default_factory=dict)


class Reading(list):
    """The answers of a file; beside them what could not be taken and how many rows still wait for an answer.

    Each answer has `rows`, the numbers of the rows it was made of; `cells` knows their texts.
    """

    def __init__(self, answers=(), rejected=(), waiting=0, header=(), columns=None, cells=None):
        super().__init__(answers)
        self.rejected = list(rejected)
        self.waiting = waiting
        self.header = tuple(header)
        self.columns = columns or {}
        self.cells = cells or {}

    def units(self):
        """How many pieces left by the file."""
        return sum(line["qty"] for answer in self for parcel in answer["parcels"] for line in parcel["lines"])


class RowProblem(ValueError):
    """A row that cannot be taken."""

    def __init__(self, code, **params):
        super().__init__(code)
        self.code = code
        self.params = params


def word(text):
    """
    >>> word(" Out of  stock! "), word("缺 货")
    ('outofstock', '缺货')
    """
    return re.sub(r"[\W_]+", "", plain_text(text or "").casefold())


def read_rows(rows, columns, doubts=None, mark=".", header=()):
    """Read the rows of a table.

    :param rows: [(row number, [text, …])]
    :param dict columns: {field: [column index, …]}
    :param dict doubts: as `grid.Grid` has them
    :param str mark: the sign before fractions
    :return: Reading
    """
    reader = _Reader(columns, doubts or {}, mark)
    for number, cells in rows:
        reader.take(number, cells)
    rejected = sorted(reader.rejected, key=lambda row: row.row)
    return Reading(reader.answers(), rejected, reader.waiting, header, columns, reader.seen)


class _Reader:
    def __init__(self, columns, doubts, mark):
        self.columns, self.doubts, self.mark = columns, doubts, mark
        self.said = {}  # {ref: {"parcels": {number: …}, "lines": […], "status": set, "remote_ref", "reason"}}
        self.rejected, self.waiting, self.seen = [], 0, {}

    def take(self, number, cells):
        self.number, self.cells = number, cells
        if not any(cells) or self._is_total():
            return
        self.seen[number] = tuple(cells)
        try:
            self._take_row()
        except RowProblem as problem:
            self.rejected.append(Rejected(number, tuple(cells), problem.code, problem.params))

    def cell(self, name, exact=False):
        """The text of a field; '' when the file has no such column.

        :param bool exact: refuse what a spreadsheet has harmed
        """
        for column in self.columns.get(name, ()):
            text = self.cells[column].strip() if column < len(self.cells) else ""
            doubt = self.doubts.get((self.number, column))
            if doubt and exact:
                raise RowProblem(f"cell_{doubt}", text=text[:40])
            if text and exact and numbers.is_rounded(text):
                raise RowProblem("cell_rounded", text=text[:40])
            if text:
                return text
        return ""

    def _is_total(self):
        first = next((text for text in self.cells if text), "")
        return word(first) in TOTALS and not self._key()[1] and not self._numbers_text()

    def _key(self):
        """(ref, line) of the hidden key; the line may stand alone in files of others."""
        text = self.cell("key")
        if match := re.fullmatch(r"(.{1,64}):(\d{1,18})", text):
            return match[1].strip(), match[2]
        return "", text

    def _numbers_text(self):
        return any(column < len(self.cells) and self.cells[column] for column in self.columns.get("number", ()))

    # --- one row ---

    def _take_row(self):
        key_ref, line = self._key()
        ref = self.cell("ref", exact=True)
        if key_ref and ref and word(ref) != word(key_ref):
            raise RowProblem("mixed_up", text=ref[:40], other=key_ref)
        ref = key_ref or ref
        if not ref:
            raise RowProblem("ref_missing")
        if len(ref) > 64:
            raise RowProblem("ref_wrong", text=ref[:40])
        goods = {"line": line[:40], "sku": self.cell("sku", exact=not line)[:200]}
        status = self._status()
        found, missing = self._numbers()
        if missing or status == "rejected":
            self._order(ref)["lines"].append((self.number, self._rejected_line(goods)))
        elif status == "cancelled":
            self._order(ref)["status"].add("cancelled")
        elif found:
            self._take_parcels(ref, goods, found)
        elif not self._take_line(ref, goods, status):
            if status == "shipped":
                raise RowProblem("number_missing")
            self.waiting += 1
        self._note(ref)

    def _status(self):
        text = self.cell("status")
        if not text:
            return ""
        status = _STATUS.get(word(text))
        if not status:
            raise RowProblem("status_unknown", text=text[:40])
        return status

    def _numbers(self):
        """(numbers of the row, whether its words say that there is nothing to send)."""
        found = []
        for column in self.columns.get("number", ()):
            text = self.cells[column] if column < len(self.cells) else ""
            doubt = self.doubts.get((self.number, column))
            if doubt:
                raise RowProblem(f"cell_{doubt}", text=text[:40])
            if word(text) in OUT_OF_STOCK:
                return [], True
            if numbers.is_rounded(text):
                raise RowProblem("cell_rounded", text=text[:40])
            for part in numbers.split(text):
                if numbers.is_rounded(part):
                    raise RowProblem("cell_rounded", text=part[:40])
                number = numbers.tidy(part)
                if not number:
                    raise RowProblem("number_wrong", text=part[:40])
                found.append(number)
        return list(dict.fromkeys(found)), False

    def _take_parcels(self, ref, goods, found):
        quantity = self._quantity("shipped")
        if quantity is None:
            quantity = self._quantity("qty")
        if quantity == 0 and (self.cell("shipped") or self.cell("qty")):
            raise RowProblem("qty_zero")
        parcels = self._order(ref)["parcels"]
        carrier = self.cell("carrier")[:100]
        named = bool(goods["line"] or goods["sku"])
        for index, number in enumerate(found):
            parcel = parcels.setdefault(number, {"carrier": carrier, "goods": {}, "whole": False})
            parcel["carrier"] = parcel["carrier"] or carrier
            if not named:
                parcel["whole"] = True
                continue
            said = float(quantity or 0) if not index else 0.0  # further numbers are further boxes of the same goods
            name = (goods["line"], "" if goods["line"] else goods["sku"])
            known = parcel["goods"].get(name)
            if known and said and known["qty"] and known["qty"] != said:
                raise RowProblem("row_twice", text=number)
            if known is None or said:
                parcel["goods"][name] = {**goods, "qty": said}

    def _take_line(self, ref, goods, status):
        """What a row says about a line that did not leave yet; False when it says nothing."""
        line = {**goods, "accepted": self._quantity("accepted"), "reason": self.cell("reason")[:500]}
        for name in ("backordered", "rejected"):
            line[name] = self._quantity(name) or 0.0
        line["price"] = self._price()
        line["date"] = self._date()
        line["substitute"] = self.cell("substitute")[:200]
        changed = any(line[name] for name in ("backordered", "rejected", "price", "date", "substitute"))
        changed = changed or line["accepted"] is not None
        if not changed and status != "accepted":
            if status == "received":
                self._order(ref)["status"].add("received")
            return status == "received"
        if not goods["line"] and not goods["sku"]:
            if changed:
                raise RowProblem("line_missing")
            self._order(ref)["status"].add("accepted")
            return True
        self._order(ref)["lines"].append((self.number, line))
        return True

    def _rejected_line(self, goods):
        line = {**goods, "accepted": 0.0, "backordered": 0.0, "price": None, "date": None, "substitute": ""}
        quantity = self._quantity("rejected") or self._quantity("qty")
        reason = self.cell("reason") or self.cell("status") or next(
            (self.cells[column] for column in self.columns.get("number", ()) if column < len(self.cells)), ""
        )
        out = word(reason) in OUT_OF_STOCK
        line |= {"rejected": quantity or 0.0, "reason": reason[:500], "reason_code": "out_of_stock" if out else "other"}
        return line

    def _quantity(self, name):
        text = self.cell(name)
        if not text:
            return None
        text = re.sub(r"\s*(pcs?\.?|stk\.?|stück|units?|pieces?|件|个|台|只|套|盒|箱)$", "", text, flags=re.IGNORECASE)
        try:
            quantity = float(parse_number(text, self.mark))
        except ValueProblem:
            raise RowProblem("qty_wrong", text=text[:40]) from None
        if quantity < 0:
            raise RowProblem("qty_wrong", text=text[:40])
        return quantity

    def _price(self):
        text = self.cell("price")
        if not text:
            return None
        try:
            price = float(parse_number(re.sub(r"[¥￥€$£元]|[A-Z]{3}", "", text), self.mark))
        except ValueProblem:
            raise RowProblem("price_wrong", text=text[:40]) from None
        if price < 0:
            raise RowProblem("price_wrong", text=text[:40])
        return price

    def _date(self):
        text = self.cell("date")
        if not text:
            return None
        if match := re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?", text):
            year, month, day = match.groups()
        elif match := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text):
            day, month, year = match.groups()
        else:
            raise RowProblem("date_wrong", text=text[:40])
        if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
            raise RowProblem("date_wrong", text=text[:40])
        return f"{int(year):04d}-{int(month):02d}-{int(day):02d}"

    # --- the whole file ---

    def _order(self, ref):
        return self.said.setdefault(
            ref, {"parcels": {}, "lines": [], "status": set(), "remote_ref": "", "reason": "", "rows": []}
        )

    def _note(self, ref):
        if ref in self.said:
            self.said[ref]["rows"].append(self.number)
            self.said[ref]["remote_ref"] = self.said[ref]["remote_ref"] or self.cell("remote_ref")[:100]
            self.said[ref]["reason"] = self.said[ref]["reason"] or self.cell("reason")[:500]

    def answers(self):
        return [answer for ref, said in self.said.items() for answer in _answers_of(ref, said)]


def _answers_of(ref, said):
    base = {"ref": ref, "serial": 0, "remote_ref": said["remote_ref"], "lines": [], "parcels": []}
    base["rows"] = said["rows"]
    lines = [line for _row, line in said["lines"]]
    if "cancelled" in said["status"]:
        yield {**base, "status": "cancelled", "reason": said["reason"]}
    elif lines:
        refused = [line for line in lines if line.get("reason_code")]
        named = [line for line in lines if line["line"] or line["sku"]]
        whole = len(refused) == len(lines) and not said["parcels"] and not named
        changed = any(
            line["backordered"] or line["rejected"] or line["price"] or line["date"] or line["substitute"]
            or line["accepted"] is not None
            for line in lines
        )  # fmt: skip
        status = "rejected" if whole else "changed" if changed else "accepted"
        answer = {**base, "status": status, "reason": said["reason"], "lines": named}
        if whole:
            answer["reason_code"] = refused[0]["reason_code"]
            answer["reason"] = answer["reason"] or refused[0]["reason"]
        yield answer
    elif "accepted" in said["status"]:
        yield {**base, "status": "accepted"}
    elif "received" in said["status"] and not said["parcels"]:
        yield {**base, "status": "received"}
    if said["parcels"]:
        parcels = [
            {
                "number": number,
                "carrier": parcel["carrier"],
                "lines": [] if parcel["whole"] else list(parcel["goods"].values()),
            }
            for number, parcel in said["parcels"].items()
        ]
        yield {**base, "status": "shipped", "parcels": parcels}
