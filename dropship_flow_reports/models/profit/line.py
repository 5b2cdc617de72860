from odoo import fields, models
from odoo.tools import SQL

from .kind import GROUPS, SIDES, STAGES

COMMON = """company_id, date, order_id, order_line_id, product_id, supplier_id, channel_id, customer_id, country_id,
    campaign_id, kind_id, kind_group, amount, currency_id, res_model, res_id, document"""


class DropshipProfitLine(models.Model):
    """What is booked and what is still expected, side by side: the ledger's entries and the estimates."""

    _name = "dropship.profit.line"
    _description = "Profit"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "document"

    company_id = fields.Many2one("res.company", readonly=True)
    date = fields.Date(readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True)
    order_line_id = fields.Many2one("sale.order.line", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    supplier_id = fields.Many2one("dropship.supplier", readonly=True)
    channel_id = fields.Many2one("dropship.sales.channel", readonly=True)
    customer_id = fields.Many2one("res.partner", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    campaign_id = fields.Many2one("utm.campaign", readonly=True)
    kind_id = fields.Many2one("dropship.profit.kind", readonly=True)
    kind_group = fields.Selection(GROUPS, string="Step", readonly=True)
    stage = fields.Selection(STAGES, readonly=True)
    side = fields.Selection(SIDES, readonly=True)
    amount = fields.Monetary(readonly=True)
    tax = fields.Monetary(string="Tax on It", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    res_model = fields.Char(string="Kind of Document", readonly=True)
    res_id = fields.Many2oneReference(string="Number of the Document", model_field="res_model", readonly=True,
                                      aggregator=None)  # fmt: skip
    document = fields.Char(readonly=True)

    @property
    def _table_query(self):
        columns = SQL(", ".join(f"line.{name.strip()}" for name in COMMON.split(",")))
        return SQL(
            """
            SELECT line.id * 2::bigint AS id, %(columns)s,
                   CASE WHEN stand.stage = 'final' THEN 'final' ELSE line.stage END AS stage, line.side, line.tax
              FROM dropship_profit_entry line LEFT JOIN dropship_profit_stage stand ON stand.order_id = line.order_id
             WHERE line.generation_id IN (SELECT id FROM dropship_profit_generation WHERE state = 'live')
         UNION ALL
            SELECT line.id * 2::bigint + 1, %(columns)s, line.stage, 'attributed', 0
              FROM dropship_profit_estimate line WHERE line.amount <> 0
            """,
            columns=columns,
        )

    def action_open_document(self):
        """Open the document it stands for."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window", "res_model": self.res_model, "res_id": self.res_id, "view_mode": "form",
            "views": [(False, "form")],
        }  # fmt: skip
