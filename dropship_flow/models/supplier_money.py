"""What a supplier's bills say about him and us: how many were right, how fast we pay, what is open."""

from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_amount

from .supplier_bill import BILLS

DAYS = 90
RIGHT = ("ok", "tolerated")
BOOKS = "dropship_flow.group_dropship_buyer,account.group_account_invoice,account.group_account_readonly"


class DropshipSupplier(models.Model):
    _inherit = "dropship.supplier"

    score_billing = fields.Float("Bills Without Difference", readonly=True, copy=False, aggregator="avg", help="Of 1.")
    score_bills = fields.Integer("Bills", readonly=True, copy=False)
    score_pay_days = fields.Float(
        "Paid After (days)", readonly=True, copy=False, aggregator="avg",
        help="From the date of the bill to its payment, by amount.",
    )  # fmt: skip
    open_balance_text = fields.Char(
        string="Open Balance", compute="_compute_open_balance_text", groups=BOOKS,
        help="What of his bills is not paid, less his open credit notes, in each currency.",
    )  # fmt: skip

    @api.depends_context("allowed_company_ids", "lang")
    def _compute_open_balance_text(self):
        balances = self._open_balances()
        for supplier in self:
            sums = balances.get(supplier.id, {})
            supplier.open_balance_text = " · ".join(
                format_amount(self.env, amount, currency) for currency, amount in sums.items()
            ) or False

    def _bills_domain(self, company=None):
        companies = company or self.env.companies
        return (
            Domain("dropship_supplier_id", "in", self.ids)
            & Domain("dropship_is_bill", "=", True)
            & Domain("state", "=", "posted")
            & Domain("move_type", "in", BILLS)
            & Domain("company_id", "in", companies.ids)
        )

    def _open_balances(self, company=None):
        """{supplier id: {currency: amount}}: what his posted bills less his credit notes leave open; nothing is 0."""
        # Sums of documents: whoever asks is let see the supplier's balance by the field's groups, or is the supplier.
        moves_sudo = self.env["account.move"].sudo()
        groups = moves_sudo._read_group(
            self._bills_domain(company) & Domain("amount_residual", "!=", 0),
            ["dropship_supplier_id", "currency_id", "move_type"],
            ["amount_residual:sum"],
        )
        balances = defaultdict(lambda: defaultdict(float))
        for supplier, currency, kind, amount in groups:
            balances[supplier.id][currency] += amount if kind == "in_invoice" else -amount
        return {
            key: {currency: currency.round(amount) for currency, amount in sums.items() if not currency.is_zero(amount)}
            for key, sums in balances.items()
        }

    def _bill_figures(self, company=None, days=DAYS):
        """What the bills of the last days say, in two queries for all suppliers.

        :return: {supplier id: {bills, right, accuracy (None without a matched bill), pay_days (None: nothing paid)}}
        """
        since = fields.Date.today() - timedelta(days=days)
        result = {supplier.id: {"bills": 0, "right": 0, "accuracy": None, "pay_days": None} for supplier in self}
        moves_sudo = self.env["account.move"].sudo()  # figures of documents, not the documents
        if "dropship_match_state" in moves_sudo._fields:
            domain = self._bills_domain(company) & Domain("invoice_date", ">=", since)
            domain &= Domain("move_type", "=", "in_invoice") & Domain("dropship_match_state", "!=", False)
            groups = moves_sudo._read_group(domain, ["dropship_supplier_id", "dropship_match_state"], ["__count"])
            for supplier, state, count in groups:
                figures = result[supplier.id]
                figures["bills"] += count
                figures["right"] += count if state in RIGHT else 0
        for figures in result.values():
            if figures["bills"]:
                figures["accuracy"] = figures["right"] / figures["bills"]
        for supplier_id, pay_days in self._pay_days(company or self.env.companies, since):
            result[supplier_id]["pay_days"] = float(pay_days)
        return result

    def _pay_days(self, companies, since):
        """[(supplier id, days from a bill to its payment, by amount)] of what was paid since then."""
        if not self or not companies:
            return []
        self.env["account.move"].flush_model()
        self.env["account.move.line"].flush_model(["move_id", "date"])
        self.env["account.partial.reconcile"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT bill.dropship_supplier_id,
                       SUM(part.amount * (paying.date - bill.invoice_date)) / SUM(part.amount)
                  FROM account_partial_reconcile part
                  JOIN account_move_line owed ON owed.id = part.credit_move_id
                  JOIN account_move bill ON bill.id = owed.move_id
                  JOIN account_move_line paying ON paying.id = part.debit_move_id
                  JOIN account_move payment ON payment.id = paying.move_id
                 WHERE bill.dropship_supplier_id IN %s AND bill.dropship_is_bill AND bill.state = 'posted'
                   AND bill.move_type = 'in_invoice' AND bill.company_id IN %s AND bill.invoice_date IS NOT NULL
                   AND payment.move_type <> 'in_refund' AND paying.date >= %s AND part.amount > 0
                 GROUP BY bill.dropship_supplier_id
                """,
                tuple(self.ids), tuple(companies.ids), since,
            )
        )  # fmt: skip
        return self.env.cr.fetchall()

    def _dropship_scores(self, days=DAYS):
        """Override: how many of his bills were right, and how fast we pay; the points stay those of his deliveries."""
        scores = super()._dropship_scores(days)
        for supplier_id, figures in self._bill_figures(days=days).items():
            scores[supplier_id] |= {
                "billing_accuracy": figures["accuracy"], "bills": figures["bills"], "pay_days": figures["pay_days"],
            }  # fmt: skip
        return scores

    def _store_scores(self):
        """Override: the figures of bills for lists."""
        result = super()._store_scores()
        # All companies, as the other figures are stored by the nightly round.
        companies = self.env["res.company"].sudo().search([]) if self.env.su else self.env.companies
        for supplier_id, figures in self._bill_figures(companies).items():
            supplier = self.browse(supplier_id)
            values = {
                "score_billing": round(figures["accuracy"] or 0.0, 4),
                "score_bills": figures["bills"],
                "score_pay_days": round(figures["pay_days"] or 0.0, 1),
            }
            changed = {name: value for name, value in values.items() if supplier[name] != value}
            if changed:
                supplier.write(changed)
        return result

    def _desk_score(self, company=None):
        """Override: his bills, how fast he is paid, and what we owe him."""
        found = super()._desk_score(company)
        figures = self._bill_figures(company)[self.id]
        balances = self._open_balances(company).get(self.id, {})
        return {
            **found,
            "bills": figures["bills"],
            "billing_accuracy": figures["accuracy"],
            "pay_days": figures["pay_days"],
            "balances": [currency.format(amount) for currency, amount in balances.items()],
        }

    def action_open_bills(self):
        """The open bills and credit notes behind the balance."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Open Bills"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": list(self._bills_domain() & Domain("amount_residual", "!=", 0)),
        }
