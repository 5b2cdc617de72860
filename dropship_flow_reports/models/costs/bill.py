from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AccountMove(models.Model):
    _inherit = "account.move"

    dropship_cost_first = fields.Date(
        string="Costs From", copy=False,
        help="The months a bill of advertising, rent or the like is about. Empty: the month of its date.",
    )  # fmt: skip
    dropship_cost_last = fields.Date(string="Costs Until", copy=False)
    dropship_cost_complete = fields.Boolean(
        string="Last Bill of the Month", copy=False, help="Nothing more is expected of these costs in these months."
    )

    @api.constrains("dropship_cost_first", "dropship_cost_last")
    def _check_dropship_cost_days(self):
        for move in self:
            first, last = move.dropship_cost_first, move.dropship_cost_last
            if last and not first:
                raise ValidationError(self.env._("Say from when the costs are."))
            if first and last and not first <= last <= fields.Date.add(first, years=5):
                raise ValidationError(self.env._("The last day has to be after the first, within five years."))


class DropshipCostBill(models.Model):
    """What of a journal item is which cost in which month. Written by the machine only."""

    _name = "dropship.cost.bill"
    _description = "Bill of a Cost"
    _order = "month desc, move_ref desc, id"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", index=True)
    move_ref = fields.Many2oneReference(
        string="Document", model_field="res_model", required=True, readonly=True, index=True, aggregator=None
    )
    res_model = fields.Char(string="Kind of Document", readonly=True)
    line_ref = fields.Integer(string="Number of the Journal Item", required=True, readonly=True, aggregator=None)
    document = fields.Char(string="Bill", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Vendor", readonly=True, ondelete="set null")
    month = fields.Date(required=True, readonly=True)
    rule_id = fields.Many2one("dropship.cost.rule", readonly=True, ondelete="restrict", index="btree_not_null")
    source_id = fields.Many2one("utm.source", string="Advertising At", readonly=True, ondelete="restrict")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    amount = fields.Monetary(readonly=True, help="Costs below nothing.")
    complete = fields.Boolean(string="Last Bill of the Month", readonly=True)

    _by_month = models.Index("(company_id, month)")

    def action_open_document(self):
        """Open the bill."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window", "res_model": "account.move", "res_id": self.move_ref, "view_mode": "form",
            "views": [(False, "form")],
        }  # fmt: skip
