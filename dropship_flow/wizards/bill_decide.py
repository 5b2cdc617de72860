from odoo import fields, models
from odoo.exceptions import UserError

from ..models.bill_match import DECISIONS


class DropshipBillDecide(models.TransientModel):
    """What becomes of differences, and why."""

    _name = "dropship.bill.decide"
    _description = "Decide About Differences"

    match_ids = fields.Many2many("dropship.bill.match", string="Differences", required=True)
    decision = fields.Selection(DECISIONS, required=True)
    note = fields.Char("Why", required=True, help="Colleagues read it; in a dispute or request the supplier too.")

    def action_decide(self):
        self.ensure_one()
        rows = self.match_ids
        rows._check_decides()
        decided_sudo = rows.sudo()._decide(self.decision, self.note)
        if not decided_sudo:
            raise UserError(self.env._("Nothing of this differs (any more)."))
        if self.decision in ("dispute", "credit"):
            decided_sudo._tell_supplier()
        return True


class DropshipBillRelease(models.TransientModel):
    """A person takes it on himself that held bills are right."""

    _name = "dropship.bill.release"
    _description = "Release Held Bills"

    move_ids = fields.Many2many("account.move", string="Bills", required=True)
    note = fields.Char("Why", required=True)

    def action_release(self):
        self.ensure_one()
        self.move_ids._dropship_check_accountant()
        self.move_ids._dropship_release(self.note)
        return True
