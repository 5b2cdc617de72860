"""What money came and went for; the words of both, what came and what is foretold."""

KINDS = [
    ("customer", "Customers"),
    ("payout", "Payouts of Channels"),
    ("refund", "Refunds"),
    ("supplier", "Suppliers"),
    ("prepayment", "Prepayments to Suppliers"),
    ("wallet", "Top-Ups of Prepaid Balances"),
    ("carrier", "Carriers"),
    ("ads", "Advertising"),
    ("fee", "Fees"),
    ("tax", "Tax"),
    ("cost", "Wages and Other Costs"),
    ("income", "Other Income"),
    ("owner", "Owners and Loans"),
    ("exchange", "Exchange Differences"),
    ("transfer", "Between Own Accounts"),
    ("unknown", "Unknown"),
]
# What a person may say of an account.
CHOSEN = [kind for kind in KINDS if kind[0] not in ("transfer", "unknown", "wallet", "prepayment")]
# What is paid by the kind of profit: {code of `dropship.profit.kind`: kind of cash}.
BY_PROFIT = {
    "sales": "customer", "discount": "customer", "shipping_income": "customer", "other_income": "income",
    "refund": "refund", "dispute": "refund", "goodwill": "refund", "fx": "exchange", "goods": "supplier",
    "own_stock": "supplier", "supplier_freight": "supplier", "supplier_fee": "supplier", "supplier_credit": "supplier",
    "repair": "supplier", "restocking": "supplier", "duty": "tax", "payment_fee": "fee", "commission": "fee",
    "penalty": "fee", "chargeback_won": "fee", "cod_fee": "carrier", "packaging": "carrier", "return_label": "carrier",
    "insurance": "cost", "insurance_premium": "cost", "ads": "ads", "affiliate": "ads", "loyalty": "ads",
    "overhead": "cost",
}  # fmt: skip
