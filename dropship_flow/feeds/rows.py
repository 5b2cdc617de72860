"""From cells to rows a shop can buy from; what is doubtful is set aside with its reason."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from .errors import ValueProblem
from .sniff import MAX_CELL
from .values import (
    NOTHING,
    code_key,
    decimal_mark,
    parse_barcode,
    parse_code,
    parse_price,
    parse_stock,
    parse_weight,
    plain_text,
)

# A price this many times the last one is a lost decimal point or another unit far more often than a new price.
JUMP = 10
TOTALS = ("total", "totals", "sum", "subtotal", "grand total", "summe", "gesamt", "zwischensumme", "合计", "小计")


@dataclass(frozen=True)
class Row:
    """One product as the supplier offers it. Amounts in the supplier's currency, weight in kilograms."""

    line: int
    sku: str
    name: str
    price: Decimal
    stock: Decimal | None  # None: as many as you like
    barcode: str = ""
    weight: Decimal = Decimal(0)
    moq: Decimal = Decimal(0)
    pack: Decimal = Decimal(0)
    retail: Decimal | None = None

    @property
    def facts(self):
        return (self.sku, self.name, self.price, self.stock, self.barcode)


@dataclass(frozen=True)
class BadRow:
    """A row that was not taken, with every reason as (code, figures)."""

    line: int
    cells: tuple
    reasons: tuple


def read_rows(table, roles, currency="", known_prices=None):
    """Read every row of a table.

    :param dict roles: {role: column index}
    :param str currency: the supplier's; a row that names another one is set aside
    :param dict known_prices: {code key: last price} of what the supplier offered before
    :return: (good rows, bad rows); together they are all filled rows of the table, repetitions of one row left out
    """
    reader = _Reader(table, roles, currency, known_prices or {})
    good, bad = [], []
    for line, cells in table.rows:
        row, reasons = reader.row_of(line, cells)
        if reasons:
            bad.append(BadRow(line, cells, tuple(reasons)))
        else:
            good.append((row, cells))
    good, doubtful = _without_doubles(good)
    bad = sorted(bad + doubtful, key=lambda row: row.line)
    return [row for row, _cells in good], bad


def _without_doubles(pairs):
    """Codes and barcodes that name two different things: none of them is applied silently."""
    clashes = defaultdict(list)
    kept, seen = [], {}
    for row, cells in pairs:
        key = code_key(row.sku)
        if key in seen and seen[key].facts == row.facts:
            continue
        clashes["code", key].append((row, cells))
        if row.barcode:
            clashes["barcode", row.barcode].append((row, cells))
        seen.setdefault(key, row)
        kept.append((row, cells))
    reasons = defaultdict(list)
    for (kind, _key), group in clashes.items():
        if len(group) > 1:
            lines = ", ".join(str(row.line) for row, _cells in group)
            for row, _cells in group:
                text = row.sku if kind == "code" else row.barcode
                reasons[row.line].append((f"{kind}_twice", {"text": text, "lines": lines}))
    good = [(row, cells) for row, cells in kept if row.line not in reasons]
    bad = [BadRow(row.line, cells, tuple(reasons[row.line])) for row, cells in kept if row.line in reasons]
    return good, bad


class _Reader:
    """Reads the rows of one table, with what is true for its columns as a whole."""

    def __init__(self, table, roles, currency, known_prices):
        self.roles, self.currency, self.known = roles, currency, known_prices
        self.header = table.header
        self.marks = {
            role: decimal_mark([self._cell(cells, role) for _line, cells in table.rows[:500]])
            for role in ("price", "weight", "retail", "moq", "pack")
        }

    def _cell(self, cells, role):
        index = self.roles.get(role)
        return cells[index] if index is not None and index < len(cells) else ""

    def row_of(self, line, cells):
        """(Row, []) or (None, reasons)."""
        if any(len(cell) > MAX_CELL for cell in cells):
            return None, [("cell_long", {"limit": MAX_CELL})]
        if self._is_total(cells):
            return None, [("total_row", {})]
        reasons, values = [], {}
        for role in ("sku", "name", "price", "stock", "barcode", "weight", "moq", "pack", "retail"):
            try:
                values[role] = getattr(self, f"_{role}")(self._cell(cells, role))
            except ValueProblem as problem:
                reasons.append((problem.code, problem.params))
        if reasons:
            return None, reasons
        jump = self._jump(values["sku"], values["price"])
        if jump:
            return None, [jump]
        return Row(line=line, **values), []

    @staticmethod
    def _is_total(cells):
        first = next((cell for cell in cells if cell), "")
        word = plain_text(first).casefold().strip(":： ")
        return word in TOTALS

    def _sku(self, text):
        code = parse_code(text)
        if code.casefold() in NOTHING:
            raise ValueProblem("code_missing")
        return code

    def _name(self, text):
        name = plain_text(text)
        if name.casefold() in NOTHING:
            raise ValueProblem("name_missing")
        return name[:200]

    def _price(self, text):
        amount, currency = parse_price(text, self.marks["price"])
        if currency and self.currency and not _same_currency(currency, self.currency):
            raise ValueProblem("other_currency", text=currency, currency=self.currency)
        return amount

    def _stock(self, text):
        if self.roles.get("stock") is None:  # the list says nothing about stock: what it names can be had
            return None
        return parse_stock(text)

    def _barcode(self, text):
        return parse_barcode(text)

    def _weight(self, text):
        index = self.roles.get("weight")
        header = self.header[index] if index is not None and index < len(self.header) else ""
        return parse_weight(text, header, self.marks["weight"])

    def _moq(self, text):
        return self._count(text, "moq")

    def _pack(self, text):
        return self._count(text, "pack")

    def _count(self, text, role):
        if plain_text(text).casefold() in NOTHING:
            return Decimal(0)
        number = parse_stock(text) or Decimal(0)
        if number > 100_000:
            raise ValueProblem("too_large_number", text=text[:40])
        return number

    def _retail(self, text):
        if plain_text(text).casefold() in NOTHING:
            return None
        try:
            return parse_price(text, self.marks["retail"])[0]
        except ValueProblem:  # only a suggestion: without it the row is as good
            return None

    def _jump(self, code, price):
        last = self.known.get(code_key(code))
        if last and (price >= last * JUMP or price * JUMP <= last):
            return "price_jump", {"old": f"{last:f}", "new": f"{price:f}"}
        return None


def _same_currency(found, wanted):
    """The sign ¥ is written for yen and for yuan.

    >>> _same_currency("CNY", "JPY"), _same_currency("USD", "EUR")
    (True, False)
    """
    return found == wanted or {found, wanted} == {"CNY", "JPY"}
