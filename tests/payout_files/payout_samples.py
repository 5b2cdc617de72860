"""Files of our own in the forms marketplaces and providers write; every number is made up."""

import csv
import io


def table(headings, *rows, separator=",", encoding="utf-8", above="", below=""):
    """Bytes of a text file; rows as {heading: text}."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, headings, delimiter=separator, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return (above + stream.getvalue() + below).encode(encoding)


AMAZON = (
    "settlement-id", "settlement-start-date", "settlement-end-date", "deposit-date", "total-amount", "currency",
    "transaction-type", "order-id", "merchant-order-id", "amount-type", "amount-description", "amount", "posted-date",
    "posted-date-time", "sku",
)  # fmt: skip


def amazon(total="77.36", mark="."):
    """:param mark: European reports write 95,00"""
    head = {"settlement-id": "11223344", "deposit-date": "04.05.2026 10:00:00 UTC",
            "total-amount": total.replace(".", mark), "currency": "EUR"}  # fmt: skip
    rows = [head]
    for transaction, order, kind, said, amount in (
        ("Order", "303-1", "ItemPrice", "Principal", "100.00"),
        ("Order", "303-1", "ItemPrice", "Shipping", "4.90"),
        ("Order", "303-1", "ItemPrice", "Tax", "19.00"),
        ("Order", "303-1", "ItemWithheldTax", "MarketplaceFacilitatorTax-Principal", "-19.00"),
        ("Order", "303-1", "ItemFees", "Commission", "-15.74"),
        ("Refund", "303-2", "ItemPrice", "Principal", "-20.00"),
        ("Refund", "303-2", "ItemFees", "RefundCommission", "-0.80"),
        ("other-transaction", "", "other-transaction", "Current Reserve Amount", "-11.00"),
        ("other-transaction", "", "other-transaction", "Previous Reserve Amount Balance", "39.00"),
        ("other-transaction", "", "other-transaction", "Subscription Fee", "-19.00"),
    ):
        rows.append({"settlement-id": "11223344", "transaction-type": transaction, "order-id": order,
                     "amount-type": kind, "amount-description": said,
                     "amount": amount.replace(".", mark), "posted-date": "05/02/26",
                     "posted-date-time": "2026-05-02 09:00:00 UTC"})  # fmt: skip
    return table(AMAZON, *rows, separator="\t")


def ebay_uk():
    """British headings have other dashes; fees of their own stand in the net only."""
    headings = ("Transaction creation date", "Type", "Order number", "Payout ID", "Payout date", "Payout currency",
                "Transaction ID", "Net amount", "Gross transaction amount", "Final value fee – fixed",
                "Final value fee – variable", "Regulatory operating fee",
                "Very high 'item not as described' fee")  # fmt: skip
    payout = {"Payout ID": "6013", "Payout date": "4 May 2026", "Payout currency": "GBP"}
    return table(
        headings,
        {**payout, "Transaction creation date": "1 May 2026", "Type": "Order", "Order number": "18-1-9",
         "Transaction ID": "1", "Net amount": "84.05", "Gross transaction amount": "100.00",
         "Final value fee – fixed": "-0.30", "Final value fee – variable": "-12.00",
         "Regulatory operating fee": "-0.35", "Very high 'item not as described' fee": "-3.30"},
        {**payout, "Transaction creation date": "2 May 2026", "Type": "Other fee", "Order number": "18-1-9",
         "Net amount": "-2.00", "Gross transaction amount": "--"},
    )  # fmt: skip


def ebay():
    headings = ("Transaction creation date", "Type", "Order number", "Payout ID", "Payout date", "Payout currency",
                "Transaction ID", "Net amount", "Gross transaction amount", "Final Value Fee - fixed",
                "Final Value Fee - variable", "International fee")  # fmt: skip
    payout = {"Payout ID": "6012", "Payout date": "May 4, 2026", "Payout currency": "USD"}
    return table(
        headings,
        {**payout, "Transaction creation date": "May 1, 2026", "Type": "Order", "Order number": "18-1-9",
         "Transaction ID": "1", "Net amount": "86.40", "Gross transaction amount": "100.00",
         "Final Value Fee - fixed": "-0.30", "Final Value Fee - variable": "-12.00", "International fee": "-1.30"},
        {**payout, "Transaction creation date": "May 2, 2026", "Type": "Payment dispute", "Order number": "18-1-7",
         "Transaction ID": "2", "Net amount": "-30.00", "Gross transaction amount": "-30.00",
         "Final Value Fee - fixed": "--"},
        {**payout, "Transaction creation date": "May 4, 2026", "Type": "Payout", "Net amount": "-56.40",
         "Gross transaction amount": "-56.40"},
        above='"Report for",May\n\n',
    )  # fmt: skip


def tiktok():
    headings = ("Statement ID", "Statement date", "Currency", "Type", "Order/adjustment ID", "Total settlement amount",
                "Gross sales", "Seller discount", "Gross sales refund", "Referral fee", "Transaction fee",
                "Affiliate commission", "Adjustment amount")  # fmt: skip
    first = {"Statement ID": "7001", "Statement date": "2026/05/04", "Currency": "GBP"}
    return table(
        headings,
        {**first, "Type": "Order", "Order/adjustment ID": "576461413038785752", "Total settlement amount": "25.60",
         "Gross sales": "34.00", "Seller discount": "-4.00", "Referral fee": "-2.70", "Transaction fee": "-0.50",
         "Affiliate commission": "-1.20"},
        {**first, "Type": "Violation penalty", "Order/adjustment ID": "576461413038785799",
         "Total settlement amount": "-2.00", "Adjustment amount": "-2.00"},
    )  # fmt: skip


def shopify():
    headings = ("Transaction Date", "Type", "Order", "Card Brand", "Card Source", "Payout Status", "Payout Date",
                "Payout ID", "Available On", "Amount", "Fee", "Net", "Checkout", "Payment Method Name",
                "Presentment Amount", "Presentment Currency", "Currency")  # fmt: skip
    paid = {"Payout Status": "paid", "Payout Date": "2026-05-04", "Payout ID": "9001", "Currency": "EUR"}
    return table(
        headings,
        {**paid, "Transaction Date": "2026-05-01 10:00:00 +0200", "Type": "charge", "Order": "#1001",
         "Amount": "50.00", "Fee": "1.15", "Net": "48.85"},
        {**paid, "Transaction Date": "2026-05-02 10:00:00 +0200", "Type": "refund", "Order": "#1000",
         "Amount": "-10.00", "Fee": "0.00", "Net": "-10.00"},
        {**paid, "Payout Status": "pending", "Payout Date": "", "Payout ID": "",
         "Transaction Date": "2026-05-03 10:00:00 +0200", "Type": "charge", "Order": "#1002", "Amount": "9.00",
         "Fee": "0.50", "Net": "8.50"},
    )  # fmt: skip


def stripe():
    headings = ("automatic_payout_id", "automatic_payout_effective_at", "balance_transaction_id", "created",
                "reporting_category", "gross", "fee", "net", "currency", "payment_intent_id",
                "payment_metadata[order_id]")  # fmt: skip
    one = {"automatic_payout_id": "po_1", "automatic_payout_effective_at": "2026-05-04 00:00:00", "currency": "eur",
           "created": "2026-05-01 08:00:00"}  # fmt: skip
    return table(
        headings,
        {**one, "balance_transaction_id": "txn_1", "reporting_category": "charge", "gross": "40.00", "fee": "0.85",
         "net": "39.15", "payment_intent_id": "pi_1", "payment_metadata[order_id]": "2041"},
        {**one, "balance_transaction_id": "txn_2", "reporting_category": "dispute", "gross": "-12.00", "fee": "15.00",
         "net": "-27.00", "payment_intent_id": "pi_0", "payment_metadata[order_id]": "2040"},
        {**one, "balance_transaction_id": "txn_3", "reporting_category": "payout", "gross": "-12.15", "fee": "0.00",
         "net": "-12.15"},
    )  # fmt: skip


def paypal():
    headings = ("Date", "Name", "Type", "Status", "Currency", "Gross", "Fee", "Net", "Transaction ID",
                "Reference Txn ID", "Invoice Number", "Balance")  # fmt: skip
    done = {"Status": "Completed", "Currency": "USD"}
    return table(
        headings,
        {**done, "Date": "05/01/2026", "Type": "Express Checkout Payment", "Gross": "1,100.00", "Fee": "-38.80",
         "Net": "1,061.20", "Transaction ID": "T1", "Invoice Number": "S00042", "Balance": "1,061.20"},
        {**done, "Date": "05/02/2026", "Type": "Payment Refund", "Gross": "-10.00", "Fee": "0.30", "Net": "-9.70",
         "Transaction ID": "T2", "Reference Txn ID": "T1", "Balance": "1,051.50"},
        {**done, "Date": "05/03/2026", "Type": "Express Checkout Payment", "Status": "Pending", "Gross": "5.00",
         "Fee": "0.00", "Net": "5.00", "Transaction ID": "T3", "Balance": "1,051.50"},
        {**done, "Date": "05/04/2026", "Type": "General Withdrawal", "Gross": "-1,000.00", "Fee": "0.00",
         "Net": "-1,000.00", "Transaction ID": "T4", "Balance": "51.50"},
    )  # fmt: skip


def alipay():
    headings = ("账务流水号", "业务流水号", "商户订单号", "商品名称", "发生时间", "对方账号", "收入金额（+元）",
                "支出金额（-元）", "账户余额（元）", "交易渠道", "业务类型", "备注")  # fmt: skip
    return table(
        headings,
        {"账务流水号": "`1001", "业务流水号": "`B1", "商户订单号": "T200P1930679858170647", "商品名称": "灯",
         "发生时间": "2026-05-01 10:00:00", "收入金额（+元）": "90.00", "支出金额（-元）": "0.00",
         "账户余额（元）": "190.00", "业务类型": "交易付款"},
        {"账务流水号": "`1002", "业务流水号": "`B2", "商户订单号": "T200P1930679858170647",
         "发生时间": "2026-05-01 10:00:05", "收入金额（+元）": "0.00", "支出金额（-元）": "-4.50",
         "账户余额（元）": "185.50", "业务类型": "其它", "备注": "天猫佣金（类目）"},
        {"账务流水号": "`1003", "业务流水号": "`B3", "商户订单号": "", "发生时间": "2026-05-02 09:00:00",
         "收入金额（+元）": "0.00", "支出金额（-元）": "-100.00", "账户余额（元）": "85.50", "业务类型": "提现"},
        encoding="gb18030", above="#支付宝账务明细查询\n#账号：[2088000000000000]\n", below="#账务明细列表结束\n",
    )  # fmt: skip


def wechat():
    """Every cell is marked, and two lines of sums follow."""
    headings = ("记账时间", "微信支付业务单号", "资金流水单号", "业务名称", "业务类型", "收支类型", "收支金额（元）",
                "账户结余（元）", "资金变更提交申请人", "备注", "业务凭证号")  # fmt: skip
    rows = (
        ("2026-05-01 10:00:00", "4200001", "F1", "交易", "交易", "收入", "90.00", "90.00", "system", "", "S00042-1"),
        ("2026-05-01 10:00:00", "4200001", "F2", "扣除交易手续费", "扣除交易手续费", "支出", "0.54", "89.46", "system",
         "", "S00042-1"),
        ("2026-05-02 10:00:00", "5030001", "F3", "退款", "退款", "支出", "20.00", "69.46", "system", "缺货",
         "REF4200001"),
        ("2026-05-03 10:00:00", "6030001", "F4", "提现", "提现", "支出", "60.00", "9.46", "system", "", "W1"),
    )
    told = [{heading: f"`{cell}" for heading, cell in zip(headings, row, strict=True)} for row in rows]
    below = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\n`4.0,`1.0,`90.00,`3.0,`80.54\n"
    return table(headings, *told, below=below)


def pdd():
    headings = ("商户订单号", "发生时间", "收入金额（+元）", "支出金额（-元）", "账务类型", "备注", "业务描述")
    return table(
        headings,
        {"商户订单号": "260618-001", "发生时间": "2026-05-01 10:00:00", "收入金额（+元）": "34.90",
         "支出金额（-元）": "0", "账务类型": "交易收入"},
        {"商户订单号": "260618-001", "发生时间": "2026-05-01 10:00:00", "收入金额（+元）": "6.00",
         "支出金额（-元）": "0", "账务类型": "优惠券结算"},
        {"商户订单号": "260618-001", "发生时间": "2026-05-01 10:00:00", "收入金额（+元）": "0",
         "支出金额（-元）": "-0.21", "账务类型": "技术服务费"},
        {"商户订单号": "260601-009", "发生时间": "2026-05-01 11:00:00", "收入金额（+元）": "0",
         "支出金额（-元）": "-3.00", "账务类型": "扣款", "业务描述": "延迟发货"},
    )  # fmt: skip


def douyin(fee="-4.45", net="84.55"):
    headings = ("结算时间", "结算单号", "订单号", "子订单号", "商品名称", "订单实付应结", "平台补贴", "运费实付",
                "订单退款", "平台服务费", "佣金", "结算金额")  # fmt: skip
    return table(
        headings,
        {"结算时间": "2026-05-04 03:00:00", "结算单号": "'7301", "订单号": "'6931200184410012345",
         "子订单号": "'6931200184410012345", "商品名称": "保温杯", "订单实付应结": "84.00", "平台补贴": "5.00",
         "运费实付": "0.00", "订单退款": "0.00", "平台服务费": fee, "佣金": "0.00", "结算金额": net},
    )  # fmt: skip


def douyin_moves():
    """The other file of 抖店: a row with its parts is settled, a row without is a movement; a word says in or out."""
    headings = ("动账时间", "动帐流水号", "动账方向", "动账金额", "动账账户", "动账场景", "子订单号", "订单号",
                "商品名称", "订单实付应结", "运费实付", "实际平台补贴", "实际抖音支付补贴", "订单退款", "平台服务费",
                "佣金", "备注")  # fmt: skip
    none = dict.fromkeys(headings[9:16], "0")
    return table(
        headings,
        {**none, "动账时间": "2026-05-04 03:00:00", "动帐流水号": "'9001", "动账方向": "入账", "动账金额": "79.55",
         "动账场景": "货款结算入账", "订单号": "'69312001", "订单实付应结": "84.00", "实际平台补贴": "5.00",
         "实际抖音支付补贴": "1.00", "平台服务费": "-4.45", "佣金": "-6.00"},
        {**none, "动账时间": "2026-05-05 03:00:00", "动帐流水号": "'9002", "动账方向": "出账", "动账金额": "20.00",
         "动账场景": "退款-结算后退款-退用户", "订单号": "'69312001"},
        {**none, "动账时间": "2026-05-06 03:00:00", "动帐流水号": "'9003", "动账方向": "出账", "动账金额": "50.00",
         "动账场景": "提现"},
    )  # fmt: skip


def jd():
    headings = ("结算单号", "结算日期", "订单编号", "商品名称", "费用结算时间", "费用项", "金额", "币种",
                "商家应收/应付")  # fmt: skip
    one = {"结算单号": "JS1", "结算日期": "2026-05-04", "订单编号": "29000001", "费用结算时间": "2026-05-03 10:00:00",
           "币种": "人民币"}  # fmt: skip
    return table(
        headings,
        {**one, "费用项": "货款", "金额": "99.00", "商家应收/应付": "应收"},
        {**one, "费用项": "佣金", "金额": "7.92", "商家应收/应付": "应付"},
        encoding="gb18030",
    )


def own(*rows):
    headings = ("Payout", "Payout Date", "Transferred", "Date", "Order", "Kind", "Amount", "Currency", "Entry")
    return table(headings, *rows)
