from collections import defaultdict

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..models.bulk_job import AT_ONCE

# So many order numbers are written behind a reason; more are counted.
NAMES = 15


class DropshipBulk(models.TransientModel):
    """One verb for the selected orders: how many can, why the others cannot, and what the verb needs to know."""

    _name = "dropship.bulk"
    _description = "Do for Many Orders"
    _inherit = ["dropship.bulk.verbs"]

    order_ids = fields.Many2many("sale.order", string="Selected Orders", readonly=True)
    hold_ids = fields.Many2many("dropship.hold", string="Selected Holds", readonly=True)
    selected_count = fields.Integer(string="Selected", compute="_compute_able")
    able_ids = fields.Many2many("sale.order", "dropship_bulk_able_rel", compute="_compute_able")
    able_count = fields.Integer(string="Can Be Done", compute="_compute_able")
    skipped = fields.Text(string="Left Out", compute="_compute_able")
    summary = fields.Char(compute="_compute_able")
    background = fields.Boolean(compute="_compute_able")

    @api.model
    def _open(self, verb, orders, holds=None):
        """The form over the selected orders (or holds)."""
        if not self.env.user.has_group("dropship_flow.group_dropship_user"):
            raise AccessError(self.env._("This needs the right Dropshipping / User. Ask the order desk."))
        orders.check_access("read")
        if not orders:
            raise UserError(self.env._("Select at least one order."))
        values = {"verb": verb, "order_ids": [Command.set(orders.ids)]}
        if holds:
            values["hold_ids"] = [Command.set(holds.ids)]
        wizard = self.create(values)
        return {
            "type": "ir.actions.act_window",
            "name": dict(self._verbs())[verb],
            "res_model": "dropship.bulk",
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.depends("verb", "order_ids", "hold_ids", "policy_id", "supplier_id", "cancel_reason_id")
    @api.depends_context("lang")
    def _compute_able(self):
        for wizard in self:
            orders = wizard.order_ids._origin
            refusals = wizard._refusals(orders) if wizard.verb else {}
            able = orders.filtered(lambda order, refusals=refusals: order not in refusals)
            wizard.selected_count = len(orders)
            wizard.able_ids = able
            wizard.able_count = len(able)
            wizard.background = len(able) > AT_ONCE
            wizard.summary = self.env._(
                "%(able)s of %(selected)s selected orders can be done.", able=len(able), selected=len(orders)
            )
            wizard.skipped = wizard._say_refusals(refusals)

    def _say_refusals(self, refusals):
        """The orders that are left out, one line for each reason."""
        by_reason = defaultdict(list)
        for order, reason in refusals.items():
            by_reason[reason].append(order.name)
        lines = []
        for reason, names in by_reason.items():
            shown = ", ".join(names[:NAMES])
            if len(names) > NAMES:
                more = len(names) - NAMES
                shown = self.env._("%(orders)s and %(count)s more", orders=shown, count=more)
            lines.append(f"{reason} {shown}")
        return "\n".join(lines)

    @api.onchange("verb")
    def _onchange_verb(self):
        """A note written for one verb is not one for another."""
        self.note = False

    def action_apply(self):
        """Do it: at once for a few orders, as a job in the background for many."""
        self.ensure_one()
        self._check_verb()
        orders = self.able_ids
        if not orders:
            raise UserError(self.env._("None of the selected orders can be done; the list says why."))
        jobs = self.env["dropship.bulk.job"]._start(self, orders)
        if len(orders) > AT_ONCE or len(jobs) > 1:
            return jobs._open()
        result = jobs._result()
        failed = bool(jobs.sudo().failed_count)
        close = jobs._open() if failed else {"type": "ir.actions.act_window_close"}
        return {"type": "ir.actions.client", "tag": "display_notification", "params": {**result, "next": close}}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def action_dropship_bulk(self):
        """Open the form for the selected orders; the verb comes from the menu that was used."""
        return self.env["dropship.bulk"]._open(self.env.context.get("dropship_verb", "route"), self)


class DropshipHold(models.Model):
    _inherit = "dropship.hold"

    def action_dropship_bulk(self):
        """Open the form for the orders of the selected holds."""
        holds = self.filtered(lambda hold: hold.state == "open")
        verb = self.env.context.get("dropship_verb", "release")
        return self.env["dropship.bulk"]._open(verb, self.order_id, holds if verb == "release" else None)

    def action_release_selected(self):
        """Release the selected holds: a few at once, many as a job in the background."""
        holds = self.filtered(lambda hold: hold.state == "open")
        if len(holds.order_id) <= AT_ONCE:
            return holds.action_release()
        action = holds.with_context(dropship_verb="release").action_dropship_bulk()
        return self.env["dropship.bulk"].browse(action["res_id"]).action_apply()
