from odoo import http
from odoo.addons.website_sale.controllers.main import WebsiteSale
from odoo.addons.website_sale.controllers.variant import WebsiteSaleVariantController
from odoo.http import request

from ..models.availability_text import stock_level, stock_text
from .arrival import number


class AvailabilityShop(WebsiteSale):
    def _get_shop_payment_errors(self, order):
        """Override: what is not to be had cannot be paid; said before the ways to pay are shown."""
        errors = super()._get_shop_payment_errors(order)
        if order.get_portal_last_transaction().state in ("pending", "authorized", "done"):
            return errors
        for _level, sentence in order._dropship_stock_notes():
            errors.insert(0, (request.env._("Your cart asks for more than there is."), sentence))
        return errors

    @http.route(
        "/shop/promise/destinations", type="jsonrpc", auth="public", methods=["POST"], website=True, sitemap=False
    )
    def promise_destinations(self, **_unknown):
        """How long delivery takes to the countries the shop sells to.

        :return: {} or {"html": a list}
        """
        destinations = request.website._dropship_destinations()
        if not destinations:
            return {}
        values = {"destinations": destinations}
        return {"html": str(request.env["ir.qweb"]._render("dropship_flow.delivery_days", values))}

    @http.route("/shop/stock", type="jsonrpc", auth="public", methods=["POST"], website=True, sitemap=False)
    def stock(self, product_id=0, **_unknown):
        """What can be promised of a product, in words.

        :return: {} or {"html", "state", "orderable"}
        """
        product = request.env["product.product"].browse(number(product_id)).exists()
        if not product or not product.has_access("read") or not product.sudo().website_published:
            return {}
        stock = product._dropship_sold_here(request.website)
        if not stock:
            return {}
        values = {"stock": {"level": stock_level(stock), "text": stock_text(request.env, stock)}}
        html = str(request.env["ir.qweb"]._render("dropship_flow.stock_words", values))
        return {"html": html, "state": stock.state, "orderable": stock.orderable}

    @http.route("/shop/cart/left", type="http", auth="public", methods=["POST"], website=True, sitemap=False)
    def cart_left(self, **_unknown):
        """Lower the cart to what is left."""
        if request.cart:
            request.cart._dropship_take_what_is_left()
        return request.redirect("/shop/cart")


class AvailabilityVariant(WebsiteSaleVariantController):
    @http.route()
    def get_combination_info_website(self, *args, **kwargs):
        """Override: the words for the chosen variant, rendered here."""
        info = super().get_combination_info_website(*args, **kwargs)
        if info.get("dropship_stock"):
            info["dropship_stock"]["html"] = str(
                request.env["ir.qweb"]._render("dropship_flow.stock_words", {"stock": info["dropship_stock"]})
            )
        return info
