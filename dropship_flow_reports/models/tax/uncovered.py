"""Tax in the books that goes into no return the company files: it would never become due, and nobody would miss it."""

from collections import defaultdict

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.tools import formatLang

from .rule import RETURNS

MONTHS = 12  # what is older was filed before the calendar was kept


class DropshipTaxDue(models.Model):
    _inherit = "dropship.tax.due"

    uncovered = fields.Text(string="Tax Without a Return", compute="_compute_uncovered")

    @api.depends("company_id")
    @api.depends_context("lang")
    def _compute_uncovered(self):
        told = {company: "\n".join(self._uncovered_texts(company)) for company in self.company_id}
        for due in self:
            due.uncovered = told.get(due.company_id, False)

    @api.model
    def _uncovered(self, company):
        """Tax of the last year that no rule the company follows covers, nor a return it filed by another rule.

        :return: {return (vat, oss, ioss): tax in the company's currency, above nothing: we owe it}; empty as well where
            no rule is followed: then there is no calendar
        """
        rules_sudo = self.env["dropship.tax.due.rule"].sudo()
        followed = rules_sudo.search([("company_id", "=", company.id), ("followed", "=", True)])
        home = company.account_fiscal_country_id
        covered = {rule.returned for rule in followed if rule.returned != "vat" or (rule.country_id or home) == home}
        missing = {returned for returned, _word in RETURNS} - covered
        if not followed or not missing:
            return {}
        abroad = self._filed_abroad(company)
        kept = [
            (due._part(), due.date_from, due.date_to)
            for due in self.sudo().search([("company_id", "=", company.id), ("state", "!=", "open")])
        ]
        first = self._today(company) + relativedelta(months=-MONTHS, day=1)
        groups = self.env["dropship.tax.summary"].sudo()._read_group(
            [("company_id", "=", company.id), ("date", ">=", first), ("tax", "!=", 0)],
            ["scheme", "tax_country_id", "date:month"], ["tax:sum"],
        )  # fmt: skip
        found = defaultdict(float)
        for scheme, country, month, tax in groups:
            part = self._part_of(scheme, country, abroad)
            if part in missing and not any(one == part and start <= month <= end for one, start, end in kept):
                found[part] += tax
        return {part: tax for part, amount in found.items() if (tax := company.currency_id.round(amount))}

    @api.model
    def _uncovered_texts(self, company):
        """A sentence of each: what it is and what to do."""
        words = dict(self._fields["returned"]._description_selection(self.env))
        return [
            self.env._(
                "%(returned)s: %(amount)s of tax were booked in the last year, but you file no such return. Choose it "
                "under Due Days of Returns, else it is never due.",
                returned=words[returned],
                amount=formatLang(self.env, tax, currency_obj=company.currency_id),
            )
            for returned, tax in sorted(self._uncovered(company).items())
        ]

    @api.model
    def action_generate(self):
        """Override: say what the calendar does not have."""
        action = super().action_generate()
        texts = self._uncovered_texts(self.env.company)
        if not texts:
            return action
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning", "sticky": True, "title": self.env._("Tax Without a Return"),
                "message": " ".join(texts), "next": action,
            },
        }  # fmt: skip
