import base64
import io
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from odoo import Command, api, fields, models
from odoo.exceptions import AccessError

from ..models.profit.reconcile import READERS

RETURNED = [("oss", "EU distance sale (OSS)"), ("ioss", "Import sale (IOSS)")]
MONTHS = {"oss": 3, "ioss": 1}
COLUMNS = ("corrected", "country_id", "ship_from_id", "rate", "base", "tax", "documents")


class DropshipTaxReturn(models.TransientModel):
    """What goes into an OSS or IOSS return: in euro, by country and rate, with the corrections of earlier periods."""

    _name = "dropship.tax.return"
    _description = "OSS and IOSS Return"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    returned = fields.Selection(RETURNED, string="Tax Return", required=True, default="oss")
    day = fields.Date(string="A Day of the Period", required=True, default=lambda self: self._default_day())
    date_from = fields.Date(string="Period From", compute="_compute_period")
    date_to = fields.Date(string="Period To", compute="_compute_period")
    currency_id = fields.Many2one("res.currency", default=lambda self: self.env.ref("base.EUR"), readonly=True)
    tax = fields.Monetary(string="Tax to Pay", readonly=True)
    rates = fields.Text(string="Rates Used", readonly=True)
    problems = fields.Text(readonly=True)
    line_ids = fields.One2many("dropship.tax.return.line", "return_id", readonly=True)
    file = fields.Binary(attachment=False, readonly=True)

    @api.model
    def _default_day(self):
        """The last day of the quarter before this one."""
        today = fields.Date.context_today(self)
        first = today.replace(day=1, month=(today.month - 1) // 3 * 3 + 1)
        return first - timedelta(days=1)

    def _compute_display_name(self):
        for wizard in self:
            wizard.display_name = self.env._("OSS and IOSS Return")

    @api.depends("day", "returned")
    def _compute_period(self):
        for wizard in self:
            wizard.date_from, wizard.date_to = wizard._period_of(wizard.day) if wizard.day else (False, False)

    def _period_of(self, day):
        """The first and last day of the return's period a day lies in."""
        months = MONTHS[self.returned]
        first = day.replace(day=1, month=(day.month - 1) // months * months + 1)
        return first, first + relativedelta(months=months, days=-1)

    @api.model
    def action_open(self):
        """The last return that is over."""
        return self.create({}).action_show()

    def action_show(self):
        """Read the summary and fill the return."""
        self.ensure_one()
        if not self.env.su and not any(self.env.user.has_group(group) for group in READERS):
            raise AccessError(self.env._("Only managers and accountants see the tax of documents."))
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("You do not work for this company."))
        self.env["dropship.tax.summary"]._read_changes(self.company_id)
        rows, rates, missing = self._figures()
        lines = [Command.create(row) for row in rows]
        self.write(
            {
                "line_ids": [Command.clear(), *lines],
                "tax": self.currency_id.round(sum(row["tax"] for row in rows)),
                "rates": self._rates_text(rates),
                "problems": self._problems_text(rows, missing),
                "file": False,
            }
        )
        return {
            "type": "ir.actions.act_window", "name": self.env._("OSS and IOSS Return"), "res_model": self._name,
            "res_id": self.id, "view_mode": "form",
        }  # fmt: skip

    def _figures(self):
        """(values of the lines, {(currency, day): rate}, currencies without a rate)"""
        domain = [
            ("company_id", "=", self.company_id.id), ("scheme", "=", self.returned), ("side", "=", "output"),
            ("date", ">=", self.date_from), ("date", "<=", self.date_to),
        ]  # fmt: skip
        groups = (
            self.env["dropship.tax.summary"]
            .sudo()
            ._read_group(
                domain,
                ["country_id", "ship_from_id", "rate", "document_currency_id", "corrected_date:month"],
                ["base_document:sum", "tax_document:sum", "tax:sum", "move_id:count_distinct", "warning:count"],
            )
        )
        rows, rates, missing = {}, {}, self.env["res.currency"]
        for country, source, rate, currency, month, base, tax, booked, documents, warnings in groups:
            first, last = self._period_of(month)
            if not self._has_rate(currency, last):
                missing |= currency
            factor = rates.setdefault((currency, last), self._rate(currency, last))
            key = (first if first < self.date_from else False, country, source, rate)
            row = rows.setdefault(
                key, {"base": 0.0, "tax": 0.0, "booked": 0.0, "documents": 0, "warnings": 0}
            )  # fmt: skip
            row["base"] += base * factor
            row["tax"] += tax * factor
            row["booked"] += booked
            row["documents"] += documents
            row["warnings"] += warnings
        return [self._line(key, row) for key, row in sorted(rows.items(), key=_order)], rates, missing

    def _line(self, key, row):
        corrected, country, source, rate = key
        amounts = {name: self.currency_id.round(row[name]) for name in ("base", "tax")}
        return {
            **row, **amounts, "booked": self.company_id.currency_id.round(row["booked"]), "corrected": corrected,
            "country_id": country.id, "ship_from_id": source.id, "rate": rate,
        }  # fmt: skip

    def _rate(self, currency, day):
        """Euro for one of the currency, by the rates of that day."""
        if currency == self.currency_id:
            return 1.0
        return self.env["res.currency"]._get_conversion_rate(currency, self.currency_id, self.company_id, day)

    def _has_rate(self, currency, day):
        """Whether the system knows what the currency was worth in euro on that day."""
        needed = (currency | self.currency_id) - self.company_id.currency_id
        if currency == self.currency_id:
            return True
        known = self.env["res.currency.rate"].sudo().search(
            [("currency_id", "in", needed.ids), ("name", "<=", day),
             ("company_id", "in", [False, self.company_id.root_id.id])]
        )  # fmt: skip
        return needed <= known.currency_id

    def _rates_text(self, rates):
        """1 EUR = 25.03 CZK (2026-09-30), one a line"""
        lines = [
            f"1 {self.currency_id.name} = {1 / rate:.6g} {currency.name} ({day})"
            for (currency, day), rate in rates.items()
            if currency != self.currency_id and rate
        ]
        return "\n".join(sorted(lines))

    def _problems_text(self, rows, missing):
        problems = []
        if self.date_to >= fields.Date.context_today(self):
            problems.append(self.env._("The period is not over: figures and rates will change."))
        if missing:
            names = ", ".join(missing.mapped("name"))
            problems.append(self.env._("No rate of %s for the last day of the period: enter it first.", names))
        warnings = sum(row["warnings"] for row in rows)
        if warnings:
            problems.append(self.env._("%s rows of the summary do not fit together: look at them first.", warnings))
        return "\n".join(problems)

    def action_summary(self):
        """The rows of the summary the return is made of."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("dropship_flow_reports.action_dropship_tax_summary")
        domain = [
            ("company_id", "=", self.company_id.id), ("scheme", "=", self.returned), ("side", "=", "output"),
            ("date", ">=", self.date_from), ("date", "<=", self.date_to),
        ]  # fmt: skip
        return {**action, "domain": domain, "context": {}}

    def action_export(self):
        """The return as a workbook."""
        self.ensure_one()
        self.file = base64.b64encode(self._workbook())
        name = f"{self.returned.upper()}-{self.date_from:%Y-%m}.xlsx"
        return {
            "type": "ir.actions.act_url", "target": "download",
            "url": f"/web/content/{self._name}/{self.id}/file/{name}?download=true",
        }  # fmt: skip

    def _workbook(self):
        import xlsxwriter  # noqa: PLC0415 - loading takes a while

        stream = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(stream, options) as book:
            sheet = book.add_worksheet(self.returned.upper())
            bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
            labels = self.line_ids.fields_get(COLUMNS, ["string"])
            for column, name in enumerate(COLUMNS):
                sheet.set_column(column, column, 18)
                sheet.write_string(0, column, labels[name]["string"], bold)
            for number, line in enumerate(self.line_ids, 1):
                for column, name in enumerate(COLUMNS):
                    value = line[name]
                    if name == "corrected":
                        sheet.write_string(number, column, str(value or ""))
                    elif name.endswith("_id"):
                        sheet.write_string(number, column, value.name or "")
                    else:
                        sheet.write_number(number, column, value, money if name in ("base", "tax") else None)
            sheet.freeze_panes(1, 0)
        return stream.getvalue()


def _order(row):
    (corrected, country, source, rate), _figures = row
    return (str(corrected or ""), country.code, source.code, -rate)


class DropshipTaxReturnLine(models.TransientModel):
    _name = "dropship.tax.return.line"
    _description = "Line of an OSS or IOSS Return"
    _order = "id"

    return_id = fields.Many2one("dropship.tax.return", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="return_id.currency_id")
    company_currency_id = fields.Many2one(related="return_id.company_id.currency_id", string="Currency of the Books")
    corrected = fields.Date(string="Corrects Period From", readonly=True)
    country_id = fields.Many2one("res.country", string="Ship-to Country", readonly=True)
    ship_from_id = fields.Many2one("res.country", string="Ships From", readonly=True)
    rate = fields.Float(string="Tax Rate (%)", readonly=True)
    base = fields.Monetary(string="Taxable Amount", readonly=True)
    tax = fields.Monetary(readonly=True)
    booked = fields.Monetary(string="Tax in the Books", currency_field="company_currency_id", readonly=True)
    documents = fields.Integer(readonly=True)
    warnings = fields.Integer(string="Tax Warnings", readonly=True)
