"""A bill as its sender meant it, whatever file it came in. Amounts in the bill's currency, net unless said."""

import datetime
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

INVOICE, CREDIT = "invoice", "credit"
# What a supplier charges besides goods; the words are those of the charges on our bills.
CHARGES = ("freight", "fee", "service", "allowance", "penalty", "other")
MAX_LINES = 20_000


class Problem(NamedTuple):
    """What is wrong: a code and figures, never a sentence. `place` is the row of the file, "" for the whole bill."""

    code: str
    params: dict
    place: str = ""


class BillError(Exception):
    """A file that is no bill at all.

    >>> BillError("no_lines").code
    'no_lines'
    """

    def __init__(self, code, **params):
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass
class Line:
    """Goods, or a charge when `charge` is one of CHARGES.

    :param place: where it stands in the file, to be found again by its sender
    :param key: our own reference of the line; :param ref: our number of the order, or the supplier's
    :param qty: in units of the supplier's SKU, negative never; None when the bill does not say
    :param amount: net; with `included` the tax is in price and amount
    """

    place: str
    key: str = ""
    ref: str = ""
    sku: str = ""
    name: str = ""
    unit: str = ""
    charge: str = ""
    qty: Decimal | None = None
    price: Decimal | None = None
    rate: Decimal | None = None
    tax: Decimal | None = None
    amount: Decimal | None = None
    included: bool = False


@dataclass
class Bill:
    """
    :param account: the bank account to pay to, as written; :param buyer_tax: whom it is addressed to
    :param credited: of a credit note the number of the bill it is about
    :param lines: goods and charges in the order of the file
    """

    kind: str = INVOICE
    number: str = ""
    date: datetime.date | None = None
    due: datetime.date | None = None
    currency: str = ""
    supplier_tax: str = ""
    buyer_tax: str = ""
    account: str = ""
    credited: str = ""
    refs: list = field(default_factory=list)
    lines: list = field(default_factory=list)
    net: Decimal | None = None
    tax: Decimal | None = None
    gross: Decimal | None = None
    problems: list = field(default_factory=list)

    @property
    def goods(self):
        return [line for line in self.lines if not line.charge]

    @property
    def charges(self):
        return [line for line in self.lines if line.charge]

    def wrong(self, code, place="", **params):
        problem = Problem(code, params, str(place))
        if problem not in self.problems:
            self.problems.append(problem)


def number_key(number):
    """What makes two numbers of bills the same: neither spaces nor marks nor capitals.

    >>> number_key("re-2026 / 001"), number_key("ＲＥ2026001"), number_key("")
    ('RE2026001', 'RE2026001', '')
    """
    text = unicodedata.normalize("NFKC", number or "").upper()
    return "".join(character for character in text if character.isalnum())


def account_key(account):
    """
    >>> account_key("DE89 3704 0044 0532 0130 00") == account_key("de89370400440532013000")
    True
    """
    return number_key(account)


def masked(account):
    """An account one can tell from another, and not pay to.

    >>> masked("DE89 3704 0044 0532 0130 00"), masked("12")
    ('DE89 … 3000', '…')
    """
    key = account_key(account)
    return f"{key[:4]} … {key[-4:]}" if len(key) > 10 else "…"


def decimals(value):
    """A number of JSON or Python as exact as a person wrote it; None stays.

    >>> decimals(0.1), decimals("2.50"), decimals(None), decimals(3)
    (Decimal('0.1'), Decimal('2.50'), None, Decimal('3'))
    """
    return None if value is None or value is False or value == "" else Decimal(str(value))
