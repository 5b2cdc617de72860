from odoo import http
from odoo.fields import Date
from odoo.http import request


def number(value):
    """A record id out of what a browser sent; 0 for anything else."""
    text = str(value) if isinstance(value, (int, str)) and not isinstance(value, bool) else ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


class DropshipArrival(http.Controller):
    """The day of arrival on the shop's pages: asked after the page is there, for the place the visitor chose."""

    @http.route("/shop/promise", type="jsonrpc", auth="public", methods=["POST"], website=True, sitemap=False)
    def promise(self, product_id=0, qty=1, **_unknown):
        """When a product arrives at the visitor's place.

        :return: {} or {"html": the box}
        """
        product = request.env["product.product"].browse(number(product_id)).exists()
        if not product or not product.has_access("read") or not product.sudo().website_published:
            return {}
        try:
            qty = min(max(float(qty), 1.0), 1e6)
        except (TypeError, ValueError):
            qty = 1.0
        place = request.website._dropship_place()
        promise = product._dropship_promise_public(place, qty)
        if not promise:
            return {}
        html = request.env["ir.qweb"]._render("dropship_flow.promise_text", {"promise": promise})
        days = {name: Date.to_string(promise[name]) for name in ("p50", "p80", "p95") if promise.get(name)}
        return {"html": html, "deliverable": promise["deliverable"], **days}

    @http.route("/shop/promise/places", type="jsonrpc", auth="public", methods=["POST"], website=True, sitemap=False)
    def places(self, country_id=0, **_unknown):
        """What can be chosen.

        :return: {place, countries: [[id, name]] (none when one is asked for), states: [[id, name]] of the country}
        """
        place = request.website._dropship_place()
        countries_sudo = request.env["res.country"].sudo()
        chosen = number(country_id)
        country = countries_sudo.browse(chosen or place["country_id"]).exists()
        countries = [] if chosen else [[row.id, row.name] for row in countries_sudo.search([])]
        return {"place": place, "countries": countries, "states": [[row.id, row.name] for row in country.state_ids]}

    @http.route("/shop/promise/place", type="jsonrpc", auth="public", methods=["POST"], website=True, sitemap=False)
    def place(self, country_id=0, state_id=0, zip="", **_unknown):
        """Keep the visitor's place for this session.

        :return: {"saved": True}, or {"error": a sentence}
        """
        country = request.env["res.country"].sudo().browse(number(country_id)).exists()
        state = request.env["res.country.state"].sudo().browse(number(state_id)).exists()
        if not country:
            return {"error": request.env._("Choose a country.")}
        code = zip.strip() if isinstance(zip, str) else ""
        if len(code) > 12 or not all(character.isalnum() or character in " -" for character in code):
            return {"error": request.env._("This is no postcode.")}
        request.session["dropship_place"] = {
            "country_id": country.id,
            "state_id": state.id if state.country_id == country else False,
            "zip": code,
        }
        return {"saved": True}
