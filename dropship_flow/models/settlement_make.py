"""How statements come into being: for some suppliers by hand, and by the calendar of their terms."""

import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..settling import last_end
from .settlement import CLOSED, OPEN
from .settlement_approve import SAFE

_logger = logging.getLogger(__name__)


class ResCompany(models.Model):
    _inherit = "res.company"

    dropship_objection_days = fields.Integer(
        string="Days to Object", default=5, required=True, groups="base.group_user"
    )

    _dropship_objection_days_range = models.Constraint(
        "CHECK (dropship_objection_days BETWEEN 0 AND 90)", "Suppliers have between 0 and 90 days to object."
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dropship_objection_days = fields.Integer(related="company_id.dropship_objection_days", readonly=False)


class DropshipSupplierTerm(models.Model):
    _inherit = "dropship.supplier.term"

    statement_every = fields.Selection(
        [("never", "When asked for"), ("week", "Every week"), ("half", "Twice a month"), ("month", "Every month")],
        string="Statement",
        default="never",
        required=True,
        help="How often a statement is made by itself: after each week (Monday to Sunday), on the 15th and the last, "
        "or after each month.",
    )


class DropshipSettlement(models.Model):
    _inherit = "dropship.settlement"

    @api.model
    def _make_for(self, suppliers, company, date_to, date_from=False):
        """One statement per supplier and currency in which anything is open or was booked.

        :return: (new statements, {supplier: why none})
        """
        made, refused = self.browse(), {}
        currencies = self._currencies_of(suppliers, company, date_to)
        for supplier in suppliers:
            for currency in currencies.get(supplier.id, supplier.currency_id):
                why = self._why_not(supplier, company, currency, date_to)
                if why:
                    refused[supplier] = why
                    continue
                vals = {
                    "supplier_id": supplier.id,
                    "company_id": company.id,
                    "currency_id": currency.id,
                    "date_to": date_to,
                }
                if date_from and not self._last(supplier, company, currency):
                    vals["date_from"] = date_from
                made |= self.create(vals)
        return made, refused

    def _why_not(self, supplier, company, currency, date_to):
        chain = self._chain_of(supplier, company, currency)
        if open_one := self.search([*chain, ("state", "in", OPEN)], limit=1):
            return self.env._("%s is still open.", open_one.name)
        last = self._last(supplier, company, currency)
        if last and last.date_to >= date_to:
            return self.env._("%s goes until that day already.", last.name)
        return False

    def _last(self, supplier, company, currency):
        chain = self._chain_of(supplier, company, currency)
        return self.search([*chain, ("state", "in", CLOSED)], order="date_to desc", limit=1)

    @api.model
    def _currencies_of(self, suppliers, company, date_to):
        """{supplier id: currencies in which anything about dropshipped goods was booked}; one query."""
        self.env["account.move.line"].flush_model()
        self.env["account.move"].flush_model()
        self.env.cr.execute(
            """
            SELECT supplier.id, ARRAY_AGG(DISTINCT line.currency_id ORDER BY line.currency_id)
              FROM dropship_supplier supplier
              JOIN res_partner partner ON partner.commercial_partner_id = supplier.partner_id
              JOIN account_move_line line ON line.partner_id = partner.id AND line.company_id = %s
               AND line.parent_state IN ('posted', 'draft') AND line.date <= %s
              JOIN account_account account
                ON account.id = line.account_id AND account.account_type = 'liability_payable'
              JOIN account_move move ON move.id = line.move_id
             WHERE supplier.id = ANY(%s) AND (move.move_type = 'entry' OR move.dropship_is_bill)
             GROUP BY supplier.id
            """,
            [company.id, date_to, suppliers.ids],
        )
        return {supplier: self.env["res.currency"].browse(ids) for supplier, ids in self.env.cr.fetchall()}

    @api.model
    def _cron_make(self):
        """Make the statements that are due by the suppliers' terms."""
        today = fields.Date.context_today(self)
        terms = self.env["dropship.supplier.term"].search([("statement_every", "!=", "never")])
        for term in terms:
            date_to = last_end(term.statement_every, today)
            companies = term.company_id or term.supplier_id.company_id or self.env["res.company"].search([])
            for company in companies:
                if term.supplier_id._terms_for(company) != term:
                    continue
                try:
                    known = self._currencies_of(term.supplier_id, company, date_to)
                    if known:
                        self.with_company(company)._make_for(term.supplier_id, company, date_to)
                    self.env["ir.cron"]._commit_progress(1)
                except SAFE:  # somebody makes it this very moment
                    self.env.cr.rollback()
                except Exception:  # one supplier must not stop the others
                    _logger.exception("No statement for supplier %s", term.supplier_id.id)
                    self.env.cr.rollback()


class DropshipSupplier(models.Model):
    _inherit = "dropship.supplier"

    def action_statements(self):
        """The supplier's statements."""
        self.ensure_one()
        if not self.env["dropship.settlement"].has_access("read"):
            raise UserError(self.env._("You may not see statements."))
        action = self.env["ir.actions.act_window"]._for_xml_id("dropship_flow.action_dropship_settlement")
        return {**action, "domain": [("supplier_id", "=", self.id)], "context": {"default_supplier_id": self.id}}
