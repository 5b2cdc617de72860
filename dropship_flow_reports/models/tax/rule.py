from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...forecasting import RULES, TaxRule

MONTHS = [("1", "Monthly"), ("3", "Quarterly"), ("12", "Yearly")]
WORKDAYS = [("1", "Next working day"), ("-1", "Working day before"), ("0", "Stays")]
RETURNS = [("vat", "Ordinary Return"), ("oss", "EU distance sale (OSS)"), ("ioss", "Import sale (IOSS)")]
SHAPE = {"months", "day", "after", "workday", "start", "other", "rest", "followed", "country_id"}


class DropshipTaxDueRule(models.Model):
    """When a return has to be filed and paid. A company has a row for each it might file, and follows those it does."""

    _name = "dropship.tax.due.rule"
    _description = "Due Day of a Tax Return"
    _order = "followed desc, country_id, returned, id"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True, ondelete="cascade"
    )
    code = fields.Char(readonly=True, copy=False, help="The row it came from; empty: your own.")
    name = fields.Char(compute="_compute_name")
    label = fields.Char(string="Note", help="Told with the name, e.g. for whom it is.")
    followed = fields.Boolean(string="We File This")
    returned = fields.Selection(RETURNS, string="Tax Return", required=True, default="vat")
    country_id = fields.Many2one("res.country", string="Tax Office Of", help="OSS and IOSS: of the company's.")
    months = fields.Selection(MONTHS, string="Period", required=True, default="1")
    start = fields.Integer(string="First Month", default=1, required=True, help="A month in which a period begins.")
    after = fields.Integer(
        string="Months After", default=1, required=True, help="1: due in the month after the period."
    )
    day = fields.Integer(string="Due on the", default=10, required=True, help="31: the last day of the month.")
    other = fields.Char(
        string="Other Days", help="Month-day, where a month has a day of its own: 01-30, 08-20.", default=""
    )
    workday = fields.Selection(
        WORKDAYS, string="Nobody Works That Day", required=True, default="1", help="Weekends and holidays."
    )
    rest = fields.Integer(
        string="Long Holidays",
        default=0,
        help="So many days off in a row since the first of the month put the day off by as many working days. 0: none.",
    )
    remind_days = fields.Integer(string="Remind Days Before", default=7)
    user_id = fields.Many2one("res.users", string="Remind", help="Empty: whom the settings name.")

    _once = models.UniqueIndex("(company_id, code) WHERE code IS NOT NULL", "This row is in the list.")
    _sense = models.Constraint(
        "CHECK (day BETWEEN 1 AND 31 AND after BETWEEN 0 AND 24 AND start BETWEEN 1 AND 12"
        " AND rest BETWEEN 0 AND 31 AND remind_days BETWEEN 0 AND 60)",
        "A due day lies between 1 and 31, at most 24 months after the period; reminders come at most 60 days before.",
    )

    @api.depends("country_id", "returned", "months", "label")
    @api.depends_context("lang")
    def _compute_name(self):
        returns = dict(self._fields["returned"]._description_selection(self.env))
        months = dict(self._fields["months"]._description_selection(self.env))
        for rule in self:
            place = rule.country_id.name if rule.returned == "vat" and rule.country_id else returns[rule.returned]
            rule.name = " · ".join(filter(None, (place, months.get(rule.months), rule.label)))

    @api.constrains("other")
    def _check_other(self):
        for rule in self:
            try:
                rule._other_days()
            except ValueError as error:
                raise ValidationError(
                    self.env._('"%s" is no list of month-day: write 01-30, 08-20.', rule.other)
                ) from error

    def _other_days(self):
        found = []
        for word in (self.other or "").replace(",", " ").split():
            month, day = (int(number) for number in word.split("-"))
            if not (1 <= month <= 12 and 1 <= day <= 31):
                raise ValueError(word)
            found.append((month, day))
        return tuple(found)

    def _engine_rule(self):
        """The row as `forecasting.TaxRule`."""
        self.ensure_one()
        return TaxRule(
            str(self.id), int(self.months), self.day, self.after, int(self.workday), self.start,
            self._other_days(), self.rest,
        )  # fmt: skip

    @api.model_create_multi
    def create(self, vals_list):
        """Override: the calendar follows."""
        rules = super().create(vals_list)
        followed = rules.filtered("followed")
        if followed:
            self.env["dropship.tax.due"]._generate_all(followed.company_id)
        return rules

    def write(self, vals):
        """Override: open rows of the calendar move; filed ones stay."""
        result = super().write(vals)
        if SHAPE & vals.keys():
            self.env["dropship.tax.due"]._generate_all(self.company_id)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_told(self):
        dues = self.env["dropship.tax.due"].sudo().search([("rule_id", "in", self.ids)])
        filed = dues.filtered(lambda due: due.state != "open").rule_id
        for rule in self:
            if rule.code or rule in filed:
                raise ValidationError(
                    self.env._('"%s" belongs to the list or has filed returns: switch it off instead.', rule.name)
                )
        dues.unlink()

    @api.model
    def _complete_all(self):
        for company in self.env["res.company"].sudo().search([]):
            self._complete(company)

    @api.model
    def _complete(self, company):
        """Add rows of the list the company does not have."""
        known = set(self.sudo().search([("company_id", "=", company.id)]).mapped("code"))
        missing = [rule for rule in RULES.values() if rule.key not in known]
        translated = self.with_context(lang=company.partner_id.lang or self.env.lang)
        return self.sudo().create([translated._told(company, rule) for rule in missing])

    @api.model
    def _told(self, company, rule):
        """Values of a row of the list."""
        place = rule.key.split("_")[0]
        country = company.account_fiscal_country_id
        if place not in ("oss", "ioss"):
            country = self.env["res.country"].search([("code", "=", place.upper())])
        labels = {
            "extended": self.env._("with permanent extension"),
            "large": self.env._("above 40 million kronor"),
        }
        return {
            "company_id": company.id,
            "code": rule.key,
            "returned": place if place in ("oss", "ioss") else "vat",
            "country_id": country.id,
            "label": labels.get(rule.key.split("_")[-1], False),
            "months": str(rule.months),
            "start": rule.start,
            "after": rule.after,
            "day": rule.day,
            "other": ", ".join(f"{month:02d}-{day:02d}" for month, day in rule.other),
            "workday": str(rule.workday),
            "rest": rule.rest,
        }

    @api.model
    def action_open(self):
        """The rows of the company, those of the list added where they are missing."""
        self._complete(self.env.company)
        return self.env["ir.actions.act_window"]._for_xml_id("dropship_flow_reports.action_dropship_tax_due_rule")
