from odoo import SUPERUSER_ID, http
from odoo.http import request

from ..api.supplier_openapi import BASE, text
from ..models.api_call import MAX_BYTES

OPTIONS = {
    "type": "http",
    "auth": "public",
    "csrf": False,
    "save_session": False,
    "sitemap": False,
    # Above the limit we answer for ourselves, so that the refusal is JSON.
    "max_content_length": 2 * MAX_BYTES,
}


class SupplierApi(http.Controller):
    """What programs of suppliers call. The key says who it is; no session, no user of Odoo."""

    @http.route("/dropship/supplier/openapi.json", type="http", auth="public", methods=["GET"], sitemap=False)
    def description(self):
        """The description of these calls. It is the same for everybody and holds no data."""
        return request.make_response(text(), headers=[("Content-Type", "application/json; charset=utf-8")])

    @http.route(f"{BASE}/orders", methods=["GET"], **OPTIONS)
    def orders(self, **args):
        return self._enter("supplier_orders", args=args)

    @http.route(f"{BASE}/orders/<path:ref>", methods=["GET"], **OPTIONS)
    def order(self, ref, **_args):
        return self._enter("supplier_order", ref)

    @http.route(f"{BASE}/orders/<path:ref>/acknowledge", methods=["POST"], **OPTIONS)
    def acknowledge(self, ref, **_args):
        return self._enter("supplier_acknowledge", ref)

    @http.route(f"{BASE}/orders/<path:ref>/shipments", methods=["POST"], **OPTIONS)
    def shipments(self, ref, **_args):
        return self._enter("supplier_ship", ref)

    @http.route(f"{BASE}/invoices", methods=["POST"], **OPTIONS)
    def invoices(self, **_args):
        return self._enter("supplier_invoice")

    @http.route(f"{BASE}/stock", methods=["POST"], **OPTIONS)
    def stock(self, **_args):
        return self._enter("supplier_stock")

    def _enter(self, method, ref=None, args=None):
        # The key decides what is allowed; the caller has no user of his own here.
        return request.env(user=SUPERUSER_ID, context={})["dropship.supplier.api"]._enter(method, ref, args)
