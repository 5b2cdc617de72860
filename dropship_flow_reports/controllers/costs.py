from odoo import http
from odoo.http import request

from ..ad_api.schema import openapi_text


class AdRows(http.Controller):
    """Rows of advertising that were not taken, as a file to correct."""

    @http.route("/dropship/ads/rows.csv", type="http", auth="user", methods=["GET"], sitemap=False)
    def rows(self, file="", **_args):
        files = request.env["dropship.ad.file"]
        found = files.browse(int(file)).exists() if file.isascii() and file.isdigit() else files
        if not found:
            return request.not_found()
        found.check_access("read")
        headers = [
            ("Content-Type", "text/csv; charset=utf-8"),
            ("Content-Disposition", http.content_disposition("rows_not_taken.csv")),
            ("X-Content-Type-Options", "nosniff"),
        ]
        return request.make_response(found._csv(), headers=headers)

    @http.route("/dropship/ads/openapi.json", type="http", auth="public", methods=["GET"], sitemap=False)
    def openapi(self):
        """The description of the API of advertising. It is the same for everybody and holds no data."""
        headers = [("Content-Type", "application/json; charset=utf-8")]
        return request.make_response(openapi_text(), headers=headers)
