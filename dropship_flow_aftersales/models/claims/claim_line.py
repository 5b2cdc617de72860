from odoo import fields, models


class DropshipClaimLine(models.Model):
    """The pieces a claim is about, and how much of it is for them."""

    _name = "dropship.claim.line"
    _description = "Line of a Claim"
    _order = "claim_id, id"

    claim_id = fields.Many2one("dropship.claim", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="claim_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="claim_id.currency_id")
    key = fields.Char(required=True, readonly=True)
    return_line_id = fields.Many2one("dropship.return.line", string="Line of the Case", index="btree_not_null")
    purchase_line_id = fields.Many2one("purchase.order.line", string="Bought By", index="btree_not_null")
    product_id = fields.Many2one("product.product", index="btree_not_null")
    qty = fields.Float(string="Quantity", digits="Product Unit")
    loss = fields.Monetary(help="What was spent in vain or put it right, whichever is more.")
    amount = fields.Monetary(string="Claimed")
    facts = fields.Json(help="Cost, refund, freights … of the loss; see `claiming.Line`.")

    _once = models.UniqueIndex("(claim_id, key)", "This line is on the claim already.")
