"""The same said naively: day after day, cent after cent, with fractions. It shares no code with the package."""

import calendar
from collections import defaultdict
from datetime import timedelta
from fractions import Fraction

DAY = timedelta(days=1)


def to_cents(value):
    """Half away from zero, of cents."""
    sign = -1 if value < 0 else 1
    return sign * int((abs(value) * 2 + 1) // 2)


def divide(cents, weights):
    """Cent after cent to whoever lacks most of what is due to him, but at first nobody gets more than that."""
    total, sign = sum(weights), -1 if cents < 0 else 1
    due = [Fraction(abs(cents)) * weight / total for weight in weights]
    got = [int(share) for share in due]
    lacks = [share - has for share, has in zip(due, got, strict=True)]
    for _cent in range(abs(cents) - sum(got)):
        most = lacks.index(max(lacks))
        got[most] += 1
        lacks[most] = Fraction(-1)
    return [sign * has for has in got]


def worth(cents, currency, day, rates):
    """Cents of the company, or None."""
    if currency == "EUR":
        return cents
    known = [rate for since, rate in sorted(rates.get(currency, {}).items()) if since <= day]
    return to_cents(cents * Fraction(known[-1])) if known else None


def holds(rule, day):
    return not (rule.first and day < rule.first) and not (rule.last and day > rule.last)


def inside(rule, order, line):
    return not (
        (rule.channels and order.channel not in rule.channels)
        or (rule.countries and order.country not in rule.countries)
        or (rule.suppliers and line.supplier not in rule.suppliers)
        or (rule.categories and not rule.categories & line.categories)
    )


def days_of(rule, day):
    """All days of the week, month or year that are one with a day."""
    if rule.kind == "daily":
        return [day]
    if rule.kind == "weekly":
        return [day - (day.weekday() - number) * DAY for number in range(7)]
    months = [day.month] if rule.kind == "monthly" else range(1, 13)
    return [
        day.replace(month=month, day=number)
        for month in months
        for number in range(1, calendar.monthrange(day.year, month)[1] + 1)
    ]


def owed_by_day(rule, first, last, rates):
    """{day: cents}"""
    found, day = {}, first
    while day <= last:
        if holds(rule, day) and day not in found:
            whole = days_of(rule, day) if rule.kind != "fixed" else [
                rule.first + number * DAY for number in range((rule.last - rule.first).days + 1)
            ]  # fmt: skip
            held = [one for one in whole if holds(rule, one)]
            own = to_cents(Fraction(rule.amount) * 100 * len(held) / len(whole))
            cents = worth(own, rule.currency or "EUR", held[0], rates)
            parts = [None] * len(held) if cents is None else divide(cents, [1] * len(held))
            found |= dict(zip(held, parts, strict=True))
        day += DAY
    return {day: cents for day, cents in sorted(found.items()) if first <= day <= last and cents is not None}


def takers(what, rule, orders, first, last):
    """[(day, weight, order, lines)]"""
    found = []
    for order in sorted(orders, key=lambda order: (order.day, order.key)):
        lines = sorted((line for line in order.lines if inside(rule, order, line)), key=lambda line: line.key)
        if what == "orders" and lines:
            found.append((order.day, 1, order, lines))
        elif what == "parcels":
            for parcel in sorted(order.parcels, key=lambda parcel: (parcel.day, parcel.key)):
                packed = [line for line in lines if not parcel.lines or line.key in parcel.lines]
                if packed:
                    found.append((parcel.day, 1, order, packed))
        elif what in ("revenue", "units", "cost"):
            found += [(order.day, Fraction(getattr(line, what)), order, [line]) for line in lines]
    return [taker for taker in found if first <= taker[0] <= last and holds(rule, taker[0])]


def on_lines(day, order, lines, cents, places):
    for weights in ([max(line.revenue, 0) for line in lines], [line.units for line in lines], [1] * len(lines)):
        if sum(weights):
            break
    for line, part in zip(lines, divide(cents, [Fraction(weight) for weight in weights]), strict=True):
        places[day, order.key, line.key, ""] += part


def oracle(rule, orders, first, last, rates):
    """{(day, order, line, why nobody): cents}, nothing of nothing"""
    places = defaultdict(int)
    whats = {"per_order": "orders", "per_parcel": "parcels", "per_unit": "units",
             "percent_revenue": "revenue", "percent_cost": "cost"}  # fmt: skip
    if rule.kind in whats:
        for day, weight, order, lines in takers(whats[rule.kind], rule, orders, first, last):
            percent = 100 if rule.kind.startswith("percent") else 1
            own = to_cents(Fraction(rule.amount) * weight * 100 / percent)
            cents = worth(own, rule.currency or "EUR", day, rates)
            if cents is not None:
                on_lines(day, order, lines, cents, places)
    else:
        owed, some = owed_by_day(rule, first, last, rates), takers(rule.by, rule, orders, first, last)
        for month in sorted({(day.year, day.month) for day in owed}):
            days = [day for day in owed if (day.year, day.month) == month]
            here = [one for one in some if (one[0].year, one[0].month) == month and one[1] > 0]
            if here:
                parts = divide(sum(owed[day] for day in days), [weight for _day, weight, _order, _lines in here])
                for (day, _weight, order, lines), part in zip(here, parts, strict=True):
                    on_lines(day, order, lines, part, places)
                continue
            for day in days:
                places[day, None, None, "" if rule.by == "days" else f"no_{rule.by}"] += owed[day]
    return {place: cents for place, cents in places.items() if cents}
