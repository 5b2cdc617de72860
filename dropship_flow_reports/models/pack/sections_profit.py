"""The sections about profit: key figures, statement, lists of the best, orders that lost money."""

from dateutil.relativedelta import relativedelta
from odoo import models

from .booked import STEPS

TOP = 10
MOST = 20
SHOWN_AS = {"margin": "percent", "orders": "count", "units": "count", "roas": "number"}
COMPARED = ("month", "last_month", "last_year", "year")


class DropshipReportPack(models.Model):
    _inherit = "dropship.report.pack"

    def _section(self, code, title, tables=(), charts=(), note="", empty=False):
        """A section as `monthly` describes it; tables without rows are left out."""
        tables = [table for table in tables if table["rows"]]
        return {
            "code": code, "title": title, "note": note, "tables": tables,
            "charts": [chart for chart in charts if any(chart["values"])],
            "empty": self.env._("Nothing here in this month.") if empty or not tables else "",
        }  # fmt: skip

    def _grid(self, title, columns, rows):
        return {
            "title": title, "columns": [list(column) for column in columns],
            "rows": [{"style": style, "cells": list(cells)} for style, *cells in rows],
        }  # fmt: skip

    def _compared_columns(self, company, first):
        """The headings of the four columns of money."""
        spans = self._spans(company, first)
        months = [self._day_word(spans[code][0], "yMMM") for code in COMPARED[:3]]
        return [*((month, "money") for month in months), (self.env._("Year to Date"), "money")]

    # --- key figures ---

    def _key_figures(self, company, first, last):
        """{figure: amount or None} between two days, both included."""
        steps = self._steps(company, first, last)
        revenue = steps["revenue"]
        figures = {
            "net_revenue": revenue, "contribution": steps["4"], "net_profit": steps["overhead"],
            "margin": steps["overhead"] / revenue if revenue else None, **self._sales_figures(company, first, last),
        }  # fmt: skip
        orders = figures["orders"]
        figures["average"] = company.currency_id.round(revenue / orders) if orders else None
        spent = figures["ad_spend"]
        figures["roas"] = revenue / spent if spent else None
        return figures

    def _sales_figures(self, company, first, last):
        """{"orders", "units", "ad_spend", "cac"} of what is booked, as the analysis of profit defines them."""
        theirs = self.env["dropship.profit.report"]._figures(company, first, last, booked=True)
        return {name: theirs[name] for name in ("orders", "units", "ad_spend", "cac")}

    def _section_key(self, company, first, last):
        """Key figures against the month before and the same month of last year, and the last thirteen months."""
        spans = self._spans(company, first)
        now, before, year = (self._key_figures(company, *spans[code]) for code in COMPARED[:3])
        env = self.env
        titles = {
            "net_revenue": env._("Net Revenue"), "contribution": env._("Contribution 4"),
            "net_profit": env._("Net Profit"), "margin": env._("Margin"), "orders": env._("Orders"),
            "units": env._("Units"), "average": env._("Revenue per Order"), "ad_spend": env._("Advertising"),
            "roas": env._("ROAS"), "cac": env._("CAC"),
        }  # fmt: skip
        columns = [
            (env._("Figure"), "text"), *self._compared_columns(company, first)[:3],
            (env._("Against Last Month"), "percent"), (env._("Against Last Year"), "percent"),
        ]  # fmt: skip
        rows = []
        for code, title in titles.items():
            kind = SHOWN_AS.get(code, "money")
            value, last_month, last_year = now[code], before[code], year[code]
            if value is None and last_month is None and last_year is None:
                continue
            changes = [None, None]
            if kind != "percent":
                changes = [self._change(value, last_month), self._change(value, last_year)]
            rows.append({"style": "line", "type": kind, "cells": [title, value, last_month, last_year, *changes]})
        return self._section(
            "key", env._("Key Figures"), [{**self._grid("", columns, []), "rows": rows}],
            [self._trend(company, first)],
            empty=not any((now["net_revenue"], now["net_profit"], before["net_revenue"], year["net_revenue"])),
        )  # fmt: skip

    def _change(self, value, compared):
        if not compared or value is None:
            return None
        return (value - compared) / abs(compared)

    def _trend(self, company, first):
        start = first - relativedelta(months=12)
        profit, revenue = {}, {}
        rows = self._booked(company, start, self._spans(company, first)["month"][1], "date:month", "kind_group")
        for month, step, amount in rows:
            profit[month] = profit.get(month, 0.0) + amount
            if step == "revenue":
                revenue[month] = revenue.get(month, 0.0) + amount
        months = [start + relativedelta(months=number) for number in range(13)]
        return {
            "kind": "columns", "title": self.env._("The Last Thirteen Months"),
            "labels": [self._day_word(month, "MMM") for month in months],
            "values": [round(profit.get(month, 0.0), 2) for month in months],
            "last": [round(revenue.get(month, 0.0), 2) for month in months],
            "names": [self.env._("Net Profit"), self.env._("Net Revenue")],
        }  # fmt: skip

    # --- the statement ---

    def _section_profit(self, company, first, last):
        """Every kind of income and cost, with a sum after each step, and how it ties to the general ledger."""
        spans = self._spans(company, first)
        amounts = {code: dict(self._booked(company, *spans[code], "kind_id")) for code in COMPARED}
        steps = {code: self._steps(company, *spans[code]) for code in COMPARED}
        revenue = steps["month"]["revenue"]
        kinds = self.env["dropship.profit.kind"].sudo().search([]).with_context(lang=self.env.lang)
        rows = []
        for step in STEPS:
            for kind in kinds.filtered(lambda kind, step=step: kind.group == step):
                values = [amounts[code].get(kind.with_env(self.env), 0.0) for code in COMPARED]
                if any(values):
                    rows.append(("line", kind.name, *values, values[0] / revenue if revenue else None))
            values = [steps[code][step] for code in COMPARED]
            rows.append(("sum", self._step_title(step), *values, values[0] / revenue if revenue else None))
        coming = [self._still_expected(company, *spans[code]) for code in COMPARED]
        if any(coming):
            rows.append(("rest", self.env._("Still Expected of Orders"), *coming, None))
        columns = [
            (self.env._("Kind"), "text"), *self._compared_columns(company, first), (self.env._("Of Revenue"), "percent")
        ]  # fmt: skip
        chart = {
            "kind": "columns", "title": self.env._("Step by Step"),
            "labels": [self._step_title(step) for step in STEPS],
            "values": [steps["month"][step] for step in STEPS],
            "last": [steps["last_month"][step] for step in STEPS],
            "names": [columns[1][0], columns[2][0]],
        }  # fmt: skip
        return self._section(
            "profit", self.env._("Profit and Loss"),
            [self._grid("", columns, rows), self._tie(company, first)], [chart], empty=not any(amounts.values()),
        )  # fmt: skip

    def _still_expected(self, company, first, last):
        """What orders of these days are to bring or cost and no document says yet."""
        domain = [("company_id", "=", company.id), ("date", ">=", first), ("date", "<=", last)]
        [(amount,)] = self.env["dropship.profit.estimate"].sudo()._read_group(domain, aggregates=["amount:sum"])
        return company.currency_id.round(amount or 0.0)

    def _step_title(self, step):
        return dict(self.env["dropship.profit.kind"]._fields["group"]._description_selection(self.env))[step]

    def _tie(self, company, first):
        """The statement's last line to the books: nothing may be left over."""
        rows = self.env["dropship.profit.reconcile"].sudo()._compute(company, first)
        total = {
            name: company.currency_id.round(sum(row[name] for row in rows))
            for name in ("attributed", "unattributed", "overhead", "out_of_scope", "ledger")
        }
        total["unexplained"] = company.currency_id.round(sum(abs(row["unexplained"]) for row in rows))
        titles = self.env["dropship.profit.reconcile.line"].fields_get(list(total), ["string"])
        lines = [
            ("sum" if name in ("ledger", "unexplained") else "line", titles[name]["string"], total[name])
            for name in total
        ]
        columns = [(self.env._("Ties to the General Ledger"), "text"), (self.env._("Amount"), "money")]
        return self._grid("", columns, lines)

    # --- who and what earned it ---

    def _section_top(self, company, first, last):
        """Products, suppliers, channels, customers and countries by net revenue."""
        env = self.env
        lists = {
            "product_id": env._("Products"), "supplier_id": env._("Suppliers"), "channel_id": env._("Channels"),
            "customer_id": env._("Customers"), "country_id": env._("Countries"),
        }  # fmt: skip
        found = [(title, self._ranked(company, first, last, name)) for name, title in lists.items()]
        columns = [
            (env._("Name"), "text"), (env._("Net Revenue"), "money"), (env._("Profit"), "money"),
            (env._("Margin"), "percent"),
        ]  # fmt: skip
        suppliers = [row for row in found[1][1] if row[0] == "line"]
        chart = {
            "kind": "bars", "title": env._("Profit of Suppliers"),
            "labels": [row[1] for row in suppliers], "values": [row[3] for row in suppliers],
        }  # fmt: skip
        return self._section(
            "top", env._("Who and What Earned It"), [self._grid(title, columns, rows) for title, rows in found], [chart]
        )

    def _ranked(self, company, first, last, name):
        """Rows of the best, all others, and the sum of what belongs to orders."""
        amounts = {}
        for record, step, amount in self._booked(company, first, last, name, "kind_group", sides=("attributed",)):
            sums = amounts.setdefault(record, [0.0, 0.0])
            sums[0] += amount if step == "revenue" else 0.0
            sums[1] += amount
        if not amounts:
            return []
        ordered = sorted(amounts.items(), key=lambda item: (-item[1][0], -item[1][1], item[0].id))
        rows = [("line", self._named(record), *self._with_margin(company, sums)) for record, sums in ordered[:TOP]]
        rest = [sums for _record, sums in ordered[TOP:]]
        if rest:
            sums = [sum(column) for column in zip(*rest, strict=True)]
            rows.append(("rest", self.env._("%s others", len(rest)), *self._with_margin(company, sums)))
        sums = [sum(column) for column in zip(*amounts.values(), strict=True)]
        return [*rows, ("sum", self.env._("Of Orders"), *self._with_margin(company, sums))]

    def _named(self, record):
        return record.sudo().display_name if record else self.env._("Not known")

    def _with_margin(self, company, sums):
        revenue, profit = (company.currency_id.round(amount) for amount in sums)
        return revenue, profit, profit / revenue if revenue else None

    def _section_losses(self, company, first, last):
        """Orders of the month that lost money, with what is still expected of them, and why."""
        domain = [("company_id", "=", company.id), ("date", ">=", first), ("date", "<=", last), ("profit", "<", 0)]
        orders_sudo = self.env["dropship.profit.order"].sudo()
        [(count, revenue, profit)] = orders_sudo._read_group(
            domain, aggregates=["__count", "revenue:sum", "profit:sum"]
        )
        rows = [
            ("line", row.order_id.name, row.customer_id.display_name, row.revenue, row.profit, row.why)
            for row in orders_sudo.search(domain, order="profit, id", limit=MOST)
        ]
        if count:
            rows.append(("sum", self.env._("All %s orders", count), None, revenue, profit, None))
        env = self.env
        columns = [
            (env._("Order"), "text"), (env._("Customer"), "text"), (env._("Net Revenue"), "money"),
            (env._("Profit"), "money"), (env._("Cause"), "text"),
        ]  # fmt: skip
        note = env._("With what is still expected of these orders.") if count else ""
        return self._section("losses", env._("Orders That Lost Money"), [self._grid("", columns, rows)], note=note)
