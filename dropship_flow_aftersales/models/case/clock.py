"""What is due in cases, by whose calendar, and the job that looks when time alone changes something."""

from datetime import timedelta

from odoo import api, fields, models

from ...casework import Rules, dues, wake
from .locked import BUSY

SILENCES = [("accept", "It is accepted"), ("refuse", "It is declined"), ("person", "A person decides")]


class ResCompany(models.Model):
    _inherit = "res.company"

    dropship_case_answer_hours = fields.Integer(string="Customer Answers Offers Within (hours)", default=72)
    dropship_case_decide_hours = fields.Integer(string="We Decide Within (working hours)", default=16)
    dropship_case_supplier_hours = fields.Integer(string="Supplier Answers Within (working hours)", default=16)
    dropship_case_send_days = fields.Integer(string="Customer Sends Back Within (days)", default=14)
    dropship_case_transit_days = fields.Integer(string="Parcel Back Takes at Most (days)", default=14)
    dropship_case_inspect_hours = fields.Integer(string="Inspected Within (working hours)", default=40)
    dropship_case_resolve_hours = fields.Integer(string="Carried Out Within (working hours)", default=16)
    dropship_case_silence_customer = fields.Selection(SILENCES, string="Customer's Silence", default="refuse")
    dropship_case_silence_supplier = fields.Selection(
        SILENCES, string="Supplier's Silence", default="accept", help="To the question whether goods may come back."
    )
    dropship_case_score_days = fields.Integer(string="A Bad Rating Opens It Again Within (days)", default=14)
    dropship_case_bad_score = fields.Integer(string="Bad Rating Up To", default=2)

    _dropship_case_clocks = models.Constraint(
        "CHECK (dropship_case_answer_hours > 0 AND dropship_case_decide_hours > 0 AND dropship_case_supplier_hours > 0 "
        "AND dropship_case_send_days > 0 AND dropship_case_transit_days > 0 AND dropship_case_inspect_hours > 0 "
        "AND dropship_case_resolve_hours > 0 AND dropship_case_score_days >= 0)",
        "The times of after-sales are more than nothing.",
    )


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    def _clock_rules(self):
        """The rules of today, as `casework` reads them."""
        company_sudo = self.company_id.sudo()  # whoever works on a case need not read the company
        return Rules(
            answer_customer=company_sudo.dropship_case_answer_hours,
            answer_us=company_sudo.dropship_case_decide_hours,
            silence_customer=company_sudo.dropship_case_silence_customer,
            silence_supplier=company_sudo.dropship_case_silence_supplier,
            decide=company_sudo.dropship_case_decide_hours,
            approve=company_sudo.dropship_case_supplier_hours,
            send=company_sudo.dropship_case_send_days * 24,
            transit=company_sudo.dropship_case_transit_days * 24,
            inspect=company_sudo.dropship_case_inspect_hours,
            resolve=company_sudo.dropship_case_resolve_hours,
            score_days=company_sudo.dropship_case_score_days,
            bad_score=company_sudo.dropship_case_bad_score,
        )

    def _calendar(self, party, since, hours):
        """The moment so many hours later: by our working hours, the supplier's days, or the customer's plain time."""
        plain = since + timedelta(hours=hours)
        if party == "us":
            calendar_sudo = self.company_id.sudo().resource_calendar_id
            return calendar_sudo.plan_hours(hours, since, compute_leaves=True) or plain if calendar_sudo else plain
        warehouse_sudo = self.sudo().line_ids.warehouse_id[:1] if party == "supplier" else None
        return warehouse_sudo._answer_by(since, hours) if warehouse_sudo else plain

    def _clock_dues(self, folded, now):
        return dues(folded, self._clock_rules(), self._calendar, now)

    @api.model
    def _wake_of(self, folded, due):
        return wake(folded, due)

    @api.model
    def _cron_wake(self, limit=200):
        """Look at the cases time alone has changed: silence, the supplier's, what is ripe, what is over."""
        cases = self.search([("wake_at", "<=", fields.Datetime.now())], order="wake_at, id", limit=limit)
        for number, case in enumerate(cases, 1):
            try:
                case._wake()
            except BUSY:  # somebody works on it now; it is looked at in the next round
                self.env.cr.rollback()
                continue
            self.env["ir.cron"]._commit_progress(1, remaining=len(cases) - number)

    def _wake(self):
        """What time alone has made of the case."""
        self.ensure_one()
        before = self.stage
        after = self._refold()
        for due in self._dues(after):
            if due.over and due.then not in ("escalate", "accept", "refuse", "person"):
                facts = {"parcel": due.about} if due.then == "deem" else {}
                self._record(due.then, "system", **facts)
                after = self._fold()
            elif due.over and due.then == "escalate":
                self._escalate(due)
        self._after_time(before, after)

    def _escalate(self, due):
        """Hook: something is overdue; `due.level` persons should have heard of it."""
