"""A life is lived, and what the ledger says is compared with the plain account: in all, by day, by month, anew."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from odoo.addons.dropship_flow.tests.settling.lives import shrunk

from .business_lives import MONTHS
from .business_money import YEAR
from .common_business import BusinessCase

ORDERS = 10  # in a life


class BusinessLives(BusinessCase):
    def one_life(self, life):
        if self.lived(life.steps):
            steps = shrunk(life.steps, self.lived)
            self.fail("\n".join([self.lived(steps), *map(str, steps)]))

    def lived(self, steps):
        """Live some steps and forget them. The difference, or None."""
        return self.forgotten(lambda: self.live(steps))

    def live(self, steps):
        self.begin()
        for step in steps:
            self.play(step)
        self.collect()
        self.compare("the end")
        self.equal(self.collect(), 0, "collected again")
        self.compare_months()
        self.compare_rebuild()

    # -- the ledger and the plain account --------------------------------------------------------------------------

    def compare(self, when):
        plain, orders = self.business, {sale.id: number for number, sale in self.sold.items()}
        profits, rest, days = defaultdict(dict), {}, {}
        for order, kind, side, amount in self.sums("order_id", "kind_id", "side"):
            if order:
                profits[orders[order.id]][kind.code] = amount
            else:
                rest[side, kind.code] = amount
        for number in plain.orders:
            self.equal(self.some(profits[number]), plain.profit(number), f"{when}: order {number}")
        self.equal(self.some(rest), plain.rest(), f"{when}: of no order")
        days = dict(self.sums("date:day"))
        self.equal(self.some(days), plain.days(), f"{when}: days")

    def sums(self, *groupby, zone="Europe/Berlin"):
        domain = [("generation_id.state", "=", "live"), ("company_id", "=", self.company.id)]
        entries = self.env["dropship.profit.entry"].with_context(tz=zone)
        return [
            (*keys, self.euro(amount)) for *keys, amount in entries._read_group(domain, list(groupby), ["amount:sum"])
        ]

    @staticmethod
    def some(amounts):
        return {name: amount for name, amount in amounts.items() if amount}

    def compare_months(self):
        """A day is the day of the paper, wherever who reads sits: months are the sums of their days."""
        months = defaultdict(Decimal)
        for day, amount in self.business.days().items():
            months[day.replace(day=1)] += amount
        for zone in ("Asia/Shanghai", "UTC", "America/Los_Angeles"):
            told = self.some(dict(self.sums("date:month", zone=zone)))
            self.equal(told, self.some(months), f"months in {zone}")
        for month in range(1, MONTHS + 2):
            day = date(YEAR, month, 1)
            for row in self.env["dropship.profit.reconcile"]._compute(self.company, day):
                self.equal(row["unexplained"], 0.0, f"{day}: unexplained on {row['account'].name}")
            self.equal(self.env["dropship.profit.reconcile"]._twice(self.company, day), [], f"{day}: twice")

    def compare_rebuild(self):
        """Written anew the ledger says the same of each order; where no month was closed, on the same days as well."""
        by = ["order_id", "kind_id", "supplier_id", "channel_id", "account_id", "side", "stage"]
        closed = self.company.fiscalyear_lock_date
        if not closed:
            by.append("date:day")
        before = {tuple(keys): amount for *keys, amount in self.sums(*by) if amount}
        self.env["dropship.profit.generation"]._rebuild(self.company)
        self.env.invalidate_all()
        after = {tuple(keys): amount for *keys, amount in self.sums(*by) if amount}
        changed = {key: (before.get(key), after.get(key)) for key in {*before, *after}
                   if before.get(key) != after.get(key)}  # fmt: skip
        self.equal(changed, {}, "a rebuild says something else")
        self.compare("rebuilt")
