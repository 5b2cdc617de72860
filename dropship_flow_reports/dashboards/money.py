"""Money: what came and went, what is to come, who owes whom, what tax is due."""

from .sheet import ALARM, LEFT, NUMBER, RIGHT, RIGHT_HEAD, WHOLE, Dashboard, place

CASH = "dropship.cash.line"
OWED = "dropship.report.owed"
WEEKS = "dropship.cash.forecast.week"
DUE = "dropship.tax.due"
MATCHED = {"Period": ("date", "date"), "Company": ("company_id", "many2one")}
OF_COMPANY = {"Company": MATCHED["Company"]}
SIDES = (("Customers Owe Us", "receivable", 7400), ("We Owe", "payable", 11900))
# (heading, value of the field, share in the sample)
LATE = (
    ("Not Due", "0", 0.5), ("1 to 30 days", "30", 0.3), ("31 to 60 days", "60", 0.1), ("61 to 90 days", "90", 0.06),
    ("Over 90 days", "more", 0.04),
)  # fmt: skip
FLOWS = ("amount:sum", "inflow:sum", "outflow:sum")
MONTHS = ("May", "June", "July", "August", "September", "October")


def make(sample):
    board = Dashboard("money", 66, sample)
    board.filter("Period", "date", default="last_90_days")
    board.filter("Company", "relation", model="res.company")
    _scores(board)
    _cash(board, 6)
    _forecast(board, 23)
    _ageing(board, 40)
    _tax(board, 49)
    return board.document()


def _scores(board):
    now = board.pivot(CASH, [*FLOWS, "currency_id:count_distinct"], MATCHED)
    before = board.pivot(CASH, FLOWS, MATCHED, offset=-1)
    cards = (("Change of Cash", 8200, 6100), ("Came In", 52300, 47100), ("Went Out", 44100, 41000))
    for number, (text, *sample) in enumerate(cards):
        values = [f'=IFERROR(PIVOT.VALUE({pivot},"{FLOWS[number]}"),0)' for pivot in (now, before)]
        board.figure(number + 1, text, *values, sample)
        board.score(number, number + 1, text, "#F0FDF4" if number == 0 else "#EFF6FF")
    whole = board.pivot(OWED, ["amount:sum"], OF_COMPANY, ["side"])
    late = board.pivot(OWED, ["amount:sum"], OF_COMPANY, ["side"], [["late", "!=", "0"]])
    for number, (text, side, sample) in enumerate(SIDES, 3):
        values = [f'=IFERROR(PIVOT.VALUE({pivot},"amount:sum","side","{side}"),0)' for pivot in (whole, late)]
        board.figure(number + 1, text, *values, (sample, sample * 0.2))
        board.score(number, number + 1, text, "#FFF7ED", "text", "of it late")
    if not board.sample:
        several = f'IFERROR(PIVOT.VALUE({now},"currency_id:count_distinct"),0)>1'
        board.cells["A6"] = f'=IF({several},_t("Several currencies are added up here: choose one company."),"")'
        board.styles["A6"] = ALARM


def _cash(board, row):
    board.title(LEFT, row, "Cash by Kind and Month", CASH,
                context={"pivot_row_groupby": ["kind"], "pivot_column_groupby": ["date:month"]})  # fmt: skip
    sample = [(month, -1500 + 900 * number) for number, month in enumerate(MONTHS)]
    board.chart(LEFT, row + 1, "bar", CASH, ["date:month", "kind"], "amount", MATCHED, sample, stacked=True)
    board.title(RIGHT, row, "Cash by Kind", CASH, context={"pivot_row_groupby": ["kind"]})
    pivot = board.pivot(CASH, ["amount:sum", "inflow:sum", "outflow:sum"], MATCHED, ["kind"])
    kinds = [
        ("Payouts of Channels", 38100, 38100, 0), ("Customers", 9100, 9300, 200), ("Suppliers", -31000, 400, 31400),
        ("Advertising", -5200, 0, 5200),
    ]  # fmt: skip
    board.table(RIGHT, row + 1, ("Kind", "Amount", "Came In", "Went Out"), pivot, kinds, count=13)


def _forecast(board, row):
    """The newest forecast without changes, week by week."""
    domain = [["is_current", "=", True], ["scenario_id", "=", False]]
    board.title(LEFT, row, "The Next Weeks", WEEKS, domain, ("list", "graph"))
    columns = [
        ("Week From", "first", 1, True), ("Comes In", "inflow", 1, True), ("Goes Out", "outflow", 1, True),
        ("Closing", "closing", 1, True),
    ]  # fmt: skip
    days = ("2026-11-02", "2026-11-09", "2026-11-16", "2026-11-23", "2026-11-30", "2026-12-07", "2026-12-14")
    sample = [(day, 3900 + 40 * week, 3700 + 170 * (week % 3), 8200 + 210 * week) for week, day in enumerate(days)]
    board.list(LEFT, row + 1, columns, WEEKS, OF_COMPANY, domain, [("first", False)], sample, 13)
    board.title(RIGHT, row, "Cash at the End of Each Week", WEEKS, domain, ("graph", "list"))
    ends = [(day, closing) for day, _inflow, _outflow, closing in sample]
    board.chart(RIGHT, row + 1, "line", WEEKS, ["first:week"], "closing", OF_COMPANY, ends, domain)


def _ageing(board, row):
    """How late it is, a column for each side."""
    board.title(LEFT, row, "Who Owes Whom", OWED, (), ("list", "pivot"))
    pivot = board.pivot(OWED, ["amount:sum"], OF_COMPANY, ["side", "late"])
    for step, (words, side, owed) in enumerate(SIDES, 1):
        board.heads(step, row + 1, (words,), RIGHT_HEAD)
        for down, (text, late, share) in enumerate(LATE, 2):
            board.heads(LEFT, row + down, (text,))
            live = f'=IFERROR(PIVOT.VALUE({pivot},"amount:sum","side","{side}","late","{late}"),0)'
            cell = place(step, row + down)
            board.cells[cell] = str(round(owed * share)) if board.sample else live
            board.styles[cell] = NUMBER
            if board.sample:
                board.formats[cell] = WHOLE


def _tax(board, row):
    domain = [["state", "!=", "paid"]]
    board.title(LEFT, row, "Tax That Is Due", DUE, domain, ("list",))
    columns = [
        ("Tax Return", "name", 2, False), ("Due Day", "date", 1, True), ("Amount", "amount", 2, True),
        ("State", "state", 1, False),
    ]  # fmt: skip
    sample = [
        ("VAT 2026-10", "2026-11-10", "1420", "To Declare"), ("OSS 2026 Q4", "2027-01-31", "610", "To Declare"),
    ]  # fmt: skip
    board.list(LEFT, row + 1, columns, DUE, OF_COMPANY, domain, [("date", False)], sample, 12)
