from odoo import api, fields, models
from odoo.exceptions import UserError


class DropshipReturnWords(models.AbstractModel):
    """Words for the customer, typed or taken from the canned answers."""

    _name = "dropship.return.words"
    _description = "Words for a Customer"

    canned_id = fields.Many2one("mail.canned.response", string="Canned Answer")
    message = fields.Text(help="For the customer to read.")

    @api.onchange("canned_id")
    def _onchange_canned_id(self):
        """A canned answer is put after what was typed."""
        if self.canned_id:
            self.message = "\n".join(filter(None, [(self.message or "").strip(), self.canned_id.substitution]))
            self.canned_id = False


class DropshipReturnRefuse(models.TransientModel):
    """Refuse what a customer asks for, with a reason he can read."""

    _name = "dropship.return.refuse"
    _description = "Refuse a Case"
    _inherit = ["dropship.return.words"]

    return_id = fields.Many2one("dropship.return", string="Case", required=True, readonly=True)
    partner_id = fields.Many2one(related="return_id.partner_id")
    withdrawal = fields.Boolean(related="return_id.withdrawal")

    @api.model
    def _open(self, case):
        wizard = self.create({"return_id": case.id, "message": "\n".join(case._refusal_words())})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refuse %s", case.name),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_refuse(self):
        self.ensure_one()
        if not (self.message or "").strip():
            raise UserError(self.env._("Say why, and what else is possible: the customer reads it."))
        self.return_id._agent_sudo()._record("refuse", "agent", text=self.message.strip())
        return {"type": "ir.actions.act_window_close"}


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    def _refusal_words(self):
        """Sentences a refusal begins with: why the verdict is what it is, in the customer's language."""
        self.ensure_one()
        if self.verdict != "refuse":
            return []
        speaking = self.with_context(lang=self.partner_id.lang or self.env.lang)
        return list(dict.fromkeys(sentence for line in speaking.line_ids for sentence in line._why()))
