from odoo import api, fields, models

NEXT_STEP = "dropship_flow.activity_supplier_next_step"


class DropshipSupplierNegotiation(models.Model):
    _name = "dropship.supplier.negotiation"
    _description = "Negotiation with a Dropship Supplier"
    _order = "date desc, id desc"
    _rec_name = "summary"

    supplier_id = fields.Many2one("dropship.supplier", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="supplier_id.company_id", store=True, index=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    user_id = fields.Many2one("res.users", string="By", default=lambda self: self.env.user, required=True)
    kind = fields.Selection(
        [("price", "Price"), ("terms", "Terms"), ("quality", "Quality"), ("other", "Other")],
        string="About",
        default="price",
        required=True,
    )
    summary = fields.Char(required=True)
    old_value = fields.Char("Before")
    new_value = fields.Char("After")
    result = fields.Selection(
        [("open", "Open"), ("won", "Agreed"), ("lost", "Not agreed")], default="open", required=True
    )
    next_step = fields.Char(help="Becomes the next step of the supplier and an activity of the buyer.")
    next_date = fields.Date("Next Step On")

    @api.model_create_multi
    def create(self, vals_list):
        negotiations = super().create(vals_list)
        negotiations._push_next_step()
        return negotiations

    def write(self, vals):
        result = super().write(vals)
        if {"next_step", "next_date"} & vals.keys():
            self._push_next_step()
        return result

    def _push_next_step(self):
        """The step agreed last is the one to take."""
        for negotiation in self.filtered("next_step"):
            negotiation.supplier_id.write({"next_step": negotiation.next_step, "next_date": negotiation.next_date})


class DropshipSupplier(models.Model):
    _inherit = "dropship.supplier"

    next_step = fields.Char(copy=False, help="Becomes an activity of the buyer.")
    next_date = fields.Date(string="Next Step On", copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        suppliers = super().create(vals_list)
        suppliers.filtered("next_step")._sync_next_activity()
        return suppliers

    def write(self, vals):
        result = super().write(vals)
        if {"next_step", "next_date", "user_id"} & vals.keys():
            self._sync_next_activity()
        return result

    def _sync_next_activity(self):
        """One open activity per supplier says what its buyer does next."""
        for supplier in self:
            # The step may be on the list of somebody whose activities the writer cannot change.
            activity_sudo = supplier.sudo().activity_search([NEXT_STEP])[:1]
            if not supplier.next_step:
                activity_sudo.unlink()
                continue
            values = {
                "summary": supplier.next_step,
                "date_deadline": supplier.next_date or fields.Date.context_today(supplier),
                "user_id": (supplier.user_id or self.env.user).id,
            }
            if activity_sudo:
                activity_sudo.write(values)
            else:
                supplier.activity_schedule(NEXT_STEP, **values)


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        """Override of `mail`: a next step that was taken no longer stands on the supplier."""
        step_type = self.env.ref(NEXT_STEP, raise_if_not_found=False)
        steps = self.filtered(
            lambda activity: activity.res_model == "dropship.supplier" and activity.activity_type_id == step_type
        )
        # Whoever the step was given to may finish it.
        suppliers_sudo = self.env["dropship.supplier"].sudo().browse(steps.mapped("res_id"))
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        suppliers_sudo.write({"next_step": False, "next_date": False})
        return result
