from dateutil.relativedelta import relativedelta
from odoo import Command, api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from .account import PROFIT_TYPES

# Both sides as profit counts: income above nothing.
QUERY = """
    WITH entries AS (
        SELECT account_id, SUM(amount) FILTER (WHERE side = 'attributed') AS attributed,
               SUM(amount) FILTER (WHERE side = 'unattributed') AS unattributed,
               SUM(amount) FILTER (WHERE side = 'overhead') AS overhead,
               SUM(amount) FILTER (WHERE side = 'out') AS out
          FROM dropship_profit_entry
         WHERE generation_id = %(generation)s AND date >= %(first)s AND date < %(next)s
         GROUP BY account_id
    ), books AS (
        SELECT line.account_id, -SUM(line.balance) AS ledger
          FROM account_move_line line
          JOIN account_account account ON account.id = line.account_id AND account.account_type = ANY(%(types)s)
         WHERE line.company_id = %(company)s AND line.parent_state = 'posted' AND line.date >= %(first)s
           AND line.date < %(next)s
         GROUP BY line.account_id
    )
    SELECT account_id, COALESCE(attributed, 0), COALESCE(unattributed, 0), COALESCE(overhead, 0), COALESCE(out, 0),
           COALESCE(ledger, 0)
      FROM entries FULL JOIN books USING (account_id)
"""
TWICE = """
    SELECT line_ref FROM (
        SELECT line_ref, side FROM dropship_profit_entry
         WHERE generation_id = %(generation)s AND res_id IN (
               SELECT res_id FROM dropship_profit_entry
                WHERE generation_id = %(generation)s AND date >= %(first)s AND date < %(next)s)
         GROUP BY line_ref, side HAVING SUM(amount) <> 0) sides
     GROUP BY line_ref HAVING COUNT(*) > 1 ORDER BY line_ref
"""
# The sides, and what they make together.
COLUMNS = ("attributed", "unattributed", "overhead", "out_of_scope", "ledger")
READERS = ("dropship_flow_reports.group_reports_reader", "dropship_flow.group_dropship_manager",
           "account.group_account_invoice", "account.group_account_readonly")  # fmt: skip


class DropshipProfitReconcile(models.TransientModel):
    """The profit ledger against the general ledger, for one month."""

    _name = "dropship.profit.reconcile"
    _description = "Reconcile Profit with the General Ledger"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(
        required=True, default=lambda self: fields.Date.context_today(self).replace(day=1), help="Any day of it."
    )
    line_ids = fields.One2many("dropship.profit.reconcile.line", "reconcile_id", readonly=True)
    unexplained = fields.Monetary(readonly=True)
    twice = fields.Integer(string="On Two Sides", readonly=True, help="Journal items that count on more than one side.")
    done_for = fields.Char(readonly=True)
    done_at = fields.Datetime(readonly=True)
    done = fields.Boolean(compute="_compute_done", help="What is shown is of this company and month.")

    @api.depends("company_id", "month", "done_for")
    def _compute_done(self):
        for wizard in self:
            wizard.done = bool(wizard.month) and wizard.done_for == wizard._done_key()

    def _done_key(self):
        return f"{self.company_id.id} {self.month:%Y-%m}"

    @api.model
    def _compute(self, company, month):
        """The month, account by account: attributed + unattributed + overhead + out of scope = ledger − unexplained.

        Reads what is collected; what is not collected yet is unexplained.

        :param date month: any day of it
        :return: [{account, attributed, unattributed, overhead, out_of_scope, ledger, unexplained}], amounts in the
            company's currency as profit counts, by code of account
        """
        facts = self._facts(company, month)
        accounts = self.env["account.account"].sudo().with_company(company)
        rows = []
        for account_id, *amounts in self.env.execute_query(SQL(QUERY, **facts)):
            attributed, unattributed, overhead, out, ledger = map(company.currency_id.round, map(float, amounts))
            rest = company.currency_id.round(ledger - attributed - unattributed - overhead - out)
            rows.append(
                {"account": accounts.browse(account_id), "attributed": attributed, "unattributed": unattributed,
                 "overhead": overhead, "out_of_scope": out, "ledger": ledger, "unexplained": rest}
            )  # fmt: skip
        return sorted(rows, key=lambda row: (row["account"].code or "", row["account"].id))

    @api.model
    def _twice(self, company, month):
        """Ids of journal items of the month that count on two sides: none, unless something is wrong."""
        return [row[0] for row in self.env.execute_query(SQL(TWICE, **self._facts(company, month)))]

    @api.model
    def _facts(self, company, month):
        self.env.flush_all()
        first = month.replace(day=1)
        return {
            "company": company.id, "generation": self.env["dropship.profit.generation"]._live(company).id,
            "first": first, "next": first + relativedelta(months=1), "types": list(PROFIT_TYPES),
        }  # fmt: skip

    @api.model
    def _check_right(self):
        if not self.env.su and not any(self.env.user.has_group(group) for group in READERS):
            raise AccessError(self.env._("Only managers and accountants see the profit of orders."))

    def action_collect(self):
        """Bring the ledger up to date."""
        self._check_right()
        company = self.company_id or self.env.company
        if company not in self.env.companies:
            raise AccessError(self.env._("You do not work for this company."))
        count = self.env["dropship.profit.collector"].sudo()._collect(company)  # entries nobody writes by hand
        return {
            "type": "ir.actions.client", "tag": "display_notification",
            "params": {
                "message": self.env._("%s new entries.", count) if count else self.env._("Nothing new."),
                "type": "success",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }  # fmt: skip

    def action_reconcile(self):
        """Collect, and put both ledgers side by side."""
        self.ensure_one()
        self.action_collect()
        rows = self._compute(self.company_id, self.month)
        values = [
            {"account_id": row["account"].id, **{name: row[name] for name in (*COLUMNS, "unexplained")}} for row in rows
        ]  # fmt: skip
        self.write(
            {
                "line_ids": [Command.clear(), *(Command.create(value) for value in values)],
                "unexplained": self.currency_id.round(sum(abs(row["unexplained"]) for row in rows)),
                "twice": len(self._twice(self.company_id, self.month)),
                "done_for": self._done_key(),
                "done_at": self.env.cr.now().replace(microsecond=0),  # by the clock of `write_date`
            }
        )
        return True

    def _open_entries(self, name, domain):
        """The list of the month's entries that fulfil the domain."""
        first = self.month.replace(day=1)
        return {
            "type": "ir.actions.act_window", "name": name, "res_model": "dropship.profit.entry", "view_mode": "list",
            "context": {"search_default_by_side": 1},
            "domain": [
                ("company_id", "=", self.company_id.id), *domain,
                ("date", ">=", first), ("date", "<", first + relativedelta(months=1)),
            ],
        }  # fmt: skip


class DropshipProfitReconcileLine(models.TransientModel):
    _name = "dropship.profit.reconcile.line"
    _description = "Account of a Reconciliation of Profit"
    _order = "id"

    reconcile_id = fields.Many2one("dropship.profit.reconcile", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="reconcile_id.currency_id")
    account_id = fields.Many2one("account.account", string="Ledger Account", readonly=True)
    attributed = fields.Monetary(string="Of Orders", readonly=True)
    unattributed = fields.Monetary(string="Of No Order", readonly=True)
    overhead = fields.Monetary(readonly=True)
    out_of_scope = fields.Monetary(string="Out of Scope", readonly=True)
    ledger = fields.Monetary(string="General Ledger", readonly=True)
    unexplained = fields.Monetary(readonly=True)

    def action_open(self):
        """The entries behind the row; first those of no order."""
        self.ensure_one()
        return self.reconcile_id._open_entries(self.account_id.display_name, [("account_id", "=", self.account_id.id)])
