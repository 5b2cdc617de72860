"""Profit: what was earned, where, by whom, and what lost money."""

from .sheet import ALARM, DECIMAL, LEFT, PERCENT, RIGHT, Dashboard

REPORT = "dropship.profit.report"
ORDERS = "dropship.profit.order"
MATCHED = {
    "Period": ("date", "date"), "Supplier": ("supplier_id", "many2one"), "Product": ("product_id", "many2one"),
    "Channel": ("channel_id", "many2one"), "Country": ("country_id", "many2one"), "Company": ("company_id", "many2one"),
}  # fmt: skip
OF_ORDERS = {label: MATCHED[label] for label in ("Period", "Channel", "Country", "Company")}
FIGURES = ("net_revenue:sum", "contribution_4:sum", "net_profit:sum", "margin:avg", "roas:avg")
LOST = [["profit", "<", 0]]
NAMES = (
    ("Supplier", "supplier_id", "Suppliers", ("Rheinlager", "Yiwu Baihui", "Guangzhou Upin", "Hangzhou Dawn")),
    ("Product", "product_id", "Products", ("Leaf desk lamp", "Stoneware mug", "Scented candle", "Dotted notebook")),
    ("Channel", "channel_id", "Channels", ("Website", "Marketplace", "Orders by file", "Wholesale")),
    ("Country", "country_id", "Countries", ("Germany", "France", "Austria", "China")),
)
MONTHS = ("May", "June", "July", "August", "September", "October")


def make(sample):
    board = Dashboard("profit", 75, sample)
    board.filter("Period", "date", default="last_90_days")
    for label, model in (
        ("Supplier", "dropship.supplier"), ("Product", "product.product"), ("Channel", "dropship.sales.channel"),
        ("Country", "res.country"), ("Company", "res.company"),
    ):  # fmt: skip
        board.filter(label, "relation", model=model)
    _scores(board)
    _months(board)
    for number, one in enumerate(NAMES):
        _ranking(board, LEFT if number % 2 == 0 else RIGHT, 24 + number // 2 * 14, *one)
    _losses(board, 52)
    return board.document()


def _scores(board):
    now = board.pivot(REPORT, [*FIGURES, "currency_id:count_distinct"], MATCHED)
    before = board.pivot(REPORT, FIGURES, MATCHED, offset=-1)
    cards = (
        ("Net Revenue", None, "#EFF6FF", (48210, 41900)), ("Contribution", None, "#EFF6FF", (12940, 10730)),
        ("Net Profit", None, "#F0FDF4", (9120, 7480)), ("Margin", PERCENT, "#F0FDF4", (0.189, 0.179)),
        ("ROAS", DECIMAL, "#FFF7ED", (6.4, 5.9)),
    )  # fmt: skip
    for number, (text, style, colour, sample) in enumerate(cards):
        values = [f'=IFERROR(PIVOT.VALUE({pivot},"{FIGURES[number]}"),0)' for pivot in (now, before)]
        board.figure(number + 1, text, *values, sample, style)
        board.score(number, number + 1, text, colour, "difference" if style == PERCENT else "percentage")
    if not board.sample:
        several = f'IFERROR(PIVOT.VALUE({now},"currency_id:count_distinct"),0)>1'
        board.cells["A6"] = f'=IF({several},_t("Several currencies are added up here: choose one company."),"")'
        board.styles["A6"] = ALARM


def _months(board):
    board.title(LEFT, 6, "Income and Costs by Month", REPORT,
                context={"pivot_row_groupby": ["date:month"], "pivot_column_groupby": ["kind_group"]})  # fmt: skip
    sample = [(month, 30000 + 4000 * number) for number, month in enumerate(MONTHS)]
    board.chart(LEFT, 7, "bar", REPORT, ["date:month", "kind_group"], "amount", MATCHED, sample, stacked=True)
    board.title(RIGHT, 6, "Net Profit by Month", REPORT, context={"pivot_row_groupby": ["date:month"]})
    sample = [(month, 5200 + 700 * number) for number, month in enumerate(MONTHS)]
    board.chart(RIGHT, 7, "line", REPORT, ["date:month"], "net_profit", MATCHED, sample)


def _ranking(board, column, row, text, field, title, names):
    domain = [[field, "!=", False]]
    pivot = board.pivot(REPORT, ["net_revenue:sum", "net_profit:sum", "margin:avg"], MATCHED, [field], domain)
    context = {"pivot_row_groupby": [field], "pivot_measures": ["net_revenue", "net_profit", "margin"]}
    board.title(column, row, title, REPORT, domain, context=context)
    sample = [(name, 18000 - 4000 * number, 3600 - 1100 * number, 0.2 - 0.03 * number)
              for number, name in enumerate(names)]  # fmt: skip
    board.table(column, row + 1, (text, "Net Revenue", "Profit", "Margin"), pivot, sample, (None, None, None, PERCENT))


def _losses(board, row):
    board.title(LEFT, row, "Orders That Lost Money", ORDERS, LOST, ("list",))
    sample = [
        ("S00131", "2026-10-02", "39.00", "-6.20", "Greta Lorenz", "Dearer than expected"),
        ("S00127", "2026-09-30", "0.00", "-9.80", "Paul Richter", "Refunds"),
    ]
    columns = [
        ("Order", "order_id", 1, False), ("Date", "date", 1, True), ("Net Revenue", "revenue", 1, True),
        ("Profit", "profit", 2, True), ("Customer", "customer_id", 1, False), ("Cause", "reason", 3, False),
    ]  # fmt: skip
    board.list(LEFT, row + 1, columns, ORDERS, OF_ORDERS, LOST, [("profit", False)], sample, 15)
