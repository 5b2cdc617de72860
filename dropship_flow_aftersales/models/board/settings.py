from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The settings of after-sales: every field `dropship_case_*` of the company has one here."""

    _inherit = "res.config.settings"

    dropship_case_answer_hours = fields.Integer(related="company_id.dropship_case_answer_hours", readonly=False)
    dropship_case_decide_hours = fields.Integer(related="company_id.dropship_case_decide_hours", readonly=False)
    dropship_case_supplier_hours = fields.Integer(related="company_id.dropship_case_supplier_hours", readonly=False)
    dropship_case_send_days = fields.Integer(related="company_id.dropship_case_send_days", readonly=False)
    dropship_case_transit_days = fields.Integer(related="company_id.dropship_case_transit_days", readonly=False)
    dropship_case_inspect_hours = fields.Integer(related="company_id.dropship_case_inspect_hours", readonly=False)
    dropship_case_resolve_hours = fields.Integer(related="company_id.dropship_case_resolve_hours", readonly=False)
    dropship_case_silence_customer = fields.Selection(
        related="company_id.dropship_case_silence_customer", readonly=False
    )
    dropship_case_silence_supplier = fields.Selection(
        related="company_id.dropship_case_silence_supplier", readonly=False
    )
    dropship_case_score_days = fields.Integer(related="company_id.dropship_case_score_days", readonly=False)
    dropship_case_bad_score = fields.Integer(related="company_id.dropship_case_bad_score", readonly=False)
    dropship_case_assign = fields.Selection(related="company_id.dropship_case_assign", readonly=False)
    dropship_case_agent_ids = fields.Many2many(related="company_id.dropship_case_agent_ids", readonly=False)
