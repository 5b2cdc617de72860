from odoo import fields, models
from odoo.exceptions import UserError


class DropshipExceptionHandle(models.TransientModel):
    """Give exceptions to somebody, or let them sleep until a day."""

    _name = "dropship.exception.handle"
    _description = "Assign or Snooze Exceptions"

    exception_ids = fields.Many2many("dropship.exception", string="Exceptions")
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        domain=lambda self: [("all_group_ids", "in", self.env.ref("dropship_flow.group_dropship_user").ids)],
    )
    snoozed_until = fields.Datetime()

    def action_apply(self):
        self.ensure_one()
        if not self.user_id and not self.snoozed_until:
            raise UserError(self.env._("Choose who is responsible, or until when they sleep."))
        if self.snoozed_until and self.snoozed_until <= fields.Datetime.now():
            raise UserError(self.env._("Choose a moment to come."))
        exceptions_sudo = self.exception_ids._desk_sudo().filtered(lambda exception: exception.state == "open")
        vals = {"snoozed_until": self.snoozed_until} if self.snoozed_until else {}
        if self.user_id:
            strangers = exceptions_sudo.company_id - self.user_id.sudo().company_ids
            if strangers:
                raise UserError(
                    self.env._(
                        "%(person)s does not work for %(company)s.",
                        person=self.user_id.name,
                        company=strangers[0].name,
                    )
                )
            vals["user_id"] = self.user_id.id
        exceptions_sudo.write(vals)
        return {"type": "ir.actions.act_window_close"}
