"""Advertising by the order API's machine: one key, done at most once, refused calls kept to be corrected."""

from odoo import api, models
from odoo.addons.dropship_flow.api.validate import MAX_PROBLEMS, Problem, validate

from ...ad_api.schema import METHOD, REQUEST
from ...ad_files import Told
from .text import cost_reason


class DropshipAdSpend(models.Model):
    _inherit = "dropship.ad.spend"

    @api.model
    def api_enter_ad_spend(self, **body):
        """Enter what advertising cost; see docs/ad_spend.md. A day is replaced entirely or not at all."""
        return self.env["dropship.api"]._serve(METHOD, body)


class DropshipApi(models.AbstractModel):
    _inherit = "dropship.api"

    @api.model
    def _items(self, method):
        return "rows" if method == METHOD else super()._items(method)

    @api.model
    def _check_caller(self, method):
        """Override: who enters advertising need not sell."""
        if method != METHOD:
            return super()._check_caller(method)
        return self.env["dropship.ad.spend"].check_access("create")

    @api.model
    def _problems(self, method, body):
        if method != METHOD:
            return super()._problems(method, body)
        if not isinstance(body, dict):
            return [Problem("", "type", {"wanted": "object"})]
        return validate(body, REQUEST)[:MAX_PROBLEMS]

    @api.model
    def _run(self, method, body):
        if method != METHOD:
            return super()._run(method, body)
        company = self.env.company
        if not self._try_locks([f"ads {company.id}"]):
            return None
        told = [
            Told(index, row["day"], row["campaign"].strip(), row["source"].strip(), row.get("currency") or "",
                 f"{row['amount']:f}" if isinstance(row["amount"], float) else str(row["amount"]))
            for index, row in enumerate(body["rows"])
        ]  # fmt: skip
        outcome = self.env["dropship.ad.spend"]._enter(company, told, "api", order="ymd")
        return [self._ad_result(index, outcome) for index in range(len(told))]

    @api.model
    def _ad_result(self, index, outcome):
        problems = outcome.problems.get(index)
        if problems:
            errors = [
                {"path": f"rows[{index}]", "code": code, "message": cost_reason(self.env, code, figures)}
                for code, figures in problems
            ]
            return {"index": index, "status": "refused", "errors": errors}
        if index not in outcome.changed:
            return {"index": index, "status": "known", "errors": []}
        before, fresh = outcome.changed[index]
        result = {"index": index, "status": "entered" if fresh else "restated", "errors": []}
        return result if before is None else {**result, "before": float(before)}
