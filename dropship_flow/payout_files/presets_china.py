"""Payout files of China: statements of the account at a marketplace or payment service, or lists of settlements."""

CHINA = {"zone": "Asia/Shanghai", "currency": "CNY", "date_order": "ymd"}
FEE = ("", "", "fee")

CHINESE = {
    "alipay_payout": ("taobao", "支付宝 账务明细（淘宝 / 天猫）", {
        **CHINA, "encoding": "gb18030", "payout_account": True,
    }, (
        ("entry", "账务流水号"), ("transaction", "业务流水号"), ("number", "商户订单号", "after", "P"),
        ("date", "发生时间"), ("kind", "业务类型"), ("kind", "备注"), ("title", "商品名称"),
        ("money_in", "收入金额（+元）"), ("money_out", "支出金额（-元）"), ("balance", "账户余额（元）"),
    ), (
        ("*保证金*", "reserve_held"), ("*佣金*", "fee", "commission"), ("*淘宝客*", "fee", "advertising"),
        ("*推广*", "fee", "advertising"), ("*保险*", "fee", "other"), ("提现*", "transfer"),
        ("*退款*", "refund"), ("收费*", "fee", "payment"), ("*服务费*", "fee", "payment"),
        ("在线支付*", "sale"), ("交易付款*", "sale"), ("*支付*", "sale"), ("转账*", "adjustment"),
    )),
    "wechat_payout": ("other", "微信支付 资金账单", {**CHINA, "payout_account": True, "minus": "支出"}, (
        ("date", "记账时间"), ("transaction", "微信支付业务单号"), ("entry", "资金流水单号"), ("kind", "业务名称"),
        ("kind", "业务类型"), ("direction", "收支类型"), ("amount", "收支金额（元）"), ("balance", "账户结余（元）"),
        ("title", "备注"), ("number", "业务凭证号", "after", "REF"),
    ), (
        ("*手续费*", "fee", "payment"), ("*提现*", "transfer"), ("*退款*", "refund"), ("*保证金*", "reserve_held"),
        ("*冻结*", "reserve_held"), ("*分账*", "fee", "other"), ("*充值*", "adjustment"), ("*转账*", "adjustment"),
        ("*交易*", "sale"),
    )),
    "pdd_payout": ("pdd", "拼多多 账务明细", {**CHINA, "payout_account": True}, (
        ("number", "商户订单号"), ("date", "发生时间"), ("kind", "账务类型"), ("kind", "业务描述"), ("title", "备注"),
        ("entry", "账务流水号"), ("money_in", "收入金额（+元）"), ("money_out", "支出金额（-元）"),
        ("balance", "账户余额（元）"),
    ), (
        ("*保证金*", "reserve_held"), ("提现*", "transfer"), ("交易收入*", "sale"), ("优惠券结算*", "sale"),
        ("*退款*", "refund"), ("*技术服务费*", "fee", "commission"), ("*推广*", "fee", "advertising"),
        ("*多多进宝*", "fee", "advertising"), ("*扣款*", "fee", "penalty"), ("*延迟发货*", "fee", "penalty"),
        ("*服务*", "fee", "other"), ("转账*", "adjustment"),
    )),
    "douyin_payout": ("douyin", "抖店 结算明细 / 动账明细", {**CHINA, "payout_account": True, "minus": "出账"}, (
        ("date", "结算时间"), ("date", "动账时间"), ("entry", "动账流水号"), ("entry", "动帐流水号"),
        ("entry", "结算单号"), ("number", "主订单编号"), ("number", "订单号"), ("number", "子订单号"),
        ("kind", "业务类型"), ("kind", "动账场景"), ("direction", "动账方向"), ("net", "结算金额"),
        ("net", "动账金额"), ("title", "商品名称"), ("balance", "账户余额"),
        *(("amount", heading, "", "", "sale") for heading in (
            "订单实付应结", "平台补贴", "实际平台补贴", "实际平台补贴_运费", "其他平台补贴", "以旧换新抵扣",
            "政府补贴平台垫资", "达人补贴", "实际达人补贴", "实际抖音支付补贴", "实际抖音月付营销补贴", "银行补贴",
        )),
        ("amount", "运费实付", "", "", "shipping"), ("amount", "订单退款", "", "", "refund"),
        ("amount", "平台服务费", *FEE, "commission"), ("amount", "佣金", *FEE, "advertising"),
        ("amount", "服务商佣金", *FEE, "advertising"), ("amount", "渠道分成", *FEE, "advertising"),
        ("amount", "招商服务费", *FEE, "advertising"), ("amount", "站外推广费", *FEE, "advertising"),
        ("amount", "其他分成", *FEE, "other"),
    ), (
        ("*保证金*", "reserve_held"), ("提现*", "transfer"), ("*退款*", "refund"), ("*罚*", "fee", "penalty"),
        ("*赔付*", "fee", "penalty"), ("*服务费*", "fee", "commission"), ("*推广*", "fee", "advertising"),
        ("*保险*", "fee", "other"), ("*结算*", "sale"),
    )),
    "jd_payout": ("jd", "京东 结算单", {**CHINA, "encoding": "gb18030", "minus": "应付"}, (
        ("payout", "结算单号"), ("payout_date", "结算日期"), ("date", "费用结算时间"), ("number", "订单编号"),
        ("number", "订单号"), ("kind", "费用项"), ("kind", "费用名称"), ("title", "商品名称"),
        ("direction", "商家应收/应付"), ("currency", "币种", "fixed", "CNY"), ("amount", "金额"),
    ), (
        ("*货款*", "sale"), ("*退*", "refund"), ("*代收配送费*", "shipping"), ("*佣金*", "fee", "commission"),
        ("*交易服务费*", "fee", "payment"), ("*赔付*", "fee", "penalty"), ("*违约*", "fee", "penalty"),
        ("*保险*", "fee", "other"), ("*广告*", "fee", "advertising"), ("*京豆*", "sale"), ("*费*", "fee", "other"),
        ("*保证金*", "reserve_held"),
    )),
}  # fmt: skip
