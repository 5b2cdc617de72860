from odoo import api, fields, models
from odoo.tools import ormcache

from .availability_stock import Stock
from .availability_text import stock_level, stock_text, whole


class DropshipStockShown(models.AbstractModel):
    """What the shop says of a product, or of the variant of it that is to be had first."""

    _name = "dropship.stock.shown.mixin"
    _description = "Stock Shown in the Shop"

    dropship_stock = fields.Json(
        string="Availability",
        compute="_compute_dropship_stock",
        groups="base.group_user",
        help="What can be promised in this company; nothing for what nobody offers.",
    )
    dropship_stock_text = fields.Char(
        string="Told to Customers", compute="_compute_dropship_stock_text", groups="base.group_user"
    )

    @api.depends_context("company")
    def _compute_dropship_stock(self):
        """Set by set: a page of the shop asks once."""
        # A pure reading of what is stored; visitors are shown words made of it. Sudo: they may not read the rows.
        stocks = self._origin._dropship_stocks(self.env["dropship.availability"].sudo())
        for product in self:
            stock = stocks.get(product._origin.id)
            product.dropship_stock = stock and stock.plain()

    @api.depends("dropship_stock")
    @api.depends_context("lang", "company")
    def _compute_dropship_stock_text(self):
        for product in self:
            stock = product._dropship_stock()
            product.dropship_stock_text = stock and stock_text(self.env, stock)

    def _dropship_stock(self):
        """What can be promised here, as a `Stock`; None when there is nothing to say. For pages of visitors."""
        self.ensure_one()
        # Sudo: visitors read no fields of ours; only what becomes words leaves.
        plain = self.sudo().dropship_stock
        return Stock.of(plain) if plain else None

    def _dropship_sold_here(self, website=None):
        """What the shop says and allows: the stock less what its channel keeps back; None: core alone decides."""
        website = website or self.env["website"].get_current_website()
        if not website._dropship_shop_terms()[0]:
            return None
        stock = self._dropship_stock()
        return stock and stock.less(*website._dropship_kept_back())

    def _dropship_badge(self, website):
        """(colour, words) on the shop's list; None when there is nothing to say."""
        stock = self._dropship_sold_here(website)
        return stock and (stock_level(stock), stock_text(self.env, stock))


class ProductProduct(models.Model):
    _name = "product.product"
    _inherit = ["product.product", "dropship.stock.shown.mixin"]

    def _dropship_stocks(self, rows):
        return rows._of(self, self.env.company)

    def _dropship_promise_public(self, partner_or_place, qty=1.0, only_known=False):
        """Override: what cannot be ordered does not arrive."""
        stock = self._dropship_sold_here()
        if stock and not stock.orderable:
            return None
        return super()._dropship_promise_public(partner_or_place, qty, only_known)

    def _is_sold_out(self):
        """Override of `website_sale_stock`: also what no supplier has."""
        if super()._is_sold_out():
            return True
        stock = self._dropship_sold_here()
        return bool(stock) and not stock.orderable

    def _get_max_quantity(self, website, sale_order, **kwargs):
        """Override of `website_sale_stock`: no more than the suppliers have."""
        most = super()._get_max_quantity(website, sale_order, **kwargs)
        stock = self._dropship_sold_here(website)
        if not stock or stock.unlimited:
            return most
        left = stock.quantity - sale_order._get_cart_qty(self.id)
        return left if most is None else min(most, left)


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["product.template", "dropship.stock.shown.mixin"]

    dropship_source_ids = fields.One2many(
        "dropship.offer", "product_tmpl_id", string="Sources", groups="dropship_flow.group_dropship_user"
    )

    def _dropship_stocks(self, rows):
        return rows._of_templates(self, self.env.company)

    def _is_sold_out(self):
        if super()._is_sold_out():
            return True
        stock = self._dropship_sold_here()
        return bool(stock) and not stock.orderable

    def _get_additionnal_combination_info(self, product_or_template, quantity, uom, date, website):
        """Override of `website_sale`: what can be promised of the chosen variant."""
        info = super()._get_additionnal_combination_info(product_or_template, quantity, uom, date, website)
        stock = product_or_template._dropship_sold_here(website) if product_or_template.type == "consu" else None
        if not stock:
            return info
        info["dropship_stock"] = {
            "state": stock.state,
            "text": stock_text(self.env, stock),
            "level": stock_level(stock),
            "orderable": stock.orderable,
        }
        if not stock.unlimited and product_or_template.is_product_variant:
            # Only what is almost gone is told as a number; how much a supplier has is his secret and ours.
            in_cart = self._dropship_in_cart(product_or_template)
            left = product_or_template.uom_id._compute_quantity(stock.quantity, uom, round=False) - in_cart
            if stock.state == "few" or left < quantity:
                info["dropship_stock"]["most"] = max(int(left + 1e-6), 0)
        return info

    def _dropship_in_cart(self, product):
        from odoo.http import request  # noqa: PLC0415 - only within a request

        return request.cart._get_cart_qty(product.id) if request and getattr(request, "cart", None) else 0.0


class Website(models.Model):
    _inherit = "website"

    dropship_channel_ids = fields.One2many(
        "dropship.sales.channel", "website_id", string="Sales Channels", groups="dropship_flow.group_dropship_user"
    )

    @ormcache("self.id")
    def _dropship_shop_terms(self):
        """(whether visitors are told what is in stock, units and percent its channel keeps back); every page asks."""
        # Sudo: visitors are told less is left, not why.
        website_sudo = self.sudo().with_context(active_test=True)  # whoever asks first: archived channels do not count
        channel_sudo = website_sudo.dropship_channel_ids[:1]
        return website_sudo.dropship_show_availability, channel_sudo.buffer_units, channel_sudo.buffer_percent

    def _dropship_kept_back(self):
        return self._dropship_shop_terms()[1:]


class DropshipSalesChannel(models.Model):
    """What a channel keeps back is remembered for every page of its website."""

    _inherit = "dropship.sales.channel"

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        if {"website_id", "active", "sequence", "buffer_units", "buffer_percent"} & vals.keys():
            self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _verify_updated_quantity(self, order_line, product_id, new_qty, uom_id, **kwargs):
        """Override of `website_sale`: no more goes into the cart than can be promised."""
        product = self.env["product.product"].browse(product_id)
        stock = product._dropship_sold_here(self.website_id) if self.website_id else None
        if stock and not stock.unlimited:
            uom = self.env["uom.uom"].browse(uom_id)
            old_qty = order_line.product_uom_qty if order_line else 0.0
            in_cart = product.uom_id._compute_quantity(self._get_cart_qty(product_id), uom, round=False)
            left = int(product.uom_id._compute_quantity(stock.quantity, uom, round=False) + 1e-6)
            most = left - (in_cart - old_qty)
            if new_qty > most and new_qty > old_qty:
                return max(most, 0), self._dropship_stock_warning(product, left, stock)
        return super()._verify_updated_quantity(order_line, product_id, new_qty, uom_id, **kwargs)

    def _dropship_stock_warning(self, product, left, stock):
        if left > 0:
            return self.env._(
                "Only %(left)s of %(product)s are left: your cart has all of them.", left=left, product=product.name
            )
        return self.env._("%(product)s: %(why)s.", product=product.name, why=stock_text(self.env, stock))

    def _dropship_short_lines(self, product=None):
        """Lines of the cart that ask for more than can be promised: {line: what is left in its unit}.

        :param product: only lines of this one
        """
        self.ensure_one()
        short = {}
        if not self.website_id:
            return short
        wanted = {}
        lines = self.order_line.filtered("product_id")
        for line in lines.filtered_domain([("product_id", "=", product.id)]) if product else lines:
            product = line.product_id
            stock = product._dropship_sold_here(self.website_id)
            if not stock or stock.unlimited:
                continue
            qty = line.product_uom_id._compute_quantity(line.product_uom_qty, product.uom_id, round=False)
            before = wanted.get(product, 0.0)
            wanted[product] = before + qty
            if wanted[product] > stock.quantity + 1e-6:
                left = product.uom_id._compute_quantity(
                    max(stock.quantity - before, 0.0), line.product_uom_id, round=False
                )
                short[line] = float(int(left + 1e-6))
        return short

    def _dropship_take_what_is_left(self):
        """Lower the cart to what can be promised."""
        for line, left in self._dropship_short_lines().items():
            self._cart_update_line_quantity(line_id=line.id, quantity=left)

    def _dropship_stock_notes(self, everything=False):
        """[(bootstrap level, sentence)] about what the cart asks too much of.

        :param bool everything: also about what leaves later
        """
        short = self._dropship_short_lines()
        notes = []
        for line in self.order_line if everything else ():
            stock = line.product_id and line.product_id._dropship_sold_here(self.website_id)
            if stock and line not in short and stock.state in ("later", "closed"):
                notes.append(("info", f"{line.product_id.name}: {stock_text(self.env, stock)}"))
        for line, left in short.items():
            words = {"product": line.product_id.name, "left": whole(left)}
            if left:
                notes.append(("danger", self.env._("Only %(left)s of %(product)s are left.", **words)))
            else:
                notes.append(("danger", self.env._("%(product)s is not available at the moment.", **words)))
        return notes


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _dropship_badge(self):
        """(colour, words) under a line of the cart; None when there is nothing to say."""
        self.ensure_one()
        stock = self.product_id._dropship_sold_here(self.order_id.website_id) if self.order_id.website_id else None
        return stock and (stock_level(stock), stock_text(self.env, stock))

    def _get_max_available_qty(self):
        """Override of `website_sale_stock`: how many may be added to the line."""
        most = super()._get_max_available_qty()
        for line in self._get_lines_with_price():
            stock = line.product_id and line.product_id._dropship_sold_here(line.order_id.website_id)
            if stock and not stock.unlimited:
                left = stock.quantity - line.order_id._get_cart_qty(line.product_id.id)
                most = left if most is None else min(most, left)
        return most

    def _check_availability(self):
        """Override of `website_sale_stock`: nothing is paid that is not to be had."""
        if not super()._check_availability():
            return False
        left = self.order_id._dropship_short_lines(self.product_id).get(self) if self.product_id else None
        if left is None:
            return True
        self._set_shop_warning_stock(whole(self.product_uom_qty), whole(left))
        return False

    def _is_reorder_allowed(self):
        """Override of `website_sale`: what is not to be had is left out when an order is repeated."""
        return super()._is_reorder_allowed() and not (
            self.product_id and self.product_id.type == "consu" and self.product_id._is_sold_out()
        )
