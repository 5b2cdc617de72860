from dateutil.relativedelta import relativedelta
from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..models.profit.reconcile import READERS


class DropshipTaxCheck(models.TransientModel):
    """The tax summary beside the tax accounts: both have to say the same."""

    _name = "dropship.tax.check"
    _description = "Tie Tax to the Books"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        string="From", required=True, default=lambda self: fields.Date.context_today(self).replace(day=1)
    )
    date_to = fields.Date(
        string="To", required=True,
        default=lambda self: fields.Date.context_today(self) + relativedelta(day=31),
    )  # fmt: skip
    unexplained = fields.Monetary(readonly=True)
    line_ids = fields.One2many("dropship.tax.check.line", "check_id", readonly=True)

    def _compute_display_name(self):
        for wizard in self:
            wizard.display_name = self.env._("Tie Tax to the Books")

    @api.model
    def action_open(self):
        """This month."""
        return self.create({}).action_check()

    def action_check(self):
        """Read what changed, and put both side by side."""
        self.ensure_one()
        if not self.env.su and not any(self.env.user.has_group(group) for group in READERS):
            raise AccessError(self.env._("Only managers and accountants see the tax of documents."))
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("You do not work for this company."))
        if self.date_to < self.date_from:
            raise UserError(self.env._("The last day cannot lie before the first."))
        rows = self.env["dropship.tax.summary"]._tie(self.company_id, self.date_from, self.date_to)
        lines = [
            Command.create({**{name: row[name] for name in row if name != "account"}, "account_id": row["account"].id})
            for row in rows
        ]
        self.write(
            {
                "line_ids": [Command.clear(), *lines],
                "unexplained": self.currency_id.round(sum(abs(row["unexplained"]) for row in rows)),
            }
        )
        return {
            "type": "ir.actions.act_window", "name": self.env._("Tie Tax to the Books"), "res_model": self._name,
            "res_id": self.id, "view_mode": "form",
        }  # fmt: skip

    def action_read_all(self):
        """Read every document again: for what changed where nobody looks, e.g. tax numbers of customers."""
        self.ensure_one()
        if self.company_id in self.env.companies:
            self.env["dropship.tax.summary"]._forget(self.company_id)
        return self.action_check()


class DropshipTaxCheckLine(models.TransientModel):
    _name = "dropship.tax.check.line"
    _description = "Tax Account Beside the Summary"
    _order = "id"

    check_id = fields.Many2one("dropship.tax.check", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="check_id.currency_id")
    account_id = fields.Many2one("account.account", readonly=True)
    tax = fields.Monetary(string="In the Summary", readonly=True)
    other = fields.Monetary(string="Other Entries", readonly=True)
    movement = fields.Monetary(string="General Ledger", readonly=True)
    unexplained = fields.Monetary(readonly=True)

    def action_open(self):
        """Journal items of the account that are in no document's tax: payments, and what was typed in by hand."""
        self.ensure_one()
        check = self.check_id
        domain = self.env["dropship.tax.summary"]._untold_domain(
            check.company_id, check.date_from, check.date_to, self.account_id
        )
        return {
            "type": "ir.actions.act_window", "name": self.account_id.display_name, "res_model": "account.move.line",
            "view_mode": "list,form", "domain": domain,
        }  # fmt: skip
