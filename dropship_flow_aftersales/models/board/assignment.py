"""Who gets a new case: by a rule of the company, among agents who are at work."""

from datetime import timedelta

from odoo import fields, models

from .verbs import AGENT

ASSIGN = [("nobody", "Nobody: agents take them"), ("fewest", "Whoever has the fewest open cases")]


class ResCompany(models.Model):
    _inherit = "res.company"

    dropship_case_assign = fields.Selection(ASSIGN, string="New Cases Go To", default="fewest", required=True)
    dropship_case_agent_ids = fields.Many2many(
        "res.users",
        "dropship_case_agent_rel",
        string="Agents",
        domain="[('share', '=', False)]",
        help="Among whom new cases are shared out. Empty: all service agents of the company.",
    )


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    def _after_opening(self, by):
        """Override: somebody works on it from the beginning."""
        self._keep_photos()
        self.filtered(lambda case: not case.user_id)._assign()
        return super()._after_opening(by)

    def _assign(self):
        """Give each case to the agent with the fewest open ones; those at work now come first."""
        for case in self:
            company_sudo = case.company_id.sudo()  # whoever opens a case need not read the company's settings
            if company_sudo.dropship_case_assign != "fewest":
                continue
            agents = company_sudo.dropship_case_agent_ids or case._agents()
            agents = agents.filtered(lambda user, company=company_sudo: user.active and company in user.company_ids)
            there = agents.filtered(lambda user, company=company_sudo: self._is_at_work(user, company)) or agents
            if there:
                counts = self._open_cases_of(there)
                case.sudo().user_id = min(there, key=lambda user: (counts.get(user.id, 0), user.id))

    def _open_cases_of(self, users):
        """{user id: number of open cases}"""
        groups = self.sudo()._read_group(
            [("user_id", "in", users.ids), ("state", "=", "open")], ["user_id"], ["__count"]
        )
        return {user.id: count for user, count in groups}

    def _agents(self):
        """The service agents of the company of the case; managers only where there is nobody else."""
        company = self.company_id
        users = self.env.ref(AGENT).sudo().all_user_ids
        users = users.filtered(lambda user: user.active and not user.share and company in user.company_ids)
        managers = self._people("dropship_flow_aftersales.group_aftersales_manager")
        return (users - managers) or users

    def _is_at_work(self, user, company):
        """Whether he works within the next half hour, by his own working hours or the company's."""
        calendar = user.sudo().resource_calendar_id or company.resource_calendar_id
        if not calendar:
            return True
        now = fields.Datetime.now()
        return calendar.get_work_hours_count(now, now + timedelta(minutes=30), compute_leaves=True) > 0
