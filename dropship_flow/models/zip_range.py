import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError


def clean_zip(value):
    """
    >>> clean_zip(" sw1a 1aa")
    'SW1A1AA'
    """
    return re.sub(r"[\s-]+", "", value or "").upper()


class DropshipZipRangeMixin(models.AbstractModel):
    """A row that may be limited to a range of postcodes, kept as `clean_zip` writes them so that they compare."""

    _name = "dropship.zip.range.mixin"
    _description = "Row limited to a range of postcodes"

    zip_from = fields.Char(help="First postcode or beginning of postcodes, inclusive.")
    zip_to = fields.Char(help="Last postcode or beginning of postcodes, inclusive: 10 to 12 covers 10115 and 12999.")

    @api.constrains("zip_from", "zip_to")
    def _check_zip_range(self):
        for row in self:
            low, high = row.zip_from or "", row.zip_to or ""
            if low and high and low[: len(high)] > high:
                raise ValidationError(
                    self.env._("The postcodes %(low)s to %(high)s are in the wrong order.", low=low, high=high)
                )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_clean_zip(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._with_clean_zip(vals))

    @api.model
    def _with_clean_zip(self, vals):
        return {**vals, **{name: clean_zip(vals[name]) or False for name in ("zip_from", "zip_to") if vals.get(name)}}
