from odoo import api, fields, models
from odoo.fields import Domain


class DropshipDutyRule(models.Model):
    """A charge on goods that cross a customs border, valid for a time. An empty field matches anything."""

    _name = "dropship.duty.rule"
    _description = "Duty and Import Charge"
    _inherit = ["dropship.money.mixin"]
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: for every company.")
    ship_from_ids = fields.Many2many(
        "res.country",
        "dropship_duty_rule_from_rel",
        string="Shipped From",
        help="Empty: any country outside the customs area of the destination.",
    )
    ship_to_ids = fields.Many2many("res.country", "dropship_duty_rule_to_rel", string="Shipped To")
    ship_to_group_id = fields.Many2one(
        "res.country.group",
        string="Shipped To Group",
        ondelete="restrict",
        help="Also for the countries of this group. With neither countries nor a group: to anywhere.",
    )
    heading_prefix = fields.Char(
        "Tariff Heading", help="Beginning of the HS codes it holds for, digits only. Empty: all goods."
    )
    kind = fields.Selection(
        [("percent", "Percent of the value"), ("parcel", "Fixed per parcel"), ("heading", "Fixed per tariff heading")],
        default="percent",
        required=True,
    )
    amount = fields.Float(required=True, help="Percent, or money in the currency of the rule.")
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="Of the amount and limits.",
    )
    min_value = fields.Monetary("From Value", help="Inclusive. 0: no limit.")
    max_value = fields.Monetary("Up To Value", help="Inclusive. 0: no limit.")
    basis = fields.Selection(
        [("revenue", "What the customer pays"), ("goods", "What the supplier is paid")],
        string="Value",
        default="revenue",
        required=True,
        help="What the percentage and the limits look at, tax excluded.",
    )
    date_from = fields.Date("Valid From")
    date_to = fields.Date("Valid Until")

    _amounts_positive = models.Constraint(
        "CHECK (LEAST(amount, min_value, max_value) >= 0)", "Duties and their limits cannot be negative."
    )
    _percent_range = models.Constraint(
        "CHECK (kind <> 'percent' OR amount <= 1000)", "A duty in percent is between 0 and 1000 %."
    )
    _limits_ordered = models.Constraint(
        "CHECK (COALESCE(max_value, 0) = 0 OR COALESCE(min_value, 0) <= max_value)",
        "The upper limit of a duty is below its lower limit. Correct the values.",
    )
    _dates_ordered = models.Constraint(
        "CHECK (date_from <= date_to)", "The duty ends before it begins. Correct its dates."
    )
    _heading_digits = models.Constraint(
        "CHECK (heading_prefix IS NULL OR heading_prefix ~ '^[0-9]{1,12}$')",
        "A tariff heading has only digits, for instance 9405.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_clean_heading(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._with_clean_heading(vals))

    @api.model
    def _with_clean_heading(self, vals):
        """HS codes are written 9405.11 or 9405 11: the dots and spaces mean nothing."""
        if not vals.get("heading_prefix"):
            return vals
        return {**vals, "heading_prefix": "".join(vals["heading_prefix"].replace(".", " ").split()) or False}

    @api.model
    def _for(self, country, date, company):
        """Rules for goods sent to `country` on `date` by `company`, whatever they are and wherever they come from."""
        anywhere = Domain("ship_to_ids", "=", False) & Domain("ship_to_group_id", "=", False)
        here = Domain("ship_to_ids", "in", country.ids) | Domain("ship_to_group_id.country_ids", "in", country.ids)
        return self.search(
            (anywhere | here)
            & (Domain("date_from", "=", False) | Domain("date_from", "<=", date))
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", date))
            & Domain("company_id", "in", [company.id, False])
        )
