"""The sections about money: cash, the next weeks, who owes whom, tax."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta
from odoo import fields, models
from odoo.tools import SQL

MOST = 15
BUCKETS = (0, 30, 60, 90)  # days late, each the last of its column
AGEING = """
    WITH items AS (
        SELECT line.id, line.account_id, line.partner_id, line.balance, COALESCE(line.date_maturity, line.date) AS due
          FROM account_move_line line
          JOIN account_account account ON account.id = line.account_id AND account.account_type = %(type)s
         WHERE line.company_id = %(company)s AND line.parent_state = 'posted' AND line.date <= %(last)s
           AND (line.reconciled IS NOT TRUE OR EXISTS (
               SELECT FROM account_partial_reconcile part
                WHERE (part.debit_move_id = line.id OR part.credit_move_id = line.id) AND part.max_date > %(last)s))
    ), open AS (
        SELECT items.partner_id, items.due, items.balance
               - COALESCE((SELECT SUM(part.amount) FROM account_partial_reconcile part
                            WHERE part.debit_move_id = items.id AND part.max_date <= %(last)s), 0)
               + COALESCE((SELECT SUM(part.amount) FROM account_partial_reconcile part
                            WHERE part.credit_move_id = items.id AND part.max_date <= %(last)s), 0) AS residual
          FROM items
    )
    SELECT partner.commercial_partner_id,
           CASE WHEN due >= %(last)s THEN 0 WHEN due >= %(last)s - 30 THEN 1 WHEN due >= %(last)s - 60 THEN 2
                WHEN due >= %(last)s - 90 THEN 3 ELSE 4 END, SUM(residual)
      FROM open LEFT JOIN res_partner partner ON partner.id = open.partner_id
     GROUP BY 1, 2
"""


class DropshipReportPack(models.Model):
    _inherit = "dropship.report.pack"

    def _word_of(self, model, field, value):
        """What people call a value: the label of a selection, the name of a record, else the text itself."""
        kind = self.env[model]._fields.get(field)
        if kind is not None and kind.type == "selection":
            return dict(kind._description_selection(self.env)).get(value, str(value))
        if kind is not None and kind.type == "many2one" and isinstance(value, int):
            return self.env[kind.comodel_name].sudo().browse(value).display_name
        return getattr(value, "display_name", None) or str(value)

    # --- cash ---

    def _cash_by_kind(self, company, first, last):
        """{kind: amount} that came (above nothing) and went."""
        return self.env["dropship.cash.line"].sudo()._by_kind(company, first, last)

    def _section_cash(self, company, first, last):
        """The cash that came and went by kind, beside the month before."""
        now = self._cash_by_kind(company, first, last)
        before = self._cash_by_kind(company, *self._spans(company, first)["last_month"])
        rows = [
            ("line", self._word_of("dropship.cash.line", "kind", kind), now.get(kind, 0.0), before.get(kind, 0.0))
            for kind in [*now, *(kind for kind in before if kind not in now)]
        ]
        if rows:
            total = (company.currency_id.round(sum(amounts.values())) for amounts in (now, before))
            rows.append(("sum", self.env._("Change of Cash"), *total))
        columns = [(self.env._("Kind"), "text"), *self._compared_columns(company, first)[:2]]
        chart = {
            "kind": "bars", "title": self.env._("Cash by Kind"),
            "labels": [row[1] for row in rows[:-1]], "values": [row[2] for row in rows[:-1]],
        }  # fmt: skip
        return self._section("cash", self.env._("Cash That Came and Went"), [self._grid("", columns, rows)], [chart])

    def _section_forecast(self, company, first, last):
        """The next thirteen weeks, as they looked when the pack was made."""
        weeks = self.env["dropship.cash.forecast"].sudo()._read(company)["weeks"]
        days = [fields.Date.to_date(week["start"]) for week in weeks]
        rows = [
            ("line", day.isoformat(), week["opening"], week["in"], week["out"], week["closing"])
            for day, week in zip(days, weeks, strict=True)
        ]
        env = self.env
        columns = [
            (env._("Week From"), "date"), (env._("Opening"), "money"), (env._("Comes In"), "money"),
            (env._("Goes Out"), "money"),
            (env._("Closing"), "money"),
        ]  # fmt: skip
        chart = {
            "kind": "line", "title": env._("Cash at the End of Each Week"),
            "labels": [self._day_word(day, "MMMd") for day in days],
            "values": [week["closing"] for week in weeks],
        }  # fmt: skip
        return self._section("forecast", env._("The Next Weeks"), [self._grid("", columns, rows)], [chart])

    # --- who owes whom ---

    def _ageing(self, company, last, account_type):
        """{id of the partner or None: [not due, until 30, 60, 90 days late, later]} at the end of a day."""
        self.env["account.move.line"].flush_model()
        self.env["account.partial.reconcile"].flush_model()
        found = {}
        query = SQL(AGEING, type=account_type, company=company.id, last=last)
        for partner, bucket, amount in self.env.execute_query(query):
            found.setdefault(partner, [0.0] * 5)[bucket] = float(amount)
        return found

    def _ageing_rows(self, company, last, account_type):
        sign = 1 if account_type == "asset_receivable" else -1
        round_ = company.currency_id.round
        owed = {
            partner: [round_(sign * amount) for amount in amounts]
            for partner, amounts in self._ageing(company, last, account_type).items()
        }
        owed = {partner: amounts for partner, amounts in owed.items() if any(amounts)}
        ordered = sorted(owed.items(), key=lambda item: (-sum(item[1]), item[0] or 0))
        partners = self.env["res.partner"].sudo()
        rows = [
            ("line", partners.browse(partner).display_name if partner else self.env._("Not known"), *amounts,
             round_(sum(amounts)))
            for partner, amounts in ordered[:MOST]
        ]  # fmt: skip
        rest = [amounts for _partner, amounts in ordered[MOST:]]
        groups = {"rest": rest, "sum": list(owed.values())}
        titles = {"rest": self.env._("%s others", len(rest)), "sum": self.env._("Total")}
        for style, group in groups.items():
            if group:
                sums = [round_(sum(column)) for column in zip(*group, strict=True)]
                rows.append((style, titles[style], *sums, round_(sum(sums))))
        return rows

    def _section_ageing(self, company, first, last):
        """What customers owe and what is owed to suppliers at the month's end, by how late it is."""
        env = self.env
        late = [env._("Not Due")]
        late += [
            env._("%(first)s to %(last)s days", first=start + 1, last=end)
            for start, end in zip(BUCKETS, BUCKETS[1:], strict=False)
        ]
        late.append(env._("Over %s days", BUCKETS[-1]))
        columns = [(env._("Name"), "text"), *((title, "money") for title in late), (env._("Total"), "money")]
        tables, charts = [], []
        for title, account_type in (
            (env._("Customers Owe Us"), "asset_receivable"), (env._("We Owe"), "liability_payable"),
        ):  # fmt: skip
            rows = self._ageing_rows(company, last, account_type)
            tables.append(self._grid(title, columns, rows))
            if rows:
                charts.append({"kind": "bars", "title": title, "labels": late, "values": list(rows[-1][2:7])})
        return self._section("ageing", env._("Who Owes Whom"), tables, charts)

    # --- tax ---

    def _section_tax(self, company, first, last):
        """Tax of the month by country and rate, and what is due in the three months after it."""
        env = self.env
        summed = self.env["dropship.tax.summary"].sudo()._rows(company, first, last)
        unknown = env._("Not known")
        rows = [
            ("line", row["country"].display_name or unknown, (row["rate"] or 0.0) / 100, row["route"] or "",
             self._word_of("dropship.tax.summary", "scheme", row["scheme"]),
             self._word_of("dropship.tax.summary", "side", row["side"]), row["base"], row["tax"])
            for row in summed
        ]  # fmt: skip
        if rows:
            tax = company.currency_id.round(sum(row["tax"] for row in summed))
            rows.append(("sum", env._("Total"), None, None, None, None, None, tax))
        columns = [
            (env._("Country"), "text"), (env._("Tax Rate"), "percent"), (env._("Route"), "text"),
            (env._("Scheme"), "text"), (env._("Direction"), "text"), (env._("Base"), "money"), (env._("Tax"), "money"),
        ]  # fmt: skip
        start = last + timedelta(days=1)
        until = start + relativedelta(months=3, days=-1)
        due = [
            ("line", fields.Date.to_date(row["date"]).isoformat(), row["name"],
             self._word_of("dropship.tax.due", "state", row["state"] or ""), row["amount"])
            for row in self.env["dropship.tax.due"].sudo()._upcoming(company, start, until)
        ]  # fmt: skip
        due_columns = [
            (env._("Due"), "date"), (env._("What"), "text"), (env._("State"), "text"), (env._("Amount"), "money")
        ]  # fmt: skip
        tables = [
            self._grid(env._("Tax of the Month"), columns, rows),
            self._grid(env._("Due Dates"), due_columns, due),
        ]
        return self._section("tax", env._("Tax"), tables)
