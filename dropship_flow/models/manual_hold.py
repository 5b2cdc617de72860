from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from .reason_text import FLOW_REASONS, _lt

FLOW_REASONS.update(
    {
        "held_by_hand": _lt("Held by %(user)s: %(text)s"),
        "held_by_hand_until": _lt("Held by %(user)s until %(date)s: %(text)s"),
    }
)


class DropshipHold(models.Model):
    _inherit = "dropship.hold"

    until = fields.Date(help="Released by itself on this day. Empty: a person releases it.")

    def _hold_kinds(self):
        return [*super()._hold_kinds(), ("manual", self.env._("Held by hand"))]

    @api.model
    def _cron_release_due(self, limit=100):
        """Let go what was held by hand until today; the last hold of an order routes it."""
        due = self.search(
            [("kind", "=", "manual"), ("state", "=", "open"), ("until", "<=", fields.Date.context_today(self))],
            limit=limit,
            order="until, id",
        )
        for hold in due:
            hold = hold.try_lock_for_update().filtered(lambda row: row.state == "open")
            hold.action_release()
            self.env["ir.cron"]._commit_progress(1)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def action_dropship_hold(self):
        """Ask for the reason, then hold the orders."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hold"),
            "res_model": "dropship.manual.hold",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_ids": self.ids},
        }

    def _dropship_check_holdable(self):
        """Refuse what cannot be held any more: cancelled or completely shipped orders."""
        for order in self:
            states = {row.state for row in order.sudo().dropship_allocation_ids} - {"released"}
            if order.state == "cancel":
                raise UserError(self.env._("%s is cancelled: there is nothing to hold.", order.name))
            if states == {"shipped"}:
                raise UserError(self.env._("%s is shipped: there is nothing to hold.", order.name))

    def _dropship_hold_by_hand(self, text, until=False):
        """Hold the orders for a person's reason; a repeated hold takes the new words.

        :param until: the day on which they are released by themselves; False: a person does it
        """
        self.check_access("write")
        if not self.env.user.has_group("dropship_flow.group_dropship_user"):
            raise AccessError(self.env._("Holding orders needs the right Dropshipping / User."))
        if until and until < fields.Date.context_today(self):
            raise UserError(self.env._("The day of release is over already: choose a later one, or none."))
        self._dropship_check_holdable()
        params = {"user": self.env.user.name, "text": text}
        code = "held_by_hand"
        if until:
            code, params["date"] = "held_by_hand_until", format_date(self.env, until)
        holds_sudo = self.env["dropship.hold"].sudo()  # holds are made by buttons only, never written directly
        for order in self:
            hold_sudo = holds_sudo._raise(order, "manual", [[code, params]])
            hold_sudo.until = until
        return True
