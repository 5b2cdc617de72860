from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DropshipTaxDay(models.Model):
    """Days on which the tax office's place rests, or works though it is a Saturday or Sunday."""

    _name = "dropship.tax.day"
    _description = "Holiday of a Tax Office"
    _order = "date_from desc, id desc"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True, ondelete="cascade"
    )
    name = fields.Char(required=True)
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(
        string="To", compute="_compute_date_to", store=True, readonly=False, precompute=True, required=True
    )
    country_id = fields.Many2one("res.country", string="Tax Office Of", help="Empty: of all.")
    worked = fields.Boolean(string="Working Day", help="A Saturday or Sunday on which people work.")

    _in_order = models.Constraint("CHECK (date_to >= date_from)", "The last day cannot lie before the first.")

    @api.depends("date_from")
    def _compute_date_to(self):
        for day in self:
            day.date_to = day.date_to or day.date_from

    @api.constrains("date_from", "date_to")
    def _check_length(self):
        for day in self:
            if (day.date_to - day.date_from).days > 60:
                raise ValidationError(
                    self.env._('"%s" lasts more than sixty days: enter each holiday by itself.', day.name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Override: due days move."""
        days = super().create(vals_list)
        days._move_due()
        return days

    def write(self, vals):
        """Override: due days move."""
        result = super().write(vals)
        self._move_due()
        return result

    def unlink(self):
        """Override: due days move back."""
        companies = self.company_id
        result = super().unlink()
        self.env["dropship.tax.due"]._generate_all(companies)
        return result

    def _move_due(self):
        self.env["dropship.tax.due"]._generate_all(self.company_id)

    @api.model
    def _days_of(self, company, country):
        """Days off and working days at a tax office: what is entered, and the closing days of our own calendar where
        it is at home.

        :return: (set of dates, set of dates)
        """
        rows = self.sudo().search([("company_id", "=", company.id), ("country_id", "in", [False, country.id])])
        off, worked = set(), set()
        for row in rows:
            (worked if row.worked else off).update(_every(row.date_from, row.date_to))
        if country == company.account_fiscal_country_id:
            off |= self._closing_days(company)
        return off - worked, worked

    def _closing_days(self, company):
        leaves = self.env["resource.calendar.leaves"].sudo().search(
            [
                ("company_id", "in", [False, company.id]), ("resource_id", "=", False),
                ("calendar_id", "in", [False, company.resource_calendar_id.id]),
            ]
        )  # fmt: skip
        zoned = self.with_context(tz=company.resource_calendar_id.tz or company.partner_id.tz or "UTC")
        found = set()
        for leave in leaves:
            first = fields.Datetime.context_timestamp(zoned, leave.date_from)
            last = fields.Datetime.context_timestamp(zoned, leave.date_to)
            # A day nobody works from midnight to midnight, or nearly.
            hours = (last - first).total_seconds() / 3600
            if hours >= 8:
                found.update(_every(first.date(), last.date()))
        return found


def _every(first, last):
    return (first + timedelta(days=number) for number in range((last - first).days + 1))
