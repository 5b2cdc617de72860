"""Invoices suppliers owe (欠票): what they billed or were paid for without the fapiao the company needs."""

from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from ..fapiao.price import ISSUED
from .reason_text import FLOW_DAYS, FLOW_REASONS, _lt, reasons_text

FLOW_REASONS.update(
    {
        "fapiao_owed_bill": _lt("The fapiao for this bill is missing: %(amount)s since %(since)s."),
        "fapiao_owed_supplier": _lt(
            "%(supplier)s owes fapiao over %(amount)s, the oldest since %(since)s (%(days)s days are allowed)."
        ),
    }
)
FLOW_DAYS.update({"fapiao_owed_bill": ("since",), "fapiao_owed_supplier": ("since",)})


class Owed(NamedTuple):
    """A document without the invoice it needs.

    `amount` has tax in it and is in the document's currency: what no fapiao covers; below zero for a credit that no
    red letter covers. `since` is the day of the document.
    """

    document: object  # account.move: a bill, a credit note or a payment
    amount: float
    since: object


class DropshipFapiaoOwed(models.Model):
    """The same as a list, made on the fly for today."""

    _name = "dropship.fapiao.owed"
    _description = "Fapiao Owed by a Supplier"
    _auto = False
    _order = "since, id"
    _rec_name = "move_id"

    supplier_id = fields.Many2one("dropship.supplier", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    move_id = fields.Many2one("account.move", string="Document", readonly=True)
    what = fields.Selection([("bill", "Bill"), ("credit", "Credit"), ("paid", "Paid without a bill")], readonly=True)
    purchase_id = fields.Many2one("purchase.order", readonly=True)
    amount = fields.Monetary(string="Owed", readonly=True)
    since = fields.Date(readonly=True)
    days = fields.Integer(string="Age (days)", readonly=True, aggregator="max")
    is_late = fields.Boolean(string="Overdue", readonly=True)

    @property
    def _table_query(self):
        self._flush_facts()
        return self._owed_query(fields.Date.context_today(self))

    @api.model
    def _flush_facts(self):
        for model in ("account.move", "account.move.line", "dropship.fapiao.match", "dropship.fapiao.received"):
            self.env[model].flush_model()
        for model in ("dropship.supplier", "dropship.supplier.term", "res.company"):
            self.env[model].flush_model()

    @api.model
    def _owed_query(self, until):
        """Rows of what is owed on a day: bills less their credits less accepted fapiao, and payments for no bill."""
        return SQL(
            """
            SELECT owed.id, owed.supplier_id, owed.company_id, owed.currency_id, owed.id AS move_id, owed.what,
                   owed.amount, owed.since, %(until)s::date - owed.since AS days,
                   %(until)s::date - owed.since > company.dropship_fapiao_days AS is_late,
                   (SELECT MIN(line.dropship_purchase_id) FROM account_move_line line WHERE line.move_id = owed.id)
                   AS purchase_id
              FROM (%(bills)s UNION ALL %(payments)s) owed
              JOIN dropship_supplier supplier ON supplier.id = owed.supplier_id
              JOIN res_company company ON company.id = owed.company_id
               AND company.dropship_fapiao_need IN ('cost', 'deductible') AND company.id = ANY(%(companies)s)
              JOIN LATERAL (
                   SELECT own.fapiao_issues FROM dropship_supplier_term own
                    WHERE own.supplier_id = supplier.id AND (own.company_id = company.id OR own.company_id IS NULL)
                    ORDER BY own.company_id NULLS LAST LIMIT 1) term ON term.fapiao_issues = ANY(%(issued)s)
             WHERE ROUND(owed.amount, 2) <> 0
            """,
            until=until,
            bills=self._bills_query(until),
            payments=self._payments_query(until),
            issued=list(ISSUED),
            companies=[
                company.id for company in self.env["res.company"].sudo().search([]) if company._dropship_needs_fapiao()
            ],
        )

    @api.model
    def _bills_query(self, until):
        """Bills, and credits that take back none of them. A credit of a bill lowers what that bill needs."""
        return SQL(
            """
            SELECT move.id, move.dropship_supplier_id AS supplier_id, move.company_id, move.currency_id,
                   CASE move.move_type WHEN 'in_refund' THEN 'credit' ELSE 'bill' END AS what,
                   (CASE move.move_type WHEN 'in_refund' THEN -1 ELSE 1 END * move.amount_total
                    - COALESCE(credits.amount, 0) - COALESCE(covered.amount, 0))::numeric AS amount,
                   COALESCE(move.invoice_date, move.date) AS since
              FROM account_move move
         LEFT JOIN account_move bill ON bill.id = move.reversed_entry_id AND bill.state = 'posted'
         LEFT JOIN LATERAL (
                   SELECT SUM(credit.amount_total) AS amount FROM account_move credit
                    WHERE credit.reversed_entry_id = move.id AND credit.state = 'posted'
                      AND credit.move_type = 'in_refund'
                      AND COALESCE(credit.invoice_date, credit.date) <= %(until)s) credits ON TRUE
         LEFT JOIN LATERAL (
                   SELECT SUM(CASE WHEN received.is_red THEN -match.amount ELSE match.amount END) AS amount
                     FROM dropship_fapiao_match match
                     JOIN dropship_fapiao_received received ON received.id = match.received_id
                    WHERE match.move_id = move.id AND received.state = 'accepted' AND received.date <= %(until)s
                   ) covered ON TRUE
             WHERE move.state = 'posted' AND move.move_type IN ('in_invoice', 'in_refund')
               AND move.dropship_supplier_id IS NOT NULL AND move.dropship_is_bill
               AND (move.move_type = 'in_invoice' OR bill.id IS NULL)
               AND COALESCE(move.invoice_date, move.date) <= %(until)s
            """,
            until=until,
        )

    @api.model
    def _payments_query(self, until):
        """What went to a supplier and is on no bill yet: advances of any kind of payment, as open in the books."""
        return SQL(
            """
            SELECT move.id, supplier.id AS supplier_id, move.company_id, line.currency_id, 'paid' AS what,
                   SUM(line.amount_residual_currency)::numeric AS amount, MIN(line.date) AS since
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id AND move.state = 'posted' AND move.move_type = 'entry'
              JOIN account_account account ON account.id = line.account_id
               AND account.account_type = 'liability_payable'
              JOIN res_partner partner ON partner.id = line.partner_id
              JOIN dropship_supplier supplier ON supplier.partner_id = partner.commercial_partner_id
               AND (supplier.company_id IS NULL OR supplier.company_id = move.company_id)
             WHERE line.amount_residual_currency > 0 AND line.date <= %(until)s
               AND (move.origin_payment_id IS NOT NULL OR move.statement_line_id IS NOT NULL)
             GROUP BY move.id, supplier.id, move.company_id, line.currency_id
            """,
            until=until,
        )

    def action_open_document(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "view_mode": "form",
        }


class DropshipSupplier(models.Model):
    _inherit = "dropship.supplier"

    fapiao_owed = fields.Monetary(
        compute="_compute_fapiao_owed",
        currency_field="fapiao_currency_id",
        groups="account.group_account_invoice,account.group_account_readonly,dropship_flow.group_dropship_buyer",
        help="Of the company you work in, in its currency.",
    )
    fapiao_currency_id = fields.Many2one("res.currency", compute="_compute_fapiao_owed")
    fapiao_needed = fields.Boolean(compute="_compute_fapiao_owed")

    @api.depends_context("company")
    @api.depends("term_ids.fapiao_issues")
    def _compute_fapiao_owed(self):
        company = self.env.company
        needed = company._dropship_needs_fapiao()
        rows = (
            self.env["dropship.fapiao.owed"]
            .sudo()
            ._read_group(  # buyers read no books, only what is owed
                [("supplier_id", "in", self.ids), ("company_id", "=", company.id)] if needed else [("id", "=", 0)],
                ["supplier_id", "currency_id"],
                ["amount:sum"],
            )
        )
        for supplier in self:
            supplier.fapiao_currency_id = company.currency_id
            supplier.fapiao_needed = needed and supplier._fapiao_wanted_by(company)
            supplier.fapiao_owed = sum(
                currency._convert(amount, company.currency_id, company, fields.Date.context_today(supplier))
                for found, currency, amount in rows
                if found.id == supplier._origin.id
            )

    def _fapiao_owed(self, company, currency=None, until=None):
        """What a supplier owes invoices for, the oldest first.

        :param currency: only documents in it; empty: in any
        :param until: the day it is asked for (default today). Advances are taken as they are open now.
        :return: [Owed]
        """
        self.ensure_one()
        until = until or fields.Date.context_today(self)
        owed_sudo = self.env["dropship.fapiao.owed"].sudo()  # who prints a statement need not read every book
        owed_sudo._flush_facts()
        query = SQL(
            "SELECT move_id, amount, since, currency_id FROM (%s) owed WHERE supplier_id = %s AND company_id = %s"
            " ORDER BY since, move_id",
            owed_sudo._owed_query(until),
            self.id,
            company.id,
        )
        moves = self.env["account.move"]
        return [
            Owed(moves.browse(move_id), float(amount), since)
            for move_id, amount, since, currency_id in self.env.execute_query(query)
            if not currency or currency_id == currency.id
        ]

    def _fapiao_wanted_by(self, company):
        """Whether he owes invoices to a company at all."""
        self.ensure_one()
        return company._dropship_needs_fapiao() and self._terms_for(company).fapiao_issues in ISSUED

    def _fapiao_owed_bills(self, company, currency):
        """[(bill, amount)] that a fapiao may be for, the oldest first."""
        rows = self._fapiao_owed(company, currency)
        return [(row.document, row.amount) for row in rows if row.amount > 0 and row.document.move_type == "in_invoice"]

    def action_open_fapiao_owed(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("dropship_flow.action_dropship_fapiao_owed")
        return {**action, "domain": [("supplier_id", "=", self.id)], "context": {}}


class AccountMove(models.Model):
    _inherit = "account.move"

    dropship_fapiao_owed = fields.Monetary(
        string="Fapiao Owed",
        compute="_compute_dropship_fapiao_owed",
        groups="base.group_user",
        help="What no fapiao of the supplier covers yet.",
    )
    dropship_fapiao_match_ids = fields.One2many(
        "dropship.fapiao.match", "move_id", string="Fapiao of the Supplier", groups="base.group_user"
    )
    dropship_fapiao_warning = fields.Char(compute="_compute_dropship_fapiao_owed", groups="base.group_user")

    @api.depends("state", "amount_total", "dropship_is_bill", "dropship_fapiao_match_ids.amount")
    @api.depends_context("lang")
    def _compute_dropship_fapiao_owed(self):
        bills = self.filtered(lambda move: move.dropship_supplier_id and move.state == "posted")
        rows = self.env["dropship.fapiao.owed"].sudo().search([("move_id", "in", bills.ids)]) if bills else ()
        owed = {row.move_id.id: row.amount for row in rows}
        for move in self:
            move.dropship_fapiao_owed = owed.get(move._origin.id, 0.0)
            reasons = move._dropship_fapiao_reasons() if move.id in owed or move._origin.id in owed else []
            warns = move.company_id.sudo().dropship_fapiao_owing != "none"
            move.dropship_fapiao_warning = reasons_text(self.env, reasons) if reasons and warns else False

    def _dropship_fapiao_blockers(self):
        """Why a bill may not be paid yet for want of invoices: [[code, {figure: value}]]; [] where it may be.

        Only where the company holds the money of who owes; see the setting *A Supplier Who Owes a Fapiao*.
        """
        self.ensure_one()
        if self.company_id.sudo().dropship_fapiao_owing != "hold":
            return []
        return self._dropship_fapiao_reasons()

    def _dropship_fapiao_reasons(self, owed=None):
        """What is owed beyond the days the company allows: for this bill, else by its supplier.

        :param owed: what `_fapiao_owed` says of its supplier, where it was asked already
        """
        self.ensure_one()
        company_sudo = self.company_id.sudo()
        supplier_sudo = self.sudo().dropship_supplier_id  # an accountant need not read suppliers
        if self.move_type != "in_invoice" or not supplier_sudo or not company_sudo._dropship_needs_fapiao():
            return []
        days = company_sudo.dropship_fapiao_days
        latest = fields.Date.context_today(self) - timedelta(days=days)
        rows = supplier_sudo._fapiao_owed(company_sudo, self.currency_id) if owed is None else owed
        # With no days at all the invoice comes before the money; else what is older than the days counts.
        late = [row for row in rows if row.amount > 0 and (row.since < latest or not days)]
        mine = [row for row in late if row.document.id == self._origin.id]
        if mine:
            figures = {"amount": self.currency_id.format(mine[0].amount), "since": str(mine[0].since)}
            return [["fapiao_owed_bill", figures]]
        if not late or not days:
            return []
        total = self.currency_id.format(sum(row.amount for row in late))
        figures = {"supplier": supplier_sudo.name, "amount": total, "since": str(late[0].since), "days": days}
        return [["fapiao_owed_supplier", figures]]
