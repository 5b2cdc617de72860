"""The reconciliation as a workbook."""

from odoo import models
from odoo.tools import format_datetime

from ..profit.reconcile import COLUMNS
from .sheet import workbook


class DropshipProfitReconcile(models.TransientModel):
    _inherit = "dropship.profit.reconcile"

    def _file(self):
        """(file name, XLSX)"""
        self.ensure_one()
        env, columns = self.env, (*COLUMNS, "unexplained")
        lines = self.line_ids
        words = {name: lines._fields[name]._description_string(env) for name in columns}
        scopes = dict(env["dropship.profit.account"]._fields["scope"]._description_selection(env))
        headings = [env._("Ledger Account"), env._("Belongs To"), *words.values()]
        rows = [
            ([line.account_id.display_name, scopes.get(line.scope), *(line[name] for name in columns)], False)
            for line in lines
        ]
        sums = [self.currency_id.round(sum(lines.mapped(name))) for name in columns]
        rows.append(([env._("Sum"), None, *sums], True))
        rows.append(([None], False))
        rows.append(([self.by_hand_text], True))
        for entry in env["dropship.profit.entry"].browse([row[0] for row in self._by_hand()]):
            rows.append(([f"{entry.document} {entry.move_line_id.sudo().name or ''}".strip(), entry.date,
                          entry.account_id.display_name, entry.amount], False))  # fmt: skip
        facts = [
            (env._("Company"), self.company_id.name),
            (env._("Currency"), self.currency_id.name),
            (env._("Reconciled"), format_datetime(env, self.done_at, dt_format="short") if self.done_at else None),
            (self.summary, None),
        ]
        title = f"{env._('Reconcile')} {self.title}"
        name = f"{title.replace('/', '-')}.xlsx"
        return name, workbook(title, facts, headings, rows, self.currency_id.decimal_places)
