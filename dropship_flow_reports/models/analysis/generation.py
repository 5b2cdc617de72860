from odoo import fields, models


class DropshipProfitGeneration(models.Model):
    _inherit = "dropship.profit.generation"

    has_sums = fields.Boolean(string="Summed by Day", readonly=True, help="Its sums by day are complete.")


class DropshipProfitEstimate(models.Model):
    _inherit = "dropship.profit.estimate"

    _dropship_analysis_open = models.Index("(company_id, date) WHERE amount <> 0")
