from odoo import http
from odoo.http import request

from ..api.openapi import text


class OpenApi(http.Controller):
    @http.route("/dropship/openapi.json", type="http", auth="public", methods=["GET"], sitemap=False)
    def openapi(self):
        """The description of the order API. It is the same for everybody and holds no data."""
        return request.make_response(text(), headers=[("Content-Type", "application/json; charset=utf-8")])
