from odoo import api, fields, models

SIGNALS = [
    ("first_order", "First order above an amount"),
    ("countries_differ", "Billed to another country"),
    ("free_mail", "Free e-mail above an amount"),
    ("many_orders", "Many orders in a short time"),
    ("no_phone", "Phone nobody can dial"),
    ("post_box", "Post box"),
    ("failed_payments", "Payments failed before"),
    ("bad_debtor", "Bad debtor"),
]


class DropshipRiskSignal(models.Model):
    """A sign of risk and the points it is worth; a hold rule of the kind risk adds them up."""

    _name = "dropship.risk.signal"
    _description = "Sign of Risk"
    _inherit = ["dropship.money.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: any company.")
    code = fields.Selection(SIGNALS, string="Sign", required=True)
    points = fields.Integer(default=10, required=True, help="Negative points speak for the customer.")
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id
    )
    amount = fields.Monetary(string="Above", help="Orders worth more show the sign.")
    count = fields.Integer(string="From", default=3, help="So many orders or failed payments show the sign.")
    hours = fields.Float(string="Within (hours)", default=24.0)

    _figures_positive = models.Constraint(
        "CHECK (LEAST(amount, count, hours) >= 0)", "Amounts, counts and hours cannot be negative."
    )

    @api.model_create_multi
    def create(self, vals_list):
        signals = super().create(vals_list)
        self.env["dropship.hold.rule"]._changed()
        return signals

    def write(self, vals):
        result = super().write(vals)
        self.env["dropship.hold.rule"]._changed()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["dropship.hold.rule"]._changed()
        return result
