"""What somebody with a portal login must not read and no record rule can say: fields, names, the delivery slip."""

from odoo import api, fields, models


class Base(models.AbstractModel):
    """Grouping and sorting skip the groups of some fields in core; not for portal and public users."""

    _inherit = "base"

    def _read_group_groupby(self, alias, groupby_spec, query):
        """Override: core asks for no right on a many2many it groups by."""
        field = self._fields.get(groupby_spec.partition(":")[0].partition(".")[0])
        if field and self.env.user.share:
            self._check_field_access(field, "read")
        return super()._read_group_groupby(alias, groupby_spec, query)

    def _traverse_related_sql(self, alias, field, query):
        """Override: core asks for the rights on what a related field leads to only, and as superuser."""
        if self.env.user.share:
            self._check_field_access(field, "read")
        return super()._traverse_related_sql(alias, field, query)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # The customer reads his order; what we earn on it tells him what we pay.
    margin = fields.Monetary(groups="base.group_user")
    margin_percent = fields.Float(groups="base.group_user")


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    # The name of a contact carries its e-mail and tax number on request of the reader's context; the vendor has the
    # address to ship to on the portal page and on the document.
    dest_address_id = fields.Many2one(groups="base.group_user")


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    # Their names hold the sale's number and the customer.
    sale_line_id = fields.Many2one(groups="base.group_user")
    sale_order_id = fields.Many2one(groups="base.group_user")


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _compute_display_name(self):
        """Override: what a vendor calls our product is told to that vendor only, whatever the reader's context asks."""
        user, context = self.env.user, self.env.context
        asked = {name: context[name] for name in ("seller_id", "partner_id") if context.get(name)}
        if not user.share or not asked or self._vendor_of_context() <= user.sudo().commercial_partner_id:
            return super()._compute_display_name()
        plain = self.with_context(**dict.fromkeys(asked, False))
        # Called, not read: while a field is computed, reading it under another context gives nothing.
        plain._compute_display_name()
        for product, twin in zip(self, plain, strict=True):
            product.display_name = twin.display_name

    @api.model
    def _vendor_of_context(self):
        """The vendors in whose words the context asks for names."""
        context = self.env.context
        # Only compared with the reader's own company, never shown.
        sellers_sudo = self.env["product.supplierinfo"].sudo().browse(context.get("seller_id") or []).exists()
        partners_sudo = self.env["res.partner"].sudo().browse(context.get("partner_id") or []).exists()
        return (sellers_sudo.partner_id | partners_sudo).commercial_partner_id


class StockMove(models.Model):
    _inherit = "stock.move"

    @api.depends("picking_type_id.code", "sale_line_id")
    def _compute_description_picking(self):
        """Override: the slip of a dropship speaks in the words of the sale: the customer reads it."""
        ours = self.filtered(
            lambda move: (
                move.picking_type_id.code == "dropship"
                and move.purchase_line_id
                and move.sale_line_id
                and not move.description_picking_manual
            )
        )
        result = super(StockMove, self - ours)._compute_description_picking()
        for move in ours:
            line = move.sale_line_id.with_context(lang=move.sale_line_id.order_id.partner_id.lang)
            product = move.product_id.with_context(lang=move._get_lang())
            description = product._get_description(move.picking_type_id)
            parts = (
                line._get_sale_order_line_multiline_description_variants(),
                description if description != product.display_name else "",
            )
            move.description_picking = "\n".join(part.strip() for part in parts if part and part.strip())
        return result


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def should_print_delivery_address(self):
        """Override: without a customer's address core prints the transfer's contact, on a dropship the vendor."""
        result = super().should_print_delivery_address()
        return result and (not self._is_dropship_type() or bool(self.move_ids[0].partner_id))

    def _is_dropship_type(self):
        """Between a vendor and a customer, either way (core's `is_dropship` is false on the way back)."""
        self.ensure_one()
        return self.picking_type_id.code == "dropship"
