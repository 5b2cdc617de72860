from odoo import fields, models
from odoo.exceptions import UserError


class DropshipChangeAsk(models.TransientModel):
    """Ask a supplier to stop, lower or hurry what he has already."""

    _name = "dropship.change.ask"
    _description = "Ask for a Change"

    purchase_id = fields.Many2one("purchase.order", required=True, ondelete="cascade")
    kind = fields.Selection(
        [("expedite", "Ship earlier"), ("cancel", "Do not ship")], default="expedite", required=True
    )
    note = fields.Char(help="The supplier reads it.")

    def action_ask(self):
        self.ensure_one()
        self.purchase_id.check_access("read")
        purchase_sudo = self.purchase_id.sudo()  # the order desk reads purchases and asks, it does not write them
        rows = purchase_sudo.dropship_allocation_ids.filtered(lambda row: row.state in ("submitted", "accepted"))
        if not rows:
            raise UserError(self.env._("The supplier has nothing of this purchase to change."))
        requests_sudo = self.env["dropship.change.request"].sudo()
        asked = requests_sudo.search(
            [("purchase_id", "=", purchase_sudo.id), ("kind", "=", self.kind), ("state", "in", ("draft", "asked"))]
        )
        if asked.filtered(lambda request: not request.allocation_id):
            raise UserError(self.env._("The supplier is already asked about this. Wait for his answer or call him."))
        requests_sudo._make(purchase_sudo, rows, self.kind, note=self.note)._ask()
        return {"type": "ir.actions.act_window_close"}
