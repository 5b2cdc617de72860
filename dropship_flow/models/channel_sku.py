from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..feeds.values import code_key


class DropshipChannelSku(models.Model):
    """What a channel's code means: one of it is so many of a product of ours. Remembered once a person said it."""

    _name = "dropship.channel.sku"
    _description = "SKU Link"
    _order = "channel_id, code"
    _rec_name = "code"

    channel_id = fields.Many2one("dropship.sales.channel", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="channel_id.company_id", store=True, index=True)
    code = fields.Char(
        string="Code at the Channel",
        required=True,
        help="The SKU in the channel's files; where they have none, title and variant.",
    )
    key = fields.Char(compute="_compute_key", store=True, precompute=True, index=True)
    title = fields.Char(string="Title There")
    product_id = fields.Many2one("product.product", required=True, ondelete="cascade", index=True)
    quantity = fields.Float(
        string="Pieces in One", digits="Product Unit", default=1.0, required=True, help="2 for a pack of two."
    )

    _key_once = models.UniqueIndex("(channel_id, key)", "This code of the channel is linked already.")
    _quantity_positive = models.Constraint("CHECK (quantity > 0)", "One of it is at least a part of a product.")

    @api.depends("code")
    def _compute_key(self):
        for link in self:
            link.key = code_key(link.code or "")

    @api.constrains("channel_id", "product_id")
    def _check_product(self):
        for link in self:
            company = link.product_id.company_id
            if company and link.channel_id.company_id and company != link.channel_id.company_id:
                raise ValidationError(
                    self.env._("%s is of another company than the channel.", link.product_id.display_name)
                )

    @api.model
    def _code_of(self, sku, title, variant):
        """What a line is known by at its channel."""
        return sku or " | ".join(filter(None, (title.strip(), variant.strip())))

    @api.model
    def _found(self, channel, codes):
        """{code: link} of the codes somebody linked."""
        keys = {code_key(code): code for code in codes if code}
        links = self.search([("channel_id", "=", channel.id), ("key", "in", list(keys))])
        by_key = {link.key: link for link in links}
        return {code: by_key[code_key(code)] for code in codes if code and code_key(code) in by_key}

    @api.model
    def _remember(self, channel, code, product, quantity, title=""):
        """Link a code, or correct its link."""
        link = self._found(channel, [code]).get(code)
        vals = {"product_id": product.id, "quantity": quantity}
        if link:
            link.write(vals)
            return link
        return self.create({"channel_id": channel.id, "code": code, "title": title, **vals})


class DropshipSalesChannel(models.Model):
    _inherit = "dropship.sales.channel"

    sku_ids = fields.One2many("dropship.channel.sku", "channel_id", string="SKU Links")
