import json

from odoo import http
from odoo.addons.dropship_flow.api.supplier_openapi import BASE
from odoo.addons.dropship_flow.controllers.supplier_api import OPTIONS, SupplierApi
from odoo.http import request

from ..api.supplier_returns import document


class SupplierReturnsApi(SupplierApi):
    """Returns and claims for programs of suppliers: the same key, the same rules as for orders."""

    @http.route("/dropship/supplier/returns/openapi.json", type="http", auth="public", methods=["GET"], sitemap=False)
    def description_with_returns(self):
        """The description of all calls, returns and claims among them. It holds no data."""
        text = json.dumps(document(), indent=2, ensure_ascii=False) + "\n"
        return request.make_response(text, headers=[("Content-Type", "application/json; charset=utf-8")])

    @http.route(f"{BASE}/returns", methods=["GET"], **OPTIONS)
    def returns(self, **args):
        return self._enter("supplier_returns", args=args)

    @http.route(f"{BASE}/returns/<path:ref>", methods=["GET"], **OPTIONS)
    def one_return(self, ref, **_args):
        return self._enter("supplier_return", ref)

    @http.route(f"{BASE}/returns/<path:ref>/answer", methods=["POST"], **OPTIONS)
    def return_answer(self, ref, **_args):
        return self._enter("supplier_return_answer", ref)

    @http.route(f"{BASE}/claims", methods=["GET"], **OPTIONS)
    def claims(self, **args):
        return self._enter("supplier_claims", args=args)

    @http.route(f"{BASE}/claims/<path:ref>", methods=["GET"], **OPTIONS)
    def one_claim(self, ref, **_args):
        return self._enter("supplier_claim", ref)

    @http.route(f"{BASE}/claims/<path:ref>/answer", methods=["POST"], **OPTIONS)
    def claim_answer(self, ref, **_args):
        return self._enter("supplier_claim_answer", ref)
