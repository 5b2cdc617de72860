from odoo import api, fields, models

from .text import cost_reason


class DropshipCostMonth(models.Model):
    """A cost in a month: what is expected, what bills brought, what is missing. Written by the machine only."""

    _name = "dropship.cost.month"
    _description = "Cost of a Month"
    _order = "month desc, rule_id, source_id"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", index=True)
    month = fields.Date(required=True, readonly=True, help="Its first day.")
    rule_id = fields.Many2one("dropship.cost.rule", readonly=True, ondelete="restrict", index="btree_not_null")
    source_id = fields.Many2one("utm.source", string="Advertising At", readonly=True, ondelete="restrict",
                                index="btree_not_null")  # fmt: skip
    kind_id = fields.Many2one("dropship.profit.kind", readonly=True, ondelete="restrict")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    expected = fields.Monetary(string="Expected in All", readonly=True)
    booked = fields.Monetary(string="In the Books", readonly=True)
    missing = fields.Monetary(string="Still Expected", readonly=True)
    nowhere = fields.Monetary(string="Borne by Nobody", readonly=True, help="There was nothing it could be divided by.")
    complete = fields.Boolean(
        string="Nothing More to Come", readonly=True, help="A bill says that it is the last one of this month."
    )
    ended = fields.Boolean(readonly=True, help="The month is over: bills are divided among its orders.")
    closed = fields.Boolean(readonly=True, help="Its books are closed: what was reported stays.")
    problem = fields.Json(string="Reasons", readonly=True)
    problem_text = fields.Char(string="Problem", compute="_compute_problem_text")
    computed_at = fields.Datetime(string="Brought up to Date", readonly=True)
    changed_at = fields.Datetime(readonly=True)

    _once = models.UniqueIndex(
        "(company_id, month, COALESCE(rule_id, 0), COALESCE(source_id, 0))", "This month of the cost is there already."
    )
    _changed = models.Index("(company_id, changed_at)")

    @api.depends("problem")
    @api.depends_context("lang")
    def _compute_problem_text(self):
        for row in self:
            row.problem_text = " ".join(cost_reason(self.env, *one) for one in row.problem or []) or False

    @api.depends("month", "rule_id", "source_id")
    def _compute_display_name(self):
        for row in self:
            name = row.rule_id.name or row.source_id.name or ""
            row.display_name = f"{name} {row.month.strftime('%Y-%m') if row.month else ''}".strip()

    def action_open_bills(self):
        """The bills that brought it."""
        self.ensure_one()
        bills = self.env["dropship.cost.bill"].search(
            [("company_id", "=", self.company_id.id), ("month", "=", self.month),
             ("rule_id", "=", self.rule_id.id), ("source_id", "=", self.source_id.id)]
        )  # fmt: skip
        return {
            "type": "ir.actions.act_window", "name": self.display_name, "res_model": "dropship.cost.bill",
            "view_mode": "list", "domain": [("id", "in", bills.ids)],
        }  # fmt: skip

    def action_open_shares(self):
        """Who bears it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window", "name": self.display_name, "res_model": "dropship.cost.share",
            "view_mode": "list,pivot,graph",
            "domain": [("company_id", "=", self.company_id.id), ("month", "=", self.month),
                       ("rule_id", "=", self.rule_id.id), ("source_id", "=", self.source_id.id)],
        }  # fmt: skip
