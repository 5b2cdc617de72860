"""What customers write: replies to our mails land on the case, which then waits for us until somebody answers."""

from odoo import api, fields, models


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    message_at = fields.Datetime(string="Message Since", readonly=True, help="The customer wrote and nobody answered.")

    def message_post(self, **kwargs):
        """Override: a message from outside waits for an answer; ours to the outside is one."""
        message = super().message_post(**kwargs)
        if self and message.message_type in ("comment", "email"):
            inside = any(not user.share for user in message.sudo().author_id.user_ids)
            case_sudo = self.sudo()  # a customer's own words, written with his rights
            if not inside:
                case_sudo.message_at = case_sudo.message_at or message.date
            elif case_sudo.message_at and not (message.is_internal or message.subtype_id.internal):
                case_sudo.message_at = False
        return message

    def action_read_message(self):
        """Somebody read it, and there is nothing to answer."""
        self._agent_sudo().message_at = False
        return True

    @api.model
    def _verb_buttons(self):
        return {**super()._verb_buttons(), "read_message": self.env._("Message Read")}

    def _extra_verbs(self, folded):
        extra = super()._extra_verbs(folded)
        return extra | {"read_message"} if self.message_at else extra
