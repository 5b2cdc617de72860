"""What an agent does with the buttons of a case."""

from odoo import models


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    def action_close(self):
        for case_sudo in self._agent_sudo():
            case_sudo._record("close", "agent")
        return True
