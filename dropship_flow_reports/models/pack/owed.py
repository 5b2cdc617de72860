from odoo import fields, models
from odoo.tools import SQL

SIDES = [("receivable", "Customers Owe Us"), ("payable", "We Owe")]
LATE = [("0", "Not Due"), ("30", "1 to 30 days"), ("60", "31 to 60 days"), ("90", "61 to 90 days"),
        ("more", "Over 90 days")]  # fmt: skip
OPEN = """
    SELECT line.id, line.company_id, company.currency_id, partner.commercial_partner_id AS partner_id,
           line.move_name AS document, COALESCE(line.date_maturity, line.date) AS date,
           CASE account.account_type WHEN 'asset_receivable' THEN 'receivable' ELSE 'payable' END AS side,
           CASE WHEN COALESCE(line.date_maturity, line.date) >= CURRENT_DATE THEN '0'
                WHEN COALESCE(line.date_maturity, line.date) >= CURRENT_DATE - 30 THEN '30'
                WHEN COALESCE(line.date_maturity, line.date) >= CURRENT_DATE - 60 THEN '60'
                WHEN COALESCE(line.date_maturity, line.date) >= CURRENT_DATE - 90 THEN '90' ELSE 'more' END AS late,
           CASE account.account_type WHEN 'asset_receivable' THEN line.amount_residual
                ELSE -line.amount_residual END AS amount
      FROM account_move_line line
      JOIN account_account account ON account.id = line.account_id
       AND account.account_type IN ('asset_receivable', 'liability_payable')
      JOIN res_company company ON company.id = line.company_id
 LEFT JOIN res_partner partner ON partner.id = line.partner_id
     WHERE line.parent_state = 'posted' AND line.reconciled IS NOT TRUE AND line.amount_residual <> 0
"""


class DropshipReportOwed(models.Model):
    """What customers owe and what is owed, today, by how late it is; for whoever reads figures but not the books."""

    _name = "dropship.report.owed"
    _description = "Open Amount"
    _auto = False
    _order = "date, id"
    _rec_name = "document"
    _depends = {
        "account.move.line": ["account_id", "amount_residual", "company_id", "date", "date_maturity", "move_name",
                              "parent_state", "partner_id", "reconciled"],
        "account.account": ["account_type"],
        "res.partner": ["commercial_partner_id"],
    }  # fmt: skip

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    document = fields.Char(readonly=True)
    date = fields.Date(string="Due", readonly=True)
    side = fields.Selection(SIDES, string="Owed By", readonly=True)
    late = fields.Selection(LATE, string="How Late", readonly=True)
    amount = fields.Monetary(readonly=True)

    @property
    def _table_query(self):
        return SQL(OPEN)
