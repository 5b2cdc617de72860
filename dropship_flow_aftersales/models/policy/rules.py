from odoo import api, fields, models
from odoo.tools import ormcache

from ...verdict import Rules


class DropshipReturnPolicy(models.Model):
    _inherit = "dropship.return.policy"

    @api.model
    def _rules(self, company):
        """Policy and law of a company, prepared: `verdict.Rules`. Keys of rows and floors are ids."""
        return self.sudo()._prepared(company.id, fields.Date.today())[0]

    @api.model
    def _when(self, company):
        """When what a row gives is carried out: {(row id, outcome): code of `words.AFTER`}."""
        return self.sudo()._prepared(company.id, fields.Date.today())[1]

    @api.model
    @ormcache("company_id", "today")
    def _prepared(self, company_id, today):
        """Kept until a row changes; the day is in the key for the rates of currencies."""
        company = self.env["res.company"].browse(company_id)
        mine = [("company_id", "in", (False, company_id))]
        policies = self.with_context(active_test=True).search(mine)
        laws = self.env["dropship.return.law"].with_context(active_test=True).search(mine)
        # What is archived is not chosen any more, but it still fits what was chosen before.
        everything = {"active_test": False}
        rules = Rules(
            [policy._as_row(company) for policy in policies.with_context(**everything)],
            [law._as_floor() for law in laws.with_context(**everything)],
        )
        when = {(outcome.policy_id.id, outcome.kind): outcome.after for outcome in policies.outcome_ids}
        return rules, when
