"""The pack on paper and as a workbook: both say what the stored figures say."""

import re
from datetime import date

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from ...monthly.charts import draw
from ...monthly.stamp import pages_of, stamp
from ...monthly.workbook import typed, workbook

# The columns of the query below without its first, as people know them.
DETAIL_FIELDS = [
    "date", "book_date", "order_id", "kind_id", "kind_group", "stage", "side", "amount", "tax", "document",
    "customer_id", "supplier_id", "product_id", "channel_id", "country_id", "account_id",
]  # fmt: skip
DETAILS = """
    SELECT entry.id, entry.date, entry.book_date, sale.name, entry.kind_id, entry.kind_group, entry.stage, entry.side,
           entry.amount, entry.tax, entry.document, customer.name, supplier.name, product.default_code,
           COALESCE(template.name ->> %(lang)s, template.name ->> 'en_US'), entry.channel_id, entry.country_id,
           entry.account_id
      FROM dropship_profit_entry entry
 LEFT JOIN sale_order sale ON sale.id = entry.order_id
 LEFT JOIN res_partner customer ON customer.id = entry.customer_id
 LEFT JOIN dropship_supplier supplier ON supplier.id = entry.supplier_id
 LEFT JOIN product_product product ON product.id = entry.product_id
 LEFT JOIN product_template template ON template.id = product.product_tmpl_id
     WHERE entry.generation_id = %(generation)s AND entry.date >= %(day)s AND entry.date <= %(last)s
       AND (entry.date, entry.id) > (%(day)s, %(after)s)
     ORDER BY entry.date, entry.id LIMIT %(batch)s
"""


class DropshipReportPack(models.Model):
    _inherit = "dropship.report.pack"

    _batch = 5000  # entries read at a time

    preview = fields.Html(compute="_compute_preview", sanitize=False)

    @api.depends("figures")
    def _compute_preview(self):
        for pack in self:
            pack.preview = pack._speaking()._html("report_pack_body", pack.figures) if pack.figures else False

    def _paper_name(self, figures):
        """The files' name without its ending: the month, to be in order, the company, what it is."""
        name = f"{figures['first'][:7]} {figures['company']} {self.name}"
        return re.sub(r'[\\/:*?"<>|\x00-\x1f]+', "-", name).strip()

    # --- pages ---

    def _html(self, template, figures, **values):
        names = {"figures": figures, "shown": self._shown, "drawn": self._drawn, "typed": typed, **values}
        return self.env["ir.qweb"]._render(f"dropship_flow_reports.{template}", names, lang=self.env.lang)

    def _printable(self):
        return self.env["ir.actions.report"].sudo().get_wkhtmltopdf_state() != "install"

    def _pdf(self, figures):
        """A4 pages; above each the company, the pack and its number among all of them.

        Not every wkhtmltopdf puts lines above its pages: they are pages of their own, laid under.
        """
        reports_sudo = self.env["ir.actions.report"].sudo()
        if not self._printable():
            raise UserError(
                self.env._("PDFs need the program wkhtmltopdf on the server: ask who runs it to install it.")
            )
        paper = "dropship_flow_reports.action_report_pack"
        pages = reports_sudo._run_wkhtmltopdf([self._html("report_pack", figures)], report_ref=paper)
        count = pages_of(pages)
        numbers = [
            self.env._("Page %(number)s of %(count)s", number=number, count=count) for number in range(1, count + 1)
        ]
        above = reports_sudo._run_wkhtmltopdf(
            [self._html("report_pack_above", figures, numbers=numbers)],
            report_ref=paper,
            specific_paperformat_args={"data-report-margin-top": 8},
        )
        return stamp(pages, above)

    def _shown(self, value, kind):
        """A cell as people read it in the pack's language."""
        if value is None or value is False or value == "":
            return ""
        lang = self.env["res.lang"]._lang_get(self.env.lang)
        if kind == "date":
            return format_date(self.env, date.fromisoformat(value))
        if kind == "percent":
            return f"{lang.format('%.1f', value * 100, grouping=True)} %"
        if kind == "text":
            return str(value)
        digits = {"money": self.currency_id.decimal_places, "number": 2, "count": 0}[kind]
        return lang.format(f"%.{digits}f", value, grouping=True)

    def _drawn(self, chart, width):
        lang = self.env["res.lang"]._lang_get(self.env.lang)
        return Markup(draw(chart, lambda amount: lang.format("%.0f", amount, grouping=True), width))

    # --- workbook ---

    def _xlsx(self, figures):
        """A sheet for each section, and the ledger's entries of the month, line by line."""
        env = self.env
        facts = [
            (env._("Company"), figures["company"]), (env._("Currency"), figures["currency"]),
            (env._("Figures As Of"), figures["made"]), (env._("Comment"), figures["note"]),
        ]  # fmt: skip
        details = {"title": env._("Ledger"), "columns": self._detail_columns(), "rows": self._details()}
        return workbook(figures["title"], facts, figures["sections"], details, figures["digits"])

    def _detail_columns(self):
        titles = self.env["dropship.profit.entry"].fields_get(DETAIL_FIELDS, ["string"])
        kinds = {"date": "date", "book_date": "date", "amount": "money", "tax": "money"}
        return [(titles[name]["string"], kinds.get(name, "text")) for name in DETAIL_FIELDS]

    def _details(self):
        """The month's entries, read a few thousand at a time; a row is [cell, …] as the columns have them."""
        words = self._detail_words()
        first, last = self._days()
        generation = self.env["dropship.profit.generation"]._live(self.company_id)
        self.env["dropship.profit.entry"].flush_model()
        day, after = first, 0
        while True:
            query = SQL(
                DETAILS,
                lang=self.env.lang,
                generation=generation.id,
                day=day,
                after=after,
                last=last,
                batch=self._batch,
            )
            rows = self.env.execute_query(query)
            for row in rows:
                yield self._detail(row, words)
            if len(rows) < self._batch:
                return
            after, day = rows[-1][0], rows[-1][1]

    def _detail_words(self):
        """{what: {id or code: words}} of what there are few of."""
        entry = self.env["dropship.profit.entry"]
        words = {
            name: dict(entry._fields[name]._description_selection(self.env)) for name in ("kind_group", "stage", "side")
        }
        for name in ("kind_id", "channel_id", "country_id", "account_id"):
            records = self.env[entry._fields[name].comodel_name].sudo().with_context(active_test=False).search([])
            words[name] = {record.id: record.display_name for record in records}
        return words

    def _detail(self, row, words):
        (_id, day, book_day, order, kind, step, stage, side, amount, tax, document, customer, supplier, code, product,
         channel, country, account) = row  # fmt: skip
        return [
            day, book_day, order, words["kind_id"].get(kind), words["kind_group"].get(step),
            words["stage"].get(stage), words["side"].get(side), float(amount), float(tax or 0.0), document, customer,
            supplier, f"[{code}] {product}" if code else product, words["channel_id"].get(channel),
            words["country_id"].get(country), words["account_id"].get(account),
        ]  # fmt: skip
