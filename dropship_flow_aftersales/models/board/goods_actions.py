"""Buttons of a case about its goods: what comes back, what was in it, and what the supplier says."""

from odoo import api, models
from odoo.exceptions import UserError


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    @api.model
    def _verb_buttons(self):
        """Override: goods come after decisions."""
        more = {
            "inspect": self.env._("Count and Inspect"),
            "send": self.env._("Parcel Coming Back"),
            "supplier_word": self.env._("Enter What He Said"),
        }
        buttons = super()._verb_buttons()
        return {**{code: buttons.pop(code) for code in ("take", "accept", "offer", "refuse")}, **more, **buttons}

    def _extra_verbs(self, folded):
        extra = super()._extra_verbs(folded)
        if self._open_sides():
            extra.add("supplier_word")
        if self.label_state == "failed":
            extra.add("retry")
        return extra

    def action_retry(self):
        """Override: also the label a carrier did not make."""
        result = super().action_retry()
        self._agent_sudo()._label_again()
        return result

    def _usual_verbs(self):
        """Override: what lies here is looked at."""
        return ["inspect"] if self.board_column == "inspect" else super()._usual_verbs()

    def _open_sides(self):
        """Suppliers who know of the case and may still say something."""
        self.ensure_one()
        return self.side_ids.filtered(lambda side: side.revision and side.state != "off")

    def action_inspect(self):
        """Count and look at what came; where several parcels wait, choose which."""
        self.ensure_one()
        self._agent_sudo()
        waiting = self.parcel_ids.filtered(lambda parcel: parcel.state not in ("inspected", "deemed", "lost"))
        if len(waiting) > 1:
            return {**self.action_open_parcels_back(), "domain": [("id", "in", waiting.ids)]}
        if waiting:
            return waiting.action_count()
        if not self._fold().missing:  # all was looked at: once more at one of them
            return self.action_open_parcels_back()
        return self.env["dropship.return.count"]._window(self, self.env["dropship.return.parcel"])

    def action_send(self):
        """Enter the number the customer told us, or add a label."""
        self._agent_sudo()
        return self.action_send_back()

    def action_supplier_word(self):
        """Enter what a supplier said by phone or in a chat."""
        self.ensure_one()
        self._agent_sudo()
        sides = self._open_sides()
        if not sides:
            raise UserError(self.env._("No supplier knows of %s.", self.name))
        if len(sides) == 1:
            return sides.action_supplier_word()
        return self._open_records(
            sides, self.env._("Suppliers' Answers"), "dropship_flow_aftersales.action_return_side"
        )
