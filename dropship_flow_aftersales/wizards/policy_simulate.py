from collections import Counter
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.case.words import OUTCOMES, VERDICTS
from ..verdict import judge

MOST_CASES = 500


class DropshipReturnSimulate(models.TransientModel):
    """What would a customer get: for one line of an order, or for the cases there were. Nothing is written down."""

    _name = "dropship.return.simulate"
    _description = "Simulate the Return Policy"

    mode = fields.Selection(
        [("line", "One Order Line"), ("cases", "Past Cases")], string="Try", required=True, default="line"
    )
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    order_id = fields.Many2one("sale.order", domain="[('state', '=', 'sale'), ('company_id', '=', company_id)]")
    order_line_id = fields.Many2one(
        "sale.order.line", domain="[('order_id', '=', order_id), ('display_type', '=', False)]"
    )
    qty = fields.Float(string="Asked", default=1.0, digits="Product Unit")
    reason_id = fields.Many2one("dropship.return.reason", domain="[('child_ids', '=', False)]")
    wanted = fields.Selection(OUTCOMES, string="Wished")
    opened = fields.Boolean()
    photo = fields.Boolean(string="Photo Given")
    video = fields.Boolean(string="Video Given")
    label = fields.Boolean(string="Photo of the Label Given")
    days = fields.Integer(string="Cases of the Last Days", default=90)
    verdict = fields.Selection(VERDICTS, readonly=True)
    summary = fields.Text(readonly=True)
    steps = fields.Text(string="The Way to It", readonly=True)
    result_ids = fields.One2many("dropship.return.simulate.result", "wizard_id", string="What the Customer Would Get")

    @api.onchange("order_id")
    def _onchange_order(self):
        if self.order_line_id.order_id != self.order_id:
            self.order_line_id = False

    def action_simulate(self):
        """Play the rules of today; show the wizard again with what they say."""
        self.ensure_one()
        self.result_ids.unlink()
        if self.mode == "line":
            self._simulate_line()
        else:
            self._simulate_cases()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "name": self.env._("Simulate the Return Policy"),
        }

    def _simulate_line(self):
        if not self.order_line_id or not self.reason_id:
            raise UserError(self.env._("Choose an order line and a reason."))
        given = ",".join(code for code in ("photo", "video", "label") if self[code])
        lines = [
            {
                "order_line": self.order_line_id, "qty": self.qty, "reason": self.reason_id,
                "wanted": self.wanted or "", "evidence": given, "opened": self.opened,
            }
        ]  # fmt: skip
        cases_sudo = self.env["dropship.return"].sudo()  # the verdict needs suppliers' terms and other cases
        result, steps = cases_sudo._preview_steps(self.order_line_id.order_id, lines)
        said = [[step.code, step.figures] for step in steps]
        judged = result.lines[0]
        self.write(
            {
                "verdict": result.verdict,
                "summary": "\n".join(self._words(cases_sudo, judged.reasons)),
                "steps": "\n".join(self._words(cases_sudo, said)),
                "result_ids": [Command.create(self._result_vals(cases_sudo, offer)) for offer in judged.offers],
            }
        )

    @api.model
    def _words(self, cases, reasons):
        return cases._verdict_words(cases._reasons_plain(reasons), staff=True)

    def _result_vals(self, cases, offer):
        return {
            "kind": offer.kind,
            "verdict": offer.verdict,
            "qty": float(offer.quantity),
            "deadline": offer.deadline.day,
            "fee": float(offer.fee),
            "why": "\n".join(self._words(cases, offer.reasons)),
            "customer": "\n".join(cases._verdict_words(cases._reasons_plain(offer.reasons))),
        }

    def _simulate_cases(self):
        """Ask the rules of today about past cases as of the moment they were opened."""
        since = fields.Datetime.now() - timedelta(days=max(self.days, 0))
        domain = [("company_id", "=", self.company_id.id), ("opened_at", ">=", since)]
        cases_sudo = self.env["dropship.return"].sudo().search(domain, order="id desc", limit=MOST_CASES)
        rules = self.env["dropship.return.policy"]._rules(self.company_id)
        told, vals = Counter(), []
        for case_sudo in cases_sudo:
            result = judge(case_sudo._verdict_request(case_sudo.opened_at), rules)
            same = result.verdict == case_sudo.verdict
            told[case_sudo.verdict, result.verdict] += 1
            if not same:
                vals.append(
                    {
                        "return_id": case_sudo.id,
                        "before": case_sudo.verdict,
                        "verdict": result.verdict,
                        "why": "\n".join(self._why_of(case_sudo, result)),
                    }
                )
        changed = sum(count for (before, after), count in told.items() if before != after)
        summary = self.env._(
            "%(changed)s of %(cases)s cases would be decided otherwise.", changed=changed, cases=len(cases_sudo)
        )
        self.write(
            {
                "verdict": False,
                "summary": summary,
                "steps": False,
                "result_ids": [Command.create(row) for row in vals],
            }
        )

    def _why_of(self, case, result):
        found = []
        for judged in result.lines:
            reasons = [*judged.reasons, *(reason for offer in judged.offers for reason in offer.reasons)]
            found += [words for words in self._words(case, reasons) if words not in found]
        return found


class DropshipReturnSimulateResult(models.TransientModel):
    _name = "dropship.return.simulate.result"
    _description = "What a Simulated Customer Would Get"

    wizard_id = fields.Many2one("dropship.return.simulate", required=True, ondelete="cascade")
    kind = fields.Selection(OUTCOMES, string="Outcome")
    return_id = fields.Many2one("dropship.return", string="Case")
    before = fields.Selection(VERDICTS, string="Was")
    verdict = fields.Selection(VERDICTS)
    qty = fields.Float(digits="Product Unit")
    fee = fields.Float(string="Restocking Fee (%)")
    deadline = fields.Date(string="Until")
    why = fields.Text()
    customer = fields.Text(string="The Customer Reads")
