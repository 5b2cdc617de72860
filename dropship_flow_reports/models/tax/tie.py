"""Puts the summary and the books side by side: account by account, and what else was booked there."""

from odoo import api, models
from odoo.tools import SQL

from ..profit.account import PROFIT_TYPES

# On accounts taxes are booked on, everything counts; elsewhere (tax without an account of its own goes where its base
# is) only items of tax.
TIE = """
    WITH accounts AS (
        SELECT DISTINCT part.account_id
          FROM account_tax_repartition_line part
          JOIN account_tax tax ON tax.id = part.tax_id AND tax.company_id = %(company)s
          JOIN account_account account ON account.id = part.account_id
           AND account.account_type <> ALL(%(types)s)
         WHERE part.repartition_type = 'tax'
    ), booked AS (
        SELECT line.account_id, -SUM(line.balance) AS movement,
               -SUM(line.balance) FILTER (WHERE line.tax_line_id IS NOT NULL OR move.move_type <> 'entry')
                   AS documents
          FROM account_move_line line
          JOIN account_move move ON move.id = line.move_id
     LEFT JOIN account_tax tax ON tax.id = line.tax_line_id
         WHERE line.company_id = %(company)s AND line.parent_state = 'posted'
           AND line.date BETWEEN %(first)s AND %(last)s
           AND (line.account_id IN (SELECT account_id FROM accounts)
                OR (line.tax_line_id IS NOT NULL
                    AND (tax.tax_exigibility IS DISTINCT FROM 'on_payment' OR move.tax_cash_basis_rec_id IS NOT NULL
                         OR move.always_tax_exigible)))
         GROUP BY line.account_id
    ), told AS (
        SELECT account_id, SUM(tax) AS tax FROM dropship_tax_summary
         WHERE company_id = %(company)s AND date BETWEEN %(first)s AND %(last)s AND account_id IS NOT NULL
         GROUP BY account_id
    )
    SELECT account_id, COALESCE(told.tax, 0), COALESCE(booked.movement, 0) - COALESCE(booked.documents, 0),
           COALESCE(booked.movement, 0), COALESCE(booked.documents, 0) - COALESCE(told.tax, 0)
      FROM told FULL JOIN booked USING (account_id)
     ORDER BY account_id
"""


class DropshipTaxSummary(models.Model):
    _inherit = "dropship.tax.summary"

    @api.model
    def _tie(self, company, first, last):
        """The summary beside the tax accounts.

        :return: list of dicts: account (record), tax (of the summary), other (entries that are no documents: payments
            to the office, typed in by hand), movement (of the account), unexplained (tax + other + unexplained =
            movement); all signed as we owe them
        """
        self._read_changes(company)
        query = SQL(TIE, company=company.id, first=first, last=last, types=list(PROFIT_TYPES))
        rows = self.env.execute_query(query)
        accounts = self.env["account.account"].browse(row[0] for row in rows)
        return [
            {
                "account": account,
                **{
                    name: company.currency_id.round(float(amount))
                    for name, amount in zip(("tax", "other", "movement", "unexplained"), row[1:], strict=True)
                },
            }
            for account, row in zip(accounts, rows, strict=True)
        ]

    @api.model
    def _untold_domain(self, company, first, last, accounts):
        """Journal items of the accounts that are not in the summary."""
        return [
            ("company_id", "=", company.id), ("parent_state", "=", "posted"), ("date", ">=", first),
            ("date", "<=", last), ("account_id", "in", accounts.ids), ("tax_line_id", "=", False),
        ]  # fmt: skip
