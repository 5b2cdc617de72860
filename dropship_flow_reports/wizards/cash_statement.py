from dateutil.relativedelta import relativedelta
from odoo import Command, api, fields, models

from ..models.cash.kinds import KINDS


class DropshipCashStatement(models.TransientModel):
    """What came and went by kind, from one day to another, against the accounts that hold money."""

    _name = "dropship.cash.statement"
    _description = "Cash by Kind"

    company_id = fields.Many2one("res.company", required=True, readonly=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    first = fields.Date(
        string="From", required=True, default=lambda self: fields.Date.context_today(self).replace(day=1)
    )
    last = fields.Date(string="Until", required=True, default=fields.Date.context_today)
    line_ids = fields.One2many(
        "dropship.cash.statement.line", "statement_id", compute="_compute_figures", store=True, readonly=True
    )
    opening = fields.Monetary(compute="_compute_figures", store=True)
    inflow = fields.Monetary(string="Came In", compute="_compute_figures", store=True)
    outflow = fields.Monetary(string="Went Out", compute="_compute_figures", store=True)
    closing = fields.Monetary(compute="_compute_figures", store=True)
    unexplained = fields.Monetary(
        compute="_compute_figures", store=True, help="Closing − opening − what came + what went: nothing."
    )

    _days = models.Constraint("CHECK (first <= last)", "The first day is after the last.")

    @api.depends("first", "last", "company_id")
    def _compute_figures(self):
        lines = self.env["dropship.cash.line"]
        for statement in self:
            if not statement.first or not statement.last or statement.company_id not in self.env.companies:
                statement.line_ids = [Command.clear()]
                continue
            sums = lines._read_group(statement._domain(), ["kind"], ["inflow:sum", "outflow:sum", "amount:sum"])
            values = [
                {"kind": kind, "inflow": inflow, "outflow": outflow, "amount": amount}
                for kind, inflow, outflow, amount in sums
            ]
            order = [kind for kind, _word in KINDS]
            values.sort(key=lambda one: order.index(one["kind"]))
            statement.line_ids = [Command.clear(), *(Command.create(one) for one in values)]
            statement.update(lines._tie(statement.company_id, statement.first, statement.last))

    def _domain(self):
        self.ensure_one()
        return [
            ("company_id", "=", self.company_id.id), ("date", ">=", self.first), ("date", "<=", self.last),
        ]  # fmt: skip

    def action_previous(self):
        """The whole month before."""
        return self._move(-1)

    def action_next(self):
        """The whole month after."""
        return self._move(1)

    def _move(self, months):
        self.ensure_one()
        first = self.first.replace(day=1) + relativedelta(months=months)
        self.write({"first": first, "last": first + relativedelta(months=1, days=-1)})
        return {
            "type": "ir.actions.act_window", "name": self.env._("Cash by Kind"), "res_model": self._name,
            "res_id": self.id, "view_mode": "form",
        }  # fmt: skip


class DropshipCashStatementLine(models.TransientModel):
    _name = "dropship.cash.statement.line"
    _description = "Kind of Money of a Period"
    _order = "id"

    statement_id = fields.Many2one("dropship.cash.statement", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="statement_id.currency_id")
    kind = fields.Selection(KINDS, string="Money For", readonly=True)
    inflow = fields.Monetary(string="Came In", readonly=True)
    outflow = fields.Monetary(string="Went Out", readonly=True)
    amount = fields.Monetary(readonly=True)

    def action_open(self):
        """The movements behind the row."""
        self.ensure_one()
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return {
            "type": "ir.actions.act_window", "name": kinds[self.kind], "res_model": "dropship.cash.line",
            "view_mode": "list,pivot,graph", "domain": [*self.statement_id._domain(), ("kind", "=", self.kind)],
        }  # fmt: skip
