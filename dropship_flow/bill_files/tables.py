"""Bills as tables: CSV in any usual encoding and dialect, or a workbook; headings in English, German or Chinese."""

import re
from decimal import ROUND_HALF_UP, Decimal

try:
    from ..feeds.dates import date_order, day_of
    from ..feeds.errors import FeedError, ValueProblem
    from ..feeds.values import CURRENCIES, decimal_mark, parse_number, plain_text
    from ..order_files.values import currency_of
    from ..sheets.grid import read_grids
except ImportError:  # the package by itself, without the addon around it
    from feeds.dates import date_order, day_of
    from feeds.errors import FeedError, ValueProblem
    from feeds.values import CURRENCIES, decimal_mark, parse_number, plain_text
    from order_files.values import currency_of
    from sheets.grid import read_grids

from .model import CREDIT, MAX_LINES, Bill, BillError, Line, number_key
from .words import HEAD, charge_of, field_of, total_of

HEADER_WITHIN = 40
MONEY = ("price", "price_gross", "amount", "amount_gross", "tax", "freight", "fee", "discount", "qty")
WHAT = {"sku", "name", "ref", "key"}
HOW_MUCH = {"qty", "price", "price_gross", "amount", "amount_gross"}
CREDIT_WORDS = re.compile(r"credit\s?note|gutschrift|storno|红字|红冲|退款单|贷项", re.IGNORECASE)
WITH_TAX = {"rate", "tax", "price_gross", "amount_gross"}
CENT = Decimal("0.01")


def read(filename, content):
    """
    :raise BillError: when it is no table, or none of its rows says what is billed
    """
    try:
        grids = read_grids(filename, content)
    except FeedError as error:
        raise BillError(error.code, **error.params) from error
    for grid in grids:
        found = _header(grid.rows)
        if found:
            return _Table(grid, *found).bill()
    raise BillError("no_headings")


def _header(rows):
    """(place among the rows, {field: column}) of the row that names most; None when none does."""
    best = None
    for index, (_number, cells) in enumerate(rows[:HEADER_WITHIN]):
        columns = {}
        for column, text in enumerate(cells):
            name = field_of(text) if len(text) <= 40 else ""
            if name:
                columns.setdefault(name, column)
        if columns.keys() & WHAT and columns.keys() & HOW_MUCH and len(columns) > (len(best[1]) if best else 1):
            best = (index, columns)
    return best


class _Table:
    def __init__(self, grid, index, columns):
        self.grid, self.columns = grid, columns
        self.above = [cells for _row, cells in grid.rows[:index]]
        self.rows = grid.rows[index + 1 :]
        self.headings = grid.rows[index][1]
        texts = [cells[columns[name]] for _row, cells in self.rows for name in MONEY if self._has(cells, name)]
        self.mark = decimal_mark(texts)
        self.order = date_order(
            [cells[columns[name]] for _row, cells in self.rows for name in ("date", "due") if self._has(cells, name)]
        )

    def _has(self, cells, name):
        return name in self.columns and self.columns[name] < len(cells) and bool(cells[self.columns[name]])

    def bill(self):
        bill = Bill()
        if len(self.rows) > MAX_LINES:
            raise BillError("too_many_lines", limit=MAX_LINES)
        for cells in self.above:
            self._above(bill, cells)
        seen = {name: {} for name in HEAD}
        for number, cells in self.rows:
            if any(cells) and not self._total(bill, number, cells):
                self._row(bill, number, cells, seen)
        self._head(bill, seen)
        _one_rate(bill)
        if not bill.currency:
            bill.currency = _currency_in(self.headings)
        if bill.goods and all(line.qty is not None and line.qty < 0 for line in bill.goods):
            bill.kind = CREDIT
        if bill.kind == CREDIT:
            _turned(bill)
        return bill

    # --- what is about the whole bill ---

    def _above(self, bill, cells):
        """Rows above the headings: "Invoice no.: RE-1", or name and value side by side."""
        shown = [text for text in cells if text]
        if CREDIT_WORDS.search(" ".join(shown)[:200]):
            bill.kind = CREDIT
        for index, text in enumerate(shown):
            label, sign, value = text.replace("：", ":").partition(":")
            name = field_of(label)
            value = value.strip() if sign and value.strip() else shown[index + 1] if index + 1 < len(shown) else ""
            if name in HEAD and value and not field_of(value):
                self._take_head(bill, name, value)
            elif name == "ref" and value:
                bill.refs.append(value[:64])

    def _take_head(self, bill, name, text):
        if name in ("date", "due"):
            if not getattr(bill, name):
                setattr(bill, name, self._day(bill, text))
        elif not getattr(bill, name):
            setattr(bill, name, currency_of(text)[:10] if name == "currency" else text[:64])

    def _day(self, bill, text, place=""):
        try:
            # Whoever writes dots writes the day first.
            return day_of(text, self.order or ("dmy" if "." in text else ""))
        except ValueProblem as problem:
            bill.wrong(problem.code if problem.code == "date_doubtful" else "date_wrong", place, text=text[:40])
            return None

    def _head(self, bill, seen):
        """What stands in every row: once, or the file holds several bills."""
        for name, values in seen.items():
            if not values:
                continue
            if name == "number" and len({number_key(text) for text in values}) > 1:
                bill.wrong("several_numbers", names=", ".join(list(values)[:5]))
            if name == "currency" and len({currency_of(text) for text in values}) > 1:
                bill.wrong("two_currencies", names=", ".join(sorted({currency_of(text) for text in values}))[:60])
            text, place = next(iter(values.items()))
            if name in ("date", "due"):
                setattr(bill, name, getattr(bill, name) or self._day(bill, text, place))
            else:
                self._take_head(bill, name, text)

    # --- rows ---

    def _total(self, bill, number, cells):
        """Whether the row is a total; it is kept to be compared."""
        filled = [text for text in cells if text]
        kinds = [total_of(text) for text in filled]
        about = [cells[self.columns[name]] for name in ("sku", "key") if self._has(cells, name)]
        if not kinds[0] or any(not total_of(text) for text in about):
            return False
        for name, field in (("amount", "net"), ("tax", "tax"), ("amount_gross", "gross")):
            if len(filled) > 2 and self._has(cells, name) and getattr(bill, field) is None:
                setattr(bill, field, self._number(bill, number, cells, name))
        if len(filled) == 2:
            column = len(cells) - 1 - next(i for i, text in enumerate(reversed(cells)) if text)
            # Where no column speaks of tax, the total of the lines is theirs: without it.
            name = kinds[0] if kinds[0] != "gross" or self.columns.keys() & WITH_TAX else "net"
            setattr(bill, name, self._cell_number(bill, number, column, cells[column]))
        elif kinds[0] == "gross" and bill.gross is None and "amount_gross" not in self.columns:
            bill.gross, bill.net = (bill.net, None) if bill.tax is None else (bill.net + bill.tax, bill.net)
        return True

    def _text(self, cells, name, size=200):
        return cells[self.columns[name]][:size] if self._has(cells, name) else ""

    def _number(self, bill, number, cells, name):
        if not self._has(cells, name):
            return None
        return self._cell_number(bill, number, self.columns[name], cells[self.columns[name]])

    def _cell_number(self, bill, number, column, text):
        if doubt := self.grid.doubts.get((number, column)):
            bill.wrong(f"cell_{doubt}", number, text=text[:40])
            return None
        shown = plain_text(text)
        for sign in sorted(CURRENCIES, key=len, reverse=True):
            shown = re.sub(rf"(?i)^{re.escape(sign)}\s*|\s*{re.escape(sign)}$", "", shown)
        if re.fullmatch(r"\(.*\)", shown):  # as bookkeepers write what is taken back
            shown = f"-{shown[1:-1]}"
        if shown in ("", "-", "–", "/", "无"):
            return None
        try:
            return parse_number(shown.rstrip("%"), self.mark)
        except ValueProblem as problem:
            bill.wrong("cell_formula" if problem.code == "formula" else "not_a_number", number, text=text[:40])
            return None

    def _row(self, bill, number, cells, seen):
        formula = [column for (row, column) in self.grid.doubts if row == number] if self.grid.doubts else []
        for column in formula:
            if column in self.columns.values():
                doubt = self.grid.doubts[number, column]
                bill.wrong(f"cell_{doubt}", number, text=(cells[column] if column < len(cells) else "")[:40])
        for name in HEAD:
            if text := self._text(cells, name, 64):
                seen[name].setdefault(text, number)
        line = Line(str(number), *(self._text(cells, name) for name in ("key", "ref", "sku", "name", "unit")))
        line.qty = self._number(bill, number, cells, "qty")
        line.tax, line.rate = (self._number(bill, number, cells, name) for name in ("tax", "rate"))
        if line.rate is not None and 0 < line.rate < 1:  # a workbook's 13 % is 0.13
            line.rate *= 100
        self._money(bill, number, cells, line)
        if not line.sku and not line.key:
            line.charge = charge_of(line.name, only=True)
        says = line.qty is not None or line.amount is not None or line.price is not None
        if says or line.sku or line.key:
            bill.lines.append(line)
        elif not self._charge_cells(cells):
            return
        self._beside(bill, number, cells, line.ref)

    def _money(self, bill, number, cells, line):
        line.price, line.amount = (self._number(bill, number, cells, name) for name in ("price", "amount"))
        price = self._number(bill, number, cells, "price_gross")
        amount = self._number(bill, number, cells, "amount_gross")
        if line.price is not None or line.amount is not None or price is None and amount is None:
            return
        if line.tax is not None and amount is not None:
            line.amount = amount - line.tax
            line.price = line.amount / line.qty if line.qty else None
            return
        line.price, line.amount, line.included = price, amount, True
        if line.rate is not None:
            _without_tax(line)

    def _charge_cells(self, cells):
        return any(self._has(cells, name) for name in ("freight", "fee", "discount"))

    def _beside(self, bill, number, cells, ref):
        """Freight, fees and discount as columns beside the goods."""
        for name, kind, sign in (("freight", "freight", 1), ("fee", "fee", 1), ("discount", "allowance", -1)):
            amount = self._number(bill, number, cells, name)
            if amount:
                amount = -abs(amount) if sign < 0 else amount
                heading = self.headings[self.columns[name]]
                bill.lines.append(Line(str(number), ref=ref, name=heading, charge=kind, amount=amount))


def _without_tax(line):
    """From prices with tax to those without, by the line's own rate."""
    part = 1 + line.rate / 100
    line.price = line.price / part if line.price is not None else None
    if line.amount is not None:
        gross, line.amount = line.amount, (line.amount / part).quantize(CENT, ROUND_HALF_UP)
        line.tax = gross - line.amount
    line.included = False


def _one_rate(bill):
    """Freight below goods that all have one rate has the same, where the prices include the tax."""
    rates = {line.rate for line in bill.goods}
    if len(rates) == 1 and None not in rates:
        for line in bill.charges:
            if line.included and line.rate is None:
                line.rate = next(iter(rates))
                _without_tax(line)


def _turned(bill):
    """A credit note's sums are what is given back: without their sign."""
    for line in bill.goods:
        line.qty = abs(line.qty) if line.qty is not None else None
        line.price = abs(line.price) if line.price is not None else None
    negative = any(line.amount is not None and line.amount < 0 for line in bill.goods)
    for record, names in [(line, ("amount", "tax")) for line in bill.lines] + [(bill, ("net", "tax", "gross"))]:
        for name in names:
            value = getattr(record, name)
            if value is not None and (negative or record is bill and value < 0):
                setattr(record, name, -value)


def _currency_in(headings):
    """The one currency named in brackets behind the headings."""
    found = {currency_of(word) for text in headings for word in re.findall(r"[(（\[]([^)）\]]{1,6})[)）\]]", text)
             if plain_text(word).casefold() in CURRENCIES}  # fmt: skip
    return found.pop() if len(found) == 1 else ""
