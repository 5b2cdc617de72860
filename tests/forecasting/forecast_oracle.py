"""The same by hand: a calendar on which every day is walked through, record after record; fractions until the end."""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction as F
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

WIDE = Context(prec=400)
ONE = timedelta(days=1)


class Hand:
    def __init__(self, plan, scenario):
        self.plan, self.what = plan, scenario
        self.today = plan.now.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(plan.zone)).date()
        monday = self.today
        while monday.weekday():
            monday -= ONE
        self.monday, self.end = monday, monday + 91 * ONE  # the first day that is too late
        self.cells, self.after, self.days = {}, {}, {}
        self.opening = sum((self.ours(one.balance, one.currency) for one in plan.accounts), Decimal(0))
        for item in plan.items:
            self.item(item)
        for cost in plan.recurring:
            self.recurring(cost)
        for tax in plan.taxes:
            self.put("tax", self.tax_day(tax.rule, tax.day), self.ours(tax.amount, tax.currency))
        for wallet in plan.wallets:
            self.wallet(wallet)
        for cohort in plan.cohorts:
            rest = F(cohort.revenue) - F(cohort.refunded)
            for day, share in self.refunds(cohort.returns, cohort.day):
                self.put("expected_refund", day, -self.ours(rest * share, cohort.currency))
        for sales in plan.sales:
            self.sell(sales)

    def ours(self, amount, currency):
        amount = F(amount) * F(self.plan.rates[currency] if currency else 1) / F(self.plan.step)
        steps = WIDE.divide(Decimal(amount.numerator), Decimal(amount.denominator))
        return steps.quantize(Decimal(1), ROUND_HALF_UP, WIDE) * self.plan.step

    def put(self, kind, day, amount):
        if day >= self.end:
            self.after[kind] = self.after.get(kind, 0) + amount
            return
        day = day if day >= self.today else self.today
        cell = self.cells.setdefault((1 + (day - self.monday).days // 7, kind), [Decimal(0), Decimal(0)])
        cell[amount < 0] += abs(amount)
        self.days[day] = self.days.get(day, 0) + amount

    def walk(self):
        day = self.today
        while day < self.end:
            yield day
            day += ONE

    def later(self, day, terms):
        day = day + ONE * terms.days
        if terms.month_ends:
            day = day + relativedelta(day=1, months=terms.month_ends) - ONE
        return day + ONE * terms.after

    def item(self, item):
        due = self.later(item.day, item.terms)
        due += ONE * {"supplier": self.what.supplier_days, "purchase": self.what.supplier_days,
                      "payout": self.what.payout_days}.get(item.kind, 0)  # fmt: skip
        whole, held = self.ours(item.amount, item.currency), self.ours(item.held, item.currency)
        self.put(item.kind, due, whole - held)
        if held and item.release is not None:
            self.put("reserve", max(due, self.today) + ONE * item.release, held)

    def recurring(self, cost):
        amount = F(cost.amount) * (1 + F(self.what.costs) / 100 if cost.amount < 0 else 1)
        step = {"day": {"days": 1}, "week": {"weeks": 1}, "month": {"months": 1}, "quarter": {"months": 3},
                "year": {"years": 1}}[cost.every]  # fmt: skip
        for number in range(2000):
            day = cost.start + relativedelta(**{unit: count * number for unit, count in step.items()})
            if day >= self.end or (cost.end and day > cost.end):
                break
            if day >= self.today:
                part = cost.rests.get(day, 1)
                self.put(cost.kind, day, self.ours(amount * F(part), cost.currency))

    def tax_day(self, rule, day):
        last = day
        while not ((last + ONE).day == 1 and ((last + ONE).month - rule.start) % rule.months == 0):
            last += ONE
        first = last + relativedelta(day=1) + relativedelta(months=rule.after)
        due = first + relativedelta(day=next((own for month, own in rule.other if month == first.month), rule.day))
        if rule.rest:
            month = "".join("-" if self.idle(first + ONE * day) else " " for day in range(due.day))
            owed = sum(len(row) for row in month.split() if len(row) >= rule.rest)
            while owed:
                due += ONE
                owed -= not self.idle(due)
        while rule.workday and self.idle(due):
            due += ONE if rule.workday > 0 else -ONE
        return due

    def idle(self, day):
        return day in self.plan.holidays or (day.isoweekday() > 5 and day not in self.plan.worked)

    def season(self, day):
        return F(self.plan.season[day.month - 1]) if self.plan.season else F(100)

    def faster(self, day):
        grown = (1 + F(self.what.growth) / 100) ** ((day - self.monday).days // 7)
        return (1 + F(self.what.sales) / 100) * grown

    def wallet(self, wallet):
        there = F(wallet.balance)
        for day in self.walk():
            if day != self.today:
                taken = F(wallet.weekly) / 7 * (1 + F(self.what.costs) / 100) * self.faster(day)
                there -= taken * self.season(day) / self.season(self.today)
            paid = 0
            while there < wallet.level:
                there += F(wallet.top_up)
                paid += F(wallet.top_up)
            if paid:
                self.put("wallet", day, -self.ours(paid, wallet.currency))

    def refunds(self, returns, delivered):
        """(day, share of what is left): day by day, then put on the first day of each week."""
        each = {delivered + ONE * (7 * week + number): F(percent) / 700
                for week, percent in enumerate(returns) for number in range(7)}  # fmt: skip
        gone = sum(share for day, share in each.items() if day < self.today)
        if gone == 1:
            return []
        found, given = {}, F(0)
        for day, share in sorted(each.items()):
            if day < self.today:
                continue
            share = min(share / (1 - gone) * (1 + F(self.what.returns) / 100), 1 - given)
            given += share
            first = min(max(day - ONE * day.weekday(), self.today), self.end)
            found[first] = found.get(first, 0) + share
        return sorted(found.items())

    def sell(self, sales):
        past = {day: F(amount) / self.season(day) * 100 for day, amount in sales.history.items()
                if day < self.monday and amount}  # fmt: skip
        if not past:
            return
        count = 0
        while count < sales.weeks and min(past) < self.monday - 7 * ONE * count:
            count += 1
        days = [F(0)] * 7
        for day, amount in past.items():
            if day >= self.monday - 7 * ONE * count:
                days[day.weekday()] += amount / count
        back = {}
        if not any(days):
            return
        for day in self.walk():
            if day == self.today:
                continue
            revenue = days[day.weekday()] * self.season(day) / 100 * self.faster(day)
            paid = day + ONE * max(0, sales.delay + self.what.payout_days)
            fee = revenue * F(sales.fee) / 100
            held = self.ours((revenue - fee) * F(sales.reserve) / 100, sales.currency)
            self.put("new_sales", paid, self.ours(revenue, sales.currency) - held)
            self.put("new_fees", paid, -self.ours(fee, sales.currency))
            self.put("new_reserve", paid + ONE * sales.release, held)
            bought = revenue * F(sales.purchases) / 100 * (1 + F(self.what.costs) / 100)
            due = max(day, self.later(day, sales.terms) + ONE * self.what.supplier_days)
            self.put("new_purchases", due, -self.ours(bought, sales.currency))
            if sales.tax:
                tax = self.ours(revenue * F(sales.tax) / 100, sales.currency)
                self.put("new_tax", self.tax_day(sales.rule, day), -tax)
            for when, share in self.refunds(sales.returns, day + ONE * sales.delivery):
                back[when] = back.get(when, 0) + share * revenue
        for when, amount in back.items():
            self.put("new_refunds", when, -self.ours(amount, sales.currency))
