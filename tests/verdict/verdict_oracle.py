"""The same by hand: row after row, piece after piece, and of policy and law the best of every point."""

from datetime import date, timedelta
from decimal import Decimal as D
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from verdict import Outcome, Past

STRICT = {"accept": 0, "look": 1, "refuse": 2}
NAMES = ("accept", "look", "refuse")
OUTBOUND = ("none", "standard", "all")
FOR_EVER = date.max


def day_in(moment, zone):
    return moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(zone)).date()


def last_day(window, line, zone, holidays=(), worked=(), untold=0):
    """The last day; for ever when endless or not begun."""
    if window is None:
        return FOR_EVER
    moments = {"ordered": line.order.ordered, "last_parcel": line.order.last_parcel, "shipped": line.shipped,
               "delivered": line.delivered, "signed": line.signed or line.delivered}  # fmt: skip
    if not moments[window.base]:
        return FOR_EVER
    begin = day_in(moments[window.base], zone)
    normal = begin + relativedelta(months=window.months) + timedelta(days=window.days)
    told = line.order.informed
    if untold and told is not True:
        never = told is False or day_in(told, zone) > begin + relativedelta(months=untold)
        late = not never and day_in(told, zone) > begin
        if never:
            normal += relativedelta(months=untold)
        elif late:
            normal = day_in(told, zone) + relativedelta(months=window.months) + timedelta(days=window.days)
    while window.workday and (normal in holidays or (normal.isoweekday() > 5 and normal not in worked)):
        normal += timedelta(days=1)
    return normal


def first_row(rows, line, history):
    def fits(row):
        conditions = [
            (row.categories, line.categories), (row.tags, line.tags), (row.kinds, line.kinds),
            (row.reasons, line.reason.codes), (row.liable, {line.reason.liable}), (row.countries, {line.order.country}),
            (row.channels, {line.order.channel}),
        ]  # fmt: skip
        past = row.past or Past()
        return (
            all(not wanted or wanted & had for wanted, had in conditions)
            and (row.price_from is None or line.price >= row.price_from)
            and (row.price_below is None or line.price < row.price_below)
            and (past.returns_from is None or history.returns >= past.returns_from)
            and (past.blocked is None or history.blocked is past.blocked)
        )

    return next((row for row in sorted(rows, key=lambda row: row.sequence) if fits(row)), None)


def excludes(groups, kinds):
    return any(set(group.split("+")) <= kinds for group in groups)


def supplier_takes(line, now):
    terms = line.terms
    return bool(
        terms
        and (terms.reasons is None or terms.reasons & line.reason.codes)
        and not excludes(terms.excluded, line.kinds)
        and day_in(now, terms.zone) <= last_day(terms.window, line, terms.zone)
    )


def oracle(kind, row, line, request, floors, worth):
    """(verdict, last day, fee, payer, to, evidence missing, outbound, refund terms) of one outcome."""
    today = day_in(request.now, request.zone)
    days = (request.zone, request.holidays, request.worked)
    found = [outcome for outcome in (row.outcomes if row else ()) if outcome.kind == kind]
    default = {"cancel": [Outcome(kind, outbound="all")], "intercept": [Outcome(kind)]}.get(kind, [])
    outcome = (found or default or [None])[0]
    takes, stopped = supplier_takes(line, request.now), kind in ("cancel", "intercept")
    stays = kind in ("keep", "spare_part", "refund_only", "nothing")
    missing, levels, day, fee = set(), [0], FOR_EVER, D(0)
    payer, to, outbound, terms = "customer", "supplier" if takes else "us", "none", []
    if outcome is None:
        levels.append(2)
    else:
        levels.append(STRICT[outcome.verdict])
        day = last_day(outcome.window, line, *days)
        levels.append(2 if today > day else 0)
        missing = (outcome.evidence | (frozenset() if stopped else line.reason.evidence)) - line.evidence
        amount = worth * D("0.3") if kind == "keep" else worth
        levels.append(1 if outcome.maximum is not None and amount > outcome.maximum else 0)
        fee, payer, to, outbound = outcome.fee, outcome.payer, outcome.to, outcome.outbound
        if payer == "liable":
            payer = "us" if line.reason.liable == "listing" else line.reason.liable
        terms = [outcome.refund] if outcome.refund else []
        if not (stays or stopped or line.reason.absent):
            levels.append(STRICT[outcome.bound] if outcome.bound and not takes else 0)
            if to == "supplier" and not takes:
                to = outcome.else_to
            elif to == "supplier" and outcome.supplier_fee:
                fee = max(fee, line.terms.fee)
    to = "" if line.reason.absent or stopped else "keep" if stays else to
    helping = [
        floor for floor in floors
        if kind in floor.grants and today <= last_day(floor.window, line, *days, untold=floor.untold_months)
    ]  # fmt: skip
    if any(not floor.evidence for floor in helping):
        missing = set()
    levels.append(1 if missing else 0)
    refused = max(levels) == 2
    best = min([max(levels), *(max(STRICT[floor.verdict], 1 if missing else 0) for floor in helping)])
    ends = [last_day(floor.window, line, *days, untold=floor.untold_months) for floor in helping]
    if ends:
        day = max(ends) if refused else max(day, *ends)
    fee = min([fee, *(floor.fee for floor in helping if floor.fee is not None)])
    we_pay = any(floor.payer == "us" or (floor.payer == "told" and not line.order.freight_told) for floor in helping)
    payer = "" if to not in ("supplier", "us") else "us" if we_pay and payer == "customer" else payer
    outbound = max([outbound, *(floor.outbound for floor in helping)], key=OUTBOUND.index)
    terms = {*terms, *(floor.refund for floor in helping if floor.refund)}
    rank = {"notice": 0, "sent": 1, "received": 2}
    earlier = {
        term: [other for other in terms - {term} if other.days <= term.days and rank[other.base] <= rank[term.base]]
        for term in terms
    }
    terms = {term for term in terms if not earlier[term]}
    return NAMES[best], day, fee, payer, to, tuple(sorted(missing)), outbound, terms


def pieces_by_hand(line, used):
    """Piece after piece."""
    found = {"back": 0, "cancel": 0, "intercept": 0, "excess": 0}
    order = ("cancel", "intercept", "back") if line.reason.absent else ("back", "cancel", "intercept")
    there = {"back": line.delivered_qty - line.returned - line.open, "cancel": line.waiting, "intercept": line.underway}
    for _piece in range(int(line.asked)):
        for place in order:
            if used.setdefault((line.key, place), 0) < there[place]:
                used[line.key, place] += 1
                found[place] += 1
                break
        else:
            found["excess"] += 1
    return found
