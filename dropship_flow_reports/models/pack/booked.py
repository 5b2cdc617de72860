"""What the sections read: the ledger's entries of a company between two days."""

from dateutil.relativedelta import relativedelta
from odoo import models
from odoo.tools import SQL

STEPS = ("revenue", "1", "2", "3", "4", "overhead")
BASE = """
    SELECT COALESCE(SUM(entry.amount), 0)
      FROM dropship_profit_entry entry JOIN dropship_profit_generation live ON live.id = entry.generation_id
     WHERE live.company_id = %(company)s AND live.state = 'live' AND entry.date >= %(first)s
       AND entry.book_date BETWEEN %(first)s AND %(last)s AND entry.side <> 'out'
"""


class DropshipReportPack(models.Model):
    _inherit = "dropship.report.pack"

    def _booked(self, company, first, last, *by, sides=("attributed", "unattributed", "overhead")):
        """[(*by, amount)] of the ledger between two days, both included; by: fields of the entries."""
        domain = [
            ("generation_id", "=", self.env["dropship.profit.generation"]._live(company).id),
            ("date", ">=", first), ("date", "<=", last), ("side", "in", sides),
        ]  # fmt: skip
        # whoever may have the pack need not read every document behind it
        return self.env["dropship.profit.entry"].sudo()._read_group(domain, list(by), ["amount:sum"])

    def _steps(self, company, first, last):
        """{step: amount} after each step: net revenue, contribution 1 to 4, net profit as `overhead`."""
        amounts = dict(self._booked(company, first, last, "kind_group"))
        running, found = 0.0, {}
        for step in STEPS:
            running = company.currency_id.round(running + amounts.get(step, 0.0))
            found[step] = running
        return found

    def _base_profit(self, company, first, last):
        """What is booked for these days, on whatever day it counts: corrections of closed months count later."""
        self.env["dropship.profit.entry"].flush_model()
        query = SQL(BASE, company=company.id, first=first, last=last)
        return company.currency_id.round(float(self.env.execute_query(query)[0][0]))

    def _spans(self, company, first):
        """{code: (first, last)} of the month and what it is compared with."""

        def month(start):
            return start, start + relativedelta(months=1, days=-1)

        year = company.compute_fiscalyear_dates(first)["date_from"]
        return {
            "month": month(first),
            "last_month": month(first - relativedelta(months=1)),
            "last_year": month(first - relativedelta(years=1)),
            "year": (year, month(first)[1]),
        }
