"""The forms payout files have, as rows a user may change afterwards. docs/payouts.md says what each was compared with.

A column is (field, heading) with a transform and its argument; a column of amounts may say its kind, kind of fee and
whether its sign is turned round. Words are (what stands in the row, kind, kind of fee), the first that fits counts.
"""

from .presets_china import CHINESE
from .presets_west import WESTERN

OWN = {
    "other_payout": ("other", "Payouts, own form", {"zone": "UTC"}, (
        ("payout", "Payout"), ("payout_date", "Payout Date"), ("payout_total", "Transferred"), ("date", "Date"),
        ("number", "Order"), ("kind", "Kind"), ("amount", "Amount"), ("currency", "Currency"),
        ("transaction", "Transaction"), ("entry", "Entry"), ("title", "Description"),
    ), (
        ("sale", "sale"), ("shipping", "shipping"), ("tax", "tax"), ("refund", "refund"),
        ("tax withheld", "tax_withheld"), ("reserve*", "reserve_held"), ("chargeback fee", "fee", "chargeback"),
        ("chargeback*", "chargeback"), ("adjustment", "adjustment"), ("transfer", "transfer"),
        ("commission", "fee", "commission"), ("payment fee", "fee", "payment"), ("advertising*", "fee", "advertising"),
        ("subscription*", "fee", "subscription"), ("penalty*", "fee", "penalty"), ("*fee", "fee", "other"),
    )),
}  # fmt: skip

# {code: (platform, name, settings, columns, words)}
PAYOUTS = WESTERN | CHINESE | OWN
COLUMN = {"transform": "", "argument": "", "kind": "", "fee_kind": "", "turned": False}


def column_of(told):
    """A column of the tables as a dictionary.

    >>> column_of(("amount", "Fee", "", "", "fee", "payment", True))["turned"], column_of(("payout", "Payout"))["kind"]
    (True, '')
    """
    return {**COLUMN, **dict(zip(("field", "heading", *COLUMN), told, strict=False))}


def word_of(told):
    """Words of the tables as a dictionary.

    >>> word_of(("sale", "sale"))
    {'said': 'sale', 'kind': 'sale', 'fee_kind': ''}
    """
    return dict(zip(("said", "kind", "fee_kind"), (*told, ""), strict=False))


def layout_of(code):
    """A preset as `reading.read` takes it.

    >>> layout_of("amazon_payout")["columns"][0]["heading"], layout_of("alipay_payout")["account"]
    ('settlement-id', True)
    """
    _platform, _name, settings, columns, words = PAYOUTS[code]
    plain = {name: value.split("\n") if name in ("take", "cancelled", "minus") else value
             for name, value in settings.items()}  # fmt: skip
    plain["account"] = plain.pop("payout_account", False)
    return {**plain, "columns": [column_of(told) for told in columns], "words": [word_of(told) for told in words]}
