"""Who hears of a case nobody cares for in time: its agent, then the service managers, then the owner."""

from odoo import SUPERUSER_ID, fields, models

TODO = "mail.mail_activity_data_todo"
MANAGER = "dropship_flow_aftersales.group_aftersales_manager"
OWNER = "dropship_flow.group_dropship_manager"


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    told = fields.Json(readonly=True, help="{what is due: how many levels have heard of it}")

    def _escalate(self, due):  # pylint: disable=missing-return
        """Override: tell the next one, once per level."""
        super()._escalate(due)
        self.ensure_one()
        key = f"{due.what}:{due.about or ''}:{fields.Datetime.to_string(due.at)}"
        told = (self.told or {}).get(key, 0)
        for level in range(told + 1, due.level + 1):
            self._call(self._people_of_level(level), self.env._("Overdue: %s", self._due_words(due)))
        if due.level > told:
            others = {known: level for known, level in (self.told or {}).items() if known != key}
            self.sudo().told = {**dict(list(others.items())[-9:]), key: due.level}

    def _due_words(self, due):
        self.ensure_one()
        return f"{self.name} · {self.env._(self._due_word(due.what))}"

    def _people_of_level(self, level):
        """Whom a level tells; where there is nobody, the next level's people."""
        self.ensure_one()
        levels = [self.user_id, self._people(MANAGER), self._people(OWNER)]
        return next((people for people in levels[level - 1 :] if people), self.env["res.users"])

    def _people(self, group):
        """Those of a group who work for the company of the case."""
        users = self.env.ref(group).sudo().all_user_ids
        company = self.company_id
        return users.filtered(
            lambda user: user.active and not user.share and user.id != SUPERUSER_ID and company in user.company_ids
        )

    def _call(self, users, summary, note=""):
        """An activity for each of them; nobody gets the same twice."""
        self.ensure_one()
        known = {(activity.user_id, activity.summary) for activity in self.sudo().activity_ids}
        for user in users:
            if (user, summary) not in known:
                self.sudo().with_context(mail_activity_quick_update=True).activity_schedule(
                    TODO, summary=summary, note=note, user_id=user.id, date_deadline=fields.Date.context_today(self)
                )

    def _after_event(self, event, before, after):
        """Override: where nothing is overdue any more, nobody need do what the reminders ask for."""
        result = super()._after_event(event, before, after)
        self._calm()
        return result

    def _calm(self):
        self.ensure_one()
        case_sudo = self.sudo()
        troubled = any(resolution.state == "person" for resolution in case_sudo.resolution_ids)
        if not (case_sudo.person_since or troubled or case_sudo.is_overdue):
            case_sudo.activity_unlink([TODO])


class DropshipResolution(models.Model):
    _inherit = "dropship.resolution"

    def _needs_person(self):  # pylint: disable=missing-return
        """Override: whoever works on the case hears what stands in the way."""
        super()._needs_person()
        for resolution in self:
            case = resolution.return_id
            people = case._people_of_level(1)
            case._call(people, self.env._("Could not be carried out: %s", resolution.display_name), resolution.error)
