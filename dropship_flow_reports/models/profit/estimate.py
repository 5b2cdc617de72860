from odoo import fields, models

from .kind import GROUPS, STAGES


class DropshipProfitEstimate(models.Model):
    """What is still expected of an order and no posted document says yet: replaced whenever the order changes.

    It shrinks as documents come; together with the entries it is what the order will have brought.
    """

    _name = "dropship.profit.estimate"
    _description = "Expected Profit of an Order"
    _order = "order_id, id"
    _rec_name = "document"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    date = fields.Date(required=True, readonly=True, index=True)
    order_id = fields.Many2one("sale.order", required=True, readonly=True, ondelete="cascade", index=True)
    order_line_id = fields.Many2one("sale.order.line", readonly=True, ondelete="cascade", index="btree_not_null")
    product_id = fields.Many2one("product.product", readonly=True, ondelete="cascade")
    supplier_id = fields.Many2one("dropship.supplier", readonly=True, ondelete="cascade")
    channel_id = fields.Many2one("dropship.sales.channel", readonly=True, ondelete="cascade")
    customer_id = fields.Many2one("res.partner", readonly=True, ondelete="cascade")
    country_id = fields.Many2one("res.country", readonly=True, ondelete="cascade")
    campaign_id = fields.Many2one("utm.campaign", readonly=True, ondelete="set null")
    kind_id = fields.Many2one("dropship.profit.kind", required=True, readonly=True, ondelete="cascade")
    kind_group = fields.Selection(GROUPS, string="Step", required=True, readonly=True)
    stage = fields.Selection(STAGES[:2], required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    expected = fields.Monetary(string="Expected in All", readonly=True)
    amount = fields.Monetary(string="Still Expected", readonly=True)
    res_model = fields.Char(string="Kind of Document", required=True, readonly=True)
    res_id = fields.Many2oneReference(string="Number of the Document", model_field="res_model", readonly=True,
                                      aggregator=None)  # fmt: skip
    document = fields.Char(readonly=True)

    _once = models.UniqueIndex(
        "(order_id, COALESCE(order_line_id, 0), kind_id, stage, COALESCE(supplier_id, 0))", "This is expected already."
    )
