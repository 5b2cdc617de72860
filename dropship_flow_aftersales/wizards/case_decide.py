import logging

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, MissingError, UserError

from ..models.case.locked import BUSY
from ..models.case.words import OUTCOMES

_logger = logging.getLogger(__name__)
VERBS = [
    ("accept", "Accept what each asks for"),
    ("offer", "Make all the same offer"),
    ("refuse", "Refuse"),
    ("assign", "Give to an agent"),
]
# More at once would keep the browser waiting.
AT_ONCE = 500


class DropshipReturnDecide(models.TransientModel):
    """One answer for many cases: each on its own, and the list says which were not answered and why."""

    _name = "dropship.return.decide"
    _description = "Decide Many Cases"
    _inherit = ["dropship.return.words"]

    verb = fields.Selection(VERBS, required=True, default="accept")
    kind = fields.Selection(OUTCOMES, string="Customers Get", default="keep")
    percent = fields.Float(string="Percent of the Price", default=20.0)
    user_id = fields.Many2one("res.users", string="Service Agent", domain="[('share', '=', False)]")
    line_ids = fields.One2many("dropship.return.decide.line", "decide_id", string="Cases")
    count = fields.Integer(string="Selected", compute="_compute_counts")
    done_count = fields.Integer(string="Cases Done", compute="_compute_counts")
    failed_count = fields.Integer(string="Cases Not Done", compute="_compute_counts")
    is_done = fields.Boolean(compute="_compute_counts")

    @api.model
    def _open(self, cases, verb):
        if not cases:
            raise UserError(self.env._("Select at least one case."))
        if len(cases) > AT_ONCE:
            raise UserError(self.env._("Select at most %s cases at once.", AT_ONCE))
        wizard = self.create({"verb": verb, "line_ids": [Command.create({"return_id": case.id}) for case in cases]})
        return wizard._again()

    def _again(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Decide %s Cases", len(self.line_ids)),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.depends("line_ids.state")
    def _compute_counts(self):
        for wizard in self:
            states = wizard.line_ids.mapped("state")
            wizard.count = len(states)
            wizard.done_count = states.count("done")
            wizard.failed_count = states.count("failed")
            wizard.is_done = bool(states) and "waiting" not in states

    def action_apply(self):
        """Answer each case in a savepoint of its own; what was answered already is left alone."""
        self.ensure_one()
        self._check()
        for line in self.line_ids.filtered(lambda line: line.state == "waiting"):
            line.write(line._try())
        return self._again()

    def action_retry(self):
        """Try those again that were not answered."""
        self.line_ids.filtered(lambda line: line.state == "failed").state = "waiting"
        return self.action_apply()

    def _check(self):
        if self.verb == "refuse" and not (self.message or "").strip():
            raise UserError(self.env._("Say why, and what else is possible: the customer reads it."))
        if self.verb == "offer" and not self.kind:
            raise UserError(self.env._("Say what the customers get."))
        if self.verb == "offer" and self.kind == "keep" and not 0 < self.percent <= 100:
            raise UserError(self.env._("The percent are between 0 and 100."))
        if self.verb == "assign" and not self.user_id:
            raise UserError(self.env._("Choose the agent."))

    # ------------------------------------------------------------------
    # One case
    # ------------------------------------------------------------------

    def _do(self, case_sudo):
        getattr(self, f"_do_{self.verb}")(case_sudo)

    def _do_accept(self, case_sudo):
        kind = case_sudo._wished()
        if not kind:
            raise UserError(self.env._("It does not say what the customer wishes. Open it and make an offer."))
        self._form(case_sudo, "accept", kind).action_send()

    def _do_offer(self, case_sudo):
        form = self._form(case_sudo, "offer", self.kind)
        if self.kind == "keep":
            form.money_by, form.percent = "percent", self.percent
        form.action_send()

    def _form(self, case_sudo, mode, kind):
        """The same form an agent fills in for one case."""
        lines = [Command.create({"return_line_id": line.id, "qty": line.qty}) for line in case_sudo.line_ids]
        form = self.env["dropship.return.propose"].create(
            {"return_id": case_sudo.id, "mode": mode, "kind": kind, "line_ids": lines, "message": self.message}
        )
        form._onchange_kind()
        return form

    def _do_refuse(self, case_sudo):
        case_sudo._record("refuse", "agent", text=self.message.strip())

    def _do_assign(self, case_sudo):
        if case_sudo.company_id not in self.user_id.sudo().company_ids:
            raise UserError(
                self.env._(
                    "%(person)s does not work for %(company)s.",
                    person=self.user_id.name,
                    company=case_sudo.company_id.name,
                )
            )
        case_sudo.user_id = self.user_id


class DropshipReturnDecideLine(models.TransientModel):
    _name = "dropship.return.decide.line"
    _description = "Case to Decide"

    decide_id = fields.Many2one("dropship.return.decide", required=True, ondelete="cascade")
    return_id = fields.Many2one("dropship.return", string="Case", required=True, readonly=True)
    currency_id = fields.Many2one(related="return_id.currency_id")
    partner_id = fields.Many2one(related="return_id.partner_id")
    contents = fields.Char(related="return_id.contents")
    verdict = fields.Selection(related="return_id.verdict")
    amount_asked = fields.Monetary(related="return_id.amount_asked")
    state = fields.Selection(
        [("waiting", "Waiting"), ("done", "Done"), ("failed", "Not Done")], default="waiting", required=True
    )
    error = fields.Char(string="Why Not", readonly=True)

    def _try(self):
        """Do it for one case, all of it or nothing.

        :return: what to write on the line
        """
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self.decide_id._do(self.return_id._agent_sudo())
                self.env.flush_all()
        except BUSY:
            return {"state": "failed", "error": self.env._("Somebody else works on it now. Try it again.")}
        except (UserError, AccessError, MissingError) as error:
            return {"state": "failed", "error": str(error)}
        except Exception as error:  # one case must not stop the others
            _logger.exception("Case %s could not be decided", self.return_id.id)
            return {"state": "failed", "error": str(error) or type(error).__name__}
        return {"state": "done", "error": False}
