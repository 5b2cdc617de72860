"""From a payout file to rows of one form, grouped by payout.

A layout is plain data: {"columns": [{"heading", "field", "transform", "argument", "kind", "fee_kind", "turned"}],
"words": [{"said", "kind", "fee_kind"}], "decimal", "date_order", "zone", "currency", "take", "cancelled", "minus",
"account": bool}. A row may hold several amounts, each in a column of its own: every one that is not nothing becomes a
row of the payout. Columns without a kind of their own are sorted by the words of the row: the first that fits.
"""

import re
from decimal import Decimal
from fnmatch import fnmatchcase
from functools import lru_cache

try:
    from ..feeds.errors import FeedError, ValueProblem
    from ..order_files.values import currency_of, parse_moment, parse_money, transform, word
    from ..sheets import grid as tables
    from ..sheets.numbers import is_rounded
except ImportError:  # the package by itself, without the addon around it
    from feeds.errors import FeedError, ValueProblem
    from order_files.values import currency_of, parse_moment, parse_money, transform, word
    from sheets import grid as tables
    from sheets.numbers import is_rounded

from .facts import ZERO, Fact, Payout, Statement, check
from .kinds import CUSTOMER, by_sign

# What a column of a payout file may say.
FIELDS = (
    "payout", "payout_total", "payout_date", "date", "number", "entry", "transaction", "kind", "amount", "money_in",
    "money_out", "net", "direction", "balance", "currency", "status", "title",
)  # fmt: skip
AMOUNTS = ("amount", "money_in", "money_out")
JOINED = ("kind", "title")
NET = {"field": "net", "kind": "", "turned": False}
WITHIN = 30  # rows in which the headings are looked for
MAX_ROWS = 120_000
MAX_BYTES = 40 * 2**20
PLAIN = re.compile(r"-?\d{1,15}(\.\d{1,6})?")


def read(layout, content, filename=""):
    """The payouts of a file.

    :raise FeedError: when it is no table, or none of this layout
    """
    header, rows, doubts = _table(layout, content, filename)
    sort = sorter(layout.get("words") or ())
    reader = _Reader(layout, header, sort)
    for number, cells in rows:
        reader.take(number, cells, doubts)
    payouts = reader.finish()
    if not payouts:
        raise FeedError("no_rows")
    return Statement(payouts, reader.skipped)


def recognise(layouts, content, filename=""):
    """The layout most of whose headings the file has; None when it has too few of every one.

    :param layouts: [(key, layout)]
    """
    best = None
    try:
        grids = tables.read_grids(filename, content, MAX_ROWS, MAX_BYTES)
    except FeedError:
        return None
    lines = [{word(text) for text in cells} for grid in grids for _number, cells in grid.rows[:WITHIN]]
    for key, layout in layouts:
        wanted = {word(column["heading"]) for column in layout["columns"] if column["heading"]}
        needed = [column for column in layout["columns"] if column["field"] in AMOUNTS]
        for said in lines:
            found = len(wanted & said)
            if found >= 3 and any(word(column["heading"]) in said for column in needed):
                score = (found, found / len(wanted))
                if best is None or score > best[0]:
                    best = (score, key)
    return best[1] if best else None


def _table(layout, content, filename):
    """(headings, [(number, cells)], {(number, column): harm}) of the sheet with most of the layout's headings."""
    wanted = {word(column["heading"]) for column in layout["columns"] if column["heading"]}
    amounts = [word(column["heading"]) for column in layout["columns"] if column["field"] in AMOUNTS]
    best = None
    for grid in tables.read_grids(filename, content, MAX_ROWS, MAX_BYTES):
        for index, (_number, cells) in enumerate(grid.rows[:WITHIN]):
            said = {word(text) for text in cells}
            found = len(wanted & said)
            if any(name in said for name in amounts) and (best is None or found > best[0]):
                best = (found, grid, index, cells)
    if best is None or best[0] < 3:
        missing = next((column["heading"] for column in layout["columns"] if column["field"] in AMOUNTS), "amount")
        raise FeedError("column_missing", name=missing)
    _found, grid, index, header = best
    return [word(text) for text in header], grid.rows[index + 1 :], grid.doubts


def sorter(words):
    """A function from the words of a row to (kind, kind of fee); ("unknown", "") when none fits.

    >>> sort = sorter([{"said": "order / * / commission", "kind": "fee", "fee_kind": "commission"},
    ...                {"said": "order / *", "kind": "sale", "fee_kind": ""}])
    >>> sort("Order / ItemFees / Commission"), sort("Order / ItemPrice / Principal"), sort("Gift")
    (('fee', 'commission'), ('sale', ''), ('unknown', ''))
    """
    rules = [(word(rule["said"]), rule["kind"], rule["fee_kind"]) for rule in words]

    @lru_cache(maxsize=4096)
    def sort(said):
        text = word(said)
        return next(((kind, fee) for pattern, kind, fee in rules if fnmatchcase(text, pattern)), ("unknown", ""))

    return sort


class _Reader:
    """Turns rows into facts, one after the other."""

    def __init__(self, layout, header, sort):
        self.layout, self.sort, self.skipped = layout, sort, {}
        self.payouts, self.header = {}, header
        # {place in the row: [columns of the layout]}
        self.columns = [
            (header.index(word(column["heading"])), column)
            for column in layout["columns"]
            if column["heading"] and word(column["heading"]) in header
        ]
        self.fixed = {column["field"]: column["argument"] for column in layout["columns"]
                      if column.get("transform") == "fixed"}  # fmt: skip
        self.has_payout = any(column["field"] == "payout" for _place, column in self.columns)
        self.mark = layout.get("decimal") or "."
        self.moment = lru_cache(maxsize=8192)(
            lambda text: parse_moment(text, layout.get("date_order") or "ymd", layout.get("zone") or "UTC")[:10]
        )
        told = {key: layout.get(key) or () for key in ("take", "cancelled", "minus")}
        self.skip_words = {key: {word(text) for text in texts} for key, texts in told.items()}
        self.currencies = {}

    def take(self, number, cells, doubts):
        said, amounts, problems = dict(self.fixed), [], []
        for place, column in self.columns:
            text = cells[place] if place < len(cells) else ""
            if not text:
                continue
            if column.get("transform"):
                text = transform(column["transform"], text, column.get("argument") or "")
            name = column["field"]
            if name in AMOUNTS:
                amounts.append((column, text))
            elif name in JOINED and said.get(name):
                said[name] = f"{said[name]} / {text}"
            elif not said.get(name):
                said[name] = text
                if name == "number" and ((number, place) in doubts or is_rounded(text)):
                    problems.append(["payout_rounded", {"text": text}])
        if [word(text) for text in cells if text] == [text for text in self.header if text]:
            return
        if reason := self._left_out(said):
            if amounts:
                self.skipped[reason] = self.skipped.get(reason, 0) + 1
            return
        self._keep(number, said, amounts, problems)

    def _left_out(self, said):
        status = word(said.get("status") or "")
        if self.skip_words["take"] and status not in self.skip_words["take"]:
            return "status"
        if status in self.skip_words["cancelled"] and status:
            return "status"
        if self.has_payout and not (said.get("payout") or "").strip("-– "):
            return "not_paid_out"
        return ""

    def _keep(self, number, said, amounts, problems):
        payout = self._payout(said, problems)
        unread = []
        net_only = bool(said.get("net")) and not any(self._money(text, unread) for _column, text in amounts)
        if net_only := net_only and not unread:
            amounts = [(NET, said["net"])]  # the row says nothing but what it comes to
        elif not amounts and not problems:
            return  # no row of money: a sum at the end, a remark
        day = self._day(said.get("date") or said.get("payout_date") or "", problems)
        parts, net = [], ZERO
        for place, (column, text) in enumerate(amounts):
            amount = self._amount(column, text, said, problems)
            if amount is None or (not amount and not problems):
                continue
            kind, fee = (column["kind"], column.get("fee_kind") or "") if column.get("kind") else self.sort(
                said.get("kind") or ""
            )  # fmt: skip
            fact = Fact(number, place, by_sign(kind, amount), fee or ("other" if kind == "fee" else ""), amount, day,
                        self._text(said, "number", 64), self._text(said, "entry", 80),
                        self._text(said, "transaction", 80), self._text(said, "kind", 200),
                        self._text(said, "title", 200))  # fmt: skip
            if kind == "unknown":
                fact.problems.append(["payout_kind_unknown", {"text": fact.said or "–"}])
            parts.append(fact)
            net += amount
        if not parts and not problems:
            return
        if not parts:
            parts = [Fact(number, 0, "unknown", "", ZERO, day, self._text(said, "number", 64),
                          said=self._text(said, "kind", 200))]  # fmt: skip
        if not net_only:
            self._check_net(said, net, parts)
        for fact in parts:
            fact.problems += [problem for problem in problems if problem not in fact.problems
                              and (problem[0] != "payout_rounded" or fact.kind in CUSTOMER)]  # fmt: skip
        payout.facts += parts
        if day:
            payout.first = min(payout.first or day, day)
            payout.date = payout.date if said.get("payout_date") else max(payout.date, day)
        if said.get("balance"):
            payout.balances.append((self._money(said["balance"], []), net))

    @staticmethod
    def _text(said, name, most):
        return (said.get(name) or "").strip()[:most]

    def _payout(self, said, problems):
        ref = (said.get("payout") or "").strip()[:80]
        currency = currency_of(said.get("currency") or "") or self.currencies.get(ref) or (
            self.layout.get("currency") or ""
        )  # fmt: skip
        self.currencies.setdefault(ref, currency)
        payout = self.payouts.setdefault((ref, currency), Payout(ref, currency))
        if said.get("payout_total"):
            told = self._money(said["payout_total"], problems)
            payout.told = payout.told if told is None else told
        if said.get("payout_date"):
            payout.date = self._day(said["payout_date"], problems) or payout.date
        return payout

    def _day(self, text, problems):
        try:
            return self.moment(text) if text else ""
        except ValueProblem as error:
            problems.append([error.code, error.params])
            return ""

    def _money(self, text, problems):
        if self.mark == "." and PLAIN.fullmatch(text):
            return Decimal(text)
        try:
            amount, _currency = parse_money(text, self.mark)
        except ValueProblem as error:
            problems.append([error.code, error.params])
            return None
        return amount

    def _amount(self, column, text, said, problems):
        amount = self._money(text, problems)
        if amount is None:
            return None
        # Where a row says what it comes to, its direction is that of the whole, and its parts have signs of their own.
        whole = column["field"] == "net" or not said.get("net")
        if column["field"] == "money_out" or (whole and self._is_taken(said)):
            return -abs(amount)
        return -amount if column.get("turned") else amount

    def _is_taken(self, said):
        return word(said.get("direction") or "") in self.skip_words["minus"]

    def _check_net(self, said, net, parts):
        """A row says itself what it comes to: then its amounts have to."""
        if not said.get("net"):
            return
        told = self._amount(NET, said["net"], said, [])
        if told is not None and told != net:
            parts[0].problems.append(["payout_row_sum", {"told": str(told), "found": str(net)}])

    def finish(self):
        """The payouts in order, those without a number named by their days, and what does not add up."""
        found = [payout for payout in self.payouts.values() if payout.facts]
        for payout in found:
            if not payout.ref:
                payout.ref = payout.first if payout.first == payout.date else f"{payout.first} – {payout.date}"
            payout.problems += check(payout, self.layout.get("account"))
        return found
