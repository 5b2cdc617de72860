"""Payout files of marketplaces and payment providers outside China."""

FEE = ("", "", "fee")

WESTERN = {
    "amazon_payout": ("amazon", "Amazon, settlement flat file V2", {
        "zone": "UTC", "date_order": "dmy", "separator": "tab",
    }, (
        ("payout", "settlement-id"), ("payout_date", "deposit-date"), ("payout_total", "total-amount"),
        ("currency", "currency"), ("kind", "transaction-type"), ("kind", "amount-type"),
        ("kind", "amount-description"), ("number", "order-id"), ("number", "merchant-order-id"),
        ("amount", "amount"), ("date", "posted-date-time"), ("date", "posted-date"), ("title", "sku"),
    ), (
        ("* / itemwithheldtax / *", "tax_withheld"),
        ("chargeback refund / itemprice / *", "chargeback"), ("a-to-z guarantee refund / itemprice / *", "chargeback"),
        ("refund / itemprice / *tax", "tax"), ("refund / itemprice / *", "refund"),
        ("refund / promotion / *", "refund"),
        ("* / itemprice / *tax", "tax"), ("* / itemprice / shipping", "shipping"), ("* / itemprice / *", "sale"),
        ("* / promotion / *", "sale"),
        ("* / itemfees / refundcommission", "fee", "refund"), ("* / itemfees / commission", "fee", "commission"),
        ("* / itemfees / *fba*", "fee", "fulfilment"), ("* / itemfees / shipping*", "fee", "fulfilment"),
        ("* / itemfees / *", "fee", "other"),
        ("* / current reserve amount", "reserve_held"), ("* / previous reserve amount balance", "reserve_released"),
        ("* / *subscription fee*", "fee", "subscription"), ("* / cost of advertising / *", "fee", "advertising"),
        ("* / shipping label*", "fee", "fulfilment"), ("servicefee / *", "fee", "other"),
        ("* / *reimbursement*", "adjustment"), ("other-transaction / *", "adjustment"),
    )),
    "ebay_payout": ("ebay", "eBay, transaction report", {"zone": "UTC", "date_order": "mdy"}, (
        ("payout", "Payout ID"), ("payout_date", "Payout date"), ("date", "Transaction creation date"),
        ("kind", "Type"), ("number", "Order number"), ("transaction", "Reference ID"), ("entry", "Transaction ID"),
        ("currency", "Payout currency"), ("net", "Net amount"), ("title", "Item title"), ("title", "Description"),
        ("amount", "Gross transaction amount"),
        ("amount", "Final Value Fee - fixed", *FEE, "commission"),
        ("amount", "Final Value Fee - variable", *FEE, "commission"),
        ("amount", "Final value fee – fixed", *FEE, "commission"),
        ("amount", "Final value fee – variable", *FEE, "commission"),
        ("amount", "Regulatory operating fee", *FEE, "other"),
        ('amount', 'Very high "item not as described" fee', *FEE, "penalty"),
        ("amount", "Very high 'item not as described' fee", *FEE, "penalty"),
        ("amount", "Below standard performance fee", *FEE, "penalty"),
        ("amount", "International fee", *FEE, "payment"), ("amount", "Charity donation", "", "", "adjustment"),
        ("amount", "Deposit processing fee", *FEE, "payment"),
    ), (
        ("order", "sale"), ("refund", "refund"), ("claim", "chargeback"), ("payment dispute", "chargeback"),
        ("hold", "reserve_held"), ("shipping label", "fee", "fulfilment"), ("other fee", "fee", "other"),
        ("payout", "transfer"), ("adjustment", "adjustment"), ("transfer", "adjustment"),
    )),
    "tiktok_payout": ("tiktok", "TikTok Shop, settlement", {"zone": "UTC", "date_order": "ymd"}, (
        ("payout", "Statement ID"), ("payout", "Payment ID"), ("payout_date", "Statement date"),
        ("date", "Order settled time"), ("date", "Order settled time(UTC)"), ("currency", "Currency"), ("kind", "Type"),
        ("number", "Related order ID"), ("number", "Order/adjustment ID"), ("number", "Order ID"),
        ("net", "Total settlement amount"), ("title", "Product name"),
        ("amount", "Gross sales", "", "", "sale"), ("amount", "Seller discount", "", "", "sale"),
        ("amount", "Platform discount", "", "", "sale"),
        ("amount", "Gross sales refund", "", "", "refund"), ("amount", "Seller discount refund", "", "", "refund"),
        ("amount", "Customer-paid shipping fee", "", "", "shipping"), ("amount", "Sales tax", "", "", "tax"),
        ("amount", "Actual shipping fee", *FEE, "fulfilment"),
        ("amount", "Referral fee", *FEE, "commission"), ("amount", "TikTok Shop commission fee", *FEE, "commission"),
        ("amount", "Transaction fee", *FEE, "payment"), ("amount", "SFP service fee", *FEE, "other"),
        ("amount", "Refund administration fee", *FEE, "refund"),
        ("amount", "Affiliate commission", *FEE, "advertising"),
        ("amount", "Affiliate partner commission", *FEE, "advertising"),
        ("amount", "Affiliate Shop Ads commission", *FEE, "advertising"),
        ("amount", "Adjustment amount"),
    ), (
        ("*reserve*", "reserve_held"), ("*penalty*", "fee", "penalty"), ("*chargeback*", "chargeback"),
        ("*advert*", "fee", "advertising"), ("*", "adjustment"),
    )),
    "shopify_payout": ("shopify", "Shopify Payments, transactions", {
        "zone": "UTC", "cancelled": "pending\nscheduled\nfailed\ncanceled",
    }, (
        ("payout", "Payout ID"), ("payout", "Payout Date"), ("payout_date", "Payout Date"), ("status", "Payout Status"),
        ("date", "Transaction Date"), ("kind", "Type"), ("number", "Order"), ("transaction", "Checkout"),
        ("currency", "Currency"), ("net", "Net"), ("title", "Payment Method Name"),
        ("amount", "Amount"), ("amount", "Fee", *FEE, "payment", True),
    ), (
        ("charge", "sale"), ("refund", "refund"), ("chargeback*", "chargeback"), ("dispute*", "chargeback"),
        ("reserve*", "reserve_held"), ("payout", "transfer"), ("*fee*", "fee", "other"), ("adjustment", "adjustment"),
        ("*credit", "adjustment"), ("*debit", "adjustment"),
    )),
    "stripe_payout": ("woocommerce", "Stripe, payout reconciliation (WooCommerce)", {"zone": "UTC"}, (
        ("payout", "automatic_payout_id"), ("payout_date", "automatic_payout_effective_at"),
        ("payout_date", "automatic_payout_effective_at_utc"), ("date", "created"), ("date", "created_utc"),
        ("kind", "reporting_category"), ("entry", "balance_transaction_id"), ("transaction", "payment_intent_id"),
        ("transaction", "charge_id"), ("transaction", "source_id"),
        ("number", "payment_metadata[order_number]"), ("number", "payment_metadata[order_id]"),
        ("currency", "currency"), ("net", "net"), ("title", "description"),
        ("amount", "gross"), ("amount", "fee", *FEE, "payment", True),
    ), (
        ("charge", "sale"), ("refund", "refund"), ("refund_failure", "refund"), ("partial_capture_reversal", "refund"),
        ("dispute", "chargeback"), ("dispute_reversal", "chargeback_won"), ("*reserve*", "reserve_held"),
        ("payout*", "transfer"), ("fee", "fee", "payment"), ("network_cost", "fee", "payment"),
        ("tax", "tax_withheld"), ("*adjustment", "adjustment"),
    )),
    "paypal_payout": ("other", "PayPal, activity (balance affecting)", {
        "zone": "UTC", "date_order": "mdy", "payout_account": True, "take": "completed",
    }, (
        ("date", "Date"), ("kind", "Type"), ("status", "Status"), ("currency", "Currency"), ("net", "Net"),
        ("entry", "Transaction ID"), ("transaction", "Reference Txn ID"), ("number", "Invoice Number"),
        ("number", "Custom Number"), ("balance", "Balance"), ("title", "Name"),
        ("amount", "Gross"), ("amount", "Fee", *FEE, "payment"),
    ), (
        ("chargeback fee", "fee", "chargeback"), ("*chargeback*", "chargeback"), ("*payment reversal*", "chargeback"),
        ("*refund*", "refund"), ("*withdrawal*", "transfer"), ("*currency conversion*", "transfer"),
        ("*reserve*", "reserve_held"), ("*hold*", "reserve_held"), ("*fee*", "fee", "payment"), ("*payment*", "sale"),
    )),
}  # fmt: skip
