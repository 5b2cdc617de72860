"""From rows to orders, told as the order API takes them.

Rows of one order number are one order: what they say of the whole order is taken from the first that says it (or added
up, where a column says so), and each row with goods is a line. Nothing is guessed about goods: a line says the
channel's code, the caller finds the product.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal

try:
    from ..address.countries import country_of
    from ..feeds.errors import ValueProblem
except ImportError:  # the package by itself, without the addon around it
    from address.countries import country_of
    from feeds.errors import ValueProblem

from .table import ADDED, cells_of, harm_of
from .values import currency_of, is_masked, parse_moment, parse_money, parse_quantity, share, word

ZERO = Decimal(0)
FLAGS = {"红": "red", "黄": "yellow", "绿": "green", "蓝": "blue", "紫": "purple"}
# Of numbers that are keys nothing may have been rounded away.
KEYS = ("number", "line_id", "phone", "sku")


@dataclass
class Line:
    """Goods of an order as the channel names them."""

    row: int  # index of the row
    sku: str = ""
    barcode: str = ""
    title: str = ""
    variant: str = ""
    quantity: Decimal = Decimal(1)
    price: Decimal | None = None
    line_id: str = ""
    personalisation: str = ""


@dataclass
class Draft:
    """An order of the file.

    :param told: everything but goods and channel, as the API takes it; None when the order is not for us
    :param skipped: {index of a row: reason}: rows that are not imported, and why that is right
    :param problems: {index of a row: [reason, …]}: what stands against the order
    """

    number: str
    rows: list
    lines: list = field(default_factory=list)
    told: dict | None = None
    skipped: dict = field(default_factory=dict)
    problems: dict = field(default_factory=dict)
    totals: dict = field(default_factory=dict)

    def problem(self, index, code, **figures):
        self.problems.setdefault(index, []).append([code, figures])


def orders_of(layout, rows):
    """Drafts of the orders of a file, in its order; rows that name none belong to a draft without a number."""
    groups, nobody = {}, []
    for index, row in enumerate(rows):
        if re.search(r"\d", row.number):
            groups.setdefault(row.number, []).append(index)
        else:
            nobody.append(index)
    drafts = [_draft(layout, rows, number, indexes) for number, indexes in groups.items()]
    if nobody:
        drafts.append(Draft("", nobody, skipped={index: ["no_order", {}] for index in nobody}))
    return drafts


def _draft(layout, rows, number, indexes):
    draft = Draft(number, indexes)
    cells = {index: cells_of(layout, rows[index].raw) for index in indexes}
    whole = _whole(layout, cells)
    # With a second file the goods stand there; the first one says whose they are.
    second = [index for index in indexes if rows[index].part == 2]
    goods = [
        index for index in second or indexes if any(cells[index].get(name) for name in ("sku", "title", "barcode"))
    ]
    for index in goods or indexes:
        if reason := _left_out(layout, cells[index], whole):
            draft.skipped[index] = reason
    left = [index for index in goods if index not in draft.skipped]
    if not left:
        reason = next(iter(draft.skipped.values()), None)
        if reason:
            draft.skipped |= {index: reason for index in indexes if index not in draft.skipped}
        else:
            draft.problem(indexes[0], "no_goods")
        return draft
    for index in indexes:
        for name in KEYS:
            if harm := harm_of(layout, rows[index], name):
                draft.problem(index, "harmed", field=name, harm=harm)
    # What rows add up to counts only those that are ours.
    whole |= _added(layout, {index: cells[index] for index in indexes if index not in draft.skipped})
    extra = ZERO
    for index in left:
        extra += _line(layout, cells[index], index, draft)
    if not draft.problems or draft.lines:
        draft.told = _told(layout, whole, number, draft, extra, indexes[0])
    return draft


def _whole(layout, cells):
    """{field: text or [texts]} of the whole order."""
    whole = {}
    for row in cells.values():
        for name, text in row.items():
            whole.setdefault(name, text)
    return whole | _added(layout, cells)


def _added(layout, cells):
    """{field: [texts]} of the columns whose rows are added up."""
    summed, found = {column["field"] for column in layout["columns"] if column.get("several") == "sum"}, {}
    for row in cells.values():
        for name in summed & row.keys():
            text = row[name]
            found.setdefault(name, []).extend(text if isinstance(text, list) else [text])
    return found


def _is(layout, key, text):
    return bool(text) and word(text) in {word(known) for known in layout.get(key) or ()}


def _left_out(layout, row, whole):
    """Why a row is not for us; None when it is."""
    status = row.get("status") or whole.get("status") or ""
    line_status = row.get("line_status") or ""
    if whole.get("cancelled_at") or _is(layout, "cancelled", status) or _is(layout, "cancelled", line_status):
        return ["cancelled", {"word": status or line_status}]
    if _is(layout, "refunded", row.get("refund_status")) or _is(layout, "refunded", status):
        return ["refunded", {"word": row.get("refund_status") or status}]
    if row.get("shipped_at") or _is(layout, "line_done", line_status) or _is_nothing(row.get("qty"), layout):
        return ["shipped", {"word": line_status}]
    if layout.get("take") and not _is(layout, "take", status):
        return ["status", {"word": status or "–"}]
    if layout.get("needs_paid") and not whole.get("paid_at") and not _by_cash(layout, whole):
        return ["unpaid", {}]
    return None


def _is_nothing(text, layout):
    """Nothing is left to send: the column says how many are still to ship."""
    return layout.get("zero_is_done") and word(text or "") in ("0", "0.0")


def _by_cash(layout, whole):
    method = word(whole.get("payment_method") or "")
    return any(word(known) in method for known in layout.get("cash") or ())


# ----------------------------------------------------------------------
# Lines
# ----------------------------------------------------------------------


def _line(layout, row, index, draft):
    """Add the line of a row to the draft.

    :return: what the rounded price is too much by
    """
    mark, extra = layout.get("decimal") or ".", ZERO
    line = Line(
        index, row.get("sku", "")[:64], row.get("barcode", "")[:64], row.get("title", ""), row.get("variant", ""),
        line_id=row.get("line_id", "")[:64], personalisation=row.get("personalisation", ""),
    )  # fmt: skip
    kinds = row.get("kinds", "")
    if kinds.isdecimal() and int(kinds) > 1:
        draft.problem(index, "several_goods", count=int(kinds))
    try:
        line.quantity = parse_quantity(row.get("qty") or "", mark)
        price, currency = parse_money(row.get("price") or "", mark)
        if price is None:
            total, currency = parse_money(row.get("line_total") or "", mark)
            if total is not None:
                price, extra = share(total, line.quantity)
        if price is not None and price < 0:
            draft.problem(index, "price_negative", price=str(price))
        line.price = price
        if currency:
            draft.totals.setdefault("currency", currency)
        for text in row.get("line_discount") or ():
            draft.totals["discount"] = draft.totals.get("discount", ZERO) + abs(parse_money(text, mark)[0] or ZERO)
    except ValueProblem as problem:
        draft.problem(index, problem.code, **problem.params)
    draft.lines.append(line)
    return extra


# ----------------------------------------------------------------------
# The whole order
# ----------------------------------------------------------------------


def _told(layout, whole, number, draft, extra, first):
    reader = _Reader(layout, whole, draft, first)
    told = {"number": number}
    told["customer"] = reader.customer()
    told["address"] = reader.address()
    currency = currency_of(whole.get("currency", "")) or draft.totals.get("currency") or layout.get("currency")
    if currency:
        told["currency"] = currency_of(currency)[:3]
    fee = reader.money("shipping_fee")
    service = whole.get("service", "").strip()
    if fee is not None or service:
        told["shipping"] = {**({"charge": float(fee)} if fee is not None else {})}
    discount = (reader.money("discount") or ZERO) + draft.totals.get("discount", ZERO) + extra
    subsidy, kept, paid = reader.money("subsidy"), reader.money("fee"), reader.money("paid_amount")
    for name, amount in (("discount", discount), ("subsidy", subsidy), ("fees", kept)):
        if amount:
            told[name] = float(amount)
    state = _paid_state(layout, whole)
    told["payment"] = {"state": state}
    if paid is not None:
        told["payment"]["amount"] = float(paid)
    if reference := whole.get("payment_reference", "").strip():
        told["payment"]["reference"] = reference[:128]
    if messages := reader.messages():
        told["messages"] = messages
    if fapiao := reader.fapiao():
        told["fapiao"] = fapiao
    if ship_by := reader.moment("ship_by"):
        told["promise"] = {"ship_by": ship_by}
    for name in ("ordered_at", "paid_at"):
        if moment := reader.moment(name):
            draft.totals[name] = moment
    draft.totals["service"] = service
    if layout.get("check_sum") and paid is not None and all(line.price is not None for line in draft.lines):
        _check_sum(draft, first, paid + (subsidy or ZERO), discount, fee or ZERO)
    return told


def _check_sum(draft, first, revenue, discount, fee):
    goods = sum((line.price * line.quantity for line in draft.lines), ZERO)
    if abs(goods - discount + fee - revenue) > Decimal("0.05"):
        draft.problem(first, "sum_differs", goods=str(goods - discount + fee), paid=str(revenue))


def _paid_state(layout, whole):
    if _by_cash(layout, whole):
        return "cash_on_delivery"
    if _is(layout, "authorised", whole.get("status")):
        return "authorised"
    return layout.get("paid") or "paid"


class _Reader:
    """What the cells of a whole order say, problems noted on its first row."""

    def __init__(self, layout, whole, draft, first):
        self.layout, self.whole, self.draft, self.first = layout, whole, draft, first

    def money(self, name):
        """The amount of a field, None where the file says nothing. What is taken off is never less than nothing."""
        texts = self.whole.get(name) or []
        amounts = []
        for text in texts if isinstance(texts, list) else [texts]:
            try:
                amount, _currency = parse_money(text, self.layout.get("decimal") or ".")
            except ValueProblem as problem:
                self.draft.problem(self.first, problem.code, **problem.params)
                continue
            if amount is not None:
                amounts.append(abs(amount) if name in ADDED else amount)
        if not amounts:
            return None
        total = sum(amounts, ZERO)
        if total < 0:
            self.draft.problem(self.first, "amount_negative", amount=str(total))
        return max(total, ZERO)

    def moment(self, name):
        text = self.whole.get(name) or ""
        try:
            return parse_moment(text, self.layout.get("date_order") or "ymd", self.layout.get("zone") or "UTC")
        except ValueProblem as problem:
            self.draft.problem(self.first, problem.code, **problem.params)
            return ""

    def customer(self):
        name = self.whole.get("name", "").strip()
        phone = self.whole.get("phone", "").strip().lstrip("'")
        hidden = [text for text in (name, phone, self.whole.get("address", ""), self.whole.get("street", ""))
                  if is_masked(text)]  # fmt: skip
        if hidden:
            self.draft.problem(self.first, "masked", text=hidden[0][:40])
        if not name:
            self.draft.problem(self.first, "no_name")
        customer = {"name": name[:200]}
        if phone:
            customer["phone"] = phone[:64]
        if re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+", self.whole.get("email", "").strip()):
            customer["email"] = self.whole["email"].strip()[:254]
        return customer

    def address(self):
        text, country = self.whole.get("address", "").strip(), self.whole.get("country", "").strip()
        code = self._country(country)
        address = {"country": code} if code else {}
        parts = {name: self.whole.get(name, "").strip() for name in ("state", "city", "district", "street", "street2")}
        if parts["street"]:
            parts["zip"] = self.whole.get("zip", "").strip().lstrip("'")[:24]
            limits = {"street": 500, "street2": 500}
            return address | {name: value[: limits.get(name, 200)] for name, value in parts.items() if value}
        if not text:
            self.draft.problem(self.first, "no_address")
            return address
        before = "".join(value for value in (parts["state"], parts["city"], parts["district"]) if value not in text)
        return address | {"text": (before + text)[:2000]}

    def _country(self, told):
        if not told:
            return self.layout.get("country") or ""
        code = told.upper() if re.fullmatch(r"[A-Za-z]{2}", told) else country_of(told)
        if not code:
            self.draft.problem(self.first, "country", name=told[:40])
        return code

    def fapiao(self):
        """What the columns say of the invoice the customer wants (发票); {} for none."""
        names = (("fapiao_title", "name", 200), ("fapiao_tax_number", "tax_number", 40), ("fapiao_email", "email", 254))
        found = {}
        for name, key, longest in names:
            text = self.whole.get(name, "").strip()
            if text and word(text) not in ("-", "null", "无", "none", ""):
                found[key] = text[:longest]
        kind = self.whole.get("fapiao_kind", "").strip()
        if "不" in kind or "无" in kind:
            return {}
        if not found and not kind:
            return {}
        return {"kind": "special" if "专" in kind or "special" in kind.lower() else "ordinary", **found}

    def messages(self):
        found = {}
        for name, key in (("message", "buyer"), ("memo", "memo")):
            text = self.whole.get(name, "").strip()
            if text and word(text) not in ("-", "null", "无", "none"):
                found[key] = text[:2000]
        flag = self.whole.get("flag", "").strip()
        code = next((value for mark, value in FLAGS.items() if mark in flag), flag.lower())
        if code in FLAGS.values():
            found["flag"] = code
        return found
