from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...verdict import RefundTerm, Rules, Window
from .words import BASES, REFUND_BASES

LONGEST_DAYS = 36600


class DropshipReturnRowMixin(models.AbstractModel):
    """Rows of policy and law: whoever changes one makes the rules anew, and what cannot be is refused."""

    _name = "dropship.return.row.mixin"
    _description = "Row of the Rules of After-sales"

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        self.env.registry.clear_cache()
        return rows

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.model
    def _try_rules(self, rows=(), floors=()):
        """Refuse what `verdict` would not take.

        :raises ValidationError: in words
        """
        try:
            Rules(rows, floors)
        except ValueError as error:
            raise ValidationError(self.env._("The rules cannot be read like this: %s", error)) from error


class DropshipReturnWindowMixin(models.AbstractModel):
    """A time something is possible, and a time the money has to be back."""

    _name = "dropship.return.window.mixin"
    _description = "Window of a Rule"

    base = fields.Selection(BASES, string="Counts From", help="Empty: without end.")
    days = fields.Integer(help="The day itself does not count.")
    months = fields.Integer()
    workday = fields.Boolean(
        string="Ends on a Working Day", help="A last day on which nobody works is followed by the next working day."
    )
    refund_days = fields.Integer(string="Money Back Within (days)", help="0: nothing is promised.")
    refund_base = fields.Selection(REFUND_BASES, string="Money Back After", default="received", required=True)

    @api.constrains("base", "days", "months", "refund_days")
    def _check_window(self):
        for row in self:
            if min(row.days, row.months, row.refund_days) < 0:
                raise ValidationError(row.env._("Days and months cannot be negative."))
            if row.days + 31 * row.months > LONGEST_DAYS:
                raise ValidationError(row.env._("A window of more than 100 years is a slip: correct days and months."))
            if row.base and not (row.days or row.months):
                raise ValidationError(
                    row.env._('Say how many days or months it is possible, or empty "Counts From": then without end.')
                )
            if not row.base and (row.days or row.months):
                raise ValidationError(row.env._("Say from when the days count."))

    def _window(self):
        """As `verdict.Window`; None: without end."""
        self.ensure_one()
        return Window(self.base, self.days, self.months, self.workday) if self.base else None

    def _refund_term(self):
        self.ensure_one()
        return RefundTerm(self.refund_days, self.refund_base) if self.refund_days else None
