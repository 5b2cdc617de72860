from odoo import fields, models


class DropshipGoodsKind(models.Model):
    """What sort of goods something is where law, policy and suppliers make a difference: made to measure, fresh …"""

    _name = "dropship.goods.kind"
    _description = "Kind of Goods"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="What the rules call it: small letters, without + and commas.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: any company.")
    note = fields.Char(string="When It Applies", translate=True)

    _code_once = models.UniqueIndex("(code, COALESCE(company_id, 0))", "This code is used already.")
    _code_plain = models.Constraint(
        "CHECK (code ~ '^[a-z][a-z0-9_]*$' AND code != 'opened')",
        'A code has small letters, digits and _ only; "opened" is what customers say of a piece.',
    )

    def _excluded(self, opened):
        """These kinds, and those of `opened` where the piece was opened, as `verdict` groups them."""
        return frozenset({*self.mapped("code"), *(f"{code}+opened" for code in opened.mapped("code"))})


class ProductTemplate(models.Model):
    _inherit = "product.template"

    dropship_goods_kind_ids = fields.Many2many(
        "dropship.goods.kind",
        "dropship_goods_kind_product_rel",
        string="Kind of Goods",
        groups="dropship_flow.group_dropship_user",
        help="Decides what may come back: e.g. made to measure, fresh, sealed for hygiene.",
    )
