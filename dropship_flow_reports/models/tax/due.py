from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from .rule import RETURNS


class DropshipTaxDue(models.Model):
    """A return that has to be filed and paid: its period, its day, and what it comes to by the books so far."""

    _name = "dropship.tax.due"
    _description = "Tax Return That Is Due"
    _inherit = ["dropship.state.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date, id"

    _transitions = frozenset(
        {("open", "filed"), ("filed", "paid"), ("filed", "open"), ("paid", "filed")}
    )  # fmt: skip

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    rule_id = fields.Many2one("dropship.tax.due.rule", required=True, readonly=True, index=True, ondelete="cascade")
    returned = fields.Selection(RETURNS, string="Tax Return", required=True, readonly=True)
    country_id = fields.Many2one("res.country", string="Tax Office Of", readonly=True)
    name = fields.Char(compute="_compute_name")
    date_from = fields.Date(string="Period From", required=True, readonly=True)
    date_to = fields.Date(string="Period To", required=True, readonly=True)
    date = fields.Date(string="Due Day", required=True, readonly=True, index=True)
    amount = fields.Monetary(
        compute="_compute_amount",
        help="By the books so far; once declared, as declared. Below nothing: the office pays.",
    )
    warnings = fields.Integer(
        string="Tax Warnings", compute="_compute_amount", help="Rows of the summary where something does not fit."
    )
    filed_amount = fields.Monetary(string="Declared Amount", copy=False, tracking=True)
    state = fields.Selection(
        [("open", "To Declare"), ("filed", "Declared"), ("paid", "Paid")],
        default="open", required=True, readonly=True, copy=False, tracking=True, group_expand=True,
    )  # fmt: skip
    filed_date = fields.Date(string="Declared On", copy=False)
    filed_reference = fields.Char(string="Reference of the Return", copy=False)
    paid_date = fields.Date(string="Paid on Day", copy=False)
    paid_reference = fields.Char(string="Reference of the Payment", copy=False)
    overdue = fields.Boolean(compute="_compute_overdue", search="_search_overdue")
    reminded = fields.Boolean(readonly=True, copy=False)

    _once = models.UniqueIndex("(rule_id, date_from)", "This period is in the calendar.")

    @api.depends("rule_id.name", "date_from", "date_to")
    @api.depends_context("lang")
    def _compute_name(self):
        for due in self:
            due.name = f"{due.rule_id.name} {due._period()}"

    def _period(self):
        """2026-03, 2026 Q1, 2026-02 – 2026-04"""
        self.ensure_one()
        first, last = self.date_from, self.date_to
        if not first or not last:
            return ""
        months = (last.year - first.year) * 12 + last.month - first.month + 1
        if months == 1:
            return f"{first:%Y-%m}"
        if months == 3 and first.month % 3 == 1:
            return f"{first:%Y} Q{(first.month + 2) // 3}"
        return f"{first:%Y}" if months == 12 and first.month == 1 else f"{first:%Y-%m} – {last:%Y-%m}"

    @api.depends("state", "filed_amount", "date_from", "date_to")
    def _compute_amount(self):
        summed = self._summed()
        for due in self:
            tax, due.warnings = summed[due.company_id, due.date_from, due.date_to, due._part()]
            due.amount = due.filed_amount if due.state != "open" else due.currency_id.round(tax)

    def _part(self):
        """What of the summary belongs into the return: OSS, IOSS, the rest at home, or the taxes of a country."""
        self.ensure_one()
        if self.returned != "vat" or self.country_id == self.company_id.account_fiscal_country_id:
            return self.returned
        return self.country_id.id

    def _summed(self):
        """{(company, first, last, part): (tax, rows with a warning)}; one query of the summary for each period."""
        found = defaultdict(lambda: (0.0, 0))
        summary_sudo = self.env["dropship.tax.summary"].sudo()
        for company, first, last in {(due.company_id, due.date_from, due.date_to) for due in self}:
            domain = [("company_id", "=", company.id), ("date", ">=", first), ("date", "<=", last)]
            abroad = self._filed_abroad(company)
            groups = summary_sudo._read_group(domain, ["scheme", "tax_country_id"], ["tax:sum", "warning:count"])
            for scheme, country, tax, warnings in groups:
                part = self._part_of(scheme, country, abroad)
                key = (company, first, last, part)
                found[key] = (found[key][0] + tax, found[key][1] + warnings)
        return found

    @api.model
    def _part_of(self, scheme, country, abroad):
        """See `_part`, of rows of the summary."""
        return scheme if scheme in ("oss", "ioss") else country.id if country in abroad else "vat"

    def _filed_abroad(self, company):
        """The other countries in which the company files ordinary returns."""
        rules_sudo = self.env["dropship.tax.due.rule"].sudo()
        domain = [("company_id", "=", company.id), ("followed", "=", True), ("returned", "=", "vat")]
        return rules_sudo.search(domain).country_id - company.account_fiscal_country_id

    @api.depends("date", "state")
    def _compute_overdue(self):
        for due in self:
            today = self._today(due.company_id)
            due.overdue = bool(due.date and due.state != "paid" and due.date < today)

    def _search_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = [("state", "!=", "paid"), ("date", "<", self._today(self.env.company))]
        return domain if True in value else ["!", "&", *domain]

    @api.model
    def _today(self, company):
        """The company's day."""
        zone = company.partner_id.tz or self.env.user.tz or "UTC"
        return fields.Date.context_today(self.with_context(tz=zone))

    # --- verbs ---

    def action_file(self):
        """The return is with the office: what it came to stays, whatever the books say later."""
        self.check_access("write")
        for company in self.company_id:
            self.env["dropship.tax.summary"]._read_changes(company)
        for due in self:
            if due.date_to >= self._today(due.company_id):
                raise UserError(
                    self.env._('"%s" is not over yet: file it when its last day has passed.', due.name)
                )  # fmt: skip
            vals = {} if due.filed_amount else {"filed_amount": due.amount}
            if not due.filed_date:
                vals["filed_date"] = self._today(due.company_id)
            due._set_state("filed", **vals)
        self.activity_unlink(["dropship_flow_reports.activity_tax_due"])
        return True

    def action_pay(self):
        """The tax is paid, or the office paid it out."""
        for due in self:
            due._set_state("paid", paid_date=due.paid_date or self._today(due.company_id))
        return True

    def action_reopen(self):
        """One step back: filed by mistake, or not paid after all."""
        for due in self:
            if due.state == "paid":
                due._set_state("filed", paid_date=False, paid_reference=False)
            else:
                due._set_state(
                    "open", filed_date=False, filed_reference=False, filed_amount=0.0, reminded=False
                )  # fmt: skip
        return True

    def action_summary(self):
        """What goes into the return."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("dropship_flow_reports.action_dropship_tax_summary")
        domain = [
            ("company_id", "=", self.company_id.id), ("date", ">=", self.date_from), ("date", "<=", self.date_to),
        ]  # fmt: skip
        part = self._part()
        if part in ("oss", "ioss"):
            domain.append(("scheme", "=", part))
        else:
            domain.append(("scheme", "not in", ("oss", "ioss")))
            if part != "vat":
                domain.append(("tax_country_id", "=", part))
        return {**action, "name": self.name, "domain": domain, "context": {}}

    @api.model
    def _upcoming(self, company, first, last):
        """Returns due from one day to another.

        :return: list of dicts: date, name, amount (company currency; above nothing: we pay), state (open, filed, paid)
        """
        self.env["dropship.tax.summary"]._read_changes(company)
        self._generate(company)
        dues = self.sudo().search([("company_id", "=", company.id), ("date", ">=", first), ("date", "<=", last)])
        return [{name: due[name] for name in ("date", "name", "amount", "state")} for due in dues]
