"""Why an order lost money: the kind that came worst against what was expected, said in words."""

import json

from odoo.addons.dropship_flow.models.reason_text import Figures, _lt

REASONS = [
    ("start", "Sold Below Cost"),
    ("sales", "Less Sold"),
    ("discount", "Discounts"),
    ("refund", "Money Given Back"),
    ("goods", "Dearer Goods"),
    ("freight", "Dearer Freight"),
    ("fee", "Fees"),
    ("duty", "Duty and Import Tax"),
    ("rate", "Exchange Rate"),
    ("marketing", "Marketing"),
    ("aftersales", "After-Sales"),
    ("other", "Other"),
]
OF_KINDS = {
    "sales": ("sales", "shipping_income", "other_income"),
    "discount": ("discount",),
    "refund": ("refund", "dispute"),
    "goods": ("goods", "own_stock"),
    "freight": ("supplier_freight",),
    "fee": ("supplier_fee", "payment_fee", "commission", "cod_fee", "packaging", "penalty"),
    "duty": ("duty",),
    "rate": ("fx",),
    "marketing": ("ads", "affiliate", "loyalty"),
    "aftersales": ("return_label", "insurance_premium", "repair", "restocking", "goodwill", "supplier_credit",
                   "chargeback_won", "insurance"),
}  # fmt: skip
WHY = json.dumps({kind: reason for reason, kinds in OF_KINDS.items() for kind in kinds})
SENTENCES = {
    "start": _lt("Sold below cost from the start: %(planned)s expected."),
    "sales": _lt("%(kind)s brought %(came)s instead of %(expected)s."),
    "refund": _lt("Given back: %(came)s (%(kind)s)."),
    "cost": _lt("%(kind)s cost %(came)s instead of %(expected)s."),
    "new": _lt("Not expected: %(kind)s of %(came)s."),
    "less": _lt("%(kind)s: worse by %(more)s than expected."),
}


def sentence(env, reason, kind, was_expected, money):
    """Say the cause.

    :param str reason: one of REASONS, or nothing: it did not lose money
    :param bool was_expected: whether anything of that kind was expected
    :param dict money: {came, expected, planned, more}: amounts as people write them
    """
    if not reason:
        return ""
    code = "start" if reason == "start" else _code(reason, was_expected)
    words = env._(SENTENCES[code])  # looked up among the translations of the addon that asks
    return words % Figures({**money, "kind": kind or ""})


def _code(reason, was_expected):
    if reason == "refund" and not was_expected:
        return "refund"
    if not was_expected:
        return "new"
    return {"sales": "sales", "refund": "less", "discount": "less", "aftersales": "less", "other": "less"}.get(
        reason, "cost"
    )
