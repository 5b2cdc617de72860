"""The watchdog: what stands still becomes an exception of the managers. A monitor outside asks /dropship/health."""

import secrets

from odoo import api, fields, models

from .reason_text import FLOW_REASONS, _lt

FLOW_REASONS.update(
    {
        "relay_stuck": _lt("Messages to suppliers stand still: %(what)s. Open Health and switch on what stopped."),
    }
)
TOKEN = "dropship_flow.health_token"


class DropshipException(models.Model):
    _inherit = "dropship.exception"

    @api.model
    def _exception_kinds(self):
        return [*super()._exception_kinds(), ("relay_stuck", self.env._("Messages stand still"))]

    @api.model
    def _cron_watchdog(self):
        """Tell the managers, once, when queues or scheduled actions stand still; say so when they go again."""
        check = self.env["dropship.health.check"]
        stopped = [row["title"] for row in check._cron_rows() if row["state"] == "bad"]
        owner = self.env.ref("base.main_company")
        opened = self.search([("kind", "=", "relay_stuck"), ("state", "=", "open")]).grouped("company_id")
        for company in self.env["res.company"].search([]):
            stuck = [row["title"] for row in check._queue_rows(company) if row["state"] == "bad"]
            what = [*stuck, *(stopped if stuck or company == owner else [])]
            if what:
                known = company in opened
                params = {"what": ", ".join(what[:5])}
                exception = self._raise_about(company, "relay_stuck", [["relay_stuck", params]])
                if not known:
                    exception._call(self._managers(company))
            elif company in opened:
                opened[company]._set_state("solved", solution=self.env._("It runs again"))
        self.env["ir.cron"]._commit_progress(1)

    def action_open_health(self):
        return self.env["dropship.health"].action_home()


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dropship_health_token = fields.Char(
        string="Health Address Token",
        config_parameter=TOKEN,
        groups="base.group_system",
        help="A monitor asks /dropship/health with it. Empty: nobody can ask.",
    )
    dropship_down_minutes = fields.Integer(related="company_id.dropship_down_minutes", readonly=False)

    def action_dropship_health_token(self):
        """Make a new token; the old one ends."""
        self.check_access("write")
        if not self.env.user.has_group("base.group_system"):
            return False
        self.env["ir.config_parameter"].set_param(TOKEN, secrets.token_urlsafe(24))
        return {"type": "ir.actions.client", "tag": "reload"}
