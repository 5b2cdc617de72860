from odoo import api, fields, models
from odoo.exceptions import UserError

# What amounts of a step are called, and what is left after it.
GROUPS = [
    ("revenue", "Net Revenue"),
    ("1", "Supply Costs"),
    ("2", "Selling Fees"),
    ("3", "Marketing"),
    ("4", "After-Sales"),
    ("overhead", "Overhead"),
]
RESULTS = [
    ("revenue", "Net Revenue"),
    ("1", "Contribution 1"),
    ("2", "Contribution 2"),
    ("3", "Contribution 3"),
    ("4", "Contribution 4"),
    ("overhead", "Net Profit"),
]
STAGES = [("estimated", "Estimated"), ("committed", "Committed"), ("billed", "Billed"), ("final", "Final")]
SIDES = [
    ("attributed", "Of an Order"),
    ("unattributed", "Of No Order"),
    ("overhead", "Overhead"),
    ("out", "Out of Scope"),
]


class DropshipProfitKind(models.Model):
    """What an amount of the profit ledger is. Code names kinds by `code`; contribution n counts all groups up to n."""

    _name = "dropship.profit.kind"
    _description = "Kind of Profit Line"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, readonly=True)
    sequence = fields.Integer(default=10)
    group = fields.Selection(
        RESULTS, required=True, readonly=True, help="The first result of the statement it counts in."
    )
    sign = fields.Selection(
        [("plus", "Brings Money"), ("minus", "Costs Money")],
        string="Usually",
        required=True,
        readonly=True,
        help="Amounts are signed anyway: a cost given back is above nothing.",
    )

    _code_once = models.UniqueIndex("(code)", "This kind exists.")

    @api.model
    def _by_code(self):
        """{code: id}"""
        return {kind.code: kind.id for kind in self.sudo().search([])}

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The ledger is written in these kinds: they stay."))
