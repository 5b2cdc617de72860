"""What a supplier's reply says, in the few words the mail itself explains.

    ACCEPT                          everything not named below
    ACCEPT SKU 3                    3 of it; the rest of that line is refused unless BACKORDER names it
    BACKORDER SKU 2 2026-12-24      2 of it later; no number: all of it (缺货 without a date: refused)
    REFUSE out of stock             the whole order; with a SKU only that line
    PRICE SKU 9.50                  another price per piece
    SHIP SF1234567890 顺丰           it left, under this number
    STOCK SKU 20 9.80 2026-12-01    (inquiries) how many, at which price, from when; NONE SKU: nothing

One command a line, before anything else but a greeting; what follows a closing line is a signature. Whatever is said
beyond that, or leaves a line of the order open, is for a person: he gets what was understood, and why it was not taken.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

VERBS = {
    "accept": ("accept", "accepted", "confirm", "confirmed", "ok", "接单", "接受", "确认"),
    "backorder": ("backorder", "backordered", "later", "延期", "欠货"),
    "short": ("缺货",),
    "refuse": ("refuse", "refused", "reject", "rejected", "拒单", "拒绝"),
    "price": ("price", "改价", "价格"),
    "ship": ("ship", "shipped", "发货", "已发货"),
    "stock": ("stock", "库存", "现货", "有货"),
    "none": ("none", "无货"),
}
WORDS = {word: verb for verb, words in VERBS.items() for word in words}
# Short and without figures: nothing of weight is said in a greeting.
GREETING = re.compile(
    r"^(?:(?:hi|hello|dear|good (?:morning|day|afternoon))\b(?:[ ,]+[^\W\d]+){0,2}"
    r"|(?:您好|你好|亲|尊敬)[^\d]{0,12})[,.!:。]*$",
    re.IGNORECASE,
)
CLOSING = re.compile(
    r"^(?:--|—|thanks|thank you|best|kind|regards|cheers|sincerely|sent from|谢谢|多谢|祝|此致|发自)", re.IGNORECASE
)
REASONS = (
    ("out_of_stock", ("out of stock", "no stock", "sold out", "缺货", "没货", "无货", "断货")),
    ("discontinued", ("discontinued", "停产", "下架")),
    ("price", ("price", "价格", "亏")),
    ("address", ("address", "地址")),
    ("cannot_ship", ("cannot ship", "can't ship", "不发", "发不了")),
    ("closed", ("closed", "holiday", "放假", "休息")),
)
NUMBER = re.compile(r"^[¥￥$€£]?(\d{1,9}(?:[.,]\d{1,6})?)$")
TRACKING = re.compile(r"^[A-Z0-9][A-Z0-9-]{6,39}$")
CURRENCY = re.compile(r"^(?:[A-Za-z]{3}|元|¥|€|\$)$")
SIGNS = {"元": "CNY"}
PIECES = re.compile(r"^(\d+(?:\.\d+)?)(?:pcs|pc|x|件|个|只|套)$", re.IGNORECASE)


@dataclass(slots=True)
class Reply:
    """What was understood. `why` says why no machine may act on it; empty: it may.

    `open` names the SKUs nothing was said about.
    """

    answer: dict | None = None
    why: str = ""
    detail: str = ""


class _Unclear(Exception):
    """(code, detail)"""


def parse(text, lines):
    """The answer to an order.

    :param str text: what is new in the mail
    :param list lines: the order as the supplier knows it: [{"line", "sku", "qty"}]
    :return: Reply; the answer lacks its `ref`

    >>> parse("ACCEPT", [{"line": "1", "sku": "A", "qty": 2}]).answer["status"]
    'accepted'
    >>> parse("拒单 缺货", [{"line": "1", "sku": "A", "qty": 2}]).answer["reason_code"]
    'out_of_stock'
    >>> parse("Sure, but please wait", [{"line": "1", "sku": "A", "qty": 2}]).why
    'no_words'
    >>> parse("ACCEPT\\nCan you pay more?", [{"line": "1", "sku": "A", "qty": 2}]).why
    'remark'
    """
    try:
        commands, remark = _commands(text, {"accept", "backorder", "short", "refuse", "price", "ship"})
        if not commands:
            return Reply(None, "no_words")
        answer = _Order(lines).take(commands)
    except _Unclear as error:
        return Reply(None, *error.args)
    return Reply(answer, "remark", remark) if remark else Reply(answer)


def parse_inquiry(text, lines):
    """The answer to an inquiry: Reply with {"lines": [{"sku", "stock", "price", "currency", "date"}]}.

    >>> parse_inquiry("STOCK A 20 9.80 2026-12-01", [{"sku": "A"}]).answer["lines"][0]["price"]
    9.8
    >>> parse_inquiry("无货 A", [{"sku": "A"}]).answer["lines"][0]["stock"]
    0.0
    """
    try:
        commands, remark = _commands(text, {"stock", "none", "short", "backorder"})
        if not commands:
            return Reply(None, "no_words")
        known = [line["sku"] for line in lines]
        found = {}
        for verb, rest in commands:
            sku, rest = _sku(rest, known, needed=True)
            if sku in found:
                raise _Unclear("twice", sku)
            found[sku] = _stock(sku, rest) if verb == "stock" else _later(sku, rest)
    except _Unclear as error:
        return Reply(None, *error.args)
    answer = {"lines": list(found.values())}
    return Reply(answer, "remark", remark) if remark else Reply(answer)


def _commands(text, verbs):
    """([(verb, [words])], what else is said)"""
    commands, remark, over = [], "", False
    for raw in text.split("\n"):
        line = unicodedata.normalize("NFKC", raw).strip().strip("*•·").strip()
        if not line:
            continue
        words = [word for word in (word.strip(",;:、") for word in line.split()) if word]
        verb, words = _verb(words)
        if verb in verbs and not over:
            commands.append((verb, words))
        elif CLOSING.match(line):
            over = True
        elif verb in verbs:
            raise _Unclear("after_end", line[:80])
        elif not over and not (GREETING.match(line) and not commands) and not remark:
            remark = line[:200]
    if len(commands) > 500:
        raise _Unclear("too_long", "")
    return commands, remark


def _verb(words):
    """The command a line begins with. Chinese ones need no space after them."""
    if not words:
        return "", words
    first = words[0].lower().rstrip(".!。")
    if first in WORDS:
        return WORDS[first], words[1:]
    for word, verb in WORDS.items():
        if not word.isascii() and first.startswith(word):
            rest = words[0][len(word) :].strip(":,.。 ")
            return verb, [*filter(None, [rest]), *words[1:]]
    return "", words


def _sku(words, known, needed=False):
    """The SKU a line speaks of, and the words after it. The longest that fits counts."""
    for size in range(min(len(words), 8), 0, -1):
        said = " ".join(words[:size]).casefold()
        for sku in known:
            if " ".join(sku.split()).casefold() == said:
                return sku, words[size:]
    if needed:
        raise _Unclear("no_sku", " ".join(words[:3])[:80])
    return "", words


def number(word):
    """A number as people write it; None when it is none. Which of "1,200" is meant nobody knows.

    >>> number("9,50"), number("¥9.5"), number("1,200"), number("x"), number("20件")
    (9.5, 9.5, None, None, 20.0)
    """
    found = PIECES.match(word) or NUMBER.match(word)
    if not found:
        return None
    text = found.group(1)
    if "," in text and len(text.rpartition(",")[2]) == 3:
        return None
    return float(text.replace(",", "."))


def day(word):
    """A date that can only be read one way, as 2026-12-24; None otherwise.

    >>> day("2026/12/24"), day("24.12.2026"), day("2026年12月24日"), day("12-24"), day("03/04/2026")
    ('2026-12-24', '2026-12-24', '2026-12-24', None, None)
    """
    found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", word)
    if found:
        parts = found.groups()
    else:
        found = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", word)
        parts = found.groups()[::-1] if found else None
    try:
        return date(*map(int, parts)).isoformat() if parts else None
    except ValueError:
        return None


def _figures(words, allowed):
    """Numbers, a date and a currency in any order; anything else is unclear."""
    numbers, when, currency = [], None, ""
    for word in words:
        value, moment = number(word), day(word)
        if moment and not when:
            when = moment
        elif value is not None and len(numbers) < allowed:
            numbers.append(value)
        elif CURRENCY.match(word) and not currency:
            currency = SIGNS.get(word, word.upper() if word.isalpha() else "")
        else:
            raise _Unclear("not_understood", word[:80])
    return numbers, when, currency


def _stock(sku, words):
    numbers, when, currency = _figures(words, 2)
    if not numbers:
        raise _Unclear("no_number", sku)
    price = numbers[1] if len(numbers) > 1 else None
    return {"sku": sku, "stock": numbers[0], "price": price, "currency": currency, "date": when}


def _later(sku, words):
    numbers, when, _currency = _figures(words, 1)
    return {"sku": sku, "stock": 0.0, "price": None, "currency": "", "date": when}


def _reason(words):
    text = " ".join(words)[:500]
    for code, signs in REASONS:
        if any(sign in text.lower() for sign in signs):
            return code, text
    return ("other" if text else ""), text


class _Order:
    """Collects what is said about an order and adds it up."""

    def __init__(self, lines):
        self.lines = {line["sku"]: line for line in lines}
        if len(self.lines) < len(lines) or "" in self.lines:
            raise _Unclear("sku_twice", "")  # words cannot tell the lines apart
        self.said = {sku: {} for sku in self.lines}
        self.everything = self.refused = None
        self.currency = ""
        self.parcels = []

    def take(self, commands):
        for verb, words in commands:
            getattr(self, f"_take_{verb}")(words)
        if self.refused is not None:
            if len(commands) > 1:
                raise _Unclear("contradiction", "")
            return self._answer("rejected", reason=self.refused)
        named = [sku for sku, said in self.said.items() if said]
        if self.parcels:
            if named:
                raise _Unclear("contradiction", "")
            return self._answer("shipped")
        left = [sku for sku, said in self.said.items() if not said or set(said) == {"price"}]
        if left and not self.everything and (len(self.lines) > 1 or not named):
            raise _Unclear("open", ", ".join(left)[:200])
        if not named:
            return self._answer("accepted")
        lines = [self._line(sku) for sku in self.said]
        if all(line["rejected"] and not line["accepted"] and not line["backordered"] for line in lines):
            reason = next((self.said[sku]["reason"] for sku in named if "reason" in self.said[sku]), ("", ""))
            return self._answer("rejected", reason=reason)
        return self._answer("changed", lines=lines)

    def _line(self, sku):
        said, line = self.said[sku], self.lines[sku]
        wanted = float(line["qty"])
        taken, later, refused = said.get("accepted"), said.get("later", 0.0), said.get("refused", 0.0)
        if later is None:  # all that is not named otherwise
            later = wanted - (taken or 0.0) - (refused or 0.0)
        if refused is None:
            refused = wanted - (taken or 0.0) - later
        if taken is None:
            taken = wanted - later - refused
        elif "refused" not in said:
            refused = wanted - taken - later
        if min(taken, later, refused) < -1e-9 or abs(taken + later + refused - wanted) > 1e-6:
            raise _Unclear("sum", sku)
        code, words = said.get("reason", ("not_enough" if refused else "", ""))
        return {
            "line": line.get("line", ""),
            "sku": sku,
            "accepted": round(taken, 6),
            "backordered": round(later, 6),
            "rejected": round(refused, 6),
            "reason_code": code,
            "reason": words,
            "price": said.get("price"),
            "date": said.get("date"),
        }

    def _answer(self, status, lines=(), reason=("", "")):
        return {
            "status": status,
            "reason_code": reason[0],
            "reason": reason[1],
            "currency": self.currency,
            "lines": list(lines),
            "parcels": self.parcels,
        }

    def _say(self, sku, name, value):
        if name in self.said[sku]:
            raise _Unclear("twice", sku)
        self.said[sku][name] = value

    def _take_accept(self, words):
        sku, rest = _sku(words, self.lines)
        if not sku:
            if rest and " ".join(rest).lower() not in ("all", "order", "rest", "全部", "订单", "其余"):
                raise _Unclear("no_sku", " ".join(rest)[:80])
            self.everything = True
            return
        numbers, when, _currency = _figures(rest, 1)
        self._say(sku, "accepted", numbers[0] if numbers else float(self.lines[sku]["qty"]))
        if when:
            self._say(sku, "date", when)

    def _take_backorder(self, words):
        sku, rest = _sku(words, self.lines, needed=True)
        numbers, when, _currency = _figures(rest, 1)
        if not when:
            raise _Unclear("no_date", sku)
        self._say(sku, "later", numbers[0] if numbers else None)
        self._say(sku, "date", when)

    def _take_short(self, words):
        """缺货 says when it comes, or that it does not."""
        if any(map(day, words)):
            self._take_backorder(words)
        else:
            self._take_refuse([*words, "缺货"])

    def _take_refuse(self, words):
        sku, rest = _sku(words, self.lines)
        if not sku:
            if self.refused is not None:
                raise _Unclear("twice", "")
            self.refused = _reason(rest)
            return
        quantity = number(rest[0]) if rest else None
        self._say(sku, "refused", quantity)
        self._say(sku, "reason", _reason(rest if quantity is None else rest[1:]))

    def _take_price(self, words):
        sku, rest = _sku(words, self.lines, needed=len(self.lines) > 1)
        numbers, _when, currency = _figures(rest, 1)
        if not numbers:
            raise _Unclear("no_number", sku)
        if currency and self.currency not in ("", currency):
            raise _Unclear("currencies", currency)
        self.currency = currency or self.currency
        self._say(sku or next(iter(self.lines)), "price", numbers[0])

    def _take_ship(self, words):
        numbers = [word for word in map(str.upper, words) if TRACKING.match(word) and re.search(r"\d{4}", word)]
        if len(numbers) != 1:
            raise _Unclear("no_tracking", " ".join(words)[:80])
        carrier = " ".join(word for word in words if word.upper() != numbers[0])
        self.parcels.append({"number": numbers[0], "carrier": carrier[:100], "lines": []})
