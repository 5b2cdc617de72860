"""A shop's policy and the law of two markets, as the rows a shop would have; and a lamp somebody bought."""

from datetime import date, datetime
from decimal import Decimal as D

from verdict import Floor, Line, Order, Outcome, Past, Reason, RefundTerm, Request, Row, Rules, Terms, Window, judge

MEMBERS = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
EU = frozenset(MEMBERS.split(" "))
UNSUITABLE_EU = frozenset(
    {"custom", "perishable", "hygiene+opened", "media+opened", "mixed", "newspaper", "digital+started"}
)
UNSUITABLE_CN = frozenset({"custom", "perishable", "digital", "media+opened", "newspaper", "unsuitable+confirmed"})
NOT_AS_SOLD = frozenset({"not_as_sold"})

# Directive 2011/83/EU, articles 9 to 16. Before the goods are sent there is nothing to wait for.
WITHDRAWAL = Floor(
    "eu_withdrawal", ("return",), EU, valid_from=date(2014, 6, 13), excluded=UNSUITABLE_EU,
    window=Window("last_parcel", days=14, workday=True), fee=D(0), payer="told", evidence=False, outbound="standard",
    refund=RefundTerm(14, "sent"), untold_months=12,
)  # fmt: skip
UNSENT = WITHDRAWAL._replace(key="eu_unsent", grants=("cancel", "intercept"), refund=RefundTerm(14, "notice"))
# Directive (EU) 2019/771, articles 10, 13 and 14: repair or replacement first; two years, free of charge.
CONFORMITY = Floor(
    "eu_conformity", ("repair", "replacement"), EU, valid_from=date(2022, 1, 1), reasons=NOT_AS_SOLD,
    window=Window("delivered", months=24), verdict="look", fee=D(0), payer="us",
)  # fmt: skip
SECOND = CONFORMITY._replace(key="eu_second", grants=("return", "keep"), outbound="standard")
# 消费者权益保护法 25 and the rules on 七日无理由退货: the price without the freight, refunded after reception.
SEVEN_DAYS = Floor(
    "cn_seven_days", ("return",), frozenset({"CN"}), valid_from=date(2014, 3, 15), excluded=UNSUITABLE_CN,
    window=Window("signed", days=7, workday=True), fee=D(0), evidence=False, refund=RefundTerm(7, "received"),
)  # fmt: skip
# 消费者权益保护法 24: what is not as it should be goes back within seven days, at the seller's cost.
CN_QUALITY = Floor(
    "cn_quality", ("return", "exchange", "repair"), frozenset({"CN"}), reasons=NOT_AS_SOLD,
    window=Window("signed", days=7), verdict="look", fee=D(0), payer="us",
)  # fmt: skip
LAW = (WITHDRAWAL, UNSENT, CONFORMITY, SECOND, SEVEN_DAYS, CN_QUALITY)

MONTH = Window("delivered", days=30)
FORTNIGHT = Window("delivered", days=14)
POLICY = (
    Row("blocked", 1, past=Past(blocked=True), outcomes=(Outcome("return", "refuse"),)),
    Row("often", 2, past=Past(returns_from=5, rate_from=D(40)),
        outcomes=(Outcome("return", "look", FORTNIGHT, fee=D(15)),)),
    Row("cheap and broken", 5, reasons=NOT_AS_SOLD, price_below=D(15), outcomes=(
        Outcome("refund_only", window=MONTH, maximum=D(30)), Outcome("replacement", window=MONTH, to="destroy"))),
    Row("broken", 6, reasons=NOT_AS_SOLD, outcomes=(
        Outcome("keep", window=MONTH, percent=D(30), maximum=D(50)),
        Outcome("replacement", window=MONTH, payer="liable", bound="look"),
        Outcome("return", window=MONTH, payer="us", maximum=D(200), outbound="all"))),
    Row("missing", 7, reasons=frozenset({"missing"}), outcomes=(
        Outcome("refund_only", window=FORTNIGHT, maximum=D(50)), Outcome("replacement", window=FORTNIGHT))),
    Row("fresh", 10, categories=frozenset({"food"}), outcomes=(Outcome("nothing"),)),
    Row("sale", 20, tags=frozenset({"final"}), outcomes=(
        Outcome("return", "refuse"), Outcome("credit", window=FORTNIGHT, bonus=D(10)))),
    Row("china", 30, countries=frozenset({"CN"}), outcomes=(
        Outcome("return", window=Window("signed", days=7), refund=RefundTerm(2, "received")),
        Outcome("exchange", window=Window("signed", days=15)))),
    Row("all", 99, outcomes=(
        Outcome("return", window=MONTH, fee=D(10), refund=RefundTerm(21, "received")),
        Outcome("exchange", window=MONTH, payer="us"), Outcome("credit", window=MONTH, bonus=D(5)))),
)  # fmt: skip
RULES = Rules(POLICY, LAW)

DISLIKE = Reason(frozenset({"dislike"}))
BROKEN = Reason(frozenset({"not_as_sold", "broken"}), "supplier", frozenset({"photo"}))
MISSING = Reason(frozenset({"missing"}), "supplier", absent=True)

# Delivered on Monday, the second of March 2026, at noon in Berlin.
BERLIN, SHANGHAI = "Europe/Berlin", "Asia/Shanghai"
DELIVERED = datetime(2026, 3, 2, 11)
TO_GERMANY = Order(datetime(2026, 2, 20, 9), "DE", "shop", DELIVERED)
TO_AMERICA = TO_GERMANY._replace(country="US")
TO_CHINA = TO_GERMANY._replace(country="CN")
TAKES_ALL = Terms(window=Window("delivered", days=30), fee=D(20), zone=SHANGHAI)
LAMP = Line(
    1, TO_GERMANY, D(40), D(1), delivered_qty=D(2), categories=frozenset({"home", "lamp"}), reason=DISLIKE,
    shipped=datetime(2026, 2, 22, 9), delivered=DELIVERED, signed=DELIVERED, terms=TAKES_ALL,
)  # fmt: skip


def ask(*lines, at=datetime(2026, 3, 5, 9), zone=BERLIN, rules=RULES, **facts):
    """The result for some lines, on the third day."""
    return judge(Request(lines, at, zone, **facts), rules)


def offers(result, line=0):
    """{kind: Offer} of a line."""
    return {offer.kind: offer for offer in result.lines[line].offers}


def codes(reasons):
    return [code for code, _figures in reasons]


def figures(reasons, code):
    """The parameters of one reason."""
    return dict(reasons)[code]
