"""What changes the rules beside their own rows."""

from odoo import api, models


class DropshipReturnReason(models.Model):
    _name = "dropship.return.reason"
    _inherit = ["dropship.return.reason", "dropship.return.row.mixin"]


class DropshipGoodsKind(models.Model):
    _name = "dropship.goods.kind"
    _inherit = ["dropship.goods.kind", "dropship.return.row.mixin"]


class ResCountryGroup(models.Model):
    _inherit = "res.country.group"

    @api.model_create_multi
    def create(self, vals_list):
        groups = super().create(vals_list)
        self.env.registry.clear_cache()
        return groups

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result
