"""Keeps the calendar of returns: rows for a year ahead, moved when a rule or a holiday changes, and reminders."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta
from odoo import api, models
from odoo.addons.dropship_flow.models.state_mixin import write_locked

from ...forecasting import due_dates, period_of

AHEAD = 12  # months


class DropshipTaxDue(models.Model):
    _inherit = "dropship.tax.due"

    @api.model
    def _cron_generate(self):
        """Nightly, company by company."""
        for company in self.env["res.company"].sudo().search([]):
            self.env["dropship.tax.summary"]._read_changes(company)
            self._generate(company)
            self._remind(company)
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def action_generate(self):
        """Bring the calendar up to date, remind, and show it."""
        company = self.env.company
        self.env["dropship.tax.due.rule"]._complete(company)
        self.env["dropship.tax.summary"]._read_changes(company)
        self._generate(company)
        self._remind(company)
        return self.env["ir.actions.act_window"]._for_xml_id("dropship_flow_reports.action_dropship_tax_due")

    @api.model
    def _generate_all(self, companies):
        for company in companies:
            self._generate(company)

    @api.model
    def _generate(self, company):
        """Rows of the returns a company files, for a year ahead. What is filed or paid stays as it is.

        :return: rows that are new
        """
        if self.env.cr.readonly:
            return self.browse()
        self = self.sudo()  # the calendar is kept by the system; people file and pay
        rules = self.env["dropship.tax.due.rule"].sudo().search([("company_id", "=", company.id)])
        rules.flush_recordset()
        if not rules or not rules[:1].try_lock_for_update():
            return self.browse()  # nothing to do, or somebody else is at it
        write_locked(rules[:1])
        dues = self.search([("company_id", "=", company.id)])
        dues.filtered(lambda due: due.state == "open" and not due.rule_id.followed).unlink()
        dues = dues.exists()
        new = self.browse()
        for rule in rules.filtered("followed"):
            new |= self._generate_rule(rule, dues.filtered(lambda due, rule=rule: due.rule_id == rule))
        return new

    @api.model
    def _generate_rule(self, rule, known):
        engine = rule._engine_rule()
        place = rule.country_id or rule.company_id.account_fiscal_country_id
        off, worked = self.env["dropship.tax.day"]._days_of(rule.company_id, place)
        open_ = known.filtered(lambda due: due.state == "open")
        kept = known - open_
        for due in open_:
            period = period_of(engine, due.date_from, off, worked)
            if (period.first, period.last) != (due.date_from, due.date_to) or _overlaps(kept, period):
                open_ -= due
                due.unlink()
            else:
                due._move(rule, period.day)
        today = self._today(rule.company_id)
        periods = due_dates([engine], today, today + relativedelta(months=AHEAD), off, worked)
        there = set(open_.mapped("date_from"))
        return self.with_context(mail_create_nolog=True).create(
            [
                {
                    "company_id": rule.company_id.id, "rule_id": rule.id, "returned": rule.returned,
                    "country_id": place.id, "date_from": period.first, "date_to": period.last, "date": period.day,
                }
                for period in periods
                if period.first not in there and not _overlaps(kept, period)
            ]
        )  # fmt: skip

    def _move(self, rule, day):
        """The row as its rule says now; its reminder goes along."""
        self.ensure_one()
        place = rule.country_id or rule.company_id.account_fiscal_country_id
        vals = {"date": day, "returned": rule.returned, "country_id": place.id}
        if any((self[name].id if name == "country_id" else self[name]) != value for name, value in vals.items()):
            self.write(vals)
            self.activity_ids.write({"date_deadline": day})

    @api.model
    def _remind(self, company):
        """A task for the accountant some days before; once for each return."""
        today = self._today(company)
        dues = self.sudo().search(
            [("company_id", "=", company.id), ("state", "=", "open"), ("reminded", "=", False),
             ("date", "<=", today + timedelta(days=60))]
        )  # fmt: skip
        for due in dues:
            if due.date - timedelta(days=due.rule_id.remind_days) > today:
                continue
            user = due.rule_id.user_id or company.sudo().dropship_tax_user_id or self._accountant(company)
            if user:
                due.activity_schedule(
                    "dropship_flow_reports.activity_tax_due", date_deadline=due.date, user_id=user.id,
                    summary=due.with_context(lang=user.lang).name,
                )  # fmt: skip
                due.reminded = True

    @api.model
    def _accountant(self, company):
        """The first accountant of the company."""
        group = self.env.ref("account.group_account_manager")
        users = self.env["res.users"].sudo()
        people = [("all_group_ids", "in", group.ids), ("company_ids", "in", company.ids), ("share", "=", False)]
        return users.search([*people, ("id", "!=", self.env.ref("base.user_root").id)], order="id", limit=1)


def _overlaps(dues, period):
    """Whether one of the rows is about a part of a period."""
    return any(due.date_from <= period.last and due.date_to >= period.first for due in dues)
