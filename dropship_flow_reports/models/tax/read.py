"""Reads taxes of documents that changed into the summary."""

from odoo import api, models
from odoo.addons.dropship_flow.models.customs import FREE_VALUE
from odoo.addons.dropship_flow.models.state_mixin import write_locked
from odoo.tools import SQL

from . import facts_sql, rows_sql

CHUNK = 2000
SOURCE = "tax"  # its row in the list of what was read until when
DROP = """
    DROP TABLE IF EXISTS tax_document, tax_line, tax_link, tax_detail, tax_item, tax_order, tax_euro, tax_part,
                         tax_route, tax_kind, tax_side, tax_share, tax_scheme
"""
CHANGED = """
    SELECT id FROM account_move WHERE company_id = %(company)s AND write_date >= %(since)s
     UNION SELECT move_id FROM account_move_line WHERE company_id = %(company)s AND write_date >= %(since)s
     UNION SELECT item.move_id
             FROM dropship_allocation part
             JOIN sale_order_line sold ON sold.order_id = part.order_id
             JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = sold.id
             JOIN account_move_line item ON item.id = rel.invoice_line_id
            WHERE part.company_id = %(company)s AND part.write_date >= %(since)s
"""


class DropshipTaxSummary(models.Model):
    _inherit = "dropship.tax.summary"

    @api.model
    def _cron_read(self):
        """Nightly, company by company."""
        for company in self.env["res.company"].sudo().search([]):
            self._read_changes(company)
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _read_changes(self, company):
        """Bring the summary of a company up to date.

        It stays as it is on a connection that only reads, and while somebody else reads the same company.

        :return int: documents looked at
        """
        if self.env.cr.readonly:
            return 0
        self = self.sudo().with_context(active_test=False)  # every document counts, whoever asks
        self.env.flush_all()
        mark = self._mark(company)
        mark.flush_recordset()
        if not mark.try_lock_for_update():
            return 0
        write_locked(mark)
        seen = mark._horizon()
        if mark.until:
            query = SQL(CHANGED, company=company.id, since=mark.until)
        else:
            query = SQL("SELECT id FROM account_move WHERE company_id = %s", company.id)
        moves = sorted(row[0] for row in self.env.execute_query(query))
        for start in range(0, len(moves), CHUNK):
            self._read_moves(company, moves[start : start + CHUNK])
        mark._set(company, seen, {SOURCE: len(moves)})
        self.invalidate_model()
        self.env["dropship.tax.due"].invalidate_model(["amount", "warnings", "uncovered"])
        return len(moves)

    @api.model
    def _mark(self, company):
        marks = self.env["dropship.profit.watermark"].sudo()
        found = marks.search([("company_id", "=", company.id), ("source", "=", SOURCE)])
        if found:
            return found
        with self.env["dropship.profit.generation"]._first_come():
            found = marks.create({"company_id": company.id, "source": SOURCE})
            found.flush_recordset()
        return found

    @api.model
    def _forget(self, companies):
        """Something that decides about all rows changed: the next reading is of all documents."""
        marks = self.env["dropship.profit.watermark"].sudo()
        marks.search([("company_id", "in", companies.ids), ("source", "=", SOURCE)]).until = False

    @api.model
    def _read_moves(self, company, moves):
        cr = self.env.cr
        cr.execute("DELETE FROM dropship_tax_summary WHERE move_id = ANY(%s)", [moves])
        cr.execute(DROP)
        self._read_details(company, moves)
        self._read_routes(company)
        self._write_rows(company)

    def _read_details(self, company, moves):
        cr = self.env.cr
        cr.execute(SQL(facts_sql.DOCUMENTS, moves=moves, company=company.id))
        self._index("tax_document", "move_id")
        for query in facts_sql.LINES:
            cr.execute(SQL(query))
        self._index("tax_line", "id", "move_id")
        self._index("tax_link", "account_move_line_id")
        details = self.env["account.move.line"]._get_query_tax_details(SQL("account_move_line"), SQL("TRUE"))
        cr.execute(SQL(facts_sql.DETAILS, details=details))
        self._index("tax_detail", "base_line_id", "tax_line_id")
        for query in (facts_sql.REST, facts_sql.ZERO, facts_sql.ITEMS, facts_sql.ORDERS):
            cr.execute(SQL(query))
        self._index("tax_item", "id")
        self._index("tax_order", "move_id")

    def _read_routes(self, company):
        cr = self.env.cr
        home = self._home(company).id
        self._read_euro(company)
        cr.execute(SQL(facts_sql.PARTS, home=home, euro=self._euro_rate(company), zone=self._zone(company)))
        self._index("tax_part", "order_id", "line_id")
        cr.execute(facts_sql.ROUTES)
        for query in facts_sql.SOLD:
            cr.execute(SQL(query))
        cr.execute(SQL(facts_sql.BOUGHT, home=home))
        cr.execute(SQL(facts_sql.OTHERS, home=home))

    def _write_rows(self, company):
        tag = self.env.ref("l10n_eu_oss.tag_oss", raise_if_not_found=False)
        union = self.env.ref("base.europe", raise_if_not_found=False)
        figures = {
            "company": company.id, "currency": company.currency_id.id, "places": company.currency_id.decimal_places,
            "home": self._home(company).id, "union": union.country_ids.ids if union else [], "limit": FREE_VALUE,
            "oss_tag": tag.id if tag else 0, "oss": company.dropship_oss, "number": company.dropship_ioss or "",
            "taxed": self._taxes_sales(company),
        }  # fmt: skip
        self._index("tax_route", "line_id")
        for table, query in (
            ("tax_kind", rows_sql.TAXES), ("tax_side", rows_sql.SIDES), ("tax_share", rows_sql.SHARES),
            ("tax_scheme", rows_sql.SCHEMES),
        ):  # fmt: skip
            self.env.cr.execute(SQL(query, **figures))
            self._index(table)
        self.env.cr.execute(SQL(rows_sql.ROWS, **figures))

    def _index(self, table, *columns):
        """Tell the planner what a temporary table is like: nobody else does, and it guesses wrong."""
        for column in columns:
            self.env.cr.execute(SQL("CREATE INDEX ON %s (%s)", SQL.identifier(table), SQL.identifier(column)))
        self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))

    def _read_euro(self, company):
        """What one of the company's money was in euro on the days of the orders, where it is not euro."""
        cr = self.env.cr
        cr.execute("CREATE TEMP TABLE tax_euro (day date, rate numeric) ON COMMIT DROP")
        euro = self.env.ref("base.EUR")
        if company.currency_id == euro:
            return
        days = self.env.execute_query(SQL(facts_sql.DAYS, zone=self._zone(company)))
        rate = self.env["res.currency"]._get_conversion_rate
        for (day,) in days:
            cr.execute("INSERT INTO tax_euro VALUES (%s, %s)", [day, rate(company.currency_id, euro, company, day)])

    def _zone(self, company):
        return company.partner_id.tz or "UTC"

    def _euro_rate(self, company):
        euro = self.env.ref("base.EUR")
        return 1.0 if company.currency_id == euro else company.currency_id._get_conversion_rate(
            company.currency_id, euro, company
        )  # fmt: skip

    @api.model
    def _home(self, company):
        return company.account_fiscal_country_id or company.country_id or self.env.ref("base.de")

    def _taxes_sales(self, company):
        """Whether the company charges tax at all: a small business that does not need not be told."""
        domain = [("company_id", "=", company.id), ("type_tax_use", "=", "sale"), ("amount", ">", 0)]
        return bool(self.env["account.tax"].with_context(active_test=True).search_count(domain, limit=1))
