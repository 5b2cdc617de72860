from decimal import Decimal

from odoo import api, fields, models
from odoo.addons.dropship_flow.models.exact import decimal
from odoo.exceptions import UserError

from .words import REFUND_KINDS, sentences

ZERO = Decimal(0)
KEPT = {"state", "credit_note_id", "charge_move_id", "error"}  # what may change after it was written


class DropshipRefund(models.Model):
    """One refund of an order: what was credited, which money goes back by which way, and by whose decision.

    The book of refunds is only appended to. Each refund of an order has a number and says how much had gone back
    before it, so that the database itself refuses a second one reckoned from the same state, and one above what was
    paid.
    """

    _name = "dropship.refund"
    _description = "Refund"
    _inherit = ["dropship.state.mixin"]
    _order = "id desc"

    _transitions = frozenset(
        {("planned", "done"), ("planned", "person"), ("person", "done"), ("done", "person"), ("planned", "cancelled")}
    )

    name = fields.Char(string="Number", required=True, readonly=True, copy=False, index="trigram")
    order_id = fields.Many2one("sale.order", required=True, readonly=True, ondelete="restrict", index=True)
    partner_id = fields.Many2one(related="order_id.partner_id", string="Customer", store=True, index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    return_id = fields.Many2one(
        "dropship.return", string="Case", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    resolution_id = fields.Many2one("dropship.resolution", readonly=True, ondelete="restrict", index="btree_not_null")
    kind = fields.Selection(REFUND_KINDS, required=True, readonly=True)
    state = fields.Selection(
        [("planned", "Under Way"), ("person", "A Person Pays"), ("done", "Done"), ("cancelled", "Given Up")],
        default="planned",
        required=True,
        readonly=True,
        index=True,
    )
    user_id = fields.Many2one("res.users", string="Decided By", readonly=True, default=lambda self: self.env.user)
    note = fields.Char(readonly=True)
    line_ids = fields.One2many("dropship.refund.line", "refund_id", string="Rows", readonly=True)
    money_ids = fields.One2many("dropship.customer.refund", "refund_id", string="Money Back", readonly=True)
    credit = fields.Monetary(readonly=True, help="What the order costs less, taxes included.")
    money = fields.Monetary(string="Goes Back", readonly=True, help="What the customer gets of it.")
    by_person = fields.Monetary(string="Paid by a Person", readonly=True)
    reimbursed = fields.Monetary(string="Return Freight Paid Back", readonly=True)
    credit_note_id = fields.Many2one("account.move", readonly=True, ondelete="restrict", index="btree_not_null")
    points_taken = fields.Float(string="Points Taken Off", readonly=True)
    points_back = fields.Json(readonly=True, help="{sale line id: points given back}")
    backs = fields.Json(readonly=True, help="[[payment key, amount, amount in the payment's currency or null], …]")
    warnings = fields.Json(readonly=True, help="[[code, {figure: value}], …]")
    warning_text = fields.Text(string="Worth Knowing", compute="_compute_warning_text")
    # What it was reckoned from.
    number = fields.Integer(
        string="Refund of the Order", required=True, readonly=True, help="Counts the refunds of an order."
    )
    paid = fields.Monetary(string="Paid by Then", readonly=True)
    returned = fields.Monetary(string="Given Back Before", readonly=True)
    snapshot = fields.Json(readonly=True, help="The payments as they were.")
    key = fields.Char(required=True, readonly=True)

    _key_once = models.UniqueIndex("(order_id, key)", "This refund is made already.")
    _one_after_the_other = models.UniqueIndex(
        "(order_id, number)", "Another refund of this order was made at the same moment."
    )
    _not_above_paid = models.Constraint(
        "CHECK (money >= 0 AND returned >= 0 AND returned + money <= paid)",
        "No more goes back than the customer paid.",
    )

    @api.depends("warnings")
    def _compute_warning_text(self):
        for refund in self:
            refund.warning_text = "\n".join(sentences(self.env, refund.warnings or (), refund.order_id))

    def write(self, vals):
        """Override: what was given is never rewritten."""
        if set(vals) - KEPT:
            raise UserError(self.env._("A refund cannot be changed. Make another one for what is missing."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A refund cannot be deleted."))

    def _follow_money(self):
        """State by what became of the money."""
        for refund in self:
            states = set(refund.money_ids.mapped("state"))
            target = "person" if "person" in states else "planned" if states & {"planned", "sending"} else "done"
            if refund._can_move(target):
                refund._set_state(target)

    # --- buttons ---

    def action_open_credit_note(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.credit_note_id.id,
            "view_mode": "form",
        }

    def action_open_order(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "view_mode": "form",
        }

    def _total_back(self):
        return decimal(self.money) + decimal(self.reimbursed)
