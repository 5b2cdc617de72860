"""A carrier's remittance (代收货款 回款): read from its file, and held against the parcels that collect."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

try:
    from ..feeds.errors import FeedError, ValueProblem
    from ..order_files.values import currency_of, parse_moment, parse_money, word
    from ..sheets import grid as tables
    from ..sheets.numbers import is_rounded, tidy
except ImportError:  # the package by itself, without the addon around it
    from feeds.errors import FeedError, ValueProblem
    from order_files.values import currency_of, parse_moment, parse_money, word
    from sheets import grid as tables
    from sheets.numbers import is_rounded, tidy

# Headings as `order_files.values.word` leaves them, without what stands in brackets.
WORDS = {
    "number": (
        "tracking number", "tracking no", "tracking", "trackingnumber", "waybill", "waybill no", "awb", "parcel",
        "parcel number", "shipment", "shipment number", "consignment", "sendungsnummer", "paketnummer", "运单号",
        "运单号码", "快递单号", "单号", "面单号", "物流单号", "邮件号", "邮件号码",
    ),
    "amount": (
        "cod amount", "cod", "collected", "amount collected", "collected amount", "amount", "cash", "nachnahmebetrag",
        "betrag", "代收货款", "代收货款金额", "代收金额", "货款", "货款金额", "应返货款", "收款金额",
    ),
    "fee": (
        "fee", "cod fee", "service fee", "charge", "handling fee", "gebuehr", "gebühr", "手续费", "服务费",
        "代收手续费", "代收货款手续费", "代收货款服务费", "扣款",
    ),
    "net": (
        "net", "net amount", "paid out", "payout", "remitted", "auszahlung", "实返金额", "实际返款", "返款金额",
        "回款金额", "实付金额", "应付金额", "到账金额",
    ),
    "date": (
        "date", "paid on", "remittance date", "date paid", "datum", "日期", "返款日期", "回款日期", "签收日期",
        "签收时间", "结算日期",
    ),
    "currency": ("currency", "währung", "waehrung", "币种", "货币"),
}  # fmt: skip
KNOWN = {text: name for name, words in WORDS.items() for text in words}
WITHIN = 20  # rows in which the headings are looked for
TOTALS = ("total", "sum", "summe", "合计", "总计", "小计")


@dataclass
class Told:
    """A row of the file. Amounts are Decimal; problems are [code, params]."""

    line: int
    number: str
    amount: object = None
    fee: Decimal = Decimal(0)
    currency: str = ""
    date: str = ""  # ISO day
    raw: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)


def number_of(text):
    """A parcel's number as it is kept with the parcel; what cannot be one stays readable.

    >>> number_of(" sf 1234-567 "), number_of("ＳＦ１２３"), number_of("123456789012.0"), number_of("–")
    ('SF1234-567', 'SF123', '123456789012', '')
    """
    return tidy(text) or re.sub(r"[^0-9a-z]", "", word(text)).upper()


def role_of(heading):
    """
    >>> role_of("代收货款（元）"), role_of("Tracking No."), role_of("Weight")
    ('amount', 'number', '')
    """
    return KNOWN.get(re.sub(r"\([^)]*\)|[.:*]", "", word(heading)).strip(), "")


def read(content, filename="", order="ymd"):
    """The rows of a remittance file.

    :raise FeedError: when it is no table, or has no column for numbers or for amounts
    """
    best = (0, None, 0, {})
    for grid in tables.read_grids(filename, content):
        for index, (_line, cells) in enumerate(grid.rows[:WITHIN]):
            columns = {}
            for place, text in enumerate(cells):
                if (role := role_of(text)) and role not in columns:
                    columns[role] = place
            if len(columns) > best[0]:
                best = (len(columns), grid, index, columns)
    _count, grid, index, columns = best
    if "number" not in columns:
        raise FeedError("column_missing", name="Tracking number / 运单号")
    if not {"amount", "net"} & columns.keys():
        raise FeedError("column_missing", name="Amount / 代收货款")
    header = grid.rows[index][1]
    rows = []
    for line, cells in grid.rows[index + 1 :]:
        raw = {name: text for name, text in zip(header, cells, strict=False) if name and text}
        if not raw or cells == header or word(cells[0]).strip(":") in TOTALS:
            continue
        rows.append(_row(line, cells, columns, raw, grid.doubts, order))
    if not rows:
        raise FeedError("no_rows")
    return rows


def _row(line, cells, columns, raw, doubts, order):
    def text(name):
        place = columns.get(name)
        return cells[place].strip() if place is not None and place < len(cells) else ""

    told = Told(line, number_of(text("number")), raw=raw)
    harmed = (line, columns["number"]) in doubts or is_rounded(text("number"))
    if harmed:
        told.problems.append(["cod_number_harmed", {"number": text("number")[:64]}])
    elif not told.number:
        told.problems.append(["cod_no_number", {}])
    found = {}
    for name in ("amount", "fee", "net"):
        try:
            found[name], currency = parse_money(text(name))
            told.currency = told.currency or currency or ""
        except ValueProblem:
            told.problems.append(["cod_not_a_number", {"text": text(name)[:40]}])
    told.currency = currency_of(text("currency"))[:3] or told.currency
    _amounts(told, **{name: found.get(name) for name in ("amount", "fee", "net")})
    try:
        told.date = parse_moment(text("date"), order)[:10]
    except ValueProblem:
        told.problems.append(["cod_not_a_date", {"text": text("date")[:40]}])
    return told


def _amounts(told, amount, fee, net):
    """Of collected, fee and net two are enough; three have to agree. A fee is a deduction, whatever its sign."""
    fee = abs(fee) if fee is not None else None
    if amount is None and net is not None:
        amount = net + (fee or 0)
    if fee is None:
        fee = amount - net if amount is not None and net is not None else Decimal(0)
    told.amount, told.fee = amount, fee
    if told.problems:
        return
    if amount is None:
        told.problems.append(["cod_no_amount", {}])
    elif amount <= 0:
        told.problems.append(["cod_not_positive", {"amount": f"{amount:.2f}"}])
    elif net is not None and net != amount - fee:
        told.problems.append(["cod_sum", {"amount": f"{amount:.2f}", "fee": f"{fee:.2f}", "net": f"{net:.2f}"}])
    elif not 0 <= fee <= amount:
        told.problems.append(["cod_fee", {"amount": f"{amount:.2f}", "fee": f"{fee:.2f}"}])


@dataclass(frozen=True)
class Expected:
    """What a parcel is to bring. state: out, delivered, remitted, refused."""

    key: object
    amount: Decimal
    currency: str
    state: str


def match(rows, parcels, currency=""):
    """Hold a file's rows against the parcels.

    :param rows: list of Told
    :param dict parcels: {number: [Expected]}; several where one box holds goods of several orders
    :param str currency: of amounts that name none; empty: the parcel's
    :return: list of (Told, [(Expected, amount)], [[code, params]]): paid parts, or why not

    >>> told = Told(2, "SF1", Decimal("30.00"))
    >>> one = Expected(1, Decimal("30.00"), "CNY", "delivered")
    >>> [(parts[0][1], why) for _row, parts, why in match([told], {"SF1": [one]})]
    [(Decimal('30.00'), [])]
    >>> match([told, told], {"SF1": [one]})[1][2][0][0], match([Told(3, "XX", Decimal(1))], {})[0][2][0][0]
    ('cod_twice', 'cod_unknown')
    >>> match([Told(2, "SF1", Decimal("29.00"))], {"SF1": [one]})[0][2]
    [['cod_differs', {'amount': '29.00', 'expected': '30.00', 'difference': '-1.00'}]]
    """
    seen, result = {}, []
    for told in rows:
        reasons = list(told.problems)
        found = parcels.get(told.number, [])
        if not reasons:
            reasons = _doubts(told, found, seen, currency)
            if not reasons or reasons[0][0] != "cod_twice":
                seen.setdefault(told.number, told.line)
        result.append((told, [] if reasons else [(one, one.amount) for one in found], reasons))
    return result


def _doubts(told, found, seen, currency):
    if told.number in seen:
        return [["cod_twice", {"line": seen[told.number]}]]
    if not found:
        return [["cod_unknown", {"number": told.number}]]
    if all(one.state == "remitted" for one in found):
        return [["cod_paid_before", {"number": told.number}]]
    if any(one.state == "refused" for one in found):
        return [["cod_refused_paid", {"number": told.number}]]
    unit = told.currency or currency
    if unit and any(one.currency != unit for one in found):
        return [["cod_currency", {"told": unit, "expected": found[0].currency}]]
    expected = sum(one.amount for one in found)
    if told.amount != expected:
        figures = {"amount": told.amount, "expected": expected, "difference": told.amount - expected}
        return [["cod_differs", {name: f"{value:.2f}" for name, value in figures.items()}]]
    return []
