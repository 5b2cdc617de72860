"""What is due in a case, in words, and how far away it is."""

from odoo import api, fields, models
from odoo.addons.dropship_flow.models.reason_text import _lt
from odoo.fields import Domain

# Until so many hours before it is due, a case is not urgent.
SOON_HOURS = 4
DUE_WORDS = {
    "answer": _lt("Answer"),
    "decide": _lt("Judge the Case"),
    "approve": _lt("Agree to the Return"),
    "send": _lt("Send Back"),
    "chase": _lt("Find the Parcel"),
    "inspect": _lt("Inspect"),
    "resolve": _lt("Carry Out"),
    "look": _lt("Look at It"),
    "close": _lt("Ends by Itself"),
}


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    is_overdue = fields.Boolean(string="Overdue", compute="_compute_clock", search="_search_is_overdue")
    clock = fields.Char(compute="_compute_clock", help="How long until it is due, or since when it should be done.")
    clock_color = fields.Selection(
        [("late", "Overdue"), ("soon", "Soon"), ("calm", "In Time")], compute="_compute_clock"
    )
    color = fields.Integer(compute="_compute_clock")
    due_title = fields.Char(string="What to Do", compute="_compute_due_title")

    @api.depends("due_at", "due_what", "state")
    @api.depends_context("lang")
    def _compute_clock(self):
        now = fields.Datetime.now()
        for case in self:
            seconds = (case.due_at - now).total_seconds() if case.due_at and case.state == "open" else None
            case.is_overdue = seconds is not None and seconds < 0 and case.due_what != "close"
            case.clock_color = self._clock_color(seconds, case.is_overdue)
            case.color = 1 if case.is_overdue else 0
            case.clock = self._clock_text(seconds)

    @api.model
    def _clock_color(self, seconds, overdue):
        if seconds is None:
            return False
        if overdue:
            return "late"
        return "soon" if seconds < SOON_HOURS * 3600 else "calm"

    @api.model
    def _clock_text(self, seconds):
        if seconds is None:
            return False
        hours = int(abs(seconds) // 3600)
        if seconds < 0:
            late = self.env._("%s d late", hours // 24) if hours >= 48 else self.env._("%s h late", hours)
            return late if hours else self.env._("just late")
        left = self.env._("in %s d", hours // 24) if hours >= 48 else self.env._("in %s h", hours)
        return left if hours else self.env._("within the hour")

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = (
            Domain("state", "=", "open")
            & Domain("due_at", "<", fields.Datetime.now())
            & Domain("due_what", "!=", "close")
        )
        if True in value and False in value:
            return Domain.TRUE
        return late if True in value else ~late

    @api.depends("due_what")
    @api.depends_context("lang")
    def _compute_due_title(self):
        for case in self:
            case.due_title = self.env._(self._due_word(case.due_what)) if case.due_what else False

    @api.model
    def _due_word(self, what):
        return DUE_WORDS.get(what, what)
